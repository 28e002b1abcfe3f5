// What errors own, and the stack trace API of V8, against the host engine.

import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Bodies of functions that return JSON values. Stacks end with frames of the host's own, so only what stands above is compared. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "order of own properties": `
    const made = [new Error("a", { cause: 1 }), new TypeError(), new Error(undefined, { cause: undefined }), new Error({ toString: () => "t" }), new AggregateError([1], "m", { cause: 2 })];
    try { null.x; } catch (e) { made.push(e); }
    class Mine extends Error { name = "Mine"; code = 1; } made.push(new Mine("m"));
    return made.map((e) => Object.getOwnPropertyNames(e).join());`,
  "captureStackTrace on an error of a class": `
    class Mine extends Error { constructor(m) { super(m); this.name = "Mine"; Error.captureStackTrace(this, Mine); } }
    function make() { return new Mine("why"); }
    const e = make(); const d = Object.getOwnPropertyDescriptor(e, "stack");
    return [e.stack.split("\\n")[0], e.stack.split("\\n")[1].trim().split(" ")[1], d.enumerable, d.configurable, Object.getOwnPropertyNames(e).join(), Object.keys(e).join()];`,
  "captureStackTrace on anything": `
    const lines = (o, ...more) => { Error.captureStackTrace(o, ...more); return o.stack.split("\\n"); };
    const first = (o) => lines(o)[0];
    function outer() { return middle(); } function middle() { return inner(); } function inner() { return lines({}, middle); }
    return [first({ name: "X", message: "m" }), first({ get name() { return "G"; }, message: "m" }), outer()[1].trim().split(" ")[1], lines({}, function never() {}).length,
      Error.captureStackTrace.length, Error.captureStackTrace.name, Error.captureStackTrace({})];`,
  "what captureStackTrace refuses": `
    const names = [];
    for (const v of [undefined, null, 1, "a", Symbol.iterator, new Proxy({}, {}), Object.freeze({})]) try { Error.captureStackTrace(v); names.push("none"); } catch (e) { names.push(e.name); }
    return names;`,
  stackTraceLimit: `
    const before = JSON.stringify(Object.getOwnPropertyDescriptor(Error, "stackTraceLimit")), seen = [before];
    function deep(n) { return n > 0 ? deep(n - 1) : new Error("z").stack; }
    const lines = (limit) => { Error.stackTraceLimit = limit; const text = deep(30); return text === undefined ? "none" : text.split("\\n").length; };
    for (const limit of [3, 0, -1, 2.9, NaN, 12, 30, "5", undefined, 10]) seen.push(lines(limit));
    Error.stackTraceLimit = null; const e = new Error("q"); seen.push(Object.hasOwn(e, "stack"), e.stack === undefined, e.message);
    delete Error.stackTraceLimit; seen.push(new RangeError("q").stack === undefined);
    Error.stackTraceLimit = 10; seen.push(new RangeError("q").stack.split("\\n")[0]);
    return seen;`,
  "isPrototypeOf asks proxies whatever this is": `
    const log = []; const p = new Proxy([], { getPrototypeOf(t) { log.push("asked"); return Array.prototype; } });
    const is = Object.prototype.isPrototypeOf;
    return [is.call(0, p), is.call(Array.prototype, p), is.call({}, p), is.call(undefined, 1), is.call("a", Object.create(p)), log];`,
};

describe("errors and their stacks", () => {
  it.each(Object.entries(SCRIPTS))("%s", (_, body) => {
    const script = `(function () { ${body} })()`;
    const state = runtime.compile(script).start();
    expect(state).toMatchObject({ status: "complete" });
    const expected: unknown = JSON.parse(JSON.stringify(runInThisContext(script)));
    expect(JSON.parse(JSON.stringify("output" in state && state.output))).toEqual(expected);
  });

  // The host's test runner writes stacks in its own way.
  it("begins a stack with what Error.prototype.toString says", () => {
    const source =
      "const first = (o) => (Error.captureStackTrace(o), o.stack.split('\\n')[0]); [{}, [1], { name: '', message: 'only' }, { name: 'N' }].map(first)";
    expect(runtime.compile(source).start()).toMatchObject({ output: ["Error", "Error", "only", "N"] });
  });

  it("shows no more than 200 frames", () => {
    const source =
      "Error.stackTraceLimit = Infinity; const deep = (n) => (n > 0 ? deep(n - 1) + '' : new Error().stack); deep(1000).split('\\n').length";
    expect(runtime.compile(source).start()).toMatchObject({ output: 201 });
  });
});
