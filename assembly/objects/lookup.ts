// Owns finding properties: own, and along the prototype chain. Must never call guest code, and must never make the text of a `stack`
// (property.ts does): an accessor or a proxy is reported.
// https://tc39.es/ecma262/#sec-ordinarygetownproperty
import { addressOf, boxInt, boxString, boxU32, isInt, isString, isSymbol, Value } from "../core/value";
import { Atom, atomAt } from "../generated/intrinsics";
import { ARRAY_ARRAY_FLAGS, ARRAY_LENGTH, Kind, PRIMITIVE_PRIMITIVE, SYMBOL_FLAGS } from "../generated/kinds";
import { chargeFuel, kindOf } from "../heap/memory";
import { SYMBOL_PRIVATE } from "../strings/atom";
import { substring } from "../strings/single-chars";
import { lengthOf } from "../strings/string";
import { elementAttributes, elementsOf, findElement, MAPPED, mappedVariable } from "./elements";
import { materialize, needsMaterialize } from "./function";
import { slotAddress } from "./object";
import { ACCESSOR, entryAttributes, ENUMERABLE, findEntry, PLAIN, prototypeOf, shapeOf, WRITABLE } from "./shape";
import { elementAddress, ownsKey, readElement, typeOf, viewLength } from "./typed";

/** Results of lookups: */
/** No such property. */
export const ABSENT_PROPERTY: i32 = 0;
/** Data property: its value is in FOUND_VALUE. */
export const DATA: i32 = 1;
/** Accessor property: the ACCESSOR cell is in FOUND_VALUE. */
export const ACCESSOR_PROPERTY: i32 = 2;
/** The lookup ended at a proxy, which is in FOUND_HOLDER. */
export const PROXY_PROPERTY: i32 = 3;

/** The property found by the last lookup; valid until the next one. */
const FOUND: usize = memory.data(32, 8);
export const FOUND_VALUE: usize = FOUND;
export const FOUND_ATTRIBUTES: usize = FOUND + 8;
export const FOUND_HOLDER: usize = FOUND + 12;
/** Slot of the holder, -1 if not in a slot. */
export const FOUND_SLOT: usize = FOUND + 16;

// @ts-ignore: decorator
@inline
export function found(value: Value, attributes: u32, slot: i32): i32 {
  store<u64>(FOUND_VALUE, value);
  store<u32>(FOUND_ATTRIBUTES, attributes);
  store<i32>(FOUND_SLOT, slot);
  return attributes & ACCESSOR ? ACCESSOR_PROPERTY : DATA;
}

/** True for private names: even on a proxy they are own properties, and no trap sees them. */
export function isPrivateName(key: Value): bool {
  return isSymbol(key) && (load<u32>(addressOf(key), SYMBOL_FLAGS) & SYMBOL_PRIVATE) != 0;
}

/**
 * [[GetOwnProperty]] of everything but proxies. A `stack` whose text is not made yet is reported as an accessor like any other. `key` is
 * a property key.
 */
export function findOwn(object: usize, key: Value): i32 {
  const kind = kindOf(object);
  if (isInt(key)) {
    const index = <u32>key;
    if (kind == Kind.TYPEDARRAY) {
      if (index >= viewLength(object)) return ABSENT_PROPERTY;
      return found(readElement(elementAddress(object, index), typeOf(object)), PLAIN, -1);
    }
    if (kind == Kind.PRIMITIVE) {
      const text = load<u64>(object, PRIMITIVE_PRIMITIVE);
      if (isString(text) && index < <u32>lengthOf(addressOf(text))) {
        const s = addressOf(text);
        return found(boxString(substring(s, <i32>index, <i32>index + 1)), ENUMERABLE, -1);
      }
    }
    const elements = elementsOf(object);
    const at = findElement(elements, index);
    if (at != 0) {
      const attributes = elementAttributes(elements, at);
      if (attributes & MAPPED) return found(load<u64>(mappedVariable(at, index)), attributes & PLAIN, -1);
      return found(load<u64>(at), attributes, -1);
    }
    return kind == Kind.PROXY ? PROXY_PROPERTY : ABSENT_PROPERTY;
  }
  const name = addressOf(key);
  if (kind != Kind.OBJECT) {
    if (kind == Kind.ARRAY) {
      if (<u32>name == <u32>atomAt(Atom.length)) {
        return found(boxU32(load<u32>(object, ARRAY_LENGTH)), load<u32>(object, ARRAY_ARRAY_FLAGS) & 1 ? 0 : WRITABLE, -1);
      }
    } else if (kind == Kind.FUNCTION) {
      if (needsMaterialize(object, name)) materialize(object);
    } else if (kind == Kind.PRIMITIVE) {
      const text = load<u64>(object, PRIMITIVE_PRIMITIVE);
      if (isString(text) && name == atomAt(Atom.length)) return found(boxInt(lengthOf(addressOf(text))), 0, -1);
    } else if (kind == Kind.PROXY && !isPrivateName(key)) return PROXY_PROPERTY;
  }
  const shape = shapeOf(object);
  const index = findEntry(shape, name);
  if (index < 0) return ABSENT_PROPERTY;
  return found(load<u64>(slotAddress(object, <u32>index)), entryAttributes(shape, <u32>index), index);
}

/** Prototypes that a lookup passes free of charge. A property found further away costs fuel and is never cached. */
const FREE_STEPS: i32 = 10;

/** Takes the fuel of passing `steps` objects of a prototype chain. */
export function chargeSteps(steps: i32): void {
  if (steps > FREE_STEPS) chargeFuel(steps >> 2);
}

/**
 * Looks along the prototype chain, with findOwn; FOUND_HOLDER is the object that has the property (or the proxy). A property found far
 * away reports no slot, so that it is not cached: the fuel of the next lookup would depend on the cache, which no snapshot holds.
 */
export function findAlong(object: usize, key: Value): i32 {
  let holder = object;
  let steps = 0;
  do {
    const result = findOwn(holder, key);
    if (result != ABSENT_PROPERTY) {
      store<u32>(FOUND_HOLDER, <u32>holder);
      if (steps > FREE_STEPS) {
        chargeSteps(steps);
        store<i32>(FOUND_SLOT, -1);
      }
      return result;
    }
    // A key that could name an element ends the search at a typed array: its prototypes are not asked.
    if (ownsKey(holder, key)) break;
    holder = prototypeOf(holder);
    steps++;
  } while (holder != 0);
  store<u32>(FOUND_HOLDER, <u32>holder);
  chargeSteps(steps);
  return ABSENT_PROPERTY;
}

/** True if the prototype chain is so long that lookups along it cost fuel. */
export function isFar(object: usize): bool {
  let holder = object;
  for (let i = 0; i <= FREE_STEPS; i++) {
    holder = prototypeOf(holder);
    if (holder == 0) return false;
  }
  return true;
}
