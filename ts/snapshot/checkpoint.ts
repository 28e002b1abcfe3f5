// Owns checkpoints: copies of a machine's memory for the same build, in the same process. They take microseconds and need no
// format; for forks, time travel, and states that wait without a machine. Must never leave the process.

//
//   memory        │ guard │ VM block │ static data │ base image │ stack │ heap │ free │
//   fork copies             all        work areas    all          all     all
//   park keeps              changes    work areas    changes      not 0   all
import { BASE_START, STATIC_DATA } from "../defs/layout.ts";
import type { Core } from "../machine/core.ts";
import type { Carried, Machine } from "../machine/machine.ts";
import type { MachinePool } from "../machine/pool.ts";
import { snapshotExports } from "./environment.ts";

/** Grows a machine to at least that many bytes. */
function growTo(machine: Machine, bytes: number): void {
  const missing = Math.ceil((bytes - machine.memoryBytes) / 65_536);
  if (missing > 0) machine.exports.memory.grow(missing);
}

/** Makes an independent machine in the same state as the given one. */
export function forkMachine(pool: Pick<MachinePool, "acquire" | "core">, machine: Machine): Machine {
  const fork = pool.acquire();
  // Above the high water nothing was ever written: the fork has zeros there without copying.
  const used = Math.min(machine.memoryBytes, machine.highWater());
  growTo(fork, machine.memoryBytes);
  const { u8 } = machine.views;
  const { core } = pool;
  const block = core.block.at;
  // Unverified bytes may have changed tables that no program can: then everything is copied.
  if (machine.isSuspect) fork.views.u8.set(u8.subarray(block, BASE_START), block);
  else {
    fork.views.u8.set(u8.subarray(block, STATIC_DATA), block);
    for (const { from, to } of core.workAreas) fork.views.u8.set(u8.subarray(from, to), from);
  }
  fork.views.u8.set(u8.subarray(BASE_START, used), BASE_START);
  fork.setWord("memoryEnd", fork.memoryBytes);
  fork.isSuspect = machine.isSuspect;
  fork.take(machine.carried());
  return fork;
}

/** A machine's state as its difference from a fresh machine. It needs no machine, and a few KB for a small program. */
export interface Parked {
  /** Pairs: address, bytes. */
  readonly runs: Uint32Array;
  readonly data: Uint8Array;
  readonly memoryBytes: number;
  readonly isSuspect: boolean;
  readonly scratchEnd: number;
  readonly carried: Carried;
}

/** Bytes for the list of runs that differ: at most 8 for each 40 of base image, VM block and work areas. */
const LIST_BYTES = 98_304;

/** Returns the state of a machine at rest, which must be reset before it is used again. */
export function park(core: Core, machine: Machine): Parked {
  const exports = snapshotExports(machine);
  const { at: cellsAt, bytes: cells } = core.baseCells;
  const { at: blockAt, bytes: block } = core.block;
  const heapBase = machine.word("heapBase");
  const heapTop = machine.word("heapTop");
  const stack = machine.word("stackEnd") - machine.word("stackBase");
  const blockBytes = (block.length + 7) & ~7;
  const copy = exports.snapshotRoom(cells.length + blockBytes + LIST_BYTES + (stack >>> 2));
  const list = copy + cells.length + blockBytes;
  const { u8 } = machine.views;
  u8.set(cells, copy);
  u8.set(block, copy + cells.length);
  let count = exports.differences(cellsAt, cellsAt + cells.length, copy, list);
  count += exports.differences(blockAt, blockAt + block.length, copy + cells.length, list + 8 * count);
  count += exports.differences(machine.word("stackBase"), machine.word("stackEnd"), 0, list + 8 * count);
  // Work areas are zero in a fresh machine; the tables of the core between them never change.
  for (const { from, to } of core.workAreas)
    count += exports.differences(from & ~7, (to + 7) & ~7, 0, list + 8 * count);
  const { u32 } = machine.views;
  const runs = new Uint32Array(2 * count + 2);
  runs.set(u32.subarray(list >>> 2, (list >>> 2) + 2 * count));
  // The heap is all the machine's own.
  runs.set([heapBase, heapTop - heapBase], 2 * count);
  let bytes = 0;
  for (let i = 1; i < runs.length; i += 2) bytes += runs[i]!;
  const data = new Uint8Array(bytes);
  for (let i = 0, at = 0; i < runs.length; at += runs[i + 1]!, i += 2)
    data.set(u8.subarray(runs[i]!, runs[i]! + runs[i + 1]!), at);
  const { memoryBytes, isSuspect } = machine;
  return { runs, data, memoryBytes, isSuspect, scratchEnd: heapTop, carried: machine.carried() };
}

/** Brings a parked state into a fresh machine. */
export function unpark(machine: Machine, parked: Parked): void {
  growTo(machine, parked.memoryBytes);
  const { runs, data } = parked;
  const { u8 } = machine.views;
  for (let i = 0, at = 0; i < runs.length; i += 2) {
    const length = runs[i + 1]!;
    u8.set(data.subarray(at, at + length), runs[i]);
    at += length;
  }
  machine.setWord("memoryEnd", machine.memoryBytes);
  // All above the heap is as in a fresh machine.
  machine.setWord("scratchEnd", parked.scratchEnd);
  machine.isSuspect = parked.isSuspect;
  machine.take(parked.carried);
}
