// Owns the snapshot code's knowledge of a build: the pristine base image, stable ids, the prelude's images, the exports that it
// calls. Must never change while the core exists.

import { ByteReader } from "../bytes/reader.ts";
import { extractFunctions } from "../compiler/image.ts";
import { BASE_START } from "../defs/layout.ts";
import { PRELUDE_PROGRAM } from "../defs/program-ids.ts";
import { InternalError } from "../errors.ts";
import { ABI_HASH } from "../generated/machine.ts";
import { programsOf } from "../machine/base-image.ts";
import type { SnapshotExports } from "../generated/core-exports.ts";
import type { Core } from "../machine/core.ts";
import type { Machine } from "../machine/machine.ts";
import { PreludeTrust } from "./prelude-trust.ts";

/** Functions extracted from one image of prelude code, in the order of the request. */
export interface Extract {
  readonly image: Uint8Array;
}

/** Reads encoded addresses: v count, then for each the distance from the one before, in double words and zigzag form. */
function readAddresses(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const reader = new ByteReader(bytes);
  let last = 0;
  return Uint32Array.from({ length: reader.count() }, () => {
    const step = reader.v();
    return (last += 8 * ((step >>> 1) ^ -(step & 1)));
  });
}

/** The properties of one build that matter to snapshots. */
export class Environment {
  /** Tells people which build wrote a snapshot; nothing depends on it. */
  readonly buildId = ABI_HASH.slice(0, 8);
  readonly cells: Uint8Array;
  /** For each 8 bytes of the base image: stable id + 1 of the object there. */
  readonly idOf: Uint32Array;
  /** By stable id: address, 0 if there is no such object in this build. */
  readonly addresses: Uint32Array;
  /** By file of the prelude: its image, and the address of its program. */
  readonly prelude: readonly { readonly image: Uint8Array; readonly program: number }[];
  /** Decides which prelude code of a snapshot is accepted. */
  readonly trust: PreludeTrust;
  readonly #extracts = new Map<string, Uint8Array>();

  constructor(core: Core) {
    const { at, bytes } = core.baseCells;
    if (at !== BASE_START) throw new InternalError("the base image does not stand where the core expects it");
    this.cells = bytes;
    const [ids] = WebAssembly.Module.customSections(core.module, "fermata.ids");
    if (ids === undefined) throw new InternalError("the wasm has no table of base objects");
    this.addresses = readAddresses(new Uint8Array(ids));
    this.idOf = new Uint32Array(bytes.length / 8);
    // If an object has several ids, the first one counts.
    for (let id = this.addresses.length - 1; id >= 0; id--) {
      const address = this.addresses[id]!;
      if (address !== 0) this.idOf[(address - at) / 8] = id + 1;
    }
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
