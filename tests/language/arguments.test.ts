// Arguments objects against the host engine, above all those that share their elements with the parameters of sloppy functions.

import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Scripts end in an expression that is made of JSON values. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "aliasing both ways": `
    function f(a, b, c) { a = 10; arguments[1] = 20; arguments[2] = 30; return [a, b, c, arguments[0], arguments[1], arguments[2], arguments.length]; }
    [f(1, 2), f(1, 2, 3, 4), f()]`,
  "through closures and updates": `
    function f(a, b) { const set = (v) => { a = v; }; const get = () => arguments[0]; set(5); const seen = [get(), a]; a++; seen.push(arguments[0]--); seen.push(a, b); b += arguments[1]; seen.push(b, arguments[1]); return seen; }
    f(1, 2)`,
  "what is passed on is shared": `
    function write(list) { list[0] = "written"; delete list[1]; list.extra = 1; return Object.keys(list).join(); }
    function f(a, b) { const keys = write(arguments); b = 9; return [a, b, arguments[1], keys, arguments.length]; }
    f(1, 2, 3)`,
  "unmapping by delete, accessors and writable: false": `
    function f(a, b, c, d) {
      delete arguments[0]; arguments[0] = "new";
      Object.defineProperty(arguments, 1, { get: () => "getter" });
      Object.defineProperty(arguments, 2, { writable: false });
      Object.defineProperty(arguments, 3, { value: "value", enumerable: false });
      const before = [a, b, c, d];
      a = b = c = d = "assigned";
      return [before, [arguments[0], arguments[1], arguments[2], arguments[3]], Object.keys(arguments), JSON.stringify([0, 1, 2, 3].map((i) => Object.getOwnPropertyDescriptor(arguments, i)))];
    }
    f(1, 2, 3, 4)`,
  "a value with writable: false reaches the parameter": `
    function f(a) { Object.defineProperty(arguments, 0, { value: 2, writable: false }); const seen = a; a = 3; return [seen, a, arguments[0]]; }
    f(1)`,
  "frozen and sealed": `
    function frozen(a, b) { Object.freeze(arguments); a = 5; arguments[1] = 6; return [a, b, arguments[0], arguments[1], Object.isFrozen(arguments)]; }
    function sealed(a, b) { Object.seal(arguments); a = 5; arguments[1] = 6; return [a, b, arguments[0], arguments[1], Object.isSealed(arguments), Object.isFrozen(arguments), delete arguments[0]]; }
    function fixed(a) { Object.preventExtensions(arguments); a = 5; arguments[1] = 1; return [arguments[0], arguments[1] === undefined]; }
    [frozen(1, 2), sealed(1, 2), fixed(1)]`,
  "duplicate names, functions and variables of a parameter's name": `
    function twice(a, a) { a = 3; arguments[0] = 4; return [a, arguments[0], arguments[1]]; }
    function inner(a) { function a() {} return [typeof a, typeof arguments[0]]; }
    function variable(a) { var a = 7; return arguments[0]; }
    function looped(a) { for (var a of [1, 2]); for (var a in { key: 1 }); return arguments[0]; }
    function pattern(a, b) { [a, b] = [b, a]; ({ a } = { a: a + 1 }); return [arguments[0], arguments[1]]; }
    [twice(1, 2), inner(1), variable(1), looped(0), pattern(1, 2)]`,
  "for-of sees assignments": `
    function f(a, b, c) { const seen = []; for (const v of arguments) { seen.push(v); a = b; b = c; c = v; } return seen; }
    [f(1, 2, 3), (function (a) { a = 2; return [...arguments]; })(1), (function (a) { a = 2; return Array.from(arguments).concat(Array.prototype.slice.call(arguments)); })(1)]`,
  "generators and spreads": `
    function* g(a, b) { a = 3; yield arguments[0]; arguments[1] = 5; yield b; yield* arguments; }
    [...g(1, 2)]`,
  "apply and call pass what the parameters are now": `
    function show() { return Array.from(arguments); }
    function f(a, b) { a = "changed"; return [show.apply(null, arguments), show(...arguments), Reflect.apply(show, null, arguments), Math.max.apply(null, [1, 2])]; }
    f(1, 2, 3)`,
  "strict and non-simple functions have their own": `
    function strict(a) { "use strict"; a = 2; return [arguments[0], a]; }
    function defaults(a, b = 1) { a = 2; return [arguments[0], arguments.length]; }
    function rest(a, ...r) { a = 2; return [arguments[0], arguments.length]; }
    const callees = [(function () { try { return arguments.callee; } catch (e) { return e.name; } }), function () { "use strict"; try { return arguments.callee; } catch (e) { return e.name; } }];
    [strict(1), defaults(1), rest(1, 2), callees[0]() === callees[0], callees[1]()]`,
  "what is left of an ordinary object": `
    function f(a, b) {
      a = 5;
      const child = Object.create(arguments); child[0] = 6;
      const reads = [Reflect.get(arguments, 0), Reflect.set(arguments, 1, 8, {}), Reflect.set({}, 0, 9, arguments), a, b, Reflect.ownKeys(arguments).map(String)];
      arguments.length = 1;
      return [reads, Object.prototype.toString.call(arguments), JSON.stringify(arguments), arguments.length, typeof arguments[Symbol.iterator], child[0], Object.entries(arguments), { ...arguments }, Array.prototype.map.call(arguments, (x) => x * 2)];
    }
    f(1, 2)`,
  "names that hide it": `
    [(function (arguments) { arguments = 2; return arguments; })(1), (function () { var arguments; return typeof arguments; })(), (function () { function arguments() {} return typeof arguments; })(), (function (a) { let arguments = [a]; a = 2; return arguments[0]; })(1), (function (a) { return (() => { a = 3; return arguments[0]; })(); })(1)]`,
};

describe("arguments objects are those of the host engine", () => {
  it.each(Object.entries(SCRIPTS))("%s", (_, script) => {
    const state = runtime.compile(script, { language: "javascript" }).start();
    expect(state).toMatchObject({ status: "complete" });
    expect(JSON.stringify("output" in state && state.output)).toBe(JSON.stringify(runInThisContext(`{${script}}`)));
  });

  it("keeps sharing when it is held in the middle", () => {
    const state = runtime
      .compile(
        "function f(a, b) { a = ask(); const seen = arguments[0]; arguments[1] = ask(); return [seen, a, b, arguments]; } [...f(1, 2)].flat().map((v) => (typeof v === 'object' ? [...v] : v))",
        {
          language: "javascript",
          externals: { ask: "sync" },
        },
      )
      .start();
    if (state.status !== "suspended") throw new Error(state.status);
    const second = runtime.load(state.snapshot().dump()).resume("first");
    if (second.status !== "suspended") throw new Error(second.status);
    expect(runtime.load(second.snapshot().dump()).resume("second")).toMatchObject({
      output: ["first", "first", "second", ["first", "second"]],
    });
  });
});
