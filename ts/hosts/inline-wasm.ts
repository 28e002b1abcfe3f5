// Owns the place of the wasm as text: the build (vite.config.ts) replaces this file by one that has it. Must never be loaded as it is.

/** The wasm, deflated, in base64. */
export const packedWasm: string = "";
/** Its length before it was deflated. */
export const wasmBytes: number = 0;
