// Owns the natives that the prelude's abstract operations are built on: tests, conversions of primitives, making objects, throwing
// (ts/prelude/00-core.js, operators.js; the internal methods of objects are in ordinary.ts). Must never call guest code.
import {
  addressOf, asInt, boxBool, boxInt, boxNumber, boxObject, boxString, boxU32, FALSE, isCell, isInt, isNullish, isNumber,
  isObject as isObjectValue, isString, NULL, RETRY, toDouble, TRUE, UNDEFINED, Value,
} from "../core/value";
import { throwError, throwLiteral } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import { ARRAY_LENGTH, INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind, PROXY_HANDLER, PROXY_TARGET } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { InternalClass } from "../generated/states";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { keyText as textOfKey, notIterable, typedText as typedTextOf, valueText } from "../interpreter/describe";
import { argAt } from "../interpreter/native";
import { growthBytes } from "../objects/elements";
import { isCallable as callable, isConstructor as constructible } from "../objects/function";
import { newInternalObject } from "../objects/internal";
import { arrayPush, newArray as makeArray, newObject as makeObject } from "../objects/object";
import { isLengthKey } from "../objects/property";
import {
  looseEqualsPrimitive, sameValue as same, sameValueZero as sameZero, toNumberPrimitive as numberOf, toStringPrimitive as stringOf,
} from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { canConcat, concat, concatBytes, lengthOf } from "../strings/string";
import { FINE, integerOf, listAt, refuseKey, refuseNumber, refuseState, refuseString, wrapPrimitive } from "./shared";

// --- tests --------------------------------------------------------------------------------------------------------

export function isObject(area: usize, argc: i32): Value {
  return boxBool(isObjectValue(load<u64>(area, 16)));
}
export function isCallable(area: usize, argc: i32): Value {
  return boxBool(callable(load<u64>(area, 16)));
}
export function isConstructor(area: usize, argc: i32): Value {
  return boxBool(constructible(load<u64>(area, 16)));
}

/** https://tc39.es/ecma262/#sec-isarray of any value: TRUE, FALSE or EXCEPTION (revoked proxy). */
export function testArray(v: Value): Value {
  let hops = 0;
  while (isObjectValue(v)) {
    if ((++hops & 3) == 0) chargeFuel(1);
    const kind = kindOf(addressOf(v));
    if (kind == Kind.ARRAY) return TRUE;
    if (kind != Kind.PROXY) return FALSE;
    if (!isObjectValue(load<u64>(addressOf(v), PROXY_HANDLER)))
      return throwLiteral(ErrorKind.TypeError, "Cannot perform 'IsArray' on a proxy that has been revoked");
    v = load<u64>(addressOf(v), PROXY_TARGET);
  }
  return FALSE;
}
export function isArray(area: usize, argc: i32): Value {
  return testArray(argAt(area, argc, 0));
}
/** True for the key `length` of an array exotic object. */
export function isArrayLength(area: usize, argc: i32): Value {
  const key = load<u64>(area, 24);
  const v = load<u64>(area, 16);
  return boxBool(isString(key) && isObjectValue(v) && isLengthKey(addressOf(v), toPropertyKeyPrimitive(key)));
}
export function isProxy(area: usize, argc: i32): Value {
  const v = load<u64>(area, 16);
  return boxBool(isObjectValue(v) && kindOf(addressOf(v)) == Kind.PROXY);
}
export function proxyTarget(area: usize, argc: i32): Value {
  return isProxy(area, argc) == TRUE ? load<u64>(addressOf(load<u64>(area, 16)), PROXY_TARGET) : NULL;
}
/** The handler of a proxy; null if the proxy is revoked, or the value is not a proxy. */
export function proxyHandler(area: usize, argc: i32): Value {
  if (isProxy(area, argc) != TRUE) return NULL;
  const handler = load<u64>(addressOf(load<u64>(area, 16)), PROXY_HANDLER);
  return isObjectValue(handler) ? handler : NULL;
}
export function sameValue(area: usize, argc: i32): Value {
  return boxBool(same(argAt(area, argc, 0), argAt(area, argc, 1)));
}
export function sameValueZero(area: usize, argc: i32): Value {
  return boxBool(sameZero(argAt(area, argc, 0), argAt(area, argc, 1)));
}

// --- conversions of primitives --------------------------------------------------------------------------------------

export function toNumberPrimitive(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isNumber(v)) return v;
  const refused = refuseNumber(v);
  return refused != FINE ? refused : boxNumber(numberOf(v));
}
export function toStringPrimitive(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isString(v)) return v;
  const refused = refuseString(v);
  return refused != FINE ? refused : boxString(stringOf(v));
}
/** A property key in the form that the prelude holds: far indices as doubles, so that they read right. */
export function toKeyPrimitive(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  const refused = refuseKey(v);
  if (refused != FINE) return refused;
  const key = toPropertyKeyPrimitive(v);
  return isInt(key) ? boxU32(<u32>key) : key;
}
/** https://tc39.es/ecma262/#sec-tointegerorinfinity of a primitive */
export function truncate(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isInt(v)) return v;
  const refused = refuseNumber(v);
  return refused != FINE ? refused : boxNumber(integerOf(v));
}
/** https://tc39.es/ecma262/#sec-tolength of a primitive */
export function clampLength(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isInt(v)) return asInt(v) < 0 ? boxInt(0) : v;
  const refused = refuseNumber(v);
  if (refused != FINE) return refused;
  const d = integerOf(v);
  return d <= 0 ? boxInt(0) : boxNumber(d < 9007199254740991.0 ? d : 9007199254740991.0);
}
/** https://tc39.es/ecma262/#sec-toobject */
export function toObject(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isObjectValue(v)) return v;
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
  return boxObject(wrapPrimitive(v));
}
/** Text of a property key for messages. */
export function keyText(area: usize, argc: i32): Value {
  const key = argAt(area, argc, 0);
  return boxString(isObjectValue(key) ? valueText(key) : textOfKey(key));
}
/** Short text of any value for messages. */
export function describe(area: usize, argc: i32): Value {
  return boxString(valueText(argAt(area, argc, 0)));
}
/** Text of a value together with its type, for messages that have no expression to name it by. */
export function typedText(area: usize, argc: i32): Value {
  return boxString(typedTextOf(argAt(area, argc, 0)));
}
/** Message for a value that the running prelude function was to iterate, but cannot. */
export function notIterableText(area: usize, argc: i32): Value {
  return boxString(notIterable(argAt(area, argc, 0), argAt(area, argc, 1) == TRUE));
}
/** `+` of two primitives. https://tc39.es/ecma262/#sec-applystringornumericbinaryoperator */
export function addPrimitives(area: usize, argc: i32): Value {
  const l = argAt(area, argc, 0);
  const r = argAt(area, argc, 1);
  if (isString(l) || isString(r)) {
    let refused = refuseString(l);
    if (refused == FINE) refused = refuseString(r);
    if (refused != FINE) return refused;
    const a = stringOf(l);
    const b = stringOf(r);
    if (!canConcat(lengthOf(a), lengthOf(b))) return throwLiteral(ErrorKind.RangeError, "Invalid string length");
    if (!reserve(concatBytes(a, b))) return RETRY;
    return boxString(concat(a, b));
  }
  let refused = refuseNumber(l);
  if (refused == FINE) refused = refuseNumber(r);
  return refused != FINE ? refused : boxNumber(numberOf(l) + numberOf(r));
}
export function looseEqualsPrimitives(area: usize, argc: i32): Value {
  return boxBool(looseEqualsPrimitive(argAt(area, argc, 0), argAt(area, argc, 1)));
}

// --- making -----------------------------------------------------------------------------------------------------------

/** OrdinaryObjectCreate(prototype or null) */
export function newObject(area: usize, argc: i32): Value {
  const proto = argAt(area, argc, 0);
  return boxObject(makeObject(Kind.OBJECT, isObjectValue(proto) ? addressOf(proto) : 0, 4));
}
/**
 * Number of slots in objects of a class that the prelude makes; NO_CLASS for classes whose objects only natives make, since
 * natives read the slots of those unchecked.
 */
function slotsOf(cls: u32): u32 {
  for (let at = PRELUDE_CLASSES; load<u8>(at) != 0; at += 2) if (<u32>load<u8>(at) == cls) return <u32>load<u8>(at, 1);
  return NO_CLASS;
}
const NO_CLASS: u32 = 0xffffffff;

/** True if the prelude may put the value there: natives rely on its type (INTERNAL_CLASSES in ts/defs/snapshot-format.ts). */
function slotTakes(cls: u32, index: u32, v: Value): bool {
  if (slotsOf(cls) == NO_CLASS && cls != InternalClass.ARRAY_ITERATOR) return false;
  if (isCell(v)) return false;
  if (cls == InternalClass.ARRAY_ITERATOR) return index == 0 ? isObjectValue(v) || v == UNDEFINED : isInt(v);
  if (cls == 22 && index == 1) return isObjectValue(v) && kindOf(addressOf(v)) == Kind.WEAKMAP;
  if (cls == 31 && index == 0) return isObjectValue(v) || v == UNDEFINED;
  return cls != 31 || index != 1 || isString(v) || v == UNDEFINED;
}
/** Class and slots, two bytes each; 0 ends. */
const PRELUDE_CLASSES: usize = memory.data<u8>([20, 8, 21, 2, 22, 2, 23, 1, 31, 5, 60, 2, 61, 2, 70, 0, 71, 4, 72, 1, 73, 1, 74, 2, 75, 1, 90, 2, 0, 0]);

/** (class, prototype, slot count): an object with internal slots, all undefined. */
export function newInternal(area: usize, argc: i32): Value {
  const proto = argAt(area, argc, 1);
  const parent: usize = isObjectValue(proto) ? addressOf(proto) : 0;
  const count = argAt(area, argc, 2);
  const cls = argAt(area, argc, 0);
  if (!isInt(count) || !isInt(cls) || <u32>asInt(count) != slotsOf(<u32>asInt(cls))) return refuseState();
  return boxObject(newInternalObject(<u32>asInt(cls), parent, <u32>asInt(count)));
}
/** (value, class) */
export function isInternal(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return boxBool(
    isObjectValue(v) &&
      kindOf(addressOf(v)) == Kind.INTERNAL &&
      load<i32>(addressOf(v), INTERNAL_CLASS) == asInt(load<u64>(area, 24)),
  );
}
/** Address of the internal slot that the arguments (object, index) name; 0 if there is no such slot. */
function slotOf(area: usize): usize {
  const v = load<u64>(area, 16);
  const index = <u32>asInt(load<u64>(area, 24));
  if (!isObjectValue(v) || !isInt(load<u64>(area, 24))) return 0;
  const object = addressOf(v);
  if (kindOf(object) != Kind.INTERNAL || index >= load<u32>(object, INTERNAL_COUNT)) return 0;
  return object + INTERNAL_SIZE + ((<usize>index) << 3);
}
/** (object, index) */
export function slot(area: usize, argc: i32): Value {
  const at = slotOf(area);
  return at == 0 ? refuseState() : load<u64>(at);
}
/** (object, index, value) */
export function setSlot(area: usize, argc: i32): Value {
  const at = slotOf(area);
  if (at == 0) return refuseState();
  const object = addressOf(load<u64>(area, 16));
  if (!slotTakes(load<u32>(object, INTERNAL_CLASS), <u32>asInt(load<u64>(area, 24)), load<u64>(area, 32))) return refuseState();
  store<u64>(at, load<u64>(area, 32));
  return UNDEFINED;
}
/** (capacity): [] with room for that many elements; the capacity is a hint, and there is an upper limit to it. */
export function newArray(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  const wanted = isInt(v) ? asInt(v) : isNumber(v) && toDouble(v) > 0 ? 4096 : 0;
  const capacity: u32 = wanted < 0 ? 0 : wanted > 4096 ? 4096 : <u32>wanted;
  if (capacity > 64 && !reserve((<usize>capacity) << 3)) return RETRY;
  return boxObject(makeArray(capacity));
}
/** (array, value): appends to an array that no guest has seen. */
export function arrayAppend(area: usize, argc: i32): Value {
  const array = listAt(area, 0);
  if (array == 0) return refuseState();
  const bytes = growthBytes(array, load<u32>(array, ARRAY_LENGTH));
  if (bytes > 512) {
    if (!reserve(bytes)) return RETRY;
    chargeFuel(<i32>(bytes >> 8));
  }
  arrayPush(array, load<u64>(area, 24));
  return UNDEFINED;
}

// --- errors -----------------------------------------------------------------------------------------------------------

function raise(area: usize, argc: i32, kind: i32): Value {
  const message = argAt(area, argc, 0);
  return throwError(kind, isString(message) ? addressOf(message) : atomAt(Atom.empty));
}
export function throwTypeError(area: usize, argc: i32): Value {
  return raise(area, argc, ErrorKind.TypeError);
}
export function throwRangeError(area: usize, argc: i32): Value {
  return raise(area, argc, ErrorKind.RangeError);
}
export function throwSyntaxError(area: usize, argc: i32): Value {
  return raise(area, argc, ErrorKind.SyntaxError);
}
export function throwReferenceError(area: usize, argc: i32): Value {
  return raise(area, argc, ErrorKind.ReferenceError);
}
export function throwEvalError(area: usize, argc: i32): Value {
  return raise(area, argc, ErrorKind.EvalError);
}
export function throwURIError(area: usize, argc: i32): Value {
  return raise(area, argc, ErrorKind.URIError);
}
