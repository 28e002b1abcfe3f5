// Owns the proof that stripping keeps meaning and positions, case by case, with TypeScript itself as the judge. Must
// never compare with remembered output where the judge can be asked.

import { describe, expect, it } from "vitest";
import { parseModule, type ESTree } from "meriyah";
import ts from "typescript";
import { OffsetMap } from "../../../ts/compiler/typescript/offset-map.ts";
import { stripTypes, TypeScriptSyntaxError } from "../../../ts/compiler/typescript/strip.ts";
import { rejected } from "./cases-rejected.ts";
import { cases, moduleCases } from "./cases.ts";
import { misplacedIdentifiers, normalizedTree, parseOptions, transpile } from "./oracle.ts";
import { cpuMs } from "../../support/cpu-time.ts";

/** Runs a script and gives what it reported, printed so that undefined, order of keys and undefined differ. */
function run(code: string): string[] {
  const reported: string[] = [];
  const out = (...values: unknown[]): void => {
    reported.push(
      values
        .map((value) =>
          typeof value === "object" && value !== null
            ? JSON.stringify(value, (_, part: unknown) => (part === undefined ? "(undefined)" : part))
            : String(value),
        )
        .join(" | "),
    );
  };
  try {
    new Function("out", `"use strict";${code}`)(out);
  } catch (error) {
    throw new Error(`${String(error)}\n${code}`, { cause: error });
  }
  return reported;
}

/** Host engines do not run `using`; neither side of the comparison may depend on it. */
function withoutUsing(code: string): string {
  return code.replace(/\busing (?=[a-z])/g, "const ");
}

function place(source: string, offset: number): [line: number, column: number] {
  const lines = source.slice(0, offset).split("\n");
  return [lines.length, (lines.at(-1) ?? "").length + 1];
}

function insertedLength(map: OffsetMap | null): number {
  return (map?.records ?? []).reduce((sum, [, length]) => sum + length, 0);
}

describe("programs", () => {
  it("are many", () => {
    expect(cases.length + moduleCases.length).toBeGreaterThanOrEqual(200);
    expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length);
  });

  it.each(cases)("%s", (_name, source) => {
    const { code, map } = stripTypes(source, { filename: "case.ts" });
    const reported = run(withoutUsing(code));
    expect(reported.length).toBeGreaterThan(0);
    expect(reported).toEqual(run(withoutUsing(transpile(source))));
    expect(misplacedIdentifiers(source, code, map)).toEqual([]);
    expect(code.split(/\r\n|[\n\r\u2028\u2029]/).length).toBe(source.split(/\r\n|[\n\r\u2028\u2029]/).length);
    expect(code.length).toBe(source.length + insertedLength(map));
  });
});

describe("modules", () => {
  it.each(moduleCases)("%s", (_name, source) => {
    const { code, map } = stripTypes(source, { filename: "case.mts" });
    expect(normalizedTree(code)).toEqual(normalizedTree(transpile(source)));
    expect(misplacedIdentifiers(source, code, map)).toEqual([]);
    expect(code.length).toBe(source.length + insertedLength(map));
  });
});

describe("refused", () => {
  it.each(rejected)("%s", (source, message, line, column) => {
    let caught: unknown;
    try {
      stripTypes(source, { filename: "case.ts" });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(TypeScriptSyntaxError);
    const { message: text, offset } = caught as TypeScriptSyntaxError;
    expect(text).toMatch(message);
    expect(place(source, offset)).toEqual([line, column]);
  });

  it("JSX by extension", () => {
    expect(() => stripTypes("1", { filename: "a.tsx" })).toThrow(/JSX is not supported/);
    expect(() => stripTypes("1", { filename: "a.JSX" })).toThrow(/JSX is not supported/);
  });

  it("nesting that would cost too much", () => {
    const start = cpuMs();
    for (const open of ["<any>(", "(a = (", "a ? (b", "f<T>(a < (", "[{ a: (", "(a, b = <T>("]) {
      const close = open.replace(/[^([{]/g, "").replace(/./g, (c) => ({ "(": ")", "[": "]", "{": "}" })[c]!);
      const deep = `x = ${open.repeat(40)}1${[...close].toReversed().join("").repeat(40)}`;
      try {
        stripTypes(deep, { filename: "a.ts" });
      } catch (error) {
        expect(error).toBeInstanceOf(TypeScriptSyntaxError);
      }
    }
    expect(() => stripTypes("(".repeat(100_000), { filename: "a.ts" })).toThrow(/nesting too deep/);
    expect(cpuMs() - start).toBeLessThan(5000);
  });

  it("bad JavaScript, by the parser that reads the result", () => {
    for (const source of [
      "let a: 1; let a: 2",
      "const a: number",
      "class A { constructor(): void {} constructor() {} }",
    ]) {
      const { code } = stripTypes(source, { filename: "a.ts" });
      expect(() => parseModule(code, parseOptions)).toThrow();
    }
  });
});

describe("the offset map", () => {
  it("is null when nothing was inserted", () => {
    expect(stripTypes("let x: number = 1", { filename: "a.ts" })).toEqual({ code: "let x         = 1", map: null });
  });

  it("leads back across insertions", () => {
    const map = new OffsetMap([
      [2, 3],
      [10, 1],
    ]);
    expect([0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12].map((offset) => map.toSource(offset))).toEqual([
      0, 1, 2, 2, 2, 2, 3, 6, 7, 7, 8,
    ]);
  });

  it("keeps lines and columns on the lines after an enum", () => {
    const source = "enum E { A }\nconst x: number = 1";
    const { code, map } = stripTypes(source, { filename: "a.ts" });
    expect(code.split("\n")[1]).toBe("const x         = 1");
    expect(map?.toSource(code.indexOf("x  "))).toBe(source.indexOf("x:"));
  });

  it("maps every offset to one in the source, in order", () => {
    for (const [, source] of [...cases, ...moduleCases]) {
      const { code, map } = stripTypes(source, { filename: "a.ts" });
      if (map === null) continue;
      let last = 0;
      for (let offset = 0; offset <= code.length; offset++) {
        const mapped = map.toSource(offset);
        expect(mapped).toBeGreaterThanOrEqual(last);
        last = mapped;
      }
      expect(last).toBe(source.length);
    }
  });
});

it("leaves JavaScript alone", () => {
  const source = "const a = 1 < 2, b = { get: 1 };\nlabel: for (;;) { break label }\nx => ({ ...b })\n`a${`b${a}`}`";
  expect(stripTypes(source, { filename: "a.ts" })).toEqual({ code: source, map: null });
});

it("agrees with the judge about what a module is", () => {
  // The oracle's helper must not hide a broken judge.
  const tree = parseModule(transpile("const x: number = 1; export { x }"), parseOptions) as ESTree.Program;
  expect(tree.body.map(({ type }) => type)).toEqual(["VariableDeclaration", "ExportNamedDeclaration"]);
  expect(ts.version.startsWith("6.")).toBe(true);
});
