/**
 * The functions of Math, `%`, and the integer conversions: the same bits on every engine.
 *
 * Owns: ports of fdlibm 5.3 as FreeBSD's msun and V8 keep it (same steps, same coefficients, so most results equal
 * V8's), and a power function that is exact where people look. Re-exports exponentials.ts and trigonometry.ts.
 * Must never: allocate, call AssemblyScript's own Math, or reorder a floating-point expression: every bracket counts.
 * Each NaN that leaves is the canonical one.
 *
 * fdlibm: Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
 * Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely granted, provided
 * that this notice is preserved.
 */

import { expSeries, mathExp, mathExpm1, mathLog, mathLog1p } from "./exponentials";
import { highWord, normalised, powerOfTwo, productError, scaleNearOne, upperPart, withHighWord } from "./float-bits";

export { mathExp, mathExpm1, mathLog, mathLog10, mathLog1p, mathLog2 } from "./exponentials";
export { mathAcos, mathAsin, mathAtan, mathAtan2, mathCos, mathSin, mathTan } from "./trigonometry";

const LN2: f64 = 6.93147180559945286227e-1;
const INVERSE_LN2: f64 = 1.442695040888963387;
const HYPERBOLIC_OVERFLOW: f64 = 710.4758600739439;
/** Largest whole exponent that goes by repeated squaring: 2^512 times a mantissa stays far from overflow. */
const MAX_SQUARING: f64 = 512;

// ---- powers and roots -----------------------------------------------------------------------------------------------

/**
 * a^n for whole n, 2 ≤ n ≤ 512, in double-double arithmetic: about 90 good bits, so the one rounding at the end is
 * right but for freak cases. Returns 0 when the result is not a normal number.
 */
function powInteger(a: f64, n: i32, inverse: bool): f64 {
  const bits: u64 = reinterpret<u64>(a);
  const exponent: i32 = <i32>(bits >> 52);
  if (exponent == 0) return 0;
  let bh: f64 = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  let bl: f64 = 0;
  let rh: f64 = 1;
  let rl: f64 = 0;
  let left: i32 = n;
  while (true) {
    if ((left & 1) != 0) {
      const p: f64 = rh * bh;
      const e: f64 = productError(rh, bh, p) + (rh * bl + rl * bh);
      rh = p + e;
      rl = p - rh + e;
    }
    left >>= 1;
    if (left == 0) break;
    const p: f64 = bh * bh;
    const e: f64 = productError(bh, bh, p) + 2.0 * bh * bl;
    bh = p + e;
    bl = p - bh + e;
  }
  let scale: i32 = (exponent - 1023) * n;
  if (inverse) {
    const q: f64 = 1.0 / rh;
    const p: f64 = q * rh;
    rh = q + q * (1.0 - p - productError(q, rh, p) - q * rl);
    scale = -scale;
  }
  const result: u64 = reinterpret<u64>(rh);
  const final: i32 = <i32>(result >> 52) + scale;
  if (final < 1 || final > 2046) return 0;
  return reinterpret<f64>((result & 0x000fffffffffffff) | ((<u64>final) << 52));
}

/** 2^(y × (t1 + t2)), where t1 + t2 is a logarithm in two parts and t1 has only upper bits: the second half of fdlibm's pow. */
function powerFromLog(y: f64, t1: f64, t2: f64): f64 {
  const y1: f64 = upperPart(y);
  const pl: f64 = (y - y1) * t1 + y * t2;
  let ph: f64 = y1 * t1;
  let z: f64 = pl + ph;
  if (z >= 1024 && (z > 1024 || pl + 8.0085662595372944372e-17 > z - ph)) return Infinity;
  if (z <= -1075 && (z < -1075 || pl <= z - ph)) return 0;
  let n: i32 = 0;
  if (abs<f64>(z) > 0.5) {
    n = <i32>(z < 0 ? z - 0.5 : z + 0.5);
    ph -= <f64>n;
  }
  const t: f64 = upperPart(pl + ph);
  const u: f64 = t * 6.93147182464599609375e-1;
  const v: f64 = (pl - (t - ph)) * LN2 + t * -1.90465429995776804525e-9;
  z = u + v;
  const w: f64 = v - (z - u);
  const c: f64 = expSeries(z);
  return scaleNearOne(1.0 - ((z * c) / (c - 2.0) - (w + z * w) - z), n);
}

/** a^y, a > 0 and finite, y finite and not 0: fdlibm's pow without its special cases; error below 0.7 ulp. */
function powGeneral(a: f64, y: f64): f64 {
  let t1: f64 = 0;
  let t2: f64 = 0;
  if (abs<f64>(y) > 2147483648.0) {
    const high: i32 = highWord(a);
    if (high < 0x3fefffff) return y < 0 ? Infinity : 0;
    if (high > 0x3ff00000) return y > 0 ? Infinity : 0;
    if (abs<f64>(y) > 18446744073709551616.0) {
      if (a == 1) return 1;
      return a > 1 == y > 0 ? Infinity : 0;
    }
    const t: f64 = a - 1.0;
    const w: f64 = t * t * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
    const u: f64 = 1.44269502162933349609 * t;
    const v: f64 = t * 1.92596299112661746887e-8 - w * INVERSE_LN2;
    t1 = upperPart(u + v);
    t2 = v - (t1 - u);
  } else {
    let x: f64 = normalised(a);
    let high: i32 = highWord(x);
    let n: i32 = (high >> 20) - 1023 - (x == a ? 0 : 54);
    const j: i32 = high & 0xfffff;
    high = j | 0x3ff00000;
    let upper: bool = false;
    if (j >= 0xbb67a) {
      n++;
      high -= 0x00100000;
    } else {
      upper = j > 0x3988e;
    }
    x = withHighWord(x, high);
    const base: f64 = upper ? 1.5 : 1.0;
    const u: f64 = x - base;
    const v: f64 = 1.0 / (x + base);
    const s: f64 = u * v;
    const sh: f64 = upperPart(s);
    let th: f64 = withHighWord(0, ((high >> 1) | 0x20000000) + 0x00080000 + (upper ? 0x40000 : 0));
    let tl: f64 = x - (th - base);
    const sl: f64 = v * (u - sh * th - sh * tl);
    let s2: f64 = s * s;
    let r: f64 =
      s2 *
      s2 *
      (5.99999999999994648725e-1 +
        s2 *
          (4.28571428578550184252e-1 +
            s2 *
              (3.33333329818377432918e-1 +
                s2 * (2.72728123808534006489e-1 + s2 * (2.30660745775561754067e-1 + s2 * 2.06975017800338417784e-1)))));
    r += sl * (sh + s);
    s2 = sh * sh;
    th = upperPart(3.0 + s2 + r);
    tl = r - (th - 3.0 - s2);
    const uu: f64 = sh * th;
    const vv: f64 = sl * th + tl * s;
    const ph: f64 = upperPart(uu + vv);
    const pl: f64 = vv - (ph - uu);
    const zh: f64 = 9.61796700954437255859e-1 * ph;
    const zl: f64 =
      -7.02846165095275826516e-9 * ph + pl * 9.61796693925975554329e-1 + (upper ? 1.35003920212974897128e-8 : 0);
    const dh: f64 = upper ? 5.84962487220764160156e-1 : 0;
    const t: f64 = <f64>n;
    t1 = upperPart(zh + zl + dh + t);
    t2 = zl - (t1 - t - dh - zh);
  }
  return powerFromLog(y, t1, t2);
}

/** https://tc39.es/ecma262/#sec-numeric-types-number-exponentiate */
export function mathPow(x: f64, y: f64): f64 {
  if (y == 2 && x == x) return x * x;
  if (y == 0) return 1;
  if (x != x || y != y) return NaN;
  if (y == 1) return x;
  const a: f64 = abs<f64>(x);
  const n: f64 = abs<f64>(y);
  if (n == Infinity) return a == 1 ? NaN : a > 1 == y > 0 ? Infinity : 0;
  const whole: bool = floor<f64>(n) == n;
  // From 2^53 on every double is even.
  const negative: bool = reinterpret<i64>(x) < 0 && whole && n < 9007199254740992.0 && ((<i64>n) & 1) != 0;
  let result: f64 = 0;
  if (a == 0 || a == Infinity) {
    result = (a == 0) == y > 0 ? 0 : Infinity;
  } else if (x < 0 && !whole) {
    return NaN;
  } else if (n == 0.5) {
    result = y > 0 ? sqrt<f64>(a) : powGeneral(a, y);
  } else {
    if (n == 1) result = 1.0 / a;
    else if (whole && n <= MAX_SQUARING) result = powInteger(a, <i32>n, y < 0);
    if (result == 0) result = powGeneral(a, y);
  }
  return negative ? -result : result;
}

/** https://tc39.es/ecma262/#sec-math.cbrt */
export function mathCbrt(x: f64): f64 {
  if (x != x) return NaN;
  const a: f64 = abs<f64>(x);
  if (a == 0 || a == Infinity) return x;
  const n: f64 = normalised(a);
  let t: f64 = withHighWord(0, highWord(n) / 3 + (n == a ? 715094163 : 696219795));
  let r: f64 = t * t * (t / a);
  t *=
    1.87595182427177009643 +
    r * (-1.88497979543377169875 + r * 1.62142972010535446614) +
    r * r * r * (-0.758397934778766047437 + r * 0.145996192886612446982);
  // To 23 bits, rounded away from zero, so that t × t is exact and one Newton step suffices.
  t = reinterpret<f64>((reinterpret<u64>(t) + 0x80000000) & 0xffffffffc0000000);
  r = (a / (t * t) - t) / (t + t + a / (t * t));
  return copysign<f64>(t + t * r, x);
}

/** √(a² + b²), https://tc39.es/ecma262/#sec-math.hypot of two arguments, to about half an ulp. */
export function mathHypot2(a: f64, b: f64): f64 {
  if (abs<f64>(a) == Infinity || abs<f64>(b) == Infinity) return Infinity;
  if (a != a || b != b) return NaN;
  let x: f64 = max<f64>(abs<f64>(a), abs<f64>(b));
  let y: f64 = min<f64>(abs<f64>(a), abs<f64>(b));
  // Below 2^-60 of the other it does not count.
  if (y == 0 || x * 8.673617379884035e-19 > y) return x + y;
  let scale: i32 = 0;
  if (x > 2.582249878086909e120) scale = 600;
  else if (x < 3.872591914849318e-121) scale = -600;
  x *= powerOfTwo(-scale);
  y *= powerOfTwo(-scale);
  const xx: f64 = x * x;
  const yy: f64 = y * y;
  const sum: f64 = xx + yy;
  const low: f64 = xx - sum + yy + (productError(x, x, xx) + productError(y, y, yy));
  const r: f64 = sqrt<f64>(sum);
  const rr: f64 = r * r;
  return (r + (sum - rr - productError(r, r, rr) + low) / (2.0 * r)) * powerOfTwo(scale);
}

// ---- hyperbolic functions -------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-math.sinh */
export function mathSinh(x: f64): f64 {
  if (x != x) return NaN;
  const half: f64 = x < 0 ? -0.5 : 0.5;
  const a: f64 = abs<f64>(x);
  if (a < 22) {
    if (a < 3.725290298461914e-9) return x;
    const t: f64 = mathExpm1(a);
    return a < 1 ? half * (2.0 * t - (t * t) / (t + 1.0)) : half * (t + t / (t + 1.0));
  }
  if (a < 709.7822265625) return half * mathExp(a);
  if (a > HYPERBOLIC_OVERFLOW) return x < 0 ? -Infinity : Infinity;
  const w: f64 = mathExp(0.5 * a);
  return half * w * w;
}

/** https://tc39.es/ecma262/#sec-math.cosh */
export function mathCosh(x: f64): f64 {
  if (x != x) return NaN;
  const a: f64 = abs<f64>(x);
  const high: i32 = highWord(a);
  if (high < 0x3fd62e43) {
    const t: f64 = mathExpm1(a);
    const w: f64 = 1.0 + t;
    return high < 0x3c800000 ? w : 1.0 + (t * t) / (w + w);
  }
  if (a < 22) {
    const t: f64 = mathExp(a);
    return 0.5 * t + 0.5 / t;
  }
  if (high < 0x40862e42) return 0.5 * mathExp(a);
  if (a > HYPERBOLIC_OVERFLOW) return Infinity;
  const w: f64 = mathExp(0.5 * a);
  return 0.5 * w * w;
}

/** https://tc39.es/ecma262/#sec-math.tanh */
export function mathTanh(x: f64): f64 {
  if (x != x) return NaN;
  const a: f64 = abs<f64>(x);
  if (a < 3.725290298461914e-9) return x;
  let z: f64 = 1;
  if (a < 1) {
    const t: f64 = mathExpm1(-2.0 * a);
    z = -t / (t + 2.0);
  } else if (a < 22) {
    z = 1.0 - 2.0 / (mathExpm1(2.0 * a) + 2.0);
  }
  return copysign<f64>(z, x);
}

/** https://tc39.es/ecma262/#sec-math.asinh */
export function mathAsinh(x: f64): f64 {
  if (x != x) return NaN;
  const a: f64 = abs<f64>(x);
  const high: i32 = highWord(a);
  if (high < 0x3e300000 || a == Infinity) return x;
  let w: f64 = 0;
  if (high > 0x41b00000) {
    w = mathLog(a) + LN2;
  } else if (high > 0x40000000) {
    w = mathLog(2.0 * a + 1.0 / (sqrt<f64>(x * x + 1.0) + a));
  } else {
    const t: f64 = x * x;
    w = mathLog1p(a + t / (1.0 + sqrt<f64>(1.0 + t)));
  }
  return copysign<f64>(w, x);
}

/** https://tc39.es/ecma262/#sec-math.acosh */
export function mathAcosh(x: f64): f64 {
  if (!(x >= 1)) return NaN;
  if (x >= 268435456.0) return mathLog(x) + LN2;
  if (x > 2) return mathLog(2.0 * x - 1.0 / (x + sqrt<f64>(x * x - 1.0)));
  const t: f64 = x - 1.0;
  return mathLog1p(t + sqrt<f64>(2.0 * t + t * t));
}

/** https://tc39.es/ecma262/#sec-math.atanh */
export function mathAtanh(x: f64): f64 {
  const a: f64 = abs<f64>(x);
  if (!(a <= 1)) return NaN;
  if (a == 1) return copysign<f64>(Infinity, x);
  if (a < 3.725290298461914e-9) return x;
  const t: f64 = a + a;
  return copysign<f64>(0.5 * mathLog1p(a < 0.5 ? t + (t * a) / (1.0 - a) : t / (1.0 - a)), x);
}

// ---- rounding, remainder, conversion --------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-math.round */
export function mathRound(x: f64): f64 {
  if (x != x) return NaN;
  const up: f64 = ceil<f64>(x);
  return up - 0.5 > x ? up - 1.0 : up;
}

/** https://tc39.es/ecma262/#sec-math.fround */
export function mathFround(x: f64): f64 {
  return x != x ? NaN : <f64>(<f32>x);
}

/** https://tc39.es/ecma262/#sec-math.f16round */
export function mathF16round(x: f64): f64 {
  if (x != x) return NaN;
  const a: f64 = abs<f64>(x);
  if (a >= 65520) return copysign<f64>(Infinity, x);
  // The distance of neighbours: 2^-24 for subnormals, else 2^10 below the leading bit.
  const exponent: i32 = max<i32>(<i32>(reinterpret<u64>(a) >> 52) - 1023, -14) - 10;
  return copysign<f64>(nearest<f64>(a * powerOfTwo(-exponent)) * powerOfTwo(exponent), x);
}

/** https://tc39.es/ecma262/#sec-math.sign */
export function mathSign(x: f64): f64 {
  return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? x : NaN;
}

/** https://tc39.es/ecma262/#sec-numeric-types-number-remainder */
export function mathFmod(a: f64, b: f64): f64 {
  const i: i32 = <i32>a;
  const j: i32 = <i32>b;
  if (<f64>i == a && <f64>j == b && j != 0) return copysign<f64>(<f64>abs<i32>(i % j), a);
  const x: f64 = abs<f64>(a);
  const y: f64 = abs<f64>(b);
  if (!(x < Infinity) || y != y || y == 0) return NaN;
  if (x < y) return a;
  if (x < 9223372036854775808.0 && floor<f64>(x) == x && floor<f64>(y) == y) {
    return copysign<f64>(<f64>(<u64>x % <u64>y), a);
  }
  const xb: u64 = reinterpret<u64>(x);
  const yb: u64 = reinterpret<u64>(y);
  const ex: i32 = max<i32>(<i32>(xb >> 52), 1);
  let ey: i32 = max<i32>(<i32>(yb >> 52), 1);
  let r: u64 = (xb & 0x000fffffffffffff) | (u64(xb >> 52 != 0) << 52);
  const m: u64 = (yb & 0x000fffffffffffff) | (u64(yb >> 52 != 0) << 52);
  // Long division, eleven bits at a time.
  r %= m;
  for (let left: i32 = ex - ey; left > 0 && r != 0; left -= 11) r = (r << min<i32>(left, 11)) % m;
  if (r == 0) return copysign<f64>(0, a);
  const shift: i32 = min<i32>(<i32>clz<u64>(r) - 11, ey - 1);
  r <<= shift;
  ey -= shift;
  // A result that kept its leading bit has an exponent; a subnormal one does not.
  const bits: u64 = (r & 0x000fffffffffffff) | (r >> 52 != 0 ? (<u64>ey) << 52 : 0);
  return copysign<f64>(reinterpret<f64>(bits), a);
}

/** https://tc39.es/ecma262/#sec-toint32 */
export function toInt32(x: f64): i32 {
  const fast: i32 = <i32>x;
  if (<f64>fast == x) return fast;
  if (abs<f64>(x) < 9223372036854775808.0) return <i32>(<i64>x);
  const exponent: i32 = <i32>((reinterpret<u64>(x) >> 52) & 0x7ff) - 1075;
  // NaN and the infinities too: their exponent is beyond 31.
  if (exponent > 31) return 0;
  const n: i32 = <i32>(((reinterpret<u64>(x) & 0x000fffffffffffff) | 0x0010000000000000) << exponent);
  return x < 0 ? -n : n;
}

/** https://tc39.es/ecma262/#sec-touint32 */
export function toUint32(x: f64): u32 {
  return <u32>toInt32(x);
}
