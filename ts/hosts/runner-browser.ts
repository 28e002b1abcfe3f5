// Owns runs in a browser: of all tabs of an origin, the one that holds a Web Lock drives them; the next one takes over when it closes or
// crashes. The lock only saves work: the fence is the version in IndexedDB, for a lock can be stolen.

import type { Runner, WorkOptions } from "../runner/index.ts";

/** Options of {@link driveInOneTab}. */
export interface DriveInOneTabOptions extends Omit<WorkOptions, "signal"> {
  /** Ends it: this tab drives no more, and another takes over. */
  readonly signal: AbortSignal;
  /** Name of the lock: the same for all tabs that share a store. Default `"fermata"`. */
  readonly lock?: string | undefined;
  /** Called when this tab begins to drive, and when it ends. */
  readonly onTurn?: ((isDriving: boolean) => void) | undefined;
  /** Called when the store failed; the tab tries again. Default: written to the console. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const AFTER_FAILURE_MS = 1000;

/**
 * Drives due runs in this tab, if no other tab of the origin does, else as soon as that one is closed. Resolves after the abort.
 * Tabs that only show runs and answer calls need not call it: what they change is told to the tab that drives.
 */
export async function driveInOneTab(runner: Runner, options: DriveInOneTabOptions): Promise<void> {
  const { signal, lock = "fermata", onTurn, onError = console.error, ...rest } = options;
  while (!signal.aborted) {
    try {
      await navigator.locks.request(lock, { signal }, async () => {
        onTurn?.(true);
        try {
          await runner.work({ ...rest, signal });
        } finally {
          onTurn?.(false);
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await new Promise((resolve) => setTimeout(resolve, AFTER_FAILURE_MS));
    }
  }
}
