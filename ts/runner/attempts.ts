// Owns the calls that this worker is making: their signals, time limits, results, and how many run at a time. Must never start a call
// whose claim has not been stored.

import type { PendingCall } from "../machine/pending-calls.ts";
import type { Attempt } from "./calls.ts";
import type { CallRecord } from "./record.ts";
import type { CallContext, RunnerTool } from "./types.ts";
import { decodeValue } from "./values.ts";

/** Counts what a tenant's runs in this process have in flight. */
export class Slots {
  readonly #most: number;
  readonly #used = new Map<string, number>();
  #bells: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  take(tenant: string): boolean {
    const used = this.#used.get(tenant) ?? 0;
    if (used >= this.#most) return false;
    this.#used.set(tenant, used + 1);
    return true;
  }

  release(tenant: string): void {
    const used = (this.#used.get(tenant) ?? 0) - 1;
    if (used > 0) this.#used.set(tenant, used);
    else this.#used.delete(tenant);
    for (const ring of this.#bells.splice(0)) ring();
  }

  /** Calls back once, when a slot is free again. */
  onFree(ring: () => void): void {
    this.#bells.push(ring);
  }
}

/** What an attempt needs to know. */
export interface AttemptOf {
  readonly call: CallRecord;
  readonly pending: PendingCall;
  readonly tool: RunnerTool;
  readonly run: string;
  readonly tenant: string;
}

class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/** The arguments of a call: the guest's, unless a person gave others. */
export function argumentsOf(call: CallRecord, pending: PendingCall): readonly unknown[] {
  return call.edited === undefined ? pending.args : (decodeValue(call.edited) as readonly unknown[]);
}

/** The context that a tool gets. */
export function contextOf(
  { call, run, tenant }: Omit<AttemptOf, "pending" | "tool">,
  signal: AbortSignal,
): CallContext {
  return { runId: run, tenant, callId: call.id, attempt: call.attempt, idempotencyKey: call.key, signal };
}

/** The calls of one run that are being made. */
export class Attempts {
  readonly #running = new Map<number, AbortController>();
  readonly #results = new Map<number, Attempt>();
  readonly #ring: () => void;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Results that no stored record has taken up yet, in the order in which they came. */
  get results(): ReadonlyMap<number, Attempt> {
    return this.#results;
  }

  /** The result is in a stored record. */
  forget(id: number): void {
    this.#results.delete(id);
  }

  /** True if this worker is making the call, or has its result. */
  knows(id: number): boolean {
    return this.#running.has(id) || this.#results.has(id);
  }

  /** Makes a call. `onEnd` is called when its tool has returned, or has been given up. */
  begin(attempt: AttemptOf, onEnd: () => void): void {
    const controller = new AbortController();
    this.#running.set(attempt.call.id, controller);
    void this.#follow(attempt, controller, onEnd);
  }

  /** Takes the result, unless the call has been abandoned. */
  async #follow(attempt: AttemptOf, controller: AbortController, onEnd: () => void): Promise<void> {
    const { call, pending, tool } = attempt;
    const result = await this.#make(
      tool,
      contextOf(attempt, controller.signal),
      argumentsOf(call, pending),
      controller,
    );
    onEnd();
    if (this.#running.get(call.id) !== controller) return;
    this.#running.delete(call.id);
    this.#results.set(call.id, result);
    this.#ring();
  }

  async #make(
    tool: RunnerTool,
    ctx: CallContext,
    args: readonly unknown[],
    controller: AbortController,
  ): Promise<Attempt> {
    const { timeoutMs } = tool;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const work = Promise.resolve(tool.call!(ctx, ...args));
      if (timeoutMs === undefined) return { ok: true, value: await work };
      // Its own end is of no interest once its time is up, but must be observed.
      work.catch(() => undefined);
      const timeUp = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
          () => {
            const error = new TimeoutError(`the call took longer than ${timeoutMs} ms`);
            controller.abort(error);
            reject(error);
          },
          Math.min(timeoutMs, 0x7fff_ffff),
        );
      });
      return { ok: true, value: await Promise.race([work, timeUp]) };
    } catch (error) {
      return { ok: false, error, isUnsure: ctx.signal.aborted };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells all running calls to stop. Their results still count, if they come in time. */
  stop(reason: unknown): void {
    for (const controller of this.#running.values()) controller.abort(reason);
  }

  /** Tells all running calls to stop, and takes no results any more. */
  abandon(reason: unknown): void {
    const running = [...this.#running.values()];
    this.#running.clear();
    this.#results.clear();
    for (const controller of running) controller.abort(reason);
  }
}
