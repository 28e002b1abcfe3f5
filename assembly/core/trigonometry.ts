/**
 * The circular functions and their inverses. Importers use math.ts, which re-exports them.
 *
 * Owns: ports of fdlibm 5.3 as FreeBSD's msun keeps it, with an argument reduction of its own for huge angles.
 * Must never: allocate, call AssemblyScript's own Math, or reorder a floating-point expression.
 *
 * fdlibm: Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
 * Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely granted, provided
 * that this notice is preserved.
 */

import { highWord, powerOfTwo, productError, upperPart } from "./float-bits";
import { mulHigh } from "./powers-of-ten";

const TINY: f64 = 1e-300;
const PI: f64 = 3.141592653589793;
const PI_LOW: f64 = 1.2246467991473531772e-16;
const HALF_PI: f64 = 1.570796326794896558;
const HALF_PI_LOW: f64 = 6.12323399573676603587e-17;
const QUARTER_PI: f64 = 7.85398163397448278999e-1;
const QUARTER_PI_LOW: f64 = 3.06161699786838301793e-17;

/** 64 zero bits, then 2/π to 1216 bits. */
const TWO_OVER_PI: usize = memory.data<u64>([
  0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
  0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41,
  0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7,
  0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
]);

/** {f64 value, f64 tail}: the angle `reduceAngle` leaves. */
const PAIR: usize = memory.data(16);

const ATAN_HIGH: usize = memory.data<f64>([
  4.63647609000806093515e-1, 7.85398163397448278999e-1, 9.82793723247329054082e-1, 1.570796326794896558,
]);
const ATAN_LOW: usize = memory.data<f64>([
  2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17, 6.12323399573676603587e-17,
]);

// ---- argument reduction ---------------------------------------------------------------------------------------------

/** PAIR = the rest of |x| after whole quarter turns, at most π/4 in size; returns the quarter turns. |x| > π/4. */
function reduceAngle(x: f64): i32 {
  const a: f64 = abs<f64>(x);
  const high: i32 = highWord(a);
  if (high > 0x413921fb) return reduceHuge(a);
  // π/2 in three parts of 33 bits: one product, and a second or third when it cancels too much.
  const n: i32 = <i32>(a * 6.36619772367581382433e-1 + 0.5);
  const fn: f64 = <f64>n;
  let r: f64 = a - fn * 1.57079632673412561417;
  let w: f64 = fn * 6.07710050650619224932e-11;
  let y: f64 = r - w;
  const exponent: i32 = high >> 20;
  if (exponent - ((highWord(y) >> 20) & 0x7ff) > 16) {
    let t: f64 = r;
    w = fn * 6.0771005063039659766e-11;
    r = t - w;
    w = fn * 2.02226624879595063154e-21 - (t - r - w);
    y = r - w;
    if (exponent - ((highWord(y) >> 20) & 0x7ff) > 49) {
      t = r;
      w = fn * 2.0222662487111664558e-21;
      r = t - w;
      w = fn * 8.47842766036889956997e-32 - (t - r - w);
      y = r - w;
    }
  }
  store<f64>(PAIR, y);
  store<f64>(PAIR, r - y - w, 8);
  return n;
}

/** 64 bits of TWO_OVER_PI from bit `at` on. */
function bitsOfTwoOverPi(at: i32): u64 {
  const p: usize = TWO_OVER_PI + (((<usize>at) >> 6) << 3);
  const shift: i32 = at & 63;
  const first: u64 = load<u64>(p);
  return shift == 0 ? first : (first << shift) | (load<u64>(p, 8) >> (64 - shift));
}

/**
 * `reduceAngle` for a ≥ 2^19 × π/2 (Payne and Hanek): a = m × 2^e, and of m × 2/π only the 192 bits from weight 2 down
 * matter. 137 of them are sure, and at most 62 can cancel.
 */
function reduceHuge(a: f64): i32 {
  const bits: u64 = reinterpret<u64>(a);
  const m: u64 = (bits & 0x000fffffffffffff) | 0x0010000000000000;
  const at: i32 = <i32>(bits >> 52) - 1075 + 62;
  const w2: u64 = bitsOfTwoOverPi(at);
  const w1: u64 = bitsOfTwoOverPi(at + 64);
  const w0: u64 = bitsOfTwoOverPi(at + 128);
  const p0: u64 = m * w0;
  let p1: u64 = mulHigh(m, w0);
  const q1: u64 = m * w1;
  let p2: u64 = mulHigh(m, w1) + m * w2;
  p1 += q1;
  p2 += u64(p1 < q1);
  let n: i32 = <i32>(p2 >> 62);
  let f1: u64 = (p2 << 2) | (p1 >> 62);
  let f0: u64 = (p1 << 2) | (p0 >> 62);
  const negative: bool = <i64>f1 < 0;
  if (negative) {
    // More than half a quarter turn: count from the next one, backwards.
    n++;
    f0 = 0 - f0;
    f1 = ~f1 + u64(f0 == 0);
  }
  const zeros: i32 = <i32>clz<u64>(f1);
  if (zeros != 0) {
    f1 = (f1 << zeros) | (f0 >> (64 - zeros));
    f0 <<= zeros;
  }
  const scale: f64 = powerOfTwo(-53 - zeros);
  const high: f64 = <f64>(f1 >> 11);
  const low: f64 = <f64>(((f1 << 53) | (f0 >> 11)) >> 11) * powerOfTwo(-53);
  const product: f64 = high * HALF_PI;
  const rest: f64 = productError(high, HALF_PI, product) + (high * HALF_PI_LOW + low * HALF_PI);
  const y: f64 = product + rest;
  const z: f64 = product - y + rest;
  const signed: f64 = negative ? -scale : scale;
  store<f64>(PAIR, y * signed);
  store<f64>(PAIR, z * signed, 8);
  return n;
}

/** sin(x + y), |x| ≤ π/4, y its tail. */
function sinKernel(x: f64, y: f64): f64 {
  if (abs<f64>(x) < 7.450580596923828e-9) return x;
  const z: f64 = x * x;
  const v: f64 = z * x;
  const r: f64 =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return x - (z * (0.5 * y - v * r) - y - v * -1.66666666666666324348e-1);
}

/** cos(x + y), |x| ≤ π/4, y its tail. */
function cosKernel(x: f64, y: f64): f64 {
  const z: f64 = x * x;
  const r: f64 =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half: f64 = 0.5 * z;
  const w: f64 = 1.0 - half;
  return w + (1.0 - w - half + (z * r - x * y));
}

/** tan(x + y), or −1/tan(x + y) when `inverse`; |x| ≤ π/4, y its tail. */
function tanKernel(x0: f64, y0: f64, inverse: bool): f64 {
  let x: f64 = x0;
  let y: f64 = y0;
  const high: i32 = highWord(x);
  const big: bool = (high & 0x7fffffff) >= 0x3fe59428;
  if (!inverse && (high & 0x7fffffff) < 0x3e300000) return x;
  if (big) {
    if (high < 0) {
      x = -x;
      y = -y;
    }
    x = QUARTER_PI - x + (QUARTER_PI_LOW - y);
    y = 0.0;
  }
  const z: f64 = x * x;
  const w: f64 = z * z;
  const odd: f64 =
    1.33333333333201242699e-1 +
    w *
      (2.18694882948595424599e-2 +
        w *
          (3.59207910759131235356e-3 +
            w * (5.88041240820264096874e-4 + w * (7.817944429395570923e-5 + w * -1.85586374855275456654e-5))));
  const even: f64 =
    z *
    (5.39682539762260521377e-2 +
      w *
        (8.86323982359930005737e-3 +
          w *
            (1.45620945432529025516e-3 +
              w * (2.46463134818469906812e-4 + w * (7.14072491382608190305e-5 + w * 2.59073051863633712884e-5)))));
  const s: f64 = z * x;
  let r: f64 = y + z * (s * (odd + even) + y);
  r += 3.33333333333334091986e-1 * s;
  const sum: f64 = x + r;
  if (big) {
    const v: f64 = inverse ? -1.0 : 1.0;
    return (high < 0 ? -1.0 : 1.0) * (v - 2.0 * (x - ((sum * sum) / (sum + v) - r)));
  }
  if (!inverse) return sum;
  const top: f64 = upperPart(sum);
  const tail: f64 = r - (top - x);
  const a: f64 = -1.0 / sum;
  const t: f64 = upperPart(a);
  return t + a * (1.0 + t * top + t * tail);
}

/** https://tc39.es/ecma262/#sec-math.sin */
export function mathSin(x: f64): f64 {
  const high: i32 = highWord(x) & 0x7fffffff;
  if (high <= 0x3fe921fb) return sinKernel(x, 0);
  if (high >= 0x7ff00000) return NaN;
  const n: i32 = reduceAngle(x);
  const y: f64 = load<f64>(PAIR);
  const z: f64 = load<f64>(PAIR, 8);
  const result: f64 = (n & 1) == 0 ? sinKernel(y, z) : cosKernel(y, z);
  return ((n & 2) != 0) != x < 0 ? -result : result;
}

/** https://tc39.es/ecma262/#sec-math.cos */
export function mathCos(x: f64): f64 {
  const high: i32 = highWord(x) & 0x7fffffff;
  if (high <= 0x3fe921fb) return cosKernel(x, 0);
  if (high >= 0x7ff00000) return NaN;
  const n: i32 = reduceAngle(x);
  const y: f64 = load<f64>(PAIR);
  const z: f64 = load<f64>(PAIR, 8);
  const result: f64 = (n & 1) == 0 ? cosKernel(y, z) : sinKernel(y, z);
  return ((n + 1) & 2) != 0 ? -result : result;
}

/** https://tc39.es/ecma262/#sec-math.tan */
export function mathTan(x: f64): f64 {
  const high: i32 = highWord(x) & 0x7fffffff;
  if (high <= 0x3fe921fb) return tanKernel(x, 0, false);
  if (high >= 0x7ff00000) return NaN;
  const n: i32 = reduceAngle(x);
  const result: f64 = tanKernel(load<f64>(PAIR), load<f64>(PAIR, 8), (n & 1) != 0);
  return x < 0 ? -result : result;
}

/** The rational function that asin and acos share. */
function asinRatio(z: f64): f64 {
  const p: f64 =
    z *
    (1.66666666666666657415e-1 +
      z *
        (-3.25565818622400915405e-1 +
          z *
            (2.01212532134862925881e-1 +
              z * (-4.00555345006794114027e-2 + z * (7.91534994289814532176e-4 + z * 3.4793310759602116757e-5)))));
  const q: f64 =
    1.0 +
    z *
      (-2.40339491173441421878 +
        z * (2.02094576023350569471 + z * (-6.8828397160545329303e-1 + z * 7.70381505559019352791e-2)));
  return p / q;
}

/** https://tc39.es/ecma262/#sec-math.asin */
export function mathAsin(x: f64): f64 {
  const a: f64 = abs<f64>(x);
  if (!(a <= 1)) return NaN;
  if (a == 1) return x * HALF_PI + x * HALF_PI_LOW;
  if (a < 0.5) {
    if (a < 7.450580596923828e-9) return x;
    return x + x * asinRatio(x * x);
  }
  const z: f64 = (1.0 - a) * 0.5;
  const r: f64 = asinRatio(z);
  const s: f64 = sqrt<f64>(z);
  let result: f64 = 0;
  if (highWord(a) >= 0x3fef3333) {
    result = HALF_PI - (2.0 * (s + s * r) - HALF_PI_LOW);
  } else {
    const w: f64 = upperPart(s);
    const c: f64 = (z - w * w) / (s + w);
    result = QUARTER_PI - (2.0 * s * r - (HALF_PI_LOW - 2.0 * c) - (QUARTER_PI - 2.0 * w));
  }
  return x < 0 ? -result : result;
}

/** https://tc39.es/ecma262/#sec-math.acos */
export function mathAcos(x: f64): f64 {
  const a: f64 = abs<f64>(x);
  if (!(a <= 1)) return NaN;
  if (a == 1) return x > 0 ? 0 : PI + 2.0 * HALF_PI_LOW;
  if (a < 0.5) {
    if (highWord(a) <= 0x3c600000) return HALF_PI + HALF_PI_LOW;
    return HALF_PI - (x - (HALF_PI_LOW - x * asinRatio(x * x)));
  }
  if (x < 0) {
    const z: f64 = (1.0 + x) * 0.5;
    const s: f64 = sqrt<f64>(z);
    return PI - 2.0 * (s + (asinRatio(z) * s - HALF_PI_LOW));
  }
  const z: f64 = (1.0 - x) * 0.5;
  const s: f64 = sqrt<f64>(z);
  const df: f64 = upperPart(s);
  const c: f64 = (z - df * df) / (s + df);
  return 2.0 * (df + (asinRatio(z) * s + c));
}

/** https://tc39.es/ecma262/#sec-math.atan */
export function mathAtan(x0: f64): f64 {
  if (x0 != x0) return NaN;
  let x: f64 = abs<f64>(x0);
  const high: i32 = highWord(x);
  if (high >= 0x44100000) return copysign<f64>(HALF_PI + HALF_PI_LOW, x0);
  let id: i32 = -1;
  if (high < 0x3fdc0000) {
    if (high < 0x3e400000) return x0;
    x = x0;
  } else if (high < 0x3ff30000) {
    if (high < 0x3fe60000) {
      id = 0;
      x = (2.0 * x - 1.0) / (2.0 + x);
    } else {
      id = 1;
      x = (x - 1.0) / (x + 1.0);
    }
  } else if (high < 0x40038000) {
    id = 2;
    x = (x - 1.5) / (1.0 + 1.5 * x);
  } else {
    id = 3;
    x = -1.0 / x;
  }
  const z: f64 = x * x;
  const w: f64 = z * z;
  const s1: f64 =
    z *
    (3.33333333333329318027e-1 +
      w *
        (1.42857142725034663711e-1 +
          w *
            (9.09088713343650656196e-2 +
              w * (6.66107313738753120669e-2 + w * (4.97687799461593236017e-2 + w * 1.62858201153657823623e-2)))));
  const s2: f64 =
    w *
    (-1.99999999998764832476e-1 +
      w *
        (-1.1111110405462355788e-1 +
          w * (-7.69187620504482999495e-2 + w * (-5.83357013379057348645e-2 + w * -3.6531572744216915527e-2))));
  if (id < 0) return x - x * (s1 + s2);
  const at: usize = (<usize>id) << 3;
  const result: f64 = load<f64>(ATAN_HIGH + at) - (x * (s1 + s2) - load<f64>(ATAN_LOW + at) - x);
  return x0 < 0 ? -result : result;
}

/** https://tc39.es/ecma262/#sec-math.atan2 */
export function mathAtan2(y: f64, x: f64): f64 {
  if (x != x || y != y) return NaN;
  if (x == 1) return mathAtan(y);
  const left: bool = reinterpret<i64>(x) < 0;
  if (y == 0) return left ? copysign<f64>(PI + TINY, y) : y;
  if (x == 0) return copysign<f64>(HALF_PI + TINY, y);
  if (abs<f64>(x) == Infinity) {
    if (abs<f64>(y) == Infinity) return copysign<f64>(left ? 3.0 * QUARTER_PI + TINY : QUARTER_PI + TINY, y);
    return copysign<f64>(left ? PI + TINY : 0, y);
  }
  if (abs<f64>(y) == Infinity) return copysign<f64>(HALF_PI + TINY, y);
  const difference: i32 = ((highWord(y) & 0x7fffffff) - (highWord(x) & 0x7fffffff)) >> 20;
  let z: f64 = 0;
  if (difference > 60) return copysign<f64>(HALF_PI + 0.5 * PI_LOW, y);
  if (!left || difference >= -60) z = mathAtan(abs<f64>(y / x));
  if (left) z = PI - (z - PI_LOW);
  return copysign<f64>(z, y);
}
