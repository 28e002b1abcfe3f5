// Owns the form of a compiled regular expression: a BYTES cell, position independent, in a stable encoding. A snapshot of an unfinished
// match contains its program, so the form is portable: new instructions are only appended, and PROGRAM_MAGIC counts versions. A program
// must never be run unless it was compiled here or verified (regexp/verify.ts).
//
//   header   16 words (HEADER_…) · instructions · classes · names · bitmap of first characters
//   class    bitmap of the code points below 256 (32 bytes) · count u32 · count × {first u32, last u32} of those from 256 up
//   name     group u32 · units u32 · units, padded to 4 bytes
//
// An instruction is a word, operation | argument << 8, and further words. Targets of jumps are offsets in bytes from the first
// instruction; "class" is the offset of a class in words from the header.
import { BYTES_SIZE } from "../generated/kinds";

export const PROGRAM_MAGIC: u32 = 0x31585245;
export const HEADER_MAGIC: usize = 0;
/** Flags of source.ts. */
export const HEADER_FLAGS: usize = 4;
/** Groups, the whole match included. */
export const HEADER_GROUPS: usize = 8;
export const HEADER_REGISTERS: usize = 12;
export const HEADER_CODE_BYTES: usize = 16;
export const HEADER_CLASSES: usize = 20;
export const HEADER_CLASSES_END: usize = 24;
/** Offset of the names, and their number. */
export const HEADER_NAMES: usize = 28;
export const HEADER_NAME_COUNT: usize = 32;
/** How to find a place where a match can begin: a Prefix. */
export const HEADER_PREFIX: usize = 36;
/** The character, or the offset of the bitmap. */
export const HEADER_PREFIX_AT: usize = 40;
/** 1: characters from 256 up are possible. */
export const HEADER_PREFIX_OTHERS: usize = 44;
/** Fuel that compiling takes. */
export const HEADER_WORK: usize = 48;
export const HEADER_BYTES: usize = 52;
export const HEADER_SIZE: usize = 64;

export const enum Prefix {
  ANYTHING = 0,
  /** Only where the text starts. */
  START = 1,
  CHARACTER = 2,
  SET = 3,
}

export const enum Step {
  /** The whole pattern has matched. */
  MATCH = 0,
  FAIL = 1,
  /** argument: code unit */
  CHAR = 2,
  /** argument: units; words of two units each */
  STRING = 3,
  /** One unit, one code point; the same but for line terminators. */
  ANY_UNIT = 4,
  ANY_POINT = 5,
  DOT_UNIT = 6,
  DOT_POINT = 7,
  /** argument: class */
  CLASS_UNIT = 8,
  CLASS_POINT = 9,
  /** argument: target */
  JUMP = 10,
  /** Goes on with the next step; the target is tried if that fails. */
  SPLIT = 11,
  /** Jumps to the target; the next step is tried if that fails. */
  SPLIT_LAZY = 12,
  /** argument: register, becomes the position */
  SAVE = 13,
  /** argument: first register; word: last register + 1. They become undefined. */
  CLEAR = 14,
  /** argument: register, becomes 0 */
  ZERO = 15,
  /** argument: register with the count; words: least, most, target | lazy */
  LOOP = 16,
  /** argument: register, one more */
  COUNT = 17,
  /** argument: register with a position; words: register with a count or NO_REGISTER, least. Fails if nothing was consumed. */
  PROGRESS = 18,
  START = 19,
  START_LINE = 20,
  END = 21,
  END_LINE = 22,
  /** argument: 1 negated | 2 with ſ and K */
  BOUNDARY = 23,
  /** argument: two registers, for the height of the stack and the position */
  LOOK = 24,
  /** Goes back to the position of LOOK and drops the alternatives inside it. */
  LOOK_END = 25,
  /** argument: register for the height of the stack; word: target when the body fails */
  LOOK_NOT = 26,
  LOOK_NOT_END = 27,
  /** argument: 1 case does not count | 2 backwards | 4 unicode; words: count, then groups, of which one at most has matched */
  BACKREFERENCE = 28,
  /** One unit or code point back. */
  BACK_UNIT = 29,
  BACK_POINT = 30,
  /** argument: step for one character (CHAR … CLASS_POINT); words: its argument, least, most, 1 if nothing is ever given back */
  GREEDY = 31,
}
export const STEP_COUNT: u32 = 32;
/** Words of a step without those that its own words count (STRING, BACKREFERENCE). */
export const STEP_WORDS: usize = memory.data<u8>([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 4, 1, 3, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 1, 1, 5]);
export const LAZY: u32 = 0x80000000;
export const NO_REGISTER: u32 = 0xffffffff;
export const UNDEFINED_POSITION: u32 = 0xffffffff;

export const CLASS_BITMAP: usize = 32;

/** Address of the header of the program in a BYTES cell. */
// @ts-ignore: decorator
@inline
export function headerOf(cell: usize): usize {
  return cell + BYTES_SIZE;
}
// @ts-ignore: decorator
@inline
export function flagsOfProgram(cell: usize): u32 {
  return load<u32>(cell + BYTES_SIZE, HEADER_FLAGS);
}
// @ts-ignore: decorator
@inline
export function groupsOf(cell: usize): u32 {
  return load<u32>(cell + BYTES_SIZE, HEADER_GROUPS);
}
