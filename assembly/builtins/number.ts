// Owns the natives of Number and the exact sum of Math.sumPrecise. core/number-format.ts makes the texts. Must never call guest
// code: ts/prelude/number.js converts arguments that are objects. https://tc39.es/ecma262/#sec-number-objects
import { toNumber } from "../bigint/bigint";
import { formatExponential, formatFixed, formatPrecision, formatRadix } from "../core/number-format";
import {
  addressOf, asInt, boxBool, boxInt, boxNumber, boxString, DEFER, isBigInt, isInt, isNumber, isObject, toDouble, UNDEFINED, Value,
} from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Intrinsic } from "../generated/intrinsics";
import { Kind, PRIMITIVE_PRIMITIVE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeFuel, kindOf } from "../heap/memory";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { numberToString, toNumberPrimitive } from "../primitives/convert";
import { newFromLatin1 } from "../strings/single-chars";
import { makeWrapper } from "./boolean";
import { FINE, integerOf, nameOfNative, prototypeFor, refuseNumber, throwThisNot } from "./shared";

/** Room for every text of core/number-format.ts. */
const TEXT: usize = memory.data(1280, 8);

/** https://tc39.es/ecma262/#sec-number-constructor-number-value */
export function numberConstructor(area: usize, argc: i32): Value {
  let n: Value = boxInt(0);
  if (argc > 0) {
    const v = argAt(area, argc, 0);
    const refused = isBigInt(v) ? FINE : refuseNumber(v);
    if (refused != FINE) return refused;
    n = isNumber(v) ? v : boxNumber(isBigInt(v) ? toNumber(addressOf(v)) : toNumberPrimitive(v));
  }
  if (newTargetOf() == UNDEFINED) return n;
  const proto = prototypeFor(newTargetOf(), Intrinsic.NumberPrototype);
  return proto == 0 ? DEFER : makeWrapper(proto, n);
}

// --- tests ------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-number.isfinite */
export function numberIsFinite(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return boxBool(isInt(v) || (isNumber(v) && abs<f64>(toDouble(v)) < Infinity));
}
/** https://tc39.es/ecma262/#sec-number.isinteger */
export function numberIsInteger(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isNumber(v)) return boxBool(false);
  const d = toDouble(v);
  return boxBool(abs<f64>(d) < Infinity && trunc<f64>(d) == d);
}
/** https://tc39.es/ecma262/#sec-number.isnan */
export function numberIsNaN(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return boxBool(isNumber(v) && toDouble(v) != toDouble(v));
}
/** https://tc39.es/ecma262/#sec-number.issafeinteger */
export function numberIsSafeInteger(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isNumber(v)) return boxBool(false);
  const d = toDouble(v);
  return boxBool(abs<f64>(d) <= 9007199254740991.0 && trunc<f64>(d) == d);
}

// --- text -------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-thisnumbervalue: the number, or EXCEPTION */
function numberOf(v: Value, method: Value): Value {
  if (isNumber(v)) return v;
  if (isObject(v) && kindOf(addressOf(v)) == Kind.PRIMITIVE) {
    const inner = load<u64>(addressOf(v), PRIMITIVE_PRIMITIVE);
    if (isNumber(inner)) return inner;
  }
  return throwThisNot("Number", method);
}
/** (value, name of the method): thisNumberValue, for the prelude. */
export function thisNumber(area: usize, argc: i32): Value {
  return numberOf(argAt(area, argc, 0), argAt(area, argc, 1));
}

const RADIX: i32 = 0;
const FIXED: i32 = 1;
const EXPONENTIAL: i32 = 2;
const PRECISION: i32 = 3;

function rangeError(which: i32): Value {
  if (which == RADIX) return throwLiteral(ErrorKind.RangeError, "toString() radix argument must be between 2 and 36");
  if (which == FIXED) return throwLiteral(ErrorKind.RangeError, "toFixed() digits argument must be between 0 and 100");
  if (which == EXPONENTIAL)
    return throwLiteral(ErrorKind.RangeError, "toExponential() argument must be between 0 and 100");
  return throwLiteral(ErrorKind.RangeError, "toPrecision() argument must be between 1 and 100");
}

/** Takes the fuel of the exact digits of x, which are the more the further its exponent is from 0; nothing for numbers of usual size. */
function chargeDigits(x: f64): void {
  const exponent = <i32>((reinterpret<u64>(x) >> 52) & 0x7ff) - 1023;
  chargeFuel(abs<i32>(exponent) >> 5);
}

/** Text of x in one of the four ways; digits: a primitive, undefined if not given. */
function format(which: i32, x: f64, digits: Value): Value {
  const given = digits != UNDEFINED;
  const n = given ? integerOf(digits) : 0;
  if (which == RADIX) {
    if (given && !(n >= 2 && n <= 36)) return rangeError(which);
    if (!given || n == 10 || !(abs<f64>(x) < Infinity)) return boxString(numberToString(x));
    if (x != 0) chargeDigits(x);
    return boxString(newFromLatin1(TEXT, formatRadix(x, <i32>n, TEXT)));
  }
  if (which == PRECISION && !given) return boxString(numberToString(x));
  // toFixed looks at its argument before it looks at the number; the others after.
  if (which == FIXED && !(n >= 0 && n <= 100)) return rangeError(which);
  if (!(abs<f64>(x) < Infinity) || (which == FIXED && abs<f64>(x) >= 1e21)) return boxString(numberToString(x));
  if (!(n >= (which == PRECISION ? 1 : 0) && n <= 100)) return rangeError(which);
  if (x != 0) chargeDigits(x);
  chargeFuel(<i32>n >> 3);
  let length = 0;
  if (which == FIXED) length = formatFixed(x, <i32>n, TEXT);
  else if (which == EXPONENTIAL) length = formatExponential(x, given ? <i32>n : -1, TEXT);
  else length = formatPrecision(x, <i32>n, TEXT);
  return boxString(newFromLatin1(TEXT, length));
}
/** (which, number, digits as a primitive) */
export function numberFormat(area: usize, argc: i32): Value {
  return format(asInt(load<u64>(area, 16)), toDouble(load<u64>(area, 24)), load<u64>(area, 32));
}
function formatThis(area: usize, argc: i32, which: i32): Value {
  const x = numberOf(thisOf(area), nameOfNative(area));
  if (!isNumber(x)) return x;
  const digits = argAt(area, argc, 0);
  const refused = refuseNumber(digits);
  return refused != FINE ? refused : format(which, toDouble(x), digits);
}

/** https://tc39.es/ecma262/#sec-number.prototype.tostring */
export function numberPrototypeToString(area: usize, argc: i32): Value {
  return formatThis(area, argc, RADIX);
}
/** https://tc39.es/ecma262/#sec-number.prototype.tofixed */
export function numberPrototypeToFixed(area: usize, argc: i32): Value {
  return formatThis(area, argc, FIXED);
}
/** https://tc39.es/ecma262/#sec-number.prototype.toexponential */
export function numberPrototypeToExponential(area: usize, argc: i32): Value {
  return formatThis(area, argc, EXPONENTIAL);
}
/** https://tc39.es/ecma262/#sec-number.prototype.toprecision */
export function numberPrototypeToPrecision(area: usize, argc: i32): Value {
  return formatThis(area, argc, PRECISION);
}
/** https://tc39.es/ecma262/#sec-number.prototype.valueof */
export function numberPrototypeValueOf(area: usize, argc: i32): Value {
  return numberOf(thisOf(area), nameOfNative(area));
}

// --- the exact sum ------------------------------------------------------------------------------------------------------

/** The sum as a fixed-point number: limb i counts multiples of 2^(32·i - 1074); signed, not normalised. */
const LIMBS: i32 = 70;
const SUM: usize = memory.data(560, 8);

// @ts-ignore: decorator
@inline
function limb(i: i32): usize {
  return SUM + ((<usize>i) << 3);
}

function addExactly(d: f64): void {
  const bits = reinterpret<u64>(d);
  const exponent = <i32>((bits >> 52) & 0x7ff);
  const fraction = bits & 0x000fffffffffffff;
  const mantissa = exponent == 0 ? fraction : fraction | 0x0010000000000000;
  // Position of the mantissa's lowest bit above 2^-1074.
  const position = exponent == 0 ? 0 : exponent - 1;
  const i = position >> 5;
  const shift = <u64>(position & 31);
  const low = mantissa << shift;
  const high = shift == 0 ? 0 : mantissa >> (64 - shift);
  const sign: i64 = <i64>bits < 0 ? -1 : 1;
  store<i64>(limb(i), load<i64>(limb(i)) + sign * <i64>(low & 0xffffffff));
  store<i64>(limb(i + 1), load<i64>(limb(i + 1)) + sign * <i64>(low >> 32));
  store<i64>(limb(i + 2), load<i64>(limb(i + 2)) + sign * <i64>high);
}

/** Makes every limb 0 … 2^32 - 1 but the last, which carries the sign. */
function normalise(): void {
  let carry: i64 = 0;
  for (let i = 0; i < LIMBS - 1; i++) {
    const v = load<i64>(limb(i)) + carry;
    store<i64>(limb(i), v & 0xffffffff);
    carry = v >> 32;
  }
  store<i64>(limb(LIMBS - 1), load<i64>(limb(LIMBS - 1)) + carry);
}

/** The sum rounded once, to nearest, ties to even. */
function roundSum(): f64 {
  normalise();
  const negative = load<i64>(limb(LIMBS - 1)) < 0;
  if (negative) {
    for (let i = 0; i < LIMBS; i++) store<i64>(limb(i), -load<i64>(limb(i)));
    normalise();
  }
  let top = LIMBS - 1;
  while (top >= 0 && load<i64>(limb(top)) == 0) top--;
  if (top < 0) return 0;
  const highest = top * 32 + 63 - <i32>clz<u64>(load<u64>(limb(top)));
  // The lowest bit that fits the result, at least that of a subnormal.
  let lowest = highest - 52 > 0 ? highest - 52 : 0;
  const first = lowest >> 5;
  const shift = <u64>(lowest & 31);
  let mantissa = load<u64>(limb(first)) >> shift;
  mantissa |= load<u64>(limb(first + 1)) << (32 - shift);
  if (first + 2 < LIMBS && shift > 0) mantissa |= load<u64>(limb(first + 2)) << (64 - shift);
  mantissa &= 0x001fffffffffffff;
  if (lowest > 0) {
    const half = lowest - 1;
    if (((load<u64>(limb(half >> 5)) >> (<u64>(half & 31))) & 1) != 0) {
      let rest = (load<u64>(limb(half >> 5)) & (((<u64>1) << (<u64>(half & 31))) - 1)) != 0;
      for (let i = (half >> 5) - 1; i >= 0 && !rest; i--) rest = load<u64>(limb(i)) != 0;
      if (rest || (mantissa & 1) != 0) mantissa++;
    }
  }
  // Adding the mantissa to the exponent field lets a carry out of it raise the exponent.
  let bits: u64 = 0;
  if (lowest == 0)
    bits = mantissa; // subnormal, or the first normal binade, where the hidden bit is exponent 1
  else bits = ((<u64>lowest) << 52) + mantissa;
  if (bits >= 0x7ff0000000000000) bits = 0x7ff0000000000000;
  return reinterpret<f64>(bits | (negative ? 0x8000000000000000 : 0));
}

/** (array of numbers). https://tc39.es/ecma262/#sec-math.sumprecise */
export function sumPrecise(area: usize, argc: i32): Value {
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  const count = denseLength(elements);
  chargeFuel(<i32>(count >> 3));
  memory.fill(SUM, 0, (<usize>LIMBS) << 3);
  let onlyMinusZero = true;
  let infinite: f64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const d = toDouble(load<u64>(elementAt(elements, i)));
    if (!(abs<f64>(d) < Infinity)) infinite += d;
    else if (d != 0) {
      onlyMinusZero = false;
      addExactly(d);
    } else if (reinterpret<u64>(d) == 0) onlyMinusZero = false;
  }
  if (infinite != 0) return boxNumber(infinite);
  return boxNumber(onlyMinusZero ? -0.0 : roundSum());
}
