// Owns waking runs that are due, and waiting for the next. Must never let one run keep another from its turn.

import { isDue, driveRun } from "./drive.ts";
import type { Book } from "./book.ts";
import type { RunEvent } from "./events.ts";
import { isTaken } from "./lease.ts";
import type { RunView, WakeReport } from "./types.ts";
import { viewOf } from "./view.ts";
import type { Worker } from "./worker.ts";

/** Options for a sweep. */
export interface SweepOptions {
  /** Runs that go on at a time. Default 16. */
  readonly concurrency?: number | undefined;
  /** Most runs to go on with; the others are left to the next sweep. Default: all that are due. */
  readonly limit?: number | undefined;
  /** Ends the sweep: no further run is begun, and those that are being driven stop as `drive` does. */
  readonly signal?: AbortSignal | undefined;
}

/** Options for a worker that sweeps again and again. */
export interface WorkOptions {
  /** Ends the worker: calls in flight are told to stop, and leases are given back. */
  readonly signal: AbortSignal;
  /** Longest time between two sweeps in milliseconds: how late an answer given by another process may be noticed. Default 1,000. */
  readonly everyMs?: number | undefined;
  /** Runs that go on at a time. Default 16. */
  readonly concurrency?: number | undefined;
  /** Called after each sweep that did something. */
  readonly onSweep?: ((report: WakeReport) => void) | undefined;
}

const CHUNK = 100;

type Due = ReturnType<Worker["book"]["places"]["dueOf"]>;

/** Goes on with one run, if it is really due. */
async function wakeOne(
  worker: Worker,
  key: string,
  { tenant, run }: Due,
  signal: AbortSignal | undefined,
): Promise<RunView | undefined> {
  const { book, now } = worker;
  const found = await book.find(tenant, run);
  if (found === undefined || !book.isIndexed(key, found)) await book.mend(key, found);
  if (found === undefined || isTaken(found.head, worker.owner, now()) || !isDue(worker, found, now())) return undefined;
  const hasGoneOn = await driveRun(worker, tenant, run, { signal }, false);
  return hasGoneOn ? viewOf(await book.read(tenant, run)) : undefined;
}

/** Goes on with all runs that are due at that time. */
export async function sweep(
  worker: Worker,
  now: number,
  { concurrency = 16, limit = Infinity, signal }: SweepOptions,
): Promise<WakeReport> {
  const { book } = worker;
  const { places } = book;
  const runs: RunView[] = [];
  const errors: { id: string; tenant: string; error: unknown }[] = [];
  const before = places.dueBefore(now + 1);
  const seen = new Set<string>();
  const active = new Set<Promise<unknown>>();
  let after: string | undefined;
  sweeping: for (;;) {
    const keys = await book.list(places.due, { after, before, limit: CHUNK });
    for (const key of keys) {
      after = key;
      const due = places.dueOf(key);
      if (!Number.isFinite(due.dueAt) || seen.has(`${due.tenant}/${due.run}`)) continue;
      if (signal?.aborted === true || seen.size >= limit) break sweeping;
      seen.add(`${due.tenant}/${due.run}`);
      if (active.size >= concurrency) await Promise.race(active);
      const one = wakeOne(worker, key, due, signal)
        .then((view) => view !== undefined && runs.push(view))
        .catch((error: unknown) => errors.push({ id: due.run, tenant: due.tenant, error }))
        .finally(() => active.delete(one));
      active.add(one);
    }
    if (keys.length < CHUNK) break;
  }
  await Promise.all(active);
  return { runs, errors, nextDueAt: await nextDueAt(worker) };
}

/** When the next run falls due, by the index. */
export async function nextDueAt({ book }: Worker): Promise<number | undefined> {
  const [next] = await book.list(book.places.due, { limit: 1 });
  return next === undefined ? undefined : book.places.dueOf(next).dueAt;
}

/** Waits; an abort ends the wait, and so does the bell, if there is one. */
function pause(ms: number, signal: AbortSignal | undefined, bell?: Bell): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true || bell?.hasRung === true) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      bell?.onRing(undefined);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
    bell?.onRing(end);
  });
}

/** Rings when the store tells of a change of the index of due runs. */
class Bell {
  hasRung = false;
  #listener: (() => void) | undefined;

  ring(): void {
    this.hasRung = true;
    this.#listener?.();
  }

  onRing(listener: (() => void) | undefined): void {
    this.#listener = listener;
  }
}

/** Shortest time between two sweeps: a sweep changes the index of due runs, and would wake itself. */
const REST_MS = 20;

/** Sweeps until the signal aborts. */
export async function work(worker: Worker, options: WorkOptions): Promise<void> {
  const { signal, everyMs = 1000, concurrency, onSweep } = options;
  const { store, places } = worker.book;
  const bell = new Bell();
  // A hint: without it, what others make due is found by the next sweep.
  await store.watch?.(places.due, () => bell.ring(), { signal })?.catch(() => undefined);
  while (!signal.aborted) {
    bell.hasRung = false;
    const report = await sweep(worker, worker.now(), { signal, concurrency });
    if (report.runs.length + report.errors.length > 0) onSweep?.(report);
    // A run that is due and was not taken belongs to another worker, or fell due while this sweep ended: the later it is, the less reason to
    // hurry.
    const left = (report.nextDueAt ?? Infinity) - worker.now();
    const wait = report.runs.length > 0 || left > 0 ? left : Math.min(everyMs, Math.max(REST_MS, -left));
    await pause(Math.min(everyMs, REST_MS), signal);
    await pause(Math.min(everyMs, Math.max(1, wait)) - REST_MS, signal, bell);
  }
}

const ENDINGS: ReadonlySet<RunEvent["type"]> = new Set(["done", "failed", "canceled"]);

/** Gives the events of a run as they happen. */
export async function* follow(
  book: Book,
  tenant: string,
  run: string,
  options: {
    readonly after?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly everyMs?: number | undefined;
  },
): AsyncGenerator<RunEvent, void> {
  const { signal, everyMs = 500 } = options;
  let after = options.after ?? 0;
  for (;;) {
    if (signal?.aborted === true) return;
    for (const event of await book.events(tenant, run, after)) {
      yield event;
      after = event.seq;
      if (ENDINGS.has(event.type)) return;
    }
    await pause(everyMs, signal);
  }
}
