// Owns the proof that plain JavaScript never sees the TypeScript stage: what is JavaScript is taken as it is, unless it has comparisons
// that TypeScript reads as type arguments.
import { describe, expect, it } from "vitest";
import { analyzeSource } from "../../ts/compiler/compile.ts";
import { stripTypes } from "../../ts/compiler/typescript/strip.ts";
import { cpuMs } from "../support/cpu-time.ts";

/** Whether the stripper is asked about a source, and whether the source compiles. `fails`: it can make nothing of anything. */
function compiled(source: string, fails = false): { asked: boolean; ok: boolean } {
  let asked = false;
  const strip: typeof stripTypes = (code, options) => {
    asked = true;
    if (fails) throw Object.assign(new SyntaxError("no idea"), { offset: 0 });
    return stripTypes(code, options);
  };
  try {
    analyzeSource(source, { filename: "file.ts", mode: "script", strip });
    return { asked, ok: true };
  } catch {
    return { asked, ok: false };
  }
}

describe("plain JavaScript", () => {
  it.each([
    "ok ? (x) : z => z + 1",
    "ok ? (x = y) : z => z",
    "a ? (b, c) : d => e",
    "await = 5",
    "let = 1",
    "for (i = 0; i < n; i++) if (i > 3) f()",
    "if (a < b) { f() }\nif (c > (d)) g()",
    "a < b; c > (d)",
    "a << b > (c)",
    "a <= b > (c)",
    'x = "<b>(c)" + `<b>` + /<b>/.test(y) // <b>(c)\n/* <b>(c) */',
    "a < b || (c = d) > (e)",
    "import type from './x'; type",
    "async\n(x)\n",
    "type\nX\n= 1",
    "class A { declare\nx; static\ny; readonly = 1 }",
  ])("is taken as it is: %s", (source) => {
    expect(compiled(source)).toEqual({ asked: false, ok: true });
  });

  it.each([
    "f<T>(x)",
    "new Map<A, B>(x)",
    "f<A<B>>(x)",
    "f<A<B>[0]>(x)",
    "f<typeof x>(y)",
    "f<'a>' | \"b\">(x)",
    "f<{ a: 1 }>(x)",
    "f<[A, B]>(x)",
    "f<T>`x`",
    "f<T>\ng()",
    "f<-1>(x)",
    "f<import('x').Y>(z)",
    "f</* > */ T // >\n>(x)",
    "a.b[c]<T>(x)",
    "f(a<b, c>(d))",
    "f(a < b, (c) => c > (d))",
  ])("may be TypeScript that means something else: %s", (source) => {
    expect(compiled(source)).toEqual({ asked: true, ok: true });
  });

  it("is left as it is where the TypeScript stage does not understand it", () => {
    expect(compiled("a < b > (c)", true)).toEqual({ asked: true, ok: true });
    expect(compiled("let a: T", true)).toEqual({ asked: true, ok: false });
  });

  it("is looked at in proportion to its length", () => {
    const many = `x = ${JSON.stringify("<a ".repeat(20_000))} + ${"(a < b) + ".repeat(20_000)} 1`;
    const start = cpuMs();
    compiled(many);
    expect(cpuMs() - start).toBeLessThan(5_000);
  });
});
