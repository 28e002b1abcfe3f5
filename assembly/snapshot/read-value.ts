// Owns the streams of a snapshot being read, and the values in them. No byte can be trusted: must never read outside the streams, never
// allocate more than was granted, and never pass on a reference to a cell that does not exist.
//
// A reference is at first an address in a table of the numbers (TABLE + 8 · number), whose entry will hold the address of the cell. When
// all cells are made, build.ts lets the collector's tracer replace such references: to the tracer, the table is a space from which
// everything has moved away. An entry is {address u32, number of the object's shape description u32 (below 2^24)}.
//
//   TABLE   ┌ 0 ────────┬ 1 ────────┬ 2 ────────┬ …      +0 address of the cell (0: no body yet) · +4 number of its shape description
//   MASKS   ┌ 0 ────────┬ 1 ────────┬ 2 ────────┬ …      a bit for each portable kind that is still allowed
//
// After a fault, readers return harmless values (0, UNDEFINED) and go on to the nearest test of `failed`: no caller must test each call,
// but every loop must.
import { clearFew, copyFew } from "../core/few-bytes";
import {
  BIGINT_BITS, boxInt, boxNumber, boxObject, boxSymbol, CELL_BITS, HOLE, OBJECT_BITS, STRING_BITS, SYMBOL_BITS, UNDEFINED, Value,
} from "../core/value";
import { MAX_CELL_BYTES } from "../generated/exchange";
import { FIRST_OBJECT_KIND, Kind, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_STRINGS, STRING_FLAGS, STRING_SIZE } from "../generated/kinds";
import { VM_ATOMS, VM_PROGRAMS } from "../generated/layout";
import { ATOMS_USED, Cell, Fault, TextFlag } from "../generated/snapshot-format";
import { kindOf, memoryUsed } from "../heap/memory";
import { intern } from "../strings/atom";
import { BUILT, flagsOf, lengthOf, MAX_LENGTH, newLatin1, newTwoByte, TWO_BYTE } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { C_DECIMAL, C_DIGITS, C_INT, C_OBJECT, C_TEXT, COLUMN_SIZE } from "./write-value";

const STATE: usize = memory.data(128, 8);
/** Cursor and end of the main stream, the texts, the numbers. */
export const MAIN: usize = STATE;
export const TEXTS: usize = STATE + 8;
export const NUMBERS: usize = STATE + 16;
export const FAULT: usize = STATE + 24;
/** Byte of the main stream at which the fault was noticed. */
export const FAULT_AT: usize = STATE + 28;
export const MAIN_START: usize = STATE + 32;
export const TABLE: usize = STATE + 36;
/** Number of cells, number of cells mentioned so far. */
export const CELLS: usize = STATE + 40;
export const NEXT: usize = STATE + 44;
/** u64 per cell: the portable kinds that all mentions so far allow. */
export const MASKS: usize = STATE + 48;
/** u32 per text: its string. */
export const TEXT_TABLE: usize = STATE + 52;
export const TEXT_COUNT: usize = STATE + 56;
export const TEXT_NEXT: usize = STATE + 60;
/** u32 per stable id: the base object with that id, 0 if there is no such object. */
export const BASE_TABLE: usize = STATE + 64;
export const BASE_COUNT: usize = STATE + 68;
/** u32 per ordinal: code cell. */
export const CODE_TABLE: usize = STATE + 72;
export const CODE_COUNT: usize = STATE + 76;
/** Bytes that heap and stack may use. */
export const LIMIT: usize = STATE + 80;
/** u32 per program and one more: number of known strings before those of the program. */
export const KNOWN_STARTS: usize = STATE + 84;
export const PROGRAM_COUNT: usize = STATE + 88;

export function fail(fault: Fault): bool {
  if (load<u32>(FAULT) == 0) {
    store<u32>(FAULT, fault);
    store<u32>(FAULT_AT, load<u32>(MAIN) - load<u32>(MAIN_START));
  }
  return false;
}
// @ts-ignore: decorator
@inline
export function failed(): bool {
  return load<u32>(FAULT) != 0;
}

/** True if a cell of that size may be made. */
export function room(bytes: usize): bool {
  // The limit is the host's, whatever the snapshot says of its own: loading must not cost what running could not.
  if (bytes > MAX_CELL_BYTES - 64 || memoryUsed() + bytes > <usize>load<u32>(LIMIT)) return fail(Fault.LARGE);
  return true;
}

// --- streams ------------------------------------------------------------------------------------------------------

/** Unsigned LEB128 of at most 64 bits. */
function readLong(): u64 {
  let at = <usize>load<u32>(MAIN);
  const end = <usize>load<u32>(MAIN, 4);
  let value: u64 = 0;
  let shift: u64 = 0;
  while (at < end) {
    const byte = <u64>load<u8>(at++);
    // A longer form of the same number (with zeros above) is accepted; writers never make one.
    // The tenth byte has one bit left.
    if (shift == 63 && byte > 1) break;
    value |= (byte & 127) << shift;
    if (byte < 128) {
      store<u32>(MAIN, <u32>at);
      return value;
    }
    shift += 7;
    if (shift > 63) break;
  }
  store<u32>(MAIN, <u32>at);
  fail(Fault.TRUNCATED);
  return 0;
}

export function readNumber(): u32 {
  const at = <usize>load<u32>(MAIN);
  if (at < <usize>load<u32>(MAIN, 4)) {
    const byte = <u32>load<u8>(at);
    if (byte < 128) {
      store<u32>(MAIN, <u32>at + 1);
      return byte;
    }
  }
  const n = readLong();
  if (n > 0xffffffff) {
    fail(Fault.COUNT);
    return 0;
  }
  return <u32>n;
}

/** Bytes of the main stream still to come. */
export function remaining(): u32 {
  return load<u32>(MAIN, 4) - load<u32>(MAIN);
}

/**
 * A count of things that take at least a byte each. For loops whose length the stream states: the work is then at most proportional to the
 * bytes that were really sent.
 */
export function readCount(): u32 {
  const n = readNumber();
  if (n > remaining()) {
    fail(Fault.COUNT);
    return 0;
  }
  return n;
}

/** Takes the next bytes of the texts: returns their address, 0 if there are fewer. */
export function takeText(bytes: u32): usize {
  const at = load<u32>(TEXTS);
  if (bytes > load<u32>(TEXTS, 4) - at) {
    fail(Fault.TRUNCATED);
    return 0;
  }
  store<u32>(TEXTS, at + bytes);
  return <usize>at;
}

// --- references ---------------------------------------------------------------------------------------------------

export const OBJECTS: u64 = 0xffffffff;
export const STRINGS: u64 = (<u64>1 << Cell.STRING) | (<u64>1 << Cell.SLICE) | (<u64>1 << Cell.ROPE);
/** Internal cells that a register, an environment or an internal slot may hold. */
const INTERNALS: u64 =
  (<u64>1 << Cell.ENV) | (<u64>1 << Cell.HASHTABLE) | (<u64>1 << Cell.ACCESSOR) | (<u64>1 << Cell.COROUTINE) | (<u64>1 << Cell.REACTION) |
  (<u64>1 << Cell.CALLRECORD) | (<u64>1 << Cell.ELEMENTS) | (<u64>1 << Cell.BYTES);

/** Reference number `payload` (0: the next new cell) to a cell of one of the kinds in the mask, as an address in the table. */
function refer(payload: u64, mask: u64): usize {
  let n = <u32>payload - 1;
  if (payload == 0) {
    n = load<u32>(NEXT);
    if (n >= load<u32>(CELLS)) {
      fail(Fault.REFERENCE);
      return 0;
    }
    store<u32>(NEXT, n + 1);
    // An entry is made when it is mentioned: a count larger than the number of mentions costs no memory.
    store<u64>(<usize>load<u32>(TABLE) + (<usize>n << 3), 0);
    store<u64>(<usize>load<u32>(MASKS) + (<usize>n << 3), mask);
    return <usize>load<u32>(TABLE) + (<usize>n << 3);
  }
  // Cells are mentioned in the order of their numbers: a number that has not come yet is made up.
  if (payload > <u64>load<u32>(NEXT)) {
    fail(Fault.REFERENCE);
    return 0;
  }
  // Each mention narrows what the cell may be; its body must then be of a kind that all of them allow. So a field never holds a cell of
  // another kind than the code that reads it expects.
  const at = <usize>load<u32>(MASKS) + (<usize>n << 3);
  const both = load<u64>(at) & mask;
  if (both == 0) {
    fail(Fault.CLASS);
    return 0;
  }
  store<u64>(at, both);
  return <usize>load<u32>(TABLE) + (<usize>n << 3);
}

/** Reads a reference field; 0 if it is empty. */
export function readReference(mask: u64): usize {
  const n = readNumber();
  return n == 0 ? 0 : refer(<u64>(n - 1), mask);
}

// --- columns ------------------------------------------------------------------------------------------------------

const ALONE: usize = memory.data(24, 8);

/** An empty column, for a value outside all columns. */
function alone(): usize {
  clearFew(ALONE, COLUMN_SIZE);
  return ALONE;
}

// @ts-ignore: decorator
@inline
function signed(n: u64): i64 {
  return <i64>(n >> 1) ^ -(<i64>(n & 1));
}

/**
 * As refer, but the number is the difference from the last one in the column. A difference may lead anywhere, also below 1: `refer` tests
 * the upper bound, the test here the lower one.
 */
function referIn(column: usize, payload: u64, mask: u64): usize {
  let n: u64 = 0;
  if (payload != 0) {
    n = <u64>(<i64>load<u32>(column, C_OBJECT) + signed(payload - 1));
    if (n == 0) {
      fail(Fault.REFERENCE);
      return 0;
    }
  }
  const p = refer(n, mask);
  store<u32>(column, n == 0 ? load<u32>(NEXT) : <u32>n, C_OBJECT);
  return p;
}

// --- texts --------------------------------------------------------------------------------------------------------

/** Strings of program `i`, 0 if it has no strings. */
function stringsOf(i: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(<usize>load<u32>(VM_PROGRAMS) + POINTERS_SIZE + (<usize>i << 2)), PROGRAM_STRINGS);
}

/** Counts the strings of the programs, so that a known string is found without searching them. */
export function indexKnownStrings(): void {
  const list = <usize>load<u32>(VM_PROGRAMS);
  const count: u32 = list == 0 ? 0 : load<u32>(list, POINTERS_COUNT);
  if (count != load<u32>(PROGRAM_COUNT)) fail(Fault.COUNT);
  if (failed()) return;
  let at = <usize>load<u32>(KNOWN_STARTS);
  let total: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(at, total);
    at += 4;
    const strings = stringsOf(i);
    if (strings != 0) total += load<u32>(strings, POINTERS_COUNT);
  }
  store<u32>(at, total);
}

/** The last program that has at most `index` strings before it. */
function programOfString(index: u32): u32 {
  // Found by halves: a program that names ten thousand strings must not be searched for each of them.
  const starts = <usize>load<u32>(KNOWN_STARTS);
  let low: u32 = 0;
  let high = load<u32>(PROGRAM_COUNT);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<u32>(starts + (<usize>middle << 2)) <= index) low = middle;
    else high = middle;
  }
  return low;
}

function knownString(index: u32): usize {
  const starts = <usize>load<u32>(KNOWN_STARTS);
  const total = load<u32>(starts + (<usize>load<u32>(PROGRAM_COUNT) << 2));
  if (index < total) {
    const program = programOfString(index);
    return <usize>load<u32>(stringsOf(program) + POINTERS_SIZE + (<usize>(index - load<u32>(starts + (<usize>program << 2))) << 2));
  }
  if (index - total < ATOMS_USED) return <usize>load<u32>(VM_ATOMS + (<usize>(index - total) << 2));
  fail(Fault.TEXT);
  return 0;
}

/** A flat string of the next characters of the texts; 0 if there are fewer. */
export function newString(length: u32, wide: bool): usize {
  if (length > <u32>MAX_LENGTH) {
    fail(Fault.TEXT);
    return 0;
  }
  const bytes = wide ? length << 1 : length;
  const at = takeText(bytes);
  if (failed() || !room(STRING_SIZE + <usize>bytes + 8)) return 0;
  const s = wide ? newTwoByte(<i32>length) : newLatin1(<i32>length);
  copyFew(s + STRING_SIZE, at, bytes);
  return s;
}

/**
 * A string that shares its beginning and its end with another text; 0 after a fault. head + tail ≤ the shorter of the two lengths, tested
 * without an overflow: then neither copy can leave its string.
 */
function differentString(before: usize, length: u32, width: u32): usize {
  const head = readNumber();
  const tail = readNumber();
  const most = min(length, <u32>lengthOf(before));
  if (length > <u32>MAX_LENGTH || head > most || tail > most - head) {
    fail(Fault.TEXT);
    return 0;
  }
  const middle = length - head - tail;
  const at = takeText(middle << width);
  if (failed() || !room(STRING_SIZE + (<usize>length << width) + 8)) return 0;
  const s = width ? newTwoByte(<i32>length) : newLatin1(<i32>length);
  const to = s + STRING_SIZE;
  const from = charsOf(before);
  copyFew(to, from, head << width);
  copyFew(to + <usize>(head << width), at, middle << width);
  copyFew(to + <usize>((head + middle) << width), from + <usize>((<u32>lengthOf(before) - tail) << width), tail << width);
  return s;
}

/** Reads a new text; returns the address of its string, 0 after a fault. */
function newText(column: usize): usize {
  const n = load<u32>(TEXT_NEXT);
  const head = readNumber();
  if (n >= load<u32>(TEXT_COUNT)) {
    fail(Fault.COUNT);
    return 0;
  }
  // A text in a column shares its beginning and its end with the one before it: keys and dates mostly do.
  const last = load<u32>(column, C_TEXT);
  const before: usize = last == 0 || last > n ? 0 : <usize>load<u32>(<usize>load<u32>(TEXT_TABLE) + (<usize>(last - 1) << 2));
  const width: u32 = head & TextFlag.WIDE ? TWO_BYTE : 0;
  let s = before != 0 && (flagsOf(before) & TWO_BYTE) == width ? differentString(before, head >> 3, width) : newString(head >> 3, width != 0);
  // How a string was made decides whether appending to it copies, and so what that costs.
  if (s == 0) return 0;
  if (head & TextFlag.BUILT) store<u32>(s, load<u32>(s, STRING_FLAGS) | BUILT, STRING_FLAGS);
  if (head & TextFlag.INTERNED) s = intern(s);
  store<u32>(<usize>load<u32>(TEXT_TABLE) + (<usize>n << 2), <u32>s);
  store<u32>(TEXT_NEXT, n + 1);
  return s;
}

/** Number + 1 of the text read last, 0 if it was a known string. */
const LAST_TEXT: usize = memory.data(4, 4);

/** Reads a text; returns the address of its string, 0 after a fault. */
function readText(column: usize, payload: u64): usize {
  store<u32>(LAST_TEXT, 0);
  if (payload == 1) return knownString(readNumber());
  let n: u64 = 0;
  let s: usize = 0;
  if (payload == 0) {
    s = newText(column);
    n = <u64>load<u32>(TEXT_NEXT);
  } else {
    n = <u64>(<i64>load<u32>(column, C_TEXT) + signed(payload - 2));
    if (n == 0 || n > <u64>load<u32>(TEXT_NEXT)) {
      fail(Fault.TEXT);
      return 0;
    }
    s = <usize>load<u32>(<usize>load<u32>(TEXT_TABLE) + (<usize>(n - 1) << 2));
  }
  store<u32>(column, <u32>n, C_TEXT);
  store<u32>(LAST_TEXT, <u32>n);
  return s;
}

/**
 * Interns the text read last: from now on its atom is the text. As in the machine that wrote it: a string used as a key became an atom, and
 * later mentions mean that cell.
 */
function internText(s: usize): usize {
  const atom = intern(s);
  const n = load<u32>(LAST_TEXT);
  if (n != 0) store<u32>(<usize>load<u32>(TEXT_TABLE) + (<usize>(n - 1) << 2), <u32>atom);
  return atom;
}

// --- values -------------------------------------------------------------------------------------------------------

/** Values that may be read beside those a guest may see: internal cells, holes, dead registers. */
export const GUEST: u32 = 0;
export const INTERNAL: u32 = 1;
export const HOLES: u32 = 2;
const DEAD: u32 = 4;
/** In a frame: every value that the machine puts into registers. */
export const REGISTER: u32 = INTERNAL | HOLES | DEAD;

function refuse(): Value {
  fail(Fault.VALUE);
  return UNDEFINED;
}

/** Address of a base cell by its stable id, 0 after a fault. */
export function baseCell(id: u64): usize {
  const p = id < <u64>load<u32>(BASE_COUNT) ? <usize>load<u32>(<usize>load<u32>(BASE_TABLE) + (<usize>id << 2)) : 0;
  if (p == 0) fail(Fault.BASE);
  return p;
}

function readDouble(column: usize, payload: u64): Value {
  if (payload == 0) {
    const at = load<u32>(NUMBERS);
    if (load<u32>(NUMBERS, 4) - at < 8) {
      fail(Fault.TRUNCATED);
      return UNDEFINED;
    }
    store<u32>(NUMBERS, at + 8);
    return boxNumber(load<f64>(<usize>at));
  }
  if (payload > 7) return refuse();
  const last: i64 = <u64>load<u32>(column, C_DIGITS) == payload ? load<i64>(column, C_DECIMAL) : 0;
  const m = last + signed(readLong());
  store<u32>(column, <u32>payload, C_DIGITS);
  store<i64>(column, m, C_DECIMAL);
  let ten: f64 = 1;
  for (let k = payload - 1; k > 0; k--) ten *= 10;
  return boxNumber(<f64>m / ten);
}

function readInt(column: usize, payload: u64): Value {
  const n = <i64>load<i32>(column, C_INT) + signed(payload);
  if (n != <i64><i32>n) return refuse();
  store<i32>(column, <i32>n, C_INT);
  return boxInt(<i32>n);
}

function readOther(payload: u64, allow: u32): Value {
  const reference = payload >> 2;
  const sort = <u32>payload & 3;
  if (sort == 0) return SYMBOL_BITS | <u64>refer(reference, <u64>1 << Cell.SYMBOL);
  if (sort == 1) return BIGINT_BITS | <u64>refer(reference, <u64>1 << Cell.BIGINT);
  if (sort == 2 && allow & INTERNAL) return CELL_BITS | <u64>refer(reference, INTERNALS);
  return refuse();
}

/** Reads the next value. */
export function readValue(allow: u32): Value {
  return readValueIn(alone(), allow);
}

/** Reads the next value of a column: payload << 3 | tag (ts/defs/snapshot-format.ts). */
export function readValueIn(column: usize, allow: u32): Value {
  const token = readLong();
  const payload = token >> 3;
  switch (<i32>token & 7) {
    // undefined, null, false, true; the hole and the dead register only where the caller expects them: a guest must never see either.
    case 0:
      if (payload < 4) return UNDEFINED | payload;
      if (payload == 4 && allow & HOLES) return HOLE;
      return payload == 5 && allow & DEAD ? UNDEFINED : refuse();
    case 1: return readInt(column, payload);
    case 2: return OBJECT_BITS | <u64>referIn(column, payload, OBJECTS);
    case 3: return STRING_BITS | <u64>refer(payload, STRINGS);
    case 4: return readOther(payload, allow);
    case 5: {
      const p = baseCell(payload);
      return failed() ? UNDEFINED : kindOf(p) == Kind.SYMBOL ? boxSymbol(p) : kindOf(p) >= FIRST_OBJECT_KIND ? boxObject(p) : refuse();
    }
    case 6: {
      const s = readText(column, payload);
      return s == 0 ? UNDEFINED : STRING_BITS | <u64>s;
    }
    default: return readDouble(column, payload);
  }
}

/** Reads a property key: an interned string that is not an index, or a symbol. */
export function readKey(): Value {
  const token = readLong();
  const payload = token >> 3;
  const tag = <i32>token & 7;
  if (tag == 6) {
    const s = readText(alone(), payload);
    if (s == 0) return UNDEFINED;
    const atom = internText(s);
    if (load<u32>(atom, STRING_FLAGS) & 4) fail(Fault.KEY);
    return STRING_BITS | <u64>atom;
  }
  if (tag == 4 && (payload & 3) == 0) return readOther(payload, GUEST);
  if (tag == 5) {
    const p = baseCell(payload);
    if (!failed() && kindOf(p) == Kind.SYMBOL) return boxSymbol(p);
  }
  fail(Fault.KEY);
  return UNDEFINED;
}

/** Reads an object or null, as an address or 0. */
export function readObject(mask: u64): usize {
  const token = readLong();
  const payload = token >> 3;
  const tag = <i32>token & 7;
  if (token == 1 << 3) return 0;
  if (tag == 2) return referIn(alone(), payload, mask);
  if (tag == 5) {
    const p = baseCell(payload);
    if (!failed() && kindOf(p) >= FIRST_OBJECT_KIND) return p;
  }
  fail(Fault.VALUE);
  return 0;
}

/** Reads a string of any form, as an address; 0 after a fault. */
export function readString(mask: u64): usize {
  const token = readLong();
  if (<i32>(token & 7) == 6) return readText(alone(), token >> 3);
  if (<i32>(token & 7) == 3) return refer(token >> 3, mask);
  fail(Fault.VALUE);
  return 0;
}
