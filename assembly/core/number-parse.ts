/**
 * Text to numbers: StringToNumber, parseFloat, parseInt, and the decimal scanner under them.
 *
 * Owns: the JavaScript white-space set, the grammar of StrDecimalLiteral, correct rounding (exact products, then Eisel
 * and Lemire's 128-bit product, which N. Mushtak and D. Lemire proved sufficient for 19 digits, then the exact decimal
 * half-way point). Takes Latin-1 (stride 1) or UTF-16 (stride 2) text.
 * Must never: allocate, read past `ptr` + len × stride, or know numeric separators and BigInt suffixes (the lexer's).
 */

import { DECIMAL_DIGITS, decimalCount, decimalPoint, expandDecimal } from "./bignum";
import { exactPowerF64, floorLog2OfPower, loadPower, MIN_POWER, mulHigh, powerHigh, powerLow } from "./powers-of-ten";

const FRACTION_MASK: u64 = 0x000fffffffffffff;
const HIDDEN_BIT: u64 = 0x0010000000000000;
const INFINITY_BITS: u64 = 0x7ff0000000000000;
/** 10^309 and above overflow with any digits. */
const MAX_PARSE_POWER: i64 = 308;
const MAX_EXACT_POWER: i64 = 22;
const MAX_SAFE: u64 = 0x001fffffffffffff;
/** A decimal exponent beyond this stays there: no text is long enough to bring it back. */
const EXPONENT_CAP: i64 = 1000000000000;
const SIGNIFICANT: i32 = 19;

const INFINITY_TEXT: usize = memory.data<u8>([0x49, 0x6e, 0x66, 0x69, 0x6e, 0x69, 0x74, 0x79]);
const INFINITY_LENGTH: i32 = 8;

const RESULT: usize = memory.data(8);

// @ts-ignore: decorator
@inline
function unitAt(p: usize, stride: i32): u32 {
  return stride == 1 ? <u32>load<u8>(p) : <u32>load<u16>(p);
}

/** https://tc39.es/ecma262/#prod-StrWhiteSpaceChar: WhiteSpace and LineTerminator, one code unit. */
export function isWhiteSpaceOrTerminator(c: i32): bool {
  if (c < 0x80) return c == 0x20 || (c >= 0x09 && c <= 0x0d);
  if (c == 0xa0) return true;
  if (c < 0x1680) return false;
  return (
    c == 0x1680 ||
    (c >= 0x2000 && c <= 0x200a) ||
    c == 0x2028 ||
    c == 0x2029 ||
    c == 0x202f ||
    c == 0x205f ||
    c == 0x3000 ||
    c == 0xfeff
  );
}

/** How many code units at the start are white space. */
function countLeadingSpace(ptr: usize, len: i32, stride: i32): i32 {
  let i: i32 = 0;
  while (i < len && isWhiteSpaceOrTerminator(<i32>unitAt(ptr + <usize>(i * stride), stride))) i++;
  return i;
}

// ---- rounding -------------------------------------------------------------------------------------------------------

/** Bits of the double nearest to w × 10^q, w ≠ 0; exact for every w below 2^64. */
function roundProduct(w: u64, q: i64): u64 {
  if (q < <i64>MIN_POWER) return 0;
  if (q > MAX_PARSE_POWER) return INFINITY_BITS;
  const power: i32 = <i32>q;
  const zeros: i32 = <i32>clz<u64>(w);
  const m: u64 = w << zeros;
  loadPower(power);
  const factor: u64 = powerHigh();
  let high: u64 = mulHigh(m, factor);
  let low: u64 = m * factor;
  if ((high & 0x1ff) == 0x1ff) {
    const carried: u64 = mulHigh(m, powerLow());
    low += carried;
    high += u64(low < carried);
  }
  const upper: i32 = <i32>(high >> 63);
  let mantissa: u64 = high >> (upper + 9);
  let biased: i32 = floorLog2OfPower(power) + 63 + upper - zeros + 1023;
  if (biased <= 0) {
    if (1 - biased >= 64) return 0;
    mantissa >>= 1 - biased;
    // The lowest bit is worth a half; a carry to 2^52 makes the smallest normal double by itself.
    return (mantissa + (mantissa & 1)) >> 1;
  }
  // Exactly half-way products exist for small powers only: round those to even.
  if (low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) == 1 && mantissa << (upper + 9) == high) {
    mantissa &= ~(<u64>1);
  }
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= HIDDEN_BIT << 1) {
    mantissa = HIDDEN_BIT;
    biased++;
  }
  if (biased >= 2047) return INFINITY_BITS;
  return ((<u64>biased) << 52) | (mantissa & FRACTION_MASK);
}

/**
 * Compares the digits from `first` (a nonzero digit; a '.' among them is skipped) to `end`, read as 0.ddd × 10^point,
 * with the decimal in bignum.ts: negative, 0 or positive.
 */
function compareWithDecimal(first: usize, end: usize, stride: i32, point: i64): i32 {
  const other: i64 = <i64>decimalPoint();
  if (point != other) return point < other ? -1 : 1;
  const count: i32 = decimalCount();
  let i: i32 = 0;
  for (let p: usize = first; p < end; p += <usize>stride) {
    const c: u32 = unitAt(p, stride);
    if (c == 0x2e) continue;
    const d: u32 = i < count ? <u32>load<u8>(DECIMAL_DIGITS + <usize>i) : 0x30;
    if (c != d) return c < d ? -1 : 1;
    i++;
  }
  return i < count ? -1 : 0;
}

/**
 * The digits went on after the first 19, w, and the double below (bits) and above w × 10^q differ: decide by the exact
 * half-way point.
 */
function roundExactly(bits: u64, first: usize, end: usize, stride: i32, point: i64): u64 {
  if (bits >= INFINITY_BITS) return bits;
  const biased: i32 = <i32>(bits >> 52);
  const fraction: u64 = bits & FRACTION_MASK;
  const mantissa: u64 = biased == 0 ? fraction : fraction | HIDDEN_BIT;
  expandDecimal((mantissa << 1) | 1, (biased == 0 ? 1 : biased) - 1076);
  const order: i32 = compareWithDecimal(first, end, stride, point);
  if (order == 0) return bits + (bits & 1);
  return bits + u64(order > 0);
}

// ---- decimal --------------------------------------------------------------------------------------------------------

/**
 * https://tc39.es/ecma262/#prod-StrDecimalLiteral: the longest prefix of the text that is one. Stores its value (f64) at
 * `out` and returns its length in code units; 0, and nothing stored, when there is no such prefix.
 */
export function parseDecimal(ptr: usize, len: i32, stride: i32, out: usize): i32 {
  const step: usize = <usize>stride;
  const end: usize = ptr + <usize>len * step;
  let p: usize = ptr;
  let sign: u64 = 0;
  if (p < end) {
    const c: u32 = unitAt(p, stride);
    if (c == 0x2d) sign = 0x8000000000000000;
    if (c == 0x2d || c == 0x2b) p += step;
  }
  const start: usize = p;
  while (p < end && unitAt(p, stride) == 0x30) p += step;
  // `first` is the first nonzero digit, if there is one, and `kept` how many digits w holds.
  let first: usize = p;
  let w: u64 = 0;
  while (p < end) {
    const d: u32 = unitAt(p, stride) - 0x30;
    if (d > 9) break;
    // Wraps beyond 19 digits; then the digits are read again below.
    w = w * 10 + <u64>d;
    p += step;
  }
  let digits: i32 = <i32>((p - first) / step);
  let point: i64 = <i64>digits;
  let any: bool = p != start;
  if (p < end && unitAt(p, stride) == 0x2e) {
    const dot: usize = p;
    let f: usize = p + step;
    if (digits == 0) {
      while (f < end && unitAt(f, stride) == 0x30) f += step;
      first = f;
      point = -(<i64>((f - dot) / step - 1));
    }
    const from: usize = f;
    while (f < end) {
      const d: u32 = unitAt(f, stride) - 0x30;
      if (d > 9) break;
      w = w * 10 + <u64>d;
      f += step;
    }
    digits += <i32>((f - from) / step);
    if (any || f > dot + step) {
      any = true;
      p = f;
    }
  }
  if (!any) return parseInfinity(ptr, start, end, stride, sign, out);
  const digitsEnd: usize = p;
  let exponent: i64 = 0;
  if (p < end && (unitAt(p, stride) | 0x20) == 0x65) {
    let e: usize = p + step;
    let negative: bool = false;
    if (e < end) {
      const c: u32 = unitAt(e, stride);
      negative = c == 0x2d;
      if (c == 0x2d || c == 0x2b) e += step;
    }
    const from: usize = e;
    while (e < end) {
      const d: u32 = unitAt(e, stride) - 0x30;
      if (d > 9) break;
      if (exponent < EXPONENT_CAP) exponent = exponent * 10 + <i64>d;
      e += step;
    }
    if (e != from) {
      p = e;
      if (negative) exponent = -exponent;
    }
  }
  point += exponent;
  const bits: u64 = digits > SIGNIFICANT ? roundLong(first, digitsEnd, stride, point) : roundShort(w, point - <i64>digits);
  store<u64>(out, bits | sign);
  return <i32>((p - ptr) / step);
}

/** Bits for w × 10^q, where w holds all digits. */
function roundShort(w: u64, q: i64): u64 {
  if (w == 0) return 0;
  if (w > MAX_SAFE || q < -MAX_EXACT_POWER || q > MAX_EXACT_POWER) return roundProduct(w, q);
  // Both factors are exact, so the one operation rounds correctly.
  const value: f64 = <f64>w;
  return reinterpret<u64>(q < 0 ? value / exactPowerF64(<i32>-q) : value * exactPowerF64(<i32>q));
}

/** Bits for more than 19 digits from `first` to `end`, read as 0.ddd × 10^point. */
function roundLong(first: usize, end: usize, stride: i32, point: i64): u64 {
  let w: u64 = 0;
  let p: usize = first;
  for (let kept: i32 = 0; kept < SIGNIFICANT; p += <usize>stride) {
    const c: u32 = unitAt(p, stride);
    if (c == 0x2e) continue;
    w = w * 10 + <u64>(c - 0x30);
    kept++;
  }
  const q: i64 = point - <i64>SIGNIFICANT;
  const bits: u64 = roundProduct(w, q);
  if (bits == roundProduct(w + 1, q)) return bits;
  return roundExactly(bits, first, end, stride, point);
}

/** The rest of `parseDecimal` when there is no digit at `start`. */
function parseInfinity(ptr: usize, start: usize, end: usize, stride: i32, sign: u64, out: usize): i32 {
  const step: usize = <usize>stride;
  if (end - start < <usize>INFINITY_LENGTH * step) return 0;
  for (let i: usize = 0; i < <usize>INFINITY_LENGTH; i++) {
    if (unitAt(start + i * step, stride) != <u32>load<u8>(INFINITY_TEXT + i)) return 0;
  }
  store<u64>(out, INFINITY_BITS | sign);
  return <i32>((start - ptr) / step) + INFINITY_LENGTH;
}

// ---- other radices --------------------------------------------------------------------------------------------------

/** Value of a digit in radices up to 36; 36 and more for anything else. */
// @ts-ignore: decorator
@inline
function digitValue(c: u32): u32 {
  const d: u32 = c - 0x30;
  if (d < 10) return d;
  const letter: u32 = (c | 0x20) - 0x61;
  return letter < 26 ? letter + 10 : 36;
}

/** How many code units at the start are digits of the radix. */
function countDigits(p: usize, end: usize, stride: i32, radix: u32): i32 {
  let n: i32 = 0;
  for (let q: usize = p; q < end && digitValue(unitAt(q, stride)) < radix; q += <usize>stride) n++;
  return n;
}

/** `count` digits of a radix that is a power of two, rounded correctly. */
function powerOfTwoValue(ptr: usize, count: i32, stride: i32, radix: u32): f64 {
  const bitsPerDigit: i32 = <i32>ctz<u32>(radix);
  let value: u64 = 0;
  let lost: u64 = 0;
  let exponent: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const digit: u64 = <u64>digitValue(unitAt(ptr + <usize>(i * stride), stride));
    if (value >> 58 == 0) {
      value = (value << bitsPerDigit) | digit;
    } else {
      // 59 significant bits are there, more than the 55 that rounding looks at: of the rest only "is it zero" counts.
      lost |= digit;
      if (exponent < 4096) exponent += bitsPerDigit;
    }
  }
  let result: f64 = <f64>(value | u64(lost != 0));
  while (exponent > 0) {
    const part: i32 = min<i32>(exponent, 512);
    result *= reinterpret<f64>((<u64>(1023 + part)) << 52);
    exponent -= part;
  }
  return result;
}

/**
 * `count` digits of any other radix. The specification lets digits after the 20th be approximated; this rounds after
 * each group of digits that fits 32 bits, as V8 does, so that results agree.
 */
function approximateValue(ptr: usize, count: i32, stride: i32, radix: u32): f64 {
  let result: f64 = 0;
  let i: i32 = 0;
  // Zeros in front would shift the groups.
  while (i < count && unitAt(ptr + <usize>(i * stride), stride) == 0x30) i++;
  while (i < count) {
    let part: u32 = 0;
    let multiplier: u32 = 1;
    while (i < count && multiplier * radix <= 119304647) {
      part = part * radix + digitValue(unitAt(ptr + <usize>(i * stride), stride));
      multiplier *= radix;
      i++;
    }
    result = result * <f64>multiplier + <f64>part;
  }
  return result;
}

// ---- the global functions -------------------------------------------------------------------------------------------

/** https://tc39.es/ecma262/#sec-stringtonumber */
export function stringToNumber(ptr: usize, len: i32, stride: i32): f64 {
  const skipped: i32 = countLeadingSpace(ptr, len, stride);
  const p: usize = ptr + <usize>(skipped * stride);
  let rest: i32 = len - skipped;
  while (rest > 0 && isWhiteSpaceOrTerminator(<i32>unitAt(p + <usize>((rest - 1) * stride), stride))) rest--;
  if (rest == 0) return 0;
  if (rest > 2 && unitAt(p, stride) == 0x30) {
    const letter: u32 = unitAt(p + <usize>stride, stride) | 0x20;
    const radix: u32 = letter == 0x78 ? 16 : letter == 0x6f ? 8 : letter == 0x62 ? 2 : 0;
    if (radix != 0) {
      const from: usize = p + <usize>(2 * stride);
      const count: i32 = countDigits(from, p + <usize>(rest * stride), stride, radix);
      return count == rest - 2 ? powerOfTwoValue(from, count, stride, radix) : NaN;
    }
  }
  return parseDecimal(p, rest, stride, RESULT) == rest ? load<f64>(RESULT) : NaN;
}

/** https://tc39.es/ecma262/#sec-parsefloat-string */
export function parseFloatPrefix(ptr: usize, len: i32, stride: i32): f64 {
  const skipped: i32 = countLeadingSpace(ptr, len, stride);
  const used: i32 = parseDecimal(ptr + <usize>(skipped * stride), len - skipped, stride, RESULT);
  return used == 0 ? NaN : load<f64>(RESULT);
}

/** https://tc39.es/ecma262/#sec-parseint-string-radix, the radix already through ToInt32. */
export function parseIntPrefix(ptr: usize, len: i32, stride: i32, radix: i32): f64 {
  const step: usize = <usize>stride;
  const end: usize = ptr + <usize>len * step;
  let p: usize = ptr + <usize>countLeadingSpace(ptr, len, stride) * step;
  let negative: bool = false;
  if (p < end) {
    const c: u32 = unitAt(p, stride);
    negative = c == 0x2d;
    if (c == 0x2d || c == 0x2b) p += step;
  }
  let base: i32 = radix;
  if (base == 0 || base == 16) {
    if (p + step < end && unitAt(p, stride) == 0x30 && (unitAt(p + step, stride) | 0x20) == 0x78) {
      p += 2 * step;
      base = 16;
    }
    if (base == 0) base = 10;
  }
  if (base < 2 || base > 36) return NaN;
  const count: i32 = countDigits(p, end, stride, <u32>base);
  if (count == 0) return NaN;
  let value: f64 = 0;
  if (base == 10) {
    parseDecimal(p, count, stride, RESULT);
    value = load<f64>(RESULT);
  } else if ((base & (base - 1)) == 0) {
    value = powerOfTwoValue(p, count, stride, <u32>base);
  } else {
    value = approximateValue(p, count, stride, <u32>base);
  }
  return negative ? -value : value;
}
