// Owns the creation of objects and the place of property values. Must never look up a key (objects/property.ts) or call guest
// code.
//
//   object  +0 shape · +4 header word · +8 slots (0: no SLOTS cell) · +12 elements · internal fields · inline slots
//   slot i  < inline capacity: inline base + 8·i          else: slots cell + 8 + 8·(i - inline capacity)
//   SLOTS   +0 identity hash (hash-table.ts; 0: not made yet) · +4 header word · values
import { addressOf, Value } from "../core/value";
import { intrinsic, Intrinsic, Kept } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, ACCESSOR_SIZE, ARRAY_ARRAY_FLAGS, ARRAY_LENGTH, Kind, KIND_END, POINTERS_COUNT, POINTERS_SIZE,
  SHAPE_COUNT, SHAPE_LAST_ATTRIBUTES, SHAPE_LAYOUT, SHAPE_PROTO,
} from "../generated/kinds";
import { VM_INTRINSICS, VM_ROOT_SHAPES } from "../generated/layout";
import { allocate, chargeFuel, sizeOf } from "../heap/memory";
import { appendElement, newElements, setElements } from "./elements";
import { becomePrototype, inlineBase, inlineCapacity, MAX_SHARED, namedCount, newRootShape, shapeOf, shapeWith } from "./shape";
import { touch } from "./touched";

export const OBJECT_SLOTS: usize = 8;
const SLOTS_HEADER: usize = 8;

/** Address of the value of slot `index`. */
export function slotAddress(object: usize, index: u32): usize {
  const shape = shapeOf(object);
  const capacity = inlineCapacity(shape);
  return index < capacity
    ? object + inlineBase(shape) + (<usize>index << 3)
    : <usize>load<u32>(object, OBJECT_SLOTS) + SLOTS_HEADER + (<usize>(index - capacity) << 3);
}

/** Makes room for slot `index` outside the object. */
export function ensureSlot(object: usize, index: u32): void {
  const capacity = inlineCapacity(shapeOf(object));
  if (index < capacity) return;
  const needed = index - capacity + 1;
  const old = <usize>load<u32>(object, OBJECT_SLOTS);
  const have: u32 = old == 0 ? 0 : <u32>((sizeOf(old) - SLOTS_HEADER) >> 3);
  if (needed <= have) return;
  const room = needed < 4 ? 4 : needed + (needed >> 1);
  const fresh = allocate(Kind.SLOTS, SLOTS_HEADER + (<usize>room << 3));
  store<u32>(fresh, old == 0 ? 0 : load<u32>(old));
  if (have > 0) memory.copy(fresh + SLOTS_HEADER, old + SLOTS_HEADER, <usize>have << 3);
  memory.fill(fresh + SLOTS_HEADER + (<usize>have << 3), 0, <usize>(room - have) << 3);
  store<u32>(object, <u32>fresh, OBJECT_SLOTS);
}

/** Adds a property that is known to be absent; the caller has checked that the object is extensible. */
export function addProperty(object: usize, key: usize, value: Value, attributes: u32): void {
  touch(object);
  const shape = shapeOf(object);
  const index = load<u32>(shape, SHAPE_COUNT);
  // With this many properties the shape is the object's own, and additions are never cached: each one pays.
  if (index >= MAX_SHARED && namedCount(shape) >= MAX_SHARED) chargeFuel(1);
  const next = shapeWith(shape, key, attributes);
  ensureSlot(object, index);
  store<u32>(object, <u32>next);
  store<u64>(slotAddress(object, index), value);
}

/** An object of `kind` with that shape. Its slots are zero; the caller must fill the internal fields. */
export function newObjectOfShape(kind: i32, shape: usize): usize {
  const base = inlineBase(shape);
  const bytes = <usize>inlineCapacity(shape) << 3;
  const object = allocate(kind, base + bytes);
  store<u32>(object, <u32>shape);
  store<u64>(object, 0, OBJECT_SLOTS);
  let at = object + base;
  const end = at + bytes;
  for (; at < end; at += 8) store<u64>(at, 0);
  return object;
}

const ROOT_SHAPES: u32 = 64;

/** The cache of root shapes: addresses, replaced on collision. Programs cannot observe it. */
function rootShapeCache(): usize {
  const known = <usize>load<u32>(VM_ROOT_SHAPES);
  if (known != 0) return known;
  const cache = allocate(Kind.POINTERS, POINTERS_SIZE + (<usize>ROOT_SHAPES << 2));
  store<u32>(cache, 0);
  store<u64>(cache, <u64>ROOT_SHAPES, POINTERS_COUNT);
  memory.fill(cache + POINTERS_SIZE, 0, <usize>ROOT_SHAPES << 2);
  store<u32>(VM_ROOT_SHAPES, <u32>cache);
  return cache;
}

/**
 * Root shape for objects of `kind` with that prototype (0: null) and inline capacity. Recent ones are kept in a small cache
 * so that Object.create, errors, wrappers and their like share shapes. A root shape keeps its kind where others keep the
 * attributes of their last property: objects of two kinds never share one, since caches rely on their layout.
 */
export function rootShape(kind: i32, proto: usize, capacity: u32): usize {
  const base = <u32>load<u8>(KIND_END + <usize>kind);
  const index = ((<u32>proto >> 3) ^ (<u32>kind * 37) ^ (capacity * 11)) & (ROOT_SHAPES - 1);
  const slot = rootShapeCache() + POINTERS_SIZE + (<usize>index << 2);
  const known = <usize>load<u32>(slot);
  if (
    known != 0 &&
    load<u32>(known, SHAPE_PROTO) == <u32>proto &&
    load<u32>(known, SHAPE_LAST_ATTRIBUTES) == <u32>kind &&
    load<u32>(known, SHAPE_LAYOUT) == (base | (capacity << 16))
  ) {
    return known;
  }
  if (proto != 0) becomePrototype(proto);
  const shape = newRootShape(proto, <usize>base, capacity, 0);
  store<u32>(shape, <u32>kind, SHAPE_LAST_ATTRIBUTES);
  store<u32>(slot, <u32>shape);
  return shape;
}

/** A new object of `kind` with `capacity` inline slots; the caller must fill the internal fields. */
export function newObject(kind: i32, proto: usize, capacity: u32): usize {
  return newObjectOfShape(kind, rootShape(kind, proto, capacity));
}

/** The root shape kept in an intrinsic slot; made at its first use. */
function cachedShape(slot: i32, kind: i32, proto: i32, capacity: u32): usize {
  const known = intrinsic(slot);
  if (known != 0) return addressOf(known);
  const shape = rootShape(kind, addressOf(intrinsic(proto)), capacity);
  store<u64>(intrinsicAddress(slot), 0xfffffffc_00000000 | <u64>shape);
  return shape;
}

export function intrinsicAddress(id: i32): usize {
  return changetype<usize>(intrinsicBase() + (<usize>id << 3));
}
// @ts-ignore: decorator
@inline
function intrinsicBase(): usize {
  return VM_INTRINSICS;
}

/** {} with room for `capacity` properties. */
export function newPlainObject(capacity: u32): usize {
  const room = capacity > 16 ? 16 : capacity;
  return newObjectOfShape(Kind.OBJECT, cachedShape(Kept.PLAIN_SHAPES + <i32>room, Kind.OBJECT, Intrinsic.ObjectPrototype, room));
}

/** [] with room for `capacity` elements. */
export function newArray(capacity: u32): usize {
  const array = newObjectOfShape(Kind.ARRAY, cachedShape(Kept.ARRAY_SHAPE, Kind.ARRAY, Intrinsic.ArrayPrototype, 0));
  store<u32>(array, 0, ARRAY_LENGTH);
  store<u32>(array, 0, ARRAY_ARRAY_FLAGS);
  if (capacity > 0) setElements(array, newElements(capacity));
  return array;
}

/** Appends to an array under construction: dense, and not yet visible to the guest. */
// @ts-ignore: decorator
@inline
export function arrayPush(array: usize, value: Value): void {
  appendElement(array, value);
  store<u32>(array, load<u32>(array, ARRAY_LENGTH) + 1, ARRAY_LENGTH);
}

export function newAccessor(getter: Value, setter: Value): usize {
  const cell = allocate(Kind.ACCESSOR, ACCESSOR_SIZE);
  store<u32>(cell, 0);
  store<u64>(cell, getter, ACCESSOR_GETTER);
  store<u64>(cell, setter, ACCESSOR_SETTER);
  return cell;
}
