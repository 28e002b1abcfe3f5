// Owns the comparison on real code: this repository's own TypeScript and whatever TypeScript sources the installed
// packages ship. Must never pass by finding nothing, and must never need a package that is not a dependency anyway.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { stripTypes, TypeScriptSyntaxError } from "../../../ts/compiler/typescript/strip.ts";
import { misplacedIdentifiers, normalizedTree, transpile } from "./oracle.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const maximumFiles = 400;
const minimumFiles = 30;

/** AssemblyScript shares the extension, not the language. */
const otherLanguages = /[\\/](?:assembly|assemblyscript|asc-next|std)[\\/]/;

function collect(directory: string, files: string[]): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (otherLanguages.test(`${path}/`) || files.length >= maximumFiles) continue;
    if (entry.isDirectory()) {
      if (entry.name !== ".git") collect(path, files);
    } else if (/\.[mc]?ts$/.test(entry.name) && !/\.d\.(?:.*\.)?[mc]?ts$/.test(entry.name)) {
      if (statSync(path).size < 500_000) files.push(path);
    }
  }
}

const files: string[] = [];
for (const directory of ["ts", "tests", "node_modules"]) collect(join(root, directory), files);

describe("real code", () => {
  it(`has at least ${minimumFiles} files (${files.length} found)`, () => {
    expect(files.length).toBeGreaterThanOrEqual(minimumFiles);
  });

  it("means the same and stands in the same place", { timeout: 120_000 }, () => {
    const wrong: string[] = [];
    for (const file of files) {
      const source = readFileSync(file, "utf8");
      try {
        const { code, map } = stripTypes(source, { filename: file });
        if (normalizedTree(code) !== normalizedTree(transpile(source))) wrong.push(`${file}: means something else`);
        const misplaced = misplacedIdentifiers(source, code, map);
        if (misplaced.length > 0) wrong.push(`${file}: ${misplaced.slice(0, 5).join(", ")} moved`);
      } catch (error) {
        const offset = error instanceof TypeScriptSyntaxError ? error.offset : 0;
        wrong.push(`${file}:${source.slice(0, offset).split("\n").length}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("takes about 2 ms for 500 lines", () => {
    const source = readFileSync(join(root, "ts/compiler/typescript/modules.ts"), "utf8");
    const lines = source.split("\n").length;
    const times: number[] = [];
    for (let round = 0; round < 60; round++) {
      const start = performance.now();
      stripTypes(source, { filename: "modules.ts" });
      times.push(performance.now() - start);
    }
    const median = times.sort((a, b) => a - b)[times.length >> 1] as number;
    // Ten times the figure, for slow and busy machines: this catches work that grows with the square.
    expect((median / lines) * 500).toBeLessThan(20);
  });
});
