// Owns the instructions that call with a list of arguments. Must never enter the callee itself (call.ts).
import { addressOf, isObject, UNDEFINED } from "../core/value";
import { RecordKind } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { elementsOf } from "../objects/elements";
import { CONTEXT_ACTION } from "./action";
import { callArea, constructArea } from "./call";
import { frameEnd } from "./frame";
import { atB, fieldA, opcode } from "./operands";
import { spreadArguments } from "./spread";

/** CALLSPREAD and NEWSPREAD a: destination, b: area (callee, this or newTarget, array) */
export function callSpreadSlow(pc: usize, fp: usize): i32 {
  const source = atB(pc, fp);
  const construct = opcode(pc) == Op.NEWSPREAD;
  //   source: callee · this or newTarget · array            area: callee · this · arguments …
  const list = load<u64>(source, 16);
  // The arguments go above the frame, so that the array stays where it is should the instruction be run again.
  const area = frameEnd(fp);
  const count = spreadArguments(pc, fp, area, isObject(list) ? elementsOf(addressOf(list)) : 0);
  if (count < 0) return load<i32>(CONTEXT_ACTION);
  const callee = load<u64>(source);
  store<u64>(area, callee);
  store<u64>(area, load<u64>(source, 8), 8);
  const destination = fieldA(pc);
  if (!construct) return callArea(pc, fp, area, count, pc + 8, destination, RecordKind.CALL);
  const newTarget = load<u64>(source, 8);
  return constructArea(pc, fp, area, count, newTarget == UNDEFINED ? callee : newTarget, pc + 8, destination);
}
