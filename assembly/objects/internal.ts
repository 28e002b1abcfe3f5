// Owns the creation of INTERNAL objects: objects of a builtin class with internal slots. Must never know what a class means.
import { UNDEFINED } from "../core/value";
import { INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind } from "../generated/kinds";
import { newObjectOfShape } from "./object";
import { becomePrototype, newRootShape } from "./shape";

/** An object of that class with `count` internal slots, all undefined; parent: address or 0. */
export function newInternalObject(cls: u32, parent: usize, count: u32): usize {
  if (parent != 0) becomePrototype(parent);
  const object = newObjectOfShape(Kind.INTERNAL, newRootShape(parent, INTERNAL_SIZE + (<usize>count << 3), 0, 0));
  store<u32>(object, cls, INTERNAL_CLASS);
  store<u32>(object, count, INTERNAL_COUNT);
  for (let i: u32 = 0; i < count; i++) store<u64>(object + INTERNAL_SIZE + (<usize>i << 3), UNDEFINED);
  return object;
}
