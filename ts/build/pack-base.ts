// Owns the packing of the base image's cells (ts/defs/packed-format.ts). Must never lose anything that loading does not recompute: the
// build of the base image unpacks the result and compares (ts/build/build-base-image.ts).

import { ByteWriter } from "../bytes/writer.ts";
import { KINDS, UNPACK_ROOM } from "../defs/packed-format.ts";
import {
  ATOMTABLE_SIZE,
  KIND,
  PROPTABLE_CAPACITY,
  PROPTABLE_SIZE,
  STRING_FLAGS,
  STRING_LENGTH,
  STRING_SIZE,
} from "../generated/machine.ts";

/** Word of a cell with its kind and size. */
const HEADER = 1;
/** Bits of a header that say how many double words a cell has. */
const SIZE_BITS = 0xff_ffff;
/** Flag of a STRING whose characters take two bytes. */
const TWO_BYTE = 1;
/** Cells of a kind with at most this many words have a column for each; of larger ones only the first few words do. */
const LARGE = 20;
const FIRST_FEW = 4;

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

interface Cell {
  /** First word. */
  readonly at: number;
  readonly kind: number;
  /** Words of the whole cell. */
  readonly size: number;
}

function cellsOf(words: Uint32Array): Cell[] {
  const cells: Cell[] = [];
  for (let at = 0; at < words.length; at += cells.at(-1)!.size) {
    const header = words[at + HEADER]!;
    cells.push({ at, kind: header >>> 24, size: (header & SIZE_BITS) * 2 });
  }
  return cells;
}

/** Copies cells and clears the parts whose values differ from instance to instance: the hashes of strings, and the table of atoms. */
export function bareCells(cells: Uint8Array): Uint8Array {
  const words = new Uint32Array(cells.slice().buffer);
  for (const { at, kind, size } of cellsOf(words)) {
    if (kind === KIND.STRING) words[at] = 0;
    if (kind === KIND.ATOMTABLE) words.fill(0, at + 2, at + size);
  }
  return new Uint8Array(words.buffer);
}

/** Addresses of cells as ranks: kind by kind, in each in the order of the cells. */
function ranksOf(cells: readonly Cell[], start: number): Map<number, number> {
  const byKind = [...cells.keys()].sort((a, b) => cells[a]!.kind - cells[b]!.kind || a - b);
  return new Map(byKind.map((cell, rank) => [start + 4 * cells[cell]!.at, rank]));
}

/** A column: the same word of all cells of a kind. */
class Column {
  readonly bytes = new ByteWriter();
  /** The rank after the one that was named last. */
  #next = 0;

  /** Writes a number of up to 33 bits. */
  #v(n: number): void {
    for (; n > 127; n = Math.floor(n / 128)) this.bytes.byte((n % 128) | 128);
    this.bytes.byte(n);
  }

  put(word: number, rank: number | undefined): void {
    if (rank === undefined) return this.#v(2 * word);
    const distance = rank - this.#next;
    this.#next = rank + 1;
    this.#v(1 + 2 * (((distance << 1) ^ (distance >> 31)) >>> 0));
  }
}

/** How many words of each kind have a column of their own. */
function ownColumns(cells: readonly Cell[]): Uint8Array {
  const largest = new Uint8Array(KINDS);
  for (const { kind, size } of cells) largest[kind] = Math.max(largest[kind]!, Math.min(size, LARGE + 1));
  largest[KIND.STRING] = STRING_SIZE / 4;
  return largest.map((size) => (size > LARGE ? FIRST_FEW : size));
}

/** How many words of a cell are in columns. The others are computed again. */
function keptWords({ at, kind, size }: Cell, words: Uint32Array): number {
  if (kind === KIND.ATOMTABLE) return ATOMTABLE_SIZE / 4;
  if (kind === KIND.PROPTABLE) return PROPTABLE_SIZE / 4 + 2 * words[at + PROPTABLE_CAPACITY / 4]!;
  return size;
}

/** The cells in their packed form; `start` is the address of the first. */
export function packCells(bytes: Uint8Array, start: number): Packed {
  const words = new Uint32Array(bytes.slice().buffer);
  const cells = cellsOf(words);
  const ranks = ranksOf(cells, start);
  const own = ownColumns(cells);
  const first: number[] = [0];
  for (const count of own) first.push(first.at(-1)! + (count === 0 ? 0 : count + 2));
  const columns = Array.from({ length: first.at(-1)! }, () => new Column());
  const chars = new ByteWriter();
  const strings: BaseString[] = [];
  for (const cell of cells) {
    const { at, kind, size } = cell;
    if (kind === KIND.STRING) {
      const [length, flags] = [words[at + STRING_LENGTH / 4]!, words[at + STRING_FLAGS / 4]!];
      columns[first[kind]! + STRING_LENGTH / 4]!.put(length, undefined);
      columns[first[kind]! + STRING_FLAGS / 4]!.put(flags, undefined);
      const from = 4 * at + STRING_SIZE;
      const text = bytes.slice(from, from + (length << (flags & TWO_BYTE)));
      chars.raw(text);
      strings.push({ bytes: text, isWide: (flags & TWO_BYTE) !== 0 });
      continue;
    }
    columns[first[kind]! + HEADER]!.put(size / 2, undefined);
    for (let i = 0, end = keptWords(cell, words); i < end; i++) {
      if (i === HEADER) continue;
      const column = first[kind]! + (i < own[kind]! ? i : own[kind]! + (i & 1));
      columns[column]!.put(words[at + i]!, ranks.get(words[at + i]!));
    }
  }
  const room = 8 * KINDS + 8 * columns.length + 4 * cells.length;
  if (room > UNPACK_ROOM)
    throw new Error(`unpacking needs ${room} bytes, more than UNPACK_ROOM (ts/defs/packed-format.ts)`);
  return { packed: joined(cells, own, columns, chars), strings, bare: bareCells(bytes) };
}

function joined(cells: readonly Cell[], own: Uint8Array, columns: readonly Column[], chars: ByteWriter): Uint8Array {
  const out = new ByteWriter();
  out.raw(own);
  const streams = columns.map(({ bytes }) => bytes.done());
  for (const stream of streams) out.v(stream.length);
  out.raw(Uint8Array.from(cells, ({ kind }) => kind));
  for (const stream of streams) out.raw(stream);
  out.raw(chars.done());
  const rest = out.done();
  const packed = new Uint8Array(8 + rest.length);
  new Uint32Array(packed.buffer, 0, 2).set([packed.length, cells.length]);
  packed.set(rest, 8);
  return packed;
}
