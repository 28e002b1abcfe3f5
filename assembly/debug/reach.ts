// Owns walking the heap for the verifier: which addresses are cells, which cells can be reached, and that every reference leads to a cell
// of the right sort. Must never change a cell. Only the target `check` has it.
//
// The maps lie in the free memory above the heap: a bit for every 8 bytes from BASE_START up. STARTS has the first bytes of cells, MARKS
// those that have been reached; after them comes the stack of cells that have been reached and not looked at yet.
import { isPointer, Value } from "../core/value";
import { FIRST_OBJECT_KIND, Kind, KIND_END } from "../generated/kinds";
import { BASE_START, VM_BASE_END, VM_HEAP_BASE, VM_HEAP_TOP } from "../generated/layout";
import { ensureMemory, kindOf, sizeOf, usesScratch } from "../heap/memory";

/** Faults of a heap. */
export const enum Problem {
  NONE = 0,
  /** A cell's kind does not exist. */
  KIND = 1,
  /** A cell is smaller than its fields, or reaches beyond the heap. */
  SIZE = 2,
  /** A reference to something that is not a cell. */
  REFERENCE = 3,
  /** A reference to a cell of another sort than the tag or the field says. */
  SORT = 4,
  /** Bits that are no value. */
  VALUE = 5,
  TEXT = 6,
  SHAPE = 7,
  PROPERTIES = 8,
  ELEMENTS = 9,
  TABLE = 10,
  CODE = 11,
  ATOMS = 12,
  /** A field whose number is out of range. */
  FIELD = 13,
  /** One of the checks of a snapshot's reader: FAULT in snapshot/read-value.ts says which. */
  SNAPSHOT = 14,
}

const STATE: usize = memory.data(40, 8);
const STARTS: usize = STATE;
const MARKS: usize = STATE + 4;
/** Next free place of the stack, and its bottom. */
const TOP: usize = STATE + 8;
const BOTTOM: usize = STATE + 12;
/** The first problem, and the cell it was found in. */
export const PROBLEM: usize = STATE + 16;
export const PROBLEM_CELL: usize = STATE + 20;
/** The cell that is being looked at; 0: the roots. */
const CELL: usize = STATE + 24;
const CELL_COUNT: usize = STATE + 28;

/** Notes a problem of the cell that is being looked at; the first one counts. Returns false. */
export function problem(what: Problem): bool {
  if (load<u32>(PROBLEM) == Problem.NONE) {
    store<u32>(PROBLEM, what);
    store<u32>(PROBLEM_CELL, load<u32>(CELL));
  }
  return false;
}

/** Makes `cell` the one that problems are noted for. */
export function lookAt(cell: usize): void {
  store<u32>(CELL, <u32>cell);
}

export function hasProblem(): bool {
  return load<u32>(PROBLEM) != Problem.NONE;
}

// --- maps ---------------------------------------------------------------------------------------------------------

// @ts-ignore: decorator
@inline
function isSet(map: usize, p: usize): bool {
  const i = (p - BASE_START) >> 3;
  return ((<u32>load<u8>(<usize>load<u32>(map) + (i >> 3)) >> (<u32>i & 7)) & 1) != 0;
}

// @ts-ignore: decorator
@inline
function set(map: usize, p: usize): void {
  const i = (p - BASE_START) >> 3;
  const at = <usize>load<u32>(map) + (i >> 3);
  store<u8>(at, <u8>(<u32>load<u8>(at) | (1 << (<u32>i & 7))));
}

/** True if a cell begins there. */
export function isCellStart(p: usize): bool {
  return p >= BASE_START && p < <usize>load<u32>(VM_HEAP_TOP) && (p & 7) == 0 && isSet(STARTS, p);
}

export function isReached(p: usize): bool {
  return isSet(MARKS, p);
}

function isKind(p: usize): bool {
  return kindOf(p) < 128 && kindOf(p) > 0 && load<u8>(KIND_END + <usize>kindOf(p)) != 0;
}

/** Walks the cells from `from` to `end` and notes where they begin. */
function noteCells(from: usize, end: usize): void {
  let p = from;
  while (p < end) {
    lookAt(p);
    if (!isKind(p)) {
      problem(Problem.KIND);
      return;
    }
    const size = sizeOf(p);
    if (size < <usize>load<u8>(KIND_END + <usize>kindOf(p)) || size > end - p) {
      problem(Problem.SIZE);
      return;
    }
    set(STARTS, p);
    store<u32>(CELL_COUNT, load<u32>(CELL_COUNT) + 1);
    p += size;
  }
}

/** Notes all cells. Returns the first address above the maps. */
export function openMaps(): usize {
  store<u32>(PROBLEM, Problem.NONE);
  store<u32>(CELL_COUNT, 0);
  const heapEnd = (<usize>load<u32>(VM_HEAP_TOP) + 15) & ~15;
  const bytes = (((heapEnd - BASE_START) >> 6) + 16) & ~7;
  const most = (heapEnd - BASE_START) >> 1;
  const end = heapEnd + bytes * 2 + most;
  ensureMemory(end);
  usesScratch(end);
  memory.fill(heapEnd, 0, end - heapEnd);
  store<u32>(STARTS, <u32>heapEnd);
  store<u32>(MARKS, <u32>(heapEnd + bytes));
  store<u32>(BOTTOM, <u32>(heapEnd + bytes * 2));
  store<u32>(TOP, load<u32>(BOTTOM));
  noteCells(BASE_START, <usize>load<u32>(VM_BASE_END));
  if (!hasProblem()) noteCells(<usize>load<u32>(VM_HEAP_BASE), <usize>load<u32>(VM_HEAP_TOP));
  return end;
}

/** Number of cells of base image and heap. */
export function cellCount(): u32 {
  return load<u32>(CELL_COUNT);
}

// --- references ---------------------------------------------------------------------------------------------------

/** True if p is a cell; it counts as reached from now on. */
export function reach(p: usize): bool {
  if (!isCellStart(p)) return problem(Problem.REFERENCE);
  if (isSet(MARKS, p)) return true;
  set(MARKS, p);
  const top = <usize>load<u32>(TOP);
  store<u32>(top, <u32>p);
  store<u32>(TOP, <u32>top + 4);
  return true;
}

/** True if the kind of a cell goes with the tag of a value that refers to it. */
function fitsTag(v: Value, kind: i32): bool {
  switch (<u32>(v >> 32)) {
    case 0xfffffff8: return kind >= FIRST_OBJECT_KIND;
    case 0xfffffff9: return kind == Kind.STRING || kind == Kind.SLICE || kind == Kind.ROPE;
    case 0xfffffffa: return kind == Kind.SYMBOL;
    case 0xfffffffb: return kind == Kind.BIGINT;
  }
  return kind < FIRST_OBJECT_KIND;
}

/** True for the bits of a number, or of a special value; signals of natives are never stored. */
function isPlainValue(v: Value): bool {
  const tag = <u32>(v >> 32);
  return tag < 0xfff90000 || tag == 0xffffffff || (tag == 0xfffffff0 && <u32>v <= 4);
}

/** Checks the u32 address at `at`: 0, or a cell. */
export function checkPointer(at: usize): void {
  const p = <usize>load<u32>(at);
  if (p != 0) reach(p);
}

/** As checkPointer, but the cell is not reached by this. */
export function checkWeakPointer(at: usize): void {
  const p = <usize>load<u32>(at);
  if (p != 0 && !isCellStart(p)) problem(Problem.REFERENCE);
}

export function checkValue(at: usize): void {
  const v = load<u64>(at);
  if (!isPointer(v)) {
    if (!isPlainValue(v)) problem(Problem.VALUE);
  } else if (reach(<usize><u32>v) && !fitsTag(v, kindOf(<usize><u32>v))) problem(Problem.SORT);
}

/** As checkValue, but a cell is not reached by this. */
export function checkWeakValue(at: usize): void {
  const v = load<u64>(at);
  if (!isPointer(v)) {
    if (!isPlainValue(v)) problem(Problem.VALUE);
  } else if (!isCellStart(<usize><u32>v)) problem(Problem.REFERENCE);
  else if (!fitsTag(v, kindOf(<usize><u32>v))) problem(Problem.SORT);
}

export function checkValues(from: usize, to: usize): void {
  for (let at = from; at < to; at += 8) checkValue(at);
}

/** The next cell that has been reached and not looked at; 0 at the end. */
export function takeReached(): usize {
  if (load<u32>(TOP) <= load<u32>(BOTTOM)) return 0;
  const top = load<u32>(TOP) - 4;
  store<u32>(TOP, top);
  return <usize>load<u32>(<usize>top);
}
