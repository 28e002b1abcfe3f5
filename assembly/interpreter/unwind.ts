// Owns the propagation of exceptions: finding the handler, popping frames. Must never make an exception.
import { HOLE, TRUE, UNDEFINED, Value } from "../core/value";
import { CODE_ENTRY, HANDLER_SIZE, handlersOf } from "../bytecode/code";
import { CODE_HANDLERS } from "../generated/kinds";
import { RECORD_SIZE, RecordKind, RunStatus, VM_CSP, VM_EXCEPTION, VM_FP, VM_PC, VM_STATUS } from "../generated/layout";
import { chargeFuel } from "../heap/memory";
import { CONTEXT_ACTION, LEAVE, RELOAD } from "./call";
import { Op } from "../generated/opcodes";
import { noteThrown } from "./errors";
import { frameCode, RECORD_DESTINATION, RECORD_KIND } from "./frame";
import { abandonGenerator } from "./generator";
import { iteratorGroup } from "./iterate";

/**
 * Takes the pending exception, thrown by the instruction at VM_PC in the frame at VM_FP, to its handler. Without one the
 * run ends with status THREW and the exception still pending.
 */
export function unwind(): i32 {
  return unwindFrom(UNDEFINED);
}

/** Fuel of looking for a handler in a frame, however few it has: a loop of throws may pay for nothing else. */
const SEARCH: i32 = 2;

/** As unwind; `place`: the trace of the first throw, undefined if it was thrown here or is an error. */
export function unwindFrom(place: Value): i32 {
  const records = <usize>load<u32>(VM_CSP);
  let pc = <usize>load<u32>(VM_PC);
  let fp = <usize>load<u32>(VM_FP);
  while (true) {
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
    const csp = <usize>load<u32>(VM_CSP);
    const kind = <u32>load<u16>(csp, RECORD_KIND);
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
