// Owns interning: one string cell per content for property keys, the 256 single characters, symbols. Must never keep a string
// alive: the table is weak, the collector turns dead entries into TOMBSTONE.
//
//   ATOMTABLE  meta: factor of its hashes · count u32 (entries and tombstones) · capacity u32, a power of two · addresses u32 × capacity, 0: empty, 1: tombstone
//
// A property key is a Value: the string value of an interned string that is not an array index, a symbol value, or an array index
// 0 … 2^32 - 2 as INT_BITS | index. A string that is an array index is interned too, but never becomes a key as a string.
import { bucketOf, secretFactor } from "../core/hash";
import { Value } from "../core/value";
import { UNCHARGED_BYTES } from "../generated/exchange";
import {
  ATOMTABLE_CAPACITY, ATOMTABLE_COUNT, ATOMTABLE_SIZE, Kind, SLICE_BASE, SLICE_START, STRING_FLAGS, STRING_SIZE, SYMBOL_DESCRIPTION,
  SYMBOL_FLAGS, SYMBOL_ID, SYMBOL_SIZE,
} from "../generated/kinds";
import { VM_ATOM_TABLE, VM_SYMBOL_COUNTER } from "../generated/layout";
import { UNCOUNTED } from "../heap/account";
import { allocate, chargeBytes, fuelLeft, kindOf, setFuelLeft } from "../heap/memory";
import {
  BUILT, copyBytes, fitsLatin1, flagsOf, INDEX, INTERNED, isTwoByte, lengthOf, narrow, newLatin1, newTwoByte, TWO_BYTE,
} from "./cells";
import { charsOf } from "./rope";
import { equals, hashLatin1, hashOf, sameChars } from "./string";

const TOMBSTONE: u32 = 1;
export const FIRST_CAPACITY: u32 = 1024;
/** Flag of a symbol that is a private name: no key listing shows it. */
export const SYMBOL_PRIVATE: u32 = 1;
/** Returned by arrayIndexOf for anything that is not an array index. */
export const NO_INDEX: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline
function entryAt(table: usize, i: u32): usize {
  return table + ATOMTABLE_SIZE + (<usize>i << 2);
}

/** Place of a hash in a table. */
// @ts-ignore: decorator
@inline
export function homeOf(table: usize, hash: u32): u32 {
  return bucketOf(hash, load<u32>(table), load<u32>(table, ATOMTABLE_CAPACITY));
}

export function newTable(capacity: u32): usize {
  const table = allocate(Kind.ATOMTABLE, ATOMTABLE_SIZE + (<usize>capacity << 2));
  store<u32>(table, secretFactor());
  store<u32>(table, 0, ATOMTABLE_COUNT);
  store<u32>(table, capacity, ATOMTABLE_CAPACITY);
  memory.fill(entryAt(table, 0), 0, <usize>capacity << 2);
  return table;
}

/**
 * A new table without tombstones, with room for as many again. It takes no fuel, since collections and snapshots leave entries out
 * and so affect when it is due. Spread over the strings entered since the last time, its cost is next to nothing.
 */
function growSlow(): void {
  const old = <usize>load<u32>(VM_ATOM_TABLE);
  const oldCapacity = load<u32>(old, ATOMTABLE_CAPACITY);
  let live: u32 = 0;
  for (let i: u32 = 0; i < oldCapacity; i++) if (load<u32>(entryAt(old, i)) > TOMBSTONE) live++;
  let capacity = FIRST_CAPACITY;
  while (capacity < live << 1) capacity <<= 1;
  const table = newTable(capacity);
  const mask = capacity - 1;
  for (let i: u32 = 0; i < oldCapacity; i++) {
    const p = load<u32>(entryAt(old, i));
    if (p <= TOMBSTONE) continue;
    let at = homeOf(table, load<u32>(<usize>p));
    while (load<u32>(entryAt(table, at)) != 0) at = (at + 1) & mask;
    store<u32>(entryAt(table, at), p);
  }
  store<u32>(table, live, ATOMTABLE_COUNT);
  store<u32>(VM_ATOM_TABLE, <u32>table);
}

/** Enters a flat string that is known not to be in the table. */
function enter(s: usize, hash: u32): void {
  let table = <usize>load<u32>(VM_ATOM_TABLE);
  const count = load<u32>(table, ATOMTABLE_COUNT) + 1;
  if (count << 2 > load<u32>(table, ATOMTABLE_CAPACITY) * 3) {
    growSlow();
    table = <usize>load<u32>(VM_ATOM_TABLE);
  }
  const mask = load<u32>(table, ATOMTABLE_CAPACITY) - 1;
  let at = homeOf(table, hash);
  while (load<u32>(entryAt(table, at)) > TOMBSTONE) at = (at + 1) & mask;
  if (load<u32>(entryAt(table, at)) == 0) store<u32>(table, load<u32>(table, ATOMTABLE_COUNT) + 1, ATOMTABLE_COUNT);
  store<u32>(entryAt(table, at), <u32>s);
  const index: u32 = parseIndex(s) == NO_INDEX ? 0 : INDEX;
  store<u32>(s, (flagsOf(s) & (TWO_BYTE | UNCOUNTED)) | INTERNED | index, STRING_FLAGS);
}

/** The interned string of `length` one-byte characters. */
export function internLatin1(chars: usize, length: i32): usize {
  const hash = hashLatin1(chars, length);
  const table = <usize>load<u32>(VM_ATOM_TABLE);
  const mask = load<u32>(table, ATOMTABLE_CAPACITY) - 1;
  let at = homeOf(table, hash);
  while (true) {
    const p = load<u32>(entryAt(table, at));
    if (p == 0) break;
    if (p != TOMBSTONE) {
      const other = <usize>p;
      if (load<u32>(other) == hash && lengthOf(other) == length && sameChars(other + STRING_SIZE, flagsOf(other) & TWO_BYTE, chars, 0, length)) return other;
    }
    at = (at + 1) & mask;
  }
  const s = newLatin1(length);
  copyBytes(s + STRING_SIZE, chars, <usize>length);
  store<u32>(s, hash);
  store<u32>(s, UNCOUNTED, STRING_FLAGS);
  enter(s, hash);
  return s;
}

/** A flat string of the same content, as narrow as it can be; s itself if it is one already and short enough to stay unnoticed. */
function compact(s: usize): usize {
  const chars = charsOf(s);
  const length = lengthOf(s);
  // Longer strings take fuel to compare, so a snapshot keeps which of them are atoms.
  const mayBecomeAtom = kindOf(s) == Kind.STRING && <usize>length << (flagsOf(s) & TWO_BYTE) <= UNCHARGED_BYTES;
  if (!isTwoByte(s)) {
    if (mayBecomeAtom) return s;
    const flat = newLatin1(length);
    copyBytes(flat + STRING_SIZE, chars, <usize>length);
    return flat;
  }
  if (fitsLatin1(chars, length)) {
    const flat = newLatin1(length);
    narrow(flat + STRING_SIZE, chars, length);
    return flat;
  }
  if (mayBecomeAtom) return s;
  const flat = newTwoByte(length);
  copyBytes(flat + STRING_SIZE, chars, <usize>length << 1);
  return flat;
}

/** The atom with the content of s; 0 if there is no such atom. Comparing with content that differs in spite of an equal hash is charged. */
function findAtom(s: usize, hash: u32): usize {
  const table = <usize>load<u32>(VM_ATOM_TABLE);
  const mask = load<u32>(table, ATOMTABLE_CAPACITY) - 1;
  let at = homeOf(table, hash);
  while (true) {
    const p = load<u32>(entryAt(table, at));
    if (p == 0) return 0;
    if (p != TOMBSTONE && load<u32>(<usize>p) == hash) {
      const before = fuelLeft();
      if (equals(<usize>p, s)) {
        setFuelLeft(before);
        return <usize>p;
      }
    }
    at = (at + 1) & mask;
  }
  return 0;
}

/**
 * Collections and snapshots drop atoms, so whether there is an atom already must not show. Interning takes the same fuel either way,
 * and leaves the same string: a short one loses its mark, a slice becomes a view of the atom, a long one stays as it is.
 */
function internSlow(s: usize): usize {
  charsOf(s);
  const isSlice = kindOf(s) == Kind.SLICE;
  if (isSlice) {
    // A slice that was interned before is a view of its atom.
    const base = <usize>load<u32>(s, SLICE_BASE);
    if (kindOf(base) == Kind.STRING && (flagsOf(base) & INTERNED) != 0 && lengthOf(base) == lengthOf(s)) return base;
  }
  const hash = hashOf(s);
  chargeBytes(<usize>lengthOf(s) << (flagsOf(s) & TWO_BYTE));
  let atom = findAtom(s, hash);
  if (atom == 0) {
    const before = fuelLeft();
    atom = compact(s);
    setFuelLeft(before);
    if (atom != s) store<u32>(atom, flagsOf(atom) | UNCOUNTED, STRING_FLAGS);
    store<u32>(atom, hash);
    enter(atom, hash);
  }
  if (!isSlice) store<u32>(s, flagsOf(s) & ~BUILT, STRING_FLAGS);
  if (isSlice) {
    store<u32>(s, flagsOf(atom) & TWO_BYTE, STRING_FLAGS);
    store<u32>(s, <u32>atom, SLICE_BASE);
    store<u32>(s, 0, SLICE_START);
  }
  return atom;
}

/** The one interned string with the content of s. */
// @ts-ignore: decorator
@inline
export function intern(s: usize): usize {
  return (flagsOf(s) & INTERNED) != 0 ? s : internSlow(s);
}

// --- array indices ------------------------------------------------------------------------------------------------

export function parseIndex(s: usize): u32 {
  const length = lengthOf(s);
  if (length > 10 || length == 0) return NO_INDEX;
  const chars = charsOf(s);
  const width = flagsOf(s) & TWO_BYTE;
  let n: u64 = 0;
  for (let i = 0; i < length; i++) {
    const digit = (width ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i)) - 0x30;
    if (digit > 9 || (digit == 0 && i == 0 && length > 1)) return NO_INDEX;
    n = n * 10 + <u64>digit;
  }
  return n < <u64>NO_INDEX ? <u32>n : NO_INDEX;
}

/** The array index that the string spells canonically, or NO_INDEX. https://tc39.es/ecma262/#array-index */
export function arrayIndexOf(s: usize): u32 {
  return (flagsOf(s) & (INTERNED | INDEX)) == INTERNED ? NO_INDEX : parseIndex(s);
}

// --- symbols ------------------------------------------------------------------------------------------------------

/** Hash of the symbol with that id: symbols of a snapshot get it anew from their ids. Never 0. */
export function symbolHash(id: u32): u32 {
  const mixed = (id * 0x9e3779b1) ^ 0x5bd1e995;
  return max<u32>(1, mixed ^ (mixed >> 15));
}

/** A new symbol; description: a string value or undefined. https://tc39.es/ecma262/#sec-symbol-description */
export function newSymbol(description: Value, flags: u32): usize {
  const id = load<u32>(VM_SYMBOL_COUNTER) + 1;
  store<u32>(VM_SYMBOL_COUNTER, id);
  const symbol = allocate(Kind.SYMBOL, SYMBOL_SIZE);
  store<u32>(symbol, symbolHash(id));
  store<u32>(symbol, flags, SYMBOL_FLAGS);
  store<u32>(symbol, id, SYMBOL_ID);
  store<u64>(symbol, description, SYMBOL_DESCRIPTION);
  return symbol;
}
