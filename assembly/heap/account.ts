// Owns the memory account that snapshots carry: how much a run has allocated, and the most that it kept alive. Neither depends on how
// cells are laid out (slots in or outside an object, shapes, caches, atoms), so a run has the same account whether or not it was suspended.
// Must never count cells that only this machine needs, and must never decide anything: limits go by real bytes (memory.ts).
import {
  BIGINT_LENGTH, BIGINT_SIZE, HASHTABLE_SIZE, HASHTABLE_USED, INTERNAL_COUNT, FIRST_OBJECT_KIND, Kind, KIND_END, PROPTABLE_LIVE, SHAPE_COUNT, SHAPE_TABLE, SPARSE_LIVE, SPARSE_SIZE,
  STRBUF_FLAGS, STRBUF_SIZE, STRBUF_USED, STRING_FLAGS, STRING_LENGTH, STRING_SIZE,
} from "../generated/kinds";
import { VM_ALLOCATED, VM_COUNTED_FROM, VM_CSP, VM_HEAP_TOP, VM_KEPT_MARK, VM_PEAK_MEMORY, VM_STACK_BASE, VM_STACK_END } from "../generated/layout";
import { bytesOf, LARGE, noteKept } from "./mark";
import { kindOf, sizeOf } from "./memory";

/** Flag of a string that is never counted: it was made for a table that another run may fill earlier or later. */
export const UNCOUNTED: u32 = 32;

/** Allocation is counted up to this many bytes: a run that allocated more has had collections, and the count would tell nothing new. */
export const MOST_COUNTED: u32 = 512 * 1024;
/** A stack with more bytes of control records than this has many frames. */
const MANY_FRAMES: u32 = 4096;
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
  for (let p = <usize>load<u32>(VM_COUNTED_FROM); p < end && total < MOST_COUNTED; p += sizeOf(p)) total += countedSize(p);
  store<u32>(VM_ALLOCATED, min<u32>(total, MOST_COUNTED));
  store<u32>(VM_COUNTED_FROM, <u32>end);
}

/** Skips the cells allocated since the last count: copies for the host, or cells counted elsewhere. */
export function skipNewCells(): void {
  store<u32>(VM_COUNTED_FROM, load<u32>(VM_HEAP_TOP));
}

/** Bytes for which a cell counts while it is alive. The elements of an object are a cell of their own. */
export function keptSize(p: usize): u32 {
  const kind = kindOf(p);
  if (kind >= FIRST_OBJECT_KIND) {
    const shape = <usize>load<u32>(p);
    const table = <usize>load<u32>(shape, SHAPE_TABLE);
    // Flag 1: a shape of its own, in whose table removed properties keep their places.
    const named: u32 = table != 0 && load<u32>(shape) & 1 ? load<u32>(table, PROPTABLE_LIVE) : load<u32>(shape, SHAPE_COUNT);
    const slots: u32 = kind == Kind.INTERNAL ? load<u32>(p, INTERNAL_COUNT) : 0;
    return <u32>load<u8>(KIND_END + <usize>kind) + ((named + slots) << 3);
  }
  if (kind == Kind.HASHTABLE) return <u32>HASHTABLE_SIZE + load<u32>(p, HASHTABLE_USED) * 28;
  if (kind == Kind.SPARSE) return <u32>SPARSE_SIZE + load<u32>(p, SPARSE_LIVE) * 24;
  if (kind == Kind.STRBUF) return <u32>STRBUF_SIZE + (load<u32>(p, STRBUF_USED) << (load<u32>(p, STRBUF_FLAGS) & 1));
  return countedSize(p);
}

/**
 * After a collection: notes the size of the live cells in [from, to), unless it cannot exceed the size already noted. Does nothing while
 * there are many frames, because dead values in their registers kept cells alive.
 */
export function noteCollected(from: usize, to: usize): void {
  const most = <u32>(to - from);
  if (load<u32>(VM_STACK_END) - load<u32>(VM_CSP) > MANY_FRAMES) return;
  if (most < LARGE || most + (most >> 1) <= bytesOf(load<u32>(VM_KEPT_MARK))) return;
  let bytes: u32 = 0;
  for (let p = from; p < to; p += sizeOf(p)) bytes += keptSize(p);
  noteKept(bytes);
}

/** Uncounted cells (mostly shapes and slots) may have taken this much, plus as much again as the counted ones. */
const NOT_COUNTED: u32 = 8192;

/** Estimates the peak memory of a run from its snapshot; mostly right within a factor of two. */
export function restorePeak(): void {
  const counted = load<u32>(VM_ALLOCATED);
  const made = min<u32>(MOST_COUNTED, (counted << 1) + NOT_COUNTED);
  const stack = load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE);
  store<u32>(VM_PEAK_MEMORY, max<u32>(made + stack, bytesOf(load<u32>(VM_KEPT_MARK))));
}
