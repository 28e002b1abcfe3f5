// Owns the natives of BigInt. Must never call guest code: objects are converted in ts/prelude/bigint.js.
// https://tc39.es/ecma262/#sec-bigint-objects
import { boxBigInt, fromInteger, fromU64, toNumber } from "../bigint/bigint";
import { bigIntToString, stringToBigInt } from "../bigint/digits";
import {
  addressOf, boxNumber, boxString, DEFER, isBigInt, isBoolean, isNumber, isObject, isString, isSymbol, toDouble, TRUE, UNDEFINED, Value,
} from "../core/value";
import { lit, throwError, throwLiteral } from "../errors/throw";
import { Kind, PRIMITIVE_PRIMITIVE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { wrapBigInt } from "../interpreter/bigint";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { toStringPrimitive } from "../primitives/convert";
import { concat } from "../strings/string";
import { refuseState } from "./arguments";
import { FINE, integerOf, nameOfNative, refuseNumber, throwThisNot } from "./shared";

function refuse(kind: i32, v: Value): Value {
  const text = isSymbol(v) ? lit("Symbol()") : toStringPrimitive(v);
  return throwError(kind, concat(concat(lit("Cannot convert "), text), lit(" to a BigInt")));
}

/** ToBigInt of a primitive, and NumberToBigInt if numbers may be converted. https://tc39.es/ecma262/#sec-tobigint */
function convert(v: Value, numbers: bool): Value {
  if (isBigInt(v)) return v;
  if (isBoolean(v)) return boxBigInt(fromU64(v == TRUE ? 1 : 0, false));
  if (isNumber(v) && numbers) {
    const d = toDouble(v);
    if (trunc<f64>(d) == d && abs<f64>(d) < Infinity) return boxBigInt(fromInteger(d));
    const text = concat(concat(lit("The number "), toStringPrimitive(v)), lit(" cannot be converted to a BigInt because it is not an integer"));
    return throwError(ErrorKind.RangeError, text);
  }
  if (!isString(v)) return refuse(ErrorKind.TypeError, v);
  const cell = stringToBigInt(addressOf(v));
  if (cell == 1) return throwLiteral(ErrorKind.RangeError, "Maximum BigInt size exceeded");
  return cell == 0 ? refuse(ErrorKind.SyntaxError, v) : boxBigInt(cell);
}

/** https://tc39.es/ecma262/#sec-bigint-constructor-number-value */
export function bigIntConstructor(area: usize, argc: i32): Value {
  if (newTargetOf() != UNDEFINED) return throwLiteral(ErrorKind.TypeError, "BigInt is not a constructor");
  const v = argAt(area, argc, 0);
  return isObject(v) ? DEFER : convert(v, true);
}

/** (primitive, may it be a number) */
export function bigIntOf(area: usize, argc: i32): Value {
  return convert(argAt(area, argc, 0), argAt(area, argc, 1) == TRUE);
}

/** (bigint, bits, signed) https://tc39.es/ecma262/#sec-bigint.asintn */
export function bigIntWrap(area: usize, argc: i32): Value {
  const bits = toDouble(argAt(area, argc, 1));
  if (!(bits >= 0 && bits <= 9007199254740991.0)) return refuseState();
  return wrapBigInt(addressOf(argAt(area, argc, 0)), trunc<f64>(bits), argAt(area, argc, 2) == TRUE);
}

/** (bigint): the nearest number */
export function bigIntToNumber(area: usize, argc: i32): Value {
  return boxNumber(toNumber(addressOf(argAt(area, argc, 0))));
}

/** https://tc39.es/ecma262/#sec-thisbigintvalue: the BigInt, or EXCEPTION */
function valueOf(v: Value, method: Value): Value {
  if (isBigInt(v)) return v;
  if (isObject(v) && kindOf(addressOf(v)) == Kind.PRIMITIVE) {
    const inner = load<u64>(addressOf(v), PRIMITIVE_PRIMITIVE);
    if (isBigInt(inner)) return inner;
  }
  return throwThisNot("BigInt", method);
}
/** (receiver, name of the method) */
export function thisBigInt(area: usize, argc: i32): Value {
  return valueOf(argAt(area, argc, 0), argAt(area, argc, 1));
}

function format(x: Value, radix: Value): Value {
  const base = radix == UNDEFINED ? 10 : integerOf(radix);
  if (!(base >= 2 && base <= 36)) return throwLiteral(ErrorKind.RangeError, "toString() radix argument must be between 2 and 36");
  return boxString(bigIntToString(addressOf(x), <u32>base));
}
/** (bigint, number) */
export function bigIntFormat(area: usize, argc: i32): Value {
  return format(argAt(area, argc, 0), argAt(area, argc, 1));
}

/** https://tc39.es/ecma262/#sec-bigint.prototype.tostring */
export function bigIntPrototypeToString(area: usize, argc: i32): Value {
  const x = valueOf(thisOf(area), nameOfNative(area));
  if (!isBigInt(x)) return x;
  const radix = argAt(area, argc, 0);
  const refused = radix == UNDEFINED ? FINE : refuseNumber(radix);
  return refused != FINE ? refused : format(x, radix);
}

/** https://tc39.es/ecma262/#sec-bigint.prototype.valueof */
export function bigIntPrototypeValueOf(area: usize, argc: i32): Value {
  return valueOf(thisOf(area), nameOfNative(area));
}
