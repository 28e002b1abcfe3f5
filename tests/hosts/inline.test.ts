// The entry with the wasm inside, bundled to one file as users do it, and run where nothing else of the package is.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { build, type BuildOptions } from "esbuild";
import { rollup } from "rollup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const INLINE = join(import.meta.dirname, "../../dist/inline.js");
const app = (from: string): string => `
  import { createRuntime } from ${JSON.stringify(from)};
  globalThis.result = (async () => {
    const runtime = await createRuntime();
    const program = runtime.compile("const n: number = await ask(20); n + 1", { externals: { ask: "async" } });
    const state = program.start();
    const bytes = state.snapshot().dump();
    return { bytes: bytes.length, output: runtime.load(bytes).resume(41).output };
  })();`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fermata-inline-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a script that has no modules, no files and no network, as a page would. */
async function runAlone(script: string): Promise<{ bytes: number; output: unknown }> {
  const globals = { WebAssembly, TextEncoder, TextDecoder, atob, performance, setTimeout, queueMicrotask, URL, crypto };
  const context = createContext({ ...globals });
  new Script(script).runInContext(context);
  return (context as unknown as { result: Promise<{ bytes: number; output: unknown }> }).result;
}

async function bundled(from: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: app(from), resolveDir: folder },
    bundle: true,
    write: false,
    logLevel: "silent",
    ...options,
  });
  return outputFiles![0]!.text;
}

describe("fermata-vm/inline", () => {
  it("is one script with esbuild", async () => {
    const { bytes, output } = await runAlone(await bundled(INLINE, { format: "iife" }));
    expect(output).toBe(42);
    expect(bytes).toBeLessThan(400);
  });

  it("is one module with esbuild, wherever it is", async () => {
    const file = join(folder, "app.mjs");
    writeFileSync(file, await bundled(INLINE, { format: "esm" }));
    await import(file);
    expect(await (globalThis as unknown as { result: Promise<unknown> }).result).toMatchObject({ output: 42 });
  });

  it("is one script with Rollup", async () => {
    const input = join(folder, "rollup.mjs");
    writeFileSync(input, app(INLINE));
    const bundle = await rollup({ input });
    const { output } = await bundle.generate({ format: "iife", inlineDynamicImports: true });
    await bundle.close();
    expect(await runAlone(output[0].code)).toMatchObject({ output: 42 });
  });

  it("is named by the error of a bundle that has lost the wasm", async () => {
    const dist = (name: string): string => join(import.meta.dirname, "../../dist", name);
    await expect(runAlone(await bundled(dist("browser.js"), { format: "iife" }))).rejects.toThrow(
      /^cannot load fermata\.wasm: .*If a bundler made this file, import from "fermata-vm\/inline"/,
    );
    const file = join(folder, "node.mjs");
    writeFileSync(file, await bundled(dist("node.js"), { format: "esm", platform: "node" }));
    await import(file);
    await expect((globalThis as unknown as { result: Promise<unknown> }).result).rejects.toThrow(
      /^cannot load fermata\.wasm: file:.*\/fermata\.wasm cannot be read \(ENOENT\)\. If a bundler/,
    );
  });
});
