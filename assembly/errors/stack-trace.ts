// Owns capturing stacks: the frames on the stack, then the async functions that wait for the lowest one. Must never show a frame of the
// host, or one of the prelude that is not a builtin by a name that guests know; must never follow more than one waiter, since of several
// not one of them is the caller. https://v8.dev/docs/stack-trace-api · https://v8.dev/blog/fast-async
import {
  addressOf, asInt, boxObject, boxString, HOLE, isCell, isInt, isNumber, isObject, isString, NULL, toDouble, UNDEFINED, Value,
} from "../core/value";
import { Atom, atomAt, intrinsic, Intrinsic, NativeId, Prelude } from "../generated/intrinsics";
import {
  CODE_FLAGS, COROUTINE_FRAME, COROUTINE_PROMISE, ENV_SIZE, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE, FUNCTION_ENV,
  FUNCTION_FUNCTION_FLAGS, GENERATOR_FRAME, Kind, NATIVE_FALLBACK, NATIVE_NATIVE, PROMISE_REACTIONS, REACTION_EXTRA, REACTION_HANDLER,
  REACTION_KIND, REACTION_NEXT, REACTION_TARGET,
} from "../generated/kinds";
import { FunctionFlag, RECORD_SIZE, RecordKind, VM_CSP, VM_FP, VM_GLOBAL_OBJECT, VM_PC, VM_STACK_END } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { ReactionKind, RecordFlag } from "../generated/states";
import { CODE_ENTRY, codeParameters, frameCode, positionsOf } from "../heap/code";
import { chargeFuel, kindOf, sizeOf } from "../heap/memory";
import { RECORD_FLAGS, RECORD_KIND } from "../heap/record";
import { AWAITS, BUILTIN, codeOf, COMBINATOR, CONSTRUCTED, literal, placeText, shownName } from "../objects/frame-text";
import { isConstructorObject, MATERIALIZED } from "../objects/function";
import { requestPromise } from "../objects/generator";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { isPromise } from "../objects/promise";
import { getData, getOwn } from "../objects/property";
import { addFrame, newTrace, traceText } from "../objects/stack-trace";
import { codeUnitAt, concat, lengthOf } from "../strings/string";

/** At most this many promises are followed along the chain of waiting functions. */
const MAX_STEPS: i32 = 100;

function promiseAt(v: Value): usize {
  return isPromise(v) ? addressOf(v) : 0;
}

/** The promise of a COROUTINE, or of the request that an async generator works on; 0 for any other cell or without a request. */
function promiseOfRunner(runner: usize): usize {
  if (kindOf(runner) == Kind.COROUTINE) return promiseAt(load<u64>(runner, COROUTINE_PROMISE));
  return kindOf(runner) == Kind.GENERATOR ? promiseAt(requestPromise(runner)) : 0;
}

/** The promise that the lowest frame will settle, or 0. */
function promiseOfFrame(fp: usize): usize {
  // (handler, promise, value): the callback of a `then`
  if (load<u64>(fp) == intrinsic(Prelude.runReaction)) return promiseAt(load<u64>(fp, 24));
  const code = frameCode(fp);
  if ((load<u32>(code, CODE_FLAGS) & FunctionFlag.ASYNC) == 0) return 0;
  const owner = load<u64>(fp + 16 + (<usize>codeParameters(code) << 3));
  return isCell(owner) || isObject(owner) ? promiseOfRunner(addressOf(owner)) : 0;
}

/** The only reaction of a promise; 0 if it has no reaction or several. */
function onlyReaction(promise: usize): usize {
  const reaction = <usize>load<u32>(promise, PROMISE_REACTIONS);
  return reaction == 0 || load<u32>(reaction, REACTION_NEXT) != 0 ? 0 : reaction;
}

/** Adds the function that is suspended at an AWAIT; false if there is no function to show. */
function addAwaiting(trace: usize, runner: usize): bool {
  const frame = <usize>(kindOf(runner) == Kind.COROUTINE ? load<u32>(runner, COROUTINE_FRAME) : load<u32>(runner, GENERATOR_FRAME));
  const callee: Value = frame == 0 ? UNDEFINED : load<u64>(frame, FRAME_SIZE);
  const code = codeOf(callee);
  if (code == 0 || load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) return false;
  addFrame(trace, callee, receiverIn(frame + FRAME_SIZE), sourceOffset(code, load<u32>(frame, FRAME_POSITION) << 3), AWAITS);
  return true;
}

/**
 * The promise that a function of the prelude settles. For an element function of Promise.all and its like: an object with `name` and
 * `promise`, and its index in INDEX. 0 for any other function.
 */
const INDEX: usize = memory.data(8, 8);
function combination(fn: Value): usize {
  const code = codeOf(fn);
  if (code == 0 || (load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) return 0;
  let found: usize = 0;
  store<i32>(INDEX, -1);
  for (let env = <usize>load<u32>(addressOf(fn), FUNCTION_ENV); env != 0 && kindOf(env) == Kind.ENV; env = <usize>load<u32>(env)) {
    const end = env + sizeOf(env);
    for (let at = env + ENV_SIZE; at < end; at += 8) {
      const v = load<u64>(at);
      if (isInt(v)) store<i32>(INDEX, asInt(v));
      else if (isPromise(v)) return addressOf(v);
      else if (isObject(v) && kindOf(addressOf(v)) == Kind.OBJECT) found = addressOf(v);
    }
  }
  return found;
}

/** The promise that settles after a promise with that THEN reaction; a combinator on the way is added to the trace. */
function promiseBehind(trace: usize, reaction: usize): usize {
  let known = combination(load<u64>(reaction, REACTION_HANDLER));
  if (known == 0 || kindOf(known) == Kind.PROMISE) {
    const other = combination(load<u64>(reaction, REACTION_EXTRA));
    if (other != 0) known = other;
  }
  if (known != 0 && kindOf(known) == Kind.PROMISE) return known;
  if (known != 0 && getOwn(known, boxString(atomAt(Atom.promise))) == DATA) {
    const promise = promiseAt(load<u64>(FOUND_VALUE));
    const name = getOwn(known, boxString(atomAt(Atom.name))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
    if (isString(name)) addFrame(trace, name, UNDEFINED, load<i32>(INDEX), AWAITS | COMBINATOR);
    return promise;
  }
  return promiseAt(load<u64>(reaction, REACTION_TARGET));
}

/** Adds at most `room` functions to a trace: those that wait for the promise of the lowest frame, directly or along the chain. */
function asyncFrames(trace: usize, fp: usize, room: i32): void {
  let promise = promiseOfFrame(fp);
  for (let steps = 0; promise != 0 && room > 0 && steps < MAX_STEPS; steps++) {
    const reaction = onlyReaction(promise);
    if (reaction == 0) return;
    const target = load<u64>(reaction, REACTION_TARGET);
    promise = 0;
    switch (load<u32>(reaction, REACTION_KIND)) {
      case ReactionKind.AWAIT: {
        if (!isCell(target) && !isObject(target)) return;
        const runner = addressOf(target);
        const kind = kindOf(runner);
        if (kind != Kind.COROUTINE && kind != Kind.GENERATOR) return;
        if (addAwaiting(trace, runner)) room--;
        promise = promiseOfRunner(runner);
        break;
      }
      case ReactionKind.THEN: {
        promise = promiseBehind(trace, reaction);
        break;
      }
      case ReactionKind.PASS: {
        promise = promiseAt(target);
        break;
      }
    }
  }
}

/** Number of frames shown where the guest cannot choose it; also the `Error.stackTraceLimit` of a fresh realm. */
export const FRAMES: i32 = 10;
/** Cap on `Error.stackTraceLimit`: a stack is captured in one go. */
const MAX_FRAMES: i32 = 200;

/** Source offset in effect at byte `at` of the instructions of a code cell; -1 if it has no positions. */
export function sourceOffset(code: usize, at: u32): i32 {
  const positions = positionsOf(code);
  const count = load<u32>(positions);
  const word = at >> 3;
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(positions + 4 + (<usize>middle << 3)) <= word) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? -1 : <i32>load<u32>(positions + 8 + (<usize>(low - 1) << 3));
}

/** `Error.stackTraceLimit`; -1 if it is not a number: errors get no stack. https://v8.dev/docs/stack-trace-api */
export function frameLimit(): i32 {
  const limit = getData(addressOf(intrinsic(Intrinsic.Error)), boxString(atomAt(Atom.stackTraceLimit)));
  if (!isNumber(limit)) return -1;
  const n = toDouble(limit);
  return n > 0 ? <i32>min<f64>(n, <f64>MAX_FRAMES) : 0;
}

/** Where a capture begins: with the code that throws now, including the builtin that throws, if any. */
export const AT_BUILTIN: i32 = 0;
/** Where a capture begins: with the guest function that called the capturing builtin. */
export const AT_CALLER: i32 = 1;

/** "header\n    at f (file:line:column)…" for the guest frames now on the stack. */
export function captureStack(header: usize): usize {
  return traceText(header, capture(FRAMES, UNDEFINED, AT_CALLER));
}

/** The receiver of a call, for a trace; undefined for a plain call and for a call on the global object. */
function receiverIn(area: usize): Value {
  const receiver = load<u64>(area, 8);
  if (receiver == NULL || receiver == HOLE || receiver == load<u64>(VM_GLOBAL_OBJECT) || isCell(receiver)) return UNDEFINED;
  return receiver;
}

/** True for functions of the prelude that only call another function: stacks do not show them. */
function onlyCalls(fallback: Value): bool {
  return (
    fallback == intrinsic(Prelude.functionPrototypeApply) || fallback == intrinsic(Prelude.reflectApply) || fallback == intrinsic(Prelude.reflectConstruct)
  );
}

/** Adds the frame of a builtin; fn: a NATIVE or a prelude function. */
function addBuiltin(trace: usize, fn: usize, area: usize, flags: i32): void {
  const name = getOwn(fn, boxString(atomAt(Atom.name))) == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
  const receiver = flags & CONSTRUCTED ? UNDEFINED : receiverIn(area);
  addFrame(trace, isString(name) ? name : boxString(atomAt(Atom.empty)), receiver, -1, flags | BUILTIN);
}

/** The area of a native that runs without being the callee of the calling instruction: a getter, or what `call` calls. 0: no native runs so. */
const RUNNING: usize = memory.data(8, 8);
// @ts-ignore: decorator
@inline
export function noteRunning(area: usize): void {
  store<u32>(RUNNING, <u32>area);
}

/** The area of the native that runs now, for the instruction at pc; 0 if no native runs. */
function nativeArea(pc: usize, fp: usize): usize {
  let area = <usize>load<u32>(RUNNING);
  if (area == 0) {
    const op = <i32>load<u16>(pc);
    if (op != Op.CALL && op != Op.CALLU && op != Op.TAILCALL && op != Op.NEW) return 0;
    area = fp + <usize>load<u16>(pc, 4);
  }
  const callee = load<u64>(area);
  return isObject(callee) && kindOf(addressOf(callee)) == Kind.NATIVE ? area : 0;
}

/** The name of the builtin that runs now, as guests know it; empty if no builtin runs. */
export function builtinName(): usize {
  let fp = <usize>load<u32>(VM_FP);
  let pc = <usize>load<u32>(VM_PC);
  let record = <usize>load<u32>(VM_CSP);
  const end = <usize>load<u32>(VM_STACK_END);
  let fn: usize = 0;
  for (let steps = 0; fp != 0 && fn == 0 && steps < MAX_STEPS; steps++) {
    if ((load<u32>(frameCode(fp), CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) {
      const area = nativeArea(pc, fp);
      if (area == 0) break;
      fn = addressOf(load<u64>(area));
    } else {
      const callee = addressOf(load<u64>(fp));
      if (load<u32>(callee, FUNCTION_FUNCTION_FLAGS) & MATERIALIZED) fn = callee;
    }
    if (record >= end) break;
    pc = <usize>load<u32>(record) - 8;
    fp = <usize>load<u32>(record, 4);
    record += RECORD_SIZE;
  }
  if (fn == 0 || getOwn(fn, boxString(atomAt(Atom.name))) != DATA) return atomAt(Atom.empty);
  const name = load<u64>(FOUND_VALUE);
  return isString(name) ? addressOf(name) : atomAt(Atom.empty);
}

/** Adds the native that runs now, for the instruction at pc, if any. */
function addNative(trace: usize, pc: usize, fp: usize): i32 {
  const op = <i32>load<u16>(pc);
  const area = nativeArea(pc, fp);
  if (area == 0) return 0;
  const fn = addressOf(load<u64>(area));
  if (op == Op.NEW && !isConstructorObject(fn)) return 0;
  const fallback = <usize>load<u32>(fn, NATIVE_FALLBACK);
  const id = load<u32>(fn, NATIVE_NATIVE);
  // As in V8, neither these nor the accessors of `caller` and `callee` have a frame.
  if (id == NativeId.throwTypeErrorFunction || id == NativeId.proxyConstructor) return 0;
  if (id == NativeId.functionPrototypeCall || id == NativeId.arrayConstructor || (fallback != 0 && onlyCalls(boxObject(fallback)))) return 0;
  addBuiltin(trace, fn, area, op == Op.NEW ? CONSTRUCTED : 0);
  return 1;
}

/** Adds the frame of a function of the prelude, if guests know the function. */
function addPrelude(trace: usize, fp: usize, flags: i32): i32 {
  const fn = addressOf(load<u64>(fp));
  if ((load<u32>(fn, FUNCTION_FUNCTION_FLAGS) & MATERIALIZED) == 0 || onlyCalls(boxObject(fn))) return 0;
  addBuiltin(trace, fn, fp, flags);
  return 1;
}

/** True if the prelude called the frame with that record: stacks do not show calls between builtins. */
function isPrelude(record: usize, end: usize): bool {
  const callerFp = record >= end ? 0 : <usize>load<u32>(record, 4);
  return callerFp != 0 && (load<u32>(frameCode(callerFp), CODE_FLAGS) & FunctionFlag.PRELUDE) != 0;
}

/** Adds the builtin that resumed a generator, as V8 shows it. */
function addResume(trace: usize, callee: usize, record: usize): i32 {
  const name = shownName(boxObject(callee));
  const isPlain = lengthOf(name) > 0 && codeUnitAt(name, 0) != 0x5b;
  const flags = load<u8>(record, RECORD_FLAGS);
  const how = flags & RecordFlag.RETURNS ? ".return" : flags & RecordFlag.THROWS ? ".throw" : ".next";
  const who = concat(isPlain ? name : literal("Generator"), literal(how));
  addFrame(trace, boxString(who), UNDEFINED, -1, BUILTIN);
  return 1;
}

/** Fuel of an error, however short its stack. */
const COST: i32 = 8;

/** True if a call resumed the generator whose frame has that record. After an await, a job resumes an async one. */
function isResumed(code: usize, record: usize, end: usize): bool {
  if (record >= end || load<u8>(record, RECORD_KIND) != RecordKind.GENERATOR) return false;
  return (load<u32>(code, CODE_FLAGS) & FunctionFlag.ASYNC) == 0 || load<u32>(record, 4) != 0;
}

/** Captures at most `limit` frames; if `from` is a function, only the frames of its last call's callers. */
export function capture(limit: i32, from: Value, where: i32): usize {
  const trace = newTrace();
  let fp = <usize>load<u32>(VM_FP);
  let pc = <usize>load<u32>(VM_PC);
  let record = <usize>load<u32>(VM_CSP);
  const end = <usize>load<u32>(VM_STACK_END);
  let skips = where == AT_CALLER;
  let shown = 0;
  let steps = 0;
  if (fp != 0 && !skips && from == UNDEFINED && limit > 0 && (load<u32>(frameCode(fp), CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) shown = addNative(trace, pc, fp);
  while (fp != 0 && shown < limit) {
    steps++;
    const callee = load<u64>(fp);
    if (from != UNDEFINED) {
      if (callee == from) from = UNDEFINED;
    } else if (isObject(callee) && kindOf(addressOf(callee)) == Kind.FUNCTION) {
      const code = <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
      const flags: i32 = record < end && load<u8>(record, RECORD_FLAGS) & RecordFlag.CONSTRUCT_CALL && load<u8>(record, RECORD_KIND) != RecordKind.GENERATOR ? CONSTRUCTED : 0;
      if ((load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) {
        skips = false;
        addFrame(trace, callee, flags ? UNDEFINED : receiverIn(fp), sourceOffset(code, <u32>(pc - code - CODE_ENTRY)), flags);
        shown++;
        const isGenerator = (load<u32>(code, CODE_FLAGS) & FunctionFlag.GENERATOR) != 0;
        if (isGenerator && shown < limit && isResumed(code, record, end)) shown += addResume(trace, addressOf(callee), record);
      } else if (!skips && !isPrelude(record, end)) shown += addPrelude(trace, fp, flags);
    }
    if (record >= end || load<u32>(record, 4) == 0) break;
    pc = <usize>load<u32>(record) - 8;
    fp = <usize>load<u32>(record, 4);
    record += RECORD_SIZE;
  }
  if (fp != 0 && shown < limit && from == UNDEFINED) asyncFrames(trace, fp, limit - shown);
  chargeFuel(COST + shown + (steps >> 4));
  return trace;
}

/** A place in a program as the only frame of a stack. */
export function placeFrame(program: usize, offset: u32): usize {
  return concat(literal("\n    at "), placeText(program, <i32>(offset & 0x7fffffff)));
}
