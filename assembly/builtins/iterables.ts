// Owns the list that an iterable gives when iterating over it calls no guest code. Must never call any.
import { addressOf, boxObject, boxString, HOLE, isObject, RETRY, Value } from "../core/value";
import { Atom, atomAt, Intrinsic, intrinsic } from "../generated/intrinsics";
import { Kind } from "../generated/kinds";
import { kindOf } from "../heap/memory";
import { elementAt, elementsOf } from "../objects/elements";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { lookup } from "../objects/property";
import { isPacked } from "./array";
import { arrayAddress, lengthOfArray, newCopiedArray, priceElements } from "./array-core";
import { listOfTyped } from "./array-iterator";
import { entriesOf, isPlainSetOrMap } from "./map";

/** (iterable, its Symbol.iterator method): a fresh array of the values it yields; HOLE if the guest could notice the iteration. */
export function listOfIterable(area: usize, argc: i32): Value {
  const v = load<u64>(area, 16);
  const method = load<u64>(area, 24);
  if (isObject(v) && kindOf(addressOf(v)) == Kind.TYPEDARRAY) return listOfTyped(addressOf(v), method);
  const array = arrayAddress(v);
  if (array != 0) {
    if (method != intrinsic(Intrinsic.Array_prototype_values) || !isPacked(array)) return HOLE;
    if (lookup(addressOf(intrinsic(Intrinsic.ArrayIteratorPrototype)), boxString(atomAt(Atom.next))) != DATA) return HOLE;
    if (load<u64>(FOUND_VALUE) != intrinsic(Intrinsic.ArrayIteratorPrototype_next)) return HOLE;
    const n = lengthOfArray(array);
    if (!priceElements(n)) return RETRY;
    return boxObject(newCopiedArray(n == 0 ? 0 : elementAt(elementsOf(array), 0), n));
  }
  const how = isPlainSetOrMap(v, method);
  return how < 0 ? HOLE : entriesOf(addressOf(v), how);
}
