// Functions that only call another one: apply, call, Reflect.apply, bound functions, and what is built of them. However many of them
// there are, the stack of the host is not what ends them.
import { describe, expect, it } from "vitest";
import type { CompleteState, State } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

const nested = (first: string, depth: number, wrap = "[Reflect.apply, null, a]"): string =>
  `let a = ${first}; for (let i = 0; i < ${depth}; i++) a = ${wrap};`;
const attempt = (expression: string): string =>
  `let r; try { r = ${expression} } catch (e) { r = e.name + ": " + e.message } r`;
const OVERFLOW = "RangeError: Maximum call stack size exceeded";

const CASES: Record<string, readonly [source: string, expected: unknown]> = {
  "Reflect.apply of Reflect.apply": [`${nested("[() => 1, null, []]", 20_000)} ${attempt("Reflect.apply(...a)")}`, 1],
  "that ends in a native": [`${nested("[Math.max, null, [1, 3, 2]]", 2000)} ${attempt("Reflect.apply(...a)")}`, 3],
  "that ends in a native that calls back": [
    `${nested("[[].map, [1, 2], [(x) => x * 2]]", 500)} ${attempt("Reflect.apply(...a).join()")}`,
    "2,4",
  ],
  "that ends in what is no function": [
    `${nested("[5, null, []]", 5)} ${attempt("Reflect.apply(...a)")}`,
    "TypeError: Function.prototype.apply was called on 5, which is a number and not a function",
  ],
  "that throws": [
    `${nested("[() => { throw new Error('x') }, null, []]", 500)} ${attempt("Reflect.apply(...a)")}`,
    "Error: x",
  ],
  "Function.prototype.apply": [
    `let f = () => 3; for (let i = 0; i < 5000; i++) f = Function.prototype.apply.bind(f, null); ${attempt("f([])")}`,
    3,
  ],
  "Function.prototype.call": [
    `let f = () => 3; for (let i = 0; i < 5000; i++) f = Function.prototype.call.bind(f); ${attempt("f()")}`,
    3,
  ],
  "call with call for an argument": [
    `const call = Function.prototype.call; const args = [() => 7]; for (let i = 0; i < 300; i++) args.unshift(call); ${attempt("call.call(...args)")}`,
    7,
  ],
  "long lists of arguments": [
    `let a = [(...x) => x.length, null, Array.from({ length: 60000 })]; for (let i = 0; i < 300; i++) a = [Reflect.apply, null, a]; ${attempt("Reflect.apply(...a)")}`,
    60_000,
  ],
  "bound functions": [`let f = () => 5; for (let i = 0; i < 20000; i++) f = f.bind(null); ${attempt("f()")}`, 5],
  "new of bound functions": [
    `let f = function () { this.x = 1 }; for (let i = 0; i < 20000; i++) f = f.bind(null); ${attempt("new f().x")}`,
    1,
  ],
  "bound arguments in order": [
    `let f = (...a) => a.join(); f = f.bind(null, 1, 2); f = f.bind(null, 3); f = f.bind(null, 4, 5); f(6, 7)`,
    "1,2,3,4,5,6,7",
  ],
  "bound arguments, too many": [
    `let f = () => 5; for (let i = 0; i < 130000; i++) f = f.bind(null, 1); ${attempt("f()")}`,
    OVERFLOW,
  ],
  "new with bound arguments, too many": [
    `let f = class {}; for (let i = 0; i < 130000; i++) f = f.bind(null, 1); ${attempt("new f()")}`,
    OVERFLOW,
  ],
  "new.target through bound functions": [
    `class A { constructor() { this.t = new.target === A } } let f = A; for (let i = 0; i < 100; i++) f = f.bind(null); new f().t`,
    true,
  ],
  "Reflect.apply in a frame each": [
    `function deep(n) { return n === 0 ? 0 : Reflect.apply(deep, undefined, [n - 1]) } ${attempt("deep(1e6)")}`,
    OVERFLOW,
  ],
  "Reflect.construct in a frame each": [
    `function deep(n) { return n === 0 ? {} : Reflect.construct(function () { return deep(n - 1) }, []) } ${attempt("deep(1e5)")}`,
    OVERFLOW,
  ],
  "proxies of proxies": [
    `let p = () => 4; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); ${attempt("p()")}`,
    OVERFLOW,
  ],
  "a getter that is bound": [
    `let g = function () { return this.v }; for (let i = 0; i < 50; i++) g = g.bind({ v: 5 }); Object.defineProperty({}, "x", { get: g }).x`,
    5,
  ],
};

describe("a chain of calls", () => {
  it.each(Object.entries(CASES))("%s", (_name, [source, expected]) => {
    const state = runtime.compile(source, { filename: "chain.js" }).start() as CompleteState;
    expect(state.output).toBe(expected);
  });

  it("costs fuel for each function", () => {
    const fuel = (depth: number): number =>
      (runtime.compile(`${nested("[() => 1, null, []]", depth)} Reflect.apply(...a)`).start() as CompleteState).usage
        .fuel;
    // A back-edge for making each, a call for calling it.
    expect(fuel(300) - fuel(200)).toBeGreaterThanOrEqual(200);
  });

  it("without an end spends its fuel, in slices like any loop", () => {
    const source = "const a = [Reflect.apply, null, null]; a[2] = a; Reflect.apply(...a)";
    let state: State = runtime.compile(source).start({ limits: { fuel: 30_000 } });
    for (let i = 0; i < 3; i++) {
      if (state.status !== "paused") throw new Error(state.status);
      const restored = runtime.load(state.snapshot().dump()).restore();
      if (restored.status !== "paused") throw new Error(restored.status);
      state = restored.resume({ fuel: 30_000 });
    }
    expect(state.usage.fuel).toBeGreaterThan(110_000);
    expect(state.usage.peakMemoryBytes).toBeLessThan(1_000_000);
  });
});
