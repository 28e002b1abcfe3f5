// Owns the linked code of the prelude: machines start with stubs of its functions, and ask for the code of one when it is called
// first (assembly/bytecode/prelude-code.ts). The code is the same for all machines of a core. Must never link a file before one of
// its functions is needed: most programs need few files, and linking them all would delay the start of a process.
//
// A file is linked in a machine of its own, which has the base image, so every string of the code already has the same address as
// in all other machines. Pointers of the code into its own file are then replaced by those to the program and the stubs in the
// base image.

import { CACHE_SIZE } from "../defs/kinds.ts";
import { PRELUDE_PROGRAM } from "../defs/program-ids.ts";
import { InternalError } from "../errors.ts";
import { CODE_CACHES, CODE_PROGRAM, CODE_RELOCATIONS, CODE_TABLES } from "../generated/machine.ts";
import { codesOf, kindAndSize, programsOf } from "./base-image.ts";
import type { Machine } from "./machine.ts";

/** Makes a CODE cell point into the base image, which ends at `end`. */
function move(cell: Uint32Array, moved: ReadonlyMap<number, number>, end: number): void {
  const mend = (word: number): void => {
    const address = moved.get(cell[word]!) ?? cell[word]!;
    if (address >= end) throw new InternalError("code of the prelude needs what the base image does not have");
    cell[word] = address;
  };
  mend(CODE_PROGRAM / 4);
  const relocations = (cell[CODE_TABLES / 4]! + cell[CODE_CACHES / 4]! * CACHE_SIZE) / 4;
  for (let i = 0; i < cell[CODE_RELOCATIONS / 4]!; i++) mend(cell[relocations + i]! >>> 3);
}

/** The parts of a core that linking needs. */
export interface PreludeSource {
  /** The images of the files of the prelude, in order. */
  images(): readonly Uint8Array[];
  /** The base image, and where it starts. */
  base(): { readonly at: number; readonly bytes: Uint8Array };
  /** Returns a fresh machine, with room for the linked code. */
  linker(): Machine;
}

export class PreludeCode {
  readonly #source: PreludeSource;
  /** CODE cells by file and function. */
  readonly #files: (readonly Uint8Array[] | undefined)[] = [];
  #machine: Machine | undefined;
  #programs: ReadonlyMap<number, number> | undefined;

  constructor(source: PreludeSource) {
    this.#source = source;
  }

  /** Returns the CODE cell of a prelude function, in the form it has in the heap of any machine. It must not be written to. */
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
    const stubs = codesOf(u32, target);
    const codes = codesOf(u32, program);
    const moved = new Map([[program, target], ...Array.from(codes, (code, i): [number, number] => [code, stubs[i]!])]);
    return Array.from(codes, (code) => {
      const cell = u32.slice(code >>> 2, (code + kindAndSize(u32[(code >>> 2) + 1]!).size) >>> 2);
      move(cell, moved, base.at + base.bytes.length);
      return new Uint8Array(cell.buffer);
    });
  }
}
