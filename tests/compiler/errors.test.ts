import { describe, expect, it } from "vitest";
import { CompileError } from "../../ts/errors.ts";
import { compileToImage, type CompilerOptions } from "../../ts/compiler/compile.ts";

function errorOf(source: string, options: Partial<CompilerOptions> = {}): CompileError {
  try {
    compileToImage(source, { filename: "file.js", mode: "script", ...options });
  } catch (error) {
    if (error instanceof CompileError) return error;
    throw error;
  }
  throw new Error("it compiled");
}

describe("compile errors", () => {
  it.each([
    ["let a = 1;\nlet a = 2;", 2, 5],
    ["foo(\n  1,,2)", 2, 5],
    ["var x = await 1 +;", 1, 18],
    ["return 1;", 1, 1],
    ["await 1;\nreturn 2;", 2, 1],
    ["import x from 'y';", 1, 1],
    ["export * from 'y';", 1, 1],
    ["class A { m() { this.#x; } }", 1, 23],
    ["}; await 1; {", 1, 10],
  ])("%j is refused at its place", (source, line, column) => {
    const error = errorOf(source);
    expect([error.line, error.column, error.filename]).toEqual([line, column, "file.js"]);
    expect(error.message).not.toMatch(/^\[\d/);
    expect(error.codeFrame).toContain("^");
  });

  it("shows the line with a marker", () => {
    expect(errorOf("let a = 1;\nlet b = ;\nlet c = 3;").codeFrame).toBe(
      "  1 | let a = 1;\n> 2 | let b = ;\n    |         ^\n  3 | let c = 3;",
    );
  });

  it.each([
    ["parentheses", `${"(".repeat(20000)}1${")".repeat(20000)}`],
    ["arrays", `${"[".repeat(20000)}${"]".repeat(20000)}`],
    ["member chains", `a${".b".repeat(100000)}`],
  ])("deep nesting of %s is an error, not a crash", (_what, source) => {
    expect(errorOf(source).message).toBe("nesting too deep");
  });

  it("long chains of operators are no nesting", () => {
    expect(() =>
      compileToImage(`var a = 1; ${"a + ".repeat(20000)}1`, { filename: "a.js", mode: "script" }),
    ).not.toThrow();
    expect(() =>
      compileToImage(`var a = 1; ${"a && ".repeat(2000)}1`, { filename: "a.js", mode: "script" }),
    ).not.toThrow();
  });

  it("asks for an opinion on regular expressions", () => {
    const error = errorOf("let a;\n a = /(/;", { validateRegExp: (pattern, flags) => `${pattern}${flags}` });
    expect([error.message, error.line, error.column]).toEqual(["Invalid regular expression: (", 2, 6]);
  });

  it("positions go back through the map of a stripper", () => {
    const strip = (source: string) => ({
      code: `/* 10 */  ${source}`,
      map: { toSource: (offset: number) => Math.max(0, offset - 10) },
    });
    const error = errorOf("let a = 1;\nlet a = 2;", { strip });
    expect([error.line, error.column]).toEqual([2, 5]);
  });
});

describe("the prelude", () => {
  const prelude = { natives: new Map([["nat", 3]]), intrinsics: new Map([["Thing", 9]]) };
  const mode = "prelude";

  it("knows macros, natives and intrinsics", () => {
    const source = `function f(a, g) { if ($argc() > 1) return $nat(a, 1); return $call(g, undefined, $Thing, $hole, NaN, $Thing(a)); }
function C(x) { "use constructor"; return $construct(C2(x), new.target, ...[]); }`;
    expect(() => compileToImage(source, { filename: "p.js", mode, prelude })).toThrow(CompileError);
    const good = source.replace("C2(x), new.target, ...[]", "$Thing, new.target, x");
    expect(compileToImage(good, { filename: "p.js", mode, prelude }).functionNames).toEqual(["", "f", "C"]);
  });

  it.each([
    "function f() { return Array; }",
    "function f() { return $nope; }",
    "function f() { x = 1; }",
    "var x = 1;",
    "f();",
  ])("refuses %s", (source) => {
    expect(errorOf(source, { mode, prelude })).toBeInstanceOf(CompileError);
  });
});
