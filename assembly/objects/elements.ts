// Owns integer-indexed properties: dense and holey ELEMENTS, SPARSE tables for far or unusual indices. Must never know about
// prototypes or the `length` of arrays (objects/array.ts does).
//
//   ELEMENTS  meta flags · length u32 · capacity u32 · value × capacity       index ≥ length or HOLE: absent
//             flags FROZEN / SEALED give all elements their attributes
//   SPARSE    used, capacity, live · entries {index u32, attributes u32, value v} · hash u32 × 2·capacity (entry + 1, 0: free)
//             collisions go to the next hash; a removed entry keeps its place and its hash, with HOLE as its value
//             the value of a MAPPED entry is an environment: the element aliases the slot of the same number
import { mix32 } from "../core/hash";
import { boxCell, HOLE, Value } from "../core/value";
import {
  ELEMENTS_CAPACITY, ELEMENTS_LENGTH, ELEMENTS_SIZE, ENV_SIZE, Kind, SPARSE_CAPACITY, SPARSE_LIVE, SPARSE_SIZE, SPARSE_USED,
} from "../generated/kinds";
import { allocate, chargeFuel, kindOf } from "../heap/memory";
import { ACCESSOR, ENUMERABLE, PLAIN } from "./shape";
import { touch } from "./touched";

export const FROZEN: u32 = 1;
export const SEALED: u32 = 2;
/** Attribute of an element of an arguments object that aliases a parameter. Only this file and property.ts ever see it. */
export const MAPPED: u32 = 32;
/** An index further than this beyond the end of dense elements makes them sparse. */
const MAX_GAP: u32 = 1024;
const OBJECT_ELEMENTS: usize = 12;

// @ts-ignore: decorator
@inline
export function elementsOf(object: usize): usize {
  return <usize>load<u32>(object, OBJECT_ELEMENTS);
}
// @ts-ignore: decorator
@inline
export function setElements(object: usize, elements: usize): void {
  touch(object);
  store<u32>(object, <u32>elements, OBJECT_ELEMENTS);
}
// @ts-ignore: decorator
@inline
export function elementAt(elements: usize, index: u32): usize {
  return elements + ELEMENTS_SIZE + (<usize>index << 3);
}
// @ts-ignore: decorator
@inline
export function isSparse(elements: usize): bool {
  return elements != 0 && kindOf(elements) == Kind.SPARSE;
}
/** Number of dense slots in use (holes included); 0 for sparse elements or an object without elements. */
// @ts-ignore: decorator
@inline
export function denseLength(elements: usize): u32 {
  return elements == 0 || kindOf(elements) != Kind.ELEMENTS ? 0 : load<u32>(elements, ELEMENTS_LENGTH);
}

/** Empty dense elements with room for `capacity`. */
export function newElements(capacity: u32): usize {
  const elements = allocate(Kind.ELEMENTS, ELEMENTS_SIZE + (<usize>capacity << 3));
  store<u32>(elements, 0);
  store<u32>(elements, 0, ELEMENTS_LENGTH);
  store<u32>(elements, capacity, ELEMENTS_CAPACITY);
  // Unused slots are traced: they must hold something harmless.
  memory.fill(elements + ELEMENTS_SIZE, 0, <usize>capacity << 3);
  return elements;
}

/** Bytes that growing to hold `index` would take; 0 if it fits or will be a sparse entry. For pricing. */
export function growthBytes(object: usize, index: u32): usize {
  const elements = elementsOf(object);
  if (isSparse(elements) || index > denseLength(elements) + MAX_GAP) return 0;
  const capacity: u32 = elements == 0 ? 0 : load<u32>(elements, ELEMENTS_CAPACITY);
  return index < capacity ? 0 : (<usize>(index + 1 + (index >> 1)) << 3) + 64;
}

/** Replaces dense elements by larger ones with room for `needed` and half as much again. */
function grow(object: usize, needed: u32): usize {
  const old = elementsOf(object);
  const capacity = max<u32>(4, needed + (needed >> 1));
  const fresh = newElements(capacity);
  if (old != 0) {
    const length = load<u32>(old, ELEMENTS_LENGTH);
    memory.copy(elementAt(fresh, 0), elementAt(old, 0), <usize>length << 3);
    store<u32>(fresh, length, ELEMENTS_LENGTH);
    store<u32>(fresh, load<u32>(old));
  }
  setElements(object, fresh);
  return fresh;
}

/** Appends to dense elements (no gap). */
export function appendElement(object: usize, value: Value): void {
  let elements = elementsOf(object);
  const length = denseLength(elements);
  if (elements == 0 || length == load<u32>(elements, ELEMENTS_CAPACITY)) elements = grow(object, length + 1);
  store<u64>(elementAt(elements, length), value);
  store<u32>(elements, length + 1, ELEMENTS_LENGTH);
}

// --- sparse -------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function sparseEntry(sparse: usize, i: u32): usize {
  return sparse + SPARSE_SIZE + (<usize>i << 4);
}

function newSparse(capacity: u32): usize {
  const sparse = allocate(Kind.SPARSE, SPARSE_SIZE + (<usize>capacity << 4) + (<usize>capacity << 3));
  store<u32>(sparse, 0);
  store<u32>(sparse, 0, SPARSE_USED);
  store<u32>(sparse, capacity, SPARSE_CAPACITY);
  store<u32>(sparse, 0, SPARSE_LIVE);
  store<u32>(sparse, 0, SPARSE_LIVE + 4);
  memory.fill(sparseEntry(sparse, capacity), 0, <usize>capacity << 3);
  return sparse;
}

/**
 * Address of an entry, or 0. Takes no fuel: a lookup that finds a getter or setter is repeated after the safepoint of that call, and must
 * not be charged twice.
 */
function sparseFind(sparse: usize, index: u32): usize {
  const mask = load<u32>(sparse, SPARSE_CAPACITY) * 2 - 1;
  const hashes = sparseEntry(sparse, load<u32>(sparse, SPARSE_CAPACITY));
  let i = mix32(index) & mask;
  while (true) {
    const n = load<u32>(hashes + (<usize>i << 2));
    if (n == 0) return 0;
    const entry = sparseEntry(sparse, n - 1);
    if (load<u32>(entry) == index && load<u64>(entry, 8) != HOLE) return entry;
    i = (i + 1) & mask;
  }
  return 0;
}

function sparseAppend(sparse: usize, index: u32, attributes: u32, value: Value): void {
  const used = load<u32>(sparse, SPARSE_USED);
  const entry = sparseEntry(sparse, used);
  store<u32>(entry, index);
  store<u32>(entry, attributes, 4);
  store<u64>(entry, value, 8);
  store<u32>(sparse, used + 1, SPARSE_USED);
  store<u32>(sparse, load<u32>(sparse, SPARSE_LIVE) + 1, SPARSE_LIVE);
  const mask = load<u32>(sparse, SPARSE_CAPACITY) * 2 - 1;
  const hashes = sparseEntry(sparse, load<u32>(sparse, SPARSE_CAPACITY));
  let i = mix32(index) & mask;
  while (load<u32>(hashes + (<usize>i << 2)) != 0) i = (i + 1) & mask;
  store<u32>(hashes + (<usize>i << 2), used + 1);
}

/** Rebuilds a sparse table without removed entries, at most half full. */
function sparseGrow(object: usize, sparse: usize): usize {
  let capacity: u32 = 8;
  const live = load<u32>(sparse, SPARSE_LIVE);
  while (capacity < live * 2) capacity *= 2;
  const fresh = newSparse(capacity);
  const used = load<u32>(sparse, SPARSE_USED);
  for (let i: u32 = 0; i < used; i++) {
    const entry = sparseEntry(sparse, i);
    if (load<u64>(entry, 8) != HOLE) sparseAppend(fresh, load<u32>(entry), load<u32>(entry, 4), load<u64>(entry, 8));
  }
  setElements(object, fresh);
  return fresh;
}

/** Attributes that dense elements share. */
function denseAttributes(elements: usize): u32 {
  const flags = load<u32>(elements);
  return flags & FROZEN ? ENUMERABLE : flags & SEALED ? PLAIN & ~4 : PLAIN;
}

/** Turns the elements of an object into a sparse table. */
export function makeSparse(object: usize): usize {
  const old = elementsOf(object);
  if (isSparse(old)) return old;
  const length = denseLength(old);
  let live: u32 = 0;
  for (let i: u32 = 0; i < length; i++) if (load<u64>(elementAt(old, i)) != HOLE) live++;
  let capacity: u32 = 8;
  while (capacity < live * 2) capacity *= 2;
  const sparse = newSparse(capacity);
  const attributes = old == 0 ? PLAIN : denseAttributes(old);
  for (let i: u32 = 0; i < length; i++) {
    const v = load<u64>(elementAt(old, i));
    if (v != HOLE) sparseAppend(sparse, i, attributes, v);
  }
  setElements(object, sparse);
  return sparse;
}

// --- one element --------------------------------------------------------------------------------------------------

/** Address of the value of element `index`, or 0; elementAttributes has its attributes. */
export function findElement(elements: usize, index: u32): usize {
  if (elements == 0) return 0;
  if (kindOf(elements) == Kind.ELEMENTS) {
    if (index >= load<u32>(elements, ELEMENTS_LENGTH)) return 0;
    const at = elementAt(elements, index);
    return load<u64>(at) == HOLE ? 0 : at;
  }
  const entry = sparseFind(elements, index);
  return entry == 0 ? 0 : entry + 8;
}

/** Attributes of the element whose value is at `at` (as returned by findElement). */
export function elementAttributes(elements: usize, at: usize): u32 {
  return kindOf(elements) == Kind.ELEMENTS ? denseAttributes(elements) : load<u32>(at - 4);
}

/** Address of the variable that the MAPPED element `index` aliases; `at`: address of its entry's value. */
// @ts-ignore: decorator
@inline
export function mappedVariable(at: usize, index: u32): usize {
  return <usize><u32>load<u64>(at) + ENV_SIZE + (<usize>index << 3);
}

/** Makes the element `index` the slot of that number of `env`. */
export function mapElement(object: usize, index: u32, env: usize, attributes: u32): void {
  putElement(object, index, boxCell(env), attributes | MAPPED);
}

/** Adds or overwrites an element, value and attributes; the caller has checked that it may. */
export function putElement(object: usize, index: u32, value: Value, attributes: u32): void {
  let elements = elementsOf(object);
  if (!isSparse(elements)) {
    const length = denseLength(elements);
    const shared = elements == 0 ? PLAIN : denseAttributes(elements);
    if (attributes == shared && index <= length + MAX_GAP && index < 0x4000000) {
      if (elements == 0 || index >= load<u32>(elements, ELEMENTS_CAPACITY)) elements = grow(object, index + 1);
      if (index >= length) {
        chargeFuel(<i32>((index - length) >> 5));
        for (let i = length; i < index; i++) store<u64>(elementAt(elements, i), HOLE);
        store<u32>(elements, index + 1, ELEMENTS_LENGTH);
      }
      store<u64>(elementAt(elements, index), value);
      return;
    }
    elements = makeSparse(object);
  }
  const entry = sparseFind(elements, index);
  if (entry != 0) {
    store<u32>(entry, attributes, 4);
    store<u64>(entry, value, 8);
    return;
  }
  chargeFuel(2);
  if (load<u32>(elements, SPARSE_USED) == load<u32>(elements, SPARSE_CAPACITY)) elements = sparseGrow(object, elements);
  sparseAppend(elements, index, attributes, value);
}

/** Removes an element; the caller has checked that it may. */
export function removeElement(object: usize, index: u32): void {
  const elements = elementsOf(object);
  const at = findElement(elements, index);
  if (at == 0) return;
  store<u64>(at, HOLE);
  if (kindOf(elements) == Kind.SPARSE) {
    const live = load<u32>(elements, SPARSE_LIVE) - 1;
    store<u32>(elements, live, SPARSE_LIVE);
    // Compacts when most entries are removed ones: a walk over the table must not pass many of those.
    if (load<u32>(elements, SPARSE_USED) > 32 + (live << 2)) sparseGrow(object, elements);
    return;
  }
  let length = load<u32>(elements, ELEMENTS_LENGTH);
  if (index + 1 == length) {
    while (length > 0 && load<u64>(elementAt(elements, length - 1)) == HOLE) length--;
    store<u32>(elements, length, ELEMENTS_LENGTH);
  }
}

/** Number of present elements. */
export function countElements(elements: usize): u32 {
  if (elements == 0) return 0;
  if (kindOf(elements) == Kind.SPARSE) return load<u32>(elements, SPARSE_LIVE);
  const length = load<u32>(elements, ELEMENTS_LENGTH);
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) if (load<u64>(elementAt(elements, i)) != HOLE) count++;
  return count;
}

/** Writes the present indices in ascending order to `out` (u32 each, room for countElements). */
export function listElements(elements: usize, out: usize): u32 {
  if (elements == 0) return 0;
  let n: u32 = 0;
  if (kindOf(elements) == Kind.ELEMENTS) {
    const length = load<u32>(elements, ELEMENTS_LENGTH);
    for (let i: u32 = 0; i < length; i++) {
      if (load<u64>(elementAt(elements, i)) != HOLE) {
        store<u32>(out + (<usize>n << 2), i);
        n++;
      }
    }
    return n;
  }
  const used = load<u32>(elements, SPARSE_USED);
  for (let i: u32 = 0; i < used; i++) {
    const entry = sparseEntry(elements, i);
    if (load<u64>(entry, 8) != HOLE) {
      store<u32>(out + (<usize>n << 2), load<u32>(entry));
      n++;
    }
  }
  sortIndices(out, n);
  return n;
}

/** Fuel of sorting n indices. */
export function sortingCost(n: u32): i32 {
  return <i32>((n * (32 - clz<u32>(n))) >> 4);
}

/** Heap sort: needs no scratch memory and has no quadratic case. */
function sortIndices(at: usize, n: u32): void {
  for (let i = <i32>(n >> 1) - 1; i >= 0; i--) siftDown(at, <u32>i, n);
  for (let end = <i32>n - 1; end > 0; end--) {
    const top = load<u32>(at);
    store<u32>(at, load<u32>(at + (<usize>end << 2)));
    store<u32>(at + (<usize>end << 2), top);
    siftDown(at, 0, <u32>end);
  }
}
function siftDown(at: usize, from: u32, n: u32): void {
  let i = from;
  const v = load<u32>(at + (<usize>i << 2));
  while (true) {
    let child = i * 2 + 1;
    if (child >= n) break;
    if (child + 1 < n && load<u32>(at + (<usize>(child + 1) << 2)) > load<u32>(at + (<usize>child << 2))) child++;
    if (load<u32>(at + (<usize>child << 2)) <= v) break;
    store<u32>(at + (<usize>i << 2), load<u32>(at + (<usize>child << 2)));
    i = child;
  }
  store<u32>(at + (<usize>i << 2), v);
}

/** Freezes or seals every element (flag FROZEN or SEALED). Freezing ends the aliasing of MAPPED elements. */
export function restrictElements(object: usize, flag: u32): void {
  const elements = elementsOf(object);
  if (elements == 0) return;
  if (kindOf(elements) == Kind.ELEMENTS) {
    store<u32>(elements, load<u32>(elements) | flag);
    return;
  }
  chargeFuel(<i32>(load<u32>(elements, SPARSE_LIVE) >> 3));
  const used = load<u32>(elements, SPARSE_USED);
  for (let i: u32 = 0; i < used; i++) {
    const entry = sparseEntry(elements, i);
    let attributes = load<u32>(entry, 4) & ~4;
    if (flag == FROZEN && (attributes & ACCESSOR) == 0) {
      if (attributes & MAPPED && load<u64>(entry, 8) != HOLE) store<u64>(entry, load<u64>(mappedVariable(entry + 8, load<u32>(entry))), 8);
      attributes &= ~(1 | MAPPED);
    }
    store<u32>(entry, attributes, 4);
  }
}
