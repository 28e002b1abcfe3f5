// The example of docs/hold-for-days.md does what it says.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

it("the example for Node runs, in at most 25 lines", async () => {
  const text = await readFile(join(root, "docs/hold-for-days.md"), "utf8");
  const code = /```ts run[^\n]*\n([^]*?)```/.exec(text)![1]!;
  expect(code.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  const folder = await mkdtemp(join(tmpdir(), "fermata-docs-"));
  try {
    const source = (path: string): string => JSON.stringify(pathToFileURL(join(root, path)).href);
    const script = join(folder, "example.mts");
    const runnable = code
      .replace('"fermata-vm"', source("tests/support/runtime.ts"))
      .replace("{ createRuntime }", "{ testRuntime as createRuntime }")
      .replace('"fermata-vm/runner"', source("ts/runner/index.ts"))
      .replace('"fermata-vm/stores/file"', source("ts/stores/file.ts"));
    await writeFile(script, runnable);
    const tsx = pathToFileURL(join(root, "node_modules/tsx/dist/esm/index.mjs")).href;
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", tsx, script], { cwd: folder });
    expect(stdout).toBe("INV-7 paid 420\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
