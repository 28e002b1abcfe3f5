// Entry of the package in Deno: the wasm is beside this file, on disk (`--allow-read`) or on a server (`--allow-net`).

import type { Runtime } from "../api/runtime.ts";
import { type CreateRuntimeOptions, createRuntimeWith } from "./host.ts";

export * from "../index.ts";
export type { CreateRuntimeOptions };

// Only the part used here: Deno's own types are not on npm in a form compatible with the DOM's.
declare const Deno: { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> };

/**
 * Loads the wasm core and its base image. Do this once per process and share the runtime.
 *
 * ```ts
 * const runtime = await createRuntime();
 * const { output } = await runtime.compile("6 * 7").run(); // 42
 * ```
 *
 * @throws Error if the wasm cannot be read or is not a module
 */
export function createRuntime(options?: CreateRuntimeOptions): Promise<Runtime> {
  return createRuntimeWith(options, async () => {
    const url = new URL("./fermata.wasm", import.meta.url);
    if (url.protocol === "file:") return WebAssembly.compile(await Deno.readFile(url));
    return WebAssembly.compileStreaming(fetch(url));
  });
}
