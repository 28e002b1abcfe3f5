// Owns shapes: which properties an object has, in which order, with which attributes and in which slot. Must never look at
// property values, and must never change a shape that several objects share.
//
// A shared shape is immutable; adding a property moves the object to a child shape. A UNIQUE shape belongs to one object
// (prototypes, the global object, objects that lost a property or have very many) and grows in place. A change that would make an
// inline cache wrong (removal, changed attributes, another prototype) gives the object a new shape cell.
//
//   PROPTABLE   meta: factor of its hashes · entry i = property in slot i: {key u32, attributes u32}; key 0: removed ·
//               hash u32 × hashSize (entry + 1, 0: free).
//               A table for at most LINEAR entries has no hashes.
//               A child appends to its parent's table if no other child has yet: a shape sees the first `count` entries only.
import { bucketOf, secretFactor } from "../core/hash";
import { boxString, boxSymbol, Value } from "../core/value";
import {
  Kind, PROPTABLE_CAPACITY, PROPTABLE_HASH_SIZE, PROPTABLE_LIVE, PROPTABLE_SIZE, PROPTABLE_USED, SHAPE_COUNT, SHAPE_LAST_ATTRIBUTES,
  SHAPE_LAST_KEY, SHAPE_LAYOUT, SHAPE_MAKER, SHAPE_PROTO, SHAPE_SIZE, SHAPE_TABLE, SHAPE_TRANSITIONS, TRANSITIONS_CAPACITY,
  TRANSITIONS_COUNT, TRANSITIONS_SIZE,
} from "../generated/kinds";
import { VM_EPOCH } from "../generated/layout";
import { allocate, kindOf } from "../heap/memory";
import { touch } from "./touched";

export const WRITABLE: u32 = 1;
export const ENUMERABLE: u32 = 2;
export const CONFIGURABLE: u32 = 4;
export const ACCESSOR: u32 = 8;
/** Attributes of a property made by assignment. */
export const PLAIN: u32 = 7;

/** Shape flags (meta). */
export const UNIQUE: u32 = 1;
export const NOT_EXTENSIBLE: u32 = 2;
/** The object is the prototype of others: changing it invalidates cached lookups through it. */
export const PROTOTYPE: u32 = 4;
/** Proxies: the target was callable, or a constructor, when the proxy was made. */
export const CALLABLE: u32 = 8;
export const PROXY_CONSTRUCTOR: u32 = 16;

/** Above this many properties an object gets a shape of its own. */
export const MAX_SHARED: u32 = 128;
/** Up to this many properties are searched without hashes. */
const LINEAR: u32 = 8;

// @ts-ignore: decorator
@inline
export function shapeOf(object: usize): usize {
  return <usize>load<u32>(object);
}
// @ts-ignore: decorator
@inline
export function inlineBase(shape: usize): usize {
  return <usize>load<u16>(shape, SHAPE_LAYOUT);
}
// @ts-ignore: decorator
@inline
export function inlineCapacity(shape: usize): u32 {
  return <u32>load<u16>(shape, SHAPE_LAYOUT + 2);
}

/** A shape without properties. */
export function newRootShape(proto: usize, base: usize, capacity: u32, flags: u32): usize {
  const shape = allocate(Kind.SHAPE, SHAPE_SIZE);
  store<u32>(shape, flags);
  store<u32>(shape, <u32>proto, SHAPE_PROTO);
  store<u32>(shape, 0, SHAPE_TABLE);
  store<u32>(shape, 0, SHAPE_COUNT);
  store<u32>(shape, <u32>base | (capacity << 16), SHAPE_LAYOUT);
  store<u32>(shape, 0, SHAPE_MAKER);
  store<u32>(shape, 0, SHAPE_TRANSITIONS);
  store<u32>(shape, 0, SHAPE_LAST_KEY);
  store<u32>(shape, 0, SHAPE_LAST_ATTRIBUTES);
  return shape;
}

/** A copy of a shape, without its transitions, that shares the table. */
function copyShape(shape: usize, flags: u32): usize {
  const copy = newRootShape(<usize>load<u32>(shape, SHAPE_PROTO), 0, 0, flags);
  store<u32>(copy, load<u32>(shape, SHAPE_TABLE), SHAPE_TABLE);
  store<u32>(copy, load<u32>(shape, SHAPE_COUNT), SHAPE_COUNT);
  store<u32>(copy, load<u32>(shape, SHAPE_LAYOUT), SHAPE_LAYOUT);
  store<u32>(copy, load<u32>(shape, SHAPE_MAKER), SHAPE_MAKER);
  return copy;
}

// --- tables -------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
export function entryAt(table: usize, index: u32): usize {
  return table + PROPTABLE_SIZE + (<usize>index << 3);
}

function newTable(capacity: u32): usize {
  const hashSize: u32 = capacity > LINEAR ? 1 << (33 - clz<u32>(capacity)) : 0;
  const table = allocate(Kind.PROPTABLE, PROPTABLE_SIZE + (<usize>capacity << 3) + (<usize>hashSize << 2));
  store<u32>(table, secretFactor());
  store<u32>(table, 0, PROPTABLE_USED);
  store<u32>(table, capacity, PROPTABLE_CAPACITY);
  store<u32>(table, hashSize, PROPTABLE_HASH_SIZE);
  store<u32>(table, 0, PROPTABLE_LIVE);
  if (hashSize != 0) memory.fill(entryAt(table, capacity), 0, <usize>hashSize << 2);
  return table;
}

/** Place of a key in the hashes of a table of that size. */
// @ts-ignore: decorator
@inline
function homeOf(table: usize, key: usize, size: u32): u32 {
  return bucketOf(load<u32>(key), load<u32>(table), size);
}

/** Enters an entry in the hashes of its table: open addressing, the next free place. */
function insertHash(table: usize, key: u32, index: u32): void {
  const size = load<u32>(table, PROPTABLE_HASH_SIZE);
  if (size == 0) return;
  const hashes = entryAt(table, load<u32>(table, PROPTABLE_CAPACITY));
  let i = homeOf(table, <usize>key, size);
  while (load<u32>(hashes + (<usize>i << 2)) != 0) i = (i + 1) & (size - 1);
  store<u32>(hashes + (<usize>i << 2), index + 1);
}

/** Enters all entries of a table whose hashes are empty. */
export function enterHashes(table: usize): void {
  const used = load<u32>(table, PROPTABLE_USED);
  for (let i: u32 = 0; i < used; i++) {
    const key = load<u32>(entryAt(table, i));
    if (key != 0) insertHash(table, key, i);
  }
}

/** Removes an entry from the hashes. Later ones of the same run move up, so that searches never have to pass a removed entry. */
function removeHash(table: usize, key: u32, index: u32): void {
  const size = load<u32>(table, PROPTABLE_HASH_SIZE);
  if (size == 0) return;
  const mask = size - 1;
  const hashes = entryAt(table, load<u32>(table, PROPTABLE_CAPACITY));
  let free = homeOf(table, <usize>key, size);
  while (load<u32>(hashes + (<usize>free << 2)) != index + 1) free = (free + 1) & mask;
  for (let i = (free + 1) & mask; ; i = (i + 1) & mask) {
    const n = load<u32>(hashes + (<usize>i << 2));
    if (n == 0) break;
    const home = homeOf(table, <usize>load<u32>(entryAt(table, n - 1)), size);
    if (((i - home) & mask) < ((i - free) & mask)) continue;
    store<u32>(hashes + (<usize>free << 2), n);
    free = i;
  }
  store<u32>(hashes + (<usize>free << 2), 0);
}

function appendEntry(table: usize, key: u32, attributes: u32): void {
  const used = load<u32>(table, PROPTABLE_USED);
  const at = entryAt(table, used);
  store<u32>(at, key);
  store<u32>(at, attributes, 4);
  store<u32>(table, used + 1, PROPTABLE_USED);
  store<u32>(table, load<u32>(table, PROPTABLE_LIVE) + 1, PROPTABLE_LIVE);
  insertHash(table, key, used);
}

/** A table of its own with the first `count` entries and room for more; removed entries keep their place. */
function copyTable(table: usize, count: u32, capacity: u32): usize {
  const copy = newTable(capacity);
  let live: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(entryAt(table, i));
    store<u32>(entryAt(copy, i), key);
    store<u32>(entryAt(copy, i), load<u32>(entryAt(table, i), 4), 4);
    if (key != 0) {
      insertHash(copy, key, i);
      live++;
    }
  }
  store<u32>(copy, count, PROPTABLE_USED);
  store<u32>(copy, live, PROPTABLE_LIVE);
  return copy;
}

/** A table with the entries of a shape to which one more can be appended: its own if no other child did so, else a copy. */
function tableForAppend(shape: usize): usize {
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  const count = load<u32>(shape, SHAPE_COUNT);
  if (table == 0) return newTable(4);
  const capacity = load<u32>(table, PROPTABLE_CAPACITY);
  if (load<u32>(table, PROPTABLE_USED) == count && count < capacity) return table;
  return copyTable(table, count, count < capacity ? capacity : count * 2);
}

/** Index of the entry with that key (address of an atom or symbol), or -1. */
export function findEntry(shape: usize, key: usize): i32 {
  const count = load<u32>(shape, SHAPE_COUNT);
  if (count == 0) return -1;
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  const size = load<u32>(table, PROPTABLE_HASH_SIZE);
  if (size == 0 || count <= LINEAR) {
    let at = table + PROPTABLE_SIZE;
    for (let i: u32 = 0; i < count; i++) {
      if (load<u32>(at) == <u32>key) return <i32>i;
      at += 8;
    }
    return -1;
  }
  const hashes = entryAt(table, load<u32>(table, PROPTABLE_CAPACITY));
  let i = homeOf(table, key, size);
  while (true) {
    const n = load<u32>(hashes + (<usize>i << 2));
    if (n == 0) return -1;
    if (load<u32>(entryAt(table, n - 1)) == <u32>key) return n - 1 < count ? <i32>(n - 1) : -1;
    i = (i + 1) & (size - 1);
  }
  return -1;
}

export function entryKey(shape: usize, index: u32): usize {
  return <usize>load<u32>(entryAt(<usize>load<u32>(shape, SHAPE_TABLE), index));
}
export function entryAttributes(shape: usize, index: u32): u32 {
  return load<u32>(entryAt(<usize>load<u32>(shape, SHAPE_TABLE), index), 4);
}
/** Number of named properties, without the places that removed ones left in the table: a snapshot drops those. */
export function namedCount(shape: usize): u32 {
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  return table != 0 && load<u32>(shape) & UNIQUE ? load<u32>(table, PROPTABLE_LIVE) : load<u32>(shape, SHAPE_COUNT);
}
/** The key of an entry as a property key. */
export function keyValue(key: usize): Value {
  return kindOf(key) == Kind.SYMBOL ? boxSymbol(key) : boxString(key);
}

// --- transitions --------------------------------------------------------------------------------------------------

/** The child of a shape for that property, or 0. SHAPE_TRANSITIONS is a single child or a TRANSITIONS list. */
function findChild(shape: usize, key: usize, attributes: u32): usize {
  const child = <usize>load<u32>(shape, SHAPE_TRANSITIONS);
  if (child == 0) return 0;
  if (kindOf(child) == Kind.SHAPE) {
    return load<u32>(child, SHAPE_LAST_KEY) == <u32>key && load<u32>(child, SHAPE_LAST_ATTRIBUTES) == attributes ? child : 0;
  }
  const count = load<u32>(child, TRANSITIONS_COUNT);
  for (let i: u32 = count; i > 0; i--) {
    const s = <usize>load<u32>(child + TRANSITIONS_SIZE + (<usize>(i - 1) << 2));
    if (load<u32>(s, SHAPE_LAST_KEY) == <u32>key && load<u32>(s, SHAPE_LAST_ATTRIBUTES) == attributes) return s;
  }
  return 0;
}

/** A shape remembers at most this many children: objects with more are used as dictionaries. */
const MAX_CHILDREN: u32 = 64;

/** Adds a child to the transitions of a shape, making or growing the list from the second child on. */
function addChild(shape: usize, child: usize): void {
  const old = <usize>load<u32>(shape, SHAPE_TRANSITIONS);
  if (old == 0) {
    store<u32>(shape, <u32>child, SHAPE_TRANSITIONS);
    return;
  }
  let list = old;
  if (kindOf(old) == Kind.SHAPE || load<u32>(old, TRANSITIONS_COUNT) == load<u32>(old, TRANSITIONS_CAPACITY)) {
    const count: u32 = kindOf(old) == Kind.SHAPE ? 1 : load<u32>(old, TRANSITIONS_COUNT);
    const capacity: u32 = count < 4 ? 4 : count * 2;
    list = allocate(Kind.TRANSITIONS, TRANSITIONS_SIZE + (<usize>capacity << 2));
    store<u32>(list, 0);
    store<u32>(list, count, TRANSITIONS_COUNT);
    store<u32>(list, capacity, TRANSITIONS_CAPACITY);
    if (kindOf(old) == Kind.SHAPE) store<u32>(list + TRANSITIONS_SIZE, <u32>old);
    else memory.copy(list + TRANSITIONS_SIZE, old + TRANSITIONS_SIZE, <usize>count << 2);
    store<u32>(shape, <u32>list, SHAPE_TRANSITIONS);
  }
  const count = load<u32>(list, TRANSITIONS_COUNT);
  store<u32>(list + TRANSITIONS_SIZE + (<usize>count << 2), <u32>child);
  store<u32>(list, count + 1, TRANSITIONS_COUNT);
}

/** True if a shape has as many children as it may remember. */
function crowded(shape: usize): bool {
  const list = <usize>load<u32>(shape, SHAPE_TRANSITIONS);
  return list != 0 && kindOf(list) == Kind.TRANSITIONS && load<u32>(list, TRANSITIONS_COUNT) >= MAX_CHILDREN;
}

/**
 * The shape of an object of `shape` after adding a property, whose slot is the old count. A UNIQUE shape is changed in
 * place and returned itself; what was cached for it stays valid, unless the property hides one of a prototype.
 */
export function shapeWith(shape: usize, key: usize, attributes: u32): usize {
  const flags = load<u32>(shape);
  const count = load<u32>(shape, SHAPE_COUNT);
  if ((flags & UNIQUE) == 0) {
    const known = findChild(shape, key, attributes);
    if (known != 0) return known;
  }
  let target = shape;
  const table = tableForAppend(shape);
  if (flags & UNIQUE) {
    if (flags & PROTOTYPE || isInherited(shape, key)) bumpEpoch();
  } else if (count >= MAX_SHARED || crowded(shape)) {
    target = copyShape(shape, flags | UNIQUE);
    const own = table == <usize>load<u32>(shape, SHAPE_TABLE) ? copyTable(table, count, count * 2 + 4) : table;
    appendEntry(own, <u32>key, attributes);
    store<u32>(target, <u32>own, SHAPE_TABLE);
    store<u32>(target, count + 1, SHAPE_COUNT);
    return target;
  } else {
    target = copyShape(shape, flags);
    store<u32>(target, <u32>key, SHAPE_LAST_KEY);
    store<u32>(target, attributes, SHAPE_LAST_ATTRIBUTES);
    addChild(shape, target);
  }
  appendEntry(table, <u32>key, attributes);
  store<u32>(target, <u32>table, SHAPE_TABLE);
  store<u32>(target, count + 1, SHAPE_COUNT);
  return target;
}

/** Longer chains of prototypes are not searched. */
const MAX_CHAIN_WALK: u32 = 16;

/** May a lookup in an object of `shape` have found the key on a prototype? The lookup may be in a cache for that shape. */
function isInherited(shape: usize, key: usize): bool {
  let proto = <usize>load<u32>(shape, SHAPE_PROTO);
  for (let i: u32 = 0; proto != 0; i++) {
    if (i == MAX_CHAIN_WALK || findEntry(shapeOf(proto), key) >= 0) return true;
    proto = prototypeOf(proto);
  }
  return false;
}

/** Invalidates every cached lookup through a prototype. */
function bumpEpoch(): void {
  store<u32>(VM_EPOCH, load<u32>(VM_EPOCH) + 1);
}

/**
 * Gives the object a new shape cell and table of its own, so that caches for the old shape no longer hit.
 * `setFlags` are added.
 */
export function makeUnique(object: usize, setFlags: u32): usize {
  touch(object);
  const shape = shapeOf(object);
  const flags = load<u32>(shape);
  const copy = copyShape(shape, flags | UNIQUE | setFlags);
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  const count = load<u32>(shape, SHAPE_COUNT);
  if ((flags & UNIQUE) == 0 && table != 0) store<u32>(copy, <u32>copyTable(table, count, count < 4 ? 4 : count), SHAPE_TABLE);
  if (flags & PROTOTYPE) bumpEpoch();
  store<u32>(object, <u32>copy);
  return copy;
}

/** Marks an object as the prototype of others. */
export function becomePrototype(object: usize): void {
  if ((load<u32>(shapeOf(object)) & PROTOTYPE) == 0) makeUnique(object, PROTOTYPE);
}

/** True if it may be the prototype of others. */
export function isPrototype(object: usize): bool {
  return (load<u32>(shapeOf(object)) & PROTOTYPE) != 0;
}

/** Changes attributes of entry `index`. */
export function changeAttributes(object: usize, index: u32, attributes: u32): void {
  const shape = makeUnique(object, 0);
  store<u32>(entryAt(<usize>load<u32>(shape, SHAPE_TABLE), index), attributes, 4);
}

/** Removes entry `index`; its slot stays unused until the table is compacted. Returns true if the caller should compact. */
export function removeEntry(object: usize, index: u32): bool {
  const shape = makeUnique(object, 0);
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  let count = load<u32>(shape, SHAPE_COUNT);
  removeHash(table, load<u32>(entryAt(table, index)), index);
  store<u32>(entryAt(table, index), 0);
  store<u32>(entryAt(table, index), 0, 4);
  // Places at the end are free again.
  while (count > 0 && load<u32>(entryAt(table, count - 1)) == 0) count--;
  store<u32>(shape, count, SHAPE_COUNT);
  store<u32>(table, count, PROPTABLE_USED);
  const live = load<u32>(table, PROPTABLE_LIVE) - 1;
  store<u32>(table, live, PROPTABLE_LIVE);
  return live < (count >> 1) && count > 8;
}

/** Replaces the table by one without removed entries; `moves` gets, per new slot, the old slot (u32 each). */
export function compactTable(object: usize, moves: usize): u32 {
  const shape = shapeOf(object);
  const table = <usize>load<u32>(shape, SHAPE_TABLE);
  const count = load<u32>(shape, SHAPE_COUNT);
  const fresh = newTable(max<u32>(load<u32>(table, PROPTABLE_LIVE) * 2, 4));
  let n: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(entryAt(table, i));
    if (key == 0) continue;
    appendEntry(fresh, key, load<u32>(entryAt(table, i), 4));
    store<u32>(moves + (<usize>n << 2), i);
    n++;
  }
  store<u32>(shape, <u32>fresh, SHAPE_TABLE);
  store<u32>(shape, n, SHAPE_COUNT);
  return n;
}

/** Gives the object another prototype (0: null). */
export function changePrototype(object: usize, proto: usize): void {
  if (proto != 0) becomePrototype(proto);
  const shape = makeUnique(object, 0);
  store<u32>(shape, <u32>proto, SHAPE_PROTO);
}

/** Makes the object refuse new properties. */
export function preventExtensions(object: usize): void {
  if ((load<u32>(shapeOf(object)) & NOT_EXTENSIBLE) == 0) makeUnique(object, NOT_EXTENSIBLE);
}

// @ts-ignore: decorator
@inline
export function isExtensible(object: usize): bool {
  return (load<u32>(shapeOf(object)) & NOT_EXTENSIBLE) == 0;
}
// @ts-ignore: decorator
@inline
export function prototypeOf(object: usize): usize {
  return <usize>load<u32>(shapeOf(object), SHAPE_PROTO);
}
