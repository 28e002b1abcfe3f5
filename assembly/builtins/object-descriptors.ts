// Owns the natives of Object that define, describe and ask for single properties. Must never call guest code: getters, setters and
// proxies are left to the prelude functions of the same names (ts/prelude/object.js), before anything observable was done.
// https://tc39.es/ecma262/#sec-object.defineproperty
import { addressOf, boxBool, boxObject, boxString, DEFER, EXCEPTION, isNullish, isObject, RETRY, UNDEFINED, Value } from "../core/value";
import { throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import { ACCESSOR_GETTER, ACCESSOR_SETTER } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { valueText } from "../interpreter/describe";
import { argAt, thisOf } from "../interpreter/native";
import { isCallable } from "../objects/function";
import { ABSENT_PROPERTY, DATA, FOUND_ATTRIBUTES, FOUND_VALUE } from "../objects/lookup";
import { addProperty, newPlainObject } from "../objects/object";
import {
  defineOwn, getOwn, getOwnPlainly, HAS_CONFIGURABLE, HAS_ENUMERABLE, HAS_GET, HAS_SET, HAS_VALUE, HAS_WRITABLE, isLengthKey,
  isValidLength, lookup,
} from "../objects/property";
import { ACCESSOR, CONFIGURABLE, ENUMERABLE, PLAIN, WRITABLE } from "../objects/shape";
import { ownsKey } from "../objects/typed";
import { toBoolean } from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { priceKey } from "./ordinary";
import { FINE, isProxyCell, refuseKey, throwKey, toObjectOrThrow } from "./shared";

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
  if (isProxyCell(object)) return DEFER;
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
  const object = toObjectOrThrow(argAt(area, argc, 0));
  if (object == 0) return EXCEPTION;
  if (isProxyCell(object)) return DEFER;
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
  const object = toObjectOrThrow(v);
  if (object == 0) return EXCEPTION;
  const refused = refuseKey(name);
  if (refused != FINE) return refused;
  if (isProxyCell(object)) return DEFER;
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
  const object = toObjectOrThrow(thisOf(area));
  if (object == 0) return EXCEPTION;
  if (isProxyCell(object)) return DEFER;
  return boxBool(
    getOwn(object, toPropertyKeyPrimitive(name)) != ABSENT_PROPERTY && (load<u32>(FOUND_ATTRIBUTES) & ENUMERABLE) != 0,
  );
}
