// Owns toString and valueOf of Object.prototype. Must never call guest code: a toStringTag that is no data property is left to the prelude
// (ts/prelude/object.js). https://tc39.es/ecma262/#sec-object.prototype.tostring
import { addressOf, boxObject, boxString, DEFER, EXCEPTION, FALSE, isNumber, isObject, isString, NULL, TRUE, UNDEFINED, Value } from "../core/value";
import { lit } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic } from "../generated/intrinsics";
import { Kind, PRIMITIVE_PRIMITIVE } from "../generated/kinds";
import { kindOf } from "../heap/memory";
import { argAt, thisOf } from "../interpreter/native";
import { isCallableObject } from "../objects/function";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { prototypeOfPrimitive } from "../objects/primitive";
import { lookup } from "../objects/property";
import { concat } from "../strings/string";
import { testArray } from "./core";
import { isProxyCell, toObjectOrThrow } from "./shared";

/** builtinTag as an Atom; for a proxy of an array too. https://tc39.es/ecma262/#sec-object.prototype.tostring */
function builtinTag(v: Value): i32 {
  const object = addressOf(v);
  const kind = kindOf(object);
  if (kind == Kind.ARRAY || (kind == Kind.PROXY && testArray(v) == TRUE)) return Atom.Array;
  if (isCallableObject(object)) return Atom.Function;
  if (kind == Kind.ERROR) return Atom.Error;
  if (kind == Kind.DATE) return Atom.Date;
  if (kind == Kind.REGEXP) return Atom.RegExp;
  if (kind == Kind.ARGUMENTS) return Atom.Arguments;
  if (kind != Kind.PRIMITIVE) return Atom.Object;
  return primitiveTag(load<u64>(object, PRIMITIVE_PRIMITIVE));
}

function primitiveTag(v: Value): i32 {
  return isString(v) ? Atom.String : isNumber(v) ? Atom.Number : v == TRUE || v == FALSE ? Atom.Boolean : Atom.Object;
}

/** https://tc39.es/ecma262/#sec-object.prototype.tostring */
export function objectPrototypeToString(area: usize, argc: i32): Value {
  const v = thisOf(area);
  if (v == UNDEFINED) return boxString(lit("[object Undefined]"));
  if (v == NULL) return boxString(lit("[object Null]"));
  if (isObject(v) && isProxyCell(addressOf(v))) return DEFER;
  const state = lookup(isObject(v) ? addressOf(v) : prototypeOfPrimitive(v), intrinsic(Intrinsic.Symbol_toStringTag));
  if (state > DATA) return DEFER;
  if (state == DATA && isString(load<u64>(FOUND_VALUE))) return boxString(tagText(addressOf(load<u64>(FOUND_VALUE))));
  const tag = isObject(v) ? builtinTag(v) : primitiveTag(v);
  return boxString(tag == Atom.Object ? atomAt(Atom.s_5bobject20Object5d) : tagText(atomAt(tag)));
}

function tagText(tag: usize): usize {
  return concat(concat(lit("[object "), tag), lit("]"));
}

/** (object): the builtinTag, for the prelude. */
export function objectTag(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  const array = testArray(v);
  return array == EXCEPTION ? array : boxString(atomAt(builtinTag(v)));
}

/** https://tc39.es/ecma262/#sec-object.prototype.valueof */
export function objectPrototypeValueOf(area: usize, argc: i32): Value {
  const object = toObjectOrThrow(thisOf(area));
  return object == 0 ? EXCEPTION : boxObject(object);
}
