// Owns the ordinary internal methods on own properties, with the exotic parts of arrays, string wrappers and functions.
// Must never call guest code: an accessor or a proxy is reported, and the caller enters it.
// https://tc39.es/ecma262/#sec-ordinary-object-internal-methods-and-internal-slots
import { addressOf, asInt, boxCell, boxInt, boxObject, boxString, boxU32, HOLE, isCell, isInt, isNumber, isString, isSymbol, NULL, toDouble, UNDEFINED, Value } from "../core/value";
import { sameValue } from "../core/convert";
import { Atom, atomAt } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, ARRAY_ARRAY_FLAGS, ARRAY_LENGTH, ELEMENTS_LENGTH, Kind, PRIMITIVE_PRIMITIVE, SHAPE_COUNT, SHAPE_PROTO, SHAPE_TABLE, SYMBOL_FLAGS,
} from "../generated/kinds";
import { chargeFuel, kindOf } from "../heap/memory";
import { codeUnitAt, lengthOf, singleChar, substring, charsOf } from "../strings/string";
import {
  denseLength, elementAttributes, elementsOf, findElement, isSparse, makeSparse, putElement, removeElement, countElements, listElements,
  elementAt, MAPPED, mapElement, mappedVariable,
} from "./elements";
import { materialize, needsMaterialize, needsMaterializeAll } from "./function";
import { addProperty, ensureSlot, newAccessor, slotAddress } from "./object";
import {
  ACCESSOR, changeAttributes, compactTable, CONFIGURABLE, ENUMERABLE, entryAttributes, findEntry, isExtensible, PLAIN, prototypeOf, removeEntry, shapeOf,
  WRITABLE, entryKey, inlineCapacity,
} from "./shape";
import { allocate } from "../heap/memory";
import { forceStack, guestAccessor, isGuestAccessor, traceOf, wakeStack } from "./stack-trace";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { elementAddress, elementIndex, isStorable, NO_ELEMENT, ownsKey, readElement, typeOf, viewLength, writeElement } from "./typed";

/** Results of lookups: */
/** No such property. */
export const ABSENT_PROPERTY: i32 = 0;
/** Data property: its value is in FOUND_VALUE. */
export const DATA: i32 = 1;
/** Accessor property: the ACCESSOR cell is in FOUND_VALUE. */
export const ACCESSOR_PROPERTY: i32 = 2;
/** The lookup ended at a proxy, which is in FOUND_HOLDER. */
export const PROXY_PROPERTY: i32 = 3;

/** Results of assignments (see CALL_SETTER and the others below for more): */
/** The object refuses the change; nothing was done. */
export const REJECTED: i32 = 0;
export const DONE: i32 = 1;

/** The property found by the last lookup; valid until the next one. */
const FOUND: usize = memory.data(32, 8);
export const FOUND_VALUE: usize = FOUND;
export const FOUND_ATTRIBUTES: usize = FOUND + 8;
export const FOUND_HOLDER: usize = FOUND + 12;
/** Slot of the holder, -1 if not in a slot. */
export const FOUND_SLOT: usize = FOUND + 16;

// @ts-ignore: decorator
@inline
function found(value: Value, attributes: u32, slot: i32): i32 {
  store<u64>(FOUND_VALUE, value);
  store<u32>(FOUND_ATTRIBUTES, attributes);
  store<i32>(FOUND_SLOT, slot);
  return attributes & ACCESSOR ? ACCESSOR_PROPERTY : DATA;
}

/** True for private names: even on a proxy they are own properties, and no trap sees them. */
export function isPrivateName(key: Value): bool {
  return isSymbol(key) && (load<u32>(addressOf(key), SYMBOL_FLAGS) & SYMBOL_PRIVATE) != 0;
}

/**
 * [[GetOwnProperty]] of everything but proxies. A `stack` whose text is not made yet is reported as an accessor like any other. `key` is
 * a property key.
 */
export function findOwn(object: usize, key: Value): i32 {
  const kind = kindOf(object);
  if (isInt(key)) {
    const index = <u32>key;
    if (kind == Kind.TYPEDARRAY) {
      if (index >= viewLength(object)) return ABSENT_PROPERTY;
      return found(readElement(elementAddress(object, index), typeOf(object)), PLAIN, -1);
    }
    if (kind == Kind.PRIMITIVE) {
      const text = load<u64>(object, PRIMITIVE_PRIMITIVE);
      if (isString(text) && index < <u32>lengthOf(addressOf(text))) {
        const s = addressOf(text);
        return found(boxString(substring(s, <i32>index, <i32>index + 1)), ENUMERABLE, -1);
      }
    }
    const elements = elementsOf(object);
    const at = findElement(elements, index);
    if (at != 0) {
      const attributes = elementAttributes(elements, at);
      if (attributes & MAPPED) return found(load<u64>(mappedVariable(at, index)), attributes & PLAIN, -1);
      return found(load<u64>(at), attributes, -1);
    }
    return kind == Kind.PROXY ? PROXY_PROPERTY : ABSENT_PROPERTY;
  }
  const name = addressOf(key);
  if (kind != Kind.OBJECT) {
    if (kind == Kind.ARRAY) {
      if (<u32>name == <u32>atomAt(Atom.length)) {
        return found(boxU32(load<u32>(object, ARRAY_LENGTH)), load<u32>(object, ARRAY_ARRAY_FLAGS) & 1 ? 0 : WRITABLE, -1);
      }
    } else if (kind == Kind.FUNCTION) {
      if (needsMaterialize(object, name)) materialize(object);
    } else if (kind == Kind.PRIMITIVE) {
      const text = load<u64>(object, PRIMITIVE_PRIMITIVE);
      if (isString(text) && name == atomAt(Atom.length)) return found(boxInt(lengthOf(addressOf(text))), 0, -1);
    } else if (kind == Kind.PROXY && !isPrivateName(key)) return PROXY_PROPERTY;
  }
  const shape = shapeOf(object);
  const index = findEntry(shape, name);
  if (index < 0) return ABSENT_PROPERTY;
  return found(load<u64>(slotAddress(object, <u32>index)), entryAttributes(shape, <u32>index), index);
}

/** Prototypes that a lookup passes free of charge. A property found further away costs fuel and is never cached. */
const FREE_STEPS: i32 = 10;

/** Takes the fuel of passing `steps` objects of a prototype chain. */
export function chargeSteps(steps: i32): void {
  if (steps > FREE_STEPS) chargeFuel(steps >> 2);
}

/**
 * Looks along the prototype chain, with findOwn; FOUND_HOLDER is the object that has the property (or the proxy). A property found far
 * away reports no slot, so that it is not cached: the fuel of the next lookup would depend on the cache, which no snapshot holds.
 */
export function findAlong(object: usize, key: Value): i32 {
  let holder = object;
  let steps = 0;
  do {
    const result = findOwn(holder, key);
    if (result != ABSENT_PROPERTY) {
      store<u32>(FOUND_HOLDER, <u32>holder);
      if (steps > FREE_STEPS) {
        chargeSteps(steps);
        store<i32>(FOUND_SLOT, -1);
      }
      return result;
    }
    // A key that could name an element ends the search at a typed array: its prototypes are not asked.
    if (ownsKey(holder, key)) break;
    holder = prototypeOf(holder);
    steps++;
  } while (holder != 0);
  store<u32>(FOUND_HOLDER, <u32>holder);
  chargeSteps(steps);
  return ABSENT_PROPERTY;
}

/** True if the prototype chain is so long that lookups along it cost fuel. */
export function isFar(object: usize): bool {
  let holder = object;
  for (let i = 0; i <= FREE_STEPS; i++) {
    holder = prototypeOf(holder);
    if (holder == 0) return false;
  }
  return true;
}

/** An accessor was found in `holder`. If it is a `stack` whose text is not made yet, the text is made now. */
function accessorFound(holder: usize): i32 {
  const trace = traceOf(load<u64>(FOUND_VALUE));
  if (trace == 0) return ACCESSOR_PROPERTY;
  const slot = load<i32>(FOUND_SLOT);
  const index = <u32>findEntry(shapeOf(holder), atomAt(Atom.stack));
  const attributes = wakeStack(holder, index, trace);
  const state = found(attributes & ACCESSOR ? guestAccessor() : load<u64>(slotAddress(holder, index)), attributes, slot);
  store<u32>(FOUND_HOLDER, <u32>holder);
  return state;
}

/** [[GetOwnProperty]] of everything but proxies. `key` is a property key. */
export function getOwn(object: usize, key: Value): i32 {
  const state = findOwn(object, key);
  return state == ACCESSOR_PROPERTY ? accessorFound(object) : state;
}

/** [[GetOwnProperty]] along the prototype chain; FOUND_HOLDER is the object that has the property (or the proxy). */
export function lookup(object: usize, key: Value): i32 {
  const state = findAlong(object, key);
  return state == ACCESSOR_PROPERTY ? accessorFound(<usize>load<u32>(FOUND_HOLDER)) : state;
}

/** As getOwn, but a `stack` whose text is not made yet becomes a plain property without asking the guest (prepareStackTrace). */
export function getOwnPlainly(object: usize, key: Value): i32 {
  const state = getOwn(object, key);
  if (state != ACCESSOR_PROPERTY || !isGuestAccessor(load<u64>(FOUND_VALUE))) return state;
  forceStack(object);
  return getOwn(object, key);
}

/** Value of a data property, own or inherited; undefined if it is absent or an accessor, or a proxy ends the lookup. */
export function getData(object: usize, key: Value): Value {
  return lookup(object, key) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
}

// --- arrays -------------------------------------------------------------------------------------------------------

/** ArraySetLength with a length that is known to be valid. False if an element could not be deleted. */
export function setArrayLength(array: usize, length: u32): bool {
  const old = load<u32>(array, ARRAY_LENGTH);
  if (length >= old) {
    store<u32>(array, length, ARRAY_LENGTH);
    return true;
  }
  const elements = elementsOf(array);
  if (isSparse(elements)) return shrinkSparse(array, elements, length);
  const used = denseLength(elements);
  if (elements != 0 && used > length) {
    if (load<u32>(elements) != 0) {
      // Sealed or frozen elements stay: the new length is one more than the index of the last of them.
      let end = used;
      chargeFuel(<i32>((used - length) >> 5));
      while (end > length && load<u64>(elementAt(elements, end - 1)) == HOLE) end--;
      store<u32>(array, end > length ? end : length, ARRAY_LENGTH);
      return end <= length;
    }
    chargeFuel(<i32>((used - length) >> 5));
    for (let i = length; i < used; i++) store<u64>(elementAt(elements, i), 0);
    store<u32>(elements, length, ELEMENTS_LENGTH);
  }
  store<u32>(array, length, ARRAY_LENGTH);
  return true;
}

/** Fuel of sorting n indices. */
function sortingCost(n: u32): i32 {
  return <i32>((n * (32 - clz<u32>(n))) >> 4);
}

/** The part of ArraySetLength that deletes sparse elements, from the end. */
function shrinkSparse(array: usize, elements: usize, length: u32): bool {
  const count = countElements(elements);
  const old = load<u32>(array, ARRAY_LENGTH);
  // If the length shrinks by no more places than there are elements, the places are removed one by one, from the end.
  if (old - length <= count) {
    chargeFuel(<i32>((old - length) >> 1));
    for (let index = old; index > length; index--) if (!removeForLength(array, index - 1)) return false;
    store<u32>(array, length, ARRAY_LENGTH);
    return true;
  }
  chargeFuel(sortingCost(count));
  const list = allocate(Kind.BYTES, 16 + (<usize>count << 2)) + 16;
  const n = listElements(elements, list);
  for (let i = n; i > 0; i--) {
    const index = load<u32>(list + (<usize>(i - 1) << 2));
    if (index < length) break;
    if (!removeForLength(array, index)) return false;
  }
  store<u32>(array, length, ARRAY_LENGTH);
  return true;
}

/** Removes an element if it is present. False: it is not configurable, and the array now ends after it. */
function removeForLength(array: usize, index: u32): bool {
  const elements = elementsOf(array);
  const at = findElement(elements, index);
  if (at == 0) return true;
  if ((elementAttributes(elements, at) & CONFIGURABLE) == 0) {
    store<u32>(array, index + 1, ARRAY_LENGTH);
    return false;
  }
  removeElement(array, index);
  return true;
}

// @ts-ignore: decorator
@inline
export function isLengthWritable(array: usize): bool {
  return (load<u32>(array, ARRAY_ARRAY_FLAGS) & 1) == 0;
}

/** Adds an own property that is known to be absent; the caller has checked extensibility. False: the length of the array is read-only. */
export function addOwn(object: usize, key: Value, value: Value, attributes: u32): bool {
  if (kindOf(object) == Kind.FUNCTION && needsMaterializeAll(object)) materialize(object);
  if (isInt(key)) {
    const index = <u32>key;
    if (kindOf(object) == Kind.ARRAY && index >= load<u32>(object, ARRAY_LENGTH)) {
      if (!isLengthWritable(object)) return false;
      store<u32>(object, index + 1, ARRAY_LENGTH);
    }
    putElement(object, index, value, attributes);
    return true;
  }
  addProperty(object, addressOf(key), value, attributes);
  return true;
}

/** Overwrites the value of an own data property just found by getOwn. */
export function writeFound(object: usize, key: Value, value: Value): void {
  if (isInt(key)) {
    const elements = elementsOf(object);
    const at = findElement(elements, <u32>key);
    store<u64>(elementAttributes(elements, at) & MAPPED ? mappedVariable(at, <u32>key) : at, value);
  } else store<u64>(slotAddress(object, load<u32>(FOUND_SLOT)), value);
}

// --- definition ---------------------------------------------------------------------------------------------------

/** Fields of a property descriptor that are present, above the attribute bits. */
export const HAS_VALUE: u32 = 16;
export const HAS_WRITABLE: u32 = 32;
export const HAS_ENUMERABLE: u32 = 64;
export const HAS_CONFIGURABLE: u32 = 128;
export const HAS_GET: u32 = 256;
export const HAS_SET: u32 = 512;
export const FULL_DATA: u32 = HAS_VALUE | HAS_WRITABLE | HAS_ENUMERABLE | HAS_CONFIGURABLE;

/**
 * [[DefineOwnProperty]] of everything but proxies: ValidateAndApplyPropertyDescriptor with array and string exotica. An
 * array's `length` with a value must come as a number that is a valid length.
 */
export function defineOwn(object: usize, key: Value, descriptor: u32, value: Value, getter: Value, setter: Value): bool {
  const kind = kindOf(object);
  if (ownsKey(object, key)) return defineElement(object, key, descriptor, value);
  if (kind == Kind.FUNCTION && !isInt(key) && needsMaterialize(object, addressOf(key))) materialize(object);
  if (kind == Kind.ARRAY && !isInt(key) && addressOf(key) == atomAt(Atom.length)) return defineArrayLength(object, descriptor, value);
  const state = getOwnPlainly(object, key);
  const isAccessor = (descriptor & (HAS_GET | HAS_SET)) != 0;
  if (state == ABSENT_PROPERTY) {
    if (!isExtensible(object)) return false;
    const attributes = descriptor & (isAccessor ? ENUMERABLE | CONFIGURABLE : PLAIN);
    if (isAccessor) {
      const cell = newAccessor(descriptor & HAS_GET ? getter : UNDEFINED, descriptor & HAS_SET ? setter : UNDEFINED);
      return addOwn(object, key, boxCell(cell), attributes | ACCESSOR);
    }
    return addOwn(object, key, descriptor & HAS_VALUE ? value : UNDEFINED, attributes);
  }
  const old = load<u64>(FOUND_VALUE);
  const had = load<u32>(FOUND_ATTRIBUTES);
  const slot = load<i32>(FOUND_SLOT);
  const wasAccessor = (had & ACCESSOR) != 0;
  if ((had & CONFIGURABLE) == 0) {
    if (descriptor & HAS_CONFIGURABLE && descriptor & CONFIGURABLE) return false;
    if (descriptor & HAS_ENUMERABLE && (descriptor & ENUMERABLE) != (had & ENUMERABLE)) return false;
    const isData = (descriptor & (HAS_VALUE | HAS_WRITABLE)) != 0;
    if ((isAccessor && !wasAccessor) || (isData && wasAccessor)) return false;
    if (wasAccessor) {
      const cell = addressOf(old);
      if (descriptor & HAS_GET && getter != load<u64>(cell, ACCESSOR_GETTER)) return false;
      if (descriptor & HAS_SET && setter != load<u64>(cell, ACCESSOR_SETTER)) return false;
    } else if ((had & WRITABLE) == 0) {
      if (descriptor & HAS_WRITABLE && descriptor & WRITABLE) return false;
      if (descriptor & HAS_VALUE && !sameValue(value, old)) return false;
    }
  }
  // The attributes and the value that the property gets.
  let attributes = had & (ENUMERABLE | CONFIGURABLE);
  if (descriptor & HAS_ENUMERABLE) attributes = (attributes & ~ENUMERABLE) | (descriptor & ENUMERABLE);
  if (descriptor & HAS_CONFIGURABLE) attributes = (attributes & ~CONFIGURABLE) | (descriptor & CONFIGURABLE);
  let next: Value;
  if (isAccessor || (wasAccessor && (descriptor & (HAS_VALUE | HAS_WRITABLE)) == 0)) {
    attributes |= ACCESSOR;
    if (isAccessor) {
      const oldGetter = wasAccessor ? load<u64>(addressOf(old), ACCESSOR_GETTER) : UNDEFINED;
      const oldSetter = wasAccessor ? load<u64>(addressOf(old), ACCESSOR_SETTER) : UNDEFINED;
      next = boxCell(newAccessor(descriptor & HAS_GET ? getter : oldGetter, descriptor & HAS_SET ? setter : oldSetter));
    } else next = old;
  } else {
    if (!wasAccessor) attributes |= had & WRITABLE;
    if (descriptor & HAS_WRITABLE) attributes = (attributes & ~WRITABLE) | (descriptor & WRITABLE);
    next = descriptor & HAS_VALUE ? value : wasAccessor ? UNDEFINED : old;
  }
  if (isInt(key)) {
    const at = findElement(elementsOf(object), <u32>key);
    if (at == 0) return true; // character of a string wrapper: nothing changes
    if (elementAttributes(elementsOf(object), at) & MAPPED && !isAccessor) {
      // https://tc39.es/ecma262/#sec-arguments-exotic-objects-defineownproperty-p-desc: the variable gets the value in any case.
      store<u64>(mappedVariable(at, <u32>key), next);
      if (attributes & WRITABLE) {
        mapElement(object, <u32>key, <usize><u32>load<u64>(at), attributes);
        return true;
      }
    }
    putElement(object, <u32>key, next, attributes);
    return true;
  }
  if (slot < 0) return true; // length of a string wrapper
  if (attributes != had) changeAttributes(object, <u32>slot, attributes);
  store<u64>(slotAddress(object, <u32>slot), next);
  return true;
}

/** An element of a typed array; false for a value that needs conversion. https://tc39.es/ecma262/#sec-typedarray-defineownproperty */
function defineElement(view: usize, key: Value, descriptor: u32, value: Value): bool {
  const index = elementIndex(view, key);
  if (index == NO_ELEMENT || descriptor & (HAS_GET | HAS_SET)) return false;
  if (descriptor & HAS_CONFIGURABLE && (descriptor & CONFIGURABLE) == 0) return false;
  if (descriptor & HAS_ENUMERABLE && (descriptor & ENUMERABLE) == 0) return false;
  if (descriptor & HAS_WRITABLE && (descriptor & WRITABLE) == 0) return false;
  if (descriptor & HAS_VALUE) {
    if (!isStorable(typeOf(view), value)) return false;
    writeElement(elementAddress(view, index), typeOf(view), value);
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-arraysetlength, the part after the conversions. */
function defineArrayLength(array: usize, descriptor: u32, value: Value): bool {
  if (descriptor & (HAS_GET | HAS_SET)) return false;
  if (descriptor & HAS_CONFIGURABLE && descriptor & CONFIGURABLE) return false;
  if (descriptor & HAS_ENUMERABLE && descriptor & ENUMERABLE) return false;
  const writable = isLengthWritable(array);
  if (!writable && descriptor & HAS_WRITABLE && descriptor & WRITABLE) return false;
  let ok = true;
  if (descriptor & HAS_VALUE) {
    const length = <u32>toDouble(value);
    if (length != load<u32>(array, ARRAY_LENGTH)) {
      if (!writable) return false;
      ok = setArrayLength(array, length);
    }
  }
  if (descriptor & HAS_WRITABLE && (descriptor & WRITABLE) == 0) store<u32>(array, load<u32>(array, ARRAY_ARRAY_FLAGS) | 1, ARRAY_ARRAY_FLAGS);
  return ok;
}

/** CreateDataProperty on anything but a proxy. */
export function createDataProperty(object: usize, key: Value, value: Value): bool {
  return defineOwn(object, key, FULL_DATA | PLAIN, value, UNDEFINED, UNDEFINED);
}

/** Sets a property of an object under construction, which cannot refuse it. */
export function defineHidden(object: usize, key: Value, value: Value, attributes: u32): void {
  defineOwn(object, key, FULL_DATA | attributes, value, UNDEFINED, UNDEFINED);
}

// --- removal ------------------------------------------------------------------------------------------------------

/** [[Delete]] of everything but proxies. */
export function deleteOwn(object: usize, key: Value): bool {
  const state = getOwn(object, key);
  if (state == ABSENT_PROPERTY) return true;
  if ((load<u32>(FOUND_ATTRIBUTES) & CONFIGURABLE) == 0) return false;
  if (isInt(key)) {
    // https://tc39.es/ecma262/#sec-typedarray-delete
    if (kindOf(object) == Kind.TYPEDARRAY) return false;
    removeElement(object, <u32>key);
    return true;
  }
  const slot = load<i32>(FOUND_SLOT);
  store<u64>(slotAddress(object, <u32>slot), 0);
  if (removeEntry(object, <u32>slot)) compactSlots(object);
  return true;
}

/** Removes the unused slots of an object that lost most of its properties. */
function compactSlots(object: usize): void {
  const count = load<u32>(shapeOf(object), SHAPE_COUNT);
  const moves = allocate(Kind.BYTES, 16 + (<usize>count << 2)) + 16;
  const live = compactTable(object, moves);
  for (let i: u32 = 0; i < live; i++) store<u64>(slotAddress(object, i), load<u64>(slotAddress(object, load<u32>(moves + (<usize>i << 2)))));
  for (let i = live; i < count; i++) store<u64>(slotAddress(object, i), 0);
}

// --- assignment ---------------------------------------------------------------------------------------------------

/** Further results of `assign`, where the caller must go on: it met a setter; the ACCESSOR cell is in FOUND_VALUE. */
export const CALL_SETTER: i32 = 2;
/** Assignment met a proxy, which is in FOUND_HOLDER. */
export const CALL_PROXY: i32 = 3;
/** The value must be converted before it can be stored in a typed array. */
export const CALL_ELEMENT: i32 = 4;

/** OrdinarySet with receiver = object, up to any call of guest code. An array's `length` needs a valid number (see isLengthKey). */
export function assign(object: usize, key: Value, value: Value): i32 {
  if (ownsKey(object, key)) return assignElement(object, key, value);
  let state = getOwn(object, key);
  if (state == ABSENT_PROPERTY) {
    const proto = prototypeOf(object);
    state = proto == 0 ? ABSENT_PROPERTY : lookup(proto, key);
    // A typed array among the prototypes without such an element swallows the value.
    if (state == ABSENT_PROPERTY && proto != 0 && load<u32>(FOUND_HOLDER) != 0) return DONE;
    if (state == ABSENT_PROPERTY || (state == DATA && load<u32>(FOUND_ATTRIBUTES) & WRITABLE)) {
      return isExtensible(object) && addOwn(object, key, value, PLAIN) ? DONE : REJECTED;
    }
    return state == DATA ? REJECTED : state;
  }
  if (state != DATA) {
    store<u32>(FOUND_HOLDER, <u32>object);
    return state;
  }
  if ((load<u32>(FOUND_ATTRIBUTES) & WRITABLE) == 0) return REJECTED;
  if (isLengthKey(object, key)) return setArrayLength(object, <u32>toDouble(value)) ? DONE : REJECTED;
  writeFound(object, key, value);
  return DONE;
}

/** https://tc39.es/ecma262/#sec-typedarraysetelement */
function assignElement(view: usize, key: Value, value: Value): i32 {
  const type = typeOf(view);
  if (!isStorable(type, value)) return CALL_ELEMENT;
  const index = elementIndex(view, key);
  if (index != NO_ELEMENT) writeElement(elementAddress(view, index), type, value);
  return DONE;
}

export function isLengthKey(object: usize, key: Value): bool {
  return kindOf(object) == Kind.ARRAY && isString(key) && addressOf(key) == atomAt(Atom.length);
}

/** True if `value` is a number that an array's length can be. */
export function isValidLength(value: Value): bool {
  if (!isNumber(value)) return false;
  const d = toDouble(value);
  return d >= 0 && d < 4294967296.0 && <f64><u32>d == d;
}
