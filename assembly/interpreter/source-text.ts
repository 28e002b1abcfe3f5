// Owns the asking for source text, which the wrapper keeps with each program: it never changes, so it is no state. Must never be
// asked for more than has been reserved.
import { CODE_ENTRY, positionsOf } from "../bytecode/code";
import { CODE_FLAGS, CODE_PROGRAM, PROGRAM_ID, PROGRAM_SERIAL } from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { chargeBytes, reserve } from "../heap/memory";
import { charsOf, newFromUtf16, newLatin1, newTwoByte } from "../strings/string";
import { sourceOffset } from "./errors";

/**
 * Part of the source of a program: writes its characters to `at`; 0 if all are Latin-1 (and were written as bytes), 1 if not (as
 * 16-bit units), -1 if there is no such text. With `at` = 0 nothing is written.
 */
// @ts-ignore: decorator
@external("fermata", "sourceText")
declare function sourceText(program: u32, start: u32, length: u32, at: usize): i32;

/** Bit of the numbers of programs that come from strings. */
const EVALUATED: u32 = 0x80000000;

/** By which the wrapper knows the program of a code cell. */
function programNumber(code: usize): u32 {
  const program = <usize>load<u32>(code, CODE_PROGRAM);
  const serial = load<u32>(program, PROGRAM_SERIAL);
  return serial == 0 ? load<u32>(program, PROGRAM_ID) : serial | EVALUATED;
}

/**
 * How messages name the expression of a program at an offset (ts/vm/expression-text.ts): writes 16-bit units to `at`, at most
 * MAX_WORDS, and answers how many; 0 if there is nothing to name.
 */
// @ts-ignore: decorator
@external("fermata", "expressionText")
declare function expressionText(program: u32, offset: u32, what: u32, at: usize): i32;

const MAX_WORDS: i32 = 160;
const WORDS: usize = memory.data(320, 8);

/** What of a place is to be named, as in ts/vm/expression-text.ts. */
export const CALLEE: u32 = 0;
export const CONSTRUCTOR: u32 = 1;
export const VALUE: u32 = 2;
export const DESTRUCTURED: u32 = 3;

/** The words for the expression at the instruction `pc` of `code`, a string; 0 if there are none. */
export function wordsAt(code: usize, pc: usize, what: u32): usize {
  if (load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) return 0;
  const offset = sourceOffset(code, <u32>(pc - code - CODE_ENTRY));
  if (offset < 0) return 0;
  const count = expressionText(programNumber(code), <u32>offset, what, WORDS);
  return count <= 0 || count > MAX_WORDS ? 0 : newFromUtf16(WORDS, count);
}

/** The text is not known. */
export const NO_TEXT: usize = 0;
/** There is no memory for it now. */
export const NO_ROOM: usize = 1;

/** Source text of the function of a code cell, a new string; or one of the above. */
export function textOfCode(code: usize): usize {
  if (load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) return NO_TEXT;
  const positions = positionsOf(code);
  const range = positions + 4 + (<usize>load<u32>(positions) << 3);
  const start = load<u32>(range);
  const length = load<u32>(range, 4);
  const program = programNumber(code);
  const width = length == 0 || length > 0x1fffffff ? -1 : sourceText(program, start, length, 0);
  if (width < 0) return NO_TEXT;
  const bytes = <usize>length << width;
  if (bytes > 4096 && !reserve(bytes)) return NO_ROOM;
  chargeBytes(bytes);
  const text = width == 0 ? newLatin1(<i32>length) : newTwoByte(<i32>length);
  sourceText(program, start, length, charsOf(text));
  return text;
}
