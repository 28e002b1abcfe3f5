// Placeholder of the wrapper's author until the snapshot code is here; it is to be overwritten. See ts/vm/machine.ts.
import type { Machine, MachineHost } from "../vm/machine.ts";
import type { State } from "../vm/state.ts";

export interface LoadOptions {
  program?: unknown;
  keys?: unknown;
}
export interface Snapshot {
  dump(options?: object): Uint8Array;
  restore(): State;
  restoreMachine(): Machine;
  resume(value?: unknown): State;
  inspect(): unknown;
}
export function captureSnapshot(_machine: Machine, _host: MachineHost): Snapshot {
  throw new Error("snapshots are not here yet");
}
export function loadSnapshot(_host: MachineHost, _bytes: Uint8Array, _options: LoadOptions): Snapshot {
  throw new Error("snapshots are not here yet");
}
