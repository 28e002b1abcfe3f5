// Owns the natives of Symbol and the registry of Symbol.for. Must never hand out two symbols for one registered key.
// https://tc39.es/ecma262/#sec-symbol-objects
import { ABSENT, addressOf, boxObject, boxString, boxSymbol, isObject, isSymbol, RETRY, UNDEFINED, Value } from "../core/value";
import { throwLiteral, throwNamed } from "../errors/throw";
import { intrinsic, Kept } from "../generated/intrinsics";
import { Kind, MAP_TABLE, PRIMITIVE_PRIMITIVE, SYMBOL_DESCRIPTION, SYMBOL_FLAGS } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { kindOf } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { mapGet, mapSet } from "../objects/hash-table";
import { intrinsicAddress, newObject } from "../objects/object";
import { toStringPrimitive } from "../primitives/convert";
import { newSymbol } from "../strings/atom";
import { FINE, nameOfNative, refuseString, symbolText, throwThisNot } from "./shared";

/** Flag of a symbol that Symbol.for made; its description is its key. */
export const SYMBOL_REGISTERED: u32 = 2;

/** https://tc39.es/ecma262/#sec-symbol-description */
export function symbolConstructor(area: usize, argc: i32): Value {
  if (newTargetOf() != UNDEFINED) return throwLiteral(ErrorKind.TypeError, "Symbol is not a constructor");
  const description = argAt(area, argc, 0);
  if (description == UNDEFINED) return boxSymbol(newSymbol(UNDEFINED, 0));
  const refused = refuseString(description);
  return refused != FINE ? refused : boxSymbol(newSymbol(boxString(toStringPrimitive(description)), 0));
}
/** (description: string or undefined): a new symbol. */
export function makeSymbol(area: usize, argc: i32): Value {
  return boxSymbol(newSymbol(argAt(area, argc, 0), 0));
}

/** https://tc39.es/ecma262/#sec-symbol.for */
export function symbolFor(area: usize, argc: i32): Value {
  const refused = refuseString(argAt(area, argc, 0));
  return refused != FINE ? refused : registered(boxString(toStringPrimitive(argAt(area, argc, 0))));
}
/** (key: string): the registered symbol. */
export function registeredSymbol(area: usize, argc: i32): Value {
  return registered(argAt(area, argc, 0));
}
function registered(key: Value): Value {
  const known = mapGet(registryOf(), key);
  if (known != ABSENT) return known;
  // The room is made first: the number of symbols made must not depend on how often this native is tried.
  if (!mapSet(registryOf(), key, UNDEFINED)) return RETRY;
  const symbol = boxSymbol(newSymbol(key, SYMBOL_REGISTERED));
  mapSet(registryOf(), key, symbol);
  return symbol;
}

/** https://tc39.es/ecma262/#sec-symbol.for, the GlobalSymbolRegistry: a map that no guest sees. */
export function registryOf(): usize {
  const known = intrinsic(Kept.SYMBOL_REGISTRY);
  if (isObject(known)) return addressOf(known);
  const map = newObject(Kind.MAP, 0, 0);
  store<u64>(map, 0, MAP_TABLE);
  store<u64>(intrinsicAddress(Kept.SYMBOL_REGISTRY), boxObject(map));
  return map;
}

/** (key): the symbol that is registered under it, or undefined */
export function knownSymbol(area: usize, argc: i32): Value {
  const map = intrinsic(Kept.SYMBOL_REGISTRY);
  if (!isObject(map)) return UNDEFINED;
  const known = mapGet(addressOf(map), argAt(area, argc, 0));
  return known == ABSENT ? UNDEFINED : known;
}

/** https://tc39.es/ecma262/#sec-symbol.keyfor */
export function symbolKeyFor(area: usize, argc: i32): Value {
  const symbol = argAt(area, argc, 0);
  if (!isSymbol(symbol)) return throwNamed(ErrorKind.TypeError, "", valueText(symbol), " is not a symbol");
  return load<u32>(addressOf(symbol), SYMBOL_FLAGS) & SYMBOL_REGISTERED
    ? load<u64>(addressOf(symbol), SYMBOL_DESCRIPTION)
    : UNDEFINED;
}

/** https://tc39.es/ecma262/#sec-thissymbolvalue: the symbol, or EXCEPTION */
function thisSymbol(area: usize): Value {
  const v = thisOf(area);
  if (isSymbol(v)) return v;
  if (isObject(v) && kindOf(addressOf(v)) == Kind.PRIMITIVE) {
    const inner = load<u64>(addressOf(v), PRIMITIVE_PRIMITIVE);
    if (isSymbol(inner)) return inner;
  }
  return throwThisNot("Symbol", nameOfNative(area));
}
/** https://tc39.es/ecma262/#sec-symbol.prototype.description */
export function getSymbolPrototypeDescription(area: usize, argc: i32): Value {
  const symbol = thisSymbol(area);
  return isSymbol(symbol) ? load<u64>(addressOf(symbol), SYMBOL_DESCRIPTION) : symbol;
}
/** https://tc39.es/ecma262/#sec-symbol.prototype.tostring */
export function symbolPrototypeToString(area: usize, argc: i32): Value {
  const symbol = thisSymbol(area);
  return isSymbol(symbol) ? boxString(symbolText(symbol)) : symbol;
}
/** https://tc39.es/ecma262/#sec-symbol.prototype.valueof */
export function symbolPrototypeValueOf(area: usize, argc: i32): Value {
  return thisSymbol(area);
}
/** https://tc39.es/ecma262/#sec-symbol.prototype-%symbol.toprimitive% */
export function symbolPrototypeSymbolToPrimitive(area: usize, argc: i32): Value {
  return thisSymbol(area);
}
