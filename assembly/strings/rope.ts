// Owns concatenation: flat copies, append buffers and ropes, and the flattening of ropes. Must never recurse (ropes get as
// deep as a program is long) and must never let a program see which of the three it got.
//
//   short result                                   flat copy, marked BUILT
//   a is BUILT, or a left-heavy rope               append buffer of twice the size; the result is a slice of it
//   a is the slice that ends at its buffer's end   the characters go into the buffer, a new slice covers both
//   no room                                        a buffer of twice the size takes over, the old one is marked MOVED
//   anything else that is long                     a rope
//
// So `s += x` costs the length of x, even if the program reads s in between; `s = x + s` and "(" + s + ")" cost a rope until read.
import {
  Kind, ROPE_LEFT, ROPE_RIGHT, ROPE_SIZE, SLICE_BASE, SLICE_START, STRBUF_CAPACITY, STRBUF_FLAGS, STRBUF_SIZE, STRBUF_USED, STRING_FLAGS, STRING_LENGTH, STRING_SIZE,
} from "../generated/kinds";
import { VM_HEAP_TOP, VM_MEMORY_END } from "../generated/layout";
import { allocate, chargeFuel, ensureMemory, kindOf, usesScratch } from "../heap/memory";
import { BUILT, copyChars, flagsOf, lengthOf, MAX_LENGTH, MOVED, newBuffer, newLatin1, newSlice, newTwoByte, sliceChars, TWO_BYTE } from "./cells";

/** Results up to this long are always copied. */
const FLAT_MAX: i32 = 24;
/** Results from here on become ropes rather than copies when there is no buffer to append to. */
const ROPE_MIN: i32 = 256;
/** Buffers beyond this grow by a quarter instead of doubling. */
const DOUBLING_MAX: i32 = 1 << 20;

/** Bytes that a concatenation (and a later flattening of its result) may take: the price for `reserve`. */
export function concatBytes(a: usize, b: usize): usize {
  return <usize>(lengthOf(a) + lengthOf(b)) << (1 + ((flagsOf(a) | flagsOf(b)) & TWO_BYTE));
}

function bufferCapacity(length: i32): i32 {
  return min(MAX_LENGTH, length <= DOUBLING_MAX ? length << 1 : length + (length >> 2));
}

/** Address of the first character. A rope is flattened first, in place. */
// @ts-ignore: decorator
@inline
export function charsOf(s: usize): usize {
  const kind = kindOf(s);
  if (kind == Kind.STRING) return s + STRING_SIZE;
  return kind == Kind.SLICE ? sliceChars(s) : flattenSlow(s);
}

/** Bytes that making `s` flat may take: the price for `reserve`. */
export function flatteningBytes(s: usize): usize {
  return kindOf(s) == Kind.ROPE ? <usize>lengthOf(s) << (1 + (flagsOf(s) & TWO_BYTE)) : 0;
}

/** Copies the characters of a flat string or slice. */
// @ts-ignore: decorator
@inline
function copyFlat(to: usize, width: u32, s: usize): void {
  copyChars(to, width, kindOf(s) == Kind.STRING ? s + STRING_SIZE : sliceChars(s), flagsOf(s) & TWO_BYTE, lengthOf(s));
}

/**
 * Writes the characters of a rope to `to`, last first, with the left halves still to do on a stack in the free memory
 * above the heap.
 */
function writeRope(rope: usize, to: usize, width: u32): void {
  const bottom = <usize>load<u32>(VM_HEAP_TOP);
  let limit = <usize>load<u32>(VM_MEMORY_END) - 8;
  let top = bottom;
  let end = to + (<usize>lengthOf(rope) << width);
  let node = rope;
  let visited: i32 = 0;
  while (true) {
    while (kindOf(node) == Kind.ROPE) {
      if (top >= limit) {
        ensureMemory(top + 0x10000);
        limit = <usize>load<u32>(VM_MEMORY_END) - 8;
      }
      store<u32>(top, load<u32>(node, ROPE_LEFT));
      top += 4;
      node = <usize>load<u32>(node, ROPE_RIGHT);
      visited++;
    }
    end -= <usize>lengthOf(node) << width;
    copyFlat(end, width, node);
    if (top == bottom) break;
    top -= 4;
    node = <usize>load<u32>(top);
  }
  usesScratch(bottom + (<usize>visited << 2));
  chargeFuel(visited >> 3);
}

/** Turns a rope into a slice of a flat string, or of an append buffer if it looks as if more will be appended. */
function flattenSlow(rope: usize): usize {
  const length = lengthOf(rope);
  const width = flagsOf(rope) & TWO_BYTE;
  const left = <usize>load<u32>(rope, ROPE_LEFT);
  let base: usize = 0;
  let chars: usize = 0;
  if (lengthOf(left) << 1 >= length) {
    base = newBuffer(bufferCapacity(length), width);
    store<i32>(base, length, STRBUF_USED);
    chars = base + STRBUF_SIZE;
  } else {
    base = width ? newTwoByte(length) : newLatin1(length);
    chars = base + STRING_SIZE;
  }
  writeRope(rope, chars, width);
  // The size stays: a rope and a slice are equally long.
  store<u8>(rope, <u8>Kind.SLICE, 7);
  store<u32>(rope, width, STRING_FLAGS);
  store<u32>(rope, <u32>base, SLICE_BASE);
  store<u32>(rope, 0, SLICE_START);
  return chars;
}

function newRope(a: usize, b: usize, length: i32): usize {
  const s = allocate(Kind.ROPE, ROPE_SIZE);
  store<u32>(s, 0);
  store<i32>(s, length, STRING_LENGTH);
  store<u32>(s, (flagsOf(a) | flagsOf(b)) & TWO_BYTE, STRING_FLAGS);
  store<u32>(s, <u32>a, ROPE_LEFT);
  store<u32>(s, <u32>b, ROPE_RIGHT);
  return s;
}

function concatFlat(a: usize, b: usize, length: i32, mark: u32): usize {
  const width = (flagsOf(a) | flagsOf(b)) & TWO_BYTE;
  const s = width ? newTwoByte(length) : newLatin1(length);
  const to = s + STRING_SIZE;
  copyChars(to, width, charsOf(a), flagsOf(a) & TWO_BYTE, lengthOf(a));
  copyChars(to + (<usize>lengthOf(a) << width), width, charsOf(b), flagsOf(b) & TWO_BYTE, lengthOf(b));
  store<u32>(s, width | mark, STRING_FLAGS);
  return s;
}

/** Both into a new buffer with room for as much again. */
function concatBuffer(a: usize, b: usize, length: i32): usize {
  const width = (flagsOf(a) | flagsOf(b)) & TWO_BYTE;
  const from = charsOf(a);
  const more = charsOf(b);
  const buffer = newBuffer(bufferCapacity(length), width);
  const to = buffer + STRBUF_SIZE;
  copyChars(to, width, from, flagsOf(a) & TWO_BYTE, lengthOf(a));
  copyChars(to + (<usize>lengthOf(a) << width), width, more, flagsOf(b) & TWO_BYTE, lengthOf(b));
  store<i32>(buffer, length, STRBUF_USED);
  return newSlice(buffer, 0, length);
}

/** The buffer at whose end the slice `a` ends, so that `a` may append to it; 0 if there is no such buffer. */
// @ts-ignore: decorator
@inline
function ownedBuffer(a: usize): usize {
  if (kindOf(a) != Kind.SLICE) return 0;
  const base = <usize>load<u32>(a, SLICE_BASE);
  if (kindOf(base) != Kind.STRBUF || (load<u32>(base, STRBUF_FLAGS) & MOVED) != 0) return 0;
  return load<i32>(a, SLICE_START) + lengthOf(a) == load<i32>(base, STRBUF_USED) ? base : 0;
}

function concatLong(a: usize, b: usize, length: i32): usize {
  if (length < ROPE_MIN) {
    return (flagsOf(a) & BUILT) != 0 && lengthOf(a) >= lengthOf(b) ? concatBuffer(a, b, length) : concatFlat(a, b, length, BUILT);
  }
  if (kindOf(a) == Kind.ROPE) {
    const left = <usize>load<u32>(a, ROPE_LEFT);
    // A short string is appended for the second time to a long one: this is probably a loop.
    if (lengthOf(left) << 1 >= lengthOf(a)) {
      flattenSlow(a);
      return append(a, <usize>load<u32>(a, SLICE_BASE), b, length);
    }
  }
  return newRope(a, b, length);
}

/** Appends to the buffer at whose end `a` ends. */
// @ts-ignore: decorator
@inline
function append(a: usize, buffer: usize, b: usize, length: i32): usize {
  const width = load<u32>(buffer, STRBUF_FLAGS) & TWO_BYTE;
  const more = charsOf(b);
  const fromWidth = flagsOf(b) & TWO_BYTE;
  const used = load<i32>(buffer, STRBUF_USED);
  if (fromWidth > width || lengthOf(b) > load<i32>(buffer, STRBUF_CAPACITY) - used) return moveBufferSlow(a, buffer, b, length);
  copyChars(buffer + STRBUF_SIZE + (<usize>used << width), width, more, fromWidth, lengthOf(b));
  store<i32>(buffer, used + lengthOf(b), STRBUF_USED);
  return newSlice(buffer, load<i32>(a, SLICE_START), length);
}

function moveBufferSlow(a: usize, buffer: usize, b: usize, length: i32): usize {
  if (length >= ROPE_MIN && lengthOf(b) > lengthOf(a)) return newRope(a, b, length);
  store<u32>(buffer, load<u32>(buffer, STRBUF_FLAGS) | MOVED, STRBUF_FLAGS);
  return concatBuffer(a, b, length);
}

/**
 * a followed by b. The caller has checked canConcat, and has reserved concatBytes if they are many.
 * https://tc39.es/ecma262/#string-concatenation
 */
export function concat(a: usize, b: usize): usize {
  const la = lengthOf(a);
  const lb = lengthOf(b);
  if (lb == 0) return a;
  if (la == 0) return b;
  const length = la + lb;
  if (length <= FLAT_MAX) return concatFlat(a, b, length, 0);
  const buffer = ownedBuffer(a);
  if (buffer != 0) return append(a, buffer, b, length);
  return concatLong(a, b, length);
}
