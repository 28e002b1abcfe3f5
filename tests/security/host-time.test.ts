// What the host does between two stretches of a run is the guest's doing, too: values that leave it, and waits that end at once. It takes
// time and memory in proportion, and `timeMs` sees it.

import { beforeAll, describe, expect, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import {
  type CompleteState,
  LimitError,
  MarshalError,
  type PausedState,
  type State,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";
import { cpuMs } from "../support/cpu-time.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

const output = (source: string): unknown =>
  (runtime.compile(source, { filename: "a.js" }).start() as CompleteState).output;

/** Calls that a program makes before an error ends it, at most `most`, and that error. */
async function callsOf(source: string, most: number, limits: object): Promise<{ calls: number; error: unknown }> {
  let calls = 0;
  const ask = (value: unknown): unknown => {
    if (++calls > most) throw new Error("enough");
    return value === undefined ? 0 : 1;
  };
  const program = runtime.compile(source, { filename: "a.js", externals: { ask: "async", look: "sync" } });
  try {
    await program.run({ tools: { ask, look: ask }, limits });
  } catch (error) {
    return { calls, error };
  }
  throw new Error("it ended");
}

describe("time", () => {
  // Each of these went on for as long as its host answered: no slice of theirs came to an end.
  test.each([
    ["calls that are awaited", "for (;;) { for (let i = 0; i < 30000; i++); await ask(); }"],
    ["timers", "for (;;) { for (let i = 0; i < 30000; i++); await new Promise((done) => setTimeout(done)); }"],
  ])("ends a program that waits again and again: %s", async (_, source) => {
    const { error } = await callsOf(source, 20_000, { timeMs: 40 });
    expect(error).toBeInstanceOf(LimitError);
    expect((error as LimitError).limit).toBe("timeMs");
    // It can be granted more, and goes on.
    const { state } = error as { state?: PausedState };
    expect(state?.status).toBe("paused");
    state!.dispose();
  });

  test("pauses a program that waits again and again, and lets it go on", () => {
    const source = "let n = 0; for (; n < 300; n++) { for (let i = 0; i < 30000; i++); await ask(); } n";
    const program = runtime.compile(source, { filename: "a.js", externals: { ask: "async" } });
    let state: State = program.start({ limits: { timeMs: 5, onTime: "pause" } });
    let pauses = 0;
    while (state.status !== "complete") {
      if (state.status === "paused") {
        pauses++;
        state = state.resume();
      } else state = state.resume(1);
    }
    expect(state.output).toBe(300);
    expect(pauses).toBeGreaterThan(2);
  });

  // Of short stretches, only some are timed. These arranged that what took long was never among them.
  test.each([
    ["loops between short waits", "for (let i = 0; i < 90000; i++); await ask(); await ask();"],
    [
      "loops after a moment",
      "await ask(); await ask(); for (let i = 0; i < 900; i++); for (let i = 0; i < 90000; i++);",
    ],
    ["work in one piece", "list.indexOf(1); await ask(); await ask();"],
    ["code from strings", "new Function('a;'.repeat(5000) + n++); await ask(); await ask();"],
  ])("is counted wherever it is spent: %s", async (_, body) => {
    const source = `let n = 0; const list = new Uint8Array(2e6); for (;;) { ${body} }`;
    const program = runtime.compile(source, { filename: "a.js", externals: ["ask"], allowEval: true });
    const began = performance.now();
    const ask = (): number => {
      if (performance.now() - began > 4000) throw new Error("enough");
      return 1;
    };
    await expect(program.run({ tools: { ask }, limits: { timeMs: 250 } })).rejects.toMatchObject({ limit: "timeMs" });
  });

  test("is looked at in slices of any size", () => {
    const program = runtime.compile("for (;;);", { filename: "a.js" });
    const began = cpuMs();
    expect(() => program.start({ limits: { timeMs: 50, fuelSlice: Infinity } })).toThrow(LimitError);
    expect(cpuMs() - began).toBeLessThan(1500);
  });

  test("calls whose functions return at once take time in proportion to their number", async () => {
    const timed = async (count: number): Promise<number> => {
      const source = `await Promise.all(Array.from({ length: ${count} }, () => ask())); 1`;
      const program = runtime.compile(source, { filename: "a.js", externals: ["ask"] });
      const began = cpuMs();
      await program.run({ tools: { ask: () => 1 } });
      return cpuMs() - began;
    };
    await timed(2000);
    const small = Math.min(await timed(4000), await timed(4000));
    expect(await timed(40_000)).toBeLessThan(30 * small + 200);
  });

  test.each([
    ["awaited", "await ask(list)"],
    ["held", "look(list)"],
  ])("counts what reading arguments takes: calls that are %s", async (_, call) => {
    const source = `const list = Array.from({ length: 20000 }, (_, i) => ({ i })); for (;;) ${call};`;
    const { error } = await callsOf(source, 2000, { timeMs: 60 });
    expect(error).toBeInstanceOf(LimitError);
    expect((error as LimitError).limit).toBe("timeMs");
  });
});

test.each([
  ["calls", "hang(i)"],
  ["timers", "setTimeout(() => {}, 1e8)"],
])("looking through very many that are pending counts: %s", async (_, call) => {
  const source = `for (let i = 0; i < 20000; i++) ${call}; for (;;) await ask(0);`;
  const program = runtime.compile(source, { filename: "a.js", externals: ["ask", "hang"] });
  let calls = 0;
  const ask = (): number => {
    if (++calls > 1000) throw new Error("enough");
    return 1;
  };
  const hang = (): Promise<never> => new Promise(() => {});
  const error: unknown = await program
    .run({ tools: { ask, hang }, limits: { timeMs: 150 } })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LimitError);
  expect((error as LimitError).limit).toBe("timeMs");
});

describe("values that leave the guest", () => {
  test("a BigInt takes time in proportion to its digits", () => {
    const timed = (bits: number, count: number): number => {
      const state = runtime
        .compile(`const big = (1n << ${bits}n) - 1n; Array.from({ length: ${count} }, () => big)`, { filename: "a.js" })
        .start() as CompleteState;
      const since = cpuMs();
      const [first] = state.output as bigint[];
      const ms = cpuMs() - since;
      expect(first === (1n << BigInt(bits)) - 1n).toBe(true);
      return ms;
    };
    timed(64, 10);
    // Equal digits in all. Word by word the second took two thousand times as long as the first.
    const small = Math.min(timed(500, 10_000), timed(500, 10_000));
    expect(timed(500_000, 10)).toBeLessThan(20 * small + 50);
  });

  test.each([
    ["0n", 0n],
    ["-1n", -1n],
    ["(1n << 32n) - 1n", (1n << 32n) - 1n],
    ["-(1n << 544n)", -(1n << 544n)],
    ["(1n << 545n) + 5n", (1n << 545n) + 5n],
    ["BigInt('0x' + '89abcdef01234567'.repeat(99))", BigInt(`0x${"89abcdef01234567".repeat(99)}`)],
  ])("a BigInt is the same there and back: %s", (text, value) => {
    const source = `const b = ${text}; [ask(b) === b, b]`;
    const held = runtime.compile(source, { filename: "a.js", externals: { ask: "sync" } }).start() as SuspendedState;
    expect(held.calls[0]!.args[0]).toBe(value);
    expect((held.resume(value) as CompleteState).output).toEqual([true, value]);
  });

  test("a text with half a pair takes no more room than another", () => {
    const state = runtime
      .compile("'\\ud800' + '\\u4e2d'.repeat(1500000)", { filename: "a.js" })
      .start() as CompleteState;
    const before = process.memoryUsage().heapUsed;
    const text = state.output as string;
    // Character by character it took 60 MB and more.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(25e6);
    expect(text === "\ud800" + "\u4e2d".repeat(1_500_000)).toBe(true);
  });

  test.each([
    ["with a name", "list.x = 1;", ["x"]],
    ["empty", "", []],
    ["with an element", "list[5] = 1;", ["5"]],
  ])("arrays that are almost empty take no room for their length: %s", (_, more, keys) => {
    const source = `Array.from({ length: 4000 }, () => { const list = []; list.length = 1024; ${more} return list; })`;
    const state = runtime.compile(source, { filename: "a.js" }).start() as CompleteState;
    const before = process.memoryUsage().heapUsed;
    const lists = state.output as unknown[][];
    // Each took 8 KB and more.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(12e6);
    expect(lists.every((list) => list.length === 1024 && Object.keys(list).join() === keys.join())).toBe(true);
  });

  test.each([
    ["Set", "new Set(keys)"],
    ["Map", "new Map(keys.map((key) => [key, 1]))"],
  ])("a %s whose keys collide in the host is refused", (_, made) => {
    // V8 hashes the lowest 64 bits of a BigInt: these took a quarter of an hour.
    const source = `const keys = Array.from({ length: 150000 }, (_, i) => BigInt(i) << 64n); ${made}`;
    const state = runtime.compile(source, { filename: "a.js" }).start({ limits: { timeMs: 60_000 } }) as CompleteState;
    expect(() => state.output).toThrow("collide");
    expect((output("new Set(Array.from({ length: 20000 }, (_, i) => i / 3))") as Set<number>).size).toBe(20_000);
  });

  test("buffers that can grow to more than there are addresses for are refused", () => {
    const buffers = (count: number): string =>
      `Array.from({ length: ${count} }, () => new ArrayBuffer(8, { maxByteLength: 2 ** 31 - 1 }))`;
    expect((output(buffers(4)) as ArrayBuffer[])[3]!.maxByteLength).toBe(2 ** 31 - 1);
    expect(() => output(buffers(5))).toThrow(MarshalError);
  });
});
