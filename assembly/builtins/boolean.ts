// Owns the natives of Boolean. https://tc39.es/ecma262/#sec-boolean-objects
import { addressOf, boxBool, boxObject, boxString, DEFER, isBoolean, isObject, TRUE, UNDEFINED, Value } from "../core/value";
import { Atom, atomAt, Intrinsic } from "../generated/intrinsics";
import { Kind, PRIMITIVE_PRIMITIVE } from "../generated/kinds";
import { kindOf } from "../heap/memory";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { newObject } from "../objects/object";
import { toBoolean } from "../primitives/convert";
import { nameOfNative, prototypeFor, throwThisNot } from "./shared";

/** https://tc39.es/ecma262/#sec-boolean-constructor-boolean-value */
export function booleanConstructor(area: usize, argc: i32): Value {
  const b = boxBool(toBoolean(argAt(area, argc, 0)));
  if (newTargetOf() == UNDEFINED) return b;
  const proto = prototypeFor(newTargetOf(), Intrinsic.BooleanPrototype);
  if (proto == 0) return DEFER;
  return makeWrapper(proto, b);
}
/** A wrapper of that prototype. */
export function makeWrapper(proto: usize, v: Value): Value {
  const wrapper = newObject(Kind.PRIMITIVE, proto, 0);
  store<u64>(wrapper, v, PRIMITIVE_PRIMITIVE);
  return boxObject(wrapper);
}
/** (prototype, primitive): a wrapper. */
export function newWrapper(area: usize, argc: i32): Value {
  return makeWrapper(addressOf(load<u64>(area, 16)), load<u64>(area, 24));
}

/** https://tc39.es/ecma262/#sec-thisbooleanvalue: the boolean, or EXCEPTION */
function thisBoolean(area: usize): Value {
  const v = thisOf(area);
  if (isBoolean(v)) return v;
  if (isObject(v) && kindOf(addressOf(v)) == Kind.PRIMITIVE) {
    const inner = load<u64>(addressOf(v), PRIMITIVE_PRIMITIVE);
    if (isBoolean(inner)) return inner;
  }
  return throwThisNot("Boolean", nameOfNative(area));
}
/** https://tc39.es/ecma262/#sec-boolean.prototype.tostring */
export function booleanPrototypeToString(area: usize, argc: i32): Value {
  const b = thisBoolean(area);
  return isBoolean(b) ? boxString(atomAt(b == TRUE ? Atom.true_ : Atom.false_)) : b;
}
/** https://tc39.es/ecma262/#sec-boolean.prototype.valueof */
export function booleanPrototypeValueOf(area: usize, argc: i32): Value {
  return thisBoolean(area);
}
