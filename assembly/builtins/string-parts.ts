// Owns the natives of String that make new strings from old ones: slicing, padding, case, trimming, split, replace, normalize.
// The same rules as in builtins/string.ts hold: objects are deferred, everything whose size the guest chooses is reserved
// before it is begun.
import { isWhiteSpaceOrTerminator } from "../core/number-parse";
import { boxObject, boxString, DEFER, isObject, RETRY, UNDEFINED, Value } from "../core/value";
import { lit, throwError, throwLiteral } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import { STRING_SIZE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeBytes, chargeFuel, chargeWork, reserve } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { arrayPush, newArray } from "../objects/object";
import { toStringPrimitive, toUint32Value } from "../primitives/convert";
import { CASE_GROWTH, toLowerCase, toUpperCase, wideCaseWork } from "../strings/case";
import { copyChars, flagsOf } from "../strings/cells";
import { isNormalForm, NORMAL_GROWTH, normalForm, normalizationWork, normalize } from "../strings/normalize";
import { indexOf } from "../strings/search";
import { fromCodeUnit, singleChar, substring } from "../strings/single-chars";
import {
  canConcat, charsOf, codeUnitAt, concat, concatBytes, isTwoByte, lengthOf, MAX_LENGTH, newLatin1, newTwoByte, TWO_BYTE,
} from "../strings/string";
import { toWellFormed } from "../strings/utf";
import { replaceFromString, splitFromString } from "./regexp";
import { FINE, integerOf, refuseNumber, refuseString } from "./shared";
import { clampedIndex, FREE_BYTES, refuseThis, relativeIndex, thisString } from "./string";

// @ts-ignore: decorator
@inline
function priced(bytes: usize): bool {
  return bytes <= FREE_BYTES || reserve(bytes);
}

function tooLong(): Value {
  return throwLiteral(ErrorKind.RangeError, "Invalid string length");
}

// --- parts of one string --------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-string.prototype.slice */
export function stringPrototypeSlice(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "slice");
  const start = argAt(area, argc, 0);
  let refused = refuseNumber(start);
  if (refused != FINE) return refused;
  const end = argAt(area, argc, 1);
  refused = refuseNumber(end);
  if (refused != FINE) return refused;
  const n = lengthOf(s);
  const from = relativeIndex(start, n);
  return boxString(substring(s, from, end == UNDEFINED ? n : max(from, relativeIndex(end, n))));
}
export function stringSlice(area: usize, argc: i32): Value {
  return stringPrototypeSlice(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.substring */
export function stringPrototypeSubstring(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "substring");
  const start = argAt(area, argc, 0);
  let refused = refuseNumber(start);
  if (refused != FINE) return refused;
  const end = argAt(area, argc, 1);
  refused = refuseNumber(end);
  if (refused != FINE) return refused;
  const n = lengthOf(s);
  const a = clampedIndex(start, n);
  const b = end == UNDEFINED ? n : clampedIndex(end, n);
  return boxString(substring(s, min(a, b), max(a, b)));
}
export function stringSubstring(area: usize, argc: i32): Value {
  return stringPrototypeSubstring(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.substr */
export function stringPrototypeSubstr(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "substr");
  const start = argAt(area, argc, 0);
  let refused = refuseNumber(start);
  if (refused != FINE) return refused;
  const length = argAt(area, argc, 1);
  refused = refuseNumber(length);
  if (refused != FINE) return refused;
  const n = lengthOf(s);
  const from = relativeIndex(start, n);
  return boxString(substring(s, from, length == UNDEFINED ? n : from + clampedIndex(length, n - from)));
}
export function stringSubstr(area: usize, argc: i32): Value {
  return stringPrototypeSubstr(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-trimstring */
function trimmed(s: usize, atStart: bool, atEnd: bool): Value {
  let from: i32 = 0;
  let to = lengthOf(s);
  charsOf(s);
  chargeFuel(lengthOf(s) >> 6);
  if (atStart) while (from < to && isWhiteSpaceOrTerminator(codeUnitAt(s, from))) from++;
  if (atEnd) while (to > from && isWhiteSpaceOrTerminator(codeUnitAt(s, to - 1))) to--;
  chargeFuel((lengthOf(s) - (to - from)) >> 2);
  return boxString(substring(s, from, to));
}
/** https://tc39.es/ecma262/#sec-string.prototype.trim */
export function stringPrototypeTrim(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "trim") : trimmed(s, true, true);
}
export function stringTrim(area: usize, argc: i32): Value {
  return stringPrototypeTrim(area + 8, argc - 1);
}
/** https://tc39.es/ecma262/#sec-string.prototype.trimstart */
export function stringPrototypeTrimStart(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "trimStart") : trimmed(s, true, false);
}
export function stringTrimStart(area: usize, argc: i32): Value {
  return stringPrototypeTrimStart(area + 8, argc - 1);
}
/** https://tc39.es/ecma262/#sec-string.prototype.trimend */
export function stringPrototypeTrimEnd(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "trimEnd") : trimmed(s, false, true);
}
export function stringTrimEnd(area: usize, argc: i32): Value {
  return stringPrototypeTrimEnd(area + 8, argc - 1);
}

// --- case and form --------------------------------------------------------------------------------------------------

function inCase(s: usize, upper: bool): Value {
  // Case mapping rarely changes the length, so the current length is charged; growth is checked only near the maximum length.
  if (!priced(<usize>lengthOf(s) << (isTwoByte(s) ? 1 : 0))) return RETRY;
  if (lengthOf(s) > MAX_LENGTH / CASE_GROWTH) return tooLong();
  if (isTwoByte(s) && !chargeWork(wideCaseWork(s, upper))) return boxString(s);
  return boxString(upper ? toUpperCase(s) : toLowerCase(s));
}
/** https://tc39.es/ecma262/#sec-string.prototype.tolowercase */
export function stringPrototypeToLowerCase(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "toLowerCase") : inCase(s, false);
}
export function stringToLowerCase(area: usize, argc: i32): Value {
  return stringPrototypeToLowerCase(area + 8, argc - 1);
}
/** https://tc39.es/ecma262/#sec-string.prototype.touppercase */
export function stringPrototypeToUpperCase(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "toUpperCase") : inCase(s, true);
}
export function stringToUpperCase(area: usize, argc: i32): Value {
  return stringPrototypeToUpperCase(area + 8, argc - 1);
}
/** No locale but the root. https://tc39.es/ecma262/#sec-string.prototype.tolocalelowercase */
export function stringPrototypeToLocaleLowerCase(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s != 0 && argAt(area, argc, 0) != UNDEFINED) return DEFER;
  return s == 0 ? refuseThis(area, "toLocaleLowerCase") : inCase(s, false);
}
/** https://tc39.es/ecma262/#sec-string.prototype.tolocaleuppercase */
export function stringPrototypeToLocaleUpperCase(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s != 0 && argAt(area, argc, 0) != UNDEFINED) return DEFER;
  return s == 0 ? refuseThis(area, "toLocaleUpperCase") : inCase(s, true);
}

/** https://tc39.es/ecma262/#sec-string.prototype.towellformed */
export function stringPrototypeToWellFormed(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "toWellFormed");
  return priced(<usize>lengthOf(s) << 1) ? boxString(toWellFormed(s)) : RETRY;
}
export function stringToWellFormed(area: usize, argc: i32): Value {
  return stringPrototypeToWellFormed(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.normalize */
export function stringPrototypeNormalize(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "normalize");
  const v = argAt(area, argc, 0);
  const refused = refuseString(v);
  if (refused != FINE) return refused;
  const form = v == UNDEFINED ? normalForm(0) : normalForm(toStringPrimitive(v));
  if (form < 0) return throwLiteral(ErrorKind.RangeError, "The normalization form should be one of NFC, NFD, NFKC, NFKD.");
  if (isNormalForm(s, form)) return boxString(s);
  if (!priced(<usize>lengthOf(s) * NORMAL_GROWTH)) return RETRY;
  if (!chargeWork(normalizationWork(s))) return boxString(s);
  const result = normalize(s, form);
  return result == 0 ? tooLong() : boxString(result);
}
export function stringNormalize(area: usize, argc: i32): Value {
  return stringPrototypeNormalize(area + 8, argc - 1);
}

// --- longer strings -------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-string.prototype.concat */
export function stringPrototypeConcat(area: usize, argc: i32): Value {
  let s = thisString(area);
  if (s == 0) return refuseThis(area, "concat");
  chargeFuel(argc);
  for (let i = 0; i < argc; i++) {
    const v = argAt(area, argc, i);
    const refused = refuseString(v);
    if (refused != FINE) return refused;
    const next = toStringPrimitive(v);
    if (!canConcat(lengthOf(s), lengthOf(next))) return tooLong();
    if (!priced(concatBytes(s, next))) return RETRY;
    s = concat(s, next);
  }
  return boxString(s);
}

/** Writes copies of s until `length` characters at `out` are full. */
function fill(out: usize, width: u32, s: usize, length: i32): void {
  const n = min(lengthOf(s), length);
  copyChars(out, width, charsOf(s), flagsOf(s) & TWO_BYTE, n);
  const total = <usize>length << width;
  let done = <usize>n << width;
  chargeBytes(total);
  while (done < total) {
    const more = min(done, total - done);
    memory.copy(out + done, out, more);
    done += more;
  }
}

// @ts-ignore: decorator
@inline
function newOfWidth(length: i32, width: u32): usize {
  return width ? newTwoByte(length) : newLatin1(length);
}

/** https://tc39.es/ecma262/#sec-string.prototype.repeat */
export function stringPrototypeRepeat(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "repeat");
  const v = argAt(area, argc, 0);
  const refused = refuseNumber(v);
  if (refused != FINE) return refused;
  const count = integerOf(v);
  if (count < 0 || count == Infinity) return throwError(ErrorKind.RangeError, concat(lit("Invalid count value: "), toStringPrimitive(v)));
  const n = lengthOf(s);
  if (n == 0 || count == 0) return boxString(atomAt(Atom.empty));
  if (count * <f64>n > <f64>MAX_LENGTH) return tooLong();
  const length = <i32>count * n;
  const width = flagsOf(s) & TWO_BYTE;
  if (!priced(<usize>length << width)) return RETRY;
  if (length == n) return boxString(s);
  const result = newOfWidth(length, width);
  fill(result + STRING_SIZE, width, s, length);
  return boxString(result);
}
export function stringRepeat(area: usize, argc: i32): Value {
  return stringPrototypeRepeat(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-stringpaddingbuiltinsimpl */
function padded(area: usize, argc: i32, s: usize, atStart: bool): Value {
  const wanted = argAt(area, argc, 0);
  let refused = refuseNumber(wanted);
  if (refused != FINE) return refused;
  const n = lengthOf(s);
  const length = integerOf(wanted);
  if (length <= <f64>n) return boxString(s);
  const v = argAt(area, argc, 1);
  refused = refuseString(v);
  if (refused != FINE) return refused;
  let filler = singleChar(0x20);
  if (v != UNDEFINED) filler = toStringPrimitive(v);
  if (lengthOf(filler) == 0) return boxString(s);
  if (length > <f64>MAX_LENGTH) return tooLong();
  const total = <i32>length;
  const width = (flagsOf(s) | flagsOf(filler)) & TWO_BYTE;
  if (!priced(<usize>total << width)) return RETRY;
  const result = newOfWidth(total, width);
  const out = result + STRING_SIZE;
  fill(atStart ? out : out + (<usize>n << width), width, filler, total - n);
  copyChars(atStart ? out + (<usize>(total - n) << width) : out, width, charsOf(s), flagsOf(s) & TWO_BYTE, n);
  return boxString(result);
}
/** https://tc39.es/ecma262/#sec-string.prototype.padend */
export function stringPrototypePadEnd(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "padEnd") : padded(area, argc, s, false);
}
export function stringPadEnd(area: usize, argc: i32): Value {
  return stringPrototypePadEnd(area + 8, argc - 1);
}
/** https://tc39.es/ecma262/#sec-string.prototype.padstart */
export function stringPrototypePadStart(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "padStart") : padded(area, argc, s, true);
}
export function stringPadStart(area: usize, argc: i32): Value {
  return stringPrototypePadStart(area + 8, argc - 1);
}

// --- split ----------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-string.prototype.split with a separator that is not an object */
export function stringPrototypeSplit(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "split");
  const separator = argAt(area, argc, 0);
  if (isObject(separator)) return splitFromString(separator, s, argAt(area, argc, 1));
  const v = argAt(area, argc, 1);
  let refused = refuseNumber(v);
  if (refused != FINE) return refused;
  const limit: u32 = v == UNDEFINED ? 0xffffffff : toUint32Value(v);
  refused = refuseString(separator);
  if (refused != FINE) return refused;
  const n = lengthOf(s);
  if (limit == 0) return boxObject(newArray(0));
  const pattern = toStringPrimitive(separator);
  const m = lengthOf(pattern);
  if (separator == UNDEFINED || (n == 0 && m != 0)) {
    const whole = newArray(1);
    arrayPush(whole, boxString(s));
    return boxObject(whole);
  }
  if (m == 0) return splitCharacters(s, <i32>min(limit, <u32>n));
  // The matches are counted first, so that everything can be charged for and the array has its final size.
  let count: u32 = 1;
  for (let at = indexOf(s, pattern, 0); at >= 0 && count < limit; at = indexOf(s, pattern, at + m)) count++;
  chargeFuel(<i32>(count * 4));
  if (!priced(<usize>count * 48)) return RETRY;
  const list = newArray(count);
  let from: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = indexOf(s, pattern, from);
    arrayPush(list, boxString(substring(s, from, at < 0 ? n : at)));
    from = at + m;
  }
  return boxObject(list);
}
export function stringSplit(area: usize, argc: i32): Value {
  return stringPrototypeSplit(area + 8, argc - 1);
}

function splitCharacters(s: usize, count: i32): Value {
  if (!priced(<usize>count * (isTwoByte(s) ? 32 : 8))) return RETRY;
  chargeFuel(count);
  const list = newArray(<u32>count);
  for (let i = 0; i < count; i++) arrayPush(list, boxString(fromCodeUnit(codeUnitAt(s, i))));
  return boxObject(list);
}

// --- replace --------------------------------------------------------------------------------------------------------

// A replacement text may name parts of the match: $$ $& $` $'. There are no captures, so $1 and $<name> mean themselves.

/** The kind of text at template[i]: 0 plain, 1 "$$", 2 "$&", 3 "$`", 4 "$'". */
function escapeAt(template: usize, i: i32): i32 {
  if (codeUnitAt(template, i) != 0x24 || i + 1 >= lengthOf(template)) return 0;
  const c = codeUnitAt(template, i + 1);
  return c == 0x24 ? 1 : c == 0x26 ? 2 : c == 0x60 ? 3 : c == 0x27 ? 4 : 0;
}

/** Length of the replacement of the match at `at` of m characters. https://tc39.es/ecma262/#sec-getsubstitution */
function expandedLength(template: usize, s: usize, at: i32, m: i32): i64 {
  const n = lengthOf(template);
  let length: i64 = 0;
  for (let i = 0; i < n; i++) {
    const escape = escapeAt(template, i);
    if (escape != 0) i++;
    length += escape < 2 ? 1 : escape == 2 ? m : escape == 3 ? at : lengthOf(s) - at - m;
  }
  chargeFuel((n >> 2) + 1);
  return length;
}

/** Writes characters from … to of s; returns the address after them. */
function put(out: usize, width: u32, s: usize, from: i32, to: i32): usize {
  const own = flagsOf(s) & TWO_BYTE;
  copyChars(out, width, charsOf(s) + (<usize>from << own), own, to - from);
  return out + (<usize>(to - from) << width);
}

function putExpanded(out: usize, width: u32, template: usize, s: usize, at: i32, m: i32): usize {
  const n = lengthOf(template);
  let plain: i32 = 0;
  for (let i = 0; i < n; i++) {
    const escape = escapeAt(template, i);
    if (escape == 0) continue;
    // "$$" leaves its first character.
    out = put(out, width, template, plain, escape == 1 ? i + 1 : i);
    if (escape == 2) out = put(out, width, s, at, at + m);
    else if (escape == 3) out = put(out, width, s, 0, at);
    else if (escape == 4) out = put(out, width, s, at + m, lengthOf(s));
    i++;
    plain = i + 1;
  }
  return put(out, width, template, plain, n);
}

/** Fuel of finding a match twice and replacing it, without the characters. */
const MATCH_COST: i64 = 4;

/** Replaces the first match or all of them. */
function replaced(s: usize, pattern: usize, template: usize, all: bool): Value {
  const m = lengthOf(pattern);
  const step = max(m, 1);
  const first = indexOf(s, pattern, 0);
  if (first < 0) return boxString(s);
  const simple = indexOf(template, singleChar(0x24), 0) < 0;
  let total: i64 = lengthOf(s);
  let matches = 0;
  for (let at = first; at >= 0; at = indexOf(s, pattern, at + step)) {
    total += (simple ? <i64>lengthOf(template) : expandedLength(template, s, at, m)) - m;
    if (!all) break;
    matches++;
  }
  if (!chargeWork(<i64>matches * MATCH_COST + (total >> 6))) return boxString(s);
  if (total > <i64>MAX_LENGTH) return tooLong();
  const width = (flagsOf(s) | flagsOf(template)) & TWO_BYTE;
  if (total == 0) return boxString(atomAt(Atom.empty));
  if (!priced(<usize>total << width)) return RETRY;
  const result = newOfWidth(<i32>total, width);
  let out = result + STRING_SIZE;
  let from: i32 = 0;
  for (let at = first; at >= 0; at = indexOf(s, pattern, at + step)) {
    out = put(out, width, s, from, at);
    out = simple ? put(out, width, template, 0, lengthOf(template)) : putExpanded(out, width, template, s, at, m);
    from = at + m;
    if (!all) break;
  }
  put(out, width, s, from, lengthOf(s));
  return boxString(result);
}

function replaceWith(area: usize, argc: i32, s: usize, all: bool): Value {
  const pattern = argAt(area, argc, 0);
  if (isObject(pattern)) return replaceFromString(pattern, s, argAt(area, argc, 1), all);
  let refused = refuseString(pattern);
  if (refused != FINE) return refused;
  const template = argAt(area, argc, 1);
  refused = refuseString(template);
  if (refused != FINE) return refused;
  return replaced(s, toStringPrimitive(pattern), toStringPrimitive(template), all);
}
/** https://tc39.es/ecma262/#sec-string.prototype.replace without objects */
export function stringPrototypeReplace(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "replace") : replaceWith(area, argc, s, false);
}
export function stringReplace(area: usize, argc: i32): Value {
  return stringPrototypeReplace(area + 8, argc - 1);
}
/** https://tc39.es/ecma262/#sec-string.prototype.replaceall without objects */
export function stringPrototypeReplaceAll(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "replaceAll") : replaceWith(area, argc, s, true);
}
export function stringReplaceAll(area: usize, argc: i32): Value {
  return stringPrototypeReplaceAll(area + 8, argc - 1);
}
