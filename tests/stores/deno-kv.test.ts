// The store in Deno KV, in Deno.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { bundle } from "../support/bundle.ts";
import { type ContractReport, failuresOf } from "../support/contract-report.ts";

it("DenoKvStore keeps the contract, with entries of any size", { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "fermata-deno-kv-"));
  try {
    const script = join(folder, "contract.mjs");
    await writeFile(script, await bundle(new URL("../support/deno-kv-contract.ts", import.meta.url), "node"));
    const deno = join(import.meta.dirname, "../../node_modules/.bin/deno");
    const { stdout } = await promisify(execFile)(deno, ["run", "--unstable-kv", "--allow-all", script, folder], {
      maxBuffer: 1e8,
    });
    const reports = JSON.parse(stdout) as ContractReport[];
    expect(failuresOf(reports)).toEqual([]);
    expect(reports.filter(({ name }) => /leave no parts|large entries at|watchers/.test(name))).toHaveLength(3);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
