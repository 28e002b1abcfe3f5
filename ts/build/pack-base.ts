// Owns the packing of the base image's cells (ts/defs/packed-format.ts). Must never lose anything that loading does not recompute: the
// build of the base image unpacks the result and compares (ts/build/build-base-image.ts).

import { ByteWriter } from "../bytes/writer.ts";
import { KIND } from "../generated/machine.ts";

// Offsets in cells (ts/defs/kinds.ts), in words.
const HEADER = 1;
const STRING_LENGTH = 2;
const STRING_FLAGS = 3;
const STRING_CHARS = 4;
const TABLE_ENTRIES = 4;
/** Bits of a header that say how many double words a cell has. */
const SIZE_BITS = 0xff_ffff;
/** Flag of a STRING whose characters take two bytes. */
const TWO_BYTE = 1;

/** A string of the base image. */
export interface BaseString {
  readonly bytes: Uint8Array;
  readonly isWide: boolean;
}

interface Packed {
  readonly packed: Uint8Array;
  /** The strings, in their order. */
  readonly strings: readonly BaseString[];
  /** The cells without the parts that loading recomputes (`bareCells`). */
  readonly bare: Uint8Array;
}

/** Copies cells and clears the parts that loading recomputes: the hashes of strings, and the table of atoms. */
export function bareCells(cells: Uint8Array): Uint8Array {
  const words = new Uint32Array(cells.slice().buffer);
  for (let at = 0; at < words.length;) {
    const header = words[at + HEADER]!;
    const end = at + (header & SIZE_BITS) * 2;
    if (header >>> 24 === KIND.STRING) words[at] = 0;
    if (header >>> 24 === KIND.ATOMTABLE) words.fill(0, at + 2, end);
    at = end;
  }
  return new Uint8Array(words.buffer);
}

/** The cells in their packed form. */
export function packCells(cells: Uint8Array): Packed {
  const words = new Uint32Array(cells.slice().buffer);
  const kept: number[] = [];
  const lengths = new ByteWriter();
  const flags = new ByteWriter();
  const chars = new ByteWriter();
  const strings: BaseString[] = [];
  for (let at = 0; at < words.length;) {
    const header = words[at + HEADER]!;
    const size = (header & SIZE_BITS) * 2;
    if (header >>> 24 === KIND.STRING) {
      const [length, bits] = [words[at + STRING_LENGTH]!, words[at + STRING_FLAGS]!];
      const from = 4 * (at + STRING_CHARS);
      const bytes = cells.slice(from, from + (length << (bits & TWO_BYTE)));
      kept.push(0, (header & ~SIZE_BITS) >>> 0);
      lengths.v(length);
      flags.v(bits);
      chars.raw(bytes);
      strings.push({ bytes, isWide: (bits & TWO_BYTE) !== 0 });
    } else {
      const end = header >>> 24 === KIND.ATOMTABLE ? at + TABLE_ENTRIES : at + size;
      for (let i = at; i < end; i++) kept.push(words[i]!);
    }
    at += size;
  }
  const parts = [new Uint8Array(Uint32Array.from(kept).buffer), lengths.done(), flags.done(), chars.done()];
  const out = new ByteWriter();
  out.raw(new Uint8Array(Uint32Array.from(parts, ({ length }) => length).buffer));
  for (const part of parts) out.raw(part);
  return { packed: out.done(), strings, bare: bareCells(cells) };
}
