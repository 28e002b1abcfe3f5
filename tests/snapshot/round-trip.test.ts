// A snapshot at every stop must change nothing: neither what a program answers, nor the fuel it takes, nor later snapshots.

import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { PausedState, SuspendedState } from "../../ts/index.ts";
import { PROGRAMS } from "./programs.ts";
import { answerTo, compile, START, STRESS_WASM, testRuntime, trace } from "./support.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

/** Thousands of times as fast as toEqual, which then only has to show a difference. */
function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (!Buffer.from(actual).equals(expected)) expect(actual).toEqual(expected);
}

/**
 * Deep recursion has as many stops as frames, each of which writes all frames, and code from strings is in all later snapshots: a few of
 * their stops are enough.
 */
const slice = (name: string): number => SLICES.get(name) ?? 1;
const SLICES = new Map([
  ["recursion", 211],
  ["with and code from strings", 7],
]);

describe("a snapshot at every stop", () => {
  for (const program of PROGRAMS) {
    it(`changes nothing: ${program.name}`, () => {
      const compiled = compile(runtime, program);
      const fuel = slice(program.name);
      const plain = trace(compiled, (state) => state, fuel);
      const whole = trace(compiled, (state) => state);
      const through = trace(
        compiled,
        (state) => {
          if (state.status === "complete") return state;
          const bytes = state.snapshot().dump({ level: 0 });
          state.dispose();
          return runtime.load(bytes).restore();
        },
        fuel,
      );
      expect(through).toEqual(plain);
      expect(through.output).toEqual(whole.output);
      expect(through.error).toBe(whole.error);
    }, 120_000);
  }
});

describe("equal states give equal bytes", () => {
  for (const program of PROGRAMS) {
    it(`after load, and after restore: ${program.name}`, () => {
      const compiled = compile(runtime, program);
      trace(
        compiled,
        (state) => {
          if (state.status === "complete") return state;
          const bytes = state.snapshot().dump();
          const loaded = runtime.load(bytes);
          expectBytes(loaded.dump(), bytes);
          const restored = loaded.restore();
          if (restored.status !== "complete") {
            expectBytes(restored.snapshot().dump(), bytes);
            restored.dispose();
          }
          return state;
        },
        program.name === "recursion" ? 977 : program.name === "with and code from strings" ? 61 : 23,
      );
    }, 120_000);
  }

  it.skipIf(!existsSync(STRESS_WASM))(
    "in a build that collects at every safepoint (needs build/fermata.stress.wasm)",
    async () => {
      const stress = await testRuntime(STRESS_WASM);
      for (const program of PROGRAMS.filter(({ name }) => name !== "recursion")) {
        const states = [runtime, stress].map((r) => {
          const seen: string[] = [];
          trace(
            compile(r, program),
            (state) => {
              // The host's clock is no part of the state.
              if (state.status !== "complete")
                seen.push(Buffer.from(state.snapshot().dump({ level: 0, elapsed: false })).toString("hex"));
              return state;
            },
            17,
          );
          return seen;
        });
        expect(states[1], program.name).toEqual(states[0]);
      }
    },
  );
});

describe("Snapshot", () => {
  const source = `let n = 0; const f = async () => { n++; const r = await fetchIt(n); n += r.n; return n; }; function g() { return ask("now") + 1; } (async () => { const a = await f(); const b = g(); return [a, b]; })()`;
  const start = (): SuspendedState =>
    runtime
      .compile(source, { filename: "two.js", externals: { fetchIt: "async", ask: "sync" } })
      .start(START) as SuspendedState;

  it("can be restored any number of times, each an independent continuation", () => {
    const snapshot = start().snapshot();
    const [one, two] = [snapshot.restore() as SuspendedState, snapshot.restore() as SuspendedState];
    expect(one.calls).toEqual(two.calls);
    expect((one.resume({ n: 10 }) as SuspendedState).resume(1)).toMatchObject({ status: "complete", output: [11, 2] });
    expect((two.resume({ n: 20 }) as SuspendedState).resume(2)).toMatchObject({ status: "complete", output: [21, 3] });
  });

  it("keeps the state usable that it was taken from", () => {
    const state = start();
    state.snapshot();
    expect((state.resume({ n: 1 }) as SuspendedState).resume(5)).toMatchObject({ output: [2, 6] });
  });

  it("can leave the program out", () => {
    const program = runtime.compile(source, { filename: "two.js", externals: { fetchIt: "async", ask: "sync" } });
    const state = program.start(START) as SuspendedState;
    const bytes = state.snapshot().dump({ program: "reference" });
    expect(bytes.length).toBeLessThan(state.snapshot().dump().length);
    expect(() => runtime.load(bytes)).toThrow(expect.objectContaining({ reason: "missing-program" }));
    const other = runtime.compile("1", { filename: "other.js" });
    expect(() => runtime.load(bytes, { program: other })).toThrow(
      expect.objectContaining({ reason: "program-mismatch" }),
    );
    expect((runtime.load(bytes, { program }).resume({ n: 3 }) as SuspendedState).resume(1)).toMatchObject({
      output: [4, 2],
    });
  });

  it("is the same bytes whatever was dumped before, of that program or another", () => {
    const source = (n: number): string =>
      `const list = []; for (let i = 0; i < 3; i++) list.push(await f(i + ${n})); list`;
    const dumps = [0, 1, 2].map((n) => {
      const program = runtime.compile(source(n % 2), { filename: "a.js", externals: ["f"] });
      let state = program.start(START) as SuspendedState;
      if (n === 2) state = state.resume("another state before") as SuspendedState;
      const snapshot = state.snapshot();
      // Levels and forms take turns, so that nothing kept of one can pass for another.
      const all = ([6, 1, 6, 0, 9] as const).flatMap((level) => [
        snapshot.dump({ level }),
        snapshot.dump({ level, program: "reference" }),
      ]);
      for (const bytes of all) runtime.load(bytes, { program }).restore();
      return all;
    });
    for (const all of dumps) {
      expect(all[4]).toEqual(all[0]);
      expect(all[5]).toEqual(all[1]);
      expect(new Set(all.map((bytes) => bytes.join())).size).toBeGreaterThan(3);
    }
    expect(dumps[0]![0]).not.toEqual(dumps[1]![0]);
    expect(dumps[0]![0]).not.toEqual(dumps[2]![0]);
  });
  it("inspect() shows what it contains", () => {
    const held = start().resume({ n: 1 }) as SuspendedState;
    const inspection = held.snapshot().inspect();
    expect(inspection.status).toBe("suspended");
    expect(inspection.calls).toMatchObject([{ kind: "sync", name: "ask", args: ["now"] }]);
    expect(inspection.frames.map((frame) => frame.function)).toEqual(["g", ""]);
    expect(inspection.frames[0]).toMatchObject({ filename: "two.js", line: 1 });
    expect(inspection.counts.cells).toBeGreaterThan(0);
  });

  it("forks by copying memory", async () => {
    const session = runtime.session({ ...START, language: "javascript" });
    await session.run(
      "let n = 1; const list = [n]; class Counter { #n = 0; up() { return ++this.#n; } } const c = new Counter(); c.up();",
    );
    const fork = session.fork();
    expect((await fork.run("n += 10; list.push(n); [n, list.length, c.up()]")).output).toEqual([11, 2, 2]);
    expect((await session.run("[n, list.length, c.up(), c.up()]")).output).toEqual([1, 1, 2, 3]);
  });

  it("reads what nearly filled its memory: an object of very many keys", () => {
    const program = runtime.compile("const o = {}; for (let i = 0; ; i++) o['k' + i] = i;", { filename: "keys.js" });
    let state = program.start({ ...START, limits: { memoryBytes: 2 ** 21, fuel: 2000 } });
    let most = 0;
    expect(() => {
      while (state.status === "paused") {
        most = Math.max(most, state.usage.memoryBytes);
        const restored = runtime.load(state.snapshot().dump()).restore() as PausedState;
        state.dispose();
        state = restored.resume({ fuel: 2000 });
      }
    }).toThrow(/memoryBytes/);
    expect(most).toBeGreaterThan(0.8 * 2 ** 21);
  });

  it("answers in any order after a restore", () => {
    const program = runtime.compile(
      "Promise.all([1, 2, 3].map((n) => fetchIt(n))).then((all) => all.map((a) => a.n))",
      {
        filename: "all.js",
        externals: { fetchIt: "async" },
      },
    );
    const state = runtime.load((program.start(START) as SuspendedState).snapshot().dump()).restore() as SuspendedState;
    const [a, b, c] = state.calls;
    const next = state.resumeCalls(
      new Map([
        [c!.id, answerTo(c!)],
        [a!.id, answerTo(a!)],
      ]),
    ) as SuspendedState;
    const last = runtime.load(next.snapshot().dump()).restore() as SuspendedState;
    expect(last.calls.map(({ id }) => id)).toEqual([b!.id]);
    expect(last.resume({ n: 99 })).toMatchObject({ status: "complete", output: [a!.id, 99, c!.id] });
  });
});
