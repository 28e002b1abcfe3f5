// Owns the tracing of cells whose references are not in fixed fields. Must visit strong references only; weak ones are
// settled by heap/weak.ts once everything strong has been copied.
import {
  CODE_NAME, CODE_PROGRAM, CODE_RELOCATIONS, CODE_TABLES, HASHTABLE_NEXT, HASHTABLE_SIZE, HASHTABLE_USED, POINTERS_COUNT, POINTERS_SIZE,
  PROPTABLE_SIZE, PROPTABLE_USED, SPARSE_SIZE, SPARSE_USED,
} from "../generated/kinds";
import { STUB, relocationsOf } from "./code";
import { visitPointer, visitValue } from "./visit";

const PROPTABLE_ENTRY: usize = 8;
export const SPARSE_ENTRY: usize = 16;
export const HASHTABLE_ENTRY: usize = 24;

export function traceProptable(p: usize): void {
  const end = p + PROPTABLE_SIZE + <usize>load<u32>(p, PROPTABLE_USED) * PROPTABLE_ENTRY;
  for (let at = p + PROPTABLE_SIZE; at < end; at += PROPTABLE_ENTRY) visitPointer(at);
}

export function traceSparse(p: usize): void {
  const end = p + SPARSE_SIZE + <usize>load<u32>(p, SPARSE_USED) * SPARSE_ENTRY;
  for (let at = p + SPARSE_SIZE; at < end; at += SPARSE_ENTRY) visitValue(at + 8);
}

/** meta 1: the table of a WeakMap or WeakSet, whose entries are ephemerons. */
export function traceHashtable(p: usize): void {
  visitPointer(p + HASHTABLE_NEXT);
  if (load<u32>(p) != 0) return;
  const end = p + HASHTABLE_SIZE + <usize>load<u32>(p, HASHTABLE_USED) * HASHTABLE_ENTRY;
  for (let at = p + HASHTABLE_SIZE; at < end; at += HASHTABLE_ENTRY) {
    visitValue(at);
    visitValue(at + 8);
  }
}

export function traceCode(p: usize): void {
  visitPointer(p + CODE_PROGRAM);
  visitPointer(p + CODE_NAME);
  if (load<u32>(p) & STUB) {
    visitPointer(p + CODE_TABLES);
    return;
  }
  let at = relocationsOf(p);
  const end = at + <usize>load<u32>(p, CODE_RELOCATIONS) * 4;
  for (; at < end; at += 4) {
    const entry = load<u32>(at);
    if (entry & 1) visitValue(p + <usize>(entry >> 1));
    else visitPointer(p + <usize>(entry >> 1));
  }
}

export function tracePointers(p: usize): void {
  const end = p + POINTERS_SIZE + <usize>load<u32>(p, POINTERS_COUNT) * 4;
  for (let at = p + POINTERS_SIZE; at < end; at += 4) visitPointer(at);
}

/** Interned strings are weak. */
export function traceAtomtable(p: usize): void {}

/** Child shapes are weak. */
export function traceTransitions(p: usize): void {}
