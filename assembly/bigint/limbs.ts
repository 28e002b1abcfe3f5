// Owns arithmetic on magnitudes: u32 limbs in memory, least significant first, at addresses that the caller gives. Must never
// allocate cells, look at signs, or write outside of the output range that a function's comment states.
import { ensureMemory, usesScratch } from "../heap/memory";
import { VM_HEAP_TOP } from "../generated/layout";

// @ts-ignore: decorator
@inline
export function limb(at: usize, i: i32): u32 {
  return load<u32>(at + (<usize>i << 2));
}
// @ts-ignore: decorator
@inline
export function setLimb(at: usize, i: i32, value: u32): void {
  store<u32>(at + (<usize>i << 2), value);
}

/** The count without leading zeros. */
export function significant(at: usize, n: i32): i32 {
  while (n > 0 && limb(at, n - 1) == 0) n--;
  return n;
}

/** -1, 0 or 1; no leading zeros. */
export function compareLimbs(a: usize, n: i32, b: usize, m: i32): i32 {
  if (n != m) return n < m ? -1 : 1;
  for (let i = n - 1; i >= 0; i--) {
    const x = limb(a, i);
    const y = limb(b, i);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** out[0…n] = a + b with n ≥ m; returns the carry, which is out[n]. out may be a. */
export function addLimbs(out: usize, a: usize, n: i32, b: usize, m: i32): u32 {
  let carry: u64 = 0;
  for (let i = 0; i < n; i++) {
    carry += <u64>limb(a, i) + (i < m ? <u64>limb(b, i) : 0);
    setLimb(out, i, <u32>carry);
    carry >>= 32;
  }
  return <u32>carry;
}

/** out[0…n) = a − b with a ≥ b. out may be a. */
export function subtractLimbs(out: usize, a: usize, n: i32, b: usize, m: i32): void {
  let borrow: i64 = 0;
  for (let i = 0; i < n; i++) {
    borrow += <i64>(<u64>limb(a, i)) - (i < m ? <i64>(<u64>limb(b, i)) : 0);
    setLimb(out, i, <u32>borrow);
    borrow >>= 32;
  }
}

/** out[0…n+m) = a · b by long multiplication. out is neither a nor b. */
function multiplySmall(out: usize, a: usize, n: i32, b: usize, m: i32): void {
  memory.fill(out, 0, <usize>(n + m) << 2);
  for (let i = 0; i < n; i++) {
    const x = <u64>limb(a, i);
    let carry: u64 = 0;
    for (let j = 0; j < m; j++) {
      carry += x * <u64>limb(b, j) + <u64>limb(out, i + j);
      setLimb(out, i + j, <u32>carry);
      carry >>= 32;
    }
    setLimb(out, i + m, <u32>carry);
  }
}

/** Adds b to out from limb `from` on, as far as the carry goes. */
function addInto(out: usize, from: i32, b: usize, m: i32): void {
  let carry: u64 = 0;
  for (let i = 0; i < m || carry != 0; i++) {
    carry += <u64>limb(out, from + i) + (i < m ? <u64>limb(b, i) : 0);
    setLimb(out, from + i, <u32>carry);
    carry >>= 32;
  }
}

/** From this many limbs on three half-sized products are cheaper than four. */
const KARATSUBA: i32 = 40;

/** out[0…2n) = a · b for two of n limbs, with 4·n + 256 limbs of room at `scratch`. https://en.wikipedia.org/wiki/Karatsuba_algorithm */
function multiplyEqual(out: usize, a: usize, b: usize, n: i32, scratch: usize): void {
  if (n < KARATSUBA) {
    multiplySmall(out, a, n, b, n);
    return;
  }
  const low = n >> 1;
  const high = n - low;
  const sums = high + 1;
  const aHigh = a + (<usize>low << 2);
  const bHigh = b + (<usize>low << 2);
  multiplyEqual(out, a, b, low, scratch);
  multiplyEqual(out + (<usize>low << 3), aHigh, bHigh, high, scratch);
  // (aLow + aHigh) · (bLow + bHigh). The sums are kept in scratch memory: `out` holds the two products by now.
  const middle = scratch;
  const aSum = scratch + (<usize>(2 * sums) << 2);
  const bSum = aSum + (<usize>sums << 2);
  const rest = bSum + (<usize>sums << 2);
  setLimb(aSum, high, addLimbs(aSum, aHigh, high, a, low));
  setLimb(bSum, high, addLimbs(bSum, bHigh, high, b, low));
  multiplyEqual(middle, aSum, bSum, sums, rest);
  subtractLimbs(middle, middle, 2 * sums, out, 2 * low);
  subtractLimbs(middle, middle, 2 * sums, out + (<usize>low << 3), 2 * high);
  addInto(out, low, middle, significant(middle, 2 * sums));
}

/** A piece of memory above the heap, valid until the next allocation. */
export function scratchOf(limbs: i32): usize {
  const at = (<usize>load<u32>(VM_HEAP_TOP) + 7) & ~7;
  const end = at + (<usize>limbs << 2) + 64;
  ensureMemory(end);
  usesScratch(end);
  return at;
}

/** out[0…n+m) = a · b with n ≥ m > 0. out is neither a nor b. */
export function multiplyLimbs(out: usize, a: usize, n: i32, b: usize, m: i32): void {
  if (m < KARATSUBA) {
    multiplySmall(out, a, n, b, m);
    return;
  }
  // Pieces of a as long as b.
  const product = scratchOf(2 * m + m + 8 * m + 512);
  const piece = product + (<usize>(2 * m) << 2);
  const scratch = piece + (<usize>m << 2);
  memory.fill(out, 0, <usize>(n + m) << 2);
  for (let from = 0; from < n; from += m) {
    const count = min(m, n - from);
    memory.fill(piece, 0, <usize>m << 2);
    memory.copy(piece, a + (<usize>from << 2), <usize>count << 2);
    multiplyEqual(product, piece, b, m, scratch);
    addInto(out, from, product, significant(product, 2 * m));
  }
}

/** out[0…n) = a / d; returns the remainder. out may be a. */
export function divideByLimb(out: usize, a: usize, n: i32, d: u32): u32 {
  let rest: u64 = 0;
  for (let i = n - 1; i >= 0; i--) {
    rest = (rest << 32) | <u64>limb(a, i);
    const quotient = rest / <u64>d;
    setLimb(out, i, <u32>quotient);
    rest -= quotient * <u64>d;
  }
  return <u32>rest;
}

/** Remainders of divideFourTimes, u32 each, that of the first division first. */
export const REMAINDERS: usize = memory.data(16, 8);

/** a /= d, four times in one pass: the divisions of a limb do not wait for those of the next, which a processor runs beside them. */
export function divideFourTimes(a: usize, n: i32, d: u32): void {
  const divisor = <u64>d;
  let r0: u64 = 0, r1: u64 = 0, r2: u64 = 0, r3: u64 = 0;
  for (let i = n - 1; i >= 0; i--) {
    r0 = (r0 << 32) | <u64>limb(a, i);
    const q0 = r0 / divisor;
    r0 -= q0 * divisor;
    r1 = (r1 << 32) | q0;
    const q1 = r1 / divisor;
    r1 -= q1 * divisor;
    r2 = (r2 << 32) | q1;
    const q2 = r2 / divisor;
    r2 -= q2 * divisor;
    r3 = (r3 << 32) | q2;
    const q3 = r3 / divisor;
    r3 -= q3 * divisor;
    setLimb(a, i, <u32>q3);
  }
  store<u32>(REMAINDERS, <u32>r0);
  store<u32>(REMAINDERS, <u32>r1, 4);
  store<u32>(REMAINDERS, <u32>r2, 8);
  store<u32>(REMAINDERS, <u32>r3, 12);
}

/** out[0…n] = a << bits, for bits below 32; returns out[n]. out may be a, or above it. */
export function shiftLeftBits(out: usize, a: usize, n: i32, bits: u32): u32 {
  let carry: u32 = 0;
  if (bits == 0) memory.copy(out, a, <usize>n << 2);
  else {
    carry = n == 0 ? 0 : limb(a, n - 1) >> (32 - bits);
    for (let i = n - 1; i > 0; i--) setLimb(out, i, (limb(a, i) << bits) | (limb(a, i - 1) >> (32 - bits)));
    if (n > 0) setLimb(out, 0, limb(a, 0) << bits);
  }
  return carry;
}

/** out[0…n) = a >> bits, for bits below 32. out may be a, or below it. */
export function shiftRightBits(out: usize, a: usize, n: i32, bits: u32): void {
  if (bits == 0) memory.copy(out, a, <usize>n << 2);
  else for (let i = 0; i < n; i++) setLimb(out, i, (limb(a, i) >> bits) | (i + 1 < n ? limb(a, i + 1) << (32 - bits) : 0));
}

/**
 * q[0…n−m] = u / v and u[0…m) = u % v, for u of n + 1 limbs (the highest spare) and v of m ≥ 2 limbs whose highest bit is set.
 * Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D.
 */
export function divideLimbs(q: usize, u: usize, n: i32, v: usize, m: i32): void {
  const top = <u64>limb(v, m - 1);
  const second = <u64>limb(v, m - 2);
  for (let j = n - m; j >= 0; j--) {
    const head = (<u64>limb(u, j + m) << 32) | <u64>limb(u, j + m - 1);
    let digit = head / top;
    let rest = head % top;
    while (digit > 0xffffffff || digit * second > ((rest << 32) | <u64>limb(u, j + m - 2))) {
      digit--;
      rest += top;
      if (rest > 0xffffffff) break;
    }
    let borrow: i64 = 0;
    let carry: u64 = 0;
    for (let i = 0; i < m; i++) {
      carry += digit * <u64>limb(v, i);
      borrow += <i64>(<u64>limb(u, i + j)) - <i64>(carry & 0xffffffff);
      setLimb(u, i + j, <u32>borrow);
      borrow >>= 32;
      carry >>= 32;
    }
    borrow += <i64>(<u64>limb(u, j + m)) - <i64>carry;
    setLimb(u, j + m, <u32>borrow);
    if (borrow < 0) {
      // The digit was one too large.
      digit--;
      let back: u64 = 0;
      for (let i = 0; i < m; i++) {
        back += <u64>limb(u, i + j) + <u64>limb(v, i);
        setLimb(u, i + j, <u32>back);
        back >>= 32;
      }
      setLimb(u, j + m, limb(u, j + m) + <u32>back);
    }
    setLimb(q, j, <u32>digit);
  }
}
