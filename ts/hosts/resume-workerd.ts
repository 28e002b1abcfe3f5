// Entry `fermata-vm/resume` in Cloudflare Workers.

import type { ResumeRuntime } from "../api/resume-runtime.ts";
import { type CreateResumeRuntimeOptions, createResumeRuntimeWith } from "./host-resume.ts";
import { loadModule } from "./wasm-workerd.ts";

export * from "../index-resume.ts";
export type { CreateResumeRuntimeOptions };

/**
 * Creates a runtime without a compiler from the wasm that was deployed with the worker. Do this once per isolate and share the runtime.
 *
 * ```ts
 * const runtime = await createRuntime();
 * const state = runtime.load(bytes).resume(answer);
 * ```
 *
 * @throws InternalError if the module is not the core of this build
 */
export function createRuntime(options?: CreateResumeRuntimeOptions): Promise<ResumeRuntime> {
  return createResumeRuntimeWith(options, loadModule);
}
