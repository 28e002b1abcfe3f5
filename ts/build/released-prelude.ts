// Owns the list of prelude functions of all released builds (ts/defs/prelude): a snapshot may bring those, and no others
// (ts/snapshot/prelude-trust.ts). Each change of the prelude adds a file named after its contents, so that two concurrent changes do
// not conflict. Must never drop a hash that is in the list.
//
//   npm run release:prelude      adds the functions of the prelude in its current state
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeImage } from "../compiler/image.ts";
import { preludeHash, preludeHashes } from "../snapshot/prelude-trust.ts";
import { preludeSources } from "./prelude-sources.ts";

export const folderOf = (root: string): string => join(root, "ts/defs/prelude");

/** All hashes of the list. A line is a hash, then the function's name for human readers. */
export function releasedHashes(root: string): Set<string> {
  const folder = folderOf(root);
  if (!existsSync(folder)) return new Set();
  const lines = readdirSync(folder)
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"));
  return new Set(lines.filter((line) => line !== "").map((line) => line.split(" ")[0]!));
}

/** The bytes of the section `fermata.released`: the hashes of the list, except those of this build's own functions. */
export function releasedSection(root: string, images: readonly Uint8Array[]): Uint8Array {
  const own = new Set(images.flatMap((image) => preludeHashes(image)));
  const others = [...releasedHashes(root)].filter((hash) => !own.has(hash)).sort();
  return new Uint8Array(Buffer.from(others.join(""), "hex"));
}

/** Lines for the functions of the prelude that are missing from the list. */
export function unreleased(root: string, images: readonly Uint8Array[]): string[] {
  const known = releasedHashes(root);
  const files = preludeSources(root);
  return images.flatMap((bytes, file) => {
    const image = decodeImage(bytes);
    return image.functions.slice(1).flatMap(({ name }, i) => {
      const hash = preludeHash(image, i + 1);
      return known.has(hash)
        ? []
        : [`${hash} ${files[file]!.file} ${name === 0 ? "" : image.strings[name - 1]!}`.trimEnd()];
    });
  });
}
