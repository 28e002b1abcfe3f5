// Entry `fermata-vm/resume` in Deno.

import type { ResumeRuntime } from "../api/resume-runtime.ts";
import { type CreateResumeRuntimeOptions, createResumeRuntimeWith } from "./host-resume.ts";
import { loadModule } from "./wasm-deno.ts";

export * from "../index-resume.ts";
export type { CreateResumeRuntimeOptions };

/**
 * Loads the wasm core, without the compiler, and its base image. Do this once per process and share the runtime.
 *
 * ```ts
 * const runtime = await createRuntime();
 * const state = runtime.load(bytes).resume(answer);
 * ```
 *
 * @throws Error if the wasm cannot be read or is not a module
 */
export function createRuntime(options?: CreateResumeRuntimeOptions): Promise<ResumeRuntime> {
  return createResumeRuntimeWith(options, loadModule);
}
