// Owns the linking of instructions: operands brought into the form the interpreter wants, relocations noted. verify.ts proves what an
// instruction may do with its operands. Must never move a word.
import { isPointer, Value } from "../core/value";
import { LinkError } from "../generated/exchange";
import { FunctionFlag, VM_HEAP_TOP } from "../generated/layout";
import {
  Op, OPCODE_FLAGS, OPCODE_WEIGHTS, OpcodeFlag, Operand, OPERAND_SHAPES, PORTABLE_COUNT, WORDS_PER_UNIT,
} from "../generated/opcodes";
import { CACHE_SIZE, CODE_ENTRY } from "../heap/code";
import { flagsOf, INDEX } from "../strings/cells";
import { BOUNDARY, STAMP_SHIFT as UNPAID_SHIFT, STARTS, WORD_FLAGS } from "./fuse";
import {
  CACHES, CELL, CONSTANT_COUNT, CONSTANTS, fail, FARTHEST, FLAGS, FUNCTION_CHAIN, FUNCTION_COUNT, FUNCTION_FLAGS, LAST_PROLOGUE, MAX_UNPAID,
  REGISTERS, RELOCATIONS, STAGING, STRING_COUNT, stringAt, UNPAID, WORDS,
} from "./link-state";
import { fieldOffset, groupSize } from "./operands";
import { readFailed, readSigned, readUnsigned } from "./reader";
import { verifyInstruction } from "./verify";

/** Limit of the unpaid words noted for a word: they share its u32 with its flags. */
const MAX_UNPAID_NOTED: u32 = 0xffffff;

/** Notes that the slot holds an address in the heap (isValue 0) or a value (1), which the collector must update. */
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
  // Only LOOP and LOOPT jump back, and they are safepoints: no other instruction can run again without taking fuel.
  if (isLoop ? distance > 0 || target <= <i64>load<i32>(LAST_PROLOGUE) : distance <= 0) return fail(LinkError.JUMP);
  store<u32>(FARTHEST, max<u32>(load<u32>(FARTHEST), <u32>target));
  const flag = <usize>load<u32>(FLAGS) + ((<usize>target) << 2);
  const unpaid = load<u32>(UNPAID);
  const known = load<u32>(flag);
  store<u32>(flag, BOUNDARY | (unpaid > known >> UNPAID_SHIFT ? (known & WORD_FLAGS) | (unpaid << UNPAID_SHIFT) : known));
  return true;
}

/** A path that jumps to this word may have run more words since the last safepoint than the one that falls into it. */
function enterWord(flag: usize): void {
  const unpaid = load<u32>(flag) >> UNPAID_SHIFT;
  if (unpaid > load<u32>(UNPAID)) store<u32>(UNPAID, unpaid);
}

/** Adds the instruction to the unpaid words, which FUEL pays in part. A safepoint or an end notes them in MAX_UNPAID and resets them. */
function leaveWord(op: i32, at: usize, rowFlags: u32): void {
  const unpaid = load<u32>(UNPAID);
  if (op == Op.FUEL) {
    const paid = (<u32>load<u16>(at, 4) + 1) * WORDS_PER_UNIT;
    store<u32>(UNPAID, unpaid > paid ? unpaid - paid : 0);
    return;
  }
  const isSafepoint = (rowFlags & OpcodeFlag.SAFEPOINT) != 0;
  if ((isSafepoint || rowFlags & OpcodeFlag.NO_FALL_THROUGH) && (isSafepoint || (rowFlags & OpcodeFlag.JUMPS) == 0) && unpaid > load<u32>(MAX_UNPAID)) store<u32>(MAX_UNPAID, unpaid);
  store<u32>(UNPAID, isSafepoint || rowFlags & OpcodeFlag.NO_FALL_THROUGH ? 0 : min(unpaid + <u32>load<u8>(OPCODE_WEIGHTS + <usize>op), MAX_UNPAID_NOTED));
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
    // The address of this slot once the cell is in its final place.
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
    // The first register of an empty group may be the one after the last.
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

function checkGroup(op: i32, at: usize): bool {
  for (let shape = load<u32>(OPERAND_SHAPES + ((<usize>op) << 2)); shape != 0; shape >>= 8) {
    const type = <i32>(shape & 31);
    if (type != Operand.BASE && type != Operand.OUT) continue;
    const first = (<u64>load<u16>(at + fieldOffset((shape >> 5) & 7))) >> 3;
    if (first + <u64>groupSize(op, at) > <u64>load<u32>(REGISTERS)) return fail(LinkError.REGISTER);
  }
  return true;
}

/** Links the instruction at `word`; returns how many words it takes, 0 if it was refused. */
function linkInstruction(word: i32): i32 {
  const op = <i32>readUnsigned();
  if (readFailed() || <u32>op >= <u32>PORTABLE_COUNT) {
    fail(readFailed() ? LinkError.TRUNCATED : LinkError.OPCODE);
    return 0;
  }
  const rowFlags = <u32>load<u8>(OPCODE_FLAGS + <usize>op);
  const size: i32 = rowFlags & OpcodeFlag.EXTENDED ? 2 : 1;
  if (
    word + size > <i32>load<u32>(WORDS) ||
    (rowFlags & OpcodeFlag.PRELUDE_ONLY && (load<u32>(FUNCTION_FLAGS) & FunctionFlag.PRELUDE) == 0)
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
  if (!checkGroup(op, at) || !verifyInstruction(op, at, word)) return 0;
  leaveWord(op, at, rowFlags);
  if (word + size == <i32>load<u32>(WORDS) && (rowFlags & OpcodeFlag.NO_FALL_THROUGH) == 0) {
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
