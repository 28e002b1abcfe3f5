// Entry of the package as one file, on any host: the wasm is text in the JavaScript. Must never use a host API, nor `import.meta`,
// which scripts do not have.

import { inflateSync } from "fflate";
import type { Runtime } from "../api/runtime.ts";
import { bytesOfBase64 } from "../bytes/base64.ts";
import { type CreateRuntimeOptions, createRuntimeWith } from "./host.ts";
import { packedWasm, wasmBytes } from "./inline-wasm.ts";

export * from "../index.ts";
export type { CreateRuntimeOptions };

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Makes the core from the wasm that is in this file. Do this once per process, page or worker and share the runtime. Where compiling
 * wasm from bytes is forbidden, as in Cloudflare Workers, import from `fermata-vm`.
 *
 * ```ts
 * const runtime = await createRuntime();
 * const { output } = await runtime.compile("6 * 7").run(); // 42
 * ```
 *
 * @throws Error if the host forbids the compiling of wasm
 */
export function createRuntime(options?: CreateRuntimeOptions): Promise<Runtime> {
  return createRuntimeWith(options, () => (compiled ??= WebAssembly.compile(unpacked())));
}

function unpacked(): Uint8Array<ArrayBuffer> {
  return inflateSync(bytesOfBase64(packedWasm), { out: new Uint8Array(wasmBytes) }) as Uint8Array<ArrayBuffer>;
}
