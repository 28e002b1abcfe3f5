// Owns the form in which the cells of the base image travel in the wasm, and the way back to what must stand in memory. What follows
// from the rest stays away: hashes of strings and the table of atoms, which assembly/host/complete-base.ts makes again, and the
// sizes of strings. Must never know what other cells mean.
//
//   u32 number of words, the words; u32 number of strings; of each its length, then of each its flags, all v; then their characters
//
// The words are the cells in their order; of a STRING only its first two without its size, of the ATOMTABLE what stands before the
// entries.

import { KIND } from "../generated/machine.ts";
import type { BaseString } from "./prelude-streams.ts";

// Offsets in cells (ts/defs/kinds.ts), in words.
export const HEADER = 1;
export const STRING_LENGTH = 2;
export const STRING_FLAGS = 3;
export const STRING_CHARS = 4;
export const TABLE_ENTRIES = 4;
/** Bits of a header that say how many double words a cell has. */
export const SIZE_BITS = 0xff_ffff;
/** Flag of a STRING whose characters take two bytes. */
const TWO_BYTE = 1;

/** Bytes that the characters of a STRING take. */
export function charBytes(length: number, flags: number): number {
  return length << (flags & TWO_BYTE);
}

/** Words of a STRING. */
export function stringWords(length: number, flags: number): number {
  return STRING_CHARS + 2 * Math.ceil(charBytes(length, flags) / 8);
}

/** The cells, `length` bytes of them, as far as they have travelled. */
export function unpackCells(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(packed.buffer, packed.byteOffset);
  const wordsEnd = 4 + 4 * view.getUint32(0, true);
  const words = new Uint32Array(packed.slice(4, wordsEnd).buffer);
  const count = view.getUint32(wordsEnd, true);
  let at = wordsEnd + 4;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = packed[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const lengths = Array.from({ length: count }, number);
  const flags = Array.from({ length: count }, number);
  const cells = new Uint32Array(length / 4);
  const bytes = new Uint8Array(cells.buffer);
  let string = 0;
  // Cells that travel whole are copied together: those from `start` on have not been yet.
  let start = 0;
  let to = 0;
  for (let from = 0; from < words.length;) {
    const header = words[from + HEADER]!;
    const kind = header >>> 24;
    const size = (header & SIZE_BITS) * 2;
    if (kind !== KIND.STRING && kind !== KIND.ATOMTABLE) {
      from += size;
      continue;
    }
    from += kind === KIND.STRING ? STRING_LENGTH : TABLE_ENTRIES;
    cells.set(words.subarray(start, from), to);
    to += from - start;
    start = from;
    if (kind === KIND.ATOMTABLE) {
      to += size - TABLE_ENTRIES;
      continue;
    }
    const [n, bits] = [lengths[string]!, flags[string]!];
    string++;
    cells[to - 1]! |= stringWords(n, bits) >> 1;
    cells[to] = n;
    cells[to + 1] = bits;
    const end = at + charBytes(n, bits);
    bytes.set(packed.subarray(at, end), 4 * (to + 2));
    at = end;
    to += stringWords(n, bits) - STRING_LENGTH;
  }
  cells.set(words.subarray(start), to);
  return bytes;
}

/** The strings among cells, in their order. */
export function stringsIn(cells: Uint8Array): BaseString[] {
  const view = new DataView(cells.buffer, cells.byteOffset, cells.length);
  const strings: BaseString[] = [];
  let header = 0;
  for (let at = 0; at < cells.length; at += (header & SIZE_BITS) * 8) {
    header = view.getUint32(at + 4 * HEADER, true);
    if (header >>> 24 !== KIND.STRING) continue;
    const flags = view.getUint32(at + 4 * STRING_FLAGS, true);
    const start = at + 4 * STRING_CHARS;
    const end = start + charBytes(view.getUint32(at + 4 * STRING_LENGTH, true), flags);
    strings.push({ bytes: cells.subarray(start, end), isWide: (flags & TWO_BYTE) !== 0 });
  }
  return strings;
}
