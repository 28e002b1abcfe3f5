// Owns what people decide: answers to calls, deadlines, cancellation. Each is one conditional write of the record that leaves the
// guest and the lease alone, so it may be made while a worker is at the run. Must never make a call.

import type { ResumeRuntime } from "../api/resume-runtime.ts";
import { RunError, StoreConflictError } from "../errors.ts";
import type { Book, Change, Stored } from "./book.ts";
import { decided, kept, refused } from "./calls.ts";
import type { EventData } from "./events.ts";
import type { CallRecord } from "./record.ts";
import { restored } from "./turn.ts";
import type { AnswerResult, Decision, DecisionNote, PendingAnswer, RunStatus } from "./types.ts";
import { viewOf } from "./view.ts";
import { encodeValue } from "./values.ts";

const ENDED: ReadonlySet<RunStatus> = new Set(["done", "failed", "canceled"]);
/** Each round another writer was faster; that many in a row do not happen by chance. */
const MAX_ROUNDS = 100;

/** True for a run that never goes on. */
export function hasEnded({ head }: Stored): boolean {
  return ENDED.has(head.status);
}

/**
 * Changes a run, also while other writers do. `change` is asked again whenever another writer was first; undefined changes
 * nothing.
 */
export async function changeRun(
  book: Book,
  tenant: string,
  run: string,
  change: (base: Stored) => Change | undefined,
): Promise<Stored> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const base = await book.read(tenant, run);
    const next = change(base);
    if (next === undefined) return base;
    try {
      return await book.commit(base, next);
    } catch (error) {
      if (!(error instanceof StoreConflictError)) throw error;
    }
  }
  throw new RunError("busy", `run ${run} was changed by others ${MAX_ROUNDS} times in a row`);
}

/** Makes a run go on now. A worker that is at it finds out by itself. */
function woken({ head }: Stored, now: number): Change["head"] {
  return head.lease === undefined ? { ...head, status: "running", dueAt: now } : head;
}

/** Notes are shown, and become a part of messages. Over HTTP they may be anything. */
export function checkNote(note: DecisionNote): void {
  for (const name of ["by", "reason"] as const) {
    const value: unknown = note[name];
    if (value !== undefined && typeof value !== "string")
      throw new TypeError(`${name} must be a text, not ${value === null ? "null" : typeof value}`);
  }
}

type Kind = Extract<EventData, { type: "decided" }>["decision"];

function kindOf(decision: Decision): Kind {
  const kinds = (["approve", "edit", "respond", "deny"] as const).filter((kind) => kind in decision);
  const [kind] = kinds;
  if (kinds.length !== 1 || kind === undefined)
    throw new TypeError("a decision has exactly one of approve: true, edit: [arguments], respond: value, deny: true");
  if (kind === "edit" && !Array.isArray((decision as { edit: unknown }).edit))
    throw new TypeError("edit takes the list of arguments with which to make the call");
  if ((kind === "approve" || kind === "deny") && (decision as Record<Kind, unknown>)[kind] !== true)
    throw new TypeError(`${kind} takes true: to do the opposite, ${kind === "approve" ? "deny" : "approve"}`);
  return kind;
}

/** The call as it is after the decision. */
function decide(call: CallRecord, decision: Decision): CallRecord {
  if ("respond" in decision) return decided(call, kept(decision.respond));
  if ("deny" in decision) {
    const by = decision.by === undefined ? "" : ` by ${decision.by}`;
    const reason = decision.reason === undefined ? "" : `: ${decision.reason}`;
    return refused(call, "DeniedError", `the call ${call.name} was denied${by}${reason}`);
  }
  const ready: CallRecord = { ...call, state: "ready", isApproved: true, why: undefined, expiresAt: undefined };
  return "edit" in decision ? { ...ready, edited: encodeValue(decision.edit, "edit") } : ready;
}

function findCall({ head, body }: Stored, callId: number): CallRecord | undefined {
  const call = body.calls.find(({ id }) => id === callId);
  if (call === undefined && !(Number.isInteger(callId) && callId >= 0 && callId <= body.lastCall))
    throw new RunError("unknown-call", `run ${head.run} has made no call with id ${String(callId)}`);
  if (call?.kind === "timer") throw new RunError("unknown-call", `call ${callId} of run ${head.run} is a timer`);
  return call;
}

/** Has the time of a call, or that of its run, passed before the decision? The guest gets an Error then, even if it has not yet. */
function isLate({ head }: Stored, call: CallRecord, now: number): boolean {
  return Math.min(call.expiresAt ?? Infinity, head.expiresAt ?? Infinity) <= now;
}

/**
 * Gives a person's decision about a call.
 *
 * @throws RunError for an unknown run or call; TypeError for an invalid decision; MarshalError for a value that cannot be kept
 */
export async function answerCall(
  book: Book,
  tenant: string,
  run: string,
  callId: number,
  decision: Decision,
  now: number,
): Promise<{ readonly result: AnswerResult; readonly stored: Stored }> {
  const kind = kindOf(decision);
  checkNote(decision);
  const { by, reason } = decision;
  let why: Extract<AnswerResult, { accepted: false }>["why"] | undefined;
  const stored = await changeRun(book, tenant, run, (base) => {
    const { body, snapshot } = base;
    const call = findCall(base, callId);
    why = hasEnded(base)
      ? "ended"
      : call === undefined || call.state === "decided" || (call.state === "ready" && call.isApproved === true)
        ? "answered"
        : call.state === "claimed"
          ? "running"
          : isLate(base, call, now)
            ? "expired"
            : undefined;
    if (why !== undefined || call === undefined) return undefined;
    if (("approve" in decision || "edit" in decision) && call.why === "hold") {
      throw new RunError("unknown-call", `nothing can make the call ${call.name}: answer it by respond or deny`);
    }
    const next = decide(call, decision);
    return {
      head: woken(base, now),
      body: { ...body, calls: body.calls.map((one) => (one.id === callId ? next : one)) },
      snapshot,
      events: [{ type: "decided", decision: kind, by, reason, callId, name: call.name }],
    };
  });
  const view = viewOf(stored);
  return { stored, result: why === undefined ? { accepted: true, run: view } : { accepted: false, why, run: view } };
}

/** Ends a run. */
export function canceled(base: Stored, by: string | undefined, reason: string | undefined): Change | undefined {
  if (hasEnded(base)) return undefined;
  const { head, body } = base;
  return {
    // Another epoch: a worker that is at it is fenced off.
    head: { ...head, status: "canceled", lease: undefined, epoch: head.epoch + 1, dueAt: undefined },
    body: { ...body, calls: [], reason: undefined },
    snapshot: new Uint8Array(0),
    events: [{ type: "canceled", by, reason }],
  };
}

/** Moves a run's deadline. */
export function expiring(base: Stored, at: number, now: number): Change | undefined {
  if (hasEnded(base)) return undefined;
  const { body, snapshot } = base;
  const woke = at <= now ? woken(base, now) : base.head;
  const dueAt = woke.lease === undefined ? Math.min(woke.dueAt ?? Infinity, at) : woke.dueAt;
  return { head: { ...woke, expiresAt: at, dueAt }, body: { ...body, isExpired: undefined }, snapshot, events: [] };
}

/** The calls that wait for a person, with their arguments from the snapshot. */
export function pendingOf(runtime: ResumeRuntime, stored: Stored): PendingAnswer[] {
  const waiting = stored.body.calls.filter(({ state }) => state === "waiting");
  if (waiting.length === 0) return [];
  const state = restored(runtime, stored.snapshot, stored.body.limits);
  if (state.status !== "suspended") return [];
  const args = new Map(state.calls.map((call) => [call.id, call.args]));
  state.dispose();
  return waiting.map(({ id, name, why = "hold", reason, attempt, since, expiresAt }) => {
    return {
      runId: stored.head.run,
      callId: id,
      name,
      args: args.get(id) ?? [],
      why,
      reason,
      attempt,
      since,
      expiresAt,
    };
  });
}
