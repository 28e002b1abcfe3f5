// Owns the requests of async generators: their queue and the order in which they are settled. Must never call guest code; steps that
// would are left to ts/prelude/async-generator.js.
// https://tc39.es/ecma262/#sec-asyncgenerator-abstract-operations
//
//   GENERATOR.queue   internal cell of a REACTION, the head of the queue: next: first request · extra: last request, as an internal
//                     cell · target: promise for the call that resumed the generator, until that call takes it
//   request           REACTION: kind NEXT, THROW or RETURN · handler: value · target: promise
import { addressOf, boxCell, boxObject, UNDEFINED, Value } from "../core/value";
import { GENERATOR_FRAME, REACTION_EXTRA, REACTION_HANDLER, REACTION_KIND, REACTION_NEXT, REACTION_TARGET } from "../generated/kinds";
import { GeneratorState, ReactionKind, Resumption } from "../generated/states";
import { chargeFuel } from "../heap/memory";
import { newPromise, newReaction, performThen, promiseFor, rejectPromise, resolveLater } from "../jobs/promise";
import { firstRequest, queueOf, setGeneratorState } from "../objects/generator";
import { iteratorResult } from "./suspended";

/** An empty queue. */
export function newQueue(): Value {
  return boxCell(newReaction(0, UNDEFINED, UNDEFINED, UNDEFINED));
}

/** Appends a request to the queue of a generator. */
export function enqueue(generator: usize, mode: i32, value: Value, promise: usize): void {
  const queue = queueOf(generator);
  const request = newReaction(<u32>mode, value, boxObject(promise), UNDEFINED);
  if (load<u32>(queue, REACTION_NEXT) == 0) store<u32>(queue, <u32>request, REACTION_NEXT);
  else store<u32>(addressOf(load<u64>(queue, REACTION_EXTRA)), <u32>request, REACTION_NEXT);
  store<u64>(queue, boxCell(request), REACTION_EXTRA);
}

/** AsyncGeneratorCompleteStep: settles the promise of the first request. Without one, which only a forged frame brings about, it does nothing. */
export function completeStep(generator: usize, value: Value, threw: bool, done: bool): void {
  const queue = queueOf(generator);
  const request = <usize>load<u32>(queue, REACTION_NEXT);
  if (request == 0) return;
  const next = load<u32>(request, REACTION_NEXT);
  store<u32>(queue, next, REACTION_NEXT);
  if (next == 0) store<u64>(queue, UNDEFINED, REACTION_EXTRA);
  const promise = addressOf(load<u64>(request, REACTION_TARGET));
  if (threw) rejectPromise(promise, value);
  else resolveLater(promise, iteratorResult(value, done));
}

/** AsyncGeneratorDrainQueue. False: the first request is a `return`, and awaiting its value needs guest code. */
export function drain(generator: usize): bool {
  while (true) {
    const request = firstRequest(generator);
    if (request == 0) {
      setGeneratorState(generator, GeneratorState.DONE);
      return true;
    }
    const mode = <i32>load<u32>(request, REACTION_KIND);
    const value = load<u64>(request, REACTION_HANDLER);
    if (mode == Resumption.RETURN) return awaitReturn(generator, value);
    completeStep(generator, mode == Resumption.THROW ? value : UNDEFINED, mode == Resumption.THROW, true);
    chargeFuel(1);
  }
  return true;
}

/** AsyncGeneratorAwaitReturn. False if that needs guest code. */
function awaitReturn(generator: usize, value: Value): bool {
  const promise = promiseFor(value);
  if (promise == 0) return false;
  performThen(promise, ReactionKind.AWAIT_RETURN, UNDEFINED, UNDEFINED, boxObject(generator));
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
  performThen(promise, ReactionKind.AWAIT_RETURN, UNDEFINED, UNDEFINED, boxObject(generator));
}
/** For the prelude: enqueues a `return` to a generator that has ended or not begun, if awaiting its value needs guest code. */
export function enqueueReturn(generator: usize, value: Value): Value {
  const promise = newPromise();
  enqueue(generator, Resumption.RETURN, value, promise);
  setGeneratorState(generator, GeneratorState.DRAINING);
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
