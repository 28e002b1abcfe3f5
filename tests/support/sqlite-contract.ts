// The contract on a SQLite database in a file, run by Bun (bun:sqlite) or Deno (node:sqlite). Argument: a folder.

import { SqliteStore, type SqliteDatabase } from "../../ts/stores/sqlite.ts";
import { contractReport } from "./contract-report.ts";

type Open = new (path: string) => SqliteDatabase;

const isBun = "Bun" in globalThis;
const client = isBun ? "bun:sqlite" : "node:sqlite";
const module = (await import(client)) as { Database: Open; DatabaseSync: Open };
const Database = isBun ? module.Database : module.DatabaseSync;
const folder = process.argv[2]!;

function opened(path: string): SqliteStore {
  const database = new Database(path);
  database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  return new SqliteStore(database);
}

const reports = await contractReport((index) => {
  const path = `${folder}/${index}.db`;
  return { store: opened(path), open: () => opened(path) };
});
console.log(JSON.stringify(reports));
