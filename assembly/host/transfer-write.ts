// Owns the output for values that leave the guest: numbers, strings, keys, primitives, and the table of cells already met. Must never
// look inside an object (host/transfer-out.ts does).
import {
  addressOf,
  asInt,
  isBigInt,
  isBoolean,
  isInt,
  isNumber,
  isString,
  NULL,
  TRUE,
  UNDEFINED,
  Value,
} from "../core/value";
import { MAX_CELL_BYTES } from "../generated/exchange";
import { BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, Kind } from "../generated/kinds";
import { allocate } from "../heap/memory";
import { isTwoByte, lengthOf } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { AREA, AREA_SIZE, growBlock, resetBlock, Tag } from "./transfer-format";

const STATE: usize = memory.data(40, 8);
/** Block of the output; OUT_AT is the address of the next byte, OUT_END the end of the block. */
const OUT: usize = STATE;
const OUT_AT: usize = STATE + 8;
const OUT_END: usize = STATE + 12;
/** Open addressing: {cell u32, number u32}. TABLE: address; TABLE_MASK: entries - 1; TABLE_USED. */
const TABLE: usize = STATE + 16;
const TABLE_MASK: usize = STATE + 20;
const TABLE_USED: usize = STATE + 24;
/** 1: the output is larger than can cross, and worthless. */
const OVERFLOWN: usize = STATE + 32;

const TABLE_START: usize = memory.data(1024, 8);

/** Limit on the bytes of one crossing. */
export const MAX_TRANSFER: usize = MAX_CELL_BYTES >> 1;

/** Begins with an empty output. */
export function resetOutput(): void {
  resetBlock(OUT, AREA, AREA_SIZE);
  store<u32>(OUT_AT, <u32>AREA);
  store<u32>(OUT_END, <u32>AREA + AREA_SIZE);
  store<u32>(OVERFLOWN, 0);
}

/** Notes that the output cannot cross. */
export function overflow(): void {
  store<u32>(OVERFLOWN, 1);
}

/** True if the output is larger than can cross: it is to be discarded. */
export function isOverflown(): bool {
  return load<u32>(OVERFLOWN) != 0;
}

/** Forgets all cells met. */
export function resetTable(): void {
  store<u32>(TABLE, <u32>TABLE_START);
  store<u32>(TABLE_MASK, 127);
  store<u32>(TABLE_USED, 0);
  memory.fill(TABLE_START, 0, 1024);
}

export function outputStart(): usize {
  return <usize>load<u32>(OUT);
}
export function outputLength(): u32 {
  return load<u32>(OUT_AT) - load<u32>(OUT);
}

function growOut(bytes: u32): usize {
  let used = load<u32>(OUT_AT) - load<u32>(OUT);
  // More cannot cross. The writer finds out once its current part is done; until then the bytes go to the start, where they do no harm.
  if (<usize>used + <usize>bytes > MAX_TRANSFER) {
    store<u32>(OVERFLOWN, 1);
    if (<usize>bytes > MAX_TRANSFER) unreachable();
    used = 0;
  }
  const base = growBlock(OUT, used + bytes);
  store<u32>(OUT_AT, <u32>base + used);
  store<u32>(OUT_END, <u32>base + load<u32>(OUT, 4));
  return base + <usize>used;
}

/** Address at which `bytes` bytes may be written. */
// @ts-ignore: decorator
@inline
function room(bytes: u32): usize {
  const at = <usize>load<u32>(OUT_AT);
  return at + <usize>bytes <= <usize>load<u32>(OUT_END) ? at : growOut(bytes);
}
// @ts-ignore: decorator
@inline
function wrote(end: usize): void {
  store<u32>(OUT_AT, <u32>end);
}

/** Writes a number at a place with room for it; returns its end. */
function putNumber(at: usize, n: u32): usize {
  while (n > 127) {
    store<u8>(at++, <u8>(n | 128));
    n >>= 7;
  }
  store<u8>(at, <u8>n);
  return at + 1;
}

export function writeByte(byte: u32): void {
  const at = room(1);
  store<u8>(at, <u8>byte);
  wrote(at + 1);
}
/** True for a part that is too long by itself; the output is worthless then. */
function isTooLong(bytes: usize): bool {
  if (bytes <= MAX_TRANSFER - 65536) return false;
  overflow();
  return true;
}
export function writeBytes(from: usize, bytes: u32): void {
  const at = room(bytes);
  memory.copy(at, from, <usize>bytes);
  wrote(at + <usize>bytes);
}
export function writeNumber(n: u32): void {
  wrote(putNumber(room(5), n));
}
export function writeTagged(tag: u32, n: u32): void {
  const at = room(6);
  store<u8>(at, <u8>tag);
  wrote(putNumber(at + 1, n));
}

// --- what was met before ------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function placeOf(cell: u32): u32 {
  const h = cell * 0x9e3779b1;
  return h ^ (h >> 15);
}

function growTable(): void {
  const old = <usize>load<u32>(TABLE);
  const mask = load<u32>(TABLE_MASK);
  const size = (mask + 1) * 4;
  if (<usize>size << 3 > MAX_TRANSFER) {
    store<u32>(OVERFLOWN, 1);
    return;
  }
  const cell = allocate(Kind.BYTES, 16 + ((<usize>size) << 3));
  store<u32>(cell, 0);
  store<u64>(cell, 0, 8);
  const table = cell + 16;
  memory.fill(table, 0, (<usize>size) << 3);
  for (let i: u32 = 0; i <= mask; i++) {
    const entry = old + ((<usize>i) << 3);
    const key = load<u32>(entry);
    if (key == 0) continue;
    let at = placeOf(key) & (size - 1);
    while (load<u32>(table + ((<usize>at) << 3)) != 0) at = (at + 1) & (size - 1);
    store<u64>(table + ((<usize>at) << 3), load<u64>(entry));
  }
  store<u32>(TABLE, <u32>table);
  store<u32>(TABLE_MASK, size - 1);
}

/** The number with which a cell was entered; if it was not, -1, and it is entered with `number`. */
export function meet(cell: usize, number: u32): i32 {
  const table = <usize>load<u32>(TABLE);
  const mask = load<u32>(TABLE_MASK);
  let i = placeOf(<u32>cell) & mask;
  while (true) {
    const entry = table + ((<usize>i) << 3);
    const key = load<u32>(entry);
    if (key == <u32>cell) return load<i32>(entry, 4);
    if (key == 0) {
      store<u32>(entry, <u32>cell);
      store<u32>(entry, number, 4);
      const used = load<u32>(TABLE_USED) + 1;
      store<u32>(TABLE_USED, used);
      if (used << 1 > mask) growTable();
      return -1;
    }
    i = (i + 1) & mask;
  }
  return -1;
}

// --- primitives ---------------------------------------------------------------------------------------------------

function isAscii(at: usize, n: i32): bool {
  while (n >= 8) {
    if ((load<u64>(at) & 0x8080808080808080) != 0) return false;
    at += 8;
    n -= 8;
  }
  let bits: u32 = 0;
  while (n > 0) {
    bits |= <u32>load<u8>(at++);
    n--;
  }
  return bits < 128;
}

export function writeString(s: usize): void {
  // Checked first, so that a rope is not flattened in vain.
  if (isTooLong(<usize>lengthOf(s))) return;
  const chars = charsOf(s);
  const length = lengthOf(s);
  const wide = isTwoByte(s);
  const bytes = (<usize>length) << (wide ? 1 : 0);
  if (isTooLong(bytes)) return;
  let at = room(6 + <u32>bytes);
  store<u8>(at, <u8>(wide ? Tag.UTF16 : isAscii(chars, length) ? Tag.ASCII : Tag.LATIN1));
  at = putNumber(at + 1, <u32>length);
  memory.copy(at, chars, bytes);
  wrote(at + bytes);
}

/** A property key, which is an interned flat string. */
export function writeKey(key: usize): void {
  const chars = charsOf(key);
  const length = lengthOf(key);
  const wide = isTwoByte(key);
  const bytes = (<usize>length) << (wide ? 1 : 0);
  const form: u32 = wide ? 2 : isAscii(chars, length) ? 0 : 1;
  if (isTooLong(bytes)) return;
  const at = putNumber(room(5 + <u32>bytes), ((<u32>length) << 2) | form);
  memory.copy(at, chars, bytes);
  wrote(at + bytes);
}

function writeBigInt(p: usize): void {
  const limbs = load<u32>(p, BIGINT_LENGTH);
  const bytes = (<usize>limbs) << 2;
  if (isTooLong(bytes)) return;
  let at = room(7 + <u32>bytes);
  store<u8>(at, <u8>Tag.BIGINT);
  store<u8>(at, <u8>load<u32>(p, BIGINT_SIGN), 1);
  at = putNumber(at + 2, limbs);
  memory.copy(at, p + BIGINT_SIZE, bytes);
  wrote(at + bytes);
}

export function writeDate(t: f64): void {
  const at = room(9);
  store<u8>(at, <u8>Tag.DATE);
  store<f64>(at, t, 1);
  wrote(at + 9);
}

export function writePrimitive(v: Value): void {
  if (isInt(v)) {
    const n = asInt(v);
    writeTagged(Tag.INT, <u32>((n << 1) ^ (n >> 31)));
  } else if (isNumber(v)) {
    const at = room(9);
    store<u8>(at, <u8>Tag.DOUBLE);
    store<u64>(at, v, 1);
    wrote(at + 9);
  } else if (isString(v)) writeString(addressOf(v));
  else if (isBigInt(v)) writeBigInt(addressOf(v));
  else
    writeByte(
      v == UNDEFINED
        ? Tag.UNDEFINED
        : v == NULL
          ? Tag.NULL
          : isBoolean(v)
            ? v == TRUE
              ? Tag.TRUE
              : Tag.FALSE
            : Tag.HOLE,
    );
}
