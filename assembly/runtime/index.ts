// Owns what asc and as-bind call a runtime: how the host puts strings and byte arrays into memory before a cold call and takes
// them out after it. Must never free or trace anything.
//
// A transfer is a BYTES cell at the top of the guest's heap like any other: it cannot collide with the heap, the stack or a
// growing memory, and the next collection reclaims it. Collections happen inside `run` only, so a transfer is good until the
// next `run`. The core itself makes no managed objects except answers (host/transfer.ts).
//
//   cell +0 meta, header · +8 length, pad · +16 unused u64 · +24 gcInfo u64 · +32 class id u32 · +36 size u32 · +40 payload
import { MAX_CELL_BYTES } from "../generated/exchange";
import { BYTES_LENGTH, Kind } from "../generated/kinds";
import { VM_HEAP_TOP } from "../generated/layout";
import { allocate } from "../heap/memory";

const OVERHEAD: usize = 40;

// @ts-ignore: decorator
@unsafe @global
export function __new(size: usize, id: u32): usize {
  if (load<u32>(VM_HEAP_TOP) == 0 || size > MAX_CELL_BYTES - 64) unreachable();
  const cell = allocate(Kind.BYTES, OVERHEAD + size);
  store<u32>(cell, 0);
  store<u64>(cell, <u64>(OVERHEAD - 16 + size), BYTES_LENGTH);
  store<u64>(cell, 0, 16);
  store<u64>(cell, 0, 24);
  store<u32>(cell, id, 32);
  store<u32>(cell, <u32>size, 36);
  memory.fill(cell + OVERHEAD, 0, (size + 7) & ~7);
  return cell + OVERHEAD;
}

// @ts-ignore: decorator
@unsafe @global
export function __renew(old: usize, size: usize): usize {
  const fresh = __new(size, load<u32>(old - 8));
  memory.copy(fresh, old, min<usize>(size, <usize>load<u32>(old - 4)));
  return fresh;
}

// @ts-ignore: decorator
@unsafe @global
export function __link(parent: usize, child: usize, expectMultiple: bool): void {}

// @ts-ignore: decorator
@unsafe @global
export function __pin(at: usize): usize {
  return at;
}

// @ts-ignore: decorator
@unsafe @global
export function __unpin(at: usize): void {}

// @ts-ignore: decorator
@unsafe @global
function __visit(at: usize, cookie: u32): void {}

// @ts-ignore: decorator
@unsafe @global
export function __collect(): void {}
