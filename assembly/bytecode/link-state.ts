// Owns the state that the files of the linker share while they link one image: its error, its strings, the current function. Must never
// mean anything once a link has ended.
import { LinkError } from "../generated/exchange";
import { Kind, POINTERS_COUNT, POINTERS_SIZE } from "../generated/kinds";
import { VM_MEMORY_END } from "../generated/layout";
import { allocate, ensureMemory } from "../heap/memory";
import { readFailed, readPosition } from "./reader";

const STATE: usize = memory.data(128, 8);
/** LinkError of the last link, and the byte of the image at which it was noticed. */
export const LINK_ERROR: usize = STATE;
export const LINK_ERROR_AT: usize = STATE + 4;
export const PROGRAM: usize = STATE + 8;
export const STRINGS: usize = STATE + 12;
export const STRING_COUNT: usize = STATE + 16;
export const FUNCTION_COUNT: usize = STATE + 20;
export const LENGTH: usize = STATE + 24;
/** 1: functions with the PRELUDE flag are allowed. */
export const PRIVILEGED: usize = STATE + 28;
/** Operands that name a function, chained through their upper halves; set once all cells exist. */
export const FUNCTION_CHAIN: usize = STATE + 32;
/** Number of the next template object among those of the program. */
export const TEMPLATE_NEXT: usize = STATE + 36;
// The function being linked.
export const CONSTANTS: usize = STATE + 40;
export const CONSTANT_COUNT: usize = STATE + 44;
export const FLAGS: usize = STATE + 48;
export const CELL: usize = STATE + 52;
export const WORDS: usize = STATE + 56;
export const CACHES: usize = STATE + 60;
export const RELOCATIONS: usize = STATE + 64;
/** Address where relocations are gathered until the number of caches is known. */
export const STAGING: usize = STATE + 68;
export const REGISTERS: usize = STATE + 72;
export const FUNCTION_FLAGS: usize = STATE + 76;
/** Word of the last instruction that must run before any safepoint, -1 if there is no such instruction. */
export const LAST_PROLOGUE: usize = STATE + 80;
export const SAFEPOINT_SEEN: usize = STATE + 84;
export const META: usize = STATE + 88;
export const IMAGE: usize = STATE + 92;
/** 1: only the stubs of code cells are kept. */
export const STUBS: usize = STATE + 96;

/** The most words that can have run since the last safepoint, at the current instruction. */
export const UNPAID: usize = STATE + 100;
/** The most unpaid words at any safepoint or end of the function. */
export const MAX_UNPAID: usize = STATE + 104;
/**
 * Parameters of the function being linked; the register in which it keeps its generator or coroutine, if it is a generator or
 * async (verify.ts).
 */
export const PARAMETERS: usize = STATE + 108;
export const OWNER: usize = STATE + 112;
/** Word of its GENSTART or ASYNCSTART; the farthest target of a jump so far. */
export const START: usize = STATE + 116;
export const FARTHEST: usize = STATE + 120;
/** 1: an instruction has been seen that may throw, and so may run guest code or wait for a collection. */
export const MAY_STOP: usize = STATE + 124;


export function fail(error: LinkError): bool {
  if (load<u32>(LINK_ERROR) == LinkError.NONE) {
    store<u32>(LINK_ERROR, readFailed() ? LinkError.TRUNCATED : error);
    store<u32>(LINK_ERROR_AT, <u32>readPosition() - load<u32>(IMAGE));
  }
  return false;
}

export function newPointers(capacity: u32): usize {
  const list = allocate(Kind.POINTERS, POINTERS_SIZE + ((<usize>capacity) << 2));
  store<u32>(list, 0);
  store<u64>(list, 0, POINTERS_COUNT);
  return list;
}

export function stringAt(index: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(STRINGS) + POINTERS_SIZE + ((<usize>index) << 2));
}

/** Makes sure that linear memory reaches up to `end`, with some room. */
export function reach(end: usize): void {
  if (end + 64 > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end + 64);
}
