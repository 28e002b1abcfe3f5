// Owns the unpacking of the base image and of the prelude from the form in which they travel (ts/defs/packed-format.ts), and the parts of
// the base image that are computed again. Must be given bytes of the build only: nothing is checked.
import {
  ATOMTABLE_CAPACITY, ATOMTABLE_COUNT, ATOMTABLE_SIZE, Kind, PROPTABLE_CAPACITY, PROPTABLE_SIZE, STRING_FLAGS, STRING_LENGTH, STRING_SIZE,
} from "../generated/kinds";
import { IMAGE_MAGIC, KINDS, Stream, VM_ATOM_TABLE, WRITTEN } from "../generated/layout";
import { kindOf, sizeOf } from "../heap/memory";
import { enterHashes } from "../objects/shape";
import { homeOf } from "../strings/atom";
import { INTERNED, TWO_BYTE } from "../strings/cells";
import { hashOf } from "../strings/string";

const STREAM_COUNT: u32 = Stream.rest + 1;
/** Address of the next byte of each stream, u32 each; means nothing between two calls. */
const CURSORS: usize = memory.data(96, 4);
/** Address of the next byte of the output. */
const OUT: usize = memory.data(4, 4);

/** Reads an unsigned LEB128 of up to 33 bits at a cursor. */
function readNumber(cursor: usize): u64 {
  let at = <usize>load<u32>(cursor);
  let byte = <u64>load<u8>(at++);
  let value = byte & 127;
  for (let shift: u64 = 7; byte > 127; shift += 7) {
    byte = <u64>load<u8>(at++);
    value |= (byte & 127) << shift;
  }
  store<u32>(cursor, <u32>at);
  return value;
}

/** The next number of a stream. */
function numberOf(stream: u32): u32 {
  return <u32>readNumber(CURSORS + ((<usize>stream) << 2));
}

function put(n: u32): void {
  let at = <usize>load<u32>(OUT);
  while (n > 127) {
    store<u8>(at++, <u8>(n | 128));
    n >>= 7;
  }
  store<u8>(at, <u8>n);
  store<u32>(OUT, <u32>at + 1);
}

/** Copies a number from a stream to the output, and returns it. */
function pass(stream: u32): u32 {
  const n = numberOf(stream);
  put(n);
  return n;
}

function passAll(stream: u32, count: u32): void {
  for (; count > 0; count--) pass(stream);
}

/** Copies bytes from a place to the output. */
function copy(from: usize, length: u32): void {
  const at = load<u32>(OUT);
  memory.copy(<usize>at, from, <usize>length);
  store<u32>(OUT, at + length);
}

/** Copies bytes from a stream to the output. */
function raw(stream: u32, length: u32): void {
  const cursor = CURSORS + ((<usize>stream) << 2);
  const from = load<u32>(cursor);
  copy(<usize>from, length);
  store<u32>(cursor, from + length);
}

function unzigzag(n: u32): u32 {
  return (n >> 1) ^ (0 - (n & 1));
}

// --- the base image -----------------------------------------------------------------------------------------------
//
// Work space above the packed bytes:
//
//   u32 first column of each kind │ u32 next rank of each kind │ u32 cursor of each column │ u32 next rank of each column │ u32 address by rank

/** Where the work space lies; means nothing between two calls. */
const FIRST_COLUMNS: usize = memory.data(4, 4);
const RANKS: usize = memory.data(4, 4);
const COLUMNS: usize = memory.data(4, 4);
const NEXT_RANKS: usize = memory.data(4, 4);
const PLACES: usize = memory.data(4, 4);

/** Unpacks the cells of the base image at `from` to their places from `at` to `end`, which hold zeros. */
export function unpackBase(from: usize, at: usize, end: usize): void {
  const count = <usize>load<u32>(from, 4);
  const kinds = layOut(from, count);
  placeCells(kinds, count, at);
  for (let cell = at; cell < end; cell += sizeOf(cell)) {
    if (kindOf(cell) != Kind.STRING) unpackCell(cell, <usize>load<u8>(from + 8 + <usize>kindOf(cell)));
  }
  enterAtoms(at, end);
  for (let cell = at; cell < end; cell += sizeOf(cell)) if (kindOf(cell) == Kind.PROPTABLE) enterHashes(cell);
}

/** Finds the columns of each kind and the bytes of each column; returns where the kinds of the cells are. */
function layOut(from: usize, count: usize): usize {
  const own = from + 8;
  const space = (from + <usize>load<u32>(from) + 7) & ~7;
  store<u32>(FIRST_COLUMNS, <u32>space);
  store<u32>(RANKS, <u32>space + 4 * KINDS);
  store<u32>(COLUMNS, <u32>space + 8 * KINDS);
  let columns: u32 = 0;
  for (let kind: usize = 0; kind < <usize>KINDS; kind++) {
    store<u32>(space + (kind << 2), columns);
    const words = <u32>load<u8>(own + kind);
    if (words != 0) columns += words + 2;
  }
  const cursors = <usize>load<u32>(COLUMNS);
  const nextRanks = cursors + (<usize>columns << 2);
  store<u32>(NEXT_RANKS, <u32>nextRanks);
  store<u32>(PLACES, <u32>nextRanks + (columns << 2));
  // The lengths first: where the first column begins is known after the last of them.
  store<u32>(OUT, <u32>own + KINDS);
  for (let column: usize = 0; column < <usize>columns; column++) {
    store<u32>(nextRanks + (column << 2), 0);
    store<u32>(cursors + (column << 2), <u32>readNumber(OUT));
  }
  const kinds = <usize>load<u32>(OUT);
  let start = <u32>(kinds + count);
  for (let column: usize = 0; column < <usize>columns; column++) {
    const length = load<u32>(cursors + (column << 2));
    store<u32>(cursors + (column << 2), start);
    start += length;
  }
  // Stream 0 of this form: the characters.
  store<u32>(CURSORS, start);
  return kinds;
}

/** Writes the headers of the cells, and strings whole; notes where the cells of each rank are. */
function placeCells(kinds: usize, count: usize, at: usize): void {
  const ranks = <usize>load<u32>(RANKS);
  const places = <usize>load<u32>(PLACES);
  memory.fill(ranks, 0, <usize>KINDS << 2);
  for (let i: usize = 0; i < count; i++) {
    const rank = ranks + (<usize>load<u8>(kinds + i) << 2);
    store<u32>(rank, load<u32>(rank) + 1);
  }
  let rank: u32 = 0;
  for (let kind: usize = 0; kind < <usize>KINDS; kind++) {
    const cells = load<u32>(ranks + (kind << 2));
    store<u32>(ranks + (kind << 2), rank);
    rank += cells;
  }
  for (let i: usize = 0; i < count; i++) {
    const kind = <usize>load<u8>(kinds + i);
    const columns = <usize>load<u32>(COLUMNS) + (<usize>load<u32>(<usize>load<u32>(FIRST_COLUMNS) + (kind << 2)) << 2);
    const size = kind == Kind.STRING ? unpackString(at, columns) : <u32>(readNumber(columns + 4) >> 1);
    store<u32>(at, (<u32>kind << 24) | size, 4);
    const next = ranks + (kind << 2);
    store<u32>(places + (<usize>load<u32>(next) << 2), <u32>at);
    store<u32>(next, load<u32>(next) + 1);
    at += <usize>size << 3;
  }
}

/** Writes a string; returns its size in double words. */
function unpackString(cell: usize, columns: usize): u32 {
  const length = <u32>(readNumber(columns + STRING_LENGTH) >> 1);
  const flags = <u32>(readNumber(columns + STRING_FLAGS) >> 1);
  const bytes = length << (flags & TWO_BYTE);
  store<u32>(cell, length, STRING_LENGTH);
  store<u32>(cell, flags, STRING_FLAGS);
  store<u32>(OUT, <u32>(cell + STRING_SIZE));
  raw(0, bytes);
  return (<u32>STRING_SIZE + bytes + 7) >> 3;
}

/** Writes the words of a cell, of which `own` have a column of their own. */
function unpackCell(cell: usize, own: usize): void {
  const kind = kindOf(cell);
  const first = <usize>load<u32>(<usize>load<u32>(FIRST_COLUMNS) + (<usize>kind << 2));
  const cursors = <usize>load<u32>(COLUMNS) + (first << 2);
  const nextRanks = <usize>load<u32>(NEXT_RANKS) + (first << 2);
  let words = kind == Kind.ATOMTABLE ? ATOMTABLE_SIZE >> 2 : sizeOf(cell) >> 2;
  for (let i: usize = 0; i < words; i++) {
    if (i == 1) continue;
    const column = (i < own ? i : own + (i & 1)) << 2;
    const n = readNumber(cursors + column);
    let word = <u32>(n >> 1);
    if (n & 1) {
      const rank = load<u32>(nextRanks + column) + unzigzag(word);
      store<u32>(nextRanks + column, rank + 1);
      word = load<u32>(<usize>load<u32>(PLACES) + (<usize>rank << 2));
    }
    store<u32>(cell + (i << 2), word);
    if (kind == Kind.PROPTABLE && i << 2 == PROPTABLE_CAPACITY) words = (PROPTABLE_SIZE >> 2) + (<usize>word << 1);
  }
}

/** Computes the hashes of interned strings, and the table of these strings. */
function enterAtoms(at: usize, end: usize): void {
  const table = <usize>load<u32>(VM_ATOM_TABLE);
  const mask = load<u32>(table, ATOMTABLE_CAPACITY) - 1;
  let count: u32 = 0;
  for (let cell = at; cell < end; cell += sizeOf(cell)) {
    if (kindOf(cell) != Kind.STRING || (load<u32>(cell, STRING_FLAGS) & INTERNED) == 0) continue;
    let i = homeOf(table, hashOf(cell));
    while (load<u32>(table + ATOMTABLE_SIZE + ((<usize>i) << 2)) != 0) i = (i + 1) & mask;
    store<u32>(table + ATOMTABLE_SIZE + ((<usize>i) << 2), <u32>cell);
    count++;
  }
  store<u32>(table, count, ATOMTABLE_COUNT);
}

// --- the prelude --------------------------------------------------------------------------------------------------

/**
 * Unpacks the images of the prelude at `from` to `out` (u32 length and bytes of each); returns their end. The base image is from
 * `at` to `end`; a list of its strings is made at `list`.
 */
export function unpackPrelude(from: usize, out: usize, at: usize, end: usize, list: usize): usize {
  let strings = list;
  for (let cell = at; cell < end; cell += sizeOf(cell)) {
    if (kindOf(cell) != Kind.STRING) continue;
    store<u32>(strings, <u32>cell);
    strings += 4;
  }
  const opcodes = from + 8;
  const lengths = opcodes + ((<usize>load<u32>(from, 4)) << 3);
  let start = <u32>lengths + (STREAM_COUNT << 2);
  for (let i: usize = 0; i < <usize>STREAM_COUNT << 2; i += 4) {
    store<u32>(CURSORS + i, start);
    start += load<u32>(lengths + i);
  }
  // The string that is most likely to be named next.
  let next: u32 = 0;
  for (let images = load<u32>(from); images > 0; images--) {
    store<u32>(out, IMAGE_MAGIC, 4);
    store<u32>(OUT, <u32>out + 8);
    for (let left = pass(Stream.count); left > 0; left--) {
      const name = numberOf(Stream.string);
      if (name == 0) {
        const head = pass(Stream.length);
        raw(Stream.chars, (head >> 1) << (head & 1));
        continue;
      }
      next += unzigzag(name - 1);
      const cell = <usize>load<u32>(list + (<usize>next << 2));
      next++;
      const isWide = load<u32>(cell, STRING_FLAGS) & TWO_BYTE;
      const length = load<u32>(cell, STRING_LENGTH);
      put((length << 1) | isWide);
      copy(cell + STRING_SIZE, length << isWide);
    }
    for (let left = pass(Stream.count); left > 0; left--) unpackFunction(opcodes);
    store<u32>(out, load<u32>(OUT) - <u32>out - 4);
    out = <usize>load<u32>(OUT);
  }
  return out;
}

/** Tags of constants (ts/defs/image-format.ts) that are not a single number. */
const DOUBLE: u32 = 1;
const TEMPLATE: u32 = 3;

function unpackFunction(opcodes: usize): void {
  for (let stream: u32 = Stream.flags; stream <= <u32>Stream.extent; stream++) pass(stream);
  for (let left = pass(Stream.count); left > 0; left--) {
    const tag = pass(Stream.tag);
    if (tag == DOUBLE) raw(Stream.rest, 8);
    else passAll(Stream.constant, tag == TEMPLATE ? pass(Stream.count) << 1 : 1);
  }
  unpackCode(opcodes, pass(Stream.words));
  passAll(Stream.handler, pass(Stream.count) << 2);
  passAll(Stream.rest, pass(Stream.count) << 1);
}

function unpackCode(opcodes: usize, words: u32): void {
  let near: u32 = 0;
  for (let word: u32 = 0; word < words;) {
    const signature = opcodes + ((<usize>pass(Stream.op)) << 3);
    word += load<u8>(signature);
    const end = signature + 2 + <usize>load<u8>(signature, 1);
    for (let operand = signature + 2; operand < end; operand++) {
      const stream = <u32>load<u8>(operand);
      if (stream != Stream.register && stream != WRITTEN) {
        pass(stream);
        continue;
      }
      const register = near + unzigzag(numberOf(Stream.register));
      put(register);
      if (stream == WRITTEN) near = register;
    }
  }
}
