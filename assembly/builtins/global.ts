// Owns the natives of the global object's functions: parsing of numbers, URI coding, escape. Must never call guest code:
// objects as arguments are converted by ts/prelude/number.js. https://tc39.es/ecma262/#sec-function-properties-of-the-global-object
import { parseFloatPrefix, parseIntPrefix } from "../core/number-parse";
import { asInt, boxBool, boxInt, boxNumber, boxString, isWhole, RETRY, Value, wholeOf } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { STRING_SIZE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeFuel, chargeWork, reserve } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { toInt32Value, toNumberPrimitive, toStringPrimitive } from "../primitives/convert";
import { charsOf, codeUnitAt, isTwoByte, lengthOf, newLatin1, newTwoByte } from "../strings/string";
import { FINE, refuseNumber, refuseString } from "./shared";

// --- numbers ------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-parseint-string-radix */
export function globalThisParseInt(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  const radix = argAt(area, argc, 1);
  // Integers read as they are; undefined as radix is 10.
  if (isWhole(v) && (argc < 2 || (isWhole(radix) && wholeOf(radix) == 10))) return boxInt(wholeOf(v));
  let refused = refuseString(v);
  if (refused == FINE) refused = refuseNumber(radix);
  if (refused != FINE) return refused;
  const s = toStringPrimitive(v);
  chargeFuel(lengthOf(s) >> 2);
  return boxNumber(parseIntPrefix(charsOf(s), lengthOf(s), isTwoByte(s) ? 2 : 1, toInt32Value(radix)));
}
/** https://tc39.es/ecma262/#sec-parsefloat-string */
export function globalThisParseFloat(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isWhole(v)) return boxInt(wholeOf(v));
  const refused = refuseString(v);
  if (refused != FINE) return refused;
  const s = toStringPrimitive(v);
  chargeFuel(lengthOf(s) >> 3);
  return boxNumber(parseFloatPrefix(charsOf(s), lengthOf(s), isTwoByte(s) ? 2 : 1));
}
/** https://tc39.es/ecma262/#sec-isnan-number */
export function globalThisIsNaN(area: usize, argc: i32): Value {
  const refused = refuseNumber(argAt(area, argc, 0));
  if (refused != FINE) return refused;
  const d = toNumberPrimitive(argAt(area, argc, 0));
  return boxBool(d != d);
}
/** https://tc39.es/ecma262/#sec-isfinite-number */
export function globalThisIsFinite(area: usize, argc: i32): Value {
  const refused = refuseNumber(argAt(area, argc, 0));
  if (refused != FINE) return refused;
  return boxBool(abs<f64>(toNumberPrimitive(argAt(area, argc, 0))) < Infinity);
}

// --- URI coding ---------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function isAlphanumeric(c: i32): bool {
  return <u32>((c | 32) - 0x61) < 26 || <u32>(c - 0x30) < 10;
}
/** - _ . ! ~ * ' ( ) */
function isMark(c: i32): bool {
  return c == 0x2d || c == 0x5f || c == 0x2e || c == 0x21 || c == 0x7e || (c >= 0x27 && c <= 0x2a);
}
/** ; / ? : @ & = + $ , # */
function isReserved(c: i32): bool {
  return (
    c == 0x3b ||
    c == 0x2f ||
    c == 0x3f ||
    c == 0x3a ||
    c == 0x40 ||
    c == 0x26 ||
    c == 0x3d ||
    (c >= 0x2b && c <= 0x2c) ||
    c == 0x24 ||
    c == 0x23
  );
}
// @ts-ignore: decorator
@inline
function staysInUri(c: i32, component: bool): bool {
  return c < 128 && (isAlphanumeric(c) || isMark(c) || (!component && isReserved(c)));
}

/** The code point at i; -1 for a lone surrogate. */
function wholeCodePoint(s: usize, i: i32, length: i32): i32 {
  const c = codeUnitAt(s, i);
  if ((c & 0xf800) != 0xd800) return c;
  if (c >= 0xdc00 || i + 1 >= length) return -1;
  const d = codeUnitAt(s, i + 1);
  return (d & 0xfc00) == 0xdc00 ? ((c - 0xd800) << 10) + (d - 0xdc00) + 0x10000 : -1;
}

function putHex(out: usize, byte: i32): void {
  const high = (byte >> 4) & 15;
  const low = byte & 15;
  store<u8>(out, 0x25);
  store<u8>(out, <u8>(high + (high < 10 ? 0x30 : 0x37)), 1);
  store<u8>(out, <u8>(low + (low < 10 ? 0x30 : 0x37)), 2);
}

/** https://tc39.es/ecma262/#sec-encode */
function encode(area: usize, argc: i32, component: bool): Value {
  const v = argAt(area, argc, 0);
  const refused = refuseString(v);
  if (refused != FINE) return refused;
  const s = toStringPrimitive(v);
  const length = lengthOf(s);
  chargeFuel(length >> 3);
  let size = 0;
  for (let i = 0; i < length; i++) {
    const c = wholeCodePoint(s, i, length);
    if (c < 0) return throwLiteral(ErrorKind.URIError, "URI malformed");
    if (staysInUri(c, component)) size++;
    else size += c < 0x80 ? 3 : c < 0x800 ? 6 : c < 0x10000 ? 9 : 12;
    if (c >= 0x10000) i++;
  }
  if (size == length) return boxString(s);
  if (!reserve(<usize>size)) return RETRY;
  if (!chargeWork(<i64>size >> 3)) return boxString(s);
  const result = newLatin1(size);
  let out = result + STRING_SIZE;
  for (let i = 0; i < length; i++) {
    const c = wholeCodePoint(s, i, length);
    if (staysInUri(c, component)) {
      store<u8>(out++, <u8>c);
      continue;
    }
    if (c >= 0x10000) i++;
    if (c < 0x80) putHex(out, c);
    else if (c < 0x800) {
      putHex(out, 0xc0 | (c >> 6));
      out += 3;
      putHex(out, 0x80 | (c & 63));
    } else {
      if (c >= 0x10000) {
        putHex(out, 0xf0 | (c >> 18));
        out += 3;
        putHex(out, 0x80 | ((c >> 12) & 63));
      } else putHex(out, 0xe0 | (c >> 12));
      out += 3;
      putHex(out, 0x80 | ((c >> 6) & 63));
      out += 3;
      putHex(out, 0x80 | (c & 63));
    }
    out += 3;
  }
  return boxString(result);
}
/** https://tc39.es/ecma262/#sec-encodeuri-uri */
export function globalThisEncodeURI(area: usize, argc: i32): Value {
  return encode(area, argc, false);
}
/** https://tc39.es/ecma262/#sec-encodeuricomponent-uricomponent */
export function globalThisEncodeURIComponent(area: usize, argc: i32): Value {
  return encode(area, argc, true);
}

function hexDigit(c: i32): i32 {
  if (<u32>(c - 0x30) < 10) return c - 0x30;
  const letter = (c | 32) - 0x61;
  return <u32>letter < 6 ? letter + 10 : -1;
}
/** `count` hexadecimal digits at i, or -1. */
function hexAt(s: usize, i: i32, count: i32, length: i32): i32 {
  if (i + count > length) return -1;
  let n = 0;
  for (let k = 0; k < count; k++) {
    const digit = hexDigit(codeUnitAt(s, i + k));
    if (digit < 0) return -1;
    n = (n << 4) | digit;
  }
  return n;
}
/** The byte of %XX at i, or -1. */
function escapedByte(s: usize, i: i32, length: i32): i32 {
  return i < length && codeUnitAt(s, i) == 0x25 ? hexAt(s, i + 1, 2, length) : -1;
}

/** Length of the last text written, and all its code units or-ed together. */
const WRITTEN: usize = memory.data(8, 8);

// @ts-ignore: decorator
@inline
function put(out: usize, n: i32, width: usize, unit: i32): void {
  if (width == 2) store<u16>(out + ((<usize>n) << 1), <u16>unit);
  else if (width == 1) store<u8>(out + <usize>n, <u8>unit);
}

/** https://tc39.es/ecma262/#sec-decode; writes code units of `width` bytes (0: only counts). False: malformed. */
function decodeTo(s: usize, component: bool, out: usize, width: usize): bool {
  const length = lengthOf(s);
  let n = 0;
  let seen = 0;
  let i = 0;
  while (i < length) {
    const c = codeUnitAt(s, i);
    let point = c;
    let used = 1;
    if (c == 0x25) {
      const first = escapedByte(s, i, length);
      if (first < 0) return false;
      point = first;
      used = 3;
      if (first >= 0x80) {
        const more =
          first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
        if (more == 0) return false;
        point = first & (0x3f >> more);
        for (let k = 0; k < more; k++) {
          const next = escapedByte(s, i + used, length);
          if (next < 0 || (next & 0xc0) != 0x80) return false;
          point = (point << 6) | (next & 63);
          used += 3;
        }
        if (
          (more == 2 && (point < 0x800 || (point & 0xf800) == 0xd800)) ||
          (more == 3 && (point < 0x10000 || point > 0x10ffff))
        )
          return false;
      } else if (!component && isReserved(first)) {
        point = c;
        used = 1;
      }
    }
    if (point >= 0x10000) {
      put(out, n++, width, 0xd7c0 + (point >> 10));
      put(out, n++, width, 0xdc00 | (point & 0x3ff));
      seen |= 0xd800;
    } else {
      put(out, n++, width, point);
      seen |= point;
    }
    i += used;
  }
  store<i32>(WRITTEN, n);
  store<i32>(WRITTEN, seen, 4);
  return true;
}

function decode(area: usize, argc: i32, component: bool): Value {
  const v = argAt(area, argc, 0);
  const refused = refuseString(v);
  if (refused != FINE) return refused;
  const s = toStringPrimitive(v);
  if (!chargeWork(<i64>lengthOf(s) >> 2)) return boxString(s);
  if (!decodeTo(s, component, 0, 0)) return throwLiteral(ErrorKind.URIError, "URI malformed");
  const size = load<i32>(WRITTEN);
  if (size == lengthOf(s)) return boxString(s);
  if (!reserve((<usize>size) << 1)) return RETRY;
  chargeFuel(lengthOf(s) >> 2);
  const wide = load<i32>(WRITTEN, 4) > 255;
  const result = wide ? newTwoByte(size) : newLatin1(size);
  decodeTo(s, component, result + STRING_SIZE, wide ? 2 : 1);
  return boxString(result);
}
/** https://tc39.es/ecma262/#sec-decodeuri-encodeduri */
export function globalThisDecodeURI(area: usize, argc: i32): Value {
  return decode(area, argc, false);
}
/** https://tc39.es/ecma262/#sec-decodeuricomponent-encodeduricomponent */
export function globalThisDecodeURIComponent(area: usize, argc: i32): Value {
  return decode(area, argc, true);
}

// --- escape and unescape --------------------------------------------------------------------------------------------------

/** Letters, digits and @ * _ + - . / */
function staysInEscape(c: i32): bool {
  return c < 128 && (isAlphanumeric(c) || c == 0x40 || c == 0x2a || c == 0x5f || c == 0x2b || (c >= 0x2d && c <= 0x2f));
}
/** https://tc39.es/ecma262/#sec-escape-string */
export function globalThisEscape(area: usize, argc: i32): Value {
  const refused = refuseString(argAt(area, argc, 0));
  if (refused != FINE) return refused;
  const s = toStringPrimitive(argAt(area, argc, 0));
  const length = lengthOf(s);
  chargeFuel(length >> 3);
  let size = 0;
  for (let i = 0; i < length; i++) {
    const c = codeUnitAt(s, i);
    size += staysInEscape(c) ? 1 : c < 256 ? 3 : 6;
  }
  if (size == length) return boxString(s);
  if (!reserve(<usize>size)) return RETRY;
  chargeFuel(size >> 4);
  const result = newLatin1(size);
  let out = result + STRING_SIZE;
  for (let i = 0; i < length; i++) {
    const c = codeUnitAt(s, i);
    if (staysInEscape(c)) store<u8>(out++, <u8>c);
    else if (c < 256) {
      putHex(out, c);
      out += 3;
    } else {
      // Writes %uXXXX from the end: each write covers the % of the one before.
      putHex(out + 3, c);
      putHex(out + 1, c >> 8);
      store<u8>(out, 0x25);
      store<u8>(out, 0x75, 1);
      out += 6;
    }
  }
  return boxString(result);
}

function unescapeTo(s: usize, out: usize, width: usize): void {
  const length = lengthOf(s);
  let n = 0;
  let seen = 0;
  let i = 0;
  while (i < length) {
    let c = codeUnitAt(s, i);
    let used = 1;
    if (c == 0x25) {
      const wide = i + 1 < length && codeUnitAt(s, i + 1) == 0x75 ? hexAt(s, i + 2, 4, length) : -1;
      const narrow = wide < 0 ? hexAt(s, i + 1, 2, length) : -1;
      if (wide >= 0) {
        c = wide;
        used = 6;
      } else if (narrow >= 0) {
        c = narrow;
        used = 3;
      }
    }
    put(out, n++, width, c);
    seen |= c;
    i += used;
  }
  store<i32>(WRITTEN, n);
  store<i32>(WRITTEN, seen, 4);
}
/** https://tc39.es/ecma262/#sec-unescape-string */
export function globalThisUnescape(area: usize, argc: i32): Value {
  const refused = refuseString(argAt(area, argc, 0));
  if (refused != FINE) return refused;
  const s = toStringPrimitive(argAt(area, argc, 0));
  chargeFuel(lengthOf(s) >> 2);
  unescapeTo(s, 0, 0);
  const size = load<i32>(WRITTEN);
  if (size == lengthOf(s)) return boxString(s);
  if (!reserve((<usize>size) << 1)) return RETRY;
  const wide = load<i32>(WRITTEN, 4) > 255;
  const result = wide ? newTwoByte(size) : newLatin1(size);
  unescapeTo(s, result + STRING_SIZE, wide ? 2 : 1);
  return boxString(result);
}

/** (which, primitive, …): the functions above for the prelude, once their arguments are primitive. */
export function globalText(area: usize, argc: i32): Value {
  const inner = area + 8;
  switch (asInt(load<u64>(area, 16))) {
    case 0:
      return globalThisParseInt(inner, argc - 1);
    case 1:
      return globalThisParseFloat(inner, argc - 1);
    case 2:
      return decode(inner, argc - 1, false);
    case 3:
      return decode(inner, argc - 1, true);
    case 4:
      return encode(inner, argc - 1, false);
    case 5:
      return encode(inner, argc - 1, true);
    case 6:
      return globalThisEscape(inner, argc - 1);
  }
  return globalThisUnescape(inner, argc - 1);
}
