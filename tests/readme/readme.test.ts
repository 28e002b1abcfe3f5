// Runs the code blocks of the README and of docs/ that are marked `run`, as a reader would, against the built package. A comment
// `// → text` behind a console.log says what it must print.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = join(fileURLToPath(import.meta.url), "../../..");
const pages = ["README.md", ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"))];
const examples = pages.flatMap((page) => {
  const text = readFileSync(join(root, page === "README.md" ? page : `docs/${page}`), "utf8");
  return [...text.matchAll(/^```ts run\n([\s\S]*?)^```$/gm)].map((match, i) => ({
    name: `${page.replace(/\.md$/, "").toLowerCase()}-${i + 1}`,
    block: match[1]!,
  }));
});

it("has examples", () => {
  expect(examples.length).toBeGreaterThan(0);
});

examples.forEach(({ name, block }) => {
  it(`${name} prints what it says`, () => {
    const folder = join(root, "build/readme");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name}.mts`);
    writeFileSync(file, block);
    const printed = execFileSync(process.execPath, ["--import", "tsx", file], { cwd: root, encoding: "utf8" });
    const expected = [...block.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]);
    expect(printed.trimEnd().split("\n")).toEqual(expected);
  });
});
