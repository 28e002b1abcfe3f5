// Entry of the package in Node.

import type { Runtime } from "../api/runtime.ts";
import { type CreateRuntimeOptions, createRuntimeWith } from "./host.ts";
import type { CreateResumeRuntimeOptions } from "./host-resume.ts";
import { loadModule } from "./wasm-node.ts";

export * from "../index.ts";
export type { CreateResumeRuntimeOptions, CreateRuntimeOptions };

/**
 * Loads the wasm core and its base image. Do this once per process and share the runtime.
 *
 * ```ts
 * const runtime = await createRuntime();
 * const { output } = await runtime.compile("6 * 7").run(); // 42
 * ```
 *
 * @throws Error if the wasm cannot be read or is not a module
 */
export function createRuntime(options?: CreateRuntimeOptions): Promise<Runtime> {
  return createRuntimeWith(options, loadModule);
}
