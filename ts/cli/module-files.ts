// Owns loading modules for the command line from the files of one folder. Must never read outside that folder, whatever specifiers
// or links say, and must never reveal to a program where the folder is.

import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep } from "node:path";
import type { ModuleLoader } from "../api/module-types.ts";

/** Extensions, tried in this order; a `.js` specifier in TypeScript may mean a `.ts` file. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.mts", "/index.js", "/index.mjs"];
const SOURCE = /\.m?[jt]s$/i;
const SOURCE_OR_DATA = /\.(?:m?[jt]s|json)$/i;
/** Longest name that can be a file. */
const LONGEST = 1000;
/** Largest file that is accepted as a module. */
const MAX_BYTES = 64 * 1024 * 1024;

function candidates(name: string): string[] {
  const other = /\.m?js$/.test(name) ? [name.replace(/js$/, "ts")] : [];
  return [name, ...other, ...ENDINGS.map((ending) => name + ending)];
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || path === ".." || path.startsWith(`..${sep}`);
}

/** Returns the text of a module in a folder, undefined if there is no such module. Links are resolved before names are checked. */
async function textIn(folder: string, filename: string, isModule: RegExp): Promise<string | undefined> {
  const path = await realpath(join(folder, filename));
  if (leadsOut(relative(await realpath(folder), path)) || !isModule.test(path)) return undefined;
  // Reading anything but a plain file might never end.
  const found = await stat(path);
  return found.isFile() && found.size <= MAX_BYTES ? await readFile(path, "utf8") : undefined;
}

/** Error codes that mean, for a program, that there is no such file. */
const ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "ELOOP", "EINVAL"]);

/** Returns undefined for an error that means that there is no such file, null for any other. */
function absent(error: unknown): undefined | null {
  return ABSENT.has((error as NodeJS.ErrnoException).code ?? "") ? undefined : null;
}

/**
 * Finds modules in a folder by name, with or without extension; never outside it.
 *
 * @param withData also finds data: JSON. Only for a folder that the user has named
 */
export function modulesIn(folder: string, withData: boolean): ModuleLoader {
  const isModule = withData ? SOURCE_OR_DATA : SOURCE;
  return async (_specifier, _referrer, _attributes, name) => {
    if (name.length > LONGEST || name.includes("\0") || leadsOut(normalize(name))) return undefined;
    for (const filename of candidates(name)) {
      if (!isModule.test(filename)) continue;
      const source = await textIn(folder, filename, isModule).catch(absent);
      // The message of the host's error would reveal the folder, so it is not passed on.
      if (source === null) throw new Error(`${filename} cannot be read`);
      if (source !== undefined) return { source, filename };
    }
    return undefined;
  };
}
