// Owns generator objects: their state, and the queue of requests of async ones. Must never run one.
//
//   state   bits 0-2 GeneratorState · bit 3 GENERATOR_ASYNC · of async ones also the AWAIT_ bits of a coroutine
import { addressOf, boxObject, isObject, UNDEFINED, Value } from "../core/value";
import { GENERATOR_QUEUE, GENERATOR_STATE, Kind, REACTION_NEXT, REACTION_TARGET } from "../generated/kinds";
import { GENERATOR_ASYNC, GENERATOR_STATE_MASK } from "../generated/states";
import { kindOf } from "../heap/memory";

// @ts-ignore: decorator
@inline
export function generatorState(generator: usize): u32 {
  return load<u32>(generator, GENERATOR_STATE) & GENERATOR_STATE_MASK;
}

/** Sets the state and clears the AWAIT_ bits; GENERATOR_ASYNC stays. */
export function setGeneratorState(generator: usize, state: u32): void {
  store<u32>(generator, (load<u32>(generator, GENERATOR_STATE) & GENERATOR_ASYNC) | state, GENERATOR_STATE);
}
/** True for generator objects of async (or not async) generator functions. */
export function isGenerator(v: Value, isAsync: bool): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.GENERATOR && ((load<u32>(addressOf(v), GENERATOR_STATE) & GENERATOR_ASYNC) != 0) == isAsync;
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
