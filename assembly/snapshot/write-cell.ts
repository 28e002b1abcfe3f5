// Owns the bodies of cells: shapes, fields, properties, elements, parts special to a kind. Must never write state that only makes the
// machine faster (caches, capacities of objects and tables that no fuel depends on, identity hashes, removed entries).
//
//   body of an object    kind | 64 if it has elements · [INTERNAL: class, slots] · shape · fields · extra · properties · [elements]
//   any other body       kind · fields · what SNAPSHOT_KINDS says of the kind
//
// Written is everything that the guest can observe, and everything on which fuel depends. So the spare room of arrays,
// tables and buffers is written (growing them costs fuel), caches and hashes are not.
import { clearFew, copyFew } from "../core/few-bytes";
import { HOLE, isPointer, UNDEFINED } from "../core/value";
import { CARRIED_PROGRAM } from "../generated/exchange";
import {
  ARRAY_ARRAY_FLAGS, ARRAY_LENGTH, BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, BLOCK_LENGTH, BLOCK_SIZE, BYTES_LENGTH, BYTES_SIZE,
  CODE_INDEX, CODE_PROGRAM, ELEMENTS_CAPACITY, ENV_SIZE, FIRST_OBJECT_KIND, FRAME_COUNT, FRAME_POSITION, FRAME_SIZE, HASHTABLE_CAPACITY,
  HASHTABLE_NEXT, HASHTABLE_SIZE, HASHTABLE_USED, INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind, PROGRAM_ID, PROGRAM_NEEDED,
  ROPE_LEFT, ROPE_RIGHT, SHAPE_COUNT, SHAPE_PROTO, SLICE_BASE, SLICE_START, SPARSE_LIVE, SPARSE_SIZE, SPARSE_USED, STRBUF_CAPACITY,
  STRBUF_FLAGS, STRBUF_SIZE, STRBUF_USED,
} from "../generated/kinds";
import {
  CELL_OF_KIND, ElementMode, Fault, FIELDS, FIELDS_SIZE, FieldType, NOT_PORTABLE, ShapeFlag,
  TextFlag,
} from "../generated/snapshot-format";
import { kindOf, sizeOf } from "../heap/memory";
import { extendList, listBytes, listStart, putNumber, takeSpace } from "../heap/scratch";
import { HASHTABLE_ENTRY, SPARSE_ENTRY } from "../heap/trace-custom";
import { AFTER_WAIT } from "../interpreter/live-registers";
import { denseLength, elementAt, elementsOf, FROZEN, SEALED } from "../objects/elements";
import { slotAddress } from "../objects/object";
import { CALLABLE, entryAttributes, entryKey, NOT_EXTENSIBLE, PLAIN, PROXY_CONSTRUCTOR, shapeOf } from "../objects/shape";
import { flagsOf, lengthOf, MOVED, TWO_BYTE } from "../strings/cells";
import { writeRegisters } from "./write-stack";
import {
  codeOrdinal, COLUMN_SIZE, fail, FIRST_ELEMENTS, inBase, KEYS, MAIN, markOf, PENDING, putChars, SHAPES, TEXTS, writeKey, writeObject,
  writeReference, writeString, writeValue, writeValueIn,
} from "./write-value";

// --- shapes -------------------------------------------------------------------------------------------------------

function shapeFlags(shape: usize): u32 {
  const flags = load<u32>(shape);
  let out: u32 = flags & NOT_EXTENSIBLE ? ShapeFlag.NOT_EXTENSIBLE : 0;
  if (flags & CALLABLE) out |= ShapeFlag.CALLABLE;
  if (flags & PROXY_CONSTRUCTOR) out |= ShapeFlag.CONSTRUCTOR;
  return out;
}

// An entry of the list of shapes: {address of the shape, an object that has it, hash, columns of its properties}. Objects of different
// kinds do not share a shape.
// Shapes are written by content, not by cell: the machine may have two cells for one content (a root was made twice, a prototype was made
// unique and back), and how many is not for the guest to pay, nor for the bytes to show.
const SHAPE_ENTRY: u32 = 16;

/**
 * Tells shapes of different layout apart: the kind, and for internal objects the number of slots. Where inline slots begin depends on it
 * (KIND_END, INTERNAL_COUNT), and the reader gives a shape one inline base.
 */
function layoutOf(object: usize): u32 {
  const kind = kindOf(object);
  return kind == Kind.INTERNAL ? 256 + load<u32>(object, INTERNAL_COUNT) : <u32>kind;
}

function shapeHash(shape: usize, object: usize): u32 {
  const count = load<u32>(shape, SHAPE_COUNT);
  // Addresses of prototype and keys are good enough: the hash lives no longer than the snapshot is written.
  let h = (load<u32>(shape, SHAPE_PROTO) ^ shapeFlags(shape) ^ (layoutOf(object) << 4)) * 0x9e3779b1;
  for (let i: u32 = 0; i < count; i++) {
    const key = <u32>entryKey(shape, i);
    if (key == 0) continue;
    h = ((h ^ (h >> 15)) + key + entryAttributes(shape, i)) * 0x9e3779b1;
  }
  return h;
}

function sameShape(a: usize, b: usize): bool {
  if (load<u32>(a, SHAPE_PROTO) != load<u32>(b, SHAPE_PROTO) || shapeFlags(a) != shapeFlags(b)) return false;
  const n = load<u32>(a, SHAPE_COUNT);
  const m = load<u32>(b, SHAPE_COUNT);
  let i: u32 = 0;
  let j: u32 = 0;
  while (true) {
    // Places of removed properties are not written, so they do not count.
    while (i < n && entryKey(a, i) == 0) i++;
    while (j < m && entryKey(b, j) == 0) j++;
    if (i == n || j == m) return i == n && j == m;
    if (entryKey(a, i) != entryKey(b, j) || entryAttributes(a, i) != entryAttributes(b, j)) return false;
    i++;
    j++;
  }
  return true;
}

// Shapes by their content: open addressing, number of the shape (from 1), 0: free.
const INDEX: usize = memory.data(8, 8);
const INDEX_MASK: usize = INDEX + 4;
const FIRST_INDEX: u32 = 128;

export function openShapes(): void {
  makeIndex(FIRST_INDEX);
}

function makeIndex(size: u32): void {
  const at = takeSpace(<usize>size << 2);
  memory.fill(at, 0, <usize>size << 2);
  store<u32>(INDEX, <u32>at);
  store<u32>(INDEX_MASK, size - 1);
}

// @ts-ignore: decorator
@inline
function shapeEntry(number: u32): usize {
  return listStart(SHAPES) + <usize>((number - 1) * SHAPE_ENTRY);
}

/** Number of a written shape with the same content, 0 if there is no such shape. */
function findShape(shape: usize, object: usize, hash: u32): u32 {
  const layout = layoutOf(object);
  const mask = load<u32>(INDEX_MASK);
  let i = hash & mask;
  while (true) {
    const number = load<u32>(<usize>load<u32>(INDEX) + (<usize>i << 2));
    if (number == 0) return 0;
    const entry = shapeEntry(number);
    if (load<u32>(entry, 8) == hash && layoutOf(<usize>load<u32>(entry, 4)) == layout && sameShape(<usize>load<u32>(entry), shape)) return number;
    i = (i + 1) & mask;
  }
  return 0;
}

function placeShape(number: u32): void {
  const mask = load<u32>(INDEX_MASK);
  let i = load<u32>(shapeEntry(number), 8) & mask;
  while (load<u32>(<usize>load<u32>(INDEX) + (<usize>i << 2)) != 0) i = (i + 1) & mask;
  store<u32>(<usize>load<u32>(INDEX) + (<usize>i << 2), number);
}

/** Enters the newest shape of the list into the index. */
function enterShape(): void {
  const count = shapeCount();
  // At most half full, as findShape relies on an end.
  if (count << 1 <= load<u32>(INDEX_MASK)) {
    placeShape(count);
    return;
  }
  makeIndex((load<u32>(INDEX_MASK) + 1) << 1);
  for (let number: u32 = 1; number <= count; number++) placeShape(number);
}

/**
 * Writes a shape; returns the address of its columns.
 *   new shape    0 · flags · prototype · count · {key, [attributes unless PLAIN_KEYS]} each
 */
function describeShape(shape: usize): usize {
  const count = load<u32>(shape, SHAPE_COUNT);
  let live: u32 = 0;
  let flags = shapeFlags(shape) | ShapeFlag.PLAIN_KEYS;
  for (let i: u32 = 0; i < count; i++) {
    if (entryKey(shape, i) == 0) continue;
    live++;
    if (entryAttributes(shape, i) != PLAIN) flags &= ~ShapeFlag.PLAIN_KEYS;
  }
  // The reader cannot make a shape before its prototype and keys exist: it puts these entries off, and must know how many there are.
  store<u32>(PENDING, load<u32>(PENDING) + 1 + live * 2);
  putNumber(MAIN, flags);
  writeObject(<usize>load<u32>(shape, SHAPE_PROTO));
  putNumber(MAIN, live);
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0) continue;
    writeKey(key);
    if ((flags & ShapeFlag.PLAIN_KEYS) == 0) putNumber(MAIN, entryAttributes(shape, i));
  }
  store<u32>(KEYS, load<u32>(KEYS) + live);
  // A column for each property: the same property of many objects mostly changes little from one to the next.
  const columns = takeSpace(<usize>live * COLUMN_SIZE);
  clearFew(columns, <usize>live * COLUMN_SIZE);
  return columns;
}

export function shapeCount(): u32 {
  return listBytes(SHAPES) / SHAPE_ENTRY;
}

/**
 * Writes the shape of an object, or its number; returns the address of its columns. Three steps, from cheap to dear: the mark of the shape
 * cell, the index by content, a new shape. Shapes and cells share the marks; a shape is never mentioned as a cell.
 */
function writeShape(object: usize): usize {
  const shape = shapeOf(object);
  const mark = markOf(shape);
  let number = load<u32>(mark);
  // If objects of different layout share a shape, its mark holds for the layout of the first only.
  if (number != 0 && layoutOf(<usize>load<u32>(shapeEntry(number), 4)) != layoutOf(object)) number = 0;
  if (number == 0) {
    const hash = shapeHash(shape, object);
    number = findShape(shape, object, hash);
    if (number == 0) {
      putNumber(MAIN, 0);
      const entry = extendList(SHAPES, SHAPE_ENTRY);
      store<u32>(entry, <u32>shape);
      store<u32>(entry, <u32>object, 4);
      store<u32>(entry, hash, 8);
      number = shapeCount();
      store<u32>(mark, number);
      enterShape();
      const columns = describeShape(shape);
      store<u32>(shapeEntry(number), <u32>columns, 12);
      return columns;
    }
    store<u32>(mark, number);
  }
  putNumber(MAIN, number);
  return <usize>load<u32>(shapeEntry(number), 12);
}


function isGuestCode(code: usize): bool {
  const program = <usize>load<u32>(code, CODE_PROGRAM);
  return !inBase(program) && load<u32>(program, PROGRAM_ID) < CARRIED_PROGRAM;
}

function writeCode(code: usize): void {
  if (isGuestCode(code)) {
    const program = <usize>load<u32>(code, CODE_PROGRAM);
    // The wrapper asks for this afterwards: programs from strings travel only if a function of theirs does.
    store<u32>(program, 1, PROGRAM_NEEDED);
    putNumber(MAIN, load<u32>(program, PROGRAM_ID) + 1);
    putNumber(MAIN, load<u32>(code, CODE_INDEX));
  } else {
    // Code of the prelude goes by its place in the list of codes that the snapshot carries with it: another build may have other code.
    putNumber(MAIN, 0);
    putNumber(MAIN, codeOrdinal(code));
  }
}

/** Writes the fields of a kind, as FIELDS lists them: {type, offset, kind of a CELL field} each, a byte for each; END ends them. */
export function writeFields(cell: usize, portable: u32): void {
  let field = FIELDS + <usize>portable * FIELDS_SIZE;
  const end = field + FIELDS_SIZE;
  for (; field < end; field += 3) {
    const at = cell + <usize>load<u8>(field, 1);
    switch (<i32>load<u8>(field)) {
      case FieldType.END: return;
      case FieldType.NUMBER:
      case FieldType.NATIVE: putNumber(MAIN, load<u32>(at)); break;
      case FieldType.GUEST:
      case FieldType.ANY: writeValue(load<u64>(at)); break;
      case FieldType.OBJECT: writeObject(<usize>load<u32>(at)); break;
      case FieldType.STRING: writeString(<usize>load<u32>(at)); break;
      case FieldType.CELL: writeReference(<usize>load<u32>(at)); break;
      case FieldType.CODE: writeCode(<usize>load<u32>(at)); break;
    }
  }
}

// --- elements -----------------------------------------------------------------------------------------------------

/**
 * Writes elements; the low bits of the head are the mode.
 *
 *   dense     length << 3 | mode · [ROOM: capacity − length] · values, holes included
 *   sparse    live entries << 3 | SPARSE · {index, attributes, value} each, in the order in which they were added
 */
export function writeElements(elements: usize): void {
  if (kindOf(elements) == Kind.SPARSE) {
    putNumber(MAIN, (load<u32>(elements, SPARSE_LIVE) << 3) | ElementMode.SPARSE);
    let entry = elements + SPARSE_SIZE;
    const end = entry + <usize>load<u32>(elements, SPARSE_USED) * SPARSE_ENTRY;
    for (; entry < end; entry += SPARSE_ENTRY) {
      const v = load<u64>(entry, 8);
      if (v == HOLE) continue;
      putNumber(MAIN, load<u32>(entry));
      putNumber(MAIN, load<u32>(entry, 4));
      writeValue(v);
    }
    return;
  }
  const flags = load<u32>(elements);
  const length = denseLength(elements);
  const capacity = load<u32>(elements, ELEMENTS_CAPACITY);
  // How much room is left decides when the next append grows the elements, which takes fuel: it is part of the state.
  if (flags != 0 || capacity == length) putNumber(MAIN, (length << 3) | (flags & FROZEN ? ElementMode.FROZEN : flags & SEALED ? ElementMode.SEALED : ElementMode.PLAIN));
  else if (capacity == appendedRoom(length)) putNumber(MAIN, (length << 3) | ElementMode.APPENDED);
  else {
    putNumber(MAIN, (length << 3) | ElementMode.ROOM);
    putNumber(MAIN, capacity - length);
  }
  // Arrays of one kind tend to begin alike (a tag, a number that counts on): the first elements of all arrays are one column.
  if (length == 0) return;
  writeValueIn(FIRST_ELEMENTS, load<u64>(elementAt(elements, 0)));
  copyFew(ELEMENTS_COLUMN, FIRST_ELEMENTS, COLUMN_SIZE);
  for (let i: u32 = 1; i < length; i++) writeValueIn(ELEMENTS_COLUMN, load<u64>(elementAt(elements, i)));
}

const ELEMENTS_COLUMN: usize = memory.data(24, 8);

/**
 * Capacity of elements that were appended one by one (as objects/elements.ts grows them). Most arrays were filled by push, so most have
 * exactly this capacity, and the mode alone says it.
 */
export function appendedRoom(length: u32): u32 {
  let room: u32 = 0;
  while (room < length) room = max<u32>(4, room + 1 + ((room + 1) >> 1));
  return room;
}

/** True if the object has elements worth writing. */
export function hasElements(object: usize): bool {
  const elements = elementsOf(object);
  if (elements == 0) return false;
  return kindOf(elements) == Kind.SPARSE || load<u32>(elements) != 0 || load<u32>(elements, ELEMENTS_CAPACITY) != 0;
}

// --- objects ------------------------------------------------------------------------------------------------------

/** Writes the parts of some kinds of objects beyond their fields. */
export function writeExtra(object: usize, kind: i32): void {
  if (kind == Kind.ARRAY) {
    const length = load<u32>(object, ARRAY_LENGTH);
    const dense = denseLength(elementsOf(object));
    // Never below 0, and at most 32 bits: only sparse arrays are that long.
    putNumber(MAIN, load<u32>(object, ARRAY_ARRAY_FLAGS) & 1);
    putNumber(MAIN, length - dense);
  } else if (kind == Kind.INTERNAL) {
    const count = load<u32>(object, INTERNAL_COUNT);
    for (let i: u32 = 0; i < count; i++) writeValue(load<u64>(object + INTERNAL_SIZE + (<usize>i << 3)));
  }
}

function writeObjectBody(object: usize, kind: i32, portable: u32): void {
  const elements = hasElements(object);
  putNumber(MAIN, elements ? portable | 64 : portable);
  if (kind == Kind.INTERNAL) {
    putNumber(MAIN, load<u32>(object, INTERNAL_CLASS));
    putNumber(MAIN, load<u32>(object, INTERNAL_COUNT));
  }
  let column = writeShape(object);
  writeFields(object, portable);
  writeExtra(object, kind);
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    if (entryKey(shape, i) == 0) continue;
    writeValueIn(column, load<u64>(slotAddress(object, i)));
    column += COLUMN_SIZE;
  }
  if (elements) writeElements(elementsOf(object));
}

// --- other cells --------------------------------------------------------------------------------------------------

/**
 * Writes a table of a Map or Set.
 *
 *   next table · used << 2 | old << 1 | set · log2 of the capacity · {key, [value unless set]} each; key HOLE: a removed entry
 *
 * An iterator counts places, so removed entries keep theirs. A table that an iterator still walks after it was replaced is *old*: the
 * iterator finds its place in the new one by counting the holes before it, so of an old table only the holes are written.
 */
function writeHashtable(table: usize): void {
  const used = load<u32>(table, HASHTABLE_USED);
  const isOld = load<u32>(table, HASHTABLE_NEXT) != 0;
  let entry = table + HASHTABLE_SIZE;
  const end = entry + <usize>used * HASHTABLE_ENTRY;
  let isSet = true;
  for (let at = entry; at < end && !isOld; at += HASHTABLE_ENTRY) {
    if (load<u64>(at) != HOLE && load<u64>(at, 8) != UNDEFINED) {
      isSet = false;
      break;
    }
  }
  // Bits of the head: 1: all values are undefined (a set) · 2: an old table · above: entries, holes included.
  putNumber(MAIN, (used << 2) | (isOld ? 2 : 0) | (isSet ? 1 : 0));
  // The growth of a table takes fuel, so its capacity is part of the state. Of an old table only the places of its holes matter.
  putNumber(MAIN, isOld ? 0 : 31 - clz<u32>(load<u32>(table, HASHTABLE_CAPACITY)));
  for (; entry < end; entry += HASHTABLE_ENTRY) {
    const key = load<u64>(entry);
    if (isOld) putNumber(MAIN, key == HOLE ? 4 << 3 : 0);
    else {
      writeValue(key);
      if (!isSet && key != HOLE) writeValue(load<u64>(entry, 8));
    }
  }
}

/** Writes a FRAME cell: 0 and its size while its function runs, else 1 and the frame. Positions are in words, so code may move. */
function writeFrame(frame: usize): void {
  const count = load<u32>(frame, FRAME_COUNT);
  const callee = load<u64>(frame, FRAME_SIZE);
  // While the frame runs, its cell is empty.
  if (!isPointer(callee)) {
    putNumber(MAIN, 0);
    putNumber(MAIN, count);
    return;
  }
  putNumber(MAIN, 1);
  const word = load<u32>(frame, FRAME_POSITION);
  writeRegisters(frame + FRAME_SIZE, word, word, AFTER_WAIT, 0, 0);
}

/** Writes the bytes of an ArrayBuffer without the zeros at its end: fresh buffers are mostly zeros. Tested eight bytes at a time. */
function writeBlock(block: usize): void {
  const bytes = load<u32>(block, BLOCK_LENGTH);
  const start = block + BLOCK_SIZE;
  let end = start + ((<usize>bytes + 7) & ~7);
  while (end > start && load<u64>(end - 8) == 0) end -= 8;
  const used = min<u32>(bytes, <u32>(end - start));
  putNumber(MAIN, bytes);
  putNumber(MAIN, used);
  memory.copy(extendList(TEXTS, used), start, used);
}

function writePlain(cell: usize, kind: i32): void {
  switch (kind) {
    case Kind.STRING: {
      // The hash itself differs from build to build; that it is known is written, since computing it costs fuel.
      const flags = flagsOf(cell);
      let out: u32 = flags & TWO_BYTE ? TextFlag.WIDE : 0;
      if (flags & 8) out |= TextFlag.BUILT;
      if (load<u32>(cell) != 0) out |= TextFlag.HASHED;
      putNumber(MAIN, (<u32>lengthOf(cell) << 3) | out);
      putChars(cell);
      return;
    }
    case Kind.SLICE: {
      const base = <usize>load<u32>(cell, SLICE_BASE);
      putNumber(MAIN, (<u32>lengthOf(cell) << 1) | (load<u32>(cell) != 0 ? 1 : 0));
      putNumber(MAIN, load<u32>(cell, SLICE_START));
      const isBuffer = kindOf(base) == Kind.STRBUF;
      putNumber(MAIN, isBuffer ? 1 : 0);
      if (isBuffer) writeReference(base);
      else writeString(base);
      return;
    }
    case Kind.ROPE:
      writeString(<usize>load<u32>(cell, ROPE_LEFT));
      writeString(<usize>load<u32>(cell, ROPE_RIGHT));
      return;
    case Kind.STRBUF: {
      const flags = load<u32>(cell, STRBUF_FLAGS);
      const used = load<u32>(cell, STRBUF_USED);
      const moved = (flags & MOVED) != 0;
      putNumber(MAIN, (used << 2) | (moved ? 2 : 0) | (flags & TWO_BYTE));
      // Nothing is appended to a buffer once its text has MOVED: its spare room does not matter.
      putNumber(MAIN, moved ? 0 : load<u32>(cell, STRBUF_CAPACITY) - used);
      const bytes = used << (flags & TWO_BYTE);
      memory.copy(extendList(TEXTS, bytes), cell + STRBUF_SIZE, bytes);
      return;
    }
    case Kind.BIGINT: {
      const limbs = load<u32>(cell, BIGINT_LENGTH);
      putNumber(MAIN, (limbs << 1) | load<u32>(cell, BIGINT_SIGN));
      for (let i: u32 = 0; i < limbs; i++) putNumber(MAIN, load<u32>(cell + BIGINT_SIZE + (<usize>i << 2)));
      return;
    }
    case Kind.ENV: {
      const count = <u32>((sizeOf(cell) - ENV_SIZE) >> 3);
      putNumber(MAIN, count);
      for (let i: u32 = 0; i < count; i++) writeValue(load<u64>(cell + ENV_SIZE + (<usize>i << 3)));
      return;
    }
    case Kind.HASHTABLE: writeHashtable(cell); return;
    case Kind.FRAME: writeFrame(cell); return;
    case Kind.ELEMENTS: writeElements(cell); return;
    case Kind.BLOCK: writeBlock(cell); return;
    case Kind.BYTES: {
      const bytes = load<u32>(cell, BYTES_LENGTH);
      putNumber(MAIN, bytes);
      memory.copy(extendList(TEXTS, bytes), cell + BYTES_SIZE, bytes);
      return;
    }
  }
}

/** Writes the body of one cell. */
export function writeBody(cell: usize): void {
  const kind = kindOf(cell);
  const portable = <u32>load<u8>(CELL_OF_KIND + <usize>kind);
  if (portable == NOT_PORTABLE) {
    fail(Fault.UNWRITABLE, cell);
    return;
  }
  if (kind >= FIRST_OBJECT_KIND) {
    writeObjectBody(cell, kind, portable);
    return;
  }
  putNumber(MAIN, portable);
  writeFields(cell, portable);
  writePlain(cell, kind);
}
