// Owns the native parts of sorting: numbers by a comparator that is known to subtract, primitives by their texts, and the
// moves of the merge sort in ts/prelude/array.js. Must never call a comparator. All sorting is stable.
import { addressOf, asInt, boxBool, boxInt, boxNumber, DEFER, FALSE, HOLE, isInt, isNumber, isObject, isString, RETRY, toDouble, TRUE, UNDEFINED, Value } from "../core/value";
import { toStringPrimitive } from "../core/convert";
import { CODE_ENTRY } from "../bytecode/code";
import { CODE_FLAGS, CODE_WORDS, ELEMENTS_LENGTH, FUNCTION_CODE, Kind } from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { allocate, chargeFuel, kindOf, reserve } from "../heap/memory";
import { elementAt, elementsOf } from "../objects/elements";
import { charsOf, compare } from "../strings/string";

/** Runs sorted by insertion before merging begins. */
const RUN: u32 = 8;

function logOf(n: u32): u32 {
  return 32 - clz<u32>(n);
}

/** (list): moves undefined behind everything else, in place; answers how many elements are not. */
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
  chargeFuel(<i32>((to - from) >> 4));
  memory.copy(elementAt(target, at), elementAt(source, from), <usize>(to - from) << 3);
  return UNDEFINED;
}

// --- numbers ------------------------------------------------------------------------------------------------------------

/** (comparator): 1 if it is `(a, b) => a - b`, -1 if `(a, b) => b - a`, else 0. */
export function numericOrder(area: usize, argc: i32): Value {
  const f = load<u64>(area, 16);
  if (!isObject(f) || kindOf(addressOf(f)) != Kind.FUNCTION) return boxInt(0);
  const code = <usize>load<u32>(addressOf(f), FUNCTION_CODE);
  if (load<u32>(code, CODE_FLAGS) & (FunctionFlag.ASYNC | FunctionFlag.GENERATOR | FunctionFlag.CLASS_CONSTRUCTOR)) return boxInt(0);
  if (load<u32>(code, CODE_WORDS) < 2) return boxInt(0);
  const at = code + CODE_ENTRY;
  if (load<u16>(at) != Op.SUB || load<u16>(at, 8) != Op.RETURN || load<u16>(at, 2) != load<u16>(at, 10)) return boxInt(0);
  const left = load<u16>(at, 4);
  const right = load<u16>(at, 6);
  if (left == 16 && right == 24) return boxInt(1);
  return boxInt(left == 24 && right == 16 ? -1 : 0);
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

/** (list, n, order): sorts the first n elements if they are all numbers, none NaN; false: it is not done. */
export function sortNumbers(area: usize, argc: i32): Value {
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  const n = <u32>asInt(load<u64>(area, 24));
  const down = asInt(load<u64>(area, 32)) < 0;
  for (let i: u32 = 0; i < n; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (!isNumber(v) || toDouble(v) != toDouble(v)) return FALSE;
  }
  const bytes = (<usize>n << 4) + 16;
  if (!reserve(bytes)) return RETRY;
  chargeFuel(<i32>((n * logOf(n)) >> 5));
  let a = allocate(Kind.BYTES, bytes) + 16;
  let b = a + (<usize>n << 3);
  // Descending: the negated numbers ascend, and equal ones keep their order.
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

/** (list, n): sorts the first n elements by their texts if they are primitives with one; false: it is not done. */
export function sortTexts(area: usize, argc: i32): Value {
  const elements = elementsOf(addressOf(load<u64>(area, 16)));
  const n = <u32>asInt(load<u64>(area, 24));
  if (n > 1500000) return FALSE;
  for (let i: u32 = 0; i < n; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (!isString(v) && !isNumber(v) && v > HOLE) return FALSE;
  }
  if (!reserve(<usize>n * 72 + 64)) return RETRY;
  chargeFuel(<i32>((n * logOf(n)) >> 3));
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
