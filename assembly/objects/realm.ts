// Owns the set-up of a machine: the VM block, the bounds of stack and heap. Must never make builtin objects
// (host/builder.ts does, at build time; every other machine starts from the resulting base image).
import { boxInt, boxString, HOLE, UNDEFINED } from "../core/value";
import {
  BASE_START, STACK_INITIAL, VM_BASE_END, VM_CLOCK_NOW, VM_CSP, VM_END, VM_EXCEPTION, VM_FUEL, VM_HEAP_BASE, VM_HEAP_TOP,
  VM_HOST_CALL_LIMIT, VM_INTRINSICS, VM_MEMORY_LIMIT, VM_RANDOM_S0, VM_RANDOM_S1, VM_RANDOM_S2, VM_RANDOM_S3, VM_STACK_BASE,
  VM_STACK_DEPTH_LIMIT, VM_STACK_END, VM_STDERR, VM_STDOUT, VM_STDOUT_LIMIT, VM_VALUES_START,
} from "../generated/layout";
import { skipNewCells } from "../heap/account";
import { setSoftLimit } from "../heap/collect";
import { ensureMemory } from "../heap/memory";
import { emptyString, setUpAtoms } from "../strings/single-chars";

/** Puts an empty stack of `bytes` at `base` and an empty heap at `heap`. The memory there has never been used, or was cleared. */
export function layOut(base: usize, bytes: usize, heap: usize): void {
  store<u32>(VM_STACK_BASE, <u32>base);
  store<u32>(VM_STACK_END, <u32>(base + bytes));
  store<u32>(VM_CSP, <u32>(base + bytes));
  store<u32>(VM_HEAP_BASE, <u32>heap);
  store<u32>(VM_HEAP_TOP, <u32>heap);
  ensureMemory(max(base + bytes, heap));
  skipNewCells();
  setSoftLimit();
}

/** A fresh VM block without any object: empty atom table, no intrinsics, no base image. */
export function initializeMachine(stack: usize, stackBytes: usize, heap: usize): void {
  memory.fill(VM_FUEL, 0, VM_END - VM_FUEL);
  store<u32>(VM_BASE_END, <u32>BASE_START);
  store<u32>(VM_MEMORY_LIMIT, 0x10000000);
  store<u32>(VM_STACK_DEPTH_LIMIT, 10000);
  store<u32>(VM_STDOUT_LIMIT, 0x1000000);
  store<u32>(VM_HOST_CALL_LIMIT, 0xffffffff);
  store<u32>(VM_RANDOM_S0, 0x9e3779b9);
  store<u32>(VM_RANDOM_S1, 0x243f6a88);
  store<u32>(VM_RANDOM_S2, 0xb7e15162);
  store<u32>(VM_RANDOM_S3, 0xdeadbeef);
  for (let at = VM_VALUES_START; at < VM_INTRINSICS; at += 8) store<u64>(at, UNDEFINED);
  store<u64>(VM_EXCEPTION, HOLE);
  store<u64>(VM_CLOCK_NOW, boxInt(0));
  layOut(stack, stackBytes, heap);
  setUpAtoms();
  store<u64>(VM_STDOUT, boxString(emptyString()));
  store<u64>(VM_STDERR, boxString(emptyString()));
}

/** Lays out stack and heap after the base image, which ends at VM_BASE_END, as in every fresh machine. */
export function layOutBehindBase(): void {
  const stack = (<usize>load<u32>(VM_BASE_END) + 15) & ~15;
  layOut(stack, STACK_INITIAL, stack + STACK_INITIAL);
}
