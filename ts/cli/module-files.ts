// Owns where the command line finds modules: files of one folder. Must never read outside of it, whatever a program asks for and
// wherever links lead, and must never tell a program where on the disk it is.

import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep } from "node:path";
import type { ModuleLoader } from "../vm/modules.ts";

/** Tried in this order; what TypeScript calls `.js` may be a `.ts` file. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.mts", "/index.js", "/index.mjs"];
const SOURCE = /\.m?[jt]s$/i;
const SOURCE_OR_DATA = /\.(?:m?[jt]s|json)$/i;
/** Longer names are those of no file. */
const LONGEST = 1000;
/** Larger files are no modules. */
const MOST_BYTES = 64 * 1024 * 1024;

function candidates(name: string): string[] {
  const other = /\.m?js$/.test(name) ? [name.replace(/js$/, "ts")] : [];
  return [name, ...other, ...ENDINGS.map((ending) => name + ending)];
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || path === ".." || path.startsWith(`..${sep}`);
}

/** The text of a module in a folder, undefined if there is none such. All names are those that links lead to. */
async function textIn(folder: string, filename: string, isModule: RegExp): Promise<string | undefined> {
  const path = await realpath(join(folder, filename));
  if (leadsOut(relative(await realpath(folder), path)) || !isModule.test(path)) return undefined;
  // What is no plain file may never end.
  const found = await stat(path);
  return found.isFile() && found.size <= MOST_BYTES ? await readFile(path, "utf8") : undefined;
}

/** What a file system says when there is no such file, as far as a program has to know. */
const ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "ELOOP", "EINVAL"]);

/** Undefined for an error that says that there is no such file, null for any other. */
function absent(error: unknown): undefined | null {
  return ABSENT.has((error as NodeJS.ErrnoException).code ?? "") ? undefined : null;
}

/**
 * Finds modules in a folder by their names, with or without ending; nothing that lies outside.
 *
 * @param withData also what is no program: JSON. Only for a folder that somebody has named
 */
export function modulesIn(folder: string, withData: boolean): ModuleLoader {
  const isModule = withData ? SOURCE_OR_DATA : SOURCE;
  return async (_specifier, _referrer, _attributes, name) => {
    if (name.length > LONGEST || name.includes("\0") || leadsOut(normalize(name))) return undefined;
    for (const filename of candidates(name)) {
      if (!isModule.test(filename)) continue;
      const source = await textIn(folder, filename, isModule).catch(absent);
      // The message of a host's error says where the folder is, so nothing of it is told.
      if (source === null) throw new Error(`${filename} cannot be read`);
      if (source !== undefined) return { source, filename };
    }
    return undefined;
  };
}
