// Owns the encoding of values. Must never allocate, and must never be bypassed: no other file knows a tag's bits.
//
//   double      any bits below FIRST_TAG : 0 (NaN only as NAN_HIGH : 0)
//   int32       TAG_INT : i32
//   object      TAG_OBJECT : address         string TAG_STRING : address
//   symbol      TAG_SYMBOL : address         bigint TAG_BIGINT : address        internal cell TAG_CELL : address
//   special     TAG_SPECIAL : Special; numbers from 16 up are signals of natives, which are never stored
//
// The tags are in ts/defs/values.ts.
//
// A number may be held as int32 or as the double of the same value: compare numbers through `toDouble` when bits differ.
// Hash keys and snapshots use the canonical form of `boxNumber`.

import { Special } from "../generated/layout";
import { FIRST_TAG, NAN_HIGH, TAG_BIGINT, TAG_CELL, TAG_INT, TAG_OBJECT, TAG_SPECIAL, TAG_STRING, TAG_SYMBOL } from "../generated/values";

export type Value = u64;

export const INT_BITS: u64 = <u64>TAG_INT << 32;
export const OBJECT_BITS: u64 = <u64>TAG_OBJECT << 32;
export const STRING_BITS: u64 = <u64>TAG_STRING << 32;
export const SYMBOL_BITS: u64 = <u64>TAG_SYMBOL << 32;
export const BIGINT_BITS: u64 = <u64>TAG_BIGINT << 32;
export const CELL_BITS: u64 = <u64>TAG_CELL << 32;
export const SPECIAL_BITS: u64 = <u64>TAG_SPECIAL << 32;
const DOUBLE_LIMIT: u64 = <u64>FIRST_TAG << 32;
const CANONICAL_NAN: u64 = <u64>NAN_HIGH << 32;

export const UNDEFINED: Value = SPECIAL_BITS | Special.UNDEFINED;
export const NULL: Value = SPECIAL_BITS | Special.NULL;
export const FALSE: Value = SPECIAL_BITS | Special.FALSE;
export const TRUE: Value = SPECIAL_BITS | Special.TRUE;
/** Uninitialised binding, missing element, "done" of an iteration step. Never visible to a guest. */
export const HOLE: Value = SPECIAL_BITS | Special.HOLE;

/** A native threw: the exception is in the VM block. */
export const EXCEPTION: Value = SPECIAL_BITS | 0x10;
/** A native cannot go on without guest code: its prelude fallback takes over with the same arguments. */
export const DEFER: Value = SPECIAL_BITS | 0x11;
/** A native needs a collection first; the instruction is run again. */
export const RETRY: Value = SPECIAL_BITS | 0x12;
/** A native has set up a frame or a wait; the loop reloads its registers and goes on. */
export const SWITCH: Value = SPECIAL_BITS | 0x13;
/** A property or entry does not exist (distinct from one that holds undefined). */
export const ABSENT: Value = SPECIAL_BITS | 0x14;
/** A native has built a call (CONTEXT_AREA, CONTEXT_ARGC) that takes its place: the callee's result becomes the native's. */
export const CALL: Value = SPECIAL_BITS | 0x15;
// @ts-ignore: decorator
@inline
export function isInt(v: Value): bool {
  return v >= INT_BITS;
}
// @ts-ignore: decorator
@inline
export function isDouble(v: Value): bool {
  return v < DOUBLE_LIMIT;
}
// @ts-ignore: decorator
@inline
export function isNumber(v: Value): bool {
  return v < DOUBLE_LIMIT || v >= INT_BITS;
}
// @ts-ignore: decorator
@inline
export function isObject(v: Value): bool {
  return <u32>(v >> 32) == TAG_OBJECT;
}
// @ts-ignore: decorator
@inline
export function isString(v: Value): bool {
  return <u32>(v >> 32) == TAG_STRING;
}
// @ts-ignore: decorator
@inline
export function isSymbol(v: Value): bool {
  return <u32>(v >> 32) == TAG_SYMBOL;
}
// @ts-ignore: decorator
@inline
export function isBigInt(v: Value): bool {
  return <u32>(v >> 32) == TAG_BIGINT;
}
// @ts-ignore: decorator
@inline
export function isCell(v: Value): bool {
  return <u32>(v >> 32) == TAG_CELL;
}
// @ts-ignore: decorator
@inline
export function isBoolean(v: Value): bool {
  return (v | 1) == TRUE;
}
// @ts-ignore: decorator
@inline
export function isNullish(v: Value): bool {
  return (v | 1) == NULL;
}
/** True for every value whose low word is the address of a cell. */
// @ts-ignore: decorator
@inline
export function isPointer(v: Value): bool {
  return v >= OBJECT_BITS && v < 0xfffffffd_00000000;
}

// @ts-ignore: decorator
@inline
export function boxInt(i: i32): Value {
  return INT_BITS | <u64>(<u32>i);
}
// @ts-ignore: decorator
@inline
export function asInt(v: Value): i32 {
  return <i32>v;
}
// @ts-ignore: decorator
@inline
export function asDouble(v: Value): f64 {
  return reinterpret<f64>(v);
}
// @ts-ignore: decorator
@inline
export function addressOf(v: Value): usize {
  return <usize>(<u32>v);
}
// @ts-ignore: decorator
@inline
export function boxObject(p: usize): Value {
  return OBJECT_BITS | <u64>p;
}
// @ts-ignore: decorator
@inline
export function boxString(p: usize): Value {
  return STRING_BITS | <u64>p;
}
// @ts-ignore: decorator
@inline
export function boxSymbol(p: usize): Value {
  return SYMBOL_BITS | <u64>p;
}
// @ts-ignore: decorator
@inline
export function boxCell(p: usize): Value {
  return CELL_BITS | <u64>p;
}
// @ts-ignore: decorator
@inline
export function boxBool(b: bool): Value {
  return FALSE | <u64>b;
}

/** Encodes a double that is known not to be an int32 value, with NaN made canonical. */
// @ts-ignore: decorator
@inline
export function boxDoubleRaw(d: f64): Value {
  return d == d ? reinterpret<u64>(d) : CANONICAL_NAN;
}

/** Encodes any number: int32 where it fits (and is not -0), else the double. */
export function boxNumber(d: f64): Value {
  const i = <i32>d;
  if (<f64>i == d && (i != 0 || reinterpret<u64>(d) == 0)) return boxInt(i);
  return d == d ? reinterpret<u64>(d) : CANONICAL_NAN;
}

/**
 * Is it a number with the value of an int32, however it is held? A snapshot writes values, not how they are held, so only this, never
 * isInt, may decide what something costs.
 */
export function isWhole(v: Value): bool {
  return isInt(v) || (isDouble(v) && isInt(boxNumber(reinterpret<f64>(v))));
}
/** The value of a number that isWhole. */
export function wholeOf(v: Value): i32 {
  return <i32>toDouble(v);
}

/** The double of a value known to be a number. */
// @ts-ignore: decorator
@inline
export function toDouble(v: Value): f64 {
  return isInt(v) ? <f64>asInt(v) : reinterpret<f64>(v);
}

/** Encodes a u32 as a number. */
// @ts-ignore: decorator
@inline
export function boxU32(n: u32): Value {
  return <i32>n >= 0 ? boxInt(<i32>n) : reinterpret<u64>(<f64>n);
}
