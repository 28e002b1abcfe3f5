// Modules as the language has them: bindings shared between files, cycles, the order of evaluation, namespace objects, import().
// Every program here is of several files; each is run again held at every stop (tests/support/held-anywhere.ts).

import { describe, expect, it } from "vitest";
import type { CompleteState, GuestError } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();

/** What the entry `main.js` writes and what comes out in the end. */
function run(files: Readonly<Record<string, string>>, entry = "main.js"): { output: unknown; lines: string[] } {
  const state = runtime.compile(files, { entry }).start() as CompleteState;
  expect(state.status).toBe("complete");
  return { output: state.output, lines: state.stdout.trim().split("\n") };
}

describe("bindings", () => {
  it("are live on both sides, under every name", () => {
    const { output } = run({
      "main.js": `import { count, count as again, up } from "./counter"; import * as all from "./counter.js";
        const seen = [count]; up(); seen.push(count, again, all.count); up(); seen.push(all.count, all.again); seen`,
      "counter.js": `export let count = 0; export { count as again }; export function up() { count++; }`,
    });
    expect(output).toEqual([0, 1, 1, 1, 2, 2]);
  });

  it("cannot be assigned by importers, and have a temporal dead zone", () => {
    const { output } = run({
      "main.js": `import { a, late, names } from "./a"; const errors = names;
        for (const f of [() => { a = 2; }, () => { a++; }, () => { late ||= 1; }, () => early]) try { f(); } catch (e) { errors.push(e.name + ": " + e.message); }
        export { early } ; const early = 1; errors`,
      "a.js": `import { early } from "./main.js"; export let a = 1; export let late = 0;
        const names = []; for (const f of [() => early, () => typeof early]) try { f(); } catch (e) { names.push(e.name); } export { names };`,
    }) as { output: unknown };
    expect(output).toEqual([
      "ReferenceError",
      "ReferenceError",
      "TypeError: Assignment to constant variable.",
      "TypeError: Assignment to constant variable.",
      "TypeError: Assignment to constant variable.",
      "ReferenceError: Cannot access 'early' before initialization",
    ]);
  });

  it("of default exports get their names", () => {
    const { output } = run({
      "main.js": `import f from "./f"; import g from "./g"; import C from "./c"; import v from "./v"; import named, { self } from "./n";
        [f.name, f(), g.name, C.name, new C().x, v, named.name, self === named]`,
      "f.js": `export default function () { return hoisted; } var hoisted = "yes";`,
      "g.js": `export default () => 1;`,
      "c.js": `export default class { x = 3 }`,
      "v.js": `export default [1, 2].length;`,
      "n.js": `export default function named() {} export { named as self };`,
    });
    expect(output).toEqual(["default", "yes", "default", "default", 3, 2, "named", true]);
  });

  it("pass through chains, stars and namespaces; ambiguous names are left out of a namespace and refused by name", () => {
    const files = {
      "main.js": `import * as ns from "./star"; import { deep, inner } from "./star"; [Object.keys(ns), deep, inner.x, ns.inner === inner]`,
      "star.js": `export * from "./l"; export * from "./r"; export * as inner from "./l"; export { x as deep } from "./chain";`,
      "chain.js": `export { x } from "./l";`,
      "l.js": `export const x = 1, both = "l"; export default 0;`,
      "r.js": `export const y = 2, both = "r"; export { x } from "./l";`,
    };
    expect(run(files).output).toEqual([["deep", "inner", "x", "y"], 1, 1, true]);
    const error = thrownBy(() => run({ ...files, "main.js": `import { both } from "./star";` })) as GuestError;
    expect([error.guestName, error.line, error.column]).toEqual(["SyntaxError", 1, 10]);
    expect(error.guestMessage).toContain("conflicting star exports for name 'both'");
  });
});

describe("cycles", () => {
  it("call functions of modules that have not been evaluated yet", () => {
    const { lines, output } = run({
      "main.js": `import { isEven } from "./even"; console.log("main"); [isEven(10), isEven(7)]`,
      "even.js": `import { isOdd } from "./odd"; console.log("even", typeof isOdd); export function isEven(n) { return n === 0 || isOdd(n - 1); }`,
      "odd.js": `import { isEven } from "./even"; console.log("odd", isEven(0)); export function isOdd(n) { return n !== 0 && isEven(n - 1); }`,
    });
    expect(lines).toEqual(["odd true", "even function", "main"]);
    expect(output).toEqual([true, false]);
  });

  it("of exports that lead nowhere are refused", () => {
    const error = thrownBy(() =>
      run({ "main.js": `import "./a";`, "a.js": `export { x } from "./b";`, "b.js": `export { x } from "./a";` }),
    ) as GuestError;
    expect(error.guestName).toBe("SyntaxError");
    expect(error.guestMessage).toBe("The requested module './a' does not provide an export named 'x'");
    expect(error.filename).toBe("b.js");
  });

  it("may lead to the module itself", () => {
    const { output } = run({
      "main.js": `import * as me from "./main.js"; export const a = 1; export { me }; [me.me === me, me.a, Object.keys(me)]`,
    });
    expect(output).toEqual([true, 1, ["a", "me"]]);
  });
});

describe("top-level await", () => {
  it("lets siblings run meanwhile, and parents wait in the order of the graph", () => {
    const { lines } = run({
      "main.js": `import "./a"; import "./b"; import "./c"; console.log("main");`,
      "a.js": `console.log("a1"); await 0; await 0; console.log("a2");`,
      "b.js": `import "./a"; console.log("b");`,
      "c.js": `console.log("c1"); await null; console.log("c2");`,
    });
    expect(lines).toEqual(["a1", "c1", "c2", "a2", "b", "main"]);
  });

  it("works in cycles, and an error reaches all that wait", () => {
    const { lines } = run({
      "main.js": `const tell = (n) => import(n).then(() => "fine", (e) => e.message);
        console.log(await tell("./x.js"), await tell("./y.js"), await tell("./bad-parent.js"), await tell("./bad-parent.js"));`,
      "x.js": `import "./y.js"; await 1; console.log("x");`,
      "y.js": `import "./x.js"; await 1; console.log("y");`,
      "bad-parent.js": `import "./bad.js"; console.log("never");`,
      "bad.js": `await 1; throw new Error("bad");`,
    });
    expect(lines).toEqual(["y", "x", "fine fine bad bad"]);
  });

  it("sees what host functions answer, and sync ones hold the program inside a module's top level", () => {
    const program = runtime.compile(
      {
        "main.js": `import { value } from "./dep"; import { held } from "./sync"; [value, held, await later(3)]`,
        "dep.js": `export const value = await later(1);`,
        "sync.js": `export const held = ask("?") + ask("!");`,
      },
      { entry: "main.js", externals: { later: "async", ask: "sync" } },
    );
    let state = program.start();
    const asked: unknown[] = [];
    while (state.status === "suspended") {
      state = runtime.load(state.snapshot().dump()).restore() as typeof state;
      const call = state.calls.find(({ kind }) => kind === "sync") ?? state.calls[0];
      asked.push(call.args[0]);
      state = state.resumeCalls(new Map([[call.id, { value: `<${String(call.args[0])}>` }]]));
    }
    expect(asked).toEqual(["?", "!", 1, 3]);
    expect((state as CompleteState).output).toEqual(["<1>", "<?><!>", "<3>"]);
  });
});

describe("namespace objects", () => {
  it("are shown with what they have, and refuse changes in words of their own", () => {
    const { lines } = run({
      "main.js": `import * as ns from "./a.js"; console.log(ns); console.log({ ns, deep: { er: { ns } } });
        for (const f of [() => { ns.n = 5 }, () => { ns.other = 1 }, () => { delete ns.n }, () => Object.defineProperty(ns, "n", { value: 2 })])
          try { f(); } catch (e) { console.log(e.message); }`,
      "a.js": `import * as me from "./a.js"; export let n = 1; export default class Foo {} export { me }; console.log(me); export const late = 2;`,
    });
    const shown = (late: string, indent = ""): string[] =>
      ["default: [class Foo],", `late: ${late},`, "me: [Circular *1],", "n: 1"].map((line) => `${indent}  ${line}`);
    expect(lines).toEqual([
      "<ref *1> [Module: null prototype] {",
      ...shown("<uninitialized>"),
      "}",
      "<ref *1> [Module: null prototype] {",
      ...shown("2"),
      "}",
      "{",
      "  ns: <ref *1> [Module: null prototype] {",
      ...shown("2", "  "),
      "  },",
      "  deep: { er: { ns: [Object: null prototype] [Module] } }",
      "}",
      "Cannot assign to read only property 'n' of object '[object Module]'",
      "Cannot add property other, object is not extensible",
      "Cannot delete property 'n' of [object Module]",
      "Cannot redefine property: n",
    ]);
  });

  it("have sorted keys, no prototype, and take nothing", () => {
    const { output } = run({
      "main.js": `import * as ns from "./m"; "use strict";
        const refuse = (f) => { try { return f(); } catch (e) { return e.name; } };
        [Reflect.ownKeys(ns).map(String), Object.getPrototypeOf(ns), Object.isExtensible(ns), ns[Symbol.toStringTag], Object.prototype.toString.call(ns),
         refuse(() => { ns.a = 1; }), refuse(() => { ns.nope = 1; }), refuse(() => delete ns.a), refuse(() => delete ns.nope), Reflect.set(ns, "a", 1),
         Object.getOwnPropertyDescriptor(ns, "a"), Object.getOwnPropertyDescriptor(ns, Symbol.toStringTag), "a" in ns, "toString" in ns,
         Reflect.defineProperty(ns, "a", { value: 2 }), Reflect.defineProperty(ns, "a", { value: 3 }), Reflect.defineProperty(ns, "a", { value: 2, configurable: true }),
         refuse(() => Object.freeze(ns)), Reflect.setPrototypeOf(ns, null), Reflect.setPrototypeOf(ns, {}), ns.default, ns["10"]]`,
      "m.js": `export let b = 1, a = 2, Z = 0; export default "d"; export { b as "9", a as "10" };`,
    });
    const data = (value: unknown, w: boolean) => ({ value, writable: w, enumerable: w, configurable: false });
    expect(output).toEqual([
      ["10", "9", "Z", "a", "b", "default", "Symbol(Symbol.toStringTag)"], null, false, "Module", "[object Module]",
      "TypeError", "TypeError", "TypeError", true, false,
      data(2, true), data("Module", false), true, false,
      true, false, false,
      "TypeError", true, false, "d", 2,
    ]); // prettier-ignore
  });

  it("are in their dead zone until the module has run, and the same object for all", () => {
    const { output } = run({
      "main.js": `import { report } from "./a"; import * as a from "./a"; import * as again from "./a"; [report, a === again, await import("./a.js") === a]`,
      "a.js": `import * as me from "./a.js"; const seen = [];
        for (const f of [() => me.x, () => Object.keys(me), () => ({ ...me }), () => "x" in me, () => Object.hasOwn(me, "x"), () => me.f()])
          try { seen.push(f()); } catch (e) { seen.push(e.name); }
        export const report = seen; export let x = 1; export function f() { return "hoisted"; }`,
    });
    const dead = "ReferenceError";
    expect(output).toEqual([[dead, dead, dead, true, dead, "hoisted"], true, true]);
  });
});

describe("import()", () => {
  it("gives namespace objects, from scripts too, and evaluates once", async () => {
    const program = runtime.compile(
      `const [a, b] = await Promise.all([import("./m"), import("./m.js")]); [a === b, a.n, await (async () => (await import("./m")).n)()]`,
      { filename: "script.js" },
    );
    let loads = 0;
    const { output, stdout } = await program.run({
      loader: (_specifier, referrer, attributes, name) => {
        loads++;
        expect([referrer, attributes]).toEqual(["script.js", {}]);
        return { source: `console.log("once"); export const n = 1;`, filename: name.replace(/(\.js)?$/, ".js") };
      },
    });
    expect([output, stdout, loads]).toEqual([[true, 1, 1], "once\n", 2]);
  });

  it("rejects for whatever is wrong with its arguments", () => {
    const { output } = run({
      "main.js": `const seen = [];
        const tell = async (f) => { let p; try { p = f(); } catch { return "threw"; } try { await p; return "fine"; } catch (e) { return e instanceof Error ? e.name : e; } };
        const options = (o) => tell(() => import("./m.js", o));
        seen.push(await tell(() => import({ toString() { throw "ts"; } })), await options(1), await options({ with: 1 }), await options({ with: { type: 1 } }),
          await options({ with: { other: "x" } }), await options({ get with() { throw "getter"; } }), await options({ with: { get type() { throw "value"; } } }),
          await options({ with: { type: "css" } }), await options({}), await options({ with: undefined }), await options({ with: {} }), await options(undefined),
          await tell(() => import("./m.js", { with: { type: "json" } })), await tell(() => import("./d.json", { with: { type: "json" } })));
        seen`,
      "m.js": ``,
      "d.json": `[1]`,
    });
    const wrong = "TypeError";
    expect(output).toEqual([
      "ts", wrong, wrong, wrong, wrong, "getter", "value", wrong, "fine", "fine", "fine", "fine", wrong, "fine",
    ]); // prettier-ignore
  });

  it("works in generators and with a namespace that is thenable", () => {
    const { output } = run({
      "main.js": `function* g() { yield import("./then.js"); } const [p] = g(); [await p, typeof import.meta, Object.getPrototypeOf(import.meta), import.meta.url, import.meta === import.meta]`,
      "then.js": `export function then(resolve) { resolve("resolved"); }`,
    });
    expect(output).toEqual(["resolved", "object", null, "main.js", true]);
  });
});

describe("module code", () => {
  it("is strict, without this, and keeps its names to itself", () => {
    const { output } = run({
      "main.js": `import "./other"; var own = 1; function f() { return this; } [this === undefined, f() === undefined, typeof globalThis.own, typeof theirs, (() => { try { undeclared = 1; } catch (e) { return e.name; } })()]`,
      "other.js": `var theirs = 1; let own = 2;`,
    });
    expect(output).toEqual([true, true, "undefined", "undefined", "ReferenceError"]);
  });

  it("imports JSON, whose errors name the file and its importer", () => {
    const files = {
      "main.js": `import data from "./data.json" with { type: "json" }; import * as ns from "./data.json"; [data.list, ns.default === data, Object.keys(ns)]`,
      "data.json": `{ "list": [1, { "a": null }] }`,
    };
    expect(run(files).output).toEqual([[1, { a: null }], true, ["default"]]);
    const error = thrownBy(() => run({ ...files, "data.json": `{ "list": ` })) as GuestError;
    expect(error.guestName).toBe("SyntaxError");
    expect(error.guestMessage).toMatch(/^JSON module 'data\.json': /);
    expect([error.filename, error.line, error.column]).toEqual(["main.js", 1, 18]);
  });
});
