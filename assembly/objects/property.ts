// Owns the ordinary internal methods on own properties, with the exotic parts of arrays, string wrappers and functions.
// Must never call guest code: an accessor or a proxy is reported, and the caller enters it.
// https://tc39.es/ecma262/#sec-ordinary-object-internal-methods-and-internal-slots
import { addressOf, boxCell, HOLE, isInt, isNumber, isString, toDouble, UNDEFINED, Value } from "../core/value";
import { Atom, atomAt } from "../generated/intrinsics";
import { ACCESSOR_GETTER, ACCESSOR_SETTER, ARRAY_ARRAY_FLAGS, ARRAY_LENGTH, ELEMENTS_LENGTH, Kind, SHAPE_COUNT } from "../generated/kinds";
import { allocate, chargeFuel, kindOf } from "../heap/memory";
import { sameValue } from "../primitives/convert";
import {
  countElements, denseLength, elementAt, elementAttributes, elementsOf, findElement, isSparse, listElements, mapElement, MAPPED,
  mappedVariable, putElement, removeElement, sortingCost,
} from "./elements";
import { materialize, needsMaterialize, needsMaterializeAll } from "./function";
import {
  ABSENT_PROPERTY, ACCESSOR_PROPERTY, DATA, findAlong, findOwn, found, FOUND_ATTRIBUTES, FOUND_HOLDER, FOUND_SLOT, FOUND_VALUE,
} from "./lookup";
import { addProperty, newAccessor, slotAddress } from "./object";
import {
  ACCESSOR, changeAttributes, compactTable, CONFIGURABLE, ENUMERABLE, findEntry, isExtensible, PLAIN, prototypeOf, removeEntry, shapeOf,
  WRITABLE,
} from "./shape";
import { touch } from "./touched";
import { forceStack, guestAccessor, isGuestAccessor, traceOf, wakeStack } from "./stack-trace";
import { elementAddress, elementIndex, isStorable, NO_ELEMENT, ownsKey, typeOf, writeElement } from "./typed";

/** Results of assignments (see CALL_SETTER and the others below for more): */
/** The object refuses the change; nothing was done. */
export const REJECTED: i32 = 0;
export const DONE: i32 = 1;

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
function setArrayLength(array: usize, length: u32): bool {
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
function writeFound(object: usize, key: Value, value: Value): void {
  touch(object);
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
  touch(object);
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
