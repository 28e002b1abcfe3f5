// Owns the natives of Array that search or join without changing anything, on arrays that can be read in memory. Must never
// call guest code (DEFER).
import {
  addressOf, boxBool, boxInt, boxString, DEFER, FALSE, HOLE, isNumber, isObject, isString, RETRY, toDouble, TRUE, UNDEFINED, isWhole, Value,
} from "../core/value";
import { RECORD_SIZE, VM_CSP, VM_FP, VM_STACK_END } from "../generated/layout";
import { chargeBytes, chargeFuel, chargeWork, reserve } from "../heap/memory";
import { stackDepth } from "../interpreter/frame";
import { argAt, thisOf } from "../interpreter/native";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { sameValueZero, strictEquals, toIntegerOrInfinity } from "../primitives/convert";
import { flatteningBytes } from "../strings/rope";
import { equals, hashOf, lengthOf } from "../strings/string";
import { arrayAddress, elementOr, isReadable, lengthOfArray, relativeIndex } from "./array-core";
import { beginText, finishText, putLiteral, putNumber, putString, textFailure } from "./text-buffer";

// --- searching ------------------------------------------------------------------------------------------------------------

/** Returned by findForward and sameText: there is no room yet to flatten the ropes. */
const TRY_AGAIN: i32 = -2;

/** 1: equal, 0: not equal, TRY_AGAIN. The hashes, which strings keep, tell long texts apart quickly. */
function sameText(a: usize, b: usize): i32 {
  const length = lengthOf(a);
  if (length != lengthOf(b)) return 0;
  if (length > 64) {
    const bytes = flatteningBytes(a) + flatteningBytes(b);
    if (bytes > 0 && !reserve(bytes)) return TRY_AGAIN;
    if (hashOf(a) != hashOf(b)) return 0;
    chargeBytes(<usize>length);
  }
  return <i32>equals(a, b);
}

/** Binary logarithm of the number of elements that are compared with that value for one unit of fuel. */
function searchShift(wanted: Value): u32 {
  return isNumber(wanted) || isObject(wanted) ? 4 : 2;
}

/** Index of a strictly equal element in [from, to), or -1. */
function findForward(array: usize, wanted: Value, from: u32, to: u32): i32 {
  const elements = elementsOf(array);
  const end = min<u32>(to, denseLength(elements));
  if (from >= end) return -1;
  chargeFuel(<i32>((end - from) >> searchShift(wanted)));
  if (isNumber(wanted)) {
    const d = toDouble(wanted);
    for (let i = from; i < end; i++) {
      const v = load<u64>(elementAt(elements, i));
      if (v == wanted ? d == d : isNumber(v) && toDouble(v) == d) return <i32>i;
    }
    return -1;
  }
  const isText = isString(wanted);
  for (let i = from; i < end; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (v == wanted) return <i32>i;
    const same = isText && isString(v) ? sameText(addressOf(v), addressOf(wanted)) : 0;
    if (same < 0) return TRY_AGAIN;
    if (isText ? same == 1 : !isObject(wanted) && strictEquals(v, wanted)) return <i32>i;
  }
  return -1;
}

/** https://tc39.es/ecma262/#sec-array.prototype.indexof */
export function arrayPrototypeIndexOf(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array)) return DEFER;
  const length = lengthOfArray(array);
  const from = relativeIndex(argAt(area, argc, 1), <f64>length, 0);
  if (from < 0) return DEFER;
  const at = findForward(array, argAt(area, argc, 0), <u32>from, length);
  return at == TRY_AGAIN ? RETRY : boxInt(at);
}

/** https://tc39.es/ecma262/#sec-array.prototype.lastindexof */
export function arrayPrototypeLastIndexOf(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array)) return DEFER;
  const length = <f64>lengthOfArray(array);
  let from = length - 1;
  if (argc > 1) {
    const v = load<u64>(area, 24);
    if (v == UNDEFINED) from = 0;
    else if (!isNumber(v)) return DEFER;
    else {
      const d = toIntegerOrInfinity(toDouble(v));
      from = d < 0 ? length + d : min<f64>(d, length - 1);
    }
  }
  if (!(from >= 0)) return boxInt(-1);
  const elements = elementsOf(array);
  const wanted = argAt(area, argc, 0);
  let i = <i32>min<f64>(from, <f64>denseLength(elements) - 1);
  chargeFuel(i >> searchShift(wanted));
  for (; i >= 0; i--) {
    const v = load<u64>(elementAt(elements, <u32>i));
    if (isString(v) && isString(wanted)) {
      const same = sameText(addressOf(v), addressOf(wanted));
      if (same == TRY_AGAIN) return RETRY;
      if (same == 1) return boxInt(i);
    } else if (strictEquals(v, wanted)) return boxInt(i);
  }
  return boxInt(-1);
}

/** https://tc39.es/ecma262/#sec-array.prototype.includes */
export function arrayPrototypeIncludes(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array)) return DEFER;
  const length = lengthOfArray(array);
  const from = relativeIndex(argAt(area, argc, 1), <f64>length, 0);
  if (from < 0) return DEFER;
  const wanted = argAt(area, argc, 0);
  if (wanted == UNDEFINED) {
    const used = denseLength(elementsOf(array));
    if (used < length && <u32>from < length) return TRUE;
    if (used > <u32>from) chargeFuel(<i32>((used - <u32>from) >> 4));
    for (let i = <u32>from; i < used; i++) {
      const v = elementOr(array, i);
      if (v == HOLE || v == UNDEFINED) return TRUE;
    }
    return FALSE;
  }
  if (isNumber(wanted) && toDouble(wanted) != toDouble(wanted)) {
    const used = denseLength(elementsOf(array));
    if (used > <u32>from) chargeFuel(<i32>((used - <u32>from) >> 3));
    for (let i = <u32>from; i < used; i++) if (sameValueZero(elementOr(array, i), wanted)) return TRUE;
    return FALSE;
  }
  const at = findForward(array, wanted, <u32>from, length);
  return at == TRY_AGAIN ? RETRY : boxBool(at >= 0);
}

// --- text -----------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-array.prototype.join of strings, numbers, booleans, undefined and null */
export function arrayPrototypeJoin(area: usize, argc: i32): Value {
  const array = arrayAddress(thisOf(area));
  if (array == 0 || !isReadable(array)) return DEFER;
  const separator = argAt(area, argc, 0);
  if (separator != UNDEFINED && !isString(separator)) return DEFER;
  const length = lengthOfArray(array);
  const used = denseLength(elementsOf(array));
  if (used < length && length > 100000) return DEFER;
  chargeFuel(<i32>(used >> 4));
  let doubles: i64 = 0;
  for (let i: u32 = 0; i < used; i++) {
    const v = elementOr(array, i);
    if (!isString(v) && !isNumber(v) && v > HOLE) return DEFER;
    if (isObject(v)) return DEFER;
    doubles += <i64>(isNumber(v) && !isWhole(v));
  }
  if (!chargeWork(<i64>(length >> 2) + (doubles << 1))) return DEFER;
  beginText();
  for (let i: u32 = 0; i < length; i++) {
    if (i > 0) {
      if (separator == UNDEFINED ? !putLiteral(",") : !putString(addressOf(separator))) return textFailure();
    }
    if (!putJoined(elementOr(array, i))) return textFailure();
  }
  return boxString(finishText());
}

/**
 * (object): is the calling prelude function also running further down the stack, with that object as its first argument? Only the
 * stack records this, so the record ends with the call, however that ends.
 */
export function isEntered(area: usize, argc: i32): Value {
  const object = load<u64>(area, 16);
  const callee = load<u64>(<usize>load<u32>(VM_FP));
  const end = <usize>load<u32>(VM_STACK_END);
  chargeFuel(<i32>(stackDepth() >> 2));
  for (let record = <usize>load<u32>(VM_CSP); record < end; record += RECORD_SIZE) {
    const fp = <usize>load<u32>(record, 4);
    if (fp == 0) break;
    if (load<u64>(fp) == callee && load<u64>(fp, 16) == object) return TRUE;
  }
  return FALSE;
}

function putJoined(v: Value): bool {
  if (isString(v)) return putString(addressOf(v));
  if (isNumber(v)) return putNumber(toDouble(v));
  if (v == TRUE) return putLiteral("true");
  return v == FALSE ? putLiteral("false") : true;
}
