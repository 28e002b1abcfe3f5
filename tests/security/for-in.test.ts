// A for-in goes through a whole chain of prototypes at once, and looks for each key in all objects before its own: it is paid for before it begins.

import { beforeAll, describe, expect, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { LimitError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

describe("for-in over a long chain", () => {
  const FULL = 'let p = {}; for (let i = 0; i < 12000; i++) p = { ["k" + i]: 1, __proto__: p };';

  test("is not begun where looking for hidden keys would take longer than the time that is left", () => {
    const program = runtime.compile(`${FULL} for (const key in p); 1`, { filename: "a.js" });
    let error: unknown;
    try {
      program.start({ limits: { timeMs: 400 } });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(LimitError);
    expect((error as LimitError).limit).toBe("timeMs");
    // The search takes eighteen millions, which were charged when it was over.
    expect((error as LimitError).run!.usage.fuel).toBeLessThan(2_000_000);
  });

  test("pays for objects without keys", () => {
    const source =
      "let p = {}; for (let i = 0; i < 3000; i++) p = { __proto__: p }; for (let i = 0; i < 50; i++) for (const k in p);";
    const state = runtime.compile(source, { filename: "a.js" }).start();
    expect(state.usage.fuel).toBeGreaterThan(150_000);
  });

  test("finds the keys that it found before, and hides those of objects further on", () => {
    const source = `let p = { z: 0, deep: 1 };
      for (let i = 0; i < 40; i++) p = { ["k" + (i % 7)]: i, __proto__: p };
      Object.defineProperty(p, "deep", { value: 2, enumerable: false });
      const seen = []; for (const key in p) seen.push(key); seen.join()`;
    const state = runtime.compile(source, { filename: "a.js" }).start();
    expect(state).toMatchObject({ status: "complete", output: "k4,k3,k2,k1,k0,k6,k5,z" });
  });
});
