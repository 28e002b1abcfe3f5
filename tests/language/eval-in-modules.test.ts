// Direct eval in modules: it sees imported bindings as the module does, alive and constant, and adds nothing to the module.

import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime({ typescript: false });

const LIBRARY = `export let n = 1; export function inc() { n++; } export default class D {} export const o = { v: 7 }; import * as self from "./m.js"; export { self as me };`;

/** Source of the main module, what it ends with, other files. */
const CASES: Readonly<Record<string, readonly [string, unknown, Readonly<Record<string, string>>?]>> = {
  "imports are alive": [
    `import { n, inc } from "./m.js"; inc(); const before = eval("n"); inc(); [before, eval("n"), eval("typeof inc")]`,
    [2, 3, "function"],
  ],
  "imports are constant": [
    `import { n } from "./m.js"; let thrown; try { eval("n = 3"); } catch (e) { thrown = e.name; } [thrown, n]`,
    ["TypeError", 1],
  ],
  "namespaces and defaults": [
    `import D, * as ns from "./m.js"; [eval("ns.n"), eval("Object.keys(ns)").join(), eval("new D() instanceof ns.default"), eval("D.name")]`,
    [1, "default,inc,me,n,o", true, "D"],
  ],
  "declarations stay inside": [
    `import { n } from "./m.js"; eval("var q = n + 1; let z = 2; function f() {}"); [typeof q, typeof z, typeof f]`,
    ["undefined", "undefined", "undefined"],
  ],
  "closures, nested eval, eval in functions": [
    `import { n, inc, o } from "./m.js"; export const own = 4; const f = eval("() => n"); inc();
    function g() { const local = 1; return eval("[o.v, own, local, this === undefined, eval('n')].join()"); } async function h() { await null; return eval("n"); } [f(), g(), eval("eval('n') + (() => eval('n'))()"), await h()]`,
    [2, "7,4,1,true,2", 4, 2],
  ],
  "names that hide an import": [
    `import { n } from "./m.js"; function g(n) { return eval("n"); } let b; { let n = 5; b = eval("n"); } [g(9), b, eval("n")]`,
    [9, 5, 1],
  ],
  "classes made by it": [
    `import D, { n } from "./m.js"; const C = eval("(class extends D { f = n; static s = n; m() { return eval('n'); } })"); [new C().f, C.s, new C().m(), new C() instanceof D]`,
    [1, 1, 1, true],
  ],
  "exports are assigned": [
    `import { v, set } from "./b.js"; export let own = 1; eval("own = 5"); set(); export { own as other }; [own, v, eval("v")]`,
    [5, 2, 2],
    { "b.js": `export let v = 1; export function set() { eval("v = 2"); }` },
  ],
  "a binding in its dead zone": [
    `import "./a.js"; export const late = 1; globalThis.seen`,
    ["ReferenceError", "ReferenceError"],
    {
      "a.js": `import { late } from "./main.js"; globalThis.seen = ["late", "typeof late"].map((text) => { try { return eval(text); } catch (e) { return e.name; } });`,
    },
  ],
  "what is no script": [
    `["import.meta", "import x from './m.js'", "export {}", "await null", "arguments"].map((text) => { try { return eval(text); } catch (e) { return e.name; } })`,
    ["SyntaxError", "SyntaxError", "SyntaxError", "SyntaxError", "ReferenceError"],
  ],
  "import() from it": [`const m = await eval("import('./m.js')"); m.n`, 1],
  "indirect eval and Function see none of it": [
    `import { n } from "./m.js"; [(0, eval)("typeof n"), new Function("return typeof n")()]`,
    ["undefined", "undefined"],
  ],
};

describe("direct eval in modules", () => {
  it.each(Object.entries(CASES))("%s", (_name, [main, output, more]) => {
    const program = runtime.compile(
      { "main.js": `${main}; export {};`, "m.js": LIBRARY, ...more },
      { entry: "main.js", allowEval: true },
    );
    expect(program.start()).toMatchObject({ status: "complete", output });
  });
});
