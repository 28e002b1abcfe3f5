// Owns the streams of a snapshot being read, and the values in them. Every byte comes from a stranger: must never read outside
// the streams, never allocate more than was granted, and never hand on a reference to something that is not there.
//
// A reference is at first an address in a table of the numbers (TABLE + 8 · number), where the address of the cell will
// stand. When all cells are made, build.ts lets the collector's tracer replace them: to it the table is a space from which
// everything has moved away. An entry is {address u32, shape of the object u32 (below 2^24)}.
import { boxNumber, HOLE, UNDEFINED, Value } from "../core/value";
import { BIGINT_BITS, boxInt, boxObject, boxSymbol, CELL_BITS, OBJECT_BITS, STRING_BITS, SYMBOL_BITS } from "../core/value";
import { ATOMS_USED, Cell, Fault, TextFlag } from "./format";
import { FIRST_OBJECT_KIND, Kind, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_STRINGS, STRING_FLAGS, STRING_SIZE } from "../generated/kinds";
import { VM_ATOMS, VM_PROGRAMS } from "../generated/layout";
import { kindOf, MAX_CELL_BYTES, memoryUsed } from "../heap/memory";
import { BUILT, MAX_LENGTH, newLatin1, newTwoByte } from "../strings/cells";
import { intern } from "../strings/atom";

const STATE: usize = memory.data(128, 8);
/** Cursor and end of the main stream, the texts, the numbers. */
export const MAIN: usize = STATE;
export const TEXTS: usize = STATE + 8;
export const NUMBERS: usize = STATE + 16;
export const FAULT: usize = STATE + 24;
/** Byte of the main stream at which it was noticed. */
export const FAULT_AT: usize = STATE + 28;
export const MAIN_START: usize = STATE + 32;
export const TABLE: usize = STATE + 36;
/** Cells that there are, cells mentioned so far. */
export const CELLS: usize = STATE + 40;
export const NEXT: usize = STATE + 44;
/** u64 per cell: portable kinds that all who mentioned it allow. */
export const MASKS: usize = STATE + 48;
/** u32 per text: its string. */
export const TEXT_TABLE: usize = STATE + 52;
export const TEXT_COUNT: usize = STATE + 56;
export const TEXT_NEXT: usize = STATE + 60;
/** u32 per stable id: the base object of that name, 0 if there is none. */
export const BASE_TABLE: usize = STATE + 64;
export const BASE_COUNT: usize = STATE + 68;
/** u32 per ordinal: code cell. */
export const CODE_TABLE: usize = STATE + 72;
export const CODE_COUNT: usize = STATE + 76;
/** Bytes of heap and stack that may be used. */
export const LIMIT: usize = STATE + 80;

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
  if (bytes > MAX_CELL_BYTES - 64 || memoryUsed() + bytes > <usize>load<u32>(LIMIT)) return fail(Fault.LARGE);
  return true;
}

// --- streams ------------------------------------------------------------------------------------------------------

/** Unsigned LEB128 of at most 64 bits. */
export function readLong(): u64 {
  let at = <usize>load<u32>(MAIN);
  const end = <usize>load<u32>(MAIN, 4);
  let value: u64 = 0;
  let shift: u64 = 0;
  while (at < end) {
    const byte = <u64>load<u8>(at++);
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

/** A count of things that take at least a byte each. */
export function readCount(): u32 {
  const n = readNumber();
  if (n > remaining()) {
    fail(Fault.COUNT);
    return 0;
  }
  return n;
}

/** Address of the next bytes of the texts, 0 if there are not so many. */
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

export const OBJECTS: u64 = (1 << 18) - 1;
export const STRINGS: u64 = (<u64>1 << Cell.STRING) | (<u64>1 << Cell.SLICE) | (<u64>1 << Cell.ROPE);
/** Internal cells that a register, an environment or an internal slot may hold. */
const INTERNALS: u64 =
  (<u64>1 << Cell.ENV) | (<u64>1 << Cell.HASHTABLE) | (<u64>1 << Cell.ACCESSOR) | (<u64>1 << Cell.COROUTINE) | (<u64>1 << Cell.REACTION) |
  (<u64>1 << Cell.CALLRECORD) | (<u64>1 << Cell.ELEMENTS) | (<u64>1 << Cell.BYTES);

/** Reference number `payload` (0: the next cell) to a cell of one of the kinds in the mask, as an address in the table. */
export function refer(payload: u64, mask: u64): usize {
  let n = <u32>payload - 1;
  if (payload == 0) {
    n = load<u32>(NEXT);
    if (n >= load<u32>(CELLS)) {
      fail(Fault.REFERENCE);
      return 0;
    }
    store<u32>(NEXT, n + 1);
  } else if (payload > <u64>load<u32>(NEXT)) {
    fail(Fault.REFERENCE);
    return 0;
  }
  const at = <usize>load<u32>(MASKS) + (<usize>n << 3);
  const both = load<u64>(at) & mask;
  if (both == 0) {
    fail(Fault.CLASS);
    return 0;
  }
  store<u64>(at, both);
  return <usize>load<u32>(TABLE) + (<usize>n << 3);
}

/** Reference field; 0 for none. */
export function readReference(mask: u64): usize {
  const n = readNumber();
  return n == 0 ? 0 : refer(<u64>(n - 1), mask);
}

/** Where a reference leads, once the cell is made; other addresses stay. */
export function settled(p: usize): usize {
  const table = <usize>load<u32>(TABLE);
  return p - table < <usize>load<u32>(CELLS) << 3 ? <usize>load<u32>(p) : p;
}

// --- texts --------------------------------------------------------------------------------------------------------

function knownString(index: u32): usize {
  let n = index;
  const programs = <usize>load<u32>(VM_PROGRAMS);
  const count: u32 = programs == 0 ? 0 : load<u32>(programs, POINTERS_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const strings = <usize>load<u32>(<usize>load<u32>(programs + POINTERS_SIZE + (<usize>i << 2)), PROGRAM_STRINGS);
    const size: u32 = strings == 0 ? 0 : load<u32>(strings, POINTERS_COUNT);
    if (n < size) return <usize>load<u32>(strings + POINTERS_SIZE + (<usize>n << 2));
    n -= size;
  }
  if (n < ATOMS_USED) return <usize>load<u32>(VM_ATOMS + (<usize>n << 2));
  fail(Fault.TEXT);
  return 0;
}

/** A flat string with the next characters of the texts; 0 if there are not so many. */
export function newString(length: u32, wide: bool): usize {
  if (length > <u32>MAX_LENGTH) {
    fail(Fault.TEXT);
    return 0;
  }
  const bytes = wide ? length << 1 : length;
  const at = takeText(bytes);
  if (failed() || !room(STRING_SIZE + <usize>bytes + 8)) return 0;
  const s = wide ? newTwoByte(<i32>length) : newLatin1(<i32>length);
  memory.copy(s + STRING_SIZE, at, bytes);
  return s;
}

/** A text; address of its string, 0 after a fault. */
function readText(payload: u64): usize {
  if (payload == 1) return knownString(readNumber());
  const table = <usize>load<u32>(TEXT_TABLE);
  if (payload > 1) {
    if (payload - 2 >= <u64>load<u32>(TEXT_NEXT)) {
      fail(Fault.TEXT);
      return 0;
    }
    return <usize>load<u32>(table + (<usize>(payload - 2) << 2));
  }
  const n = load<u32>(TEXT_NEXT);
  const head = readNumber();
  if (n >= load<u32>(TEXT_COUNT)) {
    fail(Fault.COUNT);
    return 0;
  }
  let s = newString(head >> 3, (head & TextFlag.WIDE) != 0);
  if (s == 0) return 0;
  if (head & TextFlag.BUILT) store<u32>(s, load<u32>(s, STRING_FLAGS) | BUILT, STRING_FLAGS);
  if (head & TextFlag.INTERNED) s = intern(s);
  store<u32>(table + (<usize>n << 2), <u32>s);
  store<u32>(TEXT_NEXT, n + 1);
  return s;
}

/** The interned form of a text: from now on it is the text. */
function internText(payload: u64, s: usize): usize {
  const atom = intern(s);
  if (payload != 1) store<u32>(<usize>load<u32>(TEXT_TABLE) + (<usize>(payload == 0 ? load<u32>(TEXT_NEXT) - 1 : <u32>payload - 2) << 2), <u32>atom);
  return atom;
}

// --- values -------------------------------------------------------------------------------------------------------

/** What may stand where a value is read, beside what a guest may see. */
export const GUEST: u32 = 0;
export const INTERNAL: u32 = 1;
export const HOLES: u32 = 2;
export const DEAD: u32 = 4;
/** In a frame: anything that the machine puts into registers. */
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

function readDouble(payload: u64): Value {
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
  const n = readLong();
  const m = <i64>(n >> 1) ^ -(<i64>(n & 1));
  let ten: f64 = 1;
  for (let k = payload - 1; k > 0; k--) ten *= 10;
  return boxNumber(<f64>m / ten);
}

function readOther(payload: u64, allow: u32): Value {
  const reference = payload >> 2;
  const sort = <u32>payload & 3;
  if (sort == 0) return SYMBOL_BITS | <u64>refer(reference, <u64>1 << Cell.SYMBOL);
  if (sort == 1) return BIGINT_BITS | <u64>refer(reference, <u64>1 << Cell.BIGINT);
  if (sort == 2 && allow & INTERNAL) return CELL_BITS | <u64>refer(reference, INTERNALS);
  return refuse();
}

/** The next value. */
export function readValue(allow: u32): Value {
  const token = readLong();
  const payload = token >> 3;
  switch (<i32>token & 7) {
    case 0:
      if (payload < 4) return UNDEFINED | payload;
      if (payload == 4 && allow & HOLES) return HOLE;
      return payload == 5 && allow & DEAD ? UNDEFINED : refuse();
    case 1:
      if (payload > 0xffffffff) return refuse();
      return boxInt(<i32>(<u32>payload >> 1) ^ -(<i32>(<u32>payload & 1)));
    case 2: return OBJECT_BITS | <u64>refer(payload, OBJECTS);
    case 3: return STRING_BITS | <u64>refer(payload, STRINGS);
    case 4: return readOther(payload, allow);
    case 5: {
      const p = baseCell(payload);
      return failed() ? UNDEFINED : kindOf(p) == Kind.SYMBOL ? boxSymbol(p) : kindOf(p) >= FIRST_OBJECT_KIND ? boxObject(p) : refuse();
    }
    case 6: {
      const s = readText(payload);
      return s == 0 ? UNDEFINED : STRING_BITS | <u64>s;
    }
    default: return readDouble(payload);
  }
}

/** A property key: an interned string that is no index, or a symbol. */
export function readKey(): Value {
  const token = readLong();
  const payload = token >> 3;
  const tag = <i32>token & 7;
  if (tag == 6) {
    const s = readText(payload);
    if (s == 0) return UNDEFINED;
    const atom = internText(payload, s);
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

/** An object or null, as an address or 0. */
export function readObject(mask: u64): usize {
  const token = readLong();
  const payload = token >> 3;
  const tag = <i32>token & 7;
  if (token == 1 << 3) return 0;
  if (tag == 2) return refer(payload, mask);
  if (tag == 5) {
    const p = baseCell(payload);
    if (!failed() && kindOf(p) >= FIRST_OBJECT_KIND) return p;
  }
  fail(Fault.VALUE);
  return 0;
}

/** A string of any form, as an address; 0 after a fault. */
export function readString(mask: u64): usize {
  const token = readLong();
  if (<i32>(token & 7) == 6) return readText(token >> 3);
  if (<i32>(token & 7) == 3) return refer(token >> 3, mask);
  fail(Fault.VALUE);
  return 0;
}
