// Owns the question which temporaries of a frame will still be read. Must never err in one direction: a register that may be read counts
// as live. The other registers hold leftovers of earlier calls, which differ with collections.
//
// A STEP reads all registers below its top, and so does what ends a function that has steps: a program that is compiled for stepping keeps
// its variables, for those who look at it.
//
// Registers are followed 64 at a time, as bits, along all paths from a place. A word is visited again only for bits that had not arrived
// there, so that a search takes the length of the code for each 64 registers, where paths do not part and meet for one register each.
import { CODE_HANDLERS, CODE_WORDS } from "../generated/kinds";
import { FIRST_FUSED, FUSABLE, FUSED_JUMP_COUNT, Op, OPCODE_FLAGS, OpcodeFlag, PORTABLE_COUNT } from "../generated/opcodes";
import { CODE_ENTRY, HANDLER_SIZE, handlersOf } from "../heap/code";
import { takeSpace } from "../heap/scratch";
import { jumpDistance } from "./fuse";
import { killed, reads, registerBits } from "./operands";

const STATE: usize = memory.data(32, 8);
const CODE: usize = STATE;
/** Per word of code: {stamp of the search u32 · place in the stack of words to visit u32 · bits that arrived u64 · bits followed u64}. */
const WORDS: usize = STATE + 4;
const STAMP: usize = STATE + 8;
const ROOM: usize = STATE + 12;
/** Per word of code: the handler that catches an exception there, from 1 up; 0: no handler. */
const HANDLERS: usize = STATE + 16;
const HEIGHT: usize = STATE + 20;
/** Registers that its steps read (multiplied by 8), 0 if it has none. */
const STEPPED: usize = STATE + 24;

const WORD_SIZE: usize = 24;
const STACKED: usize = 4;
const ARRIVED: usize = 8;
const FOLLOWED: usize = 16;

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

function wordAt(word: u32): usize {
  return <usize>load<u32>(WORDS) + <usize>word * WORD_SIZE;
}

function handlerWord(word: u32): usize {
  return <usize>load<u32>(HANDLERS) + (<usize>word << 2);
}

/**
 * Fills the table of handlers: of each word the first whose range has it. Words that have theirs are skipped by links, which are kept in
 * the table of words meanwhile, so that many ranges over the same words take no longer than one.
 */
function fillHandlers(code: usize): void {
  const words = load<u32>(code, CODE_WORDS);
  memory.fill(handlerWord(0), 0, <usize>words << 2);
  for (let w: u32 = 0; w <= words; w++) store<u32>(wordAt(w), w);
  let handler = handlersOf(code);
  const count = load<u32>(code, CODE_HANDLERS);
  for (let i: u32 = 1; i <= count; i++, handler += HANDLER_SIZE) {
    const end = min(words, load<u32>(handler, 4) >> 3);
    let word = nextFree(load<u32>(handler) >> 3, words);
    while (word < end) {
      store<u32>(handlerWord(word), i);
      store<u32>(wordAt(word), word + 1);
      word = nextFree(word + 1, words);
    }
  }
}

/** The first word from `word` up without a handler so far. */
function nextFree(word: u32, words: u32): u32 {
  let at = min(word, words);
  while (load<u32>(wordAt(at)) != at) {
    const next = load<u32>(wordAt(at));
    // Paths are halved on the way.
    store<u32>(wordAt(at), load<u32>(wordAt(next)));
    at = next;
  }
  return at;
}

function prepare(code: usize): void {
  if (load<u32>(CODE) == <u32>code) return;
  const words = load<u32>(code, CODE_WORDS);
  if (words + 1 > load<u32>(ROOM)) {
    store<u32>(WORDS, <u32>takeSpace(<usize>(words + 1) * WORD_SIZE));
    store<u32>(HANDLERS, <u32>takeSpace(<usize>(words + 1) << 2));
    store<u32>(ROOM, words + 1);
  }
  if (load<u32>(code, CODE_HANDLERS) != 0) fillHandlers(code);
  memory.fill(wordAt(0), 0, <usize>(words + 1) * WORD_SIZE);
  store<u32>(CODE, <u32>code);
  store<u32>(STAMP, 0);
  store<u32>(STEPPED, steppedRegisters(code, words));
}

/** The end of the registers that the first STEP of the code reads; 0 if there is no STEP. */
function steppedRegisters(code: usize, words: u32): u32 {
  for (let word: u32 = 0; word < words;) {
    const instruction = code + CODE_ENTRY + (<usize>word << 3);
    const op = portableOp(<i32>load<u16>(instruction));
    if (op == Op.STEP) return <u32>load<u16>(instruction, 2);
    word += <u32>load<u8>(OPCODE_FLAGS + <usize>op) & OpcodeFlag.EXTENDED ? 2 : 1;
  }
  return 0;
}

/** The registers that a debugger may look at, as of an instruction. */
function watched(op: i32, instruction: usize, first: u32): u64 {
  if (op == Op.STEP) return registerBits(0, <u32>load<u16>(instruction, 2), first);
  const isEnd = (<u32>load<u8>(OPCODE_FLAGS + <usize>op) & (OpcodeFlag.NO_FALL_THROUGH | OpcodeFlag.JUMPS)) == OpcodeFlag.NO_FALL_THROUGH;
  return isEnd && load<u32>(STEPPED) != 0 ? registerBits(0, load<u32>(STEPPED), first) : 0;
}

/** Bits arrive at a word, which is visited if some of them are new. Each word is in the stack at most once: a place per word is enough. */
function arrive(word: u32, bits: u64): void {
  const at = wordAt(word);
  if (load<u32>(at) != load<u32>(STAMP)) {
    store<u32>(at, load<u32>(STAMP));
    store<u64>(at, 0, ARRIVED);
    store<u64>(at, 0, FOLLOWED);
  }
  const before = load<u64>(at, ARRIVED);
  if ((bits & ~before) == 0) return;
  if (before == load<u64>(at, FOLLOWED)) {
    const height = load<u32>(HEIGHT);
    store<u32>(wordAt(height), word, STACKED);
    store<u32>(HEIGHT, height + 1);
  }
  store<u64>(at, before | bits, ARRIVED);
}

/** Sends the bits of all registers that the instruction at `word` does not read on to the instructions that may follow it. */
function leave(code: usize, word: u32, op: i32, bits: u64, written: u64, first: u32): void {
  const instruction = code + CODE_ENTRY + (<usize>word << 3);
  const flags = <u32>load<u8>(OPCODE_FLAGS + <usize>op);
  if (flags & OpcodeFlag.MAY_THROW && load<u32>(code, CODE_HANDLERS) != 0 && load<u32>(handlerWord(word)) != 0) {
    const handler = handlersOf(code) + <usize>(load<u32>(handlerWord(word)) - 1) * HANDLER_SIZE;
    const caught = load<u32>(handler, 12);
    arrive(load<u32>(handler, 8) >> 3, bits & ~registerBits(caught, caught + 8, first));
  }
  const rest = bits & ~written;
  // These either write the register or jump: when a loop ends, its variable keeps its value.
  const isEither = op == Op.FORNEXT || op == Op.FORINNEXT;
  if (flags & OpcodeFlag.JUMPS) arrive(word + <u32>jumpDistance(op, instruction), isEither ? bits : rest);
  if ((flags & OpcodeFlag.NO_FALL_THROUGH) == 0) arrive(word + (flags & OpcodeFlag.EXTENDED ? 2 : 1), rest);
}

/**
 * Which of the registers `wanted`, bits of the 64 from `first` up (multiplied by 8), a path from `word` of that linked code reads before it
 * writes them.
 */
export function liveAmong(code: usize, word: u32, first: u32, wanted: u64): u64 {
  if (wanted == 0) return 0;
  prepare(code);
  store<u32>(STAMP, load<u32>(STAMP) + 1);
  store<u32>(HEIGHT, 0);
  arrive(word, wanted);
  let live: u64 = 0;
  while (load<u32>(HEIGHT) != 0 && live != wanted) {
    const height = load<u32>(HEIGHT) - 1;
    store<u32>(HEIGHT, height);
    const at = load<u32>(wordAt(height), STACKED);
    const entry = wordAt(at);
    const bits = load<u64>(entry, ARRIVED) & ~load<u64>(entry, FOLLOWED) & ~live;
    store<u64>(entry, load<u64>(entry, ARRIVED), FOLLOWED);
    if (bits == 0) continue;
    const instruction = code + CODE_ENTRY + (<usize>at << 3);
    const op = portableOp(<i32>load<u16>(instruction));
    const read = reads(op, instruction, first) | watched(op, instruction, first);
    live |= bits & read;
    if (bits & ~read) leave(code, at, op, bits & ~read, killed(), first);
  }
  return live;
}

/** Which of the registers the handler of an exception thrown at `word` may read. */
export function liveInHandler(code: usize, word: u32, first: u32, wanted: u64): u64 {
  if (wanted == 0 || load<u32>(code, CODE_HANDLERS) == 0) return 0;
  prepare(code);
  const place = load<u32>(handlerWord(word));
  if (place == 0) return 0;
  const handler = handlersOf(code) + <usize>(place - 1) * HANDLER_SIZE;
  const caught = load<u32>(handler, 12);
  return liveAmong(code, load<u32>(handler, 8) >> 3, first, wanted & ~registerBits(caught, caught + 8, first));
}
