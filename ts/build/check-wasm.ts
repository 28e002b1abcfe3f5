// Owns the requirements on the shipped wasm that its source cannot express: its mutable globals, its imports and exports, the form of
// the dispatch loop, its size. Must never be loosened to make a build pass without a reason beside the number.
//
//   node --import tsx ts/build/check-wasm.ts [file]        build/fermata.wasm by default
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { CORE_IMPORTS, EXPORT_GROUPS } from "../defs/exports.ts";
import { BASE_START } from "../defs/layout.ts";
import {
  CODE,
  Cursor,
  DATA,
  FUNCTION,
  GLOBAL,
  IMPORT,
  readExports,
  readSections,
  type Section,
  TYPE,
} from "./wasm-sections.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const DISPATCH = "assembly/interpreter/dispatch/run";
const NATIVES = "assembly/generated/natives/callNative";
/** V8 compiles a function above about 49 KB badly. */
const MAX_DISPATCH_BYTES = 40 * 1024;
/**
 * Mutable globals that may exist, by export name. They must not hold state of the machine: the one here is where asc counts the
 * arguments passed to functions with optional parameters.
 */
const MUTABLE_GLOBALS = new Set(["~argumentsLength"]);
/** Imports that may exist; assembly/ declares them with @external. */
const IMPORTS = new Set(CORE_IMPORTS.map((name) => `fermata.${name}`));

const problems: string[] = [];

function payload(sections: readonly Section[], id: number): Uint8Array {
  return sections.find((section) => section.id === id)?.payload ?? Uint8Array.of(0);
}

/** Skips a constant expression and returns the number in it. */
function constant(cursor: Cursor): number {
  const opcode = cursor.byte();
  let value = 0;
  if (opcode === 0x41 || opcode === 0x42) value = cursor.signed();
  else if (opcode === 0x23) value = cursor.u32();
  else if (opcode === 0x43) cursor.take(4);
  else if (opcode === 0x44) cursor.take(8);
  else throw new Error(`unexpected opcode ${opcode} in a constant expression`);
  if (cursor.byte() !== 0x0b) throw new Error("a constant expression does not end");
  return value;
}

function checkGlobals(sections: readonly Section[]): void {
  const names = new Map(
    readExports(sections)
      .filter(({ kind }) => kind === 3)
      .map(({ index, name }) => [index, name]),
  );
  const cursor = new Cursor(payload(sections, GLOBAL));
  const count = cursor.u32();
  for (let i = 0; i < count; i++) {
    cursor.byte();
    const isMutable = cursor.byte() === 1;
    constant(cursor);
    const name = names.get(i) ?? `#${i}`;
    if (isMutable && !MUTABLE_GLOBALS.has(name))
      problems.push(`mutable global ${name}: state belongs into linear memory`);
  }
}

/** Checks the imports; returns the number of imported functions, which come first in the index space. */
function checkImports(sections: readonly Section[]): number {
  const cursor = new Cursor(payload(sections, IMPORT));
  const count = cursor.u32();
  let functions = 0;
  for (let i = 0; i < count; i++) {
    const name = `${cursor.name()}.${cursor.name()}`;
    if (cursor.byte() !== 0) throw new Error(`${name} is imported and no function`);
    cursor.u32();
    functions++;
    if (!IMPORTS.has(name)) problems.push(`import ${name} is not on the list`);
  }
  return functions;
}

const WASM_TYPES: Readonly<Record<number, string>> = { 0x7f: "i32", 0x7e: "i64", 0x7d: "f32", 0x7c: "f64" };

/** Function types of the module as `i32 i32 -> f64`, by index of a function of its own. */
function signatures(sections: readonly Section[]): string[] {
  const cursor = new Cursor(payload(sections, TYPE));
  const list = (): string => Array.from({ length: cursor.u32() }, () => WASM_TYPES[cursor.byte()] ?? "?").join(" ");
  const types = Array.from({ length: cursor.u32() }, () => {
    if (cursor.byte() !== 0x60) throw new Error("a type that is not a function");
    const parameters = list();
    return `${parameters} -> ${list()}`;
  });
  const functions = new Cursor(payload(sections, FUNCTION));
  return Array.from({ length: functions.u32() }, () => types[functions.u32()]!);
}

/** Compares the exported functions with ts/defs/exports.ts. Names that begin with `__` are those of AssemblyScript's loader. */
function checkExports(sections: readonly Section[], imported: number): void {
  const types = signatures(sections);
  const listed = new Map(EXPORT_GROUPS.flatMap(({ exports }) => exports.map((row) => [row.name, row] as const)));
  const wasmType = (type: string): string => (type === "f64" ? "f64" : type === "void" ? "" : "i32");
  for (const { name, kind, index } of readExports(sections)) {
    if (kind !== 0 || name.startsWith("__")) continue;
    const row = listed.get(name);
    listed.delete(name);
    const wanted = row && `${row.parameters.map(([, type]) => wasmType(type)).join(" ")} -> ${wasmType(row.result)}`;
    const found = types[index - imported]!;
    if (found !== wanted)
      problems.push(`export ${name} has the signature ${found}; ts/defs/exports.ts has ${wanted ?? "no such export"}`);
  }
  for (const name of listed.keys()) problems.push(`ts/defs/exports.ts has ${name}, which the core does not export`);
}

function checkData(sections: readonly Section[]): number {
  const cursor = new Cursor(payload(sections, DATA));
  const count = cursor.u32();
  let end = 0;
  for (let i = 0; i < count; i++) {
    if (cursor.u32() !== 0) throw new Error("a data segment that is not active");
    const start = constant(cursor);
    const length = cursor.u32();
    cursor.take(length);
    end = Math.max(end, start + length);
  }
  if (end > BASE_START) problems.push(`static data ends at ${end}, above BASE_START ${BASE_START}`);
  return end;
}

function functionSizes(sections: readonly Section[], imported: number): Map<number, number> {
  const cursor = new Cursor(payload(sections, CODE));
  const count = cursor.u32();
  const sizes = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const size = cursor.u32();
    cursor.take(size);
    sizes.set(imported + i, size);
  }
  return sizes;
}

interface Binaryen {
  readBinary(wasm: Uint8Array): { emitText(): string; dispose(): void };
}

/** The text of a function by index. Functions of a binary without names are called $0, $1, … */
function functionText(text: string, index: number): string {
  const starts = [...text.matchAll(/^ \(func \$?/gm)].map((m) => m.index);
  const start = starts[index];
  if (start === undefined) throw new Error(`no text for function ${index}`);
  return text.slice(start, starts[index + 1]);
}

function checkDispatch(
  wasm: Uint8Array,
  functions: Readonly<Record<string, number>>,
  imported: number,
  sizes: ReadonlyMap<number, number>,
): void {
  const index = functions[DISPATCH];
  if (index === undefined) {
    problems.push(`${DISPATCH} is not a function of its own`);
    return;
  }
  const size = sizes.get(index)!;
  if (size > MAX_DISPATCH_BYTES) problems.push(`the dispatch loop is ${size} bytes, more than ${MAX_DISPATCH_BYTES}`);
  const binaryen = createRequire(createRequire(import.meta.url).resolve("assemblyscript/cli/asc"))(
    "binaryen",
  ) as Binaryen;
  const module = binaryen.readBinary(wasm);
  const text = functionText(module.emitText(), index - imported);
  module.dispose();
  const tables = [...text.matchAll(/\(br_table((?: \$\S+)+)/g)].map(([, labels]) => labels!.trim().split(" ").length);
  if (tables.length !== 1)
    problems.push(`the dispatch loop has ${tables.length} br_tables instead of one (${tables.join(", ")} targets)`);
  const calls = new Set([...text.matchAll(/\(call \$(\S+)/g)].map(([, name]) => name));
  tell(`dispatch loop: ${size} bytes, br_table of ${tables.join(", ")}, ${calls.size} functions called`);
}

/** Facts for maintainers are printed for those who ask: `npm run build -- --verbose`. */
function tell(fact: string): void {
  if (process.env["FERMATA_VERBOSE"] === "1") console.log(fact);
}

function main(): void {
  const file = process.argv[2] ?? join(root, "build/fermata.wasm");
  const wasm = readFileSync(file);
  const functions = JSON.parse(readFileSync(file.replace(/\.wasm$/, ".functions.json"), "utf8")) as Record<
    string,
    number
  >;
  const sections = readSections(wasm);
  checkGlobals(sections);
  const imported = checkImports(sections);
  checkExports(sections, imported);
  const dataEnd = checkData(sections);
  // The checking builds have more texts.
  for (const other of ["check", "stress"]) {
    const path = file.replace(/\.wasm$/, `.${other}.wasm`);
    if (existsSync(path)) checkData(readSections(readFileSync(path)));
  }
  const sizes = functionSizes(sections, imported);
  checkDispatch(wasm, functions, imported, sizes);
  for (const name of [NATIVES]) if (functions[name] === undefined) problems.push(`${name} was inlined`);
  tell(
    `${wasm.length} bytes, gzip ${gzipSync(wasm, { level: 9 }).length}; code ${payload(sections, CODE).length} in ${sizes.size} functions, static data up to ${dataEnd}`,
  );
  for (const { id, name, payload: content } of sections)
    if (id === 0) tell(`  section ${name}: ${content.length} bytes, gzip ${gzipSync(content, { level: 9 }).length}`);
  const byIndex = new Map(Object.entries(functions).map(([name, index]) => [index, name]));
  const largest = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 8);
  tell(
    `largest functions: ${largest.map(([index, size]) => `${byIndex.get(index) ?? `#${index}`} ${size}`).join(", ")}`,
  );
  for (const problem of problems) console.error(`problem: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

main();
