// Owns the part of a stack that is not on the stack: the async functions that await what runs now, one behind the other. Must never
// follow more than one waiter: where several wait, nobody can say who called. https://v8.dev/blog/fast-async has the idea.
import { addressOf, isCell, isObject, Value } from "../core/value";
import { codeParameters } from "../bytecode/code";
import {
  CODE_FLAGS, COROUTINE_FRAME, COROUTINE_PROMISE, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE, Kind, PROMISE_REACTIONS, REACTION_KIND, REACTION_NEXT, REACTION_TARGET,
} from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { frameLine } from "./errors";
import { frameCode } from "./frame";

/** Kind of the reaction that an await leaves with a promise. */
const AWAIT: u32 = 2;

/** The one coroutine that awaits the promise of `coroutine`; 0 if there is none, or more than that. */
function waiterOf(coroutine: usize): usize {
  const promise = load<u64>(coroutine, COROUTINE_PROMISE);
  if (!isObject(promise) || kindOf(addressOf(promise)) != Kind.PROMISE) return 0;
  const reaction = <usize>load<u32>(addressOf(promise), PROMISE_REACTIONS);
  if (reaction == 0 || load<u32>(reaction, REACTION_NEXT) != 0 || load<u32>(reaction, REACTION_KIND) != AWAIT) return 0;
  const target = load<u64>(reaction, REACTION_TARGET);
  return isCell(target) && kindOf(addressOf(target)) == Kind.COROUTINE ? addressOf(target) : 0;
}

/** Adds the lines of the functions that await what runs in the lowest frame, at most `room`. */
export function asyncFrames(text: usize, fp: usize, room: i32): usize {
  const code = frameCode(fp);
  if ((load<u32>(code, CODE_FLAGS) & (FunctionFlag.ASYNC | FunctionFlag.GENERATOR)) != FunctionFlag.ASYNC) return text;
  const owner: Value = load<u64>(fp + 16 + (<usize>codeParameters(code) << 3));
  let coroutine = isCell(owner) && kindOf(addressOf(owner)) == Kind.COROUTINE ? addressOf(owner) : 0;
  while (coroutine != 0 && room > 0) {
    coroutine = waiterOf(coroutine);
    const frame = coroutine == 0 ? 0 : <usize>load<u32>(coroutine, COROUTINE_FRAME);
    const callee: Value = frame == 0 ? 0 : load<u64>(frame, FRAME_SIZE);
    if (!isObject(callee) || kindOf(addressOf(callee)) != Kind.FUNCTION) break;
    const awaiting = <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
    if ((load<u32>(awaiting, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) {
      text = frameLine(text, awaiting, load<u32>(frame, FRAME_POSITION) << 3, true);
      room--;
    }
  }
  return text;
}
