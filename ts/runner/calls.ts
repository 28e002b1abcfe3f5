// Owns the life of a call: from the guest's request, through waiting, claims and attempts, to the answer that the guest gets. Must
// never make a call: it says what the next record is, and drive.ts acts only on a record that has been stored.

import { sha256 } from "../bytes/sha256.ts";
import type { Answer } from "../machine/answers.ts";
import type { PendingCall } from "../machine/pending-calls.ts";
import type { EventData } from "./events.ts";
import type { CallRecord, KeptAnswer } from "./record.ts";
import { delayAfter } from "./retry.ts";
import type { RunnerTool } from "./types.ts";
import { decodeValue, encodeValue } from "./values.ts";

/** How an attempt ended. */
export type Attempt =
  | { readonly ok: true; readonly value: unknown }
  /** `isUnsure`: it is not known whether the call had its effect (it timed out, or was told to stop). */
  | { readonly ok: false; readonly error: unknown; readonly isUnsure: boolean };

/** A call as it is after a change, and what to tell about it. */
export interface Changed {
  readonly call: CallRecord;
  readonly events: readonly EventData[];
}

/** An error as the guest gets it. */
function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function about({ id, name }: CallRecord): { readonly callId: number; readonly name: string } {
  return { callId: id, name };
}

/** The idempotency key of a call: of nothing but the run's nonce and the call's id, which no crash changes. */
export function keyOf(nonce: string, id: number): string {
  return sha256(new TextEncoder().encode(`fermata call ${nonce} ${id}`)).slice(0, 32);
}

/** A call that the guest has just made. */
export function newCall(pending: PendingCall, nonce: string, now: number): CallRecord {
  const { id, name, kind, dueAt } = pending;
  const key = kind === "timer" ? "" : keyOf(nonce, id);
  return { id, name, kind, state: "ready", key, attempt: 0, since: now, dueAt };
}

/** Makes a call wait for a person. */
export function asked(
  call: CallRecord,
  why: NonNullable<CallRecord["why"]>,
  reason: string | undefined,
  tool: RunnerTool | undefined,
  now: number,
): Changed {
  const expiresAt = tool?.expiresMs === undefined ? undefined : now + tool.expiresMs;
  return {
    call: { ...call, state: "waiting", why, reason, expiresAt },
    events: [{ type: "asked", why, reason, ...about(call) }],
  };
}

/** Claims a call for the holder of a lease. */
export function claimed(call: CallRecord, epoch: number): Changed {
  const attempt = call.attempt + 1;
  return {
    call: { ...call, state: "claimed", attempt, epoch, notBefore: undefined },
    events: [{ type: "claimed", attempt, ...about(call) }],
  };
}

/** Gives a call its answer; the guest gets it next. */
export function decided(call: CallRecord, answer: KeptAnswer): CallRecord {
  return { ...call, state: "decided", answer, why: undefined, expiresAt: undefined };
}

/** Gives a call an error for its answer. */
export function refused(call: CallRecord, name: string, message: string): CallRecord {
  return decided(call, { error: { name, message } });
}

/** The answer of a decided call, as the guest gets it. */
export function answerOf({ answer }: CallRecord): Answer {
  if (answer?.error !== undefined) return { error: namedError(answer.error.name, answer.error.message) };
  return { value: answer?.value === undefined ? undefined : decodeValue(answer.value) };
}

/** What to tell about an answer that the guest gets. */
export function answeredEvent(call: CallRecord, answer: Answer): EventData {
  const isError = "error" in answer;
  return { type: "answered", ok: !isError, message: isError ? messageOf(answer.error) : undefined, ...about(call) };
}

/** A call whose worker ended before it stored the answer: it may have run. */
export function uncertain(call: CallRecord, tool: RunnerTool | undefined, now: number): Changed {
  const policy = tool?.uncertain ?? "ask";
  const event: EventData = { type: "uncertain", policy, ...about(call) };
  if (policy === "retry") return { call: { ...call, state: "ready", epoch: undefined }, events: [event] };
  if (policy === "fail") {
    const message = `the worker that made the call ${call.name} ended before it stored the answer: the call may have run`;
    return { call: refused(call, "UncertainCallError", message), events: [event] };
  }
  const next = asked({ ...call, epoch: undefined, isApproved: undefined }, "uncertain", undefined, tool, now);
  return { call: next.call, events: [event, ...next.events] };
}

/** What becomes of a call whose attempt failed: undefined if the guest gets the error. */
export function afterFailure(
  call: CallRecord,
  tool: RunnerTool | undefined,
  { error, isUnsure }: Extract<Attempt, { ok: false }>,
  now: number,
  chance: number,
): Changed | undefined {
  // Whether it ran is unknown: only a tool that may be repeated is tried again by itself.
  if (isUnsure && tool?.uncertain !== "retry") return undefined;
  const delay = delayAfter(tool?.retry, call.attempt, error, chance);
  if (delay === undefined) return undefined;
  const notBefore = now + delay;
  const message = messageOf(error);
  return {
    call: { ...call, state: "ready", epoch: undefined, notBefore, lastError: message },
    events: [{ type: "retried", attempt: call.attempt, message, notBefore, ...about(call) }],
  };
}

/** A call that was not answered in time. */
export function expiredCall(call: CallRecord): CallRecord {
  return refused(call, "ExpiredError", `the call ${call.name} was not answered in time`);
}

/** Keeps an answer's value in a record. */
export function kept(value: unknown): KeptAnswer {
  return { value: encodeValue(value, "respond") };
}

/** When a call goes on by itself; undefined if it waits for a person, or is being made. */
export function dueOf(call: CallRecord): number | undefined {
  if (call.kind === "timer") return call.dueAt;
  if (call.state === "decided") return -Infinity;
  if (call.state === "ready") return call.notBefore ?? -Infinity;
  return call.state === "waiting" ? call.expiresAt : undefined;
}
