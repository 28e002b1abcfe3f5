// Owns checkpoints: copies of a machine's memory for the same build, in the same process. They take microseconds and need no
// format; for forks, time travel, and states that wait without a machine. Must never leave the process.

import { BASE_START } from "../defs/layout.ts";
import type { Core } from "../machine/core.ts";
import type { Carried, Machine } from "../machine/machine.ts";
import type { MachinePool } from "../machine/pool.ts";

/** Grows a machine to at least that many bytes. */
function growTo(machine: Machine, bytes: number): void {
  const missing = Math.ceil((bytes - machine.memoryBytes) / 65_536);
  if (missing > 0) machine.exports.memory.grow(missing);
}

/** Makes an independent machine in the same state as the given one. */
export function forkMachine(pool: Pick<MachinePool, "acquire" | "core">, machine: Machine): Machine {
  const fork = pool.acquire();
  const used = Math.min(machine.memoryBytes, machine.highWater());
  growTo(fork, machine.memoryBytes);
  const { u8 } = machine.views;
  for (const { from, to } of pool.core.changing(machine.isSuspect)) fork.views.u8.set(u8.subarray(from, to), from);
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

/** Differences that are so near to each other are stored as one. In words. */
const NEAR = 4;

/** Collects the runs of words in which two memories differ. */
class Differences {
  readonly #runs: number[] = [];
  #bytes = 0;

  /** Compares words `from` to `to` with those of `fresh` from `at` on; without `fresh`, with zeros. */
  compare(words: Uint32Array, from: number, to: number, fresh: Uint32Array | undefined, at: number): void {
    let start = -1;
    let last = -1;
    for (let i = from; i < to; i++) {
      if (words[i] === (fresh === undefined ? 0 : fresh[at + i - from]!)) continue;
      if (start < 0) start = i;
      else if (i - last > NEAR) {
        this.#add(start, last + 1);
        start = i;
      }
      last = i;
    }
    if (start >= 0) this.#add(start, last + 1);
  }

  #add(from: number, to: number): void {
    this.#runs.push(4 * from, 4 * (to - from));
    this.#bytes += 4 * (to - from);
  }

  gather(u8: Uint8Array): { readonly runs: Uint32Array; readonly data: Uint8Array } {
    const data = new Uint8Array(this.#bytes);
    const runs = Uint32Array.from(this.#runs);
    for (let i = 0, at = 0; i < runs.length; at += runs[i + 1]!, i += 2)
      data.set(u8.subarray(runs[i]!, runs[i]! + runs[i + 1]!), at);
    return { runs, data };
  }
}

/** Returns the state of a machine at rest, which can then be used for another program. */
export function park(core: Core, machine: Machine): Parked {
  const { u8, u32 } = machine.views;
  const { bytes: fresh, at } = core.fresh;
  const differences = new Differences();
  for (const { from, to } of core.changing(machine.isSuspect))
    differences.compare(u32, from >>> 2, (to + 3) >>> 2, fresh, (from - at) >>> 2);
  differences.compare(u32, BASE_START >>> 2, core.baseEnd >>> 2, fresh, (BASE_START - at) >>> 2);
  const word = (name: Parameters<Machine["word"]>[0]): number => machine.word(name) >>> 2;
  differences.compare(u32, word("stackBase"), word("stackEnd"), undefined, 0);
  differences.compare(u32, word("heapBase"), word("heapTop"), undefined, 0);
  return {
    ...differences.gather(u8),
    memoryBytes: machine.memoryBytes,
    isSuspect: machine.isSuspect,
    scratchEnd: machine.word("heapTop"),
    carried: machine.carried(),
  };
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
