// Owns the text form of functions of a built wasm, and comparing two builds by it. Must never run a build.
//
//   node --import tsx ts/build/wasm-text.ts BEFORE.wasm AFTER.wasm [name]     assembly/interpreter/dispatch/run by default
//
// Compares one function of two builds, instruction for instruction; the `.functions.json` beside each wasm has its names. Numbers
// of locals, labels and functions do not count. Exit code 1 if the builds differ.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Cursor, IMPORT, readSections } from "./wasm-sections.ts";

interface Binaryen {
  readBinary(wasm: Uint8Array): { emitText(): string; dispose(): void };
}

/** The texts of all functions of a wasm, in the order of the code section. Functions of a binary without names are called $0, $1, … */
export function functionTexts(wasm: Uint8Array): string[] {
  const asc = createRequire(import.meta.url).resolve("assemblyscript/cli/asc");
  const module = (createRequire(asc)("binaryen") as Binaryen).readBinary(wasm);
  const text = module.emitText();
  module.dispose();
  const starts = [...text.matchAll(/^ \(func \$?/gm)].map(({ index }) => index);
  return starts.map((start, i) => text.slice(start, starts[i + 1]));
}

/** Names of functions by index. */
export function readFunctions(file: string): Record<string, number> {
  return JSON.parse(readFileSync(file.replace(/\.wasm$/, ".functions.json"), "utf8")) as Record<string, number>;
}

function namedText(file: string, name: string): string[] {
  const wasm = readFileSync(file);
  const functions = readFunctions(file);
  const index = functions[name];
  if (index === undefined) throw new Error(`${file} has no function ${name}`);
  const imports = readSections(wasm).find(({ id }) => id === IMPORT);
  const imported = imports === undefined ? 0 : new Cursor(imports.payload).u32();
  const names = new Map(Object.entries(functions).map(([known, at]) => [String(at - imported), known]));
  const lines = functionTexts(wasm)[index - imported]!.split("\n").slice(1);
  return lines.filter((line) => !line.startsWith("  (local ")).map(withoutNumbers(names));
}

/**
 * Leaves out the numbers of locals and labels, which say nothing: an optimiser gives one local to several variables. Functions without a
 * name are numbered by the order in which they are called first.
 */
function withoutNumbers(names: ReadonlyMap<string, string>): (line: string) => string {
  const given = new Map<string, number>();
  const nameOf = (number: string): string => {
    if (!given.has(number)) given.set(number, given.size);
    const name = names.get(number);
    // Where a function lives says nothing about its calls.
    return name === undefined ? `function ${given.get(number)}` : name.slice(name.lastIndexOf("/") + 1);
  };
  return (line) =>
    line
      .replace(/\(local\.(\w+) \$\d+/g, "(local.$1")
      .replace(/\$label\$\d+/g, "$label")
      .replace(/\(call \$(\d+)/g, (_, number: string) => `(call ${nameOf(number)}`)
      .trim();
}

function compare(before: string, after: string, name: string): boolean {
  const [old, now] = [namedText(before, name), namedText(after, name)];
  const at = old.findIndex((line, i) => line !== now[i]);
  if (at < 0 && old.length === now.length) {
    console.log(`${name}: the same ${now.length} lines`);
    return true;
  }
  const different = old.filter((line, i) => line !== now[i]).length;
  console.log(
    `${name}: ${old.length} lines before, ${now.length} after; ${different} differ, the first at line ${at + 1}:`,
  );
  console.log(old.slice(at, at + 12).join("\n"), "\n  after:\n", now.slice(at, at + 12).join("\n"));
  return false;
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const [before, after, name = "assembly/interpreter/dispatch/run"] = process.argv.slice(2);
  if (before === undefined || after === undefined) throw new Error("two wasm files to compare");
  process.exitCode = compare(before, after, name) ? 0 : 1;
}
