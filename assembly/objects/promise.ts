// Owns the question whether a value is a promise; the rest is in jobs/promise.ts. Must never settle one.
import { addressOf, isObject, Value } from "../core/value";
import { Kind } from "../generated/kinds";
import { kindOf } from "../heap/memory";

export function isPromise(v: Value): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.PROMISE;
}
