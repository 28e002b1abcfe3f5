// Owns a word for each cell of the heap while a snapshot is checked, and room for the data to which such words point: a fact found out
// about a cell is not found out again for each mention of it. It lies in the free memory above the heap: must never be used when
// something may be allocated in between.
import { clearFew } from "../core/few-bytes";
import { VM_HEAP_BASE, VM_HEAP_TOP, VM_MEMORY_END } from "../generated/layout";
import { ensureMemory, usesScratch } from "../heap/memory";

const STATE: usize = memory.data(12, 4);
/** u32 per 8 bytes of the heap, and the address that the first one is for; FREE is the next free byte. */
const WORDS: usize = STATE;
const FROM: usize = STATE + 4;
const FREE: usize = STATE + 8;

/** Opens the table, with a word of 0 for each cell. */
export function openSide(): void {
  const top = (<usize>load<u32>(VM_HEAP_TOP) + 15) & ~15;
  const bytes = ((top - <usize>load<u32>(VM_HEAP_BASE)) >> 1) + 16;
  store<u32>(WORDS, <u32>top);
  store<u32>(FROM, load<u32>(VM_HEAP_BASE));
  store<u32>(FREE, <u32>top);
  takeSide(bytes);
}

/** Address of the word of a cell of the heap. */
// @ts-ignore: decorator
@inline
export function sideOf(cell: usize): usize {
  return <usize>load<u32>(WORDS) + (((cell - <usize>load<u32>(FROM)) >> 3) << 2);
}

/** Takes that many bytes of zeros. */
export function takeSide(bytes: usize): usize {
  const at = <usize>load<u32>(FREE);
  const end = (at + bytes + 7) & ~7;
  if (end > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end);
  usesScratch(end);
  clearFew(at, end - at);
  store<u32>(FREE, <u32>end);
  return at;
}
