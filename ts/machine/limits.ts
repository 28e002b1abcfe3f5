// Owns the limits of a run: their names, defaults and checks. Must never enforce one: that is done by the core and machine/run-loop.ts.

import { didYouMean } from "./option-names.ts";

/** The limits of a run. Each has a default. */
export interface Limits {
  /**
   * Fuel that may be spent until the next stop (loop iterations and calls cost 1, natives in proportion to their work). Default:
   * unlimited.
   */
  fuel?: number | undefined;
  /** When the fuel is spent: `"pause"` gives a paused state that can be granted more, `"fail"` throws. Default `"pause"`. */
  onFuel?: "pause" | "fail" | undefined;
  /** Fuel per slice. Time and requests to hold are checked between slices. Default 100,000 (some milliseconds), at most 1,000,000. */
  fuelSlice?: number | undefined;
  /** Bytes of heap and stack that the program may hold. Default 32 MiB. */
  memoryBytes?: number | undefined;
  /**
   * Milliseconds of running time; waiting for the host does not count. Default 5,000; `Infinity` for no limit. On hosts whose clock
   * does not advance during computation (Cloudflare Workers), {@link FUEL_PER_MS} units of fuel count as one millisecond.
   */
  timeMs?: number | undefined;
  /** When time runs out: `"fail"` throws, `"pause"` gives a paused state. Default `"fail"`. */
  onTime?: "pause" | "fail" | undefined;
  /**
   * Depth of nested calls; beyond it the guest gets a RangeError that it can catch. Default 40,000. The stack takes at most half of
   * the memory.
   */
  stackDepth?: number | undefined;
  /** Bytes that may be written to stdout and stderr together. Default 1 MiB. */
  stdoutBytes?: number | undefined;
  /** Size of the largest snapshot that may be written or read, in bytes. Default 64 MiB. */
  snapshotBytes?: number | undefined;
  /** Number of calls of external functions, not counting timers. Default: unlimited. */
  hostCalls?: number | undefined;
}

/** Limits with all defaults filled in. */
export type ResolvedLimits = { [K in keyof Limits]-?: NonNullable<Limits[K]> };

/** The limits that apply unless others are given. */
export const DEFAULT_LIMITS: ResolvedLimits = {
  fuel: Infinity,
  onFuel: "pause",
  fuelSlice: 100_000,
  memoryBytes: 32 * 1024 * 1024,
  timeMs: 5000,
  onTime: "fail",
  stackDepth: 40_000,
  stdoutBytes: 1024 * 1024,
  snapshotBytes: 64 * 1024 * 1024,
  hostCalls: Infinity,
};

/**
 * Units of fuel that count as a millisecond of `timeMs` on a host whose clock does not advance during computation. It is the same
 * on every host: about what a typical program uses in a millisecond.
 */
export const FUEL_PER_MS = 20_000;
/** Fuel spent without any time passing before a clock is considered stopped: some clocks just tick slowly. */
export const STILL_FUEL = 20_000_000;

/** The largest slice: time is looked at between slices, and this takes some tens of milliseconds. */
const MAX_SLICE = 1_000_000;
/** The largest value of a 32-bit limit of the core. */
const MAX_WORD = 0xffff_ffff;
/** Memory and addresses of the core are 32 bits wide, and a collection needs room for a copy. */
const MAX_MEMORY = 1024 * 1024 * 1024;

function isMode(value: unknown): value is "pause" | "fail" {
  return value === "pause" || value === "fail";
}

/**
 * Fills in defaults for missing limits.
 *
 * @throws TypeError for an unknown name, RangeError for a value that is not a valid amount
 */
export function resolveLimits(limits: Limits | undefined, base: ResolvedLimits = DEFAULT_LIMITS): ResolvedLimits {
  if (limits === undefined) return base;
  const resolved: Record<string, number | string> = { ...base };
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(DEFAULT_LIMITS, name))
      throw new TypeError(`unknown limit: ${name}${didYouMean(name, Object.keys(DEFAULT_LIMITS))}`);
    if (name === "onFuel" || name === "onTime") {
      if (!isMode(value)) throw new TypeError(`limits.${name} must be "pause" or "fail", not ${String(value)}`);
    } else if (typeof value !== "number" || !(value >= 0)) {
      throw new RangeError(`limits.${name} must be a number from 0 up, not ${String(value)}`);
    }
    resolved[name] = value;
  }
  const whole = resolved as unknown as ResolvedLimits;
  return {
    ...whole,
    fuelSlice: Math.min(Math.max(1, Math.floor(whole.fuelSlice)), MAX_SLICE),
    memoryBytes: Math.min(Math.floor(whole.memoryBytes), MAX_MEMORY),
  };
}

/**
 * Returns the limits of a run that came from elsewhere: each amount is the smaller of its own and what this host grants.
 * `fuelSlice` is always the host's; `onFuel` and `onTime` are the host's if it gives them.
 */
export function leastOf(own: ResolvedLimits, granted: ResolvedLimits, given: Limits | undefined): ResolvedLimits {
  if (own === granted && given === undefined) return own;
  const limits: Record<string, number | string> = { ...granted };
  for (const [name, value] of Object.entries(own)) {
    if (typeof value === "number") limits[name] = Math.min(value, granted[name as "fuel"]);
  }
  return {
    ...(limits as unknown as ResolvedLimits),
    fuelSlice: granted.fuelSlice,
    onFuel: given?.onFuel ?? own.onFuel,
    onTime: given?.onTime ?? own.onTime,
  };
}

/** Converts a limit to the core's form: an unsigned word, all ones for unlimited. */
export function limitWord(value: number): number {
  return value >= MAX_WORD ? MAX_WORD : Math.floor(value);
}
