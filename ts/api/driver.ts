// Owns driving a program with the host's functions: calls run concurrently, timers wait in real time, answers are given as they
// arrive, and the host's event loop gets its turns. Must never decide what a call means, and must never leave a promise of a host
// function unobserved.

import type { OptionNames } from "../machine/option-names.ts";
import { AbortError, InternalError, MissingExternalError } from "../errors.ts";
import { type Answer, givePrepared, prepareOrExplain } from "../machine/answers.ts";
import { FUEL_PER_MS } from "../machine/limits.ts";
import type { Machine } from "../machine/machine.ts";
import { fitsMailbox, mailboxArguments, mailboxCall } from "../machine/marshal.ts";
import { heldArguments, heldName, type PendingCall, pendingCalls } from "../machine/pending-calls.ts";
import { advance, type SliceListener, type Stop } from "../machine/run-loop.ts";
import { fuelUsed, hostWork, pullText, setClock } from "../machine/run.ts";
import type { Lease } from "./lease.ts";
import type { HeldNames } from "./held-names.ts";
import type { ImportAttributes, ModuleLoader } from "./module-types.ts";
import { giveReady, missingModule, readyAnswer, type ReadyAnswer } from "./modules.ts";
import { type Arrived, isThenable, type RunningCalls } from "./running-calls.ts";
import { nearestTool, type Tool, toolOf, type Tools, type ToolTree } from "./tools.ts";
import { clock, enterTurn, giveWay, turnAge, YIELD_EVERY_MS } from "./turns.ts";

export type { Tool, Tools, ToolTree };

/** What `onCall` is told of a host call or a load of a module. */
export type CallEvent = {
  /** Id of the call, unique in the run and kept by snapshots. */
  readonly id: number;
  /** How the program made the call: `"module"` is an import. */
  readonly kind: "async" | "sync" | "module";
  /** Canonical name of the function; `"import"` for a module. */
  readonly name: string;
  /** Arguments, copied out of the guest; of a module: specifier, importing file, attributes. */
  readonly args: readonly unknown[];
} &
  /** The function is about to be called. */
  (
    | { readonly phase: "start" }
    /** `ms`: how long the host took. */
    | { readonly phase: "end"; readonly ms: number; readonly outcome: "value"; readonly value: unknown }
    /** It threw, or its promise was rejected. */
    | { readonly phase: "end"; readonly ms: number; readonly outcome: "error"; readonly error: unknown }
  );

/** Options for driving a program. */
export interface DriveOptions {
  /** One function for each external that the program declares and `hold` does not name. */
  tools?: ToolTree | undefined;
  /** Finds the modules that the program imports but does not contain. */
  loader?: ModuleLoader | undefined;
  /**
   * Functions that are not called: the drive does everything else, and ends with their calls pending. A name is canonical
   * (`"tools.search"`); that of a namespace holds all its functions, `"setTimeout"` timers, `"import"` modules. `true`: all for
   * which `tools` has no function. While such a call is pending, timers that are not due are not waited for.
   */
  hold?: readonly string[] | true | undefined;
  /** Called between slices. */
  onSlice?: SliceListener | undefined;
  /**
   * Ends the drive with an {@link AbortError}, whose `state` can be driven on. Host functions that are running are not stopped; when
   * that state is driven, they are not called again.
   */
  signal?: AbortSignal | undefined;
  /** The host's event loop gets a turn at least so often, in milliseconds; Infinity: only when the program waits. Default 10. */
  yieldEveryMs?: number | undefined;
  /** Gets what the program writes during this drive, as it is written: after each slice and before each call. */
  onStdout?: ((text: string) => void) | undefined;
  /** As `onStdout`, for `console.error` and `console.warn`. */
  onStderr?: ((text: string) => void) | undefined;
  /** Called before and after each host call. */
  onCall?: ((event: CallEvent) => void) | undefined;
}

export const DRIVE_OPTIONS: OptionNames<DriveOptions> = {
  tools: true,
  loader: true,
  hold: true,
  onSlice: true,
  signal: true,
  yieldEveryMs: true,
  onStdout: true,
  onStderr: true,
  onCall: true,
};

/**
 * Checks that every external of the programs has a function or is held.
 *
 * @throws MissingExternalError
 */
export function checkTools(machine: Machine, tools: ToolTree, held: HeldNames): void {
  const missing = new Set<string>();
  for (const { externals } of machine.programs) {
    for (const name of externals.keys()) {
      if (!held.has(name) && toolOf(tools, name) === undefined) missing.add(name);
    }
  }
  if (missing.size === 0) return;
  const error = new MissingExternalError([...missing]);
  const hint = [...missing].map((name) => nearestTool(name, tools)).find((found) => found !== undefined);
  if (hint !== undefined) error.message += `. The tools have ${JSON.stringify(hint)}: rename it, or the external`;
  throw error;
}

/** Sync calls between two looks at the clock, as long as they are quick: reading it costs as much as a call. */
const CALLS_PER_LOOK = 16;

/** Drives one machine for one generation of its lease. */
export class Driver {
  readonly #lease: Lease;
  readonly #machine: Machine;
  readonly #options: DriveOptions;
  readonly #held: HeldNames;
  readonly #calls: RunningCalls;
  readonly #tools = new Map<string, Tool>();
  readonly #yieldEveryMs: number;
  /** Ends the drive at the first stop after an answer. */
  readonly #isStepping: boolean;
  #hasMoved = false;
  /** The run was stopped between two slices to give way to the host. */
  #isYielding = false;
  /** Fuel used when the host had its last turn: for hosts whose clocks stand still while a program computes. */
  #fuelAtTurn = 0;
  #callsToLook = 0;
  #lookedAt = 0;
  /** What `onCall` threw while the program waited. */
  #failure: { readonly error: unknown } | undefined;
  /** Lengths of the text that was told. */
  #toldOut = 0;
  #toldErr = 0;
  #ring = (): void => {};
  /** Real time and the program's clock at the start: they advance together. */
  readonly #realStart = Date.now();
  readonly #clockStart: number;

  constructor(lease: Lease, machine: Machine, options: DriveOptions, held: HeldNames, isStepping: boolean) {
    const { yieldEveryMs = YIELD_EVERY_MS } = options;
    if (!(yieldEveryMs >= 0))
      throw new RangeError(`yieldEveryMs must be a number from 0 up, not ${String(yieldEveryMs)}`);
    this.#lease = lease;
    this.#machine = machine;
    this.#options = options;
    this.#held = held;
    this.#calls = lease.calls;
    this.#yieldEveryMs = yieldEveryMs;
    this.#isStepping = isStepping;
    this.#clockStart = machine.exports.clock();
  }

  /** True if the program ran or got an answer. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /**
   * Runs until the program is complete or paused, or nothing more can be done for it.
   *
   * @throws AbortError, GuestError, LimitError, MissingExternalError, MissingModuleError, and what listeners throw
   */
  async run(): Promise<Stop> {
    const { signal } = this.#options;
    const onAbort = (): void => this.#ring();
    signal?.addEventListener("abort", onAbort);
    this.#calls.onArrival = () => this.#ring();
    this.#beginText();
    try {
      if (this.#mustGiveWay()) await this.#giveWay();
      for (;;) {
        const stop = this.#advance();
        const isYielding = stop === "hold" && this.#isYielding;
        if (!isYielding && stop !== "waiting" && stop !== "sync") return stop;
        if (this.#mustGiveWay()) await this.#giveWay();
        if (isYielding) continue;
        if (this.#isStepping && this.#hasMoved) return stop;
        if (!(await (stop === "sync" ? this.#atSync() : this.#atCalls()))) return stop;
        this.#hasMoved = true;
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#calls.onArrival = () => {};
    }
  }

  #advance(): Stop {
    const before = fuelUsed(this.#machine);
    this.#isYielding = false;
    const stop = advance(this.#machine, {
      listener: this.#atSlice,
      onSync: this.#isStepping ? undefined : this.#onSync,
      atSlice: this.#lease.keep,
    });
    if (fuelUsed(this.#machine) !== before) this.#hasMoved = true;
    this.#tellText();
    return stop;
  }

  // --- turns of the host

  /** @throws AbortError, or what a listener threw */
  #check(): void {
    const { signal } = this.#options;
    if (signal?.aborted === true) throw new AbortError(signal.reason);
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  #isTurnOver(now: number): boolean {
    const age = turnAge(now);
    if (age > 0) return age >= this.#yieldEveryMs;
    return fuelUsed(this.#machine) - this.#fuelAtTurn >= FUEL_PER_MS * this.#yieldEveryMs;
  }

  /** True if the host gets a turn now. Asked only where the program could be held. */
  #mustGiveWay(): boolean {
    this.#check();
    if (this.#yieldEveryMs === Infinity) return false;
    enterTurn();
    return this.#isYielding || this.#isTurnOver(clock.now());
  }

  async #giveWay(): Promise<void> {
    await giveWay();
    this.#fuelAtTurn = fuelUsed(this.#machine);
    this.#check();
  }

  readonly #atSlice: SliceListener = (control) => {
    this.#tellText();
    const { onSlice, signal } = this.#options;
    let isHeld = false;
    onSlice?.({ hold: () => void (isHeld = true), fuel: control.fuel });
    if (isHeld) control.hold();
    else if (signal?.aborted === true || (this.#yieldEveryMs < Infinity && this.#isTurnOver(clock.now()))) {
      this.#isYielding = true;
      control.hold();
    }
  };

  /** True if the host should get a turn before the function of a sync call is called. */
  #looksAtClock(): boolean {
    if (this.#callsToLook-- > 0 || this.#yieldEveryMs === Infinity) return false;
    const now = clock.now();
    this.#callsToLook = now - this.#lookedAt < 1 ? CALLS_PER_LOOK : 0;
    this.#lookedAt = now;
    return this.#isTurnOver(now);
  }

  // --- text

  #beginText(): void {
    const { onStdout, onStderr } = this.#options;
    if (onStdout === undefined && onStderr === undefined) return;
    pullText(this.#machine);
    this.#toldOut = this.#machine.stdout.length;
    this.#toldErr = this.#machine.stderr.length;
  }

  /** Tells what was written since the last time. */
  #tellText(): void {
    const { onStdout, onStderr } = this.#options;
    if (onStdout === undefined && onStderr === undefined) return;
    pullText(this.#machine);
    const { stdout, stderr } = this.#machine;
    const out = stdout.slice(this.#toldOut);
    const err = stderr.slice(this.#toldErr);
    this.#toldOut = stdout.length;
    this.#toldErr = stderr.length;
    if (out !== "") hostWork(() => onStdout?.(out));
    if (err !== "") hostWork(() => onStderr?.(err));
  }

  /** Tells what a run had written before it failed. What listeners throw then is lost: the run has its error already. */
  tellLastText(): void {
    try {
      this.#tellText();
    } catch {
      // The error of the run comes first.
    }
  }

  // --- calls

  #tool(name: string): Tool {
    let tool = this.#tools.get(name);
    if (tool === undefined) {
      tool = toolOf(this.#options.tools ?? {}, name);
      if (tool === undefined) throw new MissingExternalError([name]);
      this.#tools.set(name, tool);
    }
    return tool;
  }

  /** Calls the function of a sync call on the spot; undefined: the run stops there, for `#atSync`. */
  readonly #onSync = (machine: Machine): Answer | "answered" | undefined => {
    const { log } = machine;
    if (log === undefined) return this.#answerOf(machine);
    this.#lease.keep();
    const id = mailboxCall(machine);
    const answer = this.#answerOf(machine);
    if (answer === undefined) return undefined;
    if (answer === "answered") log.wentOn(machine);
    else {
      const isPrimitive = "value" in answer && fitsMailbox(answer.value);
      if (isPrimitive) log.answered(machine, id, { primitive: answer.value });
      else givePrepared(machine, id, prepareOrExplain(answer));
      log.wentOn(machine);
      if (isPrimitive) return answer;
    }
    return "answered";
  };

  #answerOf(machine: Machine): Answer | "answered" | undefined {
    const id = mailboxCall(machine);
    if (this.#options.onCall !== undefined || this.#calls.has(id) || this.#looksAtClock()) return undefined;
    const name = heldName(machine);
    if (this.#held.has(name)) return undefined;
    const args = mailboxArguments(machine) ?? heldArguments(machine);
    if (args === undefined) return "answered";
    this.#tellText();
    const tool = this.#tool(name);
    let value: unknown;
    try {
      value = tool(...args);
      // Its `then` may be a getter.
      if (!isThenable(value)) return { value };
    } catch (error) {
      return { error };
    }
    this.#await({ id, kind: "sync", name, args }, value as PromiseLike<unknown>, 0);
    return undefined;
  }

  #start(call: PendingCall): void {
    const work = call.kind === "module" ? this.#import(call) : this.#calling(call);
    const { onCall } = this.#options;
    onCall?.({ phase: "start", ...described(call) });
    const startedAt = onCall === undefined ? 0 : clock.now();
    this.#calls.begin(call.id);
    let value: unknown;
    let isPromised: boolean;
    try {
      value = work();
      isPromised = isThenable(value);
    } catch (error) {
      this.#settle(call, { error }, startedAt);
      return;
    }
    if (isPromised) this.#await(call, value as PromiseLike<unknown>, startedAt);
    else this.#settle(call, { value }, startedAt);
  }

  #await(call: PendingCall, promise: PromiseLike<unknown>, startedAt: number): void {
    this.#calls.begin(call.id);
    let isSettled = false;
    // Only promises keep to settling once; other objects with a `then` may not, or throw.
    const settle = (answer: Answer): void => {
      if (isSettled) return;
      isSettled = true;
      this.#settle(call, answer, startedAt);
    };
    try {
      promise.then(
        (value) => settle({ value }),
        (error: unknown) => settle({ error }),
      );
    } catch (error) {
      settle({ error });
    }
  }

  /** Keeps the answer until it can be given. Comes at any time, also when the drive is over. */
  #settle(call: PendingCall, answer: Answer, startedAt: number): void {
    const { onCall } = this.#options;
    if (onCall !== undefined) {
      const outcome = "error" in answer ? "error" : "value";
      const ms = clock.now() - startedAt;
      try {
        onCall({ phase: "end", ms, outcome, ...described(call), ...answer } as CallEvent);
      } catch (error) {
        this.#failure = { error };
      }
    }
    // Modules are compiled for the machine that gets them. Everything else may change before it is given.
    const kept = call.kind === "module" ? { raw: answer } : { ready: prepareOrExplain(answer) };
    this.#calls.settle({ call, answer: kept });
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

  // --- answers

  /** Makes a module ready; one that cannot enter the guest becomes an error there. */
  #module(call: PendingCall, answer: Answer): ReadyAnswer {
    try {
      return readyAnswer(this.#lease.host, this.#machine, call, answer);
    } catch (error) {
      return prepareOrExplain({ error: new TypeError(error instanceof Error ? error.message : String(error)) });
    }
  }

  /** Gives answers, but for calls that were answered by other means meanwhile. */
  #give(arrived: readonly Arrived[], pending: readonly PendingCall[]): void {
    const ids = new Set(pending.map(({ id }) => id));
    for (const { call, answer } of arrived) {
      if (!ids.has(call.id)) continue;
      const ready = "ready" in answer ? answer.ready : this.#module(call, answer.raw);
      giveReady(this.#lease.host, this.#machine, call.id, ready);
    }
  }

  get #now(): number {
    return this.#clockStart + (Date.now() - this.#realStart);
  }

  #advanceClock(): void {
    setClock(this.#machine, this.#now);
  }

  /** The guest is held at a sync call. Returns false if no tool is to answer it. */
  async #atSync(): Promise<boolean> {
    const { calls, failed } = pendingCalls(this.#machine);
    if (failed) return true;
    const held = calls.find(({ kind }) => kind === "sync");
    if (held === undefined) throw new InternalError("the guest is held at a call that is not there");
    const isLeft = !this.#calls.has(held.id) && this.#held.hasCall(held);
    if (isLeft) {
      // What runs for other calls should not be lost.
      while (this.#calls.running > 0) await this.#sleep();
      this.#advanceClock();
      this.#give(this.#calls.take(), calls);
      return false;
    }
    if (!this.#calls.has(held.id)) this.#start(held);
    while (this.#calls.isRunning(held.id)) await this.#sleep();
    this.#check();
    this.#advanceClock();
    this.#give(this.#calls.take(held.id), calls);
    return true;
  }

  /** The guest waits. Starts its new calls and gives the first answers; returns false if no answer can come. */
  async #atCalls(): Promise<boolean> {
    const { calls, failed } = pendingCalls(this.#machine);
    if (failed) return true;
    const timers: PendingCall[] = [];
    let timer: PendingCall | undefined;
    let isHeld = false;
    for (const call of calls) {
      if (call.kind !== "timer" && this.#calls.has(call.id)) continue;
      if (this.#held.hasCall(call)) isHeld = true;
      else if (call.kind !== "timer") this.#start(call);
      else {
        timers.push(call);
        if (timer === undefined || call.dueAt! < timer.dueAt!) timer = call;
      }
    }
    const isDue = timer !== undefined && timer.dueAt! <= this.#now;
    if (!this.#calls.hasArrived && !isDue) {
      if (this.#calls.running === 0 && (timer === undefined || isHeld)) return false;
      await this.#sleep(timer);
    } else if (this.#calls.running > 0 || this.#options.signal !== undefined) {
      // If all functions returned at once, no microtask turn is spent, unless other host code may be waiting for one.
      await undefined;
    }
    this.#check();
    this.#advanceClock();
    this.#give(this.#calls.take(), calls);
    this.#fire(timers);
    return true;
  }

  /** Fires all timers that are due: if a guest has very many, they must not be gone through for each. Each is a task of its own there. */
  #fire(timers: readonly PendingCall[]): void {
    const now = this.#machine.exports.clock();
    const due = timers.filter(({ dueAt }) => dueAt! <= now).sort((a, b) => a.dueAt! - b.dueAt! || a.id - b.id);
    for (const { id } of due) givePrepared(this.#machine, id, prepareOrExplain({ value: undefined }));
  }

  /** Waits for an answer, the timer, or the signal. */
  async #sleep(timer?: PendingCall): Promise<void> {
    this.#check();
    const bell = new Promise<void>((resolve) => {
      this.#ring = resolve;
    });
    let handle: ReturnType<typeof setTimeout> | undefined;
    if (timer !== undefined) {
      // Hosts accept no longer delay; the timer is set again afterwards.
      handle = setTimeout(this.#ring, Math.min(Math.max(0, timer.dueAt! - this.#now), 0x7fff_ffff));
    }
    await bell;
    clearTimeout(handle);
    this.#check();
  }
}

function described({ id, kind, name, args }: PendingCall): Pick<CallEvent, "id" | "kind" | "name" | "args"> {
  return { id, kind: kind as CallEvent["kind"], name, args };
}
