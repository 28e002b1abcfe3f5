// Owns suspended frames: generators, async functions and the instructions that suspend. Must never call guest code, and must
// never decide the order in which jobs run (jobs/queue.ts) or requests of async generators are settled (jobs/async-generator.ts).
//
// A suspended frame is kept in a FRAME cell, with the position of the instruction that suspended it: GENSTART, YIELD,
// YIELDRESULT or AWAIT, one word each. It resumes after that instruction, or at it with an exception. The cell stays with its
// generator or coroutine and is used again; while the frame runs, the cell is empty.
//
// The generator or coroutine of a frame is also in the first register after the parameters.
//
// A generator runs above a record of kind GENERATOR. Its flags: RAW, and the kind of the call that resumed it << 8 (JOB, with
// caller 0, if the job queue resumed it). RAW: a FORNEXT or ITERSTEP takes the value without an iterator result.
import { addressOf, boxCell, boxInt, boxObject, boxString, EXCEPTION, HOLE, isCell, isObject, isPointer, RETRY, SWITCH, TRUE, UNDEFINED, Value, boxBool } from "../core/value";
import { CODE_ENTRY, codeParameters, codeRegisters } from "../bytecode/code";
import { Atom, atomAt, Intrinsic, intrinsic, Prelude, Kept } from "../generated/intrinsics";
import {
  CODE_FLAGS, COROUTINE_FRAME, COROUTINE_PROMISE, COROUTINE_SIZE, COROUTINE_STATE, FRAME_COUNT, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE,
  FUNCTION_INITIAL_SHAPE, GENERATOR_FRAME, GENERATOR_QUEUE, GENERATOR_STATE, INTERNAL_SIZE, Kind, SHAPE_PROTO,
} from "../generated/kinds";
import {
  ErrorKind, FunctionFlag, RECORD_SIZE, RecordKind, VM_CSP, VM_EXCEPTION, VM_FP, VM_PC, VM_STACK_BASE, VM_STACK_DEPTH_LIMIT,
} from "../generated/layout";
import { allocate, chargeBytes, chargeFuel, kindOf, reserve } from "../heap/memory";
import { newQueue, finishAsyncGenerator, resumerPromise, yieldAsync } from "../jobs/async-generator";
import { AWAIT, isPromise, newPromise, performThen, promiseFor, rejectPromise, resolvePromise } from "../jobs/promise";
import { newInternalObject } from "../objects/internal";
import { addProperty, intrinsicAddress, newObjectOfShape, newPlainObject, rootShape } from "../objects/object";
import { DATA, FOUND_VALUE, getOwn } from "../objects/property";
import { inlineBase, PLAIN, shapeOf } from "../objects/shape";
import { afterSignal, callPrelude1, callPrelude2, CONTEXT_ACTION, CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_KIND, CONTEXT_RETURN_PC, deliver } from "./call";
import { enterFrame, frameCode, frameEnd, pushRecord, RECORD_DESTINATION, RECORD_FLAGS, RECORD_KIND, stackDepth, stackFits } from "./frame";
import { iteratorGroup } from "./iterate";
import { throwLiteral, throwValue } from "./native";
import { notePlace } from "./errors";
import { unwind, unwindFrom } from "./unwind";

/** GENERATOR states: one of these, and the bits below. Snapshots hold them. */
export const START: u32 = 0;
export const SUSPENDED: u32 = 1;
export const RUNNING: u32 = 2;
export const DONE: u32 = 3;
/** Async generators: done, with requests still to be settled. */
export const DRAINING: u32 = 4;
const STATE_MASK: u32 = 7;
export const IS_ASYNC: u32 = 8;
/** In the state of a coroutine or async generator: its AWAIT runs again, with the promise in the destination register … */
export const AWAIT_READY: u32 = 16;
/** … or with the exception to throw there. */
export const AWAIT_THREW: u32 = 32;
/** COROUTINE state: it has been suspended before, so its caller already has the promise. */
const DETACHED: u32 = 1;
/** COROUTINE state: the code of a module, instantiated; suspended at its first AWAIT until switchToModule. */
export const NOT_STARTED: u32 = 64;
export const COROUTINE_BITS: u32 = DETACHED | AWAIT_READY | AWAIT_THREW | NOT_STARTED;
/** Class of the INTERNAL object whose one slot holds such a coroutine. */
export const MODULE_CODE: u32 = 81;

/** How a generator is resumed. Snapshots hold them in requests. */
export const NEXT: i32 = 0;
export const THROW: i32 = 1;
export const RETURN: i32 = 2;

/** Record flag, see above. */
const RAW: u32 = 2;

/** Least room required above a caller, so that a prelude function fits in the place of the generator. */
const LEAST_ROOM: usize = 1024;

// @ts-ignore: decorator
@inline
export function generatorState(generator: usize): u32 {
  return load<u32>(generator, GENERATOR_STATE) & STATE_MASK;
}

/** Sets the state and clears the AWAIT_ bits; IS_ASYNC stays. */
export function setGeneratorState(generator: usize, state: u32): void {
  store<u32>(generator, (load<u32>(generator, GENERATOR_STATE) & IS_ASYNC) | state, GENERATOR_STATE);
}
/** True for generator objects of async (or not async) generator functions. */
export function isGenerator(v: Value, isAsync: bool): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.GENERATOR && ((load<u32>(addressOf(v), GENERATOR_STATE) & IS_ASYNC) != 0) == isAsync;
}

/** Generator or coroutine of the frame at fp. */
function ownerOf(fp: usize): Value {
  return load<u64>(fp + 16 + (<usize>codeParameters(frameCode(fp)) << 3));
}

// --- iterator results ---------------------------------------------------------------------------------------------

/** CreateIterResultObject. https://tc39.es/ecma262/#sec-createiterresultobject */
export function iteratorResult(value: Value, done: bool): Value {
  const known = intrinsic(Kept.GENERATOR_RESULT_SHAPE);
  if (known != 0) {
    const shape = addressOf(known);
    const object = newObjectOfShape(Kind.OBJECT, shape);
    const slots = object + inlineBase(shape);
    store<u64>(slots, value);
    store<u64>(slots, boxBool(done), 8);
    return boxObject(object);
  }
  const object = newPlainObject(2);
  addProperty(object, atomAt(Atom.value), value, PLAIN);
  addProperty(object, atomAt(Atom.done), boxBool(done), PLAIN);
  store<u64>(intrinsicAddress(Kept.GENERATOR_RESULT_SHAPE), boxCell(shapeOf(object)));
  return boxObject(object);
}

// --- frames -------------------------------------------------------------------------------------------------------

/** An empty FRAME cell for the registers of `code`. The caller has checked the heap (heapFits). */
function newFrame(code: usize): usize {
  const count = codeRegisters(code);
  const frame = allocate(Kind.FRAME, FRAME_SIZE + (count << 3));
  store<u32>(frame, 0);
  store<u32>(frame, <u32>count, FRAME_COUNT);
  return frame;
}

/** Moves the frame at fp, suspended by the instruction at pc, into its cell. */
function saveFrame(frame: usize, pc: usize, fp: usize): void {
  store<u32>(frame, <u32>((pc - frameCode(fp) - CODE_ENTRY) >> 3), FRAME_POSITION);
  memory.copy(frame + FRAME_SIZE, fp, <usize>load<u32>(frame, FRAME_COUNT) << 3);
}

/** Code of the function whose frame is in the cell. */
function suspendedCode(frame: usize): usize {
  return <usize>load<u32>(addressOf(load<u64>(frame, FRAME_SIZE)), FUNCTION_CODE);
}

// @ts-ignore: decorator
@inline
function bytesOf(frame: usize): usize {
  return <usize>load<u32>(frame, FRAME_COUNT) << 3;
}

/** Moves a frame to `area`; its record has been pushed. Returns the address of the instruction that suspended it. */
function restoreFrame(frame: usize, area: usize): usize {
  const pc = suspendedCode(frame) + CODE_ENTRY + (<usize>load<u32>(frame, FRAME_POSITION) << 3);
  const bytes = bytesOf(frame);
  memory.copy(area, frame + FRAME_SIZE, bytes);
  memory.fill(frame + FRAME_SIZE, 0, bytes);
  chargeBytes(bytes);
  store<u32>(VM_FP, <u32>area);
  return pc;
}

/** Address for a frame that runs above the one at callerFp. */
function areaAbove(callerFp: usize): usize {
  return callerFp == 0 ? <usize>load<u32>(VM_STACK_BASE) : frameEnd(callerFp);
}

/** 1 if there is room for the frame; else the signal that a native must return: EXCEPTION or RETRY. */
function roomFor(frame: usize, callerFp: usize): Value {
  if (stackDepth() >= load<u32>(VM_STACK_DEPTH_LIMIT)) return throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded");
  const bytes = bytesOf(frame);
  return stackFits(areaAbove(callerFp), bytes < LEAST_ROOM ? LEAST_ROOM : bytes) ? 1 : RETRY;
}

/** True if the heap has room for a frame of `code`; only a large one must ask. */
function heapFits(code: usize): bool {
  const bytes = codeRegisters(code) << 3;
  return bytes <= 512 || reserve(bytes);
}

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

/** Pops the record of a frame that ends or detaches, and delivers `value` to its caller. Not for records of kind GENERATOR. */
function leaveCall(value: Value): i32 {
  const csp = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  const kind = <u32>load<u16>(csp, RECORD_KIND);
  return deliver(value, <usize>load<u32>(csp), <usize>load<u32>(csp, 4), <u32>load<u16>(csp, RECORD_DESTINATION), kind);
}

/** GENSTART a: generator */
export function genStartSlow(pc: usize, fp: usize): i32 {
  const code = frameCode(fp);
  if (!heapFits(code)) return afterSignal(RETRY, pc, fp);
  const isAsync = (load<u32>(code, CODE_FLAGS) & FunctionFlag.ASYNC) != 0;
  const generator = newObjectOfShape(Kind.GENERATOR, generatorShape(addressOf(load<u64>(fp)), isAsync));
  const frame = newFrame(code);
  store<u32>(generator, START | (isAsync ? IS_ASYNC : 0), GENERATOR_STATE);
  store<u32>(generator, <u32>frame, GENERATOR_FRAME);
  store<u64>(generator, isAsync ? newQueue() : UNDEFINED, GENERATOR_QUEUE);
  store<u64>(fp + <usize>load<u16>(pc, 2), boxObject(generator));
  saveFrame(frame, pc, fp);
  chargeFuel(1);
  return leaveCall(boxObject(generator));
}

/** ASYNCSTART a: coroutine */
export function asyncStartSlow(pc: usize, fp: usize): i32 {
  const coroutine = allocate(Kind.COROUTINE, COROUTINE_SIZE);
  store<u32>(coroutine, 0);
  store<u64>(coroutine, boxObject(newPromise()), COROUTINE_PROMISE);
  store<u32>(coroutine, 0, COROUTINE_FRAME);
  store<u32>(coroutine, 0, COROUTINE_STATE);
  store<u64>(fp + <usize>load<u16>(pc, 2), boxCell(coroutine));
  return 8;
}

// --- resuming a generator -----------------------------------------------------------------------------------------

/**
 * Puts the frame of a generator above its caller and sends it a value. The caller has checked the room, and that the state
 * allows this mode (START takes NEXT only).
 */
export function enterGenerator(generator: usize, mode: i32, value: Value, returnPc: usize, callerFp: usize, destination: u32, flags: u32): i32 {
  const started = generatorState(generator) != START;
  setGeneratorState(generator, RUNNING);
  pushRecord(returnPc, callerFp, destination, RecordKind.GENERATOR, 0, flags);
  const fp = areaAbove(callerFp);
  const pc = restoreFrame(<usize>load<u32>(generator, GENERATOR_FRAME), fp);
  if (started) {
    if (mode == THROW) {
      store<u32>(VM_PC, <u32>pc);
      store<u64>(VM_EXCEPTION, value);
      return unwind();
    }
    const pair = fp + <usize>load<u16>(pc, 2);
    store<u64>(pair, value);
    store<u64>(pair, boxInt(mode), 8);
  }
  store<u32>(VM_PC, <u32>(pc + 8));
  return 0;
}

/** For natives that resume: enters the generator for the current call. Returns the signal for the native to return. */
export function switchToGenerator(generator: usize, mode: i32, value: Value): Value {
  const callerFp = <usize>load<u32>(CONTEXT_CALLER_FP);
  const room = roomFor(<usize>load<u32>(generator, GENERATOR_FRAME), callerFp);
  if (room != 1) return room;
  const action = enterGenerator(generator, mode, value, <usize>load<u32>(CONTEXT_RETURN_PC), callerFp, load<u32>(CONTEXT_DESTINATION), load<u32>(CONTEXT_KIND) << 8);
  store<i32>(CONTEXT_ACTION, action);
  return SWITCH;
}

/** 1 if a native may enter the generator for the current call; else the signal for the native to return. */
export function roomToEnter(generator: usize): Value {
  return roomFor(<usize>load<u32>(generator, GENERATOR_FRAME), <usize>load<u32>(CONTEXT_CALLER_FP));
}

/** next, throw and return of generators that are not async. https://tc39.es/ecma262/#sec-generatorresume and -generatorresumeabrupt */
export function resumeGenerator(generator: usize, mode: i32, value: Value): Value {
  let state = generatorState(generator);
  if (state == RUNNING) return throwLiteral(ErrorKind.TypeError, "Generator is already running");
  if (state == START && mode != NEXT) {
    finish(generator);
    state = DONE;
  }
  if (state == DONE) {
    if (mode == THROW) return throwValue(value);
    return iteratorResult(mode == RETURN ? value : UNDEFINED, true);
  }
  return switchToGenerator(generator, mode, value);
}

/** A step of FORNEXT or ITERSTEP (destination as for records of kind NEXT) over a generator whose `next` is the original. */
export function resumeGeneratorRaw(generator: usize, pc: usize, fp: usize, returnPc: usize, destination: u32): i32 {
  store<u32>(VM_PC, <u32>pc);
  store<u32>(VM_FP, <u32>fp);
  const state = generatorState(generator);
  if (load<u32>(generator, GENERATOR_STATE) & IS_ASYNC) {
    store<u64>(iteratorGroup(returnPc, fp, destination) + 16, TRUE);
    return afterSignal(throwLiteral(ErrorKind.TypeError, "next method called on incompatible receiver [object AsyncGenerator]"), pc, fp);
  }
  if (state == RUNNING) {
    store<u64>(iteratorGroup(returnPc, fp, destination) + 16, TRUE);
    return afterSignal(throwLiteral(ErrorKind.TypeError, "Generator is already running"), pc, fp);
  }
  if (state == DONE) return deliver(HOLE, returnPc, fp, destination, RecordKind.NEXT);
  const room = roomFor(<usize>load<u32>(generator, GENERATOR_FRAME), fp);
  if (room != 1) {
    if (room == EXCEPTION) store<u64>(iteratorGroup(returnPc, fp, destination) + 16, TRUE);
    return afterSignal(room, pc, fp);
  }
  return enterGenerator(generator, NEXT, UNDEFINED, returnPc, fp, destination, RAW | (RecordKind.NEXT << 8));
}

// --- suspending a generator ---------------------------------------------------------------------------------------

/** YIELD a: pair, b: value, c: generator */
export function yieldSlow(pc: usize, fp: usize): i32 {
  const generator = addressOf(load<u64>(fp + <usize>load<u16>(pc, 6)));
  const value = load<u64>(fp + <usize>load<u16>(pc, 4));
  if (load<u32>(generator, GENERATOR_STATE) & IS_ASYNC) return yieldAsync(generator, value, pc, fp);
  suspendGenerator(generator, pc, fp);
  const csp = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  return deliverResult(csp, value, false);
}

/** YIELDRESULT a: pair, b: iterator result, c: generator */
export function yieldResultSlow(pc: usize, fp: usize): i32 {
  const generator = addressOf(load<u64>(fp + <usize>load<u16>(pc, 6)));
  const result = load<u64>(fp + <usize>load<u16>(pc, 4));
  suspendGenerator(generator, pc, fp);
  const csp = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(csp + RECORD_SIZE));
  const returnPc = <usize>load<u32>(csp);
  const callerFp = <usize>load<u32>(csp, 4);
  const destination = <u32>load<u16>(csp, RECORD_DESTINATION);
  const flags = <u32>load<u16>(csp, RECORD_FLAGS);
  // A loop wants the value inside the result, and reading it may call the guest. The call fits in the place of the generator.
  if (flags & RAW) return callPrelude1(Prelude.iteratorResultStep, returnPc - 8, callerFp, result, returnPc, destination, RecordKind.NEXT);
  return deliver(result, returnPc, callerFp, destination, flags >> 8);
}

/** Moves the frame of a running generator into its cell. */
export function suspendGenerator(generator: usize, pc: usize, fp: usize): void {
  chargeFuel(1);
  setGeneratorState(generator, SUSPENDED);
  saveFrame(<usize>load<u32>(generator, GENERATOR_FRAME), pc, fp);
}

/** Delivers a value or the end to the call that resumed; csp: its record, popped just now. */
function deliverResult(csp: usize, value: Value, done: bool): i32 {
  const flags = <u32>load<u16>(csp, RECORD_FLAGS);
  const result = flags & RAW ? (done ? HOLE : value) : iteratorResult(value, done);
  return deliver(result, <usize>load<u32>(csp), <usize>load<u32>(csp, 4), <u32>load<u16>(csp, RECORD_DESTINATION), flags >> 8);
}

/** Marks a generator that will never run again as done, and drops its frame. */
export function finish(generator: usize): void {
  setGeneratorState(generator, DONE);
  store<u32>(generator, 0, GENERATOR_FRAME);
}

/** The frame at fp returned into a record of kind GENERATOR, which is popped but still intact below csp. */
export function endGeneratorCall(fp: usize, value: Value, returnPc: usize, callerFp: usize, destination: u32): i32 {
  const generator = addressOf(ownerOf(fp));
  const record = <usize>load<u32>(VM_CSP) - RECORD_SIZE;
  if (load<u32>(generator, GENERATOR_STATE) & IS_ASYNC) return finishAsyncGenerator(generator, fp, value, false, record);
  finish(generator);
  return deliverResult(record, value, true);
}

/**
 * An exception leaves the frame at fp, whose record (kind GENERATOR) is on top. Returns:
 *   false   the exception goes on to the frame below; our caller must pop the record
 *   true    an async generator took it (its request is rejected); the action is in CONTEXT_ACTION
 */
export function abandonGenerator(fp: usize): bool {
  const generator = addressOf(ownerOf(fp));
  const record = <usize>load<u32>(VM_CSP);
  if (load<u32>(generator, GENERATOR_STATE) & IS_ASYNC) {
    const error = load<u64>(VM_EXCEPTION);
    store<u64>(VM_EXCEPTION, HOLE);
    store<i32>(CONTEXT_ACTION, endAsyncGenerator(boxObject(generator), fp, error, true));
    return true;
  }
  finish(generator);
  // An iterator whose `next` throws is not closed.
  if ((load<u16>(record, RECORD_FLAGS) >> 8) == RecordKind.NEXT) {
    store<u64>(iteratorGroup(<usize>load<u32>(record), <usize>load<u32>(record, 4), <u32>load<u16>(record, RECORD_DESTINATION)) + 16, TRUE);
  }
  return false;
}

// --- await --------------------------------------------------------------------------------------------------------

/** AWAIT a: destination, b: value, c: coroutine or async generator. https://tc39.es/ecma262/#await */
export function awaitSlow(pc: usize, fp: usize): i32 {
  const self = load<u64>(fp + <usize>load<u16>(pc, 6));
  const owner = addressOf(self);
  const isCoroutine = isCell(self);
  const stateAt = owner + (isCoroutine ? COROUTINE_STATE : GENERATOR_STATE);
  const frameAt = owner + (isCoroutine ? COROUTINE_FRAME : GENERATOR_FRAME);
  if (load<u32>(frameAt) == 0 && !heapFits(frameCode(fp))) return afterSignal(RETRY, pc, fp);
  if (isCoroutine && load<u64>(fp + <usize>load<u16>(pc, 4)) == HOLE && load<u32>(stateAt) == 0) return awaitStart(owner, pc, fp);
  const destination = <u32>load<u16>(pc, 2);
  const state = load<u32>(stateAt);
  let promise: usize = 0;
  if (state & (AWAIT_READY | AWAIT_THREW)) {
    store<u32>(stateAt, state & ~(AWAIT_READY | AWAIT_THREW));
    const answer = load<u64>(fp + <usize>destination);
    if (state & AWAIT_THREW) {
      store<u64>(VM_EXCEPTION, answer);
      return afterSignal(EXCEPTION, pc, fp);
    }
    if (isPromise(answer)) promise = addressOf(answer);
  } else promise = promiseFor(load<u64>(fp + <usize>load<u16>(pc, 4)));
  if (promise == 0) {
    // The prelude asks the guest; then this instruction is run again.
    return callPrelude2(Prelude.awaitPromise, pc, fp, load<u64>(fp + <usize>load<u16>(pc, 4)), self, pc, destination, RecordKind.CALL);
  }
  performThen(promise, AWAIT, UNDEFINED, UNDEFINED, self);
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
  store<u32>(coroutine, NOT_STARTED, COROUTINE_STATE);
  const code = newInternalObject(MODULE_CODE, 0, 1);
  store<u64>(code, boxCell(coroutine), INTERNAL_SIZE);
  chargeFuel(1);
  return leaveCall(boxObject(code));
}

/** For the native that starts a module: runs its code for the current call. Returns the signal for the native to return. */
export function switchToModule(coroutine: usize): Value {
  const frame = <usize>load<u32>(coroutine, COROUTINE_FRAME);
  if ((load<u32>(coroutine, COROUTINE_STATE) & NOT_STARTED) == 0 || frame == 0 || !isPointer(load<u64>(frame, FRAME_SIZE))) {
    return throwLiteral(ErrorKind.TypeError, "Module is already running");
  }
  const callerFp = <usize>load<u32>(CONTEXT_CALLER_FP);
  const room = roomFor(frame, callerFp);
  if (room != 1) return room;
  store<u32>(coroutine, 0, COROUTINE_STATE);
  // Code that does not await returns like any function, so the coroutine must not look suspended.
  store<u32>(coroutine, 0, COROUTINE_FRAME);
  pushRecord(<usize>load<u32>(CONTEXT_RETURN_PC), callerFp, load<u32>(CONTEXT_DESTINATION), load<u32>(CONTEXT_KIND), 0, 0);
  store<u32>(VM_PC, <u32>(restoreFrame(frame, areaAbove(callerFp)) + 8));
  store<i32>(CONTEXT_ACTION, 0);
  return SWITCH;
}

/** The prelude has found the promise (or the exception) for the AWAIT at which `self` is suspended. */
export function readyAwait(self: Value, threw: bool): void {
  const at = addressOf(self) + (isCell(self) ? COROUTINE_STATE : GENERATOR_STATE);
  store<u32>(at, load<u32>(at) | (threw ? AWAIT_THREW : AWAIT_READY));
}

/** An async call stops running: the first time its caller gets the promise, later the job ends. */
function detach(coroutine: usize): i32 {
  const state = load<u32>(coroutine, COROUTINE_STATE);
  if (state & DETACHED) return leaveCall(UNDEFINED);
  store<u32>(coroutine, state | DETACHED, COROUTINE_STATE);
  return leaveCall(load<u64>(coroutine, COROUTINE_PROMISE));
}

/** Bytes of the suspended frame of a coroutine or async generator. */
export function suspendedBytes(self: Value): usize {
  return bytesOf(<usize>load<u32>(addressOf(self) + (isCell(self) ? COROUTINE_FRAME : GENERATOR_FRAME)));
}

/** A job: the awaited promise is settled. The stack is empty and has room. place: where the reason was thrown, as for unwindFrom. */
export function resumeAwait(self: Value, value: Value, rejected: bool, place: Value): i32 {
  const isCoroutine = isCell(self);
  if (isCoroutine) pushRecord(0, 0, 0, RecordKind.JOB, 0, 0);
  else pushRecord(0, 0, 0, RecordKind.GENERATOR, 0, RecordKind.JOB << 8);
  const fp = <usize>load<u32>(VM_STACK_BASE);
  const pc = restoreFrame(<usize>load<u32>(addressOf(self) + (isCoroutine ? COROUTINE_FRAME : GENERATOR_FRAME)), fp);
  if (rejected) {
    store<u32>(VM_PC, <u32>pc);
    store<u64>(VM_EXCEPTION, value);
    return unwindFrom(place);
  }
  store<u64>(fp + <usize>load<u16>(pc, 2), value);
  store<u32>(VM_PC, <u32>(pc + 8));
  return 0;
}

// --- the end of async calls ---------------------------------------------------------------------------------------

/** Replaces the frame at fp by a prelude function of two arguments, whose result goes to the caller of that frame. */
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

/** ASYNCRETURN a: value, b: coroutine */
export function asyncReturnSlow(pc: usize, fp: usize): i32 {
  const value = load<u64>(fp + <usize>load<u16>(pc, 2));
  const self = load<u64>(fp + <usize>load<u16>(pc, 4));
  if (!isCell(self)) return endAsyncGenerator(self, fp, value, false);
  const promise = load<u64>(addressOf(self), COROUTINE_PROMISE);
  if (resolvePromise(addressOf(promise), value)) return endCoroutine(addressOf(self));
  if (!stackFits(fp, LEAST_ROOM)) return afterSignal(RETRY, pc, fp);
  store<u32>(addressOf(self), 0, COROUTINE_FRAME);
  const record = <usize>load<u32>(VM_CSP);
  return becomePrelude(Prelude.finishAsync, fp, promise, value, record, <u32>load<u16>(record, RECORD_KIND));
}

/** ASYNCTHROW a: error, b: coroutine */
export function asyncThrowSlow(pc: usize, fp: usize): i32 {
  const error = load<u64>(fp + <usize>load<u16>(pc, 2));
  const self = load<u64>(fp + <usize>load<u16>(pc, 4));
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

function endAsyncGenerator(self: Value, fp: usize, value: Value, threw: bool): i32 {
  const record = <usize>load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>(record + RECORD_SIZE));
  return finishAsyncGenerator(addressOf(self), fp, value, threw, record);
}

/** An async generator stops running; record: popped just now. The call that resumed it gets its promise, or the job ends. */
export function leaveAsyncGenerator(generator: usize, record: usize): i32 {
  const flags = <u32>load<u16>(record, RECORD_FLAGS);
  const callerFp = <usize>load<u32>(record, 4);
  if (callerFp == 0) return deliver(UNDEFINED, 0, 0, 0, RecordKind.JOB);
  return deliver(resumerPromise(generator), <usize>load<u32>(record), callerFp, <u32>load<u16>(record, RECORD_DESTINATION), flags >> 8);
}
