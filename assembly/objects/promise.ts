// Owns the kinds of REACTION cells; jobs/promise.ts has what they mean. Must never settle a promise.
import { addressOf, isObject, Value } from "../core/value";
import { Kind } from "../generated/kinds";
import { kindOf } from "../heap/memory";

/** Kinds of reaction. Snapshots hold them: append only. */
/** handler, extra: callbacks or undefined; target: a native promise, an internal array [promise, resolve, reject], or undefined. */
export const THEN: u32 = 1;
/** target: COROUTINE or async generator that is suspended at an AWAIT. */
export const AWAIT: u32 = 2;
/** target: async generator whose first request is a `return` with a settled value. */
export const AWAIT_RETURN: u32 = 3;
/** target: promise that follows this one (resolved with it, so nothing else can settle it). */
export const PASS: u32 = 4;
/** Job only: call handler (a `then`) on extra (a thenable) with functions that resolve target. */
export const THENABLE: u32 = 5;
/** Job only: call handler with the arguments in extra (array or undefined). */
export const CALLBACK: u32 = 6;
/** Job only: resolve target with extra, which needs guest code. */
export const RESOLVE: u32 = 7;
/** Job only: a macrotask, which runs after all other jobs. Otherwise as CALLBACK. */
export const TASK: u32 = 8;
/** Bit of a job's kind: the promise was rejected. */
export const JOB_REJECTED: u32 = 256;

export function isPromise(v: Value): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.PROMISE;
}
