// Owns the comparison on real code within `npm test`: this repository's own TypeScript and whatever TypeScript sources the installed
// packages ship. (`npm run corpus` takes thousands of files more.) Must never pass by finding nothing, and must never need a package that
// is not a dependency anyway.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { stripTypes } from "../../../ts/compiler/typescript/strip.ts";
import { collect, compare } from "./corpus.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const maximumFiles = 400;
const minimumFiles = 30;

const files: string[] = [];
for (const directory of ["ts", "tests", "node_modules"]) collect(join(root, directory), files, maximumFiles);

describe("real code", () => {
  it(`has at least ${minimumFiles} files (${files.length} found)`, () => {
    expect(files.length).toBeGreaterThanOrEqual(minimumFiles);
  });

  it("has the same meaning at the same positions", { timeout: 120_000 }, () => {
    expect(files.flatMap((file) => compare(file)).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([]);
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
    // Ten times the figure, for slow machines: this catches work that grows with the square. The fastest round is the least disturbed.
    expect((Math.min(...times) / lines) * 500).toBeLessThan(20);
  });
});
