// Owns running the guest: from a program or a snapshot to the next stop, within the limits of a turn and of the whole run. Must never
// call a tool, nor write to the store.

import type { CompleteState } from "../api/complete.ts";
import type { Program } from "../api/program.ts";
import type { ResumeRuntime } from "../api/resume-runtime.ts";
import type { State } from "../api/state.ts";
import { type FermataError, GuestError, LimitError, MarshalError } from "../errors.ts";
import type { Answer } from "../machine/answers.ts";
import { DEFAULT_LIMITS, type Limits } from "../machine/limits.ts";
import type { Usage } from "../machine/run.ts";
import type { RunFailure, RunLimits, StartRunOptions } from "./types.ts";
import { encodeValue } from "./values.ts";

/** How a run ended without a result. */
export interface Failed {
  readonly status: "failed";
  readonly error: RunFailure;
  readonly usage: Usage;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the guest stopped. */
export type Stop = State | Failed;

const TURN = { fuel: 20_000_000, timeMs: 5000 } as const;
/** Fuel of a run in total, unless other limits are given. */
const TOTAL_FUEL = 10_000_000_000;

/** The limits of the machine for the next turn. */
function turnLimits(limits: RunLimits): Limits {
  const { hostCalls, memoryBytes, stackDepth, stdoutBytes, snapshotBytes, turnFuel, turnMs } = limits;
  const given = { hostCalls, memoryBytes, stackDepth, stdoutBytes, snapshotBytes };
  return { ...given, fuel: turnFuel ?? TURN.fuel, onFuel: "pause", timeMs: turnMs ?? TURN.timeMs, onTime: "pause" };
}

function fuelLeft(limits: RunLimits, usage: Usage): number {
  return Math.min(limits.turnFuel ?? TURN.fuel, Math.max(0, (limits.fuel ?? TOTAL_FUEL) - usage.fuel));
}

/** Describes an error that ended a run. */
export function failureOf(error: FermataError): RunFailure {
  const { code, name, message } = error;
  if (!(error instanceof GuestError)) return { code, name, message };
  const { guestName, guestMessage, guestStack, filename, line, column, codeFrame } = error;
  return { code, name: guestName, message: guestMessage, guestStack, filename, line, column, codeFrame };
}

const NOTHING: Usage = { fuel: 0, memoryBytes: 0, peakMemoryBytes: 0, hostCalls: 0, timeMs: 0 };

/** Runs the guest; an error that the program made is where it stopped, any other is thrown. */
function guarded(work: () => State, before: Omit<Failed, "status" | "error"> | undefined): Stop {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GuestError || error instanceof LimitError)) throw error;
    const last = error.run ?? before;
    const { usage = NOTHING, stdout = "", stderr = "" } = last ?? {};
    return { status: "failed", error: failureOf(error), usage, stdout, stderr };
  }
}

/** Ends a run that has used up a total. */
function withinTotals(stop: Stop, limits: RunLimits): Stop {
  if (stop.status === "failed" || stop.status === "complete") return stop;
  const { usage, stdout, stderr } = stop;
  const totals = [
    ["fuel", limits.fuel ?? TOTAL_FUEL],
    ["timeMs", limits.timeMs ?? Infinity],
  ] as const;
  for (const [name, allowed] of totals) {
    const used = usage[name];
    if (name === "fuel" ? used < allowed || stop.status !== "paused" : used <= allowed) continue;
    stop.dispose();
    return { status: "failed", error: failureOf(new LimitError(name, allowed, used)), usage, stdout, stderr };
  }
  return stop;
}

/** What a complete run leaves: its output as text of `encodeValue`, or why it cannot be kept. */
export function resultOf(state: CompleteState): { readonly output?: string; readonly error?: RunFailure } {
  try {
    return { output: encodeValue(state.output, "output") };
  } catch (error) {
    if (!(error instanceof MarshalError)) throw error;
    return { error: failureOf(error) };
  }
}

/**
 * Starts a program and runs it to its first stop.
 *
 * @throws TypeError, RangeError, MarshalError for options that a program cannot be started with
 */
export function firstTurn(program: Program, options: StartRunOptions, now: number): Stop {
  const { inputs, seed, timeZone, limits = {} } = options;
  const fuel = fuelLeft(limits, NOTHING);
  const start = (): State => program.start({ inputs, seed, timeZone, now, limits: { ...turnLimits(limits), fuel } });
  return withinTotals(guarded(start, undefined), limits);
}

/** Restores a run, without running anything. */
export function restored(runtime: ResumeRuntime, snapshot: Uint8Array, limits: RunLimits): State {
  const ceilings = { ...turnLimits(limits), snapshotBytes: limits.snapshotBytes ?? DEFAULT_LIMITS.snapshotBytes };
  return runtime.load(snapshot, { limits: { ...ceilings, fuel: Infinity } }).restore();
}

/** Goes on with a paused state. */
export function goOn(state: State, limits: RunLimits, now: number): Stop {
  if (state.status !== "paused") return state;
  const { timeMs } = turnLimits(limits);
  const options = { now, fuel: fuelLeft(limits, state.usage), limits: { timeMs } };
  return withinTotals(
    guarded(() => state.resume(options), state),
    limits,
  );
}

/** Answers one call of a suspended state. An answer that cannot enter the guest is a TypeError there. */
export function answered(state: State, id: number, answer: Answer, limits: RunLimits, now: number): Stop {
  if (state.status !== "suspended") return state;
  const { timeMs } = turnLimits(limits);
  const options = { now, fuel: fuelLeft(limits, state.usage), limits: { timeMs } };
  const give = (one: Answer): Stop => guarded(() => state.resumeCalls(new Map([[id, one]]), options), state);
  try {
    return withinTotals(give(answer), limits);
  } catch (error) {
    if (!(error instanceof MarshalError)) throw error;
    return withinTotals(
      give({ error: new TypeError(`the answer cannot enter the program: ${error.message}`) }),
      limits,
    );
  }
}
