// Entry of the package in Cloudflare Workers.

import type { Runtime } from "../api/runtime.ts";
import { type CreateRuntimeOptions, createRuntimeWith } from "./host.ts";
import type { CreateResumeRuntimeOptions } from "./host-resume.ts";
import { loadModule } from "./wasm-workerd.ts";

export * from "../index.ts";
export type { CreateResumeRuntimeOptions, CreateRuntimeOptions };

/**
 * Creates a runtime from the wasm that was deployed with the worker. Do this once per isolate and share the runtime.
 *
 * ```ts
 * const runtime = await createRuntime();
 * const { output } = await runtime.compile("6 * 7").run(); // 42
 * ```
 *
 * @throws InternalError if the module is not the core of this build
 */
export function createRuntime(options?: CreateRuntimeOptions): Promise<Runtime> {
  return createRuntimeWith(options, loadModule);
}
