// Owns finding the wasm in browsers, and wherever no other export condition matches: it is fetched from beside this file.
//
// Bundlers recognise `new URL("./fermata.wasm", import.meta.url)` literally; keep it in this form.

import { wasmNotFound } from "./wasm-not-found.ts";

/** Fetches and compiles the core. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const response = await fetchWasm();
  if (!response.ok) throw wasmNotFound(`HTTP ${response.status} from ${response.url}`);
  const type = response.headers.get("content-type")?.split(";", 1)[0]?.trim();
  // What a server of pages answers for a path that it does not know.
  if (type === "text/html") throw wasmNotFound(`${response.url} is a page, not a wasm module`);
  // Streaming compilation rejects any other type, and many servers do not know wasm.
  if (type === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

async function fetchWasm(): Promise<Response> {
  try {
    return await fetch(new URL("./fermata.wasm", import.meta.url));
  } catch (error) {
    throw wasmNotFound(error instanceof Error ? error.message : String(error), error);
  }
}
