// Owns suspended frames: generators, async functions and the instructions that suspend. Must never call guest code, and must
// never decide the order in which jobs run (interpreter/jobs.ts) or requests of async generators are settled (interpreter/async-queue.ts).
//
// A suspended frame is kept in a FRAME cell, with the position of the instruction that suspended it: GENSTART, YIELD,
// YIELDRESULT or AWAIT, one word each. It resumes after that instruction, or at it with an exception. The cell stays with its
// generator or coroutine and is used again; while the frame runs, the cell is empty.
//
// The generator or coroutine of a frame is also in the first register after the parameters.
//
// A generator runs above a record of kind GENERATOR. Its flags: RAW, and the kind of the call that resumed it << 8 (JOB, with
// caller 0, if the job queue resumed it). RAW: a FORNEXT or ITERSTEP takes the value without an iterator result.
//
//   record of a running generator                          states
//   +0  return pc   of the instruction that resumed it      START ──next──▶ RUNNING ──yield──▶ SUSPENDED ──next…──▶ RUNNING
//   +4  caller fp   0: the job queue resumed it             START ──return, throw──▶ DONE          (async `return`: DRAINING)
//   +8  destination register for the result                 RUNNING ──end, uncaught throw──▶ DONE  (async: DRAINING until its
//   +10 GENERATOR                                                                                   queue is empty, then DONE)
//   +12 0
//   +14 bit 1: RAW · from bit 8: kind of the resuming call
//
// Room and memory come first, effects second: an instruction that returns RETRY is run again from its start, so until then it must not have
// changed a state, a frame cell or a queue.
import {
  addressOf, boxCell, boxInt, boxObject, boxString, EXCEPTION, HOLE, isCell, isObject, RETRY, TRUE, UNDEFINED, Value,
} from "../core/value";
import { notePlace } from "../errors/errors";
import { throwLiteral } from "../errors/throw";
import { Atom, atomAt, Intrinsic, intrinsic, Prelude } from "../generated/intrinsics";
import {
  CODE_FLAGS, COROUTINE_FRAME, COROUTINE_PROMISE, COROUTINE_SIZE, COROUTINE_STATE, FUNCTION_INITIAL_SHAPE, GENERATOR_FRAME,
  GENERATOR_QUEUE, GENERATOR_STATE, INTERNAL_SIZE, Kind, REACTION_HANDLER, REACTION_KIND, SHAPE_PROTO,
} from "../generated/kinds";
import { ErrorKind, FunctionFlag, RECORD_SIZE, RecordKind, VM_CSP, VM_EXCEPTION } from "../generated/layout";
import { CoroutineBit, GENERATOR_ASYNC, GeneratorState, InternalClass, ReactionKind, RecordFlag, Resumption } from "../generated/states";
import { frameCode } from "../heap/code";
import { allocate, chargeFuel } from "../heap/memory";
import { RECORD_DESTINATION, RECORD_KIND, recordFlags } from "../heap/record";
import { newPromise, performThen, promiseFor, rejectPromise, resolvePromise } from "../jobs/promise";
import { firstRequest, generatorState } from "../objects/generator";
import { newInternalObject } from "../objects/internal";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { newObjectOfShape, rootShape } from "../objects/object";
import { isPromise } from "../objects/promise";
import { getOwn } from "../objects/property";
import { completeStep, newQueue } from "./async-queue";
import { callPrelude1, callPrelude2 } from "./call";
import { stackFits } from "./frame";
import { iteratorGroup } from "./iterator-group";
import { atA, fieldA, regA, regB, regC, saveRegisters } from "./operands";
import { enterGenerator } from "./resume";
import { becomePrelude, deliver, deliverResult, endAsyncGenerator, leaveAsyncGenerator, leaveCall } from "./return";
import { afterSignal } from "./signal";
import { heapFits, MIN_ROOM, newFrame, roomFor, saveFrame, suspendGenerator } from "./suspended";

// --- starting -----------------------------------------------------------------------------------------------------

/** Shape of the generators of a generator function; kept with it, since it is never a constructor. */
function generatorShape(fn: usize, isAsync: bool): usize {
  let proto: usize = 0;
  if (getOwn(fn, boxString(atomAt(Atom.prototype))) == DATA) {
    const value = load<u64>(FOUND_VALUE);
    if (isObject(value)) proto = addressOf(value);
  }
  if (proto == 0) proto = addressOf(intrinsic(isAsync ? Intrinsic.AsyncGeneratorPrototype : Intrinsic.GeneratorPrototype));
  const known = <usize>load<u32>(fn, FUNCTION_INITIAL_SHAPE);
  if (known != 0 && load<u32>(known, SHAPE_PROTO) == <u32>proto) return known;
  const shape = rootShape(Kind.GENERATOR, proto, 0);
  store<u32>(fn, <u32>shape, FUNCTION_INITIAL_SHAPE);
  return shape;
}

/**
 * GENSTART a: generator. https://tc39.es/ecma262/#sec-generatorstart. Parameters are evaluated before GENSTART, in an ordinary frame; here
 * the frame moves to its cell, and the caller gets the generator as the result of the call.
 */
export function genStartSlow(pc: usize, fp: usize): i32 {
  const code = frameCode(fp);
  if (!heapFits(code)) return afterSignal(RETRY, pc, fp);
  const isAsync = (load<u32>(code, CODE_FLAGS) & FunctionFlag.ASYNC) != 0;
  const generator = newObjectOfShape(Kind.GENERATOR, generatorShape(addressOf(load<u64>(fp)), isAsync));
  const frame = newFrame(code);
  store<u32>(generator, GeneratorState.START | (isAsync ? GENERATOR_ASYNC : 0), GENERATOR_STATE);
  store<u32>(generator, <u32>frame, GENERATOR_FRAME);
  store<u64>(generator, isAsync ? newQueue() : UNDEFINED, GENERATOR_QUEUE);
  store<u64>(atA(pc, fp), boxObject(generator));
  saveFrame(frame, pc, fp);
  chargeFuel(1);
  return leaveCall(boxObject(generator));
}

/**
 * ASYNCSTART a: coroutine. https://tc39.es/ecma262/#sec-async-functions-abstract-operations-async-function-start. The body runs on at once:
 * until its first AWAIT the coroutine has no FRAME cell, and an async function that never awaits never gets one.
 */
export function asyncStartSlow(pc: usize, fp: usize): i32 {
  const coroutine = allocate(Kind.COROUTINE, COROUTINE_SIZE);
  store<u32>(coroutine, 0);
  store<u64>(coroutine, boxObject(newPromise()), COROUTINE_PROMISE);
  store<u32>(coroutine, 0, COROUTINE_FRAME);
  store<u32>(coroutine, 0, COROUTINE_STATE);
  store<u64>(atA(pc, fp), boxCell(coroutine));
  return 8;
}

/**
 * A step of FORNEXT or ITERSTEP (destination as for records of kind NEXT) over a generator whose `next` is the original. The shortcut for
 * `for (x of generator)`: the yielded value goes straight to the loop's register, no {value, done} is made. A failure must still look as if
 * `next` had been called: the group is marked done first, since an iterator whose `next` throws is not closed.
 */
export function resumeGeneratorRaw(generator: usize, pc: usize, fp: usize, returnPc: usize, destination: u32): i32 {
  saveRegisters(pc, fp);
  const state = generatorState(generator);
  if (load<u32>(generator, GENERATOR_STATE) & GENERATOR_ASYNC) {
    store<u64>(iteratorGroup(returnPc, fp, destination) + 16, TRUE);
    return afterSignal(throwLiteral(ErrorKind.TypeError, "next method called on incompatible receiver [object AsyncGenerator]"), pc, fp);
  }
  if (state == GeneratorState.RUNNING) {
    store<u64>(iteratorGroup(returnPc, fp, destination) + 16, TRUE);
    return afterSignal(throwLiteral(ErrorKind.TypeError, "Generator is already running"), pc, fp);
  }
  if (state == GeneratorState.DONE) return deliver(HOLE, returnPc, fp, destination, RecordKind.NEXT);
  const room = roomFor(<usize>load<u32>(generator, GENERATOR_FRAME), fp);
  if (room != 1) {
    if (room == EXCEPTION) store<u64>(iteratorGroup(returnPc, fp, destination) + 16, TRUE);
    return afterSignal(room, pc, fp);
  }
  return enterGenerator(generator, Resumption.NEXT, UNDEFINED, returnPc, fp, destination, RecordFlag.RAW | (RecordKind.NEXT << 8));
}

// --- suspending a generator ---------------------------------------------------------------------------------------

/** YIELD a: pair, b: value, c: generator */
export function yieldSlow(pc: usize, fp: usize): i32 {
  const generator = addressOf(regC(pc, fp));
  const value = regB(pc, fp);
  if (load<u32>(generator, GENERATOR_STATE) & GENERATOR_ASYNC) return yieldAsync(generator, value, pc, fp);
  suspendGenerator(generator, pc, fp);
  // The record is popped before the result is delivered: delivery may enter a frame of the resumer, which pushes over it.
  const csp = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  return deliverResult(csp, value, false);
}

/** YIELDRESULT a: pair, b: iterator result, c: generator */
export function yieldResultSlow(pc: usize, fp: usize): i32 {
  const generator = addressOf(regC(pc, fp));
  const result = regB(pc, fp);
  suspendGenerator(generator, pc, fp);
  const csp = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  const returnPc = <usize>load<u32>(csp);
  const callerFp = <usize>load<u32>(csp, 4);
  const destination = <u32>load<u16>(csp, RECORD_DESTINATION);
  const flags = recordFlags(csp);
  // A loop wants the value inside the result, and reading it may call the guest. The call fits in the place of the generator.
  if (flags & RecordFlag.RAW) return callPrelude1(Prelude.iteratorResultStep, returnPc - 8, callerFp, result, returnPc, destination, RecordKind.NEXT);
  return deliver(result, returnPc, callerFp, destination, flags >> 8);
}

// --- await --------------------------------------------------------------------------------------------------------

/** AWAIT a: destination, b: value, c: coroutine or async generator. https://tc39.es/ecma262/#await */
export function awaitSlow(pc: usize, fp: usize): i32 {
  const self = regC(pc, fp);
  const owner = addressOf(self);
  const isCoroutine = isCell(self);
  const stateAt = owner + (isCoroutine ? COROUTINE_STATE : GENERATOR_STATE);
  const frameAt = owner + (isCoroutine ? COROUTINE_FRAME : GENERATOR_FRAME);
  if (load<u32>(frameAt) == 0 && !heapFits(frameCode(fp))) return afterSignal(RETRY, pc, fp);
  if (isCoroutine && regB(pc, fp) == HOLE && load<u32>(stateAt) == 0) return awaitStart(owner, pc, fp);
  const destination = fieldA(pc);
  const state = load<u32>(stateAt);
  let promise: usize = 0;
  if (state & (CoroutineBit.AWAIT_READY | CoroutineBit.AWAIT_THREW)) {
    store<u32>(stateAt, state & ~(CoroutineBit.AWAIT_READY | CoroutineBit.AWAIT_THREW));
    // Second run of the instruction: awaitPromise of the prelude has left the promise, or the exception of getting one, in the destination.
    const answer = load<u64>(fp + <usize>destination);
    if (state & CoroutineBit.AWAIT_THREW) {
      store<u64>(VM_EXCEPTION, answer);
      return afterSignal(EXCEPTION, pc, fp);
    }
    if (isPromise(answer)) promise = addressOf(answer);
  } else promise = promiseFor(regB(pc, fp));
  if (promise == 0) {
    // The prelude asks the guest; then this instruction is run again.
    return callPrelude2(Prelude.awaitPromise, pc, fp, regB(pc, fp), self, pc, destination, RecordKind.CALL);
  }
  // The reaction names the coroutine, not the frame: frames move to cells and back, the coroutine is the fixed point.
  performThen(promise, ReactionKind.AWAIT, UNDEFINED, UNDEFINED, self);
  chargeFuel(1);
  if (load<u32>(frameAt) == 0) store<u32>(frameAt, <u32>newFrame(frameCode(fp)));
  saveFrame(<usize>load<u32>(frameAt), pc, fp);
  if (isCoroutine) return detach(owner);
  const csp = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  return leaveAsyncGenerator(owner, csp);
}

/** The AWAIT of the hole ends the instantiation of a module. It waits for nothing; the caller gets the object that starts the module. */
function awaitStart(coroutine: usize, pc: usize, fp: usize): i32 {
  const frame = newFrame(frameCode(fp));
  saveFrame(frame, pc, fp);
  store<u32>(coroutine, <u32>frame, COROUTINE_FRAME);
  store<u32>(coroutine, CoroutineBit.NOT_STARTED, COROUTINE_STATE);
  const code = newInternalObject(InternalClass.MODULE_CODE, 0, 1);
  store<u64>(code, boxCell(coroutine), INTERNAL_SIZE);
  chargeFuel(1);
  return leaveCall(boxObject(code));
}

/**
 * An async call stops running: the first time its caller gets the promise, later the job ends. DETACHED is the difference between the two
 * returns: the record below is the caller's CALL the first time, a JOB ever after.
 */
function detach(coroutine: usize): i32 {
  const state = load<u32>(coroutine, COROUTINE_STATE);
  if (state & CoroutineBit.DETACHED) return leaveCall(UNDEFINED);
  store<u32>(coroutine, state | CoroutineBit.DETACHED, COROUTINE_STATE);
  return leaveCall(load<u64>(coroutine, COROUTINE_PROMISE));
}

/** ASYNCRETURN a: value, b: coroutine */
export function asyncReturnSlow(pc: usize, fp: usize): i32 {
  const value = regA(pc, fp);
  const self = regB(pc, fp);
  if (!isCell(self)) return endAsyncGenerator(self, fp, value, false);
  const promise = load<u64>(addressOf(self), COROUTINE_PROMISE);
  if (resolvePromise(addressOf(promise), value)) return endCoroutine(addressOf(self));
  // Resolving with this value reads its `then`, which may be a getter of the guest: a prelude function does that in the frame's place.
  if (!stackFits(fp, MIN_ROOM)) return afterSignal(RETRY, pc, fp);
  store<u32>(addressOf(self), 0, COROUTINE_FRAME);
  const record = <usize>load<u32>(VM_CSP);
  return becomePrelude(Prelude.finishAsync, fp, promise, value, record, <u32>load<u8>(record, RECORD_KIND));
}

/** ASYNCTHROW a: error, b: coroutine */
export function asyncThrowSlow(pc: usize, fp: usize): i32 {
  const error = regA(pc, fp);
  const self = regB(pc, fp);
  if (!isCell(self)) {
    const action = endAsyncGenerator(self, fp, error, true);
    notePlace(UNDEFINED);
    return action;
  }
  rejectPromise(addressOf(load<u64>(addressOf(self), COROUTINE_PROMISE)), error);
  notePlace(UNDEFINED);
  return endCoroutine(addressOf(self));
}

function endCoroutine(coroutine: usize): i32 {
  store<u32>(coroutine, 0, COROUTINE_FRAME);
  return detach(coroutine);
}

/** YIELD in an async generator: the value is awaited already. https://tc39.es/ecma262/#sec-asyncgeneratoryield */
function yieldAsync(generator: usize, value: Value, pc: usize, fp: usize): i32 {
  completeStep(generator, value, false, false);
  const request = firstRequest(generator);
  if (request == 0) {
    suspendGenerator(generator, pc, fp);
    const record = <usize>load<u32>(VM_CSP);
    store<u32>(VM_CSP, <u32>(record + RECORD_SIZE));
    return leaveAsyncGenerator(generator, record);
  }
  // The next request is in the queue already: the generator runs on.
  const mode = <i32>load<u32>(request, REACTION_KIND);
  const sent = load<u64>(request, REACTION_HANDLER);
  if (mode == Resumption.THROW) {
    store<u64>(VM_EXCEPTION, sent);
    return afterSignal(EXCEPTION, pc, fp);
  }
  const pair = atA(pc, fp);
  store<u64>(pair, sent);
  store<u64>(pair, boxInt(mode), 8);
  return 8;
}
