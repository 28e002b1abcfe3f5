// Matching is paid for in fuel, can be held in the middle of a match, and goes on from bytes with the same answer and the same fuel.

import { describe, expect, it } from "vitest";
import { LimitError, type CompleteState, type PausedState, type State, type SuspendedState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();
const compile = (source: string) => runtime.compile(source, { filename: "a.js", externals: { ask: "sync" } });

/** Through bytes. */
const carried = (state: State & { readonly status: "paused" | "suspended" }): State =>
  runtime.load(state.snapshot().dump()).restore();

const HARD = [
  ["never matches", '/(a+)+$/.test("a".repeat(18) + "b")', false],
  ["many ways to begin", '/(x+x+)+y/.exec("x".repeat(16))', null],
  ["with groups and lookbehind", '/((?:a|(b)|aa)*)(?<=\\1)c/.test("aab".repeat(7))', false],
  ["two-byte text", '/(é+)+ж/u.test("é".repeat(17) + "中")', false],
  ["all of many matches", '"ab1".repeat(60000).replace(/[a-z](?=\\d)/g, "-").length', 180000],
  ["parts", '"a, b ,c;".repeat(3000).split(/\\s*[,;]\\s*/).length', 9001],
  ["a list", '"abc".repeat(90000).match(/b/g).length', 90000],
  ["a function", '"ab".repeat(2000).replace(/b/g, (m, at) => at & 1).length', 4000],
  ["a deep stack", '/^(?:a|b|c)*$/.test("abc".repeat(20000))', true],
] as const;

describe("held in the middle of a match", () => {
  it.each(HARD)("%s", (_name, source, output) => {
    const program = compile(source);
    const whole = program.start({ limits: { fuel: Infinity } }) as CompleteState;
    expect(whole.output).toEqual(output);
    let state = program.start({ limits: { fuel: 2500 } });
    let stops = 0;
    while (state.status === "paused") {
      stops++;
      state = (carried(state) as PausedState).resume({ fuel: 2500 });
    }
    expect(stops).toBeGreaterThan(0);
    expect((state as CompleteState).output).toEqual(output);
    expect((state as CompleteState).usage.fuel).toBe(whole.usage.fuel);
  });

  it("time in proportion is paid for: a limit of fuel ends it", () => {
    const error = thrownBy(() =>
      compile('/^(\\w+\\s?)*$/.test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")').start({
        limits: { fuel: 200_000, onFuel: "fail" },
      }),
    ) as LimitError;
    expect([error instanceof LimitError, error.limit]).toEqual([true, "fuel"]);
  });

  it("so is the memory of what could still be tried", () => {
    const error = thrownBy(() =>
      compile('/(?:(a)|b)*c/.test("ab".repeat(400000))').start({ limits: { fuel: Infinity, memoryBytes: 4_000_000 } }),
    ) as LimitError;
    expect([error instanceof LimitError, error.limit]).toEqual([true, "memoryBytes"]);
  });

  it("a host call inside a replacement function", () => {
    let state: State = compile('"a1b22c".replace(/(\\d)+/g, (m, d, at) => `<${ask(m, at)}${d}>`)').start();
    const asked: unknown[] = [];
    while (state.status === "suspended") {
      state = carried(state);
      const [call] = (state as SuspendedState).calls;
      asked.push(call!.args);
      state = (state as SuspendedState).resume(asked.length);
    }
    expect(asked).toEqual([["1", 1], ["22", 3]]); // prettier-ignore
    expect((state as CompleteState).output).toBe("a<11>b<22>c");
  });

  it("RegExps in a snapshot: pristine ones, changed ones, subclasses, their position and methods", () => {
    const source = `const plain = /a(?<n>b)/g; plain.lastIndex = 2; class R extends RegExp { get [Symbol.toStringTag]() { return "R"; } }
      const sub = new R("x", "iy"); sub.more = { plain }; const frozen = Object.freeze(/f/); const iterator = "xaxbx".matchAll(/x(.)/g); iterator.next();
      RegExp.prototype.extra = 1; ask();
      [plain.exec("ababab").index, plain.lastIndex, sub.test("X"), sub.flags, sub.more.plain === plain, String(sub), Object.isFrozen(frozen), frozen.test("f"), iterator.next().value[1], /q/.extra, "abab".replace(plain, "[$<n>]")]`;
    const state = carried(compile(source).start() as SuspendedState) as SuspendedState;
    expect((state.resume(0) as CompleteState).output).toEqual([
      2, 4, true, "iy", true, "/x/iy", true, true, "b", 1, "[b][b]",
    ]); // prettier-ignore
  });
});
