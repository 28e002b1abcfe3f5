// Owns the text of one frame of a stack trace, worded as in V8. Must never call guest code: it reads plain properties only.
// https://v8.dev/docs/stack-trace-api
import { addressOf, boxString, isObject, isString, isSymbol, NULL, UNDEFINED, Value } from "../core/value";
import { Atom, atomAt, intrinsic, Intrinsic } from "../generated/intrinsics";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, BYTES_LENGTH, BYTES_SIZE, CODE_FLAGS, CODE_NAME, CODE_PROGRAM, FUNCTION_CODE, FUNCTION_FUNCTION_FLAGS,
  Kind, PROGRAM_FILENAME, PROGRAM_LINES, PROGRAM_SERIAL, SHAPE_COUNT,
} from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { chargeFuel, kindOf } from "../heap/memory";
import { numberToString } from "../primitives/convert";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { newFromUtf16, substring } from "../strings/single-chars";
import { codeUnitAt, concat, equals, lengthOf } from "../strings/string";
import { assignedName } from "./expression-text";
import { MATERIALIZED } from "./function";
import { ACCESSOR_PROPERTY, DATA, findAlong, findOwn, FOUND_VALUE } from "./lookup";
import { slotAddress } from "./object";
import { prototypeOfPrimitive } from "./primitive";
import { ACCESSOR, entryAttributes, entryKey, ENUMERABLE, keyValue, prototypeOf, shapeOf } from "./shape";

/** Flags of a frame. The function was called with new. */
export const CONSTRUCTED: i32 = 1;
/** The function awaits the one above. */
export const AWAITS: i32 = 2;
/** A builtin: the frame holds its name instead of the function. */
export const BUILTIN: i32 = 4;
/** Ready-made lines (text) take the place of the function. */
export const TEXT: i32 = 8;

/** Promise.all and its like: the frame holds the name, and an index for the place. */
export const COMBINATOR: i32 = 16;

const COLUMN: usize = memory.data(8, 8);

export function literal(text: string): usize {
  return newFromUtf16(changetype<usize>(text), text.length);
}

// --- where --------------------------------------------------------------------------------------------------------

/** Line (from 1) of an offset, by the line starts of its program (u32 each); its column (from 1) is in lastColumn. */
export function lineOf(program: usize, offset: u32): u32 {
  const lines = <usize>load<u32>(program, PROGRAM_LINES);
  const count = load<u32>(lines, BYTES_LENGTH) >> 2;
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(lines + BYTES_SIZE + (<usize>middle << 2)) <= offset) low = middle + 1;
    else high = middle;
  }
  store<i32>(COLUMN, low == 0 ? 1 : <i32>(offset - load<u32>(lines + BYTES_SIZE + (<usize>(low - 1) << 2))) + 1);
  return low;
}
export function lastColumn(): i32 {
  return load<i32>(COLUMN);
}

/** `file:line:column` of an offset in a program; the file only if the offset is -1. */
export function placeText(program: usize, offset: i32): usize {
  const file = <usize>load<u32>(program, PROGRAM_FILENAME);
  if (offset < 0) return file;
  const line = lineOf(program, <u32>offset);
  const where = concat(concat(concat(file, literal(":")), numberToString(line)), literal(":"));
  return concat(where, numberToString(lastColumn()));
}

/** The code of a FUNCTION; 0 for any other value. */
export function codeOf(fn: Value): usize {
  return isObject(fn) && kindOf(addressOf(fn)) == Kind.FUNCTION ? <usize>load<u32>(addressOf(fn), FUNCTION_CODE) : 0;
}

/** True for the top level of code from a string. */
export function isEvalCode(code: usize): bool {
  return (load<u32>(code, CODE_FLAGS) & FunctionFlag.PROGRAM) != 0 && load<u32>(<usize>load<u32>(code, CODE_PROGRAM), PROGRAM_SERIAL) != 0;
}

// --- who ----------------------------------------------------------------------------------------------------------

/** Name of a function, from its own plain `name` or its code; "" if it is anonymous. */
export function functionName(fn: Value): usize {
  const object = addressOf(fn);
  const code = codeOf(fn);
  if (code == 0 || load<u32>(object, FUNCTION_FUNCTION_FLAGS) & MATERIALIZED) {
    if (findOwn(object, boxString(atomAt(Atom.name))) == DATA) {
      const name = load<u64>(FOUND_VALUE);
      if (isString(name)) return addressOf(name);
    }
  }
  if (code == 0) return atomAt(Atom.empty);
  const name = <usize>load<u32>(code, CODE_NAME);
  if (name != 0 && lengthOf(name) > 0) return name;
  return isEvalCode(code) ? atomAt(Atom.eval) : atomAt(Atom.empty);
}

/** Name of a function; for an anonymous one, the target that the source assigns it to. */
export function shownName(fn: Value): usize {
  const name = functionName(fn);
  const code = codeOf(fn);
  if (lengthOf(name) > 0 || code == 0) return name;
  const assigned = assignedName(code);
  return assigned == 0 ? name : assigned;
}

/** Name of a function if it can name the type of an instance (any name but Object); else 0. */
function className(v: Value): usize {
  if (!isObject(v)) return 0;
  const kind = kindOf(addressOf(v));
  if (kind != Kind.FUNCTION && kind != Kind.NATIVE) return 0;
  const name = shownName(v);
  return lengthOf(name) == 0 || equals(name, atomAt(Atom.Object)) ? 0 : name;
}

/** Type name of a receiver, as V8's getTypeName; "" for undefined and null. */
export function typeName(receiver: Value): usize {
  if (receiver == UNDEFINED || receiver == NULL) return atomAt(Atom.empty);
  if (!isObject(receiver)) return constructorName(prototypeOfPrimitive(receiver), receiver);
  const object = addressOf(receiver);
  const kind = kindOf(object);
  return kind == Kind.PROXY ? literal("Proxy") : constructorName(object, receiver);
}

/** The nearest type name along a prototype chain: by Symbol.toStringTag, else by `constructor`. */
function constructorName(from: usize, receiver: Value): usize {
  let steps = 0;
  for (let object = from; object != 0 && kindOf(object) != Kind.PROXY; object = prototypeOf(object)) {
    if (findOwn(object, intrinsic(Intrinsic.Symbol_toStringTag)) == DATA) {
      const tag = load<u64>(FOUND_VALUE);
      if (isString(tag)) return addressOf(tag);
    }
    if (findOwn(object, boxString(atomAt(Atom.constructor))) == DATA) {
      const name = className(load<u64>(FOUND_VALUE));
      if (name != 0) return name;
    }
    steps++;
  }
  chargeFuel(steps >> 3);
  if (isObject(receiver)) {
    const kind = kindOf(addressOf(receiver));
    if (kind >= Kind.FUNCTION && kind <= Kind.EXTERNAL) return atomAt(Atom.Function);
    if (kind == Kind.ARRAY) return atomAt(Atom.Array);
  }
  return atomAt(Atom.Object);
}

/** True if the property just found (`state`) is the function, or an accessor with the function as getter or setter. */
function holds(state: i32, fn: Value): bool {
  if (state == DATA) return load<u64>(FOUND_VALUE) == fn;
  if (state != ACCESSOR_PROPERTY) return false;
  const cell = addressOf(load<u64>(FOUND_VALUE));
  return load<u64>(cell, ACCESSOR_GETTER) == fn || load<u64>(cell, ACCESSOR_SETTER) == fn;
}

function startsWith(text: usize, first: i32): bool {
  return lengthOf(text) > 4 && codeUnitAt(text, 0) == first && codeUnitAt(text, 1) == 0x65 && codeUnitAt(text, 2) == 0x74 && codeUnitAt(text, 3) == 0x20;
}

/** Key under which the receiver has the function, as V8's getMethodName; "" if no key has it, or several have. */
export function methodName(receiver: Value, fn: Value): usize {
  if (!isObject(fn) || receiver == UNDEFINED || receiver == NULL) return atomAt(Atom.empty);
  const start = isObject(receiver) ? addressOf(receiver) : prototypeOfPrimitive(receiver);
  let name = functionName(fn);
  // "get x" and "set x"
  if (startsWith(name, 0x67) || startsWith(name, 0x73)) name = substring(name, 4, lengthOf(name));
  if (lengthOf(name) > 0 && kindOf(start) != Kind.PROXY && holds(findAlong(start, toPropertyKeyPrimitive(boxString(name))), fn)) return name;
  let found: usize = 0;
  for (let object = start; object != 0 && kindOf(object) != Kind.PROXY; object = prototypeOf(object)) {
    const shape = shapeOf(object);
    const count = load<u32>(shape, SHAPE_COUNT);
    chargeFuel(<i32>(count >> 3));
    for (let i: u32 = 0; i < count; i++) {
      const attributes = entryAttributes(shape, i);
      const key = entryKey(shape, i);
      if (key == 0 || (attributes & ENUMERABLE) == 0 || isSymbol(keyValue(key))) continue;
      const v = load<u64>(slotAddress(object, i));
      const has = attributes & ACCESSOR ? load<u64>(addressOf(v), ACCESSOR_GETTER) == fn || load<u64>(addressOf(v), ACCESSOR_SETTER) == fn : v == fn;
      if (!has) continue;
      if (found != 0) return atomAt(Atom.empty);
      found = key;
    }
  }
  return found == 0 ? atomAt(Atom.empty) : found;
}

function isIdentifierUnit(unit: i32, first: bool): bool {
  if (unit >= 0x80) return true;
  const letter = unit | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || unit == 0x24 || unit == 0x5f || (!first && unit >= 0x30 && unit <= 0x39);
}

function isIdentifier(name: usize): bool {
  const length = lengthOf(name);
  for (let i = 0; i < length; i++) if (!isIdentifierUnit(codeUnitAt(name, i), i == 0)) return false;
  return length > 0;
}

/** True if a name ends with `.name`, or is it. */
function endsWithName(text: usize, name: usize): bool {
  const at = lengthOf(text) - lengthOf(name);
  if (at < 0 || !equals(substring(text, at, lengthOf(text)), name)) return false;
  return at == 0 || codeUnitAt(text, at - 1) == 0x2e;
}

/** The part of a method's name before the dot: the class of a static method, else the type of the receiver. */
function ownerName(receiver: Value): usize {
  const code = codeOf(receiver);
  if (code != 0 && load<u32>(code, CODE_FLAGS) & FunctionFlag.CLASS_CONSTRUCTOR) {
    const name = shownName(receiver);
    if (lengthOf(name) > 0) return name;
  }
  return typeName(receiver);
}

/** A method's name in a stack: `Type.name`, `Type.name [as key]` or `name`. */
function methodText(name: usize, receiver: Value, fn: Value): usize {
  const type = ownerName(receiver);
  const key = methodName(receiver, fn);
  if (lengthOf(name) == 0) {
    const owner = lengthOf(type) == 0 ? type : concat(type, literal("."));
    return concat(owner, lengthOf(key) == 0 ? literal("<anonymous>") : key);
  }
  const text = lengthOf(type) > 0 && isIdentifier(name) ? concat(concat(type, literal(".")), name) : name;
  if (lengthOf(key) == 0 || endsWithName(name, key)) return text;
  return concat(concat(concat(text, literal(" [as ")), key), literal("]"));
}

/** Name of a function in a stack. */
export function nameIn(fn: Value, code: usize, receiver: Value): usize {
  if (code == 0 || (load<u32>(code, CODE_FLAGS) & FunctionFlag.FIELD_INITIALIZER) == 0) return shownName(fn);
  return literal(codeOf(receiver) != 0 ? "<static_initializer>" : "<instance_members_initializer>");
}

/** A line of a stack after the `    at `. fn: a function, or the name of a builtin. */
export function frameText(fn: Value, receiver: Value, place: i32, flags: i32): usize {
  if (flags & COMBINATOR) {
    const which = isString(fn) ? addressOf(fn) : atomAt(Atom.empty);
    return concat(concat(concat(concat(literal("async Promise."), which), literal(" (index ")), numberToString(place)), literal(")"));
  }
  const isBuiltin = (flags & BUILTIN) != 0;
  const code = codeOf(fn);
  const name = isBuiltin ? (isString(fn) ? addressOf(fn) : atomAt(Atom.empty)) : isObject(fn) ? nameIn(fn, code, receiver) : atomAt(Atom.empty);
  const where = isBuiltin || code == 0 ? literal("<anonymous>") : placeText(<usize>load<u32>(code, CODE_PROGRAM), place);
  let who: usize;
  if (flags & CONSTRUCTED) who = concat(literal("new "), lengthOf(name) == 0 ? literal("<anonymous>") : name);
  else if (receiver != UNDEFINED) who = methodText(name, receiver, fn);
  else who = name;
  const before = flags & AWAITS ? concat(literal("async "), who) : who;
  if (lengthOf(who) == 0) return concat(before, where);
  return concat(concat(concat(before, literal(" (")), where), literal(")"));
}
