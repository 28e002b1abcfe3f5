// Owns the proof that a run with the tier is one of the interpreter alone: the same program with the same amounts of fuel, and at each stop
// the same fuel used and the same bytes. Must never compare less than the whole snapshot.

import { Tier, type TierCounts, type TierOptions } from "./tier.ts";
import { NOT_HELD } from "../../support/not-held.ts";
import type { Runtime } from "../../../ts/api/runtime.ts";
import type { PausedState, State } from "../../../ts/index.ts";
import type { Machine } from "../../../ts/machine/machine.ts";

export interface Comparison {
  /** Stops at which the bytes were compared. */
  readonly stops: number;
  /** What differed first; undefined: nothing. */
  readonly difference: string | undefined;
  readonly output: unknown;
  readonly fuel: number;
  readonly counts: TierCounts;
}

/** Numbers below `below` that are the same at each run (xorshift32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** The machine of a state that waits. */
export function machineOf(state: State): Machine {
  return (state as unknown as { readonly machine: Machine }).machine;
}

const LIMITS = { timeMs: Infinity, memoryBytes: 2 ** 28 };

function paused(state: State): PausedState {
  if (state.status !== "paused") throw new Error(`the program is ${state.status} before it has begun`);
  return state;
}

/** Starts a program with so little fuel that it has done nothing. */
export function begun(runtime: Runtime, source: string): PausedState {
  return paused(
    runtime.compile(source, { filename: NOT_HELD }).start({ seed: 1, now: 0, limits: { ...LIMITS, fuel: 1 } }),
  );
}

const bytesOf = (state: State): Uint8Array =>
  state.status === "complete" ? new Uint8Array() : state.snapshot().dump({ elapsed: false, level: 0 });

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function differenceOf(plain: State, tiered: State): string | undefined {
  const at = `at fuel ${plain.usage.fuel}`;
  if (plain.status !== tiered.status) return `${plain.status} became ${tiered.status} ${at}`;
  if (plain.usage.fuel !== tiered.usage.fuel) return `it became fuel ${tiered.usage.fuel} ${at}`;
  if (!sameBytes(bytesOf(plain), bytesOf(tiered))) return `the snapshot differs ${at}`;
  if (plain.status !== "complete" || tiered.status !== "complete") return undefined;
  return Object.is(plain.output, tiered.output) ? undefined : `${plain.output} became ${tiered.output}`;
}

/** Runs a program twice, stopping after amounts of fuel below `most`. */
export function compareRuns(
  runtime: Runtime,
  source: string,
  most: number,
  seed: number,
  options: TierOptions,
): Comparison {
  const random = randomNumbers(seed);
  let plain: State = begun(runtime, source);
  let tiered: State = begun(runtime, source);
  const tier = new Tier(machineOf(tiered), options);
  let stops = 0;
  let difference: string | undefined;
  while (difference === undefined && plain.status === "paused" && tiered.status === "paused") {
    const fuel = 1 + random(most);
    plain = plain.resume({ fuel });
    tiered = tiered.resume({ fuel });
    stops++;
    difference = differenceOf(plain, tiered);
  }
  tier.remove();
  for (const state of [plain, tiered]) if (state.status !== "complete") state.dispose();
  const { usage } = plain;
  return {
    stops,
    difference,
    output: plain.status === "complete" ? plain.output : undefined,
    fuel: usage.fuel,
    counts: tier.counts,
  };
}
