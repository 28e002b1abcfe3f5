// Owns the choice of the prototype that a primitive value gets its properties from. Must never make a wrapper.
import { addressOf, isBoolean, isNullish, isNumber, isString, isSymbol, Value } from "../core/value";
import { intrinsic, Intrinsic } from "../generated/intrinsics";
import { Kind, PRIMITIVE_PRIMITIVE } from "../generated/kinds";
import { newObject } from "./object";

/** Prototype of the wrapper a primitive would get; 0 for undefined and null. */
export function prototypeOfPrimitive(v: Value): usize {
  if (isString(v)) return addressOf(intrinsic(Intrinsic.StringPrototype));
  if (isNumber(v)) return addressOf(intrinsic(Intrinsic.NumberPrototype));
  if (isBoolean(v)) return addressOf(intrinsic(Intrinsic.BooleanPrototype));
  if (isSymbol(v)) return addressOf(intrinsic(Intrinsic.SymbolPrototype));
  if (isNullish(v)) return 0;
  return addressOf(intrinsic(Intrinsic.BigIntPrototype));
}

/** The wrapper object of a primitive that is not undefined or null. */
export function wrapPrimitive(v: Value): usize {
  const wrapper = newObject(Kind.PRIMITIVE, prototypeOfPrimitive(v), 0);
  store<u64>(wrapper, v, PRIMITIVE_PRIMITIVE);
  return wrapper;
}
