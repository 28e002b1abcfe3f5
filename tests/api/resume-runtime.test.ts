// A runtime without a compiler: what `fermata-vm/resume` has. It runs, holds and resumes what was compiled elsewhere, says where a compiler is
// needed before anything runs, and its code does not reach the compiler.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { createResumeRuntimeFrom, type ResumeRuntime } from "../../ts/api/resume-runtime.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { State } from "../../ts/api/state.ts";
import { SnapshotError } from "../../ts/errors.ts";
import { testRuntime, thrownBy, WASM } from "../support/runtime.ts";

let full: Runtime;
let resuming: ResumeRuntime;
beforeAll(async () => {
  full = await testRuntime();
  resuming = await createResumeRuntimeFrom({ module: readFileSync(WASM) });
});

const ASKING = "let sum: number = 1; for (let i = 0; i < 3; i++) sum += await ask(i); sum";

function dumpOf(state: State): Uint8Array {
  if (state.status !== "suspended") throw new Error(`the state is ${state.status}`);
  return state.snapshot().dump();
}

describe("a runtime without a compiler", () => {
  it("runs a program that was compiled elsewhere", async () => {
    const bytes = full.compile(ASKING, { externals: ["ask"] }).dump();
    const { output } = await resuming.loadProgram(bytes).run({ tools: { ask: (n) => Number(n) * 10 } });
    expect(output).toBe(31);
  });

  it("resumes a snapshot, and holds it again, with the bytes that any runtime writes", () => {
    const first = dumpOf(full.compile(ASKING, { externals: ["ask"] }).start({ seed: 1, now: 0 }));
    const here = dumpOf(resuming.load(first).resume(5));
    expect(here).toEqual(dumpOf(full.load(first).resume(5)));
    expect(full.load(here).resume(1).status).toBe("suspended");
  });

  it("shows frames without the variables, which only the compiler can find", () => {
    const bytes = dumpOf(full.compile(ASKING, { externals: ["ask"] }).start());
    const snapshot = resuming.load(bytes);
    expect(snapshot.inspect().calls[0]!.name).toBe("ask");
    expect(snapshot.inspect({ scopes: true }).frames.flatMap(({ scopes }) => scopes ?? [])).toEqual([]);
  });

  it("has neither compile nor session", () => {
    expect("compile" in resuming).toBe(false);
    expect("session" in resuming).toBe(false);
  });
});

describe("where a compiler would be needed", () => {
  const EVALUATING = "const a = await ask(0); eval('a + 1')";
  const options = { externals: ["ask"], allowEval: true, filename: "e.js" };

  it("a snapshot that may evaluate code is refused, and loads where it may not", () => {
    const bytes = dumpOf(full.compile(EVALUATING, options).start());
    const error = thrownBy(() => resuming.load(bytes)) as SnapshotError;
    expect(error).toBeInstanceOf(SnapshotError);
    expect(error.reason).toBe("no-compiler");
    expect(error.message).toContain('import from "fermata-vm"');
    const state = resuming.load(bytes, { allowEval: false });
    expect(() => state.resume(1)).toThrow(/EvalError/);
  });

  it("a program that may evaluate code does not start, unless it may not", () => {
    const program = resuming.loadProgram(full.compile(EVALUATING, options).dump());
    expect(() => program.start()).toThrow(
      /e\.js may compile code from strings, but "fermata-vm\/resume" has no compiler/,
    );
    expect(program.start({ allowEval: false }).status).toBe("suspended");
  });

  it("the import of a module that the host loads fails, as if it could not be loaded", async () => {
    const source = 'let said; try { await import("./a.js") } catch (error) { said = error.message } said';
    const program = full.compile(source, { filename: "m.js" });
    const { output } = await resuming.loadProgram(program.dump()).run({ loader: () => "export const a = 1" });
    expect(output).toMatch(/cannot compile the module .*a\.js: "fermata-vm\/resume" has no compiler/);
  });
});

/** All files that a file imports when it runs. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !existsSync(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, clause, path] of text.matchAll(/^(?:import|export) ([^;]*?)from "(\.[^"]+)";/gms))
    if (!clause!.startsWith("type ")) reached(join(dirname(file), path!), seen);
  return seen;
}

describe("the code of fermata-vm/resume", () => {
  const ts = fileURLToPath(new URL("../../ts", import.meta.url));
  it("does not reach the parser or the emitters", () => {
    const inCompiler = [...reached(join(ts, "hosts/resume-node.ts"))].filter((file) =>
      /\/compiler\/(?:emit|scope|parse|compile\.)/.test(file),
    );
    expect(inCompiler).toEqual([]);
    expect([...reached(join(ts, "hosts/node.ts"))].some((file) => file.endsWith("/compiler/parse.ts"))).toBe(true);
  });
});
