// Owns the content of strings: characters, hash, equality, order, substrings, and making strings from Latin-1 and UTF-16.
// Must never treat two strings of equal content differently because of width or form (flat, slice, rope).
// strings/cells.ts makes cells, strings/rope.ts concatenates, strings/utf.ts is UTF-8; this file re-exports what other folders use of them.
import { STRING_LENGTH } from "../generated/kinds";
import { chargeBytes } from "../heap/memory";
import { copyChars, flagsOf, INTERNED, isTwoByte, lengthOf, narrow, newLatin1, newTwoByte, squeeze, TWO_BYTE } from "./cells";
import { charsOf } from "./rope";

export { BUILT, canConcat, INDEX, INTERNED, isTwoByte, lengthOf, MAX_LENGTH, newLatin1, newTwoByte, TWO_BYTE } from "./cells";
export { charsOf, concat, concatBytes } from "./rope";

/** Substrings from this length on share the characters of their parent. */
export const SLICE_MIN: i32 = 24;
const HASH_SEED: u64 = 0x8f5c29c36f1d7a43;
const HASH_STEP: u64 = 0x9e3779b97f4a7c15;
const HASH_WIDE: u64 = 0xd6e8feb86659fd93;
const HASH_OTHER: u64 = 0xa0761d6478bd642f;

/** Code unit i; i is within the string. */
// @ts-ignore: decorator
@inline
export function codeUnitAt(s: usize, i: i32): i32 {
  const chars = charsOf(s);
  return isTwoByte(s) ? <i32>load<u16>(chars + (<usize>i << 1)) : <i32>load<u8>(chars + <usize>i);
}

/** The code point at i: a pair of surrogates counts as one. https://tc39.es/ecma262/#sec-codepointat */
export function codePointOf(s: usize, i: i32): i32 {
  const first = codeUnitAt(s, i);
  if ((first & 0xfc00) != 0xd800 || i + 1 >= lengthOf(s)) return first;
  const second = codeUnitAt(s, i + 1);
  return (second & 0xfc00) == 0xdc00 ? ((first - 0xd800) << 10) + (second - 0xdc00) + 0x10000 : first;
}

/** Writes the code units from … to as two bytes each. */
export function writeChars16(s: usize, from: i32, to: i32, out: usize): void {
  const width = flagsOf(s) & TWO_BYTE;
  copyChars(out, TWO_BYTE, charsOf(s) + (<usize>from << width), width, to - from);
}

// --- hash ---------------------------------------------------------------------------------------------------------

// Characters are taken in blocks of eight. A block of which all fit in one byte counts as the u64 of those bytes, whatever
// the width it is held in; the last block is filled up with zeros.

// A block is mixed into two words in two ways, so that no following block can cancel it in both.

// @ts-ignore: decorator
@inline
function hashStep(h: u64, w: u64): u64 {
  h = (h ^ w) * HASH_STEP;
  return h ^ (h >> 32);
}
// @ts-ignore: decorator
@inline
function hashOther(h: u64, w: u64): u64 {
  h = (rotl<u64>(h, 23) + w) * HASH_OTHER;
  return h ^ (h >> 29);
}

// @ts-ignore: decorator
@inline
function isNarrow(low: u64, high: u64): bool {
  return ((low | high) & 0xff00ff00ff00ff00) == 0;
}
/** A block of eight two-byte characters that all fit in one byte, as one word. */
// @ts-ignore: decorator
@inline
function narrowed(low: u64, high: u64): u64 {
  return <u64>squeeze(low) | (<u64>squeeze(high) << 32);
}

/** The last n < 8 bytes. */
// @ts-ignore: decorator
@inline
function tailLatin1(at: usize, n: i32): u64 {
  let w: u64 = 0;
  let shift: u64 = 0;
  if (n & 4) {
    w = <u64>load<u32>(at);
    at += 4;
    shift = 32;
  }
  if (n & 2) {
    w |= <u64>load<u16>(at) << shift;
    at += 2;
    shift += 16;
  }
  if (n & 1) w |= <u64>load<u8>(at) << shift;
  return w;
}

/** Up to four two-byte characters, followed by zeros. */
function unitsFrom(at: usize, n: i32): u64 {
  if (n >= 4) return load<u64>(at);
  let w: u64 = 0;
  for (let i = 0; i < n; i++) w |= <u64>load<u16>(at + (<usize>i << 1)) << (<u64>i << 4);
  return w;
}

function finishHash(h: u64, other: u64): u32 {
  h = ((h ^ (h >> 29)) * HASH_WIDE) ^ rotl<u64>(other, 32);
  h = (h ^ (h >> 31)) * HASH_OTHER;
  const folded = <u32>(h ^ (h >> 32));
  return folded == 0 ? 1 : folded;
}

/** Hash of `length` one-byte characters. */
export function hashLatin1(at: usize, length: i32): u32 {
  chargeBytes(<usize>length);
  let h: u64 = HASH_SEED + <u64>length * HASH_STEP;
  let other: u64 = HASH_SEED ^ <u64>length;
  let n = length;
  while (n >= 8) {
    const w = load<u64>(at);
    h = hashStep(h, w);
    other = hashOther(other, w);
    at += 8;
    n -= 8;
  }
  if (n > 0) {
    const w = tailLatin1(at, n);
    h = hashStep(h, w);
    other = hashOther(other, w);
  }
  return finishHash(h, other);
}

/** Hash of `length` two-byte characters: the same as that of one-byte ones with the same content. */
export function hashUtf16(at: usize, length: i32): u32 {
  chargeBytes(<usize>length << 1);
  let h: u64 = HASH_SEED + <u64>length * HASH_STEP;
  let other: u64 = HASH_SEED ^ <u64>length;
  let n = length;
  while (n > 0) {
    const low = unitsFrom(at, n);
    const high = n > 4 ? unitsFrom(at + 8, n - 4) : 0;
    const narrow = isNarrow(low, high);
    h = hashStep(h, narrow ? narrowed(low, high) : low * HASH_WIDE + rotl<u64>(high, 23) + 1);
    other = hashOther(other, narrow ? narrowed(low, high) : high * HASH_WIDE + rotl<u64>(low, 41) + 1);
    at += 16;
    n -= 8;
  }
  return finishHash(h, other);
}

function computeHashSlow(s: usize): u32 {
  const chars = charsOf(s);
  const hash = isTwoByte(s) ? hashUtf16(chars, lengthOf(s)) : hashLatin1(chars, lengthOf(s));
  store<u32>(s, hash);
  return hash;
}

/** Hash of the content, never 0. */
// @ts-ignore: decorator
@inline
export function hashOf(s: usize): u32 {
  const known = load<u32>(s);
  return known != 0 ? known : computeHashSlow(s);
}

// --- equality and order -------------------------------------------------------------------------------------------

/** True if n bytes are equal. */
export function sameBytes(a: usize, b: usize, n: usize): bool {
  chargeBytes(n);
  if (n >= 8) {
    const end = a + n - 8;
    while (a < end) {
      if (load<u64>(a) != load<u64>(b)) return false;
      a += 8;
      b += 8;
    }
    const back = a - end;
    return load<u64>(end) == load<u64>(b - back);
  }
  if (n >= 4) return load<u32>(a) == load<u32>(b) && load<u32>(a + n - 4) == load<u32>(b + n - 4);
  for (let i: usize = 0; i < n; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** True if n one-byte characters equal n two-byte ones. */
function sameMixed(latin1: usize, utf16: usize, n: i32): bool {
  chargeBytes(<usize>n << 1);
  for (let i = 0; i < n; i++) {
    if (<u16>load<u8>(latin1 + <usize>i) != load<u16>(utf16 + (<usize>i << 1))) return false;
  }
  return true;
}

/** True if n characters at two places are equal; widths are TWO_BYTE or 0. */
export function sameChars(a: usize, aWidth: u32, b: usize, bWidth: u32, n: i32): bool {
  if (aWidth == bWidth) return sameBytes(a, b, <usize>n << aWidth);
  return aWidth ? sameMixed(b, a, n) : sameMixed(a, b, n);
}

/** Equal content, for two different cells. */
function equalsSlow(a: usize, b: usize): bool {
  const length = lengthOf(a);
  if (length != lengthOf(b) || (flagsOf(a) & flagsOf(b) & INTERNED) != 0) return false;
  if (load<u32>(a) != load<u32>(b) && load<u32>(a) != 0 && load<u32>(b) != 0) return false;
  const left = charsOf(a);
  return sameChars(left, flagsOf(a) & TWO_BYTE, charsOf(b), flagsOf(b) & TWO_BYTE, length);
}

// @ts-ignore: decorator
@inline
export function equals(a: usize, b: usize): bool {
  return a == b || (load<u32>(a, STRING_LENGTH) == load<u32>(b, STRING_LENGTH) && equalsSlow(a, b));
}

/** Order by code units: negative, 0 or positive. https://tc39.es/ecma262/#sec-islessthan */
export function compare(a: usize, b: usize): i32 {
  if (a == b) return 0;
  const la = lengthOf(a);
  const lb = lengthOf(b);
  const n = min(la, lb);
  let p = charsOf(a);
  let q = charsOf(b);
  const pWidth = flagsOf(a) & TWO_BYTE;
  const qWidth = flagsOf(b) & TWO_BYTE;
  let i: i32 = 0;
  if (pWidth == qWidth) {
    // Skip equal characters, eight bytes at a time.
    const step: i32 = pWidth ? 4 : 8;
    while (i + step <= n && load<u64>(p) == load<u64>(q)) {
      p += 8;
      q += 8;
      i += step;
    }
  }
  let order = la - lb;
  for (; i < n; i++) {
    const c = pWidth ? <i32>load<u16>(p) : <i32>load<u8>(p);
    const d = qWidth ? <i32>load<u16>(q) : <i32>load<u8>(q);
    if (c != d) {
      order = c - d;
      break;
    }
    p += <usize>(1 + pWidth);
    q += <usize>(1 + qWidth);
  }
  chargeBytes(<usize>i << pWidth);
  return order;
}
