// Owns finding the wasm in Deno: it is beside this file, on disk (`--allow-read`) or on a server (`--allow-net`).

// Only the part used here: Deno's own types are not on npm in a form compatible with the DOM's.
declare const Deno: { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> };

/** Reads or fetches the core, and compiles it. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const url = new URL("./fermata.wasm", import.meta.url);
  if (url.protocol === "file:") return WebAssembly.compile(await Deno.readFile(url));
  return WebAssembly.compileStreaming(fetch(url));
}
