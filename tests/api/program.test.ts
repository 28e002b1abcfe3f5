// Programs: compiling, starting, what comes out, and what errors say.

import { describe, expect, it } from "vitest";
import {
  CompileError,
  GuestError,
  LimitError,
  type CompleteState,
  type PausedState,
  type SuspendedState,
} from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

function complete(source: string, options: Parameters<typeof runtime.compile>[1] = {}): CompleteState {
  const state = runtime.compile(source, options).start();
  expect(state.status).toBe("complete");
  return state as CompleteState;
}

describe("compile", () => {
  it("takes TypeScript by default, and keeps positions", () => {
    expect(complete("const n: number = 2; enum E { A = 5 } n + E.A").output).toBe(7);
    const error = thrownBy(() =>
      complete("interface A { x: number }\nconst a = null as unknown as A;\n  a.x"),
    ) as GuestError;
    expect(error).toMatchObject({ line: 3, column: 5, filename: "program.ts" });
  });
  it("takes the language from the extension, and an option over it", () => {
    expect(thrownBy(() => runtime.compile("let x: number = 1", { filename: "a.js" }))).toBeInstanceOf(CompileError);
    expect(complete("let x: number = 1; x", { filename: "a.mts" }).output).toBe(1);
    expect(complete("let x: number = 3; x", { filename: "a.js", language: "typescript" }).output).toBe(3);
    expect(() => runtime.compile("1", { language: "coffee" as "javascript" })).toThrow(TypeError);
  });
  it("reports the place of a syntax error", () => {
    const error = thrownBy(() => runtime.compile("let a = 1;\nlet b = ;\n", { filename: "bad.ts" })) as CompileError;
    expect(error).toBeInstanceOf(CompileError);
    expect(error).toMatchObject({
      code: "FERMATA_COMPILE",
      name: "CompileError",
      filename: "bad.ts",
      line: 2,
      column: 9,
    });
    expect(error.codeFrame).toContain("> 2 | let b = ;");
  });
  it("refuses names that are not identifiers", () => {
    expect(() => runtime.compile("1", { inputs: ["not a name"] })).toThrow(TypeError);
    expect(() => runtime.compile("1", { externals: ["a-b"] })).toThrow(TypeError);
    expect(() => runtime.compile("1", { externals: { f: "later" as "async" } })).toThrow('must be "async" or "sync"');
  });
  it("needs the stripper for TypeScript only", async () => {
    const plain = await testRuntime({ typescript: false });
    expect(() => plain.compile("1")).toThrow(/typescript: true/);
    expect((plain.compile("1", { language: "javascript" }).start() as CompleteState).output).toBe(1);
  });
  it("gives equal programs equal hashes and bytes", () => {
    const options = { filename: "a.ts", inputs: ["x"], externals: ["f"] };
    const program = runtime.compile("x + 1", options);
    expect(program.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(runtime.compile("x + 1", options).hash).toBe(program.hash);
    expect(runtime.compile("x + 1", options).dump()).toEqual(program.dump());
    expect(runtime.compile("x + 2", options).hash).not.toBe(program.hash);
    expect(runtime.compile("x + 1", { ...options, externals: { f: "sync" } }).hash).not.toBe(program.hash);
  });
});

describe("start", () => {
  it("answers the value of the last statement", () => {
    expect(complete("1; if (true) { 'yes' } else { 'no' }").output).toBe("yes");
    expect(complete("let x = 1").output).toBeUndefined();
    expect(complete("const v = await Promise.resolve(4); v * 2").output).toBe(8);
    expect(complete("async function main() { return { a: await 1 } } main()").output).toEqual({ a: 1 });
  });
  it("binds inputs, and refuses those that are not declared", () => {
    const program = runtime.compile("[typeof city, city, count]", { inputs: ["city", "count"] });
    expect((program.start({ inputs: { city: "Oslo", count: 3 } }) as CompleteState).output).toEqual([
      "string",
      "Oslo",
      3,
    ]);
    expect((program.start() as CompleteState).output).toEqual(["undefined", undefined, undefined]);
    expect(() => program.start({ inputs: { citi: 1 } })).toThrow(
      'no input "citi": it declares city, count: did you mean "city"?',
    );
  });
  it("gives every run a realm of its own", () => {
    const program = runtime.compile(
      "const before = [typeof globalThis.leak, [].leak]; globalThis.leak = 1; Array.prototype.leak = 2; before",
    );
    for (let i = 0; i < 20; i++) expect((program.start() as CompleteState).output).toEqual(["undefined", undefined]);
  });
  it("is the same for the same seed and clock", () => {
    const program = runtime.compile("[Math.random(), Math.random()]");
    const run = (seed?: number | string): unknown => (program.start({ seed, now: 5 }) as CompleteState).output;
    expect(run(1)).toEqual(run(1));
    expect(run("a")).toEqual(run("a"));
    expect(run(1)).not.toEqual(run(2));
    expect(run(0.5)).not.toEqual(run(0.25));
    expect(run()).not.toEqual(run());
  });
  it("shows what was written, and what was used", () => {
    const state = complete("console.log('one', 2); console.error('bad'); console.log('three'); 0");
    expect(state).toMatchObject({ stdout: "one 2\nthree\n", stderr: "bad\n" });
    expect(state.usage).toMatchObject({ hostCalls: 0, fuel: expect.any(Number), timeMs: expect.any(Number) });
    expect(state.usage.memoryBytes).toBeGreaterThan(0);
    expect(state.usage.peakMemoryBytes).toBeGreaterThanOrEqual(state.usage.memoryBytes);
  });
  it("uses the same fuel in every run", () => {
    const program = runtime.compile(
      "let s = 0; for (let i = 0; i < 1000; i++) s += [i, i].map((x) => x * 2).length; s",
    );
    const fuel = new Set(
      Array.from({ length: 5 }, (_, i) => program.start({ limits: { fuelSlice: 10 ** (i + 1) } }).usage.fuel),
    );
    expect(fuel.size).toBe(1);
  });
  it("refuses an unknown time zone and an invalid clock", () => {
    const program = runtime.compile("1");
    expect(() => program.start({ timeZone: "Europe/Nowhere" })).toThrow(RangeError);
    expect(() => program.start({ now: NaN })).toThrow(RangeError);
    expect(program.start({ now: new Date(0), timeZone: "UTC" }).status).toBe("complete");
  });
});

describe("an uncaught error", () => {
  it("has message, place and code frame", () => {
    const source =
      "function inner(): never {\n  throw new RangeError('too far', { cause: new Error('why') });\n}\ninner();\n";
    const error = thrownBy(() => complete(source, { filename: "deep.ts" })) as GuestError;
    expect(error).toBeInstanceOf(GuestError);
    expect(error).toMatchObject({
      code: "FERMATA_GUEST",
      message: "RangeError: too far",
      guestName: "RangeError",
      guestMessage: "too far",
      filename: "deep.ts",
      line: 2,
      column: 9,
    });
    expect(error.guestStack).toBe("RangeError: too far\n    at inner (deep.ts:2:9)\n    at deep.ts:4:1");
    expect(error.codeFrame).toContain("> 2 |   throw new RangeError");
    expect(error.cause).toBeInstanceOf(GuestError);
    expect((error.cause as GuestError).guestMessage).toBe("why");
  });
  it("has the output written before it", () => {
    const error = thrownBy(() => complete("console.log('before'); throw new Error('x')")) as GuestError;
    expect(error.run).toMatchObject({ stdout: "before\n", usage: { hostCalls: 0 } });
  });
  it.each<[string, string, string]>([
    ["'text'", "string", "text"],
    ["5", "number", "5"],
    ["null", "null", "null"],
    ["undefined", "undefined", "undefined"],
    ["{ code: 7 }", "object", '{"code":7}'],
    ["() => 1", "string", "() => 1"],
  ])("takes any value: %s", (value, guestName, guestMessage) => {
    expect(thrownBy(() => complete(`throw (${value})`))).toMatchObject({
      guestName,
      guestMessage,
      guestStack: `${guestMessage}\n    at program.ts:1:1`,
      line: 1,
      column: 1,
    });
  });
  it("may come from a promise without a handler", () => {
    expect(thrownBy(() => complete("Promise.reject(new TypeError('lost')); 1"))).toMatchObject({
      guestName: "TypeError",
      guestMessage: "lost",
    });
    expect(thrownBy(() => complete("await Promise.reject(new TypeError('main'))"))).toMatchObject({
      guestMessage: "main",
    });
    expect(thrownBy(() => complete("const f = async () => { await 1; null.x }; await f()"))).toMatchObject({
      guestName: "TypeError",
    });
    expect(complete("const p = Promise.reject(1); await p.catch((e) => e + 1)").output).toBe(2);
  });
  it("is a program that can never go on", () => {
    expect(thrownBy(() => complete("await new Promise(() => {})"))).toMatchObject({
      guestMessage: expect.stringContaining("nothing can settle"),
    });
  });
});

describe("limits", () => {
  const loop = runtime.compile("let n = 0; while (true) n++");

  it("pause when the fuel is spent, and go on with more", () => {
    let state = loop.start({ limits: { fuel: 1000 } }) as PausedState;
    expect(state).toMatchObject({ status: "paused", reason: "fuel" });
    expect(state.usage.fuel).toBe(1000);
    state = state.resume() as PausedState;
    expect(state.usage.fuel).toBe(2000);
    state = state.resume({ fuel: 10 }) as PausedState;
    expect(state.usage.fuel).toBe(2010);
    state.dispose();
  });
  it("stop at the very unit, however it is sliced", () => {
    const program = runtime.compile("let n = 0; for (let i = 0; i < 500; i++) n += i; n");
    const whole = program.start().usage.fuel;
    for (const fuel of [1, 7, 100]) {
      let state = program.start({ limits: { fuel, fuelSlice: 3 } });
      let stops = 0;
      for (; state.status === "paused"; stops++) state = state.resume();
      expect((state as CompleteState).output).toBe(124_750);
      expect(state.usage.fuel).toBe(whole);
      expect(stops).toBe(Math.ceil(whole / fuel) - 1);
    }
  });
  it("fail when the fuel is spent, if asked to", () => {
    const error = thrownBy(() => loop.start({ limits: { fuel: 1000, onFuel: "fail" } })) as LimitError;
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toMatchObject({ code: "FERMATA_LIMIT", limit: "fuel", allowed: 1000 });
    expect(error.used).toBeGreaterThanOrEqual(1000);
  });
  it("end a run that takes too long", () => {
    const error = thrownBy(() => loop.start({ limits: { timeMs: 30 } })) as LimitError;
    expect(error).toMatchObject({ limit: "timeMs", allowed: 30 });
    expect(error.run!.usage.timeMs).toBeGreaterThanOrEqual(30);
  });
  it("pause a run that takes too long, if asked to", () => {
    const state = loop.start({ limits: { timeMs: 20, onTime: "pause" } }) as PausedState;
    expect(state).toMatchObject({ status: "paused", reason: "time" });
    const next = state.resume() as PausedState;
    expect(next.reason).toBe("time");
    expect(next.usage.timeMs).toBeGreaterThanOrEqual(40);
    next.dispose();
  });
  it.each([
    ["arrays", "let a = []; while (true) a = [a, [1, 2, 3]]"],
    ["a growing array", "const a = []; while (true) a.push({ x: 1 })"],
    ["a growing string", "let s = 'x'; while (true) s += s"],
    ["closures", "let f = null; while (true) { const g = f; f = () => g }"],
    ["a growing map", "const m = new Map(); for (let i = 0; ; i++) m.set(i, String(i))"],
  ])("end a run that takes too much memory: %s", (_name, source) => {
    const error = thrownBy(() => runtime.compile(source).start({ limits: { memoryBytes: 2_000_000 } }));
    expect(error).toMatchObject({ name: "LimitError", limit: "memoryBytes", allowed: 2_000_000 });
  });
  it("do not end a run that only makes garbage", () => {
    const source = "let last; for (let i = 0; i < 200000; i++) last = { i, list: [i] }; last";
    const state = runtime.compile(source).start({ limits: { memoryBytes: 2_000_000 } }) as CompleteState;
    expect(state.output).toEqual({ i: 199_999, list: [199_999] });
  });
  it("throw a RangeError in the guest when calls nest too deep", () => {
    const program = runtime.compile(
      "let n = 0; function f() { n++; f() } try { f() } catch (e) { [e instanceof RangeError, n] }",
    );
    const [isRange, depth] = (program.start({ limits: { stackDepth: 100 } }) as CompleteState).output as [
      boolean,
      number,
    ];
    expect(isRange).toBe(true);
    expect(depth).toBeLessThanOrEqual(100);
    expect(depth).toBeGreaterThan(90);
  });
  it("cannot be caught by the guest", () => {
    const program = runtime.compile("try { while (true) {} } catch { 'caught' } finally { globalThis.x = 1 }");
    expect(thrownBy(() => program.start({ limits: { fuel: 100, onFuel: "fail" } }))).toBeInstanceOf(LimitError);
  });
  it("end a run that calls its host too often", () => {
    const program = runtime.compile("f(1); f(2); f(3)", { externals: { f: "sync" } });
    let state = program.start({ limits: { hostCalls: 2 } }) as SuspendedState;
    state = state.resume() as SuspendedState;
    expect(thrownBy(() => state.resume())).toMatchObject({ limit: "hostCalls", allowed: 2, used: 3 });
  });
  it("end a run that writes too much", () => {
    const program = runtime.compile("while (true) console.log('0123456789')");
    const error = thrownBy(() => program.start({ limits: { stdoutBytes: 1000 } })) as LimitError;
    expect(error).toMatchObject({ limit: "stdoutBytes", allowed: 1000 });
    expect(error.run!.stdout.length).toBeLessThanOrEqual(1011);
  });
  it("are checked before anything runs", () => {
    expect(() => loop.start({ limits: { fuel: -1 } })).toThrow(RangeError);
    expect(() => loop.start({ limits: { feul: 1 } as object })).toThrow("unknown limit: feul");
    expect(() => loop.start({ limits: { onFuel: "stop" as "fail" } })).toThrow(TypeError);
    expect(
      thrownBy(() =>
        runtime
          .compile("x", { inputs: ["x"] })
          .start({ inputs: { x: "y".repeat(3_000_000) }, limits: { memoryBytes: 1_000_000 } }),
      ),
    ).toMatchObject({
      limit: "memoryBytes",
    });
  });
  it("hold when somebody asks between slices", () => {
    let slices = 0;
    const state = loop.start({
      limits: { fuelSlice: 1000 },
      onSlice: (control) => void (++slices === 5 && control.hold()),
    }) as PausedState;
    expect(state).toMatchObject({ status: "paused", reason: "hold" });
    expect(slices).toBe(5);
    expect(state.usage.fuel).toBe(5000);
    state.dispose();
  });
});
