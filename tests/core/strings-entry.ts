// Test entry: strings, conversions and hash tables as raw wasm exports, with just enough of a VM block to run them alone.

import { boxInt, boxObject, boxString, boxSymbol, UNDEFINED, Value } from "../../assembly/core/value";
import { Atom } from "../../assembly/generated/intrinsics";
import {
  ATOMTABLE_CAPACITY,
  ATOMTABLE_SIZE,
  BIGINT_LENGTH,
  BIGINT_SIGN,
  BIGINT_SIZE,
  Kind,
  MAP_SIZE,
  MAP_TABLE,
  SLICE_BASE,
} from "../../assembly/generated/kinds";
import {
  VM_ATOM_TABLE,
  VM_ATOMS,
  VM_FUEL,
  VM_HEAP_BASE,
  VM_HEAP_SOFT,
  VM_HEAP_TOP,
  VM_MEMORY_END,
  VM_MEMORY_LIMIT,
  VM_REQUESTS,
  VM_SINGLE_CHARS,
  VM_SMALL_INTEGERS,
} from "../../assembly/generated/layout";
import { allocate, ensureMemory, kindOf, sizeOf } from "../../assembly/heap/memory";
import { ADVANCED_INDEX, ADVANCED_TABLE, mapGet, mapSet } from "../../assembly/objects/hash-table";
import { toStringPrimitive } from "../../assembly/primitives/convert";
import { internLatin1 } from "../../assembly/strings/atom";
import { newFromUtf16, setUpAtoms, singleChar } from "../../assembly/strings/single-chars";
import { concat, hashOf as hashAgain } from "../../assembly/strings/string";

export {
  canConcat,
  charsOf,
  codePointOf,
  codeUnitAt,
  compare,
  concat,
  equals,
  hashOf,
  isTwoByte,
  lengthOf,
  writeChars16,
} from "../../assembly/strings/string";
export {
  emptyString,
  fromCodePoint,
  fromCodeUnit,
  newFromLatin1,
  newFromUtf16,
  singleChar,
  substring,
} from "../../assembly/strings/single-chars";
export { arrayIndexOf, intern, internLatin1, newSymbol } from "../../assembly/strings/atom";
export { toPropertyKeyPrimitive } from "../../assembly/primitives/property-key";
export { indexOf, lastIndexOf, standsAt } from "../../assembly/strings/search";
export { isWellFormed, newFromUtf8, toWellFormed, utf8Length, writeUtf8 } from "../../assembly/strings/utf";
export {
  bigIntEqualsNumber,
  looseEqualsPrimitive,
  numberToString,
  sameBigInt,
  sameValue,
  sameValueZero,
  strictEquals,
  toBoolean,
  toInt32Value,
  toIntegerOrInfinity,
  toNumberPrimitive,
  toStringPrimitive,
  toUint32Value,
  typeofAtom,
} from "../../assembly/primitives/convert";
export {
  identityHash,
  mapClear,
  mapDelete,
  mapGet,
  mapHas,
  mapSet,
  mapSize,
  tableAdvance,
  tableFind,
  tableIsOld,
  tableKey,
  tableNextEntry,
  tableValue,
} from "../../assembly/objects/hash-table";
export { boxNumber } from "../../assembly/core/value";

const BUFFER: usize = memory.data(65536, 8);
const HEAP: usize = 262144;

export function textBuffer(): usize {
  return BUFFER;
}

function name(atom: i32, text: string): void {
  const s = newFromUtf16(changetype<usize>(text), text.length);
  store<u32>(VM_ATOMS + ((<usize>atom) << 2), <u32>internLatin1(s + 16, text.length));
}

/** A fresh machine without a stack; the heap begins at 256 KiB. */
export function reset(): void {
  memory.fill(1024, 0, 14000);
  store<u32>(VM_HEAP_BASE, <u32>HEAP);
  store<u32>(VM_HEAP_TOP, <u32>HEAP);
  store<u32>(VM_HEAP_SOFT, <u32>HEAP);
  ensureMemory(HEAP + 0x100000);
  store<u32>(VM_HEAP_SOFT, load<u32>(VM_MEMORY_END));
  store<u32>(VM_MEMORY_LIMIT, 0x70000000);
  setUpAtoms();
  store<u32>(VM_ATOMS, <u32>internLatin1(0, 0));
  name(Atom.undefined, "undefined");
  name(Atom.null_, "null");
  name(Atom.true_, "true");
  name(Atom.false_, "false");
  name(Atom.NaN, "NaN");
}

/** Heap address to come back to with `release`: what a test loop made is then forgotten. */
export function mark(): u32 {
  return load<u32>(VM_HEAP_TOP);
}
export function release(top: u32): void {
  store<u32>(VM_HEAP_TOP, top);
}
export function heapUsed(): u32 {
  return load<u32>(VM_HEAP_TOP) - load<u32>(VM_HEAP_BASE);
}
export function setMemoryLimit(bytes: u32): void {
  store<u32>(VM_MEMORY_LIMIT, bytes);
}
export function setFuel(units: i32): void {
  store<i32>(VM_FUEL, units);
  store<u32>(VM_REQUESTS, 0);
}
export function fuel(): i32 {
  return load<i32>(VM_FUEL);
}
export function advanced(): u32 {
  return load<u32>(ADVANCED_TABLE);
}
export function advancedIndex(): u32 {
  return load<u32>(ADVANCED_INDEX);
}

export function kindName(cell: usize): i32 {
  return kindOf(cell);
}
export function sliceBase(s: usize): u32 {
  return load<u32>(s, SLICE_BASE);
}
export function tableOfMap(map: usize): u32 {
  return load<u32>(map, MAP_TABLE);
}

/** A two-byte string whatever its content. */
export function newWide(at: usize, length: i32): usize {
  const s = allocate(Kind.STRING, 16 + ((<usize>length) << 1));
  store<u64>(s + sizeOf(s) - 8, 0);
  store<u32>(s, 0);
  store<i32>(s, length, 8);
  store<u32>(s, 1, 12);
  memory.copy(s + 16, at, (<usize>length) << 1);
  return s;
}
export function newMap(): usize {
  const map = allocate(Kind.MAP, MAP_SIZE);
  memory.fill(map, 0, 4);
  memory.fill(map + 8, 0, 16);
  return map;
}
export function newObject(): usize {
  const object = allocate(Kind.OBJECT, 16);
  store<u32>(object, 0);
  store<u64>(object, 0, 8);
  return object;
}
/** A bigint of up to two limbs. */
export function newBigInt(sign: u32, low: u32, high: u32): usize {
  const p = allocate(Kind.BIGINT, BIGINT_SIZE + 8);
  store<u32>(p, 0);
  store<u32>(p, sign, BIGINT_SIGN);
  store<u32>(p, high != 0 ? 2 : low != 0 ? 1 : 0, BIGINT_LENGTH);
  store<u32>(p, low, BIGINT_SIZE);
  store<u32>(p, high, BIGINT_SIZE + 4);
  return p;
}
/** What the collector does to the atom of that address. */
export function killAtom(atom: u32): void {
  const table = <usize>load<u32>(VM_ATOM_TABLE);
  const end = table + ATOMTABLE_SIZE + ((<usize>load<u32>(table, ATOMTABLE_CAPACITY)) << 2);
  for (let at = table + ATOMTABLE_SIZE; at < end; at += 4) if (load<u32>(at) == atom) store<u32>(at, 1);
}
export function atomTableCapacity(): u32 {
  return load<u32>(<usize>load<u32>(VM_ATOM_TABLE), ATOMTABLE_CAPACITY);
}
/** Forgets the tables of single characters and of small integers (they stand in heap memory that was released). */
export function atomAddress(atom: i32): u32 {
  return load<u32>(VM_ATOMS + ((<usize>atom) << 2));
}
export function spareTables(): u32 {
  return load<u32>(VM_SINGLE_CHARS) | load<u32>(VM_SMALL_INTEGERS);
}

// --- timing: n operations; the heap is released in between, so that only the operation counts -------------------------

export function timeConcat(n: i32): usize {
  const x = singleChar(120);
  let s = singleChar(121);
  for (let i = 0; i < n; i++) s = concat(s, x);
  return s;
}
export function timeMapSet(n: i32, spread: i32): usize {
  const map = newMap();
  for (let i = 0; i < n; i++) mapSet(map, boxInt(i * spread), boxInt(i));
  return map;
}
export function timeMapGet(map: usize, n: i32, count: i32, spread: i32): u64 {
  let sum: u64 = 0;
  let k: i32 = 0;
  for (let i = 0; i < n; i++) {
    sum += mapGet(map, boxInt(k * spread));
    if (++k == count) k = 0;
  }
  return sum;
}
export function timeMapStrings(n: i32): u64 {
  const map = newMap();
  let sum: u64 = 0;
  const keys = allocate(Kind.BYTES, 16 + 4096) + 16;
  for (let i = 0; i < 1024; i++) {
    const s = toStringPrimitive(boxInt(i * 7919 + 100000));
    store<u32>(keys + ((<usize>i) << 2), <u32>s);
    mapSet(map, boxString(s), boxInt(i));
  }
  for (let i = 0; i < n; i++) sum += mapGet(map, boxString(<usize>load<u32>(keys + ((<usize>(i & 1023)) << 2))));
  return sum;
}
export function timeHash(s: usize, n: i32): u32 {
  let sum: u32 = 0;
  for (let i = 0; i < n; i++) {
    store<u32>(s, 0);
    sum += hashAgain(s);
  }
  return sum;
}

export function objectValue(p: usize): Value {
  return boxObject(p);
}
export function stringValue(p: usize): Value {
  return boxString(p);
}
export function symbolValue(p: usize): Value {
  return boxSymbol(p);
}
export function undefinedValue(): Value {
  return UNDEFINED;
}
export { toLowerCase, toUpperCase } from "../../assembly/strings/case";
export { isNormalForm, normalForm, normalize } from "../../assembly/strings/normalize";
export { collate } from "../../assembly/strings/collate";
