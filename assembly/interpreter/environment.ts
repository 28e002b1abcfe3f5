// Owns environments: the cells that hold captured variables, and finding one of their slots. Must never trust the number of a slot: a
// snapshot may have put any environment into a register.
import { addressOf, boxCell, HOLE, isCell, UNDEFINED, Value } from "../core/value";
import { ENV_SIZE, FUNCTION_ENV, Kind } from "../generated/kinds";
import { allocate, chargeBytes, chargeFuel, kindOf, sizeOf } from "../heap/memory";
import { damagedSlot } from "./action";

export function isEnvironment(v: Value): bool {
  return isCell(v) && kindOf(addressOf(v)) == Kind.ENV;
}

/** A new environment of `size` holes. */
export function newEnvironment(parent: Value, size: u32): Value {
  if (size > 64) chargeFuel(<i32>(size >> 3));
  const env = allocate(Kind.ENV, ENV_SIZE + (<usize>size << 3));
  store<u32>(env, isEnvironment(parent) ? <u32>addressOf(parent) : 0);
  for (let i: u32 = 0; i < size; i++) store<u64>(env + ENV_SIZE + (<usize>i << 3), HOLE);
  return boxCell(env);
}

/** A copy of an environment with the same parent, for the next iteration of a loop. */
export function copyEnvironment(v: Value): Value {
  if (!isEnvironment(v)) {
    damagedSlot();
    return UNDEFINED;
  }
  const env = addressOf(v);
  const size = sizeOf(env);
  chargeBytes(size);
  const copy = allocate(Kind.ENV, size);
  store<u32>(copy, load<u32>(env));
  memory.copy(copy + ENV_SIZE, env + ENV_SIZE, size - ENV_SIZE);
  return boxCell(copy);
}

/** Environment `depth` parents above the one the function at fp closed over; 0 if the chain is shorter. */
// @ts-ignore: decorator
@inline
export function outerEnvironment(fp: usize, depth: u32): usize {
  let env = <usize>load<u32>(addressOf(load<u64>(fp)), FUNCTION_ENV);
  for (let i = depth; i > 0; i--) env = <usize>load<u32>(env);
  return env;
}

/** The environment a register holds, or 0. */
// @ts-ignore: decorator
@inline
export function environmentIn(v: Value): usize {
  return isCell(v) ? addressOf(v) : 0;
}

/** The address of a slot, checked: a resumed snapshot's registers may hold any value. */
// @ts-ignore: decorator
@inline
export function envSlot(env: usize, slot: u32): usize {
  if (kindOf(env) != Kind.ENV || ENV_SIZE + (<usize>slot << 3) >= sizeOf(env)) return damagedSlot();
  return env + ENV_SIZE + (<usize>slot << 3);
}
