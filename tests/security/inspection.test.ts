// Inspecting a snapshot runs nothing of it, shows what it says of itself, and takes time in proportion to its bytes.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { Inspection, SuspendedState } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";
import { cpuMs } from "../support/cpu-time.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

const HELD = { externals: { ask: "sync", other: "async" }, filename: "a.js" } as const;

function bytesOf(source: string, limits = {}): Uint8Array {
  const state = runtime
    .compile(source, HELD)
    .start({ limits: { timeMs: 60_000, ...limits }, seed: 1, now: 0 }) as SuspendedState;
  return state.snapshot().dump();
}

/** What is in a snapshot, and the milliseconds that it took to find out. */
function inspected(bytes: Uint8Array, memoryBytes = 3e8): { readonly inspection: Inspection; readonly ms: number } {
  const snapshot = runtime.load(bytes, { limits: { memoryBytes, stackDepth: 1e6 } });
  const began = cpuMs();
  const inspection = snapshot.inspect();
  return { inspection, ms: cpuMs() - began };
}

describe("inspect", () => {
  it("shows limits, usage, permissions, host functions and hashes, as the snapshot has them", () => {
    const program = runtime.compile("console.log('x'); ask(); other", { ...HELD, allowEval: true });
    const state = program.start({ limits: { timeMs: Infinity, fuel: 5000 }, seed: 1 }) as SuspendedState;
    const { inspection } = inspected(state.snapshot().dump());
    expect(inspection).toMatchObject({
      status: "suspended",
      allowEval: true,
      limits: { timeMs: Infinity, fuel: 5000, stdoutBytes: 1024 * 1024 },
      usage: { hostCalls: 1, fuel: state.usage.fuel },
      externals: { ask: "sync", other: "async" },
      programs: [{ filename: "a.js", hash: program.hash, externals: { ask: "sync", other: "async" } }],
    });
    expect(inspection.usage.memoryBytes).toBeGreaterThan(0);
  });

  it("does not look through the source or a function for each frame", () => {
    const lines = "\n".repeat(300_000);
    const recursion = "function f(n) { if (n === 0) ask(); else f(n - 1); return 1 } f(20000)";
    const deep = inspected(bytesOf(lines + recursion, { memoryBytes: 2e8 }));
    expect(deep.inspection.frames[1]).toMatchObject({ function: "f", line: 300_001 });
    expect(deep.ms).toBeLessThan(2000);
    const long = `function f(n) { if (n < 0) { ${"n.a; ".repeat(20_000)} } if (n === 0) ask(); else f(n - 1); return 1 } f(5000)`;
    expect(inspected(bytesOf(long, { memoryBytes: 2e8 })).ms).toBeLessThan(2000);
  });

  it("leaves out arguments that take much more room than the snapshot", () => {
    const bytes = bytesOf("const a = Array(20000).fill('argument'); for (let i = 0; i < 100; i++) other(a); ask(1)", {
      memoryBytes: 1e8,
    });
    const { inspection, ms } = inspected(bytes);
    expect(inspection.calls.length).toBe(101);
    expect(inspection.calls[0]!.args).toHaveLength(1);
    expect(inspection.calls.at(-2)).toMatchObject({
      name: "other",
      args: [],
      argsLeftOut: expect.any(String) as string,
    });
    expect(ms).toBeLessThan(2000);
  });

  it("reports arguments that cannot leave the guest, and changes nothing", () => {
    const bytes = bytesOf("ask(1); 5");
    const snapshot = runtime.load(bytes);
    expect(snapshot.inspect().calls).toMatchObject([{ id: 1, kind: "sync", name: "ask", args: [1] }]);
    expect(snapshot.resume(2)).toMatchObject({ output: 5 });
  });
});
