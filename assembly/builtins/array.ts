// Owns the natives of Array and its iterators, for dense plain arrays. Must never call guest code: holes that a prototype
// fills, accessors, species, frozen arrays, array-likes are left to ts/prelude/array.js (DEFER).
import {
  addressOf, asInt, boxBool, boxInt, boxObject, boxU32, DEFER, FALSE, HOLE, isNumber, isObject, RETRY, toDouble, TRUE, UNDEFINED, Value,
} from "../core/value";
import { throwLiteral, throwNamed } from "../errors/throw";
import { Intrinsic, intrinsic } from "../generated/intrinsics";
import { ARRAY_ARRAY_FLAGS, ARRAY_LENGTH, ELEMENTS_CAPACITY, ELEMENTS_LENGTH, Kind } from "../generated/kinds";
import { ErrorKind, VM_HEAP_BASE } from "../generated/layout";
import { chargeFuel, kindOf, sizeOf } from "../heap/memory";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { denseLength, elementAt, elementsOf, isSparse, newElements, setElements } from "../objects/elements";
import { isCallable } from "../objects/function";
import { ABSENT_PROPERTY } from "../objects/lookup";
import { newArray as makeArray, newObject } from "../objects/object";
import { lookup } from "../objects/property";
import { numberToString, toIntegerOrInfinity } from "../primitives/convert";
import {
  arrayAddress, bareChain, canBeDense, cutTo, elementOr, fillUp, hasPlainSpecies, isChangeable, isReadable, lengthOfArray, makeRoom,
  newCopiedArray, newFilledArray, priceElements, relativeIndex,
} from "./array-core";
import { testArray } from "./core";

// --- construction -----------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-array when called or constructed as %Array% itself */
export function arrayConstructor(area: usize, argc: i32): Value {
  const newTarget = newTargetOf();
  if (newTarget != UNDEFINED && newTarget != intrinsic(Intrinsic.Array)) return DEFER;
  if (argc == 1) {
    const v = load<u64>(area, 16);
    if (isNumber(v)) {
      const d = toDouble(v);
      if (!(d >= 0 && d < 4294967296.0 && <f64><u32>d == d)) return throwLiteral(ErrorKind.RangeError, "Invalid array length");
      const array = makeArray(0);
      store<u32>(array, <u32>d, ARRAY_LENGTH);
      return boxObject(array);
    }
  }
  return boxObject(newCopiedArray(area + 16, <u32>argc));
}

/** (length, prototype): ArrayCreate. https://tc39.es/ecma262/#sec-arraycreate */
export function arrayCreate(area: usize, argc: i32): Value {
  const d = toDouble(load<u64>(area, 16));
  if (d > 4294967295.0) return throwLiteral(ErrorKind.RangeError, "Invalid array length");
  const proto = argAt(area, argc, 1);
  const array = proto == UNDEFINED || proto == intrinsic(Intrinsic.ArrayPrototype) ? makeArray(0) : newObject(Kind.ARRAY, addressOf(proto), 0);
  store<u32>(array, <u32>d, ARRAY_LENGTH);
  store<u32>(array, 0, ARRAY_ARRAY_FLAGS);
  return boxObject(array);
}

/** https://tc39.es/ecma262/#sec-array.isarray */
export function arrayIsArray(area: usize, argc: i32): Value {
  return testArray(argAt(area, argc, 0));
}

/** https://tc39.es/ecma262/#sec-array.of with %Array% as receiver */
export function arrayOf(area: usize, argc: i32): Value {
  if (thisOf(area) != intrinsic(Intrinsic.Array)) return DEFER;
  return boxObject(newCopiedArray(area + 16, <u32>argc));
}

/** https://tc39.es/ecma262/#sec-get-array-@@species */
export function getArraySymbolSpecies(area: usize, argc: i32): Value {
  return thisOf(area);
}

// --- tests for the prelude ---------------------------------------------------------------------------------------------

/** (this, callback): the length of the array if `a[i]` and `i in a` run no guest code and callback is callable; else -1. */
export function arrayLoop(area: usize, argc: i32): Value {
  const array = arrayAddress(load<u64>(area, 16));
  if (array == 0 || !isCallable(load<u64>(area, 24)) || !isReadable(array)) return boxInt(-1);
  return boxU32(lengthOfArray(array));
}

/** (array): does ArraySpeciesCreate make a plain array without asking the guest? */
export function hasArraySpecies(area: usize, argc: i32): Value {
  const array = arrayAddress(load<u64>(area, 16));
  return boxBool(array != 0 && hasPlainSpecies(array));
}

/** (array): is it an array that can be read in memory, without holes? */
export function isPackedArray(area: usize, argc: i32): Value {
  const array = arrayAddress(load<u64>(area, 16));
  return boxBool(array != 0 && isPacked(array));
}

export function isPacked(array: usize): bool {
  const elements = elementsOf(array);
  const length = lengthOfArray(array);
  if (isSparse(elements) || denseLength(elements) < length) return false;
  chargeFuel(<i32>(length >> 5));
  for (let i: u32 = 0; i < length; i++) if (load<u64>(elementAt(elements, i)) == HOLE) return false;
  return true;
}

/** (array, from, to): a fresh array with those elements of a packed or internal array; undefined for each that is missing. */
export function copyRange(area: usize, argc: i32): Value {
  const array = addressOf(load<u64>(area, 16));
  const from = <u32>asInt(load<u64>(area, 24));
  const to = min<u32>(<u32>asInt(load<u64>(area, 32)), denseLength(elementsOf(array)));
  const n: u32 = to > from ? to - from : 0;
  if (!priceElements(n)) return RETRY;
  return boxObject(newCopiedArray(elementAt(elementsOf(array), from), n));
}

/** (array, list): Set(array, 0…, list) of a changeable array of exactly that length; false if it is not one. */
export function writeBack(area: usize, argc: i32): Value {
  const array = arrayAddress(load<u64>(area, 16));
  const list = addressOf(load<u64>(area, 24));
  const n = lengthOfArray(list);
  if (array == 0 || lengthOfArray(array) < n || !isChangeable(array) || denseLength(elementsOf(array)) < n) return FALSE;
  chargeFuel(<i32>(n >> 3));
  memory.copy(elementAt(elementsOf(array), 0), elementAt(elementsOf(list), 0), <usize>n << 3);
  return TRUE;
}

// --- adding and removing ------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-array.prototype.push */
export function arrayPrototypePush(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array)) return DEFER;
  const length = lengthOfArray(array);
  let elements = elementsOf(array);
  if (denseLength(elements) != length || length > 11000000) return DEFER;
  // With nothing to add the array may have no elements to write a length to.
  if (argc == 0) return boxU32(length);
  const end = length + <u32>argc;
  if (elements == 0 || end > load<u32>(elements, ELEMENTS_CAPACITY)) {
    if (!makeRoom(array, end)) return RETRY;
    elements = elementsOf(array);
  }
  for (let i = 0; i < argc; i++) store<u64>(elementAt(elements, length + <u32>i), load<u64>(area + 16 + (<usize>i << 3)));
  store<u32>(elements, end, ELEMENTS_LENGTH);
  store<u32>(array, end, ARRAY_LENGTH);
  return boxU32(end);
}

/** https://tc39.es/ecma262/#sec-array.prototype.pop */
export function arrayPrototypePop(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array)) return DEFER;
  const length = lengthOfArray(array);
  if (length == 0) return UNDEFINED;
  const last = elementOr(array, length - 1);
  cutTo(array, length - 1);
  return last == HOLE ? UNDEFINED : last;
}

/** https://tc39.es/ecma262/#sec-array.prototype.shift */
export function arrayPrototypeShift(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array)) return DEFER;
  const length = lengthOfArray(array);
  if (length == 0) return UNDEFINED;
  const elements = elementsOf(array);
  const used = denseLength(elements);
  const first = used == 0 ? HOLE : load<u64>(elementAt(elements, 0));
  if (used > 16 && elements >= <usize>load<u32>(VM_HEAP_BASE)) {
    // The cell now begins one element later, so that a queue does not pay for moving the elements that stay.
    const capacity = load<u32>(elements, ELEMENTS_CAPACITY);
    const size = sizeOf(elements);
    const later = elements + 8;
    store<u32>(later, 0);
    store<u32>(later, (<u32>Kind.ELEMENTS << 24) | <u32>((size - 8) >> 3), 4);
    store<u32>(later, used - 1, ELEMENTS_LENGTH);
    store<u32>(later, capacity - 1, ELEMENTS_CAPACITY);
    setElements(array, later);
  } else if (used > 0) {
    chargeFuel(<i32>(used >> 5));
    memory.copy(elementAt(elements, 0), elementAt(elements, 1), <usize>(used - 1) << 3);
    store<u64>(elementAt(elements, used - 1), 0);
    store<u32>(elements, used - 1, ELEMENTS_LENGTH);
  }
  store<u32>(array, length - 1, ARRAY_LENGTH);
  return first == HOLE ? UNDEFINED : first;
}

/** https://tc39.es/ecma262/#sec-array.prototype.unshift */
export function arrayPrototypeUnshift(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array)) return DEFER;
  const length = lengthOfArray(array);
  if (argc == 0) return boxU32(length);
  if (length > 11000000) return DEFER;
  const used = denseLength(elementsOf(array));
  if (!makeRoom(array, used + <u32>argc)) return RETRY;
  const elements = elementsOf(array);
  chargeFuel(<i32>(used >> 5));
  memory.copy(elementAt(elements, <u32>argc), elementAt(elements, 0), <usize>used << 3);
  memory.copy(elementAt(elements, 0), area + 16, <usize>argc << 3);
  store<u32>(elements, used + <u32>argc, ELEMENTS_LENGTH);
  store<u32>(array, length + <u32>argc, ARRAY_LENGTH);
  return boxU32(length + <u32>argc);
}

/** https://tc39.es/ecma262/#sec-array.prototype.splice */
export function arrayPrototypeSplice(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array) || !hasPlainSpecies(array)) return DEFER;
  const length = lengthOfArray(array);
  if (!canBeDense(<f64>length)) return DEFER;
  const start = relativeIndex(argAt(area, argc, 0), <f64>length, 0);
  if (start < 0) return DEFER;
  let count: f64 = 0;
  if (argc == 1) count = <f64>length - start;
  else if (argc > 1) {
    const v = load<u64>(area, 24);
    if (!isNumber(v) && v != UNDEFINED) return DEFER;
    count = v == UNDEFINED ? 0 : min<f64>(max<f64>(toIntegerOrInfinity(toDouble(v)), 0), <f64>length - start);
  }
  const from = <u32>start;
  const removed = <u32>count;
  const added: u32 = argc > 2 ? <u32>(argc - 2) : 0;
  const end = length - removed + added;
  if (!fillUp(array, length)) return RETRY;
  if (end > length && !makeRoom(array, end)) return RETRY;
  if (!priceElements(removed)) return RETRY;
  const elements = elementsOf(array);
  const result = newCopiedArray(elements == 0 ? 0 : elementAt(elements, from), removed);
  if (elements == 0) return boxObject(result);
  if (added != removed) {
    const tail = length - from - removed;
    chargeFuel(<i32>(tail >> 5));
    memory.copy(elementAt(elements, from + added), elementAt(elements, from + removed), <usize>tail << 3);
  }
  for (let i: u32 = 0; i < added; i++) store<u64>(elementAt(elements, from + i), load<u64>(area + 32 + (<usize>i << 3)));
  if (end < length) cutTo(array, end);
  else {
    store<u32>(elements, end, ELEMENTS_LENGTH);
    store<u32>(array, end, ARRAY_LENGTH);
  }
  return boxObject(result);
}

// --- copies -----------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-array.prototype.slice */
export function arrayPrototypeSlice(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array) || !hasPlainSpecies(array)) return DEFER;
  const length = lengthOfArray(array);
  const start = relativeIndex(argAt(area, argc, 0), <f64>length, 0);
  const end = relativeIndex(argAt(area, argc, 1), <f64>length, <f64>length);
  if (start < 0 || end < 0) return DEFER;
  const n: u32 = end > start ? <u32>(end - start) : 0;
  const used = denseLength(elementsOf(array));
  const from = <u32>start;
  const have: u32 = from < used ? min<u32>(n, used - from) : 0;
  if (!priceElements(have)) return RETRY;
  const result = newCopiedArray(have == 0 ? 0 : elementAt(elementsOf(array), from), have);
  store<u32>(result, n, ARRAY_LENGTH);
  return boxObject(result);
}

/** 1: its elements are spread, 0: it is one element, -1: that takes guest code. https://tc39.es/ecma262/#sec-isconcatspreadable */
function spreads(v: Value): i32 {
  if (!isObject(v)) return 0;
  const object = addressOf(v);
  if (lookup(object, intrinsic(Intrinsic.Symbol_isConcatSpreadable)) != ABSENT_PROPERTY) return -1;
  if (kindOf(object) != Kind.ARRAY) return 0;
  return isReadable(object) ? 1 : -1;
}

/** https://tc39.es/ecma262/#sec-array.prototype.concat */
export function arrayPrototypeConcat(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !hasPlainSpecies(array)) return DEFER;
  let total: f64 = 0;
  for (let i = -1; i < argc; i++) {
    const v = load<u64>(area + 16 + (<isize>i << 3));
    const how = spreads(v);
    if (how < 0) return DEFER;
    total += how ? <f64>lengthOfArray(addressOf(v)) : 1;
  }
  if (!canBeDense(total)) return DEFER;
  const n = <u32>total;
  if (!priceElements(n)) return RETRY;
  const result = newFilledArray(n);
  if (n == 0) return boxObject(result);
  let at = elementAt(elementsOf(result), 0);
  for (let i = -1; i < argc; i++) {
    const v = load<u64>(area + 16 + (<isize>i << 3));
    if (spreads(v) == 0) {
      store<u64>(at, v);
      at += 8;
      continue;
    }
    const source = addressOf(v);
    const length = lengthOfArray(source);
    const used = denseLength(elementsOf(source));
    if (used > 0) memory.copy(at, elementAt(elementsOf(source), 0), <usize>used << 3);
    for (let j = used; j < length; j++) store<u64>(at + (<usize>j << 3), HOLE);
    at += <usize>length << 3;
  }
  return boxObject(result);
}

/** A fresh dense copy of a readable array, undefined for holes; 0: RETRY. */
function copyWithoutHoles(array: usize): usize {
  const length = lengthOfArray(array);
  if (!priceElements(length)) return 0;
  const result = newFilledArray(length);
  const elements = elementsOf(result);
  for (let i: u32 = 0; i < length; i++) {
    const v = elementOr(array, i);
    store<u64>(elementAt(elements, i), v == HOLE ? UNDEFINED : v);
  }
  return result;
}

/** https://tc39.es/ecma262/#sec-array.prototype.toreversed */
export function arrayPrototypeToReversed(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array) || !canBeDense(<f64>lengthOfArray(array))) return DEFER;
  const result = copyWithoutHoles(array);
  if (result == 0) return RETRY;
  reverseElements(result);
  return boxObject(result);
}

/** https://tc39.es/ecma262/#sec-array.prototype.with */
export function arrayPrototypeWith(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array) || !canBeDense(<f64>lengthOfArray(array))) return DEFER;
  const v = argAt(area, argc, 0);
  if (!isNumber(v)) return DEFER;
  const length = <f64>lengthOfArray(array);
  const relative = toIntegerOrInfinity(toDouble(v));
  const index = relative < 0 ? relative + length : relative;
  if (!(index >= 0 && index < length)) return throwNamed(ErrorKind.RangeError, "Invalid index : ", numberToString(relative), "");
  const result = copyWithoutHoles(array);
  if (result == 0) return RETRY;
  store<u64>(elementAt(elementsOf(result), <u32>index), argAt(area, argc, 1));
  return boxObject(result);
}

/** https://tc39.es/ecma262/#sec-array.prototype.tospliced */
export function arrayPrototypeToSpliced(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array)) return DEFER;
  const length = lengthOfArray(array);
  const start = relativeIndex(argAt(area, argc, 0), <f64>length, 0);
  if (start < 0 || !canBeDense(<f64>length)) return DEFER;
  let count: f64 = 0;
  if (argc == 1) count = <f64>length - start;
  else if (argc > 1) {
    const v = load<u64>(area, 24);
    if (!isNumber(v) && v != UNDEFINED) return DEFER;
    count = v == UNDEFINED ? 0 : min<f64>(max<f64>(toIntegerOrInfinity(toDouble(v)), 0), <f64>length - start);
  }
  const from = <u32>start;
  const removed = <u32>count;
  const added: u32 = argc > 2 ? <u32>(argc - 2) : 0;
  const n = length - removed + added;
  if (!priceElements(n)) return RETRY;
  const result = newFilledArray(n);
  const elements = elementsOf(result);
  for (let i: u32 = 0; i < n; i++) {
    const v: Value = i < from ? elementOr(array, i) : i < from + added ? load<u64>(area + 32 + (<usize>(i - from) << 3)) : elementOr(array, i - added + removed);
    store<u64>(elementAt(elements, i), v == HOLE ? UNDEFINED : v);
  }
  return boxObject(result);
}

/** https://tc39.es/ecma262/#sec-array.prototype.flat for depth 1 */
export function arrayPrototypeFlat(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array) || !hasPlainSpecies(array)) return DEFER;
  const depth = argAt(area, argc, 0);
  if (depth != UNDEFINED && depth != boxInt(1)) return DEFER;
  const length = lengthOfArray(array);
  const used = denseLength(elementsOf(array));
  let total: f64 = 0;
  for (let i: u32 = 0; i < used; i++) {
    const v = elementOr(array, i);
    if (v == HOLE) continue;
    if (!isObject(v)) {
      total++;
      continue;
    }
    const kind = kindOf(addressOf(v));
    if (kind == Kind.PROXY || (kind == Kind.ARRAY && !isReadable(addressOf(v)))) return DEFER;
    total += kind == Kind.ARRAY ? <f64>denseLength(elementsOf(addressOf(v))) : 1;
  }
  if (!canBeDense(total)) return DEFER;
  if (!priceElements(<u32>total)) return RETRY;
  chargeFuel(<i32>(length >> 3));
  const result = newFilledArray(<u32>total);
  let n: u32 = 0;
  for (let i: u32 = 0; i < used; i++) {
    const v = elementOr(array, i);
    if (v == HOLE) continue;
    const inner = arrayAddress(v);
    if (inner == 0) store<u64>(elementAt(elementsOf(result), n++), v);
    else {
      const end = denseLength(elementsOf(inner));
      for (let j: u32 = 0; j < end; j++) {
        const w = load<u64>(elementAt(elementsOf(inner), j));
        if (w != HOLE) store<u64>(elementAt(elementsOf(result), n++), w);
      }
    }
  }
  cutTo(result, n);
  return boxObject(result);
}

// --- in place -----------------------------------------------------------------------------------------------------------

function reverseElements(array: usize): void {
  const n = denseLength(elementsOf(array));
  if (n < 2) return;
  chargeFuel(<i32>(n >> 4));
  let low = elementAt(elementsOf(array), 0);
  let high = elementAt(elementsOf(array), n - 1);
  while (low < high) {
    const v = load<u64>(low);
    store<u64>(low, load<u64>(high));
    store<u64>(high, v);
    low += 8;
    high -= 8;
  }
}

/** https://tc39.es/ecma262/#sec-array.prototype.reverse */
export function arrayPrototypeReverse(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array) || denseLength(elementsOf(array)) != lengthOfArray(array)) return DEFER;
  reverseElements(array);
  return thisOf(area);
}

/** https://tc39.es/ecma262/#sec-array.prototype.fill */
export function arrayPrototypeFill(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array)) return DEFER;
  const length = <f64>lengthOfArray(array);
  const start = relativeIndex(argAt(area, argc, 1), length, 0);
  const end = relativeIndex(argAt(area, argc, 2), length, length);
  if (start < 0 || end < 0 || !canBeDense(end)) return DEFER;
  if (end <= start) return thisOf(area);
  const from = <u32>start;
  const to = <u32>end;
  if (!priceElements(to)) return RETRY;
  if (denseLength(elementsOf(array)) < to) {
    // `new Array(n).fill(v)`: exactly n.
    if (elementsOf(array) == 0) setElements(array, newElements(to));
    if (!fillUp(array, to)) return RETRY;
  }
  const value = argAt(area, argc, 0);
  const last = elementAt(elementsOf(array), to);
  for (let at = elementAt(elementsOf(array), from); at < last; at += 8) store<u64>(at, value);
  return thisOf(area);
}

/** https://tc39.es/ecma262/#sec-array.prototype.copywithin */
export function arrayPrototypeCopyWithin(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isChangeable(array) || denseLength(elementsOf(array)) != lengthOfArray(array)) return DEFER;
  const length = <f64>lengthOfArray(array);
  const to = relativeIndex(argAt(area, argc, 0), length, 0);
  const from = relativeIndex(argAt(area, argc, 1), length, 0);
  const end = relativeIndex(argAt(area, argc, 2), length, length);
  if (to < 0 || from < 0 || end < 0) return DEFER;
  const count = min<f64>(end - from, length - to);
  if (count > 0) {
    const elements = elementsOf(array);
    chargeFuel(<i32>(<u32>count >> 4));
    memory.copy(elementAt(elements, <u32>to), elementAt(elements, <u32>from), <usize>count << 3);
  }
  return thisOf(area);
}

/** https://tc39.es/ecma262/#sec-array.prototype.at */
export function arrayPrototypeAt(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || isSparse(elementsOf(array))) return DEFER;
  const v = argAt(area, argc, 0);
  if (!isNumber(v) && v != UNDEFINED) return DEFER;
  const length = <f64>lengthOfArray(array);
  let index: f64 = v == UNDEFINED ? 0 : toIntegerOrInfinity(toDouble(v));
  if (index < 0) index += length;
  if (!(index >= 0 && index < length)) return UNDEFINED;
  const found = elementOr(array, <u32>index);
  if (found != HOLE) return found;
  return bareChain(array) ? UNDEFINED : DEFER;
}
