// Owns the complete state: the results of a program that has nothing more to do. Must never need the machine again.

import { GuestError, type MarshalError } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { readCrossing, readRefusal } from "../machine/marshal.ts";
import { pullText, type Usage, usageOf } from "../machine/run.ts";
import type { Lease } from "./lease.ts";
import type { PausedState, State, StateDriveOptions, SuspendedState } from "./state.ts";

/** The data that every stopped program exposes. */
export abstract class Stopped {
  /** Everything written to stdout since the program's start. */
  readonly stdout: string;
  /** Everything written to stderr since the program's start. */
  readonly stderr: string;
  /** Resources used since the program's start. */
  readonly usage: Usage;

  /** @internal */
  constructor(machine: Machine) {
    this.stdout = machine.stdout;
    this.stderr = machine.stderr;
    this.usage = usageOf(machine);
  }
}

/** The program has completed: nothing runs, nothing is pending. */
export class CompleteState<Output = unknown> extends Stopped {
  /** Tells the three kinds of state apart. */
  readonly status = "complete";
  readonly #output: Output;
  readonly #refused: MarshalError | undefined;

  /** @internal */
  constructor(machine: Machine, output: Output, refused: MarshalError | undefined) {
    super(machine);
    this.#output = output;
    this.#refused = refused;
  }

  /**
   * The value of the program's last statement; if that is a promise, the value with which it was fulfilled.
   *
   * @throws MarshalError if that value cannot leave the guest (for example, a function)
   */
  get output(): Output {
    if (this.#refused !== undefined) throw this.#refused;
    return this.#output;
  }

  /** Returns the state itself: whatever a stopped program is, it can be driven. */
  run(options?: StateDriveOptions & { hold?: undefined }): Promise<CompleteState<Output>>;
  run(options: StateDriveOptions): Promise<CompleteState<Output> | SuspendedState>;
  async run(): Promise<CompleteState<Output>> {
    return this;
  }

  /** Returns the state itself: whatever a stopped program is, it can be driven. */
  drive(options?: StateDriveOptions & { hold?: undefined }): Promise<CompleteState<Output> | PausedState>;
  drive(options: StateDriveOptions): Promise<State>;
  async drive(): Promise<State> {
    return this;
  }
}

/** Makes the state of a program that has nothing left to do. */
export function completeState(lease: Lease, machine: Machine): CompleteState {
  pullText(machine);
  const written = machine.exports.writeOutput();
  if (written === 2) {
    throw new GuestError({
      guestName: "Error",
      guestMessage: "the program awaits a promise that nothing can settle any more",
    });
  }
  const output = written === 1 ? readCrossing(machine, "$") : { refused: readRefusal(machine, "$") };
  const state =
    "value" in output
      ? new CompleteState(machine, output.value, undefined)
      : new CompleteState(machine, undefined, output.refused);
  lease.recorder?.reached(machine, state);
  lease.finish("it is complete", "complete");
  return state;
}
