// Owns what is known of the words of linked code while frames are checked: where instructions begin, and what stands behind. Each code
// is gone through once, however many frames stand in it. Must never be asked before the side table is open, or about code that is not
// in the heap.
import { CODE_ENTRY } from "../bytecode/code";
import { CODE_WORDS } from "../generated/kinds";
import { FIRST_FUSED, FUSABLE, Op, OPCODE_FLAGS } from "../generated/opcodes";
import { sideOf, takeSide } from "./side";

const EXTENDED: u32 = 1;
const SAFEPOINT: u32 = 2;

const STATE: usize = memory.data(8, 4);
/** The code asked about last, and its table. */
const CODE: usize = STATE;
const TABLE: usize = STATE + 4;

/** Bits of a word: an instruction begins here · one that looks at the call that made the frame comes before the next safepoint. */
const BEGINS: u32 = 1;
const EARLY: u32 = 2;
/** The instruction that makes a generator, or a coroutine, stands here or behind. */
const GENERATOR_AHEAD: u32 = 4;
const COROUTINE_AHEAD: u32 = 8;

/** Forgets the code asked about last. */
export function openPositions(): void {
  store<u32>(CODE, 0);
}

// @ts-ignore: decorator
@inline
export function opAt(code: usize, word: u32): i32 {
  return <i32>load<u16>(code + CODE_ENTRY + (<usize>word << 3));
}

/** Words that the instruction takes; linked-only ones take one, like the comparisons they begin with. */
export function wordsOf(op: i32): u32 {
  return op < FIRST_FUSED && load<u8>(OPCODE_FLAGS + <usize>op) & EXTENDED ? 2 : 1;
}

function isPrologue(op: i32): bool {
  return op == Op.ARGUMENTS || op == Op.REST || op == Op.NEWTARGET || op == Op.ARGC;
}

/**
 * A comparison fused with a back-edge is a safepoint, too. It may have been fused where the snapshot was written, and not be
 * fused here.
 */
export function isSafepoint(code: usize, word: u32, op: i32): bool {
  if (op < FIRST_FUSED && load<u8>(OPCODE_FLAGS + <usize>op) & SAFEPOINT) return true;
  return (op >= FIRST_FUSED || load<u8>(FUSABLE + <usize>op) != 0) && opAt(code, word + 1) == Op.LOOPT;
}

/** What stands at `word` and behind, if an instruction begins there; `behind`: that of the next one. */
function bitsAt(code: usize, word: u32, behind: u32): u32 {
  const op = opAt(code, word);
  let bits = BEGINS | (behind & (GENERATOR_AHEAD | COROUTINE_AHEAD));
  // The linker has seen to it that none stands behind a safepoint.
  if (isPrologue(op)) bits |= EARLY;
  else if (!isSafepoint(code, word, op)) bits |= behind & EARLY;
  if (op == Op.GENSTART) bits |= GENERATOR_AHEAD;
  if (op == Op.ASYNCSTART) bits |= COROUTINE_AHEAD;
  return bits;
}

function makeTable(code: usize): usize {
  const words = load<u32>(code, CODE_WORDS);
  const table = takeSide(<usize>words);
  for (let at: u32 = 0; at < words; at += wordsOf(opAt(code, at))) store<u8>(table + <usize>at, <u8>BEGINS);
  let behind: u32 = 0;
  for (let at = words; at > 0; ) {
    at--;
    if (load<u8>(table + <usize>at) == 0) continue;
    behind = bitsAt(code, at, behind);
    store<u8>(table + <usize>at, <u8>behind);
  }
  return table;
}

function tableOf(code: usize): usize {
  if (load<u32>(CODE) == <u32>code) return <usize>load<u32>(TABLE);
  const slot = sideOf(code);
  if (load<u32>(slot) == 0) store<u32>(slot, <u32>makeTable(code));
  store<u32>(CODE, <u32>code);
  store<u32>(TABLE, load<u32>(slot));
  return <usize>load<u32>(slot);
}

/** True if an instruction begins at `word`, and none behind it looks at the call that made the frame. */
export function isPosition(code: usize, word: u32): bool {
  return word < load<u32>(code, CODE_WORDS) && (<u32>load<u8>(tableOf(code) + <usize>word) & (BEGINS | EARLY)) == BEGINS;
}

/** First word of the instruction in front of that one, -1 if there is none. */
export function instructionBefore(code: usize, word: u32): i32 {
  if (word == 0) return -1;
  return load<u8>(tableOf(code) + <usize>(word - 1)) != 0 ? <i32>word - 1 : <i32>word - 2;
}

/** True if the GENSTART of a generator stands at `word` or behind; false for what is no position. */
export function startsGenerator(code: usize, word: u32): bool {
  return word < load<u32>(code, CODE_WORDS) && (<u32>load<u8>(tableOf(code) + <usize>word) & GENERATOR_AHEAD) != 0;
}
/** The same for ASYNCSTART. */
export function startsCoroutine(code: usize, word: u32): bool {
  return word < load<u32>(code, CODE_WORDS) && (<u32>load<u8>(tableOf(code) + <usize>word) & COROUTINE_AHEAD) != 0;
}
