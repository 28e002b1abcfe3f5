// Owns the ways into a suspended frame: next, throw and return of generators, the end of an await. Must never run the frame itself.
import { addressOf, boxInt, boxObject, DEFER, isCell, isPointer, SWITCH, UNDEFINED, Value } from "../core/value";
import { newErrorObject } from "../errors/errors";
import { lit, throwLiteral, throwValue } from "../errors/throw";
import { COROUTINE_FRAME, COROUTINE_STATE, FRAME_SIZE, GENERATOR_FRAME, REACTION_TARGET } from "../generated/kinds";
import { ErrorKind, RecordKind, VM_EXCEPTION, VM_PC, VM_STACK_BASE } from "../generated/layout";
import { CoroutineBit, GeneratorState, RecordFlag, Resumption } from "../generated/states";
import { newPromise, promiseFor, rejectPromise, resolveLater } from "../jobs/promise";
import { generatorState, isGenerator, queueOf, setGeneratorState } from "../objects/generator";
import { CONTEXT_ACTION, CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_KIND, CONTEXT_RETURN_PC } from "./action";
import { awaitHead, enqueue, enqueueReturn } from "./async-queue";
import { pushRecord } from "./frame";
import { atA } from "./operands";
import { unwind, unwindFrom } from "./return";
import { areaAbove, finish, iteratorResult, restoreFrame, roomFor, roomToEnter } from "./suspended";

// --- resuming a generator -----------------------------------------------------------------------------------------

/**
 * Puts the frame of a generator above its caller and sends it a value. The caller has checked the room, and that the state
 * allows this mode (START takes NEXT only).
 */
export function enterGenerator(generator: usize, mode: i32, value: Value, returnPc: usize, callerFp: usize, destination: u32, flags: u32): i32 {
  // A generator that waits at its GENSTART has no YIELD to receive the value: `next(v)` of a fresh generator drops v, as the specification
  // wants. One that waits at a YIELD gets two registers there, value and mode, and its code branches by the mode (a RETURN runs `finally`).
  const started = generatorState(generator) != GeneratorState.START;
  setGeneratorState(generator, GeneratorState.RUNNING);
  const how = mode == Resumption.RETURN ? RecordFlag.RETURNS : mode == Resumption.THROW ? RecordFlag.THROWS : 0;
  pushRecord(returnPc, callerFp, destination, RecordKind.GENERATOR, 0, flags | how);
  const fp = areaAbove(callerFp);
  const pc = restoreFrame(<usize>load<u32>(generator, GENERATOR_FRAME), fp);
  if (started) {
    if (mode == Resumption.THROW) {
      store<u32>(VM_PC, <u32>pc);
      store<u64>(VM_EXCEPTION, value);
      return unwind();
    }
    const pair = atA(pc, fp);
    store<u64>(pair, value);
    store<u64>(pair, boxInt(mode), 8);
  }
  store<u32>(VM_PC, <u32>(pc + 8));
  return 0;
}

/**
 * For natives that resume: enters the generator for the current call. Returns the signal for the native to return. The native has no frame:
 * the call context names the instruction that called it, and the generator's record gets that as its caller. `kind << 8`: the result of
 * each `yield` is delivered as the result of the native would have been.
 */
function switchToGenerator(generator: usize, mode: i32, value: Value): Value {
  const callerFp = <usize>load<u32>(CONTEXT_CALLER_FP);
  const room = roomFor(<usize>load<u32>(generator, GENERATOR_FRAME), callerFp);
  if (room != 1) return room;
  const action = enterGenerator(generator, mode, value, <usize>load<u32>(CONTEXT_RETURN_PC), callerFp, load<u32>(CONTEXT_DESTINATION), load<u32>(CONTEXT_KIND) << 8);
  store<i32>(CONTEXT_ACTION, action);
  return SWITCH;
}

/** next, throw and return of generators that are not async. https://tc39.es/ecma262/#sec-generatorresume and -generatorresumeabrupt */
export function resumeGenerator(generator: usize, mode: i32, value: Value): Value {
  let state = generatorState(generator);
  if (state == GeneratorState.RUNNING) return throwLiteral(ErrorKind.TypeError, "Generator is already running");
  // `return` and `throw` before the first `next` end the generator without running its body.
  if (state == GeneratorState.START && mode != Resumption.NEXT) {
    finish(generator);
    state = GeneratorState.DONE;
  }
  if (state == GeneratorState.DONE) {
    if (mode == Resumption.THROW) return throwValue(value);
    return iteratorResult(mode == Resumption.RETURN ? value : UNDEFINED, true);
  }
  return switchToGenerator(generator, mode, value);
}

/** For the native that starts a module: runs its code for the current call. Returns the signal for the native to return. */
export function switchToModule(coroutine: usize): Value {
  const frame = <usize>load<u32>(coroutine, COROUTINE_FRAME);
  if ((load<u32>(coroutine, COROUTINE_STATE) & CoroutineBit.NOT_STARTED) == 0 || frame == 0 || !isPointer(load<u64>(frame, FRAME_SIZE))) {
    return throwLiteral(ErrorKind.TypeError, "Module is already running");
  }
  // Room is checked before anything of the coroutine changes: a RETRY runs the native again, which must find the module not started.
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

/**
 * A job: the awaited promise is settled. The stack is empty and has room. place: where the reason was thrown, as for unwindFrom. An async
 * function continues above a JOB record. An async generator continues above a GENERATOR record with caller 0: the job queue resumed it, so
 * its next YIELD or its end finds no caller on the stack, only requests to settle (leaveAsyncGenerator).
 */
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
  store<u64>(atA(pc, fp), value);
  store<u32>(VM_PC, <u32>(pc + 8));
  return 0;
}

// --- requests -----------------------------------------------------------------------------------------------------

/** next, throw and return of async generators. https://tc39.es/ecma262/#sec-asyncgenerator-objects */
export function requestAsync(self: Value, mode: i32, value: Value): Value {
  if (!isGenerator(self, true)) {
    const rejected = newPromise();
    rejectPromise(rejected, boxObject(newErrorObject(ErrorKind.TypeError, lit("method called on incompatible receiver: not an async generator"))));
    return boxObject(rejected);
  }
  const generator = addressOf(self);
  let state = generatorState(generator);
  if (state == GeneratorState.START && mode == Resumption.THROW) {
    setGeneratorState(generator, GeneratorState.DONE);
    store<u32>(generator, 0, GENERATOR_FRAME);
    state = GeneratorState.DONE;
  }
  if (state == GeneratorState.DONE && mode != Resumption.RETURN) {
    const promise = newPromise();
    if (mode == Resumption.THROW) rejectPromise(promise, value);
    else resolveLater(promise, iteratorResult(UNDEFINED, true));
    return boxObject(promise);
  }
  // https://tc39.es/ecma262/#sec-asyncgenerator-prototype-return: the value of such a `return` is awaited although no body runs.
  if (mode == Resumption.RETURN && (state == GeneratorState.START || state == GeneratorState.DONE)) {
    const awaited = promiseFor(value);
    if (awaited == 0) return DEFER;
    const promise = enqueueReturn(generator, value);
    awaitHead(generator, awaited);
    return promise;
  }
  // A generator that is running, or awaiting, only queues the request: yieldAsync or drain comes to it later. The room for the frame is
  // asked for before the request is in the queue, because a RETRY would put it there twice.
  const idle = state == GeneratorState.START || state == GeneratorState.SUSPENDED;
  if (idle) {
    const room = roomToEnter(generator);
    if (room != 1) return room;
  }
  const promise = newPromise();
  enqueue(generator, mode, value, promise);
  if (!idle) return boxObject(promise);
  store<u64>(queueOf(generator), boxObject(promise), REACTION_TARGET);
  return switchToGenerator(generator, mode, value);
}
