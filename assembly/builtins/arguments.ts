// Owns the checks of the arguments of natives that only the prelude calls, by the letters of ts/defs/native-arguments.ts. Must never
// change anything: arguments that do not fit are refused before the native begins.
import { addressOf, asInt, isBigInt, isCell, isInt, isNumber, isObject, isString, isSymbol, UNDEFINED, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import {
  ARRAY_LENGTH, ARRAYBUFFER_DATA, GENERATOR_QUEUE, GENERATOR_STATE, HASHTABLE_USED, INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind,
  REACTION_NEXT,
} from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { GENERATOR_ASYNC, GeneratorState, InternalClass } from "../generated/states";
import { kindOf } from "../heap/memory";
import { denseLength, elementsOf, isSparse } from "../objects/elements";
import { isCallableObject } from "../objects/function";
import { generatorState } from "../objects/generator";

/**
 * What a native returns when its arguments are such as the prelude never passes. A prelude frame restored from an untrusted
 * snapshot may hold anything. The message need not explain more, but the native must not have changed anything.
 */
export function refuseState(): Value {
  return throwLiteral(ErrorKind.TypeError, "Invalid state");
}

const OPTIONAL: u32 = 128;

/** True if the slots hold a table, a place in it and a kind, as the natives of map.ts expect. */
function isTableIterator(object: usize): bool {
  const cls = load<u32>(object, INTERNAL_CLASS);
  if ((cls != InternalClass.MAP_ITERATOR && cls != InternalClass.SET_ITERATOR) || load<u32>(object, INTERNAL_COUNT) != 3) return false;
  const table = load<u64>(object, INTERNAL_SIZE);
  const place = load<u64>(object, INTERNAL_SIZE + 8);
  if (!isInt(place) || !isInt(load<u64>(object, INTERNAL_SIZE + 16))) return false;
  if (table == UNDEFINED) return true;
  return isCell(table) && kindOf(addressOf(table)) == Kind.HASHTABLE && <u32>asInt(place) <= load<u32>(addressOf(table), HASHTABLE_USED);
}

function isAsyncGenerator(object: usize): bool {
  return kindOf(object) == Kind.GENERATOR && (load<u32>(object, GENERATOR_STATE) & GENERATOR_ASYNC) != 0 && isCell(load<u64>(object, GENERATOR_QUEUE));
}

function isList(object: usize): bool {
  return kindOf(object) == Kind.ARRAY && !isSparse(elementsOf(object));
}

/** True if the object is of the kind that the letter names. */
function isObjectOf(object: usize, letter: u32): bool {
  const kind = kindOf(object);
  switch (letter) {
    case 0x6f: // o
    case 0x79: return true; // y
    case 0x4e: return kind != Kind.PROXY; // N
    case 0x42: return kind == Kind.ARRAYBUFFER; // B
    case 0x44: return kind == Kind.ARRAYBUFFER && load<u32>(object, ARRAYBUFFER_DATA) != 0; // D
    case 0x56: return kind == Kind.TYPEDARRAY || kind == Kind.DATAVIEW; // V
    case 0x54: return kind == Kind.TYPEDARRAY; // T
    case 0x57: return kind == Kind.DATAVIEW; // W
    case 0x50: return kind == Kind.PROMISE; // P
    case 0x47: return isAsyncGenerator(object); // G
    case 0x46: return isAsyncGenerator(object) && load<u32>(addressOf(load<u64>(object, GENERATOR_QUEUE)), REACTION_NEXT) != 0 && generatorState(object) == GeneratorState.DRAINING; // F
    case 0x4c: return isList(object); // L
    case 0x6c: return isList(object) && denseLength(elementsOf(object)) == load<u32>(object, ARRAY_LENGTH); // l
    case 0x61: return kind == Kind.ARRAY; // a
    case 0x4d: return kind >= Kind.MAP && kind <= Kind.WEAKSET; // M
    case 0x6d: return kind == Kind.MAP || kind == Kind.SET; // m
    case 0x4a: return kind == Kind.INTERNAL && isTableIterator(object); // J
    case 0x52: return kind == Kind.REGEXP; // R
    case 0x58: return kind == Kind.PROXY; // X
    case 0x4b: return kind == Kind.WEAKREF; // K
    case 0x41: return kind == Kind.DATE; // A
    case 0x63: return isCallableObject(object); // c
    case 0x45: return kind == Kind.PRIMITIVE; // E
  }
  return false;
}

/** True if the value fits the letter. list: the newest list among the arguments before, for letters that mean a place in it. */
function fits(v: Value, letter: u32, list: usize): bool {
  switch (letter) {
    case 0x2e: return true; // .
    case 0x6e: return isNumber(v); // n
    case 0x69: return isInt(v); // i
    case 0x75: return isInt(v) && asInt(v) >= 0; // u
    case 0x6b: return isInt(v) && list != 0 && <u32>asInt(v) <= denseLength(elementsOf(list)); // k
    case 0x73: return isString(v); // s
    case 0x55: return isBigInt(v); // U
    case 0x53: return isSymbol(v); // S
    case 0x51: // Q
      if (isCell(v)) return kindOf(addressOf(v)) == Kind.COROUTINE;
      return isObject(v) && isAsyncGenerator(addressOf(v));
    case 0x79: if (isSymbol(v)) return true; // y
  }
  return isObject(v) && isObjectOf(addressOf(v), letter);
}

/** True if the arguments match a signature: one letter a byte, the first in the lowest. */
export function takes(area: usize, argc: i32, signature: u64): bool {
  let list: usize = 0;
  let i = 0;
  for (let rest = signature; rest != 0; rest >>= 8) {
    const letter = <u32>rest & 127;
    const v = i < argc ? load<u64>(area + 16 + (<usize>i << 3)) : UNDEFINED;
    const isLeftOut = v == UNDEFINED && (<u32>rest & OPTIONAL) != 0;
    if (!isLeftOut && !fits(v, letter, list)) return false;
    if (isObject(v) && isList(addressOf(v))) list = addressOf(v);
    i++;
  }
  return true;
}
