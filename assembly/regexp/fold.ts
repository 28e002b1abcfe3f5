// Owns the meaning of case-insensitive matching: Canonicalize of a character, and the closure of a set over it. Must never look at a
// locale or at full case foldings. https://tc39.es/ecma262/#sec-runtime-semantics-canonicalize-ch
import { LOWER_RUN_COUNT, LOWER_RUNS, UPPER_RUN_COUNT, UPPER_RUNS } from "../generated/unicode";
import { simpleLower, simpleUpper, specialUpper } from "../strings/case";
import { addRange, combine, contains, countOf, finishSet, newBuilder, pointOf, sizeOfSet, UNION } from "./set";

/** Pairs that are equal by case folding only. */
const EXTRA: usize = memory.data<u32>([0x1fd3, 0x390, 0x1fe3, 0x3b0, 0xfb05, 0xfb06]);

function isCherokee(c: u32): bool {
  return c - 0x13a0 < 0x5e || c - 0xab70 < 0x50;
}

/** Simple case folding. */
function foldSimple(c: u32): u32 {
  if (c < 128) return c - 0x41 < 26 ? c + 32 : c;
  if (c == 0x130 || c == 0x131) return c;
  for (let i: usize = 0; i < 24; i += 8) if (load<u32>(EXTRA + i) == c) return load<u32>(EXTRA + i, 4);
  const upper = simpleUpper(c);
  return isCherokee(c) ? upper : simpleLower(upper);
}

/** Canonicalize of a code point (unicode) or a code unit. */
export function canonicalize(c: u32, unicode: bool): u32 {
  if (unicode) return foldSimple(c);
  if (c < 128) return c - 0x61 < 26 ? c - 32 : c;
  if (specialUpper(<i32>c) != 0) return c;
  const upper = simpleUpper(c);
  return upper < 128 || upper > 0xffff ? c : upper;
}

/** Index of the first point of the set that is above c. */
function pointAbove(set: usize, c: u32): u32 {
  let low: u32 = 0;
  let high = countOf(set);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pointOf(set, middle) <= c) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds those of every stride-th character of first … last that are in the set, moved by `delta`. */
function addMoved(builder: usize, set: usize, first: u32, last: u32, stride: u32, delta: i32, unicode: bool): void {
  let i = pointAbove(set, first) & ~1;
  for (; i < countOf(set); i += 2) {
    const low = max<u32>(pointOf(set, i), first);
    const high = min<u32>(pointOf(set, i + 1) - 1, last);
    if (pointOf(set, i) > last) return;
    if (low > high) continue;
    if (stride == 1 && unicode) {
      addRange(builder, low + delta, high + delta);
      continue;
    }
    for (let c = low + ((low - first) & (stride - 1)); c <= high; c += stride) addRange(builder, c + delta, c + delta);
  }
}

/** Does Canonicalize map the character to its upper case? For code units only. */
function isStep(c: u32): bool {
  return canonicalize(c, false) != c;
}

function addRun(builder: usize, set: usize, run: usize, unicode: bool): void {
  const word = load<u32>(run);
  const delta = load<i32>(run, 4);
  const first = word & 0x1fffff;
  const stride = ((word >> 21) & 1) + 1;
  const last = first + (word >> 22) * stride;
  if (unicode) {
    if (first == 0x130 || first == 0x131) return;
    addMoved(builder, set, first, last, stride, delta, true);
    addMoved(builder, set, first + delta, last + delta, stride, -delta, true);
    return;
  }
  if (last > 0xffff) return;
  // Canonicalize leaves some of these as they are, such as those with a special upper case: each is tested.
  if (first >= 0x80) {
    for (let c = first; c <= last; c += stride) {
      if (!isStep(c)) continue;
      if (contains(set, c)) addRange(builder, c + delta, c + delta);
      if (contains(set, c + delta)) addRange(builder, c, c);
    }
    return;
  }
  addMoved(builder, set, first, last, stride, delta, false);
  addMoved(builder, set, first + delta, last + delta, stride, -delta, false);
}

/** True if the run or its image has a character in the set. */
function concerns(set: usize, run: usize): bool {
  const word = load<u32>(run);
  const first = word & 0x1fffff;
  const length = (word >> 22) << ((word >> 21) & 1);
  const moved = first + load<i32>(run, 4);
  return touches(set, first, first + length) || touches(set, moved, moved + length);
}

function touches(set: usize, first: u32, last: u32): bool {
  const i = pointAbove(set, first);
  return (i & 1) != 0 || (i < countOf(set) && pointOf(set, i) <= last);
}

/** The set of all characters that equal a member of the set but for case. */
export function closeOverCase(set: usize, unicode: bool): usize {
  while (true) {
    const builder = newBuilder();
    for (let i: i32 = 0; i < UPPER_RUN_COUNT; i++) {
      const run = UPPER_RUNS + (<usize>i << 3);
      if (concerns(set, run)) addRun(builder, set, run, unicode);
    }
    if (unicode) {
      for (let i: i32 = 0; i < LOWER_RUN_COUNT; i++) {
        const run = LOWER_RUNS + (<usize>i << 3);
        if (concerns(set, run)) addRun(builder, set, run, true);
      }
      for (let i: usize = 0; i < 24; i += 8) {
        const a = load<u32>(EXTRA + i);
        const b = load<u32>(EXTRA + i, 4);
        if (contains(set, a)) addRange(builder, b, b);
        if (contains(set, b)) addRange(builder, a, a);
      }
    }
    const more = combine(set, finishSet(builder), UNION);
    if (sizeOfSet(more) == sizeOfSet(set)) return set;
    set = more;
  }
}
