// Owns the end of a frame, by return and by exception: delivering the result to the caller, finding the handler, popping frames.
// Must never make an exception.
import { addressOf, boxBool, boxObject, HOLE, isObject, TRUE, UNDEFINED, Value } from "../core/value";
import { noteThrown } from "../errors/errors";
import { intrinsic, Prelude } from "../generated/intrinsics";
import { CODE_HANDLERS, GENERATOR_FRAME, GENERATOR_STATE } from "../generated/kinds";
import {
  LimitKind, RECORD_SIZE, RecordKind, Request, RunStatus, VM_CSP, VM_EXCEPTION, VM_FP, VM_PC, VM_REQUESTS, VM_RESULT, VM_STATUS,
} from "../generated/layout";
import { Op } from "../generated/opcodes";
import { GENERATOR_ASYNC, GeneratorState, RecordFlag } from "../generated/states";
import { CODE_ENTRY, frameCode, HANDLER_SIZE, handlersOf } from "../heap/code";
import { chargeFuel, isOverdrawn, takeRequests } from "../heap/memory";
import { RECORD_DESTINATION, RECORD_KIND, RECORD_RESUMED_BY, recordFlags } from "../heap/record";
import { setGeneratorState } from "../objects/generator";
import { toBoolean } from "../primitives/convert";
import { CONTEXT_ACTION, damaged, LEAVE, limitReached, RELOAD } from "./action";
import { completeStep, drain, resumerPromise } from "./async-queue";
import { takeBranch } from "./branch";
import { enterFrame } from "./frame";
import { deliverIterator, deliverNext, iteratorGroup } from "./iterator-group";
import { finish, iteratorResult, ownerOf } from "./suspended";

/** Fuel of looking for a handler in a frame, however few it has: a loop of throws may pay for nothing else. */
const SEARCH: i32 = 2;

/**
 * Delivers the result of a call to its caller. The record of the call, if it had one, has been popped. The control record says what the
 * caller wants with the result. No return address in wasm: the loop simply goes on at `returnPc`.
 *
 *   CALL, CONSTRUCT…   to the register `destination`           ITERATOR   three registers from `destination` become an iterator group
 *   DISCARD, KEEP      to no register                          NEXT       a step of the FORNEXT or ITERSTEP before returnPc
 *   NOT, BOOLEAN       its truth, to the register              BRANCH     decides the jump one word before returnPc
 *   ENTRY, JOB         bottom of the stack: the loop leaves    GENERATOR  not here: the result is wrapped first (endGeneratorCall)
 */
export function deliver(value: Value, returnPc: usize, callerFp: usize, destination: u32, kind: u32): i32 {
  store<u32>(VM_PC, <u32>returnPc);
  store<u32>(VM_FP, <u32>callerFp);
  switch (kind) {
    case RecordKind.CALL:
    case RecordKind.CONSTRUCT_DERIVED:
      store<u64>(callerFp + <usize>destination, value);
      return RELOAD;
    case RecordKind.DISCARD:
      return RELOAD;
    case RecordKind.CONSTRUCT:
      store<u64>(callerFp + <usize>destination, value);
      return RELOAD;
    case RecordKind.BRANCH:
      takeBranch(returnPc, toBoolean(value));
      return RELOAD;
    case RecordKind.NOT:
      store<u64>(callerFp + <usize>destination, boxBool(!toBoolean(value)));
      return RELOAD;
    case RecordKind.BOOLEAN:
      store<u64>(callerFp + <usize>destination, boxBool(toBoolean(value)));
      return RELOAD;
    case RecordKind.NEXT: {
      // FORNEXT (a: group, b: destination, x: jump) or ITERSTEP (a: destination, b: group), two words or one before returnPc.
      return deliverNext(value, returnPc, callerFp, destination);
    }
    case RecordKind.KEEP:
      return RELOAD;
    case RecordKind.ITERATOR:
      return deliverIterator(value, callerFp, destination);
    case RecordKind.ENTRY:
    case RecordKind.JOB:
      store<u64>(VM_RESULT, value);
      store<u32>(VM_STATUS, kind == RecordKind.ENTRY ? RunStatus.DONE : RunStatus.IDLE);
      return LEAVE;
  }
  return damaged();
}

/**
 * RETURN with a record that is not a plain call, or to the bottom of the stack.
 * https://tc39.es/ecma262/#sec-ecmascript-function-objects-construct-argumentslist-newtarget: a base constructor that returns no object
 * yields its `this`, which the frame still has in r1. Derived constructors have run CTORRESULT.
 */
export function returnSlow(fp: usize, value: Value): i32 {
  const csp = <usize>load<u32>(VM_CSP);
  const returnPc = <usize>load<u32>(csp);
  const callerFp = <usize>load<u32>(csp, 4);
  const kind = <u32>load<u8>(csp, RECORD_KIND);
  const destination = <u32>load<u16>(csp, RECORD_DESTINATION);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  if (kind == RecordKind.GENERATOR) return endGeneratorCall(fp, value, returnPc, callerFp, destination);
  if (kind == RecordKind.CONSTRUCT && !isObject(value)) return deliver(load<u64>(fp, 8), returnPc, callerFp, destination, kind);
  return deliver(value, returnPc, callerFp, destination, kind);
}

/** Pops the record of a frame that ends or detaches, and delivers `value` to its caller. Not for records of kind GENERATOR. */
export function leaveCall(value: Value): i32 {
  const csp = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  const kind = <u32>load<u8>(csp, RECORD_KIND);
  return deliver(value, <usize>load<u32>(csp), <usize>load<u32>(csp, 4), <u32>load<u16>(csp, RECORD_DESTINATION), kind);
}

/**
 * Delivers a value or the end to the call that resumed; csp: its record, popped just now. A popped record stays readable until the next
 * push: nothing is pushed between the pop and the last read of it.
 */
export function deliverResult(csp: usize, value: Value, done: bool): i32 {
  const flags = recordFlags(csp);
  const result = flags & RecordFlag.RAW ? (done ? HOLE : value) : iteratorResult(value, done);
  return deliver(result, <usize>load<u32>(csp), <usize>load<u32>(csp, 4), <u32>load<u16>(csp, RECORD_DESTINATION), flags >> 8);
}

/** The frame at fp returned into a record of kind GENERATOR, which is popped but still intact below csp. */
function endGeneratorCall(fp: usize, value: Value, returnPc: usize, callerFp: usize, destination: u32): i32 {
  const generator = addressOf(ownerOf(fp));
  const record = <usize>load<u32>(VM_CSP) - RECORD_SIZE;
  if (load<u32>(generator, GENERATOR_STATE) & GENERATOR_ASYNC) return finishAsyncGenerator(generator, fp, value, false, record);
  finish(generator);
  return deliverResult(record, value, true);
}

/**
 * An exception leaves the frame at fp, whose record (kind GENERATOR) is on top. Returns:
 *   false   the exception goes on to the frame below; our caller must pop the record
 *   true    an async generator took it (its request is rejected); the action is in CONTEXT_ACTION
 */
function abandonGenerator(fp: usize): bool {
  const generator = addressOf(ownerOf(fp));
  const record = <usize>load<u32>(VM_CSP);
  if (load<u32>(generator, GENERATOR_STATE) & GENERATOR_ASYNC) {
    const error = load<u64>(VM_EXCEPTION);
    store<u64>(VM_EXCEPTION, HOLE);
    store<i32>(CONTEXT_ACTION, endAsyncGenerator(boxObject(generator), fp, error, true));
    return true;
  }
  finish(generator);
  // https://tc39.es/ecma262/#sec-iteratorstepvalue sets [[Done]]: the handler of the loop then finds nothing to close.
  // An iterator whose `next` throws is not closed.
  if (load<u8>(record, RECORD_RESUMED_BY) == RecordKind.NEXT) {
    store<u64>(iteratorGroup(<usize>load<u32>(record), <usize>load<u32>(record, 4), <u32>load<u16>(record, RECORD_DESTINATION)) + 16, TRUE);
  }
  return false;
}

// --- the end of async calls ---------------------------------------------------------------------------------------

/**
 * Replaces the frame at fp by a prelude function of two arguments, whose result goes to the caller of that frame. The prelude function
 * takes the frame's place, like a tail call: the stack does not grow, so nothing can fail once the old frame is gone.
 */
export function becomePrelude(id: i32, fp: usize, a: Value, b: Value, record: usize, kind: u32): i32 {
  const returnPc = <usize>load<u32>(record);
  const callerFp = <usize>load<u32>(record, 4);
  const destination = <u32>load<u16>(record, RECORD_DESTINATION);
  store<u32>(VM_CSP, <u32>(record + RECORD_SIZE));
  store<u64>(fp, intrinsic(id));
  store<u64>(fp, UNDEFINED, 8);
  store<u64>(fp, a, 16);
  store<u64>(fp, b, 24);
  enterFrame(fp, 2, returnPc, callerFp, destination, kind, 0);
  return 0;
}

export function endAsyncGenerator(self: Value, fp: usize, value: Value, threw: bool): i32 {
  const record = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(record + RECORD_SIZE));
  return finishAsyncGenerator(addressOf(self), fp, value, threw, record);
}

/** An async generator stops running; record: popped just now. The call that resumed it gets its promise, or the job ends. */
export function leaveAsyncGenerator(generator: usize, record: usize): i32 {
  const flags = recordFlags(record);
  const callerFp = <usize>load<u32>(record, 4);
  if (callerFp == 0) return deliver(UNDEFINED, 0, 0, 0, RecordKind.JOB);
  return deliver(resumerPromise(generator), <usize>load<u32>(record), callerFp, <u32>load<u16>(record, RECORD_DESTINATION), flags >> 8);
}

/**
 * Takes the pending exception, thrown by the instruction at VM_PC in the frame at VM_FP, to its handler. Without one the
 * run ends with status THREW and the exception still pending.
 */
export function unwind(): i32 {
  return unwindFrom(UNDEFINED);
}

/** Ends the run at the limit that was asked for, or at that of time. */
function endAtLimit(): i32 {
  store<u64>(VM_EXCEPTION, HOLE);
  if ((takeRequests() & Request.LIMIT) == 0) return limitReached(LimitKind.TIME_MS, 0);
  store<u32>(VM_STATUS, RunStatus.LIMIT);
  return LEAVE;
}

/**
 * As unwind; `place`: the trace of the first throw, undefined if it was thrown here or is an error. Handlers are searched from the
 * innermost frame outwards. In each frame `pc` must be the instruction that is running: for a caller that is the one before its return
 * address, which is why 8 is subtracted (an extension word belongs to the range of its instruction). The ranges of a function are sorted
 * inner before outer, so the first hit is the innermost `try`.
 *
 * Every frame looked at is paid for (SEARCH), and every 16 handlers: a throw through ten thousand frames is work that the guest chose.
 */
export function unwindFrom(place: Value): i32 {
  const records = <usize>load<u32>(VM_CSP);
  let pc = <usize>load<u32>(VM_PC);
  let fp = <usize>load<u32>(VM_FP);
  while (true) {
    // Throws in a row, and one that goes through very many frames, meet no safepoint. A value thrown after a limit was reached means nothing.
    if ((load<u32>(VM_REQUESTS) & Request.LIMIT) != 0 || isOverdrawn()) return endAtLimit();
    const code = frameCode(fp);
    const at = <u32>(pc - code - CODE_ENTRY);
    let handler = handlersOf(code);
    const first = handler;
    const end = handler + <usize>load<u32>(code, CODE_HANDLERS) * HANDLER_SIZE;
    for (; handler < end; handler += HANDLER_SIZE) {
      if (at >= load<u32>(handler) && at < load<u32>(handler, 4)) {
        chargeFuel(SEARCH + <i32>((handler - first) / HANDLER_SIZE >> 4));
        const target = code + CODE_ENTRY + <usize>load<u32>(handler, 8);
        if (<i32>load<u16>(target) == Op.ASYNCTHROW) noteThrown(load<u64>(VM_EXCEPTION), place, records);
        store<u64>(fp + <usize>load<u32>(handler, 12), load<u64>(VM_EXCEPTION));
        store<u64>(VM_EXCEPTION, HOLE);
        store<u32>(VM_PC, <u32>target);
        store<u32>(VM_FP, <u32>fp);
        return RELOAD;
      }
    }
    chargeFuel(SEARCH + <i32>((end - first) / HANDLER_SIZE >> 4));
    // No handler: the frame is given up. Its registers become dead words above the new top; no guest code runs for that.
    const csp = <usize>load<u32>(VM_CSP);
    const kind = <u32>load<u8>(csp, RECORD_KIND);
    const returnPc = <usize>load<u32>(csp);
    const callerFp = <usize>load<u32>(csp, 4);
    // An async generator takes the exception itself: it rejects the request it is working on.
    if (kind == RecordKind.GENERATOR && abandonGenerator(fp)) return load<i32>(CONTEXT_ACTION);
    store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
    if (callerFp == 0) {
      noteThrown(load<u64>(VM_EXCEPTION), place, records);
      store<u32>(VM_FP, 0);
      store<u32>(VM_STATUS, RunStatus.THREW);
      return LEAVE;
    }
    // An iterator whose `next` throws is not closed.
    if (kind == RecordKind.NEXT) store<u64>(iteratorGroup(returnPc, callerFp, <u32>load<u16>(csp, RECORD_DESTINATION)) + 16, TRUE);
    pc = returnPc - 8;
    fp = callerFp;
  }
  return LEAVE;
}

/**
 * The body of an async generator ended, with a value or an exception; record: that of its frame at fp, popped just now.
 * https://tc39.es/ecma262/#sec-asyncgeneratorstart
 */
function finishAsyncGenerator(generator: usize, fp: usize, value: Value, threw: bool, record: usize): i32 {
  setGeneratorState(generator, GeneratorState.DRAINING);
  store<u32>(generator, 0, GENERATOR_FRAME);
  completeStep(generator, value, threw, true);
  if (drain(generator)) return leaveAsyncGenerator(generator, record);
  const flags = recordFlags(record);
  return becomePrelude(Prelude.asyncGeneratorAwaitReturn, fp, boxObject(generator), resumerPromise(generator), record, flags >> 8);
}
