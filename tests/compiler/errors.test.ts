import { describe, expect, it } from "vitest";
import { CompileError } from "../../ts/errors.ts";
import { compileToImage, type CompilerOptions } from "../../ts/compiler/compile.ts";
import { stripTypes } from "../../ts/compiler/typescript/strip.ts";

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
    ["class A { m() { this.#x; } }", 1, 22],
    ["}; await 1; {", 1, 1],
  ])("%j is refused at its place", (source, line, column) => {
    const error = errorOf(source);
    expect([error.line, error.column, error.filename]).toEqual([line, column, "file.js"]);
    expect(error.message).not.toMatch(/^\[\d/);
    expect(error.codeFrame).toContain("^");
  });

  // [source, message, column on its last line or line]
  it.each([
    ["let a = 1; let a = 2;", "Identifier 'a' has already been declared", 16],
    ["var b; let b;", "Identifier 'b' has already been declared", 12],
    ["function f(x) { let x; }", "Identifier 'x' has already been declared", 21],
    ["'use strict'; function f(a, a) {}", "Duplicate parameter name not allowed in this context", 29],
    ["(a, a) => 1", "Duplicate parameter name not allowed in this context", 5],
    ["const c;", "Missing initializer in const declaration", 7],
    ["let {x} ;", "Missing initializer in destructuring declaration", 5],
    ["let let = 1;", "let is disallowed as a lexically bound name", 5],
    ["class A { constructor() {} constructor() {} }", "A class may only have one constructor", 28],
    ["class A { m() { this.#y } }", "Private field '#y' must be declared in an enclosing class", 22],
    ["foo(1,,2)", "Unexpected token ','", 7],
    ["foo(1 2)", "missing ) after argument list", 7],
    ["console.log('a'", "missing ) after argument list", 16],
    ["if (x {", "Unexpected token '{'", 7],
    ["if (x) { y", "Unexpected end of input", 11],
    ["function f() {\n", "Unexpected end of input", 15],
    ["let o = { a: 1", "Unexpected end of input", 15],
    ["[1, 2", "Unexpected end of input", 6],
    ["1 +", "Unexpected end of input", 4],
    ["await 1 +", "Unexpected end of input", 10],
    ["({ a b })", "Unexpected identifier 'b'", 6],
    ["x y", "Unexpected identifier 'y'", 3],
    ["let x = 1 1", "Unexpected number", 11],
    ["'a' 'b'", "Unexpected string", 5],
    ["else {}", "Unexpected token 'else'", 1],
    ["catch (e) {}", "Unexpected token 'catch'", 1],
    ["enum X {}", "Unexpected reserved word", 1],
    ['var s = "abc', "Unterminated string literal", 9],
    ["var t = `abc", "Unterminated template literal", 9],
    ["var t = `abc ${x", "Missing } in template expression", 16],
    ["var r = /abc", "Invalid regular expression: missing /", 9],
    ["var r = /abc/gg", "Invalid regular expression flags", 9],
    ["function f() { await x }", "await is only valid in async functions and the top level bodies of modules", 16],
    ["if (1) let x", "Lexical declaration cannot appear in a single-statement context", 8],
    ["return 1", "Illegal return statement", 1],
    ["1 = 2", "Invalid left-hand side in assignment", 1],
    ["1++", "Invalid left-hand side expression in postfix operation", 1],
    ["'use strict'; eval = 1", "Unexpected eval or arguments in strict mode", 15],
    ["for (1 of x);", "Invalid left-hand side in for-loop", 6],
    ["for (let x = 1 of y);", "for-of loop variable declaration may not have an initializer.", 10],
    ["new.target", "new.target expression is not allowed here", 5],
    ["super.x", "'super' keyword unexpected here", 1],
    ["function f() { super() }", "'super' keyword unexpected here", 16],
    ["'use strict'; 010", "Octal literals are not allowed in strict mode.", 15],
    ["'use strict'; delete x", "Delete of an unqualified identifier in strict mode.", 22],
    ["function f(...a, b) {}", "Rest parameter must be last formal parameter", 16],
    ["({ get x(a) {} })", "Getter must not have any formal parameters.", 10],
  ])("%j says what is wrong", (source, message, column) => {
    const error = errorOf(source);
    expect([error.message.replace(/ \(file\.js:\d+:\d+\)$/, ""), error.column]).toEqual([message, column]);
  });

  // The default language is TypeScript, which has words of its own for what is wrong in its types.
  it.each([
    "let 1a = 2;",
    "var x = 'abc",
    'let s = "a\nb"',
    "a b",
    "`abc",
    "/abc",
    "await x y",
    "import {a b} from 'c'",
    "yield 1 2",
    "async () => { await }",
    "function* g() { yield = 1 }",
    "var x = y z",
    "console.log('a' 'b')",
    "const o = { a: 1 b: 2 }",
    "let a = [1, 2, 3; b",
    "foo(1, 2; 3)",
    "if x > 3 { }",
    "for i in x {}",
    "while true {}",
    "print 'hello'",
    "def f(): pass",
    "let x == 3",
    "obj.1",
    "...a",
    "let async x",
  ])("%j has the same words in TypeScript", (source) => {
    const { message, line, column } = errorOf(source);
    const typed = errorOf(source, { strip: stripTypes });
    expect([typed.message, typed.line, typed.column]).toEqual([message, line, column]);
  });

  it("a mistake behind a type is reported where it is", () => {
    const typed = errorOf("let a: number = 1;\nfoo(a b)", { strip: stripTypes });
    expect([typed.line, typed.column]).toEqual([2, 7]);
  });

  it("shows the line with a marker", () => {
    expect(errorOf("let a = 1;\nlet b = ;\nlet c = 3;").codeFrame).toBe(
      "  1 | let a = 1;\n> 2 | let b = ;\n    |         ^\n  3 | let c = 3;",
    );
  });

  it.each([
    ["parentheses", `${"(".repeat(20000)}1${")".repeat(20000)}`],
    ["blocks", `${"{".repeat(100000)}${"}".repeat(100000)}`],
    ["functions", `${"function f(){".repeat(100000)}${"}".repeat(100000)}`],
    ["templates", `${"`${".repeat(100000)}1${"}`".repeat(100000)}`],
    ["operators", `${"! ".repeat(100000)}1`],
    ["arrays", `${"[".repeat(20000)}${"]".repeat(20000)}`],
  ])("deep nesting of %s is an error, not a crash", (_what, source) => {
    expect(errorOf(source).message).toBe("nesting too deep");
  });

  it("long chains of operators do not count as nesting", () => {
    expect(() =>
      compileToImage(`var a = 1; ${"a + ".repeat(20000)}1`, { filename: "a.js", mode: "script" }),
    ).not.toThrow();
    expect(() =>
      compileToImage(`var a = 1; ${"a && ".repeat(2000)}1`, { filename: "a.js", mode: "script" }),
    ).not.toThrow();
  });

  it("asks for an opinion on regular expressions", () => {
    const error = errorOf("let a;\n a = /(/;", { validateRegExp: (pattern, flags) => `${pattern}${flags}` });
    expect([error.message, error.line, error.column]).toEqual(["(", 2, 6]);
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
