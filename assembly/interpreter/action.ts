// Owns what slow paths return to the loop: how many bytes further to go on, RELOAD or LEAVE, and the context of the call being made.
// Must never run anything.
import { UNDEFINED } from "../core/value";
import { LimitKind, Request, RunStatus, VM_LIMIT_KIND, VM_LIMIT_USED, VM_STATUS } from "../generated/layout";
import { request } from "../heap/memory";

export const RELOAD: i32 = 0;
export const LEAVE: i32 = -1;

/** Destination of the result of the call being made; natives that switch frames read it. */
export const CONTEXT: usize = memory.data(40, 8);
export const CONTEXT_RETURN_PC: usize = CONTEXT;
export const CONTEXT_CALLER_FP: usize = CONTEXT + 4;
export const CONTEXT_DESTINATION: usize = CONTEXT + 8;
export const CONTEXT_KIND: usize = CONTEXT + 12;
/** The action with which the loop goes on after a native returned SWITCH. */
export const CONTEXT_ACTION: usize = CONTEXT + 16;
/** The call that a native signals with CALL: its area, and its argument count. */
export const CONTEXT_AREA: usize = CONTEXT + 20;
export const CONTEXT_ARGC: usize = CONTEXT + 24;
/** Fuel that the call instruction being tried has paid beyond its own unit; retryLater gives it back. */
export const CONTEXT_SPENT: usize = CONTEXT + 28;

/** Ends the run at a limit. */
export function limitReached(kind: i32, used: u32): i32 {
  store<u32>(VM_LIMIT_KIND, <u32>kind);
  store<u32>(VM_LIMIT_USED, used);
  store<u32>(VM_STATUS, RunStatus.LIMIT);
  return LEAVE;
}

/**
 * A register holds a value that no compiled program produces, so the snapshot was forged: the run ends, at once or, where that
 * is impossible (damagedSlot), at the next safepoint.
 */
export function damaged(): i32 {
  return limitReached(LimitKind.NONE, 0);
}
/** A slot that code may write to in place of one that does not exist. */
const NOWHERE: usize = memory.data(8, 8);
/** As damaged, but returns the address of a slot that can be read and written until the next safepoint. */
export function damagedSlot(): usize {
  store<u32>(VM_LIMIT_KIND, <u32>LimitKind.NONE);
  request(Request.LIMIT);
  store<u64>(NOWHERE, UNDEFINED);
  return NOWHERE;
}
