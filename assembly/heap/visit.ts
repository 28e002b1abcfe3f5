// Owns moving the target of one reference while a collection runs, and finding where a cell went. Must never be
// called outside heap/collect.ts and the tracers.
//
//   moved cell, at its old place   +0 new address · +4 0: kind FORWARD · +8 next of its list (LIST_…) · rest: as it was
import { isPointer, Value } from "../core/value";
import { Kind } from "../generated/kinds";
import { VM_MEMORY_END } from "../generated/layout";
import { ensureMemory } from "./memory";

/** Scratch words of a running collection; they mean nothing outside one. */
const SCRATCH: usize = memory.data(64, 8);
export const FROM_BASE: usize = SCRATCH;
export const FROM_TOP: usize = SCRATCH + 4;
export const TO_TOP: usize = SCRATCH + 8;
/** Heads of lists of old cells that need attention once everything is traced; linked at +8 of the old cell. */
export const LIST_SHAPES: usize = SCRATCH + 12;
export const LIST_CODE: usize = SCRATCH + 16;
export const LIST_WEAK_TABLES: usize = SCRATCH + 20;
export const LIST_WEAK_REFS: usize = SCRATCH + 24;
/** 1 while WeakRef targets are weak. */
export const CLEAR_WEAK_REFS: usize = SCRATCH + 28;
/** Table of the keys that ephemerons wait for (weak.ts): {old address, list of entries} u32 each, hashed by address. 0: no table yet. */
export const WAITING: usize = SCRATCH + 32;
export const WAITING_CAPACITY: usize = SCRATCH + 36;
export const WAITING_COUNT: usize = SCRATCH + 40;
/** List of ephemerons whose key has been copied since. */
export const READY: usize = SCRATCH + 44;

/** Address of the waiting table's slot for a key: its own, or the free one where it belongs. */
// @ts-ignore: decorator
@inline
export function waitingSlot(key: u32): usize {
  const mask = load<u32>(WAITING_CAPACITY) - 1;
  const h = (key >> 3) * 0x9e3779b1;
  let i = (h ^ (h >> 15)) & mask;
  while (true) {
    const at = <usize>load<u32>(WAITING) + (<usize>i << 3);
    const known = load<u32>(at);
    if (known == key || known == 0) return at;
    i = (i + 1) & mask;
  }
}

/** Makes the ephemerons ready that waited for the cell that was at p. */
function endWaitSlow(p: usize): void {
  const at = waitingSlot(<u32>p);
  if (load<u32>(at) == 0) return;
  let last = <usize>load<u32>(at, 4);
  const first = last;
  if (first == 0) return;
  while (load<u32>(last, 4) != 0) last = <usize>load<u32>(last, 4);
  store<u32>(last, load<u32>(READY), 4);
  store<u32>(READY, <u32>first);
  store<u32>(at, 0, 4);
}

// @ts-ignore: decorator
@inline
export function inFromSpace(p: usize): bool {
  return p - <usize>load<u32>(FROM_BASE) < <usize>(load<u32>(FROM_TOP) - load<u32>(FROM_BASE));
}

/** True if the cell at p (any address or 0) is known to survive. */
export function isMarked(p: usize): bool {
  return !inFromSpace(p) || load<u8>(p, 7) == Kind.FORWARD;
}

/** Current address of a marked cell. */
// @ts-ignore: decorator
@inline
export function movedTo(p: usize): usize {
  return inFromSpace(p) ? <usize>load<u32>(p) : p;
}

function link(list: usize, old: usize): void {
  store<u32>(old, load<u32>(list), 8);
  store<u32>(list, <u32>old);
}

/** Copies the cell at p (in from-space) unless that is done already, and returns its new address. */
export function forward(p: usize): usize {
  const header = load<u32>(p, 4);
  const kind = <i32>(header >> 24);
  if (kind == Kind.FORWARD) return <usize>load<u32>(p);
  const size = <usize>(header & 0xffffff) << 3;
  const to = <usize>load<u32>(TO_TOP);
  if (to + size > <usize>load<u32>(VM_MEMORY_END)) ensureMemory(to + size + 0x10000);
  if (size <= 64) {
    let i: usize = 0;
    do {
      store<u64>(to + i, load<u64>(p + i));
      i += 8;
    } while (i < size);
  } else memory.copy(to, p, size);
  store<u32>(TO_TOP, <u32>(to + size));
  store<u32>(p, <u32>to);
  store<u32>(p, 0, 4);
  if (kind == Kind.SHAPE) link(LIST_SHAPES, p);
  else if (kind == Kind.CODE) link(LIST_CODE, p);
  else if (kind == Kind.HASHTABLE) {
    if (load<u32>(to) != 0) link(LIST_WEAK_TABLES, p);
  } else if (kind == Kind.WEAKREF) link(LIST_WEAK_REFS, p);
  if (load<u32>(WAITING) != 0) endWaitSlow(p);
  return to;
}

/** Follows the u32 address stored at `at`. */
// @ts-ignore: decorator
@inline
export function visitPointer(at: usize): void {
  const p = <usize>load<u32>(at);
  if (inFromSpace(p)) store<u32>(at, <u32>forward(p));
}

/** Follows the value stored at `at`. */
// @ts-ignore: decorator
@inline
export function visitValue(at: usize): void {
  const v: Value = load<u64>(at);
  if (isPointer(v)) {
    const p = <usize>(<u32>v);
    if (inFromSpace(p)) store<u32>(at, <u32>forward(p));
  }
}

/** Follows all values in [from, to). */
export function visitValues(from: usize, to: usize): void {
  for (let at = from; at < to; at += 8) visitValue(at);
}
