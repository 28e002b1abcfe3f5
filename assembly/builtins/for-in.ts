// Owns the keys that for-in visits. Must never call guest code: with a proxy in the chain a native returns HOLE, and the prelude goes on.
// https://tc39.es/ecma262/#sec-enumerate-object-properties
import { addressOf, boxBool, boxObject, HOLE, RETRY, Value } from "../core/value";
import { ELEMENTS_LENGTH, Kind, SHAPE_COUNT } from "../generated/kinds";
import { chargeFuel, chargeWork, kindOf } from "../heap/memory";
import { countElements, elementAt, elementsOf } from "../objects/elements";
import { materialize, needsMaterializeAll } from "../objects/function";
import { ENUMERABLE_ONLY, ownKeys, STRINGS } from "../objects/keys";
import { ABSENT_PROPERTY, chargeSteps, FOUND_ATTRIBUTES, PROXY_PROPERTY } from "../objects/lookup";
import { arrayPush, newArray } from "../objects/object";
import { getOwn } from "../objects/property";
import { entryAttributes, entryKey, ENUMERABLE, prototypeOf, shapeOf } from "../objects/shape";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { lookupAt, ordinary } from "./ordinary";
import { arrayOf, countOwn, priceOwn } from "./shared";

/** True if the object itself has an enumerable property with a string key. */
function hasEnumerable(object: usize): bool {
  const elements = elementsOf(object);
  if (elements != 0 && countElements(elements) > 0) return true;
  const kind = kindOf(object);
  if (kind == Kind.PRIMITIVE || kind == Kind.TYPEDARRAY) return true;
  if (kind == Kind.FUNCTION && needsMaterializeAll(object)) materialize(object);
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    if (key != 0 && (entryAttributes(shape, i) & ENUMERABLE) != 0 && kindOf(key) != Kind.SYMBOL) return true;
  }
  return false;
}

/** Chains of so many objects cost nothing by themselves. */
const FREE_OBJECTS: i32 = 10;
/** Objects that are passed for a unit of fuel when a key is looked for; and units from which on work is paid for before it begins. */
const STEPS_PER_UNIT: i64 = 4;
const LONG_WORK: i64 = 1000000;

/** The most objects that are passed to find out which keys of a chain are hidden: each key is looked for in all objects before its own. */
function stepsOf(object: usize): i64 {
  let steps: i64 = 0;
  let depth: i64 = 1;
  for (let p = prototypeOf(object); p != 0; p = prototypeOf(p), depth++) {
    if (hasEnumerable(p)) steps += depth * <i64>countOwn(p);
  }
  return steps;
}

/** True if an object of the chain from `from` to before `to` has that own property. `isPaid`: the search costs nothing more. */
function shadowed(from: usize, to: usize, key: Value, isPaid: bool): bool {
  let steps = 0;
  for (let p = from; p != to; p = prototypeOf(p)) {
    steps++;
    if (getOwn(p, key) == ABSENT_PROPERTY) continue;
    if (!isPaid) chargeSteps(steps);
    return true;
  }
  if (!isPaid) chargeSteps(steps);
  return false;
}

/** Keys that for-in visits, in order; HOLE if there is a proxy in the chain. https://tc39.es/ecma262/#sec-enumerate-object-properties */
export function forInKeysOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  let depth = 0;
  for (let p = object; p != 0; p = prototypeOf(p), depth++) {
    if (kindOf(p) == Kind.PROXY) return HOLE;
    if (!priceOwn(p, 64)) return RETRY;
  }
  if (depth > FREE_OBJECTS) chargeFuel(depth);
  const units = depth > FREE_OBJECTS ? stepsOf(object) / STEPS_PER_UNIT : 0;
  const isPaid = units >= LONG_WORK;
  if (isPaid && !chargeWork(units)) return boxObject(newArray(0));
  const keys = addressOf(arrayOf(ownKeys(object, STRINGS | ENUMERABLE_ONLY)));
  for (let p = prototypeOf(object); p != 0; p = prototypeOf(p)) {
    if (!hasEnumerable(p)) continue;
    const more = ownKeys(p, STRINGS | ENUMERABLE_ONLY);
    const count = load<u32>(more, ELEMENTS_LENGTH);
    chargeFuel(<i32>count);
    for (let i: u32 = 0; i < count; i++) {
      const key = load<u64>(elementAt(more, i));
      if (!shadowed(object, p, toPropertyKeyPrimitive(key), isPaid)) arrayPush(keys, key);
    }
  }
  return boxObject(keys);
}

/** Is that key still there, and enumerable? HOLE if a proxy has to be asked. */
export function forInHasOrdinary(area: usize, argc: i32): Value {
  const state = lookupAt(area);
  if (state == PROXY_PROPERTY) return HOLE;
  return boxBool(state != ABSENT_PROPERTY && (load<u32>(FOUND_ATTRIBUTES) & ENUMERABLE) != 0);
}
