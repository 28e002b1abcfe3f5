// Owns running: slices, the accounting of fuel and time between them, and the meaning of a stop. Must never wait: the caller
// decides what to do about a stop.

import { LIMIT_KINDS, RUN_STATUS } from "../defs/layout.ts";
import { InternalError, LimitError, SnapshotError, type GuestError } from "../errors.ts";
import { VM_WORD } from "../generated/machine.ts";
import { answerSource } from "./evaluate.ts";
import { guestErrorOf } from "./guest-error.ts";
import { FUEL_PER_MS, LIMIT_NAMES, STILL_FUEL } from "./limits.ts";
import type { Machine, PauseReason, RunRecord } from "./machine.ts";
import {
  isMailable,
  mailAnswer,
  mailedArguments,
  mailedCall,
  mailedKind,
  mailedLength,
  mailedName,
  mailedNext,
  putBytes,
  readCrossing,
  readOutput,
  readRefusal,
  writeValue,
} from "./marshal.ts";

/** Why a run stopped. */
export type Stop = "done" | "waiting" | "sync" | PauseReason;

/** The resources that a run has used since the program's start. */
export interface Usage {
  readonly fuel: number;
  /** Bytes of heap and stack now, including garbage not yet collected. */
  readonly memoryBytes: number;
  /**
   * Largest number of bytes in use so far. Snapshots record the peak only roughly: after a restore, at least half of the earlier
   * peak counts.
   */
  readonly peakMemoryBytes: number;
  readonly hostCalls: number;
  /** Milliseconds of running time, not counting waits for the host. */
  readonly timeMs: number;
}

/** The argument of `onSlice`. */
export interface SliceControl {
  /** Stops the run here: its state is paused with reason `"hold"`. */
  hold(): void;
  /** Fuel used since the program's start. */
  readonly fuel: number;
}

/** Called between slices (limits.fuelSlice). */
export type SliceListener = (control: SliceControl) => void;

/** Kinds of pending call, indexed by the core's number. */
export const CALL_KINDS = ["async", "sync", "timer", "module"] as const;
const SYNC = CALL_KINDS.indexOf("sync");
export type CallKind = (typeof CALL_KINDS)[number];

/** Kind in the mailbox for an exception that rejected a promise (assembly/host/exports.ts). */
const UNHANDLED = 1;

const clock: { now(): number } = performance;

/** The host's part of the machine's run. */
export function runOf(machine: Machine): RunRecord {
  if (machine.run === undefined) throw new InternalError("the machine has no run");
  return machine.run;
}

/** Fuel used since the start. */
export function fuelUsed(machine: Machine): number {
  return machine.wordAt(VM_WORD.fuelUsedHigh) * 0x1_0000_0000 + machine.wordAt(VM_WORD.fuelUsedLow);
}

/** Returns the resources used so far. */
export function usageOf(machine: Machine): Usage {
  const memoryBytes = machine.exports.usedMemory();
  return {
    fuel: fuelUsed(machine),
    memoryBytes,
    peakMemoryBytes: Math.max(memoryBytes, machine.wordAt(VM_WORD.peakMemory)),
    hostCalls: machine.wordAt(VM_WORD.hostCalls),
    timeMs: runOf(machine).elapsedMs,
  };
}

/** Returns the error to throw for one that came out of the core; marks the machine as broken if the core trapped. */
function blamed(machine: Machine, error: unknown): unknown {
  // Errors thrown by a host's listener pass through here too; of RangeErrors, only an exhausted stack is the core's.
  if (error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/i.test(error.message))) {
    machine.broken = true;
    return new InternalError(`the core failed: ${error.message}`, { cause: error });
  }
  return error;
}

/** Runs `work`, and marks the machine as broken if the core trapped in it. */
export function guarded<T>(machine: Machine, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw blamed(machine, error);
  }
}

/** Brings `machine.stdout` and `machine.stderr` up to date. */
export function pullText(machine: Machine): void {
  const { exports } = machine;
  if (exports.textLength(0) > machine.stdout.length) {
    exports.tellText(0, machine.stdout.length);
    machine.stdout += readOutput(machine) as string;
  }
  if (exports.textLength(1) > machine.stderr.length) {
    exports.tellText(1, machine.stderr.length);
    machine.stderr += readOutput(machine) as string;
  }
}

/** Makes the error for an exception that the guest did not catch. */
function uncaught(machine: Machine): GuestError {
  const unhandledRejection = mailedKind(machine) === UNHANDLED;
  machine.exports.tellThrownName();
  const name = readOutput(machine) as string | undefined;
  machine.exports.tellThrownPlace();
  const place = readOutput(machine) as string | undefined;
  machine.exports.tellException();
  const programs = [...machine.programs, ...machine.evaluated.values()];
  const thrown = readCrossing(machine, "error");
  const value = "value" in thrown ? thrown.value : thrown.refused.message;
  const error = guestErrorOf(value, programs, machine.refused, { name, place });
  error.unhandledRejection = unhandledRejection;
  return error;
}

function limitReached(machine: Machine): LimitError | SnapshotError {
  const kind = machine.word("limitKind");
  if (kind === 0) {
    machine.broken = true;
    return new SnapshotError(
      "malformed",
      "a register holds what no compiled program puts there: the snapshot was made up",
    );
  }
  const name = LIMIT_NAMES[kind];
  if (name === undefined) throw new InternalError(`the core stopped at an unknown limit ${LIMIT_KINDS[kind] ?? kind}`);
  const allowed = runOf(machine).limits[name];
  return new LimitError(name, allowed, Math.max(allowed, machine.word("limitUsed")));
}

/** An advance that spends less fuel than this is short. */
const SHORT = 1000;
/** Reading the clock costs as much as a short advance, so of consecutive short ones only one in this many is timed, with that weight. */
const SAMPLE = 16;

/** Accounts for one advance of a machine, from a slice to the next stop. Made at each host call, so `#private` names would be too slow. */
class Advance {
  private readonly machine: Machine;
  private readonly run: RunRecord;
  /** Start of the time that is not yet accounted for; NaN: this advance is not timed. */
  private since: number;
  private used: number;
  private readonly usedBefore: number;
  /** `used` when the clock was last read. */
  private timedAt: number;
  private sinceTime = 0;

  constructor(machine: Machine, run: RunRecord) {
    this.machine = machine;
    this.run = run;
    this.used = this.usedBefore = this.timedAt = fuelUsed(machine);
    const { untimed } = machine;
    this.since = untimed < 0 || untimed === SAMPLE - 1 ? clock.now() : NaN;
  }

  /** Returns the fuel of the next slice; 0 if it is spent. */
  next(): number {
    return Math.max(0, Math.min(this.run.limits.fuelSlice, this.run.fuelLeft));
  }

  /** Charges the fuel used since the last call, and returns it. */
  account(): number {
    const used = fuelUsed(this.machine);
    const spent = used - this.used;
    this.used = used;
    this.run.fuelLeft -= spent;
    return spent;
  }

  /** Charges the fuel used and returns the rest of the slice, for stops that the host does not see. */
  rest(): number {
    this.sinceTime += this.account();
    return Math.max(1, Math.min(this.next(), this.run.limits.fuelSlice - this.sinceTime));
  }

  private time(): void {
    const now = clock.now();
    if (this.since === this.since) this.passed(now - this.since, 1);
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
    } else run.stillFuel += (this.used - this.timedAt) * weight;
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
    } else machine.untimed = isShort ? machine.untimed + 1 : -1;
  }

  /** Returns the stop that a status of `drive` means; undefined: run another slice. */
  stop(status: number, listener: SliceListener | undefined): Stop | undefined {
    const spent = this.account();
    switch (status) {
      case RUN_STATUS.SYNC_CALL:
        // Reading the clock costs as much as a call: it is read once per slice's worth of fuel.
        this.sinceTime += spent + 64;
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
    listener({ hold: () => void (held = true), fuel: this.used });
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
    run.pausedBy = undefined;
    const account = new Advance(machine, run);
    return advanced(machine, run, account, options, firstSlice(machine, run, account, options, answered));
  } catch (error) {
    throw blamed(machine, error);
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
  const fuel = account.next();
  if (answered !== 0) {
    if (fuel > 0 && run.keepState !== true) return exports.answerAndDrive(fuel);
    exports.answerMailed(answered);
  }
  // Right after an answered call there is no state that could be held: even without fuel, the run goes on to the next safepoint.
  const mustMove = machine.wordAt(VM_WORD.status) === RUN_STATUS.IDLE;
  if (!mustMove) atSlice?.();
  return fuel > 0 || mustMove ? exports.drive(fuel) : RUN_STATUS.FUEL;
}

function advanced(
  machine: Machine,
  run: RunRecord,
  account: Advance,
  { listener, onSync, atSlice }: AdvanceOptions,
  first: number,
): Stop {
  const { exports } = machine;
  let status = first;
  for (;;) {
    while (status === RUN_STATUS.SOURCE) {
      answerSource(machine);
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
      atSlice?.();
      status = exports.drive(account.next());
    } else {
      if (stop === "fuel" || stop === "time" || stop === "hold") run.pausedBy = stop;
      account.end();
      return stop;
    }
  }
}

/** The host's answer to a call. */
export type Answer = { readonly value: unknown } | { readonly error: unknown };

/** Handles the sync call in the mailbox: returns its answer, `"answered"` if it has already been answered, or undefined to stop there. */
export type SyncHandler = (machine: Machine) => Answer | "answered" | undefined;

function answerSync(machine: Machine, answer: Answer, fuel: number): number {
  const { exports } = machine;
  if ("value" in answer && mailAnswer(machine, answer.value)) return exports.answerAndDrive(fuel);
  let bytes: Uint8Array;
  let isError = "error" in answer ? 1 : 0;
  try {
    bytes = "error" in answer ? writeValue(answer.error, "error") : writeValue(answer.value, "value");
  } catch (error) {
    ({ bytes } = explain(error));
    isError = 1;
  }
  const status = exports.answerHeldAndDrive(putBytes(machine, bytes), isError, fuel);
  if (status < 0) throw memoryExceeded(machine, bytes.length);
  return status;
}

function memoryExceeded(machine: Machine, bytes: number): LimitError {
  return new LimitError("memoryBytes", runOf(machine).limits.memoryBytes, bytes + machine.exports.usedMemory());
}

/** Replaces an answer that cannot enter the guest by a TypeError that says so. */
function explain(error: unknown): WrittenAnswer {
  return writeError(new TypeError(error instanceof Error ? error.message : String(error)));
}

/** An answer in the transfer form. */
interface WrittenAnswer {
  readonly bytes: Uint8Array;
  readonly isError: boolean;
}

/** An answer that is ready to be given. Values that fit the mailbox need no transfer form. */
export type PreparedAnswer = WrittenAnswer | { readonly primitive: unknown };

/** Writes an error of a host function as the guest will see it: name, message and cause, never more. */
function writeError(error: unknown): WrittenAnswer {
  return { bytes: writeValue(error, "error").slice(), isError: true };
}

export function prepareAnswer(answer: Answer): PreparedAnswer {
  if ("error" in answer) return writeError(answer.error);
  const { value } = answer;
  if (isMailable(value)) return { primitive: value };
  return { bytes: writeValue(value, "value").slice(), isError: false };
}

/** Gives an answer that was prepared. */
export function givePrepared(machine: Machine, id: number, prepared: PreparedAnswer): void {
  const result = guarded(machine, () => {
    if ("primitive" in prepared) {
      mailAnswer(machine, prepared.primitive);
      return machine.exports.answerMailed(id);
    }
    return machine.exports.answer(id, putBytes(machine, prepared.bytes), prepared.isError ? 1 : 0);
  });
  if (result === 2) throw memoryExceeded(machine, "bytes" in prepared ? prepared.bytes.length : 0);
  if (result !== 0) throw new InternalError(`the core knows no call ${id}`);
}

/** Gives one answer at once. `work` runs when the value is known to be able to cross, before anything is changed. */
export function giveAnswer(machine: Machine, id: number, answer: Answer, work: () => void): void {
  if ("value" in answer && mailAnswer(machine, answer.value)) {
    work();
    if (guarded(machine, () => machine.exports.answerMailed(id)) !== 0) {
      throw new InternalError(`the core knows no call ${id}`);
    }
    return;
  }
  // Nothing crosses in `work`: the bytes need not be copied before.
  const isError = "error" in answer;
  const bytes = isError ? writeValue(answer.error, "error") : writeValue(answer.value, "value");
  work();
  givePrepared(machine, id, { bytes, isError });
}

/** As `prepareAnswer`, but an answer that cannot cross becomes a TypeError that says so. */
export function prepareOrExplain(answer: Answer): PreparedAnswer {
  try {
    return prepareAnswer(answer);
  } catch (error) {
    return explain(error);
  }
}

/** A call or timer that waits for its host. */
export interface PendingCall {
  /** Unique in the run; answers refer to it. */
  readonly id: number;
  /** `"async"`: the guest continues with a promise; `"sync"`: it is held at the call. */
  readonly kind: CallKind;
  /** Name of the external function; `"setTimeout"` for timers, `"import"` for modules. */
  readonly name: string;
  /** Arguments of the call; for a module: specifier, name of the importing file, attributes. */
  readonly args: readonly unknown[];
  /** Timers: when the timer is due, in milliseconds on the program's clock. */
  readonly dueAt?: number;
  /** Modules: the name that the module will have, unless the answer gives another. */
  readonly filename?: string;
  /** Modules: the frames of the guest's stack where it is imported. */
  readonly stack?: string;
}

const NAMES: Readonly<Record<string, string>> = { timer: "setTimeout", module: "import" };

/** True if a program of the machine declares that host function. */
function isDeclared(machine: Machine, name: string, kind: CallKind | undefined): boolean {
  return machine.programs.some(({ externals }) => externals.get(name) === kind);
}

/** Returns the name of the host function in the call that the core has just reported. */
function nameOf(machine: Machine, record: number): string {
  // A name called both async and sync means two functions, so the key includes the kind: addresses are multiples of 8.
  const kind = mailedKind(machine);
  const place = mailedName(machine) + kind;
  const known = machine.names.get(place);
  if (known !== undefined) return known;
  machine.exports.tellCallName(record);
  const name = String(readOutput(machine));
  // Programs can call only functions that they declare; any other can only come from a forged snapshot.
  if (!isDeclared(machine, name, CALL_KINDS[kind])) {
    machine.broken = true;
    throw new SnapshotError(
      "malformed",
      `the program calls ${JSON.stringify(name.slice(0, 100))}, which none of its programs declares: the snapshot was made up`,
    );
  }
  machine.names.set(place, name);
  return name;
}

/**
 * Checks that the functions of all pending calls are declared.
 *
 * @throws SnapshotError when no program of the machine declares it
 */
export function checkCallNames(machine: Machine): void {
  const { exports } = machine;
  for (let record = exports.nextCall(0); record !== 0; record = exports.nextCall(record)) {
    const kind = CALL_KINDS[mailedKind(machine)];
    if (kind === "async" || kind === "sync") nameOf(machine, record);
  }
}

function readCall(
  machine: Machine,
  record: number,
  room: Room,
): PendingCall | { readonly id: number; readonly refused: Error } {
  const id = mailedCall(machine);
  const kind = CALL_KINDS[mailedKind(machine)];
  if (kind === undefined) throw new InternalError("the core made a call of an unknown kind");
  if (kind === "timer") return { id, kind, name: NAMES[kind]!, args: [], dueAt: machine.exports.callDueOf(record) };
  if (kind === "module") return readImport(machine, id, record, room);
  const args = mailedArguments(machine);
  const name = nameOf(machine, record);
  if (args !== undefined) return { id, kind, name, args };
  const told = toldArguments(machine, record, room);
  if ("refused" in told) return { id, refused: told.refused };
  return { id, kind, name, args: (told.value as unknown[] | undefined) ?? [] };
}

/** Returns the call that the core has just reported, if the mailbox holds all of it. */
function mailedCallOf(machine: Machine, record: number): PendingCall | undefined {
  const args = mailedArguments(machine);
  if (args === undefined || mailedKind(machine) !== SYNC) return undefined;
  return { id: mailedCall(machine), kind: "sync", name: nameOf(machine, record), args };
}

/** Bytes that the arguments of all pending calls may take together in the transfer form. */
interface Room {
  bytes: number;
}

/** Reads the arguments of a call, or why they cannot cross. */
function toldArguments(machine: Machine, record: number, room?: Room): ReturnType<typeof readCrossing> {
  const isTold = machine.exports.tellCallArguments(record) !== 0;
  if (room !== undefined) room.bytes -= mailedLength(machine);
  return isTold ? readCrossing(machine, "args") : { refused: readRefusal(machine, "args") };
}

function readImport(
  machine: Machine,
  id: number,
  record: number,
  room: Room,
): PendingCall | { readonly id: number; readonly refused: Error } {
  const isTold = machine.exports.tellCallArguments(record) !== 0;
  room.bytes -= mailedLength(machine);
  const list = isTold ? (readOutput(machine) as unknown[] | undefined) : undefined;
  const [specifier, referrer, attributes, filename, stack] = list ?? [];
  const texts = [specifier, referrer, filename, stack];
  // Only a forged snapshot requests a module without a name.
  if (texts.some((text) => typeof text !== "string") || typeof attributes !== "object" || attributes === null)
    return { id, refused: new Error("a module without a name") };
  const args = [specifier, referrer, attributes];
  return { id, kind: "module", name: NAMES["module"]!, args, filename: filename as string, stack: stack as string };
}

/** Returns the name of the function in the call at which the guest is held. */
export function heldName(machine: Machine): string {
  return nameOf(machine, machine.word("currentCall"));
}

/** Returns the arguments of the call at which the guest is held; undefined: they cannot cross, and the call has failed in the guest. */
export function heldArguments(machine: Machine): unknown[] | undefined {
  const told = toldArguments(machine, machine.word("currentCall"));
  if ("value" in told) return told.value as unknown[];
  givePrepared(machine, mailedCall(machine), prepareAnswer({ error: new TypeError(told.refused.message) }));
  return undefined;
}

/** Any number of calls may share the same large arguments; written out, all of them may take at most this many times the guest's memory. */
const MOST_TOLD = 4;

/**
 * Returns the pending calls. `isTold`: the core has just reported the one at which the guest is held. Calls whose arguments cannot
 * leave the guest never reach the host: they fail with a TypeError in the guest, and `failed` says that the guest can go on.
 *
 * @throws LimitError if the arguments take much more memory than the guest may hold
 */
export function pendingCalls(
  machine: Machine,
  isTold = false,
): { readonly calls: readonly PendingCall[]; readonly failed: boolean } {
  try {
    // The mailbox already describes the call at which the guest is held; usually there is no other.
    const held = machine.wordAt(VM_WORD.currentCall);
    if (isTold && machine.wordAt(VM_WORD.callHead) === held && mailedNext(machine) === 0) {
      const call = mailedCallOf(machine, held);
      if (call !== undefined) return { calls: [call], failed: false };
    }
    const calls: PendingCall[] = [];
    const refused: { readonly id: number; readonly refused: Error }[] = [];
    const { memoryBytes } = runOf(machine).limits;
    const most = MOST_TOLD * memoryBytes;
    const room = { bytes: most };
    for (let record = machine.exports.nextCall(0); record !== 0; record = machine.exports.nextCall(record)) {
      const call = readCall(machine, record, room);
      if (room.bytes < 0) throw new LimitError("memoryBytes", memoryBytes, most - room.bytes);
      if ("refused" in call) refused.push(call);
      else calls.push(call);
    }
    for (const { id, refused: why } of refused) {
      givePrepared(machine, id, prepareAnswer({ error: new TypeError(why.message) }));
    }
    return { calls, failed: refused.length > 0 };
  } catch (error) {
    throw blamed(machine, error);
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
    const kind = CALL_KINDS[mailedKind(machine)] ?? "async";
    const id = mailedCall(machine);
    const name = NAMES[kind] ?? nameOf(machine, record);
    const call =
      room.bytes < 0 ? { id, refused: new Error("they take too much room") } : readCall(machine, record, room);
    calls.push("refused" in call ? { id, kind, name, args: [], argsLeftOut: call.refused.message } : call);
  }
  return calls;
}
