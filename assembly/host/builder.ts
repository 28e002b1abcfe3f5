// Owns the making of the base image: the functions that ts/build/build-base-image.ts calls to make every builtin object. Must never be
// part of the shipped wasm (only build-entry.ts exports it) and must never know a builtin by name: the rows in ts/defs say all.
//
// Addresses are handles: nothing is collected before builderFinish, which moves everything to BASE_START. Cells that must be found again
// afterwards are kept on the build-time stack (builderKeep).
import { LINK_ERROR, LINK_ERROR_AT, linkStubs, linkProgram, setProgramSource } from "../bytecode/link";
import { programFunction } from "../bytecode/prelude-code";
import { boxCell, boxInt, boxNumber, boxObject, boxString, UNDEFINED } from "../core/value";
import { Atom, atomAt, intrinsic, Intrinsic, PRELUDE_COUNT } from "../generated/intrinsics";
import {
  ATOMTABLE_CAPACITY, ATOMTABLE_SIZE, CODE_NAME, FUNCTION_CODE, FUNCTION_ENV, FUNCTION_FIELDS, FUNCTION_FUNCTION_FLAGS, FUNCTION_HOME,
  FUNCTION_INITIAL_SHAPE, Kind, KIND_END, NATIVE_FALLBACK, NATIVE_FUNCTION_FLAGS, NATIVE_NATIVE, NATIVE_PAD, PRIMITIVE_PRIMITIVE,
  PROGRAM_COUNT, PROGRAM_LINES, PROGRAM_STRINGS,
} from "../generated/kinds";
import {
  BASE_START, VM_ALLOCATED, VM_ATOM_TABLE, VM_ATOMS, VM_BASE_END, VM_COLLECTIONS, VM_EPOCH, VM_FUEL, VM_FUEL_HELD, VM_GLOBAL_LEXICAL,
  VM_GLOBAL_OBJECT, VM_HEAP_TOP, VM_INTRINSICS, VM_KEPT_MARK, VM_LIVE_AFTER_COLLECT, VM_MEMORY_END, VM_PEAK_MEMORY, VM_REQUESTS,
} from "../generated/layout";
import { NATIVE_COUNT } from "../generated/natives";
import { collectTo } from "../heap/collect";
import { ensureMemory } from "../heap/memory";
import { IS_CONSTRUCTOR, MATERIALIZED, newClosure } from "../objects/function";
import { addProperty, newAccessor, newArray, newObjectOfShape, newPlainObject } from "../objects/object";
import { initializeMachine, layOutBehindBase } from "../objects/realm";
import { ACCESSOR, CONFIGURABLE, newRootShape, preventExtensions, PROTOTYPE, UNIQUE } from "../objects/shape";
import { intern, newSymbol } from "../strings/atom";
import { newFromUtf16 } from "../strings/single-chars";

/** Layout of memory during the build: far above the place of the finished image. */
const SPACE: usize = 16 << 20;
const SPACE_BYTES: usize = 16 << 20;
const STACK: usize = 32 << 20;
const STACK_BYTES: usize = 1 << 20;
const HEAP: usize = 33 << 20;

const STATE: usize = memory.data(16, 8);
const KEPT: usize = STATE;
const NATIVE_SHAPE: usize = STATE + 4;
const CLOSURE_SHAPE: usize = STATE + 8;

/** Begins with an empty machine. */
export function builderStart(): void {
  ensureMemory(HEAP + (64 << 20));
  initializeMachine(STACK, STACK_BYTES, HEAP);
  store<u32>(KEPT, 0);
  store<u32>(NATIVE_SHAPE, 0);
  store<u32>(CLOSURE_SHAPE, 0);
}

/** Counts by which the build checks that this wasm and ts/generated belong together. */
export function builderNativeCount(): i32 {
  return NATIVE_COUNT;
}
export function builderPreludeCount(): i32 {
  return PRELUDE_COUNT;
}

/** Room for `bytes` bytes of text or program image; 0 if that is too much. */
export function builderSpace(bytes: i32): usize {
  return <usize>bytes <= SPACE_BYTES ? SPACE : 0;
}

/** The interned string of `length` UTF-16 code units at the space. */
export function builderString(length: i32): usize {
  return intern(newFromUtf16(SPACE, length));
}

export function builderAtom(index: i32, atom: usize): void {
  store<u32>(VM_ATOMS + ((<usize>index) << 2), <u32>atom);
}

export function builderSymbol(description: usize): usize {
  return newSymbol(boxString(description), 0);
}

/** Links `length` bytes of the space as trusted code and keeps its stubs. Returns 0 if it was refused: builderError has the reason. */
export function builderLink(length: i32, id: u32, filename: usize): usize {
  const program = linkStubs(SPACE, length, id);
  if (program == 0) return 0;
  setProgramSource(program, filename, <usize>load<u32>(program, PROGRAM_LINES));
  // The code itself names the strings it needs.
  store<u32>(program, 0, PROGRAM_STRINGS);
  return program;
}
/** Links `length` bytes of the space as a guest's program; for tests. */
export function builderLinkGuest(length: i32, id: u32): usize {
  return linkProgram(SPACE, length, id);
}
/** LinkError in the low byte, place in the image above it. */
export function builderError(): u32 {
  return load<u32>(LINK_ERROR) | (load<u32>(LINK_ERROR_AT) << 8);
}
export function builderFunctionCount(program: usize): u32 {
  return load<u32>(program, PROGRAM_COUNT);
}
export function builderFunction(program: usize, index: u32): usize {
  return programFunction(program, index);
}
/** Atom of a function's name, 0 if it is anonymous. */
export function builderFunctionName(code: usize): usize {
  return <usize>load<u32>(code, CODE_NAME);
}

/** An object of `kind` with a shape of its own. Values among its internal fields are undefined. */
export function builderObject(kind: i32, proto: usize): usize {
  const base = <usize>load<u8>(KIND_END + <usize>kind);
  const object = newObjectOfShape(kind, newRootShape(proto, base, 0, UNIQUE | PROTOTYPE));
  memory.fill(object + 16, 0, base - 16);
  if (kind == Kind.PRIMITIVE) store<u64>(object, UNDEFINED, PRIMITIVE_PRIMITIVE);
  return object;
}
export function builderSetPrimitive(object: usize, value: u64): void {
  store<u64>(object, value, PRIMITIVE_PRIMITIVE);
}

/** Shape with `length` and `name` that most functions of a kind share. */
function functionShape(known: usize, kind: i32): usize {
  if (load<u32>(known) == 0) {
    const proto = <usize>(<u32>intrinsic(Intrinsic.FunctionPrototype));
    store<u32>(known, <u32>newRootShape(proto, <usize>load<u8>(KIND_END + <usize>kind), 2, 0));
  }
  return <usize>load<u32>(known);
}

function newFunctionObject(kind: i32, proto: usize, isConstructor: bool): usize {
  const base = <usize>load<u8>(KIND_END + <usize>kind);
  if (isConstructor) return newObjectOfShape(kind, newRootShape(proto, base, 4, UNIQUE | PROTOTYPE));
  return newObjectOfShape(kind, functionShape(kind == Kind.NATIVE ? NATIVE_SHAPE : CLOSURE_SHAPE, kind));
}

function nameAndLength(fn: usize, name: usize, length: i32): void {
  addProperty(fn, atomAt(Atom.length), boxInt(length), CONFIGURABLE);
  addProperty(fn, atomAt(Atom.name), boxString(name), CONFIGURABLE);
}

/** proto is used for constructors only; other functions inherit from Function.prototype. */
export function builderNative(
  id: u32,
  fallback: usize,
  isConstructor: bool,
  proto: usize,
  name: usize,
  length: i32,
): usize {
  const fn = newFunctionObject(Kind.NATIVE, proto, isConstructor);
  store<u32>(fn, id, NATIVE_NATIVE);
  store<u32>(fn, <u32>fallback, NATIVE_FALLBACK);
  store<u32>(fn, isConstructor ? IS_CONSTRUCTOR : 0, NATIVE_FUNCTION_FLAGS);
  store<u32>(fn, 0, NATIVE_PAD);
  nameAndLength(fn, name, length);
  return fn;
}

/** Function.prototype: itself a native function, made before all others. */
export function builderFunctionPrototype(id: u32, proto: usize): usize {
  const fn = builderObject(Kind.NATIVE, proto);
  store<u32>(fn, id, NATIVE_NATIVE);
  nameAndLength(fn, atomAt(Atom.empty), 0);
  return fn;
}

/** %ThrowTypeError%: it has no name, and nothing about it can be changed. https://tc39.es/ecma262/#sec-%throwtypeerror% */
export function builderThrowTypeError(id: u32, proto: usize): usize {
  const fn = builderObject(Kind.NATIVE, proto);
  store<u32>(fn, id, NATIVE_NATIVE);
  addProperty(fn, atomAt(Atom.length), boxInt(0), 0);
  addProperty(fn, atomAt(Atom.name), boxString(atomAt(Atom.empty)), 0);
  preventExtensions(fn);
  return fn;
}

/** A prelude function that guests see under that name and length. */
export function builderClosure(code: usize, isConstructor: bool, proto: usize, name: usize, length: i32): usize {
  const fn = newFunctionObject(Kind.FUNCTION, proto, isConstructor);
  store<u32>(fn, <u32>code, FUNCTION_CODE);
  store<u32>(fn, 0, FUNCTION_ENV);
  store<u32>(fn, 0, FUNCTION_HOME);
  store<u32>(fn, MATERIALIZED, FUNCTION_FUNCTION_FLAGS);
  store<u32>(fn, 0, FUNCTION_FIELDS);
  store<u32>(fn, 0, FUNCTION_INITIAL_SHAPE);
  nameAndLength(fn, name, length);
  return fn;
}

/** A prelude function that guests never see. */
export function builderHiddenClosure(code: usize): usize {
  return newClosure(code, 0);
}

export function builderNumber(n: f64): u64 {
  return boxNumber(n);
}

/** key: address of an atom or symbol that the object does not have yet. */
export function builderDefine(object: usize, key: usize, value: u64, attributes: u32): void {
  addProperty(object, key, value, attributes);
}
/** getter, setter: addresses, 0 for undefined. */
export function builderAccessor(object: usize, key: usize, getter: usize, setter: usize, attributes: u32): void {
  const cell = newAccessor(getter == 0 ? UNDEFINED : boxObject(getter), setter == 0 ? UNDEFINED : boxObject(setter));
  addProperty(object, key, boxCell(cell), attributes | ACCESSOR);
}

export function builderIntrinsic(index: i32, value: u64): void {
  store<u64>(VM_INTRINSICS + ((<usize>index) << 3), value);
}

export function builderGlobals(globalObject: usize, globalLexical: usize): void {
  store<u64>(VM_GLOBAL_OBJECT, boxObject(globalObject));
  store<u64>(VM_GLOBAL_LEXICAL, boxObject(globalLexical));
}

/** Keeps a cell; returns its number for builderKept. */
export function builderKeep(cell: usize): u32 {
  const n = load<u32>(KEPT);
  store<u64>(STACK + ((<usize>n) << 3), boxCell(cell));
  store<u32>(KEPT, n + 1);
  return n;
}
export function builderKept(n: u32): usize {
  return <usize>(<u32>load<u64>(STACK + ((<usize>n) << 3)));
}

/** Prelude code that is written into a machine later names its strings by address, so all strings are kept. */
function keepStrings(): void {
  const table = <usize>load<u32>(VM_ATOM_TABLE);
  const end = table + ATOMTABLE_SIZE + ((<usize>load<u32>(table, ATOMTABLE_CAPACITY)) << 2);
  for (let at = table + ATOMTABLE_SIZE; at < end; at += 4) if (load<u32>(at) > 1) builderKeep(<usize>load<u32>(at));
}

/** Moves everything to BASE_START and lays out stack and heap after it; returns the end of the image. */
export function builderFinish(): usize {
  keepStrings();
  for (let capacity: u32 = 0; capacity <= 16; capacity++) newPlainObject(capacity);
  newArray(0);
  collectTo(BASE_START, STACK + ((<usize>load<u32>(KEPT)) << 3), false);
  const end = <usize>load<u32>(VM_HEAP_TOP);
  store<u32>(VM_BASE_END, <u32>end);
  layOutBehindBase();
  store<u32>(VM_FUEL, 0);
  store<u32>(VM_FUEL_HELD, 0);
  store<u32>(VM_REQUESTS, 0);
  store<u32>(VM_EPOCH, 1);
  store<u32>(VM_COLLECTIONS, 0);
  store<u32>(VM_PEAK_MEMORY, 0);
  store<u32>(VM_ALLOCATED, 0);
  store<u32>(VM_KEPT_MARK, 0);
  store<u32>(VM_LIVE_AFTER_COLLECT, 0);
  store<u32>(VM_MEMORY_END, 0);
  return end;
}
