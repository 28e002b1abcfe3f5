// Owns the changes that a program made to objects of the base image, found by comparing those that it may have changed
// (objects/touched.ts) with pristine copies. Must never write an object that looks unchanged to the guest: new shape cells, caches, hashes
// and grown tables are not changes.
import { codeIdentity } from "../bytecode/prelude-code";
import { Value } from "../core/value";
import { ARRAY_LENGTH, Kind, PROPTABLE_SIZE, SHAPE_COUNT, SHAPE_LAYOUT, SHAPE_PROTO, SHAPE_TABLE } from "../generated/kinds";
import { CELL_OF_KIND, Change, FIELDS, FIELDS_SIZE, FieldType, NOT_PORTABLE, PropertyChange } from "../generated/snapshot-format";
import { kindOf, sizeOf } from "../heap/memory";
import { putNumber } from "../heap/scratch";
import { elementsOf } from "../objects/elements";
import { OBJECT_SLOTS, slotAddress } from "../objects/object";
import { entryAttributes, entryKey, inlineBase, NOT_EXTENSIBLE, shapeOf } from "../objects/shape";
import { hasElements, writeElements, writeExtra, writeFields } from "./write-cell";
import { MAIN, PENDING, writeKey, writeObject, writeValue } from "./write-value";

/** The object's entry in the list that the wrapper made (ts/snapshot/pristine.ts); distances in it are from its start. */
//
//   one entry      +0 bytes · +4 stable id · +8 address · +12 object · +16 shape · +20 table · +24 SLOTS · copies of these cells …
const STATE: usize = memory.data(16, 4);
/** Pristine copies: of the object, of its shape, of the entries of that, of the SLOTS cell (0: no SLOTS). */
const OBJECT: usize = STATE;
const SHAPE: usize = STATE + 4;
const ENTRIES: usize = STATE + 8;
const SLOTS: usize = STATE + 12;

const ENTRY_BYTES: usize = 0;
const ENTRY_ID: usize = 4;
const ENTRY_ADDRESS: usize = 8;
const ENTRY_OBJECT: usize = 12;
const ENTRY_SHAPE: usize = 16;
const ENTRY_TABLE: usize = 20;
const ENTRY_SLOTS: usize = 24;

// @ts-ignore: decorator
@inline
function pristineObject(): usize {
  return <usize>load<u32>(OBJECT);
}
// @ts-ignore: decorator
@inline
function pristineShape(): usize {
  return <usize>load<u32>(SHAPE);
}

function copyIn(entry: usize, field: usize): usize {
  const distance = <usize>load<u32>(entry + field);
  return distance == 0 ? 0 : entry + distance;
}

function openEntry(entry: usize): void {
  store<u32>(OBJECT, <u32>copyIn(entry, ENTRY_OBJECT));
  store<u32>(SHAPE, <u32>copyIn(entry, ENTRY_SHAPE));
  store<u32>(ENTRIES, <u32>(copyIn(entry, ENTRY_TABLE) + PROPTABLE_SIZE));
  store<u32>(SLOTS, <u32>copyIn(entry, ENTRY_SLOTS));
}

/** Value of slot `index` of the pristine object. */
function pristineSlot(index: u32): Value {
  // A copy is no live cell, so the functions of objects/shape.ts, which the checking builds hold to live cells, are not for it.
  const base = <usize>load<u16>(pristineShape(), SHAPE_LAYOUT);
  const capacity = <u32>load<u16>(pristineShape(), SHAPE_LAYOUT + 2);
  if (index < capacity) return load<u64>(pristineObject() + base + (<usize>index << 3));
  return load<u64>(<usize>load<u32>(SLOTS) + 8 + (<usize>(index - capacity) << 3));
}

/** Pristine key and attributes of entry `index` of the shape. */
// @ts-ignore: decorator
@inline
function pristineEntry(index: u32): u64 {
  return load<u64>(<usize>load<u32>(ENTRIES) + (<usize>index << 3));
}

/** Begins a change of a property. The reader puts it off as three words: key, what to do, value. */
function putChange(op: u32, key: usize): void {
  store<u32>(PENDING, load<u32>(PENDING) + 3);
  putNumber(MAIN, op);
  writeKey(key);
}

/** Entries `from` to `to` of the pristine shape are gone: returns true if there were any, and writes their removal if asked to. */
function removed(from: u32, to: u32, write: bool): bool {
  let any = false;
  for (let i = from; i < to; i++) {
    const key = <u32>pristineEntry(i);
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
  const count = load<u32>(shape, SHAPE_COUNT);
  const old: u32 = load<u32>(pristineShape(), SHAPE_COUNT);
  let any = false;
  let j: u32 = 0;
  let i: u32 = 0;
  for (; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0) continue;
    let k = j;
    while (k < old && <usize>(<u32>pristineEntry(k)) != key) k++;
    if (k == old) break;
    if (removed(j, k, write)) any = true;
    const attributes = entryAttributes(shape, i);
    const value = load<u64>(slotAddress(object, i));
    if (<u32>(pristineEntry(k) >> 32) != attributes || pristineSlot(k) != value) {
      any = true;
      if (write) putEntry(PropertyChange.CHANGED, key, attributes, value);
    }
    j = k + 1;
  }
  if (removed(j, old, write)) any = true;
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
  const was = pristineObject();
  if (<u32>shape != load<u32>(was)) return true;
  if (load<u32>(shape, SHAPE_COUNT) != load<u32>(pristineShape(), SHAPE_COUNT) || load<u32>(shape, SHAPE_TABLE) != load<u32>(pristineShape(), SHAPE_TABLE)) return true;
  const slots = <usize>load<u32>(object, OBJECT_SLOTS);
  if (<u32>slots != load<u32>(was, OBJECT_SLOTS)) return true;
  for (let at = inlineBase(shape), end = sizeOf(object); at < end; at += 8) if (load<u64>(object + at) != load<u64>(was + at)) return true;
  if (slots != 0) {
    const copy = <usize>load<u32>(SLOTS);
    for (let at: usize = 8, end = sizeOf(slots); at < end; at += 8) if (load<u64>(slots + at) != load<u64>(copy + at)) return true;
  }
  // Changing attributes makes a new shape cell, and so does removal. Only appending happens in place, and the count shows it.
  return false;
}

function fieldsDiffer(object: usize, kind: i32): bool {
  const copy = pristineObject();
  if (kind == Kind.ARRAY) return load<u64>(object, ARRAY_LENGTH) != load<u64>(copy, ARRAY_LENGTH);
  const portable = <u32>load<u8>(CELL_OF_KIND + <usize>kind);
  // The global object has no fields of its own.
  if (portable == NOT_PORTABLE) return false;
  let field = FIELDS + <usize>portable * FIELDS_SIZE;
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
  }
  return false;
}

/**
 * Compares the object of the entry with its pristine copy, and writes the differences. It compares twice: first without writing, because
 * the bits of the change come before the changes themselves, and an object that looks unchanged must leave no byte.
 */
function compareObject(entry: usize): void {
  openEntry(entry);
  const object = <usize>load<u32>(entry, ENTRY_ADDRESS);
  const kind = kindOf(object);
  const shape = shapeOf(object);
  const was = pristineShape();
  let change: u32 = 0;
  if (load<u32>(shape, SHAPE_PROTO) != load<u32>(was, SHAPE_PROTO)) change |= Change.PROTOTYPE;
  if (load<u32>(shape) & ~load<u32>(was) & NOT_EXTENSIBLE) change |= Change.NOT_EXTENSIBLE;
  if (mayDiffer(object) && walkProperties(object, false)) change |= Change.PROPERTIES;
  // No object of the base image has elements.
  if (hasElements(object)) change |= Change.ELEMENTS;
  if (fieldsDiffer(object, kind)) change |= Change.FIELDS;
  if (change == 0) return;
  store<u32>(PENDING, load<u32>(PENDING) + 16);
  putNumber(MAIN, load<u32>(entry, ENTRY_ID) + 1);
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

/** Writes the changes of the base objects in the list of `count` entries, which is in order of their stable ids. */
export function writeBase(list: usize, count: u32): void {
  let entry = list;
  for (let i: u32 = 0; i < count; i++) {
    compareObject(entry);
    entry += <usize>load<u32>(entry, ENTRY_BYTES);
  }
  putNumber(MAIN, 0);
}
