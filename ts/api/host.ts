// Owns what states, sessions and snapshots need of their runtime (runtime.ts implements it). Must never be shown to users.

import type { Machine } from "../machine/machine.ts";
import type { MachinePool } from "../machine/pool.ts";
import type { RunRecord } from "../machine/records.ts";
import type { RecordOptions } from "./recorder.ts";
import type { Recording } from "./recording.ts";
import type { VariableMaps } from "./variable-maps.ts";
import type { Libraries } from "./libraries.ts";
import type { ModuleCompiler } from "./module-types.ts";
import type { State } from "./state.ts";

/** Who has a machine that waits. */
export interface Resting {
  /** Keeps the state without the machine, and returns that. */
  park(): Machine;
}

/** The part of a runtime that states and snapshots need. */
export interface MachineHost extends ModuleCompiler, MachinePool {
  /** The libraries of the runtime. */
  readonly libraries: Libraries;
  /** Where the variables of programs are. */
  readonly variables: VariableMaps;
  /** Records the run of a machine, which belongs to the recording from then on. */
  record(machine: Machine, options: RecordOptions): Recording;
  /** Returns a machine even after the runtime was disposed: for a state without a machine. */
  fresh(): Machine;
  /** The machine of that lease waits, and may be parked. */
  rests(lease: Resting): void;
  /** It does not wait any more. */
  wakes(lease: Resting): void;
  /**
   * Returns an idle machine that is in exactly the state of these bytes, as it was when they were written; undefined if there is
   * no such machine. `accept` returns the run with which it goes on; undefined: not with this machine.
   */
  recall(bytes: Uint8Array, accept: (machine: Machine) => RunRecord | undefined): Machine | undefined;
  /** Returns the machine's current state, by VM_STATUS. The machine belongs to that state from then on. */
  stateOf(machine: Machine): State;
}
