// Owns the account of a run: fuel, time, usage, text that was written; and guarding the host from what fails inside the core.

import { InternalError } from "../errors.ts";
import { VM_WORD } from "../generated/machine.ts";
import type { Machine } from "./machine.ts";
import { readOutput } from "./marshal.ts";
import type { RunRecord } from "./records.ts";

/** The resources that a run has used since the program's start. */
export interface Usage {
  /** Units of fuel: loop iterations and calls cost 1, natives in proportion to their work. */
  readonly fuel: number;
  /** Bytes of heap and stack now, including garbage not yet collected. */
  readonly memoryBytes: number;
  /**
   * Largest number of bytes in use so far, garbage included. It is a measurement: it depends on when garbage was collected. Below
   * 512 KB, and in a snapshot written with `elapsed: false`, a restored run has an estimate instead, by what was allocated up to 2 MB.
   */
  readonly peakMemoryBytes: number;
  /** Calls of host functions, timers not counted. */
  readonly hostCalls: number;
  /** Milliseconds of running time, not counting waits for the host. */
  readonly timeMs: number;
}

/** The host's part of the machine's run. */
export function runOf(machine: Machine): RunRecord {
  if (machine.run === undefined) throw new InternalError("the machine has no run");
  return machine.run;
}

/** Gives a run `limits.timeMs` from here on. */
export function grantTime(machine: Machine): void {
  const run = runOf(machine);
  run.timeUpAtMs = run.elapsedMs + run.limits.timeMs;
  // The core is told how much that is when time is next measured.
  machine.untimed = -1;
}

/** Sets the program's clock, which never goes back. */
export function setClock(machine: Machine, now: number): void {
  if (now <= machine.exports.clock()) return;
  machine.log?.clockSet(machine, now);
  machine.exports.setClock(now);
}

/** Fuel used since the start. */
export function fuelUsed(machine: Machine): number {
  return machine.wordAt(VM_WORD.fuelUsedHigh) * 0x1_0000_0000 + machine.wordAt(VM_WORD.fuelUsedLow);
}

/** Sets the fuel used since the start. */
export function setFuelUsed(machine: Machine, fuel: number): void {
  machine.setWord("fuelUsedLow", fuel >>> 0);
  machine.setWord("fuelUsedHigh", Math.floor(fuel / 0x1_0000_0000));
}

/** Counts time in which the host worked for the guest. `fuel` counts instead where the host's clock does not move. */
export function addTime(run: RunRecord, ms: number, fuel: number): void {
  if (ms > 0) run.elapsedMs += ms;
  else run.stillFuel += fuel;
}

/** Returns the resources used so far. */
export function usageOf(machine: Machine): Usage {
  const memoryBytes = machine.exports.usedMemory();
  return {
    fuel: fuelUsed(machine),
    memoryBytes,
    peakMemoryBytes: Math.max(memoryBytes, machine.wordAt(VM_WORD.peakMemory), runOf(machine).peakBytes),
    hostCalls: machine.wordAt(VM_WORD.hostCalls),
    timeMs: runOf(machine).elapsedMs,
  };
}

/** Errors that listeners of the host have thrown. */
const thrownByHost = new WeakSet<Error>();

/** Runs a function of the host in the middle of a run: an error of its own says nothing about the core. */
export function hostWork<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) thrownByHost.add(error);
    throw error;
  }
}

/** Returns the error to throw for one that came out of the core; marks the machine as broken if the core trapped. */
export function asInternalError(machine: Machine, error: unknown): unknown {
  if (error instanceof RangeError && thrownByHost.has(error)) return error;
  // Of other RangeErrors, only an exhausted stack is the core's.
  if (error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/i.test(error.message))) {
    machine.broken = true;
    return new InternalError(`the core failed: ${error.message}`, { cause: error });
  }
  return error;
}

/** Runs `work`, and marks the machine as broken if the core trapped in it. */
export function guarded<T>(machine: Machine, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asInternalError(machine, error);
  }
}

/** Brings `machine.stdout` and `machine.stderr` up to date. */
export function pullText(machine: Machine): void {
  const { exports } = machine;
  if (exports.textLength(0) > machine.stdout.length) {
    exports.writeText(0, machine.stdout.length);
    machine.stdout += readOutput(machine) as string;
  }
  if (exports.textLength(1) > machine.stderr.length) {
    exports.writeText(1, machine.stderr.length);
    machine.stderr += readOutput(machine) as string;
  }
}
