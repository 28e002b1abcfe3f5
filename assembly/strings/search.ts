// Owns finding one string in another. Must never take more than time in proportion to the lengths: when comparing at
// candidates costs too much, the search goes on with a failure table (Knuth, Morris, Pratt) in free memory above the heap.
import { VM_HEAP_TOP, VM_MEMORY_END } from "../generated/layout";
import { chargeBytes, chargeFuel, ensureMemory, usesScratch } from "../heap/memory";
import { flagsOf, lengthOf, TWO_BYTE } from "./cells";
import { charsOf } from "./rope";
import { sameChars } from "./string";

/** Comparisons of characters allowed per character passed, beyond a start of FREE_WORK. */
const WORK_PER_CHARACTER: i32 = 4;
const FREE_WORK: i32 = 1024;
const LOW_BITS: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;

// @ts-ignore: decorator
@inline
function unitAt(at: usize, width: u32, i: i32): u32 {
  return width ? <u32>load<u16>(at + (<usize>i << 1)) : <u32>load<u8>(at + <usize>i);
}

/** Index in [from, to) of a byte, or `to`; reads eight at a time. */
function findByte(at: usize, from: i32, to: i32, byte: u32): i32 {
  const pattern = LOW_BITS * <u64>byte;
  let i = from;
  while (i + 8 <= to) {
    const x = load<u64>(at + <usize>i) ^ pattern;
    const hit = (x - LOW_BITS) & ~x & HIGH_BITS;
    if (hit != 0) return i + <i32>(ctz<u64>(hit) >> 3);
    i += 8;
  }
  while (i < to && <u32>load<u8>(at + <usize>i) != byte) i++;
  return i;
}

/** Index in [from, to) of a code unit, or `to`. */
function findUnit(at: usize, from: i32, to: i32, unit: u32): i32 {
  let i = from;
  while (i < to && <u32>load<u16>(at + (<usize>i << 1)) != unit) i++;
  return i;
}

/**
 * The linear way: matches of the pattern in `count` characters that start at text index `start` and go by `step`, which is
 * -1 for a search from the end (the pattern is then taken backwards as well). Returns the number of characters up to the end of the
 * first match, or -1.
 */
function linearSlow(text: usize, textWidth: u32, start: i32, count: i32, step: i32, pattern: usize, patternWidth: u32, length: i32): i32 {
  const table = (<usize>load<u32>(VM_HEAP_TOP) + 7) & ~7;
  const end = table + (<usize>length << 2);
  if (end > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end + 0x10000);
  usesScratch(end);
  const first = step > 0 ? 0 : length - 1;
  store<i32>(table, 0);
  let k: i32 = 0;
  for (let i = 1; i < length; i++) {
    const c = unitAt(pattern, patternWidth, first + i * step);
    while (k > 0 && unitAt(pattern, patternWidth, first + k * step) != c) k = load<i32>(table + (<usize>(k - 1) << 2));
    if (unitAt(pattern, patternWidth, first + k * step) == c) k++;
    store<i32>(table + (<usize>i << 2), k);
  }
  k = 0;
  chargeFuel((count + length) >> 3);
  for (let i = 0; i < count; i++) {
    const c = unitAt(text, textWidth, start + i * step);
    while (k > 0 && unitAt(pattern, patternWidth, first + k * step) != c) k = load<i32>(table + (<usize>(k - 1) << 2));
    if (unitAt(pattern, patternWidth, first + k * step) == c) k++;
    if (k == length) return i + 1;
  }
  return -1;
}

/** Charges for scanning that many bytes, eight at a time, and for that many comparisons of characters. */
function chargeSearch(bytes: usize, work: i32): void {
  chargeBytes(bytes);
  chargeFuel(work >> 4);
}

/** Number of equal characters from the start. */
function agreeing(a: usize, aWidth: u32, b: usize, bWidth: u32, n: i32): i32 {
  let i: i32 = 0;
  while (i < n && unitAt(a, aWidth, i) == unitAt(b, bWidth, i)) i++;
  return i;
}

/** Lowest index ≥ from at which pattern occurs in s, or -1; 0 ≤ from. https://tc39.es/ecma262/#sec-stringindexof */
export function indexOf(s: usize, pattern: usize, from: i32): i32 {
  const n = lengthOf(s);
  const m = lengthOf(pattern);
  if (m == 0) return from <= n ? from : -1;
  const last = n - m;
  if (from > last) return -1;
  const text = charsOf(s);
  const textWidth = flagsOf(s) & TWO_BYTE;
  const wanted = charsOf(pattern);
  const width = flagsOf(pattern) & TWO_BYTE;
  const first = unitAt(wanted, width, 0);
  if (!textWidth && first > 255) return -1;
  let work: i32 = 0;
  let i = from;
  chargeBytes(<usize>m);
  while (true) {
    i = textWidth ? findUnit(text, i, last + 1, first) : findByte(text, i, last + 1, first);
    if (i > last) break;
    if (m == 1) break;
    const agreed = 1 + agreeing(text + (<usize>(i + 1) << textWidth), textWidth, wanted + (<usize>1 << width), width, m - 1);
    if (agreed == m) break;
    i++;
    work += agreed;
    if (work > FREE_WORK + (i - from) * WORK_PER_CHARACTER) {
      chargeSearch(<usize>(i - from) << textWidth, work);
      const passed = linearSlow(text, textWidth, i, n - i, 1, wanted, width, m);
      return passed < 0 ? -1 : i + passed - m;
    }
  }
  chargeSearch(<usize>(i - from) << textWidth, work);
  return i > last ? -1 : i;
}

/** Highest index ≤ from at which pattern occurs in s, or -1; 0 ≤ from. https://tc39.es/ecma262/#sec-stringlastindexof */
export function lastIndexOf(s: usize, pattern: usize, from: i32): i32 {
  const n = lengthOf(s);
  const m = lengthOf(pattern);
  const start = min(from, n - m);
  if (start < 0) return -1;
  if (m == 0) return start;
  const text = charsOf(s);
  const textWidth = flagsOf(s) & TWO_BYTE;
  const wanted = charsOf(pattern);
  const width = flagsOf(pattern) & TWO_BYTE;
  const first = unitAt(wanted, width, 0);
  let work: i32 = 0;
  let i = start;
  for (; i >= 0; i--) {
    if (unitAt(text, textWidth, i) != first) continue;
    const agreed = agreeing(text + (<usize>i << textWidth), textWidth, wanted, width, m);
    if (agreed == m) break;
    work += agreed;
    if (work > FREE_WORK + (start - i) * WORK_PER_CHARACTER) {
      chargeSearch(<usize>(start - i) << (textWidth + 2), work);
      const passed = linearSlow(text, textWidth, i - 1 + m - 1, i + m - 1, -1, wanted, width, m);
      return passed < 0 ? -1 : i - 1 + m - passed;
    }
  }
  chargeSearch((<usize>(start - i) << (textWidth + 2)) + <usize>m, work);
  return i;
}

/** True if s contains pattern at index `at`, which may be any number. */
export function standsAt(s: usize, pattern: usize, at: i32): bool {
  const m = lengthOf(pattern);
  if (at < 0 || m > lengthOf(s) - at) return false;
  const text = charsOf(s);
  const textWidth = flagsOf(s) & TWO_BYTE;
  return sameChars(text + (<usize>at << textWidth), textWidth, charsOf(pattern), flagsOf(pattern) & TWO_BYTE, m);
}
