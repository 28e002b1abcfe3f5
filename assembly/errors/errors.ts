// Owns error objects that the machine makes, and the places at which values are thrown. Must never call guest code.
import { addressOf, boxObject, boxString, isObject, isString, UNDEFINED, Value } from "../core/value";
import { Atom, atomAt, intrinsic, Intrinsic } from "../generated/intrinsics";
import { CODE_FLAGS, FUNCTION_CODE, Kind } from "../generated/kinds";
import { FunctionFlag, VM_CSP } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { TEXT } from "../objects/frame-text";
import { isCallable } from "../objects/function";
import { addProperty, newObject, slotAddress } from "../objects/object";
import { defineHidden, getData } from "../objects/property";
import { changeAttributes, CONFIGURABLE, findEntry, shapeOf, WRITABLE } from "../objects/shape";
import { addFrame, frameCount, LAZY, lazyStack, newTrace, ownTrace } from "../objects/stack-trace";
import { AT_BUILTIN, AT_CALLER, capture, frameLimit, FRAMES } from "./stack-trace";

const HIDDEN: u32 = WRITABLE | CONFIGURABLE;

// --- places -------------------------------------------------------------------------------------------------------
// A thrown value that is not an error has no stack of its own. Its place (a trace) accompanies it, from the throw to the promise that it
// rejects and to the function that awaits that promise. Between instructions the place is kept in the list of rejections without a
// handler, or in a job.

const PLACE: usize = memory.data(8, 8);

/** The place of the value thrown just now; undefined if the value has a stack of its own or the place is unknown. */
export function thrownPlace(): Value {
  const trace = <usize>load<u32>(PLACE);
  return trace == 0 ? UNDEFINED : boxObject(trace);
}

/** Notes the place of the value thrown now; undefined forgets it. */
export function notePlace(trace: Value): void {
  store<u32>(PLACE, isObject(trace) && kindOf(addressOf(trace)) == Kind.ARRAY ? <u32>addressOf(trace) : 0);
}

/** True for an error whose own stack says where it was thrown; that of an error made by the host does not. */
function hasPlace(exception: Value): bool {
  if (!isObject(exception) || kindOf(addressOf(exception)) != Kind.ERROR) return false;
  const trace = ownTrace(addressOf(exception));
  if (trace != 0) return frameCount(trace) > 0;
  return isString(getData(addressOf(exception), boxString(atomAt(Atom.stack))));
}

/**
 * Notes where the pending exception was thrown: `known` if that is a place; else, for a value without a stack of its own, a trace captured
 * with the control records from `csp` on.
 */
export function noteThrown(exception: Value, known: Value, csp: usize): void {
  notePlace(known);
  if (known != UNDEFINED || hasPlace(exception)) return;
  const now = load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>csp);
  notePlace(boxObject(capture(FRAMES, UNDEFINED, AT_CALLER)));
  store<u32>(VM_CSP, now);
}

// --- errors -------------------------------------------------------------------------------------------------------

/** Prototype of native errors of that ErrorKind. */
export function errorPrototype(kind: i32): usize {
  return addressOf(intrinsic(Intrinsic.ErrorPrototype + kind));
}

/** A new error object; its first own property is `stack`, as other engines have it. */
function errorWith(prototype: usize, slots: i32, from: Value, where: i32): usize {
  const error = newObject(Kind.ERROR, prototype, slots);
  const limit = frameLimit();
  if (limit < 0) addProperty(error, atomAt(Atom.stack), UNDEFINED, HIDDEN);
  else addProperty(error, atomAt(Atom.stack), lazyStack(capture(limit, from, where)), LAZY);
  return error;
}

/** A new error that the machine makes. */
export function newBareError(prototype: usize, slots: i32): usize {
  return errorWith(prototype, slots, UNDEFINED, AT_BUILTIN);
}

/**
 * A new error that a constructor makes. Its stack begins at the caller of the class named in `new`, so that the constructors of error
 * classes do not show in it.
 */
export function newConstructedError(prototype: usize, slots: i32, newTarget: Value): usize {
  const isGuests = isObject(newTarget) && kindOf(addressOf(newTarget)) == Kind.FUNCTION && (load<u32>(<usize>load<u32>(addressOf(newTarget), FUNCTION_CODE), CODE_FLAGS) & FunctionFlag.PRELUDE) == 0;
  return errorWith(prototype, slots, isGuests ? newTarget : UNDEFINED, AT_CALLER);
}

/** Gives an object with a plain, configurable property `stack` the frames of the callers of the last call of `from`. */
export function attachStack(object: usize, from: Value): void {
  const limit = frameLimit();
  if (limit < 0) return;
  const index = findEntry(shapeOf(object), atomAt(Atom.stack));
  if (index < 0) return;
  const trace = capture(limit, isObject(from) && isCallable(from) ? from : UNDEFINED, AT_CALLER);
  changeAttributes(object, <u32>index, LAZY);
  store<u64>(slotAddress(object, <u32>index), lazyStack(trace));
}

/** Gives an error other frames ("\n    at …"); unless `instead`, only if it has no frames of its own. */
export function installFrames(error: usize, frames: usize, instead: bool): void {
  const known = ownTrace(error);
  if (known == 0 || (!instead && frameCount(known) > 0)) return;
  const trace = newTrace();
  addFrame(trace, boxString(frames), UNDEFINED, -1, TEXT);
  store<u64>(slotAddress(error, <u32>findEntry(shapeOf(error), atomAt(Atom.stack))), lazyStack(trace));
}

/** A new native error. `message`: address of a string. */
export function newErrorObject(kind: i32, message: usize): usize {
  const error = newBareError(errorPrototype(kind), 2);
  defineHidden(error, boxString(atomAt(Atom.message)), boxString(message), HIDDEN);
  return error;
}
