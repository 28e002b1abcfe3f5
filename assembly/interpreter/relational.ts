// Owns `in` and `instanceof` where no guest code is called; the rest is in ts/prelude/operators.js. Must never call guest code itself.
// https://tc39.es/ecma262/#sec-relational-operators-runtime-semantics-evaluation
import { addressOf, boxBool, FALSE, isInt, isObject, isString, isSymbol, TRUE, Value } from "../core/value";
import { intrinsic, Intrinsic, Prelude } from "../generated/intrinsics";
import { Kind, NATIVE_NATIVE } from "../generated/kinds";
import { RecordKind, STACK_SLACK } from "../generated/layout";
import { callNative, Native } from "../generated/natives";
import { kindOf } from "../heap/memory";
import { ABSENT_PROPERTY, DATA, FOUND_VALUE, PROXY_PROPERTY } from "../objects/lookup";
import { lookup } from "../objects/property";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { lengthOf } from "../strings/cells";
import { callPrelude2 } from "./call";
import { frameEnd, stackFits } from "./frame";
import { atA, fieldA, regB, regC } from "./operands";

/** Longest text that is made a key here. Interning a longer one costs fuel. */
const SHORT: i32 = 64;

function isCheapKey(key: Value): bool {
  return isInt(key) || isSymbol(key) || (isString(key) && lengthOf(addressOf(key)) <= SHORT);
}

/**
 * IN a: destination, b: key, c: object. https://tc39.es/ecma262/#sec-hasproperty. The key is converted only after the object was found to
 * be one, as the order of errors demands.
 */
export function inSlow(pc: usize, fp: usize): i32 {
  const key = regB(pc, fp);
  const object = regC(pc, fp);
  if (isObject(object) && isCheapKey(key)) {
    const state = lookup(addressOf(object), toPropertyKeyPrimitive(key));
    if (state != PROXY_PROPERTY) {
      store<u64>(atA(pc, fp), boxBool(state != ABSENT_PROPERTY));
      return 8;
    }
  }
  return callPrelude2(Prelude.opIn, pc, fp, key, object, pc + 8, fieldA(pc), RecordKind.CALL);
}

/** True if the target's Symbol.hasInstance is the built-in one of Function.prototype. */
function isOrdinaryTarget(target: Value): bool {
  if (!isObject(target) || lookup(addressOf(target), intrinsic(Intrinsic.Symbol_hasInstance)) != DATA) return false;
  const hook = load<u64>(FOUND_VALUE);
  return isObject(hook) && kindOf(addressOf(hook)) == Kind.NATIVE && load<u32>(addressOf(hook), NATIVE_NATIVE) == Native.functionPrototypeSymbolHasInstance;
}

/** INSTANCEOF a: destination, b: value, c: target. https://tc39.es/ecma262/#sec-instanceofoperator */
export function instanceofSlow(pc: usize, fp: usize): i32 {
  const v = regB(pc, fp);
  const target = regC(pc, fp);
  const area = frameEnd(fp);
  if (isOrdinaryTarget(target) && stackFits(area, STACK_SLACK)) {
    store<u64>(area, target, 8);
    store<u64>(area, v, 16);
    const answer = callNative(Native.functionPrototypeSymbolHasInstance, area, 1);
    if (answer == TRUE || answer == FALSE) {
      store<u64>(atA(pc, fp), answer);
      return 8;
    }
  }
  return callPrelude2(Prelude.opInstanceof, pc, fp, v, target, pc + 8, fieldA(pc), RecordKind.CALL);
}
