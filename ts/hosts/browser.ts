// Entry of the package in browsers, and wherever no other export condition matches: the wasm is fetched from beside this file.
//
// Bundlers recognise `new URL("./fermata.wasm", import.meta.url)` literally; keep it in this form.

import type { Runtime } from "../api/runtime.ts";
import { type CreateRuntimeOptions, createRuntimeWith, wasmNotFound } from "./host.ts";

export * from "../index.ts";
export type { CreateRuntimeOptions };

/**
 * Loads the wasm core and its base image. Do this once per page or worker and share the runtime.
 *
 * ```ts
 * const runtime = await createRuntime();
 * const { output } = await runtime.compile("6 * 7").run(); // 42
 * ```
 *
 * @throws Error if the wasm cannot be fetched or is not a module
 */
export function createRuntime(options?: CreateRuntimeOptions): Promise<Runtime> {
  return createRuntimeWith(options, async () => {
    const response = await fetchWasm();
    if (!response.ok) throw wasmNotFound(`HTTP ${response.status} from ${response.url}`);
    const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim();
    // What a server of pages answers for a path that it does not know.
    if (type === "text/html") throw wasmNotFound(`${response.url} is a page, not a wasm module`);
    // Streaming compilation rejects any other type, and many servers do not know wasm.
    if (type === "application/wasm") return WebAssembly.compileStreaming(response);
    return WebAssembly.compile(await response.arrayBuffer());
  });
}

async function fetchWasm(): Promise<Response> {
  try {
    return await fetch(new URL("./fermata.wasm", import.meta.url));
  } catch (error) {
    throw wasmNotFound(error instanceof Error ? error.message : String(error), error);
  }
}
