/**
 * Powers of ten for number-format.ts and number-parse.ts.
 *
 * Owns: the 128-bit significands of 10^-342 … 10^324, the exact f64 and u64 powers, the 64×64→128 multiply they need.
 * Must never: allocate, keep a result between two calls (the scratch below is dead once its reader has returned), or
 * round in any way but the one stated at `loadPower`.
 *
 * A full table would take 10.7 KB that no compressor can shrink. Here 10^q = 10^(27a) × 10^r is one multiplication:
 *
 *     BASES  26 × 128 bits   ⌊5^(27a) normalised⌋, a = −13 … 12
 *     STEPS  27 ×  64 bits   5^r normalised (exact), r = 0 … 26
 *     FIXES 667 ×   2 bits   the amount by which the truncated product is too small
 *
 * 800 bytes in all; the cost is two multiplications, about 3 ns.
 */

export const MIN_POWER: i32 = -342;

const POWERS_PER_BASE: i32 = 27;

const BASES: usize = memory.data<u64>([
  0x8049a4ac0c5811ae, 0x205b896d777d6278, 0xcf42894a5dce35ea, 0x52064cac828675b9, 0xa76c582338ed2621,
  0xaf2af2b80af6f24e, 0x873e4f75e2224e68, 0x5a7744a6e804a291, 0xda7f5bf590966848, 0xaf39a475506a899e,
  0xb080392cc4349dec, 0xbd8d794d96aacfb3, 0x8e938662882af53e, 0x547eb47b7282ee9c, 0xe65829b3046b0afa,
  0x0cb4a5a3112a5112, 0xba121a4650e4ddeb, 0x92f34d62616ce413, 0x964e858c91ba2655, 0x3a6a07f8d510f86f,
  0xf2d56790ab41c2a2, 0xfae27299423fb9c3, 0xc428d05aa4751e4c, 0xaa97e14c3c26b886, 0x9e74d1b791e07e48,
  0x775ea264cf55347d, 0x8000000000000000, 0x0000000000000000, 0xcecb8f27f4200f3a, 0x0000000000000000,
  0xa70c3c40a64e6c51, 0x999090b65f67d924, 0x86f0ac99b4e8dafd, 0x69a028bb3ded71a3, 0xda01ee641a708de9,
  0xe80e6f4820cc9495, 0xb01ae745b101e9e4, 0x5ec05dcff72e7f8f, 0x8e41ade9fbebc27d, 0x14588f13be847307,
  0xe5d3ef282a242e81, 0x8f1668c8a86da5fa, 0xb9a74a0637ce2ee1, 0x6d953e2bd7173692, 0x95f83d0a1fb69cd9,
  0x4abdaf101564f98e, 0xf24a01a73cf2dccf, 0xbc633b39673c8cec, 0xc3b8358109e84f07, 0x0a862f80ec4700c8,
  0x9e19db92b4e31ba9, 0x6c07a2c26a8346d1,
]);

const STEPS: usize = memory.data<u64>([
  0x8000000000000000, 0xa000000000000000, 0xc800000000000000, 0xfa00000000000000, 0x9c40000000000000,
  0xc350000000000000, 0xf424000000000000, 0x9896800000000000, 0xbebc200000000000, 0xee6b280000000000,
  0x9502f90000000000, 0xba43b74000000000, 0xe8d4a51000000000, 0x9184e72a00000000, 0xb5e620f480000000,
  0xe35fa931a0000000, 0x8e1bc9bf04000000, 0xb1a2bc2ec5000000, 0xde0b6b3a76400000, 0x8ac7230489e80000,
  0xad78ebc5ac620000, 0xd8d726b7177a8000, 0x878678326eac9000, 0xa968163f0a57b400, 0xd3c21bcecceda100,
  0x84595161401484a0, 0xa56fa5b99019a5c8,
]);

const FIXES: usize = memory.data<u32>([
  0xaaaaaaa6, 0x6a565559, 0x969a5a55, 0x55569555, 0x99a9655a, 0xeabaaaae, 0x99a9966b, 0x965aa95a, 0xeba7aaaa,
  0x6596aa6a, 0x965a955a, 0x95659599, 0x6559556a, 0x55555555, 0xaa955555, 0xeaa6aabe, 0xa59566ba, 0x55655555,
  0x6a5a6aa9, 0x9a6aa996, 0xa65aa6ea, 0x000009a9, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x55590000,
  0x969965a5, 0x55455505, 0x50501555, 0x14545511, 0x00105555, 0x00110100, 0x55155410, 0x45545455, 0x44150504,
  0x00015414, 0x00100000, 0x00400000, 0x00000004, 0x00000000, 0x00000000,
]);

const EXACT_F64: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);

const EXACT_U64: usize = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000]);

/** {high u64, low u64} of the power loaded last. */
const LOADED: usize = memory.data(16);

/** High half of the 128-bit product. */
// @ts-ignore: decorator
@inline
export function mulHigh(a: u64, b: u64): u64 {
  const a0: u64 = a & 0xffffffff;
  const a1: u64 = a >> 32;
  const b0: u64 = b & 0xffffffff;
  const b1: u64 = b >> 32;
  const middle: u64 = a1 * b0 + ((a0 * b0) >> 32);
  const middle2: u64 = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (middle2 >> 32);
}

/**
 * Loads the 128-bit significand of 10^q, top bit set, for MIN_POWER ≤ q ≤ MAX_POWER: exact for 0 ≤ q ≤ 55, rounded
 * down above, up below. Read it with `powerHigh` and `powerLow` before the next load.
 */
export function loadPower(q: i32): void {
  const index: i32 = q - MIN_POWER;
  // −342 = 27 × −13 + 9, and 9 + index is never negative.
  const base: i32 = (index + 9) / POWERS_PER_BASE;
  const step: i32 = index + 9 - base * POWERS_PER_BASE;
  const b: usize = BASES + ((<usize>base) << 4);
  const factor: u64 = load<u64>(STEPS + ((<usize>step) << 3));
  const baseHigh: u64 = load<u64>(b);
  const baseLow: u64 = load<u64>(b, 8);
  let high: u64 = mulHigh(baseHigh, factor);
  const carried: u64 = mulHigh(baseLow, factor);
  let low: u64 = baseHigh * factor + carried;
  high += u64(low < carried);
  if (<i64>high >= 0) {
    high = (high << 1) | (low >> 63);
    low = (low << 1) | ((baseLow * factor) >> 63);
  }
  const fix: u64 = (load<u32>(FIXES + (((<usize>index) >> 4) << 2)) >> ((index & 15) << 1)) & 3;
  low += fix;
  high += u64(low < fix);
  store<u64>(LOADED, high);
  store<u64>(LOADED, low, 8);
}

// @ts-ignore: decorator
@inline
export function powerHigh(): u64 {
  return load<u64>(LOADED);
}

// @ts-ignore: decorator
@inline
export function powerLow(): u64 {
  return load<u64>(LOADED, 8);
}

/** ⌊log2(10^q)⌋ for |q| ≤ 1233. */
// @ts-ignore: decorator
@inline
export function floorLog2OfPower(q: i32): i32 {
  return (q * 1741647) >> 19;
}

/** 10^n as an exact double, 0 ≤ n ≤ 22. */
// @ts-ignore: decorator
@inline
export function exactPowerF64(n: i32): f64 {
  return load<f64>(EXACT_F64 + ((<usize>n) << 3));
}

/** 10^n as an integer, 0 ≤ n ≤ 9. */
// @ts-ignore: decorator
@inline
export function exactPowerU64(n: i32): u64 {
  return load<u64>(EXACT_U64 + ((<usize>n) << 3));
}
