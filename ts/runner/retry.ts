// Owns when a call that failed is made again. Must never read a clock or a random source: both are given.

import { sha256 } from "../bytes/sha256.ts";

/** How often and when a failed call is made again. The guest sees one call. */
export interface RetryPolicy {
  /** Attempts in all. Default 1: never again. */
  readonly attempts?: number | undefined;
  /** Milliseconds before the second attempt. Default 1,000. */
  readonly delayMs?: number | undefined;
  /** By which the delay grows at each further attempt. Default 2. */
  readonly factor?: number | undefined;
  /** Longest delay in milliseconds. Default 300,000. */
  readonly maxDelayMs?: number | undefined;
  /** Part of the delay that is left to chance, from 0 to 1, so that failed calls do not all come back at once. Default 0.5. */
  readonly jitter?: number | undefined;
  /** Whether a call that failed with this error is worth another attempt. Default: always. */
  readonly retryIf?: ((error: unknown, attempt: number) => boolean) | undefined;
}

/** A fraction that belongs to this attempt of this call: spread like chance, the same on every worker. */
export function fractionOf(key: string, attempt: number): number {
  return parseInt(sha256(new TextEncoder().encode(`${key} ${attempt}`)).slice(0, 8), 16) / 0x1_0000_0000;
}

/**
 * Milliseconds to wait after the attempt with that number failed; undefined if it was the last.
 *
 * @param chance from 0 up to 1
 */
export function delayAfter(
  policy: RetryPolicy | undefined,
  attempt: number,
  error: unknown,
  chance: number,
): number | undefined {
  const { attempts = 1, delayMs = 1000, factor = 2, maxDelayMs = 300_000, jitter = 0.5, retryIf } = policy ?? {};
  if (attempt >= attempts || retryIf?.(error, attempt) === false) return undefined;
  const delay = Math.min(delayMs * factor ** (attempt - 1), maxDelayMs);
  return Math.round(delay * (1 - jitter * chance));
}
