// Owns the natives of WeakMap, WeakSet, WeakRef and FinalizationRegistry. Must never let a guest see when a collection happens:
// WeakRef targets are cleared at counted collections only (heap/weak.ts), cleanup callbacks are not called.
import { ABSENT, addressOf, boxBool, boxObject, DEFER, isNullish, isObject, isSymbol, RETRY, UNDEFINED, Value } from "../core/value";
import { lit, throwError, throwLiteral } from "../errors/throw";
import { Intrinsic } from "../generated/intrinsics";
import { Kind, MAP_PAD, MAP_TABLE, SYMBOL_FLAGS, WEAKREF_TARGET } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeFuel, kindOf } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { needWeakPoints } from "../jobs/weak-point-due";
import { mapDelete, mapGet, mapHas, mapSet, WEAK_ENTRY } from "../objects/hash-table";
import { newObject } from "../objects/object";
import { concat } from "../strings/string";
import { prototypeFor } from "./shared";
import { SYMBOL_REGISTERED } from "./symbol";

/** https://tc39.es/ecma262/#sec-canbeheldweakly */
function canBeHeldWeakly(v: Value): bool {
  return isObject(v) || (isSymbol(v) && (load<u32>(addressOf(v), SYMBOL_FLAGS) & SYMBOL_REGISTERED) == 0);
}

function receiver(v: Value, kind: i32): usize {
  return isObject(v) && kindOf(addressOf(v)) == kind ? addressOf(v) : 0;
}
function incompatible(what: string, v: Value): Value {
  return throwError(ErrorKind.TypeError, concat(concat(lit(what), lit(" called on incompatible receiver ")), valueText(v)));
}
function construct(area: usize, argc: i32, kind: i32, proto: i32, what: string): Value {
  const newTarget = newTargetOf();
  if (newTarget == UNDEFINED) return throwLiteral(ErrorKind.TypeError, what);
  if (!isNullish(argAt(area, argc, 0))) return DEFER;
  const parent = prototypeFor(newTarget, proto);
  if (parent == 0) return DEFER;
  const object = newObject(kind, parent, 0);
  store<u32>(object, 0, MAP_TABLE);
  store<u32>(object, 0, MAP_PAD);
  return boxObject(object);
}

// --- WeakMap ------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-weakmap-iterable without one */
export function weakMapConstructor(area: usize, argc: i32): Value {
  return construct(area, argc, Kind.WEAKMAP, Intrinsic.WeakMapPrototype, "Constructor WeakMap requires 'new'");
}
/** https://tc39.es/ecma262/#sec-weakmap.prototype.get */
export function weakMapPrototypeGet(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.WEAKMAP);
  if (map == 0) return incompatible("Method WeakMap.prototype.get", thisOf(area));
  const v = mapGet(map, argAt(area, argc, 0));
  return v == ABSENT ? UNDEFINED : v;
}
/** https://tc39.es/ecma262/#sec-weakmap.prototype.set */
export function weakMapPrototypeSet(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.WEAKMAP);
  if (map == 0) return incompatible("Method WeakMap.prototype.set", thisOf(area));
  if (!canBeHeldWeakly(argAt(area, argc, 0))) return throwLiteral(ErrorKind.TypeError, "Invalid value used as weak map key");
  return mapSet(map, argAt(area, argc, 0), argAt(area, argc, 1)) ? thisOf(area) : RETRY;
}
/** https://tc39.es/ecma262/#sec-weakmap.prototype.has */
export function weakMapPrototypeHas(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.WEAKMAP);
  if (map == 0) return incompatible("Method WeakMap.prototype.has", thisOf(area));
  return boxBool(mapHas(map, argAt(area, argc, 0)));
}
/** https://tc39.es/ecma262/#sec-weakmap.prototype.delete */
export function weakMapPrototypeDelete(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.WEAKMAP);
  if (map == 0) return incompatible("Method WeakMap.prototype.delete", thisOf(area));
  return boxBool(mapDelete(map, argAt(area, argc, 0)));
}
/** https://tc39.es/ecma262/#sec-weakmap.prototype.getorinsert */
export function weakMapPrototypeGetOrInsert(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.WEAKMAP);
  if (map == 0) return incompatible("Method WeakMap.prototype.getOrInsert", thisOf(area));
  if (!canBeHeldWeakly(argAt(area, argc, 0))) return throwLiteral(ErrorKind.TypeError, "Invalid value used as weak map key");
  const known = mapGet(map, argAt(area, argc, 0));
  if (known != ABSENT) return known;
  return mapSet(map, argAt(area, argc, 0), argAt(area, argc, 1)) ? argAt(area, argc, 1) : RETRY;
}

// --- WeakSet ------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-weakset-iterable without one */
export function weakSetConstructor(area: usize, argc: i32): Value {
  return construct(area, argc, Kind.WEAKSET, Intrinsic.WeakSetPrototype, "Constructor WeakSet requires 'new'");
}
/** https://tc39.es/ecma262/#sec-weakset.prototype.add */
export function weakSetPrototypeAdd(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.WEAKSET);
  if (set == 0) return incompatible("Method WeakSet.prototype.add", thisOf(area));
  if (!canBeHeldWeakly(argAt(area, argc, 0))) return throwLiteral(ErrorKind.TypeError, "Invalid value used in weak set");
  return mapSet(set, argAt(area, argc, 0), UNDEFINED) ? thisOf(area) : RETRY;
}
/** https://tc39.es/ecma262/#sec-weakset.prototype.has */
export function weakSetPrototypeHas(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.WEAKSET);
  if (set == 0) return incompatible("Method WeakSet.prototype.has", thisOf(area));
  return boxBool(mapHas(set, argAt(area, argc, 0)));
}
/** https://tc39.es/ecma262/#sec-weakset.prototype.delete */
export function weakSetPrototypeDelete(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.WEAKSET);
  if (set == 0) return incompatible("Method WeakSet.prototype.delete", thisOf(area));
  return boxBool(mapDelete(set, argAt(area, argc, 0)));
}

// --- WeakRef ------------------------------------------------------------------------------------------------------------------

/** (target, prototype) */
export function createWeakRef(area: usize, argc: i32): Value {
  const ref = newObject(Kind.WEAKREF, addressOf(load<u64>(area, 24)), 0);
  store<u64>(ref, load<u64>(area, 16), WEAKREF_TARGET);
  needWeakPoints();
  chargeFuel(WEAK_ENTRY);
  return boxObject(ref);
}
/** https://tc39.es/ecma262/#sec-weak-ref.prototype.deref */
export function weakRefPrototypeDeref(area: usize, argc: i32): Value {
  const ref = receiver(thisOf(area), Kind.WEAKREF);
  if (ref == 0) return incompatible("WeakRef.prototype.deref", thisOf(area));
  return load<u64>(ref, WEAKREF_TARGET);
}

/** (value): https://tc39.es/ecma262/#sec-canbeheldweakly */
export function isWeakKey(area: usize, argc: i32): Value {
  return boxBool(canBeHeldWeakly(argAt(area, argc, 0)));
}
/** (WeakMap or WeakSet, key, value) */
export function weakSetEntry(area: usize, argc: i32): Value {
  return mapSet(addressOf(load<u64>(area, 16)), load<u64>(area, 24), argAt(area, argc, 2)) ? UNDEFINED : RETRY;
}
