// Code from strings: refused unless it is allowed, then as the host engine has it (each script is run by both), in snapshots, within
// limits, and with nothing left of what is no longer needed.

import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { CompleteState, State, SuspendedState } from "../../ts/index.ts";
import { GuestError, type LimitError } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

const allowed = (source: string, options: object = {}) =>
  runtime.compile(source, { filename: "script.js", allowEval: true, ...options });

function outputOf(source: string): unknown {
  return (allowed(source).start() as CompleteState).output;
}

/** Scripts end in an expression that is made of JSON values. */
const SCRIPTS: Readonly<Record<string, string>> = {
  values: `[eval("1 + 1"), eval(5), eval("'use strict'; 3"), eval(""), eval("if (0) 1"), eval("2; do { 3; break; } while (0)"), eval("var x = 1"), eval("{a: 7}"), eval("({a: 7})"), eval(), typeof eval([1]), eval("//x"), eval("let z = 4; z")].map((v) => v === undefined ? "undefined" : v)`,
  "locals are read and written": `function f(a, { b }, ...c) { let d = 4; const e = 5; var g = 6; for (let i = 0; i < 2; i++) { eval("a += i; b += i; c.push(i); d++; g = [a, b, c, d, e, i]"); } try { eval("e = 1"); } catch (x) { g.push(x.name); } return g; } f(1, { b: 2 }, 3)`,
  "var goes to the function, let does not": `function f() { eval("var a = 1; let b = 2; const c = 3; function d() { return a; } class E {}"); var r = [a, typeof b, typeof c, d(), typeof E]; a = 5; r.push(d(), delete a, typeof a, delete d); return r; } f().concat(typeof a)`,
  "var of a name that is there": `function f(p) { var v = 1; eval("var v; var p; var r = [v, typeof p]; var v = 2; function p() {}"); return [r, v, typeof p, delete r, delete v]; } f(9)`,
  "closures share what eval adds": `function f() { var list = [() => typeof added, () => { added = 3; }]; list.push(list[0]()); eval("var added = 1"); list.push(list[0](), added); list[1](); list.push(added, eval("added + 1")); return list.filter((x) => typeof x !== "function"); } f()`,
  "own scope in strict code": `function f() { "use strict"; eval("var a = 1; function b() {}"); return [typeof a, typeof b, eval("var c = 2; c")]; } function g() { eval("'use strict'; var a = 1"); return typeof a; } [f(), g()]`,
  "indirect eval is global": `var g = 1; const lexical = 2; function f() { var g = 3; var e = eval; return [e("g"), (0, eval)("g + lexical"), eval?.("g"), [1].map(eval)[0], e("var made = 5; let own = 6; own"), made, typeof own, e("this") === globalThis, eval.call(null, "g")]; } f().concat(delete made)`,
  "a function called eval": `function f(eval) { return eval("1 + 1"); } [f((x) => x + "!"), f(eval), ((...a) => eval(...a))("3 * 3", 1)]`,
  "this, arguments, new.target": `function f() { return [eval("this.v"), eval("arguments.length"), eval("typeof new.target"), (() => eval("this.v + arguments[0]"))()]; } function G() { this.t = eval("new.target") === G; } [f.call({ v: 1 }, 2), new G().t]`,
  "super and private names": `
    class A { m() { return "A.m"; } get g() { return "A.g"; } static s() { return "A.s"; } constructor(...a) { this.a = a; } }
    class B extends A { #p = 1; static #q = 2; constructor() { eval("super(1, 2)"); this.t = eval("this.#p += 1"); } m() { return eval("super.m() + super.g + super['m']()"); } has(o) { return eval("#p in o"); } static s() { return eval("super.s() + this.#q"); } arrow() { return (() => eval("(() => super.m() + this.#p)()"))(); } }
    var b = new B(); [b.a, b.t, b.m(), b.has(b), b.has({}), B.s(), b.arrow()]`,
  "super() through an arrow, twice": `class A {} class B extends A { x = 1; constructor() { var r = []; try { this; } catch (e) { r.push(e.name); } (() => eval("super()"))(); try { eval("super()"); } catch (e) { r.push(e.name); } this.r = r; } } var b = new B(); [b.r, b.x]`,
  "class fields": `var r = []; class C { a = eval("1 + 1"); b = eval("this.a + 1"); static c = eval("this.name"); d = eval("typeof new.target"); e = (() => { try { return eval("arguments"); } catch (e) { return e.name; } })(); f = () => eval("this.a"); } var c = new C(); [c.a, c.b, C.c, c.d, c.e, c.f()]`,
  parameters: `var x = "outer"; function f(a = eval("var x = 1; 2"), b = () => x) { var y = x; return [a, y, b()]; } function g(a = eval("b = 3"), b) { return a; } var r = [f()]; try { g(); } catch (e) { r.push(e.name); } function h(a, b = eval("var c = a; 1")) { return [typeof c, (() => c)()]; } r.concat(h(4), ((a = eval("1")) => a)())`,
  "conflicts are found first": `
    var r = []; var attempt = (f) => { try { f(); r.push("ran"); } catch (e) { r.push(e.name); } };
    attempt(() => { let a; eval("r.push('never'); var a"); }); attempt(() => { let a; { eval("var a"); } }); attempt(() => { try { throw 1; } catch (e) { eval("var e = 2"); } }); attempt(() => { try { throw [1]; } catch ([e]) { eval("var e"); } });
    attempt(function (a = eval("var a")) {}); attempt((a = eval("var arguments = 1; arguments")) => a); attempt(() => { eval("let b; var b"); }); attempt(() => eval("new.target")); attempt(() => eval("super.x")); attempt(() => eval("return 1")); attempt(() => eval("this.#x")); attempt(() => eval("await 1")); attempt(() => { for (let i of [1]) eval("function i() {}"); });
    r`,
  "functions in blocks (Annex B)": `function f() { var r = [typeof a]; eval("r.push(typeof a); { function a() { return 1; } } r.push(a())"); r.push(a(), typeof b); let b2; eval("if (1) function b() { return 2; }"); return r.concat(b(), delete b); } eval("{ function top() { return 3; } }"); [f(), top(), delete globalThis.top]`,
  "eval in eval": `function f(a) { return eval("var b = a + 1; eval('var c = a + b; [a, b, c, eval(\\"c * 2\\")]')").concat(b, c); } f(1)`,
  "eval in with, with in eval": `var o = { x: 1, y: 2 }; function f() { var z = 3; with (o) { eval("x = 10; var y = 20; var w = 30; z = 40"); } return [z, w, typeof y, eval("with (o) { y++; y }"), o]; } f()`,
  "loops, switches, catch": `var fs = []; for (let i = 0; i < 3; i++) fs.push(eval("() => i")); for (const k of ["a", "b"]) eval("fs.push(() => k)"); switch (1) { case 1: let s = 5; eval("fs.push(() => s)"); } try { throw 6; } catch (e) { eval("fs.push(() => e)"); } fs.map((f) => f())`,
  "names in their dead zone": `var r = []; function f() { try { eval("x"); } catch (e) { r.push(e.name); } try { eval("x = 1"); } catch (e) { r.push(e.name); } r.push(eval("typeof y")); let x = 1; eval("x = 2"); r.push(x); { try { eval("z"); } catch (e) { r.push(e.name); } const z = 1; } } f(); r`,
  "a function that is called before it is mentioned": `var r = []; function f() { try { eval("g()"); } catch (e) { r.push(e.name); } let x = 1; function g() { r.push(x); } eval("g()"); } f(); r`,
  generators: `function* g() { var n = 1; yield eval("n"); n = yield eval("var m = n + 1; m"); yield eval("[n, m]"); yield* eval("(function* () { yield n; yield eval('n + 1'); })()"); } var it = g(); [it.next(), it.next(), it.next(7), [...it]]`,
  "Function and its relatives": `
    var x = "outer"; (function () { var x = "inner"; globalThis.r = [Function("return x")(), new Function("a, b", "c", "return a + b + c")(1, 2, 3), Function("a", "/* c */ b = a", "return [a, b, typeof anonymous, this === globalThis]")(1)]; })();
    var GF = Object.getPrototypeOf(function* () {}).constructor; r.push([...new GF("n", "yield n; yield n + 1")(1)], Function().name, Function("a", "b", "").length, Function("'use strict'; return this === undefined")());
    class F extends Function { hi() { return "hi"; } } var f = new F("return 1"); r.concat(f(), f.hi(), f instanceof F, Object.getPrototypeOf(GF("")) === GF.prototype, "prototype" in Function(""), new (Function("this.a = 1"))().a)`,
  "what is no function": `var r = []; for (var args of [["/*", "*/){"], ["a", "}, function () {"], [") {", ""], ["a b"], ["a", "return }"], ["a = super.x", ""], ["a", "'use strict'; with (a) {}"], ["a, a", "'use strict'"], ["...a, b", ""], ["", "let a; let a"], ["-->", ""]]) try { Function(...args); r.push("ok " + args); } catch (e) { r.push(e.name); } r`,
  "order of conversions": `var log = []; var s = (t) => ({ toString() { log.push(t); return t; } }); var n = function () {}.bind(); Object.defineProperty(n, "prototype", { get() { log.push("prototype"); return null; } }); Reflect.construct(Function, [s("a"), s("b"), s("return a")], n); try { Reflect.construct(Function, ["}"], n); } catch (e) { log.push(e.name); } log`,
  "template objects are of one evaluation": `var t = (s) => s; function f() { return eval("t\`a\`"); } var g = eval("() => t\`b\`"); [f() === f(), g() === g()]`,
  "hashbang and html-like comments": `[eval("#!x\\n1"), eval("<!-- a\\n2"), eval("3\\n--> b")]`,
  "many of them": `let sum = 0; for (let i = 0; i < 40; i++) sum += eval("i * " + i) + eval("1"); sum`,
};

describe("code from strings, as the host engine has it", () => {
  it.each(Object.entries(SCRIPTS))("%s", (_name, source) => {
    expect(JSON.parse(JSON.stringify(outputOf(source)))).toEqual(JSON.parse(JSON.stringify(runInNewContext(source))));
  });
});

describe("permission", () => {
  const uses = `[() => eval("1"), () => (0, eval)("1"), () => Function("1"), () => new (async () => {}).constructor("1"), () => [1].constructor.constructor("1")].map((f) => { try { return typeof f(); } catch (e) { return e.name + ": " + e.message; } })`;
  const refused = "EvalError: Code generation from strings is not allowed: it needs the option allowEval";

  it("is not available by default; values that are not strings are returned", () => {
    const state = runtime.compile(`${uses}.concat(eval(5))`, { filename: "a.js" }).start() as CompleteState;
    expect(state.output).toEqual([refused, refused, refused, refused, refused, 5]);
  });

  it("can be taken back by start, and not be given there", () => {
    const taken = allowed(uses).start({ allowEval: false }) as CompleteState;
    expect(taken.output).toEqual(Array(5).fill(refused));
    const given = runtime.compile(uses, { filename: "a.js" }).start({ allowEval: true }) as CompleteState;
    expect(given.output).toEqual(Array(5).fill(refused));
  });

  it("travels in snapshots, both ways", () => {
    const source = `ask(); try { eval("6 * 7") } catch (e) { e.name }`;
    for (const [allowEval, expected] of [
      [true, 42],
      [false, "EvalError"],
    ] as const) {
      const state = allowed(source, { externals: { ask: "sync" } }).start({ allowEval }) as SuspendedState;
      const later = runtime.load(state.snapshot().dump()).restore() as SuspendedState;
      expect((later.resume(0) as CompleteState).output).toBe(expected);
    }
  });

  it("is a session's, for all its chunks", async () => {
    const session = runtime.session({ allowEval: true, language: "javascript" });
    await session.run(`let a = 1; function f() { return eval("a + 1"); } var g = Function("return a + 2")`);
    const { output } = await session.run(
      `(0, eval)("a = 10; let own = 1; var made = 5"); [f(), g(), made, typeof own]`,
    );
    expect(output).toEqual([11, 12, 5, "undefined"]);
    const fork = session.fork();
    const copy = runtime.session({ from: runtime.load(session.snapshot().dump()) });
    for (const each of [fork, copy]) expect((await each.run("[f(), eval('g()')]")).output).toEqual([11, 12]);
    const narrow = runtime.session({ from: runtime.load(session.snapshot().dump()), allowEval: false });
    expect((await narrow.run("try { eval('1') } catch (e) { [e.name, f.name] }")).output).toEqual(["EvalError", "f"]);
    await expect(runtime.session().run("eval('1')")).rejects.toThrow(refused);
  });
});

describe("what was compiled from a string", () => {
  it("is held by host functions and resumes from bytes, with its program", () => {
    const source = `
      function f(a) { var list = []; eval("for (let i = 0; i < 3; i++) { var x = ask('direct ' + i); list.push(() => eval('[a, i, x]')); }"); return list; }
      const made = f(7); const g = Function("n", "return [n, ask('function')]"); const it = (0, eval)("(function* () { while (true) yield eval(yield ask('generator')); })()");
      [made.map((h) => h()), g(1), it.next(), it.next("1 + 1"), it.next()]`;
    let state: State = allowed(source, { externals: { ask: "sync" } }).start();
    const asked: unknown[] = [];
    while (state.status === "suspended") {
      const [call] = state.calls;
      asked.push(call!.args[0]);
      state = (runtime.load(state.snapshot().dump()).restore() as SuspendedState).resume(asked.length);
    }
    expect(asked).toEqual(["direct 0", "direct 1", "direct 2", "function", "generator", "generator"]);
    const done = (value: unknown) => ({ value, done: false });
    expect((state as CompleteState).output).toEqual([
      [
        [7, 0, 3],
        [7, 1, 3],
        [7, 2, 3],
      ],
      [1, 4],
      done(5),
      done(2),
      done(6),
    ]);
  });

  it("comes along even where the program is only named", () => {
    const program = allowed(`const f = Function("return 'from a string'"); ask(); f()`, { externals: { ask: "sync" } });
    const bytes = (program.start() as SuspendedState).snapshot().dump({ program: "reference" });
    const state = runtime.load(bytes, { program }).restore() as SuspendedState;
    expect((state.resume(0) as CompleteState).output).toBe("from a string");
  });

  it("is not in a snapshot once nothing needs it, whenever garbage was collected", () => {
    const source = (kept: string) =>
      `let keep; for (let i = 0; i < 50; i++) { const f = Function("return 'unneeded ' + " + i); f(); if (i === 7) keep = ${kept}; } ask(); keep && keep()`;
    const dumped = (kept: string) => {
      const state = allowed(source(kept), { externals: { ask: "sync" } }).start({ seed: 1, now: 0 }) as SuspendedState;
      return state.snapshot();
    };
    expect(
      dumped("null")
        .inspect()
        .programs.map(({ source: text }) => text.includes("unneeded 49")),
    ).toEqual([false]);
    expect(dumped("null").inspect().programs).toHaveLength(1);
    const kept = dumped("f");
    expect(kept.inspect().programs).toHaveLength(2);
    const again = runtime.load(kept.dump()).restore() as SuspendedState;
    expect(again.snapshot().dump()).toEqual(kept.dump());
    expect((again.resume(0) as CompleteState).output).toBe("unneeded 7");
  });

  it("is linked once, however often the same source is evaluated", () => {
    const source = `const fs = []; for (let i = 0; i < 100; i++) fs.push(eval("() => i")); ask(); fs.reduce((s, f) => s + f(), 0)`;
    const state = allowed(source, { externals: { ask: "sync" } }).start() as SuspendedState;
    expect(state.snapshot().inspect().programs).toHaveLength(2);
    expect((state.resume(0) as CompleteState).output).toBe(4950);
  });

  it("shows its own place in errors", () => {
    const error = thrownBy(() =>
      allowed(`function f() { return eval("1;\\n  missing()") }\nf()`).start(),
    ) as GuestError;
    expect(error).toBeInstanceOf(GuestError);
    expect([error.filename, error.line, error.column]).toEqual(["<eval>", 2, 3]);
    expect(error.guestStack).toContain("at f (script.js:1:23)");
    expect(outputOf(`try { eval("a\\n  b c") } catch (e) { [e instanceof SyntaxError, e.message] }`)).toEqual([
      true,
      expect.stringContaining("(<eval>:2:5)") as unknown,
    ]);
  });

  it("has the same error messages as whole programs", async () => {
    const source = `["x++.y", "class A { m() { this.#b } }", "if (", "let a; let a"].map((text) => { try { eval(text); } catch (error) { return error.message; } })`;
    const { output } = await runtime.compile(source, { filename: "test.js", allowEval: true }).run({ allowEval: true });
    expect(output).toEqual([
      "Unexpected token '.' (<eval>:1:4)",
      "Private field '#b' must be declared in an enclosing class (<eval>:1:22)",
      "Unexpected end of input (<eval>:1:5)",
      "Identifier 'a' has already been declared (<eval>:1:12)",
    ]);
  });
});

describe("limits of code from strings", () => {
  it("is paid for in fuel, in proportion to its length, before it is compiled", () => {
    const fuelOf = (length: number) => {
      const state = allowed(`eval("/*" + "x".repeat(${length}) + "*/")`).start();
      return state.usage.fuel;
    };
    expect(fuelOf(10_000) - fuelOf(0)).toBeGreaterThan(100_000);
    const endless = allowed(`for (let i = 0; ; i++) eval("var v" + i)`);
    const error = thrownBy(() => endless.start({ limits: { fuel: 1_000_000, onFuel: "fail" } }));
    expect((error as LimitError).limit).toBe("fuel");
  });

  it("ends an endless loop of compilations in time", () => {
    const error = thrownBy(() => allowed(`for (let i = 0; ; i++) eval("" + i)`).start({ limits: { timeMs: 200 } }));
    expect((error as LimitError).limit).toBe("timeMs");
  });

  it("asks for memory first", () => {
    const source = `let s = "0"; while (true) { s += "+" + s; eval(s); }`;
    const error = thrownBy(() => allowed(source).start({ limits: { memoryBytes: 4 << 20 } }));
    expect((error as LimitError).limit).toBe("memoryBytes");
  });

  it("keeps nothing of thousands of programs", () => {
    const source = `let n = 0; for (let i = 0; i < 4000; i++) n += Function("return " + i + " % 2 /* " + "x".repeat(40) + " */")(); n`;
    const state = allowed(source).start({ limits: { memoryBytes: 2 << 20 } }) as CompleteState;
    expect(state.output).toBe(2000);
  });

  it("is a SyntaxError where nesting is too deep", () => {
    expect(outputOf(`try { eval("(".repeat(20000)) } catch (e) { e.name }`)).toBe("SyntaxError");
  });
});
