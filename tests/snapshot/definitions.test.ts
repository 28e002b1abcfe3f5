// The format is written down once; what is generated from it, and what must be listed in it, is.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatText } from "../../ts/build/generate-format.ts";
import { OBJECT_KINDS, PLAIN_KINDS } from "../../ts/defs/kinds.ts";
import { INTERNAL_CLASSES, SNAPSHOT_KINDS } from "../../ts/defs/snapshot-format.ts";

const root = new URL("../../", import.meta.url);
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, root), "utf8"));

describe("definitions", () => {
  it("assembly/generated/snapshot-format.ts is up to date (npm run generate)", () => {
    expect(readFileSync(new URL("assembly/generated/snapshot-format.ts", root), "utf8")).toBe(formatText());
  });

  it("every kind of cell has a portable number, or is listed as one that needs no number", () => {
    const portable = new Set(SNAPSHOT_KINDS.map(({ kind }) => kind));
    const inner = [
      "SHAPE",
      "PROPTABLE",
      "SLOTS",
      "SPARSE",
      "CODE",
      "PROGRAM",
      "ATOMTABLE",
      "TRANSITIONS",
      "POINTERS",
      "GLOBAL",
    ];
    const missing = [...PLAIN_KINDS, ...OBJECT_KINDS]
      .map(({ name }) => name)
      .filter((name) => !portable.has(name) && !inner.includes(name));
    expect(missing).toEqual([]);
  });

  it("every internal class is listed in INTERNAL_CLASSES", () => {
    const used = new Map<number, number>();
    for (const text of filesIn("ts/prelude", ".js")) {
      for (const [, n, slots] of text.matchAll(/\$newInternal\((\d+), [^;]*?, (\d+)\)/g))
        used.set(Number(n), Number(slots));
    }
    expect(used.size).toBeGreaterThan(5);
    for (const [n, slots] of used) expect(INTERNAL_CLASSES[n], `class ${n}`).toHaveLength(slots);
  });
});
