// Owns the scratch memory in which a regular expression is parsed and compiled: it begins at the top of the heap and is gone when
// the native ends. Must never be used across an allocation on the heap: only `keep` makes a cell, as the last step.
import { BYTES_LENGTH, BYTES_SIZE, Kind } from "../generated/kinds";
import { VM_HEAP_TOP, VM_MEMORY_END } from "../generated/layout";
import { affords, allocate, ensureMemory, usesScratch } from "../heap/memory";

const STATE: usize = memory.data(16, 8);
const START: usize = STATE;
const TOP: usize = STATE + 4;
/** Memory has been asked for up to this address. */
const CHECKED: usize = STATE + 8;
const SHORT: usize = STATE + 12;
const STEP: usize = 0x8000;

/** Begins an empty arena. */
export function openArena(): void {
  const start = ((<usize>load<u32>(VM_HEAP_TOP) + 15) & ~15) + 64;
  store<u32>(START, <u32>start);
  store<u32>(TOP, <u32>start);
  store<u32>(CHECKED, <u32>start);
  store<u32>(SHORT, 0);
}

function growArena(end: usize): void {
  store<u32>(CHECKED, <u32>(end + STEP));
  usesScratch(end + STEP);
  if (end + STEP > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end + STEP);
  // The first step is not checked: most patterns need no more, and garbage on the heap must not decide whether they compile.
  if (end - <usize>load<u32>(START) > STEP && !affords(end - <usize>load<u32>(START))) store<u32>(SHORT, 1);
}

/** `bytes` bytes, not cleared, 4-aligned. */
export function take(bytes: usize): usize {
  const at = <usize>load<u32>(TOP);
  const end = (at + bytes + 3) & ~3;
  if (end > <usize>load<u32>(CHECKED)) growArena(end);
  store<u32>(TOP, <u32>end);
  return at;
}

/** Address of the next byte that will be taken. */
export function arenaTop(): usize {
  return <usize>load<u32>(TOP);
}

/** Gives back everything from `at` on. */
export function dropTo(at: usize): void {
  store<u32>(TOP, <u32>at);
}

/** True if more has been taken than the memory limit allows. */
export function arenaIsShort(): bool {
  return load<u32>(SHORT) != 0;
}

/** Makes a BYTES cell of `bytes` bytes of the arena; the arena is gone after that. */
export function keep(at: usize, bytes: usize): usize {
  const cell = allocate(Kind.BYTES, BYTES_SIZE + bytes);
  // They may overlap, with the cell below: its header must not be written over bytes that are still to be copied.
  memory.copy(cell + BYTES_SIZE, at, bytes);
  store<u32>(cell, 0);
  store<u64>(cell, <u64>bytes, BYTES_LENGTH);
  return cell;
}
