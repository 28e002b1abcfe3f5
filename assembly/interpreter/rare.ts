// Owns rare instructions that belong nowhere else. Must never call guest code itself.
import { addressOf, boxObject, boxString, isNullish, isObject, isString } from "../core/value";
import { lit, throwError, throwLiteral } from "../errors/throw";
import { HELPERS, Prelude } from "../generated/intrinsics";
import { CODE_FLAGS, CODE_PROGRAM, PROGRAM_FILENAME, PROGRAM_SERIAL } from "../generated/kinds";
import { ErrorKind, FunctionFlag, RECORD_SIZE, RecordKind, VM_CSP, VM_GLOBAL_OBJECT } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { frameCode } from "../heap/code";
import { chargeFuel } from "../heap/memory";
import { newPlainObject } from "../objects/object";
import { wrapPrimitive } from "../objects/primitive";
import { toStringPrimitive } from "../primitives/convert";
import { newRegExpOf } from "../regexp/object";
import { concat } from "../strings/string";
import { cannotReadElement } from "./access";
import { damaged } from "./action";
import { callPrelude3, callPreludeList } from "./call";
import { cannotDestructure, valueText } from "./describe";
import { atA, atB, fieldA, fieldC, fieldX, opcode, regA, regB, regC, saveRegisters } from "./operands";
import { afterSignal } from "./signal";

/** Sets VM_PC and VM_FP, so that an error shows the position of the instruction. */
function at(pc: usize, fp: usize): void {
  saveRegisters(pc, fp);
}

/** THROWCONST x: name, THROWERROR a: kind, x: message */
export function throwConstantSlow(pc: usize, fp: usize): i32 {
  at(pc, fp);
  if (opcode(pc) == Op.THROWCONST) return afterSignal(throwLiteral(ErrorKind.TypeError, "Assignment to constant variable."), pc, fp);
  return afterSignal(throwError(<i32>fieldA(pc), fieldX(pc)), pc, fp);
}

/** https://tc39.es/ecma262/#sec-ordinarycallbindthis */
export function thisSloppy(fp: usize): void {
  const v = load<u64>(fp, 8);
  store<u64>(fp, isNullish(v) ? load<u64>(VM_GLOBAL_OBJECT) : boxObject(wrapPrimitive(v)), 8);
}

/** CHECKOBJECT a: value, x: what */
export function checkObjectSlow(pc: usize, fp: usize): i32 {
  at(pc, fp);
  const text = concat(concat(fieldX(pc), lit(" ")), valueText(regA(pc, fp)));
  return afterSignal(throwError(ErrorKind.TypeError, concat(text, lit(" is not an object"))), pc, fp);
}

/** REQUIREOBJ a. The TOKEY after it has the key that the program reads first. https://tc39.es/ecma262/#sec-requireobjectcoercible */
export function requireObjectSlow(pc: usize, fp: usize): i32 {
  at(pc, fp);
  const v = regA(pc, fp);
  if (opcode(pc + 8) == Op.TOKEY) return cannotReadElement(pc, fp, v, regB(pc + 8, fp));
  let text = cannotDestructure(pc, fp, v, 0);
  if (text == 0) text = concat(lit("Cannot read properties of "), toStringPrimitive(v));
  return afterSignal(throwError(ErrorKind.TypeError, text), pc, fp);
}

/**
 * NEWREGEXP a: destination, b: group (pattern, flags).
 * https://tc39.es/ecma262/#sec-regular-expression-literals-runtime-semantics-evaluation: a new object each time the literal is evaluated.
 */
export function newRegExpSlow(pc: usize, fp: usize): i32 {
  at(pc, fp);
  const group = atB(pc, fp);
  if (!isString(load<u64>(group)) || !isString(load<u64>(group, 8))) return damaged();
  const rx = newRegExpOf(addressOf(load<u64>(group)), addressOf(load<u64>(group, 8)));
  if (!isObject(rx)) return afterSignal(rx, pc, fp);
  store<u64>(atA(pc, fp), rx);
  return 8;
}

/** HELPER a: destination, b: arguments, c: their number, x: which */
export function helperSlow(pc: usize, fp: usize): i32 {
  const source = atB(pc, fp);
  const argc = <i32>fieldC(pc);
  const id = <i32>load<u16>(HELPERS + (fieldX(pc) << 1));
  return callPreludeList(id, pc, fp, source, argc, pc + 16, fieldA(pc));
}

/**
 * The program of the code in the frame at fp; for code from a string, the program of its caller. Code from strings has no file of its own
 * (its serial is not 0), and neither have prelude functions: the search goes down the stack to the first frame that has, and pays for
 * each frame.
 */
function activeProgram(fp: usize): usize {
  const own = <usize>load<u32>(frameCode(fp), CODE_PROGRAM);
  let program = own;
  let record = <usize>load<u32>(VM_CSP);
  while (load<u32>(program, PROGRAM_SERIAL) != 0 || load<u32>(frameCode(fp), CODE_FLAGS) & FunctionFlag.PRELUDE) {
    fp = <usize>load<u32>(record, 4);
    record += RECORD_SIZE;
    if (fp == 0) return own;
    program = <usize>load<u32>(frameCode(fp), CODE_PROGRAM);
    chargeFuel(1);
  }
  return program;
}

/** IMPORTCALL a: destination, b: specifier, c: options. The referrer is the file of the running code. */
export function importCallSlow(pc: usize, fp: usize): i32 {
  const file = boxString(<usize>load<u32>(activeProgram(fp), PROGRAM_FILENAME));
  const specifier = regB(pc, fp);
  const options = regC(pc, fp);
  return callPrelude3(Prelude.importCall, pc, fp, file, specifier, options, pc + 8, fieldA(pc), RecordKind.CALL);
}

/**
 * IMPORTMETA a: destination. https://tc39.es/ecma262/#sec-meta-properties-runtime-semantics-evaluation. The host adds no
 * properties (HostGetImportMetaProperties).
 */
export function importMetaSlow(pc: usize, fp: usize): i32 {
  const meta = newPlainObject(0);
  store<u64>(atA(pc, fp), boxObject(meta));
  return 8;
}
