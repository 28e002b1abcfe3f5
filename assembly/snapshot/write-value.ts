// Owns the writing of values and references: numbers of cells, texts, number forms. Must never change a cell, and must never let
// an address, a hash or a capacity reach the bytes: equal states give equal bytes.
//
// A cell gets its number when it is first mentioned, and is put in the queue; write-cell.ts writes the bodies in that order.
//
//   value in the main stream    v (payload << 3 | tag), LEB128
//     special 0 · int 1 · object 2 · string cell 3 · symbol, bigint, internal cell 4 · base cell 5 · text 6 · double 7
//
// Payloads are differences from the last value of that sort in the same *column* (below), in zigzag form: 0, −1, 1, −2, 2 become 0, 1, 2,
// 3, 4, so that a small difference of either sign takes one byte.
import { codeIdentity } from "../bytecode/prelude-code";
import { clearFew, copyFew } from "../core/few-bytes";
import { addressOf, asDouble, asInt, isBigInt, isCell, isDouble, isInt, isObject, isString, isSymbol, isWhole, Value, wholeOf } from "../core/value";
import { UNCHARGED_BYTES } from "../generated/exchange";
import {
  Kind, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_STRINGS, SLICE_BASE, SLICE_START, STRBUF_FLAGS, STRBUF_USED,
} from "../generated/kinds";
import { BASE_START, VM_ATOMS, VM_BASE_END, VM_HEAP_BASE, VM_HEAP_TOP, VM_PROGRAMS } from "../generated/layout";
import { ATOM_SLOTS, ATOMS_USED, Fault, TextFlag } from "../generated/snapshot-format";
import { kindOf } from "../heap/memory";
import { extendList, LIST_SIZE, listBytes, listStart, openList, pushWord, putLong, putNumber, takeSpace, zigzag } from "../heap/scratch";
import { BUILT, flagsOf, INTERNED, lengthOf, MOVED, TWO_BYTE } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { hashLatin1, hashUtf16, sameBytes } from "../strings/string";
import { firstEqual, isSmallBigInt, openSmallBigInts } from "./small-bigints";
import { countTemplates, listTemplates } from "./templates";

// All of it is rebuilt by openWriter, so nothing of one snapshot can leak into the next.
const STATE: usize = memory.data(216, 8);
/** Lists: the three streams; cells in order of number; shapes; code cells that go by ordinal; first cell of each text; known strings. */
export const MAIN: usize = STATE;
export const TEXTS: usize = STATE + LIST_SIZE;
export const NUMBERS: usize = STATE + 2 * LIST_SIZE;
export const QUEUE: usize = STATE + 3 * LIST_SIZE;
export const SHAPES: usize = STATE + 4 * LIST_SIZE;
export const CODES: usize = STATE + 5 * LIST_SIZE;
const TEXT_CELLS: usize = STATE + 6 * LIST_SIZE;
const KNOWN: usize = STATE + 7 * LIST_SIZE;
const WORDS: usize = STATE + 8 * LIST_SIZE;
/** u32 per 8 bytes of the heap: number + 1 of the cell (or shape) there. */
const MARKS: usize = WORDS;
/** Base cells with a stable id: {address u32, id u32} in order of the addresses; how many. */
const IDS: usize = WORDS + 4;
const ID_COUNT: usize = STATE + 192;
/** The marks of base cells, few of which are mentioned: open addressing, {address u32, mark u32}; address 0: free. */
const BASE_MARKS: usize = STATE + 196;
const BASE_MASK: usize = STATE + 200;
const BASE_USED: usize = STATE + 204;
const FIRST_BASE_MARKS: u32 = 64;
/** Open addressing: {hash u32, reference u32}; reference 0: free. */
const HASH: usize = WORDS + 8;
const HASH_MASK: usize = WORDS + 12;
const HASH_USED: usize = WORDS + 16;
export const FAULT: usize = WORDS + 20;
export const FAULT_CELL: usize = WORDS + 24;
/** Number of entries that the reader has to put off. */
export const PENDING: usize = WORDS + 28;
/** Number of keys of all shapes. */
export const KEYS: usize = WORDS + 32;
/** Column of the first elements of arrays. */
export const FIRST_ELEMENTS: usize = STATE + 168;

/** A reference to a known string: number + 1 of a string of a program or, with ATOM_BIT too, of a well-known atom. */
const KNOWN_BIT: u32 = 0x80000000;
const ATOM_BIT: u32 = 0x40000000;
const NUMBER_BITS: u32 = 0x3fffffff;

export function fail(fault: Fault, cell: usize): void {
  if (load<u32>(FAULT) != 0) return;
  store<u32>(FAULT, fault);
  store<u32>(FAULT_CELL, <u32>cell);
}

/** Address of the mark of a cell, until the next one is asked for. */
// @ts-ignore: decorator
@inline
export function markOf(cell: usize): usize {
  const from = <usize>load<u32>(VM_HEAP_BASE);
  return cell >= from ? <usize>load<u32>(MARKS) + (((cell - from) >> 3) << 2) : baseMark(cell);
}

function openBaseMarks(size: u32): void {
  const bytes = <usize>size << 3;
  const at = takeSpace(bytes);
  memory.fill(at, 0, bytes);
  store<u32>(BASE_MARKS, <u32>at);
  store<u32>(BASE_MASK, size - 1);
}

/** The entry of a base cell in the table, or the free entry where it belongs. The table is at most half full, so the search ends. */
function placeOfMark(cell: usize): usize {
  const mask = load<u32>(BASE_MASK);
  let i = (<u32>cell * 0x9e3779b1) >> 12;
  while (true) {
    const at = <usize>load<u32>(BASE_MARKS) + (<usize>(i & mask) << 3);
    if (load<u32>(at) == <u32>cell || load<u32>(at) == 0) return at;
    i++;
  }
  return 0;
}

function growBaseMarks(): void {
  const old = <usize>load<u32>(BASE_MARKS);
  const size = load<u32>(BASE_MASK) + 1;
  openBaseMarks(size << 1);
  for (let at = old; at < old + (<usize>size << 3); at += 8) {
    if (load<u32>(at) != 0) store<u64>(placeOfMark(<usize>load<u32>(at)), load<u64>(at));
  }
}

/** The mark of a base cell, made when it is first asked for. Making it may move all marks: hence "until the next one is asked for". */
function baseMark(cell: usize): usize {
  let at = placeOfMark(cell);
  if (load<u32>(at) == 0) {
    const used = load<u32>(BASE_USED) + 1;
    store<u32>(BASE_USED, used);
    if (used << 1 > load<u32>(BASE_MASK)) {
      growBaseMarks();
      at = placeOfMark(cell);
    }
    store<u32>(at, <u32>cell);
  }
  return at + 4;
}

// @ts-ignore: decorator
@inline
export function inBase(cell: usize): bool {
  return cell - BASE_START < <usize>load<u32>(VM_BASE_END) - BASE_START;
}

/**
 * Stable id + 1 of a base cell, 0 for every other cell. Ids are the same in every build (base-ids.json), addresses are not. Found by halves
 * in a table that the wrapper sorted by address.
 */
export function stableId(cell: usize): u32 {
  if (!inBase(cell)) return 0;
  const ids = <usize>load<u32>(IDS);
  let low: u32 = 0;
  let high = load<u32>(ID_COUNT);
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = ids + (<usize>middle << 3);
    const address = load<u32>(at);
    if (address == <u32>cell) return load<u32>(at, 4) + 1;
    if (address < <u32>cell) low = middle + 1;
    else high = middle;
  }
  return 0;
}
/** True if something strong already reaches the cell: it has a number, or is a base object. */
export function isReached(cell: usize): bool {
  return load<u32>(markOf(cell)) != 0 || stableId(cell) != 0;
}
// @ts-ignore: decorator
@inline
export function cellCount(): u32 {
  return listBytes(QUEUE) >> 2;
}
export function textCount(): u32 {
  return listBytes(TEXT_CELLS) >> 2;
}

/** Begins a snapshot; ids: see IDS · atoms: HASH with the well-known atoms in it, of ATOM_SLOTS entries. */
export function openWriter(ids: usize, idCount: u32, atoms: usize): void {
  const used = <usize>load<u32>(VM_HEAP_TOP) - <usize>load<u32>(VM_HEAP_BASE);
  const marks = takeSpace((used >> 1) + 8);
  memory.fill(marks, 0, (used >> 1) + 8);
  store<u32>(MARKS, <u32>marks);
  store<u32>(IDS, <u32>ids);
  store<u32>(ID_COUNT, idCount);
  store<u32>(BASE_USED, 0);
  openBaseMarks(FIRST_BASE_MARKS);
  store<u32>(FAULT, 0);
  store<u32>(PENDING, 0);
  store<u32>(KEYS, 0);
  memory.fill(FIRST_ELEMENTS, 0, COLUMN_SIZE);
  openList(MAIN, 16384);
  openList(TEXTS, 8192);
  openList(NUMBERS, 1024);
  openList(QUEUE, 8192);
  openList(SHAPES, 512);
  openList(CODES, 128);
  openList(TEXT_CELLS, 2048);
  openList(KNOWN, 2048);
  store<u32>(HASH, <u32>atoms);
  store<u32>(HASH_MASK, ATOM_SLOTS - 1);
  store<u32>(HASH_USED, ATOMS_USED);
  openSmallBigInts();
  // HASH begins with the well-known atoms in it, a table that the wrapper made once for this build. Strings of programs come on top: both
  // are strings that the reader has before it reads a byte, so a mention of one costs its number and no characters.
  knowStrings();
  // Template objects come with their programs; they have the first numbers.
  const templates = countTemplates();
  const list = takeSpace(<usize>templates << 2);
  listTemplates(list, 4);
  for (let i: u32 = 0; i < templates; i++) mention(<usize>load<u32>(list + (<usize>i << 2)));
}

// --- columns ------------------------------------------------------------------------------------------------------

/**
 * State of a column: last int32 · number + 1 of the last object · of the last text · digits after the point + 1 · the last
 * decimal's digits as i64.
 */
//   +0 int i32 · +4 object u32 · +8 text u32 · +12 digits u32 · +16 decimal i64        all 0: nothing has come before
export const COLUMN_SIZE: usize = 24;
export const C_INT: usize = 0;
export const C_OBJECT: usize = 4;
export const C_TEXT: usize = 8;
export const C_DIGITS: usize = 12;
export const C_DECIMAL: usize = 16;

const ALONE: usize = memory.data(24, 8);

/** An empty column, for a value outside all columns. */
function alone(): usize {
  clearFew(ALONE, COLUMN_SIZE);
  return ALONE;
}

// --- texts --------------------------------------------------------------------------------------------------------

/** Bytes of the characters. */
// @ts-ignore: decorator
@inline
function charBytes(s: usize): u32 {
  return <u32>lengthOf(s) << (flagsOf(s) & TWO_BYTE);
}

/** True for the one slice that may append to its buffer in place. As a text it could not, and appending would cost more after loading. */
function ownsBuffer(slice: usize): bool {
  const base = <usize>load<u32>(slice, SLICE_BASE);
  if (kindOf(base) != Kind.STRBUF || load<u32>(base, STRBUF_FLAGS) & MOVED) return false;
  return load<u32>(slice, SLICE_START) + <u32>lengthOf(slice) == load<u32>(base, STRBUF_USED);
}

/**
 * True if a string is written by content, because no fuel depends on its identity. Comparing two long strings costs fuel by length,
 * comparing a string with itself costs nothing: so long strings must stay the cells they are. Up to UNCHARGED_BYTES bytes a comparison costs the
 * same either way, and equal content is written once.
 */
function isText(s: usize): bool {
  const kind = kindOf(s);
  if (kind == Kind.STRING) return (flagsOf(s) & INTERNED) != 0 || charBytes(s) <= UNCHARGED_BYTES;
  return kind == Kind.SLICE && charBytes(s) <= UNCHARGED_BYTES && !ownsBuffer(s);
}

/** What a text is apart from its characters: two strings that differ in this cost differently, so they are two texts. */
function textFlags(s: usize): u32 {
  const flags = flagsOf(s);
  let out: u32 = flags & TWO_BYTE ? TextFlag.WIDE : 0;
  if (kindOf(s) == Kind.STRING) {
    if (flags & BUILT && (flags & INTERNED) == 0) out |= TextFlag.BUILT;
    if (flags & INTERNED && charBytes(s) > UNCHARGED_BYTES) out |= TextFlag.INTERNED;
  }
  return out;
}

/** A hash that is not known yet is not stored: whether it is known is part of what strings cost, and writing must change nothing. */
function textHash(s: usize): u32 {
  const known = load<u32>(s);
  if (known != 0) return known;
  return flagsOf(s) & TWO_BYTE ? hashUtf16(charsOf(s), lengthOf(s)) : hashLatin1(charsOf(s), lengthOf(s));
}

/** The string that a reference of the table means: a known one, or one of the texts written so far. */
function cellOfReference(reference: u32): usize {
  const from = reference & ATOM_BIT ? VM_ATOMS : listStart(reference & KNOWN_BIT ? KNOWN : TEXT_CELLS);
  return <usize>load<u32>(from + (<usize>((reference & NUMBER_BITS) - 1) << 2));
}

/** Index of a known string: those of all programs, then the well-known atoms. */
function knownIndex(reference: u32): u32 {
  const number = (reference & NUMBER_BITS) - 1;
  return reference & ATOM_BIT ? number + (listBytes(KNOWN) >> 2) : number;
}

/**
 * Slot of the hash table that holds the text, or where it belongs. The hash alone decides nothing: a guest may choose strings with equal
 * hashes. Length, flags and bytes are compared.
 */
function findText(s: usize, hash: u32, flags: u32): usize {
  const mask = load<u32>(HASH_MASK);
  const table = <usize>load<u32>(HASH);
  let i = hash & mask;
  while (true) {
    const slot = table + (<usize>i << 3);
    const reference = load<u32>(slot, 4);
    if (reference == 0) return slot;
    if (load<u32>(slot) == hash) {
      const other = cellOfReference(reference);
      if (other == s) return slot;
      if (lengthOf(other) == lengthOf(s) && textFlags(other) == flags && sameBytes(charsOf(other), charsOf(s), charBytes(s))) return slot;
    }
    i = (i + 1) & mask;
  }
  return 0;
}

/** The space of the old table is given back with all other space of the writer, in the end. */
function growHash(): void {
  const old = <usize>load<u32>(HASH);
  const size = load<u32>(HASH_MASK) + 1;
  const table = takeSpace(<usize>size << 4);
  memory.fill(table, 0, <usize>size << 4);
  const mask = (size << 1) - 1;
  for (let i: u32 = 0; i < size; i++) {
    const entry = load<u64>(old + (<usize>i << 3));
    if (entry >> 32 == 0) continue;
    let at = <u32>entry & mask;
    while (load<u32>(table + (<usize>at << 3), 4) != 0) at = (at + 1) & mask;
    store<u64>(table + (<usize>at << 3), entry);
  }
  store<u32>(HASH, <u32>table);
  store<u32>(HASH_MASK, mask);
}

function enterText(slot: usize, hash: u32, reference: u32): void {
  store<u32>(slot, hash);
  store<u32>(slot, reference, 4);
  // At most half full: searches for texts that are not there end soon.
  const used = load<u32>(HASH_USED) + 1;
  store<u32>(HASH_USED, used);
  if (used << 1 > load<u32>(HASH_MASK)) growHash();
}

/** Enters a string that the reader has without being told: it is written as its place in that list. */
function know(s: usize): void {
  pushWord(KNOWN, <u32>s);
  const hash = textHash(s);
  const slot = findText(s, hash, textFlags(s));
  const reference = load<u32>(slot, 4);
  const number = KNOWN_BIT | (listBytes(KNOWN) >> 2);
  if (reference == 0) enterText(slot, hash, number);
  else if (reference & ATOM_BIT) store<u32>(slot, number, 4);
}

/** Enters the strings of all programs, which the reader has already. They come before well-known atoms, which are entered. */
function knowStrings(): void {
  const programs = <usize>load<u32>(VM_PROGRAMS);
  const count: u32 = programs == 0 ? 0 : load<u32>(programs, POINTERS_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const strings = <usize>load<u32>(<usize>load<u32>(programs + POINTERS_SIZE + (<usize>i << 2)), PROGRAM_STRINGS);
    const n: u32 = strings == 0 ? 0 : load<u32>(strings, POINTERS_COUNT);
    for (let j: u32 = 0; j < n; j++) know(<usize>load<u32>(strings + POINTERS_SIZE + (<usize>j << 2)));
  }
}

export function putChars(s: usize): void {
  const bytes = charBytes(s);
  copyFew(extendList(TEXTS, bytes), charsOf(s), bytes);
}

/** Writes only the difference from the previous text of the column: `user 12` after `user 11` is one digit. */
function putDifference(s: usize, before: usize): void {
  const width = flagsOf(s) & TWO_BYTE;
  const a = charsOf(s);
  const b = charsOf(before);
  const n = <u32>lengthOf(s);
  const m = <u32>lengthOf(before);
  // Beginning and end must not overlap, neither in the old text nor in the new one.
  const most = min(n, m);
  let head: u32 = 0;
  while (head < most && sameUnit(a, b, head, head, width)) head++;
  let tail: u32 = 0;
  while (head + tail < most && sameUnit(a, b, n - 1 - tail, m - 1 - tail, width)) tail++;
  //   "user 11" → "user 12"    head 6 · tail 0 · "2" in the texts
  putNumber(MAIN, head);
  putNumber(MAIN, tail);
  const bytes = (n - head - tail) << width;
  copyFew(extendList(TEXTS, bytes), a + <usize>(head << width), bytes);
}

// @ts-ignore: decorator
@inline
function sameUnit(a: usize, b: usize, i: u32, j: u32, width: u32): bool {
  return width ? load<u16>(a + (<usize>i << 1)) == load<u16>(b + (<usize>j << 1)) : load<u8>(a + <usize>i) == load<u8>(b + <usize>j);
}

function writeText(s: usize, column: usize): void {
  const hash = textHash(s);
  const flags = textFlags(s);
  const slot = findText(s, hash, flags);
  const reference = load<u32>(slot, 4);
  if (reference & KNOWN_BIT) {
    putNumber(MAIN, (1 << 3) | 6);
    putNumber(MAIN, knownIndex(reference));
  } else if (reference != 0) {
    putLong(MAIN, ((zigzag(<i64>reference - <i64>load<u32>(column, C_TEXT)) + 2) << 3) | 6);
    store<u32>(column, reference, C_TEXT);
  } else {
    //   6, length << 3 | flags, [head, tail,] and in the texts the characters that are not shared
    // A new text: its head goes to the main stream, its characters to the texts, which are compressed separately.
    pushWord(TEXT_CELLS, <u32>s);
    enterText(slot, hash, textCount());
    putNumber(MAIN, 6);
    putNumber(MAIN, (<u32>lengthOf(s) << 3) | flags);
    const last = load<u32>(column, C_TEXT);
    const before = last == 0 ? 0 : cellOfReference(last);
    if (before != 0 && ((flagsOf(before) ^ flagsOf(s)) & TWO_BYTE) == 0) putDifference(s, before);
    else putChars(s);
    store<u32>(column, textCount(), C_TEXT);
  }
}

// --- references ---------------------------------------------------------------------------------------------------

/** Number + 1 of the cell; on the first mention 0, and the cell gets the next number. */
function mention(cell: usize): u32 {
  const mark = markOf(cell);
  const known = load<u32>(mark);
  if (known != 0) return known;
  // Breadth first: a body comes after those of all cells mentioned before it, so the reader always knows how many there are.
  pushWord(QUEUE, <u32>cell);
  store<u32>(mark, cellCount());
  return 0;
}

/** Writes a reference field; 0 if it is empty. */
export function writeReference(cell: usize): void {
  putNumber(MAIN, cell == 0 ? 0 : mention(cell) + 1);
}

/** Writes an object by its address, 0 as null. As the prototype of a shape or a reference field: null where there is no object. */
export function writeObject(object: usize): void {
  writeObjectIn(alone(), object);
}

function writeObjectIn(column: usize, object: usize): void {
  if (object == 0) {
    putNumber(MAIN, 1 << 3);
    return;
  }
  const id = stableId(object);
  if (id != 0) putLong(MAIN, (<u64>(id - 1) << 3) | 5);
    // A base object without a stable id would have to go by address.
  else if (inBase(object)) fail(Fault.UNWRITABLE, object);
  else {
    // 2: the next number. (zigzag(d) + 1) << 3 | 2: a number seen before, d from the last object of the column: objects made together refer
    // to each other by small differences.
    const known = mention(object);
    putLong(MAIN, known == 0 ? 2 : ((zigzag(<i64>known - <i64>load<u32>(column, C_OBJECT)) + 1) << 3) | 2);
    store<u32>(column, load<u32>(markOf(object)), C_OBJECT);
  }
}

export function writeString(s: usize): void {
  writeStringIn(alone(), s);
}

function writeStringIn(column: usize, s: usize): void {
  if (isText(s)) writeText(s, column);
  else putLong(MAIN, (<u64>mention(s) << 3) | 3);
}

function writeOther(cell: usize, sort: u32): void {
  putLong(MAIN, (<u64>mention(cell) << 5) | (sort << 3) | 4);
}

/** A small bigint is written once, however many cells hold its value. */
function writeBigInt(cell: usize): void {
  if (isSmallBigInt(cell) && load<u32>(markOf(cell)) == 0) {
    const first = firstEqual(cell);
    if (first != cell) {
      const number = load<u32>(markOf(first));
      store<u32>(markOf(cell), number);
    }
  }
  writeOther(cell, 1);
}

/** Writes a property key: address of an atom or symbol. */
export function writeKey(key: usize): void {
  if (kindOf(key) != Kind.SYMBOL) writeText(key, alone());
  else writeSymbol(key);
}

function writeSymbol(symbol: usize): void {
  const id = stableId(symbol);
  if (id != 0) putLong(MAIN, (<u64>(id - 1) << 3) | 5);
  else if (inBase(symbol)) fail(Fault.UNWRITABLE, symbol);
  else writeOther(symbol, 0);
}

// --- values -------------------------------------------------------------------------------------------------------

const TEN: usize = memory.data<f64>([1, 10, 100, 1000, 10000, 100000, 1000000]);
const EXACT: f64 = 9007199254740992;

function writeInt(column: usize, n: i32): void {
  putLong(MAIN, (zigzag(<i64>n - <i64>load<i32>(column, C_INT)) << 3) | 1);
  store<i32>(column, n, C_INT);
}

function writeDouble(column: usize, v: Value): void {
  // The shortest exact form wins: an int32 (never for −0), then a decimal fraction m / 10^k with at most six digits after the point, then
  // the eight bytes. The quotient is tested for equality, so the reader's division gives the same bits on every machine.
  const d = asDouble(v);
  if (isWhole(v)) {
    writeInt(column, wholeOf(v));
    return;
  }
  if (d != 0) {
    for (let k: i32 = 0; k <= 6; k++) {
      const ten = load<f64>(TEN + (<usize>k << 3));
      const m = nearest<f64>(d * ten);
      if (!(abs<f64>(m) < EXACT)) break;
      if (m / ten == d) {
        putNumber(MAIN, (<u32>(k + 1) << 3) | 7);
        const last: i64 = load<i32>(column, C_DIGITS) == k + 1 ? load<i64>(column, C_DECIMAL) : 0;
        putLong(MAIN, zigzag(<i64>m - last));
        store<i32>(column, k + 1, C_DIGITS);
        store<i64>(column, <i64>m, C_DECIMAL);
        return;
      }
    }
  }
  putNumber(MAIN, 7);
  store<u64>(extendList(NUMBERS, 8), v);
}

/** Writes a value of a column: payload << 3 | tag (ts/defs/snapshot-format.ts). */
export function writeValueIn(column: usize, v: Value): void {
  if (isInt(v)) writeInt(column, asInt(v));
  else if (isDouble(v)) writeDouble(column, v);
  else if (isObject(v)) writeObjectIn(column, addressOf(v));
  else if (isString(v)) writeStringIn(column, addressOf(v));
  else if (isSymbol(v)) writeSymbol(addressOf(v));
  else if (isBigInt(v)) writeBigInt(addressOf(v));
  else if (isCell(v)) writeOther(addressOf(v), 2);
  else putNumber(MAIN, <u32>v << 3);
}

export function writeValue(v: Value): void {
  writeValueIn(alone(), v);
}

// --- fields -------------------------------------------------------------------------------------------------------

/**
 * Ordinal of code that does not belong to a guest program. The mark of a code cell holds its ordinal + 1: code cells are never mentioned as
 * cells, so the word is free.
 */
export function codeOrdinal(whole: usize): u32 {
  const code = codeIdentity(whole);
  const mark = markOf(code);
  let number = load<u32>(mark);
  if (number == 0) {
    pushWord(CODES, <u32>code);
    number = listBytes(CODES) >> 2;
    store<u32>(mark, number);
  }
  return number - 1;
}
