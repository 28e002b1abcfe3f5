// The store in Postgres on PGlite, which is Postgres inside this process: one connection, and no server needed.

import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresStore, type PGliteLike } from "../../ts/stores/postgres.ts";
import { storeContract } from "./contract.ts";

const require = createRequire(import.meta.url);
let database: PGliteLike & { close(): Promise<void> };

beforeAll(async () => {
  const { PGlite } = require("@electric-sql/pglite") as { PGlite: { create(): Promise<typeof database> } };
  database = await PGlite.create();
});
afterAll(() => database?.close());

describe("PostgresStore on PGlite", () => {
  it.each(storeContract.map((each, index) => ({ ...each, index })))("$name", async ({ run, index }) => {
    const open = (): PostgresStore => new PostgresStore(database, { table: `case_${index}` });
    await run({ store: open(), open });
  });

  it("tells watchers what was written", async () => {
    const store = new PostgresStore(database, { table: "watched", notify: true });
    const end = new AbortController();
    const heard = new Promise<void>((resolve) => void store.watch("a", resolve, { signal: end.signal }));
    await store.put("b", Uint8Array.of(1));
    await store.put("a", Uint8Array.of(1));
    expect(await heard).toBeUndefined();
    end.abort();
  });
});
