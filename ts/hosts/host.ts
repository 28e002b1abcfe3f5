// Owns the code that the host entries share: creating a runtime from the wasm that its host can provide.
//
// Only the entries know where their host keeps the wasm file. Must never use a host API.

import type { LibraryOption } from "../api/libraries.ts";
import { createRuntimeFrom, type Runtime } from "../api/runtime.ts";
import type { TimeZones } from "../machine/zone-rules.ts";

/** Options of `createRuntime`. */
export interface CreateRuntimeOptions {
  /**
   * The wasm of exactly this build of Fermata (`fermata-vm/fermata.wasm`), compiled or as bytes. Needed if the default way of finding
   * it does not work: a bundler that moved it, a content security policy, a cached module shared with workers.
   */
  module?: WebAssembly.Module | BufferSource | undefined;
  /** Loads the TypeScript stripper (a separate chunk), so that `compile` accepts TypeScript. Default true. */
  typescript?: boolean | undefined;
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

/** What helps when a bundler has moved the JavaScript without the wasm. */
const BUNDLED = `If a bundler made this file, import from "fermata-vm/inline", which has the wasm inside, or copy fermata-vm/fermata.wasm and pass it: createRuntime({ module })`;
/** What helps in the development server of Vite 6 and 7. */
const PREBUNDLED = `Vite has moved the package: add optimizeDeps: { exclude: ["fermata-vm"] } to its configuration, or import from "fermata-vm/inline"`;

/**
 * The error of a host that has not found the wasm where the package lies: a bundler has moved one without the other.
 *
 * @param where what was looked for, and what came of it
 */
export function wasmNotFound(where: string, cause?: unknown): Error {
  const help = where.includes("/.vite/deps/") ? PREBUNDLED : BUNDLED;
  return new Error(`cannot load fermata.wasm: ${where}. ${help}`, { cause });
}
