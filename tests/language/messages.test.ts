// What run-time errors say: the words of V8, written down here because they differ between its versions; and where they say it.

import { describe, expect, it } from "vitest";
import { GuestError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

function errorOf(source: string, filename = "t.js"): GuestError {
  try {
    runtime.compile(source, { filename }).start({ limits: { stackDepth: 1000 } });
  } catch (error) {
    if (error instanceof GuestError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const MESSAGES: readonly (readonly [source: string, message: string])[] = [
  ["undefined.x", "TypeError: Cannot read properties of undefined (reading 'x')"],
  ["let u = null; u[0]", "TypeError: Cannot read properties of null (reading '0')"],
  ["let u; u['a b']", "TypeError: Cannot read properties of undefined (reading 'a b')"],
  ["let u; u[Symbol('s')]", "TypeError: Cannot read properties of undefined (reading 'Symbol(s)')"],
  ["let o = {}; o.a.b.c()", "TypeError: Cannot read properties of undefined (reading 'b')"],
  ["let u; u.x = 1", "TypeError: Cannot set properties of undefined (setting 'x')"],
  ["let o = {}; o.a.b = 1", "TypeError: Cannot set properties of undefined (setting 'b')"],
  ["let f; f()", "TypeError: f is not a function"],
  ["let f = 1; f(1, 2)", "TypeError: f is not a function"],
  ["let o = { a: {} }; o.a.f()", "TypeError: o.a.f is not a function"],
  ["let o = { a: {} }; o.a[0]()", "TypeError: o.a[0] is not a function"],
  ["let o = { a: {} }; o.a['x y']()", "TypeError: o.a.x y is not a function"],
  ["let o = { a: {} }, k = 'm'; o.a[k]()", "TypeError: o.a[k] is not a function"],
  ["let o = { f: {} }; o?.f.g()", "TypeError: o?.f.g is not a function"],
  ["let o = { f() { return 1 } }; o.f()()", "TypeError: o.f(...) is not a function"],
  ["let o = { f() { return {} } }; o.f(1, (2)).g()", "TypeError: o.f(...).g is not a function"],
  ["let a = [[1]]; a[0][0]()", "TypeError: a[0][0] is not a function"],
  ["let a = [], i = 1; a[i + 1]()", "TypeError: a[(i + 1)] is not a function"],
  ["[1, 2].at(0)()", "TypeError: [1,2].at(...) is not a function"],
  ["(function () {})()()", "TypeError: (intermediate value)(...) is not a function"],
  ["(1)()", "TypeError: 1 is not a function"],
  ["'abc'()", 'TypeError: "abc" is not a function'],
  ["({})()", "TypeError: {} is not a function"],
  ["this.nothing()", "TypeError: this.nothing is not a function"],
  ["new (class { m() { this.nope() } })().m()", "TypeError: this.nope is not a function"],
  ["let t = {}; t.x`y`", "TypeError: t.x is not a function"],
  ["let f = 1; f(...[1])", "TypeError: f is not a function"],
  ["let a, b = {}; (a || b)()", "TypeError: (a || b) is not a function"],
  ["let a, b = { c: 1 }; (a, b.c)()", "TypeError: (a , b.c) is not a function"],
  ["let a; (!a)()", "TypeError: (!a) is not a function"],
  ["let a, o = {}; (a ?? o).x()", "TypeError: (a ?? o).x is not a function"],
  ["let o = {}, a = ['k']; o[a[0]]()", "TypeError: o[a[0]] is not a function"],
  ["let o = {}; o[Symbol('s')]()", "TypeError: o[Symbol(...)] is not a function"],
  ["let o = {}; o?.['x']()", "TypeError: o?.x is not a function"],
  ["function f() {} for (const x of f());", "TypeError: f is not a function or its return value is not iterable"],
  [
    "let o = { f() {} }; const [a] = o.f()",
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  [
    "let o = {}; const [a] = o.p",
    "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ],
  ["let a, n = 7; [a] = n", "TypeError: number 7 is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let x = 1; new x()", "TypeError: x is not a constructor"],
  ["let o = {}; new o.A(1)", "TypeError: o.A is not a constructor"],
  ["new (() => {})()", "TypeError: (intermediate value) is not a constructor"],
  ["new Math.max()", "TypeError: Math.max is not a constructor"],
  [
    "class A extends null { constructor() { super() } } new A()",
    "TypeError: Super constructor null of A is not a constructor",
  ],
  ["let {a} = null", "TypeError: Cannot destructure property 'a' of 'null' as it is null."],
  ["let o = {}; const { x, y: z } = o.p", "TypeError: Cannot destructure property 'x' of 'o.p' as it is undefined."],
  ["let w; ({ a: w } = undefined)", "TypeError: Cannot destructure property 'a' of 'undefined' as it is undefined."],
  ["let {} = null", "TypeError: Cannot destructure 'null' as it is null."],
  ["function f({ a }) {} f()", "TypeError: Cannot destructure property 'a' of 'undefined' as it is undefined."],
  ["function f({ a }) {} f(null)", "TypeError: Cannot destructure property 'a' of 'object null' as it is null."],
  ["let {a: {b}} = {}", "TypeError: Cannot read properties of undefined (reading 'b')"],
  ["const n = 5; const [q] = n", "TypeError: n is not iterable"],
  ["let [a] = {}", "TypeError: {} is not iterable"],
  ["function f([a]) {} f()", "TypeError: undefined is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["let o = { p: {} }; for (const x of o.p);", "TypeError: o.p is not iterable"],
  ["let u; for (const x of u);", "TypeError: u is not iterable"],
  ["let o = {}; [...o]", "TypeError: o is not iterable"],
  ["new Map(5)", "TypeError: number 5 is not iterable (cannot read property Symbol(Symbol.iterator))"],
  ["new Map([1])", "TypeError: Iterator value 1 is not an entry object"],
  ["missing()", "ReferenceError: missing is not defined"],
  ["'use strict'; missing = 1", "ReferenceError: missing is not defined"],
  ["x; let x", "ReferenceError: Cannot access 'x' before initialization"],
  ["let z = z + 1", "ReferenceError: Cannot access 'z' before initialization"],
  ["const c = 1; c = 2", "TypeError: Assignment to constant variable."],
  ["class A {} A()", "TypeError: Class constructor A cannot be invoked without 'new'"],
  ["class A extends 5 {}", "TypeError: Class extends value 5 is not a constructor or null"],
  ["1 in 'abc'", "TypeError: Cannot use 'in' operator to search for '1' in abc"],
  ["({}) instanceof 5", "TypeError: Right-hand side of 'instanceof' is not an object"],
  ["Symbol() + ''", "TypeError: Cannot convert a Symbol value to a string"],
  ["1n + 1", "TypeError: Cannot mix BigInt and other types, use explicit conversions"],
  [
    "'use strict'; Object.freeze({ a: 1 }).a = 2",
    "TypeError: Cannot assign to read only property 'a' of object '#<Object>'",
  ],
  ["'use strict'; Object.freeze({}).b = 2", "TypeError: Cannot add property b, object is not extensible"],
  ["'use strict'; delete Object.freeze({ a: 1 }).a", "TypeError: Cannot delete property 'a' of #<Object>"],
  [
    "'use strict'; ({ get x() { return 1 } }).x = 2",
    "TypeError: Cannot set property x of #<Object> which has only a getter",
  ],
  ["'use strict'; 'abc'.length = 1", "TypeError: Cannot assign to read only property 'length' of string 'abc'"],
  ["'use strict'; 'abc'.foo = 1", "TypeError: Cannot create property 'foo' on string 'abc'"],
  ["'use strict'; (5).x = 1", "TypeError: Cannot create property 'x' on number '5'"],
  ["Object.defineProperty(1, 'a', {})", "TypeError: Object.defineProperty called on non-object"],
  [
    "const o = Object.defineProperty({}, 'a', { value: 1 }); Object.defineProperty(o, 'a', { value: 2 })",
    "TypeError: Cannot redefine property: a",
  ],
  ["new Array(-1)", "RangeError: Invalid array length"],
  ["[].reduce((a, b) => a)", "TypeError: Reduce of empty array with no initial value"],
  ["[].map(1)", "TypeError: 1 is not a function"],
  ["JSON.parse('')", "SyntaxError: Unexpected end of JSON input"],
  ["JSON.stringify(1n)", "TypeError: Do not know how to serialize a BigInt"],
  ["new Promise(1)", "TypeError: Promise resolver 1 is not a function"],
  [
    "class A { #p; static r(o) { return o.#p } } A.r({})",
    "TypeError: Cannot read private member #p from an object whose class did not declare it",
  ],
  [
    "class P {} class A extends P { constructor() {} } new A()",
    "ReferenceError: Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
  ],
  ["function r() { r() + 1 } r()", "RangeError: Maximum call stack size exceeded"],
];

describe("what errors say", () => {
  it.each(MESSAGES)("%s", (source, message) => {
    const { guestName, guestMessage } = errorOf(source);
    expect(`${guestName}: ${guestMessage}`).toBe(message);
  });

  it("finds the words through comments, types and lines", () => {
    const source =
      "type T = { list?: { go?: () => void } };\nconst o: T = { list: {} };\n(o as T)\n  .list! /* a ( comment */\n  .go!();";
    expect(errorOf(source, "t.ts")).toMatchObject({ guestMessage: "o.list.go is not a function", line: 5, column: 4 });
  });

  it("still finds the words after a snapshot", () => {
    const state = runtime
      .compile("const made = ask(); made.list.missing()", { filename: "t.js", externals: { ask: "sync" } })
      .start();
    if (state.status !== "suspended") throw new Error(state.status);
    expect(() => runtime.load(state.snapshot().dump()).resume({ list: [] })).toThrow(
      "made.list.missing is not a function",
    );
  });
});

/** The lines of a stack without its header. */
function frames(source: string): string[] {
  return errorOf(source).guestStack.split("\n").slice(1);
}

describe("stacks", () => {
  it("show a call at the name it calls, else at its parenthesis", () => {
    expect(
      frames("const o = {\n  f() { throw new Error(); } };\nfunction g() { return o\n  .f() + 1; }\n[g][0]();"),
    ).toEqual(["    at Object.f (t.js:2:15)", "    at Array.g (t.js:4:4)", "    at t.js:5:7"]);
  });

  it("go on through what awaits", () => {
    const source =
      "async function inner() {\n  await 0;\n  throw new Error('x');\n}\nasync function middle() {\n  return 1 + (await inner());\n}\nconst outer = async () => {\n  await middle();\n};\nawait outer();";
    expect(frames(source)).toEqual([
      "    at inner (t.js:3:9)",
      "    at async middle (t.js:6:15)",
      "    at async outer (t.js:9:3)",
      "    at async t.js:11:1",
    ]);
  });

  it("stop where more than one waits", () => {
    const source =
      "async function inner() { await 0; throw new Error('x'); }\nconst p = inner();\nasync function a() { await p; }\na().catch(() => {}); a().catch(() => {});\nawait p;";
    expect(frames(source)).toEqual(["    at inner (t.js:1:41)"]);
  });
});
