// Owns the fusing of a comparison with the jump after it, and the proof that nothing reads the comparison's register later. Must never
// move a word: the fused instruction replaces the comparison, the jump stays in its place and is skipped.
import { FIRST_FUSED, FUSABLE, FUSED_JUMP_COUNT, Op, OPCODE_FLAGS, OpcodeFlag, Operand, OPERAND_SHAPES } from "../generated/opcodes";
import { fieldOffset, KILLED, READ, touches } from "./operands";

/** Flags of a word while it is being linked (u32 per word; the bits above are a stamp of the search). */
export const STARTS: u32 = 1;
/** A jump target, or a bound of a handler. */
export const BOUNDARY: u32 = 2;
const FUSES: u32 = 4;
/** All of the above. */
export const WORD_FLAGS: u32 = 0xff;
/** Above the flags: unpaid words while instructions are linked (link-instructions.ts), stamps of the search while they are fused. */
export const STAMP_SHIFT: u32 = 8;

/** A search for readers gives up after this many instructions. */
const MAX_STEPS: i32 = 200;
const MAX_PENDING: u32 = 48;
const PENDING: usize = memory.data(192, 8);
const SCRATCH: usize = memory.data(16, 8);
const PENDING_COUNT: usize = SCRATCH;
const STAMP: usize = SCRATCH + 4;


/** Words that the jump operand of the instruction at `at` goes forward; 0 if it does not jump. */
export function jumpDistance(op: i32, at: usize): i32 {
  for (let shape = load<u32>(OPERAND_SHAPES + ((<usize>op) << 2)); shape != 0; shape >>= 8) {
    const type = <i32>(shape & 31);
    if (type < Operand.JUMP16 || type > Operand.JUMP) continue;
    const field = at + fieldOffset((shape >> 5) & 7);
    return type == Operand.JUMP16 ? <i32>load<i16>(field) : load<i32>(field);
  }
  return 0;
}

function push(word: i32): bool {
  const count = load<u32>(PENDING_COUNT);
  if (count == MAX_PENDING) return false;
  store<i32>(PENDING + ((<usize>count) << 2), word);
  store<u32>(PENDING_COUNT, count + 1);
  return true;
}

/** True if no path from the jump at `word` reads the register before writing it. handlers: 16 bytes each, as in a code cell. */
function isDeadBehind(words: usize, flags: usize, word: i32, register: u32, handlers: usize, handlerCount: u32): bool {
  store<u32>(PENDING_COUNT, 0);
  const stamp = load<u32>(STAMP) + 1;
  store<u32>(STAMP, stamp);
  const jump = words + ((<usize>word) << 3);
  push(word + 1);
  push(word + jumpDistance(<i32>load<u16>(jump), jump));
  // An instruction on the way may throw to any handler.
  for (let i: u32 = 0; i < handlerCount; i++) {
    const handler = handlers + ((<usize>i) << 4);
    if (load<u32>(handler, 12) != register && !push(<i32>(load<u32>(handler, 8) >> 3))) return false;
  }
  let steps = 0;
  while (load<u32>(PENDING_COUNT) != 0) {
    const count = load<u32>(PENDING_COUNT) - 1;
    store<u32>(PENDING_COUNT, count);
    let at = load<i32>(PENDING + ((<usize>count) << 2));
    while (true) {
      const flag = flags + ((<usize>at) << 2);
      if (load<u32>(flag) >> STAMP_SHIFT == stamp) break;
      store<u32>(flag, (load<u32>(flag) & 0xff) | (stamp << STAMP_SHIFT));
      if (++steps > MAX_STEPS) return false;
      const instruction = words + ((<usize>at) << 3);
      const op = <i32>load<u16>(instruction);
      const touch = touches(op, instruction, register);
      if (touch == READ) return false;
      if (touch == KILLED) break;
      const rowFlags = <u32>load<u8>(OPCODE_FLAGS + <usize>op);
      if (rowFlags & OpcodeFlag.JUMPS) {
        const target = at + jumpDistance(op, instruction);
        if (rowFlags & OpcodeFlag.NO_FALL_THROUGH) {
          at = target;
          continue;
        }
        if (!push(target)) return false;
      } else if (rowFlags & OpcodeFlag.NO_FALL_THROUGH) break;
      at += rowFlags & OpcodeFlag.EXTENDED ? 2 : 1;
    }
  }
  return true;
}

/** Index of a jump in FUSED_JUMPS, or -1. */
function fusedJump(op: i32): i32 {
  return op == Op.JT ? 0 : op == Op.JF ? 1 : op == Op.LOOPT ? 2 : -1;
}

/** Fuses what can be fused in the words of one function. `flags`: u32 per word as above, stamps 0. */
export function fusePairs(words: usize, count: i32, flags: usize, handlers: usize, handlerCount: u32): void {
  store<u32>(STAMP, 0);
  let candidates = 0;
  for (let word = 0; word + 1 < count; word++) {
    const flag = flags + ((<usize>word) << 2);
    if ((load<u32>(flag) & STARTS) == 0) continue;
    const at = words + ((<usize>word) << 3);
    if (load<u8>(FUSABLE + <usize>load<u16>(at)) == 0 || load<u32>(flag, 4) & BOUNDARY) continue;
    if (fusedJump(<i32>load<u16>(at, 8)) < 0 || load<u16>(at, 10) != load<u16>(at, 2)) continue;
    if (load<u32>(STAMP) == 0xfffffe) break; // as many as stamps have room for
    if (!isDeadBehind(words, flags, word + 1, <u32>load<u16>(at, 2), handlers, handlerCount)) continue;
    store<u32>(flag, load<u32>(flag) | FUSES);
    candidates++;
  }
  // Fused only now, because the search reads portable instructions.
  for (let word = 0; candidates > 0; word++) {
    if ((load<u32>(flags + ((<usize>word) << 2)) & FUSES) == 0) continue;
    const at = words + ((<usize>word) << 3);
    const compare = <i32>load<u8>(FUSABLE + <usize>load<u16>(at)) - 1;
    store<u16>(at, <u16>(FIRST_FUSED + compare * FUSED_JUMP_COUNT + fusedJump(<i32>load<u16>(at, 8))));
    candidates--;
  }
}
