// Owns error objects made by the machine and the capture of guest stacks. Must never show a frame of the host, nor a prelude function
// that guests do not know as a builtin.
import { addressOf, boxObject, boxString, HOLE, isCell, isNumber, isObject, isString, NULL, toDouble, UNDEFINED, Value } from "../core/value";
import { CODE_ENTRY, positionsOf } from "../bytecode/code";
import { Atom, atomAt, intrinsic, Intrinsic, NativeId, Prelude } from "../generated/intrinsics";
import { CODE_FLAGS, FUNCTION_CODE, FUNCTION_FUNCTION_FLAGS, Kind, NATIVE_FALLBACK, NATIVE_NATIVE } from "../generated/kinds";
import { FunctionFlag, RECORD_SIZE, RecordKind, VM_CSP, VM_FP, VM_GLOBAL_OBJECT, VM_PC, VM_STACK_END } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { chargeFuel, kindOf } from "../heap/memory";
import { BUILTIN, CONSTRUCTED, literal, placeText, shownName, TEXT } from "../objects/frame-text";
import { isCallable, isConstructorObject, MATERIALIZED } from "../objects/function";
import { addProperty, newObject, slotAddress } from "../objects/object";
import { DATA, defineHidden, FOUND_VALUE, getData, getOwn } from "../objects/property";
import { changeAttributes, CONFIGURABLE, findEntry, shapeOf, WRITABLE } from "../objects/shape";
import { addFrame, frameCount, LAZY, lazyStack, newTrace, ownTrace, traceText } from "../objects/stack-trace";
import { asyncFrames } from "./async-stack";
import { CONSTRUCT_CALL, frameCode, RECORD_FLAGS, RECORD_KIND } from "./frame";
import { codeUnitAt, concat, lengthOf } from "../strings/string";

/** Number of frames shown where the guest cannot choose it; also the `Error.stackTraceLimit` of a fresh realm. */
const FRAMES: i32 = 10;
/** Cap on `Error.stackTraceLimit`: a stack is captured in one go. */
const MOST_FRAMES: i32 = 200;
const HIDDEN: u32 = WRITABLE | CONFIGURABLE;

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
function frameLimit(): i32 {
  const limit = getData(addressOf(intrinsic(Intrinsic.Error)), boxString(atomAt(Atom.stackTraceLimit)));
  if (!isNumber(limit)) return -1;
  const n = toDouble(limit);
  return n > 0 ? <i32>min<f64>(n, <f64>MOST_FRAMES) : 0;
}

/** Where a capture begins: with the code that throws now, including the builtin that throws, if any. */
const AT_BUILTIN: i32 = 0;
/** Where a capture begins: with the guest function that called the capturing builtin. */
const AT_CALLER: i32 = 1;

/** "header\n    at f (file:line:column)…" for the guest frames now on the stack. */
export function captureStack(header: usize): usize {
  return traceText(header, capture(FRAMES, UNDEFINED, AT_CALLER));
}

/** The receiver of a call, for a trace; undefined for a plain call and for a call on the global object. */
export function receiverIn(area: usize): Value {
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

/** Adds the native that the instruction at pc calls, if any. */
function addNative(trace: usize, pc: usize, fp: usize): i32 {
  const op = <i32>load<u16>(pc);
  if (op != Op.CALL && op != Op.CALLU && op != Op.TAILCALL && op != Op.NEW) return 0;
  const area = fp + <usize>load<u16>(pc, 4);
  const callee = load<u64>(area);
  if (!isObject(callee) || kindOf(addressOf(callee)) != Kind.NATIVE) return 0;
  const fn = addressOf(callee);
  if (op == Op.NEW && !isConstructorObject(fn)) return 0;
  const fallback = <usize>load<u32>(fn, NATIVE_FALLBACK);
  const id = load<u32>(fn, NATIVE_NATIVE);
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
function addResume(trace: usize, callee: usize): i32 {
  const name = shownName(boxObject(callee));
  const isPlain = lengthOf(name) > 0 && codeUnitAt(name, 0) != 0x5b;
  const who = concat(isPlain ? name : literal("Generator"), literal(".next"));
  addFrame(trace, boxString(who), UNDEFINED, -1, BUILTIN);
  return 1;
}

/** Fuel of an error, however short its stack. */
const COST: i32 = 8;

/** True if a call resumed the generator whose frame has that record. After an await, a job resumes an async one. */
function isResumed(code: usize, record: usize, end: usize): bool {
  if (record >= end || load<u16>(record, RECORD_KIND) != RecordKind.GENERATOR) return false;
  return (load<u32>(code, CODE_FLAGS) & FunctionFlag.ASYNC) == 0 || load<u32>(record, 4) != 0;
}

/** Captures at most `limit` frames; if `from` is a function, only the frames of its last call's callers. */
function capture(limit: i32, from: Value, where: i32): usize {
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
      const flags: i32 = record < end && load<u16>(record, RECORD_FLAGS) & CONSTRUCT_CALL && load<u16>(record, RECORD_KIND) != RecordKind.GENERATOR ? CONSTRUCTED : 0;
      if ((load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) {
        skips = false;
        addFrame(trace, callee, flags ? UNDEFINED : receiverIn(fp), sourceOffset(code, <u32>(pc - code - CODE_ENTRY)), flags);
        shown++;
        const isGenerator = (load<u32>(code, CODE_FLAGS) & FunctionFlag.GENERATOR) != 0;
        if (isGenerator && shown < limit && isResumed(code, record, end)) shown += addResume(trace, addressOf(callee));
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

// --- places -------------------------------------------------------------------------------------------------------
// A thrown value that is not an error has no stack of its own. Its place (a trace) accompanies it, from the throw to the promise that it
// rejects and to the function that awaits that promise. Between instructions the place is kept in the list of rejections without a
// handler, or in a job.

const PLACE: usize = memory.data(8, 8);

/** The place of the value thrown just now; undefined if the value has a stack of its own or the place is unknown. */
export function thrownPlace(): Value {
  const trace = <usize>load<u32>(PLACE);
  return trace == 0 ? UNDEFINED : boxObject(trace);
}

/** Notes the place of the value thrown now; undefined forgets it. */
export function notePlace(trace: Value): void {
  store<u32>(PLACE, isObject(trace) && kindOf(addressOf(trace)) == Kind.ARRAY ? <u32>addressOf(trace) : 0);
}

/** True for an error whose own stack says where it was thrown; that of an error made by the host does not. */
function hasPlace(exception: Value): bool {
  if (!isObject(exception) || kindOf(addressOf(exception)) != Kind.ERROR) return false;
  const trace = ownTrace(addressOf(exception));
  if (trace != 0) return frameCount(trace) > 0;
  return isString(getData(addressOf(exception), boxString(atomAt(Atom.stack))));
}

/**
 * Notes where the pending exception was thrown: `known` if that is a place; else, for a value without a stack of its own, a trace captured
 * with the control records from `csp` on.
 */
export function noteThrown(exception: Value, known: Value, csp: usize): void {
  notePlace(known);
  if (known != UNDEFINED || hasPlace(exception)) return;
  const now = load<u32>(VM_CSP);
  store<u32>(VM_CSP, <u32>csp);
  notePlace(boxObject(capture(FRAMES, UNDEFINED, AT_CALLER)));
  store<u32>(VM_CSP, now);
}

// --- errors -------------------------------------------------------------------------------------------------------

/** Prototype of native errors of that ErrorKind. */
export function errorPrototype(kind: i32): usize {
  return addressOf(intrinsic(Intrinsic.ErrorPrototype + kind));
}

/** A new error object; its first own property is `stack`, as other engines have it. */
function errorWith(prototype: usize, slots: i32, from: Value, where: i32): usize {
  const error = newObject(Kind.ERROR, prototype, slots);
  const limit = frameLimit();
  if (limit < 0) addProperty(error, atomAt(Atom.stack), UNDEFINED, HIDDEN);
  else addProperty(error, atomAt(Atom.stack), lazyStack(capture(limit, from, where)), LAZY);
  return error;
}

/** A new error that the machine makes. */
export function newBareError(prototype: usize, slots: i32): usize {
  return errorWith(prototype, slots, UNDEFINED, AT_BUILTIN);
}

/**
 * A new error that a constructor makes. Its stack begins at the caller of the class named in `new`, so that the constructors of error
 * classes do not show in it.
 */
export function newConstructedError(prototype: usize, slots: i32, newTarget: Value): usize {
  const isGuests = isObject(newTarget) && kindOf(addressOf(newTarget)) == Kind.FUNCTION && (load<u32>(<usize>load<u32>(addressOf(newTarget), FUNCTION_CODE), CODE_FLAGS) & FunctionFlag.PRELUDE) == 0;
  return errorWith(prototype, slots, isGuests ? newTarget : UNDEFINED, AT_CALLER);
}

/** Gives an object with a plain, configurable property `stack` the frames of the callers of the last call of `from`. */
export function attachStack(object: usize, from: Value): void {
  const limit = frameLimit();
  if (limit < 0) return;
  const index = findEntry(shapeOf(object), atomAt(Atom.stack));
  if (index < 0) return;
  const trace = capture(limit, isObject(from) && isCallable(from) ? from : UNDEFINED, AT_CALLER);
  changeAttributes(object, <u32>index, LAZY);
  store<u64>(slotAddress(object, <u32>index), lazyStack(trace));
}

/** Gives an error other frames ("\n    at …"); unless `instead`, only if it has no frames of its own. */
export function installFrames(error: usize, frames: usize, instead: bool): void {
  const known = ownTrace(error);
  if (known == 0 || (!instead && frameCount(known) > 0)) return;
  const trace = newTrace();
  addFrame(trace, boxString(frames), UNDEFINED, -1, TEXT);
  store<u64>(slotAddress(error, <u32>findEntry(shapeOf(error), atomAt(Atom.stack))), lazyStack(trace));
}

/** A place in a program as the only frame of a stack. */
export function placeFrame(program: usize, offset: u32): usize {
  return concat(literal("\n    at "), placeText(program, <i32>(offset & 0x7fffffff)));
}

/** A new native error. `message`: address of a string. */
export function newErrorObject(kind: i32, message: usize): usize {
  const error = newBareError(errorPrototype(kind), 2);
  defineHidden(error, boxString(atomAt(Atom.message)), boxString(message), HIDDEN);
  return error;
}
