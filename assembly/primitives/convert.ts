// Owns the conversions and comparisons of primitives. Must never call guest code: the caller handles objects, and also the types
// that a function says it leaves out.
import { bigIntToString, stringToBigInt } from "../bigint/digits";
import { mathFmod, toInt32, toUint32 } from "../core/math";
import { formatInt, formatNumber } from "../core/number-format";
import { stringToNumber } from "../core/number-parse";
import {
  addressOf, asInt, isBigInt, isBoolean, isDouble, isInt, isNullish, isNumber, isObject, isString, isSymbol, NULL, toDouble, TRUE,
  UNDEFINED, Value,
} from "../core/value";
import { Atom, atomAt } from "../generated/intrinsics";
import { BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, Kind, POINTERS_COUNT, POINTERS_SIZE, STRING_FLAGS } from "../generated/kinds";
import { VM_SMALL_INTEGERS } from "../generated/layout";
import { UNCOUNTED } from "../heap/account";
import { allocate, chargeFuel } from "../heap/memory";
import { isTwoByte, lengthOf } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { newFromLatin1 } from "../strings/single-chars";
import { equals, sameBytes } from "../strings/string";

/** Texts of the integers below this are kept once made. */
const CACHED_INTEGERS: i32 = 1024;
const TEXT: usize = memory.data(64, 8);

// --- to boolean, to number ----------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-toboolean for every value, objects included. */
export function toBoolean(v: Value): bool {
  if (isInt(v)) return asInt(v) != 0;
  if (isBoolean(v)) return v == TRUE;
  if (isObject(v)) return true;
  if (isString(v)) return lengthOf(addressOf(v)) != 0;
  if (isDouble(v)) {
    const d = reinterpret<f64>(v);
    return d == d && d != 0;
  }
  if (isBigInt(v)) return load<u32>(addressOf(v), BIGINT_LENGTH) != 0;
  return isSymbol(v);
}

/** https://tc39.es/ecma262/#sec-stringtonumber */
export function stringToDouble(s: usize): f64 {
  if (lengthOf(s) != 0) chargeFuel((lengthOf(s) >> 3) + 1);
  const chars = charsOf(s);
  return stringToNumber(chars, lengthOf(s), isTwoByte(s) ? 2 : 1);
}

/** https://tc39.es/ecma262/#sec-tonumber; not for objects, symbols and bigints. */
export function toNumberPrimitive(v: Value): f64 {
  if (isInt(v)) return <f64>asInt(v);
  if (isDouble(v)) return reinterpret<f64>(v);
  if (isString(v)) return stringToDouble(addressOf(v));
  return v == UNDEFINED ? NaN : v == TRUE ? 1 : 0;
}

/** https://tc39.es/ecma262/#sec-toint32 of a value that toNumberPrimitive takes. */
export function toInt32Value(v: Value): i32 {
  return isInt(v) ? asInt(v) : toInt32(toNumberPrimitive(v));
}

/** https://tc39.es/ecma262/#sec-touint32 of a value that toNumberPrimitive takes. */
export function toUint32Value(v: Value): u32 {
  return isInt(v) ? <u32>asInt(v) : toUint32(toNumberPrimitive(v));
}

/** https://tc39.es/ecma262/#sec-tointegerorinfinity of a number; never -0. */
// @ts-ignore: decorator
@inline
export function toIntegerOrInfinity(d: f64): f64 {
  return d == d ? trunc<f64>(d) + 0 : 0;
}

/** Remainders of numbers whose exponents differ by at most this many bits take no fuel. */
const FREE_EXPONENTS: i32 = 64;

/** x % y. Its long division takes a step for each 11 bits between the exponents. */
export function remainderOf(x: f64, y: f64): f64 {
  const bits = <i32>((reinterpret<u64>(x) >> 52) & 0x7ff) - <i32>((reinterpret<u64>(y) >> 52) & 0x7ff);
  if (bits > FREE_EXPONENTS) chargeFuel(bits >> 6);
  return mathFmod(x, y);
}

// --- to string ----------------------------------------------------------------------------------------------------

function smallIntegerToString(n: i32): usize {
  let table = <usize>load<u32>(VM_SMALL_INTEGERS);
  if (table == 0) {
    table = allocate(Kind.POINTERS, POINTERS_SIZE + (<usize>CACHED_INTEGERS << 2));
    store<u32>(table, 0);
    store<u64>(table, CACHED_INTEGERS, POINTERS_COUNT);
    memory.fill(table + POINTERS_SIZE, 0, <usize>CACHED_INTEGERS << 2);
    store<u32>(VM_SMALL_INTEGERS, <u32>table);
  }
  const at = table + POINTERS_SIZE + (<usize>n << 2);
  let s = <usize>load<u32>(at);
  if (s == 0) {
    s = newFromLatin1(TEXT, formatInt(n, TEXT));
    store<u32>(s, load<u32>(s, STRING_FLAGS) | UNCOUNTED, STRING_FLAGS);
    store<u32>(at, <u32>s);
  }
  return s;
}

/** https://tc39.es/ecma262/#sec-numeric-types-number-tostring, radix 10 */
export function numberToString(d: f64): usize {
  const n = <i32>d;
  if (<f64>n == d) return <u32>n < <u32>CACHED_INTEGERS ? smallIntegerToString(n) : newFromLatin1(TEXT, formatInt(n, TEXT));
  if (d != d) return atomAt(Atom.NaN);
  chargeFuel(1);
  return newFromLatin1(TEXT, formatNumber(d, TEXT));
}

/** https://tc39.es/ecma262/#sec-tostring; not for objects and symbols. */
export function toStringPrimitive(v: Value): usize {
  if (isString(v)) return addressOf(v);
  if (isNumber(v)) return numberToString(toDouble(v));
  if (isBigInt(v)) return bigIntToString(addressOf(v), 10);
  return atomAt(v == UNDEFINED ? Atom.undefined : v == NULL ? Atom.null_ : v == TRUE ? Atom.true_ : Atom.false_);
}

/** The Atom that typeof returns; the caller must recognise callable objects. https://tc39.es/ecma262/#sec-typeof-operator */
export function typeofAtom(v: Value): i32 {
  if (isNumber(v)) return Atom.number;
  if (isString(v)) return Atom.string;
  if (isObject(v) || v == NULL) return Atom.object;
  if (isBoolean(v)) return Atom.boolean;
  if (isSymbol(v)) return Atom.symbol;
  return isBigInt(v) ? Atom.bigint : Atom.undefined;
}

// --- equality -----------------------------------------------------------------------------------------------------

/** Equal bigints: zero has no limbs, so equal values have equal cells. */
export function sameBigInt(a: usize, b: usize): bool {
  const length = load<u32>(a, BIGINT_LENGTH);
  return load<u32>(a, BIGINT_SIGN) == load<u32>(b, BIGINT_SIGN) && length == load<u32>(b, BIGINT_LENGTH) &&
    sameBytes(a + BIGINT_SIZE, b + BIGINT_SIZE, <usize>length << 2);
}

/** Equal content of two strings or two bigints with different cells. */
function sameContent(a: Value, b: Value): bool {
  if (isString(a) && isString(b)) return equals(addressOf(a), addressOf(b));
  return isBigInt(a) && isBigInt(b) && sameBigInt(addressOf(a), addressOf(b));
}

/** https://tc39.es/ecma262/#sec-isstrictlyequal */
export function strictEquals(a: Value, b: Value): bool {
  if (isNumber(a)) return isNumber(b) && toDouble(a) == toDouble(b);
  return a == b || sameContent(a, b);
}

/** https://tc39.es/ecma262/#sec-samevalue */
export function sameValue(a: Value, b: Value): bool {
  if (isNumber(a)) {
    if (!isNumber(b)) return false;
    const x = toDouble(a);
    const y = toDouble(b);
    return x == y ? reinterpret<u64>(x) == reinterpret<u64>(y) : x != x && y != y;
  }
  return a == b || sameContent(a, b);
}

/** https://tc39.es/ecma262/#sec-samevaluezero */
export function sameValueZero(a: Value, b: Value): bool {
  if (isNumber(a)) {
    if (!isNumber(b)) return false;
    const x = toDouble(a);
    const y = toDouble(b);
    return x == y || (x != x && y != y);
  }
  return a == b || sameContent(a, b);
}

/** True if a bigint and a number are the same mathematical value. https://tc39.es/ecma262/#sec-islooselyequal step 12 */
export function bigIntEqualsNumber(bigint: usize, d: f64): bool {
  const length = <i32>load<u32>(bigint, BIGINT_LENGTH);
  if (length == 0) return d == 0;
  if (!(abs<f64>(d) < Infinity) || trunc<f64>(d) != d || d == 0 || d < 0 != (load<u32>(bigint, BIGINT_SIGN) != 0)) return false;
  const bits = reinterpret<u64>(d);
  const mantissa = (bits & 0x000fffffffffffff) | 0x0010000000000000;
  const shift = <i32>((bits >> 52) & 0x7ff) - 1075;
  // The integer is mantissa << shift; each limb takes its 32 bits of it.
  const significant = 53 + shift;
  if ((significant + 31) >> 5 != length) return false;
  for (let i = 0; i < length; i++) {
    const from = (i << 5) - shift;
    let limb: u64 = 0;
    if (from >= 0) limb = from < 64 ? mantissa >> from : 0;
    else if (from > -32) limb = mantissa << -from;
    if (load<u32>(bigint + BIGINT_SIZE + (<usize>i << 2)) != <u32>limb) return false;
  }
  return true;
}

/** True if the text is that BigInt. */
function bigIntEqualsText(bigint: usize, text: usize): bool {
  const other = stringToBigInt(text);
  return other > 1 && sameBigInt(bigint, other);
}

/** https://tc39.es/ecma262/#sec-islooselyequal of two primitives. */
export function looseEqualsPrimitive(a: Value, b: Value): bool {
  if (isNumber(a) && isNumber(b)) return toDouble(a) == toDouble(b);
  if (a == b) return true;
  if (isNullish(a) || isNullish(b)) return isNullish(a) && isNullish(b);
  if (isSymbol(a) || isSymbol(b)) return false;
  if (isBigInt(a) || isBigInt(b)) chargeFuel(1);
  if (isBigInt(a)) {
    if (isBigInt(b)) return sameBigInt(addressOf(a), addressOf(b));
    if (isString(b)) return bigIntEqualsText(addressOf(a), addressOf(b));
    return bigIntEqualsNumber(addressOf(a), toNumberPrimitive(b));
  }
  if (isBigInt(b)) {
    if (isString(a)) return bigIntEqualsText(addressOf(b), addressOf(a));
    return bigIntEqualsNumber(addressOf(b), toNumberPrimitive(a));
  }
  if (isString(a) && isString(b)) return equals(addressOf(a), addressOf(b));
  return toNumberPrimitive(a) == toNumberPrimitive(b);
}
