// Owns the code that the entries `fermata-vm/resume` of the hosts share. Must never use a host API, nor import the compiler.

import { createResumeRuntimeFrom, type ResumeRuntime, type ResumeRuntimeOptions } from "../api/resume-runtime.ts";

/** Options of `createRuntime` of `fermata-vm/resume`. */
export interface CreateResumeRuntimeOptions extends Omit<ResumeRuntimeOptions, "module"> {
  /**
   * The wasm of exactly this build of Fermata (`fermata-vm/fermata.wasm`), compiled or as bytes. Needed if the default way of finding
   * it does not work: a bundler that moved it, a content security policy, a cached module shared with workers.
   */
  module?: WebAssembly.Module | BufferSource | undefined;
}

/**
 * Creates a runtime without a compiler from the module in the options, or from the one that `loadModule` finds.
 *
 * @throws Error if the wasm cannot be read or is not a module
 */
export async function createResumeRuntimeWith(
  options: CreateResumeRuntimeOptions | undefined,
  loadModule: () => WebAssembly.Module | Promise<WebAssembly.Module>,
): Promise<ResumeRuntime> {
  return createResumeRuntimeFrom({ ...options, module: options?.module ?? (await loadModule()) });
}
