// Owns libraries on the command line: making one of a bundle, and loading those that a program is given. Must never run a program.

import { writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { libraryModule } from "../api/library-build.ts";
import type { Library } from "../machine/library.ts";
import { type Arguments, UsageError } from "./arguments.ts";
import { readBytes } from "./files.ts";
import { EXIT, type Terminal } from "./terminal.ts";

/** Splits `NAME@VERSION`; a name may begin with `@`. */
function namedVersion(text: string): readonly [name: string, version: string] {
  const at = text.lastIndexOf("@");
  if (at < 1 || at === text.length - 1)
    throw new UsageError(`--name takes NAME@VERSION, not ${JSON.stringify(text)}: my-library@1.0.0`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The name of a file without its ending. */
function stemOf(file: string): string {
  return basename(file).replace(/\.[^.]+$/, "");
}

/** `fermata library build FILE`: writes a module whose default export is the library. */
export async function buildLibrary(terminal: Terminal, args: Arguments): Promise<number> {
  const { source, name, globals, output } = args;
  if (source.from !== "file") throw new UsageError("a library is built from a file");
  const [own, version] = namedVersion(name ?? `${stemOf(source.file)}@0.0.0`);
  const script = (await readBytes(terminal, source.file)).toString("utf8");
  const runtime = await terminal.createRuntime();
  const library = runtime.compileLibrary({ name: own, version, script, globals });
  const file = output ?? source.file.replace(/(?:\.[^./\\]+)?$/, ".library.mjs");
  try {
    await writeFile(resolve(terminal.cwd, file), libraryModule(library));
  } catch (error) {
    throw new UsageError(`cannot write the library to ${file}: ${(error as Error).message}`);
  }
  terminal.out(`${file}: ${library.name} ${library.version}, globals: ${library.globals.join(", ") || "none"}\n`);
  return EXIT.COMPLETE;
}

function isLibrary(value: unknown): value is Library {
  const { name, hash, data } = (value ?? {}) as Partial<Library>;
  return typeof name === "string" && typeof hash === "string" && typeof data === "string";
}

/** Loads the libraries in modules: paths, or names of packages such as `fermata-vm/web`. */
export async function loadLibraries(terminal: Terminal, modules: readonly string[]): Promise<readonly Library[]> {
  return Promise.all(
    modules.map(async (name) => {
      const isPath = /^[./\\]|^[a-z]:|\.[cm]?js$/i.test(name);
      let loaded: { default?: unknown };
      try {
        loaded = (await import(isPath ? pathToFileURL(resolve(terminal.cwd, name)).href : name)) as typeof loaded;
      } catch (error) {
        throw new UsageError(`cannot load the library ${name}: ${(error as Error).message}`);
      }
      if (!isLibrary(loaded.default)) throw new UsageError(`${name} is not a library: its default export must be one`);
      return loaded.default;
    }),
  );
}
