// Owns requests for source text, which the wrapper keeps with each program; it never changes, so it is not part of the state. Must never
// fetch more text than memory has been reserved for.
import { sourceOffset } from "../errors/stack-trace";
import { CODE_FLAGS } from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { CODE_ENTRY, positionsOf } from "../heap/code";
import { chargeBytes, reserve } from "../heap/memory";
import { programNumber, wordsOf } from "../objects/expression-text";
import { charsOf, newLatin1, newTwoByte } from "../strings/string";

/**
 * Part of the source of a program: writes its characters to `at`; 0 if all are Latin-1 (and were written as bytes), 1 if not (as
 * 16-bit units), -1 if there is no such text. With `at` = 0 nothing is written.
 */
// @ts-ignore: decorator
@external("fermata", "sourceText")
declare function sourceText(program: u32, start: u32, length: u32, at: usize): i32;

/** The words for the expression at the instruction `pc` of `code`, a string; 0 if the source has no such expression. */
export function wordsAt(code: usize, pc: usize, what: u32): usize {
  if (load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) return 0;
  const offset = sourceOffset(code, <u32>(pc - code - CODE_ENTRY));
  return offset < 0 ? 0 : wordsOf(code, <u32>offset, what);
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
