// Owns the linking of instructions: operands made what the interpreter wants, relocations noted, everything about one
// instruction that can be wrong found out. Must never move a word.
import { Value, isPointer } from "../core/value";
import { HELPER_COUNT, MAX_HELPER_ARGUMENTS, PRELUDE_COUNT, PRELUDE_FIRST } from "../generated/intrinsics";
import { FunctionFlag, VM_HEAP_TOP } from "../generated/layout";
import { NATIVE_COUNT } from "../generated/natives";
import { OPCODE_FLAGS, OPERAND_SHAPES, Op, Operand, PORTABLE_COUNT, WORDS_PER_UNIT } from "../generated/opcodes";
import { INDEX, flagsOf } from "../strings/cells";
import { CACHE_SIZE, CODE_ENTRY, USES_SURPLUS } from "./code";
import { BOUNDARY, JUMPS, STARTS, STAMP_SHIFT as UNPAID_SHIFT, WORD_FLAGS } from "./fuse";
import {
  CACHES,
  CELL,
  CONSTANTS,
  CONSTANT_COUNT,
  EXTENDED,
  FLAGS,
  FUNCTION_CHAIN,
  FUNCTION_COUNT,
  FUNCTION_FLAGS,
  LAST_PROLOGUE,
  LENGTH,
  LinkError,
  MAX_UNPAID,
  META,
  NO_FALL_THROUGH,
  PRELUDE_ONLY,
  REGISTERS,
  RELOCATIONS,
  SAFEPOINT,
  SAFEPOINT_SEEN,
  STAGING,
  STRING_COUNT,
  UNPAID,
  WORDS,
  fail,
  stringAt,
} from "./link-state";
import { fieldOffset, groupSize } from "./operands";
import { readFailed, readSigned, readUnsigned } from "./reader";

/** More unpaid words than this are not told apart: they share a word of memory with its flags. */
const MAX_UNPAID_NOTED: u32 = 0xffffff;

function relocate(slot: usize, isValue: u32): void {
  const n = load<u32>(RELOCATIONS);
  const offset = <u32>slot - load<u32>(CELL);
  store<u32>(<usize>load<u32>(STAGING) + ((<usize>n) << 2), (offset << 1) | isValue);
  store<u32>(RELOCATIONS, n + 1);
}

function linkJump(op: i32, word: i32, distance: i32): bool {
  const target = <i64>word + <i64>distance;
  if (target < 0 || target >= <i64>load<u32>(WORDS)) return fail(LinkError.JUMP);
  const isLoop = op == Op.LOOP || op == Op.LOOPT;
  // Only LOOP and LOOPT, which are safepoints, go back: nothing else can run without taking fuel.
  if (isLoop ? distance > 0 || target <= <i64>load<i32>(LAST_PROLOGUE) : distance <= 0) return fail(LinkError.JUMP);
  const flag = <usize>load<u32>(FLAGS) + ((<usize>target) << 2);
  const unpaid = load<u32>(UNPAID);
  const known = load<u32>(flag);
  store<u32>(flag, BOUNDARY | (unpaid > known >> UNPAID_SHIFT ? (known & WORD_FLAGS) | (unpaid << UNPAID_SHIFT) : known));
  return true;
}

/** What comes to this word by jumps may have run further since the last safepoint than what falls into it. */
function enterWord(flag: usize): void {
  const unpaid = load<u32>(flag) >> UNPAID_SHIFT;
  if (unpaid > load<u32>(UNPAID)) store<u32>(UNPAID, unpaid);
}

/** Adds the instruction to what is unpaid, or takes what is unpaid as seen by a safepoint or an end. */
function leaveWord(op: i32, at: usize, size: i32, rowFlags: u32): void {
  const unpaid = load<u32>(UNPAID);
  if (op == Op.FUEL) {
    const paid = (<u32>load<u16>(at, 4) + 1) * WORDS_PER_UNIT;
    store<u32>(UNPAID, unpaid > paid ? unpaid - paid : 0);
    return;
  }
  const isSafepoint = (rowFlags & SAFEPOINT) != 0;
  if ((isSafepoint || rowFlags & NO_FALL_THROUGH) && (isSafepoint || (rowFlags & JUMPS) == 0) && unpaid > load<u32>(MAX_UNPAID)) store<u32>(MAX_UNPAID, unpaid);
  store<u32>(UNPAID, isSafepoint || rowFlags & NO_FALL_THROUGH ? 0 : min(unpaid + size, MAX_UNPAID_NOTED));
}

function linkIndexed(type: i32, at: usize, index: u32): bool {
  const slot = at + 8;
  if (type == Operand.CONST) {
    if (index >= load<u32>(CONSTANT_COUNT)) return fail(LinkError.CONSTANT);
    const value: Value = load<u64>(<usize>load<u32>(CONSTANTS) + ((<usize>index) << 3));
    store<u64>(slot, value);
    if (isPointer(value)) relocate(slot, 1);
    return true;
  }
  if (type == Operand.FN) {
    if (index >= load<u32>(FUNCTION_COUNT)) return fail(LinkError.FUNCTION);
    store<u32>(slot, index);
    // The address this slot will have once the cell stands where it belongs.
    const final = <u32>slot - load<u32>(CELL) + load<u32>(VM_HEAP_TOP);
    store<u32>(slot, load<u32>(FUNCTION_CHAIN), 4);
    store<u32>(FUNCTION_CHAIN, final);
    relocate(slot, 0);
    return true;
  }
  if (index >= load<u32>(STRING_COUNT)) return fail(LinkError.STRING);
  const atom = stringAt(index);
  store<u32>(slot, <u32>atom);
  relocate(slot, 0);
  if (type == Operand.KEY) {
    if (flagsOf(atom) & INDEX) return fail(LinkError.STRING);
    const n = load<u32>(CACHES);
    store<u32>(CACHES, n + 1);
    const caches = load<u32>(CELL) + <u32>CODE_ENTRY + (load<u32>(WORDS) << 3);
    store<u32>(slot, caches + n * <u32>CACHE_SIZE - <u32>at, 4);
  }
  return true;
}

function linkOperand(op: i32, type: i32, field: u32, at: usize, word: i32): bool {
  const slot = at + fieldOffset(field);
  if (type <= Operand.TOP) {
    const r = readUnsigned();
    // The first of an empty group may stand behind the last register.
    if (r >= load<u32>(REGISTERS) + (type == Operand.TOP || type == Operand.BASE ? 1 : 0))
      return fail(LinkError.REGISTER);
    store<u16>(slot, <u16>(r << 3));
    return true;
  }
  switch (type) {
    case Operand.U16: {
      const n = readUnsigned();
      if (n > 0xffff) return fail(LinkError.LIMIT);
      store<u16>(slot, <u16>n);
      return true;
    }
    case Operand.I16: {
      const n = readSigned();
      if (n < -0x8000 || n > 0x7fff) return fail(LinkError.LIMIT);
      store<u16>(slot, <u16>n);
      return true;
    }
    case Operand.I32:
      store<i32>(slot, readSigned());
      return true;
    case Operand.JUMP16: {
      const n = readSigned();
      if (n < -0x8000 || n > 0x7fff) return fail(LinkError.JUMP);
      store<u16>(slot, <u16>n);
      return linkJump(op, word, n);
    }
    case Operand.JUMP32:
    case Operand.JUMP: {
      const n = readSigned();
      store<i32>(slot, n);
      return linkJump(op, word, n);
    }
    case Operand.IMM:
      store<u32>(slot, readUnsigned());
      return true;
    default:
      return linkIndexed(type, at, readUnsigned());
  }
}

function needs(flag: u32): bool {
  return (load<u32>(FUNCTION_FLAGS) & flag) != 0 || fail(LinkError.OPCODE);
}
function atMost(n: u32, limit: u32): bool {
  return n <= limit || fail(LinkError.LIMIT);
}

/** ARGUMENTS, REST, NEWTARGET look at the call that made the frame: they run once, before anything can stop it. */
function prologue(word: i32): bool {
  if (load<u32>(SAFEPOINT_SEEN) != 0) return fail(LinkError.OPCODE);
  store<i32>(LAST_PROLOGUE, word);
  return true;
}

/** What the types of the operands do not say. */
function checkInstruction(op: i32, at: usize, word: i32): bool {
  const a = <u32>load<u16>(at, 2);
  const b = <u32>load<u16>(at, 4);
  switch (op) {
    case Op.LOADS:
      return atMost(b, 4);
    case Op.THROWERROR:
      return atMost(a, 8);
    case Op.DECLLEX:
      return atMost(a, 1);
    // sync, async, yield*
    case Op.GETITER:
      return atMost(<u32>load<u16>(at, 6), 2);
    case Op.DEFPRIVM:
      return atMost(load<u32>(at, 8), 2);
    case Op.DEFMETHOD:
      return atMost(load<u32>(at, 8), 7) && atMost(load<u32>(at, 8) & 3, 2);
    case Op.SETNAME:
      return atMost(<u32>load<u16>(at, 6), 2);
    // What makes something large must itself be described by as many bytes.
    case Op.NEWENV:
      return atMost(<u32>load<u16>(at, 6), load<u32>(LENGTH));
    case Op.NEWOBJ:
      return atMost(b, load<u32>(LENGTH));
    case Op.NEWARR:
      return atMost(load<u32>(at, 4), load<u32>(LENGTH));
    case Op.FUEL:
      return b != 0 || fail(LinkError.LIMIT);
    case Op.DIVI:
      return load<u16>(at, 6) != 0 || fail(LinkError.LIMIT);
    case Op.MODI:
      return load<i16>(at, 6) > 0 || fail(LinkError.LIMIT);
    case Op.SHLI:
    case Op.SHRI:
    case Op.USHRI:
      return atMost(<u32>load<u16>(at, 6), 31);
    case Op.ARGUMENTS:
      store<u32>(META, load<u32>(META) | USES_SURPLUS);
      return atMost(b, load<u32>(REGISTERS) - 1) && prologue(word);
    case Op.REST:
      store<u32>(META, load<u32>(META) | USES_SURPLUS);
      return prologue(word);
    case Op.NEWTARGET:
      return prologue(word);
    case Op.GENSTART:
    case Op.YIELD:
    case Op.YIELDRESULT:
      return needs(FunctionFlag.GENERATOR);
    case Op.ASYNCSTART:
    case Op.AWAIT:
    case Op.ASYNCRETURN:
    case Op.ASYNCTHROW:
      return needs(FunctionFlag.ASYNC);
    case Op.CALLN:
      return (load<u32>(at, 8) < <u32>NATIVE_COUNT && b >= 16) || fail(LinkError.LIMIT);
    case Op.HELPER:
      return atMost(load<u32>(at, 8), <u32>(HELPER_COUNT - 1)) && atMost(<u32>load<u16>(at, 6), <u32>MAX_HELPER_ARGUMENTS);
    case Op.LOADINTR:
      return atMost(b, <u32>(PRELUDE_FIRST + PRELUDE_COUNT - 1));
    case Op.GETTEMPLATE:
      return isPointer(load<u64>(at, 8)) || fail(LinkError.CONSTANT);
  }
  return true;
}

function checkGroup(op: i32, at: usize): bool {
  for (let shape = load<u32>(OPERAND_SHAPES + ((<usize>op) << 2)); shape != 0; shape >>= 8) {
    const type = <i32>(shape & 31);
    if (type != Operand.BASE && type != Operand.OUT) continue;
    const first = (<u64>load<u16>(at + fieldOffset((shape >> 5) & 7))) >> 3;
    if (first + <u64>groupSize(op, at) > <u64>load<u32>(REGISTERS)) return fail(LinkError.REGISTER);
  }
  return true;
}

/** Links the instruction at `word`; answers how many words it takes, 0 if it was refused. */
function linkInstruction(word: i32): i32 {
  const op = <i32>readUnsigned();
  if (readFailed() || <u32>op >= <u32>PORTABLE_COUNT) {
    fail(readFailed() ? LinkError.TRUNCATED : LinkError.OPCODE);
    return 0;
  }
  const rowFlags = <u32>load<u8>(OPCODE_FLAGS + <usize>op);
  const size: i32 = rowFlags & EXTENDED ? 2 : 1;
  if (
    word + size > <i32>load<u32>(WORDS) ||
    (rowFlags & PRELUDE_ONLY && (load<u32>(FUNCTION_FLAGS) & FunctionFlag.PRELUDE) == 0)
  ) {
    fail(LinkError.OPCODE);
    return 0;
  }
  const at = <usize>load<u32>(CELL) + CODE_ENTRY + ((<usize>word) << 3);
  store<u64>(at, <u64>op);
  if (size == 2) store<u64>(at, 0, 8);
  const flag = <usize>load<u32>(FLAGS) + ((<usize>word) << 2);
  store<u32>(flag, load<u32>(flag) | STARTS);
  enterWord(flag);
  for (let shape = load<u32>(OPERAND_SHAPES + ((<usize>op) << 2)); shape != 0; shape >>= 8) {
    if (!linkOperand(op, <i32>(shape & 31), (shape >> 5) & 7, at, word)) return 0;
  }
  if (!checkGroup(op, at) || !checkInstruction(op, at, word)) return 0;
  if (rowFlags & SAFEPOINT) store<u32>(SAFEPOINT_SEEN, 1);
  leaveWord(op, at, size, rowFlags);
  if (word + size == <i32>load<u32>(WORDS) && (rowFlags & NO_FALL_THROUGH) == 0) {
    fail(LinkError.OPCODE);
    return 0;
  }
  return size;
}

export function linkWords(): bool {
  const count = <i32>load<u32>(WORDS);
  for (let word = 0; word < count;) {
    const size = linkInstruction(word);
    if (size == 0) return false;
    word += size;
  }
  if (readFailed()) return fail(LinkError.TRUNCATED);
  const flags = <usize>load<u32>(FLAGS);
  for (let word = 0; word < count; word++) {
    const flag = load<u32>(flags + ((<usize>word) << 2)) & WORD_FLAGS;
    if (flag == BOUNDARY) return fail(LinkError.JUMP);
    store<u32>(flags + ((<usize>word) << 2), flag);
  }
  return true;
}
