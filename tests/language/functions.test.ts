// What functions show of themselves, references whose parts are evaluated once, and calls in tail position.

import { describe, expect, it } from "vitest";
import type { GuestError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

function output(source: string, filename = "test.js"): unknown {
  const state = runtime.compile(source, { filename }).start();
  if (state.status !== "complete") throw new Error(state.status);
  return state.output;
}

describe("Function.prototype.toString", () => {
  const TEXTS = [
    "function /* a */ f ( x , y = 1 ) { return x }",
    "async function* g() { yield 1 }",
    "class A extends B { static #p = 1; m() {} }",
    "( a, b ) => a + b",
    "async x => { await x }",
    "function () { return 'ünïcödé ☃ 😀' }",
  ];
  it.each(TEXTS)("gives the text of %s", (text) => {
    expect(output(`class B {}; const it = /* before */ ${text} /* behind */; String(it)`)).toBe(text);
  });

  it("gives the text of methods and accessors without their modifiers", () => {
    expect(
      output(`const o = { a ( ) { }, get /* g */ b() { return 1 }, async * [ "c" ] () { }, d: function () {}, set e(v) {} };
        class C { static s() {} static async t() {} #p() {} static get() {} x = () => 1; static text(c) { return String(c.#p); } }
        const { get } = Object.getOwnPropertyDescriptor(o, "b");
        [o.a, get, o.c, o.d, Object.getOwnPropertyDescriptor(o, "e").set, C.s, C.t, C.get, new C().x].map(String).concat(C.text(new C()))`),
    ).toEqual([
      "a ( ) { }",
      "get /* g */ b() { return 1 }",
      'async * [ "c" ] () { }',
      "function () {}",
      "set e(v) {}",
      "s() {}",
      "async t() {}",
      "get() {}",
      "() => 1",
      "#p() {}",
    ]);
  });

  it("gives the text of the file, types included", () => {
    const text = "function id<T>(value: T, ...rest: readonly number[]): T { enum E { A } return value as T; }";
    expect(output(`type X = 1; ${text} String(id)`, "test.ts")).toBe(text);
  });

  it("gives native code for functions that have no text", () => {
    expect(
      output(
        "[Math.max, function f() {}.bind(), new Proxy(class {}, {}), Object.getOwnPropertyDescriptor(Map.prototype, 'size').get, [].map].map(String)",
      ),
    ).toEqual([
      "function max() { [native code] }",
      "function () { [native code] }",
      "function () { [native code] }",
      "function get size() { [native code] }",
      "function map() { [native code] }",
    ]);
  });

  it("still knows the text after a snapshot, with the program in it or not", () => {
    const program = runtime.compile("function f(n) { return n } const g = () => ask(); g() + String(f)", {
      filename: "f.js",
      externals: { ask: "sync" },
    });
    const state = program.start();
    if (state.status !== "suspended") throw new Error(state.status);
    const embedded = state.snapshot().dump();
    const referenced = state.snapshot().dump({ program: "reference" });
    for (const snapshot of [runtime.load(embedded), runtime.load(referenced, { program })])
      expect(snapshot.resume("answer: ")).toMatchObject({ output: "answer: function f(n) { return n }" });
  });

  it("pays for the text", () => {
    const program = runtime.compile(
      `function big() { /* ${"x".repeat(100_000)} */ } let n = 0; for (let i = 0; i < 50; i++) n += String(big).length; n`,
      {
        filename: "big.js",
      },
    );
    const state = program.start();
    expect(state.usage.fuel).toBeGreaterThan(5000);
    expect(() => program.start({ limits: { memoryBytes: 300_000 } })).not.toThrow();
  });
});

describe("tail calls", () => {
  it.each([
    ["return", "function f(n) { 'use strict'; return n === 0 ? 'done' : f(n - 1); } f(1e5)"],
    [
      "&& || ?? and commas",
      "'use strict'; function f(n) { return n > 0 && (null ?? (false || (0, g(n - 1)))); } function g(n) { if (n > 0) { return f(n); } else return 'done'; } f(1e5)",
    ],
    [
      "arrow functions, methods, closures",
      "'use strict'; const o = { m(n) { return n === 0 ? this.name : this.a(n - 1); }, a: (n) => o.m(n), name: 'done' }; o.m(1e5)",
    ],
    [
      "catch and finally",
      "'use strict'; function f(n) { try { throw 1; } catch { return n === 0 ? 'done' : g(n - 1); } } function g(n) { try {} finally { return n === 0 ? 'done' : f(n - 1); } } f(1e5)",
    ],
    [
      "more and fewer arguments",
      "'use strict'; function f(n, ...rest) { return n === 0 ? [rest.length, arguments.length].join() : g(n - 1); } function g(n, a, b, c) { return n === 0 ? 'done' : f(n - 1, n, n, n, n, n, n); } f(1e5)",
    ],
    ["tagged templates", "'use strict'; const f = (strings, n) => (n === 0 ? 'done' : f`${n - 1}`); f`${1e5}`"],
  ])("%s do not use up the stack", (_, source) => {
    expect(output(source)).toMatch(/done|^\d/);
    const limited = runtime.compile(source, { language: "javascript" }).start({ limits: { stackDepth: 100 } });
    expect(limited).toMatchObject({ status: "complete" });
  });

  it("keep a frame that has something left to do", () => {
    const sources = [
      "'use strict'; function f(n) { try { return f(n - 1); } finally { n; } } f(1)",
      "'use strict'; function f(n) { try { return f(n - 1); } catch (e) { throw e; } } f(1)",
      "function f(n) { return f(n - 1); } f(1)",
      "'use strict'; function f(n) { return f(n - 1) + 1; } f(1)",
    ];
    for (const source of sources)
      expect(() => runtime.compile(source, { language: "javascript" }).start({ limits: { stackDepth: 1000 } })).toThrow(
        /Maximum call stack size exceeded/,
      );
  });

  it("leave constructors their object", () => {
    expect(
      output(
        "'use strict'; function other() { return 1; } function F(n) { this.n = n; return n > 0 ? new F(n - 1) && other() : other(); } new F(400).n",
      ),
    ).toBe(400);
  });

  it("show every caller in the stacks of ordinary errors", () => {
    const source =
      "'use strict';\nconst a = () => b();\nconst b = () => c();\nfunction c() { throw new Error('x'); }\na();";
    let stack = "";
    try {
      runtime.compile(source, { filename: "t.js" }).start();
    } catch (error) {
      stack = (error as GuestError).guestStack;
    }
    expect(stack.split("\n").slice(1)).toEqual([
      "    at c (t.js:4:22)",
      "    at b (t.js:3:17)",
      "    at a (t.js:2:17)",
      "    at t.js:5:1",
    ]);
  });
});

describe("references", () => {
  it("finds the base of super before it converts the key, and converts that once", () => {
    expect(
      output(`const log = [];
        const one = { p: 1 }, two = { p: 2 };
        const key = { toString() { log.push("key"); Object.setPrototypeOf(o, two); return "p"; } };
        const o = { __proto__: one, add() { return super[key] += 10; }, inc() { return super[key]++; }, or() { return super[key] ||= 5; } };
        const out = [];
        for (const m of ["add", "inc", "or"]) { Object.setPrototypeOf(o, one); out.push(o[m](), o.p); delete o.p; }
        [out, log.length, one, two]`),
    ).toEqual([[11, 11, 1, 2, 1, 2], 3, { p: 1 }, { p: 2 }]);
  });

  it.each([
    ["'use strict'; undeclared = (globalThis.undeclared = 5);", "undeclared is not defined"],
    ["'use strict'; globalThis.gone = 1; gone = (delete globalThis.gone, 2);", "gone is not defined"],
    ["'use strict'; missing = 1;", "missing is not defined"],
  ])("%s fails", (source, message) => {
    expect(() => output(source)).toThrow(message);
  });

  it("assigns known names", () => {
    expect(
      output(
        "'use strict'; globalThis.known = 1; let local = 2; var old = 3; known = (() => known + 1)(); local = known + 1; old = local + 1; [known, local, old]",
      ),
    ).toEqual([2, 3, 4]);
  });

  it("gives bound constructors their new.target", () => {
    expect(
      output(
        "let target; function A() { target = new.target; } const B = A.bind(), C = B.bind(); Reflect.construct(C, [], B); [target === A, (new C(), target === A), (Reflect.construct(C, [], Object), target === Object)]",
      ),
    ).toEqual([true, true, true]);
  });

  it("knows no caller, and forbids it to strict functions only", () => {
    expect(
      output(
        "function f() { return [f.caller, f.arguments]; } [f(), Object.hasOwn(f, 'caller'), ...[() => 1, class {}, function () { 'use strict'; }].map((g) => { try { return g.caller; } catch (e) { return e.name; } })]",
      ),
    ).toEqual([[undefined, undefined], false, "TypeError", "TypeError", "TypeError"]);
  });
});

describe("thrown objects", () => {
  it.each([
    ["class Mine { message = 'm'; } throw new Mine()", "Mine", "m"],
    ["throw { name: 'Named', message: 'm' }", "Named", "m"],
    ["throw { message: 'm' }", "object", '{"message":"m"}'],
    ["throw Object.create(null)", "object", "{}"],
  ])("%s", (source, guestName, guestMessage) => {
    expect(() => output(source)).toThrow(
      expect.objectContaining({ guestName, guestMessage, unhandledRejection: false }),
    );
  });

  it.each([
    "await null; throw new RangeError('x')",
    "export {}; throw new RangeError('x')",
    "await null; await Promise.reject(new RangeError('x')); export {}",
  ])("is thrown out of the top level: %s", (source) => {
    expect(() => output(source)).toThrow(
      expect.objectContaining({ guestName: "RangeError", unhandledRejection: false }),
    );
  });

  it.each([
    "Promise.reject(new RangeError('x'))",
    "export {}; Promise.reject(new RangeError('x')); 0",
    "Promise.reject(new RangeError('x')); await null",
  ])("is nobody's: %s", (source) => {
    expect(() => output(source)).toThrow(
      expect.objectContaining({ guestName: "RangeError", unhandledRejection: true }),
    );
  });

  it("reports that a rejection was not handled", () => {
    expect(() => output("Promise.reject(new RangeError('x')); 1")).toThrow(
      expect.objectContaining({ guestName: "RangeError", unhandledRejection: true }),
    );
  });
});
