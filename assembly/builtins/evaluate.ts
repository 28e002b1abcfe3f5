// Owns the native half of code from strings: the request by which the loop is left so that the wrapper compiles a source, or finds a
// time zone, and the answer, a function or a text. Nothing can stop the machine in between, so neither is part of its state.
// Must never run the compiled code: the prelude calls it (ts/prelude/evaluate.js).
import { programFunction } from "../bytecode/prelude-code";
import { addressOf, boxInt, boxObject, isCell, isString, RETRY, SWITCH, UNDEFINED, Value } from "../core/value";
import { ZONE_REQUEST } from "../generated/exchange";
import { RunStatus, VM_GLOBAL_LEXICAL, VM_GLOBAL_OBJECT, VM_SOURCE_REQUEST, VM_SOURCE_ENVIRONMENT, VM_STATUS } from "../generated/layout";
import { chargeFuel, reserve } from "../heap/memory";
import { CONTEXT_ACTION, CONTEXT_CALLER_FP, CONTEXT_DESTINATION, CONTEXT_KIND, CONTEXT_RETURN_PC, LEAVE } from "../interpreter/action";
import { argAt } from "../interpreter/native";
import { deliver } from "../interpreter/return";
import { newClosure } from "../objects/function";
import { arrayPush, newArray } from "../objects/object";
import { lengthOf } from "../strings/string";

/** Fuel of a compilation: a fixed part, and a part per code unit. Both are well above the cost for the host. */
const FUEL_BASE: i32 = 1000;
const FUEL_PER_UNIT: i32 = 32;
/** Memory that the guest must be able to afford per code unit: the tree and the code of a source are many times its size. */
const BYTES_PER_UNIT: usize = 128;

/** Kind of a request for a time zone, and its fuel: the host looks for every change of its clocks since 1840. */
const ZONE_FUEL: i32 = 200000;
const ZONE_BYTES: usize = 0x8000;

/** Destination of the function, kind of the request, and the place where execution goes on. */
const RETURN: usize = memory.data(16, 8);

function unitsOf(v: Value): usize {
  return isString(v) ? <usize>lengthOf(addressOf(v)) : 0;
}

/**
 * (source, kind, extra, environment): leaves the loop with status SOURCE. Only the wrapper knows the meaning of extra and kind
 * (ts/machine/evaluate.ts). A cell that is not an environment counts as no environment.
 */
export function compileSource(area: usize, argc: i32): Value {
  const source = argAt(area, argc, 0);
  const extra = argAt(area, argc, 2);
  const units = unitsOf(source) + unitsOf(extra);
  if (units > 0x1000000 || !reserve(units * BYTES_PER_UNIT + 4096)) return RETRY;
  chargeFuel(FUEL_BASE + FUEL_PER_UNIT * <i32>units);
  return leaveWith(source, argAt(area, argc, 1), extra, argAt(area, argc, 3));
}

/** (name): leaves the loop likewise; the answer is a text, the rules of that time zone (ts/machine/time-zone.ts). */
export function askTimeZone(area: usize, argc: i32): Value {
  const name = argAt(area, argc, 0);
  if (unitsOf(name) > 256 || !reserve(ZONE_BYTES)) return RETRY;
  chargeFuel(ZONE_FUEL);
  return leaveWith(name, boxInt(ZONE_REQUEST), UNDEFINED, UNDEFINED);
}

function leaveWith(source: Value, kind: Value, extra: Value, environment: Value): Value {
  const request = newArray(3);
  arrayPush(request, source);
  arrayPush(request, kind);
  arrayPush(request, extra);
  store<u64>(VM_SOURCE_REQUEST, boxObject(request));
  store<u64>(VM_SOURCE_ENVIRONMENT, environment);
  store<u32>(RETURN, load<u32>(CONTEXT_DESTINATION));
  store<u32>(RETURN, load<u32>(CONTEXT_KIND), 4);
  store<u32>(RETURN, load<u32>(CONTEXT_RETURN_PC), 8);
  store<u32>(RETURN, load<u32>(CONTEXT_CALLER_FP), 12);
  store<u32>(VM_STATUS, RunStatus.SOURCE);
  store<i32>(CONTEXT_ACTION, LEAVE);
  return SWITCH;
}

/** Continues after the request, with a value as its result. */
export function answerSource(value: Value): void {
  store<u64>(VM_SOURCE_REQUEST, UNDEFINED);
  store<u64>(VM_SOURCE_ENVIRONMENT, UNDEFINED);
  deliver(value, <usize>load<u32>(RETURN, 8), <usize>load<u32>(RETURN, 12), load<u32>(RETURN), load<u32>(RETURN, 4));
  store<u32>(VM_STATUS, RunStatus.IDLE);
}

/** The function of a linked program, closed over the environment of the request. */
export function evaluatedFunction(program: usize): Value {
  const environment = load<u64>(VM_SOURCE_ENVIRONMENT);
  return boxObject(newClosure(programFunction(program, 0), isCell(environment) ? addressOf(environment) : 0));
}

/** () */
export function globalObject(area: usize, argc: i32): Value {
  return load<u64>(VM_GLOBAL_OBJECT);
}

/** (): the global lexical record */
export function globalLexical(area: usize, argc: i32): Value {
  return load<u64>(VM_GLOBAL_LEXICAL);
}
