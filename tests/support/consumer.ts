// Owns a folder in which the package is installed under its name, as a user has it: every runtime finds it through its own
// export condition. Must never write into the repository.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runtimes that are programs: how each runs a file. */
const RUNTIMES = {
  node: [process.execPath],
  deno: [join(root, "node_modules/.bin/deno"), "run", "--allow-read", "--no-lock"],
  bun: [join(root, "node_modules/.bin/bun"), "run"],
} as const;

export type ProcessRuntime = keyof typeof RUNTIMES;

export interface Consumer {
  readonly folder: string;
  /** Runs a file of the folder; resolves to its standard output, read as JSON. */
  run(runtime: ProcessRuntime, file: string, request: unknown): Promise<unknown>;
  /** Bundles a file of the folder with the package, the wasm beside it; resolves to the bundle's path. */
  bundle(file: string, condition: "workerd" | "browser"): Promise<string>;
  /** Runs a file of the folder as a Worker and posts it a request; resolves to what it answers, read as JSON. */
  runWorker(file: string, request?: unknown): Promise<unknown>;
  dispose(): void;
}

/** A folder with copies of the given files and the package. */
export function makeConsumer(files: readonly string[]): Consumer {
  const folder = mkdtempSync(join(tmpdir(), "fermata-consumer-"));
  mkdirSync(join(folder, "node_modules/fermata-vm"), { recursive: true });
  // What npm would unpack: the manifest and the files it lists.
  cpSync(join(root, "package.json"), join(folder, "node_modules/fermata-vm/package.json"));
  symlinkSync(join(root, "dist"), join(folder, "node_modules/fermata-vm/dist"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
  for (const file of files) cpSync(file, join(folder, file.slice(file.lastIndexOf("/") + 1)));
  const consumer: Consumer = {
    folder,
    run: (runtime, file, request) => runProcess(RUNTIMES[runtime], folder, file, request),
    async bundle(file, condition) {
      const out = join(folder, `out-${condition}`);
      await build({
        absWorkingDir: folder,
        entryPoints: [file],
        outdir: out,
        bundle: true,
        format: "esm",
        target: "es2022",
        conditions: [condition],
        external: ["*.wasm", "cloudflare:*"],
        logLevel: "warning",
      });
      cpSync(join(root, "dist/fermata.wasm"), join(out, "fermata.wasm"));
      return join(out, file);
    },
    runWorker: async (file, request) => inWorkerd(await consumer.bundle(file, "workerd"), request),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
  return consumer;
}

async function inWorkerd(script: string, request: unknown): Promise<unknown> {
  const worker = new Miniflare({
    modulesRoot: dirname(script),
    modules: [
      { type: "ESModule", path: script },
      { type: "CompiledWasm", path: join(dirname(script), "fermata.wasm") },
    ],
    compatibilityDate: "2026-04-26",
    cf: false,
  });
  try {
    const response = await worker.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify(request) });
    if (response.status !== 200) throw new Error(await response.text());
    return await response.json();
  } finally {
    await worker.dispose();
  }
}

function runProcess(command: readonly string[], folder: string, file: string, request: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0]!, [...command.slice(1), join(folder, file)], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DO_NOT_TRACK: "1" },
    });
    let out = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`${command[0]} ended with ${code}: ${complaints}`));
      try {
        resolve(JSON.parse(out));
      } catch (error) {
        reject(new Error(`${command[0]} printed no JSON: ${out} ${complaints}`, { cause: error }));
      }
    });
    child.stdin.end(JSON.stringify(request));
  });
}
