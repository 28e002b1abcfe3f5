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
  BYTES_LENGTH, BYTES_PAD, BYTES_SIZE, CALLRECORD_ARGS, CALLRECORD_DUE_OR_RETURN, CALLRECORD_ID, CALLRECORD_KIND, CALLRECORD_CALLEE, CALLRECORD_NEXT,
  CALLRECORD_SIZE, CALLRECORD_STATE, CALLRECORD_TARGET, Kind,
} from "../generated/kinds";
import { VM_CALL_HEAD, VM_CALL_INDEX, VM_CALL_TAIL, VM_NEXT_CALL_ID } from "../generated/layout";
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
  store<u64>(record, name, CALLRECORD_CALLEE);
  store<u64>(record, args, CALLRECORD_ARGS);
  store<u64>(record, target, CALLRECORD_TARGET);
  store<u64>(record, UNDEFINED, CALLRECORD_DUE_OR_RETURN);
  const tail = <usize>load<u32>(VM_CALL_TAIL);
  if (tail == 0) store<u32>(VM_CALL_HEAD, <u32>record);
  else store<u32>(tail, <u32>record, CALLRECORD_NEXT);
  store<u32>(VM_CALL_TAIL, <u32>record);
  if (load<u32>(VM_CALL_INDEX) != 0) appendToIndex(record, tail);
  return record;
}

// Where many calls are pending, they are found by an index: {record u32 · record before it in the list u32} in the order of ids, with
// records that have left the list in between. The header of a record holds its place there + 1, and 0 once it has left. An index is
// built when it is needed, lives until a collection moves the records, and is no part of the state.

/** So many records are passed before an index is built. */
const SHORT: i32 = 32;
const INDEX_ENTRY: usize = 8;

function indexEntry(index: usize, place: u32): usize {
  return index + BYTES_SIZE + <usize>place * INDEX_ENTRY;
}

/** Adds the record at the end of the list, which follows `before`; an index without room is given up. */
function appendToIndex(record: usize, before: usize): void {
  const index = <usize>load<u32>(VM_CALL_INDEX);
  const count = load<u32>(index, BYTES_PAD);
  if (<usize>(count + 1) * INDEX_ENTRY > <usize>load<u32>(index, BYTES_LENGTH)) {
    store<u32>(VM_CALL_INDEX, 0);
    return;
  }
  store<u32>(indexEntry(index, count), <u32>record);
  store<u32>(indexEntry(index, count), <u32>before, 4);
  store<u32>(record, count + 1);
  store<u32>(index, count + 1, BYTES_PAD);
}

/** The index of all pending calls, with room for as many again. */
function callIndex(): usize {
  if (load<u32>(VM_CALL_INDEX) != 0) return <usize>load<u32>(VM_CALL_INDEX);
  let count: usize = 0;
  for (let record = <usize>load<u32>(VM_CALL_HEAD); record != 0; record = <usize>load<u32>(record, CALLRECORD_NEXT)) count++;
  const bytes = (2 * count + <usize>SHORT) * INDEX_ENTRY;
  const index = allocate(Kind.BYTES, BYTES_SIZE + bytes);
  store<u32>(index, 0);
  store<u32>(index, <u32>bytes, BYTES_LENGTH);
  store<u32>(index, 0, BYTES_PAD);
  store<u32>(VM_CALL_INDEX, <u32>index);
  let before: usize = 0;
  for (let record = <usize>load<u32>(VM_CALL_HEAD); record != 0; record = <usize>load<u32>(record, CALLRECORD_NEXT)) {
    appendToIndex(record, before);
    before = record;
  }
  return index;
}

/** Gives the index up, and the places in the headers of the records. */
export function dropCallIndex(): void {
  store<u32>(VM_CALL_INDEX, 0);
  for (let record = <usize>load<u32>(VM_CALL_HEAD); record != 0; record = <usize>load<u32>(record, CALLRECORD_NEXT)) store<u32>(record, 0);
}

/** Address of the record with that id, or 0. */
export function findCall(id: u32): usize {
  let record = <usize>load<u32>(VM_CALL_HEAD);
  for (let passed = 0; passed < SHORT; passed++) {
    if (record == 0 || load<u32>(record, CALLRECORD_ID) == id) return record;
    record = <usize>load<u32>(record, CALLRECORD_NEXT);
  }
  const index = callIndex();
  let low: u32 = 0;
  let high = load<u32>(index, BYTES_PAD);
  while (low < high) {
    const middle = (low + high) >> 1;
    record = <usize>load<u32>(indexEntry(index, middle));
    const found = load<u32>(record, CALLRECORD_ID);
    if (found == id) return load<u32>(record) == 0 ? 0 : record;
    if (found < id) low = middle + 1;
    else high = middle;
  }
  return 0;
}

/** The record before that one in the list; 0 if it is the first. */
function recordBefore(record: usize): usize {
  if (load<u32>(VM_CALL_INDEX) == 0) {
    let before: usize = 0;
    let at = <usize>load<u32>(VM_CALL_HEAD);
    for (let passed = 0; passed < SHORT; passed++) {
      if (at == record) return before;
      before = at;
      at = <usize>load<u32>(at, CALLRECORD_NEXT);
    }
  }
  return <usize>load<u32>(indexEntry(callIndex(), load<u32>(record) - 1), 4);
}

/** Takes a record out of the list. */
export function removeCall(record: usize): void {
  const before = recordBefore(record);
  const next = <usize>load<u32>(record, CALLRECORD_NEXT);
  if (before == 0) store<u32>(VM_CALL_HEAD, <u32>next);
  else store<u32>(before, <u32>next, CALLRECORD_NEXT);
  if (next == 0) store<u32>(VM_CALL_TAIL, <u32>before);
  store<u32>(record, 0, CALLRECORD_NEXT);
  const index = <usize>load<u32>(VM_CALL_INDEX);
  if (index == 0) return;
  if (next != 0) store<u32>(indexEntry(index, load<u32>(next) - 1), <u32>before, 4);
  store<u32>(record, 0);
}

/** When a timer is due, on the clock of the machine. */
export function callDue(record: usize): f64 {
  return load<u32>(record, CALLRECORD_KIND) == CallKind.TIMER ? toDouble(load<u64>(record, CALLRECORD_DUE_OR_RETURN)) : 0;
}
