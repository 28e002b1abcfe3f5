// Owns calls of every kind of callee, from instructions, slow paths and natives, and the delivery of their results.
// Must never run guest code itself: it makes the next frame.
//
// Slow paths return an *action* to the loop:
//   > 0      go on that many bytes further
//   RELOAD   take pc and fp from the VM block
//   LEAVE    leave the loop with the status in the VM block
//
// A *call area* is a run of registers in the caller's frame, or of free words above it. It becomes the callee's frame as it is:
//
//    area                                               fp = area
//   ┌────────┬──────┬───────┬───────┐                  ┌────────┬──────┬─────────┬─────────┬────────┬──────┐
//   │ callee │ this │ arg 0 │ arg 1 │   enterFrame ──▶ │ callee │ this │ param 0 │ param 1 │ locals │ temp │
//   └────────┴──────┴───────┴───────┘                  └────────┴──────┴─────────┴─────────┴────────┴──────┘
//
// A callee that reads its surplus arguments (`arguments`, a rest parameter) gets a frame above them, with copies of what it has names for:
//
//    area                                     fp = area + 16 + 8 · argc          3 arguments, 1 parameter
//   ┌────────┬──────┬───────┬───────┬───────┬────────┬──────┬─────────┬────────┐
//   │ callee │ this │ arg 0 │ arg 1 │ arg 2 │ callee │ this │ param 0 │ locals │
//   └────────┴──────┴───────┴───────┴───────┴────────┴──────┴─────────┴────────┘
//
// Instructions and slow paths differ in where the area lies. CALL has it among its own registers. A slow path (getter, `valueOf`, prelude
// function) lays it at frameEnd(fp), above all registers of its frame, so an instruction that is run again finds its operands untouched.
import { codeIdentity } from "../bytecode/prelude-code";
import { addressOf, boxInt, boxObject, boxString, CALL, DEFER, EXCEPTION, HOLE, isObject, RETRY, UNDEFINED, Value } from "../core/value";
import { noteRunning } from "../errors/stack-trace";
import { lit, throwLiteral, throwNamed } from "../errors/throw";
import { Atom, atomAt, intrinsic, Intrinsic, Prelude } from "../generated/intrinsics";
import {
  BOUND_ARGS, BOUND_BOUND_THIS, BOUND_TARGET, CALLRECORD_DUE_OR_RETURN, CALLRECORD_STATE, CODE_FLAGS, CODE_INSTANCE_CAPACITY, CODE_NAME,
  ELEMENTS_LENGTH, EXTERNAL_MODE, EXTERNAL_NAME, FUNCTION_CODE, FUNCTION_INITIAL_SHAPE, Kind, NATIVE_FALLBACK, NATIVE_NATIVE, SHAPE_MAKER,
  SHAPE_PROTO,
} from "../generated/kinds";
import {
  ErrorKind, FunctionFlag, LimitKind, MAX_CALL_ARGUMENTS, RecordKind, RunStatus, STACK_SLACK, VM_CURRENT_CALL, VM_FP, VM_FUEL,
  VM_HOST_CALL_LIMIT, VM_HOST_CALLS, VM_NEW_TARGET_LOW, VM_PC, VM_STACK_DEPTH_LIMIT, VM_STATUS,
} from "../generated/layout";
import { callNative } from "../generated/natives";
import { Op } from "../generated/opcodes";
import { CallKind, RecordFlag } from "../generated/states";
import { CODE_ENTRY, frameCode, NOT_CALLABLE } from "../heap/code";
import { chargeFuel, fuelLeft, kindOf, reserve, setFuelLeft } from "../heap/memory";
import { newCall } from "../jobs/calls";
import { newPromise } from "../jobs/promise";
import { elementAt } from "../objects/elements";
import { isCallableObject, isConstructor, isConstructorObject } from "../objects/function";
import { DATA, FOUND_VALUE } from "../objects/lookup";
import { arrayPush, newArray, newObjectOfShape, rootShape } from "../objects/object";
import { lookup } from "../objects/property";
import { concat } from "../strings/string";
import {
  CONTEXT, CONTEXT_ACTION, CONTEXT_AREA, CONTEXT_ARGC, CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_KIND, CONTEXT_RETURN_PC,
  CONTEXT_SPENT, damaged, LEAVE, limitReached, RELOAD,
} from "./action";
import { describeCallee, notCallableText, valueText } from "./describe";
import { enterFrame, frameBytes, frameEnd, stackDepth, stackFits } from "./frame";
import { safepointSlow, takesFuel } from "./limits";
import { opcode, saveRegisters } from "./operands";
import { deliver } from "./return";
import { afterSignal } from "./signal";

/** Fuel that was left when the native began. */
const CONTEXT_FUEL: usize = CONTEXT + 32;

/** Runs a native, and notes the fuel before it for tryAgain. */
export function callNativeOf(id: i32, area: usize, argc: i32): Value {
  store<i32>(CONTEXT_FUEL, fuelLeft());
  return callNative(id, area, argc);
}

/** The native run last returned RETRY before it had any effect: gives its fuel back and has the instruction run again. */
export function tryAgain(pc: usize, fp: usize): i32 {
  setFuelLeft(load<i32>(CONTEXT_FUEL));
  return afterSignal(RETRY, pc, fp);
}

/**
 * Makes the call at `area` (callee, this, arguments). `pc` is the calling instruction, for errors and retries.
 * The result goes to `destination` of the frame at `fp`, in the way of the record kind `kind`, and execution goes on at `returnPc`.
 *
 *   FUNCTION    enters it                           NATIVE     runs at once; the result is delivered, no frame is made
 *   BOUND       lays the call of its target         EXTERNAL   copies the arguments to an array for the host
 *   PROXY       calls the prelude with an array     other      TypeError
 */
export function callArea(pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32): i32 {
  const callee = load<u64>(area);
  const cell = isObject(callee) ? kindOf(addressOf(callee)) : 0;
  if (cell == Kind.NATIVE) {
    const value = runNative(pc, fp, area, argc, returnPc, destination, kind, 0);
    if (value != CALL) return afterNative(value, pc, fp, area, argc, returnPc, destination, kind, 0);
    return callChain(pc, fp, <usize>load<u32>(CONTEXT_AREA), load<i32>(CONTEXT_ARGC), returnPc, destination, kind, hopCost(load<i32>(CONTEXT_ARGC)));
  }
  if (cell == Kind.BOUND) return callChain(pc, fp, area, argc, returnPc, destination, kind, 0);
  return callEnd(pc, fp, area, argc, returnPc, destination, kind);
}

/** Fuel of a function that only calls another one: its call, and the arguments it passes on. */
function hopCost(argc: i32): i32 {
  return 1 + (argc >> 4);
}

/** A chain of calls that costs more than this continues in a frame of the prelude, whose call instruction is a safepoint. */
const LONG_CHAIN: i32 = 8192;

/**
 * Follows a chain of functions that only call another one: bound functions, and natives that signal CALL. Each replaces the call before
 * it, so a chain needs no more stack than its longest list of arguments. `area` belongs to the calling instruction only if its callee is
 * bound.
 */
function callChain(pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32, cost: i32): i32 {
  store<i32>(CONTEXT_SPENT, 0);
  spend(cost);
  while (load<i32>(CONTEXT_SPENT) < LONG_CHAIN) {
    const callee = load<u64>(area);
    const cell = isObject(callee) ? kindOf(addressOf(callee)) : 0;
    if (cell == Kind.BOUND) {
      argc = unbindAll(pc, fp, area, argc);
      if (argc < 0) return load<i32>(CONTEXT_ACTION);
      area = areaOfBound(fp, area);
    } else if (cell == Kind.NATIVE) {
      noteRunning(area);
      const value = runNative(pc, fp, area, argc, returnPc, destination, kind, 0);
      noteRunning(0);
      if (value != CALL) return spent(afterNative(value, pc, fp, area, argc, returnPc, destination, kind, 0));
      argc = load<i32>(CONTEXT_ARGC);
      memory.copy(area, <usize>load<u32>(CONTEXT_AREA), 16 + (<usize>argc << 3));
      spend(hopCost(argc));
    } else return spent(callEnd(pc, fp, area, argc, returnPc, destination, kind));
  }
  return spent(callByPrelude(pc, fp, area, argc, returnPc, destination, kind));
}

/** Takes fuel that retryLater gives back. */
function spend(units: i32): void {
  store<i32>(CONTEXT_SPENT, load<i32>(CONTEXT_SPENT) + units);
  chargeFuel(units);
}
/** The chain has ended with that action: from now on its fuel is not given back. */
function spent(action: i32): i32 {
  store<i32>(CONTEXT_SPENT, 0);
  return action;
}

/**
 * Goes on with a chain in a frame of the prelude's callWithList: in the running one if it is such a frame, else in a new one. A chain may
 * be very long (`f = f.bind()` in a loop), and its hops are no safepoints. So after LONG_CHAIN units it gets one: callWithList makes the
 * same call by CALLSPREAD, which can be stopped. Its frame is used again for each further LONG_CHAIN hops, so a chain of any length needs
 * one frame.
 */
function callByPrelude(pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32): i32 {
  const list = argumentsAsArray(area, argc);
  if (list == 0) return afterSignal(RETRY, pc, fp);
  if (load<u64>(fp) != intrinsic(Prelude.callWithList)) {
    return callPrelude3(Prelude.callWithList, pc, fp, load<u64>(area), load<u64>(area, 8), boxObject(list), returnPc, destination, kind);
  }
  memory.copy(fp + 16, area, 16);
  store<u64>(fp, boxObject(list), 32);
  store<u32>(VM_FP, <u32>fp);
  store<u32>(VM_PC, <u32>(frameCode(fp) + CODE_ENTRY));
  return RELOAD;
}

/**
 * Calls a callee that is neither a native nor a bound function. https://tc39.es/ecma262/#sec-call,
 * https://tc39.es/ecma262/#sec-ecmascript-function-objects-call-thisargument-argumentslist
 */
function callEnd(pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32): i32 {
  const callee = load<u64>(area);
  if (!isObject(callee)) return notCallable(pc, fp, callee);
  const fn = addressOf(callee);
  const cell = kindOf(fn);
  if (cell == Kind.FUNCTION) {
    const code = <usize>load<u32>(fn, FUNCTION_CODE);
    if (load<u32>(code) & NOT_CALLABLE) {
      saveRegisters(pc, fp);
      return afterSignal(throwClassCall(code), pc, fp);
    }
    const room = checkStack(pc, fp, area, frameBytes(code, argc));
    if (room != 1) return room;
    enterFrame(area, argc, returnPc, fp, destination, kind, 0);
    return RELOAD;
  }
  if (cell == Kind.EXTERNAL) return callExternal(pc, fp, area, argc, returnPc, destination, kind);
  if (cell == Kind.PROXY && isCallableObject(fn)) {
    const list = argumentsAsArray(area, argc);
    if (list == 0) return afterSignal(RETRY, pc, fp);
    return callPrelude3(Prelude.proxyCall, pc, fp, callee, load<u64>(area, 8), boxObject(list), returnPc, destination, kind);
  }
  return notCallable(pc, fp, callee);
}

/** The arguments of an area in a new array; 0 if memory is short: the caller must signal RETRY. */
function argumentsAsArray(area: usize, argc: i32): usize {
  if (argc > 64 && !reserve((<usize>argc << 3) + 64)) return 0;
  const list = newArray(<u32>argc);
  for (let i = 0; i < argc; i++) arrayPush(list, load<u64>(area + 16 + (<usize>i << 3)));
  return list;
}

/**
 * Checks the depth and the room of the stack. 1: go on; else the action to take (stack overflow, or retry with a larger stack). Two limits,
 * which must not be confused. The depth (in frames) is the guest's: exceeding it is a RangeError it can catch, and the same in every run.
 * The bytes are the machine's: a stack that is too small grows at this safepoint, and the guest cannot tell.
 */
function checkStack(pc: usize, fp: usize, area: usize, bytes: usize): i32 {
  if (stackDepth() >= load<u32>(VM_STACK_DEPTH_LIMIT)) {
    saveRegisters(pc, fp);
    return afterSignal(throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded"), pc, fp);
  }
  if (stackFits(area, bytes)) return 1;
  return afterSignal(RETRY, pc, fp);
}

/** Runs the native at `area`; returns its value or signal. */
function runNative(pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32, newTarget: usize): Value {
  store<u32>(CONTEXT_RETURN_PC, <u32>returnPc);
  store<u32>(CONTEXT_CALLER_FP, <u32>fp);
  store<u32>(CONTEXT_DESTINATION, destination);
  store<u32>(CONTEXT_KIND, kind);
  store<u32>(VM_NEW_TARGET_LOW, <u32>newTarget);
  // Errors made by the native show the caller's position.
  saveRegisters(pc, fp);
  return callNativeOf(<i32>load<u32>(addressOf(load<u64>(area)), NATIVE_NATIVE), area, argc);
}

/**
 * Goes on after runNative returned a value or any signal but CALL. DEFER hands the area to the prelude function of the native's name, as if
 * the guest had called that. So the area must still hold the callee's arguments: a native that may still defer must not have written to
 * them. If the stack is too small for the frame, the native is put back as the callee and the whole instruction is run again, since a retry
 * looks at the area anew.
 */
function afterNative(value: Value, pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32, newTarget: usize): i32 {
  if (value == DEFER) {
    const fn = addressOf(load<u64>(area));
    const fallback = <usize>load<u32>(fn, NATIVE_FALLBACK);
    // Only a forged object of that native has no fallback.
    if (fallback == 0) return damaged();
    store<u64>(area, boxObject(fallback));
    const code = <usize>load<u32>(fallback, FUNCTION_CODE);
    if (!stackFits(area, frameBytes(code, argc))) {
      store<u64>(area, boxObject(fn));
      return tryAgain(pc, fp);
    }
    store<u32>(VM_NEW_TARGET_LOW, <u32>newTarget);
    enterFrame(area, argc, returnPc, fp, destination, kind, newTarget != 0 ? RecordFlag.CONSTRUCT_CALL : 0);
    return RELOAD;
  }
  if (value == RETRY) return tryAgain(pc, fp);
  if (value >= EXCEPTION && value <= CALL) return afterSignal(value, pc, fp);
  return deliver(value, returnPc, fp, destination, kind);
}

/**
 * Calls a prelude function whose `argc` arguments are already at `area + 16`. Calls of the prelude take no fuel of their own: the
 * instruction has paid its unit, and the prelude's code pays like any code.
 */
function callPrelude(id: i32, pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32): i32 {
  store<u64>(area, intrinsic(id));
  store<u64>(area, UNDEFINED, 8);
  return callArea(pc, fp, area, argc, returnPc, destination, kind);
}

/** callPrelude1 to 4 call a prelude function with so many arguments, in the free stack above the frame. They return the action. */
export function callPrelude1(id: i32, pc: usize, fp: usize, a: Value, returnPc: usize, destination: u32, kind: u32): i32 {
  const area = frameEnd(fp);
  const room = checkStack(pc, fp, area, 64);
  if (room != 1) return room;
  store<u64>(area, a, 16);
  return callPrelude(id, pc, fp, area, 1, returnPc, destination, kind);
}
export function callPrelude2(id: i32, pc: usize, fp: usize, a: Value, b: Value, returnPc: usize, destination: u32, kind: u32): i32 {
  const area = frameEnd(fp);
  const room = checkStack(pc, fp, area, 64);
  if (room != 1) return room;
  store<u64>(area, a, 16);
  store<u64>(area, b, 24);
  return callPrelude(id, pc, fp, area, 2, returnPc, destination, kind);
}
export function callPrelude3(id: i32, pc: usize, fp: usize, a: Value, b: Value, c: Value, returnPc: usize, destination: u32, kind: u32): i32 {
  const area = frameEnd(fp);
  const room = checkStack(pc, fp, area, 64);
  if (room != 1) return room;
  store<u64>(area, a, 16);
  store<u64>(area, b, 24);
  store<u64>(area, c, 32);
  return callPrelude(id, pc, fp, area, 3, returnPc, destination, kind);
}
export function callPrelude4(id: i32, pc: usize, fp: usize, a: Value, b: Value, c: Value, d: Value, returnPc: usize, destination: u32, kind: u32): i32 {
  const area = frameEnd(fp);
  const room = checkStack(pc, fp, area, 80);
  if (room != 1) return room;
  store<u64>(area, a, 16);
  store<u64>(area, b, 24);
  store<u64>(area, c, 32);
  store<u64>(area, d, 40);
  return callPrelude(id, pc, fp, area, 4, returnPc, destination, kind);
}
/** As callPrelude1, but with `argc` arguments from `source`. */
export function callPreludeList(id: i32, pc: usize, fp: usize, source: usize, argc: i32, returnPc: usize, destination: u32): i32 {
  const area = frameEnd(fp);
  const room = checkStack(pc, fp, area, 32 + (<usize>argc << 3));
  if (room != 1) return room;
  memory.copy(area + 16, source, <usize>argc << 3);
  return callPrelude(id, pc, fp, area, argc, returnPc, destination, RecordKind.CALL);
}
/**
 * Charges a call made by a slow path (getter, setter): one unit of fuel and a safepoint. Stack room is checked first, so that a
 * charged call always happens. 1: go on, else the action.
 */
function payCall(callee: Value, pc: usize, fp: usize, argc: i32): i32 {
  let bytes: usize = STACK_SLACK;
  if (isObject(callee) && kindOf(addressOf(callee)) == Kind.FUNCTION) bytes = max(bytes, frameBytes(<usize>load<u32>(addressOf(callee), FUNCTION_CODE), argc));
  const room = checkStack(pc, fp, frameEnd(fp), bytes);
  if (room != 1) return room;
  if (takesFuel(pc)) return 1;
  const left = load<i32>(VM_FUEL) - 1;
  store<i32>(VM_FUEL, left);
  // Stopped here, the instruction has not begun: it has called nothing, and after the resume it is run from its start.
  return left < 0 ? safepointSlow(pc, fp, frameEnd(fp)) : 1;
}

/** Calls a getter, or any other function without arguments, with a receiver, above the frame. */
export function callWithThis(callee: Value, receiver: Value, pc: usize, fp: usize, returnPc: usize, destination: u32, kind: u32): i32 {
  const area = frameEnd(fp);
  const room = payCall(callee, pc, fp, 0);
  if (room != 1) return room;
  store<u64>(area, callee);
  store<u64>(area, receiver, 8);
  noteRunning(area);
  const action = callArea(pc, fp, area, 0, returnPc, destination, kind);
  noteRunning(0);
  return action;
}
/** As callWithThis, but with one argument (setters). */
export function callWithThis1(callee: Value, receiver: Value, argument: Value, pc: usize, fp: usize, returnPc: usize, destination: u32, kind: u32): i32 {
  const area = frameEnd(fp);
  const room = payCall(callee, pc, fp, 1);
  if (room != 1) return room;
  store<u64>(area, callee);
  store<u64>(area, receiver, 8);
  store<u64>(area, argument, 16);
  noteRunning(area);
  const action = callArea(pc, fp, area, 1, returnPc, destination, kind);
  noteRunning(0);
  return action;
}

/**
 * Address for the area of a bound function's target: above the frame, so that the instruction finds its own area unchanged if it
 * runs again.
 */
function areaOfBound(fp: usize, area: usize): usize {
  const free = frameEnd(fp);
  return area < free ? free : area;
}

/**
 * Unbinds the callee of `area` until the target is not a bound function; builds the call at areaOfBound(fp, area). Returns the argument
 * count, or -1 if the action is in CONTEXT_ACTION.
 */
function unbindAll(pc: usize, fp: usize, area: usize, argc: i32): i32 {
  // https://tc39.es/ecma262/#sec-bound-function-exotic-objects-call-thisargument-argumentslist. For g = f.bind(t, 1), h = g.bind(u, 2), the
  // call h(3) is laid as f, t, 1, 2, 3: the innermost `this` wins, and outer arguments come after inner ones.
  const to = areaOfBound(fp, area);
  const outermost = addressOf(load<u64>(area));
  let bound = outermost;
  let last = bound;
  let count = argc;
  let steps = 0;
  do {
    count += boundCount(bound);
    last = bound;
    bound = <usize>load<u32>(bound, BOUND_TARGET);
    steps++;
  } while (kindOf(bound) == Kind.BOUND && count <= MAX_CALL_ARGUMENTS);
  spend(steps + (count >> 4));
  if (count > MAX_CALL_ARGUMENTS || !stackFits(to, 32 + (<usize>count << 3))) {
    const signal = count > MAX_CALL_ARGUMENTS ? throwLiteral(ErrorKind.RangeError, "Maximum call stack size exceeded") : RETRY;
    store<i32>(CONTEXT_ACTION, spent(afterSignal(signal, pc, fp)));
    return -1;
  }
  // The arguments of the innermost function come first.
  let end = to + 16 + (<usize>(count - argc) << 3);
  memory.copy(end, area + 16, <usize>argc << 3);
  for (let f = outermost; f != bound; f = <usize>load<u32>(f, BOUND_TARGET)) {
    const bytes = <usize>boundCount(f) << 3;
    if (bytes == 0) continue;
    end -= bytes;
    memory.copy(end, elementAt(<usize>load<u32>(f, BOUND_ARGS), 0), bytes);
  }
  store<u64>(to, boxObject(bound));
  store<u64>(to, load<u64>(last, BOUND_BOUND_THIS), 8);
  return count;
}

/** Number of arguments that a bound function adds. */
function boundCount(bound: usize): i32 {
  const args = <usize>load<u32>(bound, BOUND_ARGS);
  return args == 0 ? 0 : <i32>load<u32>(args, ELEMENTS_LENGTH);
}

/**
 * Construct(callee at area, arguments, newTarget). https://tc39.es/ecma262/#sec-construct
 * Base constructors get their `this` here; derived ones start with the hole.
 */
export function constructArea(pc: usize, fp: usize, area: usize, argc: i32, newTarget: Value, returnPc: usize, destination: u32): i32 {
  const callee = load<u64>(area);
  if (!isObject(callee) || !isConstructorObject(addressOf(callee))) return notConstructor(pc, fp, callee);
  // In compiled code new.target is always a constructor; in a forged frame it may be any value.
  if (newTarget != callee && !isConstructor(newTarget)) return damaged();
  const fn = addressOf(callee);
  const cell = kindOf(fn);
  if (cell == Kind.FUNCTION) {
    const code = <usize>load<u32>(fn, FUNCTION_CODE);
    const room = checkStack(pc, fp, area, frameBytes(code, argc));
    if (room != 1) return room;
    // https://tc39.es/ecma262/#sec-ecmascript-function-objects-construct-argumentslist-newtarget
    const derived = (load<u32>(code, CODE_FLAGS) & FunctionFlag.DERIVED) != 0;
    if (derived) store<u64>(area, HOLE, 8);
    else {
      const target = addressOf(newTarget);
      const shape = instanceShape(target, code);
      if (shape == 0) {
        // `prototype` is an accessor or newTarget is a proxy: the prelude finds the prototype, makes the object and calls.
        return constructByPrelude(pc, fp, area, argc, newTarget, returnPc, destination);
      }
      store<u64>(area, boxObject(newObjectOfShape(Kind.OBJECT, shape)), 8);
    }
    store<u32>(VM_NEW_TARGET_LOW, <u32>addressOf(newTarget));
    enterFrame(area, argc, returnPc, fp, destination, derived ? RecordKind.CONSTRUCT_DERIVED : RecordKind.CONSTRUCT, RecordFlag.CONSTRUCT_CALL);
    return RELOAD;
  }
  if (cell == Kind.NATIVE) {
    // The old value must not become the receiver of the prelude function that may take over.
    store<u64>(area, UNDEFINED, 8);
    const value = runNative(pc, fp, area, argc, returnPc, destination, RecordKind.CALL, addressOf(newTarget));
    return afterNative(value, pc, fp, area, argc, returnPc, destination, RecordKind.CALL, addressOf(newTarget));
  }
  if (cell == Kind.BOUND) {
    // Once new.target is the bound function being constructed, it follows the chain to the target.
    // https://tc39.es/ecma262/#sec-bound-function-exotic-objects-construct-argumentslist-newtarget
    let target = newTarget;
    for (let f = fn; kindOf(f) == Kind.BOUND; f = <usize>load<u32>(f, BOUND_TARGET)) {
      if (target == boxObject(f)) target = boxObject(<usize>load<u32>(f, BOUND_TARGET));
    }
    store<i32>(CONTEXT_SPENT, 0);
    const count = unbindAll(pc, fp, area, argc);
    if (count < 0) return load<i32>(CONTEXT_ACTION);
    return spent(constructArea(pc, fp, areaOfBound(fp, area), count, target, returnPc, destination));
  }
  if (cell == Kind.PROXY) {
    const list = argumentsAsArray(area, argc);
    if (list == 0) return afterSignal(RETRY, pc, fp);
    return callPrelude3(Prelude.proxyConstruct, pc, fp, callee, newTarget, boxObject(list), returnPc, destination, RecordKind.CALL);
  }
  return notConstructor(pc, fp, callee);
}

/**
 * Root shape for instances made by `new target`; 0 if reading its `prototype` needs guest code.
 * https://tc39.es/ecma262/#sec-ordinarycreatefromconstructor. FUNCTION.initialShape caches the root: it is valid while its prototype is the
 * current value of `target.prototype`, which is compared at each `new`. SHAPE.maker leads from the shape back to the code, where
 * learnCapacity (access.ts) notes how many inline slots instances come to need.
 */
function instanceShape(target: usize, code: usize): usize {
  const isFunction = kindOf(target) == Kind.FUNCTION;
  const known: usize = isFunction ? <usize>load<u32>(target, FUNCTION_INITIAL_SHAPE) : 0;
  if (kindOf(target) == Kind.PROXY) return 0;
  const state = lookup(target, boxString(atomAt(Atom.prototype)));
  if (state > DATA) return 0;
  const value = state == DATA ? load<u64>(FOUND_VALUE) : UNDEFINED;
  const proto = isObject(value) ? addressOf(value) : addressOf(intrinsic(Intrinsic.ObjectPrototype));
  if (known != 0 && load<u32>(known, SHAPE_PROTO) == <u32>proto) return known;
  const maker = codeIdentity(code);
  const capacity = load<u32>(maker, CODE_INSTANCE_CAPACITY);
  const shape = rootShape(Kind.OBJECT, proto, capacity == 0 ? 4 : capacity);
  store<u32>(shape, <u32>maker, SHAPE_MAKER);
  if (isFunction) store<u32>(target, <u32>shape, FUNCTION_INITIAL_SHAPE);
  return shape;
}

/** Constructs through the prelude, where reading the prototype of newTarget needs guest code. */
function constructByPrelude(pc: usize, fp: usize, area: usize, argc: i32, newTarget: Value, returnPc: usize, destination: u32): i32 {
  const list = argumentsAsArray(area, argc);
  if (list == 0) return afterSignal(RETRY, pc, fp);
  return callPrelude3(Prelude.constructOrdinary, pc, fp, load<u64>(area), newTarget, boxObject(list), returnPc, destination, RecordKind.CALL);
}

function throwClassCall(code: usize): Value {
  const name = <usize>load<u32>(code, 28);
  return throwNamed(ErrorKind.TypeError, "Class constructor ", name == 0 ? atomAt(Atom.empty) : name, " cannot be invoked without 'new'");
}
function notCallable(pc: usize, fp: usize, callee: Value): i32 {
  saveRegisters(pc, fp);
  return afterSignal(throwNamed(ErrorKind.TypeError, "", notCallableText(pc, fp, callee), ""), pc, fp);
}
function notConstructor(pc: usize, fp: usize, callee: Value): i32 {
  saveRegisters(pc, fp);
  let text = describeCallee(pc, fp, callee);
  // A class that extends null has Function.prototype as its parent.
  const isDefault = opcode(pc) == Op.NEWSPREAD && <i32>load<u16>(pc - 8) == Op.GETSUPERCTOR;
  if (isDefault) text = valueText(callee);
  if (isDefault || opcode(pc) == Op.SUPERCALL) {
    const name = <usize>load<u32>(frameCode(fp), CODE_NAME);
    if (callee == intrinsic(Intrinsic.FunctionPrototype)) text = lit("null");
    text = concat(concat(lit("Super constructor "), text), name == 0 || name == atomAt(Atom.empty) ? lit(" of anonymous class") : concat(lit(" of "), name));
  }
  return afterSignal(throwNamed(ErrorKind.TypeError, "", text, " is not a constructor"), pc, fp);
}

// --- the guest calls its host -------------------------------------------------------------------------------------

/**
 * Calls an EXTERNAL at `area`; arguments as in callArea. A CALLRECORD in the list of pending calls says what the host is asked for. ASYNC:
 * the guest gets a promise and runs on. SYNC: the loop leaves with the instruction unfinished; the record keeps how its result is to be
 * delivered (destination, kind, length in bytes), because the stack has no control record for a call that entered no frame. answerSync in
 * host-calls.ts reads it back.
 */
function callExternal(pc: usize, fp: usize, area: usize, argc: i32, returnPc: usize, destination: u32, kind: u32): i32 {
  saveRegisters(pc, fp);
  const used = load<u32>(VM_HOST_CALLS) + 1;
  // The limit is looked at before memory is asked for: a call over the limit must not first cause a collection.
  if (used > load<u32>(VM_HOST_CALL_LIMIT)) return limitReached(LimitKind.HOST_CALLS, used);
  if (argc > 32 && !reserve(<usize>argc << 4)) return afterSignal(RETRY, pc, fp);
  store<u32>(VM_HOST_CALLS, used);
  const external = addressOf(load<u64>(area));
  const args = newArray(<u32>argc);
  for (let i = 0; i < argc; i++) arrayPush(args, load<u64>(area + 16 + (<usize>i << 3)));
  const name = boxString(<usize>load<u32>(external, EXTERNAL_NAME));
  if (load<u32>(external, EXTERNAL_MODE) == 0) {
    const promise = boxObject(newPromise());
    newCall(CallKind.ASYNC, name, boxObject(args), promise);
    return deliver(promise, returnPc, fp, destination, kind);
  }
  const record = newCall(CallKind.SYNC, name, boxObject(args), UNDEFINED);
  store<u32>(record, destination | (kind << 16), CALLRECORD_STATE);
  store<u64>(record, boxInt(<i32>(returnPc - pc)), CALLRECORD_DUE_OR_RETURN);
  store<u32>(VM_CURRENT_CALL, <u32>record);
  store<u32>(VM_STATUS, RunStatus.SYNC_CALL);
  return LEAVE;
}
