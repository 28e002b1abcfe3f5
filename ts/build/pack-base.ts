// Owns the packing of the base image's cells (ts/vm/base-packing.ts says how they look packed, and how they come out again). Must never
// answer with what does not come out as it went in, but for what assembly/host/complete-base.ts makes again.
import { ByteWriter } from "../compiler/image-builder.ts";
import { KIND } from "../generated/machine.ts";
import {
  charBytes,
  HEADER,
  SIZE_BITS,
  STRING_CHARS,
  STRING_FLAGS,
  STRING_LENGTH,
  stringWords,
  TABLE_ENTRIES,
  unpackCells,
} from "../vm/base-packing.ts";

const u32 = (n: number): Uint8Array => new Uint8Array(Uint32Array.of(n).buffer);

/** The cells in the form in which they travel. */
export function packCells(cells: Uint8Array): Uint8Array {
  const words = new Uint32Array(cells.slice().buffer);
  const kept: number[] = [];
  const lengths = new ByteWriter();
  const flags = new ByteWriter();
  const chars = new ByteWriter();
  let strings = 0;
  // What is left out reads as zero.
  const expected = words.slice();
  for (let at = 0; at < words.length;) {
    const header = words[at + HEADER]!;
    const size = (header & SIZE_BITS) * 2;
    if (header >>> 24 === KIND.STRING) {
      const [length, bits] = [words[at + STRING_LENGTH]!, words[at + STRING_FLAGS]!];
      if (size !== stringWords(length, bits))
        throw new Error("a string of the base image has another size than its length");
      kept.push(0, (header & ~SIZE_BITS) >>> 0);
      expected[at] = 0;
      lengths.v(length);
      flags.v(bits);
      const from = 4 * (at + STRING_CHARS);
      chars.raw(cells.subarray(from, from + charBytes(length, bits)));
      strings++;
    } else {
      const end = at + (header >>> 24 === KIND.ATOMTABLE ? TABLE_ENTRIES : size);
      for (let i = at; i < end; i++) kept.push(words[i]!);
      expected.fill(0, end, at + size);
    }
    at += size;
  }
  const out = new ByteWriter();
  out.raw(u32(kept.length));
  out.raw(new Uint8Array(Uint32Array.from(kept).buffer));
  out.raw(u32(strings));
  for (const part of [lengths, flags, chars]) out.raw(part.done());
  const packed = out.done();
  if (!Buffer.from(expected.buffer).equals(unpackCells(packed, cells.length)))
    throw new Error("the base image does not come out as it went in");
  return packed;
}
