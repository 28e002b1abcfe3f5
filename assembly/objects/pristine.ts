// Owns the question whether an array or typed array iterates as it did in a fresh realm. Must never call guest code.
import { addressOf, boxString, isObject, Value } from "../core/value";
import { Atom, atomAt, Intrinsic, intrinsic, Prelude } from "../generated/intrinsics";
import { Kind } from "../generated/kinds";
import { kindOf } from "../heap/memory";
import { DATA, FOUND_VALUE } from "./lookup";
import { lookup } from "./property";
import { isOutOfBounds } from "./typed";

/** True if the guest cannot tell iteration of that array by index from its iterator. */
export function isPristineArray(v: Value): bool {
  if (!isObject(v)) return false;
  const array = addressOf(v);
  if (kindOf(array) != Kind.ARRAY) return false;
  if (lookup(array, intrinsic(Intrinsic.Symbol_iterator)) != DATA || load<u64>(FOUND_VALUE) != intrinsic(Intrinsic.Array_prototype_values)) return false;
  return (
    lookup(addressOf(intrinsic(Intrinsic.ArrayIteratorPrototype)), boxString(atomAt(Atom.next))) == DATA &&
    load<u64>(FOUND_VALUE) == intrinsic(Intrinsic.ArrayIteratorPrototype_next)
  );
}

/** As isPristineArray, but for a typed array. */
export function isPristineTyped(v: Value): bool {
  if (!isObject(v) || kindOf(addressOf(v)) != Kind.TYPEDARRAY || isOutOfBounds(addressOf(v))) return false;
  if (lookup(addressOf(v), intrinsic(Intrinsic.Symbol_iterator)) != DATA || load<u64>(FOUND_VALUE) != intrinsic(Prelude.typedArrayPrototypeValues)) return false;
  return (
    lookup(addressOf(intrinsic(Intrinsic.ArrayIteratorPrototype)), boxString(atomAt(Atom.next))) == DATA &&
    load<u64>(FOUND_VALUE) == intrinsic(Intrinsic.ArrayIteratorPrototype_next)
  );
}
