// Owns the host's view of a stopped program: complete, suspended or paused, and how to continue it. Must never keep a reference
// into a machine that the machine may change: a state holds copies of all it shows.

import { RUN_STATUS } from "../defs/layout.ts";
import { InternalError } from "../errors.ts";
import { VM_WORD } from "../generated/machine.ts";
import { type Answer, giveAnswer } from "../machine/answers.ts";
import { changeLimits } from "../machine/launch.ts";
import { type Limits, resolveLimits } from "../machine/limits.ts";
import type { Machine } from "../machine/machine.ts";
import { putAnswerInMailbox } from "../machine/marshal.ts";
import { type PendingCall, pendingCalls } from "../machine/pending-calls.ts";
import type { PauseReason } from "../machine/records.ts";
import { advance, type SliceListener, type Stop } from "../machine/run-loop.ts";
import { pullText, runOf, type Usage } from "../machine/run.ts";
import { type CompleteState, completeState, Stopped } from "./complete.ts";
import type { Custody } from "./custody.ts";
import { checkTools, type DriveOptions, driveToEnd, driveToStop } from "./driver.ts";
import type { MachineHost } from "./host.ts";
import { giveReady, readyAnswer } from "./modules.ts";
import { captureSnapshot, type Snapshot } from "./snapshot.ts";

export { CompleteState } from "./complete.ts";
export type { Answer, PendingCall, Usage };

/** Options for resuming a state. */
export interface ResumeOptions {
  /** Fuel that may be spent until the next stop; default `limits.fuel`. */
  fuel?: number | undefined;
  /** Sets the program's clock to this time (milliseconds since 1970), unless the clock is later already. */
  now?: number | undefined;
  /** Limits to change from here on; the others stay as they are. */
  limits?: Limits | undefined;
  /** Called between slices; may request a hold. */
  onSlice?: SliceListener | undefined;
}

/** Options for driving a state. */
export interface StateDriveOptions extends DriveOptions {
  /** Limits to change from here on; the others stay as they are. If `fuel` is among them, it is granted anew. */
  limits?: Limits | undefined;
}

/** Base of suspended and paused states: they hold a stopped machine. */
abstract class Waiting extends Stopped {
  readonly #custody: Custody;
  readonly #turn: number;

  /** @internal */
  constructor(custody: Custody, machine: Machine) {
    super(machine);
    this.#custody = custody;
    this.#turn = custody.turn;
  }

  /**
   * Captures the state. The state stays usable, and the snapshot can be resumed any number of times.
   *
   * @throws StateError if the state was already resumed or disposed
   */
  snapshot(): Snapshot {
    return captureSnapshot(this.#custody.machine(this.#turn), this.#custody.host);
  }

  /**
   * Drives the program to completion: calls host functions and waits for timers.
   *
   * @throws MissingExternalError, GuestError, LimitError, StateError
   */
  async run(options: StateDriveOptions): Promise<CompleteState> {
    this.#setLimits(options);
    return driveToEnd(this.#custody, this.#turn, options);
  }

  /**
   * As {@link run}, but resolves to a paused state when fuel or time runs out or a hold was requested. Calls whose functions have
   * not finished by then are pending in that state, and will be made again.
   */
  async drive(options: StateDriveOptions): Promise<CompleteState | PausedState> {
    this.#setLimits(options);
    return drivenState(this.#custody, this.#turn, options);
  }

  /**
   * Ends the program here. Its machine returns to the pool at once, rather than when the state is garbage collected. In a session,
   * the chunk is abandoned and the next one can be run.
   */
  dispose(): void {
    this.#custody.dismiss(this.#turn);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  protected get host(): MachineHost {
    return this.#custody.host;
  }

  /** @internal */
  protected get machine(): Machine {
    return this.#custody.machine(this.#turn);
  }

  /** Changes limits, unless the driver would refuse these tools. */
  #setLimits({ limits, tools }: StateDriveOptions): void {
    if (limits === undefined) return;
    resolveLimits(limits);
    const { machine } = this;
    checkTools(machine, tools ?? {});
    changeLimits(machine, limits);
    if (limits.fuel !== undefined) grantFuel(machine, limits.fuel);
  }

  #begin(options: ResumeOptions): Machine {
    // Refuses before anything is changed.
    checkFuel(options.fuel);
    resolveLimits(options.limits);
    const machine = this.#custody.begin(this.#turn);
    if (options.limits !== undefined) changeLimits(machine, options.limits);
    grantFuel(machine, options.fuel);
    if (options.now !== undefined && options.now > machine.exports.clock()) machine.exports.setClock(options.now);
    return machine;
  }

  /** Resumes with an answer. If the answer cannot enter the guest, the state is unchanged. @internal */
  protected answerOne(call: PendingCall, answer: Answer, options: ResumeOptions): State {
    const custody = this.#custody;
    const machine = custody.machine(this.#turn);
    if (call.kind === "sync" && "value" in answer && putAnswerInMailbox(machine, answer.value)) {
      this.#begin(options);
      return nextState(custody, options.onSlice, call.id);
    }
    const given = call.kind === "timer" ? { value: undefined } : answer;
    const ready = call.kind === "module" ? readyAnswer(custody.host, machine, call, answer) : undefined;
    try {
      if (ready === undefined) giveAnswer(machine, call.id, given, () => void this.#begin(options));
      else giveReady(this.#begin(options), call.id, ready);
    } catch (error) {
      if (!custody.isCurrent(this.#turn)) custody.fail(error);
      throw error;
    }
    return nextState(custody, options.onSlice);
  }

  /** Resumes; `answer` may change the machine first. @internal */
  protected goOn(options: ResumeOptions, answer: (machine: Machine) => void): State {
    const custody = this.#custody;
    const machine = this.#begin(options);
    try {
      answer(machine);
    } catch (error) {
      custody.fail(error);
      throw error;
    }
    return nextState(custody, options.onSlice);
  }
}

/** The program waits for its host: calls or timers are pending, and it cannot continue without an answer. */
export class SuspendedState extends Waiting {
  readonly status = "suspended";
  /** All pending calls and timers, at least one, in the order in which they were made. */
  readonly calls: readonly [PendingCall, ...PendingCall[]];

  /** @internal */
  constructor(custody: Custody, machine: Machine, calls: readonly PendingCall[]) {
    super(custody, machine);
    if (calls.length === 0) throw new InternalError("the program waits, but for nothing");
    this.calls = calls as readonly [PendingCall, ...PendingCall[]];
  }

  /**
   * Answers the pending call and runs to the next stop. Exactly one call must be pending, unless the program is held at a sync
   * call: then the answer is for that call, and others may be pending too.
   *
   * A call of kind `"module"` is answered with the module's source or with `{ source, filename, language, type }`; undefined means
   * that there is no such module.
   *
   * @throws MarshalError if the value cannot enter the guest (the state stays usable), GuestError, LimitError, StateError
   */
  resume(value?: unknown, options: ResumeOptions = {}): State {
    return this.answerOne(this.#onlyCall(), { value }, options);
  }

  /** As {@link resume}, with an error that the guest will see thrown: its name, message and cause. */
  resumeError(error: unknown, options: ResumeOptions = {}): State {
    return this.answerOne(this.#onlyCall(), { error }, options);
  }

  /**
   * Answers any of the pending calls and timers by id. Timers fire in the order of their due times, whatever the order of the map;
   * the values of their answers are ignored.
   *
   * @throws RangeError for an id that is not pending, or if the map is empty (the state stays usable)
   */
  resumeCalls(answers: ReadonlyMap<number, Answer>, options: ResumeOptions = {}): State {
    if (answers.size === 0) throw new RangeError("resumeCalls needs at least one answer");
    // Refuses before anything is changed.
    const { machine: before, host } = this;
    const prepared = [...answers].map(([id, answer]) => {
      const call = this.calls.find((pending) => pending.id === id);
      if (call === undefined) throw new RangeError(`no call with id ${id} is pending`);
      return { call, answer: readyAnswer(host, before, call, answer) };
    });
    const timers = prepared.filter(({ call }) => call.kind === "timer");
    timers.sort((a, b) => a.call.dueAt! - b.call.dueAt! || a.call.id - b.call.id);
    return this.goOn(options, (machine) => {
      for (const { call, answer } of prepared) if (call.kind !== "timer") giveReady(machine, call.id, answer);
      for (const { call, answer } of timers) giveReady(machine, call.id, answer);
    });
  }

  #onlyCall(): PendingCall {
    const held = this.calls.find((call) => call.kind === "sync");
    if (held !== undefined) return held;
    if (this.calls.length !== 1) {
      throw new RangeError(`${this.calls.length} calls are pending: answer them by id with resumeCalls`);
    }
    return this.calls[0];
  }
}

/** The program was stopped while running; it can continue without an answer from the host. */
export class PausedState extends Waiting {
  readonly status = "paused";
  /** Why: its fuel or time is spent, or a hold was requested. */
  readonly reason: PauseReason;

  /** @internal */
  constructor(custody: Custody, machine: Machine, reason: PauseReason) {
    super(custody, machine);
    this.reason = reason;
  }

  /**
   * Continues at the next instruction, with new fuel (by default `limits.fuel` again).
   *
   * @throws GuestError, LimitError, StateError
   */
  resume(options: ResumeOptions = {}): State {
    return this.goOn(options, (machine) => {
      const run = runOf(machine);
      if (run.pausedBy === "time") run.timeUpAtMs = run.elapsedMs + run.limits.timeMs;
    });
  }
}

declare module "../errors.ts" {
  interface GuestError {
    /** With the option `keepState`: the state at the start of the slice in which this happened, to inspect or resume. */
    state?: PausedState | undefined;
  }
  interface LimitError {
    /** With the option `keepState`: the state at the start of the slice in which this happened, to inspect or resume. */
    state?: PausedState | undefined;
  }
}

/** A stopped program. */
export type State = CompleteState | SuspendedState | PausedState;

function checkFuel(fuel: number | undefined): void {
  if (fuel !== undefined && !(fuel >= 0)) throw new RangeError(`fuel must be a number from 0 up, not ${String(fuel)}`);
}

function grantFuel(machine: Machine, fuel: number | undefined): void {
  const run = runOf(machine);
  // Fuel that a native spent beyond the last grant is charged to this one.
  run.fuelLeft = (fuel ?? run.limits.fuel) + Math.min(0, run.fuelLeft);
}

/** Drives a machine until it is complete or paused. */
export async function drivenState(
  custody: Custody,
  turn: number,
  options: DriveOptions,
): Promise<CompleteState | PausedState> {
  const stop = await driveToStop(custody, turn, options);
  if (typeof stop !== "string") return stop;
  const machine = custody.machine(custody.turn);
  pullText(machine);
  return new PausedState(custody, machine, stop);
}

/** Runs to the next stop. `answered`: id of the call at which the guest is held, if its answer is in the mailbox; otherwise 0. */
export function nextState(custody: Custody, listener: SliceListener | undefined, answered = 0): State {
  const machine = custody.machine(custody.turn);
  try {
    for (let id = answered; ; id = 0) {
      const stop = advance(machine, { listener, atSlice: custody.keep }, id);
      const state = stoppedState(custody, machine, stop, true);
      if (state === undefined) continue;
      custody.letGo();
      return state;
    }
  } catch (error) {
    custody.fail(error);
    throw error;
  }
}

/**
 * Returns the state for a stop, or undefined if the program can go on because a call failed in the guest meanwhile. `isTold`: the
 * core has just reported the call at which the guest is held.
 */
function stoppedState(custody: Custody, machine: Machine, stop: Stop, isTold: boolean): State | undefined {
  switch (stop) {
    case "done":
      return completeState(custody, machine);
    case "waiting":
    case "sync": {
      const { calls, failed } = pendingCalls(machine, isTold && stop === "sync");
      if (failed) return undefined;
      pullText(machine);
      return new SuspendedState(custody, machine, calls);
    }
    default:
      pullText(machine);
      return new PausedState(custody, machine, stop);
  }
}

/** Derives the state of a stopped machine from its own words. */
export function standingState(custody: Custody, machine: Machine): State {
  const { pausedBy } = runOf(machine);
  const status = machine.wordAt(VM_WORD.status);
  let stop: Stop;
  if (pausedBy !== undefined) stop = pausedBy;
  else if (status === RUN_STATUS.DONE) stop = "done";
  else if (status === RUN_STATUS.WAITING) stop = "waiting";
  else if (status === RUN_STATUS.SYNC_CALL) stop = "sync";
  else throw new InternalError(`a machine with status ${status} is in no state to be shown`);
  return stoppedState(custody, machine, stop, false) ?? nextState(custody, undefined);
}
