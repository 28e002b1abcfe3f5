// Owns the tests that natives on arrays make before they may work on memory directly: whether it is an array, dense or changeable,
// whether its prototypes have elements, whether `species` would be read. Must never change anything but capacity.
import { addressOf, boxString, HOLE, isNumber, isObject, toDouble, UNDEFINED, Value } from "../core/value";
import { MAX_CELL_BYTES } from "../generated/exchange";
import { Atom, atomAt, Intrinsic, intrinsic, Prelude } from "../generated/intrinsics";
import { ACCESSOR_GETTER, ARRAY_LENGTH, ELEMENTS_CAPACITY, ELEMENTS_LENGTH, Kind } from "../generated/kinds";
import { chargeFuel, kindOf, reserve } from "../heap/memory";
import { denseLength, elementAt, elementsOf, isSparse, newElements, setElements } from "../objects/elements";
import { isBuiltin } from "../objects/function";
import { ACCESSOR_PROPERTY, chargeSteps, DATA, FOUND_VALUE } from "../objects/lookup";
import { newArray } from "../objects/object";
import { getOwn, isLengthWritable, lookup } from "../objects/property";
import { isExtensible, prototypeOf } from "../objects/shape";
import { toIntegerOrInfinity } from "../primitives/convert";

/** The array's address; 0 for anything that is not an array exotic object. */
// @ts-ignore: decorator
@inline
export function arrayAddress(v: Value): usize {
  return isObject(v) && kindOf(addressOf(v)) == Kind.ARRAY ? addressOf(v) : 0;
}
// @ts-ignore: decorator
@inline
export function lengthOfArray(array: usize): u32 {
  return load<u32>(array, ARRAY_LENGTH);
}

/** True if no prototype of the object can supply an element that the object lacks. */
export function bareChain(object: usize): bool {
  let steps = 0;
  for (let p = prototypeOf(object); p != 0; p = prototypeOf(p)) {
    if (++steps == 1024) {
      chargeSteps(steps);
      steps = 0;
    }
    const elements = elementsOf(p);
    if (elements != 0 && (isSparse(elements) || denseLength(elements) != 0)) return false;
    const kind = kindOf(p);
    if (kind == Kind.PROXY || kind == Kind.PRIMITIVE || kind == Kind.INTERNAL || kind == Kind.TYPEDARRAY) return false;
  }
  return true;
}

/** True if elements can be read in memory: a hole is an absent element, and so is every element from denseLength up. */
export function isReadable(array: usize): bool {
  return !isSparse(elementsOf(array)) && bareChain(array);
}

/** Elements can be changed, added and removed in memory, and length with them. */
export function isChangeable(array: usize): bool {
  const elements = elementsOf(array);
  if (elements != 0 && (kindOf(elements) != Kind.ELEMENTS || load<u32>(elements) != 0)) return false;
  return isLengthWritable(array) && isExtensible(array) && bareChain(array);
}

/** Element i of a readable array, HOLE if absent. */
// @ts-ignore: decorator
@inline
export function elementOr(array: usize, i: u32): Value {
  const elements = elementsOf(array);
  return i < denseLength(elements) ? load<u64>(elementAt(elements, i)) : HOLE;
}

/** True if ArraySpeciesCreate for that array makes a plain array without running guest code. */
export function hasPlainSpecies(array: usize): bool {
  if (lookup(array, boxString(atomAt(Atom.constructor))) != DATA || load<u64>(FOUND_VALUE) != intrinsic(Intrinsic.Array)) return false;
  if (getOwn(addressOf(intrinsic(Intrinsic.Array)), intrinsic(Intrinsic.Symbol_species)) != ACCESSOR_PROPERTY) return false;
  return isBuiltin(load<u64>(addressOf(load<u64>(FOUND_VALUE)), ACCESSOR_GETTER), Prelude.getArraySymbolSpecies);
}

/** A relative index clamped to 0 … length, `missing` for undefined; -1 if the argument needs guest code. */
export function relativeIndex(v: Value, length: f64, missing: f64): f64 {
  if (v == UNDEFINED) return missing;
  if (!isNumber(v)) return -1;
  const d = toIntegerOrInfinity(toDouble(v));
  return d < 0 ? max<f64>(d + length, 0) : min<f64>(d, length);
}

/** Bytes of a cell for n dense elements. */
// @ts-ignore: decorator
@inline
function elementsBytes(n: u32): usize {
  return (<usize>n << 3) + 16;
}

/** Charges for a cell of n dense elements; false: RETRY. */
// @ts-ignore: decorator
@inline
export function priceElements(n: u32): bool {
  if (n < 128) return true;
  if (n >= 0xffff00 || !reserve(elementsBytes(n))) return false;
  chargeFuel(<i32>(n >> 3));
  return true;
}

/** True if an array of n elements can be held densely at all. */
// @ts-ignore: decorator
@inline
export function canBeDense(n: f64): bool {
  return n <= 11000000;
}

/** A fresh array with n dense elements, which the caller must write at once. */
export function newFilledArray(n: u32): usize {
  const array = newArray(n);
  if (n > 0) store<u32>(elementsOf(array), n, ELEMENTS_LENGTH);
  store<u32>(array, n, ARRAY_LENGTH);
  return array;
}

/** A fresh array with copies of n dense elements from `at`. */
export function newCopiedArray(at: usize, n: u32): usize {
  const array = newFilledArray(n);
  if (n > 0) memory.copy(elementAt(elementsOf(array), 0), at, <usize>n << 3);
  return array;
}

/** Bytes to allocate for room for n elements; 0 if there is room. */
function roomBytes(array: usize, n: u32): usize {
  const elements = elementsOf(array);
  const capacity: u32 = elements == 0 ? 0 : load<u32>(elements, ELEMENTS_CAPACITY);
  return n <= capacity ? 0 : elementsBytes(n + (n >> 1) + 4);
}

/** Makes room in a changeable array for n elements and half as many again; false: RETRY. */
export function makeRoom(array: usize, n: u32): bool {
  const bytes = roomBytes(array, n);
  if (bytes == 0) return true;
  if (bytes > 1024) {
    if (bytes > MAX_CELL_BYTES - 64 || !reserve(bytes)) return false;
    chargeFuel(<i32>(bytes >> 7));
  }
  const old = elementsOf(array);
  const fresh = newElements(n + (n >> 1) + 4);
  if (old != 0) {
    const length = load<u32>(old, ELEMENTS_LENGTH);
    memory.copy(elementAt(fresh, 0), elementAt(old, 0), <usize>length << 3);
    store<u32>(fresh, length, ELEMENTS_LENGTH);
  }
  setElements(array, fresh);
  return true;
}

/** Makes the elements of a changeable array reach up to its length, with holes; false: RETRY. The length must be one that can be dense. */
export function fillUp(array: usize, n: u32): bool {
  let elements = elementsOf(array);
  const used = denseLength(elements);
  if (used >= n) return true;
  if (!makeRoom(array, n)) return false;
  elements = elementsOf(array);
  chargeFuel(<i32>((n - used) >> 5));
  for (let i = used; i < n; i++) store<u64>(elementAt(elements, i), HOLE);
  store<u32>(elements, n, ELEMENTS_LENGTH);
  return true;
}

/** Sets length and dense length of a changeable array whose elements reach at least to n. */
export function cutTo(array: usize, n: u32): void {
  const elements = elementsOf(array);
  const used = denseLength(elements);
  if (used > n) {
    chargeFuel(<i32>((used - n) >> 5));
    memory.fill(elementAt(elements, n), 0, <usize>(used - n) << 3);
    store<u32>(elements, n, ELEMENTS_LENGTH);
  }
  store<u32>(array, n, ARRAY_LENGTH);
}
