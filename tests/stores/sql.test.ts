// Stores in SQL databases, each on its own engine: SQLite in Bun and Deno; and what workerd has: Durable Objects, D1, R2, KV.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { Miniflare } from "miniflare";
import { describe, expect, it } from "vitest";
import { decodeKey, encodeKey } from "../../ts/stores/ordered-key.ts";
import { SqlStore, type SqlStatement } from "../../ts/stores/sql.ts";
import { bundle } from "../support/bundle.ts";
import { type ContractReport, failuresOf } from "../support/contract-report.ts";

describe("SqliteStore", () => {
  it.each(["bun", "deno"] as const)("keeps the contract in %s", { timeout: 120_000 }, async (runtime) => {
    const folder = await mkdtemp(join(tmpdir(), "fermata-sqlite-"));
    try {
      const script = join(folder, "contract.mjs");
      await writeFile(script, await bundle(new URL("../support/sqlite-contract.ts", import.meta.url), "node"));
      const command = join(import.meta.dirname, "../../node_modules/.bin", runtime);
      const args = runtime === "bun" ? ["run", script, folder] : ["run", "--allow-all", script, folder];
      const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 1e8 });
      expect(failuresOf(JSON.parse(stdout) as ContractReport[])).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("in workerd", () => {
  it(
    "DurableObjectStore, D1Store and R2Store keep the contract, and KV as a store of runs is refused",
    { timeout: 120_000 },
    async () => {
      const script = await bundle(new URL("../support/cloudflare-contract.ts", import.meta.url), "browser");
      const worker = new Miniflare({
        modules: true,
        script,
        compatibilityDate: "2026-04-26",
        cf: false,
        d1Databases: ["DB"],
        r2Buckets: ["BUCKET"],
        kvNamespaces: ["KV"],
        durableObjects: { OBJECT: { className: "ContractObject", useSQLite: true } },
      });
      try {
        for (const path of ["object", "d1", "r2"]) {
          const response = await worker.dispatchFetch(`http://test/${path}`);
          expect(failuresOf((await response.json()) as ContractReport[])).toEqual([]);
        }
        expect(await (await worker.dispatchFetch("http://test/kv")).text()).toMatch(/has no compare-and-set/);
      } finally {
        await worker.dispose();
      }
    },
  );
});

describe("SqlStore", () => {
  it("encodes keys so that bytes sort as the keys do, and nothing is lost", () => {
    const units = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
    const odd = fc.constantFrom("\u0000", "\u0001", "\u0002", "a", "\ud7fe", "\ud7ff", "\ue000", "\uffff", "🎼", "é");
    const key = fc
      .array(fc.oneof(odd, units), { maxLength: 6 })
      .map((parts) => parts.join(""))
      .filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(decodeKey(encodeKey(a))).toBe(a);
        expect(encodeKey(a)).not.toContain("\u0000");
        expect(encodeKey(a + b).startsWith(encodeKey(a))).toBe(true);
        const order = Buffer.compare(Buffer.from(encodeKey(a)), Buffer.from(encodeKey(b)));
        expect(order).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes a write that its client repeated for its own, not for a lost race", async () => {
    const rows = new Map<string, string>();
    const driver = {
      dialect: "sqlite" as const,
      async transact(statements: readonly SqlStatement[]) {
        const [{ sql, params }] = statements as [SqlStatement];
        if (sql.startsWith("SELECT version")) return [[{ version: rows.get(params[0] as string) }]];
        if (!sql.startsWith("INSERT")) return [[]];
        // The first answer was lost on its way; the second attempt finds the row there.
        rows.set(params[0] as string, params[1] as string);
        return undefined;
      },
    };
    const version = await new SqlStore(driver).put("key", Uint8Array.of(1), { ifVersion: null });
    expect(rows.get("key")).toBe(version);
  });

  it("refuses a name of a table that is more than a name", () => {
    const driver = { dialect: "sqlite" as const, transact: async () => [] };
    for (const table of ["", "a b", "a;DROP TABLE b", "1a", "a".repeat(60)]) {
      expect(() => new SqlStore(driver, { table })).toThrow(/the name of a table/);
    }
  });
});
