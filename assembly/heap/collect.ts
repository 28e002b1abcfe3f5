// Owns the copying collector. Runs at safepoints only, when every live reference is in the VM block, on the stack, in the
// base image or in the heap. Must never run inside a native, and must never change what a guest can observe, except that
// counted collections clear WeakRef targets.
//
// The live cells of the current space are copied in breadth-first order: below it if there is room (down to the end of the
// stack), else above it. Cells of the base image do not move, but they are scanned.
import { addressOf, isObject, Value } from "../core/value";
import { FUNCTION_CODE, Kind, WEAKREF_TARGET } from "../generated/kinds";
import {
  BASE_START, POINTER_ROOT_COUNT, POINTER_ROOTS, RECORD_SIZE, VM_ATOMS, VM_BASE_END, VM_CALL_INDEX, VM_COLLECTIONS, VM_CSP, VM_END, VM_FP, VM_HEAP_BASE,
  VM_HEAP_SOFT, VM_HEAP_TARGET, VM_HEAP_TOP, VM_LIVE_AFTER_COLLECT, VM_MEMORY_END, VM_MEMORY_LIMIT, VM_PC, VM_PEAK_MEMORY,
  VM_PRELUDE_BYTES, VM_STACK_BASE, VM_STACK_END, VM_VALUES_END, VM_VALUES_START,
} from "../generated/layout";
import { traceCell } from "../generated/trace";
import { countNewCells, skipNewCells } from "./account";
import { ensureMemory, GARBAGE_SHIFT, kindOf, memoryUsed, sizeOf } from "./memory";
import {
  CLEAR_WEAK_REFS, FROM_BASE, FROM_TOP, LIST_CODE, LIST_SHAPES, LIST_WEAK_REFS, LIST_WEAK_TABLES, TO_TOP, visitPointer, visitValue,
  visitValues, WAITING,
} from "./visit";
import { ephemeronRound, settleTransitions, settleWeak, startEphemerons } from "./weak";

/** At least this much room is in memory after the heap was laid out or collected. */
const FIRST_ROOM: usize = 0x8000;
/** At least this much may be allocated between two collections. */
const NURSERY: usize = isDefined(VM_STRESS) ? 0 : 512 * 1024;

/** Code of the function whose frame starts at fp; 0 if the callee there is a native. */
function codeAt(fp: usize): usize {
  const callee: Value = load<u64>(fp);
  if (!isObject(callee) || kindOf(addressOf(callee)) != Kind.FUNCTION) return 0;
  return <usize>load<u32>(addressOf(callee), FUNCTION_CODE);
}

/** Program counters are absolute while the loop runs; for a collection they are made relative to their code cell. */
function relativePositions(): void {
  const end = <usize>load<u32>(VM_STACK_END);
  let code = codeAt(<usize>load<u32>(VM_FP));
  store<u32>(VM_PC, load<u32>(VM_PC) - <u32>code);
  for (let record = <usize>load<u32>(VM_CSP); record < end; record += RECORD_SIZE) {
    const callerFp = <usize>load<u32>(record, 4);
    if (callerFp != 0) store<u32>(record, load<u32>(record) - <u32>codeAt(callerFp));
  }
}

/** Undoes relativePositions, at the new addresses. */
function absolutePositions(): void {
  const end = <usize>load<u32>(VM_STACK_END);
  store<u32>(VM_PC, load<u32>(VM_PC) + <u32>codeAt(<usize>load<u32>(VM_FP)));
  for (let record = <usize>load<u32>(VM_CSP); record < end; record += RECORD_SIZE) {
    const callerFp = <usize>load<u32>(record, 4);
    if (callerFp != 0) store<u32>(record, load<u32>(record) + <u32>codeAt(callerFp));
  }
}

/** Visits the roots: the VM block, the stack below `stackTop`, and the cells of the base image. */
function visitRoots(stackTop: usize): void {
  for (let i = 0; i < POINTER_ROOT_COUNT; i++) visitPointer(<usize>load<u32>(POINTER_ROOTS + (<usize>i << 2)));
  visitValues(VM_VALUES_START, VM_VALUES_END);
  visitValues(<usize>load<u32>(VM_STACK_BASE), stackTop);
  const baseEnd = <usize>load<u32>(VM_BASE_END);
  // Well-known atoms are in the base image, so they move only while it is being built.
  if (baseEnd <= BASE_START) for (let at = VM_ATOMS; at < VM_END; at += 4) visitPointer(at);
  for (let p = BASE_START; p < baseEnd; p += sizeOf(p)) traceCell(p, kindOf(p), sizeOf(p));
}

/** Scans the copied cells, which copies more, until nothing new appears. Returns the address where scanning stopped. */
function scanFrom(start: usize): usize {
  let scan = start;
  while (scan < <usize>load<u32>(TO_TOP)) {
    const size = sizeOf(scan);
    const kind = kindOf(scan);
    traceCell(scan, kind, size);
    if (kind == Kind.WEAKREF && load<u32>(CLEAR_WEAK_REFS) == 0) visitValue(scan + WEAKREF_TARGET);
    scan += size;
  }
  return scan;
}

/** Drops dead child shapes from the shapes of the base image, which are on no list. */
function settleBase(): void {
  const baseEnd = <usize>load<u32>(VM_BASE_END);
  for (let p = BASE_START; p < baseEnd; p += sizeOf(p)) {
    const kind = kindOf(p);
    if (kind == Kind.SHAPE) settleTransitions(p);
  }
}

/**
 * Collects. `stackTop`: first dead stack address. `floor`: lowest address the heap may use (above the stack).
 * `weakRefs`: also clears WeakRef targets that nothing else holds.
 */
export function collectTo(floor: usize, stackTop: usize, weakRefs: bool): void {
  const fromBase = <usize>load<u32>(VM_HEAP_BASE);
  const fromTop = <usize>load<u32>(VM_HEAP_TOP);
  countNewCells();
  const used = memoryUsed();
  const most = min<u32>(<u32>used, load<u32>(VM_MEMORY_LIMIT));
  if (most > load<u32>(VM_PEAK_MEMORY)) store<u32>(VM_PEAK_MEMORY, most);
  store<u32>(FROM_BASE, <u32>fromBase);
  store<u32>(FROM_TOP, <u32>fromTop);
  const inFront = fromBase >= floor && fromBase - floor >= fromTop - fromBase;
  const to = inFront ? floor : max(fromTop, floor);
  store<u32>(TO_TOP, <u32>to);
  store<u32>(LIST_SHAPES, 0);
  store<u32>(LIST_CODE, 0);
  store<u32>(LIST_WEAK_TABLES, 0);
  store<u32>(LIST_WEAK_REFS, 0);
  store<u32>(CLEAR_WEAK_REFS, weakRefs ? 1 : 0);
  startEphemerons(max(fromTop, to + (fromTop - fromBase)));

  relativePositions();
  visitRoots(stackTop);
  let scan = scanFrom(to);
  while (ephemeronRound(TO_TOP)) scan = scanFrom(scan);
  store<u32>(WAITING, 0);
  settleWeak();
  settleBase();

  const top = <usize>load<u32>(TO_TOP);
  store<u32>(VM_CALL_INDEX, 0);
  store<u32>(VM_HEAP_BASE, <u32>to);
  store<u32>(VM_HEAP_TOP, <u32>top);
  absolutePositions();
  skipNewCells();
  store<u32>(VM_LIVE_AFTER_COLLECT, <u32>(top - to));
  store<u32>(VM_COLLECTIONS, load<u32>(VM_COLLECTIONS) + 1);
  setSoftLimit();
  // Dead words of the stack must not look like references after the next move.
  const stackEnd = <usize>load<u32>(VM_CSP);
  if (stackEnd > stackTop) memory.fill(stackTop, 0, stackEnd - stackTop);
}

/** Sets the point of allocation at which the next collection is requested. */
export function setSoftLimit(): void {
  const base = <usize>load<u32>(VM_HEAP_BASE);
  const top = <usize>load<u32>(VM_HEAP_TOP);
  const live = top - base - <usize>load<u32>(VM_PRELUDE_BYTES);
  let room = max(NURSERY, live);
  const limit = <usize>load<u32>(VM_MEMORY_LIMIT);
  // Near the memory limit collections become more frequent, but never so frequent that the machine does nothing else: live cells must fit
  // within the limit, garbage need not.
  if (live + room > limit) room = max(limit > live ? limit - live : 0, max<usize>(0x10000, live >> GARBAGE_SHIFT));
  const target = top + room;
  // Only the beginning of a new nursery must be in memory at once.
  ensureMemory(min(target, top + FIRST_ROOM));
  store<u32>(VM_HEAP_TARGET, <u32>target);
  store<u32>(VM_HEAP_SOFT, <u32>min(target, <usize>load<u32>(VM_MEMORY_END)));
}
