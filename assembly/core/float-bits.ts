/**
 * The bits of doubles, for math.ts and the files under it.
 *
 * Owns: taking doubles apart, scaling by powers of two, the exact error of a product.
 * Must never: know a function of Math.
 */

/** Multiplies to split a double into two halves of 26 bits. */
const SPLITTER: f64 = 134217729.0;

const TWO54: f64 = 18014398509481984.0;
const TWO_M1000: f64 = 9.3326361850321887899e-302;

// @ts-ignore: decorator
@inline
export function highWord(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 32);
}

// @ts-ignore: decorator
@inline
export function withHighWord(x: f64, high: i32): f64 {
  return reinterpret<f64>((reinterpret<u64>(x) & 0xffffffff) | ((<u64>(<u32>high)) << 32));
}

/** x with its low 32 bits cleared. */
// @ts-ignore: decorator
@inline
export function upperPart(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0xffffffff00000000);
}

/** 2^n, −1022 ≤ n ≤ 1023. */
// @ts-ignore: decorator
@inline
export function powerOfTwo(n: i32): f64 {
  return reinterpret<f64>((<u64>(n + 1023)) << 52);
}

// @ts-ignore: decorator
@inline
function splitHigh(x: f64): f64 {
  const t: f64 = x * SPLITTER;
  return t - (t - x);
}

/** a × b − product, exactly, for product = a × b rounded. */
// @ts-ignore: decorator
@inline
export function productError(a: f64, b: f64, product: f64): f64 {
  const ah: f64 = splitHigh(a);
  const bh: f64 = splitHigh(b);
  const al: f64 = a - ah;
  const bl: f64 = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}

/** Positive x with a leading bit: subnormals are multiplied by 2^54. */
// @ts-ignore: decorator
@inline
export function normalised(x: f64): f64 {
  return highWord(x) < 0x00100000 ? x * TWO54 : x;
}

/** x × 2^k for x near 1, −1075 ≤ k ≤ 1024, the way fdlibm's exp and expm1 do it. */
// @ts-ignore: decorator
@inline
export function scaleNearOne(x: f64, k: i32): f64 {
  if (k >= -1021) return k == 1024 ? x * 2.0 * powerOfTwo(1023) : x * powerOfTwo(k);
  return x * powerOfTwo(k + 1000) * TWO_M1000;
}
