// Owns the pending host calls and timers of the guest, and the host's answers to them. Must never give an answer any meaning for
// guest code beyond settling a promise, delivering a value or queueing a callback.
//
//   CALLRECORD, in the order they were made: id · kind · name · args: array of the arguments, or undefined
//     ASYNC, MODULE   target: the promise
//     SYNC            the machine is held at the calling instruction (VM pc and fp, status SYNC_CALL, currentCall);
//                     state: destination | record kind << 16 · due: bytes from the instruction to where execution goes on
//     TIMER           name: the callback · due: when, on the clock of the machine · target: the interval, or undefined;
//                     state: CANCELLED, if it was stopped when its task was in the queue already
import { addressOf, boxCell, boxInt, boxObject, boxString, RETRY, toDouble, UNDEFINED, Value, boxNumber } from "../core/value";
import {
  CALLRECORD_ARGS, CALLRECORD_DUE, CALLRECORD_ID, CALLRECORD_KIND, CALLRECORD_NAME, CALLRECORD_NEXT, CALLRECORD_SIZE, CALLRECORD_STATE, CALLRECORD_TARGET,
  EXTERNAL_MODE, EXTERNAL_NAME, Kind, REACTION_HANDLER, REACTION_NEXT,
} from "../generated/kinds";
import {
  LimitKind, RunStatus, VM_CALL_HEAD, VM_CALL_TAIL, VM_CLOCK_NOW, VM_CURRENT_CALL, VM_EXCEPTION, VM_FP, VM_HOST_CALL_LIMIT, VM_HOST_CALLS, VM_NEXT_CALL_ID, VM_PC,
  VM_STATUS,
} from "../generated/layout";
import { allocate, chargeFuel, reserve } from "../heap/memory";
import { afterSignal, deliver, LEAVE } from "../interpreter/call";
import { limitReached } from "../interpreter/limits";
import { unwind } from "../interpreter/unwind";
import { arrayPush, newArray } from "../objects/object";
import { newPromise, newReaction, rejectPromise, resolveLater, TASK } from "./promise";
import { enqueueTask, firstTask } from "./queue";

/** Kinds of CALLRECORD. Snapshots hold them: append only. */
export const ASYNC: u32 = 0;
export const SYNC: u32 = 1;
export const TIMER: u32 = 2;
export const MODULE: u32 = 3;

/** State of a timer that was stopped. */
export const CANCELLED: u32 = 1;

/** answerCall: no call has that id. */
export const UNKNOWN_CALL: i32 = -2;

/** A new record at the end of the list, with the next id. */
export function newCall(kind: u32, name: Value, args: Value, target: Value): usize {
  const record = allocate(Kind.CALLRECORD, CALLRECORD_SIZE);
  let id = load<u32>(VM_NEXT_CALL_ID);
  if (id == 0) id = 1;
  store<u32>(VM_NEXT_CALL_ID, id + 1);
  store<u32>(record, 0);
  store<u32>(record, 0, CALLRECORD_NEXT);
  store<u32>(record, id, CALLRECORD_ID);
  store<u32>(record, kind, CALLRECORD_KIND);
  store<u32>(record, 0, CALLRECORD_STATE);
  store<u64>(record, name, CALLRECORD_NAME);
  store<u64>(record, args, CALLRECORD_ARGS);
  store<u64>(record, target, CALLRECORD_TARGET);
  store<u64>(record, UNDEFINED, CALLRECORD_DUE);
  const tail = <usize>load<u32>(VM_CALL_TAIL);
  if (tail == 0) store<u32>(VM_CALL_HEAD, <u32>record);
  else store<u32>(tail, <u32>record, CALLRECORD_NEXT);
  store<u32>(VM_CALL_TAIL, <u32>record);
  return record;
}

/** Address of the record with that id, or 0. */
export function findCall(id: u32): usize {
  let record = <usize>load<u32>(VM_CALL_HEAD);
  while (record != 0 && load<u32>(record, CALLRECORD_ID) != id) record = <usize>load<u32>(record, CALLRECORD_NEXT);
  return record;
}

/** Takes a record out of the list. */
export function removeCall(record: usize): void {
  const next = load<u32>(record, CALLRECORD_NEXT);
  let before: usize = 0;
  let at = <usize>load<u32>(VM_CALL_HEAD);
  while (at != record) {
    before = at;
    at = <usize>load<u32>(at, CALLRECORD_NEXT);
  }
  if (before == 0) store<u32>(VM_CALL_HEAD, next);
  else store<u32>(before, next, CALLRECORD_NEXT);
  if (next == 0) store<u32>(VM_CALL_TAIL, <u32>before);
  store<u32>(record, 0, CALLRECORD_NEXT);
}

// --- the guest calls its host -------------------------------------------------------------------------------------

/** Calls an EXTERNAL at `area`; arguments as in callArea. */
export function callExternal(pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32): i32 {
  store<u32>(VM_PC, <u32>pc);
  store<u32>(VM_FP, <u32>fp);
  const used = load<u32>(VM_HOST_CALLS) + 1;
  if (used > load<u32>(VM_HOST_CALL_LIMIT)) return limitReached(LimitKind.HOST_CALLS, used);
  if (argc > 32 && !reserve(<usize>argc << 4)) return afterSignal(RETRY, pc, fp);
  store<u32>(VM_HOST_CALLS, used);
  const external = addressOf(load<u64>(area));
  const args = newArray(<u32>argc);
  for (let i = 0; i < argc; i++) arrayPush(args, load<u64>(area + 16 + (<usize>i << 3)));
  const name = boxString(<usize>load<u32>(external, EXTERNAL_NAME));
  if (load<u32>(external, EXTERNAL_MODE) == 0) {
    const promise = boxObject(newPromise());
    newCall(ASYNC, name, boxObject(args), promise);
    return deliver(promise, returnPc, fp, destination, kind);
  }
  const record = newCall(SYNC, name, boxObject(args), UNDEFINED);
  store<u32>(record, destination | (kind << 16), CALLRECORD_STATE);
  store<u64>(record, boxInt(<i32>(returnPc - pc)), CALLRECORD_DUE);
  store<u32>(VM_CURRENT_CALL, <u32>record);
  store<u32>(VM_STATUS, RunStatus.SYNC_CALL);
  return LEAVE;
}

// --- the host answers ---------------------------------------------------------------------------------------------

/**
 * Answers the call with that id. Returns:
 *   UNKNOWN_CALL  no call has that id
 *   RELOAD        it was the sync call at which the guest was held; the guest goes on
 *   LEAVE         jobs come next; the status is unchanged, except THREW if the answer of a sync call was an exception without a handler
 */
export function answerCall(id: u32, value: Value, isError: bool): i32 {
  const record = findCall(id);
  if (record == 0) return UNKNOWN_CALL;
  const kind = load<u32>(record, CALLRECORD_KIND);
  if (kind == TIMER) {
    fireTimer(record);
    return LEAVE;
  }
  removeCall(record);
  if (kind == SYNC) return answerSync(record, value, isError);
  const promise = addressOf(load<u64>(record, CALLRECORD_TARGET));
  if (isError) rejectPromise(promise, value);
  else resolveLater(promise, value);
  return LEAVE;
}

function answerSync(record: usize, value: Value, isError: bool): i32 {
  store<u32>(VM_CURRENT_CALL, 0);
  if (isError) {
    store<u64>(VM_EXCEPTION, value);
    return unwind();
  }
  const state = load<u32>(record, CALLRECORD_STATE);
  const returnPc = <usize>load<u32>(VM_PC) + <usize>(<u32>load<u64>(record, CALLRECORD_DUE));
  return deliver(value, returnPc, <usize>load<u32>(VM_FP), state & 0xffff, state >> 16);
}

// --- timers -------------------------------------------------------------------------------------------------------
// https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers

/** A delay as timers take it: milliseconds from 1 to 2³¹ - 1; 1 for anything else. */
function delayOf(delay: f64): f64 {
  return delay >= 1 && delay <= 2147483647 ? trunc<f64>(delay) : 1;
}

function now(): f64 {
  return toDouble(load<u64>(VM_CLOCK_NOW));
}

/** Starts a timer; args: array or undefined. Returns the id of its call. */
export function startTimer(callback: Value, delay: f64, args: Value, repeats: bool): u32 {
  const wait = delayOf(delay);
  const record = newCall(TIMER, callback, args, repeats ? boxNumber(wait) : UNDEFINED);
  store<u64>(record, boxNumber(now() + wait), CALLRECORD_DUE);
  return load<u32>(record, CALLRECORD_ID);
}

/** Stops the timer with that id, if it exists, even if it is due and its callback is waiting to run. */
export function stopTimer(id: u32): void {
  const record = findCall(id);
  if (record != 0) {
    if (load<u32>(record, CALLRECORD_KIND) != TIMER) return;
    removeCall(record);
    store<u32>(record, CANCELLED, CALLRECORD_STATE);
    return;
  }
  for (let task = firstTask(); task != 0; task = <usize>load<u32>(task, REACTION_NEXT)) {
    const timer = addressOf(load<u64>(task, REACTION_HANDLER));
    if (load<u32>(timer, CALLRECORD_ID) == id) store<u32>(timer, CANCELLED, CALLRECORD_STATE);
    chargeFuel(1);
  }
}

/** Fires a timer that is due: makes its callback a task, moves the clock up to the due time if it is earlier, re-arms an interval. */
function fireTimer(record: usize): void {
  const due = toDouble(load<u64>(record, CALLRECORD_DUE));
  if (!(now() >= due)) store<u64>(VM_CLOCK_NOW, boxNumber(due));
  enqueueTask(newReaction(TASK, boxCell(record), UNDEFINED, UNDEFINED));
  const interval = load<u64>(record, CALLRECORD_TARGET);
  if (interval == UNDEFINED) removeCall(record);
  else store<u64>(record, boxNumber(now() + toDouble(interval)), CALLRECORD_DUE);
}

// --- for the host -------------------------------------------------------------------------------------------------

/** How many calls and timers are pending. */
export function pendingCount(): i32 {
  let count = 0;
  for (let record = <usize>load<u32>(VM_CALL_HEAD); record != 0; record = <usize>load<u32>(record, CALLRECORD_NEXT)) count++;
  return count;
}

/** Record number i (from 0, in the order the calls were made); 0 past the last one. */
export function callAt(i: i32): usize {
  let record = <usize>load<u32>(VM_CALL_HEAD);
  for (let n = 0; n < i && record != 0; n++) record = <usize>load<u32>(record, CALLRECORD_NEXT);
  return record;
}

export function callId(record: usize): u32 {
  return load<u32>(record, CALLRECORD_ID);
}
export function callKind(record: usize): u32 {
  return load<u32>(record, CALLRECORD_KIND);
}
export function callName(record: usize): Value {
  return load<u64>(record, CALLRECORD_NAME);
}
export function callArguments(record: usize): Value {
  return load<u64>(record, CALLRECORD_ARGS);
}
/** When a timer is due, on the clock of the machine. */
export function callDue(record: usize): f64 {
  return load<u32>(record, CALLRECORD_KIND) == TIMER ? toDouble(load<u64>(record, CALLRECORD_DUE)) : 0;
}

/** The timer that is due first (of several, the one started first); 0 if no timer is pending. */
export function nextTimer(): usize {
  let best: usize = 0;
  for (let record = <usize>load<u32>(VM_CALL_HEAD); record != 0; record = <usize>load<u32>(record, CALLRECORD_NEXT)) {
    if (load<u32>(record, CALLRECORD_KIND) == TIMER && (best == 0 || callDue(record) < callDue(best))) best = record;
  }
  return best;
}
