// Owns what states, sessions and snapshots need of their runtime (runtime.ts implements it). Must never be shown to users.

import type { Machine } from "../machine/machine.ts";
import type { MachinePool } from "../machine/pool.ts";
import type { ModuleCompiler } from "./module-types.ts";
import type { State } from "./state.ts";

/** The part of a runtime that states and snapshots need. */
export interface MachineHost extends ModuleCompiler, MachinePool {
  /** Returns the machine's current state, by VM_STATUS. The machine belongs to that state from then on. */
  stateOf(machine: Machine): State;
}
