// Owns the ordered hash tables of Map, Set, WeakMap and WeakSet. Must never hand out a deleted entry, and must never strand an
// iterator: the holder of an old table and a position can always find its place in the current table.
//
//   HASHTABLE  meta 1: weak · used · live · capacity · buckets · next p · first (all entries before it are deleted)
//              entries {key v · value v · chain u32 · hash u32} × capacity, in the order of insertion
//              bucket heads u32 × buckets;   heads and chains hold entry index + 1, 0 ends
//
// A deleted entry keeps its place, with HOLE as its key. Growing, compacting and clearing make a new table, and the `next` of the old
// one points to it. Position i of the old table becomes i - (number of entries deleted before i) in the new one. Clearing
// deletes all entries of the old table first, so that every position becomes 0.
import { mix32, mix64, secretHash } from "../core/hash";
import {
  ABSENT, addressOf, boxInt, boxNumber, HOLE, isBigInt, isDouble, isInt, isNumber, isObject, isString, isSymbol, UNDEFINED, Value,
} from "../core/value";
import {
  BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, HASHTABLE_BUCKETS, HASHTABLE_CAPACITY, HASHTABLE_FIRST, HASHTABLE_LIVE, HASHTABLE_NEXT,
  HASHTABLE_SIZE, HASHTABLE_USED, Kind, MAP_TABLE, SLOTS_SIZE,
} from "../generated/kinds";
import { VM_HASH_COUNTER, } from "../generated/layout";
import { allocate, chargeBytes, chargeFuel, kindOf, reserve } from "../heap/memory";
import { sameBigInt } from "../primitives/convert";
import { equals, hashOf } from "../strings/string";

const ENTRY: usize = 24;
const ENTRY_VALUE: usize = 8;
const ENTRY_CHAIN: usize = 16;
const ENTRY_HASH: usize = 20;
const OBJECT_SLOTS: usize = 8;

const FIRST_CAPACITY: u32 = 4;
/** Tables of at most this many bytes need no `reserve`. */
const FREE_BYTES: usize = 4096;

// @ts-ignore: decorator
@inline
function entryAt(table: usize, index: u32): usize {
  return table + HASHTABLE_SIZE + <usize>index * ENTRY;
}
// @ts-ignore: decorator
@inline
function headOf(table: usize, hash: u32): usize {
  return entryAt(table, load<u32>(table, HASHTABLE_CAPACITY)) + (<usize>(hash & (load<u32>(table, HASHTABLE_BUCKETS) - 1)) << 2);
}
// @ts-ignore: decorator
@inline
function tableBytes(capacity: u32): usize {
  return HASHTABLE_SIZE + <usize>capacity * (ENTRY + 4);
}

/** An empty table for `capacity` entries, a power of two. */
export function tableNew(capacity: u32): usize {
  const table = allocate(Kind.HASHTABLE, tableBytes(capacity));
  store<u32>(table, 0);
  store<u64>(table, 0, HASHTABLE_USED);
  store<u32>(table, capacity, HASHTABLE_CAPACITY);
  store<u32>(table, capacity, HASHTABLE_BUCKETS);
  store<u64>(table, 0, HASHTABLE_NEXT);
  memory.fill(entryAt(table, capacity), 0, <usize>capacity << 2);
  return table;
}

// --- hashing ------------------------------------------------------------------------------------------------------

/** Fuel of a weak entry: each collection looks at it apart from all else. */
export const WEAK_ENTRY: i32 = 4;
/** Entries that a search passes free of charge; after them, PROBES_PER_UNIT entries cost a unit of fuel. */
const FREE_PROBES: i32 = 8;
const PROBES_PER_UNIT: i32 = 4;
/** Holes that an iteration passes free of charge; after them, sixteen cost a unit. */
const FREE_HOLES: u32 = 16;

/**
 * Takes the fuel of a search. Fuel must not depend on state that a snapshot drops. So entries of weak tables are not counted, and only keys
 * whose hash survives a snapshot are charged: that of an object or a symbol depends on a secret of the machine.
 */
function chargeProbes(table: usize, probes: i32): void {
  if (probes > FREE_PROBES && !isWeak(table)) chargeFuel((probes - FREE_PROBES) / PROBES_PER_UNIT);
}

/** Hash of an object, which survives its moves: it is made on first use and kept in the header of its SLOTS cell. */
export function identityHash(object: usize): u32 {
  let slots = <usize>load<u32>(object, OBJECT_SLOTS);
  if (slots == 0) {
    slots = allocate(Kind.SLOTS, SLOTS_SIZE);
    store<u32>(slots, 0);
    store<u32>(object, <u32>slots, OBJECT_SLOTS);
  }
  let hash = load<u32>(slots);
  if (hash == 0) {
    const count = load<u32>(VM_HASH_COUNTER) + 1;
    store<u32>(VM_HASH_COUNTER, count);
    hash = max<u32>(1, secretHash(count));
    store<u32>(slots, hash);
  }
  return hash;
}

function hashSlow(key: Value): u32 {
  if (isString(key)) return hashOf(addressOf(key));
  if (isObject(key)) return identityHash(addressOf(key));
  if (isSymbol(key)) return secretHash(load<u32>(addressOf(key)));
  if (isBigInt(key)) {
    const p = addressOf(key);
    let h = load<u32>(p, BIGINT_SIGN);
    const end = p + BIGINT_SIZE + (<usize>load<u32>(p, BIGINT_LENGTH) << 2);
    for (let at = p + BIGINT_SIZE; at < end; at += 4) h = mix32(h ^ load<u32>(at)) + 0x7f4a7c15;
    return h;
  }
  return <u32>mix64(key);
}

/** The form in which a key is stored: int32 where it can be, +0 for -0. https://tc39.es/ecma262/#sec-canonicalizekeyedcollectionkey */
// @ts-ignore: decorator
@inline
export function normalizeKey(key: Value): Value {
  return isDouble(key) ? (reinterpret<f64>(key) == 0 ? boxInt(0) : boxNumber(reinterpret<f64>(key))) : key;
}

/** Hash of a normalized key. */
// @ts-ignore: decorator
@inline
function hashKey(key: Value): u32 {
  return isInt(key) ? mix32(<u32>key) : hashSlow(key);
}

// --- finding ------------------------------------------------------------------------------------------------------

/** Finds a string or bigint by content; entry index + 1, or 0. */
function findContent(table: usize, key: Value, hash: u32): u32 {
  const text = isString(key);
  let n = load<u32>(headOf(table, hash));
  let probes = 0;
  while (n != 0) {
    const entry = entryAt(table, n - 1);
    const other = load<u64>(entry);
    if (other == key) break;
    if (load<u32>(entry, ENTRY_HASH) == hash) {
      if (text) {
        if (isString(other) && equals(addressOf(other), addressOf(key))) break;
      } else if (isBigInt(other) && sameBigInt(addressOf(other), addressOf(key))) break;
    }
    if (other != HOLE) probes++;
    n = load<u32>(entry, ENTRY_CHAIN);
  }
  chargeProbes(table, probes);
  return n;
}

/** Entry index + 1 of a normalized key, or 0. */
// @ts-ignore: decorator
@inline
function findHashed(table: usize, key: Value, hash: u32): u32 {
  if (isString(key) || isBigInt(key)) return findContent(table, key, hash);
  let n = load<u32>(headOf(table, hash));
  let probes = 0;
  while (n != 0) {
    const entry = entryAt(table, n - 1);
    const other = load<u64>(entry);
    if (other == key) break;
    if (other != HOLE) probes++;
    n = load<u32>(entry, ENTRY_CHAIN);
  }
  if (probes > FREE_PROBES && isNumber(key)) chargeProbes(table, probes);
  return n;
}

/** Index of the entry of a key, or -1. */
export function tableFind(table: usize, key: Value): i32 {
  if (table == 0) return -1;
  const k = normalizeKey(key);
  return <i32>findHashed(table, k, hashKey(k)) - 1;
}

// --- changing -----------------------------------------------------------------------------------------------------

/** Appends an entry to a table that has room and does not have the key. */
// @ts-ignore: decorator
@inline
function appendEntry(table: usize, key: Value, value: Value, hash: u32): void {
  const index = load<u32>(table, HASHTABLE_USED);
  const entry = entryAt(table, index);
  const head = headOf(table, hash);
  store<u64>(entry, key);
  store<u64>(entry, value, ENTRY_VALUE);
  store<u32>(entry, load<u32>(head), ENTRY_CHAIN);
  store<u32>(entry, hash, ENTRY_HASH);
  store<u32>(head, index + 1);
  store<u32>(table, index + 1, HASHTABLE_USED);
  store<u32>(table, load<u32>(table, HASHTABLE_LIVE) + 1, HASHTABLE_LIVE);
}

function isWeak(table: usize): bool {
  return load<u32>(table) != 0;
}

/**
 * A new table with the live entries and room for as many again; 0 if that must wait for a collection. Rebuilding a weak table takes no
 * fuel, because the moment depends on which entries collections and snapshots have dropped. Its entries pay when they are added.
 */
function rebuildSlow(owner: usize, old: usize): usize {
  let capacity = FIRST_CAPACITY;
  const live: u32 = old == 0 ? 0 : load<u32>(old, HASHTABLE_LIVE);
  while (capacity < live << 1) capacity <<= 1;
  const bytes = tableBytes(capacity);
  if (bytes > FREE_BYTES && !reserve(bytes)) return 0;
  const table = tableNew(capacity);
  const kind = kindOf(owner);
  if (kind == Kind.WEAKMAP || kind == Kind.WEAKSET) store<u32>(table, 1);
  if (old != 0) {
    if (!isWeak(table)) chargeBytes(bytes);
    const end = entryAt(old, load<u32>(old, HASHTABLE_USED));
    for (let at = entryAt(old, load<u32>(old, HASHTABLE_FIRST)); at < end; at += ENTRY) {
      if (load<u64>(at) != HOLE) appendEntry(table, load<u64>(at), load<u64>(at, ENTRY_VALUE), load<u32>(at, ENTRY_HASH));
    }
    store<u32>(old, <u32>table, HASHTABLE_NEXT);
  }
  store<u32>(owner, <u32>table, MAP_TABLE);
  return table;
}

/** Takes an entry out of the chain of its bucket, so that no search passes it any more. */
function unchain(table: usize, index: u32): void {
  const entry = entryAt(table, index);
  let at = headOf(table, load<u32>(entry, ENTRY_HASH));
  while (load<u32>(at) != index + 1) at = entryAt(table, load<u32>(at) - 1) + ENTRY_CHAIN;
  store<u32>(at, load<u32>(entry, ENTRY_CHAIN));
}

/** After a table was made for more entries than it got: gives it the size of those. False: it must wait for a collection. */
export function tableTrim(owner: usize): bool {
  const table = tableOf(owner);
  if (table == 0 || load<u32>(table, HASHTABLE_CAPACITY) <= max<u32>(FIRST_CAPACITY, load<u32>(table, HASHTABLE_USED) << 2)) return true;
  return rebuildSlow(owner, table) != 0;
}

/** Replaces an entry by a hole. HASHTABLE_FIRST moves past it if it was the first. */
function deleteEntry(table: usize, index: u32): void {
  unchain(table, index);
  const entry = entryAt(table, index);
  store<u64>(entry, HOLE);
  store<u64>(entry, UNDEFINED, ENTRY_VALUE);
  store<u32>(table, load<u32>(table, HASHTABLE_LIVE) - 1, HASHTABLE_LIVE);
  if (index != load<u32>(table, HASHTABLE_FIRST)) return;
  // A queue deletes at the front: the next iteration must not walk over the deleted entries again.
  const used = load<u32>(table, HASHTABLE_USED);
  let first = index + 1;
  while (first < used && load<u64>(entryAt(table, first)) == HOLE) first++;
  store<u32>(table, first, HASHTABLE_FIRST);
}

// --- maps and sets (the owner's table is at MAP_TABLE; 0: no entry yet) ----------------------------------------------

// @ts-ignore: decorator
@inline
function tableOf(owner: usize): usize {
  return <usize>load<u32>(owner, MAP_TABLE);
}

/** Number of entries. */
// @ts-ignore: decorator
@inline
export function mapSize(owner: usize): u32 {
  const table = tableOf(owner);
  return table == 0 ? 0 : load<u32>(table, HASHTABLE_LIVE);
}

export function mapHas(owner: usize, key: Value): bool {
  return tableFind(tableOf(owner), key) >= 0;
}

/** The value of a key, or ABSENT. */
export function mapGet(owner: usize, key: Value): Value {
  const table = tableOf(owner);
  const index = tableFind(table, key);
  return index < 0 ? ABSENT : load<u64>(entryAt(table, <u32>index), ENTRY_VALUE);
}

/** Sets the value of a key (UNDEFINED in a set). False: nothing was done, and the native must return RETRY. */
export function mapSet(owner: usize, key: Value, value: Value): bool {
  const k = normalizeKey(key);
  const hash = hashKey(k);
  let table = tableOf(owner);
  if (table != 0) {
    const n = findHashed(table, k, hash);
    if (n != 0) {
      store<u64>(entryAt(table, n - 1), value, ENTRY_VALUE);
      return true;
    }
  }
  if (table == 0 || load<u32>(table, HASHTABLE_USED) == load<u32>(table, HASHTABLE_CAPACITY)) {
    table = rebuildSlow(owner, table);
    if (table == 0) return false;
  }
  appendEntry(table, k, value, hash);
  if (isWeak(table)) chargeFuel(WEAK_ENTRY);
  return true;
}

/** As mapSet, for a key that is known to be absent: the search is skipped. */
export function mapAppend(owner: usize, key: Value, value: Value): bool {
  const k = normalizeKey(key);
  const hash = hashKey(k);
  let table = tableOf(owner);
  if (table == 0 || load<u32>(table, HASHTABLE_USED) == load<u32>(table, HASHTABLE_CAPACITY)) {
    table = rebuildSlow(owner, table);
    if (table == 0) return false;
  }
  appendEntry(table, k, value, hash);
  return true;
}

/** Hash of a normalized key. */
export function keyHash(key: Value): u32 {
  return hashKey(key);
}

/** True if a table has a normalized key with that hash. */
export function tableHas(table: usize, key: Value, hash: u32): bool {
  return findHashed(table, key, hash) != 0;
}

/** Appends an entry to a table that has room for it and does not have the normalized key. */
export function tableAppend(table: usize, key: Value, value: Value, hash: u32): void {
  appendEntry(table, key, value, hash);
}

/** Removes a key; true if it was there. */
export function mapDelete(owner: usize, key: Value): bool {
  const table = tableOf(owner);
  const index = tableFind(table, key);
  if (index < 0) return false;
  deleteEntry(table, <u32>index);
  return true;
}

/** Removes all entries. */
export function mapClear(owner: usize): void {
  const old = tableOf(owner);
  if (old == 0 || load<u32>(old, HASHTABLE_USED) == 0) return;
  const used = load<u32>(old, HASHTABLE_USED);
  const end = entryAt(old, used);
  chargeBytes(end - old);
  for (let at = entryAt(old, 0); at < end; at += ENTRY) {
    store<u64>(at, HOLE);
    store<u64>(at, UNDEFINED, ENTRY_VALUE);
  }
  store<u32>(old, 0, HASHTABLE_LIVE);
  store<u32>(old, used, HASHTABLE_FIRST);
  // An empty small table is never refused.
  rebuildSlow(owner, old);
}

// --- iteration ----------------------------------------------------------------------------------------------------

/** Index of the first live entry from `index` on, or -1. The table must be the current one (tableAdvance). */
export function tableNextEntry(table: usize, index: u32): i32 {
  const used = load<u32>(table, HASHTABLE_USED);
  const from = max<u32>(index, load<u32>(table, HASHTABLE_FIRST));
  let i = from;
  while (i < used && load<u64>(entryAt(table, i)) == HOLE) i++;
  // A snapshot keeps the holes of a table, so they may cost fuel.
  if (i - from > FREE_HOLES) chargeFuel(<i32>((i - from) >> 4));
  return i < used ? <i32>i : -1;
}

// @ts-ignore: decorator
@inline
export function tableKey(table: usize, index: i32): Value {
  return load<u64>(entryAt(table, <u32>index));
}
// @ts-ignore: decorator
@inline
export function tableValue(table: usize, index: i32): Value {
  return load<u64>(entryAt(table, <u32>index), ENTRY_VALUE);
}

/** True if the table has been replaced: tableAdvance must be called. */
// @ts-ignore: decorator
@inline
export function tableIsOld(table: usize): bool {
  return load<u32>(table, HASHTABLE_NEXT) != 0;
}

/** What tableAdvance has found: the address of the current table, and the index there. Read before anything is allocated. */
export const ADVANCED_TABLE: usize = memory.data(8, 4);
export const ADVANCED_INDEX: usize = ADVANCED_TABLE + 4;

/** Finds the place of (table, index) in the current table, and stores it at ADVANCED_TABLE and ADVANCED_INDEX. */
export function tableAdvance(table: usize, index: u32): void {
  let i = index;
  let current = table;
  while (load<u32>(current, HASHTABLE_NEXT) != 0) {
    // A snapshot may name a place that no entry has.
    i = min(i, load<u32>(current, HASHTABLE_USED));
    let deleted = min(i, load<u32>(current, HASHTABLE_FIRST));
    if (load<u32>(current, HASHTABLE_LIVE) != load<u32>(current, HASHTABLE_USED)) {
      for (let j = deleted; j < i; j++) if (load<u64>(entryAt(current, j)) == HOLE) deleted++;
    }
    chargeBytes(<usize>i);
    i -= deleted;
    current = <usize>load<u32>(current, HASHTABLE_NEXT);
  }
  store<u32>(ADVANCED_TABLE, <u32>current);
  store<u32>(ADVANCED_INDEX, i);
}
