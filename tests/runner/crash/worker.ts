// The process that is killed: starts the runs that are not there yet, wakes what is due, approves what asks, and ends when all are
// done. Arguments: STORE LOCATION LEDGER RUNS WASM [OWNER]. The location of Postgres is FOLDER_OF_ITS_SOCKET#TABLE.

import { appendFileSync, readFileSync } from "node:fs";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { createRunner, type CallContext } from "../../../ts/runner/index.ts";
import { createRequire } from "node:module";
import { DenoKvStore, type DenoKvLike } from "../../../ts/stores/deno-kv.ts";
import { FileStore } from "../../../ts/stores/file.ts";
import { PostgresStore } from "../../../ts/stores/postgres.ts";
import { SqliteStore, type SqliteDatabase } from "../../../ts/stores/sqlite.ts";
import type { SnapshotStore } from "../../../ts/stores/store.ts";
import { WORKFLOW } from "./workflow.ts";

const [kind, location = "", ledger = "", runs, wasm = "", owner] = process.argv.slice(2);

async function openStore(): Promise<SnapshotStore> {
  if (kind === "file") return new FileStore(location, { fsync: false });
  if (kind === "sqlite") {
    const client = "bun:sqlite";
    const { Database } = (await import(client)) as { Database: new (path: string) => SqliteDatabase };
    const database = new Database(`${location}/runs.db`);
    // SQLite does not wait for the lock that the change to WAL needs: two workers that open the file at once get SQLITE_BUSY.
    for (let isOpen = false; !isOpen;) {
      try {
        database.exec("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
        isOpen = true;
      } catch (error) {
        if ((error as { code?: string }).code !== "SQLITE_BUSY") throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    return new SqliteStore(database);
  }
  if (kind === "postgres") {
    // The package is not beside this bundle.
    const { Pool } = createRequire(process.env["FERMATA_ROOT"]!)("pg");
    const [host, table] = location.split("#");
    return new PostgresStore(new Pool({ host, user: "postgres", database: "postgres", max: 4 }), { table });
  }
  if (kind === "deno-kv") {
    const { Deno } = globalThis as unknown as { Deno: { openKv(path: string): Promise<DenoKvLike> } };
    return new DenoKvStore(await Deno.openKv(`${location}/runs.db`));
  }
  throw new Error(`unknown store: ${kind}`);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function step({ runId, idempotencyKey, attempt }: CallContext, n: number): Promise<number> {
  appendFileSync(ledger, `${JSON.stringify({ run: runId, step: n, key: idempotencyKey, attempt })}\n`);
  await pause(Math.random() * 6);
  return n * n;
}

const runtime = await createRuntimeFrom({ module: readFileSync(wasm), typescript: false });
const program = runtime.compile(WORKFLOW, { filename: "workflow.js", externals: ["step", "approve"] });
const runner = createRunner({
  runtime,
  store: await openStore(),
  leaseMs: 150,
  owner,
  strikes: 100,
  keys: [{ id: "k", key: new Uint8Array(32).fill(7) }],
  tools: {
    step: { call: step, uncertain: "retry" },
    approve: { call: step, uncertain: "retry", approval: true },
  },
});
process.stdout.write("ready\n");
const ids = Array.from({ length: Number(runs) }, (_, i) => `run-${i}`);
await Promise.all(ids.map((id) => runner.start(program, { id })));
for (;;) {
  const { errors } = await runner.wake();
  for (const { id, error } of errors) console.error(id, error);
  const waiting = (await runner.list({ status: "waiting", limit: ids.length })).runs;
  for (const { id } of waiting) {
    for (const { callId } of await runner.pending(id)) await runner.answer(id, callId, { approve: true, by: "crash" });
  }
  const { runs: done } = await runner.list({ status: "done", limit: ids.length });
  if (done.length === ids.length) {
    for (const { id, output } of done) console.log(JSON.stringify({ id, output }));
    process.exit(0);
  }
  await pause(5);
}
