// Owns the arrival of the host's answers: they settle a promise, or become the result of a call that is held. Must never wait.
import { addressOf, Value } from "../core/value";
import { CALLRECORD_DUE_OR_RETURN, CALLRECORD_KIND, CALLRECORD_STATE, CALLRECORD_TARGET } from "../generated/kinds";
import { VM_CURRENT_CALL, VM_EXCEPTION, VM_FP, VM_PC } from "../generated/layout";
import { CallKind } from "../generated/states";
import { findCall, removeCall, UNKNOWN_CALL } from "../jobs/calls";
import { rejectPromise, resolveLater } from "../jobs/promise";
import { fireTimer } from "../jobs/timers";
import { LEAVE } from "./action";
import { deliver, unwind } from "./return";

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
  if (kind == CallKind.TIMER) {
    fireTimer(record);
    return LEAVE;
  }
  removeCall(record);
  if (kind == CallKind.SYNC) return answerSync(record, value, isError);
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
  const returnPc = <usize>load<u32>(VM_PC) + <usize>(<u32>load<u64>(record, CALLRECORD_DUE_OR_RETURN));
  return deliver(value, returnPc, <usize>load<u32>(VM_FP), state & 0xffff, state >> 16);
}
