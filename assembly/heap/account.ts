// Owns the memory account that snapshots carry: how much a run has allocated. It does not depend on how cells are laid out (slots in or
// outside an object, shapes, caches, atoms) or on when garbage was collected, so a run has the same account whether or not it was suspended.
// Must never count cells that only this machine needs, and must never decide anything: limits go by real bytes (memory.ts).
import {
  BIGINT_LENGTH, BIGINT_SIZE, INTERNAL_COUNT, FIRST_OBJECT_KIND, Kind, KIND_END,
  STRING_FLAGS, STRING_LENGTH, STRING_SIZE,
} from "../generated/kinds";
import { VM_ALLOCATED, VM_COUNTED_FROM, VM_HEAP_TOP, VM_KEPT_MARK, VM_PEAK_MEMORY, VM_STACK_BASE, VM_STACK_END } from "../generated/layout";
import { kindOf, sizeOf } from "./memory";

/** Flag of a string that is never counted: it was made for a table that another run may fill earlier or later. */
export const UNCOUNTED: u32 = 32;

/** Allocation is counted up to this many bytes: a run that allocated more has had several collections, and the count would tell nothing new. */
export const MAX_COUNTED: u32 = 2048 * 1024;
/** Counted size of a plain object, however much room it was given. */
const PLAIN_OBJECT: u32 = 40;

/** Bytes for which the allocation of a cell counts. */
function countedSize(p: usize): u32 {
  const kind = kindOf(p);
  if (kind == Kind.OBJECT) return PLAIN_OBJECT;
  if (kind == Kind.INTERNAL) return <u32>load<u8>(KIND_END + <usize>kind) + (load<u32>(p, INTERNAL_COUNT) << 3);
  if (kind >= FIRST_OBJECT_KIND) return <u32>load<u8>(KIND_END + <usize>kind);
  switch (kind) {
    case Kind.STRING: return load<u32>(p, STRING_FLAGS) & UNCOUNTED ? 0 : <u32>STRING_SIZE + (load<u32>(p, STRING_LENGTH) << (load<u32>(p, STRING_FLAGS) & 1));
    case Kind.BIGINT: return <u32>BIGINT_SIZE + (load<u32>(p, BIGINT_LENGTH) << 2);
    case Kind.HASHTABLE: return load<u32>(p) != 0 ? 0 : <u32>sizeOf(p);
    case Kind.SLICE:
    case Kind.ROPE:
    case Kind.STRBUF:
    case Kind.SYMBOL:
    case Kind.ELEMENTS:
    case Kind.ENV:
    case Kind.ACCESSOR:
    case Kind.FRAME:
    case Kind.COROUTINE:
    case Kind.REACTION:
    case Kind.CALLRECORD:
    case Kind.BLOCK: return <u32>sizeOf(p);
  }
  return 0;
}

/** Counts the cells allocated since the last count. */
export function countNewCells(): void {
  let total = load<u32>(VM_ALLOCATED);
  const end = <usize>load<u32>(VM_HEAP_TOP);
  for (let p = <usize>load<u32>(VM_COUNTED_FROM); p < end && total < MAX_COUNTED; p += sizeOf(p)) total += countedSize(p);
  store<u32>(VM_ALLOCATED, min<u32>(total, MAX_COUNTED));
  store<u32>(VM_COUNTED_FROM, <u32>end);
}

/** Skips the cells allocated since the last count: copies for the host, or cells counted elsewhere. */
export function skipNewCells(): void {
  store<u32>(VM_COUNTED_FROM, load<u32>(VM_HEAP_TOP));
}

/** Largest mark there is: 1.5 GB. */
export const MAX_MARK: u32 = 59;

/** Bytes that a mark denotes: 2 or 3 times a power of two; 0: nothing was noted. Builds before noted a peak of memory use so. */
function bytesOf(mark: u32): u32 {
  return mark == 0 ? 0 : (mark & 1 ? <u32>3 : <u32>2) << (mark >> 1);
}

/** Uncounted cells (mostly shapes and slots) may have taken this much, plus as much again as the counted ones. */
const NOT_COUNTED: u32 = 8192;

/**
 * Estimates the peak memory of a run from its snapshot, for as much as was counted. A larger peak is a measurement, which depends on when
 * garbage was collected: it is in the host's record of the run (ts/snapshot/run-record.ts).
 */
export function restorePeak(): void {
  const counted = load<u32>(VM_ALLOCATED);
  const made = min<u32>(MAX_COUNTED, (counted << 1) + NOT_COUNTED);
  const stack = load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE);
  store<u32>(VM_PEAK_MEMORY, max<u32>(made + stack, bytesOf(load<u32>(VM_KEPT_MARK))));
}
