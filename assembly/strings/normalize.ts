// Owns Unicode normalization (NFC, NFD, NFKC, NFKD of Unicode 17) and the list of decomposed characters that collation uses.
// Must never take more than time in proportion to the text, and must never keep anything between calls: the list is in the free
// memory above the heap.
//
//   list   one u32 per character: code point | combining class << 24
//
// https://www.unicode.org/reports/tr15/ · tables and their encoding: ts/build/unicode.ts
import { STRING_SIZE } from "../generated/kinds";
import { VM_HEAP_TOP, VM_MEMORY_END } from "../generated/layout";
import {
  COMBINING_CLASSES, COMBINING_RUN_COUNT, COMBINING_RUNS, COMPOSITE_COUNT, COMPOSITES, DECOMPOSITION_BLOCK_COUNT, DECOMPOSITION_BLOCKS,
  DECOMPOSITIONS, DECOMPOSITIONS_SIZE,
} from "../generated/unicode";
import { chargeBytes, ensureMemory, usesScratch } from "../heap/memory";
import { isTwoByte, lengthOf, MAX_LENGTH, newLatin1, newTwoByte } from "./cells";
import { charsOf } from "./rope";
import { emptyString } from "./single-chars";
import { codeUnitAt } from "./string";

/** Forms: bit 0 compatibility, bit 1 composed. */
const NFD: i32 = 0;
const COMPATIBLE: i32 = 1;
const COMPOSED: i32 = 2;
/** Most bytes per character that a normalization can take; callers charge for that many. */
export const NORMAL_GROWTH: usize = 16;

const HANGUL: u32 = 0xac00;
const HANGUL_COUNT: u32 = 11172;
const LEADS: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
const TAILS: u32 = 0x11a7;
const VOWEL_COUNT: u32 = 21;
const TAIL_COUNT: u32 = 28;

/** The decomposition found last, and a stack of characters still to be decomposed. */
const FOUND: usize = memory.data(80, 8);
const STACK: usize = memory.data(512, 8);

// --- tables -------------------------------------------------------------------------------------------------------

/** Canonical combining class. https://www.unicode.org/reports/tr44/#Canonical_Combining_Class */
function combiningClass(c: u32): u32 {
  if (c < 0x300) return 0;
  let low: i32 = 0;
  let high = COMBINING_RUN_COUNT;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((load<u32>(COMBINING_RUNS + (<usize>middle << 2)) & 0x1fffff) <= c) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return 0;
  const run = load<u32>(COMBINING_RUNS + (<usize>(low - 1) << 2));
  return c - (run & 0x1fffff) <= ((run >> 21) & 31) ? <u32>load<u8>(COMBINING_CLASSES + <usize>(run >> 26)) : 0;
}

// @ts-ignore: decorator
@inline
function isLong(at: usize): bool {
  return load<u8>(at) >= 128;
}
// @ts-ignore: decorator
@inline
function varintAt(at: usize): u32 {
  const first = <u32>load<u8>(at);
  return first < 128 ? first : ((first & 127) << 7) | <u32>load<u8>(at, 1);
}

/** Number of bytes of an encoded code point. */
// @ts-ignore: decorator
@inline
function pointBytes(at: usize): usize {
  const first = load<u8>(at);
  return first < 128 ? 1 : first < 0xfa ? 2 : 3;
}
/** The code point encoded at `at`, given the one it is near. */
function pointAt(at: usize, near: u32): u32 {
  const first = <u32>load<u8>(at);
  if (first < 128) return near + first - 64;
  if (first >= 0xfa) return ((first - 0xfa) << 16) | (<u32>load<u8>(at, 1) << 8) | <u32>load<u8>(at, 2);
  const code = ((first & 127) << 8) | <u32>load<u8>(at, 1);
  return code < 0x2400 ? code : code < 0x2800 ? code + 0xc00 : code + 0x2600;
}

/** First code point above the entries of each block, 0 while unknown. It spares most characters without a decomposition the search. */
const BLOCK_ENDS: usize = memory.data(4 * 200, 4);

/**
 * Two bits for each code point below PLAIN_END: it is known to have no canonical decomposition, and none at all. They spare marks and
 * letters the search, follow from the tables and never change.
 */
const PLAIN_END: u32 = 0x700;
const PLAIN_POINTS: usize = memory.data(0x1c0, 8);

// @ts-ignore: decorator
@inline
function isKnownPlain(c: u32, compatible: bool): bool {
  return c < PLAIN_END && ((<u32>load<u8>(PLAIN_POINTS + <usize>(c >> 2)) >> (((c & 3) << 1) + <u32>compatible)) & 1) != 0;
}
function notePlain(c: u32, compatible: bool): void {
  if (c >= PLAIN_END) return;
  const at = PLAIN_POINTS + <usize>(c >> 2);
  const bit: u32 = 1 << <i32>(((c & 3) << 1) + <u32>compatible);
  store<u8>(at, load<u8>(at) | <u8>bit);
}

/** Finds one step of decomposition; its characters go to FOUND. Returns their number, 0 if c has no decomposition. Not for Hangul. */
function findDecomposition(c: u32, compatible: bool): i32 {
  let low: i32 = 0;
  let high = DECOMPOSITION_BLOCK_COUNT;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(DECOMPOSITION_BLOCKS + (<usize>middle << 3)) <= c) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return 0;
  const block = DECOMPOSITION_BLOCKS + (<usize>(low - 1) << 3);
  const known = BLOCK_ENDS + (<usize>(low - 1) << 2);
  if (c >= load<u32>(known) && load<u32>(known) != 0) return 0;
  let at = DECOMPOSITIONS + <usize>load<u32>(block, 4);
  const end = low < DECOMPOSITION_BLOCK_COUNT ? DECOMPOSITIONS + <usize>load<u32>(block, 12) : DECOMPOSITIONS + DECOMPOSITIONS_SIZE;
  let from = load<u32>(block);
  let near0: u32 = 0;
  let near1: u32 = 0;
  while (at < end) {
    const header = <u32>load<u8>(at++);
    let gap = header >> 4;
    if (gap == 15) {
      gap += varintAt(at);
      at += isLong(at) ? 2 : 1;
    }
    let length = <i32>(header & 3) + 1;
    if (length == 4) length = <i32>load<u8>(at++);
    const count = varintAt(at);
    at += isLong(at) ? 2 : 1;
    from += gap;
    if (from > c) return 0;
    if (header & 8) {
      const first = pointAt(at, near0);
      at += pointBytes(at);
      if (c - from < count) {
        store<u32>(FOUND, first + (c - from));
        return (header & 4) == 0 || compatible ? 1 : 0;
      }
      near0 = first + count - 1;
    } else {
      for (let k: u32 = 0; k < count; k++) {
        let point: u32 = 0;
        for (let i = 0; i < length; i++) {
          point = pointAt(at, i == 0 ? near0 : i == 1 ? near1 : point);
          at += pointBytes(at);
          store<u32>(FOUND + (<usize>i << 2), point);
          if (i == 0) near0 = point;
          if (i == 1) near1 = point;
        }
        if (from + k == c) return (header & 4) == 0 || compatible ? length : 0;
      }
    }
    from += count;
  }
  store<u32>(known, from);
  return 0;
}

function compositeAt(i: i32): u32 {
  const short = <u32>load<u16>(COMPOSITES + (<usize>i << 1));
  return short < 0x8000 ? short : short + 0x8000;
}

/** The two parts of each composite, in the order of COMPOSITES; filled on first use. They follow from the tables and never change. */
const PARTS: usize = memory.data(8 * 961, 8);
const PARTS_MADE: usize = memory.data(4, 4);

function makePartsSlow(): void {
  for (let i = 0; i < COMPOSITE_COUNT; i++) {
    findDecomposition(compositeAt(i), false);
    memory.copy(PARTS + (<usize>i << 3), FOUND, 8);
  }
  store<u32>(PARTS_MADE, 1);
}

/** The primary composite of two characters, or 0. */
function compose(a: u32, b: u32): u32 {
  if (load<u32>(PARTS_MADE) == 0) makePartsSlow();
  if (a - LEADS < 19 && b - VOWELS < VOWEL_COUNT) return HANGUL + ((a - LEADS) * VOWEL_COUNT + (b - VOWELS)) * TAIL_COUNT;
  if (a - HANGUL < HANGUL_COUNT) return (a - HANGUL) % TAIL_COUNT == 0 && b - TAILS - 1 < TAIL_COUNT - 1 ? a + (b - TAILS) : 0;
  let low: i32 = 0;
  let high = COMPOSITE_COUNT;
  while (low < high) {
    const middle = (low + high) >> 1;
    const first = load<u32>(PARTS + (<usize>middle << 3));
    const second = load<u32>(PARTS + (<usize>middle << 3), 4);
    if (first == a && second == b) return compositeAt(middle);
    if (first < a || (first == a && second < b)) low = middle + 1;
    else high = middle;
  }
  return 0;
}

// --- the list -----------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function push(end: usize, c: u32): usize {
  if (end + 64 > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end + 0x10000);
  store<u32>(end, c | (combiningClass(c) << 24));
  return end + 4;
}

/** Appends the full decomposition of a character. */
function pushDecomposed(end: usize, c: u32, compatible: bool): usize {
  if (c < 0xa0) return push(end, c);
  if (c - HANGUL < HANGUL_COUNT) {
    const s = c - HANGUL;
    end = push(end, LEADS + s / (VOWEL_COUNT * TAIL_COUNT));
    end = push(end, VOWELS + (s % (VOWEL_COUNT * TAIL_COUNT)) / TAIL_COUNT);
    return s % TAIL_COUNT == 0 ? end : push(end, TAILS + (s % TAIL_COUNT));
  }
  let top = STACK;
  store<u32>(top, c);
  top += 4;
  while (top > STACK) {
    top -= 4;
    const point = load<u32>(top);
    const n = isKnownPlain(point, compatible) ? 0 : findDecomposition(point, compatible);
    if (n == 0) {
      end = push(end, point);
      notePlain(point, compatible);
    }
    for (let i = n - 1; i >= 0; i--) {
      store<u32>(top, load<u32>(FOUND + (<usize>i << 2)));
      top += 4;
    }
  }
  return end;
}

/** Sorts the characters of [from, to), all of a class above 0, by class; the sort is stable. Memory from `free` on is free. */
function sortMarks(from: usize, to: usize, free: usize): void {
  if (to - from <= 64) {
    for (let at = from + 4; at < to; at += 4) {
      const mark = load<u32>(at);
      let p = at;
      while (p > from && load<u32>(p - 4) >> 24 > mark >> 24) {
        store<u32>(p, load<u32>(p - 4));
        p -= 4;
      }
      store<u32>(p, mark);
    }
    return;
  }
  // Many marks: one pass over a copy for each class that occurs.
  const bytes = to - from;
  if (free + bytes + 64 > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(free + bytes + 0x10000);
  memory.copy(free, from, bytes);
  let out = from;
  let kind: u32 = 0;
  while (out < to) {
    let next: u32 = 256;
    for (let at = free; at < free + bytes; at += 4) {
      const own = load<u32>(at) >> 24;
      if (own > kind && own < next) next = own;
    }
    kind = next;
    for (let at = free; at < free + bytes; at += 4) {
      if (load<u32>(at) >> 24 != kind) continue;
      store<u32>(out, load<u32>(at));
      out += 4;
    }
  }
  chargeBytes(bytes << 5);
}

/** Fuel for a character whose decomposition is looked up, and for one of a script without any; and characters that one unit scans. */
const LOOKUP_COST: i64 = 8;
const LETTER_COST: i64 = 4;
const PLAIN_PER_UNIT: i64 = 4;
/** Characters of Arabic ligatures, some of which become 18 others. */
const LIGATURES: u32 = 0xfb50;
const LIGATURES_END: u32 = 0xfe00;
const LIGATURE_COST: i64 = 64;

/** Fuel of decomposing s and composing it again. */
export function normalizationWork(s: usize): i64 {
  const n = lengthOf(s);
  const chars = charsOf(s);
  let lookups: i64 = 0;
  let letters: i64 = 0;
  let ligatures: i64 = 0;
  if (!isTwoByte(s)) for (let i = 0; i < n; i++) lookups += <i64>(load<u8>(chars + <usize>i) >= 0xa0);
  else {
    for (let i = 0; i < n; i++) {
      const c = <u32>load<u16>(chars + (<usize>i << 1));
      if (c < 0xa0) continue;
      if (c >= 0x3400 && c < 0xd800) letters++;
      else if (c >= LIGATURES && c < LIGATURES_END) ligatures++;
      else lookups++;
    }
  }
  return <i64>n / PLAIN_PER_UNIT + lookups * LOOKUP_COST + letters * LETTER_COST + ligatures * LIGATURE_COST;
}

/** Writes the decomposed characters of s as a list to `start`, in canonical order; returns its end. */
export function decompose(s: usize, compatible: bool, start: usize): usize {
  const n = lengthOf(s);
  const chars = charsOf(s);
  const wide = isTwoByte(s);
  let end = start;
  let marks: usize = 0;
  for (let i = 0; i < n; i++) {
    let c: u32 = wide ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i);
    if ((c & 0xfc00) == 0xd800 && i + 1 < n) {
      const second = <u32>load<u16>(chars + (<usize>(i + 1) << 1));
      if ((second & 0xfc00) == 0xdc00) {
        c = ((c - 0xd800) << 10) + (second - 0xdc00) + 0x10000;
        i++;
      }
    }
    const before = end;
    end = pushDecomposed(end, c, compatible);
    for (let at = before; at < end; at += 4) {
      if (load<u32>(at) >> 24 != 0) {
        if (marks == 0) marks = at;
      } else if (marks != 0) {
        sortMarks(marks, at, end);
        marks = 0;
      }
    }
  }
  if (marks != 0) sortMarks(marks, end, end);
  return end;
}

/** Composes a list in place; returns its new end. */
function composeList(start: usize, end: usize): usize {
  let out = start;
  let starter: usize = 0;
  let lastClass: u32 = 0;
  for (let at = start; at < end; at += 4) {
    const entry = load<u32>(at);
    const kind = entry >> 24;
    const c = entry & 0xffffff;
    // A character of the same or a higher class in between blocks the composition, and so does another starter.
    if (starter != 0 && (out == starter + 4 || (lastClass != 0 && lastClass < kind))) {
      const composite = compose(load<u32>(starter) & 0xffffff, c);
      if (composite != 0) {
        store<u32>(starter, composite);
        continue;
      }
    }
    store<u32>(out, entry);
    if (kind == 0) starter = out;
    lastClass = kind;
    out += 4;
  }
  return out;
}

// --- strings ------------------------------------------------------------------------------------------------------

/** The form of that name (0: the default); -1 if there is no such form. */
export function normalForm(name: usize): i32 {
  if (name == 0) return COMPOSED;
  const n = lengthOf(name);
  if (n < 3 || n > 4 || codeUnitAt(name, 0) != 0x4e || codeUnitAt(name, 1) != 0x46 || (n == 4 && codeUnitAt(name, 2) != 0x4b)) return -1;
  const last = codeUnitAt(name, n - 1);
  if (last != 0x43 && last != 0x44) return -1;
  return (n == 4 ? COMPATIBLE : 0) | (last == 0x43 ? COMPOSED : 0);
}

/** True if a quick check shows that the string is in that form. */
export function isNormalForm(s: usize, form: i32): bool {
  const limit: u32 = form & COMPATIBLE ? 0xa0 : form == NFD ? 0xc0 : 0x300;
  const n = lengthOf(s);
  const chars = charsOf(s);
  chargeBytes(<usize>n);
  if (!isTwoByte(s)) {
    if (limit > 255) return true;
    for (let i = 0; i < n; i++) if (<u32>load<u8>(chars + <usize>i) >= limit) return false;
    return true;
  }
  for (let i = 0; i < n; i++) if (<u32>load<u16>(chars + (<usize>i << 1)) >= limit) return false;
  return true;
}

/** A new string in that form; 0 if it would be too long. */
export function normalize(s: usize, form: i32): usize {
  let list = (<usize>load<u32>(VM_HEAP_TOP) + 7) & ~7;
  let end = decompose(s, (form & COMPATIBLE) != 0, list);
  usesScratch(end);
  if (form & COMPOSED) end = composeList(list, end);
  let units: usize = 0;
  let all: u32 = 0;
  for (let at = list; at < end; at += 4) {
    const c = load<u32>(at) & 0xffffff;
    units += c > 0xffff ? 2 : 1;
    all |= c;
  }
  if (units > <usize>MAX_LENGTH) return 0;
  if (units == 0) return emptyString();
  // The result will be where the list is now: move the list up, to make room below it.
  const bytes = end - list;
  const shift = ((units << 1) + STRING_SIZE + 15) & ~7;
  ensureMemory(end + shift + 64);
  memory.copy(list + shift, list, bytes);
  list += shift;
  end += shift;
  const wide = all > 255;
  const result = wide ? newTwoByte(<i32>units) : newLatin1(<i32>units);
  let out = result + STRING_SIZE;
  for (let at = list; at < end; at += 4) {
    const c = load<u32>(at) & 0xffffff;
    if (!wide) store<u8>(out++, <u8>c);
    else if (c > 0xffff) {
      store<u16>(out, <u16>(0xd7c0 + (c >> 10)));
      store<u16>(out, <u16>(0xdc00 | (c & 0x3ff)), 2);
      out += 4;
    } else {
      store<u16>(out, <u16>c);
      out += 2;
    }
  }
  return result;
}
