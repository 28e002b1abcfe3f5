// Owns the host's view of a stopped program: complete, suspended or paused, and how to continue it. Must never keep a reference
// into a machine that the machine may change: a state holds copies of all it shows.

import { RUN_STATUS } from "../defs/layout.ts";
import { AnswerError, InternalError, LimitError } from "../errors.ts";
import { VM_WORD } from "../generated/machine.ts";
import { type Answer, giveAnswer } from "../machine/answers.ts";
import { changeLimits } from "../machine/launch.ts";
import { type Limits, resolveLimits } from "../machine/limits.ts";
import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import type { Machine } from "../machine/machine.ts";
import { putAnswerInMailbox } from "../machine/marshal.ts";
import { type PendingCall, pendingCalls } from "../machine/pending-calls.ts";
import type { PauseReason } from "../machine/records.ts";
import { advance, type SliceListener, type Stop } from "../machine/run-loop.ts";
import { grantTime, pullText, runOf, setClock, type Usage } from "../machine/run.ts";
import { forkMachine } from "../snapshot/checkpoint.ts";
import { type CompleteState, completeState, Stopped } from "./complete.ts";
import type { Lease } from "./lease.ts";
import { checkTools, DRIVE_OPTIONS, type DriveOptions, Driver } from "./driver.ts";
import { HeldNames } from "./held-names.ts";
import type { MachineHost } from "./host.ts";
import { giveReady, readyAnswer } from "./modules.ts";
import type { RecordOptions } from "./recorder.ts";
import type { Recording } from "./recording.ts";
import { captureSnapshot, type InspectOptions, type Inspection, type Snapshot } from "./snapshot.ts";

export { CompleteState } from "./complete.ts";
export type { Answer, PendingCall, Usage };

/** Options for resuming a state. */
export interface ResumeOptions {
  /** Fuel that may be spent until the next stop; default `limits.fuel`. */
  fuel?: number | undefined;
  /** Sets the program's clock to this time (a Date or milliseconds since 1970), unless the clock is later already. */
  now?: number | Date | undefined;
  /** Limits to change from here on; the others stay as they are. */
  limits?: Limits | undefined;
  /** Called between slices; may request a hold. */
  onSlice?: SliceListener | undefined;
}

/** Stands for options that were not given: there is nothing to check, which shows at a million host calls. */
const NO_OPTIONS: ResumeOptions = Object.freeze({});

export const RESUME_OPTIONS: OptionNames<ResumeOptions> = { fuel: true, now: true, limits: true, onSlice: true };

/** Options for driving a state. */
export interface StateDriveOptions extends DriveOptions {
  /**
   * Sets the program's clock to this time (a Date or milliseconds since 1970), unless the clock is later already: timers that have
   * fallen due since the state was made then fire at once. Without it, the program's clock goes on from where it stood.
   */
  now?: number | Date | undefined;
  /** Limits to change from here on; the others stay as they are. If `fuel` is among them, it is granted anew. */
  limits?: Limits | undefined;
}

const STATE_DRIVE_OPTIONS: OptionNames<StateDriveOptions> = { ...DRIVE_OPTIONS, now: true, limits: true };

/** Base of suspended and paused states: they hold a stopped machine. */
abstract class Waiting extends Stopped {
  readonly #lease: Lease;
  readonly #generation: number;

  /** @internal */
  constructor(lease: Lease, machine: Machine) {
    super(machine);
    this.#lease = lease;
    this.#generation = lease.generation;
    lease.rest();
    lease.recorder?.reached(machine, this as unknown as State);
  }

  /**
   * Records the run from here on, on a copy of the state: the state itself is left as it is.
   *
   * @throws StateError if the state was already resumed or disposed; TypeError or RangeError for an option that is not valid
   */
  record(options: RecordOptions = {}): Recording {
    return this.host.record(forkMachine(this.host, this.machine), options);
  }

  /**
   * Captures the state. The state stays usable, and the snapshot can be resumed any number of times.
   *
   * @throws StateError if the state was already resumed or disposed
   */
  snapshot(): Snapshot {
    return captureSnapshot(this.#lease.machine(this.#generation), this.#lease.host);
  }

  /**
   * Describes the state, as `snapshot().inspect()` does: where it is, what it waits for, and with `scopes` its variables. Nothing runs, and
   * the state stays usable.
   *
   * @throws StateError if the state was already resumed or disposed; TypeError for an unknown option
   */
  inspect(options?: InspectOptions): Inspection {
    return this.snapshot().inspect(options);
  }

  /** Copies the machine, to a state of its own. */
  protected forked(): State {
    return this.host.stateOf(forkMachine(this.host, this.machine));
  }

  /**
   * Drives the program to completion: calls host functions and waits for timers. With `hold`, it may end with a suspended state, at
   * which only calls of the held functions remain, and timers.
   *
   * @throws AbortError, MissingExternalError, GuestError, LimitError, StateError. But for a GuestError, and limits that the program
   *   exceeded in the middle of an instruction, the error's `state` can be driven on.
   */
  run(options?: StateDriveOptions & { hold?: undefined }): Promise<CompleteState>;
  run(options: StateDriveOptions): Promise<CompleteState | SuspendedState>;
  async run(options: StateDriveOptions = {}): Promise<CompleteState | SuspendedState> {
    this.#prepare(options);
    return driveToEnd(this.#lease, this.#generation, options);
  }

  /**
   * As {@link run}, but resolves to a paused state when fuel or time runs out or a hold was requested. Calls whose functions have
   * not finished by then are pending in that state. When it is driven on, their answers are awaited; in a snapshot of it, they are
   * pending calls like any other, and will be made again.
   *
   * @throws as {@link run}, but for running out of fuel or time
   */
  drive(options?: StateDriveOptions & { hold?: undefined }): Promise<CompleteState | PausedState>;
  drive(options: StateDriveOptions): Promise<State>;
  async drive(options: StateDriveOptions = {}): Promise<State> {
    this.#prepare(options);
    return (await drivenState(this.#lease, this.#generation, options)).state;
  }

  /**
   * Drives the program stop by stop: the states at which it needs its host, each before the calls in it are made, so that it can be
   * snapshotted first. The last one is complete, paused, or waits for calls that `hold` leaves alone. In between, a state may be
   * answered or resumed; the next state is then the one that this gave.
   *
   * @throws as {@link run}, from the iteration
   */
  async *states(options: StateDriveOptions = {}): AsyncGenerator<State, void, undefined> {
    this.#prepare(options);
    yield* statesOf(this.#lease, this.#generation, options);
  }

  /**
   * Ends the program here. Its machine returns to the pool at once, rather than when the state is garbage collected. In a session,
   * the chunk is abandoned and the next one can be run.
   */
  dispose(): void {
    this.#lease.dismiss(this.#generation);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  protected get host(): MachineHost {
    return this.#lease.host;
  }

  /** @internal */
  protected get machine(): Machine {
    return this.#lease.machine(this.#generation);
  }

  /** Changes limits and clock, unless the driver would refuse its options. */
  #prepare(options: StateDriveOptions): void {
    checkOptions("drive", options, STATE_DRIVE_OPTIONS);
    const { limits, now } = options;
    if (limits === undefined && now === undefined) return;
    resolveLimits(limits);
    const { machine } = this;
    checkTools(machine, options.tools ?? {}, new HeldNames(options));
    if (limits !== undefined) changeLimits(machine, limits);
    if (limits?.fuel !== undefined) grantFuel(machine, limits.fuel);
    moveClock(machine, now);
  }

  #begin(options: ResumeOptions): Machine {
    // Refuses before anything is changed.
    if (options !== NO_OPTIONS) {
      checkOptions("resume", options, RESUME_OPTIONS);
      checkFuel(options.fuel);
      resolveLimits(options.limits);
    }
    const machine = this.#lease.begin(this.#generation);
    if (options.limits !== undefined) changeLimits(machine, options.limits);
    grantFuel(machine, options.fuel);
    moveClock(machine, options.now);
    return machine;
  }

  /** Resumes with an answer. If the answer cannot enter the guest, the state is unchanged. @internal */
  protected answerOne(call: PendingCall, answer: Answer, options: ResumeOptions): State {
    const lease = this.#lease;
    const machine = lease.machine(this.#generation);
    if (call.kind === "sync" && "value" in answer && putAnswerInMailbox(machine, answer.value)) {
      this.#begin(options).log?.answered(machine, call.id, { primitive: answer.value });
      return nextState(lease, options.onSlice, call.id);
    }
    const given = call.kind === "timer" ? { value: undefined } : answer;
    const ready = call.kind === "module" ? readyAnswer(lease.host, machine, call, answer) : undefined;
    try {
      if (ready === undefined) giveAnswer(machine, call.id, given, () => void this.#begin(options));
      else giveReady(lease.host, this.#begin(options), call.id, ready);
    } catch (error) {
      if (!lease.isCurrent(this.#generation)) lease.fail(error);
      throw error;
    }
    return nextState(lease, options.onSlice);
  }

  /** Resumes; `answer` may change the machine first. @internal */
  protected goOn(options: ResumeOptions, answer: (machine: Machine) => void): State {
    const lease = this.#lease;
    const machine = this.#begin(options);
    try {
      answer(machine);
    } catch (error) {
      lease.fail(error);
      throw error;
    }
    return nextState(lease, options.onSlice);
  }
}

/** The program waits for its host: calls or timers are pending, and it cannot continue without an answer. */
export class SuspendedState extends Waiting {
  /** Tells the three kinds of state apart. */
  readonly status = "suspended";
  /** All pending calls and timers, at least one, in the order in which they were made. */
  readonly calls: readonly [PendingCall, ...PendingCall[]];

  /** @internal */
  constructor(lease: Lease, machine: Machine, calls: readonly PendingCall[]) {
    super(lease, machine);
    if (calls.length === 0) throw new InternalError("the program is suspended, but no call or timer is pending");
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
  resume(value?: unknown, options: ResumeOptions = NO_OPTIONS): State {
    return this.answerOne(this.#onlyCall(), { value }, options);
  }

  /**
   * As {@link resume}, with an error that the guest will see thrown: its name, message and cause.
   *
   * @throws as {@link resume}
   */
  resumeError(error: unknown, options: ResumeOptions = NO_OPTIONS): State {
    return this.answerOne(this.#onlyCall(), { error }, options);
  }

  /**
   * Answers any of the pending calls and timers by id. Timers fire in the order of their due times, whatever the order of the map;
   * the values of their answers are ignored.
   *
   * ```ts
   * state.resumeCalls(new Map([[1, { value: 4 }], [2, { error: new Error("no such city") }]]));
   * ```
   *
   * @throws RangeError for an id that is not pending, or if the map is empty (the state stays usable); as {@link resume}
   */
  resumeCalls(answers: ReadonlyMap<number, Answer>, options: ResumeOptions = NO_OPTIONS): State {
    if (answers.size === 0) throw new RangeError("resumeCalls needs at least one answer");
    // Refuses before anything is changed.
    const { machine: before, host } = this;
    const pending = new Map(this.calls.map((call) => [call.id, call]));
    const prepared = [...answers].map(([id, answer]) => {
      const call = pending.get(id);
      if (call === undefined) throw new RangeError(`no call with id ${id} is pending`);
      return { call, answer: readyAnswer(host, before, call, answer) };
    });
    const timers = prepared.filter(({ call }) => call.kind === "timer");
    timers.sort((a, b) => a.call.dueAt! - b.call.dueAt! || a.call.id - b.call.id);
    return this.goOn(options, (machine) => {
      for (const { call, answer } of prepared) if (call.kind !== "timer") giveReady(host, machine, call.id, answer);
      for (const { call, answer } of timers) giveReady(host, machine, call.id, answer);
    });
  }

  /**
   * Returns an independent copy of the state, with the same calls pending: either can be resumed without the other. It is a copy of
   * memory, and takes microseconds. The copy of a session's state is a program of its own, outside the session.
   *
   * @throws StateError if the state was already resumed or disposed
   */
  fork(): SuspendedState {
    return this.forked() as SuspendedState;
  }

  /**
   * Answers one of the pending calls, by its id or by its function's name if it is the only one of that name, and runs to the next
   * stop. A timer (`"setTimeout"`) fires.
   *
   * @throws AnswerError if no such call is pending, or several are, or it was answered before; MarshalError if the value cannot enter
   *   the guest (the state stays usable after each), GuestError, LimitError, StateError
   */
  answer(nameOrId: string | number, value?: unknown, options: ResumeOptions = NO_OPTIONS): State {
    return this.answerOne(this.#callOf(nameOrId), { value }, options);
  }

  /**
   * As {@link answer}, with an error that the guest will see thrown.
   *
   * @throws as {@link answer}
   */
  answerError(nameOrId: string | number, error: unknown, options: ResumeOptions = NO_OPTIONS): State {
    return this.answerOne(this.#callOf(nameOrId), { error }, options);
  }

  /** When the first pending timer is due, in milliseconds since 1970 on the program's clock; undefined if no timer is pending. */
  get nextDueAt(): number | undefined {
    const times = this.calls.flatMap(({ dueAt }) => dueAt ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /**
   * Sets the program's clock to `now`, unless it is later already, and fires the timers that are due then. If no timer is, nothing
   * happens, and the state itself is returned.
   *
   * @param now a Date or milliseconds since 1970; default the time of the host
   * @throws RangeError if `now` is not a time; GuestError, LimitError, StateError
   */
  resumeTimers(now: number | Date = Date.now(), options: ResumeOptions = NO_OPTIONS): State {
    const time = timeOf(now);
    const due = this.calls.filter(({ dueAt }) => dueAt !== undefined && dueAt <= time);
    if (due.length === 0) return this;
    return this.resumeCalls(new Map(due.map(({ id }) => [id, { value: undefined }])), { ...options, now: time });
  }

  #callOf(nameOrId: string | number): PendingCall {
    const { calls } = this;
    const found = calls.filter(({ id, name }) => (typeof nameOrId === "number" ? id : name) === nameOrId);
    if (found.length === 1) return found[0]!;
    const isOld = typeof nameOrId === "number" && nameOrId > 0 && nameOrId < this.machine.wordAt(VM_WORD.nextCallId);
    throw new AnswerError(found.length > 1 ? "ambiguous" : isOld ? "answered" : "unknown", nameOrId, calls);
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
  /** Tells the three kinds of state apart. */
  readonly status = "paused";
  /** Why: its fuel or time is spent, or a hold was requested. */
  readonly reason: PauseReason;

  /** @internal */
  constructor(lease: Lease, machine: Machine, reason: PauseReason) {
    super(lease, machine);
    this.reason = reason;
  }

  /**
   * Returns an independent copy of the state; see {@link SuspendedState.fork}.
   *
   * @throws StateError if the state was already resumed or disposed
   */
  fork(): PausedState {
    return this.forked() as PausedState;
  }

  /**
   * Continues at the next instruction, with new fuel (by default `limits.fuel` again).
   *
   * @throws GuestError, LimitError, StateError
   */
  resume(options: ResumeOptions = NO_OPTIONS): State {
    return this.goOn(options, (machine) => {
      if (runOf(machine).pausedBy === "time") grantTime(machine);
    });
  }
}

declare module "../errors.ts" {
  interface AbortError {
    /** The state in which the run was left: it can be snapshotted, driven on or disposed. */
    state?: State | undefined;
  }
  interface GuestError {
    /** With the option `keepState`: the state at the start of the slice in which this happened, to inspect or resume. */
    state?: PausedState | undefined;
  }
  interface LimitError {
    /**
     * When a drive ran out of fuel or time: the paused state, to go on from with more. Otherwise, with the option `keepState`: the
     * state at the start of the slice in which this happened.
     */
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

function timeOf(now: number | Date): number {
  const time = Number(now);
  if (!Number.isFinite(time)) throw new RangeError("now must be a date or a number of milliseconds");
  return time;
}

/** Sets the clock, which never goes back. */
function moveClock(machine: Machine, now: number | Date | undefined): void {
  if (now === undefined) return;
  setClock(machine, timeOf(now));
}

/** Where a drive ended. */
interface Driven {
  readonly state: State;
  /** False if nothing could be done. */
  readonly hasMoved: boolean;
}

/**
 * Drives a machine until it is complete or paused, or only held calls remain. `isStepping`: to its next stop.
 *
 * @throws MissingExternalError before anything runs; AbortError, GuestError, LimitError
 */
export async function drivenState(
  lease: Lease,
  generation: number,
  options: DriveOptions,
  isStepping = false,
): Promise<Driven> {
  const held = new HeldNames(options);
  checkTools(lease.machine(generation), options.tools ?? {}, held);
  const driver = new Driver(lease, lease.machine(generation), options, held, isStepping);
  const machine = lease.begin(generation);
  lease.isDriven = true;
  try {
    for (;;) {
      const stop = await driver.run();
      const state = stoppedState(lease, machine, stop, false);
      if (state === undefined) continue;
      lease.dropCheckpoint();
      return { state, hasMoved: driver.hasMoved };
    }
  } catch (error) {
    driver.tellLastText();
    throw failedDrive(lease, error);
  } finally {
    lease.isDriven = false;
  }
}

/**
 * Drives a machine to completion, or until only held calls remain. Running out of fuel or time is an error instead of a pause, and a
 * hold is ignored.
 *
 * @throws as `drivenState`
 */
export async function driveToEnd(
  lease: Lease,
  generation: number,
  options: DriveOptions,
): Promise<CompleteState | SuspendedState> {
  for (let now = generation; ; now = lease.generation) {
    const { state } = await drivenState(lease, now, options);
    if (state.status !== "paused") return state;
    if (state.reason === "hold") continue;
    const { limits, elapsedMs, fuelLeft } = runOf(lease.machine(lease.generation));
    const error =
      state.reason === "fuel"
        ? new LimitError("fuel", limits.fuel, limits.fuel - fuelLeft)
        : new LimitError("timeMs", limits.timeMs, elapsedMs);
    throw failedDrive(lease, error);
  }
}

/** The states of a drive, stop by stop. */
export async function* statesOf(
  lease: Lease,
  generation: number,
  options: DriveOptions,
): AsyncGenerator<State, void, undefined> {
  let { state } = await drivenState(lease, generation, options, true);
  for (;;) {
    const before = lease.generation;
    yield state;
    if (lease.generation !== before) {
      // It was resumed meanwhile.
      if (lease.state === undefined) return;
      state = lease.state;
      continue;
    }
    if (state.status !== "suspended" || !lease.isCurrent(before)) return;
    const next = await drivenState(lease, before, options, true);
    if (!next.hasMoved) {
      lease.restoreGeneration();
      return;
    }
    state = next.state;
  }
}

/** Statuses in which a machine is whole: it can be shown, and go on. */
const WHOLE: ReadonlySet<number> = new Set([
  RUN_STATUS.FUEL,
  RUN_STATUS.HOLD,
  RUN_STATUS.WAITING,
  RUN_STATUS.SYNC_CALL,
]);

/** Ends a drive that failed: leaves a state in the error where there is one, and ends the run otherwise. Returns the error. */
function failedDrive(lease: Lease, error: unknown): unknown {
  if (!lease.isCurrent(lease.generation)) return error;
  const machine = lease.machine(lease.generation);
  const run = runOf(machine);
  const status = machine.wordAt(VM_WORD.status);
  // A session is ready for its next chunk when a limit has ended this one.
  const isLimit = error instanceof LimitError;
  const isOver =
    isLimit && (lease.isSession || lease.isKeeping || (error.limit !== "fuel" && error.limit !== "timeMs"));
  if (machine.broken || error instanceof InternalError || isOver || !WHOLE.has(status)) {
    lease.fail(error);
    return error;
  }
  lease.dropCheckpoint();
  // A limit may also be found before the program goes on with answers that it has got.
  const isPaused = status === RUN_STATUS.FUEL || status === RUN_STATUS.HOLD;
  if (isPaused || (isLimit && status === RUN_STATUS.WAITING)) run.pausedBy ??= "hold";
  const state = standingState(lease, machine);
  if (error instanceof Error && Object.isExtensible(error)) (error as Error & { state?: State }).state = state;
  if (isLimit) error.run = { stdout: machine.stdout, stderr: machine.stderr, usage: state.usage };
  return error;
}

/** Runs to the next stop. `answered`: id of the call at which the guest is held, if its answer is in the mailbox; otherwise 0. */
export function nextState(lease: Lease, listener: SliceListener | undefined, answered = 0): State {
  const machine = lease.machine(lease.generation);
  try {
    for (let id = answered; ; id = 0) {
      const stop = advance(machine, { listener, atSlice: lease.keep }, id);
      const state = stoppedState(lease, machine, stop, true);
      if (state === undefined) continue;
      lease.dropCheckpoint();
      lease.state = state;
      return state;
    }
  } catch (error) {
    lease.fail(error);
    throw error;
  }
}

/**
 * Goes on from a paused state, safepoint by safepoint, until `isThere` is true of the machine at one, or the program stops for another
 * reason. No fuel is granted: what was left is less by what is used.
 */
export function stateAt(lease: Lease, isThere: (machine: Machine) => boolean): State {
  const machine = lease.begin(lease.generation);
  const run = runOf(machine);
  const { limits } = run;
  if (run.pausedBy === "time") grantTime(machine);
  let left = run.fuelLeft;
  run.limits = { ...limits, onFuel: "pause" };
  try {
    // Without fuel, a program that has not begun goes on to its first safepoint.
    for (let fuel = machine.wordAt(VM_WORD.status) === RUN_STATUS.IDLE ? 0 : 1; ; fuel = 1) {
      run.fuelLeft = fuel;
      let stop = advance(machine, { atSlice: lease.keep });
      left -= fuel - run.fuelLeft;
      if (stop === "fuel" && !isThere(machine)) continue;
      run.limits = limits;
      run.fuelLeft = left;
      if (stop === "fuel") run.pausedBy = stop = "hold";
      const state = stoppedState(lease, machine, stop, false);
      if (state === undefined) continue;
      return (lease.state = state);
    }
  } catch (error) {
    lease.fail(error);
    throw error;
  }
}

/**
 * Returns the state for a stop, or undefined if the program can go on because a call failed in the guest meanwhile. `isTold`: the
 * core has just reported the call at which the guest is held.
 */
function stoppedState(lease: Lease, machine: Machine, stop: Stop, isTold: boolean): State | undefined {
  switch (stop) {
    case "done":
      return completeState(lease, machine);
    case "waiting":
    case "sync": {
      const { calls, failed } = pendingCalls(machine, isTold && stop === "sync");
      if (failed) return undefined;
      pullText(machine);
      return new SuspendedState(lease, machine, calls);
    }
    default:
      pullText(machine);
      return new PausedState(lease, machine, stop);
  }
}

/** Derives the state of a stopped machine from its own words. */
export function standingState(lease: Lease, machine: Machine): State {
  const { pausedBy } = runOf(machine);
  const status = machine.wordAt(VM_WORD.status);
  let stop: Stop;
  if (pausedBy !== undefined) stop = pausedBy;
  else if (status === RUN_STATUS.DONE) stop = "done";
  else if (status === RUN_STATUS.WAITING) stop = "waiting";
  else if (status === RUN_STATUS.SYNC_CALL) stop = "sync";
  else throw new InternalError(`a machine with status ${status} has no state`);
  return stoppedState(lease, machine, stop, false) ?? nextState(lease, undefined);
}
