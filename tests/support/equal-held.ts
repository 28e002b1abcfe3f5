// Owns the comparison of a run that is held with one that is not: the same slices, through dump, load and restore at each stop or at none.
// Fuel, bytes of every snapshot on the way, and what comes of it must be equal; the peak of memory at least a quarter. Must never answer a call
// by anything but what it is.

import { createHash } from "node:crypto";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { CompleteState, PausedState, State, SuspendedState } from "../../ts/index.ts";

/** Limits of a run travel in its snapshot; these let all of them through. */
export const GENEROUS = { memoryBytes: 2 ** 30, timeMs: Infinity, stackDepth: Infinity, stdoutBytes: Infinity };

export interface EqualHeldOptions {
  /** Begins the program with that much fuel per slice. */
  start(fuel: number): State;
  /** Goes on from a suspended state. */
  answer(state: SuspendedState, fuel: number): State;
  /** Where it is held; states go from one to the other. */
  readonly runtimes: readonly Runtime[];
  readonly fuel: number;
  /** Stops that are looked at; the run is left after the last. */
  readonly stops: number;
  /** Milliseconds after which it is left earlier: with a large heap every stop takes its time. */
  readonly patience?: number;
}

interface Stop {
  readonly fuel: number;
  readonly bytes: string;
}

interface Trail {
  readonly stops: readonly Stop[];
  readonly peak: number;
  /** What is thrown, a limit for instance. */
  readonly error: string | undefined;
  readonly complete: CompleteState | undefined;
}

function follow(options: EqualHeldOptions, isHeld: boolean, most: number): Trail {
  const { runtimes, fuel, patience = Infinity } = options;
  const began = performance.now();
  const isLate = (): boolean => !isHeld && performance.now() - began > patience;
  const stops: Stop[] = [];
  let peak = 0;
  let state: State | undefined;
  try {
    state = options.start(fuel);
    while (state.status !== "complete" && stops.length < most && !isLate()) {
      peak = state.usage.peakMemoryBytes;
      const held = state.snapshot();
      const bytes = held.dump({ elapsed: false, level: 0 });
      stops.push({
        fuel: state.usage.fuel,
        bytes: `${createHash("md5").update(bytes).digest("hex")} (${bytes.length})`,
      });
      if (isHeld) {
        // The peak of memory travels only beside what is equal.
        const carried = held.dump({ level: 0 });
        state.dispose();
        state = runtimes[stops.length % runtimes.length]!.load(carried, {
          limits: GENEROUS,
          allowEval: true,
        }).restore() as SuspendedState | PausedState;
      }
      state = state.status === "paused" ? state.resume({ fuel }) : options.answer(state, fuel);
    }
  } catch (error) {
    return { stops, peak, error: String(error), complete: undefined };
  }
  peak = Math.max(peak, state.usage.peakMemoryBytes);
  if (state.status !== "complete") {
    state.dispose();
    return { stops, peak, error: undefined, complete: undefined };
  }
  stops.push({ fuel: state.usage.fuel, bytes: "" });
  return { stops, peak, error: undefined, complete: state };
}

const isShortOfMemory = (error: string | undefined): boolean => error?.includes("limit exceeded: memoryBytes") === true;

/** What differs when the program is held; undefined: nothing. */
export function heldDifference(options: EqualHeldOptions): string | undefined {
  const expected = follow(options, false, options.stops);
  const actual = follow(options, true, expected.complete === undefined ? expected.stops.length : options.stops);
  // When memory is found to be short depends on when garbage was looked for.
  if (isShortOfMemory(expected.error) || isShortOfMemory(actual.error)) return undefined;
  for (const [i, stop] of expected.stops.entries()) {
    const other = actual.stops[i];
    if (other?.fuel !== stop.fuel) return `fuel ${stop.fuel} became ${other?.fuel ?? actual.error} at stop ${i}`;
    if (other.bytes !== stop.bytes)
      return `the snapshot at stop ${i} (fuel ${stop.fuel}), ${stop.bytes}, became ${other.bytes}`;
  }
  if (expected.stops.length !== actual.stops.length)
    return `${expected.stops.length} stops became ${actual.stops.length}`;
  if (expected.error !== undefined && expected.error !== actual.error)
    return `${expected.error} became ${actual.error}`;
  // Garbage that lies in memory at a stop does not come along, so the memory of a held run may never be as full.
  if (actual.peak < expected.peak / 4) return `the peak of ${expected.peak} bytes became ${actual.peak}`;
  return undefined;
}
