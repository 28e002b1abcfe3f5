// Owns the choice of the prototype that a primitive value gets its properties from. Must never make a wrapper.
import { addressOf, isBoolean, isNullish, isNumber, isString, isSymbol, Value } from "../core/value";
import { intrinsic, Intrinsic } from "../generated/intrinsics";

/** Prototype of the wrapper a primitive would get; 0 for undefined and null. */
export function prototypeOfPrimitive(v: Value): usize {
  if (isString(v)) return addressOf(intrinsic(Intrinsic.StringPrototype));
  if (isNumber(v)) return addressOf(intrinsic(Intrinsic.NumberPrototype));
  if (isBoolean(v)) return addressOf(intrinsic(Intrinsic.BooleanPrototype));
  if (isSymbol(v)) return addressOf(intrinsic(Intrinsic.SymbolPrototype));
  if (isNullish(v)) return 0;
  return addressOf(intrinsic(Intrinsic.BigIntPrototype));
}
