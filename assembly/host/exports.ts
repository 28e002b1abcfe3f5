// Owns the functions that the wrapper calls: begin, run a slice, say why it stopped, take an answer. Must never hold state of its own:
// everything that matters between two calls is in the VM block. Mailbox and transfer area mean nothing after the next call.
//
//   a slice     drive(fuel) … run() … startNextJob() … until the host is needed; the status says why
//   DONE        nothing is left to do; the completion value is in mainPromise
//   WAITING     nothing can continue until a call or timer is answered
//   SYNC_CALL   the guest is held at currentCall; the mailbox describes it
//   FUEL, HOLD  the slice is spent, or a hold was requested: drive again to continue
//   THREW       the pending exception was not caught
//   SOURCE      a source must be compiled before anything else: writeSource, link, answerEvaluated or answerSourceError, drive
//   LIMIT       limitKind and limitUsed say which limit
import { answerSource, evaluatedFunction } from "../builtins/evaluate";
import { isTimeZone } from "../builtins/time-zone";
import { unpinAs } from "../bytecode/evaluated";
import { addProgram, LINK_ERROR, LINK_ERROR_AT, linkProgram, setProgramSource } from "../bytecode/link";
import { programFunction } from "../bytecode/prelude-code";
import {
  ABSENT, addressOf, boxNumber, boxObject, boxString, HOLE, isDouble, isObject, isPointer, isString, UNDEFINED, Value,
} from "../core/value";
import { notePlace, thrownPlace } from "../errors/errors";
import {
  MAILBOX_ADDRESS, MAILBOX_ANSWER, MAILBOX_CALL_ARGUMENTS, MAILBOX_CALL_COUNT, MAILBOX_CALL_ID, MAILBOX_CALL_KIND, MAILBOX_CALL_NAME,
  MAILBOX_CALL_NEXT, MAILBOX_LENGTH, MAILBOX_SIZE, MAX_MAILBOX_ARGUMENTS, UNHANDLED,
} from "../generated/exchange";
import { Atom, atomAt, intrinsic, Intrinsic, Prelude } from "../generated/intrinsics";
import {
  ARRAY_LENGTH, BYTES_LENGTH, BYTES_SIZE, CALLRECORD_ARGS, CALLRECORD_ID, CALLRECORD_KIND, CALLRECORD_CALLEE, CALLRECORD_NEXT, CODE_FLAGS,
  ELEMENTS_LENGTH, EXTERNAL_MODE, EXTERNAL_NAME, FUNCTION_CODE, Kind, POINTERS_COUNT, POINTERS_SIZE, PROMISE_RESULT, SHAPE_COUNT,
} from "../generated/kinds";
import {
  FunctionFlag, RecordKind, Request, RunStatus, VM_CALL_HEAD, VM_CALL_INDEX, VM_CALL_TAIL, VM_CLOCK_NOW, VM_CSP, VM_CURRENT_CALL, VM_EXCEPTION, VM_FP,
  VM_FUEL, VM_FUEL_USED_LOW, VM_GLOBAL_LEXICAL, VM_GLOBAL_OBJECT, VM_HOST_CALL_LIMIT, VM_JOB_HEAD, VM_JOB_TAIL, VM_MAIN_PROMISE, VM_MEMORY_LIMIT, VM_PC,
  VM_PENDING_RETRY, VM_PROGRAMS, VM_RESULT, VM_SOURCE_REQUEST, VM_TRANSFERRED, VM_SLICE_FUEL, VM_STACK_BASE, VM_STACK_DEPTH_LIMIT, VM_STACK_END,
  VM_STATUS, VM_STDERR, VM_STDOUT, VM_STDOUT_LIMIT, VM_TIME_ZONE, VM_UNHANDLED_HEAD,
} from "../generated/layout";
import { CallKind, PromiseState } from "../generated/states";
import { countNewCells, skipNewCells } from "../heap/account";
import { allocate, fuelLeft, fuelWord, kindOf, memoryUsed, request, setFuelLeft, sizeOf } from "../heap/memory";
import { LEAVE } from "../interpreter/action";
import { run } from "../interpreter/dispatch";
import { enterFrame, frameBytes, stackFits } from "../interpreter/frame";
import { answerCall } from "../interpreter/host-calls";
import { startNextJob } from "../interpreter/jobs";
import { safepointSlow } from "../interpreter/limits";
import { callDue, UNKNOWN_CALL } from "../jobs/calls";
import { firstUnhandled, stateOf } from "../jobs/promise";
import { isAwaited } from "../jobs/timers";
import { elementAt, elementsOf } from "../objects/elements";
import { newClosure } from "../objects/function";
import { DATA, FOUND_SLOT } from "../objects/lookup";
import { addProperty, newObject, newObjectOfShape, rootShape, slotAddress } from "../objects/object";
import { isPromise } from "../objects/promise";
import { defineHidden, getData, getOwn } from "../objects/property";
import { layOutBehindBase } from "../objects/realm";
import { CONFIGURABLE, entryKey, ENUMERABLE, preventExtensions, shapeOf, WRITABLE } from "../objects/shape";
import { traceText } from "../objects/stack-trace";
import { toPropertyKeyPrimitive } from "../primitives/property-key";
import { intern } from "../strings/atom";
import { substring } from "../strings/single-chars";
import { lengthOf } from "../strings/string";
import { AREA, AREA_SIZE } from "./transfer-format";
import { transferIn } from "./transfer-in";
import { transferOut } from "./transfer-out";
import { outputLength, outputStart } from "./transfer-write";

/** Data that the wrapper reads without another call: its fields are in ts/defs/exchange.ts. */
const MAILBOX: usize = memory.data(MAILBOX_SIZE, 8);

export function mailbox(): usize {
  return MAILBOX;
}
/** Address of the static transfer area, which takes up to transferAreaSize() bytes without a call to transferSpace. */
export function transferArea(): usize {
  return AREA;
}
export function transferAreaSize(): u32 {
  return AREA_SIZE;
}
/** A place for more bytes than that: a cell that is garbage once they have been read. */
export function transferSpace(bytes: u32): usize {
  const cell = allocate(Kind.BYTES, BYTES_SIZE + <usize>bytes);
  store<u32>(cell, 0);
  store<u32>(cell, <u32>(sizeOf(cell) - BYTES_SIZE), BYTES_LENGTH);
  store<u32>(cell, 0, BYTES_LENGTH + 4);
  return cell + BYTES_SIZE;
}

// --- fuel ---------------------------------------------------------------------------------------------------------

/** Begins a slice. Charges made between slices are taken from it. */
function grant(fuel: i32): void {
  const at = fuelWord();
  const carried = load<i32>(at);
  store<u32>(VM_PENDING_RETRY, 0);
  store<i32>(at, fuel + (carried < 0 ? carried : 0));
  store<i32>(VM_SLICE_FUEL, fuel);
}

/** Ends a slice: adds up the fuel it used. */
function settle(): void {
  const at = fuelWord();
  const used = <i64>load<i32>(VM_SLICE_FUEL) - <i64>load<i32>(at);
  store<i32>(at, 0);
  store<i32>(VM_SLICE_FUEL, 0);
  store<u64>(VM_FUEL_USED_LOW, load<u64>(VM_FUEL_USED_LOW) + <u64>used);
}

// --- the life of a machine ----------------------------------------------------------------------------------------

/** Prepares a memory into which VM block and base image have been copied. */
export function initialize(memoryLimit: u32, stackDepth: u32, stdoutLimit: u32, hostCallLimit: u32): void {
  layOutBehindBase();
  setLimits(memoryLimit, stackDepth, stdoutLimit, hostCallLimit);
}

export function setLimits(memoryLimit: u32, stackDepth: u32, stdoutLimit: u32, hostCallLimit: u32): void {
  store<u32>(VM_MEMORY_LIMIT, memoryLimit);
  store<u32>(VM_STACK_DEPTH_LIMIT, stackDepth);
  store<u32>(VM_STDOUT_LIMIT, stdoutLimit);
  store<u32>(VM_HOST_CALL_LIMIT, hostCallLimit);
}

export function setClock(milliseconds: f64): void {
  store<u64>(VM_CLOCK_NOW, boxNumber(milliseconds));
}
export function clock(): f64 {
  const now = load<u64>(VM_CLOCK_NOW);
  return isDouble(now) ? reinterpret<f64>(now) : <f64>(<i32>now);
}

/**
 * Sets the rules of the time zone to the text at `at` in the transfer form. Returns
 *   0 done
 *   1 it is not such a text
 *   2 the memory limit forbids it
 */
export function setTimeZone(at: usize): i32 {
  if (!take(at)) return 2;
  const zone = load<u64>(VM_TRANSFERRED);
  store<u64>(VM_TRANSFERRED, UNDEFINED);
  if (!isTimeZone(zone)) return 1;
  store<u64>(VM_TIME_ZONE, zone);
  return 0;
}

/** Bytes of heap and stack in use, garbage included. */
export function usedMemory(): u32 {
  return <u32>memoryUsed();
}

/** Asks the run to stop at its next safepoint with status HOLD. */
export function hold(): void {
  request(Request.HOLD);
}

// --- programs -----------------------------------------------------------------------------------------------------

function bytesCell(from: usize, length: usize): usize {
  const cell = allocate(Kind.BYTES, BYTES_SIZE + length);
  store<u64>(cell + sizeOf(cell) - 8, 0);
  store<u32>(cell, 0);
  store<u32>(cell, <u32>length, BYTES_LENGTH);
  store<u32>(cell, 0, BYTES_LENGTH + 4);
  memory.copy(cell + BYTES_SIZE, from, length);
  return cell;
}

/**
 * Links a program image under the next id. `filename` is in the transfer form, `lines` the line starts (u32 each). Returns 0, or
 * LinkError | byte of the image << 8.
 */
export function link(image: Uint8Array, filename: Uint8Array, lines: Uint32Array, id: u32): u32 {
  // Whether a program from a string is linked again depends on collections, so linking is not counted.
  countNewCells();
  const program = linkProgram(image.dataStart, image.length, id);
  if (program == 0) return load<u32>(LINK_ERROR) | (load<u32>(LINK_ERROR_AT) << 8);
  transferIn(filename.dataStart, VM_TRANSFERRED);
  const name = addressOf(load<u64>(VM_TRANSFERRED));
  store<u64>(VM_TRANSFERRED, UNDEFINED);
  setProgramSource(program, name, bytesCell(lines.dataStart, (<usize>lines.length) << 2));
  addProgram(program);
  skipNewCells();
  return 0;
}

// --- code from strings --------------------------------------------------------------------------------------------

/** Writes the source to be compiled: an array of source, kind and whatever else the kind needs. */
export function writeSource(): void {
  writeOut(load<u64>(VM_SOURCE_REQUEST), true);
}

/** The programs linked last were compiled at run time: from now on they are held weakly, under the numbers from `serial` up. */
export function keepEvaluated(count: u32, serial: u32): void {
  unpinAs(count, serial);
}

/** Continues after the request for code, with the function of the program at that address (nextEvaluated). */
export function answerEvaluated(program: usize): void {
  answerSource(evaluatedFunction(program));
}

/** Continues after the request for code, with a message in the transfer form: the source was refused. */
export function answerSourceError(at: usize): bool {
  if (!take(at)) return false;
  const text = load<u64>(VM_TRANSFERRED);
  store<u64>(VM_TRANSFERRED, UNDEFINED);
  answerSource(text);
  return true;
}

export { evaluatedSerial, isNeeded, nextEvaluated, pinEvaluated, unpin } from "../bytecode/evaluated";

// --- values in ----------------------------------------------------------------------------------------------------

/** Makes the value at `at` and keeps it until the next call; false if the memory limit does not allow it. */
function take(at: usize): bool {
  const before = fuelLeft();
  const ok = transferIn(at, VM_TRANSFERRED);
  setFuelLeft(before);
  return ok;
}

/** A host function: `name` is its property of that name, `called` the one by which the host knows it. */
function newExternal(root: usize, name: usize, called: usize, mode: u32): Value {
  const external = newObjectOfShape(Kind.EXTERNAL, root);
  store<u32>(external, <u32>called, EXTERNAL_NAME);
  store<u32>(external, mode, EXTERNAL_MODE);
  addProperty(external, atomAt(Atom.length), boxNumber(0), CONFIGURABLE);
  addProperty(external, atomAt(Atom.name), boxString(name), CONFIGURABLE);
  return boxObject(external);
}

/** Defines the host functions and namespaces of a list on an object. The wrapper bounds how deep namespaces are nested. */
function defineAll(holder: usize, list: usize, attributes: u32, root: usize): void {
  const elements = elementsOf(list);
  const count = load<u32>(list, ARRAY_LENGTH);
  for (let i: u32 = 0; i < count; i += 3) {
    const name = intern(addressOf(load<u64>(elementAt(elements, i))));
    const what = load<u64>(elementAt(elements, i + 2));
    let value: Value;
    if (isObject(what)) {
      const namespace = newObject(Kind.OBJECT, 0, load<u32>(addressOf(what), ARRAY_LENGTH) / 3);
      defineAll(namespace, addressOf(what), ENUMERABLE, root);
      preventExtensions(namespace);
      value = boxObject(namespace);
    } else value = newExternal(root, name, intern(addressOf(load<u64>(elementAt(elements, i + 1)))), <u32>what);
    defineHidden(holder, toPropertyKeyPrimitive(boxString(name)), value, attributes);
  }
}

/**
 * Defines host functions as globals, or, if `wrapped`, where only library programs see them: an array of name, name for the host, mode
 * (0 async, 1 sync), and so on. In the place of a mode, such an array is a namespace: a frozen object without a prototype.
 */
export function defineExternals(at: usize, wrapped: bool): bool {
  if (!take(at)) return false;
  const root = rootShape(Kind.EXTERNAL, addressOf(intrinsic(Intrinsic.FunctionPrototype)), 2);
  const list = addressOf(load<u64>(VM_TRANSFERRED));
  const holder = wrapped ? intrinsic(Intrinsic.LibraryHost) : load<u64>(VM_GLOBAL_OBJECT);
  defineAll(addressOf(holder), list, WRITABLE | CONFIGURABLE, root);
  store<u64>(VM_TRANSFERRED, UNDEFINED);
  return true;
}

/** Defines inputs as global variables: an object of them. */
export function defineInputs(at: usize): bool {
  if (!take(at)) return false;
  const inputs = addressOf(load<u64>(VM_TRANSFERRED));
  const global = addressOf(load<u64>(VM_GLOBAL_OBJECT));
  const shape = shapeOf(inputs);
  const count = load<u32>(shape, SHAPE_COUNT);
  for (let i: u32 = 0; i < count; i++) {
    defineHidden(
      global,
      boxString(entryKey(shape, i)),
      load<u64>(slotAddress(inputs, i)),
      WRITABLE | ENUMERABLE | CONFIGURABLE,
    );
  }
  store<u64>(VM_TRANSFERRED, UNDEFINED);
  return true;
}

/** The code that runs program number `index`: its function 0, or the prelude's runModule for a module. */
function programEntry(index: u32): usize {
  const program = <usize>load<u32>(<usize>load<u32>(VM_PROGRAMS) + POINTERS_SIZE + ((<usize>index) << 2));
  const code = programFunction(program, 0);
  if ((load<u32>(code, CODE_FLAGS) & FunctionFlag.MODULE) == 0) return code;
  return <usize>load<u32>(addressOf(intrinsic(Prelude.runModule)), FUNCTION_CODE);
}

/** Enters program number `index`; the machine is at rest. */
export function startProgram(index: u32): void {
  const code = programEntry(index);
  const area = <usize>load<u32>(VM_STACK_BASE);
  store<u64>(VM_MAIN_PROMISE, UNDEFINED);
  store<u64>(VM_EXCEPTION, HOLE);
  store<u32>(VM_PC, 0);
  store<u32>(VM_FP, 0);
  // A program with very many variables needs a larger stack before it can begin.
  if (!stackFits(area, frameBytes(code, 1))) safepointSlow(0, 0, area);
  const again = programEntry(index);
  const isModule = (load<u32>(again, CODE_FLAGS) & FunctionFlag.PRELUDE) != 0;
  store<u64>(area, isModule ? intrinsic(Prelude.runModule) : boxObject(newClosure(again, 0)));
  store<u64>(area, load<u64>(VM_GLOBAL_OBJECT), 8);
  store<u64>(area, boxNumber(<f64>index), 16);
  enterFrame(area, isModule ? 1 : 0, 0, 0, 0, RecordKind.ENTRY, 0);
  store<u32>(VM_STATUS, RunStatus.FUEL);
}

/** Leaves no frame, and nothing of one. */
function emptyStack(): void {
  const base = <usize>load<u32>(VM_STACK_BASE);
  const end = <usize>load<u32>(VM_STACK_END);
  memory.fill(base, 0, end - base);
  store<u32>(VM_CSP, <u32>end);
  store<u32>(VM_FP, 0);
  store<u32>(VM_PC, 0);
}

/**
 * Forgets everything that was running, after an error or a limit: an empty stack, no jobs, no pending calls. Values stay, and the
 * machine is at rest.
 */
export function abandon(): void {
  emptyStack();
  store<u32>(VM_CURRENT_CALL, 0);
  store<u32>(VM_CALL_HEAD, 0);
  store<u32>(VM_CALL_TAIL, 0);
  store<u32>(VM_CALL_INDEX, 0);
  store<u32>(VM_JOB_HEAD, 0);
  store<u32>(VM_JOB_TAIL, 0);
  store<u32>(VM_UNHANDLED_HEAD, 0);
  store<u64>(VM_EXCEPTION, HOLE);
  store<u64>(VM_MAIN_PROMISE, UNDEFINED);
  store<u64>(VM_RESULT, UNDEFINED);
  store<u32>(VM_STATUS, RunStatus.DONE);
}

// --- libraries ----------------------------------------------------------------------------------------------------

/** Keeps a value where a collection finds it, and no guest does, while a library is evaluated. */
function keepAside(v: Value): void {
  const holder = addressOf(intrinsic(Intrinsic.LibraryHost));
  defineHidden(holder, boxString(atomAt(Atom.empty)), v, WRITABLE | CONFIGURABLE);
}

/**
 * A library is about to be linked, and its script started as a program; no frame may be on the stack. Returns what the program was
 * charged since its last slice.
 */
export function beginLibrary(): i32 {
  const waiting = load<u64>(VM_MAIN_PROMISE);
  if (isObject(waiting)) keepAside(waiting);
  const charged = load<i32>(fuelWord());
  store<i32>(fuelWord(), 0);
  return charged;
}

/** Runs a slice of a library's script, and no job; returns the status. */
export function driveLibrary(fuel: i32): i32 {
  grant(fuel);
  run();
  settle();
  return <i32>load<u32>(VM_STATUS);
}

/** The script of a library has ended, or failed: the machine is as it was before, but for what the script defined. */
export function endLibrary(status: u32, charged: i32): void {
  emptyStack();
  store<u64>(VM_EXCEPTION, HOLE);
  store<u64>(VM_RESULT, UNDEFINED);
  const waiting = getData(addressOf(intrinsic(Intrinsic.LibraryHost)), boxString(atomAt(Atom.empty)));
  store<u64>(VM_MAIN_PROMISE, waiting);
  if (isObject(waiting)) keepAside(UNDEFINED);
  store<i32>(fuelWord(), charged);
  store<u32>(VM_STATUS, status);
}

// --- running ------------------------------------------------------------------------------------------------------

/** If the program's main code has ended, keeps the completion value that it delivered to the bottom of the stack. */
function keepMain(): void {
  if (load<u32>(VM_STATUS) == RunStatus.DONE) store<u64>(VM_MAIN_PROMISE, load<u64>(VM_RESULT));
}

/** Describes a call in the mailbox: its record, and its arguments if they are few and not pointers. */
function putCallInMailbox(record: usize): void {
  store<u32>(MAILBOX, load<u32>(record, CALLRECORD_ID), MAILBOX_CALL_ID);
  store<u32>(MAILBOX, <u32>addressOf(load<u64>(record, CALLRECORD_CALLEE)), MAILBOX_CALL_NAME);
  store<u32>(MAILBOX, load<u32>(record, CALLRECORD_KIND), MAILBOX_CALL_KIND);
  store<u32>(MAILBOX, load<u32>(record, CALLRECORD_NEXT), MAILBOX_CALL_NEXT);
  const args = load<u64>(record, CALLRECORD_ARGS);
  store<i32>(MAILBOX, -1, MAILBOX_CALL_COUNT);
  if (!isObject(args)) {
    store<i32>(MAILBOX, 0, MAILBOX_CALL_COUNT);
    return;
  }
  const elements = elementsOf(addressOf(args));
  const count: u32 = elements == 0 ? 0 : load<u32>(elements, ELEMENTS_LENGTH);
  if (count > MAX_MAILBOX_ARGUMENTS) return;
  for (let i: u32 = 0; i < count; i++) {
    const v = load<u64>(elementAt(elements, i));
    if (isPointer(v)) return;
    store<u64>(MAILBOX + MAILBOX_CALL_ARGUMENTS + ((<usize>i) << 3), v);
  }
  store<i32>(MAILBOX, <i32>count, MAILBOX_CALL_COUNT);
}

/**
 * True if the program's promise is not the guest's own: a rejection was thrown from the top level of a module or of a script that
 * awaits.
 */
function awaitsAtTop(): bool {
  const programs = <usize>load<u32>(VM_PROGRAMS);
  const last = <usize>load<u32>(programs + POINTERS_SIZE + ((<usize>(load<u32>(programs, POINTERS_COUNT) - 1)) << 2));
  return (load<u32>(programFunction(last, 0), CODE_FLAGS) & (FunctionFlag.MODULE | FunctionFlag.ASYNC)) != 0;
}

/** No job is left: returns the status that says what the machine waits for. */
function atRest(): i32 {
  const rejected = firstUnhandled();
  if (rejected != ABSENT) {
    store<u64>(VM_EXCEPTION, load<u64>(addressOf(rejected), PROMISE_RESULT));
    store<u32>(MAILBOX, rejected == load<u64>(VM_MAIN_PROMISE) && awaitsAtTop() ? 0 : UNHANDLED, MAILBOX_CALL_KIND);
    return RunStatus.THREW;
  }
  return isAwaited() ? RunStatus.WAITING : RunStatus.DONE;
}

function go(): i32 {
  store<u32>(MAILBOX, 0, MAILBOX_CALL_KIND);
  notePlace(UNDEFINED);
  if (load<u32>(VM_STATUS) == RunStatus.THREW) return RunStatus.THREW;
  while (true) {
    if (load<u32>(VM_FP) == 0) {
      // Checked again after a request was served: whether spent fuel is seen must not depend on whether memory was collected just now.
      while (load<i32>(VM_FUEL) < 0) {
        // A safepoint takes a unit first and returns it when the slice is spent; so does this one.
        store<i32>(VM_FUEL, load<i32>(VM_FUEL) - 1);
        if (safepointSlow(0, 0, <usize>load<u32>(VM_STACK_BASE)) == LEAVE) return <i32>load<u32>(VM_STATUS);
      }
      if (startNextJob() == LEAVE) {
        if (load<u32>(VM_JOB_HEAD) != 0) continue;
        return atRest();
      }
    }
    run();
    const status = <i32>load<u32>(VM_STATUS);
    if (status != RunStatus.DONE && status != RunStatus.IDLE) return status;
    keepMain();
    store<u32>(VM_STATUS, RunStatus.IDLE);
    store<u32>(VM_FP, 0);
  }
  return 0;
}

/** Runs a slice of about `fuel` units at most; returns the status, which is also in the VM block. */
export function drive(fuel: i32): i32 {
  if (load<u32>(VM_CURRENT_CALL) != 0) {
    putCallInMailbox(<usize>load<u32>(VM_CURRENT_CALL));
    return RunStatus.SYNC_CALL;
  }
  grant(fuel);
  const status = go();
  settle();
  store<u32>(VM_STATUS, <u32>status);
  if (status == RunStatus.SYNC_CALL) putCallInMailbox(<usize>load<u32>(VM_CURRENT_CALL));
  return status;
}

/** Answers call `id`; false if there is no such call. */
function answerWith(id: u32, value: Value, isError: bool): bool {
  notePlace(UNDEFINED);
  const held = <usize>load<u32>(VM_CURRENT_CALL);
  const action = answerCall(id, value, isError);
  if (action == UNKNOWN_CALL) return false;
  if (held != 0 && load<u32>(VM_CURRENT_CALL) == 0) {
    // The guest is now after the call or in a handler, where it cannot be held: IDLE says that it must move on first.
    if (action != LEAVE) store<u32>(VM_STATUS, RunStatus.IDLE);
    else if (load<u32>(VM_STATUS) != RunStatus.THREW) {
      keepMain();
      store<u32>(VM_STATUS, RunStatus.IDLE);
    }
  }
  return true;
}

/**
 * Answers call `id` with the value at `at` in the transfer form. Returns
 *   0 done
 *   1 no such call
 *   2 the memory limit forbids it
 */
export function answer(id: u32, at: usize, isError: bool): i32 {
  if (!take(at)) return 2;
  const value = load<u64>(VM_TRANSFERRED);
  store<u64>(VM_TRANSFERRED, UNDEFINED);
  return answerWith(id, value, isError) ? 0 : 1;
}

/** The answer in the mailbox, with a number in the one form it has in the machine. */
function answerInMailbox(): Value {
  const bits = load<u64>(MAILBOX, MAILBOX_ANSWER);
  return isDouble(bits) ? boxNumber(reinterpret<f64>(bits)) : bits;
}

/**
 * Answers call `id` with the primitive in the mailbox. Returns
 *   0 done
 *   1 no such call
 */
export function answerFromMailbox(id: u32): i32 {
  return answerWith(id, answerInMailbox(), false) ? 0 : 1;
}

/** Answers the call at which the guest is held with the primitive in the mailbox, and drives on. */
export function answerAndDrive(fuel: i32): i32 {
  answerWith(load<u32>(<usize>load<u32>(VM_CURRENT_CALL), CALLRECORD_ID), answerInMailbox(), false);
  return drive(fuel);
}

/** Answers the call at which the guest is held with the value at `at`, and drives on; returns -1 if the memory limit forbids it. */
export function answerHeldAndDrive(at: usize, isError: bool, fuel: i32): i32 {
  const id = load<u32>(<usize>load<u32>(VM_CURRENT_CALL), CALLRECORD_ID);
  return answer(id, at, isError) == 0 ? drive(fuel) : -1;
}

// --- values out ---------------------------------------------------------------------------------------------------

/** Writes a value for the wrapper; the mailbox holds the place and length of the output. */
function writeOut(v: Value, lenient: bool): bool {
  const before = fuelLeft();
  countNewCells();
  const ok = transferOut(v, lenient);
  skipNewCells();
  setFuelLeft(before);
  store<u32>(MAILBOX, <u32>outputStart(), MAILBOX_ADDRESS);
  store<u32>(MAILBOX, outputLength(), MAILBOX_LENGTH);
  return ok;
}

/**
 * Writes the completion value of a program that is DONE. Returns
 *   0 the value cannot cross
 *   1 written
 *   2 its promise was not fulfilled
 */
export function writeOutput(): i32 {
  let v = load<u64>(VM_MAIN_PROMISE);
  if (isPromise(v)) {
    if (stateOf(addressOf(v)) != PromiseState.FULFILLED) return 2;
    v = load<u64>(addressOf(v), PROMISE_RESULT);
  }
  return writeOut(v, false) ? 1 : 0;
}

/**
 * Writes the name of a thrown object that is not an error: its `name`, or that of its constructor; else undefined. Only plain
 * properties are read.
 */
export function writeThrownName(): void {
  const v = load<u64>(VM_EXCEPTION);
  let name: Value = UNDEFINED;
  if (isObject(v) && kindOf(addressOf(v)) != Kind.ERROR) {
    name = getData(addressOf(v), boxString(atomAt(Atom.name)));
    if (!isString(name)) {
      const constructor = getData(addressOf(v), boxString(atomAt(Atom.constructor)));
      name = isObject(constructor) ? getData(addressOf(constructor), boxString(atomAt(Atom.name))) : UNDEFINED;
    }
  }
  writeOut(isString(name) ? name : UNDEFINED, true);
}

/** Writes the frames of the place where a value that is not an error was thrown; undefined if the place is not known. */
export function writeThrownPlace(): void {
  const place = thrownPlace();
  notePlace(UNDEFINED);
  writeOut(place == UNDEFINED ? UNDEFINED : boxString(traceText(atomAt(Atom.empty), addressOf(place))), true);
}

/** Writes the pending exception, or a description of it. */
export function writeException(): void {
  writeOut(load<u64>(VM_EXCEPTION), true);
}

/**
 * Writes the value at an address: that of a variable. False: it cannot cross, and the output says why; if `lenient`, what cannot cross is
 * described instead.
 */
export function writeValueAt(at: usize, lenient: bool): bool {
  return writeOut(load<u64>(at), lenient);
}

/** Returns the address of the value of a global: a lexical one or a data property of the global object; 0: there is no such global. */
export function globalSlot(name: usize): usize {
  countNewCells();
  if (!take(name)) return 0;
  const key = toPropertyKeyPrimitive(load<u64>(VM_TRANSFERRED));
  store<u64>(VM_TRANSFERRED, UNDEFINED);
  skipNewCells();
  const lexical = addressOf(load<u64>(VM_GLOBAL_LEXICAL));
  if (getOwn(lexical, key) == DATA) return slotAddress(lexical, load<u32>(FOUND_SLOT));
  const global = addressOf(load<u64>(VM_GLOBAL_OBJECT));
  return getOwn(global, key) == DATA && load<i32>(FOUND_SLOT) >= 0 ? slotAddress(global, load<u32>(FOUND_SLOT)) : 0;
}

/** Writes the text on stdout (0) or stderr (1) from code unit `from` on. */
export function writeText(which: i32, from: i32): void {
  const text = addressOf(load<u64>(which == 0 ? VM_STDOUT : VM_STDERR));
  const length = lengthOf(text);
  const left = fuelLeft();
  countNewCells();
  const rest = substring(text, min(from, length), length);
  skipNewCells();
  writeOut(boxString(rest), true);
  setFuelLeft(left);
}
export function textLength(which: i32): i32 {
  return lengthOf(addressOf(load<u64>(which == 0 ? VM_STDOUT : VM_STDERR)));
}

/** The first call record, or the one after `record`; 0 at the end. The mailbox describes it. Addresses hold until the next slice. */
export function nextCall(record: usize): usize {
  const next = record == 0 ? <usize>load<u32>(VM_CALL_HEAD) : <usize>load<u32>(record, CALLRECORD_NEXT);
  if (next != 0) putCallInMailbox(next);
  return next;
}
export function callDueOf(record: usize): f64 {
  return callDue(record);
}
/** Writes the name of a call; undefined for a timer. */
export function writeCallName(record: usize): void {
  const name = load<u64>(record, CALLRECORD_CALLEE);
  writeOut(isString(name) ? name : UNDEFINED, true);
}
/** Writes the arguments of a call; false if one of them cannot cross. */
export function writeCallArguments(record: usize): bool {
  const args = load<u64>(record, CALLRECORD_ARGS);
  // The arguments of a timer concern only its callback.
  return writeOut(load<u32>(record, CALLRECORD_KIND) > <u32>CallKind.SYNC && !isObject(args) ? UNDEFINED : args, false);
}
