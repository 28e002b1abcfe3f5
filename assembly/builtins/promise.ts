// Owns the natives of Promise, of the timers and of queueMicrotask. Must never call guest code: a native that would have to defers
// to ts/prelude/promise.js. https://tc39.es/ecma262/#sec-promise-objects
import {
  addressOf, boxBool, boxInt, boxObject, boxString, boxU32, DEFER, isNullish, isNumber, isObject, isString, RETRY, toDouble, TRUE,
  UNDEFINED, Value,
} from "../core/value";
import { newBareError } from "../errors/errors";
import { lit, throwError } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic } from "../generated/intrinsics";
import { ErrorKind } from "../generated/layout";
import { ReactionKind } from "../generated/states";
import { reserve } from "../heap/memory";
import { typeText, valueText } from "../interpreter/describe";
import { argAt, thisOf } from "../interpreter/native";
import { readyAwait as readyAwaitOf } from "../interpreter/suspended";
import { enqueueJob } from "../jobs/list";
import {
  fulfillPromise, isOriginalThen, newPromise, newPromiseOf, newReaction, performThen, promiseFor, rejectPromise, resolvePromise,
  thensPlainly,
} from "../jobs/promise";
import { startTimer as startTimerAt, stopTimer } from "../jobs/timers";
import { typeName } from "../objects/frame-text";
import { isCallable } from "../objects/function";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { arrayPush, newArray } from "../objects/object";
import { isPromise as isPromiseValue } from "../objects/promise";
import { defineHidden, lookup } from "../objects/property";
import { CONFIGURABLE, WRITABLE } from "../objects/shape";
import { toNumberPrimitive } from "../primitives/convert";
import { concat } from "../strings/string";
import { refuseNumber } from "./shared";

// @ts-ignore: decorator
@inline
function callableOrUndefined(v: Value): Value {
  return isCallable(v) ? v : UNDEFINED;
}

/** PerformPromiseThen for a plain promise whose result is a plain promise. */
function thenPlainly(promise: usize, onFulfilled: Value, onRejected: Value): Value {
  const derived = boxObject(newPromise());
  performThen(promise, ReactionKind.THEN, callableOrUndefined(onFulfilled), callableOrUndefined(onRejected), derived);
  return derived;
}

/** https://tc39.es/ecma262/#sec-promise.prototype.then */
export function promisePrototypeThen(area: usize, argc: i32): Value {
  const self = thisOf(area);
  if (!isPromiseValue(self)) return throwError(ErrorKind.TypeError, concat(lit("Method Promise.prototype.then called on incompatible receiver "), valueText(self)));
  if (!thensPlainly(addressOf(self))) return DEFER;
  return thenPlainly(addressOf(self), argAt(area, argc, 0), argAt(area, argc, 1));
}

/** https://tc39.es/ecma262/#sec-promise.prototype.catch */
export function promisePrototypeCatch(area: usize, argc: i32): Value {
  const self = thisOf(area);
  if (!isPromiseValue(self)) return DEFER;
  const promise = addressOf(self);
  if (lookup(promise, boxString(atomAt(Atom.then))) != DATA || !isOriginalThen(load<u64>(FOUND_VALUE)) || !thensPlainly(promise)) return DEFER;
  return thenPlainly(promise, UNDEFINED, argAt(area, argc, 0));
}

/** https://tc39.es/ecma262/#sec-promise.resolve */
export function promiseResolve(area: usize, argc: i32): Value {
  if (thisOf(area) != intrinsic(Intrinsic.Promise)) return DEFER;
  const promise = promiseFor(argAt(area, argc, 0));
  return promise == 0 ? DEFER : boxObject(promise);
}

/** https://tc39.es/ecma262/#sec-promise.reject */
export function promiseReject(area: usize, argc: i32): Value {
  if (thisOf(area) != intrinsic(Intrinsic.Promise)) return DEFER;
  const promise = newPromise();
  rejectPromise(promise, argAt(area, argc, 0));
  return boxObject(promise);
}

/** https://tc39.es/ecma262/#sec-get-promise-%symbol.species% */
export function getPromiseSymbolSpecies(area: usize, argc: i32): Value {
  return thisOf(area);
}

// --- for the prelude ----------------------------------------------------------------------------------------------

/** (prototype) → a pending promise */
export function makePromise(area: usize, argc: i32): Value {
  return boxObject(newPromiseOf(addressOf(argAt(area, argc, 0))));
}
/** IsPromise */
export function isPromise(area: usize, argc: i32): Value {
  return boxBool(isPromiseValue(argAt(area, argc, 0)));
}
/** (promise, value) */
export function settleFulfilled(area: usize, argc: i32): Value {
  fulfillPromise(addressOf(argAt(area, argc, 0)), argAt(area, argc, 1));
  return UNDEFINED;
}
/** (promise, reason) */
export function settleRejected(area: usize, argc: i32): Value {
  rejectPromise(addressOf(argAt(area, argc, 0)), argAt(area, argc, 1));
  return UNDEFINED;
}
/** (promise, value) → false if nothing was done because `then` takes guest code to read */
export function tryResolve(area: usize, argc: i32): Value {
  return boxBool(resolvePromise(addressOf(argAt(area, argc, 0)), argAt(area, argc, 1)));
}
/** (promise, thenable, then): queues a job that calls then */
export function queueThenable(area: usize, argc: i32): Value {
  enqueueJob(newReaction(ReactionKind.THENABLE, argAt(area, argc, 2), argAt(area, argc, 0), argAt(area, argc, 1)));
  return UNDEFINED;
}
/** PerformPromiseThen(promise, onFulfilled, onRejected, target); target: promise or capability → the promise of target */
export function addReactions(area: usize, argc: i32): Value {
  const target = argAt(area, argc, 3);
  performThen(addressOf(argAt(area, argc, 0)), ReactionKind.THEN, callableOrUndefined(argAt(area, argc, 1)), callableOrUndefined(argAt(area, argc, 2)), target);
  return isPromiseValue(target) ? target : capabilityPromise(target);
}

function capabilityPromise(capability: Value): Value {
  return lookup(addressOf(capability), boxInt(0)) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
}

/** (coroutine, threw): lets the coroutine run its current AWAIT again */
export function readyAwait(area: usize, argc: i32): Value {
  readyAwaitOf(argAt(area, argc, 0), argAt(area, argc, 1) == TRUE);
  return UNDEFINED;
}

/** (array of errors) → the AggregateError that Promise.any rejects with. https://tc39.es/ecma262/#sec-performpromiseany */
export function newAggregateError(area: usize, argc: i32): Value {
  const error = newBareError(addressOf(intrinsic(Intrinsic.AggregateErrorPrototype)), 3);
  defineHidden(error, boxString(atomAt(Atom.message)), boxString(lit("All promises were rejected")), WRITABLE | CONFIGURABLE);
  defineHidden(error, boxString(atomAt(Atom.errors)), argAt(area, argc, 0), WRITABLE | CONFIGURABLE);
  return boxObject(error);
}

// --- timers and microtasks ----------------------------------------------------------------------------------------

/** The message is worded as in Node. */
function throwNotFunction(v: Value): Value {
  let received = valueText(v);
  if (isString(v)) received = concat(concat(lit("type string ('"), received), lit("')"));
  else if (!isNullish(v) && !isObject(v)) received = concat(concat(concat(lit("type "), typeText(v)), concat(lit(" ("), received)), lit(")"));
  else if (isObject(v)) received = concat(lit("an instance of "), typeName(v));
  return throwError(ErrorKind.TypeError, concat(lit('The "callback" argument must be of type function. Received '), received));
}

/** https://html.spec.whatwg.org/#dom-queuemicrotask */
export function globalThisQueueMicrotask(area: usize, argc: i32): Value {
  const callback = argAt(area, argc, 0);
  if (!isCallable(callback)) return throwNotFunction(callback);
  enqueueJob(newReaction(ReactionKind.CALLBACK, callback, UNDEFINED, UNDEFINED));
  return UNDEFINED;
}

function startTimerNow(area: usize, argc: i32, repeats: bool): Value {
  const callback = argAt(area, argc, 0);
  if (!isCallable(callback)) return throwNotFunction(callback);
  const refused = refuseNumber(argAt(area, argc, 1));
  if (refused != 0) return refused;
  if (argc > 32 && !reserve(<usize>argc << 4)) return RETRY;
  let args: Value = UNDEFINED;
  if (argc > 2) {
    const list = newArray(<u32>(argc - 2));
    for (let i = 2; i < argc; i++) arrayPush(list, argAt(area, argc, i));
    args = boxObject(list);
  }
  return boxU32(startTimerAt(callback, toNumberPrimitive(argAt(area, argc, 1)), args, repeats));
}

/** https://html.spec.whatwg.org/#dom-settimeout */
export function globalThisSetTimeout(area: usize, argc: i32): Value {
  return startTimerNow(area, argc, false);
}
/** https://html.spec.whatwg.org/#dom-setinterval */
export function globalThisSetInterval(area: usize, argc: i32): Value {
  return startTimerNow(area, argc, true);
}

/** (callback, delay: a number, array of arguments, repeats) → id */
export function startTimer(area: usize, argc: i32): Value {
  return boxU32(startTimerAt(argAt(area, argc, 0), toDouble(argAt(area, argc, 1)), argAt(area, argc, 2), argAt(area, argc, 3) == TRUE));
}

/** https://html.spec.whatwg.org/#dom-cleartimeout; a value that cannot be an id is ignored */
export function globalThisClearTimeout(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isNumber(v) && !isString(v)) return UNDEFINED;
  const id = toNumberPrimitive(v);
  if (id >= 1 && id < 4294967296.0 && trunc<f64>(id) == id) stopTimer(<u32>id);
  return UNDEFINED;
}
export function globalThisClearInterval(area: usize, argc: i32): Value {
  return globalThisClearTimeout(area, argc);
}
