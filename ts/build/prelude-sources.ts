// Owns which prelude files exist and in which order they are compiled. Must never evaluate them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Prelude files with their text, in the order they are compiled (by name). */
export function preludeSources(root: string): { file: string; source: string }[] {
  const folder = join(root, "ts/prelude");
  return readdirSync(folder)
    .filter((f) => f.endsWith(".js"))
    .sort()
    .map((file) => ({ file, source: readFileSync(join(folder, file), "utf8") }));
}

/** Names of all top-level functions of the prelude (declared at the start of a line). */
export function preludeFunctionNames(root: string): string[] {
  return preludeSources(root).flatMap(({ source }) =>
    [...source.matchAll(/^(?:async )?function\*? ?([\w$]+)\(/gm)].map((m) => m[1]!),
  );
}
