// Owns the description of a snapshot for people and tools. Must never run any of its code.

import { CACHE_SIZE, HANDLER_SIZE } from "../defs/kinds.ts";
import { RECORD_SIZE, RUN_STATUS } from "../defs/layout.ts";
import { COUNTS } from "../defs/snapshot-format.ts";
import {
  CODE_CACHES,
  CODE_HANDLERS,
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
import type { ResolvedLimits } from "../machine/limits.ts";
import type { Machine } from "../machine/machine.ts";
import type { ExternalMode, ProgramRecord, RunRecord } from "../machine/records.ts";
import { type DescribedCall, describedCalls } from "../machine/run-loop.ts";
import { fuelUsed, type Usage, usageOf } from "../machine/run.ts";
import type { Parts } from "./parts.ts";

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

/** A description of a snapshot's content. */
export interface Inspection {
  /** Status of the state that `restore` would return. */
  readonly status: "complete" | "suspended" | "paused";
  /** The build of Fermata that wrote it. */
  readonly buildId: string;
  /** The programs in it, the one that was started first. */
  readonly programs: readonly InspectedProgram[];
  /** The pending calls; arguments that take much more room than the snapshot are left out. */
  readonly calls: readonly DescribedCall[];
  /** The stack, innermost first. */
  readonly frames: readonly InspectedFrame[];
  /** Bytes before compression, by part. */
  readonly bytes: Readonly<Record<"programs" | "prelude" | "graph" | "texts" | "numbers", number>>;
  /** Counts of the items in the graph. */
  readonly counts: Readonly<Record<(typeof COUNTS)[number], number>>;
  /** Fuel used since the program's start. */
  readonly fuel: number;
  /** The limits that the snapshot states for its run. */
  readonly limits: ResolvedLimits;
  /** The usage that the snapshot states. */
  readonly usage: Usage;
  /** Whether its run may compile code from strings, as the snapshot states. */
  readonly allowEval: boolean;
  /** The host functions that its programs declare. */
  readonly externals: Readonly<Record<string, ExternalMode>>;
}

/** A program in a snapshot. */
export interface InspectedProgram {
  /** The `filename` it was compiled with. */
  readonly filename: string;
  /** Equals `Program.hash` for a program of one file. */
  readonly hash: string;
  /** The source, as its author wrote it. */
  readonly source: string;
  /** The host functions that it declares, by canonical name. */
  readonly externals: Readonly<Record<string, ExternalMode>>;
  /** The library of which it is part. */
  readonly library?: { readonly name: string; readonly version: string; readonly hash: string };
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

/**
 * Returns the source offset of a word of a function's code. Positions are ascending pairs {word, offset}: an entry holds up to the next
 * one. The layout is that of assembly/heap/code.ts.
 */
function offsetAt(machine: Machine, code: number, word: number): number {
  const { u32 } = machine.views;
  const field = (at: number): number => u32[(code + at) >>> 2]!;
  const relocations = code + field(CODE_TABLES) + field(CODE_CACHES) * CACHE_SIZE;
  const positions = ((relocations + field(CODE_RELOCATIONS) * 4 + 7) & ~7) + field(CODE_HANDLERS) * HANDLER_SIZE;
  const count = u32[positions >>> 2]!;
  const first = (positions + 4) >>> 2;
  const entry = lastUpTo(count, word, (i) => u32[first + 2 * i]!);
  return entry < 0 ? 0 : u32[first + 2 * entry + 1]!;
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

function placeOf(
  program: ProgramRecord | undefined,
  offset: number,
): { line: number | undefined; column: number | undefined } {
  if (program === undefined) return { line: undefined, column: undefined };
  const starts = program.lineStarts;
  const line = lastUpTo(starts.length, offset, (i) => starts[i]!);
  return { line: line + 1, column: offset - starts[line]! + 1 };
}

/**
 * Walks the stack from the top. Records are read upwards from csp: the first belongs to the top frame and says where its caller goes on.
 * A caller is at the instruction before its return address, so its position is that of the word before.
 */
function framesOf(machine: Machine): InspectedFrame[] {
  const frames: InspectedFrame[] = [];
  const programs = [...machine.programs, ...machine.evaluated.values()];
  let pc = machine.word("pc");
  let fp = machine.word("fp");
  const end = machine.word("stackEnd");
  for (let record = machine.word("csp"); fp !== 0 && record < end; record += RECORD_SIZE) {
    const { u32 } = machine.views;
    const code = u32[(u32[fp >>> 2]! + FUNCTION_CODE) >>> 2]!;
    const id = u32[(u32[(code + CODE_PROGRAM) >>> 2]! + PROGRAM_ID) >>> 2]!;
    const program = programs[id];
    const word = (pc - code - CODE_SIZE) >>> 3;
    frames.push({
      function: textAt(machine, u32[(code + CODE_NAME) >>> 2]!),
      filename: program?.filename ?? "prelude",
      ...placeOf(program, offsetAt(machine, code, frames.length === 0 ? word : Math.max(0, word - 1))),
    });
    pc = u32[record >>> 2]!;
    fp = u32[(record >>> 2) + 1]!;
  }
  return frames;
}

function statusOf(machine: Machine, parts: Parts): Inspection["status"] {
  if (parts.run.pausedBy !== undefined) return "paused";
  const status = machine.word("status");
  return status === RUN_STATUS.DONE
    ? "complete"
    : status === RUN_STATUS.WAITING || status === RUN_STATUS.SYNC_CALL
      ? "suspended"
      : "paused";
}

/**
 * Bytes that the arguments of pending calls may take in a description: per byte of the snapshot, and at least. Shared parts of arguments
 * are written out once for each call: without a bound, a small snapshot could describe gigabytes.
 */
const ROOM = { perByte: 8, least: 65_536 } as const;

/** Describes a snapshot, using a machine restored from it. `run`: the run as the snapshot states it. */
export function inspectParts(machine: Machine, parts: Parts, run: RunRecord): Inspection {
  const size = parts.graph.length + parts.texts.length + parts.numbers.length;
  return {
    status: statusOf(machine, parts),
    buildId: parts.buildId,
    programs: parts.programs.map(({ filename, hash, source, externals, library }) => ({
      filename,
      hash,
      source,
      externals: Object.fromEntries(externals),
      ...(library === undefined
        ? {}
        : { library: { name: library.name, version: library.version, hash: library.hash } }),
    })),
    calls: describedCalls(machine, ROOM.least + ROOM.perByte * size),
    frames: framesOf(machine),
    bytes: {
      programs: parts.programs.reduce((sum, { image, source }) => sum + image.length + source.length, 0),
      prelude: parts.prelude.images.reduce((sum, { image }) => sum + image.length, 0),
      graph: parts.graph.length,
      texts: parts.texts.length,
      numbers: parts.numbers.length,
    },
    counts: Object.fromEntries(COUNTS.map((name, i) => [name, parts.counts[i]!])) as Inspection["counts"],
    fuel: fuelUsed(machine),
    limits: run.limits,
    usage: usageOf(machine),
    allowEval: run.allowEval,
    externals: Object.fromEntries(parts.programs.flatMap(({ externals }) => [...externals])),
  };
}
