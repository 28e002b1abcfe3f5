// Bundles a driver and the library it drives into one classic script whose completion value is what the driver's default export
// answers. Must never let the library see which engine runs it.

import { readFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

/** `text:library` is the source text of a library's module. */
const asText: Plugin = {
  name: "text",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^text:/ }, async ({ path, kind, resolveDir }) => ({
      path: (await resolve(path.slice(5), { kind, resolveDir })).path,
      namespace: "text",
    }));
    onLoad({ filter: /.*/, namespace: "text" }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "text",
    }));
  },
};

/** The script. `source`: the text of a module that imports the library and exports a function as its default. */
export async function bundleScript(source: string): Promise<string> {
  const result = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "driver",
    platform: "browser",
    target: "es2022",
    // What libraries look at to learn where they are.
    plugins: [asText],
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    logLevel: "warning",
  });
  return `${result.outputFiles[0]!.text}\ndriver.default();\n`;
}
