// Makes the libraries of ts/libraries for tests, from their sources: no build is needed.

import { fileURLToPath } from "node:url";
import type { Runtime } from "../../ts/api/runtime.ts";
import { buildLibraries } from "../../ts/build/libraries.ts";
import type { Library } from "../../ts/machine/library.ts";
import { testRuntime } from "./runtime.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const made = new Map<string, Promise<readonly Library[]>>();

async function make(folder: string): Promise<readonly Library[]> {
  const runtime = await testRuntime({ typescript: false });
  return (await buildLibraries(root, runtime, [folder])).map(({ library }) => library);
}

/** The library of that folder and those that it requires; itself comes last. */
export function builtLibraries(folder: string): Promise<readonly Library[]> {
  let libraries = made.get(folder);
  if (libraries === undefined) made.set(folder, (libraries = make(folder)));
  return libraries;
}

/** The library of that folder of ts/libraries. */
export async function builtLibrary(folder: string): Promise<Library> {
  return (await builtLibraries(folder)).at(-1)!;
}

/** A runtime with these libraries and those that they require. */
export async function runtimeWith(...folders: readonly string[]): Promise<Runtime> {
  const lists = await Promise.all(folders.map(builtLibraries));
  const byName = new Map(lists.flat().map((library) => [library.name, library]));
  return testRuntime({ libraries: [...byName.values()] });
}
