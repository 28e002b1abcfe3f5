// Owns the writing of frames: those on the stack and those suspended in cells. Must never write a register that nothing will read, except
// those that every call has set (fixedRegisters).
//
//   frame    kind · destination · arguments · flags · distance from the frame below · callee · [code ordinal] · position · registers ·
//            count · values of r1 … r(count − 1)
//
// A control record says how the frame *below* it goes on, and lies above it in the order of calls: so positions are taken from the record
// of the next frame, and the top frame's from the VM block.
//
//   records   stackEnd │ record of frame 0 │ record of frame 1 │ … │ record of the top frame │ csp
//                        kind: ENTRY, JOB    return pc: position in frame 0
import { addressOf, isObject, SPECIAL_BITS, Value } from "../core/value";
import { CALLRECORD_DUE_OR_RETURN, CALLRECORD_STATE, FRAME_POSITION, FRAME_SIZE, FUNCTION_CODE, Kind } from "../generated/kinds";
import { RECORD_SIZE, RecordKind, VM_CSP, VM_CURRENT_CALL, VM_FP, VM_HEAP_TOP, VM_PC, VM_STACK_BASE, VM_STACK_END } from "../generated/layout";
import { Fault } from "../generated/snapshot-format";
import { CODE_ENTRY, codeRegisters } from "../heap/code";
import { kindOf, sizeOf } from "../heap/memory";
import { RECORD_DESTINATION, RECORD_KIND, RECORD_RESUMED_BY, recordArgumentCount, recordFlags } from "../heap/record";
import { openSpace, putNumber } from "../heap/scratch";
import { AFTER_CALL, AFTER_WAIT, AT_INSTRUCTION, fixedRegisters, isBit, neededAt, resetPlaces } from "../interpreter/live-registers";
import { codeOrdinal, fail, MAIN, stableId, writeValue } from "./write-value";

/** Token of a temporary that nothing will read. */
const DEAD: u32 = 5;

/**
 * Writes the frame with registers at `at`, which is at `position` and continues at `word` as `mode` says. kind, destination: the
 * result for which AFTER_CALL waits.
 */
export function writeRegisters(at: usize, position: u32, word: u32, mode: u32, kind: u32, destination: u32): void {
  const callee: Value = load<u64>(at);
  if (!isObject(callee) || kindOf(addressOf(callee)) != Kind.FUNCTION) {
    fail(Fault.UNWRITABLE, at);
    return;
  }
  const code = <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
  writeValue(callee);
  // A base object may have other code in another build: the frame brings the code it runs.
  if (stableId(addressOf(callee)) != 0) putNumber(MAIN, codeOrdinal(code));
  putNumber(MAIN, position);
  const registers = <u32>codeRegisters(code);
  putNumber(MAIN, registers);
  // Liveness (live-registers.ts) is computed from the code, not from the history of the run: so equal programs at equal places write equal
  // registers, whatever lies in dead ones, and a garbage object that only a dead register holds is not kept alive.
  const fixed = fixedRegisters(code);
  const needed = neededAt(code, word, mode, kind, destination);
  let count = registers;
  while (count > fixed && !isBit(needed, count - 1)) count--;
  putNumber(MAIN, count);
  for (let r: u32 = 1; r < count; r++) {
    // Few dead registers among live ones: a token each is shorter than a mask.
    if (r < fixed || r == count - 1 || isBit(needed, r)) writeValue(load<u64>(at + (<usize>r << 3)));
    else putNumber(MAIN, DEAD << 3);
  }
}

/** How the caller takes the result of a return into the record. */
export function resultKind(record: usize): u32 {
  const kind = <u32>load<u8>(record, RECORD_KIND);
  return kind == RecordKind.GENERATOR ? <u32>load<u8>(record, RECORD_RESUMED_BY) : kind;
}

export function frameCount(): u32 {
  return load<u32>(VM_FP) == 0 ? 0 : (load<u32>(VM_STACK_END) - load<u32>(VM_CSP)) / <u32>RECORD_SIZE;
}

/** Bytes of the stack. Its size is part of the state: its growth may be what exceeds the memory limit. */
export function stackBytes(): u32 {
  return load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE);
}

/** What a register holds after markDeadRegisters, if nothing will read it. */
const NOT_KEPT: Value = SPECIAL_BITS | <u64>DEAD;

/** Those from `end` up belong to the frame above. */
function markRegisters(at: usize, end: usize, word: u32, mode: u32, kind: u32, destination: u32): void {
  const code = <usize>load<u32>(addressOf(load<u64>(at)), FUNCTION_CODE);
  const registers = min<u32>(<u32>codeRegisters(code), <u32>(end - at) >> 3);
  const needed = neededAt(code, word, mode, kind, destination);
  for (let r = fixedRegisters(code); r < registers; r++) if (!isBit(needed, r)) store<u64>(at + (<usize>r << 3), NOT_KEPT);
}

/**
 * Marks the registers that a snapshot leaves out, in the frames of the stack, or in a FRAME cell: so that whoever looks at a machine does
 * not take what is in them for the values of variables. The machine must not run any more.
 */
export function markDeadRegisters(cell: usize): void {
  openSpace(<usize>load<u32>(VM_HEAP_TOP));
  resetPlaces();
  if (cell != 0) markRegisters(cell + FRAME_SIZE, cell + sizeOf(cell), load<u32>(cell, FRAME_POSITION), AFTER_WAIT, 0, 0);
  else forEachFrame(true);
}

/** Writes all frames, from the bottom up. */
export function writeFrames(): void {
  putNumber(MAIN, frameCount());
  forEachFrame(false);
}

/** Marks the dead registers of a frame, or writes it. */
function visitRegisters(marks: bool, at: usize, end: usize, position: u32, word: u32, mode: u32, kind: u32, destination: u32): void {
  if (marks) markRegisters(at, end, word, mode, kind, destination);
  else writeRegisters(at, position, word, mode, kind, destination);
}

function writeRecord(record: usize, distance: u32): void {
  putNumber(MAIN, <u32>load<u8>(record, RECORD_KIND));
  putNumber(MAIN, <u32>load<u16>(record, RECORD_DESTINATION));
  putNumber(MAIN, <u32>recordArgumentCount(record));
  putNumber(MAIN, recordFlags(record));
  putNumber(MAIN, distance);
}

function forEachFrame(marks: bool): void {
  const count = frameCount();
  if (count == 0) return;
  let below = <usize>load<u32>(VM_STACK_BASE);
  let record = <usize>load<u32>(VM_STACK_END) - RECORD_SIZE;
  for (let i: u32 = 0; i < count; i++) {
    // The record belongs to this frame; the one below it in memory, of the frame above, holds this frame's registers and position.
    const next = record - RECORD_SIZE;
    const isTop = i + 1 == count;
    const fp = isTop ? <usize>load<u32>(VM_FP) : <usize>load<u32>(next, 4);
    const pc = isTop ? <usize>load<u32>(VM_PC) : <usize>load<u32>(next);
    if (!marks) writeRecord(record, <u32>(fp - below) >> 3);
    const end = isTop ? record : i + 2 == count ? <usize>load<u32>(VM_FP) : <usize>load<u32>(next - RECORD_SIZE, 4);
    const code = <usize>load<u32>(addressOf(load<u64>(fp)), FUNCTION_CODE);
    const word = <u32>(pc - code - CODE_ENTRY) >> 3;
    if (isTop) {
      const call = <usize>load<u32>(VM_CURRENT_CALL);
      if (call == 0) visitRegisters(marks, fp, end, word, word, AT_INSTRUCTION, 0, 0);
      else {
        // Held at a host call: its position stays at the call, its registers are those needed after it.
        const state = load<u32>(call, CALLRECORD_STATE);
        visitRegisters(marks, fp, end, word, word + (<u32>load<u64>(call, CALLRECORD_DUE_OR_RETURN) >> 3), AFTER_CALL, state >> 16, state & 0xffff);
      }
    } else visitRegisters(marks, fp, end, word, word, AFTER_CALL, resultKind(next), <u32>load<u16>(next, RECORD_DESTINATION));
    below = fp;
    record = next;
  }
}
