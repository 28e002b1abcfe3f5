// Owns the question which temporaries of a frame will still be read. Must never err in one direction: a register that may be read counts
// as live. The other registers hold leftovers of earlier calls, which differ with collections.
import { CODE_HANDLERS, CODE_WORDS } from "../generated/kinds";
import { FIRST_FUSED, FUSABLE, FUSED_JUMP_COUNT, Op, OPCODE_FLAGS, OpcodeFlag, PORTABLE_COUNT } from "../generated/opcodes";
import { CODE_ENTRY, HANDLER_SIZE, handlersOf } from "../heap/code";
import { takeSpace } from "../heap/scratch";
import { jumpDistance } from "./fuse";
import { KILLED, READ, touches } from "./operands";

const STATE: usize = memory.data(24, 8);
const CODE: usize = STATE;
const STAMPS: usize = STATE + 4;
const STACK: usize = STATE + 8;
const STAMP: usize = STATE + 12;
const ROOM: usize = STATE + 16;


/** Forgets the function analysed last: its memory may hold something else now. */
export function resetLiveness(): void {
  store<u32>(CODE, 0);
  store<u32>(ROOM, 0);
}

/** The portable comparison with which a linked-only instruction begins. */
function portableOp(op: i32): i32 {
  if (op < FIRST_FUSED) return op;
  const compare = <u8>((op - FIRST_FUSED) / FUSED_JUMP_COUNT + 1);
  for (let i = 0; i < PORTABLE_COUNT; i++) if (load<u8>(FUSABLE + <usize>i) == compare) return i;
  return 0;
}

function prepare(code: usize): void {
  if (load<u32>(CODE) == <u32>code) return;
  const words = load<u32>(code, CODE_WORDS);
  if (words > load<u32>(ROOM)) {
    store<u32>(STAMPS, <u32>takeSpace(<usize>words << 2));
    // Stamps let each word be pushed at most once in a search, so one place per word is enough.
    store<u32>(STACK, <u32>takeSpace(<usize>words << 2));
    store<u32>(ROOM, words);
  }
  memory.fill(<usize>load<u32>(STAMPS), 0, <usize>words << 2);
  store<u32>(CODE, <u32>code);
  store<u32>(STAMP, 0);
}

/** Marks a word to be visited and pushes it; returns the new height of the stack. */
function visit(word: u32, stamp: u32, height: u32): u32 {
  const at = <usize>load<u32>(STAMPS) + (<usize>word << 2);
  if (load<u32>(at) == stamp) return height;
  store<u32>(at, stamp);
  store<u32>(<usize>load<u32>(STACK) + (<usize>height << 2), word);
  return height + 1;
}

/** True if a path from `word` of that linked code reads the register (multiplied by 8) before it is written. */
export function isLive(code: usize, word: u32, register: u32): bool {
  prepare(code);
  const stamp = load<u32>(STAMP) + 1;
  store<u32>(STAMP, stamp);
  const handlers = handlersOf(code);
  const handlerCount = load<u32>(code, CODE_HANDLERS);
  let height = visit(word, stamp, 0);
  while (height != 0) {
    height--;
    const at = load<u32>(<usize>load<u32>(STACK) + (<usize>height << 2));
    const instruction = code + CODE_ENTRY + (<usize>at << 3);
    const linked = <i32>load<u16>(instruction);
    const op = portableOp(linked);
    const touch = touches(op, instruction, register);
    if (touch == READ) return true;
    const flags = <u32>load<u8>(OPCODE_FLAGS + <usize>op);
    if (flags & OpcodeFlag.MAY_THROW) {
      for (let i: u32 = 0; i < handlerCount; i++) {
        const handler = handlers + <usize>i * HANDLER_SIZE;
        if (at < load<u32>(handler) >> 3 || at >= load<u32>(handler, 4) >> 3) continue;
        if (load<u32>(handler, 12) != register) height = visit(load<u32>(handler, 8) >> 3, stamp, height);
        break;
      }
    }
    // These either write the register or jump: when a loop ends, its variable keeps its value.
    const isEither = op == Op.FORNEXT || op == Op.FORINNEXT;
    if (touch == KILLED && !isEither) continue;
    if (flags & OpcodeFlag.JUMPS) height = visit(at + <u32>jumpDistance(op, instruction), stamp, height);
    if (touch != KILLED && (flags & OpcodeFlag.NO_FALL_THROUGH) == 0) height = visit(at + (flags & OpcodeFlag.EXTENDED ? 2 : 1), stamp, height);
  }
  return false;
}

/** True if the handler of an exception thrown at `word` may read the register. */
export function isLiveInHandler(code: usize, word: u32, register: u32): bool {
  let handler = handlersOf(code);
  const end = handler + <usize>load<u32>(code, CODE_HANDLERS) * HANDLER_SIZE;
  for (; handler < end; handler += HANDLER_SIZE) {
    if (word < load<u32>(handler) >> 3 || word >= load<u32>(handler, 4) >> 3) continue;
    return load<u32>(handler, 12) != register && isLive(code, load<u32>(handler, 8) >> 3, register);
  }
  return false;
}
