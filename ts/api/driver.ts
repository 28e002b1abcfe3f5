// Owns driving a program to completion with the host's functions: calls run concurrently, timers wait in real time, answers are
// given as they arrive. Must never decide what a call means, and must never leave a promise of a host function unobserved.

import { InternalError, LimitError, MissingExternalError } from "../errors.ts";
import { type Answer, givePrepared, prepareOrExplain } from "../machine/answers.ts";
import type { Machine } from "../machine/machine.ts";
import { mailboxArguments, mailboxCall } from "../machine/marshal.ts";
import { heldArguments, heldName, type PendingCall, pendingCalls } from "../machine/pending-calls.ts";
import type { PauseReason } from "../machine/records.ts";
import { advance, type SliceListener } from "../machine/run-loop.ts";
import { runOf } from "../machine/run.ts";
import { completeState, type CompleteState } from "./complete.ts";
import type { Custody } from "./custody.ts";
import type { ImportAttributes, ModuleLoader } from "./module-types.ts";
import { giveReady, missingModule, readyAnswer, type ReadyAnswer } from "./modules.ts";
import { type Tool, toolOf, type Tools } from "./tools.ts";

export type { Tool, Tools };

/** Options for driving a program to completion. */
export interface DriveOptions {
  /** One function for each external that the program declares. */
  tools?: Tools | undefined;
  /** Finds the modules that the program imports but does not contain. */
  loader?: ModuleLoader | undefined;
  /** Called between slices. */
  onSlice?: SliceListener | undefined;
  /** Aborts the run: the promise is rejected with the signal's reason. Host functions that are running are not stopped. */
  signal?: AbortSignal | undefined;
}

/** Wakes the driver: one promise that many events can settle. */
interface Bell {
  readonly rings: Promise<void>;
  ring(): void;
}

function makeBell(): Bell {
  let ring = (): void => {};
  const rings = new Promise<void>((resolve) => {
    ring = resolve;
  });
  return { rings, ring };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Checks that every external of the programs has a function. */
export function checkTools(machine: Machine, tools: Tools): void {
  const missing: string[] = [];
  for (const program of machine.programs) {
    for (const name of program.externals.keys()) {
      if (toolOf(tools, name) === undefined && !missing.includes(name)) missing.push(name);
    }
  }
  if (missing.length > 0) throw new MissingExternalError(missing);
}

class Driver {
  readonly #custody: Custody;
  readonly #machine: Machine;
  readonly #tools: Tools;
  readonly #options: DriveOptions;
  /** Ids of calls whose host function has not finished. */
  readonly #running = new Set<number>();
  readonly #answers: { readonly id: number; readonly answer: ReadyAnswer }[] = [];
  #bell = makeBell();
  #syncPromise: PromiseLike<unknown> | undefined;
  /** Real time and the program's clock at the start: they advance together. */
  readonly #realStart = Date.now();
  readonly #clockStart: number;

  constructor(custody: Custody, machine: Machine, options: DriveOptions) {
    this.#custody = custody;
    this.#machine = machine;
    this.#options = options;
    this.#tools = options.tools ?? {};
    this.#clockStart = machine.exports.clock();
  }

  /** Runs until the program is complete or paused. */
  async run(): Promise<CompleteState | PauseReason> {
    const { signal, onSlice } = this.#options;
    const onAbort = (): void => this.#bell.ring();
    signal?.addEventListener("abort", onAbort);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const stop = advance(this.#machine, { listener: onSlice, onSync: this.#onSync, atSlice: this.#custody.keep });
        if (stop === "done") return completeState(this.#custody, this.#machine);
        if (stop === "sync") await this.#held();
        else if (stop === "waiting") {
          const { failed, sleep } = this.#begin();
          if (failed) continue;
          // If all functions returned at once, no microtask turn is spent, unless other host code may be waiting for one.
          if (sleep !== undefined || this.#running.size > 0 || signal !== undefined) await sleep;
          signal?.throwIfAborted();
          this.#answer();
        } else return stop;
      }
    } catch (error) {
      this.#custody.fail(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#custody.letGo();
    }
  }

  // --- sync calls

  /** Calls the function of a sync call on the spot; returns undefined if its promise must be awaited. */
  readonly #onSync = (machine: Machine): Answer | "answered" | undefined => {
    const args = mailboxArguments(machine) ?? heldArguments(machine);
    if (args === undefined) return "answered";
    const tool = this.#tool(heldName(machine));
    try {
      const value: unknown = tool(...args);
      if (!isThenable(value)) return { value };
      this.#syncPromise = value;
      return undefined;
    } catch (error) {
      return { error };
    }
  };

  /** The guest is held until the promise of a host function settles. */
  async #held(): Promise<void> {
    const promise = this.#syncPromise;
    this.#syncPromise = undefined;
    if (promise === undefined) throw new InternalError("the guest is held at a call that nobody answers");
    const id = mailboxCall(this.#machine);
    let answer: Answer;
    try {
      answer = { value: await this.#orAbort(promise) };
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      answer = { error };
    }
    this.#advanceClock();
    givePrepared(this.#machine, id, prepareOrExplain(answer));
  }

  async #orAbort(promise: PromiseLike<unknown>): Promise<unknown> {
    const { signal } = this.#options;
    if (signal === undefined) return promise;
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener("abort", onAbort);
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  // --- async calls and timers

  #tool(name: string): Tool {
    const tool = toolOf(this.#tools, name);
    if (tool === undefined) throw new MissingExternalError([name]);
    return tool;
  }

  #start(call: PendingCall): void {
    const { id } = call;
    const work = call.kind === "module" ? this.#import(call) : this.#calling(call);
    this.#running.add(id);
    const settle = (answer: Answer): void => {
      this.#running.delete(id);
      this.#answers.push({ id, answer: this.#ready(call, answer) });
      this.#bell.ring();
    };
    let value: unknown;
    try {
      value = work();
    } catch (error) {
      settle({ error });
      return;
    }
    if (!isThenable(value)) {
      settle({ value });
      return;
    }
    value.then(
      (result) => settle({ value: result }),
      (error: unknown) => settle({ error }),
    );
  }

  #calling({ name, args }: PendingCall): () => unknown {
    const tool = this.#tool(name);
    return () => tool(...args);
  }

  #import(call: PendingCall): () => unknown {
    const { loader } = this.#options;
    if (loader === undefined) throw missingModule(this.#machine, call);
    const [specifier, referrer, attributes] = call.args as [string, string, ImportAttributes];
    return () => loader(specifier, referrer, attributes, call.filename ?? specifier);
  }

  /** Prepares an answer; one that cannot enter the guest becomes an error there. */
  #ready(call: PendingCall, answer: Answer): ReadyAnswer {
    try {
      return readyAnswer(this.#custody.host, this.#machine, call, answer);
    } catch (error) {
      return prepareOrExplain({ error: new TypeError(error instanceof Error ? error.message : String(error)) });
    }
  }

  #advanceClock(): void {
    const now = this.#clockStart + (Date.now() - this.#realStart);
    if (now > this.#machine.exports.clock()) this.#machine.exports.setClock(now);
  }

  /** The timer that is due next. */
  #timer: PendingCall | undefined;

  /**
   * Starts the new calls. `failed`: some of them failed in the guest, which can go on. `sleep`: settles when there is something to
   * answer.
   */
  #begin(): { readonly failed: boolean; readonly sleep: Promise<void> | undefined } {
    const { calls, failed } = pendingCalls(this.#machine);
    let timer: PendingCall | undefined;
    for (const call of calls) {
      if (call.kind === "timer") {
        if (timer === undefined || call.dueAt! < timer.dueAt!) timer = call;
      } else if (!this.#running.has(call.id)) this.#start(call);
    }
    this.#timer = timer;
    return { failed, sleep: failed || this.#answers.length > 0 ? undefined : this.#sleep(timer) };
  }

  /** Gives the answers that have arrived, and that of the timer if it is due. */
  #answer(): void {
    const timer = this.#timer;
    this.#advanceClock();
    for (const { id, answer } of this.#answers.splice(0)) giveReady(this.#machine, id, answer);
    if (timer !== undefined && timer.dueAt! <= this.#machine.exports.clock()) {
      givePrepared(this.#machine, timer.id, prepareOrExplain({ value: undefined }));
    }
  }

  /** Waits for an answer, the timer, or the signal. */
  async #sleep(timer: PendingCall | undefined): Promise<void> {
    const bell = (this.#bell = makeBell());
    let handle: ReturnType<typeof setTimeout> | undefined;
    if (timer !== undefined) {
      const due = timer.dueAt! - this.#clockStart + this.#realStart;
      // Hosts accept no longer delay; the timer is set again afterwards.
      handle = setTimeout(bell.ring, Math.min(Math.max(0, due - Date.now()), 0x7fff_ffff));
    }
    if (this.#options.signal?.aborted === true) bell.ring();
    await bell.rings;
    clearTimeout(handle);
  }
}

/**
 * Drives a machine until it is complete or paused. Answers that have not arrived by then are lost, and their calls are pending
 * again.
 *
 * @throws MissingExternalError before anything runs; GuestError, LimitError
 */
export async function driveToStop(
  custody: Custody,
  turn: number,
  options: DriveOptions,
): Promise<CompleteState | PauseReason> {
  checkTools(custody.machine(turn), options.tools ?? {});
  const machine = custody.begin(turn);
  return new Driver(custody, machine, options).run();
}

/**
 * Drives a machine to completion. Running out of fuel or time is an error instead of a pause, and a hold is ignored.
 *
 * @throws MissingExternalError before anything runs; GuestError, LimitError
 */
export async function driveToEnd(custody: Custody, turn: number, options: DriveOptions): Promise<CompleteState> {
  for (let now = turn; ; now = custody.turn) {
    const stop = await driveToStop(custody, now, options);
    if (typeof stop !== "string") return stop;
    if (stop === "hold") continue;
    const { limits, elapsedMs, fuelLeft } = runOf(custody.machine(custody.turn));
    const error =
      stop === "fuel"
        ? new LimitError("fuel", limits.fuel, limits.fuel - fuelLeft)
        : new LimitError("timeMs", limits.timeMs, elapsedMs);
    custody.fail(error);
    throw error;
  }
}
