// Owns the linked code of the prelude: machines start with outlines of its functions, and ask for the code of one when it is called first
// (assembly/bytecode/prelude-code.ts). It is the same for all machines of a core. Must never link a file before one of its functions is
// wanted: most programs need few of them, and a process that starts has better things to do.
//
// A file is linked in a machine of its own, which has the base image, so every string of the code is already where it is in all others.
// What the code points to there, of its own file, is replaced by what the base image has: program and outlines.

import { InternalError } from "../errors.ts";
import { codesOf, kindAndSize, PRELUDE_PROGRAM, programsOf } from "./base-image.ts";
import type { Machine } from "./machine.ts";

// Offsets in CODE cells (ts/defs/kinds.ts), in words.
const CODE_PROGRAM = 2;
const CODE_TABLES = 10;
const CODE_CACHES = 11;
const CODE_RELOCATIONS = 12;
const CACHE_WORDS = 4;

/** Points a CODE cell to what the base image, which ends at `end`, has. */
function move(cell: Uint32Array, moved: ReadonlyMap<number, number>, end: number): void {
  const mend = (word: number): void => {
    const address = moved.get(cell[word]!) ?? cell[word]!;
    if (address >= end) throw new InternalError("code of the prelude needs what the base image does not have");
    cell[word] = address;
  };
  mend(CODE_PROGRAM);
  const relocations = cell[CODE_TABLES]! / 4 + cell[CODE_CACHES]! * CACHE_WORDS;
  for (let i = 0; i < cell[CODE_RELOCATIONS]!; i++) mend(cell[relocations + i]! >>> 3);
}

/** What linking needs of a core. */
export interface PreludeSource {
  /** The images of the files of the prelude, in order. */
  images(): readonly Uint8Array[];
  /** The base image, and where it starts. */
  base(): { readonly at: number; readonly bytes: Uint8Array };
  /** A fresh machine, with room for what is linked. */
  linker(): Machine;
}

export class PreludeCode {
  readonly #source: PreludeSource;
  /** By file, by function: its CODE cell. */
  readonly #files: (readonly Uint8Array[] | undefined)[] = [];
  #machine: Machine | undefined;
  #programs: ReadonlyMap<number, number> | undefined;

  constructor(source: PreludeSource) {
    this.#source = source;
  }

  /** CODE cell of a function of the prelude, as it is to stand in the heap of any machine. Nobody may write to it. */
  cell(program: number, index: number): Uint8Array {
    const file = program - PRELUDE_PROGRAM;
    const cell = (this.#files[file] ??= this.#link(file))[index];
    if (cell === undefined) throw new InternalError(`the prelude has no function ${index} in file ${file}`);
    return cell;
  }

  #link(file: number): Uint8Array[] {
    const images = this.#source.images();
    const base = this.#source.base();
    this.#programs ??= programsOf(base.bytes, base.at);
    const image = images[file];
    const target = this.#programs.get(PRELUDE_PROGRAM + file);
    if (image === undefined || target === undefined) throw new InternalError(`the prelude has no file ${file}`);
    const machine = (this.#machine ??= this.#source.linker());
    const at = machine.exports.transferSpace(image.length);
    machine.views.u8.set(image, at);
    const program = machine.exports.snapshotLink(at, image.length, PRELUDE_PROGRAM + file);
    if (program === 0) throw new InternalError(`file ${file} of the prelude does not link`);
    const { u32 } = machine.views;
    const outlines = codesOf(u32, target);
    const codes = codesOf(u32, program);
    const moved = new Map([
      [program, target],
      ...Array.from(codes, (code, i): [number, number] => [code, outlines[i]!]),
    ]);
    return Array.from(codes, (code) => {
      const cell = u32.slice(code >>> 2, (code + kindAndSize(u32[(code >>> 2) + 1]!).size) >>> 2);
      move(cell, moved, base.at + base.bytes.length);
      return new Uint8Array(cell.buffer);
    });
  }
}
