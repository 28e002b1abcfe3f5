// Owns checkpoints: copies of a machine's memory for the same build, in the same process. They take microseconds and need no
// format; for forks and time travel. Must never leave the process.

import type { Machine } from "../machine/machine.ts";
import type { MachinePool } from "../machine/pool.ts";

/** Makes an independent machine in the same state as the given one. */
export function forkMachine(pool: Pick<MachinePool, "acquire">, machine: Machine): Machine {
  const fork = pool.acquire();
  const used = Math.min(machine.memoryBytes, machine.highWater());
  const missing = Math.ceil((machine.memoryBytes - fork.memoryBytes) / 65536);
  if (missing > 0) fork.exports.memory.grow(missing);
  fork.views.u8.set(machine.views.u8.subarray(0, used));
  fork.setWord("memoryEnd", fork.memoryBytes);
  fork.usedAboveHeap = machine.usedAboveHeap;
  fork.programs.push(...machine.programs);
  fork.setEvaluated(machine.evaluated);
  fork.nextSerial = machine.nextSerial;
  fork.evaluatedAt = machine.evaluatedAt;
  fork.run = machine.run === undefined ? undefined : { ...machine.run };
  fork.stdout = machine.stdout;
  fork.stderr = machine.stderr;
  fork.carriedPrelude.length = 0;
  fork.carriedPrelude.push(...machine.carriedPrelude);
  return fork;
}
