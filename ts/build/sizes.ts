// Owns the report of what a user downloads, part by part: bytes of each after gzip, in docs/sizes.json. A part that grows by more than
// 2 % fails `npm test` (tests/build/sizes.test.ts) until its line there is changed. Must never build anything: it measures dist/.
//
//   npm run sizes              prints the sizes, and by how much they differ from those on record
//   npm run sizes -- --update  puts them on record
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { CODE, DATA, readSections } from "./wasm-sections.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const dist = join(root, "dist");
const RECORD = join(root, "docs/sizes.json");

/** By how much a part may grow unnoticed. */
export const TOLERANCE = 1.02;

/** Bytes after gzip, by part. */
export type Sizes = Readonly<Record<string, number>>;

const packed = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;
const fileOf = (name: string): Buffer => readFileSync(join(dist, name));

function wasmParts(): Record<string, number> {
  const wasm = fileOf("fermata.wasm");
  const sections = readSections(wasm);
  const sizeOf = (wanted: (section: { readonly id: number; readonly name: string }) => boolean): number =>
    packed(Buffer.concat(sections.filter(wanted).map(({ payload }) => payload)));
  return {
    "wasm, all": packed(wasm),
    "wasm: code": sizeOf(({ id }) => id === CODE),
    "wasm: tables": sizeOf(({ id }) => id === DATA),
    "wasm: base image": sizeOf(({ name }) => name === "fermata.base"),
    "wasm: prelude": sizeOf(({ name }) => name === "fermata.prelude"),
  };
}

/** A file of dist/ and all that it imports, but for what it imports late. */
function withImports(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const [, next] of fileOf(entry)
    .toString()
    .matchAll(/(?:from|import)\s*"\.{1,2}\/((?:[\w-]+\/)*[\w-]+\.js)"/g))
    withImports(next!, seen);
  return seen;
}

const sizeOfAll = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + packed(fileOf(file)), 0);

/** Entries that are made of the root entry and little else, or that a user of the root entry does not load. */
const ENTRIES = {
  "JavaScript: fermata-vm": "browser.js",
  "JavaScript: fermata-vm/resume": "resume-browser.js",
  "JavaScript: fermata-vm/runner": "runner.js",
  "JavaScript: fermata-vm/fetch": "fetch.js",
} as const;

function stripperParts(loaded: ReadonlySet<string>): Record<string, number> {
  const chunks = readdirSync(dist).filter((name) => name.startsWith("chunk-") && !loaded.has(name));
  const stripper = chunks.filter((name) => fileOf(name).includes("TypeScriptSyntaxError`"));
  return { "JavaScript: TypeScript stripper": sizeOfAll(stripper) };
}

function libraryParts(): Record<string, number> {
  const names = readdirSync(join(root, "ts/libraries"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("library.json"))
    .map((path) => dirname(path).replaceAll("\\", "/"))
    .filter((name) => name !== "web")
    .sort();
  return Object.fromEntries(names.map((name) => [`library: ${name}`, packed(fileOf(`${name}.js`))]));
}

/** Measures what was built. */
export function measureSizes(): Sizes {
  const rootFiles = withImports(ENTRIES["JavaScript: fermata-vm"]);
  return {
    ...wasmParts(),
    ...Object.fromEntries(Object.entries(ENTRIES).map(([part, entry]) => [part, sizeOfAll(withImports(entry))])),
    ...stripperParts(rootFiles),
    ...libraryParts(),
  };
}

/** The sizes on record. */
export function recordedSizes(): Sizes {
  return JSON.parse(readFileSync(RECORD, "utf8")) as Sizes;
}

/** Parts that are not on record, or have grown by more than 2 % since. */
export function grownParts(now: Sizes, before: Sizes): string[] {
  return Object.entries(now)
    .filter(([part, size]) => !(size <= (before[part] ?? 0) * TOLERANCE))
    .map(([part, size]) => `${part}: ${before[part] ?? "not on record"} → ${size} bytes`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const now = measureSizes();
  const before: Sizes = recordedSizes();
  for (const [part, size] of Object.entries(now)) {
    const change = before[part] === undefined ? "new" : `${(100 * (size / before[part] - 1)).toFixed(1)} %`;
    console.log(`${part.padEnd(36)} ${String(size).padStart(8)} ${change.padStart(8)}`);
  }
  if (process.argv.includes("--update")) writeFileSync(RECORD, `${JSON.stringify(now, null, 2)}\n`);
}
