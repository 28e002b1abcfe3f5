// Owns toUpperCase and toLowerCase: full mappings of Unicode 17, special casing and final sigma included, no locale. Must never
// change the string it is given; a string that the mapping does not change is returned itself.
// https://tc39.es/ecma262/#sec-string.prototype.tolowercase · https://www.unicode.org/reports/tr21/
import {
  CASED, CASED_COUNT, CASE_IGNORABLE, CASE_IGNORABLE_COUNT, LOWER_RUN_COUNT, LOWER_RUNS, SPECIAL_UPPER, SPECIAL_UPPER_COUNT, UPPER_RUN_COUNT,
  UPPER_RUNS,
} from "../generated/unicode";
import { STRING_SIZE } from "../generated/kinds";
import { chargeBytes, chargeFuel } from "../heap/memory";
import { isTwoByte, lengthOf, newLatin1, newTwoByte } from "./cells";
import { charsOf } from "./rope";

const SIGMA: i32 = 0x3a3;
const FINAL_SIGMA: i32 = 0x3c2;
const DOTTED_I: i32 = 0x130;

// --- tables -------------------------------------------------------------------------------------------------------

/** The simple mapping of a code point. */
function mapped(runs: usize, count: i32, c: i32): i32 {
  let low: i32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((load<i32>(runs + (<usize>middle << 3)) & 0x1fffff) <= c) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return c;
  const run = runs + (<usize>(low - 1) << 3);
  const word = load<u32>(run);
  const distance = c - <i32>(word & 0x1fffff);
  const stride = <i32>((word >> 21) & 1);
  return (distance & stride) == 0 && distance >> stride <= <i32>(word >> 22) ? c + load<i32>(run, 4) : c;
}

/** Simple lower case of a code point. */
export function simpleLower(c: u32): u32 {
  if (c < 128) return c - 0x41 < 26 ? c + 32 : c;
  return <u32>mapped(LOWER_RUNS, LOWER_RUN_COUNT, <i32>c);
}

/** Simple upper case of a code point. */
export function simpleUpper(c: u32): u32 {
  if (c < 128) return c - 0x61 < 26 ? c - 32 : c;
  return <u32>mapped(UPPER_RUNS, UPPER_RUN_COUNT, <i32>c);
}

/** The entry of a code point with a special upper case, or 0. */
export function specialUpper(c: i32): usize {
  let low: i32 = 0;
  let high = SPECIAL_UPPER_COUNT;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = SPECIAL_UPPER + (<usize>middle << 3);
    const at = <i32>load<u16>(entry);
    if (at == c) return entry;
    if (at < c) low = middle + 1;
    else high = middle;
  }
  return 0;
}

function inRanges(ranges: usize, count: i32, c: i32): bool {
  let low: i32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((load<i32>(ranges + (<usize>middle << 2)) & 0x1fffff) <= c) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return false;
  const word = load<u32>(ranges + (<usize>(low - 1) << 2));
  return c - <i32>(word & 0x1fffff) <= <i32>(word >> 21);
}

// --- one-byte strings ---------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function isLowerLatin1(c: i32): bool {
  return <u32>(c - 0x61) < 26 || (c >= 0xe0 && c != 0xf7);
}
// @ts-ignore: decorator
@inline
function isUpperLatin1(c: i32): bool {
  return <u32>(c - 0x41) < 26 || (<u32>(c - 0xc0) < 31 && c != 0xd7);
}

function lowerLatin1(s: usize): usize {
  const n = lengthOf(s);
  const from = charsOf(s);
  let i: i32 = 0;
  while (i < n && !isUpperLatin1(<i32>load<u8>(from + <usize>i))) i++;
  chargeBytes(<usize>n);
  if (i == n) return s;
  const result = newLatin1(n);
  const to = result + STRING_SIZE;
  memory.copy(to, from, <usize>i);
  for (; i < n; i++) {
    const c = <i32>load<u8>(from + <usize>i);
    store<u8>(to + <usize>i, <u8>(isUpperLatin1(c) ? c + 32 : c));
  }
  return result;
}

function upperLatin1(s: usize): usize {
  const n = lengthOf(s);
  const from = charsOf(s);
  chargeBytes(<usize>n);
  // sharp counts the ß, each of which becomes two characters; wide: a character becomes one that needs two bytes.
  let sharp: i32 = 0;
  let wide = false;
  let changes = false;
  for (let i = 0; i < n; i++) {
    const c = <i32>load<u8>(from + <usize>i);
    if (c == 0xdf) sharp++;
    if (c == 0xff || c == 0xb5) wide = true;
    if (isLowerLatin1(c)) changes = true;
  }
  if (!changes && !wide && sharp == 0) return s;
  if (wide || sharp != 0) chargeFuel(n >> 5);
  if (wide) return upperWide(s, n + sharp);
  const result = newLatin1(n + sharp);
  let to = result + STRING_SIZE;
  for (let i = 0; i < n; i++) {
    const c = <i32>load<u8>(from + <usize>i);
    if (c == 0xdf) {
      store<u16>(to, 0x5353);
      to += 2;
    } else store<u8>(to++, <u8>(isLowerLatin1(c) ? c - 32 : c));
  }
  return result;
}

function upperWide(s: usize, length: i32): usize {
  const n = lengthOf(s);
  const from = charsOf(s);
  const result = newTwoByte(length);
  let to = result + STRING_SIZE;
  for (let i = 0; i < n; i++) {
    const c = <i32>load<u8>(from + <usize>i);
    if (c == 0xdf) {
      store<u32>(to, 0x00530053);
      to += 4;
      continue;
    }
    store<u16>(to, <u16>(c == 0xff ? 0x178 : c == 0xb5 ? 0x39c : isLowerLatin1(c) ? c - 32 : c));
    to += 2;
  }
  return result;
}

// --- two-byte strings ---------------------------------------------------------------------------------------------

/** The code point at `at`; above 0xFFFF it takes two characters. */
// @ts-ignore: decorator
@inline
function pointAt(at: usize, end: usize): i32 {
  const first = <i32>load<u16>(at);
  if ((first & 0xfc00) != 0xd800 || at + 2 >= end) return first;
  const second = <i32>load<u16>(at, 2);
  return (second & 0xfc00) == 0xdc00 ? ((first - 0xd800) << 10) + (second - 0xdc00) + 0x10000 : first;
}

/** The code point that ends before `at`. */
// @ts-ignore: decorator
@inline
function pointBefore(at: usize, start: usize): i32 {
  const second = <i32>load<u16>(at - 2);
  if ((second & 0xfc00) != 0xdc00 || at - 2 <= start) return second;
  const first = <i32>load<u16>(at - 4);
  return (first & 0xfc00) == 0xd800 ? ((first - 0xd800) << 10) + (second - 0xdc00) + 0x10000 : second;
}

/** Condition Final_Sigma for the sigma at `at`: a cased letter before it, no cased letter after it, case-ignorable ones not counted. */
function isFinalSigma(start: usize, at: usize, end: usize): bool {
  let p = at;
  let before = false;
  while (p > start) {
    const c = pointBefore(p, start);
    p -= c > 0xffff ? 4 : 2;
    if (inRanges(CASE_IGNORABLE, CASE_IGNORABLE_COUNT, c)) continue;
    before = inRanges(CASED, CASED_COUNT, c);
    break;
  }
  if (!before) return false;
  p = at + 2;
  while (p < end) {
    const c = pointAt(p, end);
    p += c > 0xffff ? 4 : 2;
    if (inRanges(CASE_IGNORABLE, CASE_IGNORABLE_COUNT, c)) continue;
    return !inRanges(CASED, CASED_COUNT, c);
  }
  return true;
}

/** Maps a two-byte string to `out`, or only counts if out is 0; returns the number of characters. */
function mapWide(s: usize, upper: bool, out: usize): i32 {
  const start = charsOf(s);
  const end = start + (<usize>lengthOf(s) << 1);
  const runs = upper ? UPPER_RUNS : LOWER_RUNS;
  const count = upper ? UPPER_RUN_COUNT : LOWER_RUN_COUNT;
  let written: i32 = 0;
  for (let at = start; at < end; ) {
    const c = pointAt(at, end);
    let to = c;
    let second: i32 = 0;
    let third: i32 = 0;
    const special: usize = upper && c >= 0xdf ? specialUpper(c) : 0;
    if (special != 0) {
      to = <i32>load<u16>(special, 2);
      second = <i32>load<u16>(special, 4);
      third = <i32>load<u16>(special, 6);
    } else if (!upper && c == SIGMA && isFinalSigma(start, at, end)) to = FINAL_SIGMA;
    else if (!upper && c == DOTTED_I) {
      to = 0x69;
      second = 0x307;
    } else to = mapped(runs, count, c);
    at += c > 0xffff ? 4 : 2;
    const units = to > 0xffff ? 2 : second == 0 ? 1 : third == 0 ? 2 : 3;
    if (out != 0) {
      const p = out + (<usize>written << 1);
      if (to > 0xffff) {
        store<u16>(p, <u16>(0xd7c0 + (to >> 10)));
        store<u16>(p, <u16>(0xdc00 | (to & 0x3ff)), 2);
      } else {
        store<u16>(p, <u16>to);
        if (units > 1) store<u16>(p, <u16>second, 2);
        if (units > 2) store<u16>(p, <u16>third, 4);
      }
    }
    written += units;
  }
  return written;
}

/** Fuel of a mapping of a two-byte character, and of telling whether a sigma ends its word. */
const WIDE_COST: i64 = 2;
const SIGMA_COST: i64 = 4;

/** Fuel of mapping a two-byte s. One-byte texts pay as they are mapped. */
export function wideCaseWork(s: usize, upper: bool): i64 {
  const n = lengthOf(s);
  const chars = charsOf(s);
  if (upper) return <i64>n * WIDE_COST;
  // A sigma looks for the ends of its word over everything that case ignores.
  for (let i = 0; i < n; i++) if (<i32>load<u16>(chars + (<usize>i << 1)) == SIGMA) return <i64>n * (WIDE_COST + SIGMA_COST);
  return <i64>n * WIDE_COST;
}

function convertWide(s: usize, upper: bool): usize {
  const n = lengthOf(s);
  const length = mapWide(s, upper, 0);
  const result = newTwoByte(length);
  mapWide(s, upper, result + STRING_SIZE);
  if (length == n) {
    // Nothing changed: one string is enough.
    let i: usize = 0;
    const bytes = <usize>n << 1;
    const from = charsOf(s);
    while (i < bytes && load<u16>(from + i) == load<u16>(result + STRING_SIZE + i)) i += 2;
    if (i == bytes) return s;
  }
  return result;
}

/** Longest result in characters per character: for pricing. */
export const CASE_GROWTH: i32 = 3;

export function toLowerCase(s: usize): usize {
  return isTwoByte(s) ? convertWide(s, false) : lowerLatin1(s);
}

export function toUpperCase(s: usize): usize {
  return isTwoByte(s) ? convertWide(s, true) : upperLatin1(s);
}
