// Owns the natives of Reflect. Must never call guest code: ts/prelude/reflect.js does the work that needs it.
// https://tc39.es/ecma262/#sec-reflect-object
import { addressOf, boxBool, DEFER, isObject, RETRY, UNDEFINED, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { Kind } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { ownKeys, STRINGS, SYMBOLS } from "../objects/keys";
import { ABSENT_PROPERTY, DATA, FOUND_VALUE, PROXY_PROPERTY } from "../objects/lookup";
import { assign, DONE, isLengthKey, isValidLength, lookup, REJECTED } from "../objects/property";
import { prototypeOf } from "../objects/shape";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { objectOrNull, priceKey } from "./ordinary";
import { arrayOf, FINE, priceOwn, refuseKey } from "./shared";

export { reflectApply } from "./function";

/** https://tc39.es/ecma262/#sec-reflect.get; only with the target as receiver */
export function reflectGet(area: usize, argc: i32): Value {
  const target = argAt(area, argc, 0);
  if (!isObject(target)) return throwLiteral(ErrorKind.TypeError, "Reflect.get called on non-object");
  const refused = refuseKey(argAt(area, argc, 1));
  if (refused != FINE) return refused;
  const state = lookup(addressOf(target), toPropertyKeyPrimitive(argAt(area, argc, 1)));
  return state == DATA ? load<u64>(FOUND_VALUE) : state == ABSENT_PROPERTY ? UNDEFINED : DEFER;
}

/** https://tc39.es/ecma262/#sec-reflect.has */
export function reflectHas(area: usize, argc: i32): Value {
  const target = argAt(area, argc, 0);
  if (!isObject(target)) return throwLiteral(ErrorKind.TypeError, "Reflect.has called on non-object");
  const refused = refuseKey(argAt(area, argc, 1));
  if (refused != FINE) return refused;
  const state = lookup(addressOf(target), toPropertyKeyPrimitive(argAt(area, argc, 1)));
  return state == PROXY_PROPERTY ? DEFER : boxBool(state != ABSENT_PROPERTY);
}

/** https://tc39.es/ecma262/#sec-reflect.set; only with the target as receiver */
export function reflectSet(area: usize, argc: i32): Value {
  const target = argAt(area, argc, 0);
  if (!isObject(target)) return throwLiteral(ErrorKind.TypeError, "Reflect.set called on non-object");
  if (argc > 3 && argAt(area, argc, 3) != target) return DEFER;
  const refused = refuseKey(argAt(area, argc, 1));
  if (refused != FINE) return refused;
  const object = addressOf(target);
  const key = toPropertyKeyPrimitive(argAt(area, argc, 1));
  const value = argAt(area, argc, 2);
  if (kindOf(object) == Kind.PROXY || (isLengthKey(object, key) && !isValidLength(value))) return DEFER;
  if (!priceKey(object, key)) return RETRY;
  const state = assign(object, key, value);
  return state == DONE || state == REJECTED ? boxBool(state == DONE) : DEFER;
}

/** https://tc39.es/ecma262/#sec-reflect.ownkeys */
export function reflectOwnKeys(area: usize, argc: i32): Value {
  const target = argAt(area, argc, 0);
  if (!isObject(target)) return throwLiteral(ErrorKind.TypeError, "Reflect.ownKeys called on non-object");
  const object = addressOf(target);
  if (kindOf(object) == Kind.PROXY) return DEFER;
  if (!priceOwn(object, 40)) return RETRY;
  return arrayOf(ownKeys(object, STRINGS | SYMBOLS));
}

/** https://tc39.es/ecma262/#sec-reflect.getprototypeof */
export function reflectGetPrototypeOf(area: usize, argc: i32): Value {
  const target = argAt(area, argc, 0);
  if (!isObject(target)) return throwLiteral(ErrorKind.TypeError, "Reflect.getPrototypeOf called on non-object");
  const object = addressOf(target);
  return kindOf(object) == Kind.PROXY ? DEFER : objectOrNull(prototypeOf(object));
}
