// Owns the check of frames and control records: each belongs to its function and is at a place where a frame can be, and every suspended
// frame has one owner and at most one reaction that resumes it. Makes positions of the stack absolute.
import { runnableCode } from "../bytecode/prelude-code";
import { addressOf, isCell, isObject, isPointer, Value } from "../core/value";
import {
  CALLRECORD_DUE_OR_RETURN, CALLRECORD_STATE, CODE_FLAGS, CODE_WORDS, COROUTINE_FRAME, COROUTINE_STATE, FRAME_COUNT, FRAME_POSITION, FRAME_SIZE,
  GENERATOR_FRAME, GENERATOR_STATE, Kind,
} from "../generated/kinds";
import {
  FunctionFlag, RECORD_SIZE, RecordKind, VM_CURRENT_CALL, VM_HEAP_BASE, VM_PC, VM_STACK_BASE, VM_STACK_END,
} from "../generated/layout";
import { Op } from "../generated/opcodes";
import { Fault } from "../generated/snapshot-format";
import { CoroutineBit, GENERATOR_ASYNC, GENERATOR_STATE_MASK, GeneratorState, RecordFlag } from "../generated/states";
import { CODE_ENTRY, codeParameters, codeRegisters, USES_SURPLUS } from "../heap/code";
import { kindOf, sizeOf } from "../heap/memory";
import { RECORD_DESTINATION, RECORD_KIND, recordArgumentCount, recordFlags } from "../heap/record";
import { generatorState } from "../objects/generator";
import { instructionBefore, isPosition, isSafepoint, opAt, openPositions, startsCoroutine, startsGenerator, wordsOf } from "./positions";
import { FRAME_TOTAL, FRAMES } from "./read-stack";
import { fail } from "./read-value";
import { resultKind } from "./write-stack";

/** `meta` of a FRAME while it is checked: it has an owner · it runs on the stack · a reaction waits to resume it. */
const FRAME_OWNED: u32 = 1;
const FRAME_RUNS: u32 = 2;
const FRAME_AWAITED: u32 = 4;

// --- positions ----------------------------------------------------------------------------------------------------

/**
 * True for instructions that may enter an accessor. They charge for that call first, and may be stopped at the charge: then they
 * have not begun.
 */
function entersAccessor(op: i32): bool {
  switch (op) {
    case Op.GETPROP:
    case Op.SETPROP:
    case Op.GETELEM:
    case Op.SETELEM:
    case Op.GETGLOBAL:
    case Op.TYPEOFGLOBAL:
    case Op.SETGLOBAL:
    case Op.GETSUPER:
    case Op.GETPRIV:
    case Op.SETPRIV:
      return true;
  }
  return false;
}

/**
 * True if results may go to the registers there: never over the function itself, nor over the register in which a generator keeps
 * itself.
 */
function isDestination(code: usize, destination: u32, bytes: u32, registers: u32): bool {
  // Register 0 is the function itself: the collector finds the code of a frame through it.
  if (destination & 7 || destination < 8 || destination + bytes > registers) return false;
  if ((load<u32>(code, CODE_FLAGS) & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC)) == 0) return true;
  const owner: u32 = 16 + (<u32>codeParameters(code) << 3);
  return owner < destination || owner >= destination + bytes;
}

/**
 * True if a frame of that code can wait before `word` for a result of that kind. Every kind is checked against what `deliver`
 * (interpreter/return.ts) will do with it, so delivery needs no test of its own.
 */
function canReceive(code: usize, word: u32, kind: u32, destination: u32): bool {
  if (!isPosition(code, word)) return false;
  const registers = <u32>codeRegisters(code) << 3;
  const before = instructionBefore(code, word);
  switch (kind) {
    case RecordKind.CALL:
    case RecordKind.CONSTRUCT:
    case RecordKind.CONSTRUCT_DERIVED:
    case RecordKind.NOT:
    case RecordKind.BOOLEAN:
      return isDestination(code, destination, 8, registers);
        // These store nothing, so any destination will do.
    case RecordKind.DISCARD:
    case RecordKind.KEEP:
      return true;
    case RecordKind.ITERATOR:
      return isDestination(code, destination, 24, registers);
        // The result is turned into a jump by the instruction before the position, which therefore must be one.
    case RecordKind.BRANCH: {
      if (before < 0 || <u32>before + 1 != word) return false;
      const op = opAt(code, <u32>before);
      return op == Op.JT || op == Op.JF || op == Op.LOOPT;
    }
        // The result of an iterator step goes into the group of three registers that the instruction before the position names.
    case RecordKind.NEXT:
      if (before < 0 || destination > 1) return false;
      return destination == 0 ? <u32>before + 2 == word && opAt(code, <u32>before) == Op.FORNEXT : <u32>before + 1 == word && opAt(code, <u32>before) == Op.ITERSTEP;
  }
  return false;
}

// --- suspended frames ---------------------------------------------------------------------------------------------

function isEmpty(frame: usize): bool {
  return !isPointer(load<u64>(frame, FRAME_SIZE));
}

/** The code of a full frame; 0 if its callee is not a function. */
function codeOfFrame(registers: usize): usize {
  const callee: Value = load<u64>(registers);
  if (!isObject(callee) || kindOf(addressOf(callee)) != Kind.FUNCTION) return 0;
  return runnableCode(addressOf(callee));
}

/** Loads the whole code of a suspended frame. */
export function openFrame(frame: usize): bool {
  return isEmpty(frame) || makeWhole(frame + FRAME_SIZE);
}

/** Loads the whole code of all frames, so that nothing need be allocated while they are checked. */
export function openFrames(first: usize, end: usize): bool {
  for (let p = first; p < end; p += sizeOf(p)) if (kindOf(p) == Kind.FRAME && !openFrame(p)) return false;
  const count = load<u32>(FRAME_TOTAL);
  for (let i: u32 = 0; i < count; i++) if (!makeWhole(<usize>load<u32>(<usize>load<u32>(FRAMES) + (<usize>i << 3)))) return false;
  openPositions();
  return true;
}

function makeWhole(registers: usize): bool {
  return codeOfFrame(registers) >= <usize>load<u32>(VM_HEAP_BASE) || fail(Fault.FRAME);
}

/** Register in which the frame of a generator or async function keeps its generator or coroutine. */
// @ts-ignore: decorator
@inline
function ownerIn(registers: usize, code: usize): Value {
  return load<u64>(registers + 16 + (<usize>codeParameters(code) << 3));
}

/** Claims a frame found in a generator (with the state of the generator) or in a coroutine (RUNNING, async) for its owner. */
export function claimFrame(frame: usize, state: u32, isAsync: bool, owner: Value): bool {
  if (load<u32>(frame) & FRAME_OWNED) return fail(Fault.COROUTINE);
  store<u32>(frame, load<u32>(frame) | FRAME_OWNED);
  if (isEmpty(frame)) return state == GeneratorState.RUNNING || fail(Fault.COROUTINE);
  const code = codeOfFrame(frame + FRAME_SIZE);
  const word = load<u32>(frame, FRAME_POSITION);
  if (code == 0 || <u32>codeRegisters(code) != load<u32>(frame, FRAME_COUNT) || !isPosition(code, word)) return fail(Fault.FRAME);
  if (word + 1 >= load<u32>(code, CODE_WORDS) || !isPosition(code, word + 1)) return fail(Fault.POSITION);
  // YIELD and AWAIT find their generator or coroutine in that register, and store into the frame it names.
  if (ownerIn(frame + FRAME_SIZE, code) != owner) return fail(Fault.COROUTINE);
  const op = opAt(code, word);
  if (state == GeneratorState.START) return op == Op.GENSTART || fail(Fault.POSITION);
  if (state == GeneratorState.SUSPENDED) return op == Op.YIELD || op == Op.YIELDRESULT || fail(Fault.POSITION);
  return (isAsync && op == Op.AWAIT) || fail(Fault.POSITION);
}

/** A reaction resumes that coroutine or async generator: it must be suspended at an AWAIT, and no other reaction may resume it. */
export function checkAwaitedFrame(target: Value): bool {
  const p = addressOf(target);
  let frame: usize = 0;
  if (isCell(target) && kindOf(p) == Kind.COROUTINE && (load<u32>(p, COROUTINE_STATE) & CoroutineBit.NOT_STARTED) == 0) frame = <usize>load<u32>(p, COROUTINE_FRAME);
  else if (isObject(target) && kindOf(p) == Kind.GENERATOR && (load<u32>(p, GENERATOR_STATE) & (GENERATOR_ASYNC | GENERATOR_STATE_MASK)) == (GENERATOR_ASYNC | GeneratorState.RUNNING)) frame = <usize>load<u32>(p, GENERATOR_FRAME);
  if (frame == 0 || isEmpty(frame) || load<u32>(frame) & FRAME_AWAITED) return false;
  store<u32>(frame, load<u32>(frame) | FRAME_AWAITED);
  return true;
}

/** Every suspended frame has an owner; an empty one runs on the stack. */
export function checkFrames(first: usize, end: usize): bool {
  for (let p = first; p < end; p += sizeOf(p)) {
    if (kindOf(p) == Kind.FRAME && !checkFrame(p)) return false;
  }
  return true;
}

export function checkFrame(frame: usize): bool {
  const wanted = isEmpty(frame) ? FRAME_OWNED | FRAME_RUNS : FRAME_OWNED;
  return (load<u32>(frame) & ~FRAME_AWAITED) == wanted || fail(Fault.COROUTINE);
}

// --- the stack ----------------------------------------------------------------------------------------------------

/** Checks the function that runs in the frame at fp and continues at `word`; marks its frame cell, if it has one. */
function claimRunning(fp: usize, code: usize, word: u32, isGenerator: bool): bool {
  const flags = load<u32>(code, CODE_FLAGS);
  if ((flags & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC)) == 0) return !isGenerator || fail(Fault.COROUTINE);
  if (isGenerator && ((flags & FunctionFlag.GENERATOR) == 0 || startsGenerator(code, word))) return fail(Fault.COROUTINE);
  // A generator function runs in an ordinary frame only until GENSTART, while its parameters are evaluated.
  if (flags & FunctionFlag.GENERATOR && !isGenerator) return startsGenerator(code, word) || fail(Fault.COROUTINE);
  // The frame cell of a running generator waits empty for the next suspension: it has the room, and nothing else may fill it meanwhile.
  const owner = ownerIn(fp, code);
  const p = addressOf(owner);
  let frame: usize = 0;
  if (isGenerator) {
    if (!isObject(owner) || kindOf(p) != Kind.GENERATOR || generatorState(p) != GeneratorState.RUNNING) return fail(Fault.COROUTINE);
    if (((load<u32>(p, GENERATOR_STATE) & GENERATOR_ASYNC) != 0) != ((flags & FunctionFlag.ASYNC) != 0)) return fail(Fault.COROUTINE);
    frame = <usize>load<u32>(p, GENERATOR_FRAME);
    if (frame == 0) return fail(Fault.COROUTINE);
  } else {
    if (!isCell(owner)) return startsCoroutine(code, word) || fail(Fault.COROUTINE);
    if (kindOf(p) != Kind.COROUTINE || load<u32>(p) != 0 || startsCoroutine(code, word)) return fail(Fault.COROUTINE);
    store<u32>(p, 1);
    frame = <usize>load<u32>(p, COROUTINE_FRAME);
  }
  if (frame == 0) return true;
  if (!isEmpty(frame) || load<u32>(frame) & FRAME_RUNS || load<u32>(frame, FRAME_COUNT) != <u32>codeRegisters(code)) return fail(Fault.COROUTINE);
  store<u32>(frame, load<u32>(frame) | FRAME_RUNS);
  return true;
}

function isBottomKind(kind: u32): bool {
  return kind == RecordKind.ENTRY || kind == RecordKind.JOB;
}

/** Checks the place where the top frame stopped. isOnly: there is no other frame. */
function checkTop(code: usize, word: u32, isOnly: bool): bool {
  if (!isPosition(code, word)) return fail(Fault.POSITION);
  const op = opAt(code, word);
  const call = <usize>load<u32>(VM_CURRENT_CALL);
  // A program that was started without fuel stopped before its first instruction.
  if (call == 0) return isSafepoint(code, word, op) || entersAccessor(op) || (isOnly && word == 0) || fail(Fault.POSITION);
  // Held at a call: the record says how long the instruction is, and how its result is to be taken once the host has answered.
  const state = load<u32>(call, CALLRECORD_STATE);
  const due = <u32>load<u64>(call, CALLRECORD_DUE_OR_RETURN);
  if (due != wordsOf(op) << 3) return fail(Fault.POSITION);
  return canReceive(code, word + (due >> 3), state >> 16, state & 0xffff) || fail(Fault.POSITION);
}

/**
 * True if the call area of the frame begins at `free` or above it: before its surplus arguments, if the function uses those. Compared as a
 * distance: an argument count that reaches below address 0 must not come out above the stack.
 */
function areaFits(fp: usize, code: usize, argc: u32, free: usize): bool {
  const hasSurplus = argc > <u32>codeParameters(code) && (load<u32>(code) & USES_SURPLUS) != 0;
  return fp >= free && (!hasSurplus || fp - free >= (<usize>argc << 3) + 16);
}

/**
 * First address above the frame at fp that a call from it may overwrite: never its function, nor the register in which a generator
 * keeps itself.
 */
function freeAbove(fp: usize, code: usize): usize {
  const keeps = (load<u32>(code, CODE_FLAGS) & (FunctionFlag.GENERATOR | FunctionFlag.ASYNC)) != 0;
  return fp + (keeps ? 24 + (<usize>codeParameters(code) << 3) : 8);
}

const GENERATOR_FLAGS: u32 = RecordFlag.RAW | RecordFlag.RETURNS | RecordFlag.THROWS;

/**
 * Checks all frames on the stack with their records, and makes positions absolute. From the bottom up, so that the frame below is known
 * when the record of the frame above is judged.
 *
 *   for each frame    its code · its place above the one below · its record: kind, flags, destination · where the one below goes on
 */
export function checkStack(): bool {
  const count = load<u32>(FRAME_TOTAL);
  if (count == 0) return load<u32>(VM_CURRENT_CALL) == 0 || fail(Fault.FRAME);
  let record = <usize>load<u32>(VM_STACK_END);
  let below: usize = 0;
  for (let i: u32 = 0; i < count; i++) {
    record -= RECORD_SIZE;
    const entry = <usize>load<u32>(FRAMES) + (<usize>i << 3);
    const fp = <usize>load<u32>(entry);
    const code = codeOfFrame(fp);
    if (code == 0 || <u32>codeRegisters(code) != load<u32>(entry, 4)) return fail(Fault.FRAME);
    const kind = <u32>load<u8>(record, RECORD_KIND);
    const flags = recordFlags(record);
    const isGenerator = kind == RecordKind.GENERATOR;
    // Frames lie above each other, and a frame may overlap the one below it only where that one keeps nothing.
    const free = below == 0 ? <usize>load<u32>(VM_STACK_BASE) : freeAbove(<usize>load<u32>(entry - 8), below);
    if (!areaFits(fp, code, <u32>recordArgumentCount(record), free)) return fail(Fault.RECORD);
    if (flags & 255 & ~(isGenerator ? GENERATOR_FLAGS : RecordFlag.CONSTRUCT_CALL) || (!isGenerator && flags > 255)) return fail(Fault.RECORD);
    const result = resultKind(record);
    if (isGenerator && flags & RecordFlag.RAW && result != RecordKind.NEXT) return fail(Fault.RECORD);
    // Only the lowest frame returns to the host or to the list of jobs.
    if ((below == 0) != isBottomKind(result)) return fail(Fault.RECORD);
    if (below != 0) {
      const word = load<u32>(record);
      if (!canReceive(below, word, result, <u32>load<u16>(record, RECORD_DESTINATION))) return fail(Fault.RECORD);
      store<u32>(record, <u32>(below + CODE_ENTRY) + (word << 3));
    }
    // Only the prelude returns the value that this kind of record unpacks.
    if (result == RecordKind.ITERATOR && (load<u32>(code, CODE_FLAGS) & FunctionFlag.PRELUDE) == 0) return fail(Fault.RECORD);
    // The record of the frame above says where this frame continues.
    const next = i + 1 == count ? load<u32>(VM_PC) : load<u32>(record - RECORD_SIZE);
    if (!claimRunning(fp, code, next, isGenerator)) return false;
    below = code;
  }
  const word = load<u32>(VM_PC);
  if (!checkTop(below, word, count == 1)) return false;
  store<u32>(VM_PC, <u32>(below + CODE_ENTRY) + (word << 3));
  return true;
}
