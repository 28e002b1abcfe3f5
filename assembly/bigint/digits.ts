// Owns the texts of BigInts: printing in a radix, and reading them as StringToBigInt does. Must never call guest code.
// https://tc39.es/ecma262/#sec-numeric-types-bigint-tostring
import { BIGINT_SIGN } from "../generated/kinds";
import { chargeFuel, chargeWork } from "../heap/memory";
import { isTwoByte, lengthOf } from "../strings/cells";
import { charsOf } from "../strings/rope";
import { emptyString, newFromLatin1 } from "../strings/single-chars";
import { countOf, fromU64, isNegative, limbsOf, MAX_LIMBS, newBigInt, trimmed } from "./bigint";
import { divideFourTimes, limb, REMAINDERS, scratchOf, setLimb, significant } from "./limbs";

/** How many digits of the radix fit into a limb. */
function digitsPerLimb(radix: u32): i32 {
  let digits = 0;
  for (let power: u64 = radix; power <= 0xffffffff; power *= radix) digits++;
  return digits;
}
function powerOf(radix: u32, digits: i32): u32 {
  let power: u32 = 1;
  for (let i = 0; i < digits; i++) power *= radix;
  return power;
}

/** The text in a radix from 2 to 36. */
export function bigIntToString(a: usize, radix: u32): usize {
  let n = countOf(a);
  const perLimb = digitsPerLimb(radix);
  const power = powerOf(radix, perLimb);
  if (!chargeWork(2 + <i64>n + ((<i64>n * <i64>n) >> 4))) return emptyString();
  // A limb has at most 32 digits. They grow down from the end, and stay above the place of the string to come.
  const room = n * 8 + 20;
  const rest = scratchOf(n + 2 * room);
  memory.copy(rest, limbsOf(a), <usize>n << 2);
  const end = rest + (<usize>(n + 2 * room) << 2);
  let at = end;
  while (n > 0) {
    divideFourTimes(rest, n, power);
    n = significant(rest, n);
    let last = 3;
    while (n == 0 && last > 0 && load<u32>(REMAINDERS + (<usize>last << 2)) == 0) last--;
    for (let k = 0; k <= last; k++) {
      let piece = load<u32>(REMAINDERS + (<usize>k << 2));
      for (let i = 0; i < perLimb && (n > 0 || k < last || piece != 0); i++) {
        const digit = piece % radix;
        piece /= radix;
        at--;
        store<u8>(at, <u8>(digit < 10 ? 48 + digit : 87 + digit));
      }
    }
  }
  if (at == end) store<u8>(--at, 48);
  if (isNegative(a)) store<u8>(--at, 45);
  return newFromLatin1(at, <i32>(end - at));
}

function isSpace(c: u32): bool {
  return (
    (c >= 9 && c <= 13) || c == 32 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
    c == 0x205f || c == 0x3000 || c == 0xfeff
  );
}

function digitOf(c: u32): u32 {
  if (c >= 48 && c <= 57) return c - 48;
  const letter = c | 32;
  return letter >= 97 && letter <= 122 ? letter - 87 : 99;
}

// @ts-ignore: decorator
@inline
function charAt(chars: usize, wide: bool, i: i32): u32 {
  return wide ? <u32>load<u16>(chars + (<usize>i << 1)) : <u32>load<u8>(chars + <usize>i);
}

/**
 * The BigInt that a text spells. https://tc39.es/ecma262/#sec-stringtobigint
 * 0: the text is not a BigInt.
 * 1: the number is too long for a BigInt.
 */
export function stringToBigInt(s: usize): usize {
  const wide = isTwoByte(s);
  chargeFuel((lengthOf(s) >> 3) + 1);
  const chars = charsOf(s);
  let from = 0;
  let to = lengthOf(s);
  while (from < to && isSpace(charAt(chars, wide, from))) from++;
  while (to > from && isSpace(charAt(chars, wide, to - 1))) to--;
  let radix: u32 = 10;
  let negative = false;
  if (to - from > 1 && charAt(chars, wide, from) == 48) {
    const letter = charAt(chars, wide, from + 1) | 32;
    if (letter == 120) radix = 16;
    else if (letter == 111) radix = 8;
    else if (letter == 98) radix = 2;
    if (radix != 10) from += 2;
    if (from == to) return 0;
  } else if (from < to && (charAt(chars, wide, from) == 45 || charAt(chars, wide, from) == 43)) {
    negative = charAt(chars, wide, from) == 45;
    from++;
    if (from == to) return 0;
  }
  for (let i = from; i < to; i++) if (digitOf(charAt(chars, wide, i)) >= radix) return 0;
  while (from < to && charAt(chars, wide, from) == 48) from++;
  return readDigits(chars, wide, from, to, radix, negative);
}

function readDigits(chars: usize, wide: bool, from: i32, to: i32, radix: u32, negative: bool): usize {
  const perLimb = digitsPerLimb(radix);
  const most = <i64>(to - from) / <i64>perLimb + 2;
  if (most > <i64>MAX_LIMBS * 2) return 1;
  const count = <i32>most;
  if (!chargeWork(most + ((most * most) >> 5))) return fromU64(0, false);
  const cell = newBigInt(count, negative);
  const out = limbsOf(cell);
  let used = 0;
  for (let i = from; i < to; ) {
    const digits = min(perLimb, to - i);
    let piece: u64 = 0;
    for (let j = 0; j < digits; j++) piece = piece * <u64>radix + <u64>digitOf(charAt(chars, wide, i + j));
    i += digits;
    const power = <u64>powerOf(radix, digits);
    for (let k = 0; k < used; k++) {
      piece += <u64>limb(out, k) * power;
      setLimb(out, k, <u32>piece);
      piece >>= 32;
    }
    if (piece != 0) setLimb(out, used++, <u32>piece);
  }
  memory.fill(out + (<usize>used << 2), 0, <usize>(count - used) << 2);
  if (used == 0) store<u32>(cell, 0, BIGINT_SIGN);
  const done = trimmed(cell);
  return countOf(done) > MAX_LIMBS ? 1 : done;
}
