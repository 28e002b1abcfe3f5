// Owns strings of one character, which are interned, and strings made of UTF-16 or Latin-1 units. Must never make two strings of one
// character.
import { Atom, atomAt } from "../generated/intrinsics";
import { Kind, POINTERS_COUNT, POINTERS_SIZE, SLICE_BASE, SLICE_START, STRING_SIZE } from "../generated/kinds";
import { VM_ATOM_TABLE, VM_SINGLE_CHARS } from "../generated/layout";
import { allocate, kindOf } from "../heap/memory";
import { FIRST_CAPACITY, internLatin1, newTable } from "./atom";
import { copyBytes, fitsLatin1, flagsOf, lengthOf, narrow, newLatin1, newSlice, newTwoByte, TWO_BYTE } from "./cells";
import { charsOf } from "./rope";
import { codeUnitAt, SLICE_MIN } from "./string";

/** Makes the atom table and the single characters. Once per VM, before anything else is interned. */
export function setUpAtoms(): void {
  store<u32>(VM_ATOM_TABLE, <u32>newTable(FIRST_CAPACITY));
  singleChar(0);
}

// --- making -------------------------------------------------------------------------------------------------------

export function emptyString(): usize {
  const known = atomAt(Atom.empty);
  return known != 0 ? known : internLatin1(0, 0);
}

/** Makes the table of the 256 strings of one Latin-1 character. */
function setUpSingleCharsSlow(): void {
  const table = allocate(Kind.POINTERS, POINTERS_SIZE + 1024);
  store<u32>(table, 0);
  store<u64>(table, 256, POINTERS_COUNT);
  memory.fill(table + POINTERS_SIZE, 0, 1024);
  const byte: usize = memory.data(1);
  for (let c: usize = 0; c < 256; c++) {
    store<u8>(byte, <u8>c);
    store<u32>(table + POINTERS_SIZE + (c << 2), <u32>internLatin1(byte, 1));
  }
  store<u32>(VM_SINGLE_CHARS, <u32>table);
}

/** The atom of one Latin-1 character. */
// @ts-ignore: decorator
@inline
export function singleChar(c: i32): usize {
  if (load<u32>(VM_SINGLE_CHARS) == 0) setUpSingleCharsSlow();
  return <usize>load<u32>(<usize>load<u32>(VM_SINGLE_CHARS) + POINTERS_SIZE + (<usize>c << 2));
}

/** The string of one code unit. */
export function fromCodeUnit(c: i32): usize {
  if (c < 256) return singleChar(c);
  const s = newTwoByte(1);
  store<u16>(s, <u16>c, STRING_SIZE);
  return s;
}

/** The string of one code point, 0 … 0x10FFFF. */
export function fromCodePoint(c: i32): usize {
  if (c < 0x10000) return fromCodeUnit(c);
  const s = newTwoByte(2);
  store<u16>(s, <u16>(0xd7c0 + (c >> 10)), STRING_SIZE);
  store<u16>(s, <u16>(0xdc00 | (c & 0x3ff)), STRING_SIZE + 2);
  return s;
}

/** A copy of `length` one-byte characters. */
export function newFromLatin1(at: usize, length: i32): usize {
  if (length < 2) return length == 0 ? emptyString() : singleChar(<i32>load<u8>(at));
  const s = newLatin1(length);
  copyBytes(s + STRING_SIZE, at, <usize>length);
  return s;
}

/** A copy of `length` two-byte characters, in one byte each if all fit. */
export function newFromUtf16(at: usize, length: i32): usize {
  if (length < 2) return length == 0 ? emptyString() : fromCodeUnit(<i32>load<u16>(at));
  if (fitsLatin1(at, length)) {
    const s = newLatin1(length);
    narrow(s + STRING_SIZE, at, length);
    return s;
  }
  const s = newTwoByte(length);
  copyBytes(s + STRING_SIZE, at, <usize>length << 1);
  return s;
}

/** The code units from … to, 0 ≤ from ≤ to ≤ length. https://tc39.es/ecma262/#substring */
export function substring(s: usize, from: i32, to: i32): usize {
  const length = to - from;
  if (length <= 1) return length <= 0 ? emptyString() : fromCodeUnit(codeUnitAt(s, from));
  if (length == lengthOf(s)) return s;
  const width = flagsOf(s) & TWO_BYTE;
  const at = charsOf(s) + (<usize>from << width);
  if (length < SLICE_MIN) return width ? newFromUtf16(at, length) : newFromLatin1(at, length);
  return kindOf(s) == Kind.SLICE
    ? newSlice(<usize>load<u32>(s, SLICE_BASE), load<i32>(s, SLICE_START) + from, length)
    : newSlice(s, from, length);
}
