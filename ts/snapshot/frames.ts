// Owns walking the stack of a machine at rest. Must never change the machine: addresses hold until it goes on.

import { CACHE_SIZE, HANDLER_SIZE } from "../defs/kinds.ts";
import { RECORD_SIZE } from "../defs/layout.ts";
import { VM_WORD } from "../generated/machine.ts";
import {
  CODE_CACHES,
  CODE_HANDLERS,
  CODE_INDEX,
  CODE_NAME,
  CODE_PROGRAM,
  CODE_RELOCATIONS,
  CODE_SIZE,
  CODE_TABLES,
  FUNCTION_CODE,
  PROGRAM_ID,
  STRING_FLAGS,
  STRING_LENGTH,
  STRING_SIZE,
} from "../generated/machine.ts";
import type { Machine } from "../machine/machine.ts";
import type { ProgramRecord } from "../machine/records.ts";

/** A frame of the stack: a function and its current position. */
export interface InspectedFrame {
  /** Name of the function; empty if it has no name. */
  readonly function: string;
  /** File that it is in. */
  readonly filename: string;
  /** 1-based; undefined inside the prelude. */
  readonly line: number | undefined;
  /** 1-based, in UTF-16 units. */
  readonly column: number | undefined;
}

/** A frame where it is in memory. */
export interface Frame {
  /** Address of its registers. */
  readonly fp: number;
  /** Address of its code. */
  readonly code: number;
  /** The word at which it goes on, or, below the top, that of the call. */
  readonly word: number;
  /** Undefined for code of the prelude. */
  readonly program: ProgramRecord | undefined;
}

function textAt(machine: Machine, at: number): string {
  if (at === 0) return "";
  const { u32, u16, u8 } = machine.views;
  const length = u32[(at + STRING_LENGTH) >>> 2]!;
  const wide = (u32[(at + STRING_FLAGS) >>> 2]! & 1) !== 0;
  const units = wide
    ? u16.subarray((at + STRING_SIZE) >>> 1, ((at + STRING_SIZE) >>> 1) + length)
    : u8.subarray(at + STRING_SIZE, at + STRING_SIZE + length);
  return String.fromCharCode(...units.subarray(0, 200));
}

/** Returns the index of the last number that is at most `most` in an ascending list of `count` numbers; -1 if all are larger. */
function lastUpTo(count: number, most: number, numberAt: (i: number) => number): number {
  let low = -1;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (numberAt(middle) <= most) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Returns the source offset of a frame. Positions are ascending pairs {word, offset}: an entry holds up to the next one. The layout is
 * that of assembly/heap/code.ts.
 */
export function offsetOf(machine: Machine, { code, word }: Pick<Frame, "code" | "word">): number {
  const { u32 } = machine.views;
  const field = (at: number): number => u32[(code + at) >>> 2]!;
  const relocations = code + field(CODE_TABLES) + field(CODE_CACHES) * CACHE_SIZE;
  const positions = ((relocations + field(CODE_RELOCATIONS) * 4 + 7) & ~7) + field(CODE_HANDLERS) * HANDLER_SIZE;
  const count = u32[positions >>> 2]!;
  const first = (positions + 4) >>> 2;
  const entry = lastUpTo(count, word, (i) => u32[first + 2 * i]!);
  return entry < 0 ? 0 : u32[first + 2 * entry + 1]!;
}

/** Returns line and column of an offset in a program's source. */
export function placeOf(
  program: ProgramRecord | undefined,
  offset: number,
): { readonly line: number | undefined; readonly column: number | undefined } {
  if (program === undefined) return { line: undefined, column: undefined };
  const starts = program.lineStarts;
  const line = lastUpTo(starts.length, offset, (i) => starts[i]!);
  return { line: line + 1, column: offset - starts[line]! + 1 };
}

/** Index of the function in its program. */
export function functionIndex(machine: Machine, code: number): number {
  return machine.views.u32[(code + CODE_INDEX) >>> 2]!;
}

/** Code of the function whose registers are at that address. */
export function codeOfFrame(machine: Machine, fp: number): number {
  const { u32 } = machine.views;
  return u32[(u32[fp >>> 2]! + FUNCTION_CODE) >>> 2]!;
}

/** The program whose code that is; undefined for the prelude. */
export function programOf(machine: Machine, code: number): ProgramRecord | undefined {
  const { u32 } = machine.views;
  const id = u32[(u32[(code + CODE_PROGRAM) >>> 2]! + PROGRAM_ID) >>> 2]!;
  if (id < machine.programs.length) return machine.programs[id];
  return machine.evaluatedPrograms[id - machine.programs.length];
}

/** Returns the frame on top of the stack; undefined if the stack is empty. */
export function topFrame(machine: Machine): Frame | undefined {
  const fp = machine.wordAt(VM_WORD.fp);
  if (fp === 0) return undefined;
  const code = codeOfFrame(machine, fp);
  return { fp, code, word: (machine.wordAt(VM_WORD.pc) - code - CODE_SIZE) >>> 3, program: programOf(machine, code) };
}

/**
 * Walks the stack from the top. Records are read upwards from csp: the first belongs to the top frame and says where its caller goes on.
 * A caller is at the instruction before its return address, so its position is that of the word before.
 */
export function stackFrames(machine: Machine): Frame[] {
  const frames: Frame[] = [];
  let pc = machine.word("pc");
  let fp = machine.word("fp");
  const end = machine.word("stackEnd");
  for (let record = machine.word("csp"); fp !== 0 && record < end; record += RECORD_SIZE) {
    const { u32 } = machine.views;
    const code = codeOfFrame(machine, fp);
    const word = (pc - code - CODE_SIZE) >>> 3;
    const own = frames.length === 0 ? word : Math.max(0, word - 1);
    frames.push({ fp, code, word: own, program: programOf(machine, code) });
    pc = u32[record >>> 2]!;
    fp = u32[(record >>> 2) + 1]!;
  }
  return frames;
}

/** Describes a frame. */
export function describeFrame(machine: Machine, frame: Frame): InspectedFrame {
  return {
    function: textAt(machine, machine.views.u32[(frame.code + CODE_NAME) >>> 2]!),
    filename: frame.program?.filename ?? "prelude",
    ...placeOf(frame.program, offsetOf(machine, frame)),
  };
}
