// Compiling is bounded: by source, by time, and by the host's stack; hostile shapes of source take time in proportion to their length.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { CompileError, LimitError, type SuspendedState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";
import { cpuMs } from "../support/cpu-time.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

type Shape = (n: number) => string;
const list = (n: number, part: (i: number) => string): string => Array.from({ length: n }, (_, i) => part(i)).join("");

/** Sources that grow with n, by what they have much of; and the n to begin with. */
const SHAPES: Readonly<Record<string, readonly [number, Shape]>> = {
  "groups of one name": [1500, (n) => `/${list(n, () => "(?<n>a)|")}/`],
  "groups of other names": [1500, (n) => `/${list(n, (i) => `(?<n${i}>a)`)}/`],
  "groups of long names": [100, (n) => `/${list(n, (i) => `(?<${"n".repeat(300)}${i}>a)`)}/`],
  "groups of one name, deep": [100, (n) => `/${list(n, () => `${"(?:".repeat(20)}(?<n>a)|${")".repeat(20)}|`)}/`],
  "names referred to": [1500, (n) => `/${list(n, (i) => `(?<n${i}>a)\\k<n${n - 1 - i}>`)}/`],
  alternatives: [4000, (n) => `/${"a|".repeat(n)}/`],
  classes: [1000, (n) => `/[${list(n, (i) => `\\u{${(0x1000 + 2 * i).toString(16)}}`)}]/iu`],
  "functions with eval": [100, (n) => list(n, (i) => `function f${i}(a) { let b; eval("") }`)],
  "functions with eval in each other": [40, (n) => `${"function f(a) { let b; eval(''); ".repeat(n)}${"}".repeat(n)}`],
  "blocks with eval in each other": [40, (n) => `${"{ let x; eval(''); ".repeat(n)}${"}".repeat(n)}`],
  "calls of eval": [100, (n) => `let a, b, c; ${"eval(''); ".repeat(n)}`],
  "try blocks": [500, (n) => "try { a() } catch {} finally { b() } ".repeat(n)],
  "try blocks that return": [200, (n) => `function f() { ${"try { return 1 } finally { a() } ".repeat(n)} }`],
  "try blocks in each other": [60, (n) => `${"try { ".repeat(n)}a()${" } catch {} ".repeat(n)}`],
  functions: [1000, (n) => list(n, (i) => `function f${i}() { return ${i} }`)],
  "functions of one name": [500, (n) => "function f() {} ".repeat(n)],
  variables: [1000, (n) => list(n, (i) => `let v${i} = ${i};`)],
  closures: [200, (n) => `function f() { ${list(n, (i) => `let v${i}; () => v${i};`)} }`],
  labels: [500, (n) => list(n, (i) => `l${i}: for (;;) break l${i};`)],
  "private names": [300, (n) => `class A { ${list(n, (i) => `#p${i}; m${i}() { return this.#p${i} }`)} }`],
  cases: [800, (n) => `switch (x) { ${list(n, (i) => `case ${i}: a(); break;`)} }`],
  "if and else": [100, (n) => `${"if (a) b(); else ".repeat(n)}c()`],
  sums: [300, (n) => `a${" + a".repeat(n)}`],
  members: [300, (n) => `a${".b".repeat(n)}`],
  lines: [20_000, (n) => `${"\n".repeat(n)}x`],
  "digits of a bigint": [2000, (n) => `${"9".repeat(n)}n`],
};

/** Milliseconds of the faster of two. */
function time(source: string): number {
  return Math.min(
    ...Array.from({ length: 2 }, () => {
      const began = cpuMs();
      try {
        runtime.compile(source, { filename: "a.js", allowEval: true });
      } catch (error) {
        if (!(error instanceof CompileError)) throw error;
      }
      return cpuMs() - began;
    }),
  );
}

describe("hostile shapes of source", () => {
  it.each(Object.entries(SHAPES))(
    "take time in proportion to their length: %s",
    (_name, [n, shape]) => {
      const [small, , large] = [n, 4 * n, 16 * n].map((size) => time(shape(size))) as [number, number, number];
      // 16 times as long; what grows with the square takes 256 times as long. Below a fraction of a second nothing can be said.
      expect(large < 80 * small || large < 300, `${small.toFixed(1)} ms, then ${large.toFixed(1)} ms`).toBe(true);
    },
    60_000,
  );
});

describe("nesting that is too deep", () => {
  const N = 30_000;
  const deep = {
    parentheses: `${"(".repeat(N)}a${")".repeat(N)}`,
    arrays: `${"[".repeat(N)}${"]".repeat(N)}`,
    objects: `x=${"{a:".repeat(N)}1${"}".repeat(N)}`,
    blocks: `${"{".repeat(N)}${"}".repeat(N)}`,
    functions: `${"function f(){".repeat(N)}${"}".repeat(N)}`,
    arrows: `${"a=>".repeat(N)}a`,
    classes: `${"class A{static x=".repeat(N)}1${"}".repeat(N)}`,
    "else if": `${"if(a)b();else ".repeat(N)}c()`,
    conditions: `${"a?b:".repeat(N)}c`,
    sums: `a${"+a".repeat(N)}`,
    members: `a${".b".repeat(N)}`,
    calls: `a${"()".repeat(N)}`,
    not: `${"!".repeat(N)}a`,
    assignments: `${"a=".repeat(N)}1`,
    templates: `${"`${".repeat(N)}a${"}`".repeat(N)}`,
    patterns: `const ${"{a:".repeat(N)}b${"}".repeat(N)}=x`,
    try: `${"try{".repeat(N)}a()${"}catch{}".repeat(N)}`,
    "not closed": "(".repeat(N),
    "never closed": "[{(".repeat(N),
    groups: `/${"(".repeat(N)}a${")".repeat(N)}/`,
    "classes of characters": `/${"[".repeat(N)}a${"]".repeat(N)}/v`,
    labels: `${"a:".repeat(N).replace(/a/g, () => `l${Math.trunc(Math.random() * 1e9)}`)};`,
    await: `${"await ".repeat(N)}1`,
    new: `${"new ".repeat(N)}a`,
    types: `type A = ${"[".repeat(N)}string${"]".repeat(N)}`,
    "types of functions": `type A = ${"(a: ".repeat(N)}1${") => b".repeat(N)}`,
    "type arguments": `f${"<a".repeat(N)}${">".repeat(N)}()`,
    namespaces: `${"namespace A{".repeat(N)}${"}".repeat(N)}`,
    assertions: `${"<any>".repeat(N)}x`,
  };

  it.each(Object.entries(deep))(
    "is a CompileError, or fine: %s",
    (_name, source) => {
      for (const filename of ["a.js", "a.ts", "a.mjs"]) {
        const began = cpuMs();
        try {
          runtime.compile(source, { filename });
        } catch (error) {
          expect(error).toBeInstanceOf(CompileError);
        }
        expect(cpuMs() - began).toBeLessThan(8000);
      }
    },
    60_000,
  );

  it("is a SyntaxError in the guest for code from strings, and never ends the host", () => {
    const state = runtime
      .compile(
        `const out = []; for (const s of [${["(", "[", "{", "`${", "!", "a=>"].map((part) => JSON.stringify(part)).join()}]) try { eval(s.repeat(${N})) } catch (e) { out.push(e.name) } out.join()`,
        { filename: "a.js", allowEval: true },
      )
      .start({ limits: { memoryBytes: 1e9, timeMs: 60_000 } });
    expect(state).toMatchObject({ output: "SyntaxError,SyntaxError,SyntaxError,SyntaxError,SyntaxError,SyntaxError" });
  });
});

describe("limits of compiling", () => {
  const long = "a();".repeat(20_000);

  it("are bytes of source", () => {
    expect(thrownBy(() => runtime.compile(long, { limits: { sourceBytes: 79_999 } }))).toMatchObject({
      limit: "sourceBytes",
      allowed: 79_999,
      used: 80_000,
    });
    expect(runtime.compile(long, { limits: { sourceBytes: 80_000 } }).filename).toBe("program.ts");
    const wide = `"${"€".repeat(100)}"`;
    expect(thrownBy(() => runtime.compile(wide, { limits: { sourceBytes: 301 } }))).toMatchObject({
      limit: "sourceBytes",
      used: 302,
    });
    expect(runtime.compile(wide, { limits: { sourceBytes: 302 } }).filename).toBe("program.ts");
    const files = { "a.js": "1".repeat(60), "b.js": "2".repeat(60) };
    expect(thrownBy(() => runtime.compile(files, { entry: "a.js", limits: { sourceBytes: 100 } }))).toBeInstanceOf(
      LimitError,
    );
    expect(thrownBy(() => runtime.compile("x".repeat(17 * 1024 * 1024)))).toMatchObject({ limit: "sourceBytes" });
  });

  it("are milliseconds", () => {
    const functions = list(3000, (i) => `function f${i}() { a(${i}) }`);
    const patterns = list(300, () => `/${"\\p{L}".repeat(300)}/u;`);
    for (const source of [functions, patterns]) {
      const began = cpuMs();
      expect(thrownBy(() => runtime.compile(source, { filename: "a.js", limits: { timeMs: 1 } }))).toMatchObject({
        limit: "timeMs",
        allowed: 1,
      });
      expect(cpuMs() - began).toBeLessThan(3000);
    }
  });

  it("are numbers, and no others", () => {
    for (const bad of [{ sourceBytes: -1 }, { timeMs: NaN }, { sourceBytes: "1" as never }])
      expect(() => runtime.compile("1", { limits: bad })).toThrow(RangeError);
    expect(() => runtime.compile("1", { limits: { fuel: 1 } as never })).toThrow(TypeError);
  });

  it("apply to code from strings: the rest of the run's limits's time, and as much source", () => {
    const source = `const s = "/" + "\\\\p{L}".repeat(300) + "/u;"; try { eval(s.repeat(400)); "done" } catch (e) { e.name }`;
    const program = runtime.compile(source, { filename: "a.js", allowEval: true });
    expect(thrownBy(() => program.start({ limits: { timeMs: 20, memoryBytes: 1e9 } }))).toMatchObject({
      limit: "timeMs",
    });
    const small = runtime.compile("eval(' '.repeat(2000))", {
      filename: "a.js",
      allowEval: true,
      limits: { sourceBytes: 1000 },
    });
    expect(thrownBy(() => small.start())).toMatchObject({ limit: "sourceBytes", allowed: 1000 });
  });

  it("hold for modules that are loaded", () => {
    const program = runtime.compile("import { a } from './m.js'; a", {
      filename: "a.mjs",
      limits: { sourceBytes: 1000 },
    });
    const state = program.start() as SuspendedState;
    expect(thrownBy(() => state.resume(`export const a = 1;${" ".repeat(2000)}`))).toMatchObject({
      limit: "sourceBytes",
    });
    expect(state.resume("export const a = 1")).toMatchObject({ status: "complete" });
  });
});
