/**
 * Test entry: what core's number files offer, as raw wasm exports, and memory to pass text in and out.
 */

export {
  formatExponential,
  formatFixed,
  formatInt,
  formatNumber,
  formatPrecision,
  formatRadix,
} from "../../assembly/core/number-format";
export {
  isWhiteSpaceOrTerminator,
  parseDecimal,
  parseFloatPrefix,
  parseIntPrefix,
  stringToNumber,
} from "../../assembly/core/number-parse";
export {
  mathAcos,
  mathAcosh,
  mathAsin,
  mathAsinh,
  mathAtan,
  mathAtan2,
  mathAtanh,
  mathCbrt,
  mathCos,
  mathCosh,
  mathExp,
  mathExpm1,
  mathF16round,
  mathFmod,
  mathFround,
  mathHypot2,
  mathLog,
  mathLog10,
  mathLog1p,
  mathLog2,
  mathPow,
  mathRound,
  mathSign,
  mathSin,
  mathSinh,
  mathTan,
  mathTanh,
  toInt32,
  toUint32,
} from "../../assembly/core/math";

import { formatNumber } from "../../assembly/core/number-format";
import { parseDecimal } from "../../assembly/core/number-parse";
import { loadPower, powerHigh, powerLow } from "../../assembly/core/powers-of-ten";

const TEXT: usize = memory.data(16384);
const VALUES: usize = memory.data(32768);

export function textBuffer(): usize {
  return TEXT;
}

/** 4096 doubles. */
export function valueBuffer(): usize {
  return VALUES;
}

/** Formats VALUES[0 … count) and reads each text back; the index of the first that comes back different, or −1. */
export function roundTrip(count: i32): i32 {
  for (let i: i32 = 0; i < count; i++) {
    const at: usize = VALUES + ((<usize>i) << 3);
    const length: i32 = formatNumber(load<f64>(at), TEXT);
    if (parseDecimal(TEXT, length, 1, TEXT + 64) !== length) return i;
    if (load<u64>(TEXT, 64) !== load<u64>(at)) return i;
  }
  return -1;
}

/** VALUES = {high, low} of the significand of 10^q. */
export function copyPower(q: i32): void {
  loadPower(q);
  store<u64>(VALUES, powerHigh());
  store<u64>(VALUES, powerLow(), 8);
}

/** For timing: formats VALUES[0 … count) `rounds` times; the sum of the lengths. */
export function timeFormat(count: i32, rounds: i32): i32 {
  let sum: i32 = 0;
  for (let r: i32 = 0; r < rounds; r++) {
    for (let i: i32 = 0; i < count; i++) sum += formatNumber(load<f64>(VALUES + ((<usize>i) << 3)), TEXT);
  }
  return sum;
}

/** For timing: reads the text at TEXT `rounds` times. */
export function timeParse(length: i32, rounds: i32): f64 {
  let sum: f64 = 0;
  for (let r: i32 = 0; r < rounds; r++) {
    parseDecimal(TEXT, length, 1, VALUES);
    sum += load<f64>(VALUES);
  }
  return sum;
}
