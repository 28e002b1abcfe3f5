// Owns the writing of frames: those on the stack and those suspended in cells. Must never write a register that nothing will read, except
// those that every call has set (fixedRegisters).
import { addressOf, isObject, Value, UNDEFINED } from "../core/value";
import { codeParameters, codeRegisters, CODE_ENTRY } from "../bytecode/code";
import { jumpDistance } from "../bytecode/fuse";
import { CALLRECORD_DUE, CALLRECORD_STATE, CODE_FLAGS, FUNCTION_CODE, Kind } from "../generated/kinds";
import { FunctionFlag, RECORD_SIZE, RecordKind, VM_CSP, VM_CURRENT_CALL, VM_FP, VM_PC, VM_STACK_BASE, VM_STACK_END } from "../generated/layout";
import { Op } from "../generated/opcodes";
import { kindOf } from "../heap/memory";
import { RECORD_ARGC, RECORD_DESTINATION, RECORD_FLAGS, RECORD_KIND } from "../interpreter/frame";
import { Fault } from "./format";
import { isLive, isLiveInHandler, resetLiveness } from "./liveness";
import { putNumber, takeSpace } from "./space";
import { codeOrdinal } from "./write-cell";
import { fail, MAIN, stableId, writeValue } from "./write-value";

/** Token of a temporary that nothing will read. */
export const DEAD: u32 = 5;

/**
 * Number of registers that are always written: the function's own two, the parameters, and then the one in which a generator keeps
 * itself. Dead values in the other registers depend on when there was a collection.
 */
function fixedRegisters(code: usize): u32 {
  const keeps: u32 = load<u32>(code, CODE_FLAGS) & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC) ? 1 : 0;
  return 2 + <u32>codeParameters(code) + keeps;
}

/** Where a frame continues. */
export const AT_INSTRUCTION: u32 = 0; // the instruction at its position has not begun
export const AFTER_CALL: u32 = 1; // its position is after the call; the record says where the result goes
export const AFTER_WAIT: u32 = 2; // it is suspended in a cell, at a one-word instruction that receives the result

/** Record kinds whose result goes to the register at `destination`. For a resumed generator, the kind is in its flags: see resultKind. */
function deliversTo(kind: u32): bool {
  return kind == RecordKind.CALL || kind == RecordKind.CONSTRUCT || kind == RecordKind.CONSTRUCT_DERIVED || kind == RecordKind.NOT || kind == RecordKind.BOOLEAN;
}

/** True if the register (multiplied by 8) is written by the result that the frame waits for. */
function isAwaited(code: usize, word: u32, mode: u32, kind: u32, destination: u32, register: u32): bool {
  const at = code + CODE_ENTRY + (<usize>word << 3);
  if (mode == AFTER_WAIT) {
    const first = <u32>load<u16>(at, 2);
    // The first next() delivers no value.
    if (<i32>load<u16>(at) == Op.GENSTART) return false;
    return register == first || (<i32>load<u16>(at) != Op.AWAIT && register == first + 8);
  }
  if (deliversTo(kind)) return register == destination;
  if (kind == RecordKind.ITERATOR) return register >= destination && register < destination + 24;
  // FORNEXT writes its b, ITERSTEP its a, unless it is done.
  return kind == RecordKind.NEXT && destination == 1 && register == <u32>load<u16>(at - 6);
}

/** True if the register will be read. */
function isNeeded(code: usize, word: u32, mode: u32, kind: u32, destination: u32, register: u32): bool {
  if (mode == AT_INSTRUCTION) return isLive(code, word, register);
  const before = mode == AFTER_WAIT ? word : word - 1;
  if (isLiveInHandler(code, before, register)) return true;
  const at = code + CODE_ENTRY + (<usize>word << 3);
  if (kind == RecordKind.BRANCH) {
    if (isLive(code, before + <u32>jumpDistance(<i32>load<u16>(at - 8), at - 8), register)) return true;
  } else if (kind == RecordKind.NEXT && destination == 0) {
    if (isLive(code, word - 2 + load<u32>(at - 8), register)) return true;
    if (register == <u32>load<u16>(at - 12)) return false;
  }
  if (isAwaited(code, word, mode, kind, destination, register)) return false;
  return isLive(code, mode == AFTER_WAIT ? word + 1 : word, register);
}

// The registers needed at a place are computed once for all frames at it: {code u32 · word u32 · awaited result u32 · bits}, at the
// address that a slot for the place holds. A place whose slot was taken by another is computed again.
const SLOTS: u32 = 4096;
const PLACES: usize = memory.data(4, 4);

/** Forgets all places; their memory may hold something else now. */
export function resetPlaces(): void {
  store<u32>(PLACES, 0);
  resetLiveness();
}

function makePlace(code: usize, word: u32, mode: u32, kind: u32, destination: u32, awaited: u32): usize {
  const registers = <u32>codeRegisters(code);
  const place = takeSpace(16 + (<usize>(registers + 31) >> 5 << 2));
  store<u32>(place, <u32>code);
  store<u32>(place, word, 4);
  store<u32>(place, awaited, 8);
  memory.fill(place + 12, 0, <usize>(registers + 31) >> 5 << 2);
  for (let r = fixedRegisters(code); r < registers; r++) {
    if (!isNeeded(code, word, mode, kind, destination, r << 3)) continue;
    const bits = place + 12 + (<usize>(r >> 5) << 2);
    store<u32>(bits, load<u32>(bits) | (1 << (r & 31)));
  }
  return place;
}

/** Bits of the registers that are needed, from r0 up, without those that are always written. */
function neededAt(code: usize, word: u32, mode: u32, kind: u32, destination: u32): usize {
  if (load<u32>(PLACES) == 0) {
    store<u32>(PLACES, <u32>takeSpace(SLOTS << 2));
    memory.fill(<usize>load<u32>(PLACES), 0, SLOTS << 2);
  }
  const awaited = (destination << 8) | (kind << 2) | mode;
  const hash = ((<u32>code >> 3) + word * 31 + awaited * 17) * 0x9e3779b1;
  const slot = <usize>load<u32>(PLACES) + (<usize>(hash >> 20) << 2);
  let place = <usize>load<u32>(slot);
  if (place == 0 || load<u32>(place) != <u32>code || load<u32>(place, 4) != word || load<u32>(place, 8) != awaited) {
    place = makePlace(code, word, mode, kind, destination, awaited);
    store<u32>(slot, <u32>place);
  }
  return place + 12;
}

// @ts-ignore: decorator
@inline
function isBit(bits: usize, r: u32): bool {
  return ((load<u32>(bits + (<usize>(r >> 5) << 2)) >> (r & 31)) & 1) != 0;
}

/** Clears the registers of a suspended frame that nothing will read, which a snapshot would leave out. */
export function clearDeadRegisters(at: usize, code: usize, word: u32): void {
  const registers = <u32>codeRegisters(code);
  const needed = neededAt(code, word, AFTER_WAIT, 0, 0);
  for (let r = fixedRegisters(code); r < registers; r++) if (!isBit(needed, r)) store<u64>(at + (<usize>r << 3), UNDEFINED);
}

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
  const fixed = fixedRegisters(code);
  const needed = neededAt(code, word, mode, kind, destination);
  let count = registers;
  while (count > fixed && !isBit(needed, count - 1)) count--;
  putNumber(MAIN, count);
  for (let r: u32 = 1; r < count; r++) {
    if (r < fixed || r == count - 1 || isBit(needed, r)) writeValue(load<u64>(at + (<usize>r << 3)));
    else putNumber(MAIN, DEAD << 3);
  }
}

/** How the caller takes the result of a return into the record. */
export function resultKind(record: usize): u32 {
  const kind = <u32>load<u16>(record, RECORD_KIND);
  return kind == RecordKind.GENERATOR ? <u32>load<u16>(record, RECORD_FLAGS) >> 8 : kind;
}

export function frameCount(): u32 {
  return load<u32>(VM_FP) == 0 ? 0 : (load<u32>(VM_STACK_END) - load<u32>(VM_CSP)) / <u32>RECORD_SIZE;
}

/** Bytes of the stack. Its size is part of the state: its growth may be what exceeds the memory limit. */
export function stackBytes(): u32 {
  return load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE);
}

/** Writes all frames, from the bottom up. */
export function writeFrames(): void {
  const count = frameCount();
  putNumber(MAIN, count);
  if (count == 0) return;
  let below = <usize>load<u32>(VM_STACK_BASE);
  let record = <usize>load<u32>(VM_STACK_END) - RECORD_SIZE;
  for (let i: u32 = 0; i < count; i++) {
    // The record belongs to this frame; the one below it in memory, of the frame above, holds this frame's registers and position.
    const next = record - RECORD_SIZE;
    const isTop = i + 1 == count;
    const fp = isTop ? <usize>load<u32>(VM_FP) : <usize>load<u32>(next, 4);
    const pc = isTop ? <usize>load<u32>(VM_PC) : <usize>load<u32>(next);
    putNumber(MAIN, <u32>load<u16>(record, RECORD_KIND));
    putNumber(MAIN, <u32>load<u16>(record, RECORD_DESTINATION));
    putNumber(MAIN, <u32>load<u16>(record, RECORD_ARGC));
    putNumber(MAIN, <u32>load<u16>(record, RECORD_FLAGS));
    putNumber(MAIN, <u32>(fp - below) >> 3);
    const code = <usize>load<u32>(addressOf(load<u64>(fp)), FUNCTION_CODE);
    const word = <u32>(pc - code - CODE_ENTRY) >> 3;
    if (isTop) {
      const call = <usize>load<u32>(VM_CURRENT_CALL);
      if (call == 0) writeRegisters(fp, word, word, AT_INSTRUCTION, 0, 0);
      else {
        // Held at a host call: its position stays at the call, its registers are those needed after it.
        const state = load<u32>(call, CALLRECORD_STATE);
        writeRegisters(fp, word, word + (<u32>load<u64>(call, CALLRECORD_DUE) >> 3), AFTER_CALL, state >> 16, state & 0xffff);
      }
    } else writeRegisters(fp, word, word, AFTER_CALL, resultKind(next), <u32>load<u16>(next, RECORD_DESTINATION));
    below = fp;
    record = next;
  }
}
