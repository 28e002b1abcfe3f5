// What a guest gives to its host is bounded: what is too large for a crossing is refused in words, and leaves the machine whole.

import { beforeAll, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { type CompleteState, MarshalError, type SuspendedState } from "../../ts/index.ts";
import { testRuntime } from "../snapshot/support.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

/** Programs that make `big`, which takes more than a crossing can. */
const BIG = {
  "many long texts":
    "const big = []; let s = 'x'.repeat(100); for (let i = 0; i < 8000; i++) { s = 'y'.repeat(70) + s; big.push(s) }",
  "four very long texts": "const big = []; for (let i = 0; i < 4; i++) big.push('x'.repeat(2e7 + i));",
  "one key, again and again":
    "const key = 'k'.repeat(3e6), big = []; for (let i = 0; i < 30; i++) big.push({ ['a' + i]: 1, [key]: i });",
  "one number": "const big = 2n ** 300000n; ",
} as const;

it.each(Object.entries(BIG))(
  "output: %s",
  (name, source) => {
    const program = runtime.compile(`${source}; big`, { filename: "a.js" });
    const state = program.start({ limits: { timeMs: 60_000, memoryBytes: 4e8 } }) as CompleteState;
    if (name === "one number") expect(typeof state.output).toBe("bigint");
    else expect(() => state.output).toThrow(MarshalError);
  },
  60_000,
);

it.each(Object.entries(BIG))(
  "arguments of a call and what is thrown: %s",
  (_name, source) => {
    const code = `${source}; let told; try { ask(big) } catch (error) { told = error.name } told; throw big`;
    const program = runtime.compile(code, { filename: "a.js", externals: { ask: "sync" } });
    let error: unknown;
    try {
      const state = program.start({ limits: { timeMs: 60_000, memoryBytes: 4e8 } }) as SuspendedState;
      if (state.status === "suspended") state.resume(1);
    } catch (caught) {
      error = caught;
    }
    // Neither a trap nor an error of the core.
    expect((error as Error).name).toMatch(/^(?:GuestError|MarshalError|LimitError)$/);
  },
  60_000,
);

it("arrays whose lengths are millions take no room in the host for what they do not have", () => {
  const source =
    "const list = Array.from({ length: 40 }, () => new Array(3e7)); list[7][5] = 'x'; list[8][2e7] = 'y'; list";
  const state = runtime.compile(source, { filename: "a.js" }).start() as CompleteState;
  const before = process.memoryUsage().heapUsed;
  const list = state.output as unknown[][];
  // V8 makes room for as many elements as the length says, up to 32 million: 240 MB for each of these.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50e6);
  expect(list.map(({ length }) => length)).toEqual(Array.from({ length: 40 }, () => 3e7));
  expect([list[7]![5], Object.keys(list[7]!), Object.keys(list[8]!), Object.keys(list[0]!)]).toEqual([
    "x",
    ["5"],
    ["20000000"],
    [],
  ]);
});

it("more objects than can be numbered", () => {
  const source = "const big = []; for (let i = 0; i < 4.5e6; i++) big.push({}); big";
  const state = runtime
    .compile(source, { filename: "a.js" })
    .start({ limits: { timeMs: 120_000, memoryBytes: 1e9 } }) as CompleteState;
  expect(() => state.output).toThrow(MarshalError);
}, 120_000);
