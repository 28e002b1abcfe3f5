// Owns the interface of a pool of machines. A machine is in the pool or in the hands of exactly one state.

import type { Core } from "./core.ts";
import type { Machine } from "./machine.ts";

/** Machines ready to be used, and the core of which they are instances. */
export interface MachinePool {
  readonly core: Core;
  /** Returns a machine with a fresh realm and nothing linked, from the pool or new. */
  acquire(): Machine;
  /** Returns a machine to the pool; its memory is cleared before it is used again. */
  release(machine: Machine): void;
}
