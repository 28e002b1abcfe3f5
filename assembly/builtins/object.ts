// Owns the natives of Object and Object.prototype. Must never call guest code: getters, setters and proxies are left to the
// prelude functions of the same names (ts/prelude/object.js), before anything observable was done.
// https://tc39.es/ecma262/#sec-object-objects
import {
  addressOf, boxBool, boxObject, DEFER, EXCEPTION, FALSE, isInt, isNullish, isObject, isString, NULL, RETRY, UNDEFINED, Value,
} from "../core/value";
import { throwLiteral, throwNamed } from "../errors/throw";
import { Intrinsic, intrinsic } from "../generated/intrinsics";
import { ELEMENTS_LENGTH, Kind } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, calleeOf, newTargetOf, thisOf } from "../interpreter/native";
import { elementAt } from "../objects/elements";
import { materialize, needsMaterializeAll } from "../objects/function";
import { ENUMERABLE_ONLY, ownKeys, RAW_INDICES, STRINGS, SYMBOLS } from "../objects/keys";
import { ABSENT_PROPERTY, ACCESSOR_PROPERTY, chargeSteps, FOUND_VALUE, PROXY_PROPERTY } from "../objects/lookup";
import { arrayPush, newArray, newObject, newPlainObject } from "../objects/object";
import { prototypeOfPrimitive } from "../objects/primitive";
import { assign, DONE, getOwn, isLengthKey, lookup } from "../objects/property";
import { isExtensible, prototypeOf } from "../objects/shape";
import { sameValue } from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { allData } from "./copy-data";
import { changePrototypeOf, objectOrNull, priceKey } from "./ordinary";
import { arrayOf, isProxyCell, isTypedCell, priceOwn, prototypeFor, throwKey, toObjectOrThrow, wrapPrimitive } from "./shared";

/** https://tc39.es/ecma262/#sec-object-value */
export function objectConstructor(area: usize, argc: i32): Value {
  const target = newTargetOf();
  if (target != UNDEFINED && target != calleeOf(area)) {
    const proto = prototypeFor(target, Intrinsic.ObjectPrototype);
    return proto == 0 ? DEFER : boxObject(newObject(Kind.OBJECT, proto, 4));
  }
  const v = argAt(area, argc, 0);
  if (isNullish(v)) return boxObject(newPlainObject(4));
  return isObject(v) ? v : boxObject(wrapPrimitive(v));
}

/** https://tc39.es/ecma262/#sec-object.create */
export function objectCreate(area: usize, argc: i32): Value {
  const proto = argAt(area, argc, 0);
  if (!isObject(proto) && proto != NULL) return throwPrototype(proto);
  if (argAt(area, argc, 1) != UNDEFINED) return DEFER;
  return boxObject(newObject(Kind.OBJECT, isObject(proto) ? addressOf(proto) : 0, 4));
}

function throwPrototype(proto: Value): Value {
  return throwNamed(ErrorKind.TypeError, "Object prototype may only be an Object or null: ", valueText(proto), "");
}

/** https://tc39.es/ecma262/#sec-object.getprototypeof */
export function objectGetPrototypeOf(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
  if (!isObject(v)) return objectOrNull(prototypeOfPrimitive(v));
  return isProxyCell(addressOf(v)) ? DEFER : objectOrNull(prototypeOf(addressOf(v)));
}

/** SetPrototypeOf that throws; object: no proxy. */
function setPrototype(object: usize, proto: Value): Value {
  if (changePrototypeOf(object, isObject(proto) ? addressOf(proto) : 0)) return UNDEFINED;
  if (object == addressOf(intrinsic(Intrinsic.ObjectPrototype))) {
    return throwLiteral(
      ErrorKind.TypeError,
      "Immutable prototype object 'Object.prototype' cannot have their prototype set",
    );
  }
  if (!isExtensible(object))
    return throwNamed(ErrorKind.TypeError, "", valueText(boxObject(object)), " is not extensible");
  return throwLiteral(ErrorKind.TypeError, "Cyclic __proto__ value");
}

/** https://tc39.es/ecma262/#sec-object.setprototypeof */
export function objectSetPrototypeOf(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  const proto = argAt(area, argc, 1);
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Object.setPrototypeOf called on null or undefined");
  if (!isObject(proto) && proto != NULL) return throwPrototype(proto);
  if (!isObject(v)) return v;
  if (isProxyCell(addressOf(v))) return DEFER;
  const result = setPrototype(addressOf(v), proto);
  return result == UNDEFINED ? v : result;
}

/** https://tc39.es/ecma262/#sec-get-object.prototype.__proto__ */
export function getObjectPrototype__proto__(area: usize, argc: i32): Value {
  const v = thisOf(area);
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
  if (!isObject(v)) return objectOrNull(prototypeOfPrimitive(v));
  return isProxyCell(addressOf(v)) ? DEFER : objectOrNull(prototypeOf(addressOf(v)));
}

/** https://tc39.es/ecma262/#sec-set-object.prototype.__proto__ */
export function setObjectPrototype__proto__(area: usize, argc: i32): Value {
  const v = thisOf(area);
  const proto = argAt(area, argc, 0);
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Object.prototype.__proto__ called on null or undefined");
  if ((!isObject(proto) && proto != NULL) || !isObject(v)) return UNDEFINED;
  return isProxyCell(addressOf(v)) ? DEFER : setPrototype(addressOf(v), proto);
}

/** https://tc39.es/ecma262/#sec-object.prototype.isprototypeof */
export function objectPrototypeIsPrototypeOf(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return FALSE;
  const self = thisOf(area);
  if (isNullish(self)) return throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
  // A primitive would become a wrapper, which is in no chain. Proxies in the chain are asked all the same.
  const wanted = isObject(self) ? addressOf(self) : 0;
  let p = addressOf(v);
  let steps = 0;
  while (!isProxyCell(p)) {
    p = prototypeOf(p);
    steps++;
    if (p != 0 && p != wanted) continue;
    chargeSteps(steps);
    return boxBool(p != 0);
  }
  return DEFER;
}

/** Own keys of any value as a fresh array. */
function listKeys(v: Value, which: u32): Value {
  const object = toObjectOrThrow(v);
  if (object == 0) return EXCEPTION;
  if (isProxyCell(object)) return DEFER;
  if (!priceOwn(object, 40)) return RETRY;
  return arrayOf(ownKeys(object, which));
}

/** https://tc39.es/ecma262/#sec-object.keys */
export function objectKeys(area: usize, argc: i32): Value {
  return listKeys(argAt(area, argc, 0), STRINGS | ENUMERABLE_ONLY);
}

/** https://tc39.es/ecma262/#sec-object.getownpropertynames */
export function objectGetOwnPropertyNames(area: usize, argc: i32): Value {
  return listKeys(argAt(area, argc, 0), STRINGS);
}

/** https://tc39.es/ecma262/#sec-object.getownpropertysymbols */
export function objectGetOwnPropertySymbols(area: usize, argc: i32): Value {
  return listKeys(argAt(area, argc, 0), SYMBOLS);
}

/** Values or entries of an object whose enumerable properties are all data. https://tc39.es/ecma262/#sec-enumerableownproperties */
function listValues(v: Value, entries: bool): Value {
  const object = toObjectOrThrow(v);
  if (object == 0) return EXCEPTION;
  if (isProxyCell(object)) return DEFER;
  if (kindOf(object) == Kind.FUNCTION && needsMaterializeAll(object)) materialize(object);
  if (!allData(object)) return DEFER;
  if (!priceOwn(object, entries ? 128 : 48)) return RETRY;
  const keys = ownKeys(object, STRINGS | ENUMERABLE_ONLY | (entries ? 0 : RAW_INDICES));
  const count = load<u32>(keys, ELEMENTS_LENGTH);
  for (let i: u32 = 0; i < count; i++) {
    const at = elementAt(keys, i);
    const key = load<u64>(at);
    getOwn(object, toPropertyKeyPrimitive(key));
    let item = load<u64>(FOUND_VALUE);
    if (entries) {
      const pair = newArray(2);
      arrayPush(pair, key);
      arrayPush(pair, item);
      item = boxObject(pair);
    }
    store<u64>(at, item);
  }
  return arrayOf(keys);
}

/** https://tc39.es/ecma262/#sec-object.values */
export function objectValues(area: usize, argc: i32): Value {
  return listValues(argAt(area, argc, 0), false);
}

/** https://tc39.es/ecma262/#sec-object.entries */
export function objectEntries(area: usize, argc: i32): Value {
  return listValues(argAt(area, argc, 0), true);
}

/** True if assigning all of `source` to `target` meets neither getters, setters nor proxies. */
function assignsPlainly(target: usize, source: usize): bool {
  if (isProxyCell(source) || isTypedCell(target) || !allData(source)) return false;
  const keys = ownKeys(source, STRINGS | SYMBOLS | ENUMERABLE_ONLY | RAW_INDICES);
  const count = load<u32>(keys, ELEMENTS_LENGTH);
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u64>(elementAt(keys, i));
    const state = lookup(target, key);
    if (state == ACCESSOR_PROPERTY || state == PROXY_PROPERTY) return false;
    // A length needs a conversion, and a new element may grow the target: both are left to the prelude.
    if (isLengthKey(target, key) || (isInt(key) && state == ABSENT_PROPERTY && !priceKey(target, key))) return false;
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-object.assign */
export function objectAssign(area: usize, argc: i32): Value {
  const target = toObjectOrThrow(argAt(area, argc, 0));
  if (target == 0) return EXCEPTION;
  if (isProxyCell(target)) return DEFER;
  for (let i = 1; i < argc; i++) {
    const v = argAt(area, argc, i);
    if (isString(v)) return DEFER;
    if (!isObject(v)) continue;
    const source = addressOf(v);
    if (kindOf(source) == Kind.FUNCTION && needsMaterializeAll(source)) materialize(source);
    if (!isProxyCell(source) && !priceOwn(source, 96)) return RETRY;
    if (!assignsPlainly(target, source)) return DEFER;
  }
  for (let i = 1; i < argc; i++) {
    const v = argAt(area, argc, i);
    if (!isObject(v)) continue;
    const source = addressOf(v);
    const keys = ownKeys(source, STRINGS | SYMBOLS | ENUMERABLE_ONLY | RAW_INDICES);
    const count = load<u32>(keys, ELEMENTS_LENGTH);
    for (let k: u32 = 0; k < count; k++) {
      const key = load<u64>(elementAt(keys, k));
      getOwn(source, key);
      if (assign(target, key, load<u64>(FOUND_VALUE)) != DONE)
        return throwKey("Cannot assign to read only property '", key, "' of object");
    }
  }
  return boxObject(target);
}

/** https://tc39.es/ecma262/#sec-object.is */
export function objectIs(area: usize, argc: i32): Value {
  return boxBool(sameValue(argAt(area, argc, 0), argAt(area, argc, 1)));
}
