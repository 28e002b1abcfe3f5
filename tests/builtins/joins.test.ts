// Arrays that hold themselves, joined: against the host engine, and held in the middle.

import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** Scripts end in an expression that is made of JSON values. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "in itself, and in each other": `
    const a = [1]; a.push(a, 2); const b = [[a], a]; a[0] = b;
    [String(a), a.join("-"), a.toLocaleString(), a + "", \`\${b}\`, String([a, a])]`,
  "array-likes, and typed arrays whose elements join them": `
    const like = { length: 3, 0: 1, 2: 2, toString() { return Array.prototype.join.call(this, "+"); } }; like[1] = like;
    const t = new Uint8Array([1, 2]); const seen = [];
    Number.prototype.toLocaleString = function () { seen.push(t.toLocaleString()); return "n" + this; };
    const text = t.toLocaleString(); delete Number.prototype.toLocaleString;
    [String(like), text, seen]`,
  "a separator is asked for before": `
    const s = [1, 2]; const order = [];
    [s.join({ toString() { order.push(s.join("+")); return "-"; } }), order]`,
  "an exception ends it": `
    let bad = true; const a = [{ toString() { if (bad) throw "no"; return "fine"; } }]; const seen = [];
    try { a.join(); } catch (e) { seen.push(e); }
    try { [a].toLocaleString(); } catch (e) { seen.push(e); }
    bad = false; [...seen, a.join(), String([a, a])]`,
  "one join does not stop another": `
    const a = [1, 2], b = [{ toString: () => a.join("+") }, a];
    [b.join(), b.join(), String([b, [b, a]])]`,
  "generators and async functions begun in the middle": `
    const a = []; let g; const seen = [];
    function* steps() { yield a.join(); yield a.join(); }
    async function waits() { seen.push(a.join()); await 0; }
    a.push(1, { toString() { g = steps(); waits(); return "[" + g.next().value + "]"; } });
    [a.join(), seen, g.next().value]`,
  "very deep": `let d = []; for (let i = 0; i < 500; i++) d = [d, i]; String(d).length`,
};

describe("joining", () => {
  it.each(Object.entries(SCRIPTS))("%s", (_, script) => {
    const state = runtime.compile(script).start();
    expect(state).toMatchObject({ status: "complete" });
    expect(JSON.stringify("output" in state && state.output)).toBe(JSON.stringify(runInThisContext(`{${script}}`)));
  });

  it("continues in another runtime", () => {
    const state = runtime
      .compile('const a = [1, { toString: ask }, 2]; a.push(a); [a.join(), a.join("-")]', {
        externals: { ask: "sync" },
      })
      .start();
    if (state.status !== "suspended") throw new Error(state.status);
    const second = runtime.load(state.snapshot().dump()).resume("x");
    if (second.status !== "suspended") throw new Error(second.status);
    expect(runtime.load(second.snapshot().dump()).resume("y")).toMatchObject({ output: ["1,x,2,", "1-y-2-"] });
  });
});
