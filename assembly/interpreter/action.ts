// Owns what slow paths return to the loop: how many bytes further to go on, RELOAD or LEAVE, and the context of the call being made.
// Must never run anything.
import { UNDEFINED } from "../core/value";
import { LimitKind, Request, RunStatus, VM_LIMIT_KIND, VM_LIMIT_USED, VM_STATUS } from "../generated/layout";
import { request } from "../heap/memory";

// An action is a number, so that the loop tests it once, at its end:
//
//   act > 0    the instruction is done: pc += act. 8 or 16, its length in bytes
//   RELOAD     pc and fp are in the VM block: a frame was pushed or popped, a jump was taken, or the instruction is to be run again
//   LEAVE      the loop returns to the host. VM_STATUS says why; VM_PC and VM_FP name the instruction that goes on
export const RELOAD: i32 = 0;
export const LEAVE: i32 = -1;

/**
 * Context of the call being made, in static data: natives that switch frames read where the result goes. It is valid from the call of a
 * native until that native returns: nothing of it lives across a safepoint, so a snapshot does not have it.
 *
 *   +0 return pc · +4 caller fp · +8 destination · +12 record kind          where the result goes (set by runNative and CALLN)
 *   +16 action                                                              set by natives that return SWITCH
 *   +20 area · +24 argument count                                           set by natives that return CALL
 *   +28 fuel spent on a chain of calls · +32 fuel before the native (call.ts)
 */
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
