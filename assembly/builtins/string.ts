// Owns the natives of String that look at strings: constructor, characters, searching, iteration. builtins/string-parts.ts makes new
// strings. Must never convert an object: it returns DEFER, and ts/prelude/string.js does the conversions in the order of the
// specification and then calls the $string… native that does the same work with primitives.
import { toUint32 } from "../core/math";
import {
  addressOf, asInt, boxBool, boxInt, boxObject, boxString, DEFER, isBoolean, isInt, isNullish, isNumber, isObject, isString, isSymbol,
  RETRY, UNDEFINED, Value,
} from "../core/value";
import { lit, throwError, throwNamed } from "../errors/throw";
import { Atom, atomAt, Intrinsic, Kept } from "../generated/intrinsics";
import { Kind, PRIMITIVE_PRIMITIVE, STRING_SIZE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { InternalClass } from "../generated/states";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { newObject } from "../objects/object";
import { numberToString, toNumberPrimitive, toStringPrimitive } from "../primitives/convert";
import { collate } from "../strings/collate";
import { indexOf, lastIndexOf, standsAt } from "../strings/search";
import { fromCodePoint, fromCodeUnit, newFromUtf16 } from "../strings/single-chars";
import { codePointOf, codeUnitAt, concat, lengthOf, newLatin1, newTwoByte } from "../strings/string";
import { isWellFormed } from "../strings/utf";
import { internalOf, internalShape, internalSlot, iterResult, newIterator } from "./array-iterator";
import { matchFromString, searchFromString } from "./regexp";
import { FINE, integerOf, prototypeFor, refuseNumber, refuseString, symbolText } from "./shared";


/** Results of fewer bytes are not priced before they are made. */
export const FREE_BYTES: usize = 4096;

// --- receiver and arguments -----------------------------------------------------------------------------------------

/** The receiver as a string; 0: the native returns refuseThis. */
// @ts-ignore: decorator
@inline
export function thisString(area: usize): usize {
  const v = thisOf(area);
  return isString(v) ? addressOf(v) : thisStringSlow(v);
}
function thisStringSlow(v: Value): usize {
  return isNumber(v) || isBoolean(v) ? toStringPrimitive(v) : 0;
}

/** The signal of a method whose receiver is not a string yet. https://tc39.es/ecma262/#sec-requireobjectcoercible */
export function refuseThis(area: usize, name: string): Value {
  const v = thisOf(area);
  if (isNullish(v)) return throwError(ErrorKind.TypeError, concat(concat(lit("String.prototype"), load<u16>(changetype<usize>(name)) == 0x5b ? lit(name) : concat(lit("."), lit(name))), lit(" called on null or undefined")));
  const refused = refuseString(v);
  // The only primitive that comes here is a BigInt: the prelude makes the string.
  return refused == FINE ? DEFER : refused;
}

/** A primitive as an index from 0 to length. */
export function clampedIndex(v: Value, length: i32): i32 {
  if (isInt(v)) return min(max(asInt(v), 0), length);
  const d = integerOf(v);
  return d <= 0 ? 0 : d >= <f64>length ? length : <i32>d;
}

/** A primitive as an index from 0 to length, negative ones counted from the end. */
export function relativeIndex(v: Value, length: i32): i32 {
  const d = integerOf(v);
  if (d >= 0) return d >= <f64>length ? length : <i32>d;
  return d + <f64>length <= 0 ? 0 : length + <i32>d;
}

// --- constructor ----------------------------------------------------------------------------------------------------

/** A String object; prototype: its address. https://tc39.es/ecma262/#sec-stringcreate */
function newWrapper(s: usize, prototype: usize): Value {
  const wrapper = newObject(Kind.PRIMITIVE, prototype, 0);
  store<u64>(wrapper, boxString(s), PRIMITIVE_PRIMITIVE);
  return boxObject(wrapper);
}

/** https://tc39.es/ecma262/#sec-string-constructor-string-value */
export function stringConstructor(area: usize, argc: i32): Value {
  const newTarget = newTargetOf();
  const v = argAt(area, argc, 0);
  let s = atomAt(Atom.empty);
  if (argc > 0) {
    if (newTarget == UNDEFINED && isSymbol(v)) return boxString(symbolText(v));
    const refused = refuseString(v);
    if (refused != FINE) return refused;
    s = toStringPrimitive(v);
  }
  if (newTarget == UNDEFINED) return boxString(s);
  const prototype = prototypeFor(newTarget, Intrinsic.StringPrototype);
  return prototype == 0 ? DEFER : newWrapper(s, prototype);
}
/** (string, prototype) */
export function stringWrapper(area: usize, argc: i32): Value {
  return newWrapper(addressOf(load<u64>(area, 16)), addressOf(load<u64>(area, 24)));
}

/** (symbol) */
export function stringOfSymbol(area: usize, argc: i32): Value {
  return boxString(symbolText(load<u64>(area, 16)));
}

/** https://tc39.es/ecma262/#sec-string.fromcharcode */
export function stringFromCharCode(area: usize, argc: i32): Value {
  let all: u32 = 0;
  for (let i = 0; i < argc; i++) {
    const v = argAt(area, argc, i);
    const refused = refuseNumber(v);
    if (refused != FINE) return refused;
    all |= toUint32(toNumberPrimitive(v)) & 0xffff;
  }
  if (argc == 1) return boxString(fromCodeUnit(<i32>all));
  if (argc == 0) return boxString(atomAt(Atom.empty));
  chargeFuel(argc >> 2);
  const wide: bool = all > 255;
  const s = wide ? newTwoByte(argc) : newLatin1(argc);
  for (let i = 0; i < argc; i++) {
    const c = toUint32(toNumberPrimitive(argAt(area, argc, i)));
    if (wide) store<u16>(s + STRING_SIZE + (<usize>i << 1), <u16>c);
    else store<u8>(s + STRING_SIZE + <usize>i, <u8>c);
  }
  return boxString(s);
}

/** (number): the string of one code unit */
export function stringCodeUnit(area: usize, argc: i32): Value {
  return stringFromCharCode(area, 1);
}

function invalidCodePoint(v: Value): Value {
  return throwError(ErrorKind.RangeError, concat(lit("Invalid code point "), isString(v) ? numberToString(toNumberPrimitive(v)) : toStringPrimitive(v)));
}

/** True for a number that is a code point. */
// @ts-ignore: decorator
@inline
function isCodePoint(d: f64): bool {
  return d >= 0 && d <= 1114111 && trunc<f64>(d) == d;
}

/** https://tc39.es/ecma262/#sec-string.fromcodepoint */
export function stringFromCodePoint(area: usize, argc: i32): Value {
  // Errors come in the order of the arguments; the error of one before an object comes first.
  for (let i = 0; i < argc; i++) {
    const v = argAt(area, argc, i);
    const refused = refuseNumber(v);
    if (refused != FINE) return refused;
    if (!isCodePoint(toNumberPrimitive(v))) return invalidCodePoint(v);
  }
  if (argc == 1) return boxString(fromCodePoint(<i32>toNumberPrimitive(argAt(area, argc, 0))));
  chargeFuel(argc >> 2);
  const wide = newTwoByte(argc << 1);
  let out = wide + STRING_SIZE;
  for (let i = 0; i < argc; i++) {
    const c = <i32>toNumberPrimitive(argAt(area, argc, i));
    if (c > 0xffff) {
      store<u16>(out, <u16>(0xd7c0 + (c >> 10)));
      store<u16>(out, <u16>(0xdc00 | (c & 0x3ff)), 2);
      out += 4;
    } else {
      store<u16>(out, <u16>c);
      out += 2;
    }
  }
  return boxString(newFromUtf16(wide + STRING_SIZE, <i32>(out - wide - STRING_SIZE) >> 1));
}
/** (number): the string of one code point, or a RangeError */
export function stringCodePoint(area: usize, argc: i32): Value {
  return stringFromCodePoint(area, 1);
}

/** https://tc39.es/ecma262/#sec-thisstringvalue */
function stringValue(area: usize, name: string): Value {
  const v = thisOf(area);
  if (isString(v)) return v;
  if (isObject(v) && kindOf(addressOf(v)) == Kind.PRIMITIVE) {
    const inner = load<u64>(addressOf(v), PRIMITIVE_PRIMITIVE);
    if (isString(inner)) return inner;
  }
  return throwError(ErrorKind.TypeError, concat(concat(lit("String.prototype."), lit(name)), lit(" requires that 'this' be a String")));
}
/** https://tc39.es/ecma262/#sec-string.prototype.tostring */
export function stringPrototypeToString(area: usize, argc: i32): Value {
  return stringValue(area, "toString");
}
/** https://tc39.es/ecma262/#sec-string.prototype.valueof */
export function stringPrototypeValueOf(area: usize, argc: i32): Value {
  return stringValue(area, "valueOf");
}

// --- characters -----------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-string.prototype.at */
export function stringPrototypeAt(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "at");
  const v = argAt(area, argc, 0);
  const refused = refuseNumber(v);
  if (refused != FINE) return refused;
  const d = integerOf(v);
  const i = d < 0 ? <f64>lengthOf(s) + d : d;
  return i < 0 || i >= <f64>lengthOf(s) ? UNDEFINED : boxString(fromCodeUnit(codeUnitAt(s, <i32>i)));
}
export function stringAt(area: usize, argc: i32): Value {
  return stringPrototypeAt(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.charat */
export function stringPrototypeCharAt(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "charAt");
  const v = argAt(area, argc, 0);
  const refused = refuseNumber(v);
  if (refused != FINE) return refused;
  const i = isInt(v) ? <f64>asInt(v) : integerOf(v);
  return boxString(i < 0 || i >= <f64>lengthOf(s) ? atomAt(Atom.empty) : fromCodeUnit(codeUnitAt(s, <i32>i)));
}
export function stringCharAt(area: usize, argc: i32): Value {
  return stringPrototypeCharAt(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.charcodeat */
export function stringPrototypeCharCodeAt(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "charCodeAt");
  const v = argAt(area, argc, 0);
  if (isInt(v)) {
    const i = asInt(v);
    return <u32>i < <u32>lengthOf(s) ? boxInt(codeUnitAt(s, i)) : 0x7ff80000_00000000;
  }
  const refused = refuseNumber(v);
  if (refused != FINE) return refused;
  const d = integerOf(v);
  return d < 0 || d >= <f64>lengthOf(s) ? 0x7ff80000_00000000 : boxInt(codeUnitAt(s, <i32>d));
}
export function stringCharCodeAt(area: usize, argc: i32): Value {
  return stringPrototypeCharCodeAt(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.codepointat */
export function stringPrototypeCodePointAt(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "codePointAt");
  const v = argAt(area, argc, 0);
  const refused = refuseNumber(v);
  if (refused != FINE) return refused;
  const d = integerOf(v);
  return d < 0 || d >= <f64>lengthOf(s) ? UNDEFINED : boxInt(codePointOf(s, <i32>d));
}
export function stringCodePointAt(area: usize, argc: i32): Value {
  return stringPrototypeCodePointAt(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.iswellformed */
export function stringPrototypeIsWellFormed(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "isWellFormed") : boxBool(isWellFormed(s));
}
export function stringIsWellFormed(area: usize, argc: i32): Value {
  return stringPrototypeIsWellFormed(area + 8, argc - 1);
}

// --- searching ------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-string.prototype.indexof */
export function stringPrototypeIndexOf(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "indexOf");
  const pattern = argAt(area, argc, 0);
  let refused = refuseString(pattern);
  if (refused != FINE) return refused;
  const position = argAt(area, argc, 1);
  refused = refuseNumber(position);
  if (refused != FINE) return refused;
  return boxInt(indexOf(s, toStringPrimitive(pattern), clampedIndex(position, lengthOf(s))));
}
export function stringIndexOf(area: usize, argc: i32): Value {
  return stringPrototypeIndexOf(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.lastindexof */
export function stringPrototypeLastIndexOf(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "lastIndexOf");
  const pattern = argAt(area, argc, 0);
  let refused = refuseString(pattern);
  if (refused != FINE) return refused;
  const position = argAt(area, argc, 1);
  refused = refuseNumber(position);
  if (refused != FINE) return refused;
  // NaN, and so undefined, is the end.
  const d = toNumberPrimitive(position);
  return boxInt(lastIndexOf(s, toStringPrimitive(pattern), d == d ? clampedIndex(position, lengthOf(s)) : lengthOf(s)));
}
export function stringLastIndexOf(area: usize, argc: i32): Value {
  return stringPrototypeLastIndexOf(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.includes */
export function stringPrototypeIncludes(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "includes");
  const pattern = argAt(area, argc, 0);
  let refused = refuseString(pattern);
  if (refused != FINE) return refused;
  const position = argAt(area, argc, 1);
  refused = refuseNumber(position);
  if (refused != FINE) return refused;
  return boxBool(indexOf(s, toStringPrimitive(pattern), clampedIndex(position, lengthOf(s))) >= 0);
}
export function stringIncludes(area: usize, argc: i32): Value {
  return stringPrototypeIncludes(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.startswith */
export function stringPrototypeStartsWith(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "startsWith");
  const pattern = argAt(area, argc, 0);
  let refused = refuseString(pattern);
  if (refused != FINE) return refused;
  const position = argAt(area, argc, 1);
  refused = refuseNumber(position);
  if (refused != FINE) return refused;
  return boxBool(standsAt(s, toStringPrimitive(pattern), clampedIndex(position, lengthOf(s))));
}
export function stringStartsWith(area: usize, argc: i32): Value {
  return stringPrototypeStartsWith(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.endswith */
export function stringPrototypeEndsWith(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "endsWith");
  const pattern = argAt(area, argc, 0);
  let refused = refuseString(pattern);
  if (refused != FINE) return refused;
  const position = argAt(area, argc, 1);
  refused = refuseNumber(position);
  if (refused != FINE) return refused;
  const wanted = toStringPrimitive(pattern);
  const end = position == UNDEFINED ? lengthOf(s) : clampedIndex(position, lengthOf(s));
  return boxBool(standsAt(s, wanted, end - lengthOf(wanted)));
}
export function stringEndsWith(area: usize, argc: i32): Value {
  return stringPrototypeEndsWith(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-string.prototype.localecompare, in the order of strings/collate.ts */
export function stringPrototypeLocaleCompare(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "localeCompare");
  const that = argAt(area, argc, 0);
  const refused = refuseString(that);
  if (refused != FINE) return refused;
  if (argAt(area, argc, 1) != UNDEFINED || argAt(area, argc, 2) != UNDEFINED) return DEFER;
  const other = toStringPrimitive(that);
  return affordsCollating(s, other) ? boxInt(collate(s, other, false, true, true)) : RETRY;
}
/** True if the limits allow the lists of characters by which two strings are compared. */
function affordsCollating(s: usize, t: usize): bool {
  const bytes = (<usize>lengthOf(s) + <usize>lengthOf(t)) << 2;
  return bytes <= FREE_BYTES || reserve(bytes);
}
/** (string, string, 1 numeric | 2 marks | 4 cases) */
export function stringLocaleCompare(area: usize, argc: i32): Value {
  const s = addressOf(load<u64>(area, 16));
  const t = addressOf(load<u64>(area, 24));
  if (!affordsCollating(s, t)) return RETRY;
  const how = asInt(load<u64>(area, 32));
  const order = collate(s, t, (how & 1) != 0, (how & 2) != 0, (how & 4) != 0);
  return boxInt(order);
}

// --- regular expressions ------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-string.prototype.match with a RegExp */
export function stringPrototypeMatch(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "match") : matchFromString(argAt(area, argc, 0), s);
}
/** https://tc39.es/ecma262/#sec-string.prototype.search with a RegExp */
export function stringPrototypeSearch(area: usize, argc: i32): Value {
  const s = thisString(area);
  return s == 0 ? refuseThis(area, "search") : searchFromString(argAt(area, argc, 0), s);
}

// --- iteration ------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-string.prototype-%symbol.iterator% */
export function stringPrototypeSymbolIterator(area: usize, argc: i32): Value {
  const s = thisString(area);
  if (s == 0) return refuseThis(area, "[Symbol.iterator]");
  return newIterator(internalShape(Kept.STRING_ITERATOR_SHAPE, Intrinsic.StringIteratorPrototype, 3), InternalClass.STRING_ITERATOR, boxString(s), 0);
}
export function stringIterator(area: usize, argc: i32): Value {
  return stringPrototypeSymbolIterator(area + 8, argc - 1);
}

/** https://tc39.es/ecma262/#sec-%stringiteratorprototype%.next */
export function stringIteratorPrototypeNext(area: usize, argc: i32): Value {
  const iterator = internalOf(thisOf(area), InternalClass.STRING_ITERATOR);
  if (iterator == 0) return throwNamed(ErrorKind.TypeError, "Method String Iterator.prototype.next called on incompatible receiver ", valueText(thisOf(area)), "");
  const walked = load<u64>(internalSlot(iterator, 0));
  if (!isString(walked)) return iterResult(UNDEFINED, true);
  const s = addressOf(walked);
  // A snapshot may hold any integer there: as unsigned it is within the string or past its end.
  const i = asInt(load<u64>(internalSlot(iterator, 1)));
  if (<u32>i >= <u32>lengthOf(s)) {
    // The string is not needed any more.
    store<u64>(internalSlot(iterator, 0), UNDEFINED);
    return iterResult(UNDEFINED, true);
  }
  const c = codePointOf(s, i);
  store<u64>(internalSlot(iterator, 1), boxInt(i + (c > 0xffff ? 2 : 1)));
  return iterResult(boxString(fromCodePoint(c)), false);
}
