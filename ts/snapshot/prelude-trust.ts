// Owns the decision which prelude code of a snapshot may run: functions of this build or of a released build. Prelude code has
// privileges, so no other code is linked. Must never believe a snapshot's statements about its code: only the bytes count.
//
// A function is identified by the hash of an image that contains only it, the functions nested in it, and their strings. The list
// of released hashes (ts/defs/prelude, one file for each change) is an input of the build, which puts those that are not this
// build's own into the section `fermata.released`.

import { hexOf } from "../bytes/hex.ts";
import { sha256 } from "../bytes/sha256.ts";
import { decodeImage, extractFrom, type ProgramImage } from "../compiler/image.ts";
import { SnapshotError } from "../errors.ts";

/** Bytes of a hash that are kept: enough that finding another function with the same hash is infeasible. */
export const HASH_BYTES = 16;

/** Returns the hash of function `index` in hexadecimal digits. */
export function preludeHash(image: ProgramImage, index: number): string {
  return sha256(extractFrom(image, [index]).image).slice(0, 2 * HASH_BYTES);
}

/** Returns the hashes of all functions of an image except function 0, which does nothing in a prelude file. */
export function preludeHashes(image: Uint8Array): string[] {
  const decoded = decodeImage(image);
  return decoded.functions.slice(1).map((_, i) => preludeHash(decoded, i + 1));
}

export class PreludeTrust {
  readonly #released = new Set<string>();
  readonly #images: () => readonly Uint8Array[];
  #own: ReadonlySet<string> | undefined;

  /**
   * @param released the section `fermata.released`: hashes, one after the other
   * @param images the files of this build's prelude
   */
  constructor(released: Uint8Array, images: () => readonly Uint8Array[]) {
    for (let at = 0; at + HASH_BYTES <= released.length; at += HASH_BYTES) {
      this.#released.add(hexOf(released.subarray(at, at + HASH_BYTES)));
    }
    this.#images = images;
  }

  #isKnown(hash: string): boolean {
    if (this.#released.has(hash)) return true;
    // Code of this build can return in a snapshot of another build, which carried it along.
    this.#own ??= new Set(this.#images().flatMap((image) => preludeHashes(image)));
    return this.#own.has(hash);
  }

  /**
   * Checks an image of prelude functions that a snapshot brings, and returns it in a form that may be linked: function 0 does
   * nothing, the others are known.
   *
   * @throws SnapshotError if a function is not known
   */
  check(bytes: Uint8Array): Uint8Array {
    let image: ProgramImage;
    try {
      image = decodeImage(bytes);
    } catch (error) {
      throw new SnapshotError("malformed", `prelude code in the snapshot: ${(error as Error).message}`, {
        cause: error,
      });
    }
    const indices = image.functions.slice(1).map((_, i) => i + 1);
    for (const index of indices) {
      if (!this.#isKnown(preludeHash(image, index)))
        throw new SnapshotError(
          "malformed",
          `the snapshot contains prelude code (function ${index}) that no released build has`,
        );
    }
    return extractFrom(image, indices).image;
  }
}
