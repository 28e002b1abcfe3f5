// Holds both trees to their order of folders, and the check of it to what it promises: a planted fault of each kind is found.

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkImports, readSources } from "../../ts/build/check-imports.ts";

const files = (entries: Record<string, string>): ReadonlyMap<string, string> => new Map(Object.entries(entries));

describe("the imports of assembly/ and ts/", () => {
  it("keep to the order of folders, without circles and without what nothing uses", () => {
    expect(checkImports(readSources(fileURLToPath(new URL("../..", import.meta.url))))).toEqual([]);
  });
});

describe("the check of imports finds", () => {
  it("an import of a folder that is not below", () => {
    const found = checkImports(
      files({
        "assembly/heap/memory.ts": 'import { add } from "../objects/object";\nadd();\n',
        "assembly/objects/object.ts": "export function add(): void {}\n",
      }),
    );
    expect(found).toEqual(["assembly/heap/memory.ts:1: imports assembly/objects/object.ts, which is not below it"]);
  });

  it("an import of a type of a folder that is not below", () => {
    const found = checkImports(
      files({
        "ts/machine/run.ts": 'import type { State } from "../api/state.ts";\nexport type S = State;\n',
        "ts/api/state.ts": "export type State = 1;\n",
      }),
    );
    expect(found).toEqual(["ts/machine/run.ts:1: imports ts/api/state.ts, which is not below it"]);
  });

  it("an import between two folders of one row", () => {
    const found = checkImports(
      files({
        "assembly/jobs/list.ts": 'import { match } from "../regexp/match";\nmatch();\n',
        "assembly/regexp/match.ts": "export function match(): void {}\n",
      }),
    );
    expect(found).toEqual(["assembly/jobs/list.ts:1: imports assembly/regexp/match.ts, which is not below it"]);
  });

  it("a folder that has no place in the order", () => {
    expect(checkImports(files({ "ts/misc/a.ts": "export const a = 1;\n" }))).toEqual([
      "ts/misc/a.ts: its folder has no place in the order of check-imports.ts",
    ]);
  });

  it("a circle of values, and one of types", () => {
    for (const type of ["", "type "]) {
      const found = checkImports(
        files({
          "ts/machine/a.ts": `import ${type}{ B } from "./b.ts";\nexport const A: B = 1;\n`,
          "ts/machine/b.ts": `import ${type}{ C } from "./c.ts";\nexport type B = C;\n`,
          "ts/machine/c.ts": `import ${type}{ A } from "./a.ts";\nexport type C = typeof A;\n`,
        }),
      );
      expect(found).toEqual(["circle of 3: ts/machine/a.ts, ts/machine/b.ts, ts/machine/c.ts"]);
    }
  });

  it("a circle of values among public classes, whose types may be in one", () => {
    const circle = (type: string): ReadonlyMap<string, string> =>
      files({
        "ts/api/snapshot.ts": `import ${type}{ State } from "./state.ts";\nexport class Snapshot { state?: State }\n`,
        "ts/api/state.ts":
          'import { Snapshot } from "./snapshot.ts";\nexport class State { snapshot = new Snapshot() }\n',
      });
    expect(checkImports(circle("type "))).toEqual([]);
    expect(checkImports(circle(""))).toEqual(["circle of 2: ts/api/snapshot.ts, ts/api/state.ts"]);
  });

  it("an import below code", () => {
    const found = checkImports(
      files({
        "ts/machine/a.ts": 'export const a = 1;\nimport { b } from "./b.ts";\nexport const c = b;\n',
        "ts/machine/b.ts": "export const b = 1;\n",
      }),
    );
    expect(found).toEqual(["ts/machine/a.ts:2: an import below code"]);
  });

  it("in assembly/, a name that is imported, exported or declared for nothing", () => {
    const found = checkImports(
      files({
        "assembly/core/a.ts":
          "export const USED: i32 = 1;\nexport const UNUSED: i32 = 2;\nexport const OWN: i32 = 3;\nconst both = OWN;\nboth;\n",
        "assembly/heap/b.ts": 'import { OWN, USED } from "../core/a";\nUSED;\n',
        "assembly/heap/c.ts": 'import { USED } from "../core/a";\nUSED;\n',
      }),
    );
    expect(found).toEqual([
      "assembly/heap/b.ts:1: imports OWN and does not use it",
      "assembly/core/a.ts: nothing uses UNUSED",
    ]);
    expect(checkImports(files({ "assembly/core/a.ts": "export const OWN: i32 = 3;\nconst b = OWN;\nb;\n" }))).toEqual([
      "assembly/core/a.ts: exports OWN, which only it uses",
    ]);
  });
});
