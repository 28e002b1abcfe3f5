// Owns copying the properties of an object, or the elements of an array, in one native. Must never call guest code: what has getters, is a
// proxy or has an iterator of its own is left to the prelude. https://tc39.es/ecma262/#sec-copydataproperties
import { addressOf, FALSE, HOLE, isInt, isObject as isObjectValue, isString, RETRY, TRUE, Value } from "../core/value";
import { ARRAY_LENGTH, ELEMENTS_LENGTH, Kind, SHAPE_COUNT, SYMBOL_FLAGS } from "../generated/kinds";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { materialize, needsMaterializeAll } from "../objects/function";
import { ENUMERABLE_ONLY, ownKeys, RAW_INDICES, STRINGS } from "../objects/keys";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { arrayPush, slotAddress } from "../objects/object";
import { isPristineArray } from "../objects/pristine";
import { createDataProperty, getOwn } from "../objects/property";
import { ACCESSOR, entryAttributes, entryKey, ENUMERABLE, keyValue, shapeOf } from "../objects/shape";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { ordinary } from "./ordinary";
import { listAt, priceOwn, refuseState, wrapPrimitive } from "./shared";

/** True if the own enumerable properties of an object are all data. */
export function allData(object: usize): bool {
  const elements = elementsOf(object);
  if (elements != 0 && kindOf(elements) == Kind.SPARSE) {
    const keys = ownKeys(object, STRINGS | ENUMERABLE_ONLY | RAW_INDICES);
    const count = load<u32>(keys, ELEMENTS_LENGTH);
    for (let i: u32 = 0; i < count; i++) {
      if (getOwn(object, load<u64>(elementAt(keys, i))) != DATA) return false;
    }
  }
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const attributes = entryAttributes(shape, i);
    if ((attributes & ENUMERABLE) != 0 && (attributes & ACCESSOR) != 0) return false;
  }
  return true;
}

function listed(list: usize, key: Value): bool {
  if (list == 0) return false;
  const count = load<u32>(list, ELEMENTS_LENGTH);
  for (let i: u32 = 0; i < count; i++) {
    if (toPropertyKeyPrimitive(load<u64>(elementAt(list, i))) == key) return true;
  }
  return false;
}

function copyNamed(target: usize, source: usize, excluded: usize, symbols: bool): void {
  const shape = shapeOf(source);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0 || (entryAttributes(shape, i) & ENUMERABLE) == 0 || (kindOf(key) == Kind.SYMBOL) != symbols) continue;
    if (symbols && (load<u32>(key, SYMBOL_FLAGS) & SYMBOL_PRIVATE) != 0) continue;
    const name = keyValue(key);
    if (!listed(excluded, name)) createDataProperty(target, name, load<u64>(slotAddress(source, i)));
  }
}

/** CopyDataProperties from an object whose enumerable properties are all data; excluded: ELEMENTS of keys or 0. https://tc39.es/ecma262/#sec-copydataproperties */
function copyData(target: usize, source: usize, excluded: usize): void {
  if (elementsOf(source) != 0 || kindOf(source) == Kind.PRIMITIVE || kindOf(source) == Kind.TYPEDARRAY) {
    const keys = ownKeys(source, STRINGS | ENUMERABLE_ONLY | RAW_INDICES);
    const count = load<u32>(keys, ELEMENTS_LENGTH);
    for (let i: u32 = 0; i < count; i++) {
      const key = load<u64>(elementAt(keys, i));
      if (!isInt(key)) break;
      if (listed(excluded, key)) continue;
      getOwn(source, key);
      createDataProperty(target, key, load<u64>(FOUND_VALUE));
    }
  }
  if (kindOf(source) == Kind.FUNCTION && needsMaterializeAll(source)) materialize(source);
  copyNamed(target, source, excluded, false);
  copyNamed(target, source, excluded, true);
}

/** (target, source, keys array or undefined): TRUE if done. HOLE if it meets getters or a proxy, and then nothing is done. */
export function copyDataOrdinary(area: usize, argc: i32): Value {
  const from = argAt(area, argc, 1);
  if (!isObjectValue(from) && !isString(from)) return TRUE;
  const source = isString(from) ? wrapPrimitive(from) : addressOf(from);
  const target = ordinary(area);
  if (kindOf(source) == Kind.PROXY || target == 0) return HOLE;
  if (!priceOwn(source, 48)) return RETRY;
  if (!allData(source)) return HOLE;
  const keys = argc > 2 ? listAt(area, 2) : 0;
  copyData(target, source, keys == 0 ? 0 : elementsOf(keys));
  return TRUE;
}

/** (list, iterable): appends an array whose iteration is still the builtin one; false if it is anything else. */
export function appendPristine(area: usize, argc: i32): Value {
  const iterable = load<u64>(area, 24);
  if (!isPristineArray(iterable)) return FALSE;
  const source = addressOf(iterable);
  const elements = elementsOf(source);
  const length = load<u32>(source, ARRAY_LENGTH);
  if (length > denseLength(elements)) return FALSE;
  for (let i: u32 = 0; i < length; i++) if (load<u64>(elementAt(elements, i)) == HOLE) return FALSE;
  const list = listAt(area, 0);
  if (list == 0) return refuseState();
  if (length > 64 && !reserve(((<usize>(length + denseLength(elementsOf(list)))) << 4) + 64)) return RETRY;
  chargeFuel(<i32>(length >> 3));
  for (let i: u32 = 0; i < length; i++) arrayPush(list, load<u64>(elementAt(elements, i)));
  return TRUE;
}
