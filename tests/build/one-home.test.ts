// A number that core and wrapper agree on has one home, ts/defs: no hand-written file declares it again under the name that it has in
// the generated ones, and nothing that is generated is out of date.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

const filesIn = (folder: string): string[] =>
  (readdirSync(join(root, folder), { recursive: true }) as string[])
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`);

/** The files with numbers that both sides use by name. */
const SHARED = /\/(?:generated|defs)\/(?:exchange|limits|link-errors|program-ids|states|values)\.ts$/;

/** Constants and enums that a file declares. */
const declared = (file: string): string[] =>
  [...readFileSync(join(root, file), "utf8").matchAll(/^(?:export )?const (?:enum )?(\w+)\b/gm)].map(
    ([, name]) => name!,
  );

describe("a number with a home in ts/defs", () => {
  it.each(["assembly", "ts"])("is declared once in %s/", (tree) => {
    const files = filesIn(tree).filter((file) => !/\/(?:build|prelude)\//.test(file));
    const homes = new Set(files.filter((file) => SHARED.test(file)).flatMap(declared));
    expect(homes.size).toBeGreaterThan(15);
    const again = files
      .filter((file) => !/\/(?:generated|defs)\//.test(file))
      .flatMap((file) => declared(file).flatMap((name) => (homes.has(name) ? [`${file}: ${name}`] : [])));
    expect(again).toEqual([]);
  });

  it("has generated files and pages that are up to date", { timeout: 60_000 }, () => {
    execFileSync(process.execPath, ["--import", "tsx", "ts/build/generate.ts", "--check"], { cwd: root });
  });
});
