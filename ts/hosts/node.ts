// Entry of the package in Node: the wasm is a file beside this one.

import { readFile } from "node:fs/promises";
import type { Runtime } from "../api/runtime.ts";
import { type CreateRuntimeOptions, createRuntimeWith, wasmNotFound } from "./host.ts";

export * from "../index.ts";
export type { CreateRuntimeOptions };

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
    const bytes = await readFile(url).catch((error: unknown) => {
      throw wasmNotFound(
        `${url.href} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        error,
      );
    });
    return WebAssembly.compile(bytes);
  });
}
