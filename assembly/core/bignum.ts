/**
 * Exact decimal expansions of doubles.
 *
 * Owns: one static scratch decimal, and the base-10^9 arithmetic that fills it. Used where 128 bits do not suffice:
 * toFixed, toExponential, toPrecision, and the half-way cases of number-parse.ts.
 * Must never: allocate, or rely on the decimal surviving another call of `expandDecimal`.
 *
 *     DECIMAL   count i32 │ point i32 │ digits, one ASCII byte each       value = 0.d1 d2 d3 … × 10^point
 *     LIMBS     u32 limbs below 10^9, least significant first
 *
 * The longest expansion is that of a half-way point above the smallest denormals: 54 bits × 2^-1075, 768 digits, 86
 * limbs. It costs about 20 µs; numbers of everyday size cost a few limb products.
 */

const LIMB_BASE: u64 = 1000000000;
const LIMBS: usize = memory.data(4 * 96);
const MAX_DIGITS: i32 = 96 * 9;
const DECIMAL: usize = memory.data(8 + MAX_DIGITS + 8);

/** Address of the first digit. */
export const DECIMAL_DIGITS: usize = DECIMAL + 8;

// @ts-ignore: decorator
@inline
export function decimalCount(): i32 {
  return load<i32>(DECIMAL);
}

// @ts-ignore: decorator
@inline
export function decimalPoint(): i32 {
  return load<i32>(DECIMAL, 4);
}

/** LIMBS *= factor; returns the new number of limbs. */
function multiplyLimbs(count: i32, factor: u64): i32 {
  let carry: u64 = 0;
  const end: usize = LIMBS + ((<usize>count) << 2);
  for (let p: usize = LIMBS; p < end; p += 4) {
    const product: u64 = <u64>load<u32>(p) * factor + carry;
    carry = product / LIMB_BASE;
    store<u32>(p, <u32>(product - carry * LIMB_BASE));
  }
  let p: usize = end;
  while (carry != 0) {
    store<u32>(p, <u32>(carry % LIMB_BASE));
    carry /= LIMB_BASE;
    p += 4;
  }
  return <i32>((p - LIMBS) >> 2);
}

/** Fills DECIMAL with all digits of mantissa × 2^exponent: no leading zeros; a zero mantissa has no digits. */
export function expandDecimal(mantissa: u64, exponent: i32): void {
  if (mantissa == 0) {
    store<i32>(DECIMAL, 0);
    store<i32>(DECIMAL, 0, 4);
    return;
  }
  const zeros: i32 = <i32>ctz<u64>(mantissa);
  let m: u64 = mantissa >> zeros;
  let e: i32 = exponent + zeros;
  let count: i32 = 0;
  while (m != 0) {
    store<u32>(LIMBS + ((<usize>count) << 2), <u32>(m % LIMB_BASE));
    m /= LIMB_BASE;
    count++;
  }
  let point: i32 = 0;
  if (e >= 0) {
    while (e > 0) {
      const step: i32 = min<i32>(e, 32);
      count = multiplyLimbs(count, (<u64>1) << step);
      e -= step;
    }
  } else {
    // m × 2^e = m × 5^-e × 10^e
    point = e;
    while (e <= -13) {
      count = multiplyLimbs(count, 1220703125);
      e += 13;
    }
    let rest: u64 = 1;
    while (e < 0) {
      rest *= 5;
      e++;
    }
    if (rest != 1) count = multiplyLimbs(count, rest);
  }
  let out: usize = DECIMAL_DIGITS;
  for (let i: i32 = count - 1; i >= 0; i--) {
    let limb: u32 = load<u32>(LIMBS + ((<usize>i) << 2));
    let width: i32 = 9;
    if (i == count - 1) {
      width = 1;
      for (let t: u32 = limb; t >= 10; t /= 10) width++;
    }
    for (let j: i32 = width - 1; j >= 0; j--) {
      const quotient: u32 = limb / 10;
      store<u8>(out + <usize>j, <u8>(limb - quotient * 10 + 0x30));
      limb = quotient;
    }
    out += <usize>width;
  }
  const digits: i32 = <i32>(out - DECIMAL_DIGITS);
  store<i32>(DECIMAL, digits);
  store<i32>(DECIMAL, digits + point, 4);
}

/**
 * Rounds DECIMAL to its first `keep` digits, half away from zero. A carry out of the first digit leaves the single digit
 * 1 and moves the point; when nothing is left, count is 0 and the value is zero.
 */
export function roundDecimal(keep: i32): void {
  const count: i32 = decimalCount();
  if (keep >= count) return;
  if (keep < 0) {
    store<i32>(DECIMAL, 0);
    return;
  }
  let n: usize = <usize>keep;
  if (load<u8>(DECIMAL_DIGITS + n) >= 0x35) {
    while (n > 0 && load<u8>(DECIMAL_DIGITS + n - 1) == 0x39) n--;
    if (n == 0) {
      store<u8>(DECIMAL_DIGITS, 0x31);
      store<i32>(DECIMAL, decimalPoint() + 1, 4);
      n = 1;
    } else {
      store<u8>(DECIMAL_DIGITS + n - 1, load<u8>(DECIMAL_DIGITS + n - 1) + 1);
    }
  }
  store<i32>(DECIMAL, <i32>n);
}

/** Digit i (0-based) as a character: zero beyond the last one. */
// @ts-ignore: decorator
@inline
export function decimalDigit(i: i32): u8 {
  return i >= 0 && i < decimalCount() ? load<u8>(DECIMAL_DIGITS + <usize>i) : 0x30;
}
