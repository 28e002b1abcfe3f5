// Owns the declarations of the package: one file for each entry in dist/types, with what the entry exports and no more. Must never
// let a declaration name a module that is not shipped, nor a path that only this repository has.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { root } from "./lib.mjs";

/** Where tsc (tsconfig.build.json) leaves a declaration for each source. */
const EMITTED = join(root, ".cache/types");
const TYPES = join(root, "dist/types");

/**
 * The entries that `exports` in package.json gives types to: the path below dist/types, without its ending. Libraries get their
 * declarations where they are compiled.
 */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const paths = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [types]));
  return paths
    .flatMap((path) => /^\.\/dist\/types\/(.+)\.d\.ts$/.exec(path)?.[1] ?? [])
    .filter((path) => !path.startsWith("libraries/"));
}

/**
 * Moves what one file adds to the interfaces of another (`declare module "…"`) into that other file: once they are in one bundle there
 * is no module of that name to add to.
 */
function moveAugmentations() {
  for (const name of readdirSync(EMITTED, { recursive: true })) {
    const path = join(EMITTED, name);
    if (!name.endsWith(".d.ts")) continue;
    const text = readFileSync(path, "utf8");
    const found = /^declare module "(.+)\.ts" \{\n([^]*?)^\}\n/m.exec(text);
    if (found === null) continue;
    const [whole, target, body] = found;
    writeFileSync(path, text.replace(whole, ""));
    const other = join(dirname(path), `${target}.d.ts`);
    const used = [...text.matchAll(/^export (?:declare )?(?:class|type|interface) (\w+)/gm)]
      .map(([, one]) => one)
      .filter((one) => new RegExp(`\\b${one}\\b`).test(body));
    const back = `./${relative(dirname(other), dirname(path))}/${basename(path, ".d.ts")}.ts`;
    const added = body.replaceAll(/^ {4}interface/gm, "export interface");
    const imports = `import type { ${used.join(", ")} } from "${back}";\n`;
    writeFileSync(other, `${imports}${readFileSync(other, "utf8")}\n${added}`);
  }
}

/** States and runtimes can be disposed with `using`, which the default libraries of most targets do not know. */
const HEAD = '/// <reference lib="esnext.disposable" />\n';

/** The entry that all others take the types from that they share with it. */
const MAIN = "hosts/node";

/** Names of what a file declares that is there when a program runs, not only in types. */
function valuesIn(code) {
  return new Set([...code.matchAll(/^declare (?:abstract )?(?:class|const|function) (\w+)/gm)].map(([, name]) => name));
}

/** One import from, or export of, another file: of types by the path that Deno takes, of values by the one that tsc takes. */
function fromFile(keyword, names, path, values) {
  const isValue = (name) => keyword === "export" && values.has(name.split(" as ")[0]);
  const all = names.split(",").map((name) => name.trim());
  const line = (word, list, ending) =>
    list.length === 0 ? [] : [`${word} { ${list.join(", ")} } from '${path}${ending}';`];
  const types = all.filter((name) => !isValue(name));
  return [...line(`${keyword} type`, types, ".d.ts"), ...line(keyword, all.filter(isValue), ".js")].join("\n");
}

/**
 * Compilers before TypeScript 5.7 have no `Uint8Array<…>`: `ReturnType<…>` is the same type in each of them. Deno, outside of npm, takes a
 * path as it is written, and tsc lets only types be imported from a declaration.
 */
function forAllCompilers(code, values) {
  return code
    .replaceAll("Uint8Array<ArrayBuffer>", 'ReturnType<Uint8ArrayConstructor["from"]>')
    .replaceAll(/^(import|export) \{(.*)\} from '(\.[^']+)\.js';/gm, (_, keyword, names, path) =>
      fromFile(keyword, names, path, values),
    );
}

/**
 * Names that the main entry exports as types, though they are classes: users must not take them for something that is there when a
 * program runs.
 */
function typesOnly() {
  const index = readFileSync(join(root, "ts/index.ts"), "utf8");
  const lists = [...index.matchAll(/^export type \{([^}]*)\}/gm)].map(([, names]) => names);
  return new Set(lists.join(",").match(/\w+/g));
}

/** The exports of the main entry, with the types among them as such. */
function sortExports(code, types) {
  return code.replace(/^export \{(.*)\};$/m, (_, list) => {
    const names = list.split(",").map((name) => name.trim());
    const renamed = [...code.matchAll(/^export .*?(\w+) as \w+/gm)].map(([, name]) => name);
    if (renamed.length > 0)
      throw new Error(`ts/index.ts must export ${renamed.join(", ")}: other entries mention them`);
    const moved = names.filter((name) => types.has(name));
    const type = moved.length === 0 ? "" : `\nexport type { ${moved.join(", ")} };`;
    return `export { ${names.filter((name) => !types.has(name)).join(", ")} };${type}`;
  });
}

/** Finishes the files of a bundle. What other entries take from the main one, it must export: else it would become two files. */
function finish(bundle) {
  const main = bundle[`${MAIN}.d.ts`];
  const divided = Object.values(bundle).find(({ isEntry, fileName }) => !isEntry && fileName.startsWith(MAIN));
  if (divided !== undefined) {
    const names = main.code.match(/^export .*/m)[0];
    const absent = divided.exports.filter((name) => !new RegExp(`\\b${name}\\b`).test(names));
    throw new Error(`ts/index.ts must export ${absent.join(", ")}: declarations of other entries mention them`);
  }
  const types = typesOnly();
  main.code = sortExports(main.code, types);
  const values = new Set([...valuesIn(main.code)].filter((name) => !types.has(name)));
  for (const file of Object.values(bundle)) file.code = HEAD + forAllCompilers(file.code, values);
}

/** Does the entry import that module, directly or through others? */
function isReached(entry, id, getModuleInfo) {
  const seen = new Set();
  const visit = (one) => {
    if (seen.has(one)) return;
    seen.add(one);
    getModuleInfo(one)?.importedIds.forEach(visit);
  };
  visit(join(EMITTED, `${entry}.d.ts`));
  return seen.has(id);
}

/** Writes the declarations of all entries, with the parts that they share in files of their own. */
export async function writeTypes() {
  moveAugmentations();
  const names = entries();
  const bundle = await rollup({
    // Other entries may use types that the main one does not export under its own name.
    preserveEntrySignatures: "allow-extension",
    input: Object.fromEntries(names.map((name) => [name, join(EMITTED, `${name}.d.ts`)])),
    plugins: [dts({ tsconfig: join(root, "tsconfig.build.json") })],
    onwarn: (warning) => {
      throw new Error(`${warning.code}: ${warning.message}`);
    },
  });
  rmSync(TYPES, { recursive: true, force: true });
  await bundle.write({
    dir: TYPES,
    entryFileNames: "[name].d.ts",
    chunkFileNames: "[name].d.ts",
    // Whatever the main entry has lies there.
    manualChunks: (id, { getModuleInfo }) => (isReached(MAIN, id, getModuleInfo) ? MAIN : undefined),
    format: "es",
    plugins: [{ name: "fermata:for-all-compilers", generateBundle: (_, bundle) => finish(bundle) }],
  });
  await bundle.close();
  // Lets tsc type `import module from "fermata-vm/fermata.wasm"`, which is how Workers load it.
  writeFileSync(
    join(TYPES, "fermata.d.wasm.ts"),
    "declare const module: WebAssembly.Module;\nexport default module;\n",
  );
}

if (process.argv[1] === import.meta.filename) await writeTypes();
