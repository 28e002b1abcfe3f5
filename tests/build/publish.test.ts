// The package is not published before it says where it comes from, and where security problems are reported.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fermata-publish-"));
  mkdirSync(join(folder, "docs"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the check says of a package with these fields, and an address for reports if one is given. */
function check(fields: object, address?: string): { code: number | null; said: string } {
  const {
    repository: _,
    homepage: __,
    bugs: ___,
    ...manifest
  } = JSON.parse(read("package.json")) as Record<string, unknown>;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, ...fields }));
  const line = /^> \*\*Address for reports:\*\* .*$/m;
  const page = read("docs/reporting.md");
  expect(page).toMatch(line);
  writeFileSync(
    join(folder, "docs/reporting.md"),
    page.replace(line, `> **Address for reports:** ${address ?? "_not set yet._"}`),
  );
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/check-publish.mjs"), folder], {
    encoding: "utf8",
  });
  return { code: status, said: stderr };
}

const FIELDS = {
  repository: { type: "git", url: "git+https://git.example/fermata.git" },
  homepage: "https://fermata.example/",
  bugs: { email: "bugs@fermata.example" },
};

describe("the check before publishing", () => {
  it("is what npm runs before it publishes", () => {
    expect((JSON.parse(read("package.json")) as { scripts: object }).scripts).toMatchObject({
      prepublishOnly: "node scripts/check-publish.mjs",
    });
  });

  it("names what is missing, and where that is explained", () => {
    const { code, said } = check({});
    expect(code).toBe(1);
    for (const name of ["repository", "homepage", "bugs"]) expect(said).toContain(`\`${name}\` is not set`);
    expect(said).toContain("docs/reporting.md: the address for reports");
    expect(said).toContain('"Releasing" in CONTRIBUTING.md');
    expect(read("CONTRIBUTING.md")).toContain("## Releasing");
  });

  it("takes no placeholder for an address", () => {
    const { said } = check({ ...FIELDS, homepage: "to do", repository: {} }, "security@fermata.example");
    expect(said).toContain("`homepage`");
    expect(said).toContain("`repository`");
    expect(said).not.toContain("`bugs`");
    expect(said).not.toContain("reporting.md");
  });

  it("lets a package through that has all of it", () => {
    expect(check(FIELDS, "security@fermata.example")).toEqual({ code: 0, said: "" });
    expect(check({ ...FIELDS, repository: "github:someone/fermata" }, "https://fermata.example/report").code).toBe(0);
  });
});
