// Owns function objects: closures, natives, bound functions, and their own properties, which are made lazily. Must never run them.
//
// A fresh closure has no own properties. `length`, `name` and `prototype` are made together, in this order, when one of
// them is read, listed, defined or deleted: most closures are called and dropped before that.
import { addressOf, boxInt, boxObject, boxString, isObject, Value } from "../core/value";
import { Atom, atomAt, Intrinsic, intrinsic, Kept } from "../generated/intrinsics";
import {
  BOUND_TARGET, CODE_FLAGS, CODE_NAME, FUNCTION_CODE, FUNCTION_ENV, FUNCTION_FIELDS, FUNCTION_FUNCTION_FLAGS, FUNCTION_HOME,
  FUNCTION_INITIAL_SHAPE, Kind, NATIVE_FALLBACK, NATIVE_FUNCTION_FLAGS,
} from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { codeLength, knownCode } from "../heap/code";
import { kindOf } from "../heap/memory";
import { addProperty, intrinsicAddress, newObject, newObjectOfShape, newPlainObject, rootShape } from "./object";
import { CONFIGURABLE, shapeOf, WRITABLE } from "./shape";

/** functionFlags: `length`, `name` and `prototype` have been made. */
export const MATERIALIZED: u32 = 1;
/** natives and prelude functions: can be called with new */
export const IS_CONSTRUCTOR: u32 = 2;
/** a class whose `prototype` is made by NEWCLASS */
export const IS_CLASS: u32 = 4;

function closureShape(flags: u32): usize {
  const kind = (flags & FunctionFlag.GENERATOR ? 2 : 0) | (flags & FunctionFlag.ASYNC ? 1 : 0);
  const slot = kind == 3 ? Kept.ASYNC_GENERATOR_FUNCTION_SHAPE : kind == 2 ? Kept.GENERATOR_FUNCTION_SHAPE : kind == 1 ? Kept.ASYNC_FUNCTION_SHAPE : Kept.FUNCTION_SHAPE;
  const known = intrinsic(slot);
  if (known != 0) return addressOf(known);
  let proto: i32 = Intrinsic.FunctionPrototype;
  if (kind == 3) proto = Intrinsic.AsyncGeneratorFunctionPrototype;
  else if (kind == 2) proto = Intrinsic.GeneratorFunctionPrototype;
  else if (kind == 1) proto = Intrinsic.AsyncFunctionPrototype;
  const shape = rootShape(Kind.FUNCTION, addressOf(intrinsic(proto)), 0);
  store<u64>(intrinsicAddress(slot), 0xfffffffc_00000000 | <u64>shape);
  return shape;
}

/** A closure over `env` (address or 0). */
export function newClosure(code: usize, env: usize): usize {
  const fn = newObjectOfShape(Kind.FUNCTION, closureShape(load<u32>(code, CODE_FLAGS)));
  store<u32>(fn, <u32>knownCode(code), FUNCTION_CODE);
  // In a forged snapshot the register with the environment may hold any value.
  store<u32>(fn, env != 0 && kindOf(env) == Kind.ENV ? <u32>env : 0, FUNCTION_ENV);
  store<u32>(fn, 0, FUNCTION_HOME);
  store<u32>(fn, 0, FUNCTION_FUNCTION_FLAGS);
  store<u32>(fn, 0, FUNCTION_FIELDS);
  store<u32>(fn, 0, FUNCTION_INITIAL_SHAPE);
  return fn;
}

// @ts-ignore: decorator
@inline
function isLazy(fn: usize): bool {
  return (load<u32>(fn, FUNCTION_FUNCTION_FLAGS) & MATERIALIZED) == 0;
}

/** True if asking a FUNCTION for own property `name` must first make its lazy properties. */
export function needsMaterialize(fn: usize, name: usize): bool {
  return isLazy(fn) && (name == atomAt(Atom.name) || name == atomAt(Atom.length) || name == atomAt(Atom.prototype));
}
export function needsMaterializeAll(fn: usize): bool {
  return isLazy(fn);
}

/** Makes `length`, `name` and, for constructors and generators, `prototype`. */
export function materialize(fn: usize): void {
  store<u32>(fn, load<u32>(fn, FUNCTION_FUNCTION_FLAGS) | MATERIALIZED, FUNCTION_FUNCTION_FLAGS);
  const code = <usize>load<u32>(fn, FUNCTION_CODE);
  const flags = load<u32>(code, CODE_FLAGS);
  const name = <usize>load<u32>(code, CODE_NAME);
  addProperty(fn, atomAt(Atom.length), boxInt(codeLength(code)), CONFIGURABLE);
  addProperty(fn, atomAt(Atom.name), boxString(name == 0 ? atomAt(Atom.empty) : name), CONFIGURABLE);
  if (flags & FunctionFlag.PRELUDE) return;
  if (flags & FunctionFlag.GENERATOR) {
    const parent = flags & FunctionFlag.ASYNC ? Intrinsic.AsyncGeneratorPrototype : Intrinsic.GeneratorPrototype;
    addProperty(fn, atomAt(Atom.prototype), boxObject(newObject(Kind.OBJECT, addressOf(intrinsic(parent)), 0)), WRITABLE);
  } else if (flags & FunctionFlag.CONSTRUCTOR && (flags & FunctionFlag.CLASS_CONSTRUCTOR) == 0) {
    const proto = newPlainObject(1);
    addProperty(proto, atomAt(Atom.constructor), boxObject(fn), WRITABLE | CONFIGURABLE);
    addProperty(fn, atomAt(Atom.prototype), boxObject(proto), WRITABLE);
  }
}

/** IsCallable of an object. */
export function isCallableObject(object: usize): bool {
  const kind = kindOf(object);
  return (kind >= Kind.FUNCTION && kind <= Kind.EXTERNAL) || (kind == Kind.PROXY && (load<u32>(shapeOf(object)) & 8) != 0);
}
/** IsCallable. */
export function isCallable(v: Value): bool {
  return isObject(v) && isCallableObject(addressOf(v));
}

/** IsConstructor of an object. */
export function isConstructorObject(object: usize): bool {
  let kind = kindOf(object);
  while (kind == Kind.BOUND) {
    object = <usize>load<u32>(object, BOUND_TARGET);
    kind = kindOf(object);
  }
  if (kind == Kind.FUNCTION) {
    return (load<u32>(<usize>load<u32>(object, FUNCTION_CODE), CODE_FLAGS) & FunctionFlag.CONSTRUCTOR) != 0;
  }
  if (kind == Kind.NATIVE) return (load<u32>(object, NATIVE_FUNCTION_FLAGS) & IS_CONSTRUCTOR) != 0;
  return kind == Kind.PROXY && (load<u32>(shapeOf(object)) & 16) != 0;
}
export function isConstructor(v: Value): bool {
  return isObject(v) && isConstructorObject(addressOf(v));
}

/** True if v is the function of the base image whose prelude half has that number. */
// @ts-ignore: decorator
@inline
export function isBuiltin(v: Value, prelude: i32): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.NATIVE && load<u32>(addressOf(v), NATIVE_FALLBACK) == <u32>addressOf(intrinsic(prelude));
}
