// program.run: tools, concurrency, timers, aborts.

import { describe, expect, it } from "vitest";
import { LimitError, MissingExternalError, type PausedState } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("run", () => {
  it("calls tools and gives the program what they return", async () => {
    const program = runtime.compile("const w = await getWeather(city); `${city}: ${w.text}, ${double(w.degrees)}`", {
      inputs: ["city"],
      externals: { getWeather: "async", double: "sync" },
    });
    const tools = {
      getWeather: async (city: string) => ({ text: `${city} rain`, degrees: 4 }),
      double: (n: number) => n * 2,
    };
    expect((await program.run({ inputs: { city: "Bergen" }, tools })).output).toBe("Bergen: Bergen rain, 8");
  });
  it("runs async calls at the same time", async () => {
    let running = 0;
    let most = 0;
    const work = async (ms: number): Promise<number> => {
      most = Math.max(most, ++running);
      await pause(ms);
      running--;
      return ms;
    };
    const program = runtime.compile("await Promise.all([30, 10, 20].map((ms) => work(ms)))", { externals: ["work"] });
    expect((await program.run({ tools: { work } })).output).toEqual([30, 10, 20]);
    expect(most).toBe(3);
  });
  it("gives answers as they come", async () => {
    const program = runtime.compile(
      "const order = []; await Promise.all([30, 5, 15].map(async (ms) => order.push(await work(ms)))); order",
      {
        externals: ["work"],
      },
    );
    const work = async (ms: number): Promise<number> => (await pause(ms), ms);
    expect((await program.run({ tools: { work } })).output).toEqual([5, 15, 30]);
  });
  it("waits for the promise of a sync tool, with the guest held", async () => {
    const program = runtime.compile("let n = 0; for (let i = 0; i < 3; i++) n += ask(i); n", {
      externals: { ask: "sync" },
    });
    expect((await program.run({ tools: { ask: async (i: number) => (await pause(2), i * 10) } })).output).toBe(30);
  });
  it("throws in the guest what tools throw, sync or async", async () => {
    const source =
      "const seen = []; for (const f of [a, b, c, d]) { try { await f() } catch (e) { seen.push(`${e.name} ${e.message}`) } } seen";
    const program = runtime.compile(source, { externals: { a: "async", b: "async", c: "sync", d: "sync" } });
    const throws = (): never => {
      throw new RangeError("now");
    };
    const rejects = (): Promise<never> => Promise.reject(new TypeError("later"));
    const { output } = await program.run({ tools: { a: throws, b: rejects, c: throws, d: rejects } });
    expect(output).toEqual(["RangeError now", "TypeError later", "RangeError now", "TypeError later"]);
  });
  it("names the functions that are missing before anything runs", async () => {
    let called = false;
    const program = runtime.compile("here(); await gone()", {
      externals: { here: "sync", gone: "async", also: "async" },
    });
    const error: unknown = await program.run({ tools: { here: () => (called = true) } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MissingExternalError);
    expect((error as MissingExternalError).names).toEqual(["gone", "also"]);
    expect(called).toBe(false);
  });
  it("is quick about many sync calls, and collects in between", async () => {
    const program = runtime.compile("let s = 0; for (let i = 0; i < 30000; i++) s += f(i, { k: [i] }).k[0] + g(i); s", {
      externals: { f: "sync", g: "sync" },
    });
    const { output, usage } = await program.run({
      tools: { f: (_i: number, o: object) => o, g: (i: number) => -i },
      limits: { memoryBytes: 4_000_000 },
    });
    expect(output).toBe(0);
    expect(usage.hostCalls).toBe(60_000);
  });
  it("takes numbers, booleans, null and undefined over the short way unchanged", async () => {
    const values = [0, -0, 1.5, -7, 2 ** 31, NaN, Infinity, true, false, null, undefined];
    const got: unknown[] = [];
    const program = runtime.compile(
      `const vs = values; for (const v of vs) if (!Object.is(same(v, v), v)) throw new Error(String(v)); vs.length`,
      {
        externals: { same: "sync" },
        inputs: ["values"],
      },
    );
    const { output } = await program.run({
      inputs: { values },
      tools: { same: (a: unknown, b: unknown) => (got.push(a), Object.is(a, b) ? a : "different") },
    });
    expect(output).toBe(values.length);
    expect(got.every((v, i) => Object.is(v, values[i]))).toBe(true);
  });
  it("ends when its signal is aborted", async () => {
    const program = runtime.compile("await wait()", { externals: ["wait"] });
    const abort = new AbortController();
    const running = program.run({ tools: { wait: () => new Promise(() => {}) }, signal: abort.signal });
    setTimeout(() => abort.abort(new Error("enough")), 10);
    await expect(running).rejects.toThrow("enough");
    await expect(
      program.run({ tools: { wait: () => 1 }, signal: AbortSignal.abort(new Error("never")) }),
    ).rejects.toThrow("never");
  });
  it("fails when fuel or time is up, where drive pauses", async () => {
    const program = runtime.compile("let n = 0; while (n < 1e6) n++; await f(n)", { externals: ["f"] });
    const tools = { f: (n: number) => n };
    await expect(program.run({ tools, limits: { fuel: 1000 } })).rejects.toBeInstanceOf(LimitError);
    const state = (await program.drive({ tools, limits: { fuel: 1000 } })) as PausedState;
    expect(state).toMatchObject({ status: "paused", reason: "fuel" });
    const bytes = state.snapshot().dump();
    state.dispose();
    const restored = runtime.load(bytes).restore() as PausedState;
    restored.snapshot();
    const done = await (restored.resume({ fuel: Infinity }) as unknown as PausedState).run({ tools });
    expect(done.output).toBe(1_000_000);
  });
  it("does not count the time its host takes", async () => {
    const program = runtime.compile("await f(); await f(); 1", { externals: ["f"] });
    const { usage } = await program.run({ tools: { f: () => pause(60) }, limits: { timeMs: 50 } });
    expect(usage.timeMs).toBeLessThan(50);
  });
  it("keeps pending timers and calls apart", async () => {
    const program = runtime.compile(
      "const out = []; const id = setInterval(() => out.push('tick'), 10); out.push(await slow()); clearInterval(id); out.length >= 3 && out.at(-1)",
      { externals: ["slow"] },
    );
    const { output } = await program.run({ tools: { slow: async () => (await pause(60), "slow") } });
    expect(output).toBe("slow");
  });
  it("releases everything when it fails", async () => {
    const program = runtime.compile("await f(); throw new Error('after')", { externals: ["f"] });
    for (let i = 0; i < 10; i++) await expect(program.run({ tools: { f: () => i } })).rejects.toThrow("after");
    expect((await runtime.compile("await f() + 1", { externals: ["f"] }).run({ tools: { f: () => 1 } })).output).toBe(
      2,
    );
  });
});
