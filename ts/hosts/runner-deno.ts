// Owns runs in Deno: a runner on Deno KV, and the sweep by `Deno.cron`, which rings once a minute and skips a turn that would overlap.
// Must be called at the top of a module: Deno Deploy finds crons there and nowhere else.

import { createRunner, type Runner, type RunnerOptions, type WakeReport } from "../runner/index.ts";
import { type DenoKvLike, DenoKvStore, type DenoKvStoreOptions } from "../stores/deno-kv.ts";

// Only the parts used here: Deno's own types are not imported.
declare const Deno: {
  cron(name: string, schedule: string, handler: () => Promise<void>): Promise<void>;
};

/** Options of {@link denoRunner}. */
export interface DenoRunnerOptions extends Omit<RunnerOptions, "store"> {
  /** The database: `await Deno.openKv()`. */
  readonly kv: DenoKvLike;
  readonly store?: DenoKvStoreOptions | undefined;
}

/** A runner whose runs are in Deno KV. */
export function denoRunner({ kv, store, ...options }: DenoRunnerOptions): Runner {
  return createRunner({ ...options, store: new DenoKvStore(kv, store) });
}

/** Options of {@link sweepByCron}. */
export interface SweepByCronOptions {
  /** Name of the cron. Default `"fermata"`. */
  readonly name?: string | undefined;
  /** When it rings. Default every minute. */
  readonly schedule?: string | undefined;
  /** Milliseconds for which each ringing keeps looking for what falls due, so that timers need not wait for the next. Default 50,000. */
  readonly forMs?: number | undefined;
  /** Called after each sweep that did something. */
  readonly onSweep?: ((report: WakeReport) => void) | undefined;
}

/** Wakes due runs by `Deno.cron`. Any number of isolates may do so. */
export function sweepByCron(runner: Runner, options: SweepByCronOptions = {}): Promise<void> {
  const { name = "fermata", schedule = "* * * * *", forMs = 50_000, onSweep } = options;
  return Deno.cron(name, schedule, () => runner.work({ signal: AbortSignal.timeout(forMs), onSweep }));
}
