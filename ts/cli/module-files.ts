// Owns where the command line finds modules: files of one folder. Must never read outside of it, whatever a program asks for.

import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import type { ModuleLoader } from "../vm/modules.ts";

/** Tried in this order; what TypeScript calls `.js` may be a `.ts` file. */
const ENDINGS = [".ts", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.mts", "/index.js", "/index.mjs"];

function candidates(name: string): string[] {
  const other = /\.m?js$/.test(name) ? [name.replace(/js$/, "ts")] : [];
  return [name, ...other, ...ENDINGS.map((ending) => name + ending)];
}

/** Finds modules in a folder by their names, with or without ending; nothing that lies outside. */
export function modulesIn(folder: string): ModuleLoader {
  return async (_specifier, _referrer, _attributes, name) => {
    const inside = normalize(name);
    if (isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`)) return undefined;
    for (const filename of candidates(name)) {
      try {
        return { source: await readFile(join(folder, filename), "utf8"), filename };
      } catch (error) {
        if (!["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      }
    }
    return undefined;
  };
}
