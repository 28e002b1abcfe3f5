// Test entry: the natives of String as raw wasm exports, in a realm of bare objects.

export * from "../../assembly/builtins/string";
export * from "../../assembly/builtins/string-parts";
export * from "./strings-entry";
export { boxNumber } from "../../assembly/core/value";

import { boxObject, boxSymbol, UNDEFINED, Value } from "../../assembly/core/value";
import { VM_EXCEPTION, VM_INTRINSICS } from "../../assembly/generated/layout";
import { ARRAY_LENGTH, Kind } from "../../assembly/generated/kinds";
import { Intrinsic, Kept, PRELUDE_FIRST } from "../../assembly/generated/intrinsics";
import { elementAt, elementsOf } from "../../assembly/objects/elements";
import { newObject } from "../../assembly/objects/object";
import { getData } from "../../assembly/objects/property";
import { boxString } from "../../assembly/core/value";
import { newSymbol } from "../../assembly/strings/atom";
import { reset } from "./strings-entry";

const AREA: usize = memory.data(512, 8);

/** Where the callee of a call area stands; `this` is behind it, then the arguments. */
export function callArea(): usize {
  return AREA;
}

export function resetRealm(): void {
  reset();
  for (let i: i32 = 0; i < Kept.PLAIN_SHAPES; i++)
    store<u64>(VM_INTRINSICS + ((<usize>i) << 3), boxObject(newObject(Kind.OBJECT, 0, 4)));
  for (let i: i32 = Intrinsic.Symbol_iterator; i < PRELUDE_FIRST; i++)
    store<u64>(VM_INTRINSICS + ((<usize>i) << 3), boxSymbol(newSymbol(UNDEFINED, 0)));
}
export function arrayLength(array: usize): i32 {
  return load<i32>(array, ARRAY_LENGTH);
}
export function arrayElement(array: usize, i: u32): Value {
  return load<u64>(elementAt(elementsOf(array), i));
}
export function property(object: usize, name: usize): Value {
  return getData(object, boxString(name));
}
export function exception(): Value {
  return load<u64>(VM_EXCEPTION);
}
