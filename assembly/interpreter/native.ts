// Owns the view that a native has of its call: arguments, receiver, new.target, and how it throws. Must never enter guest code.
//
//   call area    +0 callee · +8 this · +16 argument 0 · +24 argument 1 …
import { boxObject, boxString, EXCEPTION, UNDEFINED, Value } from "../core/value";
import { VM_EXCEPTION, VM_NEW_TARGET_LOW } from "../generated/layout";
import { newErrorObject } from "./errors";
import { concat, newFromUtf16 } from "../strings/string";

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

/** Makes `v` the pending exception. */
export function throwValue(v: Value): Value {
  store<u64>(VM_EXCEPTION, v);
  return EXCEPTION;
}

/** Throws a new error of that ErrorKind; message: address of a string. */
export function throwError(kind: i32, message: usize): Value {
  return throwValue(boxObject(newErrorObject(kind, message)));
}

/** A guest string with the text of an AssemblyScript literal. */
export function lit(text: string): usize {
  return newFromUtf16(changetype<usize>(text), text.length);
}

/** Throws with a literal message. */
export function throwLiteral(kind: i32, text: string): Value {
  return throwError(kind, lit(text));
}

/** Throws with a message made of three parts; the middle one a guest string. */
export function throwNamed(kind: i32, before: string, name: usize, after: string): Value {
  return throwError(kind, concat(concat(lit(before), name), lit(after)));
}
