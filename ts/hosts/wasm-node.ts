// Owns finding the wasm in Node and Bun: it is a file beside this one.

import { readFile } from "node:fs/promises";
import { wasmNotFound } from "./wasm-not-found.ts";

/** Reads and compiles the core. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const url = new URL("./fermata.wasm", import.meta.url);
  const bytes = await readFile(url).catch((error: unknown) => {
    throw wasmNotFound(`${url.href} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`, error);
  });
  return WebAssembly.compile(bytes);
}
