// Owns one step of a run: from a stored record and what has come in since, to the next record. It gives answers to the guest and says
// which calls are to be claimed. Must never write to the store, nor begin a call.

import type { State } from "../api/state.ts";
import type { Answer } from "../machine/answers.ts";
import type { PendingCall } from "../machine/pending-calls.ts";
import { contextOf } from "./attempts.ts";
import type { Stored } from "./book.ts";
import {
  afterFailure,
  answeredEvent,
  answerOf,
  asked,
  type Attempt,
  type Changed,
  claimed,
  dueOf,
  expiredCall,
  newCall,
  refused,
  uncertain,
} from "./calls.ts";
import type { EventData } from "./events.ts";
import type { CallRecord } from "./record.ts";
import { missingName } from "./tools.ts";
import { answered, goOn, resultOf, type Stop } from "./turn.ts";
import type { RunFailure, RunnerTool, RunStatus, StuckReason } from "./types.ts";
import { chanceOf, type Worker } from "./worker.ts";

/** What a step works on besides the record. */
export interface StepInput {
  readonly base: Stored;
  readonly state: State;
  readonly epoch: number;
  readonly now: number;
  readonly results: ReadonlyMap<number, Attempt>;
  /** True for calls that this worker is making, or has the result of. */
  readonly knows: (id: number) => boolean;
  /** The drive is to end: nothing new is begun. */
  readonly isStopping: boolean;
  /** How many more calls may be begun. */
  readonly room: number;
}

/** A claimed call, to be begun once the claim is stored. */
export interface Begin {
  readonly call: CallRecord;
  readonly pending: PendingCall;
  readonly tool: RunnerTool;
}

/** A missing tool is looked for again after this many milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/** One step. Use it once. */
export class Step {
  readonly #worker: Worker;
  readonly #input: StepInput;
  readonly calls: Map<number, CallRecord>;
  readonly events: EventData[] = [];
  /** Results that are in the next record. */
  readonly used: number[] = [];
  readonly begins: Begin[] = [];
  /** Answers as the host gave them; those in the record are read from there. */
  readonly #given = new Map<number, Answer>();
  stop: Stop;
  /** The guest went on. */
  hasMoved = false;
  hasChanged = false;
  /** Calls wait for a slot of their tenant. */
  isThrottled = false;
  isExpired: boolean;
  lastCall: number;
  readonly #missing = new Set<string>();
  #isBlocked = false;

  constructor(worker: Worker, input: StepInput) {
    this.#worker = worker;
    this.#input = input;
    const { body } = input.base;
    this.calls = new Map(body.calls.map((call) => [call.id, call]));
    this.stop = input.state;
    this.isExpired = body.isExpired ?? false;
    this.lastCall = body.lastCall;
  }

  async run(): Promise<void> {
    if (this.stop.status === "paused") {
      if (this.#input.isStopping) return;
      this.#moveTo(goOn(this.stop, this.#limits, this.#input.now));
    } else {
      this.#takeResults();
      this.#findUncertain();
      this.#expire();
      this.#giveAnswers();
    }
    this.#tellText();
    if (this.stop.status !== "suspended") return;
    await this.#register(this.stop.calls);
    this.#claim(this.stop.calls);
    if (this.isExpired) this.#endExpired();
  }

  get #limits() {
    return this.#input.base.body.limits;
  }

  #moveTo(stop: Stop): void {
    this.stop = stop;
    this.hasMoved = true;
  }

  #set({ call, events }: Changed): void {
    this.calls.set(call.id, call);
    this.events.push(...events);
    this.hasChanged = true;
  }

  #toolOf(call: CallRecord): RunnerTool | undefined {
    const pending = this.stop.status === "suspended" ? this.stop.calls.find(({ id }) => id === call.id) : undefined;
    return pending && this.#worker.tools.of(pending);
  }

  // --- what has come in

  /** Takes up the results of calls that this worker has made. */
  #takeResults(): void {
    const { now, results, epoch, isStopping } = this.#input;
    for (const [id, result] of results) {
      this.used.push(id);
      const call = this.calls.get(id);
      if (call?.state !== "claimed" || call.epoch !== epoch) continue;
      if (result.ok) {
        this.#given.set(id, { value: result.value });
        continue;
      }
      const tool = this.#toolOf(call);
      if (result.isUnsure && isStopping) {
        this.#set(uncertain(call, tool, now));
        continue;
      }
      const again = afterFailure(call, tool, result, now, chanceOf(this.#worker, call.key, call.attempt));
      if (again === undefined) this.#given.set(id, { error: result.error });
      else this.#set(again);
    }
  }

  /** Finds calls that an earlier worker claimed and never answered. */
  #findUncertain(): void {
    const { now, epoch, knows } = this.#input;
    for (const call of this.calls.values()) {
      if (call.state !== "claimed" || (call.epoch === epoch && knows(call.id))) continue;
      this.#set(uncertain(call, this.#toolOf(call), now));
    }
  }

  /** Ends the waiting of calls whose time is up, or of all, if the run's is. */
  #expire(): void {
    const { base, now } = this.#input;
    const isLate = base.head.expiresAt !== undefined && base.head.expiresAt <= now;
    if (isLate && !this.isExpired) {
      this.isExpired = true;
      this.events.push({ type: "expired" });
      this.hasChanged = true;
    }
    for (const call of this.calls.values()) {
      if (call.kind === "timer" || (call.state !== "waiting" && call.state !== "ready")) continue;
      if (isLate) this.#set({ call: pastDeadline(call), events: [] });
      else if (call.expiresAt !== undefined && call.expiresAt <= now)
        this.#set({ call: expiredCall(call), events: [] });
    }
  }

  // --- the guest goes on

  /** All answers that the guest can get now: results, decisions, then timers in the order in which they are due. */
  #answers(): [number, Answer][] {
    const { now } = this.#input;
    const answers: [number, Answer][] = [...this.#given];
    const calls = [...this.calls.values()];
    for (const call of calls) if (call.state === "decided") answers.push([call.id, answerOf(call)]);
    const timers = calls.filter(({ kind, dueAt }) => kind === "timer" && dueAt! <= now);
    timers.sort((a, b) => a.dueAt! - b.dueAt! || a.id - b.id);
    for (const { id } of timers) answers.push([id, { value: undefined }]);
    return answers;
  }

  #giveAnswers(): void {
    const notGiven = new Set(this.#given.keys());
    for (const [id, answer] of this.#answers()) {
      if (this.stop.status !== "suspended") break;
      const call = this.calls.get(id)!;
      this.#moveTo(answered(this.stop, id, answer, this.#limits, this.#input.now));
      this.calls.delete(id);
      notGiven.delete(id);
      if (call.kind !== "timer") this.events.push(answeredEvent(call, answer));
    }
    // The guest was interrupted: the rest of the results is taken up in the next step.
    for (const id of notGiven) this.used.splice(this.used.indexOf(id), 1);
  }

  /** What the guest has written since the last record. */
  #tellText(): void {
    const { stop } = this;
    const { body } = this.#input.base;
    for (const type of ["stdout", "stderr"] as const) {
      if (stop[type].length > body[type].length) this.events.push({ type, text: stop[type].slice(body[type].length) });
    }
  }

  // --- what it asks for

  /** Takes up the calls that the guest has made since, and those whose rules have not been asked yet. */
  async #register(pending: readonly PendingCall[]): Promise<void> {
    const { base, now } = this.#input;
    for (const one of pending) {
      let call = this.calls.get(one.id);
      if (call === undefined) {
        call = newCall(one, base.body.nonce, now);
        if (this.isExpired && call.kind !== "timer") call = pastDeadline(call);
        this.#set({ call, events: [] });
        this.lastCall = Math.max(this.lastCall, one.id);
      }
      if (call.kind !== "timer" && call.state === "ready" && call.isApproved !== true) await this.#judge(call, one);
    }
  }

  /** Decides whether a call may be made, needs a person, or has no tool. */
  async #judge(call: CallRecord, pending: PendingCall): Promise<void> {
    const { now, base } = this.#input;
    const tool = this.#worker.tools.of(pending);
    if (tool === undefined) {
      this.#missing.add(missingName(pending));
      return;
    }
    if (tool.call === undefined) {
      this.#set(asked(call, "hold", undefined, tool, now));
      return;
    }
    const { run, tenant } = base.head;
    const verdict = await judged(
      tool,
      () => contextOf({ call, run, tenant }, new AbortController().signal),
      pending.args,
    );
    if (verdict === false) this.#set({ call: { ...call, isApproved: true }, events: [] });
    else this.#set(asked(call, "approval", verdict === true ? undefined : verdict, tool, now));
  }

  /** Claims the calls that are to be made now, as far as there is room. */
  #claim(pending: readonly PendingCall[]): void {
    const { now, base, epoch, isStopping } = this.#input;
    let { room } = this.#input;
    for (const one of pending) {
      const call = this.calls.get(one.id)!;
      if (call.kind === "timer" || call.state !== "ready" || (call.notBefore ?? now) > now) continue;
      const tool = this.#worker.tools.of(one);
      if (tool?.call === undefined) {
        this.#missing.add(missingName(one));
        continue;
      }
      if (call.isApproved !== true) continue;
      if (room <= 0 || isStopping) {
        this.#isBlocked = true;
      } else if (!this.#worker.slots.take(base.head.tenant)) {
        this.isThrottled = true;
      } else {
        room--;
        const next = claimed(call, epoch);
        this.#set(next);
        this.begins.push({ call: next.call, pending: one, tool });
      }
    }
  }

  /** A run past its deadline that waits only for timers can be told nothing: it ends. */
  #endExpired(): void {
    if (this.stop.status !== "suspended" || [...this.calls.values()].some(({ kind }) => kind !== "timer")) return;
    const { usage, stdout, stderr } = this.stop;
    const error = { code: "FERMATA_RUN", name: "ExpiredError", message: "the run's deadline has passed" };
    this.stop.dispose();
    this.#moveTo({ status: "failed", error, usage, stdout, stderr });
  }

  // --- what comes next

  /** When the run goes on by itself, of all that can be known now. */
  #nextDue(): number {
    const { base } = this.#input;
    let due = this.isExpired ? Infinity : (base.head.expiresAt ?? Infinity);
    // A call that could be made and was not has no tool, or waits for room.
    for (const call of this.calls.values()) if (!this.#isReady(call)) due = Math.min(due, dueOf(call) ?? Infinity);
    return due;
  }

  #isReady({ kind, state, notBefore }: CallRecord): boolean {
    return kind !== "timer" && state === "ready" && (notBefore ?? -Infinity) <= this.#input.now;
  }

  /** The status of the run after this step, and when it goes on. */
  outcome(): {
    readonly status: RunStatus;
    readonly dueAt?: number | undefined;
    readonly reason?: StuckReason | undefined;
    readonly error?: RunFailure | undefined;
    readonly output?: string | undefined;
  } {
    const { now } = this.#input;
    const { stop } = this;
    if (stop.status === "failed") return { status: "failed", error: stop.error };
    if (stop.status === "complete") {
      const result = resultOf(stop);
      return { status: result.error === undefined ? "done" : "failed", ...result };
    }
    if (stop.status === "paused") return { status: "running", dueAt: now };
    const dueAt = this.#nextDue();
    const hasClaims = [...this.calls.values()].some(({ state }) => state === "claimed");
    const isBusy = hasClaims || this.#isBlocked || this.isThrottled;
    if (isBusy || dueAt <= now) return { status: "running", dueAt };
    if (this.#missing.size > 0) {
      const names = [...this.#missing];
      const message = `missing external function${names.length === 1 ? "" : "s"}: ${names.join(", ")}`;
      return {
        status: "stuck",
        reason: { kind: "missing", message, names },
        dueAt: Math.min(dueAt, now + LOOK_AGAIN_MS),
      };
    }
    return { status: "waiting", dueAt: dueAt === Infinity ? undefined : dueAt };
  }
}

function pastDeadline(call: CallRecord): CallRecord {
  return refused(
    call,
    "ExpiredError",
    `the run's deadline has passed; the call ${call.name} was not made, or not answered`,
  );
}

/** Asks a tool's rule. A rule that fails must not let a call through. */
async function judged(
  { approval = false }: RunnerTool,
  ctx: () => Parameters<Extract<RunnerTool["approval"], (...args: never) => unknown>>[0],
  args: readonly unknown[],
): Promise<boolean | string> {
  if (typeof approval !== "function") return approval;
  try {
    return await approval(ctx(), ...args);
  } catch (error) {
    return `the approval rule failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
