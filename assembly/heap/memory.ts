// Owns allocation: the bump pointer, the growth of linear memory, the price of what a guest allocates. Must never collect
// (heap/collect.ts does, at safepoints only) and must never fail for a small cell.
import {
  VM_HEAP_TOP, VM_HEAP_SOFT, VM_HEAP_TARGET, VM_HEAP_BASE, VM_MEMORY_END, VM_MEMORY_LIMIT, VM_FUEL, VM_FUEL_HELD, VM_REQUESTS, VM_SCRATCH_END,
  VM_LIVE_AFTER_COLLECT, VM_PRELUDE_BYTES, VM_STACK_BASE, VM_STACK_END, Request,
} from "../generated/layout";
import { noteKept } from "./mark";

/** Sizes are held in 24 bits of 8-byte units. */
export const MAX_CELL_BYTES: usize = 0xffffff << 3;

/** What the fuel counter shows while a request is up: negative, with room for what is charged before a safepoint looks. */
export const URGENT: i32 = -0x40000000;

/** Asks the next safepoint for attention: fuel goes negative, what was left of it is set aside. */
export function request(bit: u32): void {
  if (load<u32>(VM_REQUESTS) == 0) {
    store<i32>(VM_FUEL_HELD, load<i32>(VM_FUEL));
    store<i32>(VM_FUEL, URGENT);
  }
  store<u32>(VM_REQUESTS, load<u32>(VM_REQUESTS) | bit);
}

/** Gives the set-aside fuel back and answers which requests there were. */
export function takeRequests(): u32 {
  const requests = load<u32>(VM_REQUESTS);
  if (requests != 0) {
    store<i32>(VM_FUEL, load<i32>(VM_FUEL_HELD));
    store<u32>(VM_REQUESTS, 0);
  }
  return requests;
}

/** Where what is left of the fuel stands: aside, while a request is up. */
// @ts-ignore: decorator
@inline
export function fuelWord(): usize {
  return load<u32>(VM_REQUESTS) == 0 ? VM_FUEL : VM_FUEL_HELD;
}

/** Takes fuel for work in proportion to its size. The counter may go below zero: the debt is paid at the next safepoint. */
export function chargeFuel(units: i32): void {
  if (units <= 0) return;
  const at = fuelWord();
  const left = <i64>load<i32>(at) - <i64>units;
  store<i32>(at, left < -0x40000000 ? -0x40000000 : <i32>left);
}

/** What is left of the fuel, and putting it back to that: around work that is no business of the guest's. */
export function fuelLeft(): i32 {
  return load<i32>(fuelWord());
}
export function setFuelLeft(units: i32): void {
  store<i32>(fuelWord(), units);
}

/** Gives back what an instruction took which is going to be run again. */
export function refund(units: i32): void {
  const at = fuelWord();
  store<i32>(at, load<i32>(at) + units);
}

/** Takes the fuel of copying or comparing `bytes` bytes. */
// @ts-ignore: decorator
@inline
export function chargeBytes(bytes: usize): void {
  if (bytes > 64) chargeFuel(<i32>(bytes >> 6));
}

/** Makes linear memory reach at least up to `end`. Traps only if the engine refuses memory within the guest's own limit. */
export function ensureMemory(end: usize): void {
  const have = <usize>memory.size() << 16;
  if (end > have) {
    const wanted = <i32>((end - have + 0xffff) >> 16);
    // A quarter more, so that a growing heap does not grow page by page; the bare need if that is refused.
    if (memory.grow(wanted + (<i32>(have >> 18) & ~3)) < 0) {
      if (memory.grow(wanted) < 0) unreachable();
    }
  }
  store<u32>(VM_MEMORY_END, <u32>(<usize>memory.size() << 16));
}

/** Least growth of memory that has become too short before a collection is due. */
const STEP: usize = 0x10000;

/**
 * Memory grows with use, so that a program that needs little has little. Behind the target a collection is asked for, and
 * cells overshoot until the next safepoint.
 */
function allocateSlow(size: usize): usize {
  const top = <usize>load<u32>(VM_HEAP_TOP);
  const target = <usize>load<u32>(VM_HEAP_TARGET);
  if (top + size <= target) {
    ensureMemory(min(target, top + size + max(STEP, top - <usize>load<u32>(VM_HEAP_BASE))));
    store<u32>(VM_HEAP_SOFT, <u32>min(target, <usize>load<u32>(VM_MEMORY_END)));
    store<u32>(VM_HEAP_TOP, <u32>(top + size));
    return top;
  }
  request(Request.COLLECT);
  if (top + size > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(top + size + 0x8000);
  store<u32>(VM_HEAP_SOFT, load<u32>(VM_MEMORY_END));
  store<u32>(VM_HEAP_TOP, <u32>(top + size));
  return top;
}

/**
 * Says that memory behind the heap is written up to `end`, or was when it was part of the heap: it is cleared when the machine is used
 * for another program. Whoever works there, or gives back what it allocated, must say so.
 */
// @ts-ignore: decorator
@inline
export function usesScratch(end: usize): void {
  if (<u32>end > load<u32>(VM_SCRATCH_END)) store<u32>(VM_SCRATCH_END, <u32>end);
}

/** A new cell of `size` bytes, header included. Only the header is written: meta and content are the caller's. */
// @ts-ignore: decorator
@inline
export function allocate(kind: i32, size: usize): usize {
  const bytes = (size + 7) & ~7;
  const top = <usize>load<u32>(VM_HEAP_TOP);
  let cell = top;
  if (top + bytes > <usize>load<u32>(VM_HEAP_SOFT)) cell = allocateSlow(bytes);
  else store<u32>(VM_HEAP_TOP, <u32>(top + bytes));
  store<u32>(cell + 4, (<u32>kind << 24) | <u32>(bytes >> 3));
  return cell;
}

/**
 * Room for a cell of the machine's own, which comes and stays as it would in any other run: no limit counts it, and collections are
 * where they would be without it.
 */
export function allocateUncounted(bytes: usize): usize {
  const top = <usize>load<u32>(VM_HEAP_TOP);
  const end = top + bytes;
  if (end > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(end);
  const target = load<u32>(VM_HEAP_TARGET) + <u32>bytes;
  store<u32>(VM_HEAP_TARGET, target);
  store<u32>(VM_HEAP_SOFT, load<u32>(VM_REQUESTS) & Request.COLLECT ? load<u32>(VM_MEMORY_END) : min(target, load<u32>(VM_MEMORY_END)));
  store<u32>(VM_PRELUDE_BYTES, load<u32>(VM_PRELUDE_BYTES) + <u32>bytes);
  store<u32>(VM_HEAP_TOP, <u32>end);
  return top;
}

/** Bytes of the heap in use that count, garbage included. */
export function heapUsed(): usize {
  return <usize>(load<u32>(VM_HEAP_TOP) - load<u32>(VM_HEAP_BASE) - load<u32>(VM_PRELUDE_BYTES));
}

/** Bytes of heap and stack in use, garbage included. */
export function memoryUsed(): usize {
  return heapUsed() + <usize>(load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE));
}

/** What the last allocation that was refused would have come to; it stands until the limit is told of. */
const WANTED: usize = memory.data(4, 8);

/** Garbage may take this part of what is alive beyond the memory limit, or a full heap would be collected for each small thing. */
export const GARBAGE_SHIFT: usize = 2;

/** Does the memory limit allow that much more? */
export function affords(bytes: usize): bool {
  const would = <u64>memoryUsed() + <u64>bytes;
  const limit = <u64>load<u32>(VM_MEMORY_LIMIT);
  if (would <= limit) return true;
  const live = <u64>load<u32>(VM_LIVE_AFTER_COLLECT);
  if (live + <u64>(load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE)) + <u64>bytes <= limit && would <= limit + (live >> GARBAGE_SHIFT)) return true;
  store<u32>(WANTED, <u32>min<u64>(0xffffffff, would));
  return false;
}

/** What would be in use if what was asked for last had been given. */
export function wantedMemory(): u32 {
  const used = <u32>memoryUsed();
  const wanted = load<u32>(WANTED);
  store<u32>(WANTED, 0);
  return max<u32>(used, wanted);
}

/**
 * Prices an allocation whose size the guest chooses. False: nothing may be done now; the native returns RETRY and is run
 * again after a collection, or the run ends at its memory limit.
 */
export function reserve(bytes: usize): bool {
  if (bytes > MAX_CELL_BYTES - 64 || !affords(bytes)) {
    store<u32>(WANTED, <u32>min<u64>(0xffffffff, <u64>memoryUsed() + <u64>bytes));
    return false;
  }
  noteKept(<u32>bytes);
  return true;
}

// @ts-ignore: decorator
@inline
export function kindOf(cell: usize): i32 {
  return <i32>load<u8>(cell, 7);
}
// @ts-ignore: decorator
@inline
export function sizeOf(cell: usize): usize {
  return <usize>(load<u32>(cell, 4) & 0xffffff) << 3;
}
