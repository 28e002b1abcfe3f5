// Owns the order of localeCompare: the same on every engine, made to sort names and titles as people expect, and canonically
// equivalent strings as equal. Must never look at a locale.
//
//   first    letters without marks and case: ASCII in the order of the root collation (space, punctuation, symbols, digits,
//            letters), anything else after it by code point; æ as ae, ß as ss, ø as o
//   then     marks, then lower case before upper case, then code points of the decomposed characters
import { VM_HEAP_TOP } from "../generated/layout";
import { chargeWork, ensureMemory, usesScratch } from "../heap/memory";
import { simpleLower } from "./case";
import { equals } from "./string";
import { decompose, normalizationWork } from "./normalize";

/** Place of each ASCII character in the root collation; upper case letters have the place of lower case ones. */
const WEIGHTS: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 32, 33, 34, 35, 36, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
  37, 43, 47, 59, 69, 60, 58, 46, 48, 49, 55, 63, 40, 39, 45, 56, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 42, 41, 64, 65, 66, 44,
  54, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 50, 57, 51, 62, 38,
  61, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 52, 67, 53, 68, 27,
]);

/** Weight of a base character in the first comparison. */
// @ts-ignore: decorator
@inline
function weight(c: u32): u32 {
  return c < 128 ? <u32>load<u8>(WEIGHTS + <usize>c) : simpleLower(c) + 128;
}

/** First entry from `at` on that is not a mark; `end` if all are marks. */
// @ts-ignore: decorator
@inline
function nextBase(at: usize, end: usize): usize {
  while (at < end && load<u32>(at) >> 24 != 0) at += 4;
  return at;
}

// @ts-ignore: decorator
@inline
function isDigitAt(at: usize, end: usize): bool {
  return at < end && load<u32>(at) - 0x30 < 10;
}
function digitsEnd(at: usize, end: usize): usize {
  while (isDigitAt(at, end)) at += 4;
  return at;
}
/** Removes leading zeros of numbers from a list; returns its new end. */
function withoutZeros(from: usize, end: usize): usize {
  let to = from;
  let inNumber = false;
  for (let at = from; at < end; at += 4) {
    if (!isDigitAt(at, end)) inNumber = false;
    else if (!inNumber) {
      if (load<u32>(at) == 0x30 && isDigitAt(at + 4, end)) continue;
      inNumber = true;
    }
    store<u32>(to, load<u32>(at));
    to += 4;
  }
  return to;
}

function compareBases(a: usize, aEnd: usize, b: usize, bEnd: usize, numeric: bool): i32 {
  while (true) {
    a = nextBase(a, aEnd);
    b = nextBase(b, bEnd);
    if (a == aEnd || b == bEnd) return a == aEnd ? (b == bEnd ? 0 : -1) : 1;
    if (numeric && isDigitAt(a, aEnd) && isDigitAt(b, bEnd)) {
      const after = digitsEnd(a, aEnd);
      const length = after - a;
      const other = digitsEnd(b, bEnd) - b;
      if (length != other) return length < other ? -1 : 1;
      for (; a < after; a += 4, b += 4) if (load<u32>(a) != load<u32>(b)) return load<u32>(a) < load<u32>(b) ? -1 : 1;
      continue;
    }
    const x = weight(load<u32>(a));
    const y = weight(load<u32>(b));
    if (x != y) return x < y ? -1 : 1;
    a += 4;
    b += 4;
  }
  return 0;
}

/** Compares the marks after each base; a base counts as mark 0. */
function compareMarks(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  while (a < aEnd || b < bEnd) {
    const x = a < aEnd ? load<u32>(a) : 0;
    const y = b < bEnd ? load<u32>(b) : 0;
    const left = x >> 24 != 0 ? x & 0xffffff : 0;
    const right = y >> 24 != 0 ? y & 0xffffff : 0;
    if (left != right) return left < right ? -1 : 1;
    a += 4;
    b += 4;
  }
  return 0;
}

/** Puts lower case first; the bases differ in case only. */
function compareCase(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  while (true) {
    a = nextBase(a, aEnd);
    b = nextBase(b, bEnd);
    if (a == aEnd || b == bEnd) return 0;
    const x = load<u32>(a);
    const y = load<u32>(b);
    if (x != y) return simpleLower(x) == x ? -1 : simpleLower(y) == y ? 1 : x < y ? -1 : 1;
    a += 4;
    b += 4;
  }
  return 0;
}

/** Mark between the two letters as which a ligature is sorted, or after the one as which a letter with a stroke is sorted. */
const STROKE: u32 = 0x01000338;

/** The two letters as which a character is sorted; the second is 0 for a letter with a stroke. 0 for any other character. */
function lettersOf(c: u32): u32 {
  switch (c) {
    case 0xe6: return 0x610065; // ae
    case 0xc6: return 0x410045;
    case 0x153: return 0x6f0065; // oe
    case 0x152: return 0x4f0045;
    case 0xdf: return 0x730073; // ss
    case 0x1e9e: return 0x530053;
    case 0xf8: return 0x6f0000; // o
    case 0xd8: return 0x4f0000;
    case 0x111: return 0x640000; // d
    case 0x110: return 0x440000;
    case 0x142: return 0x6c0000; // l
    case 0x141: return 0x4c0000;
  }
  return 0;
}

/** Replaces such characters in a list that ends at `end`, where free memory begins; returns the new end. */
function expand(from: usize, end: usize): usize {
  let extra: usize = 0;
  for (let at = from; at < end; at += 4) {
    const letters = load<u32>(at) < 0xc6 ? 0 : lettersOf(load<u32>(at));
    if (letters != 0) extra += letters & 0xffff ? 8 : 4;
  }
  if (extra == 0) return end;
  ensureMemory(end + extra + 64);
  const newEnd = end + extra;
  let to = newEnd;
  for (let at = end - 4; extra > 0; at -= 4) {
    const letters = lettersOf(load<u32>(at));
    if (letters == 0) store<u32>((to -= 4), load<u32>(at));
    else {
      if (letters & 0xffff) store<u32>((to -= 4), letters & 0xffff);
      store<u32>((to -= 4), STROKE);
      store<u32>((to -= 4), letters >> 16);
      extra -= letters & 0xffff ? 8 : 4;
    }
  }
  return newEnd;
}

/** Writes the list of entries by which a string is compared to `start`; returns its end. */
function listOf(s: usize, start: usize, numeric: bool): usize {
  const end = expand(start, decompose(s, false, start));
  usesScratch(end);
  return numeric ? withoutZeros(start, end) : end;
}

/**
 * -1, 0 or 1. numeric: runs of digits are ordered by their value; marks, cases: whether these count where the letters are equal.
 * https://tc39.es/ecma262/#sec-string.prototype.localecompare
 */
export function collate(s: usize, t: usize, numeric: bool, marks: bool, cases: bool): i32 {
  if (equals(s, t)) return 0;
  if (!chargeWork(normalizationWork(s) + normalizationWork(t))) return 0;
  const a = (<usize>load<u32>(VM_HEAP_TOP) + 7) & ~7;
  const b = listOf(s, a, numeric);
  const aEnd = b;
  const bEnd = listOf(t, b, numeric);
  let order = compareBases(a, aEnd, b, bEnd, numeric);
  if (order == 0 && marks) order = compareMarks(a, aEnd, b, bEnd);
  return order == 0 && cases ? compareCase(a, aEnd, b, bEnd) : order;
}
