// Owns the step by which the build makes the packed data of `fermata-vm/intl`: an import of `intl-data:NAME` in the library is the
// module that ts/build/intl/NAME.ts writes by its `source()`. The data are made at each build, from the CLDR packages, and never committed.
// Must never be shipped.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

const folder = join(dirname(fileURLToPath(import.meta.url)), "intl");
const PREFIX = "intl-data:";

/** Section → the source of its module; made once per process. */
const made = new Map<string, Promise<string>>();

async function sourceOf(section: string): Promise<string> {
  const file = join(folder, `${section}.ts`);
  if (!existsSync(file)) throw new Error(`there is no section of data ${section}: ${file} is missing`);
  const { source } = (await import(pathToFileURL(file).href)) as { source: () => string | Promise<string> };
  return source();
}

/** Resolves `intl-data:NAME`; `packages` gets the names of the packages that the data come from. */
export function intlData(packages: Set<string>): Plugin {
  return {
    name: "intl-data",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^intl-data:/ }, ({ path }) => ({ path: path.slice(PREFIX.length), namespace: "intl-data" }));
      onLoad({ filter: /.*/, namespace: "intl-data" }, async ({ path }) => {
        packages.add("cldr-core");
        let source = made.get(path);
        if (source === undefined) made.set(path, (source = sourceOf(path)));
        return { contents: await source, loader: "js" };
      });
    },
  };
}
