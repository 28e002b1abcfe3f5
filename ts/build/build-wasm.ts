// Owns the compiling of assembly/ into build/*.wasm. Must never optimise in a way that puts cold code into the dispatch loop:
// slow paths and natives are exported while binaryen optimises, which keeps it from inlining them, and the exports are
// removed afterwards. A target whose inputs have not changed is left alone.
//
//   node --import tsx ts/build/build-wasm.ts [target …]     release, builder, check, stress; all by default
//
// With FERMATA_QUICK=1 in the environment, release is compiled at optimize level 1: a third of the time, for daily work.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { sanitized } from "./sanitize.ts";
import { exportSection, EXPORT, readExports, readSections, writeSections } from "./wasm-sections.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const require = createRequire(import.meta.url);
const STAMPS = join(root, "build/.stamp");
/** Prefix of the exports that exist only while optimising. */
const KEEP = "keep:";

interface Target {
  readonly entry: string;
  readonly file: string;
  readonly flags: string;
  readonly isBound: boolean;
  /** Every load and store is checked (sanitize.ts). */
  readonly isChecked: boolean;
}

interface AscConfig {
  readonly options: {
    readonly enable: readonly string[];
    readonly memoryBase: number;
    readonly use: readonly string[];
  };
  readonly targets: Readonly<
    Record<
      string,
      {
        readonly binaryFile: string;
        readonly optimizeLevel: number;
        readonly shrinkLevel: number;
        readonly noAssert?: boolean;
        readonly debug?: boolean;
        readonly use?: readonly string[];
      }
    >
  >;
}

/** Whether release may be optimised less, to be compiled sooner. */
const isQuick = process.env["FERMATA_QUICK"] === "1";

const config = JSON.parse(readFileSync(join(root, "asconfig.json"), "utf8")) as AscConfig;

/** Targets of asconfig.json, and the builder of the base image. */
export const TARGETS: Readonly<Record<string, Target>> = {
  ...Object.fromEntries(
    Object.entries(config.targets).map(([name, { binaryFile, optimizeLevel, shrinkLevel, noAssert, debug, use }]) => {
      const flags = [
        `--optimizeLevel ${isQuick ? 1 : optimizeLevel}`,
        `--shrinkLevel ${isQuick ? 0 : shrinkLevel}`,
        noAssert ? "--noAssert" : "",
        debug ? "--debug" : "",
        ...(use ?? []).map((u) => `--use ${u}`),
      ];
      const isChecked = use?.includes("VM_DEBUG=1") === true;
      return [
        name,
        {
          entry: isChecked ? "assembly/check-entry.ts" : "assembly/index.ts",
          file: binaryFile.replace("./", ""),
          flags: flags.join(" "),
          isBound: true,
          isChecked,
        },
      ];
    }),
  ),
  // Runs for a moment at build time: compiling it fast matters more than the speed of the result.
  builder: {
    entry: "assembly/build-entry.ts",
    file: "build/fermata.builder.wasm",
    flags: "--optimizeLevel 0 --noAssert",
    isBound: false,
    isChecked: false,
  },
};

interface BinaryenModule {
  getNumFunctions(): number;
  getFunctionByIndex(index: number): number;
  addFunctionExport(internalName: string, externalName: string): number;
}
interface Binaryen {
  getFunctionInfo(fn: number): { name: string };
  _malloc(bytes: number): number;
  _free(at: number): void;
}
/** Enough bytes of binaryen's memory for any target. */
const ROOM = 768 << 20;
interface Asc {
  readonly ready: Promise<void>;
  createMemoryStream(): { toString(): string };
  main(argv: string[], options: object, callback: (error: Error | null) => number): number;
}

/** Functions that binaryen must not inline: the loop itself, slow paths, natives. */
function isKept(name: string): boolean {
  return (
    /Slow$/.test(name) ||
    name === "assembly/interpreter/dispatch/run" ||
    name === "assembly/generated/natives/callNative" ||
    NATIVES.has(name)
  );
}

/** Internal names of all natives. */
const NATIVES = new Set(
  [
    ...readFileSync(join(root, "assembly/generated/natives.ts"), "utf8").matchAll(
      /^import \{ ([^}]*) \} from "\.\.\/(builtins\/[\w-]+)"/gm,
    ),
  ].flatMap(([, names, file]) => names!.split(", ").map((name) => `assembly/${file}/${name}`)),
);

function keepTransform(binaryen: Binaryen): object {
  return {
    afterCompile(module: BinaryenModule): void {
      for (let i = module.getNumFunctions() - 1; i >= 0; i--) {
        const { name } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
        if (isKept(name)) module.addFunctionExport(name, KEEP + name);
      }
    },
  };
}

/** Compiles an entry with asc; throws with its messages. */
export async function compileAssembly(
  entry: string,
  flags: string,
  isBound: boolean,
  isChecked = false,
): Promise<{ wasm: Uint8Array; functions: Record<string, number> }> {
  const ascPath = require.resolve("assemblyscript/cli/asc");
  const asc = require(ascPath) as Asc;
  await asc.ready;
  const binaryen = createRequire(ascPath)("binaryen") as Binaryen;
  // If binaryen's memory grew while asc writes a name into it, the name would be lost and asc would fail with "empty name": it grows now.
  binaryen._free(binaryen._malloc(ROOM));
  const messages = asc.createMemoryStream();
  let binary: Uint8Array | undefined;
  const common = [
    "--runtime",
    "assembly/runtime/index",
    "--exportRuntime",
    "--memoryBase",
    String(config.options.memoryBase),
  ];
  for (const feature of config.options.enable) common.push("--enable", feature);
  for (const use of config.options.use) common.push("--use", use);
  const options = {
    stdout: asc.createMemoryStream(),
    stderr: messages,
    transforms: [keepTransform(binaryen), ...(isBound ? [require("as-bind/dist/transform.cjs.js") as object] : [])],
    // All options are on the command line; asc would otherwise add the entries of asconfig.json to ours.
    readFile: (name: string, baseDir: string): string | null => {
      const path = join(baseDir, name);
      if (name.endsWith("asconfig.json") || !existsSync(path)) return null;
      const text = readFileSync(path, "utf8");
      return isChecked ? sanitized(relative(root, path).replaceAll("\\", "/"), text) : text;
    },
    writeFile: (name: string, contents: Uint8Array): void => {
      if (name.endsWith(".wasm")) binary = contents;
    },
  };
  await new Promise<void>((resolve, reject) => {
    asc.main(
      [entry, "--baseDir", root, "--binaryFile", "out.wasm", ...common, ...flags.split(" ").filter((f) => f !== "")],
      options,
      (error) => {
        // Warnings (AS217: nested inlining) are of no use.
        const errors = messages
          .toString()
          .split(/^(?=ERROR|WARNING)/m)
          .filter((text) => !text.startsWith("WARNING"));
        if (error) reject(new Error(`${error.message}\n${errors.join("")}`));
        else resolve();
        return 0;
      },
    );
  });
  const sections = readSections(binary!);
  const exports = readExports(sections);
  const functions = Object.fromEntries(
    exports.filter(({ name }) => name.startsWith(KEEP)).map(({ name, index }) => [name.slice(KEEP.length), index]),
  );
  const visible = exportSection(exports.filter(({ name }) => !name.startsWith(KEEP)));
  return { wasm: writeSections(sections.map((section) => (section.id === EXPORT ? visible : section))), functions };
}

// --- changed inputs -----------------------------------------------------------------------------------------------

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}

function inputHash(target: string): string {
  const hash = createHash("sha256").update(target).update(JSON.stringify(TARGETS[target]));
  for (const file of [
    ...filesBelow("assembly"),
    "asconfig.json",
    "ts/build/build-wasm.ts",
    "ts/build/sanitize.ts",
    "ts/build/wasm-sections.ts",
    "node_modules/assemblyscript/package.json",
    "node_modules/as-bind/package.json",
  ]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

/** Whether a target is there, of today's inputs. */
export function isBuilt(name: string): boolean {
  const stamp = join(STAMPS, name);
  return (
    existsSync(join(root, TARGETS[name]!.file)) && existsSync(stamp) && readFileSync(stamp, "utf8") === inputHash(name)
  );
}

async function buildTarget(name: string): Promise<void> {
  const target = TARGETS[name];
  if (target === undefined) throw new Error(`no target ${name}: there are ${Object.keys(TARGETS).join(", ")}`);
  if (isBuilt(name)) {
    console.log(`${target.file}: inputs unchanged`);
    return;
  }
  // Of the sources as they are now: they may be edited meanwhile.
  const hash = inputHash(name);
  const start = performance.now();
  const { wasm, functions } = await compileAssembly(target.entry, target.flags, target.isBound, target.isChecked);
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(root, target.file), wasm);
  writeFileSync(
    join(root, target.file.replace(/\.wasm$/, ".functions.json")),
    JSON.stringify(functions, null, 1) + "\n",
  );
  writeFileSync(join(STAMPS, name), hash);
  console.log(`${target.file}: ${wasm.length} bytes in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Each target in a process of its own, two at a time: asc is single-threaded and keeps what it allocated. */
async function buildAll(names: readonly string[]): Promise<boolean> {
  const queue = [...names];
  let good = true;
  const worker = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const child = spawn(
        process.execPath,
        ["--import", "tsx", "--stack-size=8000", fileURLToPath(import.meta.url), name],
        { stdio: "inherit", cwd: root },
      );
      if ((await new Promise((resolve) => child.on("close", resolve))) !== 0) good = false;
    }
  };
  await Promise.all([worker(), worker()]);
  return good;
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const names = process.argv.slice(2);
  if (names.length === 1) await buildTarget(names[0]!);
  else process.exitCode = (await buildAll(names.length > 0 ? names : Object.keys(TARGETS))) ? 0 : 1;
}
