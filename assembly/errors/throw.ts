// Owns throwing from natives and slow paths: the pending exception in the VM block and the signal EXCEPTION. Must never unwind.
import { boxObject, EXCEPTION, Value } from "../core/value";
import { VM_EXCEPTION } from "../generated/layout";
import { newFromUtf16 } from "../strings/single-chars";
import { concat } from "../strings/string";
import { newErrorObject } from "./errors";

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
