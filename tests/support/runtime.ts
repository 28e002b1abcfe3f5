// Makes one runtime per test file from the built wasm. Tests of the wrapper run its source, not the bundle in dist/.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LibraryOption } from "../../ts/api/libraries.ts";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import { noteLibraries } from "./held-libraries.ts";

/** The wasm under test; FERMATA_WASM names another build. */
export const WASM = process.env["FERMATA_WASM"] ?? fileURLToPath(new URL("../../build/fermata.wasm", import.meta.url));

const module = new WebAssembly.Module(readFileSync(WASM));

/** A runtime with TypeScript. */
export function testRuntime(
  options: {
    readonly poolSize?: number;
    readonly typescript?: boolean;
    readonly libraries?: readonly LibraryOption[];
  } = {},
): Promise<Runtime> {
  noteLibraries(options.libraries ?? []);
  return createRuntimeFrom({ module, ...options });
}

/** What a JavaScript program without a host gives. */
export async function outputOf(runtime: Runtime, source: string): Promise<unknown> {
  const { output } = await runtime.compile(source, { filename: "test.js" }).run();
  return output;
}

/** What a call throws; fails if it throws nothing. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("expected an error, and none was thrown");
}
