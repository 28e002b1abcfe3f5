// The sizes that snapshots of known programs may have. Prints times, which are judged by the benchmark only.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { CompleteState, PausedState, SuspendedState } from "../../ts/index.ts";
import type { Machine } from "../../ts/machine/machine.ts";
import { packImage, unpackImage } from "../../ts/snapshot/image-coder.ts";
import { BUDGET_PROGRAMS } from "./budget-programs.ts";
import { PROGRAMS } from "./programs.ts";
import { compile, START, testRuntime } from "./support.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

const BYTES: Readonly<Record<string, number>> = { trivial: 600, agent: 3000, data1mb: 150_000 };

function median(work: () => void, times: number): number {
  const spent = Array.from({ length: times }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return spent.sort((a, b) => a - b)[times >> 1]!;
}

describe("sizes and times", () => {
  for (const [name, source] of Object.entries(BUDGET_PROGRAMS)) {
    it(`${name} program`, () => {
      const program = runtime.compile(source, { filename: "program.js", externals: ["hostCall"] });
      const state = program.start(START) as SuspendedState;
      expect(state.status).toBe("suspended");
      let bytes = state.snapshot().dump();
      const times = name.endsWith("1mb") ? 9 : 101;
      const out = median(() => (bytes = state.snapshot().dump()), times);
      const back = median(() => {
        const restored = runtime.load(bytes).restore();
        if (restored.status !== "complete") restored.dispose();
      }, times);
      const { bytes: parts, counts } = state.snapshot().inspect();
      console.log(
        `${name}: ${bytes.length} bytes, capture and compress ${out.toFixed(3)} ms, load and verify ${back.toFixed(3)} ms, ${counts.cells} cells, ${JSON.stringify(parts)}`,
      );
      if (BYTES[name] !== undefined) expect(bytes.length).toBeLessThanOrEqual(BYTES[name]);
      const restored = runtime.load(bytes).restore() as SuspendedState;
      expect(restored.calls).toEqual(state.calls);
    });
  }
});

describe("memory", () => {
  it("of a fresh machine is half a megabyte at most, and grows with use", () => {
    const source = "const list = []; for (let i = 0; i < 40_000; i++) list.push({ i }); list.length";
    const program = runtime.compile(source, { filename: "program.js" });
    const state = program.start({ limits: { fuel: 1 } }) as PausedState & { readonly machine: Machine };
    expect(state.machine.memoryBytes).toBeLessThanOrEqual(512 * 1024);
    const done = state.resume({ fuel: 1e6 }) as CompleteState;
    expect(done.output).toBe(40_000);
    expect(done.usage.peakMemoryBytes).toBeGreaterThan(500_000);
  });
});

describe("the image coder", () => {
  for (const program of PROGRAMS) {
    it(`is exact: ${program.name}`, () => {
      const { image, source } = compile(runtime, program).record;
      const packed = packImage(image, source);
      if (packed === null) return;
      expect(packed.length).toBeLessThan(image.length);
      expect(unpackImage(packed, source, image.length)).toEqual(image);
      // What is not a packed image is refused or is another image, and never more than was said.
      for (let i = 0; i < packed.length; i += 3) {
        const bad = packed.slice();
        bad[i]! ^= 0x55;
        let again: Uint8Array | null = null;
        try {
          again = unpackImage(bad, source, image.length);
        } catch (error) {
          expect.fail(String(error));
        }
        expect(again === null || again.length === image.length).toBe(true);
      }
    });
  }
});
