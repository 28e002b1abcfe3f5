// Owns the form in which the base image travels in the wasm, and the way back to what must stand in memory. Must never know
// what the cells mean, except those that say where code is.
//
// Linked code is four times as large as the program image it was linked from, and that image ships in any case (snapshots
// compare with it). So the packed form leaves the body of every CODE cell out:
//
//   packed   cell cell [8 bytes of a CODE cell] cell …          all in the order of their addresses
//
// and whoever unpacks links the prelude once more, in an instance that has all the rest, where every string it needs is
// already interned. Its cells come to lie elsewhere, so what points from one to another is moved (the relocations of a CODE
// cell name those places); then they are put where the packed form has left them out. The build compares the outcome with
// what it packed (ts/build/build-base-image.ts).

import { InternalError } from "../errors.ts";
import { KIND } from "../generated/machine.ts";

export const BASE_VERSION = 2;
/** Program id of the first file of the prelude. */
export const PRELUDE_PROGRAM = 0xffff_0000;

/** Bytes of a CODE cell that are packed: its size stands there. */
const CODE_HEAD = 8;
// Offsets in cells (ts/defs/kinds.ts), in words.
const PROGRAM_ID = 2;
const PROGRAM_COUNT = 3;
const PROGRAM_FUNCTIONS = 6;
const POINTERS_FIRST = 4;
const CODE_PROGRAM = 2;
const CODE_TABLES = 10;
const CODE_CACHES = 11;
const CODE_RELOCATIONS = 12;
const CACHE_WORDS = 4;

/** What unpacking needs of an instance that has the base image without its code. */
export interface Relinker {
  /** Its memory, anew after each link. */
  readonly u32: Uint32Array;
  /** Links a file of the prelude; address of its program, 0 if it is refused. */
  link(image: Uint8Array, id: number): number;
}

/** Kind and size in bytes of the cell whose second word this is. */
function kindAndSize(header: number): { readonly kind: number; readonly size: number } {
  return { kind: header >>> 24, size: (header & 0xff_ffff) * 8 };
}

/** The cells without the bodies of CODE cells. */
export function packCells(cells: Uint8Array): Uint8Array {
  const view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  const packed = new Uint8Array(cells.length);
  let length = 0;
  for (let at = 0; at < cells.length;) {
    const { kind, size } = kindAndSize(view.getUint32(at + 4, true));
    const kept = kind === KIND.CODE ? CODE_HEAD : size;
    packed.set(cells.subarray(at, at + kept), length);
    length += kept;
    at += size;
  }
  return packed.subarray(0, length);
}

/** The cells, `length` bytes of them, with zeros where the bodies of CODE cells will be. */
export function layOutCells(packed: Uint8Array, length: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const cells = new Uint8Array(length);
  let from = 0;
  let at = 0;
  // Cells between two CODE cells are copied together.
  let run = 0;
  while (at < length) {
    const { kind, size } = kindAndSize(view.getUint32(from + 4, true));
    const kept = kind === KIND.CODE ? CODE_HEAD : size;
    from += kept;
    run += kept;
    at += size;
    if (kind === KIND.CODE || at >= length) {
      const start = at - size + kept - run;
      cells.set(packed.subarray(from - run, from), start);
      run = 0;
    }
  }
  if (at !== length || from !== packed.length) throw new InternalError("the base image is damaged");
  return cells;
}

/** Addresses of the programs of the prelude by id, from the cells of a base image that starts at `start`. */
export function programsOf(cells: Uint8Array, start: number): Map<number, number> {
  const view = new DataView(cells.buffer, cells.byteOffset, cells.byteLength);
  const programs = new Map<number, number>();
  for (let at = 0; at < cells.length;) {
    const { kind, size } = kindAndSize(view.getUint32(at + 4, true));
    if (kind === KIND.PROGRAM) programs.set(view.getUint32(at + 4 * PROGRAM_ID, true), start + at);
    at += size;
  }
  return programs;
}

/** The images of the files of the prelude, from the section `fermata.prelude`. */
export function preludeImages(section: ArrayBuffer): Uint8Array[] {
  const view = new DataView(section);
  const images: Uint8Array[] = [];
  let at = 4;
  for (let n = 0; n < view.getUint32(0, true); n++) {
    const length = view.getUint32(at, true);
    images.push(new Uint8Array(section, at + 4, length));
    at += 4 + length;
  }
  return images;
}

/** Where the code of a program lies: address of each function's CODE cell. */
function codesOf(u32: Uint32Array, program: number): Uint32Array {
  const functions = (u32[(program >>> 2) + PROGRAM_FUNCTIONS]! >>> 2) + POINTERS_FIRST;
  return u32.subarray(functions, functions + u32[(program >>> 2) + PROGRAM_COUNT]!);
}

/** Fills in the code that {@link layOutCells} has left out. */
export function relinkCode(cells: Uint8Array, start: number, images: readonly Uint8Array[], linker: Relinker): void {
  const programs = programsOf(cells, start);
  images.forEach((image, file) => {
    const target = programs.get(PRELUDE_PROGRAM + file);
    const program = linker.link(image, PRELUDE_PROGRAM + file);
    if (target === undefined || program === 0) throw new InternalError("the prelude does not link");
    const { u32 } = linker;
    const from = codesOf(u32, program);
    const to = codesOf(u32, target);
    const moved = new Map([[program, target], ...Array.from(from, (code, i): [number, number] => [code, to[i]!])]);
    from.forEach((code, i) => {
      const { size } = kindAndSize(u32[(code >>> 2) + 1]!);
      const cell = u32.subarray(code >>> 2, (code + size) >>> 2);
      move(cell, moved);
      cells.set(new Uint8Array(cell.buffer, cell.byteOffset, size), to[i]! - start);
    });
  });
}

/** Points a CODE cell to what its neighbours are in the base image. */
function move(cell: Uint32Array, moved: ReadonlyMap<number, number>): void {
  const mend = (word: number): void => {
    cell[word] = moved.get(cell[word]!) ?? cell[word]!;
  };
  mend(CODE_PROGRAM);
  const relocations = cell[CODE_TABLES]! / 4 + cell[CODE_CACHES]! * CACHE_WORDS;
  for (let i = 0; i < cell[CODE_RELOCATIONS]!; i++) mend(cell[relocations + i]! >>> 3);
}
