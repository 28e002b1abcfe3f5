// What the host entries share: how a runtime comes to be from whatever wasm its host can give.
//
// Only the entries know where their host keeps the wasm file. Nothing here may touch a host API.

import { createRuntimeFrom, type Runtime } from "../vm/runtime.ts";

/** Options of `createRuntime`. */
export interface CreateRuntimeOptions {
  /**
   * The wasm of this very build of Fermata (`fermata/fermata.wasm`), compiled or as bytes, where the default way of
   * finding it does not suit: a bundler that moved it, a content security policy, a cached module shared with workers.
   */
  module?: WebAssembly.Module | BufferSource | undefined;
  /** Load the TypeScript stripper (a chunk of its own), so that `compile` takes TypeScript. Default true. */
  typescript?: boolean | undefined;
  /** Idle machines kept for reuse. Default 4. */
  poolSize?: number | undefined;
}

/**
 * Makes a runtime from the module in the options, or else from what `loadModule` finds.
 *
 * @throws Error when the wasm cannot be read or is not a module
 */
export async function createRuntimeWith(
  options: CreateRuntimeOptions | undefined,
  loadModule: () => WebAssembly.Module | Promise<WebAssembly.Module>,
): Promise<Runtime> {
  return createRuntimeFrom({ ...options, module: options?.module ?? (await loadModule()) });
}
