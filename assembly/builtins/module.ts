// Owns the natives under modules: the functions of a module's image, the cells in which modules share bindings, starting a module's
// code, asking the host for a module. Must never link or evaluate: ts/prelude/module.js does that, in frames.
//
//   cells   INTERNAL of class 80 { ENV: a cell (an ENV of one slot) in each slot }: the environment that the module's code closes over
//   code    INTERNAL of class 81 { COROUTINE that waits to be started }: the result of function 1 of a module
import { programFunction } from "../bytecode/prelude-code";
import {
  addressOf, asInt, boxCell, boxInt, boxObject, boxString, HOLE, isCell, isInt, isObject, isString, RETRY, TRUE, UNDEFINED, Value,
} from "../core/value";
import { installFrames } from "../errors/errors";
import { placeFrame } from "../errors/stack-trace";
import { throwLiteral } from "../errors/throw";
import { Atom, atomAt } from "../generated/intrinsics";
import {
  CODE_FLAGS, ENV_SIZE, INTERNAL_CLASS, INTERNAL_COUNT, INTERNAL_SIZE, Kind, POINTERS_COUNT, POINTERS_SIZE, PROGRAM_COUNT,
  PROGRAM_FILENAME,
} from "../generated/kinds";
import {
  ErrorKind, FunctionFlag, LimitKind, Request, VM_HOST_CALL_LIMIT, VM_HOST_CALLS, VM_LIMIT_KIND, VM_LIMIT_USED, VM_PROGRAMS,
} from "../generated/layout";
import { CallKind, InternalClass } from "../generated/states";
import { allocate, chargeFuel, kindOf, request, reserve, sizeOf } from "../heap/memory";
import { damagedSlot } from "../interpreter/action";
import { argAt } from "../interpreter/native";
import { switchToModule } from "../interpreter/resume";
import { newCall } from "../jobs/calls";
import { newPromise } from "../jobs/promise";
import { newClosure } from "../objects/function";
import { newInternalObject } from "../objects/internal";
import { arrayPush, newArray } from "../objects/object";
import { equals } from "../strings/string";


// --- programs -----------------------------------------------------------------------------------------------------

function programCount(): u32 {
  const programs = <usize>load<u32>(VM_PROGRAMS);
  return programs == 0 ? 0 : load<u32>(programs, POINTERS_COUNT);
}

function programAt(i: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(VM_PROGRAMS) + POINTERS_SIZE + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function isModule(program: usize): bool {
  return (load<u32>(programFunction(program, 0), CODE_FLAGS) & FunctionFlag.MODULE) != 0 && load<u32>(program, PROGRAM_COUNT) > 1;
}

/** The module with that number; 0 if there is no such module. */
function moduleAt(v: Value): usize {
  if (!isInt(v) || <u32>asInt(v) >= programCount()) return 0;
  const program = programAt(<u32>asInt(v));
  return isModule(program) ? program : 0;
}

/** (number) → the function that describes the module, undefined if there is no such module */
export function moduleDescriptor(area: usize, argc: i32): Value {
  const program = moduleAt(argAt(area, argc, 0));
  return program == 0 ? UNDEFINED : boxObject(newClosure(programFunction(program, 0), 0));
}

/** (number) → the module's file name */
export function moduleFile(area: usize, argc: i32): Value {
  const program = moduleAt(argAt(area, argc, 0));
  return program == 0 ? UNDEFINED : boxString(<usize>load<u32>(program, PROGRAM_FILENAME));
}

/** (file name) → number of the newest module of that name; -1 if there is no such module */
export function findModule(area: usize, argc: i32): Value {
  const name = argAt(area, argc, 0);
  if (!isString(name)) return boxInt(-1);
  const count = programCount();
  chargeFuel(<i32>(count >> 3) + 1);
  for (let i = <i32>count - 1; i >= 0; i--) {
    const program = programAt(<u32>i);
    if (isModule(program) && equals(addressOf(name), <usize>load<u32>(program, PROGRAM_FILENAME))) return boxInt(i);
  }
  return boxInt(-1);
}

/** (number, offset) → that place in the module, written as a stack frame */
export function modulePlace(area: usize, argc: i32): Value {
  const program = moduleAt(argAt(area, argc, 0));
  const offset = argAt(area, argc, 1);
  return boxString(program == 0 || !isInt(offset) ? atomAt(Atom.empty) : placeFrame(program, <u32>asInt(offset)));
}

/** (error, frames, instead): gives the error's stack those frames if it has no frames, or if `instead` is true */
export function locateError(area: usize, argc: i32): Value {
  const error = argAt(area, argc, 0);
  const frames = argAt(area, argc, 1);
  if (isObject(error) && kindOf(addressOf(error)) == Kind.ERROR && isString(frames)) installFrames(addressOf(error), addressOf(frames), argAt(area, argc, 2) == TRUE);
  return UNDEFINED;
}

// --- cells --------------------------------------------------------------------------------------------------------

/** (count) → new cells, all uninitialised */
export function newModuleCells(area: usize, argc: i32): Value {
  const wanted = argAt(area, argc, 0);
  const count: u32 = isInt(wanted) ? <u32>asInt(wanted) & 0xffff : 0;
  if (!reserve(<usize>count * (ENV_SIZE + 24) + 256)) return RETRY;
  chargeFuel(<i32>(count >> 3));
  const env = allocate(Kind.ENV, ENV_SIZE + (<usize>count << 3));
  store<u32>(env, 0);
  for (let i: u32 = 0; i < count; i++) {
    const cell = allocate(Kind.ENV, ENV_SIZE + 8);
    store<u32>(cell, 0);
    store<u64>(cell, HOLE, ENV_SIZE);
    store<u64>(env + ENV_SIZE + (<usize>i << 3), boxCell(cell));
  }
  const holder = newInternalObject(InternalClass.MODULE_CELLS, 0, 1);
  store<u64>(holder, boxCell(env), INTERNAL_SIZE);
  return boxObject(holder);
}

/** The environment in a holder of cells; 0 if the value is not a holder. */
function environmentOf(holder: Value): usize {
  if (!isObject(holder)) return 0;
  const p = addressOf(holder);
  if (kindOf(p) != Kind.INTERNAL || load<u32>(p, INTERNAL_CLASS) != InternalClass.MODULE_CELLS || load<u32>(p, INTERNAL_COUNT) != 1) return 0;
  const env = load<u64>(p, INTERNAL_SIZE);
  return isCell(env) && kindOf(addressOf(env)) == Kind.ENV ? addressOf(env) : 0;
}

/** Address of a slot of an environment. It is checked, since a module's image or a snapshot may have been made up. */
function slotIn(env: usize, i: Value): usize {
  if (env == 0 || !isInt(i) || <usize>asInt(i) >= (sizeOf(env) - ENV_SIZE) >> 3) return damagedSlot();
  return env + ENV_SIZE + (<usize>asInt(i) << 3);
}

function cellSlot(area: usize, argc: i32): usize {
  const cell = load<u64>(slotIn(environmentOf(argAt(area, argc, 0)), argAt(area, argc, 1)));
  return slotIn(isCell(cell) && kindOf(addressOf(cell)) == Kind.ENV ? addressOf(cell) : 0, boxInt(0));
}

/** (cells, index) → the value; the hole while the binding is uninitialised */
export function cellValue(area: usize, argc: i32): Value {
  const v = load<u64>(cellSlot(area, argc));
  return isCell(v) ? UNDEFINED : v;
}

/** (cells, index, value) */
export function setCellValue(area: usize, argc: i32): Value {
  store<u64>(cellSlot(area, argc), argAt(area, argc, 2));
  return UNDEFINED;
}

/** (cells, index, other cells, other index): makes the first slot share the cell of the second */
export function shareCell(area: usize, argc: i32): Value {
  const cell = load<u64>(slotIn(environmentOf(argAt(area, argc, 2)), argAt(area, argc, 3)));
  store<u64>(slotIn(environmentOf(argAt(area, argc, 0)), argAt(area, argc, 1)), cell);
  return UNDEFINED;
}

// --- code ---------------------------------------------------------------------------------------------------------

/** (number, cells) → the function that instantiates the module; startModule starts the code that it returns */
export function moduleFunction(area: usize, argc: i32): Value {
  const program = moduleAt(argAt(area, argc, 0));
  return program == 0 ? UNDEFINED : boxObject(newClosure(programFunction(program, 1), environmentOf(argAt(area, argc, 1))));
}

/** (code): runs it; returns a promise if the module is async */
export function startModule(area: usize, argc: i32): Value {
  const code = argAt(area, argc, 0);
  if (isObject(code) && kindOf(addressOf(code)) == Kind.INTERNAL && load<u32>(addressOf(code), INTERNAL_CLASS) == InternalClass.MODULE_CODE) {
    const coroutine = load<u64>(addressOf(code), INTERNAL_SIZE);
    if (isCell(coroutine) && kindOf(addressOf(coroutine)) == Kind.COROUTINE) return switchToModule(addressOf(coroutine));
  }
  return throwLiteral(ErrorKind.TypeError, "not a module");
}

// --- the host -----------------------------------------------------------------------------------------------------

/** (specifier, referrer, attributes, name, frames of the stack) → promise of the number of the module. It counts as a host call. */
export function requestModule(area: usize, argc: i32): Value {
  const promise = boxObject(newPromise());
  const used = load<u32>(VM_HOST_CALLS) + 1;
  if (used > load<u32>(VM_HOST_CALL_LIMIT)) {
    store<u32>(VM_LIMIT_KIND, LimitKind.HOST_CALLS);
    store<u32>(VM_LIMIT_USED, used);
    request(Request.LIMIT);
    return promise;
  }
  store<u32>(VM_HOST_CALLS, used);
  const args = newArray(5);
  for (let i = 0; i < 5; i++) arrayPush(args, argAt(area, argc, i));
  newCall(CallKind.MODULE, argAt(area, argc, 0), boxObject(args), promise);
  return promise;
}
