// Owns the reading of linked code from a machine's memory: instructions, jumps, loops, entries, and which registers are still read where.
// Must never read anything but words of a CODE cell, which the linker has verified.

import { FUSED_COMPARES, FUSED_JUMPS, LINKED_ONLY } from "../../../ts/defs/fused.ts";
import { PORTABLE } from "../../../ts/defs/opcodes.ts";
import {
  CODE_FLAGS,
  CODE_HANDLERS,
  CODE_LIMITS,
  CODE_REGISTERS,
  CODE_SIZE,
  CODE_TABLES,
  CODE_WORDS,
} from "../../../ts/generated/machine.ts";

export { CODE_SIZE };

/** How to read each instruction, by its number: the row of the portable one, and the jump that it is fused with. */
const ROWS = [
  ...PORTABLE.map((row) => ({ row, jump: undefined })),
  ...LINKED_ONLY.map((_, i) => {
    const compare = FUSED_COMPARES[Math.floor(i / FUSED_JUMPS.length)];
    return { row: PORTABLE.find(({ name }) => name === compare)!, jump: FUSED_JUMPS[i % FUSED_JUMPS.length] };
  }),
].map(({ row, jump }) => ({
  row,
  jump,
  isExtended: jump !== undefined || row.operands.some(([field]) => field === "x"),
  jumpField: row.operands.find(([, type]) => type.startsWith("jump"))?.[0],
}));
const BY_NAME = new Map(PORTABLE.map((row) => [row.name, row]));
const CACHES_AT = 44;
const RELOCATIONS_AT = 48;

/** One instruction, or a comparison with the jump that it is fused with. Fields that name registers are numbers of registers. */
export interface Instruction {
  readonly word: number;
  /** The name of the instruction; of a fused pair that of the comparison. */
  readonly op: string;
  readonly jump: "JT" | "JF" | "LOOPT" | undefined;
  readonly words: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Fields as numbers: c signed, b unsigned, b and c as one signed number. */
  readonly immediate: number;
  readonly rawB: number;
  readonly rawC: number;
  readonly wide: number;
  /** The extension: both words, and the upper as a distance. */
  readonly extension: bigint;
  readonly distance: number;
  readonly target: number | undefined;
  readonly fallsThrough: boolean;
  readonly isSafepoint: boolean;
}

/** A backward jump's target and the end of what lies between. */
export interface Loop {
  readonly header: number;
  end: number;
}

export interface LinkedFunction {
  readonly registers: number;
  readonly parameters: number;
  readonly words: number;
  readonly instructions: readonly Instruction[];
  readonly loops: readonly Loop[];
  /** Words at which a run can come in: the start, safepoints, and what follows a call. */
  readonly entries: readonly number[];
  /** Words that are reached by a jump or from outside. */
  readonly leaders: ReadonlySet<number>;
  /** By word: a byte per register, 1 if it may still be read. */
  readonly live: ReadonlyMap<number, Uint8Array>;
}

const FLAG = { GENERATOR: 8, ASYNC: 16, PRELUDE: 2048 } as const;
export const CALLS: ReadonlySet<string> = new Set(["CALL", "CALLU"]);
/** The safepoints that compiled code handles; at the others it has nothing to do. */
const SAFEPOINTS: ReadonlySet<string> = new Set(["LOOP", "LOOPT", "FUEL", ...CALLS]);

function decode(data: DataView, at: number, word: number): Instruction {
  const number = data.getUint16(at, true);
  const { row, jump, isExtended, jumpField } = ROWS[number]!;
  const op = row.name;
  const isFused = jump !== undefined;
  let target: number | undefined;
  if (isFused) target = word + 1 + (jump === "LOOPT" ? data.getInt16(at + 14, true) : data.getInt32(at + 12, true));
  else if (jumpField === "c") target = word + data.getInt16(at + 6, true);
  else if (jumpField !== undefined) target = word + data.getInt32(at + (jumpField === "x" ? 8 : 4), true);
  return {
    word,
    op,
    jump,
    words: isExtended ? 2 : 1,
    a: data.getUint16(at + 2, true) >>> 3,
    b: data.getUint16(at + 4, true) >>> 3,
    c: data.getUint16(at + 6, true) >>> 3,
    immediate: data.getInt16(at + 6, true),
    rawB: data.getUint16(at + 4, true),
    rawC: data.getUint16(at + 6, true),
    wide: data.getInt32(at + 4, true),
    extension: isExtended ? data.getBigUint64(at + 8, true) : 0n,
    distance: isExtended ? data.getUint32(at + 12, true) : 0,
    target,
    fallsThrough: !row.flags.includes("E") || isFused,
    isSafepoint: jump === "LOOPT" || (!isFused && SAFEPOINTS.has(op)),
  };
}

/** The loops, the outer before the inner; undefined if two overlap. */
function loopsOf(instructions: readonly Instruction[]): Loop[] | undefined {
  const loops = new Map<number, Loop>();
  for (const { target, word, words } of instructions) {
    if (target === undefined || target > word) continue;
    const known = loops.get(target);
    if (known === undefined) loops.set(target, { header: target, end: word + words });
    else known.end = Math.max(known.end, word + words);
  }
  const sorted = [...loops.values()].sort((a, b) => a.header - b.header);
  for (const outer of sorted)
    for (const inner of sorted)
      if (inner.header > outer.header && inner.header < outer.end && inner.end > outer.end) return undefined;
  return sorted;
}

/** Which registers an instruction reads and writes. What is not followed in detail reads all. */
function touched(instruction: Instruction): { reads: readonly number[] | "all"; writes: readonly number[] } {
  const { op, a, b, rawC } = instruction;
  if (CALLS.has(op)) {
    const area = Array.from({ length: rawC + 2 }, (_, i) => b + i);
    return { reads: op === "CALLU" ? area.filter((r) => r !== b + 1) : area, writes: [a] };
  }
  const row = BY_NAME.get(op)!;
  const reads: number[] = [];
  const writes: number[] = [];
  for (const [field, type] of row.operands) {
    const register = { a, b, c: instruction.c, bc: 0, x: 0 }[field];
    if (type === "dst") writes.push(register);
    else if (type === "src") reads.push(register);
    else if (type === "rw" || type === "base" || type === "out") return { reads: "all", writes: [] };
  }
  // The temporary of a fused comparison is not written.
  return { reads, writes: instruction.jump === undefined ? writes : [] };
}

/** Handlers as [start, end, target], in words. */
function handlersOf(data: DataView, code: number): (readonly [number, number, number])[] {
  const caches = code + data.getUint32(code + CODE_TABLES, true);
  const relocations = caches + data.getUint32(code + CACHES_AT, true) * 16;
  const at = relocations + ((data.getUint32(code + RELOCATIONS_AT, true) * 4 + 7) & ~7);
  return Array.from({ length: data.getUint32(code + CODE_HANDLERS, true) }, (_, i) => {
    const handler = at + 16 * i;
    return [0, 4, 8].map((field) => data.getUint32(handler + field, true) >>> 3) as [number, number, number];
  });
}

type Handlers = ReturnType<typeof handlersOf>;

/** Which registers may still be read, by word. Parameters always may: snapshots have them. */
function liveness(
  list: readonly Instruction[],
  registers: number,
  fixed: number,
  handlers: Handlers,
): Map<number, Uint8Array> {
  const live = new Map(list.map(({ word }) => [word, new Uint8Array(registers)]));
  const touches = list.map(touched);
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (let i = list.length - 1; i >= 0; i--) {
      const instruction = list[i]!;
      const { reads, writes } = touches[i]!;
      const { word, words, target, fallsThrough } = instruction;
      const now = new Uint8Array(registers);
      const after = [fallsThrough ? word + words : undefined, target];
      for (const next of after) if (next !== undefined) live.get(next)?.forEach((bit, r) => (now[r]! |= bit));
      for (const register of writes) now[register] = 0;
      for (const [start, end, to] of handlers)
        if (word >= start && word < end) live.get(to)?.forEach((bit, r) => (now[r]! |= bit));
      if (reads === "all") now.fill(1);
      else for (const register of reads) now[register] = 1;
      now.fill(1, 0, fixed);
      const known = live.get(word)!;
      if (known.some((bit, r) => bit !== now[r])) {
        known.set(now);
        isChanged = true;
      }
    }
  }
  return live;
}

/** Reads the code cell at `code`. Undefined: it is not for this tier. */
export function readFunction(data: DataView, code: number): LinkedFunction | undefined {
  const flags = data.getUint32(code + CODE_FLAGS, true);
  // Bits of the cell's first word ask for something at each call, or for payment by length.
  if (data.getUint32(code, true) !== 0 || flags & (FLAG.GENERATOR | FLAG.ASYNC | FLAG.PRELUDE)) return undefined;
  const words = data.getUint32(code + CODE_WORDS, true);
  const registers = data.getUint16(code + CODE_REGISTERS, true);
  const parameters = data.getUint16(code + CODE_LIMITS, true);
  const instructions: Instruction[] = [];
  for (let word = 0; word < words; word += instructions.at(-1)!.words)
    instructions.push(decode(data, code + CODE_SIZE + 8 * word, word));
  const loops = loopsOf(instructions);
  if (loops === undefined) return undefined;
  const entries = new Set([0]);
  const leaders = new Set([0]);
  for (const { word, op, isSafepoint, target } of instructions) {
    if (isSafepoint) entries.add(word);
    if (CALLS.has(op)) entries.add(word + 1);
    if (target !== undefined) leaders.add(target);
  }
  for (const entry of entries) leaders.add(entry);
  return {
    registers,
    parameters,
    words,
    instructions,
    loops,
    entries: [...entries].sort((a, b) => a - b),
    leaders,
    live: liveness(instructions, registers, 2 + parameters, handlersOf(data, code)),
  };
}
