// Owns the numbers of the transfer form and the scratch memory of its encoder and decoder. The form is described in
// ts/defs/transfer.ts; a test compares the two. Must never keep anything between two calls from the host.
import { Kind } from "../generated/kinds";
import { allocate, sizeOf } from "../heap/memory";

export const enum Tag {
  UNDEFINED = 0,
  NULL = 1,
  FALSE = 2,
  TRUE = 3,
  HOLE = 4,
  INT = 5,
  DOUBLE = 6,
  ASCII = 7,
  LATIN1 = 8,
  UTF16 = 9,
  BIGINT = 10,
  REF = 11,
  OBJECT = 12,
  NULL_OBJECT = 13,
  INDEXED_OBJECT = 14,
  ARRAY = 15,
  SPARSE_ARRAY = 16,
  MAP = 17,
  SET = 18,
  ERROR = 19,
  DATE = 20,
  ARRAY_BUFFER = 21,
  VIEW = 22,
  REGEXP = 23,
}

export const enum ErrorField {
  MESSAGE = 1,
  NAME = 2,
  STACK = 4,
  CAUSE = 8,
  ERRORS = 16,
  PROPERTIES = 32,
}

export const enum Refusal {
  NONE = 0,
  FUNCTION = 1,
  SYMBOL = 2,
  PROMISE = 3,
  PROXY = 4,
  ACCESSOR = 5,
  PRIVATE = 6,
  BIGINT = 7,
  ITERATOR = 8,
  WEAK = 9,
  WRAPPER = 10,
  OTHER = 11,
  DETACHED = 12,
  LARGE = 13,
}

export const enum Step {
  PROPERTY = 0,
  INDEX = 1,
  MAP_KEY = 2,
  MAP_VALUE = 3,
  SET_MEMBER = 4,
}

/** Most crossings fit here; longer ones get a cell of the heap, which is garbage afterwards. */
export const AREA_SIZE: u32 = 4096;
export const AREA: usize = memory.data(4096, 8);

/**
 * Grows a list or stack that begins in static memory and moves to ever larger cells: {address u32, capacity in bytes u32}. Returns
 * its address.
 */
export function growBlock(block: usize, needed: u32): usize {
  const old = <usize>load<u32>(block);
  const have = load<u32>(block, 4);
  if (needed <= have) return old;
  let size = have * 2;
  while (size < needed) size *= 2;
  const fresh = allocate(Kind.BYTES, 16 + <usize>size);
  store<u32>(fresh, 0);
  store<u32>(fresh, <u32>(sizeOf(fresh) - 16), 8);
  store<u32>(fresh, 0, 12);
  memory.copy(fresh + 16, old, <usize>have);
  store<u32>(block, <u32>(fresh + 16));
  store<u32>(block, size, 4);
  return fresh + 16;
}

/** Makes a block begin in static memory again. */
// @ts-ignore: decorator
@inline
export function resetBlock(block: usize, at: usize, size: u32): void {
  store<u32>(block, <u32>at);
  store<u32>(block, size, 4);
}
