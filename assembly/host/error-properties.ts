// Owns which own properties of an error leave the guest with it: enumerable ones that are plain data. Must never call guest code.
import { addressOf, isObject, isSymbol, Value } from "../core/value";
import { Atom, atomAt } from "../generated/intrinsics";
import { Kind, SHAPE_COUNT } from "../generated/kinds";
import { kindOf } from "../heap/memory";
import { denseLength, elementAt, elementsOf, isSparse } from "../objects/elements";
import { addProperty, slotAddress } from "../objects/object";
import { ACCESSOR, ENUMERABLE, entryAttributes, entryKey, PLAIN, shapeOf } from "../objects/shape";

/** True for a property that crosses: enumerable and named by a string. */
// @ts-ignore: decorator
@inline
export function crosses(key: usize, attributes: u32): bool {
  return key != 0 && attributes & ENUMERABLE && kindOf(key) != Kind.SYMBOL;
}

/** Objects within objects that are looked through, and how many values in all. */
const PLAIN_DEPTH: i32 = 5;
const PLAIN_VALUES: i32 = 500;
const PLAIN_LEFT: usize = memory.data(8, 8);

/** True for plain data: what no function, symbol or accessor is part of. */
function isPlainData(v: Value, depth: i32): bool {
  const left = load<i32>(PLAIN_LEFT) - 1;
  store<i32>(PLAIN_LEFT, left);
  if (left < 0 || isSymbol(v)) return false;
  if (!isObject(v)) return true;
  const object = addressOf(v);
  const kind = kindOf(object);
  if (kind == Kind.ERROR || kind == Kind.DATE) return true;
  if ((kind != Kind.OBJECT && kind != Kind.ARRAY) || depth == PLAIN_DEPTH) return false;
  const elements = elementsOf(object);
  if (isSparse(elements)) return false;
  const length: u32 = elements == 0 ? 0 : denseLength(elements);
  for (let i: u32 = 0; i < length; i++) if (!isPlainData(load<u64>(elementAt(elements, i)), depth + 1)) return false;
  return arePlain(object, depth + 1);
}
function arePlain(object: usize, depth: i32): bool {
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    const attributes = entryAttributes(shape, i);
    if (!crosses(entryKey(shape, i), attributes)) continue;
    if (attributes & ACCESSOR || !isPlainData(load<u64>(slotAddress(object, i)), depth)) return false;
  }
  return true;
}

/**
 * True if an error has enumerable properties of its own that are plain data and no fields; they are added to the object `to`, if there
 * is one.
 */
export function extraProperties(error: usize, to: usize): bool {
  const shape = shapeOf(error);
  const count = load<u32>(shape, SHAPE_COUNT);
  let any = false;
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    const attributes = entryAttributes(shape, i);
    if (!crosses(key, attributes) || attributes & ACCESSOR) continue;
    if (key == atomAt(Atom.message) || key == atomAt(Atom.name) || key == atomAt(Atom.stack) || key == atomAt(Atom.cause) || key == atomAt(Atom.errors)) continue;
    const value = load<u64>(slotAddress(error, i));
    store<i32>(PLAIN_LEFT, PLAIN_VALUES);
    if (!isPlainData(value, 0)) continue;
    if (to == 0) return true;
    any = true;
    addProperty(to, key, value, PLAIN);
  }
  return any;
}
