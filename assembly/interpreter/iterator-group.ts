// Owns the registers of an iteration under way: iterator, next method, done flag. Must never call a method of the iterator.
//
//   group   +0 iterator · +8 its `next` · +16 true once it is exhausted or has thrown
import { addressOf, asInt, boxInt, HOLE, isInt, isObject, TRUE, UNDEFINED, Value } from "../core/value";
import { VM_FP, VM_PC } from "../generated/layout";
import { denseLength, elementAt, elementsOf, isSparse } from "../objects/elements";
import { damaged, RELOAD } from "./action";
import { fieldB } from "./operands";

export const STATE: usize = 16;

/** Stores the result of the prelude, an internal array of iterator and next method, in the group. */
export function deliverIterator(value: Value, callerFp: usize, destination: u32): i32 {
  const group = callerFp + <usize>destination;
  const elements = isObject(value) ? elementsOf(addressOf(value)) : 0;
  // A forged frame of the prelude may return any value.
  if (isSparse(elements) || denseLength(elements) < 2) return damaged();
  store<u64>(group, load<u64>(elementAt(elements, 0)));
  store<u64>(group, load<u64>(elementAt(elements, 1)), 8);
  store<u64>(group, UNDEFINED, STATE);
  return RELOAD;
}

/** The group of the FORNEXT (destination 0, two words) or ITERSTEP (destination 1, one word) that ends at returnPc. */
export function iteratorGroup(returnPc: usize, callerFp: usize, destination: u32): usize {
  return callerFp + <usize>(destination == 0 ? load<u16>(returnPc - 14) : load<u16>(returnPc - 4));
}

export function jumpDone(pc: usize, fp: usize): i32 {
  store<u32>(VM_PC, <u32>(pc + (<isize>load<i32>(pc, 8) << 3)));
  store<u32>(VM_FP, <u32>fp);
  return RELOAD;
}

/**
 * 1: the `next` being called must not make a result object. It returns the bare value, or HOLE at the end (iterResult in
 * builtins/array-iterator.ts).
 */
export const BARE_RESULT: usize = memory.data(4, 4);

/** Takes the result of a step; HOLE means done. */
export function deliverNext(value: Value, returnPc: usize, callerFp: usize, destination: u32): i32 {
  const group = iteratorGroup(returnPc, callerFp, destination);
  const state = load<u64>(group, STATE);
  if (destination == 0) {
    const pc = returnPc - 16;
    if (value == HOLE) {
      store<u64>(group, TRUE, STATE);
      return jumpDone(pc, callerFp);
    }
    store<u64>(callerFp + <usize>fieldB(pc), value);
  } else {
    if (value == HOLE) store<u64>(group, TRUE, STATE);
    store<u64>(callerFp + <usize>load<u16>(returnPc - 6), value == HOLE ? UNDEFINED : value);
  }
  if (value != HOLE && isInt(state)) store<u64>(group, boxInt(asInt(state) + 1), STATE);
  return RELOAD;
}
