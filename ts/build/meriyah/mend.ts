// Owns the parser that everything uses: the published meriyah with the patches of this folder. If Node loads the sources
// (`node --import tsx`, vitest), it is the file build/meriyah.mjs, which `#meriyah` names; the bundle gets the same text from
// vite.config.ts. Must never change node_modules.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PATCHES } from "./patches.ts";
import { applyPatches } from "./patch.ts";

/** The published file, from the root of the repository. */
export const PUBLISHED = "node_modules/meriyah/dist/meriyah.mjs";
const MENDED = "build/meriyah.mjs";

/** The text of the parser with all patches. */
export function mendedParser(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/meriyah/package.json"), "utf8")) as {
    version: string;
  };
  return applyPatches(readFileSync(join(root, PUBLISHED), "utf8"), PATCHES, version);
}

/** Writes build/meriyah.mjs if it is missing or was made from another text. */
export function writeMendedParser(root: string): void {
  const file = join(root, MENDED);
  const text = mendedParser(root);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(join(root, "build"), { recursive: true });
  // Several processes may do this at once: each of them moves a whole file into place.
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
