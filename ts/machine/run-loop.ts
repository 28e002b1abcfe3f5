// Owns running: slices, the accounting of fuel and time between them, and the meaning of a stop. Must never wait: the caller
// decides what to do about a stop.

import { UNHANDLED } from "../defs/exchange.ts";
import { RUN_STATUS } from "../defs/layout.ts";
import { LIMIT_KINDS } from "../defs/limits.ts";
import { type GuestError, InternalError, LimitError, SnapshotError } from "../errors.ts";
import { VM_WORD } from "../generated/machine.ts";
import { type Answer, explain, memoryExceeded } from "./answers.ts";
import { answerSource } from "./evaluate.ts";
import { guestErrorOf } from "./guest-error.ts";
import { FUEL_PER_MS, STILL_FUEL } from "./limits.ts";
import type { Machine } from "./machine.ts";
import {
  putAnswerInMailbox,
  mailboxCall,
  mailboxKind,
  putBytes,
  readCrossing,
  readOutput,
  writeThrown,
  writeValue,
} from "./marshal.ts";
import { CALL_KIND_NAMES, nameOf, NAMES, type PendingCall, readCall } from "./pending-calls.ts";
import type { PauseReason, RunRecord } from "./records.ts";
import { asInternalError, fuelUsed, hostWork, runOf } from "./run.ts";

/** Why a run stopped. */
export type Stop = "done" | "waiting" | "sync" | PauseReason;

/** The argument of `onSlice`. */
export interface SliceControl {
  /** Stops the run here: its state is paused with reason `"hold"`. */
  hold(): void;
  /** Fuel used since the program's start. */
  readonly fuel: number;
}

/** Called between slices (limits.fuelSlice). */
export type SliceListener = (control: SliceControl) => void;

/** No work takes more fuel than a word holds. */
const MAX_WORK = 0xffff_ffff;

const clock: { now(): number } = performance;

/** Makes the error for an exception that the guest did not catch. */
export function uncaught(machine: Machine): GuestError {
  const unhandledRejection = mailboxKind(machine) === UNHANDLED;
  machine.exports.writeThrownName();
  const name = readOutput(machine) as string | undefined;
  machine.exports.writeThrownPlace();
  const place = readOutput(machine) as string | undefined;
  machine.exports.writeException();
  const programs = [...machine.programs, ...machine.evaluated.values()];
  const thrown = readCrossing(machine, "error");
  const value = "value" in thrown ? thrown.value : thrown.refused.message;
  const error = guestErrorOf(value, programs, machine.refused, { name, place });
  error.unhandledRejection = unhandledRejection;
  return error;
}

export function limitReached(machine: Machine): LimitError | SnapshotError {
  const kind = machine.word("limitKind");
  if (kind === 0) {
    machine.broken = true;
    return new SnapshotError(
      "malformed",
      "malformed snapshot: a register holds a value that no compiled program produces",
    );
  }
  const name = LIMIT_KINDS[kind];
  // The core knows what a piece of work would take, not what time it is.
  if (name === "timeMs") {
    const { timeUpAtMs, elapsedMs } = runOf(machine);
    return new LimitError(name, timeUpAtMs, Math.max(timeUpAtMs, elapsedMs));
  }
  if (name === undefined || name === "none") throw new InternalError(`the core stopped at the unknown limit ${kind}`);
  const allowed = runOf(machine).limits[name];
  return new LimitError(name, allowed, Math.max(allowed, machine.word("limitUsed")));
}

/**
 * Returns the fuel that work which cannot be interrupted may take in the time that is left; 0 for any amount. A run that is paused when
 * its time is up is never ended by it.
 */
export function maxWork({ limits, timeUpAtMs, elapsedMs, stillFuel }: RunRecord): number {
  if (limits.onTime === "pause" || timeUpAtMs === Infinity) return 0;
  return Math.min(Math.max(1, Math.floor((timeUpAtMs - elapsedMs) * FUEL_PER_MS - stillFuel)), MAX_WORK);
}

/** An advance that spends less fuel than this is short. */
const SHORT = 1000;
/** Reading the clock costs as much as a short advance, so of consecutive short ones only one in this many is timed, with that weight. */
const SAMPLE = 16;

/**
 * Accounts for one advance of a machine, from a slice to the next stop. An advance that is not timed gets fuel to be short; if it goes on, it is
 * timed from there. Made at each host call, so `#private` names would be too slow.
 */
class Advance {
  private readonly machine: Machine;
  private readonly run: RunRecord;
  /** Start of the time that is not yet accounted for; NaN: this advance is not timed yet. */
  private since: number;
  private used: number;
  private readonly usedBefore: number;
  /** `used` when the clock was last read. */
  private timedAt: number;
  /** Work since the clock was last read: fuel, and bytes that crossed to the host meanwhile. */
  private sinceTime = 0;
  /** Those bytes alone. */
  private crossed = 0;

  constructor(machine: Machine, run: RunRecord) {
    this.machine = machine;
    this.run = run;
    this.used = this.usedBefore = this.timedAt = fuelUsed(machine);
    const { untimed } = machine;
    if (untimed < 0 || untimed === SAMPLE - 1) {
      this.since = clock.now();
      // The time that is left changes when it is measured.
      machine.setWordAt(VM_WORD.maxWork, maxWork(run));
    } else this.since = NaN;
  }

  /** Returns the fuel of the first slice; 0 if it, or the time, is spent. */
  first(): number {
    const { elapsedMs, timeUpAtMs } = this.run;
    if (elapsedMs <= timeUpAtMs) return this.next();
    this.begin();
    return 0;
  }

  /** Returns the fuel of the next slice; 0 if it is spent. */
  next(): number {
    // The core takes whole units: a part of one that is left buys one.
    const fuel = Math.max(0, Math.min(this.run.limits.fuelSlice, Math.ceil(this.run.fuelLeft)));
    return this.since === this.since ? fuel : Math.min(fuel, Math.max(1, SHORT - (this.used - this.usedBefore)));
  }

  /** Times an advance from here on. Returns false if it is timed already, or its fuel is spent. */
  begin(): boolean {
    if (this.since === this.since) return false;
    this.sinceTime += this.account();
    this.guess();
    this.since = clock.now();
    this.timedAt = this.used;
    return this.run.fuelLeft > 0;
  }

  /** Counts work that was not timed and is not short: such work could not be interrupted, and its price says about how long it took. */
  private guess(): void {
    const spent = this.used - this.usedBefore;
    if (spent >= 2 * SHORT) this.run.elapsedMs += spent / FUEL_PER_MS;
  }

  /** Charges the fuel used since the last call, and returns it. */
  account(): number {
    const used = fuelUsed(this.machine);
    const spent = used - this.used;
    this.used = used;
    this.run.fuelLeft -= spent;
    return spent;
  }

  /** Charges the fuel used and returns the rest of the slice, for stops that the host does not see; 0 if the time is up. */
  rest(): number {
    this.sinceTime += this.account();
    const { elapsedMs, timeUpAtMs } = this.run;
    if (elapsedMs + (clock.now() - this.since) > timeUpAtMs) return 0;
    return Math.max(1, Math.min(this.next(), this.run.limits.fuelSlice - this.sinceTime));
  }

  private time(): void {
    const now = clock.now();
    if (this.since === this.since) this.passed(now - this.since, 1);
    else this.guess();
    this.since = now;
    this.timedAt = this.used;
    this.sinceTime = 0;
  }

  /** Adds elapsed time, or, if the host's clock has not advanced, the fuel used meanwhile. */
  private passed(ms: number, weight: number): void {
    const { run } = this;
    if (ms > 0) {
      run.elapsedMs += ms * weight;
      run.stillFuel = 0;
    } else run.stillFuel += (this.used - this.timedAt + this.crossed) * weight;
    this.crossed = 0;
  }

  /** If the clock does not advance during computation, derives the time from the fuel. */
  private estimate(): void {
    const { run } = this;
    if (run.stillFuel < STILL_FUEL) return;
    run.elapsedMs += run.stillFuel / FUEL_PER_MS;
    run.stillFuel = 0;
  }

  /** Ends the advance: accounts for its time. */
  end(): void {
    const { machine, since } = this;
    const isShort = this.used - this.usedBefore < SHORT;
    if (since === since) {
      const weight = isShort && machine.untimed > 0 ? machine.untimed + 1 : 1;
      this.passed(clock.now() - since, weight);
      this.estimate();
      machine.untimed = isShort ? 0 : -1;
    } else {
      this.guess();
      machine.untimed = isShort ? machine.untimed + 1 : -1;
    }
  }

  /** Returns the stop that a status of `drive` means; undefined: run another slice. */
  stop(status: number, listener: SliceListener | undefined): Stop | undefined {
    const spent = this.account();
    switch (status) {
      case RUN_STATUS.SYNC_CALL:
        // Reading the clock costs as much as a call: it is read once per slice's worth of fuel.
        this.sinceTime += spent + 64 + this.machine.crossed;
        this.crossed += this.machine.crossed;
        this.machine.crossed = 0;
        if (this.sinceTime < this.run.limits.fuelSlice) return "sync";
        this.time();
        return this.timeUp() ?? "sync";
      case RUN_STATUS.FUEL:
        this.time();
        return this.timeUp() ?? this.fuelUp() ?? this.listen(listener);
      default:
        return this.ended(status);
    }
  }

  private ended(status: number): Stop {
    switch (status) {
      case RUN_STATUS.DONE:
        return "done";
      case RUN_STATUS.WAITING:
        return "waiting";
      case RUN_STATUS.HOLD:
        return "hold";
      case RUN_STATUS.THREW:
        this.end();
        throw uncaught(this.machine);
      case RUN_STATUS.LIMIT:
        this.end();
        throw limitReached(this.machine);
      default:
        this.machine.broken = true;
        throw new InternalError(`the core stopped with status ${status}`);
    }
  }

  private timeUp(): Stop | undefined {
    const { limits, stillFuel, timeUpAtMs } = this.run;
    const still = stillFuel < STILL_FUEL ? 0 : stillFuel / FUEL_PER_MS;
    const elapsedMs = this.run.elapsedMs + still;
    if (elapsedMs < timeUpAtMs) return undefined;
    this.estimate();
    if (limits.onTime === "fail") throw new LimitError("timeMs", timeUpAtMs, elapsedMs);
    return "time";
  }

  private fuelUp(): Stop | undefined {
    const { limits, fuelLeft } = this.run;
    if (fuelLeft > 0) return undefined;
    if (limits.onFuel === "fail") throw new LimitError("fuel", limits.fuel, limits.fuel - fuelLeft);
    return "fuel";
  }

  private listen(listener: SliceListener | undefined): Stop | undefined {
    if (listener === undefined) return undefined;
    let held = false;
    hostWork(() => listener({ hold: () => void (held = true), fuel: this.used }));
    return held ? "hold" : undefined;
  }
}

/** Options of `advance`. */
export interface AdvanceOptions {
  readonly listener?: SliceListener | undefined;
  /** May answer a sync call on the spot. */
  readonly onSync?: SyncHandler | undefined;
  /** Called at the start of each slice at which the machine could be held. */
  readonly atSlice?: (() => void) | undefined;
}

/**
 * Runs until the host must act. At `"sync"`, the mailbox describes the call.
 *
 * @param answered id of the call at which the guest is held, if its answer is in the mailbox; otherwise 0
 * @throws GuestError, LimitError, InternalError
 */
export function advance(machine: Machine, options: AdvanceOptions, answered = 0): Stop {
  try {
    const run = runOf(machine);
    machine.log?.wentOn(machine);
    machine.written = undefined;
    run.pausedBy = undefined;
    const account = new Advance(machine, run);
    return runSlices(machine, run, account, options, firstSlice(machine, run, account, options, answered));
  } catch (error) {
    throw asInternalError(machine, error);
  }
}

/** Runs the first slice and returns its status. */
function firstSlice(
  machine: Machine,
  run: RunRecord,
  account: Advance,
  { atSlice }: AdvanceOptions,
  answered: number,
): number {
  const { exports } = machine;
  // A program that waits again and again for a moment comes to no end of a slice: its time is looked at here.
  const fuel = account.first();
  if (answered !== 0) {
    if (fuel > 0 && run.keepState !== true) return exports.answerAndDrive(fuel);
    exports.answerFromMailbox(answered);
  }
  // Right after an answered call there is no state that could be held: even without fuel, the run goes on to the next safepoint.
  const mustMove = machine.wordAt(VM_WORD.status) === RUN_STATUS.IDLE;
  if (!mustMove) atSlice?.();
  return fuel > 0 || mustMove ? exports.drive(fuel) : RUN_STATUS.FUEL;
}

function runSlices(
  machine: Machine,
  run: RunRecord,
  account: Advance,
  { listener, onSync, atSlice }: AdvanceOptions,
  first: number,
): Stop {
  const { exports } = machine;
  let status = first;
  for (;;) {
    for (;;) {
      if (status === RUN_STATUS.SOURCE) {
        account.begin();
        answerSource(machine);
      } else if (status !== RUN_STATUS.FUEL || !account.begin()) break;
      else machine.setWordAt(VM_WORD.maxWork, maxWork(run));
      status = exports.drive(account.rest());
    }
    const stop = account.stop(status, listener);
    if (stop === "sync" && onSync !== undefined) {
      const answer = onSync(machine);
      if (answer === "answered") {
        status = exports.drive(Math.max(1, account.next()));
        continue;
      }
      if (answer !== undefined) {
        status = answerSync(machine, answer, Math.max(1, account.next()));
        continue;
      }
    }
    if (stop === undefined) {
      machine.setWordAt(VM_WORD.maxWork, maxWork(run));
      atSlice?.();
      status = exports.drive(account.next());
    } else {
      if (stop === "fuel" || stop === "time" || stop === "hold") run.pausedBy = stop;
      account.end();
      return stop;
    }
  }
}

/** Handles the sync call in the mailbox: returns its answer, `"answered"` if it has already been answered, or undefined to stop there. */
export type SyncHandler = (machine: Machine) => Answer | "answered" | undefined;

function answerSync(machine: Machine, answer: Answer, fuel: number): number {
  const { exports } = machine;
  if ("value" in answer && putAnswerInMailbox(machine, answer.value)) return exports.answerAndDrive(fuel);
  let bytes: Uint8Array;
  let isError = "error" in answer ? 1 : 0;
  try {
    bytes = "error" in answer ? writeThrown(answer.error) : writeValue(answer.value, "value");
  } catch (error) {
    ({ bytes } = explain(error));
    isError = 1;
  }
  const status = exports.answerHeldAndDrive(putBytes(machine, bytes), isError, fuel);
  if (status < 0) throw memoryExceeded(machine, bytes.length);
  return status;
}

/**
 * Checks that the functions of all pending calls are declared.
 *
 * @throws SnapshotError when no program of the machine declares it
 */
export function checkCallNames(machine: Machine): void {
  const { exports } = machine;
  for (let record = exports.nextCall(0); record !== 0; record = exports.nextCall(record)) {
    const kind = CALL_KIND_NAMES[mailboxKind(machine)];
    if (kind === "async" || kind === "sync") nameOf(machine, record);
  }
}

/** A pending call as it is shown to people. */
export interface DescribedCall extends PendingCall {
  /** Why `args` is empty although the call has arguments. */
  readonly argsLeftOut?: string;
}

/** Describes the pending calls, with their arguments until those take more than `bytes` together. */
export function describedCalls(machine: Machine, bytes: number): DescribedCall[] {
  const { exports } = machine;
  const room = { bytes };
  const calls: DescribedCall[] = [];
  for (let record = exports.nextCall(0); record !== 0; record = exports.nextCall(record)) {
    const kind = CALL_KIND_NAMES[mailboxKind(machine)] ?? "async";
    const id = mailboxCall(machine);
    const name = NAMES[kind] ?? nameOf(machine, record);
    const call = room.bytes < 0 ? { id, refused: new Error("too large to be shown") } : readCall(machine, record, room);
    calls.push("refused" in call ? { id, kind, name, args: [], argsLeftOut: call.refused.message } : call);
  }
  return calls;
}
