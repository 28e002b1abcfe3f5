// Owns the effects of instructions of linked code on registers: groups, reads, writes. Must never change code.
import { Op, Operand, OPERAND_SHAPES } from "../generated/opcodes";

const UNTOUCHED: i32 = 0;
export const READ: i32 = 1;
/** Written, or dead from here on: its old value no longer matters. */
export const KILLED: i32 = 2;

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

/** The effect of the portable instruction at `at` on a register (already multiplied by 8). */
export function touches(op: i32, at: usize, register: u32): i32 {
  let shape = load<u32>(OPERAND_SHAPES + ((<usize>op) << 2));
  let result = UNTOUCHED;
  for (; shape != 0; shape >>= 8) {
    const type = <i32>(shape & 31);
    if (type == Operand.NONE || type > Operand.TOP) continue;
    const r = <u32>load<u16>(at + fieldOffset((shape >> 5) & 7));
    if (type == Operand.SRC || type == Operand.RW) {
      if (r == register) return READ;
    } else if (type == Operand.DST) {
      if (r == register) result = KILLED;
    } else if (type == Operand.TOP) {
      if (register >= r) result = KILLED;
    } else if (register >= r) {
      const inside = register < r + (groupSize(op, at) << 3);
      if (type == Operand.BASE) {
        // The call itself writes the second register of these.
        const isUnread = register == r + 8 && (op == Op.CALLU || op == Op.NEW);
        if (inside && !isUnread) return READ;
        if (overlays(op)) result = KILLED;
      } else if (inside) result = KILLED;
    }
  }
  return result;
}
