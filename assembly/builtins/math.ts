// Owns the natives of Math. The functions themselves are in core/math.ts: the same bits on every engine. Must never call guest code:
// the prelude functions of the same names convert arguments that are objects, and then come back through mathUnary and mathBinary.
// https://tc39.es/ecma262/#sec-math-object
import {
  mathAcos as acos, mathAcosh as acosh, mathAsin as asin, mathAsinh as asinh, mathAtan as atan, mathAtan2 as atan2, mathAtanh as atanh,
  mathCbrt as cbrt, mathCos as cos, mathCosh as cosh, mathExp as exp, mathExpm1 as expm1, mathF16round as f16round, mathFround as fround,
  mathHypot2 as hypot2, mathLog as log, mathLog10 as log10, mathLog1p as log1p, mathLog2 as log2, mathPow as pow, mathRound as round,
  mathSign as sign, mathSin as sin, mathSinh as sinh, mathTan as tan, mathTanh as tanh,
} from "../core/math";
import { addressOf, asInt, boxInt, boxNumber, isInt, isNumber, toDouble, Value } from "../core/value";
import { VM_RANDOM_S0, VM_RANDOM_S1, VM_RANDOM_S2, VM_RANDOM_S3 } from "../generated/layout";
import { chargeFuel } from "../heap/memory";
import { argAt } from "../interpreter/native";
import { denseLength, elementAt, elementsOf } from "../objects/elements";
import { toInt32Value, toNumberPrimitive, toUint32Value } from "../primitives/convert";
import { FINE, refuseNumber } from "./shared";

// --- one argument -----------------------------------------------------------------------------------------------------

/** Functions by the number that the prelude gives mathUnary. */
function unary(which: i32, x: f64): f64 {
  switch (which) {
    case 0:
      return abs<f64>(x);
    case 1:
      return ceil<f64>(x);
    case 2:
      return floor<f64>(x);
    case 3:
      return round(x);
    case 4:
      return sqrt<f64>(x);
    case 5:
      return trunc<f64>(x);
    case 6:
      return <f64>clz<u32>(toUint32Value(boxNumber(x)));
    case 7:
      return acos(x);
    case 8:
      return acosh(x);
    case 9:
      return asin(x);
    case 10:
      return asinh(x);
    case 11:
      return atan(x);
    case 12:
      return atanh(x);
    case 13:
      return cbrt(x);
    case 14:
      return cos(x);
    case 15:
      return cosh(x);
    case 16:
      return exp(x);
    case 17:
      return expm1(x);
    case 18:
      return fround(x);
    case 19:
      return f16round(x);
    case 20:
      return log(x);
    case 21:
      return log1p(x);
    case 22:
      return log10(x);
    case 23:
      return log2(x);
    case 24:
      return sign(x);
    case 25:
      return sin(x);
    case 26:
      return sinh(x);
    case 27:
      return tan(x);
    case 28:
      return tanh(x);
  }
  // The prelude passes no other number.
  return NaN;
}
/** (which, number) */
export function mathUnary(area: usize, argc: i32): Value {
  return boxNumber(unary(asInt(load<u64>(area, 16)), toDouble(load<u64>(area, 24))));
}

function apply(area: usize, argc: i32, which: i32): Value {
  const v = argAt(area, argc, 0);
  if (isNumber(v)) return boxNumber(unary(which, toDouble(v)));
  const refused = refuseNumber(v);
  return refused != FINE ? refused : boxNumber(unary(which, toNumberPrimitive(v)));
}

/** https://tc39.es/ecma262/#sec-math.abs */
export function mathAbs(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isInt(v) && asInt(v) >= 0 ? v : apply(area, argc, 0);
}
/** https://tc39.es/ecma262/#sec-math.ceil */
export function mathCeil(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isInt(v) ? v : apply(area, argc, 1);
}
/** https://tc39.es/ecma262/#sec-math.floor */
export function mathFloor(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isInt(v) ? v : apply(area, argc, 2);
}
/** https://tc39.es/ecma262/#sec-math.round */
export function mathRound(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isInt(v) ? v : apply(area, argc, 3);
}
/** https://tc39.es/ecma262/#sec-math.sqrt */
export function mathSqrt(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isNumber(v) ? boxNumber(sqrt<f64>(toDouble(v))) : apply(area, argc, 4);
}
/** https://tc39.es/ecma262/#sec-math.trunc */
export function mathTrunc(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return isInt(v) ? v : apply(area, argc, 5);
}
/** https://tc39.es/ecma262/#sec-math.clz32 */
export function mathClz32(area: usize, argc: i32): Value {
  return apply(area, argc, 6);
}
/** https://tc39.es/ecma262/#sec-math.acos */
export function mathAcos(area: usize, argc: i32): Value {
  return apply(area, argc, 7);
}
/** https://tc39.es/ecma262/#sec-math.acosh */
export function mathAcosh(area: usize, argc: i32): Value {
  return apply(area, argc, 8);
}
/** https://tc39.es/ecma262/#sec-math.asin */
export function mathAsin(area: usize, argc: i32): Value {
  return apply(area, argc, 9);
}
/** https://tc39.es/ecma262/#sec-math.asinh */
export function mathAsinh(area: usize, argc: i32): Value {
  return apply(area, argc, 10);
}
/** https://tc39.es/ecma262/#sec-math.atan */
export function mathAtan(area: usize, argc: i32): Value {
  return apply(area, argc, 11);
}
/** https://tc39.es/ecma262/#sec-math.atanh */
export function mathAtanh(area: usize, argc: i32): Value {
  return apply(area, argc, 12);
}
/** https://tc39.es/ecma262/#sec-math.cbrt */
export function mathCbrt(area: usize, argc: i32): Value {
  return apply(area, argc, 13);
}
/** https://tc39.es/ecma262/#sec-math.cos */
export function mathCos(area: usize, argc: i32): Value {
  return apply(area, argc, 14);
}
/** https://tc39.es/ecma262/#sec-math.cosh */
export function mathCosh(area: usize, argc: i32): Value {
  return apply(area, argc, 15);
}
/** https://tc39.es/ecma262/#sec-math.exp */
export function mathExp(area: usize, argc: i32): Value {
  return apply(area, argc, 16);
}
/** https://tc39.es/ecma262/#sec-math.expm1 */
export function mathExpm1(area: usize, argc: i32): Value {
  return apply(area, argc, 17);
}
/** https://tc39.es/ecma262/#sec-math.fround */
export function mathFround(area: usize, argc: i32): Value {
  return apply(area, argc, 18);
}
/** https://tc39.es/ecma262/#sec-math.f16round */
export function mathF16round(area: usize, argc: i32): Value {
  return apply(area, argc, 19);
}
/** https://tc39.es/ecma262/#sec-math.log */
export function mathLog(area: usize, argc: i32): Value {
  return apply(area, argc, 20);
}
/** https://tc39.es/ecma262/#sec-math.log1p */
export function mathLog1p(area: usize, argc: i32): Value {
  return apply(area, argc, 21);
}
/** https://tc39.es/ecma262/#sec-math.log10 */
export function mathLog10(area: usize, argc: i32): Value {
  return apply(area, argc, 22);
}
/** https://tc39.es/ecma262/#sec-math.log2 */
export function mathLog2(area: usize, argc: i32): Value {
  return apply(area, argc, 23);
}
/** https://tc39.es/ecma262/#sec-math.sign */
export function mathSign(area: usize, argc: i32): Value {
  return apply(area, argc, 24);
}
/** https://tc39.es/ecma262/#sec-math.sin */
export function mathSin(area: usize, argc: i32): Value {
  return apply(area, argc, 25);
}
/** https://tc39.es/ecma262/#sec-math.sinh */
export function mathSinh(area: usize, argc: i32): Value {
  return apply(area, argc, 26);
}
/** https://tc39.es/ecma262/#sec-math.tan */
export function mathTan(area: usize, argc: i32): Value {
  return apply(area, argc, 27);
}
/** https://tc39.es/ecma262/#sec-math.tanh */
export function mathTanh(area: usize, argc: i32): Value {
  return apply(area, argc, 28);
}

// --- two arguments ------------------------------------------------------------------------------------------------------

function binary(which: i32, x: f64, y: f64): f64 {
  return which == 0
    ? atan2(x, y)
    : which == 1
      ? pow(x, y)
      : <f64>(toInt32Value(boxNumber(x)) * toInt32Value(boxNumber(y)));
}
/** (which: atan2 0, pow 1, imul 2; number, number) */
export function mathBinary(area: usize, argc: i32): Value {
  return boxNumber(binary(asInt(load<u64>(area, 16)), toDouble(load<u64>(area, 24)), toDouble(load<u64>(area, 32))));
}
function apply2(area: usize, argc: i32, which: i32): Value {
  const l = argAt(area, argc, 0);
  const r = argAt(area, argc, 1);
  let refused = refuseNumber(l);
  if (refused == FINE) refused = refuseNumber(r);
  return refused != FINE ? refused : boxNumber(binary(which, toNumberPrimitive(l), toNumberPrimitive(r)));
}
/** https://tc39.es/ecma262/#sec-math.atan2 */
export function mathAtan2(area: usize, argc: i32): Value {
  return apply2(area, argc, 0);
}
/** https://tc39.es/ecma262/#sec-math.pow */
export function mathPow(area: usize, argc: i32): Value {
  return apply2(area, argc, 1);
}
/** https://tc39.es/ecma262/#sec-math.imul */
export function mathImul(area: usize, argc: i32): Value {
  const l = argAt(area, argc, 0);
  const r = argAt(area, argc, 1);
  return isInt(l) && isInt(r) ? boxInt(asInt(l) * asInt(r)) : apply2(area, argc, 2);
}

// --- many arguments -----------------------------------------------------------------------------------------------------

/** Refusal of the first argument that toNumberPrimitive does not take. */
function refuseAny(area: usize, argc: i32): Value {
  for (let i = 0; i < argc; i++) {
    const refused = refuseNumber(argAt(area, argc, i));
    if (refused != FINE) return refused;
  }
  chargeFuel(argc >> 3);
  return FINE;
}

/** https://tc39.es/ecma262/#sec-math.max; also with numbers from the prelude */
export function mathMax(area: usize, argc: i32): Value {
  if (argc == 2) {
    const l = load<u64>(area, 16);
    const r = load<u64>(area, 24);
    if (isInt(l) && isInt(r)) return asInt(l) > asInt(r) ? l : r;
  }
  const refused = refuseAny(area, argc);
  if (refused != FINE) return refused;
  let result = -Infinity;
  for (let i = 0; i < argc; i++) result = max<f64>(result, toNumberPrimitive(argAt(area, argc, i)));
  return boxNumber(result);
}
/** https://tc39.es/ecma262/#sec-math.min */
export function mathMin(area: usize, argc: i32): Value {
  if (argc == 2) {
    const l = load<u64>(area, 16);
    const r = load<u64>(area, 24);
    if (isInt(l) && isInt(r)) return asInt(l) < asInt(r) ? l : r;
  }
  const refused = refuseAny(area, argc);
  if (refused != FINE) return refused;
  let result = Infinity;
  for (let i = 0; i < argc; i++) result = min<f64>(result, toNumberPrimitive(argAt(area, argc, i)));
  return boxNumber(result);
}

/** Square root of the sum of squares of `count` numbers at `at`. */
function hypotOf(at: usize, count: i32): f64 {
  let largest: f64 = 0;
  let nan = false;
  for (let i = 0; i < count; i++) {
    const d = abs<f64>(toNumberPrimitive(load<u64>(at + ((<usize>i) << 3))));
    if (d == Infinity) return d;
    if (d != d) nan = true;
    else if (d > largest) largest = d;
  }
  if (nan) return NaN;
  if (largest == 0) return 0;
  chargeFuel(count >> 3);
  // Kahan's summation keeps what each addition loses.
  let sum: f64 = 0;
  let lost: f64 = 0;
  for (let i = 0; i < count; i++) {
    const n = toNumberPrimitive(load<u64>(at + ((<usize>i) << 3))) / largest;
    const term = n * n - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sqrt<f64>(sum) * largest;
}
/** https://tc39.es/ecma262/#sec-math.hypot */
export function mathHypot(area: usize, argc: i32): Value {
  const refused = refuseAny(area, argc);
  if (refused != FINE) return refused;
  if (argc == 2)
    return boxNumber(hypot2(toNumberPrimitive(argAt(area, argc, 0)), toNumberPrimitive(argAt(area, argc, 1))));
  return boxNumber(hypotOf(area + 16, argc));
}
/** (which: max 0, min 1, hypot 2; array of numbers) */
export function mathList(area: usize, argc: i32): Value {
  const which = asInt(load<u64>(area, 16));
  const elements = elementsOf(addressOf(load<u64>(area, 24)));
  const count = <i32>denseLength(elements);
  chargeFuel(count >> 4);
  if (which == 2) {
    if (count == 2)
      return boxNumber(
        hypot2(toDouble(load<u64>(elementAt(elements, 0))), toDouble(load<u64>(elementAt(elements, 1)))),
      );
    return boxNumber(count == 0 ? 0 : hypotOf(elementAt(elements, 0), count));
  }
  let result = which == 0 ? -Infinity : Infinity;
  for (let i = 0; i < count; i++) {
    const d = toDouble(load<u64>(elementAt(elements, i)));
    result = which == 0 ? max<f64>(result, d) : min<f64>(result, d);
  }
  return boxNumber(result);
}

// --- random ---------------------------------------------------------------------------------------------------------------

/** xoshiro128++ by Blackman and Vigna: the next 32 bits. */
function nextRandom(): u32 {
  const s0 = load<u32>(VM_RANDOM_S0);
  let s1 = load<u32>(VM_RANDOM_S1);
  let s2 = load<u32>(VM_RANDOM_S2);
  let s3 = load<u32>(VM_RANDOM_S3);
  const result = rotl<u32>(s0 + s3, 7) + s0;
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  store<u32>(VM_RANDOM_S0, s0 ^ s3);
  store<u32>(VM_RANDOM_S1, s1);
  store<u32>(VM_RANDOM_S2, s2 ^ t);
  store<u32>(VM_RANDOM_S3, rotl<u32>(s3, 11));
  return result;
}
/** 32 random bits of a generator that may not be seeded yet. */
export function randomWord(): u32 {
  // A state of zeros never changes; it means that the generator was never seeded.
  if ((load<u32>(VM_RANDOM_S0) | load<u32>(VM_RANDOM_S1) | load<u32>(VM_RANDOM_S2) | load<u32>(VM_RANDOM_S3)) == 0)
    store<u32>(VM_RANDOM_S0, 0x9e3779b9);
  return nextRandom();
}
/** https://tc39.es/ecma262/#sec-math.random */
export function mathRandom(area: usize, argc: i32): Value {
  const high = randomWord() >> 5;
  const low = nextRandom() >> 6;
  return boxNumber((<f64>high * 67108864.0 + <f64>low) / 9007199254740992.0);
}
