// Owns the operators of BigInts where they may throw: size, division by zero, negative exponents. Must never know how digits are
// stored (bigint/digits.ts).
// https://tc39.es/ecma262/#sec-ecmascript-language-types-bigint-type
//
//   BIGINT   +8 sign u32 (1: negative) · +12 count u32 · +16 limbs u32 each, the least significant first
//
// Sign and magnitude, no leading zero limbs, no negative zero: two equal BigInts have equal limbs. A result is made at its largest possible
// size and then trimmed, which gives the rest back if it is the newest cell.
import {
  bitLength, boxBigInt, countOf, fromI64, fromU64, isNegative, limbsOf, losesBits, MAX_LIMBS, newBigInt, smallMagnitude, trimmed,
} from "../bigint/bigint";
import {
  addLimbs, compareLimbs, divideByLimb, divideLimbs, limb, multiplyLimbs, scratchOf, setLimb, shiftLeftBits, shiftRightBits,
  subtractLimbs,
} from "../bigint/limbs";
import { addressOf, BIGINT_BITS, RETRY, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { BIGINT_SIGN } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { chargeFuel, chargeWork, reserve } from "../heap/memory";

/** True if the value fits; then it is in SMALL. */
const SMALL: usize = memory.data(8, 8);
function isSmall(cell: usize): bool {
  const count = countOf(cell);
  if (count > 1) return false;
  const magnitude: i64 = count == 0 ? 0 : <i64>(<u64>limb(limbsOf(cell), 0));
  store<i64>(SMALL, isNegative(cell) ? -magnitude : magnitude);
  return true;
}

function tooBig(): Value {
  return throwLiteral(ErrorKind.RangeError, "Maximum BigInt size exceeded");
}

/** Charges for a result of that many limbs, made with that much work. FINE (0) if it may be begun, else the signal. */
function price(limbs: i64, work: i64): Value {
  if (limbs > <i64>MAX_LIMBS + 1) return tooBig();
  if (limbs > 64 && !reserve(<usize>limbs << 2)) return RETRY;
  // Where the time is too short for it, the run ends at the next safepoint, and any BigInt will do.
  if (work > 16 && !chargeWork(work >> 4)) return boxBigInt(fromI64(0));
  return 0;
}

function finish(cell: usize): Value {
  return countOf(trimmed(cell)) > MAX_LIMBS ? tooBig() : boxBigInt(cell);
}

// --- sums ---------------------------------------------------------------------------------------------------------

/** a + b, or a − b if `minus`. https://tc39.es/ecma262/#sec-numeric-types-bigint-add */
export function addBigInts(a: usize, b: usize, minus: bool): Value {
  if (isSmall(a)) {
    const x = load<i64>(SMALL);
    if (isSmall(b)) return boxBigInt(fromI64(minus ? x - load<i64>(SMALL) : x + load<i64>(SMALL)));
  }
  let n = countOf(a);
  let m = countOf(b);
  const refused = price(max(n, m) + 1, <i64>max(n, m) << 1);
  if (refused != 0) return refused;
  const negativeB = isNegative(b) != minus;
  if (isNegative(a) == negativeB) {
    const isLonger = n >= m;
    const cell = newBigInt(max(n, m) + 1, negativeB);
    const out = limbsOf(cell);
    const carry = isLonger ? addLimbs(out, limbsOf(a), n, limbsOf(b), m) : addLimbs(out, limbsOf(b), m, limbsOf(a), n);
    setLimb(out, max(n, m), carry);
    return finish(cell);
  }
  // Different signs: the smaller magnitude is taken from the larger one, whose sign the result has.
  const order = compareLimbs(limbsOf(a), n, limbsOf(b), m);
  const cell = newBigInt(max(n, m), order >= 0 ? isNegative(a) : negativeB);
  if (order >= 0) subtractLimbs(limbsOf(cell), limbsOf(a), n, limbsOf(b), m);
  else subtractLimbs(limbsOf(cell), limbsOf(b), m, limbsOf(a), n);
  return finish(cell);
}

/** https://tc39.es/ecma262/#sec-numeric-types-bigint-unaryMinus */
export function negateBigInt(a: usize): Value {
  const n = countOf(a);
  const refused = price(n, <i64>n << 1);
  if (refused != 0) return refused;
  const cell = newBigInt(n, !isNegative(a) && n != 0);
  memory.copy(limbsOf(cell), limbsOf(a), <usize>n << 2);
  return boxBigInt(cell);
}

/** a + d for a small d. */
export function addSmall(a: usize, d: i32): Value {
  if (isSmall(a)) return boxBigInt(fromI64(load<i64>(SMALL) + <i64>d));
  return addBigInts(a, fromI64(<i64>d), false);
}

// --- products and quotients ---------------------------------------------------------------------------------------

/** Limb products that a multiplication of n by m limbs takes. */
function productWork(n: i32, m: i32): i64 {
  const small = <i64>min(n, m);
  // Above the threshold three products of halves do for four.
  let work = <i64>n * small;
  for (let size = small; size >= 80; size >>= 1) work = (work * 3) >> 2;
  return work;
}

/** https://tc39.es/ecma262/#sec-numeric-types-bigint-multiply */
export function multiplyBigInts(a: usize, b: usize): Value {
  const n = countOf(a);
  const m = countOf(b);
  const negative = isNegative(a) != isNegative(b);
  if (n <= 1 && m <= 1) {
    if (n == 0 || m == 0) return boxBigInt(fromU64(0, false));
    return boxBigInt(fromU64(<u64>limb(limbsOf(a), 0) * <u64>limb(limbsOf(b), 0), negative));
  }
  if (n == 0 || m == 0) return boxBigInt(fromU64(0, false));
  const refused = price(<i64>n + <i64>m, productWork(n, m));
  if (refused != 0) return refused;
  const cell = newBigInt(n + m, negative);
  if (n >= m) multiplyLimbs(limbsOf(cell), limbsOf(a), n, limbsOf(b), m);
  else multiplyLimbs(limbsOf(cell), limbsOf(b), m, limbsOf(a), n);
  return finish(cell);
}

/** a / b, or a % b if `remainder`. https://tc39.es/ecma262/#sec-numeric-types-bigint-divide */
export function divideBigInts(a: usize, b: usize, remainder: bool): Value {
  const n = countOf(a);
  const m = countOf(b);
  if (m == 0) return throwLiteral(ErrorKind.RangeError, "Division by zero");
  const negative = remainder ? isNegative(a) : isNegative(a) != isNegative(b);
  if (n <= 2 && m <= 2) {
    const x = smallMagnitude(a);
    const y = smallMagnitude(b);
    return boxBigInt(fromU64(remainder ? x % y : x / y, negative));
  }
  const refused = price(n + 1, <i64>m * <i64>max(n - m + 1, 1));
  if (refused != 0) return refused;
  if (compareLimbs(limbsOf(a), n, limbsOf(b), m) < 0) return remainder ? boxBigInt(a) : boxBigInt(fromU64(0, false));
  if (m == 1) {
    const cell = newBigInt(n, negative);
    const rest = divideByLimb(limbsOf(cell), limbsOf(a), n, limb(limbsOf(b), 0));
    return remainder ? boxBigInt(fromU64(<u64>rest, negative)) : finish(cell);
  }
  const cell = newBigInt(remainder ? m : n - m + 1, negative);
  // Long division in base 2 ** 32. Both numbers are shifted so that the divisor's top bit is set: then each guess of a quotient limb is too
  // large by at most 2. In scratch memory: u, the dividend (n + 1 limbs), which becomes the remainder · v, the divisor (m) · q (n − m + 1).
  const shift = <u32>clz<u32>(limb(limbsOf(b), m - 1));
  const u = scratchOf(n + 1 + m + n - m + 1);
  const v = u + (<usize>(n + 1) << 2);
  const q = v + (<usize>m << 2);
  setLimb(u, n, shiftLeftBits(u, limbsOf(a), n, shift));
  shiftLeftBits(v, limbsOf(b), m, shift);
  divideLimbs(q, u, n, v, m);
  if (remainder) shiftRightBits(limbsOf(cell), u, m, shift);
  else memory.copy(limbsOf(cell), q, <usize>(n - m + 1) << 2);
  return finish(cell);
}

/** https://tc39.es/ecma262/#sec-numeric-types-bigint-exponentiate */
export function powerOfBigInt(base: usize, exponent: usize): Value {
  if (isNegative(exponent)) return throwLiteral(ErrorKind.RangeError, "Exponent must be non-negative");
  if (countOf(exponent) == 0) return boxBigInt(fromU64(1, false));
  const isOne = countOf(base) == 1 && limb(limbsOf(base), 0) == 1;
  const isOdd = (limb(limbsOf(exponent), 0) & 1) != 0;
  if (countOf(base) == 0 || isOne) return boxBigInt(isOne && isNegative(base) && !isOdd ? fromU64(1, false) : base);
  if (countOf(exponent) > 1) return tooBig();
  const power = limb(limbsOf(exponent), 0);
  // The least number of bits that the result can have: a power that is too big is refused before anything is multiplied.
  const bits = (bitLength(base) - 1) * <i64>power;
  if (bits > <i64>MAX_LIMBS << 5) return tooBig();
  const limbs = <i32>((bitLength(base) * <i64>power) >> 5) + 2;
  if (!reserve(<usize>limbs << 4)) return RETRY;
  // Small products cost nothing by themselves.
  chargeFuel((limbs >> 2) + ((32 - clz<u32>(power)) << 1));
  // Square and multiply. The squares double in length, so all squares together take less than twice the last, and so do all products: 16
  // bytes for each limb of the result were reserved, and no step can ask for a retry with half of the work done.
  let result: Value = 0;
  let square = boxBigInt(base);
  for (let rest = power; rest != 0; ) {
    if (rest & 1) result = result == 0 ? square : multiplyBigInts(addressOf(result), addressOf(square));
    if (result != 0 && isSignal(result)) return result;
    rest >>= 1;
    if (rest != 0) square = multiplyBigInts(addressOf(square), addressOf(square));
    if (isSignal(square)) return square;
  }
  return result;
}

function isSignal(v: Value): bool {
  return <u32>(v >> 32) != <u32>(BIGINT_BITS >> 32);
}

// --- shifts and bits ----------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-numeric-types-bigint-leftShift; right: shifts to the right instead. */
export function shiftBigInt(a: usize, by: usize, right: bool): Value {
  const n = countOf(a);
  if (n == 0 || countOf(by) == 0) return boxBigInt(a);
  const isRight = right != isNegative(by);
  const isFar = countOf(by) > 1 || limb(limbsOf(by), 0) > <u32>MAX_LIMBS << 5;
  if (isRight) {
    if (isFar) return boxBigInt(fromI64(isNegative(a) ? -1 : 0));
    return shiftDown(a, limb(limbsOf(by), 0));
  }
  if (isFar) return tooBig();
  const bits = limb(limbsOf(by), 0);
  const words = <i32>(bits >> 5);
  const refused = price(n + words + 1, <i64>(n + words) << 1);
  if (refused != 0) return refused;
  const cell = newBigInt(n + words + 1, isNegative(a));
  memory.fill(limbsOf(cell), 0, <usize>words << 2);
  const out = limbsOf(cell) + (<usize>words << 2);
  setLimb(out, n, shiftLeftBits(out, limbsOf(a), n, bits & 31));
  return finish(cell);
}

/** a >> bits, rounded towards minus infinity. */
function shiftDown(a: usize, bits: u32): Value {
  const n = countOf(a);
  const words = <i32>(bits >> 5);
  if (words >= n) return boxBigInt(fromI64(isNegative(a) ? -1 : 0));
  const refused = price(n - words + 1, <i64>n << 1);
  if (refused != 0) return refused;
  const cell = newBigInt(n - words + 1, isNegative(a));
  const out = limbsOf(cell);
  shiftRightBits(out, limbsOf(a) + (<usize>words << 2), n - words, bits & 31);
  setLimb(out, n - words, 0);
  // The magnitude was rounded towards zero. Where a bit was lost, minus infinity is one further; the extra limb takes the carry.
  if (isNegative(a) && losesBits(a, words, bits & 31)) {
    for (let i = 0; ; i++) {
      setLimb(out, i, limb(out, i) + 1);
      if (limb(out, i) != 0) break;
    }
  }
  return finish(cell);
}

/** and, or, xor of two's complements without end. https://tc39.es/ecma262/#sec-bigintbitwiseop */
export const AND: i32 = 0;
export const OR: i32 = 1;
export const XOR: i32 = 2;

export function bitwiseBigInts(a: usize, b: usize, op: i32): Value {
  const n = countOf(a);
  const m = countOf(b);
  const count = max(n, m) + 1;
  const refused = price(count, <i64>count << 1);
  if (refused != 0) return refused;
  // Two's complement on the fly: −x is ~x + 1, so each negative operand has a carry that begins at 1, and so has a negative result. One
  // limb more than the longer operand holds the sign.
  const negativeA = isNegative(a);
  const negativeB = isNegative(b);
  const negative = op == AND ? negativeA && negativeB : op == OR ? negativeA || negativeB : negativeA != negativeB;
  const cell = newBigInt(count, negative);
  let carryA: u64 = 1;
  let carryB: u64 = 1;
  let carry: u64 = 1;
  for (let i = 0; i < count; i++) {
    let x: u32 = i < n ? limb(limbsOf(a), i) : 0;
    let y: u32 = i < m ? limb(limbsOf(b), i) : 0;
    if (negativeA) {
      carryA += <u64>~x;
      x = <u32>carryA;
      carryA >>= 32;
    }
    if (negativeB) {
      carryB += <u64>~y;
      y = <u32>carryB;
      carryB >>= 32;
    }
    let z: u32 = op == AND ? x & y : op == OR ? x | y : x ^ y;
    if (negative) {
      carry += <u64>~z;
      z = <u32>carry;
      carry >>= 32;
    }
    setLimb(limbsOf(cell), i, z);
  }
  return finish(cell);
}

/** https://tc39.es/ecma262/#sec-numeric-types-bigint-bitwiseNOT */
export function invertBigInt(a: usize): Value {
  const negated = negateBigInt(a);
  return isSignal(negated) ? negated : addSmall(addressOf(negated), -1);
}

/** a modulo 2 ** bits, not negative, or the number of `bits` bits in two's complement. https://tc39.es/ecma262/#sec-bigint.asintn */
export function wrapBigInt(a: usize, bits: f64, signed: bool): Value {
  if (bits == 0) return boxBigInt(fromU64(0, false));
  const n = countOf(a);
  const isShort = <f64>bitLength(a) < bits;
  if (isShort && (signed || !isNegative(a))) return boxBigInt(a);
  if (bits > <f64>(<i64>MAX_LIMBS << 5)) return !signed && isNegative(a) ? tooBig() : boxBigInt(a);
  const width = <i32>bits;
  const count = (width + 31) >> 5;
  const refused = price(count, <i64>count << 2);
  if (refused != 0) return refused;
  const cell = newBigInt(count, false);
  const out = limbsOf(cell);
  const mask: u32 = width & 31 ? (1 << (width & 31)) - 1 : 0xffffffff;
  complement(out, limbsOf(a), n, count, isNegative(a));
  setLimb(out, count - 1, limb(out, count - 1) & mask);
  if (signed && (limb(out, count - 1) >> ((width - 1) & 31)) & 1) {
    complement(out, out, count, count, true);
    setLimb(out, count - 1, limb(out, count - 1) & mask);
    store<u32>(cell, 1, BIGINT_SIGN);
  }
  return finish(cell);
}

/** out[0…count) = the low limbs of a, or of −a in two's complement. */
function complement(out: usize, a: usize, n: i32, count: i32, negate: bool): void {
  let carry: u64 = 1;
  for (let i = 0; i < count; i++) {
    let x: u32 = i < n ? limb(a, i) : 0;
    if (negate) {
      carry += <u64>~x;
      x = <u32>carry;
      carry >>= 32;
    }
    setLimb(out, i, x);
  }
}
