// Owns the stack: frames, control records, growth, and entering functions. Must never decode an instruction.
//
//   values, growing up                                   records, growing down
//   ┌───────┬──────────────────────────┬──────────────┬ … ┬──────────┬──────────┐
//   │ frame │ callee this args… locals │ callee this… │   │ record 2 │ record 1 │
//   └───────┴──────────────────────────┴──────────────┴ … ┴──────────┴──────────┘
//   stackBase                           fp                csp          stackEnd
//
// The layout of a record is in heap/record.ts.
//
// A value on the stack may be dead but is always a valid value: the collector scans from stackBase to the first dead word.
import { runnableCode } from "../bytecode/prelude-code";
import { addressOf, UNDEFINED } from "../core/value";
import { CODE_WORDS } from "../generated/kinds";
import { RECORD_SIZE, Request, STACK_SLACK, VM_CSP, VM_FP, VM_PC, VM_STACK_END, VM_STACK_WANTED } from "../generated/layout";
import { FOREIGN_WORDS_PER_UNIT } from "../generated/opcodes";
import { CODE_ENTRY, codeClears, codeParameters, codeRegisters, frameCode, PAYS_BY_LENGTH, USES_SURPLUS } from "../heap/code";
import { chargeFuel, request } from "../heap/memory";
import { fillRecord, recordArgumentCount } from "../heap/record";

/** First address after all registers of the frame at fp: a frame without an area of its own goes here. */
// @ts-ignore: decorator
@inline
export function frameEnd(fp: usize): usize {
  return fp + (codeRegisters(frameCode(fp)) << 3);
}

/** True if `bytes` from `area` up fit below the control records; else requests a larger stack. */
export function stackFits(area: usize, bytes: usize): bool {
  if (area + bytes + STACK_SLACK <= <usize>load<u32>(VM_CSP)) return true;
  store<u32>(VM_STACK_WANTED, max<u32>(load<u32>(VM_STACK_WANTED), <u32>(bytes + STACK_SLACK * 2)));
  request(Request.GROW_STACK);
  return false;
}

/** Current number of frames. */
// @ts-ignore: decorator
@inline
export function stackDepth(): u32 {
  return (load<u32>(VM_STACK_END) - load<u32>(VM_CSP)) / <u32>RECORD_SIZE;
}

/** Pushes a control record. The caller has checked that the stack has room for it. */
export function pushRecord(returnPc: usize, callerFp: usize, destination: u32, kind: u32, argc: u32, flags: u32): void {
  const csp = <usize>load<u32>(VM_CSP) - RECORD_SIZE;
  store<u64>(csp, <u64>returnPc | (<u64>callerFp << 32));
  fillRecord(csp, destination, kind, argc, flags);
  store<u32>(VM_CSP, <u32>csp);
}

/** Sets missing parameters to undefined, and the first `codeClears` registers after the parameters, which must not hold old values. */
// @ts-ignore: decorator
@inline
function prepareRegisters(code: usize, fp: usize, argc: i32): void {
  const parameters = codeParameters(code);
  let at = fp + 16 + (<usize>(argc < parameters ? argc : parameters) << 3);
  const end = fp + 16 + ((<usize>parameters + codeClears(code)) << 3);
  for (; at < end; at += 8) store<u64>(at, UNDEFINED);
}

/**
 * Enters a FUNCTION whose area is complete: pushes the record and makes its first instruction the next one. For a function that
 * uses surplus arguments, the frame starts where the arguments end, so that all of them stay intact below it.
 */
export function enterFrame(area: usize, argc: i32, returnPc: usize, callerFp: usize, destination: u32, kind: u32, flags: u32): void {
  const code = runnableCode(addressOf(load<u64>(area)));
  let fp = area;
  if (argc > codeParameters(code) && load<u32>(code) & USES_SURPLUS) {
    fp = area + 16 + (<usize>argc << 3);
    memory.copy(fp, area, 16 + (<usize>codeParameters(code) << 3));
  }
  if (load<u32>(code) & PAYS_BY_LENGTH) payForWords(load<u32>(code, CODE_WORDS));
  prepareRegisters(code, fp, argc);
  pushRecord(returnPc, callerFp, destination, kind, <u32>argc, flags);
  store<u32>(VM_FP, <u32>fp);
  store<u32>(VM_PC, <u32>(code + CODE_ENTRY));
}

/** Takes the fuel for straight-line code without FUEL instructions. */
function payForWords(words: u32): void {
  chargeFuel(<i32>words / FOREIGN_WORDS_PER_UNIT);
}

/** Charges a back-edge over `words` words of the frame at fp, if its code has no FUEL instructions. */
export function payForLoopSlow(fp: usize, words: u32): void {
  if (load<u32>(frameCode(fp)) & PAYS_BY_LENGTH) payForWords(words);
}

/** Address of argument 0 of the call that made the frame at fp; valid in its prologue only. */
export function argumentsAddress(fp: usize): usize {
  const argc = recordArgumentCount(<usize>load<u32>(VM_CSP));
  const code = frameCode(fp);
  return argc > codeParameters(code) && load<u32>(code) & USES_SURPLUS ? fp - (<usize>argc << 3) : fp + 16;
}

/** Bytes that a frame of `code` with `argc` arguments takes from its area up. */
// @ts-ignore: decorator
@inline
export function frameBytes(code: usize, argc: i32): usize {
  return (codeRegisters(code) << 3) + (<usize>argc << 3) + 16;
}
