// Owns the making of another build of Fermata: everything that a later version may change is changed. Kinds and opcodes that
// never leave the machine have other numbers, cells and the VM block other layouts, the base image lies elsewhere and its
// objects are made in another order, and every function of the prelude has other code. What snapshots go by (ids, portable
// numbers, names) grows, as it may. Must never change what a program does.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withCustomSections } from "../../ts/build/wasm-sections.ts";
import type { Core as CoreType } from "../../ts/machine/core.ts";
import { preludeHashes } from "../../ts/snapshot/prelude-trust.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const OTHER = join(root, "build/other");

/** Replaces a text that must be there. */
function change(file: string, from: string | RegExp, to: string | ((all: string, part: string) => string)): void {
  const path = join(OTHER, file);
  const text = readFileSync(path, "utf8");
  const changed = typeof to === "string" ? text.replace(from, to) : text.replace(from, to);
  if (changed === text)
    throw new Error(`${file} does not have ${String(from)}: tests/snapshot/other-build.ts is out of date`);
  writeFileSync(path, changed);
}

function changeDefinitions(): void {
  const filler = (name: string): string => `\n  kind("${name}", "", "none", "a kind that this build alone has"),`;
  for (const list of ["PLAIN_KINDS", "OBJECT_KINDS"])
    change("ts/defs/kinds.ts", `export const ${list}: readonly KindRow[] = [`, `$&${filler(`MOVED_${list}`)}`);
  // Fields lie elsewhere.
  for (const kind of ["PROMISE", "GENERATOR", "BOUND", "PRIMITIVE", "REACTION", "CALLRECORD", "COROUTINE"])
    change("ts/defs/kinds.ts", new RegExp(`kind\\("${kind}", "`), "$&moved0:u moved1:u ");
  change(
    "ts/defs/layout.ts",
    "export const VM_WORD_ROWS = [",
    '$&\n  ["moved0", "place"], ["moved1", "place"], ["moved2", "place"],',
  );
  change("ts/defs/layout.ts", "export const VM_VALUE_ROWS = [", '$&\n  ["moved3", "passing"],');
  change("ts/defs/layout.ts", /BASE_START = (\d+)/, "BASE_START = $1 + 8192");
  change(
    "ts/defs/atoms.ts",
    /(export const ATOMS = \[[^]*?)\n\] as const/,
    '$1\n  "an atom", "that this build alone has",\n] as const',
  );
  change(
    "ts/defs/intrinsics.ts",
    /(export const INTRINSIC_OBJECTS = \[[^]*?)\n\] as const/,
    '$1\n  "Array_prototype_map",\n] as const',
  );
  // Numbers of instructions that only linked code has lie behind the portable ones.
  change(
    "ts/defs/opcodes.ts",
    /(export const PORTABLE: readonly OpcodeRow\[\] = \[[^]*?)\n\];/,
    '$1\n  row("MOVED", "", "", "an instruction that no compiler emits"),\n];',
  );
  reverseBuiltins();
}

/** Objects of the base image are made in another order. */
function reverseBuiltins(): void {
  change(
    "ts/defs/builtins/index.ts",
    /= \{\n([^}]*)\};\s*$/,
    (_all, rows) => `= {\n${rows.trimEnd().split("\n").toReversed().join("\n")}\n};\n`,
  );
}

/** Every function of the prelude begins with code that does nothing. */
function changePrelude(): void {
  const folder = join(OTHER, "ts/prelude");
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const changed = text.replace(
      /^(?:async )?function\*? \w+\([^\n]*\) \{\n(?: {2}"use \w+";\n)*/gm,
      "$&  if ($isArray(undefined)) return undefined;\n",
    );
    writeFileSync(path, `function movedIn${file.replaceAll(/\W/g, "_")}() {\n  return undefined;\n}\n${changed}`);
  }
}

function run(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", ...args], {
    cwd: OTHER,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the other build fails at ${args[0]}:\n${stdout}\n${stderr}`);
}

/** The hashes of all prelude functions of a build. */
async function preludeOf(core: string, wasm: string): Promise<string[]> {
  const { Core } = (await import(core)) as { readonly Core: typeof CoreType };
  const images = new Core(new WebAssembly.Module(readFileSync(wasm))).preludeImages;
  return images.flatMap((image) => preludeHashes(image));
}

/**
 * The wasm of this build as if the other one had been released before it, so that it takes the other's prelude code. (The other way round it
 * is so already: the list of released code was copied.)
 */
export async function knowingOther(wasm: Uint8Array): Promise<Uint8Array> {
  const hashes = await preludeOf(join(OTHER, "ts/machine/core.ts"), join(OTHER, "build/fermata.check.wasm"));
  const [known] = WebAssembly.Module.customSections(new WebAssembly.Module(wasm as BufferSource), "fermata.released");
  const released = Buffer.concat([Buffer.from(known!), Buffer.from(hashes.join(""), "hex")]);
  return withCustomSections(wasm, { "fermata.released": new Uint8Array(released) });
}

/** Makes the other build; answers the paths of its runtime and its wasm. Compiles nothing again whose sources are as they were. */
export function makeOtherBuild(): { readonly runtime: string; readonly wasm: string } {
  mkdirSync(OTHER, { recursive: true });
  for (const folder of ["ts", "assembly"]) {
    rmSync(join(OTHER, folder), { recursive: true, force: true });
    cpSync(join(root, folder), join(OTHER, folder), { recursive: true });
  }
  for (const file of ["asconfig.json", "package.json", "package-lock.json", "tsconfig.json"])
    cpSync(join(root, file), join(OTHER, file));
  if (!existsSync(join(OTHER, "node_modules"))) symlinkSync(join(root, "node_modules"), join(OTHER, "node_modules"));
  changeDefinitions();
  changePrelude();
  run("ts/build/generate.ts");
  run("ts/build/build-wasm.ts", "builder", "check");
  run("ts/build/build-base-image.ts", "--strict");
  return { runtime: join(OTHER, "ts/api/runtime.ts"), wasm: join(OTHER, "build/fermata.check.wasm") };
}
