/**
 * Exponentials and logarithms. Importers use math.ts, which re-exports them.
 *
 * Owns: ports of fdlibm 5.3 as FreeBSD's msun and V8 keep it, with the same results as V8, bit for bit.
 * Must never: allocate, call AssemblyScript's own Math, or reorder a floating-point expression: every bracket counts.
 *
 * fdlibm: Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved. Developed at SunSoft, a Sun
 * Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely granted, provided
 * that this notice is preserved.
 */

import { highWord, normalised, powerOfTwo, scaleNearOne, upperPart, withHighWord } from "./float-bits";

const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
const INVERSE_LN2: f64 = 1.442695040888963387;
const EXP_OVERFLOW: f64 = 7.09782712893383973096e2;
const EXP_UNDERFLOW: f64 = -7.4513321910194110842e2;

/** c of fdlibm's exp: e^x = 1 + x + x × c / (2 − c), |x| ≤ ln 2 / 2. */
// @ts-ignore: decorator
@inline
export function expSeries(x: f64): f64 {
  const t: f64 = x * x;
  return (
    x -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t * (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  );
}

/** https://tc39.es/ecma262/#sec-math.exp */
export function mathExp(x0: f64): f64 {
  let x: f64 = x0;
  if (x != x) return NaN;
  if (x > EXP_OVERFLOW) return Infinity;
  if (x < EXP_UNDERFLOW) return 0;
  const high: i32 = highWord(x) & 0x7fffffff;
  let top: f64 = 0;
  let low: f64 = 0;
  let k: i32 = 0;
  if (high > 0x3fd62e42) {
    if (x == 1.0) return 2.718281828459045;
    if (high < 0x3ff0a2b2) k = x < 0 ? -1 : 1;
    else k = <i32>(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    top = x - <f64>k * LN2_HIGH;
    low = <f64>k * LN2_LOW;
    x = top - low;
  } else if (high < 0x3e300000) {
    return 1.0 + x;
  }
  const c: f64 = expSeries(x);
  if (k == 0) return 1.0 - ((x * c) / (c - 2.0) - x);
  return scaleNearOne(1.0 - (low - (x * c) / (2.0 - c) - top), k);
}

/** https://tc39.es/ecma262/#sec-math.expm1 */
export function mathExpm1(x0: f64): f64 {
  let x: f64 = x0;
  if (x != x) return NaN;
  if (x > EXP_OVERFLOW) return Infinity;
  const high: i32 = highWord(x) & 0x7fffffff;
  if (high >= 0x4043687a && x < 0) return -1;
  let k: i32 = 0;
  let c: f64 = 0;
  if (high > 0x3fd62e42) {
    if (high < 0x3ff0a2b2) k = x < 0 ? -1 : 1;
    else k = <i32>(INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
    const top: f64 = x - <f64>k * LN2_HIGH;
    const low: f64 = <f64>k * LN2_LOW;
    x = top - low;
    c = top - x - low;
  } else if (high < 0x3c900000) {
    return x;
  }
  const half: f64 = 0.5 * x;
  const s: f64 = x * half;
  const r: f64 =
    1.0 +
    s *
      (-3.33333333333331316428e-2 +
        s *
          (1.58730158725481460165e-3 +
            s * (-7.93650757867487942473e-5 + s * (4.00821782732936239552e-6 + s * -2.01099218183624371326e-7))));
  const t: f64 = 3.0 - r * half;
  let e: f64 = s * ((r - t) / (6.0 - x * t));
  if (k == 0) return x - (x * e - s);
  e = x * (e - c) - c;
  e -= s;
  if (k == -1) return 0.5 * (x - e) - 0.5;
  if (k == 1) return x < -0.25 ? -2.0 * (e - (x + 0.5)) : 1.0 + 2.0 * (x - e);
  if (k <= -2 || k > 56) {
    const y: f64 = 1.0 - (e - x);
    return (k == 1024 ? y * 2.0 * powerOfTwo(1023) : y * powerOfTwo(k)) - 1.0;
  }
  const small: f64 = powerOfTwo(-k);
  const y: f64 = k < 20 ? 1.0 - small - (e - x) : x - (e + small) + 1.0;
  return y * powerOfTwo(k);
}

/** R of fdlibm's logarithms: log(1 + f) = f − f²/2 + s × (f²/2 + R), s = f / (2 + f). */
// @ts-ignore: decorator
@inline
function logSeries(s: f64): f64 {
  const z: f64 = s * s;
  const w: f64 = z * z;
  const t1: f64 = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const t2: f64 =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860510658591e-1)));
  return t2 + t1;
}

/** https://tc39.es/ecma262/#sec-math.log */
export function mathLog(x0: f64): f64 {
  if (x0 == 0) return -Infinity;
  if (!(x0 > 0)) return NaN;
  if (x0 == Infinity) return x0;
  let x: f64 = normalised(x0);
  let high: i32 = highWord(x);
  let k: i32 = (high >> 20) - 1023 - (x == x0 ? 0 : 54);
  high &= 0xfffff;
  const up: i32 = (high + 0x95f64) & 0x100000;
  x = withHighWord(x, high | (up ^ 0x3ff00000));
  k += up >> 20;
  const dk: f64 = <f64>k;
  const f: f64 = x - 1.0;
  if ((0xfffff & (2 + high)) < 3) {
    if (f == 0) return k == 0 ? 0 : dk * LN2_HIGH + dk * LN2_LOW;
    const r: f64 = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : dk * LN2_HIGH - (r - dk * LN2_LOW - f);
  }
  const s: f64 = f / (2.0 + f);
  const r: f64 = logSeries(s);
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const half: f64 = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : dk * LN2_HIGH - (half - (s * (half + r) + dk * LN2_LOW) - f);
  }
  return k == 0 ? f - s * (f - r) : dk * LN2_HIGH - (s * (f - r) - dk * LN2_LOW - f);
}

/** https://tc39.es/ecma262/#sec-math.log1p */
export function mathLog1p(x: f64): f64 {
  if (x == -1) return -Infinity;
  if (!(x > -1)) return NaN;
  if (x == Infinity) return x;
  const high: i32 = highWord(x);
  const a: i32 = high & 0x7fffffff;
  let k: i32 = 1;
  let f: f64 = 0;
  let c: f64 = 0;
  let hu: i32 = 1;
  if (high < 0x3fda827a) {
    if (a < 0x3e200000) return a < 0x3c900000 ? x : x - x * x * 0.5;
    if (high > 0 || high <= <i32>0xbfd2bec4) {
      k = 0;
      f = x;
    }
  }
  if (k != 0) {
    let u: f64 = x;
    if (high < 0x43400000) u = 1.0 + x;
    hu = highWord(u);
    k = (hu >> 20) - 1023;
    if (high < 0x43400000) c = (k > 0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
    hu &= 0xfffff;
    if (hu < 0x6a09e) {
      u = withHighWord(u, hu | 0x3ff00000);
    } else {
      k++;
      u = withHighWord(u, hu | 0x3fe00000);
      hu = (0x00100000 - hu) >> 2;
    }
    f = u - 1.0;
  }
  const dk: f64 = <f64>k;
  const half: f64 = 0.5 * f * f;
  if (hu == 0) {
    if (f == 0) return k == 0 ? 0 : dk * LN2_HIGH + (c + dk * LN2_LOW);
    const r: f64 = half * (1.0 - 0.66666666666666666 * f);
    return k == 0 ? f - r : dk * LN2_HIGH - (r - (dk * LN2_LOW + c) - f);
  }
  const s: f64 = f / (2.0 + f);
  const z: f64 = s * s;
  const r: f64 =
    z *
    (6.66666666666673513e-1 +
      z *
        (3.999999999940941908e-1 +
          z *
            (2.857142874366239149e-1 +
              z *
                (2.222219843214978396e-1 +
                  z * (1.818357216161805012e-1 + z * (1.531383769920937332e-1 + z * 1.479819860510658591e-1))))));
  return k == 0 ? f - (half - s * (half + r)) : dk * LN2_HIGH - (half - (s * (half + r) + (dk * LN2_LOW + c)) - f);
}

/** https://tc39.es/ecma262/#sec-math.log2 */
export function mathLog2(x0: f64): f64 {
  if (x0 == 0) return -Infinity;
  if (!(x0 > 0)) return NaN;
  if (x0 == Infinity) return x0;
  let x: f64 = normalised(x0);
  let high: i32 = highWord(x);
  let k: i32 = (high >> 20) - 1023 - (x == x0 ? 0 : 54);
  high &= 0xfffff;
  const up: i32 = (high + 0x95f64) & 0x100000;
  x = withHighWord(x, high | (up ^ 0x3ff00000));
  k += up >> 20;
  const y: f64 = <f64>k;
  const f: f64 = x - 1.0;
  const half: f64 = 0.5 * f * f;
  const s: f64 = f / (2.0 + f);
  const r: f64 = s * (half + logSeries(s));
  const top: f64 = upperPart(f - half);
  const low: f64 = f - top - half + r;
  const valueHigh: f64 = top * 1.44269504072144627571;
  const valueLow: f64 = (low + top) * 1.67517131648865118353e-10 + low * 1.44269504072144627571;
  const w: f64 = y + valueHigh;
  return valueLow + (y - w + valueHigh) + w;
}

/** https://tc39.es/ecma262/#sec-math.log10 */
export function mathLog10(x0: f64): f64 {
  if (x0 == 0) return -Infinity;
  if (!(x0 > 0)) return NaN;
  if (x0 == Infinity) return x0;
  const x: f64 = normalised(x0);
  const high: i32 = highWord(x);
  const k: i32 = (high >> 20) - 1023 - (x == x0 ? 0 : 54);
  const below: i32 = k < 0 ? 1 : 0;
  const y: f64 = <f64>(k + below);
  const z: f64 =
    y * 3.69423907715893078616e-13 +
    4.34294481903251816668e-1 * mathLog(withHighWord(x, (high & 0xfffff) | ((0x3ff - below) << 20)));
  return z + y * 3.01029995663611771306e-1;
}
