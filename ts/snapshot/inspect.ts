// Owns the description of a snapshot for people and tools. Must never run anything of it.

import { RUN_STATUS } from "../defs/layout.ts";
import { COUNTS } from "../defs/snapshot-format.ts";
import type { Machine, ProgramRecord } from "../vm/machine.ts";
import { fuelUsed, pendingCalls, type PendingCall } from "../vm/run-loop.ts";
import type { Parts } from "./parts.ts";

/** Where a function stands. */
export interface InspectedFrame {
  readonly function: string;
  readonly filename: string;
  /** 1-based; undefined inside the prelude. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** What a snapshot holds. */
export interface Inspection {
  readonly status: "complete" | "suspended" | "paused";
  readonly buildId: string;
  readonly programs: readonly { readonly filename: string; readonly hash: string; readonly source: string }[];
  readonly calls: readonly PendingCall[];
  /** The stack, innermost first. */
  readonly frames: readonly InspectedFrame[];
  /** Bytes before compression, by part. */
  readonly bytes: Readonly<Record<"programs" | "prelude" | "graph" | "texts" | "numbers", number>>;
  /** What is in the graph, counted. */
  readonly counts: Readonly<Record<(typeof COUNTS)[number], number>>;
  readonly fuel: number;
}

// Layouts of assembly/bytecode/code.ts and ts/defs/kinds.ts, as far as they are needed here.
const RECORD = 16;
const FUNCTION_CODE = 16;
const CODE = { program: 8, name: 28, tables: 40, caches: 44, relocations: 48, handlers: 52, size: 56 } as const;
const PROGRAM_ID = 8;
const STRING = { length: 8, flags: 12, size: 16 } as const;

function textAt(machine: Machine, at: number): string {
  if (at === 0) return "";
  const { u32, u16, u8 } = machine.views;
  const length = u32[(at + STRING.length) >>> 2]!;
  const wide = (u32[(at + STRING.flags) >>> 2]! & 1) !== 0;
  const units = wide
    ? u16.subarray((at + STRING.size) >>> 1, ((at + STRING.size) >>> 1) + length)
    : u8.subarray(at + STRING.size, at + STRING.size + length);
  return String.fromCharCode(...units.subarray(0, 200));
}

/** Source offset of the word at which a function stands. */
function offsetAt(machine: Machine, code: number, word: number): number {
  const { u32 } = machine.views;
  const field = (at: number): number => u32[(code + at) >>> 2]!;
  const relocations = code + field(CODE.tables) + field(CODE.caches) * 16;
  const positions = ((relocations + field(CODE.relocations) * 4 + 7) & ~7) + field(CODE.handlers) * 16;
  const count = u32[positions >>> 2]!;
  let offset = 0;
  for (let i = 0; i < count; i++) {
    const at = (positions + 4 + 8 * i) >>> 2;
    if (u32[at]! > word) break;
    offset = u32[at + 1]!;
  }
  return offset;
}

function placeOf(
  program: ProgramRecord | undefined,
  offset: number,
): { line: number | undefined; column: number | undefined } {
  if (program === undefined) return { line: undefined, column: undefined };
  const starts = program.lineStarts;
  let line = 0;
  while (line + 1 < starts.length && starts[line + 1]! <= offset) line++;
  return { line: line + 1, column: offset - starts[line]! + 1 };
}

function framesOf(machine: Machine): InspectedFrame[] {
  const frames: InspectedFrame[] = [];
  const programs = [...machine.programs, ...machine.evaluated.values()];
  let pc = machine.word("pc");
  let fp = machine.word("fp");
  const end = machine.word("stackEnd");
  for (let record = machine.word("csp"); fp !== 0 && record < end; record += RECORD) {
    const { u32 } = machine.views;
    const code = u32[(u32[fp >>> 2]! + FUNCTION_CODE) >>> 2]!;
    const id = u32[(u32[(code + CODE.program) >>> 2]! + PROGRAM_ID) >>> 2]!;
    const program = programs[id];
    const word = (pc - code - CODE.size) >>> 3;
    frames.push({
      function: textAt(machine, u32[(code + CODE.name) >>> 2]!),
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

/** Describes a snapshot with the help of a machine restored from it. */
export function inspectParts(machine: Machine, parts: Parts): Inspection {
  return {
    status: statusOf(machine, parts),
    buildId: parts.buildId,
    programs: parts.programs.map(({ filename, hash, source }) => ({ filename, hash, source })),
    calls: pendingCalls(machine).calls,
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
  };
}
