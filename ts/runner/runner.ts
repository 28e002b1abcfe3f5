// Owns the runner that users hold: it starts runs, drives them, takes answers and finds them again. Must never keep a run in memory
// between two calls: everything is in the store, so any runner on the same store can go on.

import type { Program } from "../api/program.ts";
import { RunError, StoreConflictError } from "../errors.ts";
import { answerCall, canceled, changeRun, checkNote, expiring, hasEnded, pendingOf } from "./answers.ts";
import { Slots } from "./attempts.ts";
import { Book, type Change, type Stored } from "./book.ts";
import { keyOf } from "./calls.ts";
import { checkRunnerOptions, checkStartOptions, checkTime } from "./check.ts";
import { type DriveRunOptions, driveRun } from "./drive.ts";
import type { EventData, RunEvent } from "./events.ts";
import { listRuns } from "./listing.ts";
import { checkName, checkTag, Places } from "./places.ts";
import type { CallRecord, RunBody } from "./record.ts";
import { follow, nextDueAt, sweep, type SweepOptions, work, type WorkOptions } from "./sweep.ts";
import { Toolbox } from "./tools.ts";
import { firstTurn, resultOf, type Stop } from "./turn.ts";
import type {
  AnswerResult,
  Decision,
  DecisionNote,
  ListOptions,
  PendingAnswer,
  RunInspection,
  RunnerOptions,
  RunPage,
  RunView,
  StartRunOptions,
  WakeReport,
} from "./types.ts";
import { viewOf } from "./view.ts";
import { drivingKey, tellDue, type Worker } from "./worker.ts";

const MAX_TAGS = 16;

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Runs that are held for days. */
export class Runner {
  readonly #worker: Worker;
  /** The tenant whose runs these are. */
  readonly tenant: string;

  /** @internal */
  constructor(worker: Worker, tenant: string) {
    this.#worker = worker;
    this.tenant = checkName("tenant", tenant);
  }

  /**
   * A runner like this one, for the runs of another tenant. It has the store, the tools and all settings of this one.
   */
  forTenant(tenant: string): Runner {
    return new Runner(this.#worker, tenant);
  }

  // --- running

  /**
   * Starts a run: the program runs to its first stop, and is stored there. No tool is called before `drive` or `wake`.
   *
   * @throws MarshalError, TypeError, RangeError for options with which the program cannot be started
   */
  async start(program: Program, options: StartRunOptions = {}): Promise<RunView> {
    checkStartOptions(options);
    const expiresAt = options.expiresAt === undefined ? undefined : checkTime("expiresAt", options.expiresAt);
    const { book, now } = this.#worker;
    const run = options.id === undefined ? randomId() : checkName("run id", options.id);
    const tags = [...new Set((options.tags ?? []).map(checkTag))];
    if (tags.length > MAX_TAGS) throw new RangeError(`a run has at most ${MAX_TAGS} tags, not ${tags.length}`);
    const there = options.id === undefined ? undefined : await book.find(this.tenant, run);
    if (there !== undefined) return viewOf(there);
    const at = now();
    const stop = firstTurn(program, options, at);
    const body = firstBody(stop, { hash: program.hash, filename: program.filename }, options);
    const change = firstChange(stop, { run, tenant: this.tenant, tags, createdAt: at, expiresAt, epoch: 0 }, body, at);
    try {
      return this.#stored(await book.commit(undefined, change));
    } catch (error) {
      if (!(error instanceof StoreConflictError)) throw error;
      // Started at the same time by another.
      return viewOf(await book.read(this.tenant, run));
    }
  }

  /**
   * Drives a run as far as it goes now: makes its calls, gives the answers, and returns when it has ended, waits, or another worker
   * is at it.
   *
   * @throws RunError if there is no such run, or its record cannot be read; StoreError
   */
  async drive(id: string, options: DriveRunOptions = {}): Promise<RunView> {
    await driveRun(this.#worker, this.tenant, checkName("run id", id), options);
    return this.get(id);
  }

  /**
   * Goes on with all runs that are due, of all tenants: those whose time has come by `now`, by default the runner's clock. What is due in a
   * run is decided by the runner's clock. One bad run does not keep the others.
   */
  async wake(now?: number | Date, options: SweepOptions = {}): Promise<WakeReport> {
    return sweep(this.#worker, now === undefined ? this.#worker.now() : checkTime("now", now), options);
  }

  /**
   * Calls `wake` whenever something is due, until the signal aborts. Any number of processes may do this on one store. Resolves after the
   * abort, when nothing is in flight any more.
   */
  work(options: WorkOptions): Promise<void> {
    return work(this.#worker, options);
  }

  /**
   * When the next run of any tenant goes on by itself, in milliseconds since 1970: for hosts that set one alarm. It may be in the past;
   * undefined if nothing does. While a worker is at a run, that is when its lease can be taken over.
   */
  nextDueAt(): Promise<number | undefined> {
    return nextDueAt(this.#worker);
  }

  // --- answering

  /**
   * Decides about a call that waits for a person. The decision is stored; `drive` or `wake` goes on. A second decision changes
   * nothing, and says so.
   *
   * ```ts
   * for (const { callId, args } of await runner.pending(id)) await runner.answer(id, callId, { deny: true, reason: `not ${args[0]}` });
   * ```
   *
   * @throws RunError for an unknown run or call; MarshalError for a value that cannot be kept
   */
  async answer(id: string, callId: number, decision: Decision): Promise<AnswerResult> {
    const { book, now } = this.#worker;
    const run = checkName("run id", id);
    const { result, stored } = await answerCall(book, this.tenant, run, callId, decision, now());
    if (result.accepted) this.#changed(stored);
    return result;
  }

  /**
   * The calls of a run that wait for a person, with the arguments with which they will be made. The snapshot is read for them; nothing of
   * the program runs.
   */
  async pending(id: string): Promise<PendingAnswer[]> {
    return pendingOf(this.#worker.runtime, await this.#read(id));
  }

  // --- finding

  /**
   * Reads a run.
   *
   * @throws RunError if there is no such run
   */
  async get(id: string): Promise<RunView> {
    return viewOf(await this.#read(id));
  }

  /**
   * Lists runs, a page at a time, in no particular order but that of due times where `dueBefore` is given.
   *
   * ```ts
   * let page = await runner.list({ status: "stuck" });
   * while (page.cursor !== undefined) page = await runner.list({ status: "stuck", cursor: page.cursor });
   * ```
   */
  list(options: ListOptions = {}): Promise<RunPage> {
    return listRuns(this.#worker.book, this.tenant, options);
  }

  /**
   * Describes a run without running any of it.
   *
   * @throws RunError if there is no such run, or its record cannot be read
   */
  async inspect(id: string): Promise<RunInspection> {
    const { runtime, now } = this.#worker;
    const stored = await this.#read(id);
    const { snapshot: bytes } = stored;
    const snapshot = bytes.length === 0 ? undefined : runtime.load(bytes).inspect({ scopes: true });
    return { run: viewOf(stored), ageMs: now() - stored.head.updatedAt, snapshot };
  }

  /**
   * What happened in a run after event number `after`, in order. Default 0: from the start. Pass the `seq` of the last event that you have
   * seen.
   */
  events(id: string, options: { readonly after?: number | undefined } = {}): Promise<RunEvent[]> {
    return this.#worker.book.events(this.tenant, checkName("run id", id), options.after ?? 0);
  }

  /** As {@link events}, and goes on as more happens, until the run has ended or the signal aborts. */
  follow(
    id: string,
    options: {
      readonly after?: number | undefined;
      readonly signal?: AbortSignal | undefined;
      readonly everyMs?: number | undefined;
    } = {},
  ): AsyncGenerator<RunEvent, void> {
    return follow(this.#worker.book, this.tenant, checkName("run id", id), options);
  }

  // --- ending

  /**
   * Ends a run where it is. Calls in flight are told to stop. A run that has ended stays as it is. The view that it resolves to says which
   * was the case: status `canceled`, or what it was.
   */
  async cancel(id: string, note: DecisionNote = {}): Promise<RunView> {
    checkNote(note);
    return this.#change(id, (base) => canceled(base, note.by, note.reason));
  }

  /** Sets the run's deadline, by default to now: calls that wait, or have not been made, then fail with an Error in the guest. */
  async expire(id: string, at?: number | Date): Promise<RunView> {
    const now = this.#worker.now();
    const time = at === undefined ? now : checkTime("the deadline", at);
    return this.#change(id, (base) => expiring(base, time, now));
  }

  /**
   * Copies a run that has not ended: both go on by themselves, and their calls have different idempotency keys. A call that is in
   * flight waits for a person in the copy.
   *
   * @throws RunError with the reason `ended`, or if there is no such run
   */
  async fork(id: string, options: { readonly id?: string | undefined } = {}): Promise<RunView> {
    const { book, now } = this.#worker;
    const base = await this.#read(id);
    if (hasEnded(base)) throw new RunError("ended", `run ${id} has ended: there is nothing to go on from`);
    const run = options.id === undefined ? randomId() : checkName("run id", options.id);
    const at = now();
    const nonce = randomId();
    const { head, body, snapshot } = base;
    const forked = await book.commit(undefined, {
      head: { ...head, run, createdAt: at, lease: undefined, epoch: 0, status: "running", dueAt: at },
      body: {
        ...body,
        nonce,
        calls: body.calls.map((call) => forkedCall(call, nonce)),
        strikes: 0,
        forkOf: id,
        nextEvent: 1,
      },
      snapshot,
      events: [{ type: "started", forkOf: id }],
    });
    return this.#stored(forked);
  }

  /**
   * Removes a run that has ended, with its events.
   *
   * @throws RunError if it has not ended: cancel it first
   */
  async delete(id: string): Promise<void> {
    for (;;) {
      const base = await this.#worker.book.find(this.tenant, checkName("run id", id));
      if (base === undefined) return;
      if (!hasEnded(base))
        throw new RunError("active", `run ${id} has not ended (${base.head.status}): cancel it first`);
      try {
        return await this.#worker.book.remove(base);
      } catch (error) {
        if (!(error instanceof StoreConflictError)) throw error;
      }
    }
  }

  // --- inside

  #read(id: string): Promise<Stored> {
    return this.#worker.book.read(this.tenant, checkName("run id", id));
  }

  async #change(id: string, change: (base: Stored) => Change | undefined): Promise<RunView> {
    const stored = await changeRun(this.#worker.book, this.tenant, checkName("run id", id), change);
    return this.#changed(stored);
  }

  /** Tells the drive of this process, if there is one, and the host. */
  #changed(stored: Stored): RunView {
    this.#worker.driving.get(drivingKey(this.tenant, stored.head.run))?.look();
    return this.#stored(stored);
  }

  #stored(stored: Stored): RunView {
    if (stored.head.lease === undefined) tellDue(this.#worker, stored);
    return viewOf(stored);
  }
}

/** In a copy nothing is being made; whether it was, is for a person to say. */
function forkedCall(call: CallRecord, nonce: string): CallRecord {
  const key = call.key === "" ? "" : keyOf(nonce, call.id);
  if (call.state !== "claimed") return { ...call, key };
  return { ...call, key, state: "waiting", why: "uncertain", isApproved: undefined, epoch: undefined };
}

function firstBody(stop: Stop, program: RunBody["program"], { limits = {} }: StartRunOptions): RunBody {
  const { usage, stdout, stderr } = stop;
  return {
    nonce: randomId(),
    program,
    calls: [],
    lastCall: 0,
    limits,
    usage,
    strikes: 0,
    stdout,
    stderr,
    nextEvent: 1,
    events: [],
  };
}

/** The first commit of a run. */
function firstChange(stop: Stop, head: Omit<Change["head"], "status" | "dueAt">, body: RunBody, now: number): Change {
  const events: EventData[] = [{ type: "started" }];
  if (stop.stdout !== "") events.push({ type: "stdout", text: stop.stdout });
  if (stop.stderr !== "") events.push({ type: "stderr", text: stop.stderr });
  const ended = new Uint8Array(0);
  if (stop.status === "complete" || stop.status === "failed") {
    const { output, error } = stop.status === "complete" ? resultOf(stop) : { error: stop.error, output: undefined };
    events.push(
      error === undefined ? { type: "done" } : { type: "failed", message: `${error.name}: ${error.message}` },
    );
    const status = error === undefined ? "done" : "failed";
    return { head: { ...head, status }, body: { ...body, output, error }, snapshot: ended, events };
  }
  const snapshot = stop.snapshot().dump();
  stop.dispose();
  return { head: { ...head, status: "running", dueAt: now }, body, snapshot, events };
}

/**
 * Creates a runner. It holds nothing but its settings: any number of them, in any number of processes, may share a store.
 *
 * ```ts
 * const runner = createRunner({ runtime, store: new SqliteStore(db), tools: { pay: { call: pay, approval: true } } });
 * const { id } = await runner.start(program, { inputs: { order: 7 } });
 * await runner.drive(id);
 * ```
 *
 * @throws RunError if the store cannot keep runs; TypeError, RangeError for an option, a tool or a rule that is not one
 */
export function createRunner(options: RunnerOptions): Runner {
  checkRunnerOptions(options);
  const { runtime, store, tools = {}, loader, keys = [], now = Date.now, callsPerTenant = 64 } = options;
  const places = new Places(options.prefix ?? "fermata/");
  const worker: Worker = {
    runtime,
    book: new Book(store, places, keys, now),
    tools: new Toolbox(tools, loader),
    owner: options.owner ?? randomId(),
    now,
    random: options.random,
    leaseMs: options.leaseMs ?? 60_000,
    callsPerRun: options.callsPerRun ?? 16,
    slots: new Slots(callsPerTenant),
    strikes: options.strikes ?? 5,
    graceMs: options.graceMs ?? 5000,
    onDue: options.onDue,
    driving: new Map(),
  };
  return new Runner(worker, options.tenant ?? "default");
}
