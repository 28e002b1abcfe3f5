// Decorators and auto-accessors against TypeScript's translation of them on the host engine: evaluation order, contexts, what a
// decorator may put in place of what it decorates, initialisers, metadata.

import ts from "typescript";
import { describe, expect, it } from "vitest";
import { GuestError } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

const COMMON = `
const log = [];
const show = (v) => typeof v === "function" ? "function " + v.name : typeof v === "symbol" ? v.toString() : typeof v === "object" && v !== null ? Object.keys(v).join() : v;
/** Logs its evaluation and its call. */
const d = (name, result) => (log.push("eval " + name), function (value, context) { log.push("call " + name, show(value), context.kind, show(context.name)); return result; });
/** Logs its context. */
const inspect = (value, c) => { log.push([c.kind, show(c.name), c.static, c.private, c.access && Object.keys(c.access).sort().join(), typeof c.addInitializer, typeof c.metadata, Object.keys(c).sort().join()].join("|")); };
/** Logs when its initialiser runs. */
const init = (name) => (value, c) => { c.addInitializer(function () { log.push("init " + name + " " + (typeof this === "function" ? "class" : Object.keys(this).join())); }); };
const key = (name) => (log.push("key " + name), name);
const fails = (f) => { try { f(); log.push("no error"); } catch (e) { log.push(e.constructor.name); } };
`;

const CASES: Readonly<Record<string, string>> = {
  "evaluation and application": `
    @d("c1") @d("c2") class A extends (log.push("heritage"), Object) {
      @d("m1") @d("m2") [key("m")]() {} @d("s") static [key("s")]() {} @d("f") [key("f")] = log.push("value f"); @d("sf") static [key("sf")] = log.push("value sf");
      @d("g") get [key("g")]() { return 1; } @d("st") set [key("g")](v) {} @d("a") accessor [key("a")] = log.push("value a"); @d("sa") static accessor [key("sa")] = 1;
      static { log.push("block"); } @d("p") #p() {} @d("pf") #pf = 1; @d("sp") static #sp() {} }
    log.push("made"); new A();`,
  contexts: `
    @inspect class A { @inspect m() {} @inspect static m() {} @inspect get g() { return 1; } @inspect set g(v) {} @inspect f; @inspect static f; @inspect accessor a; @inspect static accessor a;
      @inspect #m() {} @inspect get #g() { return 1; } @inspect set #g(v) {} @inspect #f; @inspect static #sf; @inspect accessor #a; @inspect [Symbol.iterator]() {} @inspect 1() {} @inspect "a b" = 1; @inspect ["c" + "d"] = 1; }
    @inspect class extends A {};`.replace(
    "@inspect class extends A {};",
    `const B = @inspect class extends A {}; const C = (@inspect class {}); log.push(B.name);`,
  ),
  "methods replaced": `
    const twice = (f, c) => function (...a) { log.push(c.name); return [f.apply(this, a), f.apply(this, a)].join(); };
    class A { x = 1; @twice m(v) { return this.x + v; } @twice static s(v) { return v; } @twice #p(v) { return v * 2; } q(v) { return this.#p(v); } @twice static #sp() { return "sp"; } static sq() { return A.#sp(); } }
    const a = new A(); log.push(a.m(2), A.s(3), a.q(4), A.sq(), Object.keys(A.prototype).length, JSON.stringify(Object.getOwnPropertyDescriptor(A.prototype, "m")));`,
  "getters and setters replaced": `
    const g = (f) => function () { return f.call(this) + "!"; }; const s = (f) => function (v) { f.call(this, v + "?"); };
    class A { v = 0; @g get x() { return this.v; } @s set x(v) { this.v = v; } @g static get y() { return 5; } @g get #z() { return "z" + this.v; } z() { return this.#z; } @s set only(v) { this.v = v; } }
    const a = new A(); a.x = 1; log.push(a.x, A.y, a.z()); a.only = 7; log.push(a.v, Object.getOwnPropertyDescriptor(A.prototype, "only").get);`,
  fields: `
    const plus = (n) => () => function (v) { log.push("plus " + n, Object.keys(this).join()); return (v ?? 0) + n; };
    class A { a = 1; @plus(10) @plus(20) b = 2; @plus(1) c; @plus(3) static d = 4; @plus(5) #e = 6; e() { return this.#e; } @plus(7) static #f = 8; static f() { return A.#f; } @plus(9) ["g" + 1] = 1; }
    const a = new A(); log.push(JSON.stringify(a), A.d, a.e(), A.f());`,
  accessors: `
    const logged = ({ get, set }, c) => ({ get() { log.push("get"); return get.call(this); }, set(v) { log.push("set " + v); set.call(this, v); }, init(v) { log.push("init " + v); return v + 1; } });
    class A { @logged accessor x = 1; @logged static accessor y = 2; @logged accessor #z = 3; z() { this.#z += 10; return this.#z; } @logged @logged accessor w = 5; }
    const a = new A(); a.x++; log.push(a.x, A.y, a.z(), a.w, Object.keys(a).length, "x" in A.prototype, a.hasOwnProperty("x"));`,
  "accessors without decorators": `
    class A { accessor a = 1; static accessor b = this.name; accessor #c = 3; c() { return this.#c++ + this.#c; } accessor ["d" + 1] = 4; accessor e; accessor "f g" = 6; accessor; static accessor; accessor
      h = 8; static get accessor() { return 9; } get i() { return this.a; } accessor async = 10; accessor static = 11; static accessor #j = 12; static j() { return this.#j; } accessor 7 = 13 }
    class B extends A { accessor a = 2; a2 = this.a; get i() { return super.a; } }
    const a = new A(), b = new B();
    log.push(a.a, A.b, a.c(), a.d1, a.e, a["f g"], a.h, A.accessor, a.i, a.async, a.static, A.j(), a[7], b.a, b.a2, b.i, Object.keys(a).join(), Object.getOwnPropertyNames(A.prototype).join());
    fails(() => Reflect.get(A.prototype, "a", {})); fails(() => { A.prototype.a = 1; });
    const { get, set } = Object.getOwnPropertyDescriptor(A.prototype, "a"); log.push(get.name, set.name, get.length, set.length); set.call(a, 5); log.push(get.call(a));`,
  "classes replaced": `
    const sub = (C, c) => { log.push(C.name, c.name); return class Sub extends C { extra = 1; static made = true; }; };
    @sub class A { a = 1; static self = A; static me = this; static { log.push(this === A, A.made, this.self === this); } self() { return A; } }
    log.push(A.name, A.self === A, A.me === A, new A().self() === A, JSON.stringify(new A()));
    const E = @sub class F { static f = F; }; log.push(E.f === E, E.name);`,
  "classes replaced by what is no class": `
    const fn = (C) => function (x) { return { x, made: new C() }; };
    @fn class A { v = 1; } log.push(JSON.stringify(A(3)), JSON.stringify(new A(4)));`,
  initialisers: `
    @init("class") class A { @init("method") m() {} x = 1; @init("field") f = 2; y = 3; @init("accessor") accessor a = 4; @init("static method") static sm() {} static x = log.push("static x"); @init("static field") static sf = 1; static { log.push("block"); } @init("getter") get g() { return 1; } z = 5; }
    log.push("made"); new A(); class B extends A { constructor() { log.push("before"); super(); log.push("after"); } @init("sub") n() {} w = 1; } new B();`,
  "bound methods": `
    const bound = (f, { name, addInitializer }) => { addInitializer(function () { this[name] = this[name].bind(this); }); };
    class A { v = 7; @bound m() { return this.v; } } const { m } = new A(); log.push(m());`,
  access: `
    let saved = {}; const save = (v, c) => { saved[c.kind + " " + show(c.name)] = c.access; };
    class A { @save m() { return 1; } @save get g() { return 2; } @save set g(v) { this.s = v; } @save f = 3; @save accessor a = 4; @save #m() { return 5; } @save #f = 6; @save static #sf = 7; static C = A; }
    const a = new A();
    for (const [name, { get, set, has }] of Object.entries(saved)) { const o = name.includes("sf") ? A : a; log.push(name, has(o), has({}), get && show(get(o))); if (set) { set(o, 8); log.push(get && show(get(o))); } }
    log.push(a.s); fails(() => saved["field #f"].get({})); fails(() => saved["field #f"].set({}, 1)); fails(() => saved["method m"].has(1));`,
  metadata: `
    const m = (v, c) => { c.metadata[c.name] = (c.metadata[c.name] ?? 0) + 1; };
    @m class A { @m a; @m b() {} } class B extends A { @m a; } class C extends B {} class D { x; }
    const M = Symbol.metadata; log.push(JSON.stringify(A[M]), JSON.stringify(B[M]), Object.getPrototypeOf(B[M]) === A[M], C[M] === B[M], Object.hasOwn(C, M), Object.getPrototypeOf(A[M]), D[M] ?? null);
    const own = Object.getOwnPropertyDescriptor(A, M); log.push(own.writable, own.enumerable, own.configurable);`,
  "this of a decorator": `
    const o = { n: "o", d(v, c) { log.push(this && this.n); }, get self() { return this; }, make() { return this.d; } }; function plain() { "use strict"; log.push(this); }
    class A { @o.d a; @o.self.d b() {} @(o.d) c; @(o["d"]) e; @plain f() {} @(o.make()) g; @o.make() h; }`,
  expressions: `
    const ns = { a: { b: d("ns") } }; function factory(...a) { log.push(a.join()); return d("made"); }
    class A { @ns.a.b x; @factory(1, 2) y; @(true ? d("yes") : d("no")) z; @ns.a.b() {} }`.replace(
    "@ns.a.b() {}",
    '@(function () { log.push("inline"); }) m() {}',
  ),
  errors: `
    fails(() => { const x = 1; class A { @x m() {} } }); fails(() => { const r = () => 1; class A { @r m() {} } }); fails(() => { const r = () => null; class A { @r f; } }); fails(() => { const r = () => 1; class A { @r accessor a; } });
    fails(() => { const r = () => ({ get: 1 }); class A { @r accessor a; } }); fails(() => { const r = () => ({}); @r class A {} }); fails(() => { const r = (v, c) => c.addInitializer(1); class A { @r m() {} } });
    fails(() => { const r = () => { throw new RangeError(); }; @r class A {} }); fails(() => { const r = () => ({}); class A { @r accessor a = 1; } log.push(new A().a); });`,
  "private names": `
    const p = (v, c) => { log.push(c.name, c.private); }; class A { @p #a = 1; @p #b() { return this.#a; } @p static #c = 2; @p static #d() { return A.#c; } @p accessor #e = 3; static t(o) { return [#a in o, #b in o, #e in o, o.#b(), A.#d(), o.#e].join(); } }
    log.push(A.t(new A()));`,
  "super in decorated elements": `
    const same = (f) => function (...a) { return f.apply(this, a); };
    class A { m() { return "A.m"; } static s() { return "A.s"; } get g() { return "A.g"; } } class B extends A { @same m() { return super.m() + "B"; } @same static s() { return super.s() + "B"; } @same get g() { return super.g + "B"; } @same f = super.m(); }
    log.push(new B().m(), B.s(), new B().g);`.replace("@same f", "f"),
  "in functions and loops": `
    const made = []; for (const n of [1, 2]) { const tag = (C, c) => { C.tag = n; }; made.push(@tag class { static n = n; }); } log.push(made.map((C) => C.tag + "/" + C.n).join());
    function f(dec) { return @dec class Named { @dec m() {} }; } log.push(f((v, c) => { log.push(c.kind); }).name);`,
  "decorated twice over": `
    const mark = (n) => (v, c) => { (c.metadata.marks ??= []).push(n + c.kind[0]); }; @mark(1) @mark(2) class A { @mark(3) @mark(4) m() {} @mark(5) f; }
    log.push(A[Symbol.metadata].marks.join());`,
  "one name, two elements": `
    const a = () => () => "decorated"; class A { @a m() { return 1; } m() { return 2; } } log.push(new A().m());`.replace(
    "@a m() { return 1; } m() { return 2; }",
    "m() { return 1; } @a m() { return 2; }",
  ),
};

async function onHost(body: string): Promise<string> {
  const { outputText } = ts.transpileModule(`${COMMON}\n(() => { ${body} })();`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const symbols = Symbol as unknown as { metadata?: symbol };
  const had = symbols.metadata;
  if (had === undefined)
    Object.defineProperty(Symbol, "metadata", { value: Symbol("Symbol.metadata"), configurable: true });
  try {
    return (new Function(`${outputText}\nreturn JSON.stringify(log);`) as () => string)();
  } finally {
    if (had === undefined) delete symbols.metadata;
  }
}

async function inside(body: string, filename: string): Promise<string> {
  const source = `${COMMON}\n(() => { ${body} })();\nJSON.stringify(log);`;
  return (await runtime.compile(source, { filename }).run()).output as string;
}

describe("decorators, as TypeScript translates them", () => {
  it.each(Object.entries(CASES))("%s", async (_name, body) => {
    const expected: unknown = JSON.parse(await onHost(body));
    expect(JSON.parse(await inside(body, "decorators.js"))).toEqual(expected);
    expect(JSON.parse(await inside(body, "decorators.ts"))).toEqual(expected);
  });
});

describe("decorators beside TypeScript's translation", () => {
  const run = async (source: string, filename = "decorators.js"): Promise<unknown> =>
    (await runtime.compile(source, { filename }).run()).output;

  it("may yield and await", async () => {
    const source = `
      const log = []; const d = (name) => () => { log.push(name); };
      function* g() { const C = @(yield 1) class { @(yield 2) m() {} [yield 3]() {} }; return Object.getOwnPropertyNames(C.prototype).join(); }
      const it = g(); log.push(it.next().value, it.next(d("class")).value, it.next(d("m")).value, it.next("k").value);
      @(await d("awaited")) class A { @(await Promise.resolve(d("field"))) f; }
      log.join(" ");`;
    expect(await run(source)).toBe("m class 1 2 3 constructor,m,k field awaited");
  });

  it("refuses initialisers that come late", async () => {
    const source = `let late; const d = (v, c) => { late = c.addInitializer; }; class A { @d m() {} } try { late(() => {}); } catch (e) { String(e); }`;
    expect(await run(source)).toBe("TypeError: An initializer cannot be added once the decorator has returned");
  });

  it("keeps the class name in its dead zone", async () => {
    const source = `const seen = []; const d = (f) => { try { f(); } catch (e) { seen.push(e.name); } return () => {}; }; @d(() => A) class A { @d(() => A) m() {} } seen.join();`;
    expect(await run(source)).toBe("ReferenceError,ReferenceError");
  });

  it("defines decorated methods in order among others of their name", async () => {
    expect(await run(`const d = () => () => "decorated"; class A { @d m() {} m() { return 2; } } new A().m();`)).toBe(
      2,
    );
  });

  it("names anonymous functions", async () => {
    const source = `
      const keep = (value, c) => c.kind === "field" ? (v) => v : undefined;
      class A { @keep a = () => {}; @keep static b = class {}; @keep accessor c = function () {}; @keep accessor ["d" + 1] = () => {}; @keep #e = () => {}; e() { return this.#e.name; } accessor f = () => {}; }
      const a = new A(); [a.a.name, A.b.name, a.c.name, a.d1.name, a.e(), a.f.name].join();`;
    expect(await run(source)).toBe("a,b,c,d1,#e,f");
  });

  it("has Function.prototype[Symbol.metadata]", async () => {
    const source = `JSON.stringify([Object.getOwnPropertyDescriptor(Function.prototype, Symbol.metadata), Symbol.metadata.description])`;
    expect(await run(source)).toBe(
      '[{"value":null,"writable":false,"enumerable":false,"configurable":false},"Symbol.metadata"]',
    );
  });

  it("fails at the decorated element", async () => {
    const fails = async (source: string): Promise<[string, number, number]> => {
      const error = (await run(source, "at.ts").catch((e: unknown) => e)) as GuestError;
      expect(error).toBeInstanceOf(GuestError);
      return [error.guestMessage, error.line!, error.column!];
    };
    expect(await fails("const x = 1 as any;\nclass A {\n  @x\n  m() {}\n}")).toEqual([
      "The decorator 1 is not a function",
      3,
      3,
    ]);
    expect(await fails("enum E { A } class A {\n  m() {} @nope.x f = 1; }")).toEqual(["nope is not defined", 2, 11]);
  });

  it("resumes from bytes when a decorator calls its host", () => {
    const source = `
      const d = (v, c) => { const name = ask(c.kind + " " + c.name); c.addInitializer(function () { ask("init " + name); }); };
      @d class A { @d m() {} @d f = ask("value"); @d accessor a = 1; @d static s = 2; }
      const a = new A(); [a.f, a.a, A.s];`;
    let state = runtime.compile(source, { filename: "held.js", externals: { ask: "sync" } }).start();
    const asked: unknown[] = [];
    while (state.status === "suspended") {
      const question = state.calls[0]!.args[0];
      asked.push(question);
      state = runtime.load(state.snapshot().dump()).restore();
      if (state.status === "suspended") state = state.resume(question);
    }
    expect(asked).toEqual([
      "method m", "accessor a", "field s", "field f", "class A", "init field s", "init class A",
      "init method m", "value", "init field f", "init accessor a",
    ]); // prettier-ignore
    expect(state.status === "complete" && state.output).toEqual(["value", 1, 2]);
  });
});

describe("syntax that is refused", () => {
  it.each([
    ["decorators on parameters", "class A { m(@d x) {} }"],
    ["decorators on parameters of constructors", "class A { constructor(@d private x: number) {} }"],
    ["decorators on constructors", "class A { @d constructor() {} }"],
    ["decorators on static blocks", "class A { @d static {} }"],
    ["decorators on functions", "@d function f() {}"],
    ["decorators on members without implementation", "abstract class A { @d abstract m(): void; }"],
    ["decorators without a name", "class A { @ m() {} }"],
  ])("%s", (_name, source) => {
    expect(() => runtime.compile(source, { filename: "refused.ts" })).toThrow();
  });
});
