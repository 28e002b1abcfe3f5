// Owns the natives of Map, Set and their iterators. Must never call guest code; the methods that iterate or call back are in
// ts/prelude/map-set.js.
import {
  ABSENT, addressOf, asInt, boxBool, boxCell, boxInt, boxObject, boxString, boxU32, DEFER, HOLE, isNullish, isObject, RETRY, UNDEFINED,
  Value,
} from "../core/value";
import { lit, throwError, throwLiteral } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, Kept, Prelude } from "../generated/intrinsics";
import { INTERNAL_CLASS, Kind, MAP_PAD, MAP_TABLE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { InternalClass } from "../generated/states";
import { chargeFuel, fuelLeft, kindOf, reserve } from "../heap/memory";
import { valueText } from "../interpreter/describe";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { elementAt, elementsOf } from "../objects/elements";
import { isBuiltin } from "../objects/function";
import {
  ADVANCED_INDEX, ADVANCED_TABLE, mapAppend, mapClear, mapDelete, mapGet, mapHas, mapSet, mapSize, normalizeKey, tableAdvance, tableIsOld, tableKey, tableNew, tableNextEntry, tableTrim,
  tableValue,
} from "../objects/hash-table";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { arrayPush, intrinsicAddress, newObject, newObjectOfShape, rootShape } from "../objects/object";
import { isPristineArray } from "../objects/pristine";
import { lookup } from "../objects/property";
import { concat } from "../strings/string";
import { refuseState } from "./arguments";
import { isPacked } from "./array";
import { arrayAddress, lengthOfArray, newFilledArray, priceElements } from "./array-core";
import { internalOf, internalShape, internalSlot, iterResult, newIterator, pairOf } from "./array-iterator";


/** The address of an object of that kind, or 0. */
// @ts-ignore: decorator
@inline
function receiver(v: Value, kind: i32): usize {
  return isObject(v) && kindOf(addressOf(v)) == kind ? addressOf(v) : 0;
}

function incompatible(what: string, v: Value): Value {
  return throwError(ErrorKind.TypeError, concat(concat(lit(what), lit(" called on incompatible receiver ")), valueText(v)));
}

function emptyTable(object: usize): usize {
  store<u32>(object, 0, MAP_TABLE);
  store<u32>(object, 0, MAP_PAD);
  return object;
}

/** A new empty Map or Set of the realm. */
function newCollection(kind: i32): usize {
  const at = kind == Kind.MAP ? Kept.MAP_SHAPE : Kept.SET_SHAPE;
  let known = intrinsic(at);
  if (known == 0) {
    known = boxCell(rootShape(kind, addressOf(intrinsic(kind == Kind.MAP ? Intrinsic.MapPrototype : Intrinsic.SetPrototype)), 0));
    store<u64>(intrinsicAddress(at), known);
  }
  return emptyTable(newObjectOfShape(kind, addressOf(known)));
}

/** Gives a new collection room for n entries at once; false: RETRY. */
function presize(owner: usize, n: u32): bool {
  if (n <= 4) return true;
  const capacity: u32 = 1 << (32 - clz<u32>(n - 1));
  if (n > 64 && !reserve(<usize>capacity * 28 + 64)) return false;
  chargeFuel(<i32>n);
  store<u32>(owner, <u32>tableNew(capacity), MAP_TABLE);
  return true;
}

/** Fuel that filling a collection may take at once, beyond some for each entry. */
const MAX_AT_ONCE: i32 = 50_000;

/**
 * True if the entries so far took much more fuel than usual, since `before` was left: their keys collide, or are very long. A native cannot
 * stop in the middle, so the prelude starts again and adds one after the other; no code has seen the collection yet.
 */
function isOverspent(before: i32, entries: u32): bool {
  return before - fuelLeft() > MAX_AT_ONCE + <i32>(entries << 2);
}

/** (0 Map, 1 Set, 2 WeakMap, 3 WeakSet; prototype): a new empty collection. */
export function createCollection(area: usize, argc: i32): Value {
  const which = asInt(load<u64>(area, 16));
  if (which > 3) return refuseState();
  const proto = load<u64>(area, 24);
  if (which == 0 && proto == intrinsic(Intrinsic.MapPrototype)) return boxObject(newCollection(Kind.MAP));
  if (which == 1 && proto == intrinsic(Intrinsic.SetPrototype)) return boxObject(newCollection(Kind.SET));
  return boxObject(emptyTable(newObject(Kind.MAP + which, addressOf(proto), 0)));
}

/** True if the method `key` of the prototype is still ours. */
function isPristineMethod(proto: i32, key: usize, prelude: i32): bool {
  return lookup(addressOf(intrinsic(proto)), boxString(key)) == DATA && isBuiltin(load<u64>(FOUND_VALUE), prelude);
}

/** https://tc39.es/ecma262/#sec-map-iterable for nothing or a plain array of plain pairs */
export function mapConstructor(area: usize, argc: i32): Value {
  const newTarget = newTargetOf();
  if (newTarget == UNDEFINED) return throwLiteral(ErrorKind.TypeError, "Constructor Map requires 'new'");
  if (newTarget != intrinsic(Intrinsic.Map)) return DEFER;
  const iterable = argAt(area, argc, 0);
  if (isNullish(iterable)) return boxObject(newCollection(Kind.MAP));
  if (!isPristineArray(iterable) || !isPacked(addressOf(iterable))) return DEFER;
  if (!isPristineMethod(Intrinsic.MapPrototype, atomAt(Atom.set_), Prelude.mapPrototypeSet)) return DEFER;
  const array = addressOf(iterable);
  const n = lengthOfArray(array);
  for (let i: u32 = 0; i < n; i++) {
    const pair = arrayAddress(load<u64>(elementAt(elementsOf(array), i)));
    if (pair == 0 || lengthOfArray(pair) < 2 || !isPacked(pair)) return DEFER;
  }
  const map = newCollection(Kind.MAP);
  if (!presize(map, n)) return RETRY;
  const before = fuelLeft();
  for (let i: u32 = 0; i < n; i++) {
    if (isOverspent(before, i)) return DEFER;
    const pair = elementsOf(addressOf(load<u64>(elementAt(elementsOf(array), i))));
    if (!mapSet(map, load<u64>(elementAt(pair, 0)), load<u64>(elementAt(pair, 1)))) return RETRY;
  }
  return tableTrim(map) ? boxObject(map) : RETRY;
}

/** https://tc39.es/ecma262/#sec-set-iterable for nothing or a plain array */
export function setConstructor(area: usize, argc: i32): Value {
  const newTarget = newTargetOf();
  if (newTarget == UNDEFINED) return throwLiteral(ErrorKind.TypeError, "Constructor Set requires 'new'");
  if (newTarget != intrinsic(Intrinsic.Set)) return DEFER;
  const iterable = argAt(area, argc, 0);
  if (isNullish(iterable)) return boxObject(newCollection(Kind.SET));
  if (!isPristineMethod(Intrinsic.SetPrototype, atomAt(Atom.add), Prelude.setPrototypeAdd)) return DEFER;
  const set = newCollection(Kind.SET);
  if (receiver(iterable, Kind.SET) != 0) {
    if (lookup(addressOf(iterable), intrinsic(Intrinsic.Symbol_iterator)) != DATA || isPlainSetOrMap(iterable, load<u64>(FOUND_VALUE)) != 0) return DEFER;
    const table = <usize>load<u32>(addressOf(iterable), MAP_TABLE);
    if (!presize(set, mapSize(addressOf(iterable)))) return RETRY;
    let i = table == 0 ? -1 : tableNextEntry(table, 0);
    while (i >= 0) {
      if (!mapAppend(set, tableKey(table, i), UNDEFINED)) return RETRY;
      i = tableNextEntry(table, <u32>i + 1);
    }
    return boxObject(set);
  }
  if (!isPristineArray(iterable) || !isPacked(addressOf(iterable))) return DEFER;
  const array = addressOf(iterable);
  const n = lengthOfArray(array);
  if (!presize(set, n)) return RETRY;
  const before = fuelLeft();
  for (let i: u32 = 0; i < n; i++) {
    if (isOverspent(before, i)) return DEFER;
    if (!mapSet(set, load<u64>(elementAt(elementsOf(array), i)), UNDEFINED)) return RETRY;
  }
  return tableTrim(set) ? boxObject(set) : RETRY;
}

// --- Map --------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-get-map-@@species */
export function getMapSymbolSpecies(area: usize, argc: i32): Value {
  return thisOf(area);
}
/** https://tc39.es/ecma262/#sec-map.prototype.get */
export function mapPrototypeGet(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.MAP);
  if (map == 0) return incompatible("Method Map.prototype.get", thisOf(area));
  const v = mapGet(map, argAt(area, argc, 0));
  return v == ABSENT ? UNDEFINED : v;
}
/** https://tc39.es/ecma262/#sec-map.prototype.set */
export function mapPrototypeSet(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.MAP);
  if (map == 0) return incompatible("Method Map.prototype.set", thisOf(area));
  return mapSet(map, argAt(area, argc, 0), argAt(area, argc, 1)) ? thisOf(area) : RETRY;
}
/** https://tc39.es/ecma262/#sec-map.prototype.has */
export function mapPrototypeHas(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.MAP);
  if (map == 0) return incompatible("Method Map.prototype.has", thisOf(area));
  return boxBool(mapHas(map, argAt(area, argc, 0)));
}
/** https://tc39.es/ecma262/#sec-map.prototype.delete */
export function mapPrototypeDelete(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.MAP);
  if (map == 0) return incompatible("Method Map.prototype.delete", thisOf(area));
  return boxBool(mapDelete(map, argAt(area, argc, 0)));
}
/** https://tc39.es/ecma262/#sec-map.prototype.clear */
export function mapPrototypeClear(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.MAP);
  if (map == 0) return incompatible("Method Map.prototype.clear", thisOf(area));
  mapClear(map);
  return UNDEFINED;
}
/** https://tc39.es/ecma262/#sec-get-map.prototype.size */
export function getMapPrototypeSize(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.MAP);
  if (map == 0) return incompatible("Method get Map.prototype.size", thisOf(area));
  return boxU32(mapSize(map));
}
/** https://tc39.es/ecma262/#sec-map.prototype.getorinsert */
export function mapPrototypeGetOrInsert(area: usize, argc: i32): Value {
  const map = receiver(thisOf(area), Kind.MAP);
  if (map == 0) return incompatible("Method Map.prototype.getOrInsert", thisOf(area));
  const known = mapGet(map, argAt(area, argc, 0));
  if (known != ABSENT) return known;
  return mapSet(map, argAt(area, argc, 0), argAt(area, argc, 1)) ? argAt(area, argc, 1) : RETRY;
}

function mapIterator(area: usize, kind: i32, what: string): Value {
  if (receiver(thisOf(area), Kind.MAP) == 0) return incompatible(what, thisOf(area));
  return iteratorOver(thisOf(area), kind);
}
/** https://tc39.es/ecma262/#sec-map.prototype.keys */
export function mapPrototypeKeys(area: usize, argc: i32): Value {
  return mapIterator(area, 0, "Method Map.prototype.keys");
}
/** https://tc39.es/ecma262/#sec-map.prototype.values */
export function mapPrototypeValues(area: usize, argc: i32): Value {
  return mapIterator(area, 1, "Method Map.prototype.values");
}
/** https://tc39.es/ecma262/#sec-map.prototype.entries */
export function mapPrototypeEntries(area: usize, argc: i32): Value {
  return mapIterator(area, 2, "Method Map.prototype.entries");
}

// --- Set --------------------------------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-get-set-@@species */
export function getSetSymbolSpecies(area: usize, argc: i32): Value {
  return thisOf(area);
}
/** https://tc39.es/ecma262/#sec-set.prototype.add */
export function setPrototypeAdd(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.SET);
  if (set == 0) return incompatible("Method Set.prototype.add", thisOf(area));
  return mapSet(set, argAt(area, argc, 0), UNDEFINED) ? thisOf(area) : RETRY;
}
/** https://tc39.es/ecma262/#sec-set.prototype.has */
export function setPrototypeHas(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.SET);
  if (set == 0) return incompatible("Method Set.prototype.has", thisOf(area));
  return boxBool(mapHas(set, argAt(area, argc, 0)));
}
/** https://tc39.es/ecma262/#sec-set.prototype.delete */
export function setPrototypeDelete(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.SET);
  if (set == 0) return incompatible("Method Set.prototype.delete", thisOf(area));
  return boxBool(mapDelete(set, argAt(area, argc, 0)));
}
/** https://tc39.es/ecma262/#sec-set.prototype.clear */
export function setPrototypeClear(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.SET);
  if (set == 0) return incompatible("Method Set.prototype.clear", thisOf(area));
  mapClear(set);
  return UNDEFINED;
}
/** https://tc39.es/ecma262/#sec-get-set.prototype.size */
export function getSetPrototypeSize(area: usize, argc: i32): Value {
  const set = receiver(thisOf(area), Kind.SET);
  if (set == 0) return incompatible("Method get Set.prototype.size", thisOf(area));
  return boxU32(mapSize(set));
}
/** https://tc39.es/ecma262/#sec-set.prototype.values */
export function setPrototypeValues(area: usize, argc: i32): Value {
  if (receiver(thisOf(area), Kind.SET) == 0) return incompatible("Method Set.prototype.values", thisOf(area));
  return iteratorOver(thisOf(area), 1);
}
/** https://tc39.es/ecma262/#sec-set.prototype.entries */
export function setPrototypeEntries(area: usize, argc: i32): Value {
  if (receiver(thisOf(area), Kind.SET) == 0) return incompatible("Method Set.prototype.entries", thisOf(area));
  return iteratorOver(thisOf(area), 2);
}

// --- iterators ----------------------------------------------------------------------------------------------------------------

// An iterator's first slot is the table cell it is in, or undefined at the end; the second is its position there.

/** An iterator over a Map or Set: kind 0 keys, 1 values, 2 entries. */
function iteratorOver(v: Value, kind: i32): Value {
  const owner = addressOf(v);
  let table = <usize>load<u32>(owner, MAP_TABLE);
  if (table == 0) {
    table = tableNew(4);
    store<u32>(owner, <u32>table, MAP_TABLE);
  }
  const isMap = kindOf(owner) == Kind.MAP;
  const shape = isMap ? internalShape(Kept.MAP_ITERATOR_SHAPE, Intrinsic.MapIteratorPrototype, 3) : internalShape(Kept.SET_ITERATOR_SHAPE, Intrinsic.SetIteratorPrototype, 3);
  return newIterator(shape, isMap ? InternalClass.MAP_ITERATOR : InternalClass.SET_ITERATOR, boxCell(table), kind);
}

/** (Map or Set): an iterator over its entries, for loops of the prelude. */
export function newTableIterator(area: usize, argc: i32): Value {
  return iteratorOver(load<u64>(area, 16), 2);
}

/** Key and value of the newest step; valid within one native only. */
const STEP: usize = memory.data(16, 8);

/** Takes one step: key and value go to STEP. False: the iterator is done for good. */
function step(iterator: usize): bool {
  const at = load<u64>(internalSlot(iterator, 0));
  if (at == UNDEFINED) return false;
  let table = addressOf(at);
  let position = <u32>asInt(load<u64>(internalSlot(iterator, 1)));
  if (tableIsOld(table)) {
    tableAdvance(table, position);
    table = <usize>load<u32>(ADVANCED_TABLE);
    position = load<u32>(ADVANCED_INDEX);
    store<u64>(internalSlot(iterator, 0), boxCell(table));
  }
  const entry = tableNextEntry(table, position);
  if (entry < 0) {
    store<u64>(internalSlot(iterator, 0), UNDEFINED);
    return false;
  }
  store<u64>(internalSlot(iterator, 1), boxInt(entry + 1));
  store<u64>(STEP, tableKey(table, entry));
  store<u64>(STEP, tableValue(table, entry), 8);
  return true;
}

/** (iterator of newTableIterator): the next key, HOLE at the end. */
export function tableStep(area: usize, argc: i32): Value {
  const iterator = addressOf(load<u64>(area, 16));
  if (!step(iterator)) return HOLE;
  return load<u64>(STEP);
}

/** (iterator of newTableIterator): the value of the key that tableStep returned last. */
export function tableStepValue(area: usize, argc: i32): Value {
  const iterator = addressOf(load<u64>(area, 16));
  if (load<u64>(internalSlot(iterator, 0)) == UNDEFINED || asInt(load<u64>(internalSlot(iterator, 1))) < 1) return refuseState();
  return tableValue(addressOf(load<u64>(internalSlot(iterator, 0))), asInt(load<u64>(internalSlot(iterator, 1))) - 1);
}

function next(area: usize, cls: u32, what: string): Value {
  const iterator = internalOf(thisOf(area), cls);
  if (iterator == 0) return incompatible(what, thisOf(area));
  if (!step(iterator)) return iterResult(UNDEFINED, true);
  const kind = asInt(load<u64>(internalSlot(iterator, 2)));
  const key = load<u64>(STEP);
  const value = cls == InternalClass.SET_ITERATOR ? key : load<u64>(STEP, 8);
  return iterResult(kind == 0 ? key : kind == 1 ? value : pairOf(key, value), false);
}
/** https://tc39.es/ecma262/#sec-%mapiteratorprototype%.next */
export function mapIteratorPrototypeNext(area: usize, argc: i32): Value {
  return next(area, InternalClass.MAP_ITERATOR, "Method Map Iterator.prototype.next");
}
/** https://tc39.es/ecma262/#sec-%setiteratorprototype%.next */
export function setIteratorPrototypeNext(area: usize, argc: i32): Value {
  return next(area, InternalClass.SET_ITERATOR, "Method Set Iterator.prototype.next");
}

// --- lists --------------------------------------------------------------------------------------------------------------------

/**
 * What iterating a Map, a Set or one of their iterators with that Symbol.iterator method yields, if the guest can notice nothing
 * of it.
 *    0   the keys
 *    1   the values
 *    2   the entries
 *   -1   the guest could notice it, or it is no such object
 */
export function isPlainSetOrMap(v: Value, method: Value): i32 {
  if (receiver(v, Kind.MAP) != 0) {
    if (!isPristineMethod(Intrinsic.MapIteratorPrototype, atomAt(Atom.next), Prelude.mapIteratorPrototypeNext)) return -1;
    if (isBuiltin(method, Prelude.mapPrototypeEntries)) return 2;
    return isBuiltin(method, Prelude.mapPrototypeValues) ? 1 : isBuiltin(method, Prelude.mapPrototypeKeys) ? 0 : -1;
  }
  if (receiver(v, Kind.SET) != 0 && isBuiltin(method, Prelude.setPrototypeValues)) {
    return isPristineMethod(Intrinsic.SetIteratorPrototype, atomAt(Atom.next), Prelude.setIteratorPrototypeNext) ? 0 : -1;
  }
  return -1;
}

/** A fresh array of the keys (0), values (1) or entries (2) of a Map or Set; RETRY if there is no room. */
export function entriesOf(owner: usize, how: i32): Value {
  const n = mapSize(owner);
  if (!priceElements(how == 2 ? n * 8 : n)) return RETRY;
  const result = newFilledArray(n);
  const table = <usize>load<u32>(owner, MAP_TABLE);
  if (table == 0 || n == 0) return boxObject(result);
  const isSet = kindOf(owner) == Kind.SET;
  let i = tableNextEntry(table, 0);
  let at = elementAt(elementsOf(result), 0);
  while (i >= 0) {
    const key = tableKey(table, i);
    const value = isSet ? key : tableValue(table, i);
    store<u64>(at, how == 0 ? key : how == 1 ? value : pairOf(key, value));
    at += 8;
    i = tableNextEntry(table, <u32>i + 1);
  }
  return boxObject(result);
}

/** (value, prelude: true): a fresh array of the keys of a Set or Map. */
export function tableKeys(area: usize, argc: i32): Value {
  return entriesOf(addressOf(load<u64>(area, 16)), 0);
}

// --- for the prelude -------------------------------------------------------------------------------------------------------------

/** (value, 0 Map 1 Set 2 WeakMap 3 WeakSet): is it one? */
export function isCollection(area: usize, argc: i32): Value {
  return boxBool(receiver(load<u64>(area, 16), Kind.MAP + asInt(load<u64>(area, 24))) != 0);
}
/** (Map or Set): number of entries */
export function tableSize(area: usize, argc: i32): Value {
  return boxU32(mapSize(addressOf(load<u64>(area, 16))));
}
/** (Map or Set, key) */
export function tableHas(area: usize, argc: i32): Value {
  return boxBool(mapHas(addressOf(load<u64>(area, 16)), argAt(area, argc, 1)));
}
/** (Map, key): the value; HOLE if the key is not in the Map */
export function tableGet(area: usize, argc: i32): Value {
  const v = mapGet(addressOf(load<u64>(area, 16)), argAt(area, argc, 1));
  return v == ABSENT ? HOLE : v;
}
/** (Map or Set, key, value) */
export function tableSet(area: usize, argc: i32): Value {
  return mapSet(addressOf(load<u64>(area, 16)), argAt(area, argc, 1), argAt(area, argc, 2)) ? UNDEFINED : RETRY;
}
/** (Map or Set, key) */
export function tableDelete(area: usize, argc: i32): Value {
  return boxBool(mapDelete(addressOf(load<u64>(area, 16)), argAt(area, argc, 1)));
}
/** https://tc39.es/ecma262/#sec-canonicalizekeyedcollectionkey */
export function canonicalKey(area: usize, argc: i32): Value {
  return normalizeKey(argAt(area, argc, 0));
}
/** (Set): a copy with the entries as they are now */
export function copySet(area: usize, argc: i32): Value {
  const source = addressOf(load<u64>(area, 16));
  const set = newCollection(Kind.SET);
  const table = <usize>load<u32>(source, MAP_TABLE);
  if (table == 0) return boxObject(set);
  if (!presize(set, mapSize(source))) return RETRY;
  let i = tableNextEntry(table, 0);
  while (i >= 0) {
    if (!mapSet(set, tableKey(table, i), UNDEFINED)) return RETRY;
    i = tableNextEntry(table, <u32>i + 1);
  }
  return boxObject(set);
}

/** (iterator of a Map or Set): an array of the elements that it has not visited yet; entries are pairs */
export function restOfIterator(area: usize, argc: i32): Value {
  const iterator = addressOf(load<u64>(area, 16));
  const at = load<u64>(internalSlot(iterator, 0));
  const result = newFilledArray(0);
  if (at == UNDEFINED) return boxObject(result);
  const saved = load<u64>(internalSlot(iterator, 1));
  const kind = asInt(load<u64>(internalSlot(iterator, 2)));
  const isSet = load<u32>(iterator, INTERNAL_CLASS) == InternalClass.SET_ITERATOR;
  while (step(iterator)) {
    const key = load<u64>(STEP);
    const value = isSet ? key : load<u64>(STEP, 8);
    arrayPush(result, kind == 0 ? key : kind == 1 ? value : pairOf(key, value));
  }
  store<u64>(internalSlot(iterator, 0), at);
  store<u64>(internalSlot(iterator, 1), saved);
  return boxObject(result);
}
