/**
 * Numbers to text, as Latin-1 bytes: Number::toString and the number-formatting methods of Number.prototype.
 *
 * Owns: the shortest digits (Schubfach, R. Giulietti 2020, after A. Bolz's arrangement), fixed, exponential, precision
 * and radix forms. Everything is exact but the fraction in `formatRadix`, which the specification leaves open and which
 * follows V8 digit for digit.
 * Must never: allocate, check arguments (RangeErrors are the caller's), or write past `out` + the length it documents.
 *
 * Digits are made eight at a time in a u64 (one decimal digit a byte), so no digit table is needed:
 *
 *     DIGITS   17 digits, leading zeros included │ 48 × '0'     a reader may run on into the zeros
 */
import { decimalCount, decimalDigit, decimalPoint, expandDecimal, roundDecimal } from "./bignum";
import { exactPowerU64, floorLog2OfPower, loadPower, mulHigh, powerHigh, powerLow } from "./powers-of-ten";

const FRACTION_MASK: u64 = 0x000fffffffffffff;
const HIDDEN_BIT: u64 = 0x0010000000000000;
const SIGN_MASK: u64 = 0x7fffffffffffffff;
/** 2^53: whole doubles below it are exact. */
const MAX_EXACT: f64 = 9007199254740992.0;
const ASCII_ZEROS: u64 = 0x3030303030303030;

const DIGITS: usize = memory.data(72);
/** Two halves of 1100 bytes: integer digits grow down from the middle, fraction digits up from it. */
const RADIX_TEXT: usize = memory.data(2200);
const RADIX_MIDDLE: usize = RADIX_TEXT + 1100;

// ---- digits ---------------------------------------------------------------------------------------------------------

/** Eight digits of n < 10^8, one a byte, the first in the lowest byte; add ASCII_ZEROS for text. */
// @ts-ignore: decorator
@inline
function eightDigits(n: u32): u64 {
  const high: u32 = n / 10000;
  const quads: u64 = (<u64>high) | ((<u64>(n - high * 10000)) << 32);
  const hundreds: u64 = ((quads * 10486) >> 20) & 0x0000007f0000007f;
  const pairs: u64 = hundreds | ((quads - hundreds * 100) << 16);
  const tens: u64 = ((pairs * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

// @ts-ignore: decorator
@inline
function divideBy10(n: u64): u64 {
  return mulHigh(n, 0xcccccccccccccccd) >> 3;
}

/** ⌊n / 10^8⌋ for n < 10^17. */
// @ts-ignore: decorator
@inline
function divideBy1e8(n: u64): u64 {
  return mulHigh(n, 0xabcc77118461cefd) >> 26;
}

/** ⌊g × c / 2^128⌋ with every lost bit folded into the lowest: enough to order it against the interval's ends. */
// @ts-ignore: decorator
@inline
function roundToOdd(high: u64, low: u64, c: u64): u64 {
  const carried: u64 = mulHigh(low, c);
  const product: u64 = high * c + carried;
  return (mulHigh(high, c) + u64(product < carried)) | u64(product > 1);
}

/** Writes n < 10^17 to DIGITS; returns the place (see `shortestDigits`) of n × 10^k. */
function placeDigits(n: u64, k: i32): i32 {
  const upper: u64 = divideBy1e8(n);
  const last: u64 = eightDigits(<u32>(n - upper * 100000000));
  const first: u32 = <u32>upper / 100000000;
  const middle: u64 = eightDigits(<u32>upper - first * 100000000);
  store<u8>(DIGITS, <u8>(first + 0x30));
  store<u64>(DIGITS, middle + ASCII_ZEROS, 1);
  store<u64>(DIGITS, last + ASCII_ZEROS, 9);
  store<u64>(DIGITS, ASCII_ZEROS, 17);
  store<u64>(DIGITS, ASCII_ZEROS, 25);
  store<u64>(DIGITS, ASCII_ZEROS, 33);
  store<u64>(DIGITS, ASCII_ZEROS, 41);
  let lead: i32 = 0;
  if (first == 0) {
    lead = 1 + (middle != 0 ? <i32>(ctz<u64>(middle) >> 3) : 8 + <i32>(ctz<u64>(last) >> 3));
  }
  let trail: i32 = 0;
  if (last != 0) trail = <i32>(clz<u64>(last) >> 3);
  else trail = 8 + (middle != 0 ? <i32>(clz<u64>(middle) >> 3) : 8);
  return ((17 - lead + k) << 16) | (lead << 8) | (17 - lead - trail);
}

/**
 * Writes the shortest digits that read back as the positive finite double with these bits; of several, the closest. They are at
 * DIGITS + lead. The result packs point << 16 | lead << 8 | count, with value = 0.d1 d2 … × 10^point.
 */
function shortestDigits(bits: u64): i32 {
  const fraction: u64 = bits & FRACTION_MASK;
  const biased: i32 = <i32>(bits >> 52);
  let c: u64 = fraction;
  let q: i32 = -1074;
  if (biased != 0) {
    c = HIDDEN_BIT | fraction;
    q = biased - 1075;
    // An integer below 2^53 is its own shortest form: its neighbours are at most 1 away.
    if (q <= 0 && q > -53 && (c & (((<u64>1) << -q) - 1)) == 0) return placeDigits(c >> -q, 0);
  }
  // At a power of two the lower neighbour is half as far away.
  const uneven: bool = fraction == 0 && biased > 1;
  const open: u64 = c & 1;
  const k: i32 = (q * 1262611 - (uneven ? 524031 : 0)) >> 22;
  const shift: i32 = q + floorLog2OfPower(-k) + 1;
  loadPower(-k);
  const high: u64 = powerHigh();
  // Above 10^55 the table is rounded down, and Schubfach wants it up.
  const low: u64 = powerLow() + u64(-k > 55);
  const lower: u64 = roundToOdd(high, low, (4 * c - 2 + u64(uneven)) << shift) + open;
  const value: u64 = roundToOdd(high, low, (4 * c) << shift);
  const upper: u64 = roundToOdd(high, low, (4 * c + 2) << shift) - open;
  const s: u64 = value >> 2;
  if (s >= 10) {
    const tenth: u64 = divideBy10(s);
    const below: bool = lower <= 40 * tenth;
    const above: bool = 40 * tenth + 40 <= upper;
    if (below != above) return placeDigits(tenth + u64(above), k + 1);
  }
  const below: bool = lower <= 4 * s;
  const above: bool = 4 * s + 4 <= upper;
  if (below != above) return placeDigits(s + u64(above), k);
  const middle: u64 = 4 * s + 2;
  return placeDigits(s + u64(value > middle || (value == middle && (s & 1) != 0)), k);
}

// ---- pieces of text -------------------------------------------------------------------------------------------------

/** "NaN", "Infinity" or "-Infinity" for an x that is not finite. */
function formatNonFinite(x: f64, out: usize): i32 {
  if (x != x) {
    store<u8>(out, 0x4e);
    store<u8>(out, 0x61, 1);
    store<u8>(out, 0x4e, 2);
    return 3;
  }
  let p: usize = out;
  if (x < 0) store<u8>(p++, 0x2d);
  store<u64>(p, 0x7974696e69666e49);
  return <i32>(p - out) + 8;
}

/** n < 10^8, no leading zeros; returns the end. Writes up to 8 bytes. */
// @ts-ignore: decorator
@inline
function putSmall(n: u32, p: usize): usize {
  const digits: u64 = eightDigits(n);
  const skip: u64 = n == 0 ? 56 : ctz<u64>(digits) & 56;
  store<u64>(p, (digits + ASCII_ZEROS) >> skip);
  return p + <usize>((64 - skip) >> 3);
}

/** "e+N" for 0.d1 d2 … × 10^point; returns the end. Writes up to 10 bytes. */
function putExponent(point: i32, p: usize): usize {
  const e: i32 = point - 1;
  store<u8>(p, 0x65);
  store<u8>(p, e < 0 ? 0x2d : 0x2b, 1);
  return putSmall(<u32>(e < 0 ? -e : e), p + 2);
}

/** `count` digits of the rounded decimal from index `from` on; returns the end. */
function putDecimal(from: i32, count: i32, p: usize): usize {
  for (let i: i32 = 0; i < count; i++) store<u8>(p + <usize>i, decimalDigit(from + i));
  return p + <usize>count;
}

/** d.ddd with `digits` digits after the point, and the exponent, from the rounded decimal. */
function putExponential(digits: i32, p: usize): usize {
  const point: i32 = decimalCount() == 0 ? 1 : decimalPoint();
  store<u8>(p++, decimalDigit(0));
  if (digits > 0) {
    store<u8>(p++, 0x2e);
    p = putDecimal(1, digits, p);
  }
  return putExponent(point, p);
}

/** DECIMAL = |x|, x finite. */
function expandNumber(x: f64): void {
  const bits: u64 = reinterpret<u64>(x) & SIGN_MASK;
  const biased: i32 = <i32>(bits >> 52);
  if (biased == 0) expandDecimal(bits, -1074);
  else expandDecimal((bits & FRACTION_MASK) | HIDDEN_BIT, biased - 1075);
}

// ---- Number::toString -----------------------------------------------------------------------------------------------

/** Decimal text of an int32; up to 11 bytes. Writes up to 11. */
export function formatInt(x: i32, out: usize): i32 {
  let p: usize = out;
  let n: u32 = <u32>x;
  if (x < 0) {
    store<u8>(p++, 0x2d);
    n = 0 - n;
  }
  if (n < 10) {
    store<u8>(p, <u8>(n + 0x30));
    return <i32>(p - out) + 1;
  }
  if (n >= 100000000) {
    const high: u32 = n / 100000000;
    n -= high * 100000000;
    if (high >= 10) {
      store<u8>(p++, <u8>(high / 10 + 0x30));
      store<u8>(p++, <u8>((high % 10) + 0x30));
    } else {
      store<u8>(p++, <u8>(high + 0x30));
    }
    store<u64>(p, eightDigits(n) + ASCII_ZEROS);
    return <i32>(p - out) + 8;
  }
  return <i32>(putSmall(n, p) - out);
}

/**
 * https://tc39.es/ecma262/#sec-numeric-types-number-tostring with radix 10. The text is at most 25 bytes long, and no
 * more than 32 are written.
 */
export function formatNumber(x: f64, out: usize): i32 {
  const whole: i32 = <i32>x;
  if (<f64>whole == x) return formatInt(whole, out);
  const bits: u64 = reinterpret<u64>(x) & SIGN_MASK;
  if (bits >= 0x7ff0000000000000) return formatNonFinite(x, out);
  let p: usize = out;
  if (x < 0) store<u8>(p++, 0x2d);
  // A decimal of up to 15 digits that reads back as x is the shortest: no two of them are the same double.
  const a: f64 = abs<f64>(x);
  const thousandths: f64 = nearest<f64>(a * 1000.0);
  let place: i32 = 0;
  if (thousandths < 1e15 && thousandths / 1000.0 == a) place = placeDigits(<u64>thousandths, -3);
  else place = shortestDigits(bits);
  const count: i32 = place & 0xff;
  const source: usize = DIGITS + <usize>((place >> 8) & 0xff);
  const point: i32 = place >> 16;
  if (point > 0 && point <= 21) {
    store<u64>(p, load<u64>(source));
    if (count <= point) {
      store<u64>(p, load<u64>(source, 8), 8);
      store<u64>(p, load<u64>(source, 16), 16);
      return <i32>(p - out) + point;
    }
    if (point > 8) store<u64>(p, load<u64>(source, 8), 8);
    const after: usize = source + <usize>point;
    const q: usize = p + <usize>point;
    store<u8>(q, 0x2e);
    store<u64>(q, load<u64>(after), 1);
    if (count - point > 8) store<u64>(q, load<u64>(after, 8), 9);
    return <i32>(q - out) + 1 + count - point;
  }
  if (point <= 0 && point > -6) {
    store<u64>(p, 0x3030303030302e30);
    const q: usize = p + <usize>(2 - point);
    store<u64>(q, load<u64>(source));
    store<u64>(q, load<u64>(source, 8), 8);
    store<u64>(q, load<u64>(source, 16), 16);
    return <i32>(q - out) + count;
  }
  store<u8>(p++, load<u8>(source));
  if (count > 1) {
    store<u8>(p, 0x2e);
    store<u64>(p, load<u64>(source, 1), 1);
    store<u64>(p, load<u64>(source, 9), 9);
    p += <usize>count;
  }
  return <i32>(putExponent(point, p) - out);
}

// ---- Number.prototype -----------------------------------------------------------------------------------------------

/**
 * The fraction fits 64 bits and the digits fit a u64: toFixed(2) of everyday numbers. Returns the end, or 0 when the
 * exact way must be taken.
 */
function tryFixed(x: f64, digits: i32, p: usize): usize {
  if (digits > 9 || x >= 2147483647.0) return 0;
  const whole: u64 = <u64>x;
  const rest: f64 = x - <f64>whole;
  let scaled: u64 = 0;
  if (rest != 0) {
    const bits: u64 = reinterpret<u64>(rest);
    const shift: i32 = 1075 - <i32>(bits >> 52);
    const mantissa: u64 = (bits & FRACTION_MASK) | HIDDEN_BIT;
    // Below 2^-12 bits would fall off the 64.
    if (shift > 64) return 0;
    scaled = mantissa << (64 - shift);
  }
  const power: u64 = exactPowerU64(digits);
  let n: u64 = whole * power + mulHigh(scaled, power);
  if (<i64>(scaled * power) < 0) n++;
  const integer: u64 = n / power;
  let left: u32 = <u32>(n - integer * power);
  let q: usize = p + <usize>formatInt(<i32>integer, p);
  if (digits == 0) return q;
  store<u8>(q++, 0x2e);
  for (let i: i32 = digits - 1; i >= 0; i--) {
    const quotient: u32 = left / 10;
    store<u8>(q + <usize>i, <u8>(left - quotient * 10 + 0x30));
    left = quotient;
  }
  return q + <usize>digits;
}

/** https://tc39.es/ecma262/#sec-number.prototype.tofixed, 0 ≤ digits ≤ 100; up to 123 bytes. */
export function formatFixed(x: f64, digits: i32, out: usize): i32 {
  // Also taken by NaN.
  if (!(abs<f64>(x) < 1e21)) return formatNumber(x, out);
  let p: usize = out;
  if (x < 0) store<u8>(p++, 0x2d);
  const end: usize = tryFixed(abs<f64>(x), digits, p);
  if (end != 0) return <i32>(end - out);
  expandNumber(x);
  roundDecimal(decimalPoint() + digits);
  const point: i32 = decimalPoint();
  if (decimalCount() == 0 || point <= 0) store<u8>(p++, 0x30);
  else p = putDecimal(0, point, p);
  if (digits > 0) {
    store<u8>(p++, 0x2e);
    p = putDecimal(point, digits, p);
  }
  return <i32>(p - out);
}

/**
 * https://tc39.es/ecma262/#sec-number.prototype.toexponential; digits −1 (as many as necessary) … 100; up to 108 bytes,
 * and 112 may be written.
 */
export function formatExponential(x: f64, digits: i32, out: usize): i32 {
  if (!(abs<f64>(x) < Infinity)) return formatNonFinite(x, out);
  let p: usize = out;
  if (x < 0) store<u8>(p++, 0x2d);
  if (digits >= 0 || x == 0) {
    expandNumber(x);
    roundDecimal(digits + 1);
    return <i32>(putExponential(max<i32>(digits, 0), p) - out);
  }
  const place: i32 = shortestDigits(reinterpret<u64>(x) & SIGN_MASK);
  const count: i32 = place & 0xff;
  const source: usize = DIGITS + <usize>((place >> 8) & 0xff);
  store<u8>(p++, load<u8>(source));
  if (count > 1) {
    store<u8>(p, 0x2e);
    store<u64>(p, load<u64>(source, 1), 1);
    store<u64>(p, load<u64>(source, 9), 9);
    p += <usize>count;
  }
  return <i32>(putExponent(place >> 16, p) - out);
}

/**
 * https://tc39.es/ecma262/#sec-number.prototype.toprecision, 1 ≤ precision ≤ 100; up to 108 bytes, and 112 may be
 * written.
 */
export function formatPrecision(x: f64, precision: i32, out: usize): i32 {
  if (!(abs<f64>(x) < Infinity)) return formatNonFinite(x, out);
  let p: usize = out;
  if (x < 0) store<u8>(p++, 0x2d);
  expandNumber(x);
  roundDecimal(precision);
  const point: i32 = x == 0 ? 1 : decimalPoint();
  // The specification's e is point − 1.
  if (point < -5 || point > precision) return <i32>(putExponential(precision - 1, p) - out);
  if (point <= 0) {
    store<u8>(p++, 0x30);
    store<u8>(p++, 0x2e);
    return <i32>(putDecimal(point, precision - point, p) - out);
  }
  p = putDecimal(0, point, p);
  if (point < precision) {
    store<u8>(p++, 0x2e);
    p = putDecimal(point, precision - point, p);
  }
  return <i32>(p - out);
}

// @ts-ignore: decorator
@inline
function radixDigit(n: i32): u8 {
  return <u8>(n < 10 ? n + 0x30 : n + 0x57);
}

// @ts-ignore: decorator
@inline
function radixValue(c: i32): i32 {
  return c > 0x39 ? c - 0x57 : c - 0x30;
}

/** Digits of 0 < fraction < 1 from RADIX_MIDDLE on; returns their end. A carry out of the point clears them all. */
function putRadixFraction(value: f64, fraction: f64, radix: i32): usize {
  let p: usize = RADIX_MIDDLE;
  const r: f64 = <f64>radix;
  // Half the distance to the next double: digits below it say nothing about the number.
  const next: f64 = reinterpret<f64>(reinterpret<u64>(value) + 1);
  let delta: f64 = max<f64>(0.5 * (next - value), 5e-324);
  let rest: f64 = fraction;
  while (rest >= delta) {
    rest *= r;
    delta *= r;
    const digit: i32 = <i32>rest;
    store<u8>(p++, radixDigit(digit));
    rest -= <f64>digit;
    if ((rest > 0.5 || (rest == 0.5 && (digit & 1) != 0)) && rest + delta > 1) {
      while (p > RADIX_MIDDLE) {
        p--;
        const up: i32 = radixValue(<i32>load<u8>(p)) + 1;
        if (up < radix) {
          store<u8>(p++, radixDigit(up));
          break;
        }
      }
      break;
    }
  }
  return p;
}

/** https://tc39.es/ecma262/#sec-number.prototype.tostring, radix 2 … 36; up to 1100 bytes. */
export function formatRadix(x: f64, radix: i32, out: usize): i32 {
  if (radix == 10) return formatNumber(x, out);
  if (!(abs<f64>(x) < Infinity)) return formatNonFinite(x, out);
  const value: f64 = abs<f64>(x);
  let integer: f64 = floor<f64>(value);
  const fraction: f64 = value - integer;
  let fractionEnd: usize = RADIX_MIDDLE;
  if (fraction > 0) {
    const wanted: bool = fraction >= max<f64>(0.5 * (reinterpret<f64>(reinterpret<u64>(value) + 1) - value), 5e-324);
    fractionEnd = putRadixFraction(value, fraction, radix);
    if (wanted && fractionEnd == RADIX_MIDDLE) integer += 1;
  }
  let p: usize = RADIX_MIDDLE;
  const r: f64 = <f64>radix;
  // Digits below the precision are zeros.
  while (integer / r >= MAX_EXACT) {
    integer /= r;
    store<u8>(--p, 0x30);
  }
  // V8 goes on in doubles, which may round once more while the integer is large.
  while (integer >= MAX_EXACT || floor<f64>(integer) != integer) {
    const digit: i32 = <i32>(<u64>integer % <u64>radix);
    store<u8>(--p, radixDigit(digit));
    integer = (integer - (<f64>digit + (integer - floor<f64>(integer)))) / r;
  }
  let n: u64 = <u64>integer;
  while (n != 0 || p == RADIX_MIDDLE) {
    const quotient: u64 = n / <u64>radix;
    store<u8>(--p, radixDigit(<i32>(n - quotient * <u64>radix)));
    n = quotient;
  }
  let q: usize = out;
  if (x < 0) store<u8>(q++, 0x2d);
  const length: usize = RADIX_MIDDLE - p;
  memory.copy(q, p, length);
  q += length;
  if (fractionEnd > RADIX_MIDDLE) {
    store<u8>(q++, 0x2e);
    memory.copy(q, RADIX_MIDDLE, fractionEnd - RADIX_MIDDLE);
    q += fractionEnd - RADIX_MIDDLE;
  }
  return <i32>(q - out);
}
