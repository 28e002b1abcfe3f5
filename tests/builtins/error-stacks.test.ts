// What errors own, and the stack trace API of V8, against the host engine.

import { runInNewContext, runInThisContext } from "node:vm";
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
  it("begins a stack with the text of Error.prototype.toString", () => {
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

const CALL_SITES = `
  const prepare = Error.prepareStackTrace;
  const sitesOf = (make) => { Error.prepareStackTrace = (_, sites) => sites; try { const e = make(); return e.stack; } finally { Error.prepareStackTrace = prepare; } };`;

/** Bodies of functions whose JSON values are as V8 has them. */
const PREPARED: Readonly<Record<string, string>> = {
  "gets the error and its call sites, once": `${CALL_SITES}
    const calls = [];
    Error.prepareStackTrace = (error, sites) => { calls.push([error.message, Array.isArray(sites)]); return "prepared"; };
    const e = new Error("m"); const before = calls.length; const seen = [e.stack, e.stack];
    Error.prepareStackTrace = prepare;
    return [before, seen, calls, Object.getOwnPropertyDescriptor(e, "stack").value];`,
  "what call sites say": `${CALL_SITES}
    class Foo { constructor() { this.sites = sitesOf(() => new Error()); } m() { return sitesOf(() => new Error()); } }
    function plain() { return sitesOf(() => new Error()); }
    const say = (s) => [s.getFunctionName(), s.getTypeName(), s.getMethodName(), s.isToplevel(), s.isConstructor(), s.isEval(), s.isNative(), s.isAsync(), s.isPromiseAll(), s.getPromiseIndex(), typeof s.getFileName(), typeof s.getLineNumber(), typeof s.getColumnNumber()];
    return [say(plain()[2]), say(new Foo().m()[2]), say(new Foo().sites[2])];`,
  "builtins are call sites without a place": `${CALL_SITES}
    let sites; [1].map(() => { sites = sitesOf(() => new Error()); });
    const s = sites.find((site) => site.getFunctionName() === "map");
    return [s.getTypeName(), s.getFileName() ?? null, s.getLineNumber(), s.getColumnNumber(), s.toString()];`,
  "call sites of captureStackTrace begin below the function": `${CALL_SITES}
    function who() { const o = {}; Error.captureStackTrace(o, who); return o.stack; }
    function callsHere() { Error.prepareStackTrace = (_, sites) => sites; const sites = who(); Error.prepareStackTrace = prepare; return sites[0].getFunctionName(); }
    return callsHere();`,
  "sloppy code gives its function and receiver, strict code does not": `${CALL_SITES}
    const o = { f() { return sitesOf(() => new Error())[2]; } }; function strict() { "use strict"; return sitesOf(() => new Error())[2]; }
    const s = o.f(), t = strict();
    return [s.getFunction() === o.f, s.getThis() === o, t.getFunction() === undefined, t.getThis() === undefined];`,
  "what a hook throws comes out of stack": `${CALL_SITES}
    Error.prepareStackTrace = () => { throw new TypeError("from the hook"); };
    const e = new Error("m"); let got; try { e.stack; } catch (x) { got = x; }
    Error.prepareStackTrace = prepare;
    return got.message;`,
  "the limit holds for call sites": `${CALL_SITES}
    Error.stackTraceLimit = 2; const n = sitesOf(() => new Error()).length; Error.stackTraceLimit = 10; return n;`,
  "an object that inherits from an error has its stack": `${CALL_SITES}
    const e = new Error("m"); const o = Object.create(e); const same = o.stack === e.stack; return [same, Object.hasOwn(o, "stack"), typeof o.stack];`,
  "stack can be assigned and defined before it is asked for": `
    const a = new Error("a"); a.stack = 1; const b = new Error("b"); Object.defineProperty(b, "stack", { value: 2 }); const c = new Error("c"); delete c.stack;
    const d = Object.freeze(new Error("d")); const f = new Error("f"); Object.defineProperty(f, "stack", { enumerable: true });
    return [a.stack, b.stack, c.stack === undefined, Object.hasOwn(c, "stack"), d.stack.split("\\n")[0], Object.keys(f), Object.getOwnPropertyDescriptor(d, "stack").writable];`,
  "getters in the header run when stack is asked for": `
    const log = []; class E extends Error { get name() { log.push("name"); return "N"; } get message() { log.push("message"); return "M"; } }
    const e = new E(); const before = log.length; const first = e.stack.split("\\n")[0]; e.stack; return [before, first, log];`,
};

describe("Error.prepareStackTrace", () => {
  it.each(Object.entries(PREPARED))("%s", (_, body) => {
    const script = `(function () { ${body} })()`;
    const state = runtime.compile(script, { filename: "s.js" }).start();
    expect(state).toMatchObject({ status: "complete" });
    // The test runner has a hook of its own, which a realm of its own has not.
    const expected: unknown = JSON.parse(JSON.stringify(runInNewContext(script)));
    expect(JSON.parse(JSON.stringify("output" in state && state.output))).toEqual(expected);
  });

  it("can be held inside, and its call sites travel", () => {
    const source = `
      Error.prepareStackTrace = (error, sites) => sites.map((s) => s.getFunctionName() + ":" + s.getLineNumber() + ask()).join();
      function here() { return new Error("m").stack; }
      here();`;
    let state = runtime.compile(source, { filename: "h.js", externals: { ask: "sync" } }).start();
    while (state.status === "suspended") state = runtime.load(state.snapshot().dump()).resume("!");
    expect(state).toMatchObject({ status: "complete", output: "here:3!,null:4!" });
  });
});
