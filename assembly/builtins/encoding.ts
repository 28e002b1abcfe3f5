// Owns the natives that turn bytes into text and back: base64, hex, UTF-8. Must never call guest code; views are Uint8Arrays that
// the prelude has looked at just before.
import { addressOf, asInt, boxBool, boxInt, boxObject, boxString, boxU32, RETRY, TRUE, UNDEFINED, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { STRING_SIZE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeBytes, chargeFuel, reserve } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { arrayPush, newArray } from "../objects/object";
import { viewLength, viewStart } from "../objects/typed";
import { isTwoByte, lengthOf, MAX_LENGTH, newLatin1, newTwoByte } from "../strings/cells";
import { charsOf, flatteningBytes } from "../strings/rope";
import { newFromLatin1 } from "../strings/single-chars";
import { incompleteUtf8, isUtf8, newFromUtf8, utf8Length, writeUtf8, writeUtf8Into } from "../strings/utf";
import { refuseState } from "./arguments";
import { numberAt } from "./array-buffer";

// --- text -----------------------------------------------------------------------------------------------------------------------

/** Flattens the text and charges for reading it; false: RETRY. */
function priceText(s: usize): bool {
  const bytes = flatteningBytes(s);
  if (bytes > 0 && !reserve(bytes)) return false;
  charsOf(s);
  chargeFuel(lengthOf(s) >> 4);
  return true;
}
// @ts-ignore: decorator
@inline
function unitAt(chars: usize, wide: bool, i: u32): u32 {
  return wide ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i);
}

/** [code units read, bytes written, was all of it right] */
function outcome(read: u32, written: u32, right: bool): Value {
  const list = newArray(3);
  arrayPush(list, boxU32(read));
  arrayPush(list, boxU32(written));
  arrayPush(list, boxBool(right));
  return boxObject(list);
}

/** FINE if a text of that many one-byte characters may be made, else the signal. */
function refuseText(length: u64): Value {
  if (length > <u64>MAX_LENGTH) return throwLiteral(ErrorKind.RangeError, "Invalid string length");
  if (length > 64 && !reserve(<usize>length + 32)) return RETRY;
  chargeFuel(<i32>(length >> 4));
  return 0;
}

// --- base64 ---------------------------------------------------------------------------------------------------------------------

/** The digit of a value below 64. */
function digitOf(value: u32, url: bool): u32 {
  if (value < 26) return 65 + value;
  if (value < 52) return 71 + value;
  if (value < 62) return value - 4;
  return value == 62 ? (url ? 45 : 43) : url ? 95 : 47;
}
/** The value of a digit; 64 if it is not a digit. */
function valueOf(digit: u32, url: bool): u32 {
  if (digit - 65 < 26) return digit - 65;
  if (digit - 97 < 26) return digit - 71;
  if (digit - 48 < 10) return digit + 4;
  if (digit == (url ? <u32>45 : 43)) return 62;
  return digit == (url ? <u32>95 : 47) ? 63 : 64;
}

/** (Uint8Array, url alphabet, padding) https://tc39.es/ecma262/#sec-uint8array.prototype.tobase64 */
export function base64Encode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const url = argAt(area, argc, 1) == TRUE;
  const bytes = viewLength(view);
  const rest = bytes % 3;
  const padded = argAt(area, argc, 2) == TRUE;
  const length = <u64>(bytes / 3) * 4 + <u64>(rest == 0 ? 0 : padded ? 4 : rest + 1);
  const refused = refuseText(length);
  if (refused != 0) return refused;
  const s = newLatin1(<i32>length);
  let out = s + STRING_SIZE;
  if (bytes == 0) return boxString(s);
  let at = viewStart(view);
  for (const end = at + <usize>(bytes - rest); at < end; at += 3) {
    const bits = (<u32>load<u8>(at) << 16) | (<u32>load<u8>(at, 1) << 8) | <u32>load<u8>(at, 2);
    store<u8>(out, <u8>digitOf(bits >> 18, url));
    store<u8>(out, <u8>digitOf((bits >> 12) & 63, url), 1);
    store<u8>(out, <u8>digitOf((bits >> 6) & 63, url), 2);
    store<u8>(out, <u8>digitOf(bits & 63, url), 3);
    out += 4;
  }
  if (rest == 0) return boxString(s);
  const bits = (<u32>load<u8>(at) << 16) | (rest == 2 ? <u32>load<u8>(at, 1) << 8 : 0);
  store<u8>(out, <u8>digitOf(bits >> 18, url));
  store<u8>(out, <u8>digitOf((bits >> 12) & 63, url), 1);
  if (rest == 2) store<u8>(out, <u8>digitOf((bits >> 6) & 63, url), 2);
  else if (padded) store<u8>(out, 61, 2);
  if (padded) store<u8>(out, 61, 3);
  return boxString(s);
}

function skipSpace(chars: usize, wide: bool, i: u32, length: u32): u32 {
  while (i < length) {
    const c = unitAt(chars, wide, i);
    if (c != 9 && c != 10 && c != 12 && c != 13 && c != 32) break;
    i++;
  }
  return i;
}

/** The one or two bytes of an incomplete chunk of 2 or 3 digits. */
function putPart(to: usize, bits: u32, digits: u32): u32 {
  if (digits == 2) {
    store<u8>(to, <u8>(bits >> 4));
    return 1;
  }
  store<u8>(to, <u8>(bits >> 10));
  store<u8>(to, <u8>(bits >> 2), 1);
  return 2;
}

const LOOSE: u32 = 0;
const STRICT: u32 = 1;
const STOP: u32 = 2;

/** Reads the rest of the text, after the first `=`. */
function finishPadded(chars: usize, wide: bool, index: u32, length: u32, read: u32, to: usize, written: u32, bits: u32, digits: u32, mode: u32): Value {
  if (digits < 2) return outcome(read, written, false);
  let i = skipSpace(chars, wide, index, length);
  if (digits == 2) {
    if (i == length) return outcome(read, written, mode == STOP);
    if (unitAt(chars, wide, i) == 61) i = skipSpace(chars, wide, i + 1, length);
  }
  if (i < length || (mode == STRICT && (bits & (digits == 2 ? 15 : 3)) != 0)) return outcome(read, written, false);
  return outcome(length, written + putPart(to, bits, digits), true);
}

/** (Uint8Array, text, url alphabet, 0 loose 1 strict 2 stop before partial) https://tc39.es/ecma262/#sec-frombase64 */
export function base64Decode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const s = addressOf(argAt(area, argc, 1));
  const url = argAt(area, argc, 2) == TRUE;
  const mode = <u32>asInt(argAt(area, argc, 3));
  const most = viewLength(view);
  if (most == 0) return outcome(0, 0, true);
  if (!priceText(s)) return RETRY;
  const chars = charsOf(s);
  const wide = isTwoByte(s);
  const length = <u32>lengthOf(s);
  const to = viewStart(view);
  let read: u32 = 0;
  let written: u32 = 0;
  let bits: u32 = 0;
  let digits: u32 = 0;
  let i: u32 = 0;
  while (true) {
    i = skipSpace(chars, wide, i, length);
    if (i == length) {
      if (digits == 0) return outcome(length, written, true);
      if (mode == STOP) return outcome(read, written, true);
      if (mode == STRICT || digits == 1) return outcome(read, written, false);
      return outcome(length, written + putPart(to + <usize>written, bits, digits), true);
    }
    const c = unitAt(chars, wide, i++);
    if (c == 61) return finishPadded(chars, wide, i, length, read, to + <usize>written, written, bits, digits, mode);
    const value = valueOf(c, url);
    if (value == 64) return outcome(read, written, false);
    const left = most - written;
    if ((left == 1 && digits == 2) || (left == 2 && digits == 3)) return outcome(read, written, true);
    bits = (bits << 6) | value;
    if (++digits < 4) continue;
    store<u8>(to + <usize>written, <u8>(bits >> 16));
    store<u8>(to + <usize>written, <u8>(bits >> 8), 1);
    store<u8>(to + <usize>written, <u8>bits, 2);
    written += 3;
    read = i;
    bits = 0;
    digits = 0;
    if (written == most) return outcome(read, written, true);
  }
  return UNDEFINED;
}

// --- hex ------------------------------------------------------------------------------------------------------------------------

/** (Uint8Array) https://tc39.es/ecma262/#sec-uint8array.prototype.tohex */
export function hexEncode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const bytes = viewLength(view);
  const refused = refuseText(<u64>bytes << 1);
  if (refused != 0) return refused;
  const s = newLatin1(<i32>(bytes << 1));
  const out = s + STRING_SIZE;
  for (let i: u32 = 0; i < bytes; i++) {
    const b = <u32>load<u8>(viewStart(view) + <usize>i);
    const high = b >> 4;
    const low = b & 15;
    store<u8>(out + (<usize>i << 1), <u8>(high + (high < 10 ? 48 : 87)));
    store<u8>(out + (<usize>i << 1), <u8>(low + (low < 10 ? 48 : 87)), 1);
  }
  return boxString(s);
}

function hexValue(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const letter = c | 32;
  return letter - 97 < 6 ? letter - 87 : 16;
}

/** (Uint8Array, text) https://tc39.es/ecma262/#sec-fromhex */
export function hexDecode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const s = addressOf(argAt(area, argc, 1));
  const length = <u32>lengthOf(s);
  if (length & 1) return outcome(0, 0, false);
  if (!priceText(s)) return RETRY;
  const most = viewLength(view);
  const chars = charsOf(s);
  const wide = isTwoByte(s);
  let n: u32 = 0;
  for (; n < most && n << 1 < length; n++) {
    const high = hexValue(unitAt(chars, wide, n << 1));
    const low = hexValue(unitAt(chars, wide, (n << 1) + 1));
    if ((high | low) & 16) return outcome(n << 1, n, false);
    store<u8>(viewStart(view) + <usize>n, <u8>((high << 4) | low));
  }
  return outcome(n << 1, n, true);
}

// --- UTF-8 ----------------------------------------------------------------------------------------------------------------------

/** (text): number of bytes that it takes in UTF-8 */
export function utf8Size(area: usize, argc: i32): Value {
  const s = addressOf(argAt(area, argc, 0));
  return priceText(s) ? boxInt(utf8Length(s)) : RETRY;
}
/** (Uint8Array of that size, text) */
export function utf8Encode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  if (<u32>utf8Length(addressOf(argAt(area, argc, 1))) > viewLength(view)) return refuseState();
  if (viewLength(view) != 0) writeUtf8(addressOf(argAt(area, argc, 1)), viewStart(view));
  return UNDEFINED;
}
/** (Uint8Array, text): writes as many whole characters as fit. https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto */
export function utf8EncodeInto(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const s = addressOf(argAt(area, argc, 1));
  if (!priceText(s)) return RETRY;
  const most = viewLength(view);
  if (most == 0) return outcome(0, 0, true);
  const both = writeUtf8Into(s, viewStart(view), most);
  return outcome(<u32>(both >> 32), <u32>both, true);
}
/** (Uint8Array, from, to): the text of those bytes, with U+FFFD for each malformed part */
export function utf8Decode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const from = numberAt(area, argc, 1);
  const to = min<u32>(numberAt(area, argc, 2), viewLength(view));
  if (from >= to) return boxString(newFromLatin1(0, 0));
  const bytes = to - from;
  if (bytes > <u32>MAX_LENGTH) return throwLiteral(ErrorKind.RangeError, "Invalid string length");
  if (bytes > 64 && !reserve((<usize>bytes << 1) + 64)) return RETRY;
  return boxString(newFromUtf8(viewStart(view) + <usize>from, <i32>bytes));
}
/** (Uint8Array, from, to): is it UTF-8 without a fault? */
export function utf8Valid(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const from = numberAt(area, argc, 1);
  const to = min<u32>(numberAt(area, argc, 2), viewLength(view));
  if (from >= to) return TRUE;
  chargeFuel(<i32>((to - from) >> 3));
  return boxBool(isUtf8(viewStart(view) + <usize>from, viewStart(view) + <usize>to));
}
/** (Uint8Array): number of bytes at its end that begin a character which more bytes could complete */
export function utf8Incomplete(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const length = viewLength(view);
  return length == 0 ? boxInt(0) : boxInt(incompleteUtf8(viewStart(view), viewStart(view) + <usize>length));
}

/** Names of UTF-8, each after a space. https://encoding.spec.whatwg.org/#names-and-labels */
const LABELS: string = " utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 ";

/** (text): is it a name of UTF-8? */
export function isUtf8Label(area: usize, argc: i32): Value {
  const s = addressOf(argAt(area, argc, 0));
  if (!priceText(s)) return RETRY;
  const chars = charsOf(s);
  const wide = isTwoByte(s);
  let end = <u32>lengthOf(s);
  const start = skipSpace(chars, wide, 0, end);
  while (end > start && skipSpace(chars, wide, end - 1, end) == end) end--;
  const labels = changetype<usize>(LABELS);
  for (let at = 0; at + 1 < LABELS.length; at++) {
    if (load<u16>(labels + (<usize>at << 1)) != 32) continue;
    let i: u32 = 0;
    while (start + i < end) {
      const c = unitAt(chars, wide, start + i);
      if (<u32>load<u16>(labels + ((<usize>at + 1 + <usize>i) << 1)) != (c - 65 < 26 ? c | 32 : c) || c == 32) break;
      i++;
    }
    if (i > 0 && start + i == end && load<u16>(labels + ((<usize>at + 1 + <usize>i) << 1)) == 32) return TRUE;
  }
  return boxBool(false);
}

// --- UTF-16 and windows-1252 ------------------------------------------------------------------------------------------------------

function unitOf(at: usize, big: bool): u32 {
  const unit = <u32>load<u16>(at);
  return big ? ((unit & 255) << 8) | (unit >> 8) : unit;
}
/** The code unit at `at`, U+FFFD for half of a pair that is alone. `from` and `end`: where the text begins and ends. */
function wellFormedUnit(at: usize, from: usize, end: usize, big: bool): u32 {
  const unit = unitOf(at, big);
  if ((unit & 0xf800) != 0xd800) return unit;
  if ((unit & 0xfc00) == 0xd800) return at + 2 < end && (unitOf(at + 2, big) & 0xfc00) == 0xdc00 ? unit : 0xfffd;
  return at > from && (unitOf(at - 2, big) & 0xfc00) == 0xd800 ? unit : 0xfffd;
}

/** (Uint8Array, from, to, is it big-endian): text; an odd byte at the end is left out. https://encoding.spec.whatwg.org/#shared-utf-16-decoder */
export function utf16Decode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const big = argAt(area, argc, 3) == TRUE;
  const from = numberAt(area, argc, 1);
  const to = min<u32>(numberAt(area, argc, 2), viewLength(view));
  if (from >= to) return boxString(newFromLatin1(0, 0));
  const units = (to - from) >> 1;
  const refused = refuseText(<u64>units << 1);
  if (refused != 0) return refused;
  chargeBytes(<usize>units << 1);
  const start = viewStart(view) + <usize>from;
  const end = start + (<usize>units << 1);
  let all: u32 = 0;
  for (let at = start; at < end; at += 2) all |= wellFormedUnit(at, start, end, big);
  const wide = all > 255;
  const s = wide ? newTwoByte(<i32>units) : newLatin1(<i32>units);
  let out = s + STRING_SIZE;
  for (let at = viewStart(view) + <usize>from; at < end; at += 2) {
    const unit = wellFormedUnit(at, start, end, big);
    if (wide) store<u16>(out, <u16>unit);
    else store<u8>(out, <u8>unit);
    out += wide ? 2 : 1;
  }
  return boxString(s);
}
/** (Uint8Array, from, to, is it big-endian): is there no half of a pair alone? */
export function utf16Valid(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const big = argAt(area, argc, 3) == TRUE;
  const from = numberAt(area, argc, 1);
  const to = min<u32>(numberAt(area, argc, 2), viewLength(view));
  if (from >= to) return TRUE;
  chargeFuel(<i32>((to - from) >> 4));
  const start = viewStart(view) + <usize>from;
  const end = start + (<usize>(to - from) & ~1);
  for (let at = start; at < end; at += 2) {
    if (wellFormedUnit(at, start, end, big) == 0xfffd && unitOf(at, big) != 0xfffd) return boxBool(false);
  }
  return TRUE;
}

/** Characters of the bytes 0x80 to 0x9F. https://encoding.spec.whatwg.org/#windows-1252 */
const WINDOWS_1252: usize = memory.data<u16>([
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c,
  0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
]);

/** (Uint8Array): text */
export function windows1252Decode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const length = viewLength(view);
  if (length == 0) return boxString(newFromLatin1(0, 0));
  const refused = refuseText(<u64>length << 1);
  if (refused != 0) return refused;
  let start = viewStart(view);
  let all: u32 = 0;
  for (let i: usize = 0; i < <usize>length; i++) all |= <u32>(<u32>load<u8>(start + i) - 0x80 < 32);
  if (all == 0) return boxString(newFromLatin1(start, <i32>length));
  // 0x81, 0x8D, 0x8F, 0x90 and 0x9D stay what they are.
  all = 0;
  for (let i: usize = 0; i < <usize>length; i++) all |= windowsUnit(load<u8>(start + i));
  const wide = all > 255;
  const s = wide ? newTwoByte(<i32>length) : newLatin1(<i32>length);
  start = viewStart(view);
  for (let i: usize = 0; i < <usize>length; i++) {
    const unit = windowsUnit(load<u8>(start + i));
    if (wide) store<u16>(s + STRING_SIZE + (i << 1), <u16>unit);
    else store<u8>(s + STRING_SIZE + i, <u8>unit);
  }
  return boxString(s);
}
function windowsUnit(byte: u32): u32 {
  return byte - 0x80 < 32 ? <u32>load<u16>(WINDOWS_1252 + (<usize>(byte - 0x80) << 1)) : byte;
}

// --- Latin-1 --------------------------------------------------------------------------------------------------------------------

/** (Uint8Array): a text of a character for each byte */
export function latin1Decode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const length = viewLength(view);
  const refused = refuseText(<u64>length);
  if (refused != 0) return refused;
  return boxString(newFromLatin1(length == 0 ? 0 : viewStart(view), <i32>length));
}
/** (Uint8Array of its length, text): false if a character takes more than a byte */
export function latin1Encode(area: usize, argc: i32): Value {
  const view = addressOf(argAt(area, argc, 0));
  const s = addressOf(argAt(area, argc, 1));
  if (!priceText(s)) return RETRY;
  const length = <u32>lengthOf(s);
  const wide = isTwoByte(s);
  if (length > viewLength(view)) return refuseState();
  const chars = charsOf(s);
  for (let i: u32 = 0; i < length; i++) {
    const c = unitAt(chars, wide, i);
    if (c > 255) return boxBool(false);
    store<u8>(viewStart(view) + <usize>i, <u8>c);
  }
  return TRUE;
}
