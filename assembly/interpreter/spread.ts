// Owns laying the elements of a list as the arguments of a call. Must never enter the callee.
import { HOLE, RETRY, UNDEFINED } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { ELEMENTS_LENGTH } from "../generated/kinds";
import { ErrorKind, MAX_CALL_ARGUMENTS } from "../generated/layout";
import { elementAt, isSparse } from "../objects/elements";
import { CONTEXT_ACTION, damaged } from "./action";
import { stackFits } from "./frame";
import { afterSignal } from "./signal";

/**
 * Spreads an array of arguments (dense ELEMENTS) over the area; -1 if the action is in CONTEXT_ACTION. The array was made by ARRSPREAD for
 * this call alone, so it is dense; a hole in it becomes undefined. Its length is the guest's choice: it is tested against
 * MAX_ARGUMENTS, which an argument count of 16 bits must hold, and against the stack.
 */
export function spreadArguments(pc: usize, fp: usize, area: usize, elements: usize): i32 {
  if (isSparse(elements)) {
    store<i32>(CONTEXT_ACTION, damaged());
    return -1;
  }
  const count: i32 = elements == 0 ? 0 : <i32>load<u32>(elements, ELEMENTS_LENGTH);
  if (count > MAX_CALL_ARGUMENTS) {
    store<i32>(CONTEXT_ACTION, afterSignal(throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded"), pc, fp));
    return -1;
  }
  if (!stackFits(area, 32 + (<usize>count << 3))) {
    store<i32>(CONTEXT_ACTION, afterSignal(RETRY, pc, fp));
    return -1;
  }
  for (let i = 0; i < count; i++) {
    const v = load<u64>(elementAt(elements, i));
    store<u64>(area + 16 + (<usize>i << 3), v == HOLE ? UNDEFINED : v);
  }
  return count;
}
