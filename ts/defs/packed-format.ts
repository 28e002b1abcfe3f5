// Owns the forms in which the base image and the prelude are stored in the wasm. They are made at build time
// (ts/build/pack-base.ts, ts/build/pack-prelude.ts) and belong to that build alone; assembly/host/unpack.ts reads them. They are
// arranged to compress well with gzip: hashes of strings and the table of atoms are omitted and made again, and similar data of all
// images are stored together.
//
// Base image, `v` being unsigned LEB128:
//
//   u32 bytes of all this, u32 count of cells, then for each of KINDS kinds u8 words with a column of their own (0: there is no such
//   cell), then for each column v length; then the kinds of the cells, u8 each; the columns; the characters of all strings
//
// A column has the same word of all cells of a kind: 16 numbers that mostly repeat the one before, instead of a cell of 16 words. Words
// after those with a column of their own share two columns, in turn. Columns of a kind are in the order of the words, kinds in that of
// their numbers; word 1 is the size of the cell in double words. A word is v: twice its number; or, if it is the address of a cell,
// 1 + twice the distance, in zigzag form, of that cell's rank from the one after the rank that the column named last. Ranks number the
// cells kind by kind.
//
// Omitted, because they follow from the rest: of a STRING hash, size, and characters, which are in a stream of their own; the entries of
// the ATOMTABLE; the hashes of a PROPTABLE.
//
// Prelude:
//
//   u32 image count, u32 opcode count, then 8 bytes for each opcode: words, operand count, stream of each operand; then for each
//   stream u32 length; then the streams
//
// A stream has the data of one sort of all images, in the order of the image (ts/defs/image-format.ts). Numbers are as they are
// there, with two exceptions. A register is the distance, in zigzag form, from the register that the function wrote last. A string
// is usually one of the base image: 1 + the distance, in zigzag form, from the one after the last such string; 0: the string is in
// the streams.

/** Streams by content. The longest come first, so that later ones can refer to them. Those of a function's head are in order. */
export const STREAMS = {
  register: 0, chars: 1, op: 2, u16: 3, jump: 4, imm: 5, length: 6, constant: 7, signed: 8, index: 9, words: 10, string: 11,
  flags: 12, name: 13, parameters: 14, arity: 15, registers: 16, clear: 17, start: 18, extent: 19,
  handler: 20, count: 21, tag: 22, rest: 23,
} as const;

/** In place of an operand's stream: a register that is written. */
export const WRITTEN = 255;

/** More than the largest number of a kind. */
export const KINDS = 96;

/** Memory above the packed base image that unpacking needs, in bytes. */
export const UNPACK_ROOM = 65_536;
