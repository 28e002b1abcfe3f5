// Owns the steps that natives of several builtin files share: refusing arguments that need guest code, wrapping, finding
// prototypes, pricing. Must never call guest code and must never do anything observable before it returns a signal.
//
// A *refusal* is 0 when the native may go on, else the signal to return: DEFER for an object, EXCEPTION when it has thrown.
import { addressOf, boxObject, boxString, DEFER, isBigInt, isNullish, isObject, isString, isSymbol, UNDEFINED, Value } from "../core/value";
import { lit, throwError, throwLiteral } from "../errors/throw";
import { Atom, atomAt, intrinsic } from "../generated/intrinsics";
import { ARRAY_LENGTH, ELEMENTS_LENGTH, Kind, PRIMITIVE_PRIMITIVE, SPARSE_LIVE, SYMBOL_DESCRIPTION } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeBytes, kindOf, reserve } from "../heap/memory";
import { keyText } from "../interpreter/describe";
import { denseLength, elementsOf, isSparse, setElements } from "../objects/elements";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { newArray, newObject } from "../objects/object";
import { prototypeOfPrimitive } from "../objects/primitive";
import { getData, lookup } from "../objects/property";
import { namedCount, shapeOf } from "../objects/shape";
import { viewLength } from "../objects/typed";
import { toNumberPrimitive } from "../primitives/convert";
import { substring } from "../strings/single-chars";
import { codeUnitAt, concat, lengthOf } from "../strings/string";

export { refuseState } from "./arguments";

/** The native may go on. */
export const FINE: Value = 0;

/** https://tc39.es/ecma262/#sec-toobject; 0: it has thrown. */
export function toObjectOrThrow(v: Value): usize {
  if (isObject(v)) return addressOf(v);
  if (!isNullish(v)) return wrapPrimitive(v);
  throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
  return 0;
}

// @ts-ignore: decorator
@inline
export function isProxyCell(object: usize): bool {
  return kindOf(object) == Kind.PROXY;
}

// @ts-ignore: decorator
@inline
export function isTypedCell(object: usize): bool {
  return kindOf(object) == Kind.TYPEDARRAY;
}

/** The prelude's list, a dense array, in argument `i`; 0 if the argument is not such an array. */
export function listAt(area: usize, i: i32): usize {
  const v = load<u64>(area + 16 + (<usize>i << 3));
  if (!isObject(v)) return 0;
  const list = addressOf(v);
  return kindOf(list) == Kind.ARRAY && !isSparse(elementsOf(list)) ? list : 0;
}

/** Refusal of a value that toNumberPrimitive does not take. */
export function refuseNumber(v: Value): Value {
  if (isObject(v)) return DEFER;
  if (isSymbol(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert a Symbol value to a number");
  if (isBigInt(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert a BigInt value to a number");
  return FINE;
}

/** Refusal of a value that toStringPrimitive does not take. */
export function refuseString(v: Value): Value {
  if (isObject(v)) return DEFER;
  if (isSymbol(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert a Symbol value to a string");
  return FINE;
}

/** Refusal of a value that toPropertyKeyPrimitive does not take. */
export function refuseKey(v: Value): Value {
  return isObject(v) ? DEFER : FINE;
}

/** https://tc39.es/ecma262/#sec-tointegerorinfinity of a value that refuseNumber lets pass; never -0. */
export function integerOf(v: Value): f64 {
  const d = toNumberPrimitive(v);
  return d == d ? trunc<f64>(d) + 0 : 0;
}

/** The wrapper object of a primitive. */
export function wrapPrimitive(v: Value): usize {
  const wrapper = newObject(Kind.PRIMITIVE, prototypeOfPrimitive(v), 0);
  store<u64>(wrapper, v, PRIMITIVE_PRIMITIVE);
  return wrapper;
}

/** An array that owns a fresh ELEMENTS cell. */
export function arrayOf(elements: usize): Value {
  const array = newArray(0);
  setElements(array, elements);
  store<u32>(array, load<u32>(elements, ELEMENTS_LENGTH), ARRAY_LENGTH);
  return boxObject(array);
}

/**
 * https://tc39.es/ecma262/#sec-getprototypefromconstructor for a native constructor; the default for a call without new.
 * 0: it takes guest code.
 */
export function prototypeFor(newTarget: Value, fallback: i32): usize {
  if (newTarget != UNDEFINED) {
    const state = lookup(addressOf(newTarget), boxString(atomAt(Atom.prototype)));
    if (state > DATA) return 0;
    if (state == DATA && isObject(load<u64>(FOUND_VALUE))) return addressOf(load<u64>(FOUND_VALUE));
  }
  return addressOf(intrinsic(fallback));
}

/** An upper bound of the number of own properties. It depends only on things that a program can observe. */
export function countOwn(object: usize): u32 {
  const elements = elementsOf(object);
  let count = namedCount(shapeOf(object)) + (isSparse(elements) ? load<u32>(elements, SPARSE_LIVE) : denseLength(elements)) + 4;
  if (kindOf(object) == Kind.TYPEDARRAY) count += viewLength(object);
  if (kindOf(object) == Kind.PRIMITIVE) {
    const text = load<u64>(object, PRIMITIVE_PRIMITIVE);
    if (isString(text)) count += <u32>lengthOf(addressOf(text));
  }
  return count;
}

/** Charges for work on all own properties, at `bytes` each; false: RETRY. */
export function priceOwn(object: usize, bytes: usize): bool {
  const count = countOwn(object);
  if (count < 64) return true;
  if (!reserve(<usize>count * bytes)) return false;
  chargeBytes(<usize>count * bytes);
  return true;
}

/** https://tc39.es/ecma262/#sec-symboldescriptivestring */
export function symbolText(symbol: Value): usize {
  const description = load<u64>(addressOf(symbol), SYMBOL_DESCRIPTION);
  return concat(concat(lit("Symbol("), isString(description) ? addressOf(description) : atomAt(Atom.empty)), lit(")"));
}

/** Throws a TypeError that names a property key. */
export function throwKey(before: string, key: Value, after: string): Value {
  return throwError(ErrorKind.TypeError, concat(concat(lit(before), keyText(key)), lit(after)));
}

/** Throws for a receiver that is not a `type`; `method`: a string, "toString" or "get description". */
export function throwThisNot(type: string, method: Value): Value {
  let name = isString(method) ? addressOf(method) : lit("valueOf");
  if (lengthOf(name) > 4 && codeUnitAt(name, 3) == 0x20) name = substring(name, 4, lengthOf(name));
  const isSymbolic = lengthOf(name) > 0 && codeUnitAt(name, 0) == 0x5b;
  const dotted = isSymbolic ? concat(concat(lit(" [ @@"), substring(name, 8, lengthOf(name) - 1)), lit(" ]")) : concat(lit("."), name);
  const what = concat(concat(lit(type), lit(".prototype")), dotted);
  return throwError(ErrorKind.TypeError, concat(concat(what, lit(" requires that 'this' be a ")), lit(type)));
}

/** Name of the native whose call area that is. */
export function nameOfNative(area: usize): Value {
  const callee = load<u64>(area);
  return isObject(callee) ? getData(addressOf(callee), boxString(atomAt(Atom.name))) : UNDEFINED;
}
