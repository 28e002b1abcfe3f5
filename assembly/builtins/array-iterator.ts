// Owns the natives of array iterators, and the parts that all builtin iterators share: their shapes and their results. Must never
// call guest code.
import {
  addressOf, asInt, boxBool, boxCell, boxInt, boxObject, boxString, DEFER, HOLE, isInt, isObject, RETRY, UNDEFINED, Value,
} from "../core/value";
import { Atom, atomAt, intrinsic, Intrinsic, Kept, Prelude } from "../generated/intrinsics";
import { INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind } from "../generated/kinds";
import { InternalClass } from "../generated/states";
import { kindOf, reserve } from "../heap/memory";
import { BARE_RESULT } from "../interpreter/iterator-group";
import { thisOf } from "../interpreter/native";
import { elementAt, elementsOf, isSparse } from "../objects/elements";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { intrinsicAddress, newObjectOfShape, rootShape } from "../objects/object";
import { lookup } from "../objects/property";
import { becomePrototype, newRootShape, PLAIN, shapeWith } from "../objects/shape";
import { elementAddress, isOutOfBounds, readElement, typeOf, viewLength } from "../objects/typed";
import { arrayAddress, bareChain, elementOr, lengthOfArray, newFilledArray, priceElements } from "./array-core";

// --- iterators --------------------------------------------------------------------------------------------------------------


/** A shape that is kept as an intrinsic: objects of kind INTERNAL with `count` slots and that prototype. */
export function internalShape(keptAt: i32, proto: i32, count: u32): usize {
  const known = intrinsic(keptAt);
  if (known != 0) return addressOf(known);
  const parent = addressOf(intrinsic(proto));
  becomePrototype(parent);
  const shape = newRootShape(parent, INTERNAL_SIZE + (<usize>count << 3), 0, 0);
  store<u64>(intrinsicAddress(keptAt), boxCell(shape));
  return shape;
}

/** Address of internal slot i. */
// @ts-ignore: decorator
@inline
export function internalSlot(object: usize, i: usize): usize {
  return object + INTERNAL_SIZE + (i << 3);
}

/** The address of an object of that internal class, or 0. */
export function internalOf(v: Value, cls: u32): usize {
  if (!isObject(v)) return 0;
  const object = addressOf(v);
  return kindOf(object) == Kind.INTERNAL && load<u32>(object, INTERNAL_CLASS) == cls ? object : 0;
}

/** A new iterator with three slots: the object it walks, the position, the kind (0 keys, 1 values, 2 entries). */
export function newIterator(shape: usize, cls: u32, walked: Value, kind: i32): Value {
  const iterator = newObjectOfShape(Kind.INTERNAL, shape);
  store<u32>(iterator, cls, INTERNAL_CLASS);
  store<u32>(iterator, 3, INTERNAL_COUNT);
  store<u64>(internalSlot(iterator, 0), walked);
  store<u64>(internalSlot(iterator, 1), boxInt(0));
  store<u64>(internalSlot(iterator, 2), boxInt(kind));
  return boxObject(iterator);
}

/** https://tc39.es/ecma262/#sec-createiterresultobject */
export function iterResult(value: Value, done: bool): Value {
  if (load<u32>(BARE_RESULT) != 0) return done ? HOLE : value;
  let known = intrinsic(Kept.ITERATOR_RESULT_SHAPE);
  if (known == 0) {
    const root = rootShape(Kind.OBJECT, addressOf(intrinsic(Intrinsic.ObjectPrototype)), 2);
    known = boxCell(shapeWith(shapeWith(root, atomAt(Atom.value), PLAIN), atomAt(Atom.done), PLAIN));
    store<u64>(intrinsicAddress(Kept.ITERATOR_RESULT_SHAPE), known);
  }
  const result = newObjectOfShape(Kind.OBJECT, addressOf(known));
  store<u64>(result, value, 16);
  store<u64>(result, boxBool(done), 24);
  return boxObject(result);
}

/** [a, b] */
export function pairOf(a: Value, b: Value): Value {
  const pair = newFilledArray(2);
  store<u64>(elementAt(elementsOf(pair), 0), a);
  store<u64>(elementAt(elementsOf(pair), 1), b);
  return boxObject(pair);
}

function arrayIterator(area: usize, kind: i32): Value {
  const v = thisOf(area);
  if (!isObject(v)) return DEFER;
  return newIterator(internalShape(Kept.ARRAY_ITERATOR_SHAPE, Intrinsic.ArrayIteratorPrototype, 3), InternalClass.ARRAY_ITERATOR, v, kind);
}

/** (object, kind): CreateArrayIterator. https://tc39.es/ecma262/#sec-createarrayiterator */
export function newArrayIterator(area: usize, argc: i32): Value {
  return newIterator(internalShape(Kept.ARRAY_ITERATOR_SHAPE, Intrinsic.ArrayIteratorPrototype, 3), InternalClass.ARRAY_ITERATOR, load<u64>(area, 16), asInt(load<u64>(area, 24)));
}

/** https://tc39.es/ecma262/#sec-array.prototype.keys */
export function arrayPrototypeKeys(area: usize, argc: i32): Value {
  return arrayIterator(area, 0);
}
/** https://tc39.es/ecma262/#sec-array.prototype.values */
export function arrayPrototypeValues(area: usize, argc: i32): Value {
  return arrayIterator(area, 1);
}
/** https://tc39.es/ecma262/#sec-array.prototype.entries */
export function arrayPrototypeEntries(area: usize, argc: i32): Value {
  return arrayIterator(area, 2);
}

/** The next element of a typed array. */
function stepTyped(iterator: usize, view: usize, index: u32): Value {
  if (isOutOfBounds(view)) return DEFER;
  if (index >= viewLength(view)) {
    store<u64>(internalSlot(iterator, 0), UNDEFINED);
    return iterResult(UNDEFINED, true);
  }
  const kind = asInt(load<u64>(internalSlot(iterator, 2)));
  const value = kind == 0 ? boxInt(<i32>index) : readElement(elementAddress(view, index), typeOf(view));
  store<u64>(internalSlot(iterator, 1), boxInt(<i32>index + 1));
  return iterResult(kind == 2 ? pairOf(boxInt(<i32>index), value) : value, false);
}

/** https://tc39.es/ecma262/#sec-%arrayiteratorprototype%.next */
export function arrayIteratorPrototypeNext(area: usize, argc: i32): Value {
  const iterator = internalOf(thisOf(area), InternalClass.ARRAY_ITERATOR);
  if (iterator == 0) return DEFER;
  const walked = load<u64>(internalSlot(iterator, 0));
  if (walked == UNDEFINED) return iterResult(UNDEFINED, true);
  const position = load<u64>(internalSlot(iterator, 1));
  if (!isInt(position)) return DEFER;
  if (kindOf(addressOf(walked)) == Kind.TYPEDARRAY) return stepTyped(iterator, addressOf(walked), <u32>asInt(position));
  const array = arrayAddress(walked);
  if (array == 0) return DEFER;
  const index = <u32>asInt(position);
  const kind = asInt(load<u64>(internalSlot(iterator, 2)));
  if (index >= lengthOfArray(array)) {
    store<u64>(internalSlot(iterator, 0), UNDEFINED);
    return iterResult(UNDEFINED, true);
  }
  let value = UNDEFINED;
  if (kind != 0) {
    if (isSparse(elementsOf(array))) return DEFER;
    value = elementOr(array, index);
    if (value == HOLE) {
      if (!bareChain(array)) return DEFER;
      value = UNDEFINED;
    }
  }
  store<u64>(internalSlot(iterator, 1), boxInt(<i32>index + 1));
  if (kind == 1) return iterResult(value, false);
  return iterResult(kind == 0 ? position : pairOf(position, value), false);
}

// --- iterables that show nothing ------------------------------------------------------------------------------------------------

/** The elements of a typed array whose iteration is still the builtin one; else HOLE. */
export function listOfTyped(view: usize, method: Value): Value {
  if (method != intrinsic(Prelude.typedArrayPrototypeValues) || isOutOfBounds(view)) return HOLE;
  if (lookup(addressOf(intrinsic(Intrinsic.ArrayIteratorPrototype)), boxString(atomAt(Atom.next))) != DATA) return HOLE;
  if (load<u64>(FOUND_VALUE) != intrinsic(Intrinsic.ArrayIteratorPrototype_next)) return HOLE;
  const n = viewLength(view);
  // Charges for a BigInt for each element as well.
  if (!priceElements(n) || (n > 128 && !reserve(<usize>n * 40))) return RETRY;
  const list = newFilledArray(n);
  for (let i: u32 = 0; i < n; i++) store<u64>(elementAt(elementsOf(list), i), readElement(elementAddress(view, i), typeOf(view)));
  return boxObject(list);
}
