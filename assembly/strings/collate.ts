// Owns the order of localeCompare: the same on every engine, made to sort names and titles as people expect, and canonically
// equivalent strings as equal. Must never look at a locale.
//
//   first    letters without marks and case: ASCII in the order of the root collation (space, punctuation, symbols, digits,
//            letters), anything else behind it by code point
//   then     marks, then lower case before upper case, then code points of the decomposed characters
import { VM_HEAP_TOP } from "../generated/layout";
import { chargeBytes } from "../heap/memory";
import { simpleLower } from "./case";
import { equals } from "./string";
import { decompose } from "./normalize";

/** Place of each ASCII character in the root collation; upper case letters stand with lower case ones. */
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

/** First entry at or behind `at` that is no mark; `end` if there is none. */
// @ts-ignore: decorator
@inline
function nextBase(at: usize, end: usize): usize {
  while (at < end && load<u32>(at) >> 24 != 0) at += 4;
  return at;
}

function compareBases(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  while (true) {
    a = nextBase(a, aEnd);
    b = nextBase(b, bEnd);
    if (a == aEnd || b == bEnd) return a == aEnd ? (b == bEnd ? 0 : -1) : 1;
    const x = weight(load<u32>(a));
    const y = weight(load<u32>(b));
    if (x != y) return x < y ? -1 : 1;
    a += 4;
    b += 4;
  }
  return 0;
}

/** Compares the marks behind each base; a base counts as no mark. */
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

/** Code points, lower case first. */
function compareCase(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  while (a < aEnd && b < bEnd) {
    const x = load<u32>(a) & 0xffffff;
    const y = load<u32>(b) & 0xffffff;
    if (x != y) {
      const left = simpleLower(x) != x;
      const right = simpleLower(y) != y;
      return left != right ? (right ? -1 : 1) : x < y ? -1 : 1;
    }
    a += 4;
    b += 4;
  }
  return a < aEnd ? 1 : b < bEnd ? -1 : 0;
}

/** -1, 0 or 1. https://tc39.es/ecma262/#sec-string.prototype.localecompare */
export function collate(s: usize, t: usize): i32 {
  if (equals(s, t)) return 0;
  const a = (<usize>load<u32>(VM_HEAP_TOP) + 7) & ~7;
  const aEnd = decompose(s, false, a);
  const b = aEnd;
  const bEnd = decompose(t, false, b);
  chargeBytes(bEnd - a);
  let order = compareBases(a, aEnd, b, bEnd);
  if (order == 0) order = compareMarks(a, aEnd, b, bEnd);
  return order == 0 ? compareCase(a, aEnd, b, bEnd) : order;
}
