// Owns what is kept of a stack when it is captured, and the property `stack`, whose text is made when somebody first asks for it: until
// then it is an accessor whose getter is a trace. Must never call guest code: what needs it is left to ts/prelude/error.js.
// https://v8.dev/docs/stack-trace-api
//
//   trace   an array that no guest sees, FRAME_VALUES values for each frame
//     +0  the function; of a builtin its name, of TEXT all lines
//     +1  the receiver of a method call; undefined for a plain call
//     +2  offset in the source of the function's program, -1 if unknown; of a combinator the index of its promise
//     +3  flags (frame-text.ts)
import { addressOf, asInt, boxCell, boxInt, boxObject, boxString, isCell, isInt, isObject, isString, isSymbol, UNDEFINED, Value } from "../core/value";
import { toStringPrimitive } from "../core/convert";
import { Atom, atomAt, intrinsic, Intrinsic, Prelude } from "../generated/intrinsics";
import { ACCESSOR_GETTER, ACCESSOR_SETTER, ELEMENTS_LENGTH, Kind } from "../generated/kinds";
import { chargeFuel, kindOf } from "../heap/memory";
import { concat, lengthOf } from "../strings/string";
import { elementAt, elementsOf, isSparse } from "./elements";
import { isCallable } from "./function";
import { frameText, literal, TEXT } from "./frame-text";
import { arrayPush, newAccessor, newArray, slotAddress } from "./object";
import { ABSENT_PROPERTY, DATA, findAlong, findOwn, FOUND_VALUE } from "./property";
import { ACCESSOR, changeAttributes, CONFIGURABLE, findEntry, shapeOf, WRITABLE } from "./shape";

export const FRAME_VALUES: u32 = 4;

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

/** Frames of a trace. One out of a made-up snapshot has none unless it is whole. */
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
/** Attributes of the property while it has no text. */
export const LAZY: u32 = CONFIGURABLE | ACCESSOR;

/** The value of such a property. */
export function lazyStack(trace: usize): Value {
  return boxCell(newAccessor(boxObject(trace), UNDEFINED));
}

/** The trace of an accessor property that waits for its text; 0 if it is an ordinary one. */
export function traceOf(accessor: Value): usize {
  if (!isCell(accessor) || kindOf(addressOf(accessor)) != Kind.ACCESSOR) return 0;
  const getter = load<u64>(addressOf(accessor), ACCESSOR_GETTER);
  return isObject(getter) && kindOf(addressOf(getter)) == Kind.ARRAY ? addressOf(getter) : 0;
}

/** The trace that the own property `stack` of an object waits with; 0 if there is none. */
export function ownTrace(object: usize): usize {
  if (kindOf(object) == Kind.PROXY) return 0;
  const index = findEntry(shapeOf(object), atomAt(Atom.stack));
  return index < 0 ? 0 : traceOf(load<u64>(slotAddress(object, <u32>index)));
}

/** Gives the own property `stack` its value; it is a data property from now on. */
export function settleStack(object: usize, value: Value): void {
  const index = <u32>findEntry(shapeOf(object), atomAt(Atom.stack));
  changeAttributes(object, index, HIDDEN);
  store<u64>(slotAddress(object, index), value);
}

/** True if the guest has a say in how stacks look: `Error.prepareStackTrace`. */
function isPrepared(): bool {
  const state = findOwn(addressOf(intrinsic(Intrinsic.Error)), boxString(atomAt(Atom.prepareStackTrace)));
  return state > DATA || (state == DATA && isCallable(load<u64>(FOUND_VALUE)));
}

/** True if reading that property of an object, as text, takes guest code. */
function needsGuest(object: usize, name: i32): bool {
  const state = findAlong(object, boxString(atomAt(name)));
  if (state == ABSENT_PROPERTY) return false;
  if (state != DATA) return true;
  const v = load<u64>(FOUND_VALUE);
  return isObject(v) || isSymbol(v);
}

/** Text of a plain property, `fallback` if it is undefined or takes guest code. */
function plainText(object: usize, name: i32, fallback: usize): usize {
  const v = findAlong(object, boxString(atomAt(name))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
  return v == UNDEFINED || isObject(v) || isSymbol(v) ? fallback : toStringPrimitive(v);
}

/** What Error.prototype.toString says, by plain properties. */
export function headerOf(object: usize): usize {
  const name = plainText(object, Atom.name, atomAt(Atom.Error));
  const message = plainText(object, Atom.message, atomAt(Atom.empty));
  if (lengthOf(name) == 0) return message;
  return lengthOf(message) == 0 ? name : concat(concat(name, literal(": ")), message);
}

/**
 * Gives a property that waits for its text what it is: the text, or an accessor with functions of the prelude where the text takes
 * guest code. The attributes that it has then.
 */
export function wakeStack(object: usize, slot: u32, trace: usize): u32 {
  if (isPrepared() || needsGuest(object, Atom.name) || needsGuest(object, Atom.message)) return LAZY;
  settleStack(object, boxString(traceText(headerOf(object), trace)));
  return HIDDEN;
}

/** The accessor through which the prelude answers. */
export function guestAccessor(): Value {
  return boxCell(newAccessor(intrinsic(Prelude.errorStackGet), intrinsic(Prelude.errorStackSet)));
}

/** True for the accessor of guestAccessor. */
export function isGuestAccessor(accessor: Value): bool {
  return load<u64>(addressOf(accessor), ACCESSOR_SETTER) == intrinsic(Prelude.errorStackSet);
}

/** Makes the own `stack` of an object, if it waits for its text, a plain property without asking the guest. */
export function forceStack(object: usize): void {
  const trace = ownTrace(object);
  if (trace != 0) settleStack(object, boxString(traceText(headerOf(object), trace)));
}

/** The own `stack` of an object as it is or would be without the guest's say; undefined if that is no plain value. */
export function stackTextOf(object: usize): Value {
  const trace = ownTrace(object);
  if (trace != 0) return boxString(traceText(headerOf(object), trace));
  return findOwn(object, boxString(atomAt(Atom.stack))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
}
