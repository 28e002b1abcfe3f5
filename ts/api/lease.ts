// Owns who may touch a machine: one state at a time, or a session. Must never let an outdated state reach a machine that has moved
// on.

import { GuestError, LimitError, StateError, type StateProblem } from "../errors.ts";
import type { Machine } from "../machine/machine.ts";
import { pullText, runOf, usageOf } from "../machine/run.ts";
import { forkMachine, park, type Parked, unpark } from "../snapshot/checkpoint.ts";
import type { MachineHost } from "./host.ts";
import type { Recorder } from "./recorder.ts";
import { RunningCalls } from "./running-calls.ts";
import type { PausedState, State } from "./state.ts";

/** Abandons what the machine was running; bindings and objects made so far remain. */
function abandon(machine: Machine): void {
  machine.exports.abandon();
  runOf(machine).pausedBy = undefined;
}

/** A machine with more memory is not parked: the copy would take as long as running it. */
const MAX_PARKED = 2 * 1024 * 1024;

/** The right to use one machine. States hold it together with the generation in which they were made. */
export class Lease {
  readonly host: MachineHost;
  /** A session keeps its machine when a chunk is complete or has failed. */
  readonly isSession: boolean;
  #machine: Machine | undefined;
  /** The state, while it waits without a machine. */
  #parked: Parked | undefined;
  #generation = 0;
  #why = "it is complete";
  #reason: StateProblem = "complete";
  /** A drive of this machine is under way. */
  isDriven = false;
  /** Calls that were made for this machine. */
  readonly calls = new RunningCalls();
  /** The state of this generation, if it is known. */
  state: State | undefined;
  /** Records the run. */
  recorder: Recorder<State> | undefined;
  /** A copy of the machine from the start of the slice, if the run keeps one. */
  #checkpoint: Machine | undefined;

  constructor(host: MachineHost, machine: Machine, isSession: boolean) {
    this.host = host;
    this.#machine = machine;
    this.isSession = isSession;
  }

  /** The number that a state made now must present to use the machine later. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Returns the machine to a state made in that generation.
   *
   * @throws StateError if the machine has moved on since
   */
  machine(generation: number): Machine {
    if (generation !== this.#generation) throw this.#movedOn();
    if (this.#machine === undefined && this.#parked === undefined)
      throw new StateError(`this state cannot be used any more: ${this.#why}`, this.#reason);
    const machine = this.#machine ?? this.#unpark();
    // It was used last.
    if (this.#isResting) this.host.rests(this);
    return machine;
  }

  /** The error of a state that the machine has left behind. */
  #movedOn(): StateError {
    if (this.isDriven)
      return new StateError(
        "this state is being driven: wait for the promise of its drive or run, or abort it",
        "running",
      );
    const end = this.#machine === undefined && this.#parked === undefined ? `, and ${this.#why}` : "";
    const text = `this state was already resumed${end}: to go on from it twice, fork() it or take a snapshot before you resume`;
    return new StateError(text, "resumed");
  }

  #isResting = false;

  /** From here on the machine waits for the owner of its state: it may be parked when others are needed. */
  rest(): void {
    if (this.#machine === undefined || this.#machine.memoryBytes > MAX_PARKED) return;
    this.#isResting = true;
    this.host.rests(this);
  }

  #wake(): void {
    if (!this.#isResting) return;
    this.#isResting = false;
    this.host.wakes(this);
  }

  /** Keeps the state without its machine, and returns that. */
  park(): Machine {
    const machine = this.#machine!;
    this.#parked = park(this.host.core, machine);
    this.#machine = undefined;
    return machine;
  }

  #unpark(): Machine {
    const machine = this.host.fresh();
    unpark(machine, this.#parked!);
    this.#parked = undefined;
    return (this.#machine = machine);
  }

  /** True if the state of that generation can still be resumed. */
  isCurrent(generation: number): boolean {
    return (this.#machine !== undefined || this.#parked !== undefined) && generation === this.#generation;
  }

  /** Begins the next generation: states of the previous one can no longer be used. */
  begin(generation: number): Machine {
    const machine = this.machine(generation);
    this.#wake();
    machine.written = undefined;
    machine.log = this.recorder;
    this.recorder?.left();
    this.#generation++;
    this.state = undefined;
    return machine;
  }

  /** The generation that began last changed nothing: the states of the one before can be used again. */
  restoreGeneration(): void {
    this.#generation--;
  }

  /** Keeps a copy of the machine at the start of a slice, if the run asks for it or is recorded. */
  readonly keep = (): void => {
    const machine = this.#machine;
    if (machine === undefined) return;
    this.recorder?.atSafepoint(machine);
    if (runOf(machine).keepState !== true) return;
    this.dropCheckpoint();
    this.#checkpoint = forkMachine(this.host, machine);
  };

  /** True if there is such a copy. */
  get isKeeping(): boolean {
    return this.#checkpoint !== undefined;
  }

  /** Releases the copy: nothing went wrong. */
  dropCheckpoint(): void {
    if (this.#checkpoint !== undefined) this.host.release(this.#checkpoint);
    this.#checkpoint = undefined;
  }

  /** Turns the copy into a state of its own. */
  #checkpointState(): PausedState | undefined {
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined) return undefined;
    this.#checkpoint = undefined;
    runOf(checkpoint).pausedBy = "hold";
    pullText(checkpoint);
    const state = this.host.stateOf(checkpoint);
    return state.status === "paused" ? state : undefined;
  }

  /** Returns the machine to the pool, unless a session keeps it. */
  finish(why: string, reason: StateProblem): void {
    if (this.isSession && this.#machine?.broken !== true) return;
    this.end(why, reason);
  }

  /** Returns the machine to the pool, even if a session keeps it. */
  end(why: string, reason: StateProblem): void {
    const machine = this.#machine;
    this.#wake();
    if (machine === undefined && this.#parked === undefined) return;
    this.#machine = undefined;
    this.#parked = undefined;
    this.#why = why;
    this.#reason = reason;
    if (machine !== undefined) this.host.release(machine);
  }

  /** Ends the generation for good: a program's machine returns to the pool; a session abandons the chunk and can run the next. */
  dismiss(generation: number): void {
    if (!this.isCurrent(generation)) return;
    if (!this.isSession) {
      this.end("it was disposed", "disposed");
      return;
    }
    abandon(this.begin(generation));
  }

  /** Ends a run that threw, and records in the error what the run had written and used. */
  fail(error: unknown): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    if (!machine.broken && (error instanceof GuestError || error instanceof LimitError)) {
      pullText(machine);
      error.state = this.#checkpointState();
      error.run = { stdout: machine.stdout, stderr: machine.stderr, usage: usageOf(machine) };
      if (this.isSession) abandon(machine);
    }
    this.dropCheckpoint();
    this.recorder?.failed(error);
    this.finish("its run has failed", "failed");
  }
}
