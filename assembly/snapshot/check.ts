// Owns the last check of a machine read from a snapshot: everything that native code takes for granted about cells and that their fields
// alone do not ensure. Must leave no cell changed: marks in `meta` of cells that do not use it are cleared in the end.
//
// Checked here are facts that natives do *not* check each time they run, because no program can bring it about: that a Date's time is
// clipped, that a bound function's target can be called, that a list has no ring. A native that relies on a new fact about a cell needs a
// line here, and the heap verifier (assembly/debug) one of its own.
import { isTimeZone } from "../builtins/time-zone";
import { timeClip } from "../core/time";
import {
  addressOf, boxCell, boxObject, HOLE, isCell, isInt, isNumber, isObject, isPointer, isString, isSymbol, NULL, toDouble, UNDEFINED, Value,
} from "../core/value";
import {
  ACCESSOR_GETTER, ACCESSOR_SETTER, ARRAYBUFFER_BUFFER_FLAGS, ARRAYBUFFER_BYTE_LENGTH, ARRAYBUFFER_DATA, ARRAYBUFFER_MAX_BYTE_LENGTH,
  BLOCK_LENGTH, BLOCK_SIZE, BOUND_ARGS, BOUND_TARGET, BYTES_LENGTH, CALLRECORD_ARGS, CALLRECORD_DUE_OR_RETURN, CALLRECORD_ID, CALLRECORD_KIND,
  CALLRECORD_CALLEE, CALLRECORD_NEXT, CALLRECORD_TARGET, COROUTINE_FRAME, COROUTINE_PROMISE, COROUTINE_STATE, DATE_TIME, ELEMENTS_LENGTH,
  ENV_SIZE, EXTERNAL_MODE, FIRST_OBJECT_KIND, FUNCTION_FIELDS, FUNCTION_FUNCTION_FLAGS, GENERATOR_FRAME, GENERATOR_QUEUE, GENERATOR_STATE,
  HASHTABLE_NEXT, HASHTABLE_USED, INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind, PRIMITIVE_PRIMITIVE, PROMISE_PROMISE_STATE,
  PROMISE_REACTIONS, PROXY_HANDLER, PROXY_TARGET, REACTION_EXTRA, REACTION_HANDLER, REACTION_KIND, REACTION_NEXT, REACTION_TARGET,
  REGEXP_REGEXP_FLAGS, REGEXP_SOURCE, SPARSE_SIZE, SPARSE_USED, SYMBOL_DESCRIPTION, TYPEDARRAY_BUFFER, TYPEDARRAY_BYTE_OFFSET,
  TYPEDARRAY_ELEMENT_TYPE, TYPEDARRAY_LENGTH, WEAKREF_TARGET,
} from "../generated/kinds";
import {
  BASE_START, LimitKind, MAX_CALL_ARGUMENTS, RunStatus, VM_ALLOCATED, VM_BASE_END, VM_CALL_HEAD, VM_CALL_TAIL, VM_CLOCK_NOW, VM_CURRENT_CALL,
  VM_EXCEPTION, VM_HEAP_BASE, VM_HEAP_TOP, VM_JOB_HEAD, VM_JOB_TAIL, VM_KEPT_MARK, VM_LIMIT_KIND, VM_NEXT_CALL_ID, VM_STATUS, VM_STDERR,
  VM_STDOUT, VM_STEPPING, VM_TIME_ZONE, VM_UNHANDLED_HEAD,
} from "../generated/layout";
import { Fault, INTERNAL_CLASSES, SlotType } from "../generated/snapshot-format";
import {
  CallKind, CoroutineBit, ExternalMode, GENERATOR_ASYNC, GENERATOR_STATE_MASK, GeneratorState, InternalClass, JOB_REJECTED, PROMISE_HANDLED,
  PromiseState, ReactionKind, REGEXP_FLAGS_ALL, RegExpFlag, Resumption,
} from "../generated/states";
import { MAX_COUNTED, MAX_MARK } from "../heap/account";
import { ensureMemory, kindOf, sizeOf, usesScratch } from "../heap/memory";
import { SPARSE_ENTRY } from "../heap/trace-custom";
import { elementAt, elementsOf, isSparse, MAPPED, mappedVariable } from "../objects/elements";
import { isCallable, isCallableObject } from "../objects/function";
import { prototypeOf } from "../objects/shape";
import { CHANGING, RESIZABLE, SHARED, shiftOf, TRACKING, TYPE_COUNT, typeWord } from "../objects/typed";
import { isPattern } from "../regexp/compile";
import { isHeld } from "../regexp/session";
import { SUBCLASSED } from "../regexp/source";
import { isProgram } from "../regexp/verify";
import { lengthOf } from "../strings/cells";
import { FIRST_CELL, PROTOTYPES_CHANGED } from "./build";
import { checkAwaitedFrame, checkFrames, checkStack, claimFrame, openFrames } from "./check-frames";
import { checkKept } from "./kept";
import { CELLS, fail, LIMIT, TABLE } from "./read-value";
import { openSide, sideOf, takeSide } from "./side";

// --- single cells -------------------------------------------------------------------------------------------------

function isPromiseValue(v: Value): bool {
  return isObject(v) && kindOf(addressOf(v)) == Kind.PROMISE;
}
function isCallableOrUndefined(v: Value): bool {
  return v == UNDEFINED || isCallable(v);
}

/**
 * A call of a bound function copies its arguments without a test for holes, and calls its target without a test whether it can be called; a
 * chain of targets in a circle would never end (checkChains).
 */
function checkBound(bound: usize): bool {
  const target = <usize>load<u32>(bound, BOUND_TARGET);
  if (target == 0 || !isCallableObject(target)) return fail(Fault.VALUE);
  const args = <usize>load<u32>(bound, BOUND_ARGS);
  if (args == 0) return true;
  if (isSparse(args)) return fail(Fault.ELEMENTS);
  const count = load<u32>(args, ELEMENTS_LENGTH);
  for (let i: u32 = 0; i < count; i++) if (load<u64>(elementAt(args, i)) == HOLE) return fail(Fault.ELEMENTS);
  return count <= <u32>MAX_CALL_ARGUMENTS || fail(Fault.ELEMENTS);
}

/** Methods of wrappers take it for granted that there is a primitive inside, and that it is neither undefined nor null. */
function checkPrimitive(v: Value): bool {
  return (!isObject(v) && v != UNDEFINED && v != NULL) || fail(Fault.VALUE);
}

/**
 * An AWAIT runs again, with one of these bits in the state of its coroutine or async generator. READY or THREW, never both: the destination
 * register has either the promise or the exception.
 */
const AWAIT_BITS: u32 = CoroutineBit.AWAIT_READY | CoroutineBit.AWAIT_THREW;

/**
 * The state of a generator says whether it has a frame, and at which instruction that is: entering one does not look again. The queue of an
 * async generator is claimed here, so that no two generators share one.
 */
function checkGenerator(generator: usize): bool {
  const bits = load<u32>(generator, GENERATOR_STATE);
  const isAsync = (bits & GENERATOR_ASYNC) != 0;
  const state = bits & GENERATOR_STATE_MASK;
  if (bits & ~(GENERATOR_STATE_MASK | GENERATOR_ASYNC | AWAIT_BITS) || state > <u32>GeneratorState.DRAINING || (bits & AWAIT_BITS) == AWAIT_BITS) return fail(Fault.COROUTINE);
  if (!isAsync && (bits & AWAIT_BITS || state == GeneratorState.DRAINING)) return fail(Fault.COROUTINE);
  const queue = load<u64>(generator, GENERATOR_QUEUE);
  if (isAsync ? !isCell(queue) || kindOf(addressOf(queue)) != Kind.REACTION : queue != UNDEFINED) return fail(Fault.COROUTINE);
  const frame = <usize>load<u32>(generator, GENERATOR_FRAME);
  // A frame exactly until the body has ended: resuming a DONE generator with one would run code twice.
  if ((state == GeneratorState.DONE || state == GeneratorState.DRAINING) != (frame == 0)) return fail(Fault.COROUTINE);
  if (isAsync && !claimQueue(addressOf(queue))) return false;
  // While its body runs, and while what it was ended with is awaited, the request that this is for is the first.
  const isWorking = state == GeneratorState.RUNNING || state == GeneratorState.DRAINING;
  if (isAsync && isWorking && load<u32>(addressOf(queue), REACTION_NEXT) == 0) return fail(Fault.COROUTINE);
  return frame == 0 || claimFrame(frame, state, isAsync, boxObject(generator));
}

/** Both halves of a proxy are objects, or it is revoked and both are null. */
function checkProxy(proxy: usize): bool {
  const target = load<u64>(proxy, PROXY_TARGET);
  const handler = load<u64>(proxy, PROXY_HANDLER);
  if (isObject(target) != isObject(handler)) return fail(Fault.VALUE);
  return isObject(target) || (target == NULL && handler == NULL) || fail(Fault.VALUE);
}

/** Natives of Date compute with the time value as it is: a value that TimeClip would change could lead them out of their tables. */
function checkDate(v: Value): bool {
  if (!isNumber(v)) return fail(Fault.VALUE);
  const t = toDouble(v);
  return t != t || timeClip(t) == t || fail(Fault.VALUE);
}

/** The bytes of a buffer lie in a block of its own: claiming the block marks its `meta`, which is cleared with the marks of the lists. */
function checkBuffer(buffer: usize): bool {
  const data = <usize>load<u32>(buffer, ARRAYBUFFER_DATA);
  const length = load<u32>(buffer, ARRAYBUFFER_BYTE_LENGTH);
  const max = load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH);
  const flags = load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS);
  if (flags > (RESIZABLE | SHARED) || length > max || ((flags & RESIZABLE) == 0 && data != 0 && length != max)) return fail(Fault.VALUE);
  if (data == 0) return (length == 0 && (flags & SHARED) == 0) || fail(Fault.VALUE);
  if (length > load<u32>(data, BLOCK_LENGTH) || !claim(data)) return fail(Fault.VALUE);
  // Bytes beyond the length must be zero: when a resizable buffer grows, the guest sees them.
  const end = data + BLOCK_SIZE + <usize>load<u32>(data, BLOCK_LENGTH);
  for (let at = data + BLOCK_SIZE + <usize>length; at < end; at++) if (load<u8>(at) != 0) return fail(Fault.VALUE);
  return true;
}

/** A view lies within the greatest length its buffer can have; every access checks that it lies within the current length. */
function checkView(view: usize, types: u32): bool {
  const buffer = <usize>load<u32>(view, TYPEDARRAY_BUFFER);
  if (buffer == 0 || kindOf(buffer) != Kind.ARRAYBUFFER) return fail(Fault.CLASS);
  const word = load<u32>(view, TYPEDARRAY_ELEMENT_TYPE);
  const type = word & 255;
  const changing = (load<u32>(buffer, ARRAYBUFFER_BUFFER_FLAGS) & RESIZABLE) != 0 ? CHANGING : 0;
  if (type >= types || (word & ~TRACKING) != (typeWord(type) | changing)) return fail(Fault.VALUE);
  const offset = load<u32>(view, TYPEDARRAY_BYTE_OFFSET);
  const length = load<u32>(view, TYPEDARRAY_LENGTH);
  const shift = shiftOf(word);
  if (word & TRACKING && (length != 0 || changing == 0)) return fail(Fault.VALUE);
  const end = <u64>offset + (<u64>length << <u64>shift);
  return (end <= <u64>load<u32>(buffer, ARRAYBUFFER_MAX_BYTE_LENGTH) && (offset & ((1 << shift) - 1)) == 0) || fail(Fault.VALUE);
}

/** A settled promise has no reactions left. Those of a pending one are its own: a reaction in two lists would be run twice and relinked. */
function checkPromise(promise: usize): bool {
  const bits = load<u32>(promise, PROMISE_PROMISE_STATE);
  const reactions = <usize>load<u32>(promise, PROMISE_REACTIONS);
  const state = bits & ~PROMISE_HANDLED;
  if (state > <u32>PromiseState.REJECTED) return fail(Fault.VALUE);
  if (state != PromiseState.PENDING && reactions != 0) return fail(Fault.LIST);
  for (let r = reactions; r != 0; r = <usize>load<u32>(r, REACTION_NEXT)) {
    const kind = load<u32>(r, REACTION_KIND);
    if (kind < <u32>ReactionKind.THEN || kind > <u32>ReactionKind.PASS || !claim(r) || !checkReaction(r, kind)) return fail(Fault.LIST);
  }
  return true;
}

/** The description of a symbol is shown as it is. */
function checkSymbol(symbol: usize): bool {
  const v = load<u64>(symbol, SYMBOL_DESCRIPTION);
  return v == UNDEFINED || isString(v) || fail(Fault.VALUE);
}

/** True for the accessor cell of a stack whose text has not been made yet. */
function isWaiting(cell: usize): bool {
  const getter = load<u64>(cell, ACCESSOR_GETTER);
  return isObject(getter) && kindOf(addressOf(getter)) == Kind.ARRAY && load<u64>(cell, ACCESSOR_SETTER) == UNDEFINED;
}

/** The initialiser of a class's fields is called like any function; flags that do not exist would mean something to a later build. */
function checkFunction(fn: usize): bool {
  const fields = <usize>load<u32>(fn, FUNCTION_FIELDS);
  return (load<u32>(fn, FUNCTION_FUNCTION_FLAGS) < 8 && (fields == 0 || kindOf(fields) == Kind.FUNCTION)) || fail(Fault.CODE);
}

/**
 * True if the slot holds a value that native code expects there. Types: INTERNAL_CLASSES (ts/defs/snapshot-format.ts). INTERNAL objects are
 * iterators, regular expression strings and the like: the guest holds them, natives read their slots unchecked.
 */
function isSlot(object: usize, slot: u32, type: u32): bool {
  const v = load<u64>(object + INTERNAL_SIZE + (<usize>slot << 3));
  switch (type) {
    case SlotType.GUEST: return !isCell(v) && v != HOLE;
    case SlotType.OBJECT: return isObject(v) || v == UNDEFINED;
    case SlotType.INTEGER: return isInt(v);
    case SlotType.PLACE: {
      const table = load<u64>(object + INTERNAL_SIZE + (<usize>(slot - 1) << 3));
      return isInt(v) && (table == UNDEFINED || <u32>v <= load<u32>(addressOf(table), HASHTABLE_USED));
    }
    case SlotType.STRING: return isString(v) || v == UNDEFINED;
    case SlotType.TABLE: return v == UNDEFINED || (isCell(v) && kindOf(addressOf(v)) == Kind.HASHTABLE);
    case SlotType.WEAKMAP: return v == UNDEFINED || (isObject(v) && kindOf(addressOf(v)) == Kind.WEAKMAP);
    case SlotType.ENVIRONMENT: return isCell(v) && kindOf(addressOf(v)) == Kind.ENV;
    case SlotType.COROUTINE: return isCell(v) && kindOf(addressOf(v)) == Kind.COROUTINE;
    case SlotType.BYTES: return v == UNDEFINED || (isCell(v) && kindOf(addressOf(v)) == Kind.BYTES);
  }
  return true;
}

/** An object of a class that is not listed is accepted as it is; tests ensure that all classes are listed. */
function checkInternal(object: usize): bool {
  const cls = load<u32>(object, INTERNAL_CLASS);
  let at = INTERNAL_CLASSES;
  while (<u32>load<u8>(at) != cls) {
    if (load<u8>(at) == 255) return true;
    at += 2 + <usize>load<u8>(at, 1);
  }
  const slots = <u32>load<u8>(at, 1);
  if (load<u32>(object, INTERNAL_COUNT) != slots) return fail(Fault.VALUE);
  for (let i: u32 = 0; i < slots; i++) if (!isSlot(object, i, <u32>load<u8>(at + 2 + i))) return fail(Fault.VALUE);
  return true;
}

/** A match that stopped in the middle. Many matches may share one program, which is verified once; the rest is its own. */
function checkHeld(object: usize): bool {
  const value = load<u64>(object + INTERNAL_SIZE);
  if (value == UNDEFINED) return fail(Fault.VALUE);
  const program = addressOf(value);
  for (let slot: usize = 2; slot < 4; slot++) {
    const own = load<u64>(object + INTERNAL_SIZE + (slot << 3));
    if (own == UNDEFINED || !claim(addressOf(own))) return fail(Fault.VALUE);
  }
  const known = sideOf(program);
  if (load<u32>(known) == 0) {
    // The verifier of programs tells where steps begin, and the check of the match's state asks for that: a match must be at a step.
    // A bit for each word, set where a step begins.
    const steps = takeSide((<usize>load<u32>(program, BYTES_LENGTH) >> 5) + 1);
    if (!isProgram(program, steps)) return fail(Fault.VALUE);
    store<u32>(known, <u32>steps);
  }
  return isHeld(object, <usize>load<u32>(known)) || fail(Fault.VALUE);
}

// --- patterns -----------------------------------------------------------------------------------------------------

const PATTERNS: usize = memory.data(16, 8);
/** Total length of the slices that have been read as patterns. */
const PATTERN_UNITS: usize = PATTERNS;
/** Set of the sources checked so far (u32 each), in the memory of the reader's tables; this is its mask, 0 before it exists. */
const SET_MASK: usize = PATTERNS + 8;

function openPatterns(): void {
  const entries: u32 = 1 << (31 - clz<u32>(load<u32>(CELLS) << 2));
  memory.fill(<usize>load<u32>(TABLE), 0, <usize>entries << 2);
  store<u32>(SET_MASK, entries - 1);
}

/**
 * False if that source has been checked with flags that mean the same to the grammar. https://tc39.es/ecma262/#sec-regexpinitialize: only
 * i, u and v change the grammar of patterns.
 */
function isNewPattern(source: usize, flags: u32): bool {
  if (load<u32>(SET_MASK) == 0) openPatterns();
  const key = <u32>source | (flags & RegExpFlag.IGNORE_CASE ? 1 : 0) | (flags & RegExpFlag.UNICODE ? 2 : 0) | (flags & RegExpFlag.SETS ? 4 : 0);
  const mask = load<u32>(SET_MASK);
  let i = (key * 0x9e3779b1) >> 7;
  while (true) {
    const at = <usize>load<u32>(TABLE) + (<usize>(i & mask) << 2);
    const other = load<u32>(at);
    if (other == key) return false;
    if (other == 0) {
      store<u32>(at, key);
      return true;
    }
    i++;
  }
  return true;
}

/** Slices of one text may add up to far more than the text: together they may be as long as separate texts could be. */
function isAffordable(source: usize): bool {
  if (kindOf(source) != Kind.SLICE) return true;
  // A snapshot of a few bytes can name a million slices of one text, each of which would be parsed.
  const units = load<u64>(PATTERN_UNITS) + <u64>lengthOf(source);
  store<u64>(PATTERN_UNITS, units);
  return units <= <u64>(load<u32>(LIMIT) >> 2) || fail(Fault.LARGE);
}

/** The pattern is compiled when it is first needed, but its syntax is checked now: once for each source. */
function checkRegExp(p: usize): bool {
  const source = <usize>load<u32>(p, REGEXP_SOURCE);
  const flags = load<u32>(p, REGEXP_REGEXP_FLAGS) & ~SUBCLASSED;
  if (source == 0 || kindOf(source) == Kind.ROPE || flags & ~REGEXP_FLAGS_ALL || (flags & (RegExpFlag.UNICODE | RegExpFlag.SETS)) == (RegExpFlag.UNICODE | RegExpFlag.SETS)) return fail(Fault.VALUE);
  if (!isNewPattern(source, flags)) return true;
  if (!isAffordable(source)) return false;
  return isPattern(source, flags) || fail(Fault.TEXT);
}

function checkCoroutine(p: usize): bool {
  if (!isPromiseValue(load<u64>(p, COROUTINE_PROMISE)) || load<u32>(p, COROUTINE_STATE) & ~(CoroutineBit.DETACHED | CoroutineBit.NOT_STARTED | AWAIT_BITS)) return fail(Fault.COROUTINE);
  const frame = <usize>load<u32>(p, COROUTINE_FRAME);
  return frame == 0 || claimFrame(frame, GeneratorState.RUNNING, true, boxCell(p));
}

/** A mapped `arguments` element may alias only a guest variable, never an internal cell or a hole. */
function checkArguments(object: usize): bool {
  const elements = elementsOf(object);
  if (!isSparse(elements)) return true;
  let entry = elements + SPARSE_SIZE;
  const end = entry + <usize>load<u32>(elements, SPARSE_USED) * SPARSE_ENTRY;
  for (; entry < end; entry += SPARSE_ENTRY) {
    if ((load<u32>(entry, 4) & MAPPED) == 0) continue;
    const env = <usize><u32>load<u64>(entry, 8);
    const index = load<u32>(entry);
    if (<usize>index >= (<usize>sizeOf(env) - ENV_SIZE) >> 3) return fail(Fault.ELEMENTS);
    const v = load<u64>(mappedVariable(entry + 8, index));
    // Reading such an element would hand the guest an internal cell, or a binding that it must not see yet.
    if (isCell(v) || v == HOLE) return fail(Fault.VALUE);
  }
  return true;
}

export function checkCell(p: usize, kind: i32): bool {
  switch (kind) {
    case Kind.ARGUMENTS: return checkArguments(p);
    case Kind.INTERNAL: return checkInternal(p);
    case Kind.REGEXP: return checkRegExp(p);
    case Kind.FUNCTION: return checkFunction(p);
    case Kind.BOUND: return checkBound(p);
    case Kind.EXTERNAL: return load<u32>(p, EXTERNAL_MODE) <= <u32>ExternalMode.SYNC || fail(Fault.VALUE);
    case Kind.PRIMITIVE: return checkPrimitive(load<u64>(p, PRIMITIVE_PRIMITIVE));
    case Kind.PROXY: return checkProxy(p);
    case Kind.DATE: return checkDate(load<u64>(p, DATE_TIME));
    case Kind.ARRAYBUFFER: return checkBuffer(p);
    case Kind.TYPEDARRAY: return checkView(p, TYPE_COUNT);
    case Kind.DATAVIEW: return checkView(p, 1);
    case Kind.PROMISE: return checkPromise(p);
    case Kind.SYMBOL: return checkSymbol(p);
    case Kind.ACCESSOR:
      // A trace in place of a getter is not checked here: objects/stack-trace.ts reads it with care.
      return ((isCallableOrUndefined(load<u64>(p, ACCESSOR_GETTER)) && isCallableOrUndefined(load<u64>(p, ACCESSOR_SETTER))) || isWaiting(p)) || fail(Fault.VALUE);
    case Kind.WEAKREF: {
      const v = load<u64>(p, WEAKREF_TARGET);
      return isObject(v) || isSymbol(v) || v == UNDEFINED || fail(Fault.VALUE);
    }
  }
  return true;
}

/** The checks that need the open side table: cells that keep a frame, or a match that stopped in the middle. */
export function checkHolder(p: usize, kind: i32): bool {
  switch (kind) {
    case Kind.COROUTINE: return checkCoroutine(p);
    case Kind.GENERATOR: return checkGenerator(p);
    case Kind.INTERNAL: return load<u32>(p, INTERNAL_CLASS) != InternalClass.SUSPENDED_MATCH || checkHeld(p);
  }
  return true;
}

// --- lists --------------------------------------------------------------------------------------------------------

/**
 * Marks a cell that may occur in one list only, and once (a reaction, a call record), in its otherwise unused `meta`; false if it
 * was marked.
 */
function claim(cell: usize): bool {
  if (load<u32>(cell) != 0) return false;
  store<u32>(cell, 1);
  return true;
}

/** True if a reaction (or job) of that kind has a target that running it can settle or resume. Kinds: ts/defs/states.ts. */
function checkReaction(r: usize, kind: u32): bool {
  const target = load<u64>(r, REACTION_TARGET);
  switch (kind) {
    case ReactionKind.THEN: return target == UNDEFINED || isObject(target);
    case ReactionKind.AWAIT: return isPointer(target) && checkAwaitedFrame(target);
    case ReactionKind.AWAIT_RETURN: return isObject(target) && kindOf(addressOf(target)) == Kind.GENERATOR && (load<u32>(addressOf(target), GENERATOR_STATE) & (GENERATOR_ASYNC | GENERATOR_STATE_MASK)) == (GENERATOR_ASYNC | GeneratorState.DRAINING);
    case ReactionKind.PASS: return isPromiseValue(target);
    case ReactionKind.THENABLE: return isPromiseValue(target) && isObject(load<u64>(r, REACTION_EXTRA));
    case ReactionKind.CALLBACK: return true;
    case ReactionKind.RESOLVE: return isPromiseValue(target);
  }
  return false;
}

/** Claims the requests of an async generator. */
function claimQueue(head: usize): bool {
  if (!claim(head)) return fail(Fault.LIST);
  const target = load<u64>(head, REACTION_TARGET);
  if (target != UNDEFINED && !isPromiseValue(target)) return fail(Fault.LIST);
  let last: usize = 0;
  for (let r = <usize>load<u32>(head, REACTION_NEXT); r != 0; r = <usize>load<u32>(r, REACTION_NEXT)) {
    if (!claim(r) || load<u32>(r, REACTION_KIND) > <u32>Resumption.RETURN || !isPromiseValue(load<u64>(r, REACTION_TARGET))) return fail(Fault.LIST);
    last = r;
  }
  const extra = load<u64>(head, REACTION_EXTRA);
  return (last == 0 ? extra == UNDEFINED : isCell(extra) && addressOf(extra) == last) || fail(Fault.LIST);
}

function checkTask(task: usize): bool {
  const handler = load<u64>(task, REACTION_HANDLER);
  return isCell(handler) && kindOf(addressOf(handler)) == Kind.CALLRECORD && load<u32>(addressOf(handler), CALLRECORD_KIND) == CallKind.TIMER;
}

/**
 * Checks the list of jobs, which the tasks follow; the first task knows the last.
 *   head → job → … → last job → task → … → last task          VM_JOB_TAIL: last job · first task's target: last task
 */
export function checkJobs(): bool {
  let last: usize = 0;
  let firstTask: usize = 0;
  let end: usize = 0;
  for (let job = <usize>load<u32>(VM_JOB_HEAD); job != 0; job = <usize>load<u32>(job, REACTION_NEXT)) {
    const kind = load<u32>(job, REACTION_KIND);
    if (!claim(job)) return fail(Fault.LIST);
    if (kind == ReactionKind.TASK) {
      if (!checkTask(job)) return fail(Fault.LIST);
      if (firstTask == 0) firstTask = job;
    } else {
      if (firstTask != 0 || (kind & ~JOB_REJECTED) > <u32>ReactionKind.RESOLVE || !checkReaction(job, kind & ~JOB_REJECTED)) return fail(Fault.LIST);
      last = job;
    }
    end = job;
  }
  // New jobs go after the tail, before the tasks: a wrong tail would lose jobs, or put them into the list twice.
  if (load<u32>(VM_JOB_TAIL) != <u32>last) return fail(Fault.LIST);
  if (firstTask == 0) return true;
  const target = load<u64>(firstTask, REACTION_TARGET);
  return (isCell(target) && addressOf(target) == end) || fail(Fault.LIST);
}

/** True if the record is one that the host can be told of, and whose answer has somewhere to go. */
function checkCallRecord(record: usize): bool {
  const kind = load<u32>(record, CALLRECORD_KIND);
  const args = load<u64>(record, CALLRECORD_ARGS);
  if (args != UNDEFINED && (!isObject(args) || kindOf(addressOf(args)) != Kind.ARRAY)) return false;
  const name = load<u64>(record, CALLRECORD_CALLEE);
  const target = load<u64>(record, CALLRECORD_TARGET);
  const due = load<u64>(record, CALLRECORD_DUE_OR_RETURN);
  switch (kind) {
    case CallKind.ASYNC:
    case CallKind.MODULE: return isString(name) && isPromiseValue(target);
    case CallKind.SYNC: return isString(name) && isInt(due) && load<u32>(VM_CURRENT_CALL) == <u32>record;
    case CallKind.TIMER: return isPointer(name) && isNumber(due) && (target == UNDEFINED || isNumber(target));
  }
  return false;
}

/** Checks the list of pending calls: ids ascend, at most one is the sync call at which the guest is held, and VM_CURRENT_CALL names it. */
export function checkCalls(): bool {
  let last: usize = 0;
  let id: u32 = 0;
  let held: usize = 0;
  for (let record = <usize>load<u32>(VM_CALL_HEAD); record != 0; record = <usize>load<u32>(record, CALLRECORD_NEXT)) {
    if (!claim(record) || load<u32>(record, CALLRECORD_ID) <= id || !checkCallRecord(record)) return fail(Fault.LIST);
    id = load<u32>(record, CALLRECORD_ID);
    if (load<u32>(record, CALLRECORD_KIND) == CallKind.SYNC) held = record;
    last = record;
  }
  // The host answers by id: the next call must not get one that a pending call has.
  if (id != 0 && id >= load<u32>(VM_NEXT_CALL_ID)) return fail(Fault.LIST);
  if (load<u32>(VM_CALL_TAIL) != <u32>last || load<u32>(VM_CURRENT_CALL) != <u32>held) return fail(Fault.LIST);
  return (load<u32>(VM_STATUS) == RunStatus.SYNC_CALL) == (held != 0) || fail(Fault.LIST);
}

/** Checks the list of rejections that nothing has handled yet: each names the promise that was rejected. */
export function checkUnhandled(): bool {
  for (let r = <usize>load<u32>(VM_UNHANDLED_HEAD); r != 0; r = <usize>load<u32>(r, REACTION_NEXT)) {
    if (!claim(r) || load<u32>(r, REACTION_KIND) != 0 || !isPromiseValue(load<u64>(r, REACTION_TARGET))) return fail(Fault.LIST);
  }
  return true;
}

// --- chains -------------------------------------------------------------------------------------------------------

// Chains are walked with u32 marks per 8 bytes of memory, above the heap: the number of the walk that passed there. Chains within the base
// image have no cycle, so one that comes there ends; but if the snapshot changes the prototype of a base object, the image is walked, too.

/** The next cell of a chain: 0 prototype, parent environment or newer table; 1 target of a bound function or a proxy. */
function linkOf(p: usize, which: i32): usize {
  const kind = kindOf(p);
  if (which == 0) return kind >= FIRST_OBJECT_KIND ? prototypeOf(p) : kind == Kind.ENV ? <usize>load<u32>(p) : kind == Kind.HASHTABLE ? <usize>load<u32>(p, HASHTABLE_NEXT) : 0;
  if (kind == Kind.BOUND) return <usize>load<u32>(p, BOUND_TARGET);
  if (kind == Kind.PROXY) {
    const target = load<u64>(p, PROXY_TARGET);
    return isObject(target) ? addressOf(target) : 0;
  }
  return 0;
}

/** Address of the first mark, and of the cell that it is for. */
const CHAIN_MARKS: usize = memory.data(8, 4);
const CHAIN_FROM: usize = CHAIN_MARKS + 4;

/** False if the chain from p has a cycle. */
function walkChain(p: usize, which: i32, walk: u32): bool {
  const from = <usize>load<u32>(CHAIN_FROM);
  let at = p;
  while (at >= from) {
    // Marks are never cleared between walks: a cell seen by an earlier walk is known to lead to an end, so all walks together visit each
    // cell once.
    const mark = <usize>load<u32>(CHAIN_MARKS) + (((at - from) >> 3) << 2);
    const seen = load<u32>(mark);
    if (seen == walk) return fail(Fault.CYCLE);
    if (seen != 0) return true;
    store<u32>(mark, walk);
    at = linkOf(at, which);
  }
  return true;
}

/**
 * Checks the chains of the cells from `first` to `end` for cycles: 0 prototypes, environments, old tables; 1 targets of bound functions and
 * proxies.
 */
export function checkChains(which: i32, first: usize, end: usize): bool {
  const top = <usize>load<u32>(VM_HEAP_TOP);
  const wholeBase = which == 0 && load<u32>(PROTOTYPES_CHANGED) != 0;
  const from = wholeBase ? BASE_START : <usize>load<u32>(VM_HEAP_BASE);
  const marks = (top + 15) & ~15;
  const bytes = ((top - from) >> 1) + 64;
  ensureMemory(marks + bytes);
  usesScratch(marks + bytes);
  memory.fill(marks, 0, bytes);
  store<u32>(CHAIN_MARKS, <u32>marks);
  store<u32>(CHAIN_FROM, <u32>from);
  let walk: u32 = 0;
  for (let p = first; p < end; p += sizeOf(p)) {
    if (linkOf(p, which) != 0 && !walkChain(p, which, ++walk)) return false;
  }
  if (!wholeBase) return true;
  const baseEnd = <usize>load<u32>(VM_BASE_END);
  for (let p = BASE_START; p < baseEnd; p += sizeOf(p)) {
    if (kindOf(p) >= FIRST_OBJECT_KIND && linkOf(p, which) != 0 && !walkChain(p, which, ++walk)) return false;
  }
  return true;
}

// --- words --------------------------------------------------------------------------------------------------------

/** Checks the words that have a range; all others may have any value. */
export function checkWords(): bool {
  // Words of the machine that the loop or the wrapper believe without a test.
  const status = load<u32>(VM_STATUS);
  // A run that ended with an error is never written, and a machine at rest has no pending exception.
  if (status > <u32>RunStatus.IDLE || status == RunStatus.THREW || status == RunStatus.LIMIT || load<u64>(VM_EXCEPTION) != HOLE) return fail(Fault.WORD);
  if (load<u32>(VM_ALLOCATED) > MAX_COUNTED || load<u32>(VM_KEPT_MARK) > MAX_MARK || load<u32>(VM_STEPPING) > 1 || load<u32>(VM_LIMIT_KIND) > <u32>LimitKind.HOST_CALLS) return fail(Fault.WORD);
  if (!isString(load<u64>(VM_STDOUT)) || !isString(load<u64>(VM_STDERR)) || !isNumber(load<u64>(VM_CLOCK_NOW))) return fail(Fault.WORD);
  if (load<u64>(VM_TIME_ZONE) != UNDEFINED && !isTimeZone(load<u64>(VM_TIME_ZONE))) return fail(Fault.WORD);
  return true;
}

/** Forgets the patterns checked so far. */
export function openChecks(): void {
  store<u64>(PATTERN_UNITS, 0);
  store<u32>(SET_MASK, 0);
}

/** Clears the marks that the checks left in `meta` of the cells from `first` to `end`. */
export function clearMarks(first: usize, end: usize): void {
  for (let p = first; p < end; p += sizeOf(p)) {
    const kind = kindOf(p);
    if (kind == Kind.REACTION || kind == Kind.CALLRECORD || kind == Kind.FRAME || kind == Kind.COROUTINE || kind == Kind.BLOCK || kind == Kind.BYTES) store<u32>(p, 0);
  }
}

/** True if the machine can be run. */
export function checkMachine(): bool {
  if (!checkWords() || !checkKept()) return false;
  const end = <usize>load<u32>(VM_HEAP_TOP);
  const first = <usize>load<u32>(FIRST_CELL);
  openChecks();
  for (let p = first; p < end; p += sizeOf(p)) if (!checkCell(p, kindOf(p))) return false;
  // In three rounds: cells by themselves; then, with the code of all frames loaded and nothing allocated any more, cells with a frame or a
  // match; then lists, stack and frames, which the second round has claimed.
  if (!openFrames(first, end)) return false;
  openSide();
  for (let p = first; p < end; p += sizeOf(p)) if (!checkHolder(p, kindOf(p))) return false;
  if (!checkJobs() || !checkCalls() || !checkUnhandled() || !checkStack() || !checkFrames(first, end)) return false;
  if (!checkChains(0, first, end) || !checkChains(1, first, end)) return false;
  // The marks lie where these kinds keep nothing: a machine that runs must not see them.
  clearMarks(first, end);
  return true;
}
