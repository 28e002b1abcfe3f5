// The store in Postgres on a server of this machine, by the clients pg and postgres.js: the contract, races between connections, and the
// plans of its statements. vitest.config.ts leaves this file out, and says so, where there is no server; PGlite is in pglite.test.ts.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StoreConflictError } from "../../ts/errors.ts";
import { PostgresStore } from "../../ts/stores/postgres.ts";
import { pgPool, postgresJs, startPostgres, type TestServer } from "../support/servers.ts";
import { storeContract } from "./contract.ts";

let server: TestServer;
const clients: { end(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await server?.stop();
});

const open = { pg: pgPool, "postgres.js": postgresJs };

/* oxlint-disable typescript/no-explicit-any -- as in servers.ts */
function client(kind: keyof typeof open, max?: number): any {
  const made = open[kind](server, max);
  clients.push(made);
  return made;
}

describe.each(["pg", "postgres.js"] as const)("PostgresStore with %s", (kind) => {
  let shared: any;
  let other: any;
  beforeAll(() => {
    shared = client(kind);
    other = client(kind, 3);
  });

  it.each(storeContract.map((each, index) => ({ ...each, index })))("$name", async ({ run, index }) => {
    const table = `${kind === "pg" ? "pg" : "js"}_${index}`;
    await run({
      store: new PostgresStore(shared, { table }),
      open: () => new PostgresStore(other, { table }),
    });
  });

  it("lets one of many connections win each write, also when they change the same entries in other orders", async () => {
    const table = `race_${kind === "pg" ? "pg" : "js"}`;
    const stores = [shared, other].map((one) => new PostgresStore(one, { table }));
    const keys = ["a", "b", "c"];
    await stores[0]!.putMany(keys.map((key) => ({ key, bytes: Uint8Array.of(0) })));
    let lost = 0;
    const raise = async (worker: number): Promise<void> => {
      for (let done = 0; done < 10;) {
        const store = stores[worker % 2]!;
        const order = worker % 3 === 0 ? keys : keys.toReversed();
        const found = await Promise.all(order.map((key) => store.get(key)));
        const writes = order.map((key, i) => ({
          key,
          bytes: Uint8Array.of(found[i]!.bytes[0]! + 1),
          ifVersion: found[i]!.version,
        }));
        try {
          await store.putMany(writes);
          done++;
        } catch (error) {
          if (!(error instanceof StoreConflictError)) throw error;
          lost++;
        }
      }
    };
    await Promise.all([0, 1, 2, 3].map(raise));
    expect(lost).toBeGreaterThan(0);
    for (const key of keys) expect((await stores[1]!.get(key))!.bytes).toEqual(Uint8Array.of(40));
  });

  it("tells watchers of other connections what was written below a prefix", async () => {
    const table = `Watched_${kind === "pg" ? "pg" : "js"}`;
    const [writer, watcher] = [shared, other].map((one) => new PostgresStore(one, { table, notify: true }));
    const end = new AbortController();
    let heard = 0;
    let tell = (): void => {};
    const first = new Promise<void>((resolve) => (tell = resolve));
    await watcher!.watch("d/", () => (heard++, tell()), { signal: end.signal });
    await writer!.put("r/1", Uint8Array.of(1));
    await writer!.putMany([
      { key: "d/1", bytes: Uint8Array.of(1) },
      { key: "r/1", bytes: null },
    ]);
    await first;
    expect(heard).toBe(1);
    end.abort();
  });
});

describe("PostgresStore", () => {
  it("finds entries and pages of keys by the primary key, whatever the locale of the database", async () => {
    const pool = client("pg");
    const store = new PostgresStore(pool, { table: "planned" });
    await store.put("r/1", Uint8Array.of(1));
    await pool.query(
      "INSERT INTO planned SELECT 'd/' || lpad(n::text, 16, '0') || '/t/r' || n, 'v', 0, '\\x00' FROM generate_series(1, 20000) n",
    );
    await pool.query("ANALYZE planned");
    const plan = async (sql: string): Promise<string> => {
      const { rows } = await pool.query(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${sql}`);
      return rows.map((row: Record<string, string>) => row["QUERY PLAN"]).join("\n");
    };
    const due = "SELECT key FROM planned WHERE key >= 'd/' AND key < 'd/\ue000' AND key < 'd/0000000000000101'";
    expect(await plan(`${due} ORDER BY key LIMIT 100`)).toMatch(/Index (Only )?Scan using planned_pkey/);
    expect(await plan(`${due} ORDER BY key LIMIT 100`)).not.toMatch(/Sort|Seq Scan/);
    expect(await plan("SELECT version, parts, bytes FROM planned WHERE key = 'r/1'")).toMatch(/Index Scan/);
    expect(await store.list("d/", { before: "d/0000000000000004" })).toHaveLength(3);
  });

  it("makes a transaction again that the server has undone for the sake of another", async () => {
    const pool = client("pg", 8);
    await pool.query("ALTER DATABASE postgres SET default_transaction_isolation = 'serializable'");
    try {
      const strict = client("pg", 8);
      const store = new PostgresStore(strict, { table: "strict" });
      await store.put("counter", Uint8Array.of(0));
      const raise = async (): Promise<void> => {
        for (let done = 0; done < 5;) {
          const entry = (await store.get("counter"))!;
          try {
            const bytes = Uint8Array.of(entry.bytes[0]! + 1);
            await store.putMany([
              { key: "counter", bytes, ifVersion: entry.version },
              { key: `mark/${bytes[0]}`, bytes },
            ]);
            done++;
          } catch (error) {
            if (!(error instanceof StoreConflictError)) throw error;
          }
        }
      };
      await Promise.all([raise(), raise(), raise(), raise()]);
      expect((await store.get("counter"))!.bytes).toEqual(Uint8Array.of(20));
    } finally {
      await pool.query("ALTER DATABASE postgres RESET default_transaction_isolation");
    }
  });

  it("refuses what is no client that it knows", () => {
    expect(() => new PostgresStore({} as never)).toThrow(/neither a Pool of pg, nor postgres.js, nor PGlite/);
  });
});
