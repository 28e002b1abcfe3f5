// Assignments that are refused, and keys and lengths that are objects: sloppy code goes on, strict code throws. Against the host engine.

import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

const BODY = `
  const log = [], frozen = Object.freeze({ a: 1 }), list = Object.freeze([1, 2]), key = { toString() { log.push("key"); return "a"; } };
  const zero = { valueOf() { log.push("zero"); return 0; } }, holding = Object.defineProperty([1, 2, 3], 1, { configurable: false }), typed = new Uint8Array(2);
  const attempt = (f) => { try { log.push(String(f())); } catch (e) { log.push(e.name); } };
  attempt(() => (frozen[key] = 2)); attempt(() => (Object.create(frozen)[key] = 2)); attempt(() => ({ get a() { return 1; } }[key] = 2));
  attempt(() => (0[key] = 2)); attempt(() => ("abc"[{ toString: () => "0" }] = "z")); attempt(() => ("abc"[{ toString: () => "length" }] = 9));
  attempt(() => { [0[key]] = [1]; }); attempt(() => { for (true[key] of [1]); }); attempt(() => (new Proxy({}, { set: () => false })[key] = 1)); attempt(() => (null[key] = 1));
  attempt(() => (list.length = zero)); attempt(() => (list["len" + "gth"] = zero)); attempt(() => (list[{ toString: () => "length" }] = zero)); attempt(() => (holding.length = zero));
  attempt(() => ([].length = { valueOf: () => -1 })); attempt(() => { const a = [1, 2]; a.length = zero; return a.length; }); attempt(() => { typed[{ toString: () => "0" }] = { valueOf: () => 7 }; typed[{ toString: () => "9" }] = 5; return typed; });
  Object.defineProperty(Number.prototype, "a", { configurable: true, set(v) { log.push(typeof this, v); } }); attempt(() => (5[key] = 6)); delete Number.prototype.a;
  log.push(frozen.a, list.length, holding.length, typed.join()); return log;`;

describe("assignments", () => {
  it.each(["", '"use strict";'])("that are refused, %s", (directive) => {
    const script = `(function () { ${directive} ${BODY} })()`;
    const state = runtime.compile(script, { language: "javascript" }).start();
    expect("output" in state && state.output).toEqual(JSON.parse(JSON.stringify(runInThisContext(script))));
  });
});

describe("classes in sloppy code", () => {
  it("have strict heritage and strict computed keys", async () => {
    const source = `
      const nameOf = (work) => { try { work(); return "none"; } catch (error) { return error.name; } };
      const fixed = Object.preventExtensions({});
      let x, n = 0;
      class A extends (x = Array) { [n++]() { return ask(); } static [\`s\${n++}\`] = n; }
      [nameOf(() => class extends (fixed.prop = Array) {}), nameOf(() => class { [fixed.prop = 4]() {} }), nameOf(() => class extends (delete [1].length, Array) {}),
       nameOf(() => class extends (undeclared = Array) {}), nameOf(() => class extends (class extends (fixed.prop = Array) {}) {}), nameOf(() => class { [class { [(fixed.prop = 4)]() {} }]() {} }), nameOf(() => (fixed.prop = 4)), x === Array, new A()[0](), A.s1]`;
    const program = runtime.compile(source, { filename: "test.js", externals: { ask: "sync" } });
    const { output } = await program.run({ tools: { ask: () => "asked" } });
    expect(output).toEqual([
      "TypeError",
      "TypeError",
      "TypeError",
      "ReferenceError",
      "TypeError",
      "TypeError",
      "none",
      true,
      "asked",
      2,
    ]);
  });
});

describe("declarations that take a variable apart which they write", () => {
  it("read all of what it was before", async () => {
    const source = `
      function again(a) { var { z: a, y: b } = a; return [a, b]; }
      function assigned(a, c) { var { z: a, y: b } = (a = c); return [a, b]; }
      function loop(a) { for (var { z: a, y: b } = a; ; ) return [a, b]; }
      function rest(a) { var { z: a, ...others } = a; return [a, others]; }
      function inDefault(a) { let { x = (a = { y: 9 }), y } = a; return [x.y, y, a.y]; }
      const o = { z: 1, y: 2 };
      [again(o), assigned(0, o), loop(o), rest(o), inDefault(o)]`;
    const { output } = await runtime.compile(source, { filename: "test.js" }).run();
    expect(output).toEqual([[1, 2], [1, 2], [1, 2], [1, { y: 2 }], [9, 2, 9]]); // prettier-ignore
  });
});
