// Owns who may touch a machine: one state at a time, or a session. Must never let a state that was left behind reach a machine
// that has moved on.

import { GuestError, LimitError, StateError } from "../errors.ts";
import type { Machine, MachineHost } from "./machine.ts";
import { forkMachine } from "../snapshot/checkpoint.ts";
import { pullText, runOf, usageOf } from "./run-loop.ts";
import type { PausedState } from "./state.ts";

/** Forgets what was under way in a machine; what it has bound and made stays. */
function abandon(machine: Machine): void {
  machine.exports.abandon();
  runOf(machine).pausedBy = undefined;
}

/** The right to one machine. States hold it together with the turn in which they were made. */
export class Custody {
  readonly host: MachineHost;
  /** A session keeps its machine when a chunk is complete or has failed. */
  readonly isSession: boolean;
  #machine: Machine | undefined;
  #turn = 0;
  #why = "it is complete";
  /** The machine as it was where the slice began, if the run keeps that. */
  #kept: Machine | undefined;

  constructor(host: MachineHost, machine: Machine, isSession: boolean) {
    this.host = host;
    this.#machine = machine;
    this.isSession = isSession;
  }

  /** What a state made now must show to use the machine later. */
  get turn(): number {
    return this.#turn;
  }

  /**
   * The machine, for whoever made a state in that turn.
   *
   * @throws StateError when it has moved on since
   */
  machine(turn: number): Machine {
    if (this.#machine === undefined) throw new StateError(`this state cannot be used any more: ${this.#why}`);
    if (turn !== this.#turn) {
      throw new StateError("this state was resumed already; to go on from it twice, take a snapshot before you resume");
    }
    return this.#machine;
  }

  /** Is the state of that turn still the one to go on from? */
  isCurrent(turn: number): boolean {
    return this.#machine !== undefined && turn === this.#turn;
  }

  /** Begins the next turn: states of the one before are spent. */
  begin(turn: number): Machine {
    const machine = this.machine(turn);
    this.#turn++;
    return machine;
  }

  /** Keeps a copy of the machine where a slice begins, if the run asks for it. */
  readonly keep = (): void => {
    const machine = this.#machine;
    if (machine === undefined || runOf(machine).keepState !== true) return;
    this.letGo();
    this.#kept = forkMachine(this.host, machine);
  };

  /** Nothing went wrong: the copy is not needed. */
  letGo(): void {
    if (this.#kept !== undefined) this.host.release(this.#kept);
    this.#kept = undefined;
  }

  /** What was kept, as a state of its own. */
  #keptState(): PausedState | undefined {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    this.#kept = undefined;
    runOf(kept).pausedBy = "hold";
    pullText(kept);
    const state = this.host.stateOf(kept);
    return state.status === "paused" ? state : undefined;
  }

  /** Gives the machine back, unless a session keeps it. */
  finish(why: string): void {
    if (this.isSession && this.#machine?.broken !== true) return;
    this.end(why);
  }

  /** Gives the machine back whoever keeps it. */
  end(why: string): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    this.#machine = undefined;
    this.#why = why;
    this.host.release(machine);
  }

  /** Ends the turn for good: a program's machine goes back to the pool, a session forgets the chunk and can take the next. */
  dismiss(turn: number): void {
    if (!this.isCurrent(turn)) return;
    if (!this.isSession) {
      this.end("it was disposed");
      return;
    }
    abandon(this.begin(turn));
  }

  /** Ends a run that threw, and says in the error what it had done until then. */
  fail(error: unknown): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    if (!machine.broken && (error instanceof GuestError || error instanceof LimitError)) {
      pullText(machine);
      error.state = this.#keptState();
      error.run = { stdout: machine.stdout, stderr: machine.stderr, usage: usageOf(machine) };
      if (this.isSession) abandon(machine);
    }
    this.letGo();
    this.finish("its run has failed");
  }
}
