// `using` and `await using` against TypeScript's translation of them on the host engine: what is disposed of when, on every way out of
// a scope, with how many turns of the job queue in between, and which error comes out.

import ts from "typescript";
import { describe, expect, it } from "vitest";
import { GuestError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime({ typescript: false });

/** What both sides have at hand. `tick(n)` logs n turns of the job queue. */
const COMMON = `
const log = [];
const res = (name, fails) => ({ name, [Symbol.dispose]() { log.push("-" + name); if (fails) throw new Error("dispose " + name); } });
const later = (name, fails) => ({ name, async [Symbol.asyncDispose]() { log.push("-" + name); await undefined; log.push("~" + name); if (fails) throw new Error("dispose " + name); } });
const instant = (name, value) => ({ name, [Symbol.asyncDispose]() { log.push("-" + name); return value; } });
const refusing = (name) => ({ name, [Symbol.asyncDispose]() { log.push("-" + name); throw new Error("at once " + name); } });
const tick = (n) => { let p = Promise.resolve(); for (let i = 1; i <= n; i++) p = p.then(() => { log.push(i); }); };
const tell = (e) => e === undefined || e === null || typeof e !== "object" ? String(e)
  : "suppressed" in e ? "SuppressedError(" + tell(e.error) + ", " + tell(e.suppressed) + ")" : e.name + ": " + e.message;
`;

/** Bodies of an async function; it may log, return and throw. */
const CASES: Readonly<Record<string, string>> = {
  "in reverse order": `{ using a = res("a"), b = res("b"); using c = res("c"); log.push("body"); } log.push("after");`,
  "null and undefined": `{ using a = null, b = undefined; using c = res("c"); log.push(a, b); }`,
  "the value itself": `{ using a = res("a"); log.push(a.name); }`,
  "return from inside": `const f = () => { using a = res("a"); { using b = res("b"); return log.push("value"); } }; log.push(f());`,
  "return before the declaration": `const f = () => { { if (log.length === 0) return "early"; using b = res("b"); } }; log.push(f());`,
  "break and continue": `
    outer: for (let i = 0; i < 4; i++) { using a = res("a" + i);
      for (let j = 0; j < 3; j++) { using b = res("b" + j); if (i === 1) continue outer; if (i === 2) break outer; if (j === 1) break; } }`,
  "labelled block": `l: { using a = res("a"); { using b = res("b"); break l; } }`,
  "a throw": `try { using a = res("a"); throw new Error("body"); } catch (e) { log.push(tell(e)); }`,
  "a throwing initialiser": `try { using a = res("a"), b = (() => { throw new Error("init"); })(), c = res("c"); } catch (e) { log.push(tell(e)); }`,
  "failing disposals": `try { using a = res("a", true), b = res("b"), c = res("c", true); } catch (e) { log.push(tell(e)); }`,
  "failing disposals behind a throw": `try { using a = res("a", true), b = res("b", true); throw "body"; } catch (e) { log.push(tell(e)); }`,
  "throwing undefined": `try { using a = res("a", true); throw undefined; } catch (e) { log.push(tell(e)); }`,
  "a failing disposal replaces a return": `const f = () => { using a = res("a", true); return 1; }; try { log.push(f()); } catch (e) { log.push(tell(e)); }`,
  "within try, catch and finally": `
    const f = (how) => { try { using a = res("a"); if (how === 1) throw 1; if (how === 2) return "two"; log.push("through"); }
      catch (e) { using b = res("b"); log.push("caught"); return "one"; } finally { using c = res("c"); log.push("finally"); } };
    log.push(f(0), f(1), f(2));`,
  "not an object": `try { using a = res("a"); using b = 1; } catch (e) { log.push(e instanceof TypeError); }`,
  "not disposable": `try { using a = res("a"); using b = {}; } catch (e) { log.push(e instanceof TypeError); }`,
  "a method that is no function": `try { using b = { [Symbol.dispose]: 1 }; } catch (e) { log.push(e instanceof TypeError); }`,
  "the method is read once, early": `
    { using a = { get [Symbol.dispose]() { log.push("read"); return function () { log.push(this.n); }; }, n: 7 }; log.push("body"); }`,
  "a function as resource": `{ using f = Object.assign(() => 5, { [Symbol.dispose]() { log.push("f", this()); } }); log.push(f(), f.name); }`,
  "closures keep the value": `let get; { using a = res("a"); get = () => a.name; } log.push(get());`,
  "dead zone": `try { { (() => { log.push(a); })(); using a = res("a"); } } catch (e) { log.push(e instanceof ReferenceError); }`,
  for: `for (using a = res("a"), i = { n: 0, [Symbol.dispose]() { log.push("i" + this.n); } }; i.n < 3; i.n++) { if (i.n === 1) continue; log.push(i.n); }`,
  "for, left by break": `for (using a = res("a"); ; ) { log.push("turn"); break; }`,
  "for, left by throw": `try { for (using a = res("a"); ; ) throw new Error("turn"); } catch (e) { log.push(tell(e)); }`,
  "for-of": `for (using a of [res("a"), null, res("b")]) { log.push(a && a.name); if (a) continue; log.push("none"); }`,
  "for-of closes the iterator behind the resource": `
    const list = { i: 0, [Symbol.iterator]() { return this; }, next() { return { done: this.i++ > 2, value: res("v" + this.i) }; }, return() { log.push("return"); return {}; } };
    for (using a of list) { if (list.i === 2) break; }
    list.i = 0; try { for (using a of list) throw new Error("body"); } catch (e) { log.push(tell(e)); }`,
  "for-of with what is not disposable": `
    const list = { [Symbol.iterator]() { return this; }, next() { return { done: false, value: {} }; }, return() { log.push("return"); return {}; } };
    try { for (using a of list) log.push("never"); } catch (e) { log.push(e instanceof TypeError); }`,
  "for-of with captured names": `const gets = []; for (using a of [res("a"), res("b")]) gets.push(() => a.name); log.push(gets.map((g) => g()));`,
  "a name called using": `const using = { x: 1 }; log.push(using.x); for (const of of [using]) log.push(of.x);`,
  generators: `
    function* g() { using a = res("a"); yield 1; { using b = res("b"); yield 2; } yield 3; }
    for (const v of g()) log.push(v);
    for (const v of g()) { log.push(v); if (v === 2) break; }
    const it = g(); it.next(); it.next(); try { it.throw(new Error("in")); } catch (e) { log.push(tell(e)); }
    log.push(JSON.stringify(g().return(4)));`,
  "a generator that yields while it is left": `
    function* g() { try { using a = res("a"); yield 1; } finally { yield "f"; } }
    const it = g(); it.next(); log.push(JSON.stringify([it.return(9), it.next()]));`,
  "static blocks": `class A { static { using a = res("a"); log.push("static"); } static x = log.push("x"); }`,
  constructors: `
    class B { constructor() { using a = res("a"); this.x = 1; } } class D extends B { constructor() { using d = res("d"); super(); } }
    log.push(new B().x, new D().x);`,
  "arrows and methods": `({ m() { using a = res("a"); } }).m(); (() => { using b = res("b"); })(); log.push(((x = (() => { using c = res("c"); return 1; })()) => x)());`,
  "deep nesting": `const f = (n) => { using a = res(n); return n === 0 ? 0 : f(n - 1) + 1; }; log.push(f(20));`,

  "await using": `tick(12); { await using a = later("a"); log.push("body"); } log.push("after");`,
  "await using with nothing to wait for": `tick(4); { await using a = null; log.push("body"); } log.push("after");`,
  "await using, then using": `tick(8); { await using a = null; using b = res("b"); log.push("body"); } log.push("after");`,
  "using, then await using": `tick(8); { using b = res("b"); await using a = null; log.push("body"); } log.push("after");`,
  "using between two that are awaited": `tick(10); { await using a = instant("a", 1); using b = res("b"); await using c = null; using d = res("d"); } log.push("after");`,
  "await using with a synchronous method": `tick(8); { await using a = res("a"); log.push("body"); } log.push("after");`,
  "the result of a synchronous method is not awaited": `tick(8); { await using a = { [Symbol.dispose]() { log.push("-a"); return { then() { log.push("never"); } }; } }; } log.push("after");`,
  "results that are promises": `tick(9); { await using a = instant("a", Promise.resolve(1)), b = instant("b", { then(f) { log.push("then"); f(); } }); } log.push("after");`,
  "results that are rejected": `tick(9); try { await using a = instant("a", Promise.reject(new Error("no"))), b = later("b", true); } catch (e) { log.push(tell(e)); }`,
  "methods that throw at once": `tick(9); try { await using a = refusing("a"), b = refusing("b"); } catch (e) { log.push(tell(e)); } log.push("after");`,
  "a synchronous method that throws": `tick(9); try { await using a = res("a", true); } catch (e) { log.push(tell(e)); } log.push("after");`,
  "await using left by return": `tick(12); const f = async () => { await using a = later("a"); return "v"; }; log.push(await f());`,
  "await using left by throw": `tick(12); try { await using a = later("a", true); throw new Error("body"); } catch (e) { log.push(tell(e)); }`,
  "await using in loops": `tick(30); for (let i = 0; i < 3; i++) { await using a = later("a" + i); if (i === 1) break; log.push(i); } log.push("after");`,
  "for with await using": `tick(9); for (await using a = later("a"); ; ) { log.push("turn"); break; } log.push("after");`,
  "for-of with await using": `tick(20); for (await using a of [later("a"), null, res("b")]) { log.push("turn"); } log.push("after");`,
  "for await with await using": `
    tick(30); async function* g() { try { yield later("a"); yield later("b"); } finally { log.push("closed"); } }
    for await (await using a of g()) { log.push(a.name); if (a.name === "b") break; } log.push("after");`,
  "for await with using": `tick(20); for await (using a of [res("a"), Promise.resolve(res("b"))]) { log.push(a.name); }`,
  "async generators": `
    async function* g() { await using a = later("a"); yield 1; using b = res("b"); yield 2; }
    for await (const v of g()) log.push(v);
    for await (const v of g()) { log.push(v); break; }
    const it = g(); await it.next(); try { await it.throw(new Error("in")); } catch (e) { log.push(tell(e)); }`,
  "reads both methods of what is awaited": `
    { await using a = { get [Symbol.asyncDispose]() { log.push("async"); return undefined; }, get [Symbol.dispose]() { log.push("sync"); return () => log.push("-a"); } }; }`,
};

/** Turns of the job queue, by the specification. (TypeScript's translation waits longer.) */
const TURNS: Readonly<Record<string, string>> = {
  "await using": '["body","-a",1,"~a",2,"after",3,4,5,6,7,8,9,10,11,12]',
  "await using with nothing to wait for": '["body",1,"after",2,3,4]',
  "await using, then using": '["body","-b",1,"after",2,3,4,5,6,7,8]',
  "using, then await using": '["body",1,"-b","after",2,3,4,5,6,7,8]',
  "using between two that are awaited": '["-d",1,"-b","-a",2,"after",3,4,5,6,7,8,9,10]',
  "await using with a synchronous method": '["body","-a",1,"after",2,3,4,5,6,7,8]',
  "the result of a synchronous method is not awaited": '["-a",1,"after",2,3,4,5,6,7,8]',
  "results that are promises": '["-b",1,"then",2,"-a",3,"after",4,5,6,7,8,9]',
  "results that are rejected": '["-b",1,"~b",2,"-a",3,"SuppressedError(Error: no, Error: dispose b)",4,5,6,7,8,9]',
  "methods that throw at once":
    '["-b","-a","SuppressedError(Error: at once a, Error: at once b)","after",1,2,3,4,5,6,7,8,9]',
  "a synchronous method that throws": '["-a",1,"Error: dispose a","after",2,3,4,5,6,7,8,9]',
  "await using left by return": '["-a",1,"~a",2,3,"v",4,5,6,7,8,9,10,11,12]',
  "await using left by throw":
    '["-a",1,"~a",2,"SuppressedError(Error: dispose a, Error: body)",3,4,5,6,7,8,9,10,11,12]',
  "await using in loops":
    '[0,"-a0",1,"~a0",2,"-a1",3,"~a1",4,"after",5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]',
  "for with await using": '["turn","-a",1,"~a",2,"after",3,4,5,6,7,8,9]',
  "for-of with await using":
    '["turn","-a",1,"~a",2,"turn",3,"turn","-b",4,"after",5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]',
  "for await with await using":
    '[1,2,"a","-a",3,"~a",4,5,6,"b","-b",7,"~b",8,9,"closed",10,"after",11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]',
  "for await with using": '[1,2,"a","-a",3,4,"b","-b",5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]',
};

function onHost(body: string): Promise<string> {
  const source = `async function main(log, res, later, instant, refusing, tick, tell) { ${body} }`;
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const run = new Function(
    `${COMMON}${outputText}; return main(log, res, later, instant, refusing, tick, tell).then(() => new Promise((r) => setTimeout(() => r(JSON.stringify(log)))));`,
  ) as () => Promise<string>;
  return run();
}

async function inside(body: string): Promise<string> {
  const source = `${COMMON} async function main() { ${body} }\n await main(); for (let i = 0; i < 40; i++) await undefined; JSON.stringify(log);`;
  return (await runtime.compile(source, { filename: "using.js" }).run()).output as string;
}

describe("using, as TypeScript translates it", () => {
  it.each(Object.entries(CASES))("%s", async (name, body) => {
    const trace = await inside(body);
    const events = (text: string): unknown[] =>
      (JSON.parse(text) as unknown[]).filter((entry) => !body.includes("tick(") || typeof entry !== "number");
    expect(events(trace)).toEqual(events(await onHost(body)));
    if (body.includes("tick(")) expect(trace).toBe(TURNS[name]);
  });

  it("works on iterators", async () => {
    const body = `
      { using it = [1, 2][Symbol.iterator](); }
      function* g() { try { yield 1; } finally { log.push("left"); } }
      { using it = g(); it.next(); }
      async function* h() { try { yield 1; } finally { log.push("left too"); } }
      { await using it = h(); await it.next(); }`;
    expect(JSON.parse(await inside(body))).toEqual(["left", "left too"]);
  });
});

describe("using at the top level", () => {
  const top = async (source: string, filename = "top.js") =>
    runtime
      .compile(source, { filename })
      .run()
      .then((state) => [state.output, state.stdout]);
  const say = `const say = (name) => ({ [Symbol.dispose]() { console.log("-" + name); } });`;

  it("is disposed of at the end, and leaves the completion value alone", async () => {
    expect(await top(`${say} using a = say("a"); using b = say("b"); 5;`)).toEqual([5, "-b\n-a\n"]);
    expect(await top(`${say} await using a = say("a"); console.log("body"); 6;`)).toEqual([6, "body\n-a\n"]);
    expect(await top(`${say} { using a = say("a"); 7; }`)).toEqual([7, "-a\n"]);
  });

  it("goes when the program fails", async () => {
    const state = await runtime
      .compile(`${say} using a = say("a"); throw new Error("end");`, { filename: "top.js" })
      .run()
      .catch((error: unknown) => error);
    expect(state).toBeInstanceOf(GuestError);
    expect((state as GuestError).guestMessage).toBe("end");
  });

  it("reports the place of a value that is not disposable", async () => {
    const error = await runtime
      .compile(`{\n  using fine = null,\n    wrong = 1;\n}`, { filename: "top.js" })
      .run()
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GuestError);
    const { guestMessage, line, column } = error as GuestError;
    expect([guestMessage, line, column]).toEqual(["1 is not an object: it cannot be disposed of", 3, 13]);
  });

  it("is refused where it is not allowed", () => {
    for (const source of [
      "if (1) using x = null;",
      "switch (1) { case 1: using x = null; }",
      "{ using x; }",
      "{ using { x } = null; }",
      "for (using x in {});",
      "{ using x = null; using x = null; }",
      "{ using let = null; }",
      "function f() { await using x = null; }",
      "class A { static { await using x = null; } }",
    ])
      expect(() => runtime.compile(source, { filename: "top.js" }), source).toThrow();
  });

  it("cannot be assigned", async () => {
    const error = await runtime
      .compile(`{ using x = null; x = 1; }`, { filename: "top.js" })
      .run()
      .catch((e: unknown) => e);
    expect((error as GuestError).guestName).toBe("TypeError");
  });
});

describe("held inside a disposal", () => {
  it("resumes from bytes, whichever way the scope is left", () => {
    const source = `
      const ended = [];
      const res = (name) => ({ [Symbol.dispose]() { ended.push(ask(name)); } });
      const f = (how) => { using a = res("a" + how), b = res("b" + how); if (how === 1) throw new Error("one"); return how; };
      const results = [f(0)];
      try { f(1); } catch (e) { results.push(e.message); }
      const g = async () => { await using c = { async [Symbol.asyncDispose]() { ended.push(ask("c")); await undefined; ended.push(ask("d")); } }; return "g"; };
      results.push(await g());
      const stack = new DisposableStack(); stack.defer(() => ended.push(ask("e"))); stack.use(res("f")); stack.dispose();
      await new AsyncDisposableStack().disposeAsync();
      [ended, results];`;
    let state = runtime.compile(source, { filename: "held.js", externals: { ask: "sync" } }).start();
    const asked: unknown[] = [];
    while (state.status === "suspended") {
      const [call] = state.calls;
      asked.push(call!.args[0]);
      const bytes = state.snapshot().dump();
      state = runtime.load(bytes).restore();
      if (state.status !== "suspended") throw new Error("not suspended any more");
      state = state.resume(`${String(call!.args[0])}!`);
    }
    expect(asked).toEqual(["b0", "a0", "b1", "a1", "c", "d", "f", "e"]);
    expect(state.status === "complete" && state.output).toEqual([
      ["b0!", "a0!", "b1!", "a1!", "c!", "d!", "f!", "e!"],
      [0, "one", "g"],
    ]);
  });
});
