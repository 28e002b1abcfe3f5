// Owns the changes that a program made to objects of the base image, found by comparing them with a pristine copy of the image. Must
// never write an object that looks unchanged to the guest: new shape cells, caches, hashes and grown tables are not changes.
import { codeIdentity } from "../bytecode/prelude-code";
import { Value } from "../core/value";
import {
  ARRAY_LENGTH, FIRST_OBJECT_KIND, INTERNAL_COUNT, INTERNAL_SIZE, Kind, PROPTABLE_SIZE, SHAPE_COUNT, SHAPE_PROTO, SHAPE_TABLE,
} from "../generated/kinds";
import { BASE_START } from "../generated/layout";
import { CELL_OF_KIND, Change, FIELDS, FIELDS_SIZE, FieldType, PropertyChange } from "../generated/snapshot-format";
import { kindOf, sizeOf } from "../heap/memory";
import { putNumber } from "../heap/scratch";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { OBJECT_SLOTS, slotAddress } from "../objects/object";
import { entryAttributes, entryKey, inlineBase, inlineCapacity, NOT_EXTENSIBLE, shapeOf } from "../objects/shape";
import { hasElements, writeElements, writeExtra, writeFields } from "./write-cell";
import { inBase, MAIN, PENDING, writeKey, writeObject, writeValue } from "./write-value";

const STATE: usize = memory.data(8, 8);
/** Difference between the address of a base cell and that of its pristine copy. */
const PRISTINE: usize = STATE;

/** Where the pristine copy of a base cell is: both images have the same layout, so it is always equally far away. */
function pristine(cell: usize): usize {
  return cell + <usize>load<u32>(PRISTINE);
}

/** True if the base cell at p is unchanged, to the byte. */
function isUntouched(p: usize): bool {
  if (p == 0) return true;
  if (!inBase(p)) return false;
  const copy = pristine(p);
  const end = p + sizeOf(p);
  if (load<u64>(p) != load<u64>(copy)) return false;
  for (let at = p + 8; at < end; at += 8) if (load<u64>(at) != load<u64>(copy + at - p)) return false;
  return true;
}

/** Value of slot `index` of the pristine object. */
function pristineSlot(object: usize, shape: usize, index: u32): Value {
  const capacity = inlineCapacity(shape);
  const copy = pristine(object);
  if (index < capacity) return load<u64>(copy + inlineBase(shape) + (<usize>index << 3));
  return load<u64>(pristine(<usize>load<u32>(copy, OBJECT_SLOTS)) + 8 + (<usize>(index - capacity) << 3));
}

/** Pristine key and attributes of entry `index` of a shape (in the image). */
// @ts-ignore: decorator
@inline
function pristineEntry(shape: usize, index: u32): u64 {
  const table = pristine(<usize>load<u32>(pristine(shape), SHAPE_TABLE));
  return load<u64>(table + PROPTABLE_SIZE + (<usize>index << 3));
}

/** Begins the change of one property; the reader puts three entries off for it. */
function putChange(op: u32, key: usize): void {
  store<u32>(PENDING, load<u32>(PENDING) + 3);
  putNumber(MAIN, op);
  writeKey(key);
}

/** Entries `from` to `to` of the pristine shape are gone: returns true if there were any, and writes their removal if asked to. */
function removed(was: usize, from: u32, to: u32, write: bool): bool {
  let any = false;
  for (let i = from; i < to; i++) {
    const key = <u32>pristineEntry(was, i);
    if (key == 0) continue;
    any = true;
    if (write) putChange(PropertyChange.REMOVED, <usize>key);
  }
  return any;
}

function putEntry(op: u32, key: usize, attributes: u32, value: Value): void {
  putChange(op, key);
  putNumber(MAIN, attributes);
  writeValue(value);
}

/**
 * Walks along both property lists: returns true if they differ, and writes the differences if asked to. Properties are only ever
 * added at the end, so those that are left come before all new ones, in the old order. A property that was removed and added again
 * counts as both.
 */
function walkProperties(object: usize, write: bool): bool {
  const shape = shapeOf(object);
  const was = <usize>load<u32>(pristine(object));
  const count = load<u32>(shape, SHAPE_COUNT);
  const old: u32 = load<u32>(pristine(was), SHAPE_COUNT);
  let any = false;
  let j: u32 = 0;
  let i: u32 = 0;
  for (; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0) continue;
        // The next old entry with that key; those passed over on the way were removed.
    let k = j;
    while (k < old && <usize>(<u32>pristineEntry(was, k)) != key) k++;
    if (k == old) break;
    if (removed(was, j, k, write)) any = true;
    const attributes = entryAttributes(shape, i);
    const value = load<u64>(slotAddress(object, i));
    if (<u32>(pristineEntry(was, k) >> 32) != attributes || pristineSlot(object, was, k) != value) {
      any = true;
      if (write) putEntry(PropertyChange.CHANGED, key, attributes, value);
    }
    j = k + 1;
  }
  if (removed(was, j, old, write)) any = true;
  for (; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0) continue;
    any = true;
    if (write) putEntry(PropertyChange.ADDED, key, entryAttributes(shape, i), load<u64>(slotAddress(object, i)));
  }
  return any;
}

/** False only if shape cell and values are unchanged, to the byte. A quick test: true may be wrong. */
function mayDiffer(object: usize): bool {
  const shape = shapeOf(object);
  if (shape != <usize>load<u32>(pristine(object))) return true;
  const copy = pristine(shape);
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  if (load<u32>(shape, SHAPE_COUNT) != load<u32>(copy, SHAPE_COUNT) || table != <usize>load<u32>(copy, SHAPE_TABLE)) return true;
  const slots = <usize>load<u32>(object, OBJECT_SLOTS);
  if (slots != <usize>load<u32>(pristine(object), OBJECT_SLOTS)) return true;
  for (let at = object + inlineBase(shape); at < object + sizeOf(object); at += 8) if (load<u64>(at) != load<u64>(pristine(at))) return true;
  if (slots != 0) {
    for (let at = slots + 8; at < slots + sizeOf(slots); at += 8) if (load<u64>(at) != load<u64>(pristine(at))) return true;
  }
  // Changing attributes makes a new shape cell, and so does removal. Only appending happens in place, and the count shows it.
  return false;
}

/** Compares the fields that snapshots have, and what a field refers to if that cell belongs to the object alone. */
function fieldsDiffer(object: usize, kind: i32): bool {
  const copy = pristine(object);
  if (kind == Kind.ARRAY) return load<u64>(object, ARRAY_LENGTH) != load<u64>(copy, ARRAY_LENGTH);
  if (kind == Kind.INTERNAL) {
    const end = INTERNAL_SIZE + (<usize>load<u32>(object, INTERNAL_COUNT) << 3);
    for (let at = INTERNAL_SIZE; at < end; at += 8) if (load<u64>(object + at) != load<u64>(copy + at)) return true;
    return false;
  }
  let field = FIELDS + <usize>load<u8>(CELL_OF_KIND + <usize>kind) * FIELDS_SIZE;
  const end = field + FIELDS_SIZE;
  for (; field < end; field += 3) {
    const type = <i32>load<u8>(field);
    if (type == FieldType.END) break;
    const at = <usize>load<u8>(field, 1);
    if (type == FieldType.CODE) {
      // That the function has been called is not a change.
      if (codeIdentity(<usize>load<u32>(object + at)) != <usize>load<u32>(copy + at)) return true;
      continue;
    }
    const isWide = type == FieldType.GUEST || type == FieldType.ANY;
    if (isWide ? load<u64>(object + at) != load<u64>(copy + at) : load<u32>(object + at) != load<u32>(copy + at)) return true;
    if (type == FieldType.CELL && !isUntouched(<usize>load<u32>(object + at))) return true;
  }
  return false;
}

function elementsDiffer(object: usize): bool {
  const elements = elementsOf(object);
  const was = <usize>load<u32>(pristine(object), 12);
  if (elements == was) return !isUntouched(elements);
    // Elements that a guest has added and removed again count only if they left room behind, which takes fuel to get.
  if (was == 0) return hasElements(object);
  if (kindOf(elements) != Kind.ELEMENTS || kindOf(was) != Kind.ELEMENTS || load<u32>(elements) != load<u32>(pristine(was))) return true;
  const n = denseLength(elements);
  if (n != denseLength(pristine(was))) return true;
  for (let i: u32 = 0; i < n; i++) if (load<u64>(elementAt(elements, i)) != load<u64>(elementAt(pristine(was), i))) return true;
  return false;
}

function compareObject(object: usize, id: u32): void {
  const kind = kindOf(object);
  if (kind < FIRST_OBJECT_KIND) return;
  const shape = shapeOf(object);
  const was = pristine(<usize>load<u32>(pristine(object)));
  let change: u32 = 0;
  if (load<u32>(shape, SHAPE_PROTO) != load<u32>(was, SHAPE_PROTO)) change |= Change.PROTOTYPE;
  if (load<u32>(shape) & ~load<u32>(was) & NOT_EXTENSIBLE) change |= Change.NOT_EXTENSIBLE;
    // Most base objects are never touched: the quick test is what makes a snapshot cheap.
  if (mayDiffer(object) && walkProperties(object, false)) change |= Change.PROPERTIES;
  if (elementsDiffer(object)) change |= Change.ELEMENTS;
  if (fieldsDiffer(object, kind)) change |= Change.FIELDS;
  if (change == 0) return;
  store<u32>(PENDING, load<u32>(PENDING) + 16);
  putNumber(MAIN, id + 1);
  putNumber(MAIN, change);
  if (change & Change.PROTOTYPE) writeObject(<usize>load<u32>(shape, SHAPE_PROTO));
  if (change & Change.FIELDS) {
    writeFields(object, <u32>load<u8>(CELL_OF_KIND + <usize>kind));
    writeExtra(object, kind);
  }
  if (change & Change.PROPERTIES) {
    walkProperties(object, true);
    putNumber(MAIN, PropertyChange.END);
  }
  if (change & Change.ELEMENTS) {
    if (elementsOf(object) == 0) putNumber(MAIN, 0);
    else writeElements(elementsOf(object));
  }
}

/**
 * Writes the changes of all base objects, in order of their stable ids. copy: the pristine image · addresses: u32 per stable id, 0
 * if that object no longer exists.
 */
export function writeBase(copy: usize, addresses: usize, ids: u32): void {
  store<u32>(PRISTINE, <u32>(copy - BASE_START));
  for (let id: u32 = 0; id < ids; id++) {
    const object = <usize>load<u32>(addresses + (<usize>id << 2));
    if (object != 0) compareObject(object, id);
  }
  putNumber(MAIN, 0);
}
