// Owns the verifier of a whole machine at rest: that every cell is as the layouts say, that every reference leads to a cell, and that all
// holds that the reader of snapshots demands of a machine. Only the target `check` has it, for tests. Must never change what the machine
// does next: it leaves the words of the VM block, fuel included, as they were.
import { addressOf } from "../core/value";
import { FUNCTION_CODE, Kind } from "../generated/kinds";
import {
  BASE_START, POINTER_ROOT_COUNT, POINTER_ROOTS, RECORD_SIZE, VM_ATOMS, VM_BASE_END, VM_EVALUATED, VM_FP, VM_FUEL, VM_HEAP_BASE,
  VM_HEAP_TOP, VM_MEMORY_END, VM_MEMORY_LIMIT, VM_PC, VM_SCRATCH_END, VM_STACK_BASE, VM_STACK_END, VM_VALUES_END, VM_VALUES_START,
} from "../generated/layout";
import { checkReferences } from "../generated/references";
import { ATOMS_USED } from "../generated/snapshot-format";
import { CODE_ENTRY, codeRegisters } from "../heap/code";
import { ensureMemory, kindOf, sizeOf, usesScratch } from "../heap/memory";
import { frameEnd } from "../interpreter/frame";
import { dropCallIndex } from "../jobs/calls";
import {
  checkCalls, checkCell, checkChains, checkHolder, checkJobs, checkUnhandled, checkWords, clearMarks, openChecks,
} from "../snapshot/check";
import { checkFrame, checkStack, openFrame } from "../snapshot/check-frames";
import { checkKept } from "../snapshot/kept";
import { openPositions } from "../snapshot/positions";
import { FRAME_TOTAL, FRAMES } from "../snapshot/read-stack";
import { CELLS, FAULT, LIMIT, TABLE } from "../snapshot/read-value";
import { openSide } from "../snapshot/side";
import { frameCount } from "../snapshot/write-stack";
import { checkLayout } from "./layouts";
import {
  cellCount, checkPointer, checkValues, checkWeakPointer, hasProblem, isReached, lookAt, openMaps, Problem, PROBLEM, PROBLEM_CELL,
  problem, reach, takeReached,
} from "./reach";

/** Words of the VM block before the verifier began. */
const SAVED: usize = memory.data(1024, 8);

/** Follows all references from the roots: the words of the machine, the stack, the base image. */
function reachAll(): void {
  lookAt(0);
  for (let i = 0; i < POINTER_ROOT_COUNT; i++) checkPointer(<usize>load<u32>(POINTER_ROOTS + (<usize>i << 2)));
  checkWeakPointer(VM_EVALUATED);
  checkValues(VM_VALUES_START, VM_VALUES_END);
  for (let i: u32 = 0; i < ATOMS_USED; i++) checkPointer(VM_ATOMS + (<usize>i << 2));
  const fp = <usize>load<u32>(VM_FP);
  const stack = <usize>load<u32>(VM_STACK_BASE);
  checkValues(stack, fp == 0 ? stack : frameEnd(fp));
  const baseEnd = <usize>load<u32>(VM_BASE_END);
  for (let p = BASE_START; p < baseEnd; p += sizeOf(p)) reach(p);
  for (let p = takeReached(); p != 0 && !hasProblem(); p = takeReached()) {
    lookAt(p);
    checkReferences(p, kindOf(p), sizeOf(p));
  }
}

/** A return address as a number of words, as snapshots have it. */
function makeRelative(at: usize, fp: usize): void {
  const code = <usize>load<u32>(addressOf(load<u64>(fp)), FUNCTION_CODE);
  store<u32>(at, <u32>(load<u32>(at) - <u32>(code + CODE_ENTRY)) >> 3);
}

/**
 * Brings the stack into the form in which the reader has it before its check, which makes positions absolute again: a list of frames from the
 * bottom up at `list`.
 */
function openStack(list: usize): void {
  const count = frameCount();
  store<u32>(FRAME_TOTAL, count);
  store<u32>(FRAMES, <u32>list);
  let record = <usize>load<u32>(VM_STACK_END) - RECORD_SIZE;
  for (let i: u32 = 0; i < count; i++) {
    const next = record - RECORD_SIZE;
    const isTop = i + 1 == count;
    const fp = isTop ? <usize>load<u32>(VM_FP) : <usize>load<u32>(next, 4);
    const entry = list + (<usize>i << 3);
    store<u32>(entry, <u32>fp);
    store<u32>(entry, <u32>codeRegisters(<usize>load<u32>(addressOf(load<u64>(fp)), FUNCTION_CODE)), 4);
    makeRelative(isTop ? VM_PC : next, fp);
    record = next;
  }
}

function checkReached(first: usize, end: usize): bool {
  openChecks();
  for (let p = first; p < end; p += sizeOf(p)) {
    lookAt(p);
    if (isReached(p) && !checkCell(p, kindOf(p))) return false;
  }
  for (let p = first; p < end; p += sizeOf(p)) {
    lookAt(p);
    if (isReached(p) && kindOf(p) == Kind.FRAME && !openFrame(p)) return false;
  }
  openPositions();
  openSide();
  for (let p = first; p < end; p += sizeOf(p)) {
    lookAt(p);
    if (isReached(p) && !checkHolder(p, kindOf(p))) return false;
  }
  lookAt(0);
  if (!checkJobs() || !checkCalls() || !checkUnhandled() || !checkStack()) return false;
  for (let p = first; p < end; p += sizeOf(p)) {
    lookAt(p);
    if (isReached(p) && kindOf(p) == Kind.FRAME && !checkFrame(p)) return false;
  }
  return true;
}

/** Runs the checks of the reader, in the memory from `free` up. */
function checkAsReader(free: usize): void {
  const first = <usize>load<u32>(VM_HEAP_BASE);
  const end = <usize>load<u32>(VM_HEAP_TOP);
  const tables = (free + 15) & ~15;
  const frames = tables + (<usize>cellCount() << 4) + 64;
  const top = (frames + (<usize>frameCount() << 3) + 15) & ~15;
  ensureMemory(top);
  usesScratch(top);
  store<u32>(FAULT, 0);
  store<u32>(TABLE, <u32>tables);
  store<u32>(CELLS, cellCount());
  store<u32>(LIMIT, load<u32>(VM_MEMORY_LIMIT));
  // What the checks put above the heap goes above the maps.
  store<u32>(VM_HEAP_TOP, <u32>top);
  lookAt(0);
  openStack(frames);
  const isFine = checkWords() && checkKept() && checkReached(first, end) && checkChains(0, first, end) && checkChains(1, first, end);
  clearMarks(first, end);
  if (!isFine) problem(Problem.SNAPSHOT);
}

function checkLayouts(from: usize, end: usize): void {
  for (let p = from; p < end && !hasProblem(); p += sizeOf(p)) {
    lookAt(p);
    if (isReached(p)) checkLayout(p);
  }
}

/** Checks a machine that does not run; returns a Problem, NONE if all is as it should be. */
export function verifyHeap(): u32 {
  // It has its places where the checks put their marks, and is made again when it is needed.
  dropCallIndex();
  const words = VM_VALUES_START - VM_FUEL;
  memory.copy(SAVED, VM_FUEL, words);
  const free = openMaps();
  if (!hasProblem()) reachAll();
  if (!hasProblem()) checkLayouts(BASE_START, <usize>load<u32>(VM_BASE_END));
  if (!hasProblem()) checkLayouts(<usize>load<u32>(VM_HEAP_BASE), <usize>load<u32>(VM_HEAP_TOP));
  if (!hasProblem()) checkAsReader(free);
  const memoryEnd = load<u32>(VM_MEMORY_END);
  const scratchEnd = load<u32>(VM_SCRATCH_END);
  memory.copy(VM_FUEL, SAVED, words);
  store<u32>(VM_MEMORY_END, memoryEnd);
  store<u32>(VM_SCRATCH_END, scratchEnd);
  return load<u32>(PROBLEM);
}

/** The cell with the problem, 0 if it is a root. */
export function heapProblemCell(): u32 {
  return load<u32>(PROBLEM_CELL);
}

/** The fault (ts/defs/snapshot-format.ts, FAULTS) of a Problem.SNAPSHOT. */
export function heapProblemFault(): u32 {
  return load<u32>(FAULT);
}
