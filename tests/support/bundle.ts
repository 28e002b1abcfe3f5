// Bundles a TypeScript file of the tests for another process or runtime, where nothing resolves `.ts` or packages.

import { build } from "esbuild";

/** JavaScript (one ES module) of the entry and all it imports. */
export async function bundle(entry: string | URL, platform: "browser" | "node"): Promise<string> {
  const result = await build({
    entryPoints: [entry instanceof URL ? entry.pathname : entry],
    bundle: true,
    write: false,
    format: "esm",
    platform,
    target: "es2022",
    logLevel: "warning",
  });
  return result.outputFiles[0]!.text;
}

/** As {@link bundle}, for workerd: the wasm is a module beside it, `./fermata.wasm`, and what the platform brings is left out. */
export async function bundleWorker(entry: string | URL): Promise<string> {
  const result = await build({
    entryPoints: [entry instanceof URL ? entry.pathname : entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["cloudflare:*"],
    logLevel: "warning",
    plugins: [
      {
        name: "wasm-beside",
        setup({ onResolve }) {
          onResolve({ filter: /fermata\.wasm$/ }, () => ({ path: "./fermata.wasm", external: true }));
        },
      },
    ],
  });
  return result.outputFiles[0]!.text;
}
