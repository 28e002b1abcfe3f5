// Owns the check of the core's own objects in a snapshot (KEPT_ROOTS): the registry of Symbol.for and the state of console. Must never
// let a native or the prelude find a value in them that it would not have put there.
//
// These objects are reachable from no guest value, so a program cannot have changed them, and natives read them without a check. A snapshot
// can: hence this file.
import { registryOf, SYMBOL_REGISTERED } from "../builtins/symbol";
import { ABSENT, addressOf, boxSymbol, HOLE, isNumber, isObject, isString, isSymbol, toDouble, Value } from "../core/value";
import { intrinsic, Kept } from "../generated/intrinsics";
import {
  ARRAY_LENGTH, ELEMENTS_LENGTH, HASHTABLE_NEXT, HASHTABLE_SIZE, HASHTABLE_USED, Kind, MAP_TABLE, SYMBOL_DESCRIPTION, SYMBOL_FLAGS,
} from "../generated/kinds";
import { Fault } from "../generated/snapshot-format";
import { kindOf } from "../heap/memory";
import { HASHTABLE_ENTRY } from "../heap/trace-custom";
import { elementAt, elementsOf } from "../objects/elements";
import { mapGet, mapSet } from "../objects/hash-table";
import { CELLS, fail, room, TABLE } from "./read-value";
import { templateCount } from "./templates";

/**
 * Ensures that every registered symbol is the one that Symbol.for returns. Snapshots of the first builds lack the registry: then
 * it is made from the symbols that are alive, and of two with one key the first counts.
 */
export function settleRegistry(isWritten: bool): void {
  const count = load<u32>(CELLS);
  for (let n = templateCount(); n < count; n++) {
    const symbol = <usize>load<u32>(<usize>load<u32>(TABLE) + (<usize>n << 3));
    if (kindOf(symbol) != Kind.SYMBOL || (load<u32>(symbol, SYMBOL_FLAGS) & SYMBOL_REGISTERED) == 0) continue;
    const key = load<u64>(symbol, SYMBOL_DESCRIPTION);
    if (!isString(key) || kindOf(addressOf(key)) == Kind.ROPE) fail(Fault.VALUE);
    else if (isObject(intrinsic(Kept.SYMBOL_REGISTRY)) && !isMap(intrinsic(Kept.SYMBOL_REGISTRY))) fail(Fault.CLASS);
    else if (room(4096)) enterRegistered(key, boxSymbol(symbol), isWritten);
  }
}

/** Enters a symbol. If the snapshot has a registry (`isWritten`), the symbol must be in it: a second one of that key would be forged. */
function enterRegistered(key: Value, symbol: Value, isWritten: bool): void {
  const known = mapGet(registryOf(), key);
  if (known == symbol || (known != ABSENT && !isWritten)) return;
  if (isWritten) fail(Fault.VALUE);
  else if (!mapSet(registryOf(), key, symbol)) fail(Fault.LARGE);
}

/** True for a Map whose table is in use. */
function isMap(v: Value): bool {
  if (!isObject(v) || kindOf(addressOf(v)) != Kind.MAP) return false;
  const table = <usize>load<u32>(addressOf(v), MAP_TABLE);
  return table == 0 || load<u32>(table, HASHTABLE_NEXT) == 0;
}

/** True if the keys of the map are strings, and its values are registered symbols of those keys, or numbers. */
function hasEntries(map: usize, areSymbols: bool): bool {
  const table = <usize>load<u32>(map, MAP_TABLE);
  if (table == 0) return true;
  const end = table + HASHTABLE_SIZE + <usize>load<u32>(table, HASHTABLE_USED) * HASHTABLE_ENTRY;
  for (let entry = table + HASHTABLE_SIZE; entry < end; entry += HASHTABLE_ENTRY) {
    const key = load<u64>(entry);
    const value = load<u64>(entry, 8);
    if (key == HOLE) continue;
    if (!isString(key) || (areSymbols ? !isRegistered(value) : !isNumber(value))) return false;
  }
  return true;
}

/** https://tc39.es/ecma262/#sec-symbol.for: one symbol for each key, and `Symbol.keyFor` leads back to the key. */
function isRegistered(v: Value): bool {
  if (!isSymbol(v)) return false;
  const symbol = addressOf(v);
  return (load<u32>(symbol, SYMBOL_FLAGS) & SYMBOL_REGISTERED) != 0 && mapGet(registryOf(), load<u64>(symbol, SYMBOL_DESCRIPTION)) == v;
}

/** [indentation, counters, timers], see ts/prelude/console.js. */
function isConsoleState(v: Value): bool {
  if (!isObject(v) || kindOf(addressOf(v)) != Kind.ARRAY || load<u32>(addressOf(v), ARRAY_LENGTH) != 3) return false;
  const elements = elementsOf(addressOf(v));
  if (elements == 0 || kindOf(elements) != Kind.ELEMENTS || load<u32>(elements) != 0 || load<u32>(elements, ELEMENTS_LENGTH) != 3) return false;
  const indentation = load<u64>(elementAt(elements, 0));
  if (!isNumber(indentation) || !(toDouble(indentation) >= 0 && toDouble(indentation) < 1e9)) return false;
  for (let i: u32 = 1; i < 3; i++) {
    const map = load<u64>(elementAt(elements, i));
    if (!isMap(map) || !hasEntries(addressOf(map), false)) return false;
  }
  return true;
}

/** True if the core's own objects are such as it would have made. */
export function checkKept(): bool {
  const registry = intrinsic(Kept.SYMBOL_REGISTRY);
  if (isObject(registry) && (!isMap(registry) || !hasEntries(addressOf(registry), true))) return fail(Fault.VALUE);
  const console = intrinsic(Kept.CONSOLE_STATE);
  return !isObject(console) || isConsoleState(console) || fail(Fault.VALUE);
}
