// Owns the internal methods of ordinary objects as natives of the prelude. Must never call guest code: a native that meets a proxy or an
// accessor returns HOLE, and the prelude goes on. https://tc39.es/ecma262/#sec-ordinary-object-internal-methods-and-internal-slots
import {
  addressOf, asInt, boxBool, boxInt, boxObject, FALSE, HOLE, isInt, isObject as isObjectValue, NULL, RETRY, TRUE, UNDEFINED, Value,
} from "../core/value";
import { Intrinsic, intrinsic } from "../generated/intrinsics";
import { ACCESSOR_GETTER, ACCESSOR_SETTER, Kind } from "../generated/kinds";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { denseLength, elementsOf, growthBytes } from "../objects/elements";
import { isCallable } from "../objects/function";
import { ownKeys } from "../objects/keys";
import { ABSENT_PROPERTY, chargeSteps, DATA, FOUND_ATTRIBUTES, FOUND_VALUE, PROXY_PROPERTY } from "../objects/lookup";
import { arrayPush, newArray as makeArray } from "../objects/object";
import {
  assign, createDataProperty, defineOwn, deleteOwn, DONE, getOwn, getOwnPlainly, HAS_CONFIGURABLE, HAS_ENUMERABLE, HAS_GET, HAS_SET,
  HAS_VALUE, HAS_WRITABLE, isLengthKey, isValidLength, lookup, REJECTED,
} from "../objects/property";
import { ACCESSOR, changePrototype, CONFIGURABLE, isExtensible, preventExtensions, prototypeOf } from "../objects/shape";
import { isFixedLength, isStorable, ownsKey, typeOf } from "../objects/typed";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { arrayOf, priceOwn, refuseState } from "./shared";

/** The object in argument 0; 0 if it is a proxy or not an object. The code for proxies, which comes next, tells these apart. */
// @ts-ignore: decorator
@inline
export function ordinary(area: usize): usize {
  const v = load<u64>(area, 16);
  if (!isObjectValue(v)) return 0;
  const object = addressOf(v);
  return kindOf(object) == Kind.PROXY ? 0 : object;
}

/** Lookup of argument 1 in argument 0, along its chain. */
export function lookupAt(area: usize): i32 {
  const v = load<u64>(area, 16);
  return isObjectValue(v) ? lookup(addressOf(v), keyAt(area)) : PROXY_PROPERTY;
}

function isAccessor(v: Value): bool {
  return v == UNDEFINED || isCallable(v);
}

// @ts-ignore: decorator
@inline
function keyAt(area: usize): Value {
  return toPropertyKeyPrimitive(load<u64>(area, 24));
}

/** An address or 0 as object or null. */
// @ts-ignore: decorator
@inline
export function objectOrNull(p: usize): Value {
  return p == 0 ? NULL : boxObject(p);
}

/** https://tc39.es/ecma262/#sec-ordinarygetprototypeof */
export function prototypeOfOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  return object == 0 ? HOLE : objectOrNull(prototypeOf(object));
}

/** OrdinarySetPrototypeOf; proto: address or 0. https://tc39.es/ecma262/#sec-ordinarysetprototypeof */
export function changePrototypeOf(object: usize, proto: usize): bool {
  if (prototypeOf(object) == proto) return true;
  if (!isExtensible(object) || object == addressOf(intrinsic(Intrinsic.ObjectPrototype))) return false;
  let steps = 0;
  for (let p = proto; p != 0; p = prototypeOf(p)) {
    if (p == object) {
      chargeSteps(steps);
      return false;
    }
    if (kindOf(p) == Kind.PROXY) break;
    steps++;
  }
  chargeSteps(steps);
  changePrototype(object, proto);
  return true;
}

export function setPrototypeOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  const proto = load<u64>(area, 24);
  return boxBool(changePrototypeOf(object, isObjectValue(proto) ? addressOf(proto) : 0));
}

export function isExtensibleOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  return object == 0 ? HOLE : boxBool(isExtensible(object));
}

export function preventExtensionsOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  // https://tc39.es/ecma262/#sec-typedarray-preventextensions
  if (kindOf(object) == Kind.TYPEDARRAY && !isFixedLength(object)) return FALSE;
  preventExtensions(object);
  return TRUE;
}

/** https://tc39.es/ecma262/#sec-ordinarygetownproperty: a descriptor of the prelude */
export function getOwnOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  const state = getOwnPlainly(object, keyAt(area));
  if (state == ABSENT_PROPERTY) return UNDEFINED;
  const value = load<u64>(FOUND_VALUE);
  const attributes = load<u32>(FOUND_ATTRIBUTES);
  const record = makeArray(4);
  if (attributes & ACCESSOR) {
    arrayPush(record, boxInt(<i32>((attributes & 6) | HAS_ENUMERABLE | HAS_CONFIGURABLE | HAS_GET | HAS_SET)));
    arrayPush(record, UNDEFINED);
    arrayPush(record, load<u64>(addressOf(value), ACCESSOR_GETTER));
    arrayPush(record, load<u64>(addressOf(value), ACCESSOR_SETTER));
  } else {
    arrayPush(record, boxInt(<i32>((attributes & 7) | HAS_ENUMERABLE | HAS_CONFIGURABLE | HAS_VALUE | HAS_WRITABLE)));
    arrayPush(record, value);
    arrayPush(record, UNDEFINED);
    arrayPush(record, UNDEFINED);
  }
  return boxObject(record);
}

/** True if there is memory to give `object` a property of that key. */
export function priceKey(object: usize, key: Value): bool {
  if (!isInt(key) || kindOf(object) == Kind.TYPEDARRAY) return true;
  const index = <u32>key;
  const elements = elementsOf(object);
  // Far indices go to a sparse table, which grows by halves.
  const bytes = index > denseLength(elements) + 1024 ? <usize>denseLength(elements) * 32 : growthBytes(object, index);
  if (bytes <= 4096) return true;
  chargeFuel(<i32>(bytes >> 8));
  return reserve(bytes);
}

/** True if defining an element of a typed array begins with converting the value, which the prelude does. */
function wantsConversion(object: usize, key: Value, value: Value): bool {
  return ownsKey(object, key) && !isStorable(typeOf(object), value);
}

/** (object, key, flags, value, getter, setter); the length of an array comes as a valid number. https://tc39.es/ecma262/#sec-ordinarydefineownproperty */
export function defineOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  const key = keyAt(area);
  if (!priceKey(object, key)) return RETRY;
  if (!isAccessor(load<u64>(area, 48)) || !isAccessor(load<u64>(area, 56))) return refuseState();
  if (<u32>asInt(load<u64>(area, 32)) & HAS_VALUE && wantsConversion(object, key, load<u64>(area, 40))) return HOLE;
  return boxBool(
    defineOwn(
      object,
      key,
      <u32>asInt(load<u64>(area, 32)),
      load<u64>(area, 40),
      load<u64>(area, 48),
      load<u64>(area, 56),
    ),
  );
}

/** https://tc39.es/ecma262/#sec-createdataproperty */
export function createDataOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  const key = keyAt(area);
  if (!priceKey(object, key)) return RETRY;
  const value = load<u64>(area, 32);
  if (wantsConversion(object, key, value)) return HOLE;
  if (isLengthKey(object, key)) return FALSE; // not configurable: CreateDataProperty always fails
  return boxBool(createDataProperty(object, key, value));
}

export function hasOwnOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  return object == 0 ? HOLE : boxBool(getOwn(object, keyAt(area)) != ABSENT_PROPERTY);
}

/** (object, key): true if no invariant of a proxy for that ordinary object can concern the property. False for other objects. */
export function isUnconstrained(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return FALSE;
  return boxBool(getOwn(object, keyAt(area)) == ABSENT_PROPERTY || (load<u32>(FOUND_ATTRIBUTES) & CONFIGURABLE) != 0);
}

/** https://tc39.es/ecma262/#sec-ordinaryhasproperty; HOLE if there is a proxy in the chain before the property is found */
export function hasOrdinary(area: usize, argc: i32): Value {
  const state = lookupAt(area);
  return state == PROXY_PROPERTY ? HOLE : boxBool(state != ABSENT_PROPERTY);
}

/** https://tc39.es/ecma262/#sec-ordinarydelete */
export function deleteOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  return object == 0 ? HOLE : boxBool(deleteOwn(object, keyAt(area)));
}

/** (object, which: strings 1, symbols 2, enumerable only 4). https://tc39.es/ecma262/#sec-ordinaryownpropertykeys */
export function ownKeysOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  if (!priceOwn(object, 40)) return RETRY;
  return arrayOf(ownKeys(object, <u32>asInt(load<u64>(area, 24))));
}

/** (object, key, value): true or false. HOLE if it meets a setter, a proxy or a length to convert, and then nothing is done. */
export function assignOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  const key = keyAt(area);
  const value = load<u64>(area, 32);
  if (isLengthKey(object, key) && !isValidLength(value)) return HOLE;
  if (!priceKey(object, key)) return RETRY;
  const state = assign(object, key, value);
  return state == DONE ? TRUE : state == REJECTED ? FALSE : HOLE;
}

/** The value of a data property along the chain; undefined if there is no property, HOLE for an accessor or a proxy. */
export function getOrdinary(area: usize, argc: i32): Value {
  const state = lookupAt(area);
  return state == DATA ? load<u64>(FOUND_VALUE) : state == ABSENT_PROPERTY ? UNDEFINED : HOLE;
}

/** (object, key): is it a typed array and the key numeric, so that the array alone decides, whether it has the element or not? */
export function isElement(area: usize, argc: i32): Value {
  const object = ordinary(area);
  return boxBool(object != 0 && ownsKey(object, keyAt(area)));
}
