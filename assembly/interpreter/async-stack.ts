// Owns the async part of a stack trace: the chain of async functions that wait for the running one. Must never follow more than one
// waiter: with several, it is not known which one called. The idea is from https://v8.dev/blog/fast-async.
import { addressOf, asInt, boxString, isCell, isInt, isObject, isString, UNDEFINED, Value } from "../core/value";
import { codeParameters } from "../bytecode/code";
import { Atom, atomAt, intrinsic, Prelude } from "../generated/intrinsics";
import {
  CODE_FLAGS, COROUTINE_FRAME, COROUTINE_PROMISE, ENV_SIZE, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE, FUNCTION_ENV, GENERATOR_FRAME, Kind, PROMISE_REACTIONS,
  REACTION_EXTRA, REACTION_HANDLER, REACTION_KIND, REACTION_NEXT, REACTION_TARGET,
} from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { kindOf, sizeOf } from "../heap/memory";
import { AWAITS, codeOf, COMBINATOR } from "../objects/frame-text";
import { DATA, FOUND_VALUE, getOwn } from "../objects/property";
import { addFrame } from "../objects/stack-trace";
import { requestPromise } from "../jobs/async-generator";
import { AWAIT, isPromise, PASS, THEN } from "../jobs/promise";
import { receiverIn, sourceOffset } from "./errors";
import { frameCode } from "./frame";

/** At most this many promises are followed along the chain of waiting functions. */
const MOST_STEPS: i32 = 100;

function promiseAt(v: Value): usize {
  return isPromise(v) ? addressOf(v) : 0;
}

/** The promise of a COROUTINE, or of the request that an async generator works on; 0 for any other cell or without a request. */
function promiseOfRunner(runner: usize): usize {
  if (kindOf(runner) == Kind.COROUTINE) return promiseAt(load<u64>(runner, COROUTINE_PROMISE));
  return kindOf(runner) == Kind.GENERATOR ? promiseAt(requestPromise(runner)) : 0;
}

/** The promise that the lowest frame will settle, or 0. */
function promiseOfFrame(fp: usize): usize {
  // (handler, promise, value): the callback of a `then`
  if (load<u64>(fp) == intrinsic(Prelude.runReaction)) return promiseAt(load<u64>(fp, 24));
  const code = frameCode(fp);
  if ((load<u32>(code, CODE_FLAGS) & FunctionFlag.ASYNC) == 0) return 0;
  const owner = load<u64>(fp + 16 + (<usize>codeParameters(code) << 3));
  return isCell(owner) || isObject(owner) ? promiseOfRunner(addressOf(owner)) : 0;
}

/** The only reaction of a promise; 0 if it has no reaction or several. */
function onlyReaction(promise: usize): usize {
  const reaction = <usize>load<u32>(promise, PROMISE_REACTIONS);
  return reaction == 0 || load<u32>(reaction, REACTION_NEXT) != 0 ? 0 : reaction;
}

/** Adds the function that is suspended at an AWAIT; false if there is no function to show. */
function addAwaiting(trace: usize, runner: usize): bool {
  const frame = <usize>(kindOf(runner) == Kind.COROUTINE ? load<u32>(runner, COROUTINE_FRAME) : load<u32>(runner, GENERATOR_FRAME));
  const callee: Value = frame == 0 ? UNDEFINED : load<u64>(frame, FRAME_SIZE);
  const code = codeOf(callee);
  if (code == 0 || load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) return false;
  addFrame(trace, callee, receiverIn(frame + FRAME_SIZE), sourceOffset(code, load<u32>(frame, FRAME_POSITION) << 3), AWAITS);
  return true;
}

/**
 * The promise that a function of the prelude settles. For an element function of Promise.all and its like: an object with `name` and
 * `promise`, and its index in INDEX. 0 for any other function.
 */
const INDEX: usize = memory.data(8, 8);
function combination(fn: Value): usize {
  const code = codeOf(fn);
  if (code == 0 || (load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) return 0;
  let found: usize = 0;
  store<i32>(INDEX, -1);
  for (let env = <usize>load<u32>(addressOf(fn), FUNCTION_ENV); env != 0 && kindOf(env) == Kind.ENV; env = <usize>load<u32>(env)) {
    const end = env + sizeOf(env);
    for (let at = env + ENV_SIZE; at < end; at += 8) {
      const v = load<u64>(at);
      if (isInt(v)) store<i32>(INDEX, asInt(v));
      else if (isPromise(v)) return addressOf(v);
      else if (isObject(v) && kindOf(addressOf(v)) == Kind.OBJECT) found = addressOf(v);
    }
  }
  return found;
}

/** The promise that settles after a promise with that THEN reaction; a combinator on the way is added to the trace. */
function promiseBehind(trace: usize, reaction: usize): usize {
  let known = combination(load<u64>(reaction, REACTION_HANDLER));
  if (known == 0 || kindOf(known) == Kind.PROMISE) {
    const other = combination(load<u64>(reaction, REACTION_EXTRA));
    if (other != 0) known = other;
  }
  if (known != 0 && kindOf(known) == Kind.PROMISE) return known;
  if (known != 0 && getOwn(known, boxString(atomAt(Atom.promise))) == DATA) {
    const promise = promiseAt(load<u64>(FOUND_VALUE));
    const name = getOwn(known, boxString(atomAt(Atom.name))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
    if (isString(name)) addFrame(trace, name, UNDEFINED, load<i32>(INDEX), AWAITS | COMBINATOR);
    return promise;
  }
  return promiseAt(load<u64>(reaction, REACTION_TARGET));
}

/** Adds at most `room` functions to a trace: those that wait for the promise of the lowest frame, directly or along the chain. */
export function asyncFrames(trace: usize, fp: usize, room: i32): void {
  let promise = promiseOfFrame(fp);
  for (let steps = 0; promise != 0 && room > 0 && steps < MOST_STEPS; steps++) {
    const reaction = onlyReaction(promise);
    if (reaction == 0) return;
    const target = load<u64>(reaction, REACTION_TARGET);
    promise = 0;
    switch (load<u32>(reaction, REACTION_KIND)) {
      case AWAIT: {
        if (!isCell(target) && !isObject(target)) return;
        const runner = addressOf(target);
        const kind = kindOf(runner);
        if (kind != Kind.COROUTINE && kind != Kind.GENERATOR) return;
        if (addAwaiting(trace, runner)) room--;
        promise = promiseOfRunner(runner);
        break;
      }
      case THEN: {
        promise = promiseBehind(trace, reaction);
        break;
      }
      case PASS: {
        promise = promiseAt(target);
        break;
      }
    }
  }
}
