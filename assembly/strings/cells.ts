// Owns the cells that strings are made of: flags, allocation, copying of characters. Must never look at more than one level
// (ropes are strings/rope.ts's, content is strings/string.ts's).
//
//   STRING  meta hash · header · length u32 · flags u32 · characters, 1 or 2 bytes each, last word zero-padded
//   SLICE   meta hash · header · length u32 · flags u32 · base p · start u32        base: STRING or STRBUF of the same width
//   ROPE    meta hash · header · length u32 · flags u32 · left p · right p          becomes a SLICE in place when read
//   STRBUF  meta 0    · header · capacity   · flags u32 · used u32 · pad · characters
//
// A STRBUF is shared by all slices that were made by appending to it. Characters below `used` never change; only the slice
// that ends at `used` may append in place, so the guest cannot tell that there is a buffer. meta is 0 until the hash is computed.
import {
  Kind, SLICE_BASE, SLICE_SIZE, SLICE_START, STRBUF_CAPACITY, STRBUF_FLAGS, STRBUF_SIZE, STRBUF_USED, STRING_FLAGS, STRING_LENGTH,
  STRING_SIZE,
} from "../generated/kinds";
import { allocate, chargeBytes, kindOf } from "../heap/memory";

/** Characters take two bytes each. They may still all be below 256: hash and equality do not depend on the width. */
export const TWO_BYTE: u32 = 1;
/** The one string of its content that is in the atom table. */
export const INTERNED: u32 = 2;
/** Interned, and a canonical array index: "0" … "4294967294". */
export const INDEX: u32 = 4;
/** Made by a concatenation: the next one expects more to come and starts an append buffer. */
export const BUILT: u32 = 8;
/** On a STRBUF: later characters went to a larger buffer, and no slice may append to this one any more. */
export const MOVED: u32 = 16;

/** Length limit of strings in code units: two bytes each must fit one cell (24 bits of 8-byte units). */
export const MAX_LENGTH: i32 = (1 << 26) - 32;

// @ts-ignore: decorator
@inline
export function lengthOf(s: usize): i32 {
  return load<i32>(s, STRING_LENGTH);
}
// @ts-ignore: decorator
@inline
export function flagsOf(s: usize): u32 {
  return load<u32>(s, STRING_FLAGS);
}
// @ts-ignore: decorator
@inline
export function isTwoByte(s: usize): bool {
  return (load<u32>(s, STRING_FLAGS) & TWO_BYTE) != 0;
}

/** True if a string of the two lengths together may exist. */
// @ts-ignore: decorator
@inline
export function canConcat(la: i32, lb: i32): bool {
  return la + lb <= MAX_LENGTH;
}

function newFlat(length: i32, flags: u32): usize {
  const s = allocate(Kind.STRING, STRING_SIZE + (<usize>length << (flags & TWO_BYTE)));
  // Padding is zero so that equal programs leave equal memory.
  store<u64>(s + (<usize>(load<u32>(s, 4) & 0xffffff) << 3) - 8, 0);
  store<u32>(s, 0);
  store<i32>(s, length, STRING_LENGTH);
  store<u32>(s, flags, STRING_FLAGS);
  return s;
}

/** A flat string of one-byte characters, which the caller writes at + STRING_SIZE. */
export function newLatin1(length: i32): usize {
  return newFlat(length, 0);
}

/** A flat string of two-byte characters, which the caller writes at + STRING_SIZE. */
export function newTwoByte(length: i32): usize {
  return newFlat(length, TWO_BYTE);
}

/** A view of a STRING or STRBUF. */
export function newSlice(base: usize, start: i32, length: i32): usize {
  const s = allocate(Kind.SLICE, SLICE_SIZE);
  store<u32>(s, 0);
  store<i32>(s, length, STRING_LENGTH);
  store<u32>(s, load<u32>(base, STRING_FLAGS) & TWO_BYTE, STRING_FLAGS);
  store<u32>(s, <u32>base, SLICE_BASE);
  store<i32>(s, start, SLICE_START);
  return s;
}

/** An append buffer; nothing in it yet. flags: TWO_BYTE or 0. */
export function newBuffer(capacity: i32, flags: u32): usize {
  const buffer = allocate(Kind.STRBUF, STRBUF_SIZE + (<usize>capacity << flags));
  store<u32>(buffer, 0);
  store<i32>(buffer, capacity, STRBUF_CAPACITY);
  store<u32>(buffer, flags, STRBUF_FLAGS);
  store<u64>(buffer, 0, STRBUF_USED);
  return buffer;
}

/** Address of the first character of a STRING or STRBUF. */
// @ts-ignore: decorator
@inline
function baseChars(base: usize): usize {
  return base + (kindOf(base) == Kind.STRING ? STRING_SIZE : STRBUF_SIZE);
}

/** Address of the first character of a SLICE. */
// @ts-ignore: decorator
@inline
export function sliceChars(s: usize): usize {
  return baseChars(<usize>load<u32>(s, SLICE_BASE)) + (<usize>load<u32>(s, SLICE_START) << (load<u32>(s, STRING_FLAGS) & TWO_BYTE));
}

// --- copying ------------------------------------------------------------------------------------------------------

/** Copies n bytes between areas that do not overlap; quick for few. */
export function copyBytes(to: usize, from: usize, n: usize): void {
  if (n >= 8) {
    if (n > 64) {
      chargeBytes(n);
      memory.copy(to, from, n);
      return;
    }
    const last = load<u64>(from + n - 8);
    const end = to + n - 8;
    while (to < end) {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    }
    store<u64>(end, last);
    return;
  }
  if (n >= 4) {
    const last = load<u32>(from + n - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + n - 4, last);
    return;
  }
  if (n == 0) return;
  store<u8>(to, load<u8>(from));
  if (n > 1) {
    store<u8>(to, load<u8>(from, 1), 1);
    if (n > 2) store<u8>(to, load<u8>(from, 2), 2);
  }
}

/** Spreads four bytes over four units of two bytes. */
// @ts-ignore: decorator
@inline
function spread(four: u32): u64 {
  const w = (<u64>four | (<u64>four << 16)) & 0x0000ffff0000ffff;
  return (w | (w << 8)) & 0x00ff00ff00ff00ff;
}

/** Packs the low bytes of four units of two bytes. */
// @ts-ignore: decorator
@inline
export function squeeze(four: u64): u32 {
  const w = (four | (four >> 8)) & 0x0000ffff0000ffff;
  return <u32>(w | (w >> 16));
}

/** Copies n one-byte characters to two-byte ones. */
export function widen(to: usize, from: usize, n: i32): void {
  chargeBytes(<usize>n << 1);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    store<u64>(to, spread(load<u32>(from)));
    to += 8;
    from += 4;
  }
  for (; i < n; i++) {
    store<u16>(to, load<u8>(from));
    to += 2;
    from++;
  }
}

/** Copies n two-byte characters, all below 256, to one-byte ones. */
export function narrow(to: usize, from: usize, n: i32): void {
  chargeBytes(<usize>n << 1);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    store<u32>(to, squeeze(load<u64>(from)));
    to += 4;
    from += 8;
  }
  for (; i < n; i++) {
    store<u8>(to, load<u8>(from));
    to++;
    from += 2;
  }
}

/** Copies n characters; widths are TWO_BYTE or 0. With a narrow target the caller knows that they fit. */
// @ts-ignore: decorator
@inline
export function copyChars(to: usize, toWidth: u32, from: usize, fromWidth: u32, n: i32): void {
  if (toWidth == fromWidth) copyBytes(to, from, <usize>n << toWidth);
  else if (toWidth) widen(to, from, n);
  else narrow(to, from, n);
}

/** True if all n two-byte characters are below 256. */
export function fitsLatin1(at: usize, n: i32): bool {
  chargeBytes(<usize>n << 1);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    if ((load<u64>(at) & 0xff00ff00ff00ff00) != 0) return false;
    at += 8;
  }
  for (; i < n; i++) {
    if (load<u16>(at) > 255) return false;
    at += 2;
  }
  return true;
}
