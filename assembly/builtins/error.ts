// Owns the natives of Error and the native error kinds. Must never call guest code: messages and options that need it are
// left to ts/prelude/error.js before the error is made. https://tc39.es/ecma262/#sec-error-objects
import { addressOf, boxBool, boxObject, boxString, DEFER, isObject, isString, UNDEFINED, Value } from "../core/value";
import { attachStack as attachFrames, newConstructedError } from "../errors/errors";
import { captureStack } from "../errors/stack-trace";
import { lit, throwNamed } from "../errors/throw";
import { Atom, atomAt, Intrinsic } from "../generated/intrinsics";
import { Kind } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { ABSENT_PROPERTY, DATA, FOUND_VALUE } from "../objects/lookup";
import { defineHidden, lookup } from "../objects/property";
import { CONFIGURABLE, prototypeOf, WRITABLE } from "../objects/shape";
import { ownTrace, settleStack as settle, stackTextOf, traceText } from "../objects/stack-trace";
import { toStringPrimitive } from "../primitives/convert";
import { concat, lengthOf } from "../strings/string";
import { FINE, prototypeFor, refuseString } from "./shared";

const HIDDEN: u32 = WRITABLE | CONFIGURABLE;

/** https://tc39.es/ecma262/#sec-error-constructor and https://tc39.es/ecma262/#sec-nativeerror */
function makeError(area: usize, argc: i32, kind: i32): Value {
  const proto = prototypeFor(newTargetOf(), Intrinsic.ErrorPrototype + kind);
  if (proto == 0) return DEFER;
  const message = argAt(area, argc, 0);
  if (message != UNDEFINED) {
    const refused = refuseString(message);
    if (refused != FINE) return refused;
  }
  const options = argAt(area, argc, 1);
  let caused = false;
  let cause: Value = UNDEFINED;
  if (isObject(options)) {
    const state = lookup(addressOf(options), boxString(atomAt(Atom.cause)));
    if (state > DATA) return DEFER;
    caused = state == DATA;
    if (caused) cause = load<u64>(FOUND_VALUE);
  }
  const error = newConstructedError(proto, 3, newTargetOf());
  if (message != UNDEFINED)
    defineHidden(error, boxString(atomAt(Atom.message)), boxString(toStringPrimitive(message)), HIDDEN);
  if (caused) defineHidden(error, boxString(atomAt(Atom.cause)), cause, HIDDEN);
  return boxObject(error);
}
export function errorConstructor(area: usize, argc: i32): Value {
  return makeError(area, argc, ErrorKind.Error);
}
export function typeErrorConstructor(area: usize, argc: i32): Value {
  return makeError(area, argc, ErrorKind.TypeError);
}
export function rangeErrorConstructor(area: usize, argc: i32): Value {
  return makeError(area, argc, ErrorKind.RangeError);
}
export function syntaxErrorConstructor(area: usize, argc: i32): Value {
  return makeError(area, argc, ErrorKind.SyntaxError);
}
export function referenceErrorConstructor(area: usize, argc: i32): Value {
  return makeError(area, argc, ErrorKind.ReferenceError);
}
export function evalErrorConstructor(area: usize, argc: i32): Value {
  return makeError(area, argc, ErrorKind.EvalError);
}
export function uRIErrorConstructor(area: usize, argc: i32): Value {
  return makeError(area, argc, ErrorKind.URIError);
}

/** (prototype, new.target): an error object with nothing but its `stack` */
export function newError(area: usize, argc: i32): Value {
  return boxObject(newConstructedError(addressOf(load<u64>(area, 16)), 4, argAt(area, argc, 1)));
}
/** (error): does nothing, since newError has installed the stack. The prelude code in snapshots of earlier builds calls it. */
export function installStack(area: usize, argc: i32): Value {
  return UNDEFINED;
}
/** (header, function): the text of the guest's stack. The prelude code in snapshots of earlier builds calls it. */
export function guestStack(area: usize, argc: i32): Value {
  return boxString(captureStack(addressOf(load<u64>(area, 16))));
}

/** (object, function): its own plain property `stack` will hold the text of the frames below the last call of the function. */
export function attachStack(area: usize, argc: i32): Value {
  attachFrames(addressOf(load<u64>(area, 16)), argAt(area, argc, 1));
  return UNDEFINED;
}

/** (receiver): the first object along its prototype chain whose `stack` has no text yet, or undefined */
export function waitingStack(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  if (!isObject(v)) return UNDEFINED;
  for (let object = addressOf(v); object != 0 && kindOf(object) != Kind.PROXY; object = prototypeOf(object)) {
    if (ownTrace(object) != 0) return boxObject(object);
  }
  return UNDEFINED;
}

/** (object, header): the text that its `stack` is to hold */
export function stackWith(area: usize, argc: i32): Value {
  const trace = ownTrace(addressOf(load<u64>(area, 16)));
  return trace == 0 ? UNDEFINED : boxString(traceText(addressOf(load<u64>(area, 24)), trace));
}

/** (object, value): makes the value its `stack` */
export function settleStack(area: usize, argc: i32): Value {
  const object = addressOf(load<u64>(area, 16));
  if (ownTrace(object) != 0) settle(object, load<u64>(area, 24));
  else defineHidden(object, boxString(atomAt(Atom.stack)), load<u64>(area, 24), HIDDEN);
  return UNDEFINED;
}

/** (object): the text of its `stack`, found without guest code, or its value if it is a plain property; else undefined */
export function plainStack(area: usize, argc: i32): Value {
  return stackTextOf(addressOf(load<u64>(area, 16)));
}

/** https://tc39.es/ecma262/#sec-error.iserror */
export function errorIsError(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return boxBool(isObject(v) && kindOf(addressOf(v)) == Kind.ERROR);
}

/** The string of a data property; `fallback` if it is undefined or absent. 0: it takes guest code. */
function part(object: usize, name: i32, fallback: usize): usize {
  const state = lookup(object, boxString(atomAt(name)));
  if (state > DATA) return 0;
  const v = state == ABSENT_PROPERTY ? UNDEFINED : load<u64>(FOUND_VALUE);
  return v == UNDEFINED ? fallback : isString(v) ? addressOf(v) : 0;
}
/** https://tc39.es/ecma262/#sec-error.prototype.tostring */
export function errorPrototypeToString(area: usize, argc: i32): Value {
  const v = thisOf(area);
  if (!isObject(v))
    return throwNamed(ErrorKind.TypeError, "Method Error.prototype.toString called on incompatible receiver ", valueText(v), "");
  const name = part(addressOf(v), Atom.name, atomAt(Atom.Error));
  if (name == 0) return DEFER;
  const message = part(addressOf(v), Atom.message, atomAt(Atom.empty));
  if (message == 0) return DEFER;
  if (lengthOf(name) == 0) return boxString(message);
  return boxString(lengthOf(message) == 0 ? name : concat(concat(name, lit(": ")), message));
}
