// Owns the pristine copies of base objects with which the writer compares those that a program may have changed
// (assembly/snapshot/write-base.ts). Must never leave out an object that can change without being noted (assembly/objects/touched.ts).

import { joinBytes } from "../bytes/join.ts";
import { kindAndSize } from "../machine/base-image.ts";
import { KIND } from "../generated/machine.ts";

/** Objects of these kinds are noted before they change; all others are compared each time. */
const NOTED: ReadonlySet<number> = new Set([KIND.OBJECT, KIND.FUNCTION, KIND.NATIVE, KIND.PRIMITIVE]);
const FIRST_OBJECT = KIND.OBJECT;

// Offsets in cells (ts/defs/kinds.ts), in words.
const OBJECT_SLOTS = 2;
const SHAPE_TABLE = 3;

/** An entry: its bytes · stable id · address · distances from its start to the copies of the object, its shape, the table of that, SLOTS. */
const ENTRY_WORDS = 8;

/** A base object with a stable id. */
interface Known {
  readonly id: number;
  readonly address: number;
  readonly kind: number;
}

export class Pristine {
  readonly #words: Uint32Array;
  readonly #at: number;
  readonly #byAddress = new Map<number, Known>();
  /** Ids of all objects, and of those that are compared each time, in order. */
  readonly #all: number[] = [];
  readonly #always: number[] = [];
  readonly #addresses: Uint32Array;
  readonly #entries = new Map<number, Uint8Array>();
  /** The list made last: the next snapshot mostly needs the same. */
  #last: { readonly ids: readonly number[]; readonly bytes: Uint8Array } = { ids: [-1], bytes: new Uint8Array(0) };
  /** The base cells with a stable id: address, id, in order of the addresses. */
  readonly sorted: Uint32Array<ArrayBuffer>;

  /**
   * @param cells the base image, which is at `at` in memory
   * @param addresses by stable id; 0: this build has no such object
   * @param lexical address of the global lexical record, to which caches write without asking
   */
  constructor(cells: Uint8Array, at: number, addresses: Uint32Array, lexical: number) {
    this.#words = new Uint32Array(cells.buffer, cells.byteOffset, cells.length / 4);
    this.#at = at;
    this.#addresses = addresses;
    const known: Known[] = [];
    addresses.forEach((address, id) => {
      if (address === 0 || this.#byAddress.has(address)) return;
      const { kind } = kindAndSize(this.#words[(address - at) / 4 + 1]!);
      const one = { id, address, kind };
      known.push(one);
      this.#byAddress.set(address, one);
      if (kind < FIRST_OBJECT) return;
      this.#all.push(id);
      if (!NOTED.has(kind) || address === lexical) this.#always.push(id);
    });
    known.sort((a, b) => a.address - b.address);
    this.sorted = Uint32Array.from(known.flatMap(({ address, id }) => [address, id]));
  }

  #cell(address: number): Uint32Array {
    const from = (address - this.#at) / 4;
    return this.#words.subarray(from, from + kindAndSize(this.#words[from + 1]!).size / 4);
  }

  #entry(id: number): Uint8Array {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const address = this.#addresses[id]!;
    const object = this.#cell(address);
    const shape = this.#cell(object[0]!);
    const table = shape[SHAPE_TABLE] === 0 ? undefined : this.#cell(shape[SHAPE_TABLE]!);
    const slots = object[OBJECT_SLOTS] === 0 ? undefined : this.#cell(object[OBJECT_SLOTS]!);
    const parts = [object, shape, table, slots];
    const words = parts.reduce((sum, part) => sum + (part?.length ?? 0), ENTRY_WORDS);
    const entry = new Uint32Array(words);
    entry.set([4 * words, id, address]);
    let end = ENTRY_WORDS;
    parts.forEach((part, i) => {
      if (part === undefined) return;
      entry[3 + i] = 4 * end;
      entry.set(part, end);
      end += part.length;
    });
    const bytes = new Uint8Array(entry.buffer);
    this.#entries.set(id, bytes);
    return bytes;
  }

  /**
   * Returns the list of the objects to be compared: entries, and how many.
   *
   * @param touched addresses of objects that were noted; undefined: all may have changed
   */
  list(touched: Uint32Array | undefined): { readonly bytes: Uint8Array; readonly count: number } {
    let ids: readonly number[] = this.#always;
    if (touched === undefined) ids = this.#all;
    else if (touched.length > 0) {
      const more = new Set(this.#always);
      for (const address of touched) {
        const one = this.#byAddress.get(address);
        if (one !== undefined && one.kind >= FIRST_OBJECT) more.add(one.id);
      }
      ids = [...more].sort((a, b) => a - b);
    }
    const last = this.#last;
    if (ids.length !== last.ids.length || ids.some((id, i) => id !== last.ids[i])) {
      this.#last = { ids, bytes: joinBytes(ids.map((id) => this.#entry(id))) };
    }
    return { bytes: this.#last.bytes, count: ids.length };
  }
}
