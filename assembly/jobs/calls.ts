// Owns the pending host calls and timers of the guest, and the host's answers to them. Must never give an answer any meaning for
// guest code beyond settling a promise, delivering a value or queueing a callback.
//
//   CALLRECORD, in the order they were made: id · kind · name · args: array of the arguments, or undefined
//     ASYNC, MODULE   target: the promise
//     SYNC            the machine is held at the calling instruction (VM pc and fp, status SYNC_CALL, currentCall);
//                     state: destination | record kind << 16 · due: bytes from the instruction to where execution goes on
//     TIMER           name: the callback · due: when, on the clock of the machine · target: the interval, or undefined;
//                     state: CANCELLED, if it was stopped when its task was in the queue already
import { toDouble, UNDEFINED, Value } from "../core/value";
import {
  CALLRECORD_ARGS, CALLRECORD_DUE, CALLRECORD_ID, CALLRECORD_KIND, CALLRECORD_NAME, CALLRECORD_NEXT, CALLRECORD_SIZE, CALLRECORD_STATE,
  CALLRECORD_TARGET, Kind,
} from "../generated/kinds";
import { VM_CALL_HEAD, VM_CALL_TAIL, VM_NEXT_CALL_ID } from "../generated/layout";
import { CallKind } from "../generated/states";
import { allocate } from "../heap/memory";

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
/** When a timer is due, on the clock of the machine. */
export function callDue(record: usize): f64 {
  return load<u32>(record, CALLRECORD_KIND) == CallKind.TIMER ? toDouble(load<u64>(record, CALLRECORD_DUE)) : 0;
}
