// Owns the recording of a run as its user sees it: where it is, and going back and forth. Must never let the past be changed: what was
// answered once is answered the same way again, and another answer needs a fork.

import { RECORD_SIZE, RUN_STATUS } from "../defs/layout.ts";
import { StateError } from "../errors.ts";
import { VM_WORD } from "../generated/machine.ts";
import type { Machine } from "../machine/machine.ts";
import type { PauseReason } from "../machine/records.ts";
import { type DescribedCall, describedCalls } from "../machine/run-loop.ts";
import { fuelUsed, pullText, runOf, type Usage, usageOf } from "../machine/run.ts";
import { forkMachine } from "../snapshot/checkpoint.ts";
import { describeFrame, type Frame, type InspectedFrame, stackFrames, topFrame } from "../snapshot/frames.ts";
import { findVariables, showVariable, type Variable } from "../snapshot/variables.ts";
import type { MachineHost } from "./host.ts";
import { Lease } from "./lease.ts";
import { type RecordedEnd, Recorder, type RecordOptions } from "./recorder.ts";
import { standingState, type State, stateAt, type StateDriveOptions } from "./state.ts";
import { isStop, Traveller } from "./traveller.ts";
import { Changes, type Sample, Watch } from "./watch.ts";

/** What a program is doing at a moment: as its state says, or it has failed there. */
export type MomentStatus = "paused" | "suspended" | "complete" | "failed";

/** A place in a recording, and what the program was there. It is plain data. */
export interface Moment {
  /**
   * Number of the place. It grows with all that happens: the fuel used since the program's start, and one for each time that the host
   * answered calls or set the clock.
   */
  readonly position: number;
  readonly status: MomentStatus;
  /** Name of the function that is about to go on; empty if it has no name, undefined if no function runs. */
  readonly function: string | undefined;
  /** Its file. Of a function of the library: that of its caller, and so on. */
  readonly filename: string | undefined;
  /** 1-based. */
  readonly line: number | undefined;
  /** 1-based, in UTF-16 units. */
  readonly column: number | undefined;
  /** Frames on the stack: 0 while the program waits for nothing but its host. */
  readonly depth: number;
  /** Everything written to stdout until then. */
  readonly stdout: string;
  /** Everything written to stderr until then. */
  readonly stderr: string;
  /** Resources used until then; in the past, `timeMs` is that of the checkpoint before. */
  readonly usage: Usage;
  /** The calls and timers that are pending. */
  readonly calls: readonly DescribedCall[];
  /** Why it is paused, at the end of the recording. */
  readonly reason?: PauseReason;
  /** The error with which it failed, right after this place. */
  readonly error?: unknown;
}

/** Bytes of arguments that a moment shows. */
const SHOWN_BYTES = 1 << 20;
/** Fuel that is gone through first, in search of what came before. */
const FIRST_SPAN = 512;

/** The innermost frame that is in a program of the user, and all frames. */
function placeIn(machine: Machine): Pick<Moment, "function" | "filename" | "line" | "column" | "depth"> {
  const frames = stackFrames(machine);
  const own = frames.find(isOwn);
  const place = own === undefined ? undefined : describeFrame(machine, own);
  return {
    function: place?.function,
    filename: place?.filename,
    line: place?.line,
    column: place?.column,
    depth: frames.length,
  };
}

function isOwn({ program }: Frame): boolean {
  return program !== undefined && program.library === undefined;
}

function momentOf(machine: Machine, position: number, status: MomentStatus): Moment {
  pullText(machine);
  const { stdout, stderr } = machine;
  const calls = describedCalls(machine, SHOWN_BYTES);
  return { position, status, ...placeIn(machine), stdout, stderr, usage: usageOf(machine), calls };
}

/** Breakpoints: lines at which a step that is under way stops too. */
export interface BreakOptions {
  /** 1-based. */
  readonly lines?: readonly number[] | undefined;
  /** The file of these lines; default: any. */
  readonly filename?: string | undefined;
}

/** True if a machine is in the middle of a function, with at most so many frames. */
function isUpTo(machine: Machine | undefined, most: number): boolean {
  if (machine === undefined || machine.wordAt(VM_WORD.fp) === 0) return false;
  return (machine.wordAt(VM_WORD.stackEnd) - machine.wordAt(VM_WORD.csp)) / RECORD_SIZE <= most;
}

/** True if a machine is about to run a statement on one of these lines. */
function isBreak(machine: Machine | undefined, { lines = [], filename }: BreakOptions): boolean {
  const frame = machine === undefined || lines.length === 0 ? undefined : topFrame(machine);
  if (frame === undefined || (filename !== undefined && frame.program?.filename !== filename)) return false;
  return lines.includes(describeFrame(machine!, frame).line ?? 0);
}

/** A stop before which something is looked for. */
interface Bound {
  readonly position: number;
  readonly fuel: number;
  readonly isPaused: boolean;
}

/** True at a stop that comes before the bound. A pause at which only the clock was set is the same stop as before. */
function isBefore(traveller: Traveller, { position, fuel, isPaused }: Bound): boolean {
  if (traveller.position >= position) return false;
  return !isPaused || fuelUsed(traveller.machine) < fuel || isWaiting(traveller.machine);
}

function isWaiting(machine: Machine): boolean {
  const status = machine.wordAt(VM_WORD.status);
  return status === RUN_STATUS.WAITING || status === RUN_STATUS.SYNC_CALL;
}

/** @throws RangeError if there is no frame of that number */
function frameOf(machine: Machine, index: number | undefined): Frame | undefined {
  const frames = stackFrames(machine);
  if (index === undefined) return frames.find(isOwn);
  const frame = frames[index];
  if (frame === undefined) throw new RangeError(`there is no frame ${index}: the stack has ${frames.length}`);
  return frame;
}

/**
 * A recorded run. The recording is at one place of it, at first at its end. The end is a state like any other: what it is answered and how
 * far it is driven is recorded. From there, the recording can go back, as far as it reaches, and forth again; then nothing is asked
 * twice. When the run goes on, the recording is at the end again.
 */
export class Recording {
  readonly #host: MachineHost;
  readonly #recorder: Recorder<State>;
  readonly #lease: Lease;
  /** `limits.fuelSlice` of the run itself. */
  readonly #fuelSlice: number;
  /** Where the recording is; undefined: at the end. */
  #traveller: Traveller | undefined;
  /** How often the run had gone on when `#traveller` was made. */
  #seenRuns = 0;
  #isDisposed = false;

  private constructor(host: MachineHost, recorder: Recorder<State>, lease: Lease, fuelSlice: number) {
    this.#host = host;
    this.#recorder = recorder;
    this.#lease = lease;
    this.#fuelSlice = fuelSlice;
  }

  /** Records a machine, which belongs to the recording from here on. @internal */
  static of(host: MachineHost, machine: Machine, options: RecordOptions): Recording {
    const recorder = new Recorder<State>(host.core, options);
    const lease = new Lease(host, machine, false);
    lease.recorder = recorder;
    const run = runOf(machine);
    const { fuelSlice } = run.limits;
    run.keepState = false;
    recorder.keep(machine);
    if (recorder.every < fuelSlice) run.limits = { ...run.limits, fuelSlice: Math.floor(recorder.every) };
    const recording = new Recording(host, recorder, lease, fuelSlice);
    try {
      standingState(lease, machine);
      if (machine.wordAt(VM_WORD.status) === RUN_STATUS.IDLE) stateAt(lease, isStop);
    } catch (error) {
      // It failed before its first stop: that is what the recording shows.
      if (recorder.end.failure === undefined) throw error;
    }
    return recording;
  }

  // --- where it is

  /** The place at which the recording is. */
  get here(): Moment {
    const traveller = this.#current();
    return traveller === undefined ? this.#endMoment() : this.#pastMoment(traveller);
  }

  /** The first place that the recording reaches. */
  get first(): number {
    this.#end();
    return this.#recorder.first;
  }

  /** The last place that the recording reaches. */
  get last(): number {
    return this.#end().position;
  }

  /** True if the recording is at its end. */
  get isAtEnd(): boolean {
    const traveller = this.#current();
    return traveller === undefined || traveller.position >= this.last;
  }

  /**
   * The state at the end of the recording, wherever the recording is: what becomes of it is recorded. Undefined after a failure.
   *
   * @throws StateError while the run goes on
   */
  get state(): State | undefined {
    return this.#end().state;
  }

  /** Bytes that checkpoints and recorded answers take. */
  get bytes(): number {
    return this.#recorder.bytes;
  }

  /** The stack at this place, innermost first. */
  frames(): readonly InspectedFrame[] {
    return this.#look((machine) => stackFrames(machine).map((frame) => describeFrame(machine, frame))) ?? [];
  }

  /**
   * The variables that a frame can see and that have values, the innermost first. Of code that was evaluated from a string, or compiled by
   * another build, they are not known: the list is empty.
   *
   * @param frame index in {@link frames}; default: the innermost that is in the program itself
   * @throws RangeError if there is no such frame
   */
  variables(frame?: number): readonly Variable[] {
    const read = (machine: Machine): readonly Variable[] => {
      const found = frameOf(machine, frame);
      const program = found?.program;
      const map = program === undefined ? undefined : this.#host.variables.of(program);
      if (map === undefined) return [];
      return findVariables(machine, found!, map, program!.inputs).map((one) => showVariable(machine, one));
    };
    return this.#look(read) ?? [];
  }

  // --- going on

  /**
   * Drives the run on from the end of the recording, as `drive` of a state does, and records it. Resolves to the new end.
   *
   * @throws as `drive` of a state; the recording remains, and what happened until then can be gone through
   */
  async drive(options: StateDriveOptions = {}): Promise<Moment> {
    const { state } = this.#end();
    if (state === undefined) throw new StateError("the run has failed: go back, and fork() from there", "failed");
    await state.drive(options);
    return this.here;
  }

  // --- going back and forth

  /**
   * Goes to the first stop at or after a position.
   *
   * @throws RangeError for a position that the recording does not reach
   */
  goTo(position: number): Moment {
    this.#set(this.#travel(this.#checked(position)));
    return this.here;
  }

  /**
   * Describes the first stop at or after a position, without going there.
   *
   * @throws as {@link goTo}
   */
  at(position: number): Moment {
    const traveller = this.#travel(this.#checked(position));
    if (traveller === undefined) return this.#endMoment();
    try {
      return this.#pastMoment(traveller);
    } finally {
      traveller.release();
    }
  }

  /** Goes back by one stop. Returns undefined at the first, and stays there. */
  stepBack(): Moment | undefined {
    const bound = this.#bound();
    for (const { from, to } of this.#spansBefore(bound.position)) {
      let found: number | undefined;
      this.#visit(from, to, bound, ({ position }) => void (found = position));
      if (found !== undefined) return this.goTo(found);
    }
    return undefined;
  }

  /**
   * Goes on by one stop: in the record, or, at its end, for real. Returns undefined where the program is complete, has failed or
   * waits for its host.
   *
   * @throws GuestError, LimitError when the run goes on for real
   */
  stepForward(): Moment | undefined {
    return this.#forward(() => true);
  }

  /**
   * Goes on to the next stop in this function, past all that it calls, or where it has returned to. Returns undefined as {@link runTo}.
   *
   * @throws as {@link stepForward}
   */
  stepOver(options: BreakOptions = {}): Moment | undefined {
    const { depth } = this.here;
    return this.#forward((machine) => isUpTo(machine, depth) || isBreak(machine, options));
  }

  /**
   * Goes on to the next stop after this function has returned. Returns undefined as {@link runTo}.
   *
   * @throws as {@link stepForward}
   */
  stepOut(options: BreakOptions = {}): Moment | undefined {
    const { depth } = this.here;
    return this.#forward((machine) => isUpTo(machine, depth - 1) || isBreak(machine, options));
  }

  /**
   * Goes on to the next stop on a line of the source, or on one of several, past the end of the recording if need be. Returns undefined if
   * the program is complete, fails or waits for its host before; the recording is there then.
   *
   * @throws as {@link stepForward}
   */
  runTo(
    lines: number | readonly number[],
    options: { readonly filename?: string | undefined } = {},
  ): Moment | undefined {
    return this.#forward((machine) => isBreak(machine, { ...options, lines: [lines].flat() }));
  }

  /**
   * Goes back to the stop at which a variable was about to get the value that it has: the statement that changed it, or what it holds, is
   * the next to run. Returns undefined, and stays, if that was not since the beginning of the recording.
   *
   * @param name of a variable that the frame sees
   * @throws RangeError if it sees no such variable with a value
   */
  backTo(name: string, options: { readonly frame?: number | undefined } = {}): Moment | undefined {
    const watched = this.#look((machine) => {
      const frame = frameOf(machine, options.frame);
      const map = frame?.program === undefined ? undefined : this.#host.variables.of(frame.program);
      const watch = map === undefined ? undefined : Watch.of(machine, frame!, map, name);
      return watch === undefined ? undefined : { watch, now: watch.sample(machine)! };
    });
    if (watched === undefined) throw new RangeError(`no variable ${name} with a value can be seen from here`);
    const found = this.#lastChange(watched.watch, watched.now);
    return found === undefined ? undefined : this.goTo(found);
  }

  /**
   * Returns the state at this place, independent of the recording: it can be snapshotted, answered in another way, driven on.
   *
   * @throws StateError if the program is complete here
   */
  fork(): State {
    const traveller = this.#current();
    if (traveller !== undefined) return this.#host.stateOf(traveller.fork(this.#fuelSlice));
    const { state } = this.#end();
    if (state === undefined || state.status === "complete")
      throw new StateError("the program is complete: go back to a place from which it can go on", "complete");
    const machine = forkMachine(this.#host, this.#lease.machine(this.#lease.generation));
    const run = runOf(machine);
    run.limits = { ...run.limits, fuelSlice: this.#fuelSlice };
    return this.#host.stateOf(machine);
  }

  /** Gives up the recording, and ends the run. States that were forked from it remain. */
  dispose(): void {
    this.#set(undefined);
    this.#isDisposed = true;
    this.#lease.end("its recording was disposed", "disposed");
    this.#recorder.segments.length = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  // --- the place

  #end(): RecordedEnd<State> {
    const recorder = this.#recorder;
    if (this.#isDisposed) throw new StateError("the recording was disposed");
    if (recorder.isRunning) throw new StateError("the recorded run is going on: wait until it has stopped", "running");
    if (recorder.end.position === Infinity) recorder.settleAt(this.#lastStop());
    return recorder.end;
  }

  /** Finds the last stop before a failure; without one, the beginning of the recording. */
  #lastStop(): number {
    for (const { fuel, batches } of this.#recorder.segments.toReversed()) {
      const traveller = Traveller.before(this.#host, this.#recorder, fuel + batches);
      let last = isStop(traveller.machine) ? traveller.position : undefined;
      while (traveller.toNextStop()) last = traveller.position;
      traveller.release();
      if (last !== undefined) return last;
    }
    return this.#recorder.first;
  }

  /** Where the recording is in the past; undefined: at the end. After a failure, the end is the last stop before it. */
  #current(): Traveller | undefined {
    const { position, failure } = this.#end();
    if (this.#traveller !== undefined && this.#seenRuns !== this.#recorder.runs) this.#set(undefined);
    if (this.#traveller === undefined && failure !== undefined) this.#set(this.#travel(position));
    return this.#traveller;
  }

  #set(traveller: Traveller | undefined): void {
    if (this.#traveller !== traveller) this.#traveller?.release();
    this.#traveller = traveller;
    this.#seenRuns = this.#recorder.runs;
  }

  #checked(position: number): number {
    const { first, last } = this;
    if (!(position >= first && position <= last)) {
      const why =
        position < first && first > 0 ? ": what was before is not kept, give record() more bytes for more" : "";
      throw new RangeError(`position ${position} is not in the recording, which goes from ${first} to ${last}${why}`);
    }
    return position;
  }

  /** Returns a traveller at the first stop at or after a position; undefined: that is the end. */
  #travel(position: number): Traveller | undefined {
    const { position: end, failure } = this.#end();
    if (position >= end && failure === undefined) return undefined;
    const traveller = Traveller.before(this.#host, this.#recorder, position);
    traveller.goTo(position);
    if (position >= end || isStop(traveller.machine)) return traveller;
    if (traveller.toNextStop() && (traveller.position < end || failure !== undefined)) return traveller;
    traveller.release();
    return failure === undefined ? undefined : this.#travel(end);
  }

  /** Looks at the machine at this place, or at a copy of it: looking allocates, and nothing of that may be left in the run. */
  #look<T>(look: (machine: Machine) => T): T | undefined {
    const traveller = this.#current();
    const machine = traveller?.machine ?? this.#endMachine();
    if (machine === undefined) return undefined;
    const copy = forkMachine(this.#host, machine);
    try {
      return look(copy);
    } finally {
      this.#host.release(copy);
    }
  }

  /** The machine of the run; undefined: it is complete. */
  #endMachine(): Machine | undefined {
    const { state } = this.#end();
    if (state === undefined || state.status === "complete") return undefined;
    return this.#lease.machine(this.#lease.generation);
  }

  #endMoment(): Moment {
    const { position, state } = this.#end();
    const machine = this.#endMachine();
    if (state === undefined || machine === undefined) {
      const { stdout, stderr, usage } = state!;
      const nowhere = { function: undefined, filename: undefined, line: undefined, column: undefined, depth: 0 };
      return { position, status: "complete", ...nowhere, stdout, stderr, usage, calls: [] };
    }
    const moment = momentOf(machine, position, state.status);
    return state.status === "paused" ? { ...moment, reason: state.reason } : moment;
  }

  #pastMoment({ machine, position }: Traveller): Moment {
    const { position: end, failure } = this.#end();
    if (failure === undefined || position < end)
      return momentOf(machine, position, isWaiting(machine) ? "suspended" : "paused");
    return { ...momentOf(machine, position, "failed"), error: failure.error };
  }

  // --- searching

  /** Goes on to the next stop that is accepted; undefined is asked about where the program is complete. */
  #forward(accept: (machine: Machine | undefined) => boolean): Moment | undefined {
    const { position: end, failure } = this.#end();
    const traveller = this.#current();
    if (traveller !== undefined) {
      while (traveller.position < end && traveller.toNextStop()) {
        if (traveller.position >= end && failure === undefined) break;
        if (accept(traveller.machine)) return this.here;
      }
      if (failure !== undefined) {
        this.#set(this.#travel(end));
        return undefined;
      }
      this.#set(undefined);
      if (accept(this.#endMachine())) return this.here;
    }
    const { state } = this.#end();
    if (state?.status !== "paused") return undefined;
    stateAt(this.#lease, (machine) => isStop(machine) && accept(machine));
    return accept(this.#endMachine()) ? this.here : undefined;
  }

  #bound(): Bound {
    const traveller = this.#current();
    const machine = traveller?.machine ?? this.#endMachine();
    const position = traveller?.position ?? this.last;
    if (machine === undefined) return { position, fuel: 0, isPaused: false };
    return { position, fuel: fuelUsed(machine), isPaused: !isWaiting(machine) };
  }

  /** Parts of the recording before a position, the last one first: each is longer than the one that comes after it. */
  *#spansBefore(position: number): Generator<{ readonly from: number; readonly to: number }> {
    const { first } = this;
    let to = position;
    for (let span = FIRST_SPAN; to > first; span *= 8) {
      const from = Math.max(first, to - span);
      yield { from, to };
      to = from;
    }
  }

  /** Goes through the stops from one position to another, as far as they come before the bound. */
  #visit(from: number, to: number, bound: Bound, visit: (traveller: Traveller) => void): void {
    const traveller = Traveller.before(this.#host, this.#recorder, from);
    traveller.goTo(from);
    let isThere = isStop(traveller.machine) || traveller.toNextStop();
    for (; isThere && traveller.position < to && isBefore(traveller, bound); isThere = traveller.toNextStop())
      visit(traveller);
    traveller.release();
  }

  /** Returns the position of the last stop before now at which the variable had another value. */
  #lastChange(watch: Watch, now: Sample): number | undefined {
    const bound = this.#bound();
    let later = now;
    for (const { from, to } of this.#spansBefore(bound.position)) {
      const changes = new Changes(watch);
      this.#visit(from, to, bound, (traveller) => changes.visit(traveller));
      const found = changes.lastBefore(later);
      if (found !== undefined) return found;
      later = changes.first ?? later;
    }
    return undefined;
  }
}
