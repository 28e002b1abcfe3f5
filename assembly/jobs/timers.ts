// Owns timers: pending calls of kind TIMER, in order of when they are due. Must never read a clock: the host sets it.
import { addressOf, boxCell, boxInt, boxNumber, toDouble, UNDEFINED, Value } from "../core/value";
import {
  CALLRECORD_DUE_OR_RETURN, CALLRECORD_ID, CALLRECORD_KIND, CALLRECORD_NEXT, CALLRECORD_STATE, CALLRECORD_TARGET, REACTION_HANDLER, REACTION_NEXT,
} from "../generated/kinds";
import { VM_CALL_HEAD, VM_CLOCK_NOW } from "../generated/layout";
import { CALL_CANCELLED, CallKind, ReactionKind } from "../generated/states";
import { chargeFuel } from "../heap/memory";
import { findCall, newCall, removeCall } from "./calls";
import { enqueueTask, firstTask } from "./list";
import { newReaction } from "./promise";

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
  const record = newCall(CallKind.TIMER, callback, args, repeats ? boxNumber(wait) : UNDEFINED);
  store<u64>(record, boxNumber(now() + wait), CALLRECORD_DUE_OR_RETURN);
  return load<u32>(record, CALLRECORD_ID);
}

/** In the place of an interval: a program does not wait for this timer. */
const QUIET: i32 = -1;

/** Starts a timer of any delay. `quiet`: a program whose only pending calls are such timers is complete. */
export function startTimerIn(callback: Value, wait: f64, args: Value, quiet: bool): u32 {
  const record = newCall(CallKind.TIMER, callback, args, quiet ? boxInt(QUIET) : UNDEFINED);
  store<u64>(record, boxNumber(now() + wait), CALLRECORD_DUE_OR_RETURN);
  return load<u32>(record, CALLRECORD_ID);
}

/** True if a program waits for one of the pending calls. */
export function isAwaited(): bool {
  for (let record = <usize>load<u32>(VM_CALL_HEAD); record != 0; record = <usize>load<u32>(record, CALLRECORD_NEXT)) {
    if (load<u32>(record, CALLRECORD_KIND) != CallKind.TIMER || load<u64>(record, CALLRECORD_TARGET) != boxInt(QUIET)) return true;
  }
  return false;
}

/** Stops the timer with that id, if it exists, even if it is due and its callback is waiting to run. */
export function stopTimer(id: u32): void {
  const record = findCall(id);
  if (record != 0) {
    if (load<u32>(record, CALLRECORD_KIND) != CallKind.TIMER) return;
    removeCall(record);
    store<u32>(record, CALL_CANCELLED, CALLRECORD_STATE);
    return;
  }
  for (let task = firstTask(); task != 0; task = <usize>load<u32>(task, REACTION_NEXT)) {
    const timer = addressOf(load<u64>(task, REACTION_HANDLER));
    if (load<u32>(timer, CALLRECORD_ID) == id) store<u32>(timer, CALL_CANCELLED, CALLRECORD_STATE);
    chargeFuel(1);
  }
}

/** Fires a timer that is due: makes its callback a task, moves the clock up to the due time if it is earlier, re-arms an interval. */
export function fireTimer(record: usize): void {
  const due = toDouble(load<u64>(record, CALLRECORD_DUE_OR_RETURN));
  if (!(now() >= due)) store<u64>(VM_CLOCK_NOW, boxNumber(due));
  enqueueTask(newReaction(ReactionKind.TASK, boxCell(record), UNDEFINED, UNDEFINED));
  const interval = load<u64>(record, CALLRECORD_TARGET);
  if (interval == UNDEFINED || interval == boxInt(QUIET)) removeCall(record);
  else store<u64>(record, boxNumber(now() + toDouble(interval)), CALLRECORD_DUE_OR_RETURN);
}
