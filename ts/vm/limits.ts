// Owns the limits of a run: their names, defaults and checks. Must never enforce one: the core does, and vm/run-loop.ts.

import type { LimitName } from "../errors.ts";

/** What a run may spend. Everything has a default; see each. */
export interface Limits {
  /** Fuel that may be spent until the next stop (back-edges and calls cost 1, natives in proportion). Default: unlimited. */
  fuel?: number | undefined;
  /** At the end of the fuel: `"pause"` gives a paused state that can be granted more, `"fail"` throws. Default `"pause"`. */
  onFuel?: "pause" | "fail" | undefined;
  /** Fuel per slice, between which time is looked at and holds are heard. Default 100,000 (a fraction of a millisecond). */
  fuelSlice?: number | undefined;
  /** Bytes of heap and stack that the program may hold. Default 32 MiB. */
  memoryBytes?: number | undefined;
  /**
   * Milliseconds of running, waiting for the host left out. Default 5,000. `Infinity` for none. Where the host's clock stands still while it
   * computes (Cloudflare Workers), {@link FUEL_PER_MS} units of fuel count as one.
   */
  timeMs?: number | undefined;
  /** When the time is up: `"fail"` throws, `"pause"` gives a paused state. Default `"fail"`. */
  onTime?: "pause" | "fail" | undefined;
  /** Calls within calls; the guest gets a RangeError it can catch. Default 40,000; they take half of the memory at most. */
  stackDepth?: number | undefined;
  /** Bytes that may be written to stdout and stderr together. Default 1 MiB. */
  stdoutBytes?: number | undefined;
  /** Largest snapshot that is written or read. Default 64 MiB. */
  snapshotBytes?: number | undefined;
  /** Calls of external functions, timers left out. Default: unlimited. */
  hostCalls?: number | undefined;
}

/** Limits with every default in place. */
export type ResolvedLimits = { [K in keyof Limits]-?: NonNullable<Limits[K]> };

/** What holds where nothing else is said. */
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
 * Units of fuel that count as a millisecond of `timeMs` on a host whose clock stands still while it computes. The same everywhere; what a
 * program of the usual kind uses in a millisecond.
 */
export const FUEL_PER_MS = 20_000;
/** Fuel that is used without any time passing before a clock is taken to stand still: some clocks just tick slowly. */
export const STILL_FUEL = 20_000_000;

/** Limits of the core by number (LIMIT_KINDS in ts/defs/layout.ts). */
export const LIMIT_NAMES: readonly (Exclude<LimitName, "sourceBytes"> | undefined)[] = [
  undefined,
  "fuel",
  "memoryBytes",
  "timeMs",
  "stackDepth",
  "stdoutBytes",
  "snapshotBytes",
  "hostCalls",
];

/** The widest a 32-bit limit of the core can be. */
const MAX_WORD = 0xffff_ffff;
/** Memory and addresses of the core are 32 bits wide, and a collection needs room for a copy. */
const MAX_MEMORY = 1024 * 1024 * 1024;

function isMode(value: unknown): value is "pause" | "fail" {
  return value === "pause" || value === "fail";
}

/**
 * Puts defaults in place of what is missing.
 *
 * @throws TypeError for an unknown name, RangeError for a value that is no amount
 */
export function resolveLimits(limits: Limits | undefined, base: ResolvedLimits = DEFAULT_LIMITS): ResolvedLimits {
  if (limits === undefined) return base;
  const resolved: Record<string, number | string> = { ...base };
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) throw new TypeError(`unknown limit: ${name}`);
    if (name === "onFuel" || name === "onTime") {
      if (!isMode(value)) throw new TypeError(`limits.${name} is "pause" or "fail"`);
    } else if (typeof value !== "number" || !(value >= 0)) {
      throw new RangeError(`limits.${name} must be a number from 0 up, not ${String(value)}`);
    }
    resolved[name] = value;
  }
  const whole = resolved as unknown as ResolvedLimits;
  return {
    ...whole,
    fuelSlice: Math.min(Math.max(1, Math.floor(whole.fuelSlice)), 0x3fff_ffff),
    memoryBytes: Math.min(Math.floor(whole.memoryBytes), MAX_MEMORY),
  };
}

/**
 * The limits of a run that came from elsewhere: of each amount the smaller one, its own or what this host grants. The slice is always
 * the host's, and so is what happens at the end of fuel and time, if the host says that.
 */
export function leastOf(own: ResolvedLimits, granted: ResolvedLimits, given: Limits | undefined): ResolvedLimits {
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

/** A limit as the core takes it: unsigned, all ones for none. */
export function limitWord(value: number): number {
  return value >= MAX_WORD ? MAX_WORD : Math.floor(value);
}
