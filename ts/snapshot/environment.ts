// Owns the snapshot code's knowledge of a build: pristine base objects, stable ids, the prelude's images, the exports that it
// calls. Must never change while the core exists.

import { ByteReader } from "../bytes/reader.ts";
import { extractFunctions } from "../compiler/image.ts";
import { BASE_START } from "../defs/layout.ts";
import { PRELUDE_PROGRAM } from "../defs/program-ids.ts";
import { ATOM_SLOTS } from "../defs/snapshot-format.ts";
import { InternalError } from "../errors.ts";
import type { SnapshotExports } from "../generated/core-exports.ts";
import { ABI_HASH, ATOMS_USED, VM_ATOMS, VM_VALUE } from "../generated/machine.ts";
import { programsOf } from "../machine/base-image.ts";
import type { Core } from "../machine/core.ts";
import type { Machine } from "../machine/machine.ts";
import { PreludeTrust } from "./prelude-trust.ts";
import { Pristine } from "./pristine.ts";

/** Functions extracted from one image of prelude code, in the order of the request. */
export interface Extract {
  readonly image: Uint8Array;
}

/**
 * Reads encoded addresses: v count, then for each the distance from the one before, in double words and zigzag form. The table is a custom
 * section of the wasm (fermata.ids), written when the base image was built: addresses change with each build, ids never.
 */
function readAddresses(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const reader = new ByteReader(bytes);
  let last = 0;
  return Uint32Array.from({ length: reader.count() }, () => {
    const step = reader.v();
    return (last += 8 * ((step >>> 1) ^ -(step & 1)));
  });
}

/** Bit of a reference to a well-known atom (assembly/snapshot/write-value.ts). */
const ATOM_REFERENCE = 0xc000_0000;

/**
 * Makes the hash table of well-known atoms: {hash u32, reference u32}, open addressing. The writer takes a copy of it as the beginning of
 * its own table of texts, instead of hashing thousands of atoms for each snapshot.
 */
function atomTable(core: Core, cells: Uint8Array, at: number): Uint32Array {
  const words = new Uint32Array(cells.buffer, cells.byteOffset, cells.length / 4);
  const table = new Uint32Array(2 * ATOM_SLOTS);
  const seen = new Set<number>();
  for (let i = 0; i < ATOMS_USED; i++) {
    const address = core.wordOfBlock(VM_ATOMS + 4 * i);
    if (seen.has(address)) continue;
    seen.add(address);
    const hash = words[(address - at) / 4]!;
    if (hash === 0) throw new InternalError(`the base image has atom ${i} without its hash`);
    let slot = hash & (ATOM_SLOTS - 1);
    while (table[2 * slot + 1] !== 0) slot = (slot + 1) & (ATOM_SLOTS - 1);
    table[2 * slot] = hash;
    table[2 * slot + 1] = ATOM_REFERENCE + i + 1;
  }
  return table;
}

/** The properties of one build that matter to snapshots. */
export class Environment {
  /** Tells people which build wrote a snapshot; nothing depends on it. */
  readonly buildId = ABI_HASH.slice(0, 8);
  /** What the writer compares base objects with. */
  readonly pristine: Pristine;
  /** What the writer looks things up in: stable ids by address (`idCount` of them), from `atomsAt` on the well-known atoms by hash. */
  readonly tables: Uint8Array;
  readonly idCount: number;
  readonly atomsAt: number;
  /** By stable id: address, 0 if there is no such object in this build. */
  readonly addresses: Uint32Array;
  /** By file of the prelude: its image, and the address of its program. */
  readonly prelude: readonly { readonly image: Uint8Array; readonly program: number }[];
  /** Decides which prelude code of a snapshot is accepted. */
  readonly trust: PreludeTrust;
  readonly #extracts = new Map<string, Uint8Array>();

  constructor(core: Core) {
    const { at, bytes } = core.baseCells;
    if (at !== BASE_START) throw new InternalError("the base image is not where the core expects it");
    const [ids] = WebAssembly.Module.customSections(core.module, "fermata.ids");
    if (ids === undefined) throw new InternalError("the wasm has no table of base objects");
    this.addresses = readAddresses(new Uint8Array(ids));
    this.pristine = new Pristine(bytes, at, this.addresses, core.wordOfBlock(VM_VALUE.globalLexical));
    const { sorted } = this.pristine;
    const atoms = atomTable(core, bytes, at);
    this.idCount = sorted.length / 2;
    this.atomsAt = sorted.byteLength;
    const tables = new Uint32Array(sorted.length + atoms.length);
    tables.set(sorted);
    tables.set(atoms, sorted.length);
    this.tables = new Uint8Array(tables.buffer);
    const programs = programsOf(bytes, at);
    const [released] = WebAssembly.Module.customSections(core.module, "fermata.released");
    this.trust = new PreludeTrust(new Uint8Array(released ?? new ArrayBuffer(0)), () => core.preludeImages);
    this.prelude = core.preludeImages.map((image, n) => ({ image, program: programs.get(PRELUDE_PROGRAM + n)! }));
  }

  /** Makes an image of those functions of a prelude file, with the functions nested in them. */
  extract(file: number, indices: readonly number[]): Uint8Array {
    const key = `${file}:${indices.join(",")}`;
    let image = this.#extracts.get(key);
    if (image === undefined) {
      image = extractFunctions(this.prelude[file]!.image, indices).image;
      if (this.#extracts.size > 256) this.#extracts.clear();
      this.#extracts.set(key, image);
    }
    return image;
  }
}

const environments = new WeakMap<Core, Environment>();

/** Returns the environment of a core's build. */
export function environmentOf(core: Core): Environment {
  let environment = environments.get(core);
  if (environment === undefined) {
    environment = new Environment(core);
    environments.set(core, environment);
  }
  return environment;
}

/** The snapshot exports of a machine. */
export function snapshotExports(machine: Machine): SnapshotExports {
  return machine.exports as unknown as SnapshotExports;
}
