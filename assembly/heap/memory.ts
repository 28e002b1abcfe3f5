// Owns allocation: the bump pointer, the growth of linear memory, the price of the guest's allocations. Must never collect
// (heap/collect.ts does, at safepoints only) and must never fail for a small cell.
//
//   stack │ heapBase … cells … heapTop … heapSoft … heapTarget
//
// Up to heapSoft, allocation only moves heapTop. heapSoft is heapTarget or the end of memory, whichever is lower: allocateSlow makes
// memory grow up to heapTarget, and there requests a collection.
import { UNCHARGED_BYTES, MAX_CELL_BYTES } from "../generated/exchange";
import {
  VM_HEAP_TOP, VM_HEAP_SOFT, VM_HEAP_TARGET, VM_HEAP_BASE, VM_MEMORY_END, VM_MEMORY_LIMIT, VM_FUEL, VM_FUEL_HELD, VM_REQUESTS, VM_SCRATCH_END,
  VM_LIMIT_KIND, VM_LIMIT_USED, VM_LIVE_AFTER_COLLECT, VM_MAX_WORK, VM_PRELUDE_BYTES, VM_STACK_BASE, VM_STACK_END, LimitKind, Request,
} from "../generated/layout";

/** Sizes are held in 24 bits of 8-byte units. */

/** Value of the fuel counter while a request is pending: negative, with room below for charges made before the next safepoint. */
export const URGENT: i32 = -0x40000000;

/** Asks the next safepoint for attention: the fuel that is left is set aside, and the counter goes negative. */
export function request(bit: u32): void {
  if (load<u32>(VM_REQUESTS) == 0) {
    store<i32>(VM_FUEL_HELD, load<i32>(VM_FUEL));
    store<i32>(VM_FUEL, URGENT);
  }
  store<u32>(VM_REQUESTS, load<u32>(VM_REQUESTS) | bit);
}

/** Puts the set-aside fuel back and returns the pending requests. */
export function takeRequests(): u32 {
  const requests = load<u32>(VM_REQUESTS);
  if (requests != 0) {
    store<i32>(VM_FUEL, load<i32>(VM_FUEL_HELD));
    store<u32>(VM_REQUESTS, 0);
  }
  return requests;
}

/** Address of the remaining fuel: the place where it is set aside while a request is pending. */
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

/** Work that costs less is never too long for the time that is left. */
const LONG_WORK: i64 = 1000000;
const MAX_CHARGE: i64 = 0x3fffffff;

/**
 * Takes the fuel of work that cannot be interrupted, before it begins. False: the time that is left is too short for it, and the run ends
 * at the next safepoint; the caller must return something cheap.
 */
export function chargeWork(units: i64): bool {
  const most = <i64>load<u32>(VM_MAX_WORK);
  if (units < LONG_WORK || most == 0 || units <= most) {
    chargeFuel(<i32>min<i64>(units, MAX_CHARGE));
    return true;
  }
  store<u32>(VM_LIMIT_KIND, LimitKind.TIME_MS);
  store<u32>(VM_LIMIT_USED, 0);
  request(Request.LIMIT);
  return false;
}

/** True if work since the last safepoint has taken more fuel than the time that is left lets it. Throws in a row meet no safepoint. */
export function isOverdrawn(): bool {
  const most = <i64>load<u32>(VM_MAX_WORK);
  return most != 0 && -<i64>fuelLeft() > max<i64>(LONG_WORK, most);
}

/** The remaining fuel; with setFuelLeft, saves and restores it around work that the guest must not pay for (snapshots, marshalling). */
export function fuelLeft(): i32 {
  return load<i32>(fuelWord());
}
export function setFuelLeft(units: i32): void {
  store<i32>(fuelWord(), units);
}

/** Gives back the fuel of an instruction that will run again. */
export function refund(units: i32): void {
  const at = fuelWord();
  store<i32>(at, load<i32>(at) + units);
}

/** Takes the fuel of copying or comparing `bytes` bytes. */
// @ts-ignore: decorator
@inline
export function chargeBytes(bytes: usize): void {
  if (bytes > UNCHARGED_BYTES) chargeFuel(<i32>(bytes >> 6));
}

/** Grows linear memory to at least `end`. Traps only if the engine refuses memory within the guest's own limit. */
export function ensureMemory(end: usize): void {
  const have = <usize>memory.size() << 16;
  if (end > have) {
    const wanted = <i32>((end - have + 0xffff) >> 16);
    // A quarter more, so that a growing heap does not grow page by page; if that is refused, just the pages needed.
    if (memory.grow(wanted + (<i32>(have >> 18) & ~3)) < 0) {
      if (memory.grow(wanted) < 0) unreachable();
    }
  }
  store<u32>(VM_MEMORY_END, <u32>(<usize>memory.size() << 16));
}

/** Memory that runs out before a collection is due grows by at least this much. */
const STEP: usize = 0x10000;

/**
 * Memory grows with use, so that a small program stays small. Beyond the target a collection is requested, and until the next
 * safepoint cells go past the target.
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
 * Records that memory above the heap has been written up to `end`: it is cleared before the machine is used for another program. Must be
 * called by all code that writes there, or that lowers the top of the heap.
 */
// @ts-ignore: decorator
@inline
export function usesScratch(end: usize): void {
  if (<u32>end > load<u32>(VM_SCRATCH_END)) store<u32>(VM_SCRATCH_END, <u32>end);
}

/** A new cell of `size` bytes, header included. Only the header is written: the caller must fill meta and content. */
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
 * Room for a cell that the guest must not notice (lazily loaded prelude code): no limit counts it, and it does not move the next
 * collection.
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

/** Bytes of the heap in use, garbage included, without the uncounted cells. */
export function heapUsed(): usize {
  return <usize>(load<u32>(VM_HEAP_TOP) - load<u32>(VM_HEAP_BASE) - load<u32>(VM_PRELUDE_BYTES));
}

/** Bytes of heap and stack in use, garbage included. */
export function memoryUsed(): usize {
  return heapUsed() + <usize>(load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE));
}

/** Memory use that the last refused allocation would have led to; kept until it is reported with the limit (wantedMemory). */
const WANTED: usize = memory.data(4, 8);

/** Garbage may exceed the memory limit by a quarter of the live size, or a full heap would be collected for each small allocation. */
export const GARBAGE_SHIFT: usize = 2;

/** True if the memory limit allows that many more bytes. */
export function affords(bytes: usize): bool {
  const would = <u64>memoryUsed() + <u64>bytes;
  const limit = <u64>load<u32>(VM_MEMORY_LIMIT);
  if (would <= limit) return true;
  const live = <u64>load<u32>(VM_LIVE_AFTER_COLLECT);
  if (live + <u64>(load<u32>(VM_STACK_END) - load<u32>(VM_STACK_BASE)) + <u64>bytes <= limit && would <= limit + (live >> GARBAGE_SHIFT)) return true;
  store<u32>(WANTED, <u32>min<u64>(0xffffffff, would));
  return false;
}

/** Memory use for the report of a limit: as if the allocation refused last had been granted. */
export function wantedMemory(): u32 {
  const used = <u32>memoryUsed();
  const wanted = load<u32>(WANTED);
  store<u32>(WANTED, 0);
  return max<u32>(used, wanted);
}

/**
 * Asks whether an allocation whose size the guest chooses fits the memory limit. False: the native must do nothing and return RETRY; it
 * runs again after a collection, or the run ends at its memory limit.
 */
export function reserve(bytes: usize): bool {
  if (bytes > MAX_CELL_BYTES - 64 || !affords(bytes)) {
    store<u32>(WANTED, <u32>min<u64>(0xffffffff, <u64>memoryUsed() + <u64>bytes));
    return false;
  }
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
