// `with` against the host engine: each script is run by both, and what it reports must be the same. Sloppy code, in the global scope.

import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { CompleteState, SuspendedState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Scripts end in an expression that is made of JSON values. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "reading and writing": `var o = { a: 1, b: 2 }; var c = 3; with (o) { a = b + c; b += 10; a++; --b; c = 4; d = 5; } [o, c, d]`,
  "the object's this in a call": `var o = { v: 7, f() { return this.v; } }; var v = 1; function g() { return this === globalThis; } with (o) { [f(), g(), (0, f) === o.f, f\`\`, typeof f, (() => f())()] }`,
  "delete and typeof": `var o = { a: 1 }; var keep = 2; with (o) { var r = [delete a, typeof a, delete keep, typeof keep, typeof nothing, delete nothing]; } [r, o]`,
  "var inside belongs outside": `var o = { x: 1 }; function f() { with (o) { var x = 5; var y = 6; } return [x, y, o]; } f()`,
  "lexical declarations and functions inside": `var o = { x: 1, f: 2 }; with (o) { let x = 3; const z = x; class C {} function f() { return x; } var r = [x, z, typeof C, f(), o.x, o.f]; } [r, o]`,
  unscopables: `var o = { a: 1, b: 2, [Symbol.unscopables]: { a: true, b: 0 } }; var a = "outer", b = "outer"; with (o) { var r = [a, b]; a = "set"; } with ([]) { r.push(typeof keys, typeof values, typeof join, typeof findLast); } [r, a, o.a]`,
  "a getter of unscopables is asked each time": `var n = 0; var o = { a: 1, get [Symbol.unscopables]() { n++; return n % 2 ? null : { a: true }; } }; var a = 2; with (o) { var r = [a, a, a]; } [r, n]`,
  "a binding that goes away": `
    var o = { get a() { delete this.a; return 1; } }; var log = [];
    with (o) { (function () { "use strict"; try { a = a + 1; } catch (e) { log.push(e.name); } })(); }
    var env = { x: 1 }; with (env) { try { (function () { "use strict"; env.y = 1; y = (delete env.y, 2); })(); } catch (e) { log.push(e.name); } }
    log`,
  "strict functions inside refuse": `var o = Object.freeze({ a: 1 }); with (o) { a = 2; var r = (function () { "use strict"; try { a = 3; } catch (e) { return e.name; } })(); } [r, o]`,
  "closures keep the object": `var list = []; for (var i = 0; i < 3; i++) with ({ i }) list.push(() => i++); [list.map((f) => f()), list.map((f) => f()), i]`,
  "nested, and with a function between": `with ({ a: 1, b: 1 }) { with ({ b: 2, c: 2 }) { (function (c) { with ({ d: 4 }) { var r = [a, b, c, d]; } this.result = r; })(3); } } result`,
  generators: `function* g(o) { with (o) { try { yield x; x = yield x + 1; yield x; } finally { yield done; } } } var it = g({ x: 1, done: "d" }); [it.next(), it.next(), it.next(40), it.return(9), it.next()]`,
  "control flow leaves it": `function f() { for (var i = 0; i < 5; i++) with ({ n: i * 2 }) { if (n === 2) continue; if (n === 6) break; try { with ({ m: n }) { if (m === 4) return ["early", i]; } } finally { i += 0; } } } [f()]`,
  "names that are constants elsewhere": `with ({ undefined: 1, NaN: 2, Infinity: 3, eval: (x) => x + 1, arguments: 4 }) { [undefined, NaN, Infinity, eval(1), arguments, (function () { return undefined; })(), undefined === 1, void 0 === undefined] }`,
  "primitives and errors": `var r = []; with ("abc") r.push(length, charAt(1)); with (5) r.push(toFixed(1)); for (var v of [null, undefined]) try { with (v) r.push("no"); } catch (e) { r.push(e.name); } r`,
  "completion values": `var r = []; r.push(1); with ({ a: 5 }) { a; }`,
  "parameters and defaults": `var o = { p: "object" }; with (o) { var f = function (p, q = p, r = () => p) { p += "!"; return [p, q, r()]; }; } f("given")`,
  "classes inside": `with ({ base: class { hi() { return "hi"; } }, key: "k" }) { class D extends base { [key] = key; static s = key; #p = key; get() { return this.#p + super.hi(); } } var d = new D(); } [d.k, d.get()]`,
  "logical and update forms give their values": `var o = { a: 0, b: null, c: 3 }; with (o) { var r = [a ||= 5, b ??= 6, c &&= 7, a++, ++a, b--, -c, a = b = 2]; } [r, o]`,
};

/** A proxy that logs which of its traps are entered, and with which key. */
const LOGGED = `
  var log = [];
  function logged(target) {
    return new Proxy(target, {
      has(t, k) { if (k !== "log") log.push("has " + String(k)); return Reflect.has(t, k); },
      get(t, k) { log.push(k === Symbol.unscopables ? "hidden?" : "get " + String(k)); return Reflect.get(t, k); },
      set(t, k, v) { log.push("set " + String(k)); return Reflect.set(t, k, v); },
      deleteProperty(t, k) { log.push("delete " + String(k)); return Reflect.deleteProperty(t, k); },
    });
  }
  var p = logged({ a: 1, b: { c: 2 }, f() { return 1; } }); var outer = 0;
  var source = { get a() { log.push("source a"); return 1; }, get z() { log.push("source z"); } };`;

/** Statements inside `with (p)`, and what they do to it. By the specification: no engine asks as often as that says. */
const ORDERS: readonly (readonly [string, string])[] = [
  ["a", "has a, hidden?, has a, get a"],
  ['a = (log.push("value"), 2)', "has a, hidden?, value, has a, set a"],
  ["a += 1", "has a, hidden?, has a, get a, has a, set a"],
  ["a++", "has a, hidden?, has a, get a, has a, set a"],
  ["f()", "has f, hidden?, has f, get f"],
  ["typeof a", "has a, hidden?, has a, get a"],
  ["delete a", "has a, hidden?, delete a"],
  ["outer = 1", "has outer"],
  ["b.c = 3", "has b, hidden?, has b, get b"],
  ["b ||= 3", "has b, hidden?, has b, get b"],
  ["b &&= 4", "has b, hidden?, has b, get b, has b, set b"],
  ['(function () { "use strict"; a = 5; })()', "has a, hidden?, has a, set a"],
  [
    '({ a, z: b = (log.push("default"), 5) } = source)',
    "has source, has a, hidden?, source a, has a, set a, has b, hidden?, source z, default, has b, set b",
  ],
  ["[a, b] = [3, 4]", "has a, hidden?, has a, set a, has b, hidden?, has b, set b"],
  ["for (a in { k: 1 });", "has a, hidden?, has a, set a"],
  ["for (var b of [7]);", "has b, hidden?, has b, set b"],
  ['var a = (log.push("value"), 6);', "has a, hidden?, value, has a, set a"],
];

describe("with, in the order of the specification", () => {
  it.each(ORDERS)("%s", (statement, expected) => {
    const source = `${LOGGED} with (p) { ${statement} } log.join(", ")`;
    expect((runtime.compile(source, { filename: "script.js" }).start() as CompleteState).output).toBe(expected);
  });

  it("a binding that goes away while its value is evaluated is made again, or missed in strict code", () => {
    const source = `
      var o = { x: 1, y: 1 }; var errors = [];
      with (o) { x = (delete o.x, 2); (function () { "use strict"; try { y = (delete o.y, 2); } catch (e) { errors.push(e.name); } })(); }
      [o, errors]`;
    const { output } = runtime.compile(source, { filename: "script.js" }).start() as CompleteState;
    expect(output).toEqual([{ x: 2 }, ["ReferenceError"]]);
  });
});

describe("with, as the host engine has it", () => {
  it.each(Object.entries(SCRIPTS))("%s", (_name, source) => {
    const { output } = runtime.compile(source, { filename: "script.js" }).start() as CompleteState;
    expect(JSON.parse(JSON.stringify(output))).toEqual(JSON.parse(JSON.stringify(runInNewContext(source))));
  });

  it("is held in a getter of its object by a host function, and resumes from bytes", () => {
    const source = `
      const o = { get a() { return ask("a") + 1; }, get [Symbol.unscopables]() { return { b: ask("hidden") }; }, b: "own" };
      var b = "outer"; with (o) { [a, b, a] }`;
    let state = runtime
      .compile(source, { filename: "script.js", externals: { ask: "sync" } })
      .start() as SuspendedState;
    const asked: unknown[] = [];
    while (state.status === "suspended") {
      const [call] = state.calls;
      asked.push(call!.args[0]);
      state = runtime.load(state.snapshot().dump()).restore() as SuspendedState;
      state = state.resume(call!.args[0] === "a" ? asked.length : true) as SuspendedState;
    }
    expect((state as unknown as CompleteState).output).toEqual([3, "outer", 6]);
    expect(asked).toEqual(["hidden", "a", "hidden", "hidden", "a"]);
  });

  it("is held between awaits", async () => {
    const source = `
      async function f(o) { with (o) { x = await get(x); for (const k of [1, 2]) { x += await get(k); } return x; } }
      const o = { x: 1 }; [await f(o), o.x]`;
    const program = runtime.compile(source, { filename: "script.js", externals: ["get"] });
    const { output } = await program.run({ tools: { get: (n: unknown) => (n as number) * 10 } });
    expect(output).toEqual([40, 40]);
  });

  it("is refused in strict code", () => {
    expect(String(thrownBy(() => runtime.compile(`"use strict"; with ({}) {}`, { filename: "a.js" })))).toContain(
      "Strict",
    );
  });
});
