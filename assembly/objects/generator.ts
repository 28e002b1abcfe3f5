// Owns generator objects: their state, and the queue of requests of async ones. Must never run one.
//
//   state   bits 0-2 START … DRAINING · bit 3 IS_ASYNC
import { addressOf, boxObject, isObject, UNDEFINED, Value } from "../core/value";
import { GENERATOR_QUEUE, GENERATOR_STATE, Kind, REACTION_NEXT, REACTION_TARGET } from "../generated/kinds";
import { kindOf } from "../heap/memory";

/** GENERATOR states: one of these, and the bits below. Snapshots hold them. */
export const START: u32 = 0;
export const SUSPENDED: u32 = 1;
export const RUNNING: u32 = 2;
export const DONE: u32 = 3;
/** Async generators: done, with requests still to be settled. */
export const DRAINING: u32 = 4;
const STATE_MASK: u32 = 7;
export const IS_ASYNC: u32 = 8;

// @ts-ignore: decorator
@inline
export function generatorState(generator: usize): u32 {
  return load<u32>(generator, GENERATOR_STATE) & STATE_MASK;
}

/** Sets the state and clears the AWAIT_ bits; IS_ASYNC stays. */
export function setGeneratorState(generator: usize, state: u32): void {
  store<u32>(generator, (load<u32>(generator, GENERATOR_STATE) & IS_ASYNC) | state, GENERATOR_STATE);
}
/** True for generator objects of async (or not async) generator functions. */
export function isGenerator(v: Value, isAsync: bool): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.GENERATOR && ((load<u32>(addressOf(v), GENERATOR_STATE) & IS_ASYNC) != 0) == isAsync;
}

/** The promise of the request that an async generator works on; undefined if its queue is empty or it is not an async generator. */
export function requestPromise(generator: usize): Value {
  if (!isGenerator(boxObject(generator), true)) return UNDEFINED;
  const request = firstRequest(generator);
  return request == 0 ? UNDEFINED : load<u64>(request, REACTION_TARGET);
}

// @ts-ignore: decorator
@inline
export function queueOf(generator: usize): usize {
  return addressOf(load<u64>(generator, GENERATOR_QUEUE));
}
// @ts-ignore: decorator
@inline
export function firstRequest(generator: usize): usize {
  return <usize>load<u32>(queueOf(generator), REACTION_NEXT);
}
