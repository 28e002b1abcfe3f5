// Owns the code that the host entries share: creating a runtime from the wasm that its host can provide.
//
// Only the entries know where their host keeps the wasm file. Must never use a host API.

import { createRuntimeFrom, type Runtime } from "../api/runtime.ts";
import type { CreateResumeRuntimeOptions } from "./host-resume.ts";

/** Options of `createRuntime`. */
export interface CreateRuntimeOptions extends CreateResumeRuntimeOptions {
  /** Loads the TypeScript stripper (a separate chunk), so that `compile` accepts TypeScript. Default true. */
  typescript?: boolean | undefined;
}

/**
 * Creates a runtime from the module in the options, or from the one that `loadModule` finds.
 *
 * @throws Error if the wasm cannot be read or is not a module
 */
export async function createRuntimeWith(
  options: CreateRuntimeOptions | undefined,
  loadModule: () => WebAssembly.Module | Promise<WebAssembly.Module>,
): Promise<Runtime> {
  return createRuntimeFrom({ ...options, module: options?.module ?? (await loadModule()) });
}
