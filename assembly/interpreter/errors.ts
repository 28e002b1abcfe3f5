// Owns error objects made by the machine and the text of guest stacks. Must never show a frame of the prelude or the host.
import { addressOf, boxInt, boxObject, boxString, isNumber, isObject, isString, toDouble, UNDEFINED, Value } from "../core/value";
import { CODE_ENTRY, positionsOf } from "../bytecode/code";
import { Atom, atomAt, intrinsic, Intrinsic } from "../generated/intrinsics";
import {
  CODE_FLAGS, CODE_NAME, CODE_PROGRAM, FUNCTION_CODE, Kind, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_FILENAME, PROGRAM_LINES, BYTES_LENGTH, BYTES_SIZE,
} from "../generated/kinds";
import { FunctionFlag, RECORD_SIZE, VM_CSP, VM_FP, VM_PC, VM_STACK_END } from "../generated/layout";
import { chargeFuel, kindOf } from "../heap/memory";
import { isCallable } from "../objects/function";
import { newObject } from "../objects/object";
import { defineHidden, getData } from "../objects/property";
import { CONFIGURABLE, WRITABLE } from "../objects/shape";
import { asyncFrames } from "./async-stack";
import { concat, lengthOf, newFromUtf16 } from "../strings/string";
import { numberToString } from "../core/convert";

/** Frames shown where the guest has no say, and `Error.stackTraceLimit` of a fresh realm. */
const FRAMES: i32 = 10;
/** More are not shown, whatever `Error.stackTraceLimit` says: a stack is written down at once. */
const MOST_FRAMES: i32 = 200;
const HIDDEN: u32 = WRITABLE | CONFIGURABLE;

function literal(text: string): usize {
  return newFromUtf16(changetype<usize>(text), text.length);
}

/** Source offset in effect at byte `at` behind the first word of a code cell; -1 if it has no positions. */
export function sourceOffset(code: usize, at: u32): i32 {
  const positions = positionsOf(code);
  const count = load<u32>(positions);
  const word = at >> 3;
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(positions + 4 + (<usize>middle << 3)) <= word) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? -1 : <i32>load<u32>(positions + 8 + (<usize>(low - 1) << 3));
}

/** Line (from 1) of an offset, by the line starts of its program (u32 each); the column goes to `column` (i32, from 1). */
function lineOf(program: usize, offset: u32, column: usize): u32 {
  const lines = <usize>load<u32>(program, PROGRAM_LINES);
  const count = load<u32>(lines, BYTES_LENGTH) >> 2;
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(lines + BYTES_SIZE + (<usize>middle << 2)) <= offset) low = middle + 1;
    else high = middle;
  }
  store<i32>(column, low == 0 ? 1 : <i32>(offset - load<u32>(lines + BYTES_SIZE + (<usize>(low - 1) << 2))) + 1);
  return low;
}

const COLUMN: usize = memory.data(8, 8);

/** `file:line:column` of an offset in a program; of -1 the file only. */
function placeText(program: usize, offset: i32): usize {
  const file = <usize>load<u32>(program, PROGRAM_FILENAME);
  if (offset < 0) return file;
  const line = lineOf(program, <u32>offset, COLUMN);
  const where = concat(concat(concat(file, literal(":")), numberToString(line)), literal(":"));
  return concat(where, numberToString(load<i32>(COLUMN)));
}

export function frameLine(text: usize, code: usize, at: u32, isAsync: bool): usize {
  const where = placeText(<usize>load<u32>(code, CODE_PROGRAM), sourceOffset(code, at));
  const name = <usize>load<u32>(code, CODE_NAME);
  const out = concat(text, isAsync ? literal("\n    at async ") : literal("\n    at "));
  if (name != 0 && name != atomAt(Atom.empty)) return concat(concat(concat(concat(out, name), literal(" (")), where), literal(")"));
  if (load<u32>(code, CODE_FLAGS) & FunctionFlag.PROGRAM) return concat(out, where);
  return concat(concat(concat(out, literal("<anonymous> (")), where), literal(")"));
}

/** `Error.stackTraceLimit`; -1: no number, no stack is wanted. https://v8.dev/docs/stack-trace-api */
function frameLimit(): i32 {
  const limit = getData(addressOf(intrinsic(Intrinsic.Error)), boxString(atomAt(Atom.stackTraceLimit)));
  if (!isNumber(limit)) return -1;
  const n = toDouble(limit);
  return n > 0 ? <i32>min<f64>(n, <f64>MOST_FRAMES) : 0;
}

/** "header\n    at f (file:line:column)…" for the guest frames now on the stack. */
export function captureStack(header: usize): usize {
  return framesBelow(header, FRAMES, UNDEFINED);
}

/** The same with as many as the guest wants, those below the last call of the function `from` if it is one; undefined: none is wanted. */
export function guestStack(header: usize, from: Value): Value {
  const limit = frameLimit();
  return limit < 0 ? UNDEFINED : boxString(framesBelow(header, limit, isObject(from) && isCallable(from) ? from : UNDEFINED));
}

function framesBelow(header: usize, limit: i32, from: Value): usize {
  let text = header;
  let fp = <usize>load<u32>(VM_FP);
  let pc = <usize>load<u32>(VM_PC);
  let record = <usize>load<u32>(VM_CSP);
  const end = <usize>load<u32>(VM_STACK_END);
  let shown = 0;
  let steps = 0;
  while (fp != 0 && shown < limit) {
    steps++;
    const callee = load<u64>(fp);
    if (from != UNDEFINED) {
      if (callee == from) from = UNDEFINED;
    } else if (isObject(callee) && kindOf(addressOf(callee)) == Kind.FUNCTION) {
      const code = <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
      if ((load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) {
        text = frameLine(text, code, <u32>(pc - code - CODE_ENTRY), false);
        shown++;
      }
    }
    if (record >= end || load<u32>(record, 4) == 0) break;
    pc = <usize>load<u32>(record) - 8;
    fp = <usize>load<u32>(record, 4);
    record += RECORD_SIZE;
  }
  if (fp != 0 && shown < limit && from == UNDEFINED) text = asyncFrames(text, fp, limit - shown);
  chargeFuel(shown + (steps >> 4));
  return text;
}

/** Intrinsic number of the prototype of native errors of that ErrorKind. */
export function errorPrototype(kind: i32): usize {
  return addressOf(intrinsic(Intrinsic.ErrorPrototype + kind));
}

/** What stands above the frames: name and message as they are now. */
function headerOf(error: usize): usize {
  const name = getData(error, boxString(atomAt(Atom.name)));
  const message = getData(error, boxString(atomAt(Atom.message)));
  let header = isString(name) ? addressOf(name) : atomAt(Atom.Error);
  if (isString(message) && addressOf(message) != atomAt(Atom.empty)) header = concat(concat(header, literal(": ")), addressOf(message));
  return header;
}

/** A new error object; its first own property is `stack`, as other engines have it, still undefined. */
export function newBareError(prototype: usize, slots: i32): usize {
  const error = newObject(Kind.ERROR, prototype, slots);
  defineHidden(error, boxString(atomAt(Atom.stack)), UNDEFINED, HIDDEN);
  return error;
}

/** Defines `stack` on an error object: name and message as they are now, then the frames. */
export function installStack(error: usize): void {
  defineHidden(error, boxString(atomAt(Atom.stack)), guestStack(headerOf(error), UNDEFINED), HIDDEN);
}

/** The same with other frames ("\n    at …"), unless it has some. */
export function installFrames(error: usize, frames: usize): void {
  const header = headerOf(error);
  const stack = getData(error, boxString(atomAt(Atom.stack)));
  if (isString(stack) && lengthOf(addressOf(stack)) > lengthOf(header)) return;
  defineHidden(error, boxString(atomAt(Atom.stack)), boxString(concat(header, frames)), HIDDEN);
}

/** A place in a program as the only frame of a stack. */
export function placeFrame(program: usize, offset: u32): usize {
  return concat(literal("\n    at "), placeText(program, <i32>(offset & 0x7fffffff)));
}

/** A new native error. `message`: address of a string. */
export function newErrorObject(kind: i32, message: usize): usize {
  const error = newBareError(errorPrototype(kind), 2);
  defineHidden(error, boxString(atomAt(Atom.message)), boxString(message), HIDDEN);
  installStack(error);
  return error;
}
