// Owns the effects of instructions of linked code on registers: groups, reads, writes. Must never change code.
import { Op, Operand, OPERAND_SHAPES } from "../generated/opcodes";

/** Byte offset of a field (Field.A, B, C, BC, X) in an instruction. */
// @ts-ignore: decorator
@inline
export function fieldOffset(field: u32): usize {
  return field == 3 ? 4 : field == 4 ? 8 : 2 + ((<usize>field) << 1);
}

/** Number of registers in the group that the base or out operand of the instruction at `at` begins. */
export function groupSize(op: i32, at: usize): u32 {
  switch (op) {
    case Op.CONCAT:
    case Op.CALLN:
    case Op.HELPER:
      return <u32>load<u16>(at, 6);
    case Op.OBJREST:
      return load<u32>(at, 8);
    case Op.CALL:
    case Op.CALLU:
    case Op.TAILCALL:
    case Op.NEW:
    case Op.SUPERCALL:
      return <u32>load<u16>(at, 6) + 2;
    case Op.NEWREGEXP:
    case Op.NEWCLASS:
    case Op.YIELD:
    case Op.YIELDRESULT:
      return 2;
    case Op.SETSUPER:
      return 4;
    default:
      return 3;
  }
}

/** True if a callee's frame is laid over the area and everything above it. */
function overlays(op: i32): bool {
  return (op >= Op.CALL && op <= Op.NEWSPREAD) || op == Op.TAILCALL;
}

/** Registers from `from` up to `to` (both multiplied by 8) as bits, of the 64 from `first` up (multiplied by 8). */
export function registerBits(from: u32, to: u32, first: u32): u64 {
  const low = max<i64>(0, (<i64>from - <i64>first) >> 3);
  const high = min<i64>(64, (<i64>to - <i64>first) >> 3);
  if (low >= high) return 0;
  return (~(<u64>0) >> <u64>(64 - (high - low))) << <u64>low;
}

const ALL: u32 = 0x10000;

/** The registers that the last call of `reads` found written, or dead from there on: their old values no longer matter. */
const WRITTEN: usize = memory.data(8, 8);
// @ts-ignore: decorator
@inline
export function killed(): u64 {
  return load<u64>(WRITTEN);
}

/**
 * Which of the 64 registers from `first` up (multiplied by 8) the portable instruction at `at` reads, as bits. A register that it both reads
 * and writes counts as read; those that it only writes are in `killed`.
 */
export function reads(op: i32, at: usize, first: u32): u64 {
  let shape = load<u32>(OPERAND_SHAPES + ((<usize>op) << 2));
  let read: u64 = 0;
  let written: u64 = 0;
  for (; shape != 0; shape >>= 8) {
    const type = <i32>(shape & 31);
    if (type == Operand.NONE || type > Operand.TOP) continue;
    const r = <u32>load<u16>(at + fieldOffset((shape >> 5) & 7));
    if (type == Operand.SRC || type == Operand.RW) read |= registerBits(r, r + 8, first);
    else if (type == Operand.DST) written |= registerBits(r, r + 8, first);
    else if (type == Operand.TOP) written |= registerBits(r, ALL, first);
    else {
      const inside = registerBits(r, r + (groupSize(op, at) << 3), first);
      if (type == Operand.BASE) {
        // The call itself writes the second register of these.
        read |= op == Op.CALLU || op == Op.NEW ? inside & ~registerBits(r + 8, r + 16, first) : inside;
        if (overlays(op)) written |= registerBits(r, ALL, first);
      } else written |= inside;
    }
  }
  store<u64>(WRITTEN, written & ~read);
  return read;
}

const UNTOUCHED: i32 = 0;
export const READ: i32 = 1;
/** Written, or dead from here on. */
export const KILLED: i32 = 2;

/** The effect of the portable instruction at `at` on one register (multiplied by 8). */
export function touches(op: i32, at: usize, register: u32): i32 {
  if (reads(op, at, register) & 1) return READ;
  return killed() & 1 ? KILLED : UNTOUCHED;
}
