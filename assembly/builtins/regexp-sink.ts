// Owns the making of a string in two rounds: the first counts, the second writes. So its size is known and charged for before
// anything is made. Must never be used for two strings at once.
import { boxString, RETRY, Value } from "../core/value";
import { throwLiteral } from "../errors/throw";
import { STRING_SIZE } from "../generated/kinds";
import { ErrorKind } from "../generated/layout";
import { reserve } from "../heap/memory";
import { copyChars, flagsOf, MAX_LENGTH, newLatin1, newTwoByte, TWO_BYTE } from "../strings/cells";
import { emptyString } from "../strings/single-chars";
import { charsOf } from "../strings/string";

const STATE: usize = memory.data(24, 8);
/** Units counted so far. */
const COUNT: usize = STATE;
/** Where the next unit goes; 0 in the first round. */
const OUT: usize = STATE + 8;
const WIDTH: usize = STATE + 12;
const RESULT: usize = STATE + 16;

/** Begins the first round. */
export function beginCount(): void {
  store<u64>(COUNT, 0);
  store<u32>(OUT, 0);
  store<u32>(WIDTH, 0);
}

/** Begins the second round; returns a signal if it must not begin. */
export function beginWrite(): Value {
  const total = load<u64>(COUNT);
  if (total > <u64>MAX_LENGTH) return throwLiteral(ErrorKind.RangeError, "Invalid string length");
  const width = load<u32>(WIDTH);
  if (total > 2048 && !reserve(<usize>total << width)) return RETRY;
  const result = total == 0 ? emptyString() : width ? newTwoByte(<i32>total) : newLatin1(<i32>total);
  store<u32>(RESULT, <u32>result);
  store<u32>(OUT, <u32>(result + STRING_SIZE));
  return 0;
}

/** The string that the second round wrote. */
export function written(): Value {
  return boxString(<usize>load<u32>(RESULT));
}

/** One unit. */
export function put(c: u32): void {
  const out = <usize>load<u32>(OUT);
  if (out == 0) {
    if (c > 255) store<u32>(WIDTH, TWO_BYTE);
    store<u64>(COUNT, load<u64>(COUNT) + 1);
    return;
  }
  if (load<u32>(WIDTH)) store<u16>(out, <u16>c);
  else store<u8>(out, <u8>c);
  store<u32>(OUT, <u32>out + 1 + load<u32>(WIDTH));
}

/** The units from … to of a flat string. */
export function putPart(s: usize, from: u32, to: u32): void {
  if (from >= to) return;
  const out = <usize>load<u32>(OUT);
  if (out == 0) {
    store<u32>(WIDTH, load<u32>(WIDTH) | (flagsOf(s) & TWO_BYTE));
    store<u64>(COUNT, load<u64>(COUNT) + <u64>(to - from));
    return;
  }
  const width = flagsOf(s) & TWO_BYTE;
  copyChars(out, load<u32>(WIDTH), charsOf(s) + (<usize>from << width), width, <i32>(to - from));
  store<u32>(OUT, <u32>out + ((to - from) << load<u32>(WIDTH)));
}
