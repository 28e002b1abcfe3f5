// Owns the file build/zones.mjs, which `#zones` names: the packed data of `fermata-vm/zones`. Must never be shipped itself.

import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packZones } from "./pack.ts";

const MADE = "build/zones.mjs";
/** What the data depend on. */
const SOURCES = [
  "package-lock.json",
  "ts/build/zones/names.ts",
  "ts/build/zones/pack.ts",
  "ts/build/zones/transitions.ts",
  "ts/build/zones/write.ts",
];

/** Writes build/zones.mjs if it is missing or older than what it is made from. */
export function writeZones(root: string): void {
  const file = join(root, MADE);
  const time = (path: string): number => statSync(join(root, path)).mtimeMs;
  if (existsSync(file) && SOURCES.every((path) => time(path) < time(MADE))) return;
  const text = `export const data = ${JSON.stringify(packZones(root))};\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(join(root, "build"), { recursive: true });
  // Several processes may do this at once: each of them moves a whole file into place.
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
