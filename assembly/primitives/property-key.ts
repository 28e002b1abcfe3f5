// Owns ToPropertyKey of primitives: array indices become integers, all else atoms and symbols. Must never call guest code.
// https://tc39.es/ecma262/#sec-topropertykey
import { addressOf, boxString, INT_BITS, isBigInt, isDouble, isInt, isString, isSymbol, Value } from "../core/value";
import { intern, NO_INDEX, parseIndex } from "../strings/atom";
import { flagsOf, INDEX, INTERNED } from "../strings/cells";
import { toStringPrimitive } from "./convert";

// --- property keys ------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-topropertykey for primitives (bigints: those that toStringPrimitive knows). */
export function toPropertyKeyPrimitive(v: Value): Value {
  if (isInt(v)) {
    if (<i32>v >= 0) return v;
  } else if (isString(v)) {
    const s = addressOf(v);
    if ((flagsOf(s) & (INTERNED | INDEX)) == INTERNED) return v;
    const index = parseIndex(s);
    return index != NO_INDEX ? INT_BITS | <u64>index : boxString(intern(s));
  } else if (isSymbol(v)) return v;
  else if (isDouble(v)) {
    const d = reinterpret<f64>(v);
    const index = <u32>d;
    if (<f64>index == d && index != NO_INDEX) return INT_BITS | <u64>index;
  }
  const text = toStringPrimitive(v);
  const index = isBigInt(v) ? parseIndex(text) : NO_INDEX;
  return index != NO_INDEX ? INT_BITS | <u64>index : boxString(intern(text));
}
