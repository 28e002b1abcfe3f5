// Owns the requests of async generators: their queue and the order in which they are settled. Must never call guest code; steps that
// would are left to ts/prelude/async-generator.js.
// https://tc39.es/ecma262/#sec-asyncgenerator-abstract-operations
//
//   GENERATOR.queue   internal cell of a REACTION, the head of the queue: next: first request · extra: last request, as an internal
//                     cell · target: promise for the call that resumed the generator, until that call takes it
//   request           REACTION: kind NEXT, THROW or RETURN · handler: value · target: promise
import { addressOf, boxCell, boxInt, boxObject, EXCEPTION, RETRY, SWITCH, UNDEFINED, Value, DEFER } from "../core/value";
import { Prelude } from "../generated/intrinsics";
import {
  GENERATOR_FRAME, GENERATOR_QUEUE, REACTION_EXTRA, REACTION_HANDLER, REACTION_KIND, REACTION_NEXT, REACTION_TARGET,
} from "../generated/kinds";
import { ErrorKind, RECORD_SIZE, RecordKind, VM_CSP, VM_EXCEPTION } from "../generated/layout";
import { chargeFuel } from "../heap/memory";
import { afterSignal } from "../interpreter/call";
import { newErrorObject } from "../interpreter/errors";
import { RECORD_FLAGS } from "../interpreter/frame";
import {
  becomePrelude, DONE, DRAINING, generatorState, isGenerator, iteratorResult, leaveAsyncGenerator, NEXT, RETURN, roomToEnter, RUNNING, setGeneratorState, START,
  suspendGenerator, SUSPENDED, switchToGenerator, THROW,
} from "../interpreter/generator";
import { lit } from "../interpreter/native";
import { AWAIT_RETURN, newPromise, newReaction, performThen, promiseFor, rejectPromise, resolveLater } from "./promise";

/** The promise of the request that an async generator works on; undefined if its queue is empty or it is not an async generator. */
export function requestPromise(generator: usize): Value {
  if (!isGenerator(boxObject(generator), true)) return UNDEFINED;
  const request = firstRequest(generator);
  return request == 0 ? UNDEFINED : load<u64>(request, REACTION_TARGET);
}

/** An empty queue. */
export function newQueue(): Value {
  return boxCell(newReaction(0, UNDEFINED, UNDEFINED, UNDEFINED));
}

// @ts-ignore: decorator
@inline
function queueOf(generator: usize): usize {
  return addressOf(load<u64>(generator, GENERATOR_QUEUE));
}
// @ts-ignore: decorator
@inline
function firstRequest(generator: usize): usize {
  return <usize>load<u32>(queueOf(generator), REACTION_NEXT);
}

/** Appends a request to the queue of a generator. */
function enqueue(generator: usize, mode: i32, value: Value, promise: usize): void {
  const queue = queueOf(generator);
  const request = newReaction(<u32>mode, value, boxObject(promise), UNDEFINED);
  if (load<u32>(queue, REACTION_NEXT) == 0) store<u32>(queue, <u32>request, REACTION_NEXT);
  else store<u32>(addressOf(load<u64>(queue, REACTION_EXTRA)), <u32>request, REACTION_NEXT);
  store<u64>(queue, boxCell(request), REACTION_EXTRA);
}

/** AsyncGeneratorCompleteStep: settles the promise of the first request. */
function completeStep(generator: usize, value: Value, threw: bool, done: bool): void {
  const queue = queueOf(generator);
  const request = <usize>load<u32>(queue, REACTION_NEXT);
  const next = load<u32>(request, REACTION_NEXT);
  store<u32>(queue, next, REACTION_NEXT);
  if (next == 0) store<u64>(queue, UNDEFINED, REACTION_EXTRA);
  const promise = addressOf(load<u64>(request, REACTION_TARGET));
  if (threw) rejectPromise(promise, value);
  else resolveLater(promise, iteratorResult(value, done));
}

/** AsyncGeneratorDrainQueue. False: the first request is a `return`, and awaiting its value needs guest code. */
function drain(generator: usize): bool {
  while (true) {
    const request = firstRequest(generator);
    if (request == 0) {
      setGeneratorState(generator, DONE);
      return true;
    }
    const mode = <i32>load<u32>(request, REACTION_KIND);
    const value = load<u64>(request, REACTION_HANDLER);
    if (mode == RETURN) return awaitReturn(generator, value);
    completeStep(generator, mode == THROW ? value : UNDEFINED, mode == THROW, true);
    chargeFuel(1);
  }
  return true;
}

/** AsyncGeneratorAwaitReturn. False if that needs guest code. */
function awaitReturn(generator: usize, value: Value): bool {
  const promise = promiseFor(value);
  if (promise == 0) return false;
  performThen(promise, AWAIT_RETURN, UNDEFINED, UNDEFINED, boxObject(generator));
  return true;
}

/** A job: the value of the `return` at the head is settled. False: the prelude's asyncGeneratorAwaitReturn must go on. */
export function settleReturn(generator: usize, value: Value, rejected: bool): bool {
  completeStep(generator, value, rejected, true);
  return drain(generator);
}

/** For the prelude: value of the request at the head. */
export function headValue(generator: usize): Value {
  return load<u64>(firstRequest(generator), REACTION_HANDLER);
}
/** For the prelude: the head is a `return` that waits for that promise. */
export function awaitHead(generator: usize, promise: usize): void {
  performThen(promise, AWAIT_RETURN, UNDEFINED, UNDEFINED, boxObject(generator));
}
/** For the prelude: enqueues a `return` to a generator that has ended or not begun, if awaiting its value needs guest code. */
export function enqueueReturn(generator: usize, value: Value): Value {
  const promise = newPromise();
  enqueue(generator, RETURN, value, promise);
  setGeneratorState(generator, DRAINING);
  store<u32>(generator, 0, GENERATOR_FRAME);
  return boxObject(promise);
}

/** The promise for the call that resumed the generator; can be taken once. */
export function resumerPromise(generator: usize): Value {
  const queue = queueOf(generator);
  const promise = load<u64>(queue, REACTION_TARGET);
  store<u64>(queue, UNDEFINED, REACTION_TARGET);
  return promise;
}

// --- requests -----------------------------------------------------------------------------------------------------

/** next, throw and return of async generators. https://tc39.es/ecma262/#sec-asyncgenerator-objects */
export function requestAsync(self: Value, mode: i32, value: Value): Value {
  if (!isGenerator(self, true)) {
    const rejected = newPromise();
    rejectPromise(rejected, boxObject(newErrorObject(ErrorKind.TypeError, lit("method called on incompatible receiver: not an async generator"))));
    return boxObject(rejected);
  }
  const generator = addressOf(self);
  let state = generatorState(generator);
  if (state == START && mode == THROW) {
    setGeneratorState(generator, DONE);
    store<u32>(generator, 0, GENERATOR_FRAME);
    state = DONE;
  }
  if (state == DONE && mode != RETURN) {
    const promise = newPromise();
    if (mode == THROW) rejectPromise(promise, value);
    else resolveLater(promise, iteratorResult(UNDEFINED, true));
    return boxObject(promise);
  }
  if (mode == RETURN && (state == START || state == DONE)) {
    const awaited = promiseFor(value);
    if (awaited == 0) return DEFER;
    const promise = enqueueReturn(generator, value);
    awaitHead(generator, awaited);
    return promise;
  }
  const idle = state == START || state == SUSPENDED;
  if (idle) {
    const room = roomToEnter(generator);
    if (room != 1) return room;
  }
  const promise = newPromise();
  enqueue(generator, mode, value, promise);
  if (!idle) return boxObject(promise);
  store<u64>(queueOf(generator), boxObject(promise), REACTION_TARGET);
  return switchToGenerator(generator, mode, value);
}

/** YIELD in an async generator: the value is awaited already. https://tc39.es/ecma262/#sec-asyncgeneratoryield */
export function yieldAsync(generator: usize, value: Value, pc: usize, fp: usize): i32 {
  completeStep(generator, value, false, false);
  const request = firstRequest(generator);
  if (request == 0) {
    suspendGenerator(generator, pc, fp);
    const record = <usize>load<u32>(VM_CSP);
    store<u32>(VM_CSP, <u32>(record + RECORD_SIZE));
    return leaveAsyncGenerator(generator, record);
  }
  // The next request is in the queue already: the generator runs on.
  const mode = <i32>load<u32>(request, REACTION_KIND);
  const sent = load<u64>(request, REACTION_HANDLER);
  if (mode == THROW) {
    store<u64>(VM_EXCEPTION, sent);
    return afterSignal(EXCEPTION, pc, fp);
  }
  const pair = fp + <usize>load<u16>(pc, 2);
  store<u64>(pair, sent);
  store<u64>(pair, boxInt(mode), 8);
  return 8;
}

/**
 * The body of an async generator ended, with a value or an exception; record: that of its frame at fp, popped just now.
 * https://tc39.es/ecma262/#sec-asyncgeneratorstart
 */
export function finishAsyncGenerator(generator: usize, fp: usize, value: Value, threw: bool, record: usize): i32 {
  setGeneratorState(generator, DRAINING);
  store<u32>(generator, 0, GENERATOR_FRAME);
  completeStep(generator, value, threw, true);
  if (drain(generator)) return leaveAsyncGenerator(generator, record);
  const flags = <u32>load<u16>(record, RECORD_FLAGS);
  return becomePrelude(Prelude.asyncGeneratorAwaitReturn, fp, boxObject(generator), resumerPromise(generator), record, flags >> 8);
}
