// Owns the internal methods of ordinary objects as natives of the prelude, and the natives its operators need for objects. Must
// never call guest code: a native that meets a proxy or an accessor returns HOLE, and the prelude goes on.
import {
  addressOf, asInt, boxBool, boxInt, boxObject, FALSE, HOLE, isInt, isObject as isObjectValue, isString, NULL, RETRY, SWITCH, TRUE,
  UNDEFINED, Value,
} from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Intrinsic, intrinsic } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, ARRAY_LENGTH, BOUND_TARGET, ELEMENTS_LENGTH, FUNCTION_CODE, FUNCTION_HOME, Kind, SHAPE_COUNT,
  SYMBOL_FLAGS,
} from "../generated/kinds";
import {
  ErrorKind, MAX_ARGUMENTS, RecordKind, VM_GLOBAL_LEXICAL, VM_GLOBAL_OBJECT, VM_NEW_TARGET_LOW, VM_STACK_DEPTH_LIMIT,
} from "../generated/layout";
import { RecordFlag } from "../generated/states";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { CONTEXT_ACTION, CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_RETURN_PC, RELOAD } from "../interpreter/action";
import { enterFrame, frameBytes, stackDepth, stackFits } from "../interpreter/frame";
import { argAt } from "../interpreter/native";
import { countElements, denseLength, elementAt, elementsOf, growthBytes } from "../objects/elements";
import { isCallable, materialize, needsMaterializeAll } from "../objects/function";
import { ENUMERABLE_ONLY, ownKeys, RAW_INDICES, STRINGS } from "../objects/keys";
import { ABSENT_PROPERTY, chargeSteps, DATA, FOUND_ATTRIBUTES, FOUND_VALUE, PROXY_PROPERTY } from "../objects/lookup";
import { arrayPush, newArray as makeArray, slotAddress } from "../objects/object";
import { isPristineArray } from "../objects/pristine";
import {
  assign, createDataProperty, defineOwn, deleteOwn, DONE, getOwn, getOwnPlainly, HAS_CONFIGURABLE, HAS_ENUMERABLE, HAS_GET, HAS_SET,
  HAS_VALUE, HAS_WRITABLE, isLengthKey, isValidLength, lookup, REJECTED,
} from "../objects/property";
import {
  ACCESSOR, changePrototype, CONFIGURABLE, entryAttributes, entryKey, ENUMERABLE, isExtensible, keyValue, preventExtensions, prototypeOf,
  shapeOf,
} from "../objects/shape";
import { isFixedLength, isStorable, ownsKey, typeOf } from "../objects/typed";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { arrayOf, listAt, priceOwn, refuseState, wrapPrimitive } from "./shared";

// --- internal methods of ordinary objects -----------------------------------------------------------------------------

/** The object in argument 0; 0 if it is a proxy or not an object. The code for proxies, which comes next, tells these apart. */
// @ts-ignore: decorator
@inline
function ordinary(area: usize): usize {
  const v = load<u64>(area, 16);
  if (!isObjectValue(v)) return 0;
  const object = addressOf(v);
  return kindOf(object) == Kind.PROXY ? 0 : object;
}
/** Lookup of argument 1 in argument 0, along its chain. */
function lookupAt(area: usize): i32 {
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

// --- natives for operators ----------------------------------------------------------------------------------------------

/** (object, prototype): is it in the chain? HOLE if a proxy is. https://tc39.es/ecma262/#sec-ordinaryhasinstance */
export function isInChain(area: usize, argc: i32): Value {
  if (!isObjectValue(load<u64>(area, 16))) return refuseState();
  let p = addressOf(load<u64>(area, 16));
  const wanted = addressOf(load<u64>(area, 24));
  let steps = 0;
  while (kindOf(p) != Kind.PROXY) {
    p = prototypeOf(p);
    steps++;
    if (p != 0 && p != wanted) continue;
    chargeSteps(steps);
    return boxBool(p != 0);
  }
  return HOLE;
}
/** [[BoundTargetFunction]], or undefined. */
export function boundTarget(area: usize, argc: i32): Value {
  const f = ordinary(area);
  return f != 0 && kindOf(f) == Kind.BOUND ? boxObject(<usize>load<u32>(f, BOUND_TARGET)) : UNDEFINED;
}

/** [[HomeObject]], or undefined. */
export function homeOf(area: usize, argc: i32): Value {
  const v = load<u64>(area, 16);
  if (!isObjectValue(v) || kindOf(addressOf(v)) != Kind.FUNCTION) return UNDEFINED;
  const home = <usize>load<u32>(addressOf(v), FUNCTION_HOME);
  return home == 0 ? UNDEFINED : boxObject(home);
}
/** (name): is there a global binding? A proxy in the chain of the global object counts as yes. */
export function hasGlobalBinding(area: usize, argc: i32): Value {
  const key = toPropertyKeyPrimitive(load<u64>(area, 16));
  if (getOwn(addressOf(load<u64>(VM_GLOBAL_LEXICAL)), key) != ABSENT_PROPERTY) return TRUE;
  return boxBool(lookup(addressOf(load<u64>(VM_GLOBAL_OBJECT)), key) != ABSENT_PROPERTY);
}

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

/** True if an object of the chain from `from` to before `to` has that own property. */
function shadowed(from: usize, to: usize, key: Value): bool {
  let steps = 0;
  for (let p = from; p != to; p = prototypeOf(p)) {
    steps++;
    if (getOwn(p, key) == ABSENT_PROPERTY) continue;
    chargeSteps(steps);
    return true;
  }
  chargeSteps(steps);
  return false;
}

/** Keys that for-in visits, in order; HOLE if there is a proxy in the chain. https://tc39.es/ecma262/#sec-enumerate-object-properties */
export function forInKeysOrdinary(area: usize, argc: i32): Value {
  const object = ordinary(area);
  if (object == 0) return HOLE;
  for (let p = object; p != 0; p = prototypeOf(p)) {
    if (kindOf(p) == Kind.PROXY) return HOLE;
    if (!priceOwn(p, 64)) return RETRY;
  }
  const keys = addressOf(arrayOf(ownKeys(object, STRINGS | ENUMERABLE_ONLY)));
  for (let p = prototypeOf(object); p != 0; p = prototypeOf(p)) {
    if (!hasEnumerable(p)) continue;
    const more = ownKeys(p, STRINGS | ENUMERABLE_ONLY);
    const count = load<u32>(more, ELEMENTS_LENGTH);
    chargeFuel(<i32>count);
    for (let i: u32 = 0; i < count; i++) {
      const key = load<u64>(elementAt(more, i));
      if (!shadowed(object, p, toPropertyKeyPrimitive(key))) arrayPush(keys, key);
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

/**
 * (constructor, this, newTarget, arguments array): runs the body of a base constructor on an object that was made for it.
 * The frame is pushed above this call area, so that the call can be tried again.
 */
export function constructWithThis(area: usize, argc: i32): Value {
  const fn = ordinary(area);
  const given = listAt(area, 3);
  if (fn == 0 || given == 0 || kindOf(fn) != Kind.FUNCTION || !isObjectValue(load<u64>(area, 32))) return refuseState();
  const list = elementsOf(given);
  const count = <i32>denseLength(list);
  if (count > MAX_ARGUMENTS || stackDepth() >= load<u32>(VM_STACK_DEPTH_LIMIT))
    return throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded");
  const callee = area + 48;
  if (!stackFits(callee, frameBytes(<usize>load<u32>(fn, FUNCTION_CODE), count) + ((<usize>count) << 3))) return RETRY;
  store<u64>(callee, load<u64>(area, 16));
  store<u64>(callee, load<u64>(area, 24), 8);
  for (let i = 0; i < count; i++) store<u64>(callee + 16 + ((<usize>i) << 3), load<u64>(elementAt(list, i)));
  store<u32>(VM_NEW_TARGET_LOW, <u32>addressOf(load<u64>(area, 32)));
  enterFrame(
    callee,
    count,
    <usize>load<u32>(CONTEXT_RETURN_PC),
    <usize>load<u32>(CONTEXT_CALLER_FP),
    load<u32>(CONTEXT_DESTINATION),
    RecordKind.CONSTRUCT,
    RecordFlag.CONSTRUCT_CALL,
  );
  store<i32>(CONTEXT_ACTION, RELOAD);
  return SWITCH;
}
