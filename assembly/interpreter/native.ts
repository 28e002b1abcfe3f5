// Owns the view that a native has of its call: arguments, receiver, new.target, and how it throws. Must never enter guest code.
//
//   call area    +0 callee · +8 this · +16 argument 0 · +24 argument 1 …
import { boxObject, UNDEFINED, Value } from "../core/value";
import { VM_NEW_TARGET_LOW } from "../generated/layout";

// @ts-ignore: decorator
@inline
export function argAt(area: usize, argc: i32, i: i32): Value {
  return i < argc ? load<u64>(area + 16 + (<usize>i << 3)) : UNDEFINED;
}
// @ts-ignore: decorator
@inline
export function thisOf(area: usize): Value {
  return load<u64>(area, 8);
}
// @ts-ignore: decorator
@inline
export function calleeOf(area: usize): Value {
  return load<u64>(area);
}
/** new.target of a construct call of a native; undefined for a plain call. */
// @ts-ignore: decorator
@inline
export function newTargetOf(): Value {
  const p = load<u32>(VM_NEW_TARGET_LOW);
  return p == 0 ? UNDEFINED : boxObject(<usize>p);
}
