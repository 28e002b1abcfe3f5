// Owns Object.freeze, seal, preventExtensions and the questions about them. Must never call guest code: proxies are left to the prelude
// functions of the same names (ts/prelude/object.js). https://tc39.es/ecma262/#sec-setintegritylevel
import { addressOf, boxBool, DEFER, FALSE, isInt, isObject, TRUE, Value } from "../core/value";
import { ARRAY_ARRAY_FLAGS, ELEMENTS_LENGTH, Kind, SHAPE_COUNT, SHAPE_TABLE, SYMBOL_FLAGS } from "../generated/kinds";
import { chargeFuel, kindOf } from "../heap/memory";
import { argAt } from "../interpreter/native";
import {
  countElements, elementAt, elementAttributes, elementsOf, findElement, FROZEN, isSparse, restrictElements, SEALED,
} from "../objects/elements";
import { materialize, needsMaterializeAll } from "../objects/function";
import { ownKeys, RAW_INDICES, STRINGS } from "../objects/keys";
import {
  ACCESSOR, CONFIGURABLE, entryAt, entryAttributes, entryKey, isExtensible, makeUnique, namedCount, preventExtensions, shapeOf, WRITABLE,
} from "../objects/shape";
import { forceStack } from "../objects/stack-trace";
import { viewLength } from "../objects/typed";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { isProxyCell, isTypedCell } from "./shared";

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
  if (isProxyCell(addressOf(v)) || isTypedCell(addressOf(v))) return DEFER;
  restrict(addressOf(v), FROZEN);
  return v;
}

/** https://tc39.es/ecma262/#sec-object.seal */
export function objectSeal(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return v;
  if (isProxyCell(addressOf(v)) || isTypedCell(addressOf(v))) return DEFER;
  restrict(addressOf(v), SEALED);
  return v;
}

/** https://tc39.es/ecma262/#sec-object.preventextensions */
export function objectPreventExtensions(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return v;
  if (isProxyCell(addressOf(v)) || isTypedCell(addressOf(v))) return DEFER;
  preventExtensions(addressOf(v));
  return v;
}

/** https://tc39.es/ecma262/#sec-object.isfrozen */
export function objectIsFrozen(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return TRUE;
  return isProxyCell(addressOf(v)) ? DEFER : boxBool(isRestricted(addressOf(v), FROZEN));
}

/** https://tc39.es/ecma262/#sec-object.issealed */
export function objectIsSealed(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return TRUE;
  return isProxyCell(addressOf(v)) ? DEFER : boxBool(isRestricted(addressOf(v), SEALED));
}

/** https://tc39.es/ecma262/#sec-object.isextensible */
export function objectIsExtensible(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return FALSE;
  return isProxyCell(addressOf(v)) ? DEFER : boxBool(isExtensible(addressOf(v)));
}
