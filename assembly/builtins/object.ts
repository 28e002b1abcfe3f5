// Owns the natives of Object and Object.prototype. Must never call guest code: getters, setters and proxies are left to the
// prelude functions of the same names (ts/prelude/object.js), before anything observable was done.
// https://tc39.es/ecma262/#sec-object-objects
import {
  addressOf, boxBool, boxObject, boxString, DEFER, FALSE, isInt, isNullish, isNumber, isObject, isString, NULL, RETRY, TRUE, UNDEFINED,
  Value,
} from "../core/value";
import { lit, throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, ARRAY_ARRAY_FLAGS, ELEMENTS_LENGTH, Kind, PRIMITIVE_PRIMITIVE, SHAPE_COUNT, SHAPE_TABLE, SYMBOL_FLAGS,
} from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeFuel, kindOf } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, calleeOf, newTargetOf, thisOf } from "../interpreter/native";
import {
  countElements, elementAt, elementAttributes, elementsOf, findElement, FROZEN, isSparse, restrictElements, SEALED,
} from "../objects/elements";
import { isCallable, isCallableObject, materialize, needsMaterializeAll } from "../objects/function";
import { ENUMERABLE_ONLY, ownKeys, RAW_INDICES, STRINGS, SYMBOLS } from "../objects/keys";
import { ABSENT_PROPERTY, ACCESSOR_PROPERTY, chargeSteps, DATA, FOUND_ATTRIBUTES, FOUND_VALUE, PROXY_PROPERTY } from "../objects/lookup";
import { addProperty, arrayPush, newArray, newObject, newPlainObject } from "../objects/object";
import { prototypeOfPrimitive } from "../objects/primitive";
import {
  assign, defineOwn, DONE, getOwn, getOwnPlainly, HAS_CONFIGURABLE, HAS_ENUMERABLE, HAS_GET, HAS_SET, HAS_VALUE, HAS_WRITABLE,
  isLengthKey, isValidLength, lookup,
} from "../objects/property";
import {
  ACCESSOR, CONFIGURABLE, entryAt, entryAttributes, entryKey, ENUMERABLE, isExtensible, makeUnique, namedCount, PLAIN, preventExtensions,
  prototypeOf, shapeOf, WRITABLE,
} from "../objects/shape";
import { forceStack } from "../objects/stack-trace";
import { ownsKey, viewLength } from "../objects/typed";
import { sameValue, toBoolean } from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { concat } from "../strings/string";
import { testArray } from "./core";
import { allData, changePrototypeOf, objectOrNull, priceKey } from "./ordinary";
import { arrayOf, FINE, priceOwn, prototypeFor, refuseKey, throwKey, wrapPrimitive } from "./shared";

/** https://tc39.es/ecma262/#sec-toobject; 0: it has thrown. */
function toObject(v: Value): usize {
  if (isObject(v)) return addressOf(v);
  if (isNullish(v)) {
    throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
    return 0;
  }
  return wrapPrimitive(v);
}
// @ts-ignore: decorator
@inline
function isProxy(object: usize): bool {
  return kindOf(object) == Kind.PROXY;
}
// @ts-ignore: decorator
@inline
function isTyped(object: usize): bool {
  return kindOf(object) == Kind.TYPEDARRAY;
}
const THROWN: Value = 0xfffffff0_00000010;

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

// --- prototypes ---------------------------------------------------------------------------------------------------

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
  return isProxy(addressOf(v)) ? DEFER : objectOrNull(prototypeOf(addressOf(v)));
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
  if (isProxy(addressOf(v))) return DEFER;
  const result = setPrototype(addressOf(v), proto);
  return result == UNDEFINED ? v : result;
}

/** https://tc39.es/ecma262/#sec-get-object.prototype.__proto__ */
export function getObjectPrototype__proto__(area: usize, argc: i32): Value {
  const v = thisOf(area);
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
  if (!isObject(v)) return objectOrNull(prototypeOfPrimitive(v));
  return isProxy(addressOf(v)) ? DEFER : objectOrNull(prototypeOf(addressOf(v)));
}
/** https://tc39.es/ecma262/#sec-set-object.prototype.__proto__ */
export function setObjectPrototype__proto__(area: usize, argc: i32): Value {
  const v = thisOf(area);
  const proto = argAt(area, argc, 0);
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Object.prototype.__proto__ called on null or undefined");
  if ((!isObject(proto) && proto != NULL) || !isObject(v)) return UNDEFINED;
  return isProxy(addressOf(v)) ? DEFER : setPrototype(addressOf(v), proto);
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
  while (!isProxy(p)) {
    p = prototypeOf(p);
    steps++;
    if (p != 0 && p != wanted) continue;
    chargeSteps(steps);
    return boxBool(p != 0);
  }
  return DEFER;
}

// --- keys, values, entries ----------------------------------------------------------------------------------------

/** Own keys of any value as a fresh array. */
function listKeys(v: Value, which: u32): Value {
  const object = toObject(v);
  if (object == 0) return THROWN;
  if (isProxy(object)) return DEFER;
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
  const object = toObject(v);
  if (object == 0) return THROWN;
  if (isProxy(object)) return DEFER;
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
  if (isProxy(source) || isTyped(target) || !allData(source)) return false;
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
  const target = toObject(argAt(area, argc, 0));
  if (target == 0) return THROWN;
  if (isProxy(target)) return DEFER;
  for (let i = 1; i < argc; i++) {
    const v = argAt(area, argc, i);
    if (isString(v)) return DEFER;
    if (!isObject(v)) continue;
    const source = addressOf(v);
    if (kindOf(source) == Kind.FUNCTION && needsMaterializeAll(source)) materialize(source);
    if (!isProxy(source) && !priceOwn(source, 96)) return RETRY;
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

// --- descriptors --------------------------------------------------------------------------------------------------

/** The fields that toDescriptor has read. */
const READ: usize = memory.data(32, 8);
const READ_FLAGS: usize = READ;
const READ_VALUE: usize = READ + 8;
const READ_GETTER: usize = READ + 16;
const READ_SETTER: usize = READ + 24;

/** One field of a descriptor object: its value, ABSENT_FIELD, or DEFER for a getter or a proxy. */
const ABSENT_FIELD: Value = 0xfffffff0_00000014;
function field(object: usize, name: i32): Value {
  const state = lookup(object, boxString(atomAt(name)));
  return state == DATA ? load<u64>(FOUND_VALUE) : state == ABSENT_PROPERTY ? ABSENT_FIELD : DEFER;
}
function flagField(object: usize, name: i32, bits: u32, has: u32): bool {
  const v = field(object, name);
  if (v == DEFER) return false;
  if (v != ABSENT_FIELD) store<u32>(READ_FLAGS, load<u32>(READ_FLAGS) | has | (toBoolean(v) ? bits : 0));
  return true;
}

/** https://tc39.es/ecma262/#sec-topropertydescriptor into READ; FINE, or a signal. */
function toDescriptor(v: Value): Value {
  if (!isObject(v))
    return throwNamed(ErrorKind.TypeError, "Property description must be an object: ", valueText(v), "");
  const object = addressOf(v);
  store<u32>(READ_FLAGS, 0);
  if (!flagField(object, Atom.enumerable, ENUMERABLE, HAS_ENUMERABLE)) return DEFER;
  if (!flagField(object, Atom.configurable, CONFIGURABLE, HAS_CONFIGURABLE)) return DEFER;
  const value = field(object, Atom.value);
  if (value == DEFER) return DEFER;
  if (!flagField(object, Atom.writable, WRITABLE, HAS_WRITABLE)) return DEFER;
  const getter = field(object, Atom.get_);
  if (getter == DEFER) return DEFER;
  let flags = load<u32>(READ_FLAGS);
  if (getter != ABSENT_FIELD) {
    if (getter != UNDEFINED && !isCallable(getter))
      return throwNamed(ErrorKind.TypeError, "Getter must be a function: ", valueText(getter), "");
    flags |= HAS_GET;
  }
  const setter = field(object, Atom.set_);
  if (setter == DEFER) return DEFER;
  if (setter != ABSENT_FIELD) {
    if (setter != UNDEFINED && !isCallable(setter))
      return throwNamed(ErrorKind.TypeError, "Setter must be a function: ", valueText(setter), "");
    flags |= HAS_SET;
  }
  if (value != ABSENT_FIELD) flags |= HAS_VALUE;
  if ((flags & (HAS_GET | HAS_SET)) != 0 && (flags & (HAS_VALUE | HAS_WRITABLE)) != 0) {
    return throwNamed(
      ErrorKind.TypeError,
      "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute, ",
      valueText(v),
      "",
    );
  }
  store<u32>(READ_FLAGS, flags);
  store<u64>(READ_VALUE, value);
  store<u64>(READ_GETTER, getter);
  store<u64>(READ_SETTER, setter);
  return FINE;
}

/** https://tc39.es/ecma262/#sec-object.defineproperty */
export function objectDefineProperty(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return throwLiteral(ErrorKind.TypeError, "Object.defineProperty called on non-object");
  const object = addressOf(v);
  if (isProxy(object)) return DEFER;
  let refused = refuseKey(argAt(area, argc, 1));
  if (refused == FINE) refused = toDescriptor(argAt(area, argc, 2));
  if (refused != FINE) return refused;
  const key = toPropertyKeyPrimitive(argAt(area, argc, 1));
  const flags = load<u32>(READ_FLAGS);
  if ((flags & HAS_VALUE) != 0 && isLengthKey(object, key) && !isValidLength(load<u64>(READ_VALUE))) return DEFER;
  if (ownsKey(object, key)) return DEFER;
  if (!priceKey(object, key)) return RETRY;
  if (defineOwn(object, key, flags, load<u64>(READ_VALUE), load<u64>(READ_GETTER), load<u64>(READ_SETTER))) return v;
  if (getOwn(object, key) == ABSENT_PROPERTY)
    return throwKey("Cannot define property ", key, ", object is not extensible");
  return throwKey("Cannot redefine property: ", key, "");
}

function addBool(object: usize, name: i32, flag: u32): void {
  addProperty(object, atomAt(name), boxBool(flag != 0), PLAIN);
}
/** FromPropertyDescriptor of the property that getOwn has just found. https://tc39.es/ecma262/#sec-frompropertydescriptor */
function describeFound(): Value {
  const value = load<u64>(FOUND_VALUE);
  const attributes = load<u32>(FOUND_ATTRIBUTES);
  const out = newPlainObject(4);
  if (attributes & ACCESSOR) {
    addProperty(out, atomAt(Atom.get_), load<u64>(addressOf(value), ACCESSOR_GETTER), PLAIN);
    addProperty(out, atomAt(Atom.set_), load<u64>(addressOf(value), ACCESSOR_SETTER), PLAIN);
  } else {
    addProperty(out, atomAt(Atom.value), value, PLAIN);
    addBool(out, Atom.writable, attributes & WRITABLE);
  }
  addBool(out, Atom.enumerable, attributes & ENUMERABLE);
  addBool(out, Atom.configurable, attributes & CONFIGURABLE);
  return boxObject(out);
}
/** https://tc39.es/ecma262/#sec-object.getownpropertydescriptor */
export function objectGetOwnPropertyDescriptor(area: usize, argc: i32): Value {
  const object = toObject(argAt(area, argc, 0));
  if (object == 0) return THROWN;
  if (isProxy(object)) return DEFER;
  const refused = refuseKey(argAt(area, argc, 1));
  if (refused != FINE) return refused;
  return getOwnPlainly(object, toPropertyKeyPrimitive(argAt(area, argc, 1))) == ABSENT_PROPERTY ? UNDEFINED : describeFound();
}

/** https://tc39.es/ecma262/#sec-object.hasown */
export function objectHasOwn(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (isNullish(v)) return throwLiteral(ErrorKind.TypeError, "Cannot convert undefined or null to object");
  return hasOwn(v, argAt(area, argc, 1));
}
function hasOwn(v: Value, name: Value): Value {
  const object = toObject(v);
  if (object == 0) return THROWN;
  const refused = refuseKey(name);
  if (refused != FINE) return refused;
  if (isProxy(object)) return DEFER;
  return boxBool(getOwn(object, toPropertyKeyPrimitive(name)) != ABSENT_PROPERTY);
}
/** https://tc39.es/ecma262/#sec-object.prototype.hasownproperty */
export function objectPrototypeHasOwnProperty(area: usize, argc: i32): Value {
  const name = argAt(area, argc, 0);
  return isObject(name) ? DEFER : hasOwn(thisOf(area), name);
}
/** https://tc39.es/ecma262/#sec-object.prototype.propertyisenumerable */
export function objectPrototypePropertyIsEnumerable(area: usize, argc: i32): Value {
  const name = argAt(area, argc, 0);
  const refused = refuseKey(name);
  if (refused != FINE) return refused;
  const object = toObject(thisOf(area));
  if (object == 0) return THROWN;
  if (isProxy(object)) return DEFER;
  return boxBool(
    getOwn(object, toPropertyKeyPrimitive(name)) != ABSENT_PROPERTY && (load<u32>(FOUND_ATTRIBUTES) & ENUMERABLE) != 0,
  );
}

/** https://tc39.es/ecma262/#sec-object.is */
export function objectIs(area: usize, argc: i32): Value {
  return boxBool(sameValue(argAt(area, argc, 0), argAt(area, argc, 1)));
}

// --- integrity ------------------------------------------------------------------------------------------------------

/** SetIntegrityLevel of anything but a proxy; flag: FROZEN or SEALED. https://tc39.es/ecma262/#sec-setintegritylevel */
function restrict(object: usize, flag: u32): void {
  forceStack(object);
  const kind = kindOf(object);
  if (kind == Kind.FUNCTION && needsMaterializeAll(object)) materialize(object);
  preventExtensions(object);
  const before = shapeOf(object);
  const count = load<u32>(before, SHAPE_COUNT);
  chargeFuel(<i32>(namedCount(before) >> 3));
  let table: usize = 0;
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shapeOf(object), i);
    if (key == 0 || (kindOf(key) == Kind.SYMBOL && (load<u32>(key, SYMBOL_FLAGS) & SYMBOL_PRIVATE) != 0)) continue;
    const had = entryAttributes(shapeOf(object), i);
    let attributes = had & ~CONFIGURABLE;
    if (flag == FROZEN && (had & ACCESSOR) == 0) attributes &= ~WRITABLE;
    if (attributes == had) continue;
    // One new shape of its own is enough: no inline cache can have seen it in between.
    if (table == 0) table = <usize>load<u32>(makeUnique(object, 0), SHAPE_TABLE);
    store<u32>(entryAt(table, i), attributes, 4);
  }
  restrictElements(object, flag);
  if (kind == Kind.ARRAY && flag == FROZEN)
    store<u32>(object, load<u32>(object, ARRAY_ARRAY_FLAGS) | 1, ARRAY_ARRAY_FLAGS);
}

/** TestIntegrityLevel of anything but a proxy. https://tc39.es/ecma262/#sec-testintegritylevel */
function isRestricted(object: usize, flag: u32): bool {
  if (isExtensible(object)) return false;
  const kind = kindOf(object);
  if (kind == Kind.FUNCTION && needsMaterializeAll(object)) materialize(object);
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  chargeFuel(<i32>(namedCount(shape) >> 4));
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0 || (kindOf(key) == Kind.SYMBOL && (load<u32>(key, SYMBOL_FLAGS) & SYMBOL_PRIVATE) != 0)) continue;
    const attributes = entryAttributes(shape, i);
    if (attributes & CONFIGURABLE) return false;
    if (flag == FROZEN && (attributes & (ACCESSOR | WRITABLE)) == WRITABLE) return false;
  }
  if (kind == Kind.ARRAY && flag == FROZEN && (load<u32>(object, ARRAY_ARRAY_FLAGS) & 1) == 0) return false;
  if (kind == Kind.TYPEDARRAY && viewLength(object) != 0) return false;
  const elements = elementsOf(object);
  if (elements != 0) chargeFuel(<i32>(load<u32>(elements, ELEMENTS_LENGTH) >> 4));
  if (countElements(elements) == 0) return true;
  if (!isSparse(elements)) return (load<u32>(elements) & (flag == FROZEN ? FROZEN : FROZEN | SEALED)) != 0;
  const keys = ownKeys(object, STRINGS | RAW_INDICES);
  const length = load<u32>(keys, ELEMENTS_LENGTH);
  for (let i: u32 = 0; i < length; i++) {
    const key = load<u64>(elementAt(keys, i));
    if (!isInt(key)) break;
    const attributes = elementAttributes(elements, findElement(elements, <u32>key));
    if (attributes & CONFIGURABLE) return false;
    if (flag == FROZEN && (attributes & (ACCESSOR | WRITABLE)) == WRITABLE) return false;
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-object.freeze */
export function objectFreeze(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return v;
  if (isProxy(addressOf(v)) || isTyped(addressOf(v))) return DEFER;
  restrict(addressOf(v), FROZEN);
  return v;
}
/** https://tc39.es/ecma262/#sec-object.seal */
export function objectSeal(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return v;
  if (isProxy(addressOf(v)) || isTyped(addressOf(v))) return DEFER;
  restrict(addressOf(v), SEALED);
  return v;
}
/** https://tc39.es/ecma262/#sec-object.preventextensions */
export function objectPreventExtensions(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return v;
  if (isProxy(addressOf(v)) || isTyped(addressOf(v))) return DEFER;
  preventExtensions(addressOf(v));
  return v;
}
/** https://tc39.es/ecma262/#sec-object.isfrozen */
export function objectIsFrozen(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return TRUE;
  return isProxy(addressOf(v)) ? DEFER : boxBool(isRestricted(addressOf(v), FROZEN));
}
/** https://tc39.es/ecma262/#sec-object.issealed */
export function objectIsSealed(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return TRUE;
  return isProxy(addressOf(v)) ? DEFER : boxBool(isRestricted(addressOf(v), SEALED));
}
/** https://tc39.es/ecma262/#sec-object.isextensible */
export function objectIsExtensible(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return FALSE;
  return isProxy(addressOf(v)) ? DEFER : boxBool(isExtensible(addressOf(v)));
}

// --- the rest of the prototype ------------------------------------------------------------------------------------------

/** builtinTag as an Atom; for a proxy of an array too. https://tc39.es/ecma262/#sec-object.prototype.tostring */
function builtinTag(v: Value): i32 {
  const object = addressOf(v);
  const kind = kindOf(object);
  if (kind == Kind.ARRAY || (kind == Kind.PROXY && testArray(v) == TRUE)) return Atom.Array;
  if (isCallableObject(object)) return Atom.Function;
  if (kind == Kind.ERROR) return Atom.Error;
  if (kind == Kind.DATE) return Atom.Date;
  if (kind == Kind.REGEXP) return Atom.RegExp;
  if (kind == Kind.ARGUMENTS) return Atom.Arguments;
  if (kind != Kind.PRIMITIVE) return Atom.Object;
  return primitiveTag(load<u64>(object, PRIMITIVE_PRIMITIVE));
}
function primitiveTag(v: Value): i32 {
  return isString(v) ? Atom.String : isNumber(v) ? Atom.Number : v == TRUE || v == FALSE ? Atom.Boolean : Atom.Object;
}

/** https://tc39.es/ecma262/#sec-object.prototype.tostring */
export function objectPrototypeToString(area: usize, argc: i32): Value {
  const v = thisOf(area);
  if (v == UNDEFINED) return boxString(lit("[object Undefined]"));
  if (v == NULL) return boxString(lit("[object Null]"));
  if (isObject(v) && isProxy(addressOf(v))) return DEFER;
  const state = lookup(isObject(v) ? addressOf(v) : prototypeOfPrimitive(v), intrinsic(Intrinsic.Symbol_toStringTag));
  if (state > DATA) return DEFER;
  if (state == DATA && isString(load<u64>(FOUND_VALUE))) return boxString(tagText(addressOf(load<u64>(FOUND_VALUE))));
  const tag = isObject(v) ? builtinTag(v) : primitiveTag(v);
  return boxString(tag == Atom.Object ? atomAt(Atom.s_5bobject20Object5d) : tagText(atomAt(tag)));
}
function tagText(tag: usize): usize {
  return concat(concat(lit("[object "), tag), lit("]"));
}
/** (object): the builtinTag, for the prelude. */
export function objectTag(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  const array = testArray(v);
  return array == THROWN ? array : boxString(atomAt(builtinTag(v)));
}

/** https://tc39.es/ecma262/#sec-object.prototype.valueof */
export function objectPrototypeValueOf(area: usize, argc: i32): Value {
  const object = toObject(thisOf(area));
  return object == 0 ? THROWN : boxObject(object);
}
