// Owns the checks before every load and store in the targets `check` and `stress` (ts/build/sanitize.ts inserts them). Must never be
// part of a release, and never let an access pass that no code should make: to an address outside of the VM block, the static data,
// the base image, the stack, the heap and the free memory around it; to a field of a kind where there is no live cell of that kind.
import {
  BASE_START, VM_BASE_END, VM_END, VM_HEAP_BASE, VM_HEAP_TOP, VM_STACK_BASE,
} from "../generated/layout";

/** Address 0 means that there is no cell. Code may read the bytes there, as the fields of a missing cell, but never writes them. */
const NONE_END: usize = 64;
const VM_START: usize = 1024;
/** Where static data begins (asconfig.json, memoryBase). */
const STATIC: usize = 16384;

/** True if bytes may be read or written there. Before there is a machine, nothing is known of the heap. */
function isRegion(at: usize, end: usize): bool {
  if (end > <usize>memory.size() << 16) return false;
  if (at < STATIC) return at >= VM_START && end <= VM_END;
  const top = <usize>load<u32>(VM_HEAP_TOP);
  if (at < BASE_START || top == 0) return true;
  if (at < <usize>load<u32>(VM_STACK_BASE)) return end <= <usize>load<u32>(VM_BASE_END);
  // Everything from the stack on may be used: the stack grows into memory that a collection has freed, and the streams of a snapshot
  // that is being read are there too.
  return true;
}

/** A cell of one of the kinds, in the base image or in the heap. */
function isCellOf(plain: u64, objects: u64, at: usize): bool {
  if (at & 7) return false;
  const isBase = at >= BASE_START && at < <usize>load<u32>(VM_BASE_END);
  const isHeap = at >= <usize>load<u32>(VM_HEAP_BASE) && at < <usize>load<u32>(VM_HEAP_TOP);
  if (!isBase && !isHeap) return false;
  const kind = <u64>load<u8>(at, 7);
  return kind < 64 ? ((plain >> kind) & 1) != 0 : ((objects >> (kind - 64)) & 1) != 0;
}

export function checkedLoad<T>(at: usize, offset: usize = 0): T {
  const from = at + offset;
  if (from >= NONE_END && !isRegion(from, from + sizeof<T>())) unreachable();
  return load<T>(from);
}

export function checkedStore<T>(at: usize, value: T, offset: usize = 0): void {
  const to = at + offset;
  if (!isRegion(to, to + sizeof<T>())) unreachable();
  store<T>(to, value);
}

export function checkedLoadOf<T>(plain: u64, objects: u64, at: usize, offset: usize): T {
  if (!isCellOf(plain, objects, at)) unreachable();
  return load<T>(at + offset);
}

export function checkedStoreOf<T>(plain: u64, objects: u64, at: usize, value: T, offset: usize): void {
  if (!isCellOf(plain, objects, at)) unreachable();
  store<T>(at + offset, value);
}

export function checkedCopy(to: usize, from: usize, bytes: usize): void {
  if (bytes == 0) return;
  if (!isRegion(to, to + bytes) || !isRegion(from, from + bytes)) unreachable();
  memory.copy(to, from, bytes);
}

export function checkedFill(to: usize, value: u8, bytes: usize): void {
  if (bytes == 0) return;
  if (!isRegion(to, to + bytes)) unreachable();
  memory.fill(to, value, bytes);
}
