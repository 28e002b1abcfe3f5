// Owns BigInt values: cells with a sign and a magnitude without leading zeros. Must never call guest code. An operation returns a
// BigInt, EXCEPTION or RETRY, and has charged for its work. https://tc39.es/ecma262/#sec-ecmascript-language-types-bigint-type
import { BIGINT_BITS, Value } from "../core/value";
import { BIGINT_LENGTH, BIGINT_SIGN, BIGINT_SIZE, Kind } from "../generated/kinds";
import { VM_HEAP_TOP } from "../generated/layout";
import { allocate, sizeOf, usesScratch } from "../heap/memory";
import { compareLimbs, limb, setLimb, significant } from "./limbs";

/** Longest magnitude in limbs: 2 ** 1048576 − 1. A longer one is a RangeError; every engine has such a limit. */
export const MAX_LIMBS: i32 = 32768;

// @ts-ignore: decorator
@inline
export function boxBigInt(cell: usize): Value {
  return BIGINT_BITS | <u64>cell;
}
// @ts-ignore: decorator
@inline
export function limbsOf(cell: usize): usize {
  return cell + BIGINT_SIZE;
}
// @ts-ignore: decorator
@inline
export function countOf(cell: usize): i32 {
  return <i32>load<u32>(cell, BIGINT_LENGTH);
}
// @ts-ignore: decorator
@inline
export function isNegative(cell: usize): bool {
  return load<u32>(cell, BIGINT_SIGN) != 0;
}

/** A cell for that many limbs, which the caller must write. */
export function newBigInt(count: i32, negative: bool): usize {
  const cell = allocate(Kind.BIGINT, BIGINT_SIZE + (<usize>count << 2));
  store<u32>(cell, negative ? 1 : 0, BIGINT_SIGN);
  store<u32>(cell, <u32>count, BIGINT_LENGTH);
  return cell;
}

/** Drops leading zeros; the newest cell also gives back their room. */
export function trimmed(cell: usize): usize {
  const count = significant(limbsOf(cell), countOf(cell));
  const end = cell + sizeOf(cell);
  store<u32>(cell, <u32>count, BIGINT_LENGTH);
  if (count == 0) store<u32>(cell, 0, BIGINT_SIGN);
  const bytes = (BIGINT_SIZE + (<usize>count << 2) + 7) & ~7;
  if (<usize>load<u32>(VM_HEAP_TOP) == end) {
    usesScratch(end);
    store<u32>(VM_HEAP_TOP, <u32>(cell + bytes));
    store<u32>(cell, (<u32>Kind.BIGINT << 24) | <u32>(bytes >> 3), 4);
  }
  return cell;
}

export function fromU64(value: u64, negative: bool): usize {
  const cell = newBigInt(2, negative);
  store<u64>(limbsOf(cell), value);
  return trimmed(cell);
}
export function fromI64(value: i64): usize {
  return fromU64(value < 0 ? 0 - <u64>value : <u64>value, value < 0);
}

export function smallMagnitude(cell: usize): u64 {
  const count = countOf(cell);
  return count == 0 ? 0 : count == 1 ? <u64>limb(limbsOf(cell), 0) : load<u64>(limbsOf(cell));
}

export function bitLength(cell: usize): i64 {
  const count = countOf(cell);
  return count == 0 ? 0 : (<i64>count << 5) - <i64>clz<u32>(limb(limbsOf(cell), count - 1));
}

export function losesBits(a: usize, words: i32, bits: u32): bool {
  for (let i = 0; i < words; i++) if (limb(limbsOf(a), i) != 0) return true;
  return (limb(limbsOf(a), words) & ((1 << bits) - 1)) != 0;
}

// --- order --------------------------------------------------------------------------------------------------------

/** -1, 0 or 1. */
export function compareBigInts(a: usize, b: usize): i32 {
  if (isNegative(a) != isNegative(b)) return isNegative(a) ? -1 : 1;
  const order = compareLimbs(limbsOf(a), countOf(a), limbsOf(b), countOf(b));
  return isNegative(a) ? -order : order;
}

/** -1, 0 or 1 against a number that is not NaN, exactly. */
export function compareWithNumber(a: usize, d: f64): i32 {
  if (d == Infinity) return -1;
  if (d == -Infinity) return 1;
  const whole = trunc<f64>(d);
  const order = compareBigInts(a, fromInteger(whole));
  return order != 0 ? order : whole < d ? -1 : whole > d ? 1 : 0;
}

// --- numbers ------------------------------------------------------------------------------------------------------

/** The BigInt of an integral number. https://tc39.es/ecma262/#sec-numbertobigint */
export function fromInteger(d: f64): usize {
  const bits = reinterpret<u64>(d);
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1075;
  const negative = d < 0;
  if (d == 0) return fromU64(0, false);
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
  if (exponent <= 0) return fromU64(mantissa >> <u64>-exponent, negative);
  const words = exponent >> 5;
  const cell = newBigInt(words + 3, negative);
  memory.fill(limbsOf(cell), 0, <usize>(words + 3) << 2);
  const shift = <u64>(exponent & 31);
  store<u64>(limbsOf(cell) + (<usize>words << 2), mantissa << shift);
  if (shift > 11) setLimb(limbsOf(cell), words + 2, <u32>(mantissa >> (64 - shift)));
  return trimmed(cell);
}

/** The nearest number, ties to even. https://tc39.es/ecma262/#sec-number-constructor-number-value */
export function toNumber(a: usize): f64 {
  const bits = bitLength(a);
  if (bits <= 64) {
    const d = <f64>smallMagnitude(a);
    return isNegative(a) ? -d : d;
  }
  if (bits > 1024) return isNegative(a) ? -Infinity : Infinity;
  // The highest 64 bits, with the lowest of them set if any bit below is set: these round as the whole number does.
  const down = <i32>bits - 64;
  const words = down >> 5;
  const shift = <u64>(down & 31);
  const at = limbsOf(a) + (<usize>words << 2);
  let head = load<u64>(at) >> shift;
  if (shift != 0) head |= <u64>limb(at, 2) << (64 - shift);
  if (losesBits(a, words, <u32>shift)) head |= 1;
  // 2 ** 960 is the most that is needed: exact.
  const scale = reinterpret<f64>(<u64>(1023 + down) << 52);
  const d = <f64>head * scale;
  return isNegative(a) ? -d : d;
}
