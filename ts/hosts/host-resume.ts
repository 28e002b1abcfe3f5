// Owns the code that the entries `fermata-vm/resume` of the hosts share. Must never use a host API, nor import the compiler.

import type { LibraryOption } from "../api/libraries.ts";
import type { TimeZones } from "../machine/zone-rules.ts";
import { createResumeRuntimeFrom, type ResumeRuntime } from "../api/resume-runtime.ts";

/** Options of `createRuntime` of `fermata-vm/resume`. */
export interface CreateResumeRuntimeOptions {
  /**
   * The wasm of exactly this build of Fermata (`fermata-vm/fermata.wasm`), compiled or as bytes. Needed if the default way of finding
   * it does not work: a bundler that moved it, a content security policy, a cached module shared with workers.
   */
  module?: WebAssembly.Module | BufferSource | undefined;
  /** Maximum number of idle machines kept for reuse. Default 4. */
  poolSize?: number | undefined;
  /**
   * Libraries of guest code, such as the default export of `fermata-vm/web`. A program has those of which it names a global, a module
   * or a property that is listed for this, those that these require, and, if it may compile code from strings, all.
   */
  libraries?: readonly LibraryOption[] | undefined;
  /**
   * Where time zones come from: the default export of `fermata-vm/zones`, whose data are the same on every host, or a source of your own.
   * Default: the host's Intl.
   */
  zones?: TimeZones | undefined;
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
