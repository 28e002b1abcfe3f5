// Owns the making of cells from their bodies. Shapes, hash chains and everything that needs real addresses come later (build.ts). Must
// leave every cell such that the collector's tracer can go through it.
//
// Every reader here does the same four things in this order: read the numbers, refuse what no writer writes, ask for `room`, make the cell
// with harmless contents and only then fill it. Memory is so never claimed by a number alone, and a cell is never half made.
import { programFunction } from "../bytecode/prelude-code";
import { clearFew, copyFew } from "../core/few-bytes";
import { HOLE, UNDEFINED, Value } from "../core/value";
import { MAX_CELL_BYTES } from "../generated/exchange";
import {
  ARRAY_ARRAY_FLAGS, ARRAY_LENGTH, BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, BLOCK_LENGTH, BLOCK_SIZE, BYTES_LENGTH, BYTES_SIZE,
  ELEMENTS_LENGTH, ENV_SIZE, FRAME_COUNT, FRAME_SIZE, HASHTABLE_FIRST, HASHTABLE_LIVE, HASHTABLE_SIZE, HASHTABLE_USED, INTERNAL_CLASS,
  INTERNAL_COUNT, INTERNAL_SIZE, Kind, KIND_END, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_COUNT, PROGRAM_ID, ROPE_LEFT, ROPE_RIGHT, ROPE_SIZE,
  SLICE_BASE, SLICE_FLAGS, SLICE_LENGTH, SLICE_SIZE, SLICE_START, SLOTS_SIZE, STRBUF_FLAGS, STRBUF_SIZE, STRBUF_USED, STRING_FLAGS,
} from "../generated/kinds";
import { MAX_REGISTERS, VM_PROGRAMS } from "../generated/layout";
import { NATIVE_COUNT } from "../generated/natives";
import {
  Cell, CELL_KINDS, ElementMode, Fault, FIELDS, FIELDS_SIZE, FieldType, KIND_OF_CELL, PLAIN_FROM, ShapeFlag, TextFlag,
} from "../generated/snapshot-format";
import { allocate } from "../heap/memory";
import { HASHTABLE_ENTRY } from "../heap/trace-custom";
import { elementAt, MAPPED, newElements } from "../objects/elements";
import { tableNew } from "../objects/hash-table";
import { ACCESSOR, PLAIN, WRITABLE } from "../objects/shape";
import { BUILT, MAX_LENGTH, MOVED, newBuffer, TWO_BYTE } from "../strings/cells";
import { hashOf } from "../strings/string";
import { readFrame } from "./read-stack";
import {
  CODE_COUNT, CODE_TABLE, fail, failed, GUEST, HOLES, INTERNAL, MASKS, newString, OBJECTS, readCount, readKey, readNumber, readObject,
  readReference, readString, readValue, readValueIn, remaining, room, STRINGS, TABLE, takeText,
} from "./read-value";
import { appendSparse, newSparseFor } from "./sparse";
import { appendedRoom } from "./write-cell";
import { COLUMN_SIZE } from "./write-value";

const STATE: usize = memory.data(40, 8);
/** Descriptions of shapes, DESCRIPTION bytes each; how many there are, how many have been read. */
export const DESCRIPTIONS: usize = STATE;
export const DESCRIPTION_COUNT: usize = STATE + 4;
export const DESCRIPTION_NEXT: usize = STATE + 8;
/** Values put off until all cells exist: u64 each, traced with everything else; how many there are, how many have room. */
export const PENDING: usize = STATE + 12;
export const PENDING_COUNT: usize = STATE + 16;
export const PENDING_ROOM: usize = STATE + 20;
/** Columns of the properties of all shapes; how many there are, how many are taken. */
export const COLUMNS: usize = STATE + 24;
export const COLUMN_COUNT: usize = STATE + 28;
const COLUMN_NEXT: usize = STATE + 32;
/** Columns of the first element of arrays, and of their further elements. */
const FIRST_ELEMENTS: usize = memory.data(24, 8);
const ELEMENTS_COLUMN: usize = memory.data(24, 8);

export function openColumns(): void {
  store<u32>(COLUMN_NEXT, 0);
  clearFew(FIRST_ELEMENTS, COLUMN_SIZE);
}

/**
 * Fields of a description: place in PENDING of the prototype, after which keys and attributes follow · number of keys · ShapeFlag
 * bits · portable kind · inline base · inline capacity · shape cell · its root · columns.
 */
//
//   PENDING   … │ prototype │ key 0 │ attributes 0 │ key 1 │ attributes 1 │ …
//                 └ D_ENTRY
export const DESCRIPTION: usize = 40;
export const D_ENTRY: usize = 0;
export const D_KEYS: usize = 4;
export const D_FLAGS: usize = 8;
export const D_KIND: usize = 12;
export const D_BASE: usize = 16;
export const D_CAPACITY: usize = 20;
export const D_SHAPE: usize = 24;
export const D_ROOT: usize = 28;
const D_COLUMNS: usize = 32;

/** Objects read from a snapshot have at most this many inline slots. */
const MAX_INLINE: u32 = 16;

/** Puts a value off: appends it to PENDING. */
export function defer(v: Value): void {
  const n = load<u32>(PENDING_COUNT);
  if (n >= load<u32>(PENDING_ROOM)) {
    fail(Fault.COUNT);
    return;
  }
  store<u64>(<usize>load<u32>(PENDING) + (<usize>n << 3), v);
  store<u32>(PENDING_COUNT, n + 1);
}
// @ts-ignore: decorator
@inline
export function deferred(n: u32): Value {
  return load<u64>(<usize>load<u32>(PENDING) + (<usize>n << 3));
}

// --- shapes -------------------------------------------------------------------------------------------------------

function isAttributes(attributes: u32): bool {
  // Bits: 1 WRITABLE, 2 ENUMERABLE, 4 CONFIGURABLE, 8 ACCESSOR (objects/shape.ts).
  // An accessor is not writable.
  return attributes < 16 && (attributes & 9) != 9;
}

function inlineSlots(portable: u32, keys: u32): u32 {
  // Native code keeps lastIndex of a RegExp in its one inline slot.
  if (portable == Cell.REGEXP) return 1;
  const outside = portable == Cell.ARRAY || portable == Cell.FUNCTION || portable == Cell.PROMISE || portable == Cell.GENERATOR;
  return outside ? 0 : min<u32>(keys, MAX_INLINE);
}

/** Reads a new description for objects of that kind. */
function readShape(at: usize, portable: u32, base: u32): void {
  const flags = readNumber();
  if (flags > 15) fail(Fault.SHAPE);
  const isProxy = portable == Cell.PROXY;
  if (!isProxy && flags & (ShapeFlag.CALLABLE | ShapeFlag.CONSTRUCTOR)) fail(Fault.SHAPE);
  store<u32>(at, load<u32>(PENDING_COUNT), D_ENTRY);
  defer(<u64>readObject(OBJECTS) | 0xfffffffc_00000000);
  const keys = readCount();
  for (let i: u32 = 0; i < keys && !failed(); i++) {
    defer(readKey());
    const attributes = flags & ShapeFlag.PLAIN_KEYS ? PLAIN : readNumber();
    if (!isAttributes(attributes)) fail(Fault.SHAPE);
    defer(<u64>attributes);
  }
  const column = load<u32>(COLUMN_NEXT);
  if (column + keys > load<u32>(COLUMN_COUNT)) fail(Fault.COUNT);
  store<u32>(COLUMN_NEXT, column + keys);
  const columns = <usize>load<u32>(COLUMNS) + <usize>column * COLUMN_SIZE;
  if (!failed()) clearFew(columns, <usize>keys * COLUMN_SIZE);
  store<u32>(at, <u32>columns, D_COLUMNS);
  store<u32>(at, keys, D_KEYS);
  store<u32>(at, flags, D_FLAGS);
  store<u32>(at, portable, D_KIND);
  store<u32>(at, base, D_BASE);
  store<u32>(at, inlineSlots(portable, keys), D_CAPACITY);
  store<u32>(at, 0, D_SHAPE);
  store<u32>(at, 0, D_ROOT);
}

/** Reads the shape of the object whose body is being read; returns its description, 0 after a fault. */
function shapeFor(portable: u32, base: u32): usize {
  const n = readNumber();
  const known = load<u32>(DESCRIPTION_NEXT);
  const table = <usize>load<u32>(DESCRIPTIONS);
  let at: usize = 0;
  if (n == 0) {
    if (known >= load<u32>(DESCRIPTION_COUNT)) fail(Fault.COUNT);
    else {
      at = table + <usize>known * DESCRIPTION;
      store<u32>(DESCRIPTION_NEXT, known + 1);
      readShape(at, portable, base);
    }
  } else if (n > known) fail(Fault.SHAPE);
  else {
    at = table + <usize>(n - 1) * DESCRIPTION;
    // A shape fixes where slots are: with the shape of another kind, properties would be read out of internal fields.
    if (load<u32>(at, D_KIND) != portable || load<u32>(at, D_BASE) != base) fail(Fault.SHAPE);
  }
  return failed() ? 0 : at;
}

// --- fields -------------------------------------------------------------------------------------------------------

/** Reads a code cell; 0 after a fault. */
function readCode(): usize {
  const n = readNumber();
  const index = readNumber();
  if (n == 0) {
    if (index < load<u32>(CODE_COUNT)) return <usize>load<u32>(<usize>load<u32>(CODE_TABLE) + (<usize>index << 2));
  } else {
    const programs = <usize>load<u32>(VM_PROGRAMS);
    if (programs != 0 && n <= load<u32>(programs, POINTERS_COUNT)) {
      const program = <usize>load<u32>(programs + POINTERS_SIZE + (<usize>(n - 1) << 2));
      // Only programs that are part of this snapshot: another id would give a frame code that the loading host never agreed to.
      if (load<u32>(program, PROGRAM_ID) == n - 1 && index < load<u32>(program, PROGRAM_COUNT)) return programFunction(program, index);
    }
  }
  fail(Fault.CODE);
  return 0;
}

export function readFields(cell: usize, portable: u32): void {
  let field = FIELDS + <usize>portable * FIELDS_SIZE;
  const end = field + FIELDS_SIZE;
  for (; field < end && !failed(); field += 3) {
    const at = cell + <usize>load<u8>(field, 1);
    switch (<i32>load<u8>(field)) {
      case FieldType.END: return;
      case FieldType.NUMBER: store<u32>(at, readNumber()); break;
      case FieldType.NATIVE: {
        // Natives go by stable number: callNative has a case for each below NATIVE_COUNT, and no other.
        const native = readNumber();
        if (native >= <u32>NATIVE_COUNT) fail(Fault.NATIVE);
        store<u32>(at, native);
        break;
      }
      case FieldType.GUEST: store<u64>(at, readValue(GUEST)); break;
      case FieldType.ANY: store<u64>(at, readValue(INTERNAL)); break;
      case FieldType.OBJECT: store<u32>(at, <u32>readObject(OBJECTS)); break;
      case FieldType.STRING: store<u32>(at, <u32>readString(STRINGS)); break;
      case FieldType.CELL: store<u32>(at, <u32>readReference(<u64>1 << load<u8>(field, 2))); break;
      case FieldType.CODE: store<u32>(at, <u32>readCode()); break;
    }
  }
}

// --- elements -----------------------------------------------------------------------------------------------------

/** Reads an element or property value with those attributes, outside all columns. */
export function readProperty(attributes: u32, holes: u32): Value {
  clearFew(ELEMENTS_COLUMN, COLUMN_SIZE);
  return readPropertyIn(ELEMENTS_COLUMN, attributes, holes);
}

/** Reads the environment of a parameter that an arguments object shares; check.ts makes sure that it has that slot. */
function readMapped(attributes: u32): Value {
  const v = readValue(INTERNAL);
  if (v >> 32 != 0xfffffffc || (attributes & (ACCESSOR | WRITABLE)) != WRITABLE) fail(Fault.ELEMENTS);
  else restrict(<usize>(<u32>v), <u64>1 << Cell.ENV);
  return v;
}

function readPropertyIn(column: usize, attributes: u32, holes: u32): Value {
  if ((attributes & ACCESSOR) == 0) return readValueIn(column, holes);
  const v = readValue(INTERNAL);
  if (v >> 32 != 0xfffffffc) fail(Fault.VALUE);
  else restrict(<usize>(<u32>v), <u64>1 << Cell.ACCESSOR);
  return v;
}

/** Restricts a reference already read to cells of those kinds. */
function restrict(reference: usize, mask: u64): void {
  const at = <usize>load<u32>(MASKS) + (reference - <usize>load<u32>(TABLE));
  if (failed()) return;
  const both = load<u64>(at) & mask;
  if (both == 0) fail(Fault.CLASS);
  store<u64>(at, both);
}

/**
 * Reads the elements of an object; 0 after a fault. `mapped`: MAPPED if they may be parameters, else 0. The low three bits of the
 * head are an ElementMode: APPENDED elements have the room that appending one by one leaves (appendedRoom), after ROOM comes how much
 * room there is, the other dense ones have no spare room.
 */
export function readElements(mapped: u32): usize {
  const head = readNumber();
  const mode = head & 7;
  const count = head >> 3;
  if (mode > <u32>ElementMode.ROOM || mode == 3) fail(Fault.ELEMENTS);
  // Each element takes at least a byte, a hole too.
  if (count > remaining()) fail(Fault.COUNT);
  let capacity: u64 = count;
  if (mode == ElementMode.APPENDED) capacity = appendedRoom(count);
  else if (mode == ElementMode.ROOM) capacity += <u64>readNumber();
  // No array of a running program has more room than this.
  if (capacity > 0x4000000) fail(Fault.ELEMENTS);
  if (failed()) return 0;
  if (mode == ElementMode.SPARSE) {
    // 64 bytes an entry are the most that a table of that many can take, however it grows.
    if (count > 0xffffff || !room((<usize>count << 6) + 512)) return 0;
    const sparse = newSparseFor(count);
    for (let i: u32 = 0; i < count && !failed(); i++) {
      const index = readNumber();
      const attributes = readNumber();
      const isMapped = (attributes & mapped) != 0;
      if (!isAttributes(attributes & ~mapped) || index == 0xffffffff) fail(Fault.ELEMENTS);
      const v = isMapped ? readMapped(attributes) : readProperty(attributes, GUEST);
      if (!failed() && !appendSparse(sparse, index, attributes, v)) fail(Fault.ELEMENTS);
    }
    return sparse;
  }
  if (!room(<usize>(capacity << 3) + 32)) return 0;
  const elements = newElements(<u32>capacity);
  // The modes FROZEN and SEALED have the numbers of the flags.
  store<u32>(elements, mode < <u32>ElementMode.SPARSE ? mode : 0);
  for (let i: u32 = 0; i < count && !failed(); i++) {
    store<u64>(elementAt(elements, i), readValueIn(i == 0 ? FIRST_ELEMENTS : ELEMENTS_COLUMN, HOLES));
    if (i == 0) copyFew(ELEMENTS_COLUMN, FIRST_ELEMENTS, COLUMN_SIZE);
    // Step by step, so that a fault in the middle leaves a cell that can be walked.
    store<u32>(elements, i + 1, ELEMENTS_LENGTH);
  }
  return elements;
}

// --- objects ------------------------------------------------------------------------------------------------------

export function readExtra(object: usize, kind: i32): void {
  if (kind == Kind.ARRAY) {
    const flags = readNumber();
    if (flags > 1) fail(Fault.ELEMENTS);
    store<u32>(object, flags, ARRAY_ARRAY_FLAGS);
    // The part of the length beyond the dense elements, which are not known yet (finishLength).
    store<u32>(object, readNumber(), ARRAY_LENGTH);
  } else if (kind == Kind.INTERNAL) {
    const count = load<u32>(object, INTERNAL_COUNT);
    for (let i: u32 = 0; i < count && !failed(); i++) store<u64>(object + INTERNAL_SIZE + (<usize>i << 3), readValue(INTERNAL | HOLES));
  }
}

/** Adds the dense elements to an array's length. */
export function finishLength(array: usize, elements: usize): void {
  const dense: u32 = elements == 0 || (load<u32>(elements, 4) >> 24) != Kind.ELEMENTS ? 0 : load<u32>(elements, ELEMENTS_LENGTH);
  const length = <u64>load<u32>(array, ARRAY_LENGTH) + <u64>dense;
  if (length > 0xffffffff) fail(Fault.ELEMENTS);
  store<u32>(array, <u32>length, ARRAY_LENGTH);
}

function readObjectBody(n: u32, portable: u32, hasElements: bool): usize {
  const kind = <i32>load<u8>(KIND_OF_CELL + <usize>portable);
  let base = <u32>load<u8>(KIND_END + <usize>kind);
  let classNumber: u32 = 0;
  let slots: u32 = 0;
  if (kind == Kind.INTERNAL) {
    classNumber = readNumber();
    slots = readCount();
    // The base of inline slots has 16 bits in a shape.
    if (slots > 4096) fail(Fault.COUNT);
    base += slots << 3;
  }
  if (failed()) return 0;
  const description = shapeFor(portable, base);
  if (description == 0) return 0;
  const keys = load<u32>(description, D_KEYS);
  const inline = load<u32>(description, D_CAPACITY);
  const bytes = <usize>base + (<usize>inline << 3);
  if (!room(bytes + 64 + (<usize>keys << 3))) return 0;
  const object = allocate(kind, bytes);
  // A fault may come at any byte: until then everything that the tracer might look at must be harmless.
  clearFew(object + 8, bytes - 8);
  // The shape is made once all cells exist.
  store<u32>(object, 0);
  const number = (<u32>(description - <usize>load<u32>(DESCRIPTIONS)) / <u32>DESCRIPTION);
  store<u32>(<usize>load<u32>(TABLE) + (<usize>n << 3), <u32>object);
  store<u32>(<usize>load<u32>(TABLE) + (<usize>n << 3), number, 4);
  let outside: usize = 0;
  if (keys > inline) {
    const size = SLOTS_SIZE + (<usize>(keys - inline) << 3);
    outside = allocate(Kind.SLOTS, size);
    clearFew(outside + 8, size - 8);
    store<u32>(outside, 0);
    store<u32>(object, <u32>outside, 8);
  }
  if (kind == Kind.INTERNAL) {
    store<u32>(object, classNumber, INTERNAL_CLASS);
    store<u32>(object, slots, INTERNAL_COUNT);
  }
  readFields(object, portable);
  readExtra(object, kind);
  const entry = load<u32>(description, D_ENTRY) + 1;
  // Attributes come from the description, not from the shape, which does not exist yet: they say whether a slot holds an ACCESSOR cell.
  const columns = <usize>load<u32>(description, D_COLUMNS);
  for (let i: u32 = 0; i < keys && !failed(); i++) {
    const at = i < inline ? object + <usize>base + (<usize>i << 3) : outside + SLOTS_SIZE + (<usize>(i - inline) << 3);
    store<u64>(at, readPropertyIn(columns + <usize>i * COLUMN_SIZE, <u32>deferred(entry + i * 2 + 1), GUEST));
  }
  let elements: usize = 0;
  if (hasElements) {
    elements = readElements(kind == Kind.ARGUMENTS ? MAPPED : 0);
    store<u32>(object, <u32>elements, 12);
  }
  if (kind == Kind.ARRAY) finishLength(object, elements);
  return object;
}

// --- other cells --------------------------------------------------------------------------------------------------

/** A new cell filled with zeros; 0 if there is no room for it. */
function blank(kind: i32, bytes: usize): usize {
  if (!room(bytes)) return 0;
  const cell = allocate(kind, bytes);
  store<u32>(cell, 0);
  clearFew(cell + 8, ((bytes + 7) & ~7) - 8);
  return cell;
}

function readLongString(): usize {
  const head = readNumber();
  const s = newString(head >> 3, (head & TextFlag.WIDE) != 0);
  if (s == 0) return 0;
  if (head & TextFlag.BUILT) store<u32>(s, load<u32>(s, STRING_FLAGS) | BUILT, STRING_FLAGS);
  if (head & TextFlag.HASHED) hashOf(s);
  return s;
}

/** Whether the characters fit the base is checked once that exists. meta: 1 if the hash is to be computed. */
function readSlice(): usize {
  const head = readNumber();
  const start = readNumber();
  const inBuffer = readNumber();
  const s = blank(Kind.SLICE, SLICE_SIZE);
  if (s == 0) return 0;
  store<u32>(s, head & 1);
  store<u32>(s, head >> 1, SLICE_LENGTH);
  store<u32>(s, start, SLICE_START);
  store<u32>(s, 0, SLICE_FLAGS);
  if (inBuffer > 1) fail(Fault.TEXT);
  const base = inBuffer == 1 ? readReference(<u64>1 << Cell.STRBUF) : readString(<u64>1 << Cell.STRING);
  if (base == 0) fail(Fault.TEXT);
  store<u32>(s, <u32>base, SLICE_BASE);
  return s;
}

/** Length and width come from the halves once those exist (joinRopes); until then the length is 0, which no real rope has. */
function readRope(): usize {
  const s = blank(Kind.ROPE, ROPE_SIZE);
  if (s == 0) return 0;
  store<u32>(s, <u32>readString(STRINGS), ROPE_LEFT);
  store<u32>(s, <u32>readString(STRINGS), ROPE_RIGHT);
  return s;
}

function readBuffer(): usize {
  const head = readNumber();
  const used = head >> 2;
  const spare = readNumber();
  const width = head & TWO_BYTE;
  // A buffer begins with as much spare room as it has characters, and then only fills up.
  if (used > <u32>MAX_LENGTH || spare > used) fail(Fault.TEXT);
  if (failed()) return 0;
  const at = takeText(used << width);
  const capacity = used + spare;
  if (failed() || capacity > <u32>MAX_LENGTH || !room(STRBUF_SIZE + (<usize>capacity << width) + 8)) return 0;
  const buffer = newBuffer(<i32>capacity, width);
  store<u32>(buffer, used, STRBUF_USED);
  if (head & 2) store<u32>(buffer, width | MOVED, STRBUF_FLAGS);
  memory.copy(buffer + STRBUF_SIZE, at, used << width);
  return buffer;
}

function readBigInt(): usize {
  const head = readNumber();
  const limbs = head >> 1;
  if (limbs > remaining()) fail(Fault.COUNT);
  if (failed()) return 0;
  const cell = blank(Kind.BIGINT, BIGINT_SIZE + (<usize>limbs << 2));
  if (cell == 0) return 0;
  store<u32>(cell, head & 1, BIGINT_SIGN);
  store<u32>(cell, limbs, BIGINT_LENGTH);
  let last: u32 = 1;
  for (let i: u32 = 0; i < limbs; i++) {
    last = readNumber();
    store<u32>(cell + BIGINT_SIZE + (<usize>i << 2), last);
  }
  // No leading zeros, and no negative zero.
  if (last == 0 || (limbs == 0 && head & 1)) fail(Fault.VALUE);
  return cell;
}

/** Its size is that of the code that made it: envSlot checks each access anyway, since any code may come with any environment. */
function readEnvironment(): usize {
  const parent = readReference(<u64>1 << Cell.ENV);
  const count = readCount();
  if (failed()) return 0;
  const cell = blank(Kind.ENV, ENV_SIZE + (<usize>count << 3));
  if (cell == 0) return 0;
  store<u32>(cell, <u32>parent);
  for (let i: u32 = 0; i < count && !failed(); i++) store<u64>(cell + ENV_SIZE + (<usize>i << 3), readValue(INTERNAL | HOLES));
  return cell;
}

/** Reads entries without chains: build.ts makes those once keys can be hashed. */
function readHashtable(): usize {
  const next = readReference(<u64>1 << Cell.HASHTABLE);
  const head = readNumber();
  const used = head >> 2;
  const isOld = (head & 2) != 0;
  const bits = readNumber();
  // An old table is one that another has replaced while iterators stood in it: it is walked to the current one, so that has to be there.
  if (isOld != (next != 0) || used > remaining() || bits > 26) fail(Fault.TABLE);
  if (failed()) return 0;
  let capacity: u32 = 1 << bits;
  if (isOld) for (capacity = 4; capacity < used; capacity <<= 1);
  // Builds before wrote larger tables of few entries.
  if (capacity > 4 && capacity > used << 2) for (capacity = 4; capacity < used << 1; capacity <<= 1);
  if (capacity < 4 || used > capacity) {
    fail(Fault.TABLE);
    return 0;
  }
  if (!room(HASHTABLE_SIZE + <usize>capacity * (HASHTABLE_ENTRY + 4))) return 0;
  const table = tableNew(capacity);
  store<u32>(table, <u32>next, 24);
  let live: u32 = 0;
  let first = used;
  for (let i: u32 = 0; i < used && !failed(); i++) {
    const entry = table + HASHTABLE_SIZE + <usize>i * HASHTABLE_ENTRY;
    const key = readValue(HOLES);
    store<u64>(entry, key);
    store<u64>(entry, UNDEFINED, 8);
    store<u64>(entry, 0, 16);
    // A removed entry keeps its place, because iterators count places.
    if (key != HOLE) {
      if (isOld) {
        if (key != UNDEFINED) fail(Fault.TABLE);
      } else if ((head & 1) == 0) store<u64>(entry, readValue(GUEST), 8);
      if (first == used) first = i;
      live++;
    }
    store<u32>(table, i + 1, HASHTABLE_USED);
  }
  store<u32>(table, live, HASHTABLE_LIVE);
  store<u32>(table, first, HASHTABLE_FIRST);
  return table;
}

function readFrameCell(): usize {
  const isFull = readNumber();
  if (isFull > 1) fail(Fault.FRAME);
  if (failed()) return 0;
  if (isFull == 0) {
    const count = readNumber();
    if (count < 2 || count > MAX_REGISTERS) fail(Fault.FRAME);
    if (failed()) return 0;
    const empty = blank(Kind.FRAME, FRAME_SIZE + (<usize>count << 3));
    if (empty != 0) store<u32>(empty, count, FRAME_COUNT);
    return empty;
  }
  return readFrame(0, 0);
}

function readBytesCell(): usize {
  const length = readNumber();
  const at = takeText(length);
  if (failed()) return 0;
  const cell = blank(Kind.BYTES, BYTES_SIZE + <usize>length);
  if (cell == 0) return 0;
  store<u32>(cell, length, BYTES_LENGTH);
  memory.copy(cell + BYTES_SIZE, at, length);
  return cell;
}

function readBlock(): usize {
  const length = readNumber();
  const used = readNumber();
  if (used > length) fail(Fault.COUNT);
  const at = takeText(used);
  if (failed() || length > <u32>MAX_CELL_BYTES) {
    fail(Fault.LARGE);
    return 0;
  }
  const cell = blank(Kind.BLOCK, BLOCK_SIZE + <usize>length);
  if (cell == 0) return 0;
  store<u32>(cell, length, BLOCK_LENGTH);
  memory.copy(cell + BLOCK_SIZE, at, used);
  return cell;
}

function readPlain(portable: u32): usize {
  switch (portable) {
    case Cell.STRING: return readLongString();
    case Cell.SLICE: return readSlice();
    case Cell.ROPE: return readRope();
    case Cell.STRBUF: return readBuffer();
    case Cell.BIGINT: return readBigInt();
    case Cell.ENV: return readEnvironment();
    case Cell.HASHTABLE: return readHashtable();
    case Cell.FRAME: return readFrameCell();
    case Cell.ELEMENTS: return readElements(0);
    case Cell.BYTES: return readBytesCell();
    case Cell.BLOCK: return readBlock();
  }
  const kind = <i32>load<u8>(KIND_OF_CELL + <usize>portable);
  const cell = blank(kind, <usize>load<u8>(KIND_END + <usize>kind));
  if (cell != 0) readFields(cell, portable);
  return cell;
}

/** Reads the body of cell number n. */
export function readBody(n: u32): void {
  const head = readNumber();
  const portable = head & 63;
  const mask = <usize>load<u32>(MASKS) + (<usize>n << 3);
  if (head > 127 || portable >= CELL_KINDS || load<u8>(KIND_OF_CELL + <usize>portable) == 0 || (portable >= PLAIN_FROM && head > 63)) fail(Fault.KIND);
  else if (((load<u64>(mask) >> <u64>portable) & 1) == 0) fail(Fault.CLASS);
  if (failed()) return;
  // KIND: no such kind, or elements on a cell without elements. CLASS: a mention before expected another kind.
  // All native functions are in the base image: one in the stream would be an attacker's choice.
  if (portable == Cell.NATIVE) {
    fail(Fault.NATIVE);
    return;
  }
  // From here on every further mention must allow exactly this kind.
  store<u64>(mask, <u64>1 << <u64>portable);
  const cell = portable < PLAIN_FROM ? readObjectBody(n, portable, head > 63) : readPlain(portable);
  store<u32>(<usize>load<u32>(TABLE) + (<usize>n << 3), <u32>cell);
}
