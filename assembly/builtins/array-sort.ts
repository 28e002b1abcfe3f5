// Owns the native parts of sorting: numbers by a comparator that is known to subtract, primitives by their texts, and the
// moves of the merge sort in ts/prelude/array.js. Must never call a comparator. All sorting is stable.
import {
  addressOf, asInt, boxBool, boxInt, boxNumber, boxString, FALSE, HOLE, isNumber, isObject, isString, RETRY, toDouble, TRUE, UNDEFINED,
  Value,
} from "../core/value";
import { MAX_CELL_BYTES } from "../generated/exchange";
import { CODE_FLAGS, CODE_WORDS, ELEMENTS_LENGTH, FUNCTION_CODE, Kind } from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { CODE_ENTRY } from "../heap/code";
import { allocate, chargeFuel, chargeWork, kindOf, reserve } from "../heap/memory";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { lookup } from "../objects/property";
import { toStringPrimitive } from "../primitives/convert";
import { flatteningBytes } from "../strings/rope";
import { charsOf, compare } from "../strings/string";
import { refuseState } from "./arguments";

/** Runs sorted by insertion before merging begins. */
const RUN: u32 = 8;

function logOf(n: u32): u32 {
  return 32 - clz<u32>(n);
}

/** (list): moves every undefined to the end, in place; returns the number of other elements. */
export function undefinedLast(area: usize, argc: i32): Value {
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  if (elements == 0) return boxInt(0);
  const n = load<u32>(elements, ELEMENTS_LENGTH);
  let kept: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (v != UNDEFINED) store<u64>(elementAt(elements, kept++), v);
  }
  for (let i = kept; i < n; i++) store<u64>(elementAt(elements, i), UNDEFINED);
  return boxInt(<i32>kept);
}

/** (list, from, to): takes element `from` out and puts it in at `to` before it. */
export function moveDown(area: usize, argc: i32): Value {
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  const from = <u32>asInt(load<u64>(area, 24));
  const to = <u32>asInt(load<u64>(area, 32));
  if (from < to || from >= denseLength(elements)) return refuseState();
  const v = load<u64>(elementAt(elements, from));
  memory.copy(elementAt(elements, to + 1), elementAt(elements, to), <usize>(from - to) << 3);
  store<u64>(elementAt(elements, to), v);
  return UNDEFINED;
}

/** (target, at, source, from, to): copies elements between internal arrays. */
export function copyPart(area: usize, argc: i32): Value {
  const target = elementsOf(addressOf(load<u64>(area, 16)));
  const at = <u32>asInt(load<u64>(area, 24));
  const source = elementsOf(addressOf(load<u64>(area, 32)));
  const from = <u32>asInt(load<u64>(area, 40));
  const to = <u32>asInt(load<u64>(area, 48));
  if (to < from || <u64>at + <u64>(to - from) > <u64>denseLength(target)) return refuseState();
  chargeFuel(<i32>((to - from) >> 4));
  memory.copy(elementAt(target, at), elementAt(source, from), <usize>(to - from) << 3);
  return UNDEFINED;
}

// --- numbers ------------------------------------------------------------------------------------------------------------

/** The key whose values a known comparator subtracts, 0 if it subtracts the elements themselves; and the order it sorts in. */
const KEY: usize = memory.data(8, 8);
const ORDER: usize = KEY + 4;

/**
 * True if the comparator is `(a, b) => a - b` or `(a, b) => a.key - b.key`, or either with a and b exchanged. With numbers it does
 * nothing that the guest could notice, and need not be called.
 */
function subtracts(f: Value): bool {
  if (!isObject(f) || kindOf(addressOf(f)) != Kind.FUNCTION) return false;
  const code = <usize>load<u32>(addressOf(f), FUNCTION_CODE);
  if (load<u32>(code, CODE_FLAGS) & (FunctionFlag.ASYNC | FunctionFlag.GENERATOR | FunctionFlag.CLASS_CONSTRUCTOR | FunctionFlag.PRELUDE)) return false;
  const words = load<u32>(code, CODE_WORDS);
  let at = code + CODE_ENTRY;
  let first: u32 = 16;
  let second: u32 = 24;
  let left: u32 = 0;
  store<u32>(KEY, 0);
  if (words >= 6 && load<u16>(at) == Op.GETPROP) {
    // Words 0-1 and 2-3 read a property of the two parameters; the operands of SUB are where they were put.
    if (load<u16>(at, 16) != Op.GETPROP || load<u32>(at, 8) != load<u32>(at, 24)) return false;
    left = <u32>load<u16>(at, 4);
    if (left + <u32>load<u16>(at, 20) != 40 || (left != 16 && left != 24)) return false;
    first = <u32>load<u16>(at, 2);
    second = <u32>load<u16>(at, 18);
    if (first == second || first < 32 || second < 32) return false;
    store<u32>(KEY, load<u32>(at, 8));
    at += 32;
  } else if (words < 2) return false;
  if (load<u16>(at) != Op.SUB || load<u16>(at, 8) != Op.RETURN || load<u16>(at, 2) != load<u16>(at, 10)) return false;
  const a = <u32>load<u16>(at, 4);
  const b = <u32>load<u16>(at, 6);
  const forward = a == first && b == second;
  if (!forward && !(a == second && b == first)) return false;
  store<i32>(ORDER, forward == (left == 0 || left == 16) ? 1 : -1);
  return true;
}

function insertNumbers(at: usize, n: u32): void {
  for (let i: u32 = 1; i < n; i++) {
    const v = load<f64>(at + (<usize>i << 3));
    let p = at + (<usize>i << 3);
    while (p > at && load<f64>(p - 8) > v) {
      store<f64>(p, load<f64>(p - 8));
      p -= 8;
    }
    store<f64>(p, v);
  }
}

function mergeNumbers(from: usize, to: usize, n: u32, width: u32): void {
  for (let low: u32 = 0; low < n; low += width * 2) {
    const middle = min<u32>(n, low + width);
    let i = from + (<usize>low << 3);
    const iEnd = from + (<usize>middle << 3);
    let j = iEnd;
    const jEnd = from + (<usize>min<u32>(n, low + width * 2) << 3);
    let k = to + (<usize>low << 3);
    if (j < jEnd && load<f64>(iEnd - 8) > load<f64>(j)) {
      let x = load<f64>(i);
      let y = load<f64>(j);
      while (true) {
        if (x > y) {
          store<f64>(k, y);
          k += 8;
          j += 8;
          if (j == jEnd) break;
          y = load<f64>(j);
        } else {
          store<f64>(k, x);
          k += 8;
          i += 8;
          if (i == iEnd) break;
          x = load<f64>(i);
        }
      }
    }
    memory.copy(k, i, iEnd - i);
    memory.copy(k + (iEnd - i), j, jEnd - j);
  }
}

/** Sorts n numbers, without NaN among them. */
function sortPlainNumbers(elements: usize, n: u32, down: bool): void {
  let a = allocate(Kind.BYTES, (<usize>n << 4) + 16) + 16;
  let b = a + (<usize>n << 3);
  // For descending order the numbers are negated and sorted up, so that equal ones keep their order.
  for (let i: u32 = 0; i < n; i++) {
    const d = toDouble(load<u64>(elementAt(elements, i)));
    store<f64>(a + (<usize>i << 3), down ? -d : d);
  }
  for (let i: u32 = 0; i < n; i += RUN) insertNumbers(a + (<usize>i << 3), min<u32>(RUN, n - i));
  for (let width = RUN; width < n; width *= 2) {
    mergeNumbers(a, b, n, width);
    const t = a;
    a = b;
    b = t;
  }
  for (let i: u32 = 0; i < n; i++) {
    const d = load<f64>(a + (<usize>i << 3));
    store<u64>(elementAt(elements, i), boxNumber(down ? -d : d));
  }
}

/** Merges runs of entries {number f64, value u64}. */
function mergeEntries(from: usize, to: usize, n: u32, width: u32): void {
  for (let low: u32 = 0; low < n; low += width * 2) {
    const middle = min<u32>(n, low + width);
    let i = from + (<usize>low << 4);
    const iEnd = from + (<usize>middle << 4);
    let j = iEnd;
    const jEnd = from + (<usize>min<u32>(n, low + width * 2) << 4);
    let k = to + (<usize>low << 4);
    if (j < jEnd && load<f64>(iEnd - 16) > load<f64>(j)) {
      while (i < iEnd && j < jEnd) {
        if (load<f64>(i) > load<f64>(j)) {
          store<u64>(k, load<u64>(j));
          store<u64>(k, load<u64>(j, 8), 8);
          j += 16;
        } else {
          store<u64>(k, load<u64>(i));
          store<u64>(k, load<u64>(i, 8), 8);
          i += 16;
        }
        k += 16;
      }
    }
    memory.copy(k, i, iEnd - i);
    memory.copy(k + (iEnd - i), j, jEnd - j);
  }
}

/** Sorts n objects by the number in their data property KEY; false: one of them has no such property. */
function sortByKey(elements: usize, n: u32, down: bool): bool {
  const key = boxString(<usize>load<u32>(KEY));
  let a = allocate(Kind.BYTES, (<usize>n << 5) + 16) + 16;
  let b = a + (<usize>n << 4);
  for (let i: u32 = 0; i < n; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (!isObject(v) || lookup(addressOf(v), key) != DATA) return false;
    const number = load<u64>(FOUND_VALUE);
    if (!isNumber(number)) return false;
    const d = toDouble(number);
    if (d != d) return false;
    store<f64>(a + (<usize>i << 4), down ? -d : d);
    store<u64>(a + (<usize>i << 4), v, 8);
  }
  for (let width: u32 = 1; width < n; width *= 2) {
    mergeEntries(a, b, n, width);
    const t = a;
    a = b;
    b = t;
  }
  for (let i: u32 = 0; i < n; i++) store<u64>(elementAt(elements, i), load<u64>(a + (<usize>i << 4), 8));
  return true;
}

/** (list, n, comparator): sorts the first n elements if all are numbers and the comparator only subtracts; false: it did nothing. */
export function sortNumbers(area: usize, argc: i32): Value {
  if (!subtracts(load<u64>(area, 32))) return FALSE;
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  const n = <u32>asInt(load<u64>(area, 24));
  const down = load<i32>(ORDER) < 0;
  if (n > 4000000) return FALSE;
  if (load<u32>(KEY) == 0) {
    for (let i: u32 = 0; i < n; i++) {
      const v = load<u64>(elementAt(elements, i));
      if (!isNumber(v) || toDouble(v) != toDouble(v)) return FALSE;
    }
  }
  if (!reserve((<usize>n << 5) + 64)) return RETRY;
  if (!chargeWork(<i64>(n * logOf(n)) >> 4)) return FALSE;
  if (load<u32>(KEY) != 0) return boxBool(sortByKey(elements, n, down));
  sortPlainNumbers(elements, n, down);
  return TRUE;
}

// --- texts -----------------------------------------------------------------------------------------------------------------

// Entries: text u32 · index u32.

// @ts-ignore: decorator
@inline
function order(a: u64, b: u64): i32 {
  return compare(<usize><u32>a, <usize><u32>b);
}

function insertTexts(at: usize, n: u32): void {
  for (let i: u32 = 1; i < n; i++) {
    const v = load<u64>(at + (<usize>i << 3));
    let p = at + (<usize>i << 3);
    while (p > at && order(load<u64>(p - 8), v) > 0) {
      store<u64>(p, load<u64>(p - 8));
      p -= 8;
    }
    store<u64>(p, v);
  }
}

function mergeTexts(from: usize, to: usize, n: u32, width: u32): void {
  for (let low: u32 = 0; low < n; low += width * 2) {
    const middle = min<u32>(n, low + width);
    let i = from + (<usize>low << 3);
    const iEnd = from + (<usize>middle << 3);
    let j = iEnd;
    const jEnd = from + (<usize>min<u32>(n, low + width * 2) << 3);
    let k = to + (<usize>low << 3);
    if (j < jEnd && order(load<u64>(iEnd - 8), load<u64>(j)) > 0) {
      while (i < iEnd && j < jEnd) {
        if (order(load<u64>(i), load<u64>(j)) > 0) {
          store<u64>(k, load<u64>(j));
          j += 8;
        } else {
          store<u64>(k, load<u64>(i));
          i += 8;
        }
        k += 8;
      }
    }
    memory.copy(k, i, iEnd - i);
    memory.copy(k + (iEnd - i), j, jEnd - j);
  }
}

/** (list, n): sorts the first n elements by their texts if all are primitives that have one; false: it did nothing. */
export function sortTexts(area: usize, argc: i32): Value {
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  const n = <u32>asInt(load<u64>(area, 24));
  if (n > 1500000) return FALSE;
  for (let i: u32 = 0; i < n; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (!isString(v) && !isNumber(v) && v > HOLE) return FALSE;
  }
  // Ropes are flattened for the comparisons.
  let flat: usize = 0;
  for (let i: u32 = 0; i < n; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (isString(v)) flat += flatteningBytes(addressOf(v));
    if (flat > MAX_CELL_BYTES) break;
  }
  if (!reserve(<usize>n * 72 + 64 + flat)) return RETRY;
  if (!chargeWork(<i64>(n * logOf(n)) >> 1)) return FALSE;
  let a = allocate(Kind.BYTES, (<usize>n << 4) + 16) + 16;
  let b = a + (<usize>n << 3);
  const values = allocate(Kind.BYTES, (<usize>n << 3) + 16) + 16;
  memory.copy(values, elementAt(elements, 0), <usize>n << 3);
  for (let i: u32 = 0; i < n; i++) {
    const text = toStringPrimitive(load<u64>(values + (<usize>i << 3)));
    charsOf(text);
    store<u64>(a + (<usize>i << 3), <u64><u32>text | (<u64>i << 32));
  }
  for (let i: u32 = 0; i < n; i += RUN) insertTexts(a + (<usize>i << 3), min<u32>(RUN, n - i));
  for (let width = RUN; width < n; width *= 2) {
    mergeTexts(a, b, n, width);
    const t = a;
    a = b;
    b = t;
  }
  for (let i: u32 = 0; i < n; i++) {
    store<u64>(elementAt(elements, i), load<u64>(values + (<usize>load<u32>(a + (<usize>i << 3), 4) << 3)));
  }
  return TRUE;
}
