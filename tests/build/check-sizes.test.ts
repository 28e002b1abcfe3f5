// Holds functions and files to their sizes, and the check of it to what it promises.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkSizes, checkTree } from "../../ts/build/check-sizes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const lines = (count: number): string => "  a();\n".repeat(count);

describe("functions and files of assembly/, ts/ and tests/", () => {
  it("keep to their sizes, but for the exceptions that the check names", () => {
    expect(checkTree(root)).toEqual([]);
  });
});

describe("the check of sizes finds", () => {
  it("a function of 81 lines, and not one of 80", () => {
    expect(checkSizes("ts/a.ts", `function f() {\n${lines(79)}}\n`)).toEqual([
      "ts/a.ts:1: f has 81 lines, more than 80",
    ]);
    expect(checkSizes("ts/a.ts", `function f() {\n${lines(78)}}\n`)).toEqual([]);
  });

  it("a long method, arrow function and accessor", () => {
    const bodies = [
      `class A {\n m() {\n${lines(80)} }\n}\n`,
      `const m = () => {\n${lines(80)}};\n`,
      `const o = { get m() {\n${lines(80)}} };\n`,
    ];
    for (const body of bodies) expect(checkSizes("assembly/a.ts", body).join()).toContain("m has 82 lines");
  });

  it("a long function in a group of tests, and not the group", () => {
    expect(checkSizes("tests/a.test.ts", `describe("x", () => {\n${lines(100)}});\n`)).toEqual([]);
    const inner = `describe("x", () => {\n  it("y", () => {\n${lines(80)}  });\n});\n`;
    expect(checkSizes("tests/a.test.ts", inner)).toEqual([
      "tests/a.test.ts:2: a function without a name has 82 lines, more than 80",
    ]);
  });

  it("a file of 701 lines", () => {
    expect(checkSizes("ts/a.ts", "a();\n".repeat(701))).toEqual(["ts/a.ts: 701 lines, more than 700"]);
  });

  it("a dispatch loop of more than 1,200 lines", () => {
    const path = "assembly/interpreter/dispatch.ts";
    const text = readFileSync(join(root, path), "utf8");
    expect(checkSizes(path, text)).toEqual([]);
    expect(checkSizes(path, text + "// more\n".repeat(1200))).toHaveLength(1);
  });
});
