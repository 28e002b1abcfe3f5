// Owns finding the wasm in Cloudflare Workers, where it is available only through a static import: compiling bytes is refused.

import fermataModule from "../../build/fermata.wasm";

/** Returns the core. */
export function loadModule(): WebAssembly.Module {
  return fermataModule;
}
