// Runs the code blocks of the README that are marked `run`, as a reader would, against the built package. A comment `// → text`
// behind a console.log says what it must print.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = join(fileURLToPath(import.meta.url), "../../..");
const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts run\n([\s\S]*?)^```$/gm)].map(
  (match) => match[1]!,
);

it("has examples", () => {
  expect(blocks.length).toBeGreaterThan(0);
});

blocks.forEach((block, i) => {
  it(`example ${i + 1} prints what it says`, () => {
    const folder = join(root, "build/readme");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `example-${i + 1}.mts`);
    writeFileSync(file, block);
    const printed = execFileSync(process.execPath, ["--import", "tsx", file], { cwd: root, encoding: "utf8" });
    const expected = [...block.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]);
    expect(printed.trimEnd().split("\n")).toEqual(expected);
  });
});
