// Owns the facts about words of linked code that the check of frames needs: where instructions begin, and which ones follow. Each code is
// scanned once, however many frames run it. Must never be asked before the side table is open, or about code that is not in the heap.
//
//   table of a code   ┌ word 0 ┬ word 1 ┬ word 2 ┬ …      a byte each: 0 an extension word, else BEGINS and what lies ahead
import { CODE_WORDS } from "../generated/kinds";
import { FIRST_FUSED, FUSABLE, Op, OPCODE_FLAGS, OpcodeFlag } from "../generated/opcodes";
import { CODE_ENTRY } from "../heap/code";
import { sideOf, takeSide } from "./side";


const STATE: usize = memory.data(8, 4);
/** The code asked about last, and its table: a byte of bits per word, 0 within an instruction. */
const CODE: usize = STATE;
const TABLE: usize = STATE + 4;

/** Bits of a word: an instruction begins here · from here on, before the next safepoint, one looks at the call that made the frame. */
const BEGINS: u32 = 1;
const EARLY: u32 = 2;
/** The instruction that makes a generator, or a coroutine, is at this word or later. */
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
  return op < FIRST_FUSED && load<u8>(OPCODE_FLAGS + <usize>op) & OpcodeFlag.EXTENDED ? 2 : 1;
}

function isPrologue(op: i32): bool {
  return op == Op.ARGUMENTS || op == Op.REST || op == Op.NEWTARGET || op == Op.ARGC;
}

/**
 * A comparison fused with a back-edge is a safepoint, too. So is one that could be fused: the machine that wrote the snapshot may
 * have fused it, even if it is not fused here.
 */
export function isSafepoint(code: usize, word: u32, op: i32): bool {
  if (op < FIRST_FUSED && load<u8>(OPCODE_FLAGS + <usize>op) & OpcodeFlag.SAFEPOINT) return true;
  return (op >= FIRST_FUSED || load<u8>(FUSABLE + <usize>op) != 0) && opAt(code, word + 1) == Op.LOOPT;
}

/** Bits of the instruction at `word`; `next`: the bits of the next instruction. */
function bitsAt(code: usize, word: u32, next: u32): u32 {
  const op = opAt(code, word);
  let bits = BEGINS | (next & (GENERATOR_AHEAD | COROUTINE_AHEAD));
  // The linker ensures that no such instruction follows a safepoint.
  if (isPrologue(op)) bits |= EARLY;
  else if (!isSafepoint(code, word, op)) bits |= next & EARLY;
  if (op == Op.GENSTART) bits |= GENERATOR_AHEAD;
  if (op == Op.ASYNCSTART) bits |= COROUTINE_AHEAD;
  return bits;
}

function makeTable(code: usize): usize {
  const words = load<u32>(code, CODE_WORDS);
  const table = takeSide(<usize>words);
  for (let at: u32 = 0; at < words; at += wordsOf(opAt(code, at))) store<u8>(table + <usize>at, <u8>BEGINS);
  let next: u32 = 0;
  for (let at = words; at > 0; ) {
    at--;
    if (load<u8>(table + <usize>at) == 0) continue;
    next = bitsAt(code, at, next);
    store<u8>(table + <usize>at, <u8>next);
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

/** True if an instruction begins at `word`, and no instruction from there on looks at the call that made the frame. */
export function isPosition(code: usize, word: u32): bool {
  return word < load<u32>(code, CODE_WORDS) && (<u32>load<u8>(tableOf(code) + <usize>word) & (BEGINS | EARLY)) == BEGINS;
}

/** First word of the previous instruction; -1 at the start of the code. */
export function instructionBefore(code: usize, word: u32): i32 {
  if (word == 0) return -1;
  return load<u8>(tableOf(code) + <usize>(word - 1)) != 0 ? <i32>word - 1 : <i32>word - 2;
}

/** True if the GENSTART of a generator is at `word` or later; false if `word` is outside the code. */
export function startsGenerator(code: usize, word: u32): bool {
  return word < load<u32>(code, CODE_WORDS) && (<u32>load<u8>(tableOf(code) + <usize>word) & GENERATOR_AHEAD) != 0;
}
/** True if the ASYNCSTART of an async function is at `word` or later; false if `word` is outside the code. */
export function startsCoroutine(code: usize, word: u32): bool {
  return word < load<u32>(code, CODE_WORDS) && (<u32>load<u8>(tableOf(code) + <usize>word) & COROUTINE_AHEAD) != 0;
}
