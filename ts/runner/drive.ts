// Owns driving a run: lease, step, commit, calls, until the run has ended or waits. Must never act on anything that is not stored: a
// call begins after its claim was written, and a worker that loses the race for the record forgets all it has done since.

import { FermataError, RunError, StoreConflictError, StoreError } from "../errors.ts";
import type { State } from "../api/state.ts";
import { Attempts } from "./attempts.ts";
import type { Change, Stored } from "./book.ts";
import type { EventData } from "./events.ts";
import { isHeldBy, isTaken, nextLease } from "./lease.ts";
import { type Begin, Step } from "./step.ts";
import { restored } from "./turn.ts";
import { drivingKey, tellDue, type Worker } from "./worker.ts";

/** Options for driving a run. */
export interface DriveRunOptions {
  /** Ends the drive: calls in flight are told to stop, what they answer in time is stored, and the lease is given back. */
  readonly signal?: AbortSignal | undefined;
  /** Also goes on with a run that is stuck. */
  readonly force?: boolean | undefined;
}

/** Longest time that a host's timer can wait. */
const LONGEST_MS = 0x7fff_ffff;

/** A store whose writes take longer than the lease would have it renewed for ever. */
const MAX_RENEWALS = 3;

/** Another worker has taken over the run. */
class Fenced extends Error {}

/** True if a drive could do something now. */
export function isDue(worker: Worker, { head, body }: Stored, now: number): boolean {
  const isTime = head.dueAt !== undefined && head.dueAt <= now;
  switch (head.status) {
    case "running":
      return true;
    case "waiting":
      return isTime;
    case "stuck":
      return body.reason?.kind === "missing" && (isTime || worker.tools.hasAll(body.reason.names ?? []));
    default:
      return false;
  }
}

/** Marks a run that ended its workers too often. */
function poisoned({ body }: Stored): Pick<Change, "body" | "events"> {
  const trouble = body.lastTrouble === undefined ? "its workers ended without a word" : body.lastTrouble;
  const message = `${body.strikes} turns without progress: ${trouble}`;
  return { body: { ...body, reason: { kind: "poison", message } }, events: [{ type: "stuck", message }] };
}

/** Takes the lease of a run; undefined if there is nothing to do, or another worker is at it. */
async function lease(worker: Worker, tenant: string, run: string, force: boolean): Promise<Stored | undefined> {
  for (;;) {
    const base = await worker.book.read(tenant, run);
    const { head, body, snapshot } = base;
    const now = worker.now();
    if (isTaken(head, worker.owner, now)) return undefined;
    if (!isDue(worker, base, now) && !(force && head.status === "stuck")) return undefined;
    try {
      if (body.strikes >= worker.strikes && !force) {
        await worker.book.commit(base, {
          head: { ...head, status: "stuck", lease: undefined, dueAt: undefined },
          snapshot,
          ...poisoned(base),
        });
        return undefined;
      }
      const until = now + worker.leaseMs;
      return await worker.book.commit(base, {
        head: { ...head, status: "running", dueAt: until, ...nextLease(head, worker.owner, until) },
        body: { ...body, strikes: force ? 1 : body.strikes + 1, reason: undefined },
        snapshot,
        events: [],
      });
    } catch (error) {
      // Another writer was faster: look again.
      if (!(error instanceof StoreConflictError)) throw error;
    }
  }
}

class Drive {
  readonly #worker: Worker;
  readonly #signal: AbortSignal | undefined;
  readonly #epoch: number;
  #base: Stored;
  /** The guest as it is in `#base`; undefined if it must be restored from there. */
  #live: State | undefined;
  readonly #attempts = new Attempts(() => this.ring());
  #wake: (() => void) | undefined;
  #hasRung = false;
  #mustLook = false;
  #isStopping = false;
  #stopBy = Infinity;

  constructor(worker: Worker, base: Stored, signal: AbortSignal | undefined) {
    this.#worker = worker;
    this.#base = base;
    this.#epoch = base.head.epoch;
    this.#signal = signal;
  }

  /** Another writer has changed the run. */
  look(): void {
    this.#mustLook = true;
    this.ring();
  }

  /** Something has come in. */
  ring(): void {
    this.#hasRung = true;
    this.#wake?.();
  }

  async run(): Promise<void> {
    const onAbort = (): void => this.ring();
    this.#signal?.addEventListener("abort", onAbort);
    try {
      for (;;) {
        if (this.#signal?.aborted === true && !this.#isStopping) this.#beginStop(this.#signal.reason);
        this.#hasRung = false;
        if (this.#mustLook) await this.#rebase();
        const next = await this.#step();
        if (next === "end") return;
        if (next === "again") continue;
        await this.#rest(next);
      }
    } catch (error) {
      if (error instanceof Fenced) return;
      if (error instanceof StoreError) throw error;
      await this.#strike(error);
    } finally {
      this.#signal?.removeEventListener("abort", onAbort);
      this.#attempts.abandon(new RunError("ended", "another worker has taken over the run, or it has ended"));
      this.#drop();
    }
  }

  #beginStop(reason: unknown): void {
    this.#isStopping = true;
    this.#stopBy = performance.now() + this.#worker.graceMs;
    this.#attempts.stop(reason);
  }

  #drop(): void {
    if (this.#live !== undefined && this.#live.status !== "complete") this.#live.dispose();
    this.#live = undefined;
  }

  // --- one step and its commit

  /** Makes a step. Returns what to do then: end, go on at once, or rest until that time. */
  async #step(): Promise<"end" | "again" | number> {
    const { book, runtime, slots, callsPerRun } = this.#worker;
    const base = this.#base;
    const now = this.#worker.now();
    const state = (this.#live ??= restored(runtime, base.snapshot, base.body.limits));
    const step = new Step(this.#worker, {
      base,
      state,
      epoch: this.#epoch,
      now,
      results: this.#attempts.results,
      knows: (id) => this.#attempts.knows(id),
      isStopping: this.#isStopping,
      room: callsPerRun - this.#attempts.running,
    });
    // Until the commit has succeeded, the guest is ahead of the record.
    this.#live = undefined;
    const release = (): void => step.begins.forEach(() => slots.release(base.head.tenant));
    let change: Change | undefined;
    let isOver: boolean;
    let dueAt: number | undefined;
    try {
      await step.run();
      const outcome = step.outcome();
      dueAt = outcome.dueAt;
      const isQuiet = this.#attempts.running === 0 && this.#attempts.results.size === step.used.length;
      const isLeaving = this.#isStopping && (isQuiet || performance.now() >= this.#stopBy);
      isOver = outcome.status !== "running" || isLeaving;
      change = this.#changeOf(step, outcome, isOver, now);
    } catch (error) {
      release();
      throw error;
    }
    if (change !== undefined) {
      try {
        this.#base = await book.commit(base, change);
      } catch (error) {
        release();
        if ("dispose" in step.stop) step.stop.dispose();
        if (!(error instanceof StoreConflictError)) throw error;
        await this.#rebase();
        return "again";
      }
    }
    for (const id of step.used) this.#attempts.forget(id);
    const isCurrent = step.begins.length === 0 || (await this.#stillHeld(step, release));
    if (isCurrent && (step.stop.status === "suspended" || step.stop.status === "paused")) this.#live = step.stop;
    for (const begin of step.begins) this.#begin(begin);
    if (isOver) {
      tellDue(this.#worker, this.#base);
      return "end";
    }
    if (step.stop.status === "paused") {
      if (!this.#isStopping) await breathe();
      return "again";
    }
    if (step.isThrottled) slots.onFree(() => this.ring());
    return dueAt !== undefined && dueAt <= now ? "again" : (dueAt ?? Infinity);
  }

  /**
   * Makes sure that no other worker has taken over while the claims were being stored: a call must not begin under a lease that is over.
   * Returns false if another writer was first, and the guest must be restored.
   */
  async #stillHeld(step: Step, release: () => void): Promise<boolean> {
    const { book, leaseMs } = this.#worker;
    let isCurrent = true;
    try {
      for (let tries = 0; tries < MAX_RENEWALS; tries++) {
        const { head, body, snapshot } = this.#base;
        const now = this.#worker.now();
        if (head.lease === undefined || now < head.lease.until) break;
        try {
          const lease = { ...head.lease, until: now + leaseMs };
          this.#base = await book.commit(this.#base, { head: { ...head, lease }, body, snapshot, events: [] });
        } catch (error) {
          if (!(error instanceof StoreConflictError)) throw error;
          isCurrent = false;
          await this.#rebase();
        }
      }
      return isCurrent;
    } catch (error) {
      release();
      if ("dispose" in step.stop) step.stop.dispose();
      throw error;
    }
  }

  /** The commit that a step asks for; undefined if it would change nothing. */
  #changeOf(step: Step, outcome: ReturnType<Step["outcome"]>, isOver: boolean, now: number): Change | undefined {
    const { head, body, snapshot } = this.#base;
    const { leaseMs } = this.#worker;
    const isLow = head.lease !== undefined && head.lease.until - now < (leaseMs * 2) / 3;
    if (!step.hasMoved && !step.hasChanged && !isOver && !isLow) return undefined;
    const { stop } = step;
    const hasEnded = stop.status === "complete" || stop.status === "failed";
    const events: EventData[] = [...step.events];
    if (outcome.status === "done") events.push({ type: "done" });
    else if (outcome.status === "failed")
      events.push({ type: "failed", message: `${outcome.error!.name}: ${outcome.error!.message}` });
    else if (outcome.status === "stuck") events.push({ type: "stuck", message: outcome.reason!.message });
    else if (isOver) events.push({ type: "paused", dueAt: outcome.dueAt });
    return {
      head: {
        ...head,
        status: outcome.status,
        lease: isOver ? undefined : { ...head.lease!, until: now + leaseMs },
        // While it runs, the run is listed as due at the end of its first lease: looked at too early, never too late.
        dueAt: hasEnded ? undefined : !isOver ? head.dueAt : outcome.status === "running" ? now : outcome.dueAt,
      },
      body: {
        ...body,
        calls: hasEnded ? [] : [...step.calls.values()],
        lastCall: step.lastCall,
        usage: stop.usage,
        strikes: step.hasMoved || isOver ? 0 : body.strikes,
        lastTrouble: step.hasMoved || isOver ? undefined : body.lastTrouble,
        reason: outcome.reason,
        error: outcome.error,
        output: outcome.output,
        stdout: stop.stdout,
        stderr: stop.stderr,
        isExpired: step.isExpired || undefined,
      },
      snapshot: hasEnded ? new Uint8Array(0) : "snapshot" in stop && step.hasMoved ? stop.snapshot().dump() : snapshot,
      events,
    };
  }

  /** Another writer was first. A person's answer leaves the lease as it is: then the step is made again from the new record. */
  async #rebase(): Promise<void> {
    this.#mustLook = false;
    const { head } = this.#base;
    const found = await this.#worker.book.find(head.tenant, head.run);
    if (found === undefined || !isHeldBy(found.head, this.#worker.owner, this.#epoch)) throw new Fenced();
    if (found.version === this.#base.version) return;
    this.#drop();
    this.#base = found;
  }

  #begin({ call, pending, tool }: Begin): void {
    const { run, tenant } = this.#base.head;
    this.#attempts.begin({ call, pending, tool, run, tenant }, () => this.#worker.slots.release(tenant));
  }

  // --- waiting

  /** Waits until something comes in, the next time is due, or the lease wants to be renewed. */
  async #rest(dueAt: number): Promise<void> {
    if (this.#hasRung) return;
    const now = this.#worker.now();
    const { lease } = this.#base.head;
    // A little later than due: the lease is low only then.
    const renewal = lease === undefined ? Infinity : lease.until - (this.#worker.leaseMs * 2) / 3 - now + 1;
    const grace = this.#isStopping ? this.#stopBy - performance.now() : Infinity;
    const ms = Math.min(Math.max(1, Math.min(dueAt - now, renewal, grace)), LONGEST_MS);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  // --- trouble

  /** The step itself failed: neither the guest's fault nor the store's. After some times, the run is stuck. */
  async #strike(error: unknown): Promise<void> {
    const { head, body, snapshot } = this.#base;
    const { book, strikes } = this.#worker;
    const lastTrouble = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const isStuck = body.strikes >= strikes;
    const dueAt = isStuck ? undefined : this.#worker.now() + Math.min(1000 * 2 ** body.strikes, 300_000);
    const now: Stored = { ...this.#base, body: { ...body, lastTrouble } };
    const change: Change = {
      head: { ...head, status: isStuck ? "stuck" : "waiting", lease: undefined, dueAt },
      snapshot,
      ...(isStuck ? poisoned(now) : { body: now.body, events: [] }),
    };
    try {
      this.#base = await book.commit(this.#base, change);
      tellDue(this.#worker, this.#base);
    } catch (failure) {
      if (!(failure instanceof StoreConflictError)) throw failure;
    }
    // Any other error is a mistake of the host (in a rule, in a clock): the host must see it.
    if (!(error instanceof FermataError)) throw error;
  }
}

/** Lets the host's other work go on. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Drives a run as far as it goes now. Returns false if there was nothing to do, or another worker is at it.
 *
 * @param joins waits for a drive of this run by the same runner, and goes on after it
 */
export async function driveRun(
  worker: Worker,
  tenant: string,
  run: string,
  { signal, force = false }: DriveRunOptions,
  joins = true,
): Promise<boolean> {
  const key = drivingKey(tenant, run);
  // Its own lease would let this worker in twice.
  for (let other = worker.driving.get(key); other !== undefined; other = worker.driving.get(key)) {
    other.look();
    if (!joins) return false;
    await other.over;
  }
  let drive: Drive | undefined;
  let end = (): void => {};
  const over = new Promise<void>((resolve) => (end = resolve));
  worker.driving.set(key, { over, look: () => drive?.look() });
  try {
    const base = await lease(worker, tenant, run, force);
    if (base === undefined) return false;
    drive = new Drive(worker, base, signal);
    await drive.run();
    return true;
  } finally {
    worker.driving.delete(key);
    end();
  }
}
