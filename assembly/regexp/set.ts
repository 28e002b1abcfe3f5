// Owns sets of code points while a regular expression is compiled. A set is an immutable list in the arena of the points at which
// membership changes, in ascending order: {count u32, points u32 × count}; [a-c] is {2, 0x61, 0x64}. Must never hold a point above
// 0x110000.
import { take, dropTo } from "./arena";

export const END_OF_UNICODE: u32 = 0x110000;

/** A set with room for `count` points that the caller writes with setPoint. */
export function newSet(count: u32): usize {
  const set = take(4 + (<usize>count << 2));
  store<u32>(set, count);
  return set;
}
// @ts-ignore: decorator
@inline
export function countOf(set: usize): u32 {
  return load<u32>(set);
}
// @ts-ignore: decorator
@inline
export function pointOf(set: usize, i: u32): u32 {
  return load<u32>(set + 4 + (<usize>i << 2));
}
// @ts-ignore: decorator
@inline
export function setPoint(set: usize, i: u32, point: u32): void {
  store<u32>(set + 4 + (<usize>i << 2), point);
}

/** The code points low … high. */
export function rangeSet(low: u32, high: u32): usize {
  const set = newSet(2);
  setPoint(set, 0, low);
  setPoint(set, 1, high + 1);
  return set;
}

/** Makes a set of the ranges {first, last} u32 at `at`. */
export function rangesSet(at: usize, count: u32): usize {
  const set = newSet(count << 1);
  for (let i: u32 = 0; i < count; i++) {
    setPoint(set, i << 1, load<u32>(at + (<usize>i << 3)));
    setPoint(set, (i << 1) | 1, load<u32>(at + (<usize>i << 3), 4) + 1);
  }
  return set;
}

/** Truth tables for `combine`. A bit's index is 1 for membership in the first set, plus 2 for membership in the second. */
export const UNION: u32 = 0b1110;
export const INTERSECTION: u32 = 0b1000;
export const DIFFERENCE: u32 = 0b0010;
export const EXCLUSIVE: u32 = 0b0110;

/** Combines two sets: bit (in a | in b << 1) of `table` says whether a point is in the result. */
export function combine(a: usize, b: usize, table: u32): usize {
  const n = countOf(a);
  const m = countOf(b);
  const set = newSet(n + m);
  let i: u32 = 0;
  let j: u32 = 0;
  let k: u32 = 0;
  let state: u32 = 0;
  while (i < n || j < m) {
    const x = i < n ? pointOf(a, i) : 0xffffffff;
    const y = j < m ? pointOf(b, j) : 0xffffffff;
    const point = min<u32>(x, y);
    if (x == point) i++;
    if (y == point) j++;
    const inside = (table >> ((i & 1) | ((j & 1) << 1))) & 1;
    if (inside != state) {
      setPoint(set, k++, point);
      state = inside;
    }
  }
  store<u32>(set, k);
  dropTo(set + 4 + (<usize>k << 2));
  return set;
}

/** All code points that are not in the set. */
export function complement(set: usize): usize {
  return combine(set, rangeSet(0, END_OF_UNICODE - 1), 0b0100);
}

/** Is the code point in the set? */
export function contains(set: usize, c: u32): bool {
  let low: u32 = 0;
  let high = countOf(set);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pointOf(set, middle) <= c) low = middle + 1;
    else high = middle;
  }
  return (low & 1) != 0;
}

/** Number of code points. */
export function sizeOfSet(set: usize): u32 {
  let size: u32 = 0;
  for (let i: u32 = 0; i < countOf(set); i += 2) size += pointOf(set, i + 1) - pointOf(set, i);
  return size;
}

// --- building -----------------------------------------------------------------------------------------------------

// A builder is a list of {next u32, low u32, end u32}, newest first, in the arena, that starts with a head {first, count}.

export function newBuilder(): usize {
  const builder = take(8);
  store<u64>(builder, 0);
  return builder;
}

export function addRange(builder: usize, low: u32, high: u32): void {
  const entry = take(12);
  store<u32>(entry, load<u32>(builder));
  store<u32>(entry, low, 4);
  store<u32>(entry, high + 1, 8);
  store<u32>(builder, <u32>entry);
  store<u32>(builder, load<u32>(builder, 4) + 1, 4);
}

export function addSet(builder: usize, set: usize): void {
  const n = countOf(set);
  for (let i: u32 = 0; i < n; i += 2) addRange(builder, pointOf(set, i), pointOf(set, i + 1) - 1);
}

/** Sorts n pairs {low, end} by low: merges runs, from `at` to `spare` and back; returns the address of the result. */
function sortPairs(at: usize, spare: usize, n: u32): usize {
  for (let width: u32 = 1; width < n; width <<= 1) {
    for (let low: u32 = 0; low < n; low += width << 1) {
      const middle = min<u32>(n, low + width);
      const high = min<u32>(n, low + (width << 1));
      let i = low;
      let j = middle;
      for (let k = low; k < high; k++) {
        const first = i < middle && (j >= high || load<u32>(at + (<usize>i << 3)) <= load<u32>(at + (<usize>j << 3)));
        const from = first ? i++ : j++;
        store<u64>(spare + (<usize>k << 3), load<u64>(at + (<usize>from << 3)));
      }
    }
    const t = at;
    at = spare;
    spare = t;
  }
  return at;
}

/** The set of everything that was added. */
export function finishSet(builder: usize): usize {
  const n = load<u32>(builder, 4);
  const set = newSet(n << 1);
  const spare = take(<usize>n << 3);
  let entry = <usize>load<u32>(builder);
  // The list is newest first. It is written from the end, so that pairs added in order are in order.
  for (let i = n; i > 0; i--) {
    setPoint(set, (i - 1) << 1, load<u32>(entry, 4));
    setPoint(set, ((i - 1) << 1) | 1, load<u32>(entry, 8));
    entry = <usize>load<u32>(entry);
  }
  const sorted = sortPairs(set + 4, spare, n);
  let k: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const low = load<u32>(sorted + (<usize>i << 3));
    const end = load<u32>(sorted + (<usize>i << 3), 4);
    if (k > 0 && pointOf(set, k - 1) >= low) setPoint(set, k - 1, max<u32>(end, pointOf(set, k - 1)));
    else {
      // Writing never overtakes reading: a pair takes at most the room that it took before.
      setPoint(set, k++, low);
      setPoint(set, k++, end);
    }
  }
  store<u32>(set, k);
  dropTo(set + 4 + (<usize>k << 2));
  return set;
}
