// Owns the trace that is captured from a stack, and the property `stack`, whose text is made at its first use. Until then, `stack` is an
// accessor whose getter is a trace. Must never call guest code: cases that need it are left to ts/prelude/error.js.
// https://v8.dev/docs/stack-trace-api
//
//   trace   an array that the guest never sees, FRAME_VALUES values for each frame
//     +0  the function; the name of a builtin; all lines of a TEXT frame
//     +1  the receiver of a method call; undefined for a plain call
//     +2  offset in the source of the function's program, -1 if unknown; for a combinator the index of its promise
//     +3  flags (frame-text.ts)
import {
  addressOf, asInt, boxCell, boxInt, boxObject, boxString, isCell, isInt, isObject, isString, isSymbol, UNDEFINED, Value,
} from "../core/value";
import { Atom, atomAt, intrinsic, Intrinsic, Prelude } from "../generated/intrinsics";
import { ACCESSOR_GETTER, ACCESSOR_SETTER, ELEMENTS_LENGTH, Kind } from "../generated/kinds";
import { chargeFuel, kindOf } from "../heap/memory";
import { toStringPrimitive } from "../primitives/convert";
import { concat, lengthOf } from "../strings/string";
import { elementAt, elementsOf, isSparse } from "./elements";
import { frameText, literal, TEXT } from "./frame-text";
import { isCallable } from "./function";
import { ABSENT_PROPERTY, DATA, findAlong, findOwn, FOUND_VALUE } from "./lookup";
import { arrayPush, newAccessor, newArray, slotAddress } from "./object";
import { ACCESSOR, changeAttributes, CONFIGURABLE, findEntry, shapeOf, WRITABLE } from "./shape";

const FRAME_VALUES: u32 = 4;

// --- traces -------------------------------------------------------------------------------------------------------

export function newTrace(): usize {
  return newArray(FRAME_VALUES * 4);
}

export function addFrame(trace: usize, fn: Value, receiver: Value, place: i32, flags: i32): void {
  arrayPush(trace, fn);
  arrayPush(trace, receiver);
  arrayPush(trace, boxInt(place));
  arrayPush(trace, boxInt(flags));
}

/** Number of frames of a trace; 0 if its elements are not dense, which only a forged snapshot can bring about. */
export function frameCount(trace: usize): u32 {
  const elements = elementsOf(trace);
  return elements == 0 || isSparse(elements) ? 0 : load<u32>(elements, ELEMENTS_LENGTH) / FRAME_VALUES;
}

export function frameValue(trace: usize, frame: u32, which: u32): Value {
  return load<u64>(elementAt(elementsOf(trace), frame * FRAME_VALUES + which));
}

function intOf(v: Value): i32 {
  return isInt(v) ? asInt(v) : -1;
}
export function framePlace(trace: usize, frame: u32): i32 {
  return intOf(frameValue(trace, frame, 2));
}
export function frameFlags(trace: usize, frame: u32): i32 {
  const flags = intOf(frameValue(trace, frame, 3));
  return flags < 0 ? 0 : flags;
}

/** The header and a line for each frame. */
export function traceText(header: usize, trace: usize): usize {
  const count = frameCount(trace);
  let text = header;
  for (let i: u32 = 0; i < count; i++) {
    const flags = frameFlags(trace, i);
    const fn = frameValue(trace, i, 0);
    if (flags & TEXT) {
      if (isString(fn)) text = concat(text, addressOf(fn));
      continue;
    }
    text = concat(concat(text, literal("\n    at ")), frameText(fn, frameValue(trace, i, 1), framePlace(trace, i), flags));
  }
  chargeFuel(<i32>count);
  return text;
}

// --- the property -------------------------------------------------------------------------------------------------

const HIDDEN: u32 = WRITABLE | CONFIGURABLE;
/** Attributes of `stack` while its text is not made. */
export const LAZY: u32 = CONFIGURABLE | ACCESSOR;

/** The value of `stack` while its text is not made. */
export function lazyStack(trace: usize): Value {
  return boxCell(newAccessor(boxObject(trace), UNDEFINED));
}

/** The trace in a `stack` accessor whose text is not made; 0 for an ordinary accessor. */
export function traceOf(accessor: Value): usize {
  if (!isCell(accessor) || kindOf(addressOf(accessor)) != Kind.ACCESSOR) return 0;
  const getter = load<u64>(addressOf(accessor), ACCESSOR_GETTER);
  return isObject(getter) && kindOf(addressOf(getter)) == Kind.ARRAY ? addressOf(getter) : 0;
}

/** The trace of an object's own `stack` whose text is not made; 0 if `stack` is absent or settled. */
export function ownTrace(object: usize): usize {
  if (kindOf(object) == Kind.PROXY) return 0;
  const index = findEntry(shapeOf(object), atomAt(Atom.stack));
  return index < 0 ? 0 : traceOf(load<u64>(slotAddress(object, <u32>index)));
}

/** Gives the own property `stack` its value and turns it into a data property. */
export function settleStack(object: usize, value: Value): void {
  const index = <u32>findEntry(shapeOf(object), atomAt(Atom.stack));
  changeAttributes(object, index, HIDDEN);
  store<u64>(slotAddress(object, index), value);
}

/** True if the guest formats stacks itself: `Error.prepareStackTrace` is set. */
function isPrepared(): bool {
  const state = findOwn(addressOf(intrinsic(Intrinsic.Error)), boxString(atomAt(Atom.prepareStackTrace)));
  return state > DATA || (state == DATA && isCallable(load<u64>(FOUND_VALUE)));
}

/** True if converting that property of an object to text may run guest code. */
function needsGuest(object: usize, name: i32): bool {
  const state = findAlong(object, boxString(atomAt(name)));
  if (state == ABSENT_PROPERTY) return false;
  if (state != DATA) return true;
  const v = load<u64>(FOUND_VALUE);
  return isObject(v) || isSymbol(v);
}

/** Text of a plain property; `fallback` if it is undefined or only guest code can convert it. */
function plainText(object: usize, name: i32, fallback: usize): usize {
  const v = findAlong(object, boxString(atomAt(name))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
  return v == UNDEFINED || isObject(v) || isSymbol(v) ? fallback : toStringPrimitive(v);
}

/** The result of Error.prototype.toString, computed from plain properties. */
export function headerOf(object: usize): usize {
  const name = plainText(object, Atom.name, atomAt(Atom.Error));
  const message = plainText(object, Atom.message, atomAt(Atom.empty));
  if (lengthOf(name) == 0) return message;
  return lengthOf(message) == 0 ? name : concat(concat(name, literal(": ")), message);
}

/**
 * Makes the text of a `stack` if no guest code is needed. Else the property stays lazy, and the guest sees it as the accessor of
 * guestAccessor. Returns the attributes that the property then has.
 */
export function wakeStack(object: usize, slot: u32, trace: usize): u32 {
  if (isPrepared() || needsGuest(object, Atom.name) || needsGuest(object, Atom.message)) return LAZY;
  settleStack(object, boxString(traceText(headerOf(object), trace)));
  return HIDDEN;
}

/** The accessor that the guest sees in place of a lazy `stack`: two functions of the prelude. */
export function guestAccessor(): Value {
  return boxCell(newAccessor(intrinsic(Prelude.errorStackGet), intrinsic(Prelude.errorStackSet)));
}

/** True for the accessor of guestAccessor. */
export function isGuestAccessor(accessor: Value): bool {
  return load<u64>(addressOf(accessor), ACCESSOR_SETTER) == intrinsic(Prelude.errorStackSet);
}

/** Makes the text of an object's own `stack`, if it is not made yet, without asking the guest. */
export function forceStack(object: usize): void {
  const trace = ownTrace(object);
  if (trace != 0) settleStack(object, boxString(traceText(headerOf(object), trace)));
}

/** The own `stack` of an object, made without asking the guest if need be; undefined if it is absent or an accessor. */
export function stackTextOf(object: usize): Value {
  const trace = ownTrace(object);
  if (trace != 0) return boxString(traceText(headerOf(object), trace));
  return findOwn(object, boxString(atomAt(Atom.stack))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
}
