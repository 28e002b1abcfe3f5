// Owns the text that names a place in the source of a program: the wrapper, which keeps the source, finds it (ts/machine/expression-text.ts).
import { EVALUATED_PROGRAM, ExpressionPart, MAX_EXPRESSION_UNITS } from "../generated/exchange";
import { CODE_FLAGS, CODE_PROGRAM, PROGRAM_ID, PROGRAM_SERIAL } from "../generated/kinds";
import { FunctionFlag } from "../generated/layout";
import { chargeFuel } from "../heap/memory";
import { newFromUtf16 } from "../strings/single-chars";
import { sourceRangeOf } from "./source-range";

/** The number by which the wrapper knows the program of a code cell. */
export function programNumber(code: usize): u32 {
  const program = <usize>load<u32>(code, CODE_PROGRAM);
  const serial = load<u32>(program, PROGRAM_SERIAL);
  return serial == 0 ? load<u32>(program, PROGRAM_ID) : serial | EVALUATED_PROGRAM;
}

/**
 * How messages name the expression of a program at an offset (ts/machine/expression-text.ts): writes 16-bit units to `at`, at most
 * MAX_EXPRESSION_UNITS, and returns how many; 0 if there is nothing to name.
 */
// @ts-ignore: decorator
@external("fermata", "expressionText")
declare function expressionText(program: u32, offset: u32, what: u32, at: usize): i32;

const WORDS: usize = memory.data(2 * MAX_EXPRESSION_UNITS, 8);

/** Fuel for finding the name that a function is assigned to. */
const NAMING: i32 = 16;

/** The text for a place in the program of a code cell, a string; 0 if it has no text. */
export function wordsOf(code: usize, offset: u32, what: u32): usize {
  const count = expressionText(programNumber(code), offset, what, WORDS);
  return count <= 0 || count > MAX_EXPRESSION_UNITS ? 0 : newFromUtf16(WORDS, count);
}

/** The name to which a guest's anonymous function is assigned, a string; 0 if it is not assigned. */
export function assignedName(code: usize): usize {
  if (load<u32>(code, CODE_FLAGS) & (FunctionFlag.PRELUDE | FunctionFlag.PROGRAM)) return 0;
  chargeFuel(NAMING);
  return wordsOf(code, load<u32>(sourceRangeOf(code)), ExpressionPart.ASSIGNED);
}
