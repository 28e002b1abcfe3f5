// Owns UTF-8 and well-formedness. Must never fail on bad input: each maximal bad part becomes U+FFFD, as in TextDecoder (a
// byte order mark is kept, it may be content), and each lone surrogate becomes U+FFFD in UTF-8.
import { STRING_SIZE } from "../generated/kinds";
import { chargeBytes, chargeFuel, chargeWork } from "../heap/memory";
import { isTwoByte, lengthOf, newLatin1, newTwoByte } from "./cells";
import { charsOf } from "./rope";
import { emptyString, newFromLatin1 } from "./single-chars";

const REPLACEMENT: u32 = 0xfffd;

/** Decodes one code point of [at, end): code point | bytes used << 24. */
function decodeSlow(at: usize, end: usize): u32 {
  const first = <u32>load<u8>(at);
  if (first < 0x80) return first | (1 << 24);
  if (first < 0xc2 || first > 0xf4) return REPLACEMENT | (1 << 24);
  let more: u32 = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  // Bounds of the second byte: no overlong forms, no surrogates, nothing above 0x10FFFF.
  let low: u32 = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  let high: u32 = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  let point: u32 = first & (0x3f >> more);
  let used: u32 = 1;
  while (more > 0) {
    if (at + <usize>used >= end) return REPLACEMENT | (used << 24);
    const next = <u32>load<u8>(at + <usize>used);
    if (next < low || next > high) return REPLACEMENT | (used << 24);
    point = (point << 6) | (next & 0x3f);
    low = 0x80;
    high = 0xbf;
    used++;
    more--;
  }
  return point | (used << 24);
}

/** A string of `bytes` bytes of UTF-8. */
export function newFromUtf8(at: usize, bytes: i32): usize {
  chargeBytes(<usize>bytes);
  const end = at + <usize>bytes;
  let p = at;
  while (p + 8 <= end && (load<u64>(p) & 0x8080808080808080) == 0) p += 8;
  while (p < end && load<u8>(p) < 0x80) p++;
  if (p == end) return newFromLatin1(at, bytes);
  if (!chargeWork(<i64>(end - p) >> 2)) return emptyString();
  const plain = <i32>(p - at);
  let length = plain;
  let widest: u32 = 0;
  for (let q = p; q < end; ) {
    const decoded = decodeSlow(q, end);
    const point = decoded & 0xffffff;
    length += point > 0xffff ? 2 : 1;
    widest |= point;
    q += <usize>(decoded >> 24);
  }
  const two = widest > 255;
  const s = two ? newTwoByte(length) : newLatin1(length);
  let out = s + STRING_SIZE;
  for (let q = at; q < end; ) {
    const decoded = decodeSlow(q, end);
    const point = decoded & 0xffffff;
    q += <usize>(decoded >> 24);
    if (!two) store<u8>(out++, <u8>point);
    else if (point > 0xffff) {
      store<u16>(out, <u16>(0xd7c0 + (point >> 10)));
      store<u16>(out, <u16>(0xdc00 | (point & 0x3ff)), 2);
      out += 4;
    } else {
      store<u16>(out, <u16>point);
      out += 2;
    }
  }
  return s;
}

/** The code point at `at` of two-byte characters, lone surrogates as U+FFFD; above 0xFFFF it took two. */
// @ts-ignore: decorator
@inline
function scalarAt(at: usize, end: usize): u32 {
  const first = <u32>load<u16>(at);
  if ((first & 0xf800) != 0xd800) return first;
  if (first < 0xdc00 && at + 2 < end) {
    const second = <u32>load<u16>(at, 2);
    if ((second & 0xfc00) == 0xdc00) return ((first - 0xd800) << 10) + (second - 0xdc00) + 0x10000;
  }
  return REPLACEMENT;
}

/** Bytes of the string in UTF-8. */
export function utf8Length(s: usize): i32 {
  const n = lengthOf(s);
  let at = charsOf(s);
  chargeBytes(<usize>n);
  let bytes = n;
  if (!isTwoByte(s)) {
    for (let i = 0; i < n; i++) bytes += <i32>(load<u8>(at + <usize>i) >> 7);
    return bytes;
  }
  chargeFuel(n >> 4);
  const end = at + (<usize>n << 1);
  bytes = 0;
  while (at < end) {
    const point = scalarAt(at, end);
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    at += point > 0xffff ? 4 : 2;
  }
  return bytes;
}

/** Writes the string in UTF-8 (utf8Length bytes); returns the number of bytes. */
export function writeUtf8(s: usize, out: usize): i32 {
  const n = lengthOf(s);
  const start = out;
  let at = charsOf(s);
  chargeBytes(<usize>n);
  if (!isTwoByte(s)) {
    for (let i = 0; i < n; i++) {
      const c = <u32>load<u8>(at + <usize>i);
      if (c < 0x80) store<u8>(out++, <u8>c);
      else {
        store<u8>(out, <u8>(0xc0 | (c >> 6)));
        store<u8>(out, <u8>(0x80 | (c & 0x3f)), 1);
        out += 2;
      }
    }
    return <i32>(out - start);
  }
  chargeFuel(n >> 3);
  const end = at + (<usize>n << 1);
  while (at < end) {
    const point = scalarAt(at, end);
    at += point > 0xffff ? 4 : 2;
    if (point < 0x80) store<u8>(out++, <u8>point);
    else if (point < 0x800) {
      store<u8>(out, <u8>(0xc0 | (point >> 6)));
      store<u8>(out, <u8>(0x80 | (point & 0x3f)), 1);
      out += 2;
    } else if (point < 0x10000) {
      store<u8>(out, <u8>(0xe0 | (point >> 12)));
      store<u8>(out, <u8>(0x80 | ((point >> 6) & 0x3f)), 1);
      store<u8>(out, <u8>(0x80 | (point & 0x3f)), 2);
      out += 3;
    } else {
      store<u8>(out, <u8>(0xf0 | (point >> 18)));
      store<u8>(out, <u8>(0x80 | ((point >> 12) & 0x3f)), 1);
      store<u8>(out, <u8>(0x80 | ((point >> 6) & 0x3f)), 2);
      store<u8>(out, <u8>(0x80 | (point & 0x3f)), 3);
      out += 4;
    }
  }
  return <i32>(out - start);
}

/** Writes as many whole characters as fit into `most` bytes; returns code units read << 32 | bytes written. */
export function writeUtf8Into(s: usize, out: usize, most: u32): u64 {
  const wide = isTwoByte(s);
  const n = <u32>lengthOf(s);
  const chars = charsOf(s);
  const end = chars + (<usize>n << 1);
  let read: u32 = 0;
  let written: u32 = 0;
  while (read < n) {
    const point = wide ? scalarAt(chars + (<usize>read << 1), end) : <u32>load<u8>(chars + <usize>read);
    const size: u32 = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (written + size > most) break;
    putPoint(out + <usize>written, point, size);
    written += size;
    read += point > 0xffff ? 2 : 1;
  }
  return (<u64>read << 32) | <u64>written;
}

function putPoint(out: usize, point: u32, size: u32): void {
  if (size == 1) {
    store<u8>(out, <u8>point);
    return;
  }
  for (let i = size - 1; i > 0; i--) {
    store<u8>(out + <usize>i, <u8>(0x80 | (point & 0x3f)));
    point >>= 6;
  }
  store<u8>(out, <u8>((0xf00 >> size) | point));
}

/** True if the bytes are UTF-8 without a fault. */
export function isUtf8(at: usize, end: usize): bool {
  while (at < end) {
    const decoded = decodeSlow(at, end);
    // U+FFFD is a fault unless the bytes spell it out.
    if ((decoded & 0xffffff) == REPLACEMENT && (decoded >> 24 != 3 || load<u16>(at) != 0xbfef || load<u8>(at, 2) != 0xbd)) return false;
    at += <usize>(decoded >> 24);
  }
  return true;
}

/** Number of bytes before `end` that begin a character which more bytes could complete. */
export function incompleteUtf8(start: usize, end: usize): u32 {
  for (let n: usize = 1; n < 4 && end - start >= n; n++) {
    const first = <u32>load<u8>(end - n);
    if (first < 0x80) return 0;
    if (first < 0xc0) continue;
    const size: usize = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    // If decoding takes all the bytes that are there, they are a correct beginning, and only the end of the data stops it.
    const decoded = decodeSlow(end - n, end);
    return size > n && (decoded & 0xffffff) == REPLACEMENT && <usize>(decoded >> 24) == n && first >= 0xc2 && first <= 0xf4 ? <u32>n : 0;
  }
  return 0;
}

/** Index of the first lone surrogate, or -1. */
function firstLoneSurrogate(at: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) {
    const c = load<u16>(at + (<usize>i << 1));
    if ((c & 0xf800) != 0xd800) continue;
    if (c >= 0xdc00 || i + 1 >= n || (load<u16>(at + (<usize>(i + 1) << 1)) & 0xfc00) != 0xdc00) return i;
    i++;
  }
  return -1;
}

/** https://tc39.es/ecma262/#sec-isstringwellformedunicode */
export function isWellFormed(s: usize): bool {
  const chars = charsOf(s);
  if (!isTwoByte(s)) return true;
  chargeBytes(<usize>lengthOf(s) << 1);
  return firstLoneSurrogate(chars, lengthOf(s)) < 0;
}

/** The string with U+FFFD for each lone surrogate. https://tc39.es/ecma262/#sec-string.prototype.towellformed */
export function toWellFormed(s: usize): usize {
  const n = lengthOf(s);
  if (n == 0) return emptyString();
  if (isWellFormed(s)) return s;
  const fixed = newTwoByte(n);
  const to = fixed + STRING_SIZE;
  chargeBytes(<usize>n << 2);
  memory.copy(to, charsOf(s), <usize>n << 1);
  let from: i32 = 0;
  while (true) {
    const bad = firstLoneSurrogate(to + (<usize>from << 1), n - from);
    if (bad < 0) return fixed;
    from += bad + 1;
    store<u16>(to + (<usize>(from - 1) << 1), <u16>REPLACEMENT);
  }
  return fixed;
}
