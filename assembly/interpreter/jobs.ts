// Owns the job queue: its order, and starting the next job on an empty stack. Must never run guest code: it makes the frame.
// https://tc39.es/ecma262/#sec-jobs
//
//   jobHead → job → … → jobTail → task → task → …
//
// Tasks (due timers; handler: their CALLRECORD) follow all jobs, so that the jobs of one task are done before the next task begins.
// jobTail is the last job, 0 if there are only tasks. The first task's `target` is the last task, as an internal cell.
import { addressOf, boxInt, isObject, UNDEFINED, Value } from "../core/value";
import { intrinsic, Prelude } from "../generated/intrinsics";
import {
  CALLRECORD_ARGS, CALLRECORD_CALLEE, CALLRECORD_STATE, FUNCTION_CODE, Kind, REACTION_EXTRA, REACTION_HANDLER, REACTION_KIND, REACTION_NEXT,
  REACTION_TARGET,
} from "../generated/kinds";
import { RecordKind, RunStatus, VM_FP, VM_FUEL, VM_JOB_HEAD, VM_JOB_TAIL, VM_PC, VM_STACK_BASE, VM_STATUS } from "../generated/layout";
import { CALL_CANCELLED, JOB_REJECTED, ReactionKind } from "../generated/states";
import { chargeFuel, kindOf } from "../heap/memory";
import { isOriginalThen, performThen, rejectPromise, resolvePromise, thensPlainly } from "../jobs/promise";
import { isPromise } from "../objects/promise";
import { damaged, LEAVE, RELOAD } from "./action";
import { settleReturn } from "./async-queue";
import { enterFrame, frameBytes, stackFits } from "./frame";
import { resumeAwait } from "./resume";
import { suspendedBytes } from "./suspended";
import { passWeakPoint } from "./weak-points";

/**
 * Takes the first job or task off the queue. A task passes the address of the last task on to its successor. Two lists share one chain, so
 * that a snapshot and the collector know one root. Jobs are inserted after jobTail, tasks at the very end, which only the first task knows:
 * `target` of a task is free for that, since a task settles no promise.
 */
function dequeue(job: usize): void {
  const next = load<u32>(job, REACTION_NEXT);
  store<u32>(VM_JOB_HEAD, next);
  if (load<u32>(VM_JOB_TAIL) == <u32>job) store<u32>(VM_JOB_TAIL, 0);
  else if (load<u32>(job, REACTION_KIND) == ReactionKind.TASK && next != 0) store<u64>(<usize>next, load<u64>(job, REACTION_TARGET), REACTION_TARGET);
  store<u32>(job, 0, REACTION_NEXT);
}

/** The job was done without a frame. */
const DONE: i32 = -2;

/** Enters a prelude function as a job; the arguments are at `area + 16`, where `area` is the start of the stack. */
function enterPrelude(id: i32, argc: i32): i32 {
  const area = <usize>load<u32>(VM_STACK_BASE);
  store<u64>(area, intrinsic(id));
  store<u64>(area, UNDEFINED, 8);
  enterFrame(area, argc, 0, 0, 0, RecordKind.JOB, 0);
  return RELOAD;
}

function enter2(id: i32, a: Value, b: Value): i32 {
  const area = <usize>load<u32>(VM_STACK_BASE);
  store<u64>(area, a, 16);
  store<u64>(area, b, 24);
  return enterPrelude(id, 2);
}

function enter3(id: i32, a: Value, b: Value, c: Value): i32 {
  store<u64>(<usize>load<u32>(VM_STACK_BASE), c, 32);
  const area = <usize>load<u32>(VM_STACK_BASE);
  store<u64>(area, a, 16);
  store<u64>(area, b, 24);
  return enterPrelude(id, 3);
}

/** Every prelude function that is entered as a job has a smaller frame than this. */
const PRELUDE_FRAME: usize = 1024;

/**
 * https://tc39.es/ecma262/#sec-newpromisereactionjob. A reaction without a handler passes the value on, which for a native promise needs no
 * frame. A `target` that is not a native promise is a capability: [promise, resolve, reject] of a subclass, whose functions are guest code.
 */
function runThen(job: usize, rejected: bool): i32 {
  const handler = load<u64>(job, REACTION_HANDLER);
  const target = load<u64>(job, REACTION_TARGET);
  const value = load<u64>(job, REACTION_EXTRA);
  const plain = isPromise(target);
  if (handler == UNDEFINED) {
    if (target == UNDEFINED) return DONE;
    if (plain) {
      if (rejected) rejectPromise(addressOf(target), value);
      else if (!resolvePromise(addressOf(target), value)) return enter2(Prelude.resolvePromise, target, value);
      return DONE;
    }
    return enter3(Prelude.passToCapability, target, value, boxInt(rejected ? 2 : 1));
  }
  return enter3(plain || target == UNDEFINED ? Prelude.runReaction : Prelude.runCapabilityReaction, handler, target, value);
}

/** Runs a job without a frame (DONE), or makes its frame the current one (RELOAD). */
function runJob(job: usize): i32 {
  const kind = load<u32>(job, REACTION_KIND);
  const rejected = (kind & JOB_REJECTED) != 0;
  const handler = load<u64>(job, REACTION_HANDLER);
  const target = load<u64>(job, REACTION_TARGET);
  const extra = load<u64>(job, REACTION_EXTRA);
  switch (kind & ~JOB_REJECTED) {
    case ReactionKind.THEN:
      return runThen(job, rejected);
    case ReactionKind.AWAIT:
      return resumeAwait(target, extra, rejected, handler);
    case ReactionKind.AWAIT_RETURN:
      if (settleReturn(addressOf(target), extra, rejected)) return DONE;
      return enter2(Prelude.asyncGeneratorAwaitReturn, target, UNDEFINED);
    case ReactionKind.PASS:
      if (rejected) rejectPromise(addressOf(target), extra);
      else if (!resolvePromise(addressOf(target), extra)) return enter2(Prelude.resolvePromise, target, extra);
      return DONE;
    case ReactionKind.THENABLE:
      // https://tc39.es/ecma262/#sec-newpromiseresolvethenablejob
      if (isPromise(extra) && isOriginalThen(handler) && thensPlainly(addressOf(extra))) {
        performThen(addressOf(extra), ReactionKind.PASS, UNDEFINED, UNDEFINED, target);
        return DONE;
      }
      return enter3(Prelude.runThenable, target, extra, handler);
    case ReactionKind.RESOLVE:
      return enter2(Prelude.resolvePromise, target, extra);
    case ReactionKind.CALLBACK:
      return runCallback(handler, extra);
    case ReactionKind.TASK: {
      const timer = addressOf(handler);
      if (load<u32>(timer, CALLRECORD_STATE) == CALL_CANCELLED) return DONE;
      return runCallback(load<u64>(timer, CALLRECORD_CALLEE), load<u64>(timer, CALLRECORD_ARGS));
    }
  }
  return damaged();
}

/** A callback that is an ordinary function needs no prelude around it. */
function runCallback(callback: Value, args: Value): i32 {
  if (args == UNDEFINED && isObject(callback) && kindOf(addressOf(callback)) == Kind.FUNCTION) {
    const code = <usize>load<u32>(addressOf(callback), FUNCTION_CODE);
    const area = <usize>load<u32>(VM_STACK_BASE);
    // meta of a CODE cell, bit 0: a class constructor. A call from the prelude throws the proper error.
    if ((load<u32>(code) & 1) == 0 && stackFits(area, frameBytes(code, 0))) {
      store<u64>(area, callback);
      store<u64>(area, UNDEFINED, 8);
      enterFrame(area, 0, 0, 0, 0, RecordKind.JOB, 0);
      return RELOAD;
    }
  }
  return enter2(Prelude.runCallback, callback, args);
}

/** Stack that a job needs at least: that of the suspended frame, or of a prelude function. */
function bytesFor(job: usize): usize {
  if ((load<u32>(job, REACTION_KIND) & ~JOB_REJECTED) != ReactionKind.AWAIT) return PRELUDE_FRAME;
  const bytes = suspendedBytes(load<u64>(job, REACTION_TARGET));
  return bytes > PRELUDE_FRAME ? bytes : PRELUDE_FRAME;
}

/**
 * Takes the next job; the stack is empty. Returns:
 *   RELOAD  the frame of the job is the current one
 *   LEAVE   with status IDLE: nothing to run now. If jobHead is not 0, a safepoint is due first (fuel is below zero or a request is
 *           pending), and this is called again after it.
 */
export function startNextJob(): i32 {
  store<u32>(VM_PC, 0);
  store<u32>(VM_FP, 0);
  // Each job pays a unit, also one that is done without a frame: a thousand settled promises must not run for free between two safepoints.
  while (true) {
    passWeakPoint();
    const job = <usize>load<u32>(VM_JOB_HEAD);
    if (job == 0 || !stackFits(<usize>load<u32>(VM_STACK_BASE), bytesFor(job))) break;
    dequeue(job);
    chargeFuel(1);
    const action = runJob(job);
    if (action != DONE) return action;
    if (load<i32>(VM_FUEL) < 0) break;
  }
  store<u32>(VM_STATUS, RunStatus.IDLE);
  return LEAVE;
}
