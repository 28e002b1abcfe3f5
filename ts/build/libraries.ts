// Owns how the libraries of the package are made from ts/libraries: bundled, then compiled. Must never be shipped.
//
//   ts/libraries/NAME/library.json   name, version, entry; also modules (specifier → file), requires, globals, triggers, externals,
//                                    aliases (import of a package → file that takes its place), inject
//                                    (files whose exports are in the place of globals of that name), replace (texts in packages,
//                                    each of which must be there, and what takes their place). With `parts` in place of an entry
//                                    the folder has no code, only the libraries in those folders: its module's export is their list.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import type { Runtime } from "../api/runtime.ts";
import type { Library } from "../machine/library.ts";
import { intlData } from "./intl-data.ts";

/** The content of library.json. */
interface Declaration {
  readonly name: string;
  readonly version: string;
  readonly entry?: string;
  readonly parts?: readonly string[];
  readonly modules?: Readonly<Record<string, string>>;
  readonly requires?: readonly string[];
  readonly globals?: readonly string[];
  readonly triggers?: readonly string[];
  readonly externals?: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly inject?: readonly string[];
  readonly replace?: readonly (readonly [text: string, by: string])[];
}

/** A library with the folder of its sources, and the packages that are bundled in it. */
export interface BuiltLibrary {
  readonly folder: string;
  readonly library: Library;
  readonly packages: readonly string[];
}

const OPTIONS: BuildOptions = {
  bundle: true,
  write: false,
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  // Names stay: they are in stacks, and functions have them as their `name`.
  minifyWhitespace: true,
  minifySyntax: true,
  metafile: true,
};

/** Bundles a file of guest code; adds the packages in it to `packages`. */
async function bundle(file: string, options: BuildOptions, packages: Set<string>): Promise<string> {
  const plugins = [...(options.plugins ?? []), intlData(packages)];
  const { outputFiles, metafile } = await build({ ...OPTIONS, ...options, plugins, entryPoints: [file] });
  for (const input of Object.keys(metafile!.inputs)) {
    const found = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (found !== undefined) packages.add(found);
  }
  return outputFiles![0]!.text.trimEnd();
}

/** Replaces texts in packages. */
class Replacements {
  readonly #pairs: readonly (readonly [text: string, by: string])[];
  readonly #found = new Set<string>();

  constructor(pairs: readonly (readonly [text: string, by: string])[]) {
    this.#pairs = pairs;
  }

  readonly plugin: Plugin = {
    name: "replace",
    setup: ({ onLoad }) => {
      if (this.#pairs.length === 0) return;
      onLoad({ filter: /node_modules.*\.[mc]?js$/ }, ({ path }) => {
        let contents = readFileSync(path, "utf8");
        for (const [text, by] of this.#pairs) {
          if (contents.includes(text)) this.#found.add(text);
          contents = contents.replaceAll(text, by);
        }
        return { contents, loader: "js" };
      });
    },
  };

  /** Throws if a text was not found: the package is another than the one that was looked at. */
  check(): void {
    for (const [text] of this.#pairs)
      if (!this.#found.has(text)) throw new Error(`no package has the text to be replaced: ${text}`);
  }
}

function declarationsIn(root: string): ReadonlyMap<string, Declaration> {
  const found = new Map<string, Declaration>();
  const folder = join(root, "ts/libraries");
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name, "library.json");
    if (existsSync(file)) found.set(name, JSON.parse(readFileSync(file, "utf8")) as Declaration);
  }
  return found;
}

/** Lists the folders that have only others, with those. */
export function groupsIn(root: string): readonly { readonly folder: string; readonly parts: readonly string[] }[] {
  return [...declarationsIn(root)].flatMap(([folder, { parts }]) => (parts === undefined ? [] : [{ folder, parts }]));
}

/** Builds the libraries in these folders of ts/libraries, and those that they require; without a list: all. */
export async function buildLibraries(
  root: string,
  runtime: Runtime,
  folders?: readonly string[],
): Promise<readonly BuiltLibrary[]> {
  const declarations = declarationsIn(root);
  const made = new Map<string, BuiltLibrary>();
  const make = async (folder: string): Promise<void> => {
    const declaration = declarations.get(folder);
    if (declaration === undefined) throw new Error(`there is no ts/libraries/${folder}/library.json`);
    const {
      name,
      version,
      entry,
      modules = {},
      requires = [],
      globals,
      triggers,
      externals,
      aliases = {},
      inject = [],
      replace = [],
    } = declaration;
    if (declaration.parts !== undefined || entry === undefined) {
      for (const part of declaration.parts ?? []) await make(part);
      return;
    }
    if (made.has(name)) return;
    for (const required of requires) {
      const from = [...declarations].find(([, other]) => other.name === required)?.[0];
      if (from === undefined) throw new Error(`${name} requires ${required}, which ts/libraries does not have`);
      await make(from);
    }
    const packages = new Set<string>();
    const at = (file: string): string => join(root, "ts/libraries", folder, file);
    const alias = Object.fromEntries(Object.entries(aliases).map(([from, file]) => [from, at(file)]));
    const texts: Record<string, string> = {};
    for (const [specifier, file] of Object.entries(modules))
      texts[specifier] = await bundle(at(file), { format: "esm", external: Object.keys(modules), alias }, packages);
    const replacements = new Replacements(replace);
    const options: BuildOptions = { format: "iife", alias, inject: inject.map(at), plugins: [replacements.plugin] };
    const script = await bundle(at(entry), options, packages);
    replacements.check();
    const library = runtime.compileLibrary({
      name,
      version,
      script,
      modules: texts,
      // All that were made so far come before it: an order in which each can be evaluated.
      requires: allRequired(requires, made),
      globals,
      triggers,
      externals,
    });
    const own = { ...library, requires };
    made.set(name, { folder, library: own, packages: [...packages].sort() });
  };
  for (const folder of folders ?? declarations.keys()) await make(folder);
  return [...made.values()];
}

/** Lists the libraries required, each after those that it requires itself. */
function allRequired(names: readonly string[], made: ReadonlyMap<string, BuiltLibrary>): readonly Library[] {
  const found = new Set<Library>();
  const add = (name: string): void => {
    const { library } = made.get(name)!;
    library.requires.forEach(add);
    found.add(library);
  };
  names.forEach(add);
  return [...found];
}
