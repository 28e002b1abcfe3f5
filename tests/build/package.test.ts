// The packed package, judged by the tools that its users' bundlers and compilers agree with.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
let tarball = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fermata-pack-"));
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: root });
  tarball = join(folder, readdirSync(folder)[0]!);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a tool prints when it is content; it fails otherwise. */
function run(tool: string, ...args: string[]): string {
  const file = join(root, "node_modules/.bin", tool);
  return execFileSync(process.execPath, [file, tarball, ...args], { encoding: "utf8", cwd: folder });
}

describe("the packed package", () => {
  it("has nothing that publint complains of", () => {
    expect(run("publint", "--strict")).toContain("All good!");
  });
  it("has types for every entry, as an ES module", () => {
    // It ends with an error if an entry fails in a way that counts: of CommonJS there is none.
    expect(run("attw", "--profile", "esm-only", "--format", "ascii")).toContain("node16 (from ESM)");
  });
});
