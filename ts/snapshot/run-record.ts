// Owns the host's record of a run in a snapshot: its encoding, and the parts that a host accepts from a stranger. Must never let a
// snapshot raise the limits that its host grants.

import { SnapshotError } from "../errors.ts";
import { DEFAULT_LIMITS, leastOf, type Limits, type ResolvedLimits, resolveLimits } from "../machine/limits.ts";
import type { PauseReason, RunRecord } from "../machine/records.ts";

/** Most bytes of a record. */
const MAX_BYTES = 4096;
/** Milliseconds in a thousand years: sums of times up to here are exact to a fraction of a microsecond. */
const MAX_MS = 3.2e13;
/** Smaller peaks of memory are not written: the core estimates them from what was allocated (assembly/heap/account.ts). */
const MIN_PEAK = 512 * 1024;
/** Most bytes of a memory. */
const MAX_PEAK = 2 ** 32;

const PAUSES: readonly (PauseReason | undefined)[] = [undefined, "fuel", "time", "hold"];

function damaged(cause?: unknown): SnapshotError {
  return new SnapshotError("malformed", "malformed snapshot: the record of its run is damaged", { cause });
}

/** JSON has no infinity; -1 cannot be an amount. */
const toAmount = (n: number): number => (n === Infinity ? -1 : Math.round(n));

/** Reads a whole number from `least` to `most`, or infinity. */
function fromAmount(n: unknown, least: number, most: number): number {
  if (n === -1) return Infinity;
  if (typeof n !== "number" || !Number.isInteger(n) || n < least || n > most) throw damaged();
  return n;
}

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

export function encodeRun(run: RunRecord): Uint8Array {
  const limits: Record<string, number | string> = {};
  if (run.limits !== DEFAULT_LIMITS) {
    for (const [name, value] of Object.entries(run.limits)) {
      if (value !== (DEFAULT_LIMITS as unknown as Record<string, unknown>)[name])
        limits[name] = typeof value === "number" ? toAmount(value) : value;
    }
  }
  const { fuel, timeMs } = run.limits;
  const json: Record<string, unknown> = {};
  // Values equal to those of a fresh run are left out, and names are single letters: most snapshots have almost nothing here.
  if (Object.keys(limits).length > 0) json["l"] = limits;
  if (toAmount(run.elapsedMs) !== 0) json["e"] = toAmount(run.elapsedMs);
  if (run.peakBytes >= MIN_PEAK) json["m"] = run.peakBytes;
  const fuelLeft = toAmount(run.fuelLeft);
  if (run.fuelLeft !== fuel) json["f"] = fuelLeft < 0 && run.fuelLeft !== Infinity ? fuelLeft - 1 : fuelLeft;
  if (run.timeUpAtMs !== timeMs) json["t"] = toAmount(run.timeUpAtMs);
  if (run.pausedBy !== undefined) json["p"] = PAUSES.indexOf(run.pausedBy);
  if (run.allowEval) json["a"] = 1;
  return Object.keys(json).length === 0 ? NOTHING : encoder.encode(JSON.stringify(json));
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length === 0) return {};
  if (bytes.length > MAX_BYTES) throw damaged();
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch (error) {
    throw damaged(error);
  }
  throw damaged();
}

function limitsIn(json: unknown): ResolvedLimits {
  if (json === undefined) return DEFAULT_LIMITS;
  if (typeof json !== "object" || json === null) throw damaged();
  const given = Object.entries(json).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === "number" ? fromAmount(value, 0, Number.MAX_SAFE_INTEGER) : value,
  ]);
  try {
    return resolveLimits(Object.fromEntries(given) as Limits);
  } catch (error) {
    throw damaged(error);
  }
}

/**
 * Decodes the snapshot's record of its run; every number is checked to be possible in a run.
 *
 * @throws SnapshotError
 */
export function decodeRun(bytes: Uint8Array): RunRecord {
  const { l, e = 0, m = 0, f, t, p = 0, a = 0 } = parse(bytes);
  const limits = limitsIn(l);
  const elapsedMs = fromAmount(e, 0, MAX_MS);
  const peakBytes = fromAmount(m, 0, MAX_PEAK);
  const fuelLeft = f === undefined ? limits.fuel : fromAmount(f, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const timeUpAtMs = t === undefined ? limits.timeMs : fromAmount(t, 0, Number.MAX_SAFE_INTEGER);
  if (
    elapsedMs === Infinity ||
    peakBytes === Infinity ||
    !Number.isInteger(p) ||
    !((p as number) in PAUSES) ||
    (a !== 0 && a !== 1)
  )
    throw damaged();
  return {
    limits,
    elapsedMs,
    peakBytes,
    stillFuel: 0,
    fuelLeft: fuelLeft < 0 ? fuelLeft + 1 : fuelLeft,
    timeUpAtMs,
    pausedBy: PAUSES[p as number],
    allowEval: a === 1,
  };
}

/**
 * Returns the run as its host lets it continue: no limit or permission exceeds those that the host grants.
 *
 * @param given limits of the host; those it omits are the defaults of `start`
 */
export function underCeilings(run: RunRecord, given: Limits | undefined, allowEval: boolean): RunRecord {
  const granted = resolveLimits(given);
  return {
    ...run,
    limits: leastOf(run.limits, granted, given),
    fuelLeft: Math.min(run.fuelLeft, granted.fuel),
    timeUpAtMs: Math.min(run.timeUpAtMs, run.elapsedMs + granted.timeMs),
    allowEval: run.allowEval && allowEval,
  };
}
