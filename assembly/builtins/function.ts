// Owns the natives of Function and Function.prototype. call and apply build the call of the other function above their own area, so
// that their own stays intact if the call has to be tried again, and signal CALL. Must never run guest code, nor make that call.
// https://tc39.es/ecma262/#sec-function-objects
import {
  addressOf, boxBool, boxInt, boxNumber, boxObject, boxString, CALL, DEFER, FALSE, HOLE, isNullish, isNumber, isObject, isString, isWhole,
  NULL, RETRY, SWITCH, toDouble, Value, wholeOf,
} from "../core/value";
import { lit, throwError, throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import { ARRAY_LENGTH, BOUND_ARGS, BOUND_BOUND_THIS, BOUND_TARGET, ELEMENTS_LENGTH, Kind } from "../generated/kinds";
import { ErrorKind, VM_FP, VM_PC } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { CONTEXT_AREA, CONTEXT_ARGC, CONTEXT_CALLER_FP } from "../interpreter/action";
import { describeCallee, typeText, valueText } from "../interpreter/describe";
import { stackFits } from "../interpreter/frame";
import { argAt, thisOf } from "../interpreter/native";
import { NO_ROOM } from "../interpreter/source-text";
import { spreadArguments } from "../interpreter/spread";
import { denseLength, elementAt, elementsOf, isSparse, newElements } from "../objects/elements";
import { isCallable } from "../objects/function";
import { chargeSteps, DATA, FOUND_VALUE } from "../objects/lookup";
import { addProperty, newObject } from "../objects/object";
import { getOwn, lookup } from "../objects/property";
import { CONFIGURABLE, prototypeOf } from "../objects/shape";
import { concat } from "../strings/string";
import { functionSource } from "./function-source";

/** Calls the function laid out at `area` in place of the running native: its result becomes the native's. */
function callInstead(area: usize, argc: i32): Value {
  store<u32>(CONTEXT_AREA, <u32>area);
  store<i32>(CONTEXT_ARGC, argc);
  return CALL;
}

/** Throws for a receiver of Function.prototype.call or apply that is not callable: the message names the expression that was called. */
function throwNotCalled(area: usize): Value {
  const callee = describeCallee(<usize>load<u32>(VM_PC), <usize>load<u32>(VM_FP), thisOf(area));
  return throwNamed(ErrorKind.TypeError, "", callee, " is not a function");
}

/** https://tc39.es/ecma262/#sec-function.prototype.call */
export function functionPrototypeCall(area: usize, argc: i32): Value {
  const fn = thisOf(area);
  if (!isCallable(fn)) return throwNotCalled(area);
  const inner = area + 16 + ((<usize>argc) << 3);
  const count = argc > 0 ? argc - 1 : 0;
  if (argc > 32 && !stackFits(inner, 32 + ((<usize>count) << 3))) return RETRY;
  store<u64>(inner, fn);
  store<u64>(inner, argAt(area, argc, 0), 8);
  memory.copy(inner + 16, area + 24, (<usize>count) << 3);
  return callInstead(inner, count);
}

/** The present elements of an arguments object whose first ones are mapped to parameters; 1 if they cannot simply be read. */
function copiedArguments(object: usize, length: u32): usize {
  if (length == 0) return 0;
  if (length > 1024) return 1;
  const copy = newElements(length);
  for (let i: u32 = 0; i < length; i++) {
    if (getOwn(object, boxInt(<i32>i)) != DATA) return 1;
    store<u64>(elementAt(copy, i), load<u64>(FOUND_VALUE));
    store<u32>(copy, i + 1, ELEMENTS_LENGTH);
  }
  return copy;
}

/**
 * The ELEMENTS cell of an array-like all of whose elements can be read there.
 * 0: the array-like is empty.
 * 1: it is not such an array-like.
 */
function denseArguments(v: Value): usize {
  const object = addressOf(v);
  const kind = kindOf(object);
  const elements = elementsOf(object);
  let length: u32 = 0;
  if (kind == Kind.ARRAY) length = load<u32>(object, ARRAY_LENGTH);
  else if (kind == Kind.ARGUMENTS) {
    if (getOwn(object, boxString(atomAt(Atom.length))) != DATA) return 1;
    const n = load<u64>(FOUND_VALUE);
    if (!isWhole(n)) return 1;
    length = <u32>wholeOf(n);
    if (isSparse(elements)) return copiedArguments(object, length);
  } else return 1;
  if (length == 0) return 0;
  if (length != denseLength(elements)) return 1;
  for (let i: u32 = 0; i < length; i++) if (load<u64>(elementAt(elements, i)) == HOLE) return 1;
  return elements;
}

/** Calls fn with the elements of an array-like; above the native's own area. */
function applyTo(area: usize, argc: i32, fn: Value, receiver: Value, list: Value): Value {
  let elements: usize = 0;
  if (!isNullish(list)) {
    elements = denseArguments(list);
    if (elements == 1) return DEFER;
  }
  const inner = area + 16 + ((<usize>argc) << 3);
  const count = spreadArguments(<usize>load<u32>(VM_PC), <usize>load<u32>(CONTEXT_CALLER_FP), inner, elements);
  if (count < 0) return SWITCH;
  store<u64>(inner, fn);
  store<u64>(inner, receiver, 8);
  return callInstead(inner, count);
}

/** https://tc39.es/ecma262/#sec-function.prototype.apply */
export function functionPrototypeApply(area: usize, argc: i32): Value {
  const fn = thisOf(area);
  if (!isCallable(fn)) return throwNotCalled(area);
  const list = argAt(area, argc, 1);
  if (!isObject(list) && !isNullish(list))
    return throwLiteral(ErrorKind.TypeError, "CreateListFromArrayLike called on non-object");
  return applyTo(area, argc, fn, argAt(area, argc, 0), list);
}

/** The message is worded as V8 words it for Reflect.apply. */
function throwNotApplied(v: Value): Value {
  const type = typeText(v);
  const what = v == NULL ? atomAt(Atom.null_) : concat(lit(isObject(v) ? "an " : "a "), type);
  const text = concat(concat(lit("Function.prototype.apply was called on "), valueText(v)), lit(", which is "));
  return throwError(ErrorKind.TypeError, concat(concat(text, what), lit(" and not a function")));
}

/** https://tc39.es/ecma262/#sec-reflect.apply */
export function reflectApply(area: usize, argc: i32): Value {
  const fn = argAt(area, argc, 0);
  const list = argAt(area, argc, 2);
  if (!isCallable(fn)) return throwNotApplied(fn);
  if (!isObject(list)) return throwLiteral(ErrorKind.TypeError, "CreateListFromArrayLike called on non-object");
  return applyTo(area, argc, fn, argAt(area, argc, 1), list);
}

/** The length of a bound function from its target's. https://tc39.es/ecma262/#sec-function.prototype.bind */
function boundLength(v: Value, given: i32): Value {
  if (!isNumber(v)) return boxInt(0);
  const d = toDouble(v);
  if (d == Infinity) return boxNumber(d);
  const n = d == d ? trunc<f64>(d) : 0;
  return n - <f64>given > 0 ? boxNumber(n - <f64>given) : boxInt(0);
}

/** (target, this, arguments array or undefined, length, name): BoundFunctionCreate and its two properties. */
export function makeBound(area: usize, argc: i32): Value {
  const target = addressOf(load<u64>(area, 16));
  const list = argAt(area, argc, 2);
  const proto = argAt(area, argc, 5);
  const args: usize = isObject(list) ? elementsOf(addressOf(list)) : 0;
  return boxObject(
    newBound(
      target,
      isObject(proto) ? addressOf(proto) : 0,
      argAt(area, argc, 1),
      args,
      argAt(area, argc, 3),
      addressOf(argAt(area, argc, 4)),
    ),
  );
}
function newBound(target: usize, proto: usize, receiver: Value, args: usize, length: Value, name: usize): usize {
  const bound = newObject(Kind.BOUND, proto, 2);
  store<u32>(bound, <u32>target, BOUND_TARGET);
  store<u32>(bound, <u32>args, BOUND_ARGS);
  store<u64>(bound, receiver, BOUND_BOUND_THIS);
  addProperty(bound, atomAt(Atom.length), length, CONFIGURABLE);
  addProperty(bound, atomAt(Atom.name), boxString(concat(atomAt(Atom.s_bound20), name)), CONFIGURABLE);
  return bound;
}

/** https://tc39.es/ecma262/#sec-function.prototype.bind */
export function functionPrototypeBind(area: usize, argc: i32): Value {
  const fn = thisOf(area);
  if (!isCallable(fn)) return throwLiteral(ErrorKind.TypeError, "Bind must be called on a function");
  const target = addressOf(fn);
  if (kindOf(target) == Kind.PROXY) return DEFER;
  const given = argc > 1 ? argc - 1 : 0;
  const own = getOwn(target, boxString(atomAt(Atom.length)));
  if (own > DATA) return DEFER;
  const length = own == DATA ? boundLength(load<u64>(FOUND_VALUE), given) : boxInt(0);
  const named = lookup(target, boxString(atomAt(Atom.name)));
  if (named > DATA) return DEFER;
  const name =
    named == DATA && isString(load<u64>(FOUND_VALUE)) ? addressOf(load<u64>(FOUND_VALUE)) : atomAt(Atom.empty);
  let args: usize = 0;
  if (given > 0) {
    args = newElements(<u32>given);
    memory.copy(elementAt(args, 0), area + 24, (<usize>given) << 3);
    store<u32>(args, <u32>given, ELEMENTS_LENGTH);
  }
  return boxObject(newBound(target, prototypeOf(target), argAt(area, argc, 0), args, length, name));
}

/** https://tc39.es/ecma262/#sec-function.prototype-%symbol.hasinstance% */
export function functionPrototypeSymbolHasInstance(area: usize, argc: i32): Value {
  const fn = thisOf(area);
  const v = argAt(area, argc, 0);
  if (!isCallable(fn)) return FALSE;
  const target = addressOf(fn);
  if (kindOf(target) == Kind.BOUND || kindOf(target) == Kind.PROXY) return DEFER;
  if (!isObject(v)) return FALSE;
  if (lookup(target, boxString(atomAt(Atom.prototype))) != DATA || !isObject(load<u64>(FOUND_VALUE))) return DEFER;
  const proto = addressOf(load<u64>(FOUND_VALUE));
  let p = addressOf(v);
  let steps = 0;
  while (kindOf(p) != Kind.PROXY) {
    p = prototypeOf(p);
    steps++;
    if (p != 0 && p != proto) continue;
    chargeSteps(steps);
    return boxBool(p != 0);
  }
  return DEFER;
}

/** https://tc39.es/ecma262/#sec-function.prototype.tostring */
export function functionPrototypeToString(area: usize, argc: i32): Value {
  const fn = thisOf(area);
  if (!isCallable(fn))
    return throwLiteral(ErrorKind.TypeError, "Function.prototype.toString requires that 'this' be a Function");
  const text = functionSource(addressOf(fn));
  return text == NO_ROOM ? RETRY : boxString(text);
}
