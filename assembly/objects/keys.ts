// Owns the listing of own property keys. Must never call guest code (proxies list through the prelude).
// https://tc39.es/ecma262/#sec-ordinaryownpropertykeys
import { addressOf, boxString, isString, Value } from "../core/value";
import { Atom, atomAt } from "../generated/intrinsics";
import { ELEMENTS_LENGTH, Kind, PRIMITIVE_PRIMITIVE, SHAPE_COUNT, SYMBOL_FLAGS } from "../generated/kinds";
import { allocate, chargeFuel, kindOf } from "../heap/memory";
import { numberToString } from "../primitives/convert";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { lengthOf } from "../strings/string";
import { countElements, elementAt, elementAttributes, elementsOf, findElement, listElements, newElements, sortingCost } from "./elements";
import { materialize, needsMaterializeAll } from "./function";
import { entryAttributes, entryKey, ENUMERABLE, keyValue, namedCount, shapeOf } from "./shape";
import { viewLength } from "./typed";

export const STRINGS: u32 = 1;
export const SYMBOLS: u32 = 2;
export const ENUMERABLE_ONLY: u32 = 4;
/** Indices come as integer keys instead of strings. */
export const RAW_INDICES: u32 = 8;

/** Own keys of anything but a proxy, in order, as an ELEMENTS cell: strings (or raw integer keys) and symbols. */
export function ownKeys(object: usize, which: u32): usize {
  const kind = kindOf(object);
  if (kind == Kind.FUNCTION && needsMaterializeAll(object)) materialize(object);
  const shape = shapeOf(object);
  const count = load<u32>(shape, SHAPE_COUNT);
  const elements = elementsOf(object);
  const indices = countElements(elements);
  let text: usize = 0;
  if (kind == Kind.PRIMITIVE) {
    const primitive = load<u64>(object, PRIMITIVE_PRIMITIVE);
    if (isString(primitive)) text = addressOf(primitive);
  }
  const chars: u32 = text != 0 ? <u32>lengthOf(text) : kind == Kind.TYPEDARRAY ? viewLength(object) : 0;
  const out = newElements(indices + chars + namedCount(shape) + 1);
  let n: u32 = 0;
  if (which & STRINGS) {
    for (let i: u32 = 0; i < chars; i++) store<u64>(elementAt(out, n++), indexKey(i, which));
    if (indices > 0) {
      const list = allocate(Kind.BYTES, 16 + (<usize>indices << 2)) + 16;
      if (kindOf(elements) == Kind.SPARSE) chargeFuel(sortingCost(indices));
      const found = listElements(elements, list);
      for (let i: u32 = 0; i < found; i++) {
        const index = load<u32>(list + (<usize>i << 2));
        if (which & ENUMERABLE_ONLY && (elementAttributes(elements, findElement(elements, index)) & ENUMERABLE) == 0) continue;
        store<u64>(elementAt(out, n++), indexKey(index, which));
      }
    }
    if ((kind == Kind.ARRAY || text != 0) && (which & ENUMERABLE_ONLY) == 0) store<u64>(elementAt(out, n++), boxString(atomAt(Atom.length)));
    n = named(out, n, shape, count, which, false);
  }
  if (which & SYMBOLS) n = named(out, n, shape, count, which, true);
  store<u32>(out, n, ELEMENTS_LENGTH);
  return out;
}

function named(out: usize, start: u32, shape: usize, count: u32, which: u32, symbols: bool): u32 {
  let n = start;
  for (let i: u32 = 0; i < count; i++) {
    const key = entryKey(shape, i);
    if (key == 0) continue;
    const isSymbolKey = kindOf(key) == Kind.SYMBOL;
    if (isSymbolKey != symbols) continue;
    if (isSymbolKey && load<u32>(key, SYMBOL_FLAGS) & SYMBOL_PRIVATE) continue;
    if (which & ENUMERABLE_ONLY && (entryAttributes(shape, i) & ENUMERABLE) == 0) continue;
    store<u64>(elementAt(out, n++), keyValue(key));
  }
  return n;
}

function indexKey(index: u32, which: u32): Value {
  return which & RAW_INDICES ? 0xffffffff_00000000 | <u64>index : boxString(numberToString(<f64>index));
}
