// Owns the store in a table of an SQL database (SQLite, Postgres): its statements, its keys, and large entries in parts. Must never
// write unless the version in the row is the one that was expected: the database decides that, in the statement itself.
//
// A database is a driver of two functions (sqlite.ts, postgres.ts, durable-object.ts, d1.ts); no driver imports a client.

import { joinBytes } from "../bytes/join.ts";
import { StoreConflictError } from "../errors.ts";
import { BatchStore, type BatchWrite } from "./batch-store.ts";
import { AFTER_ALL, decodeKey, encodeKey } from "./ordered-key.ts";
import {
  assertKey,
  copyBytes,
  type SnapshotStore,
  type StoredSnapshot,
  type StoreListOptions,
  type StoreReadOptions,
} from "./store.ts";

/** A value of a parameter. */
export type SqlValue = string | number | Uint8Array<ArrayBuffer>;

/** A statement with `?` for its parameters. */
export interface SqlStatement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
  /** It must return a row; otherwise everything in its transaction is undone. */
  readonly must?: boolean | undefined;
}

/** A row, by names of columns. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** What the store needs of a database. */
export interface SqlDriver {
  readonly dialect: "sqlite" | "postgres";
  /** Most bytes of a value in a row. Default: no limit. */
  readonly valueBytes?: number | undefined;
  /** Runs statements in one transaction and returns the rows of each; undefined: one that must return a row did not, and all was undone. */
  transact(statements: readonly SqlStatement[]): Promise<readonly (readonly SqlRow[])[] | undefined>;
}

/** Options of stores in SQL databases. */
export interface SqlStoreOptions {
  /** Name of the table, and, with `_parts` added, of a second one. Default `"fermata"`. */
  table?: string | undefined;
  /** Creates the tables at the first use if they are not there. Default true. */
  create?: boolean | undefined;
}

/** Options for stores that are built on this one. */
export interface SqlStoreSettings extends SqlStoreOptions {
  /** Another statement for each entry that is written, in the same transaction. Gets the encoded key. */
  told?: ((key: string) => SqlStatement) | undefined;
}

const COLUMNS = "(key, version, parts, bytes)";
/** Bytes as the client gives them. */
function bytesOf(value: unknown): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return copyBytes(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  // D1 gives a list of numbers.
  if (Array.isArray(value)) return Uint8Array.from(value as number[]);
  throw new TypeError(`the database gave ${typeof value} for bytes`);
}

/** Keeps snapshots in a table of an SQL database. */
export class SqlStore extends BatchStore implements SnapshotStore {
  readonly #driver: SqlDriver;
  readonly #table: string;
  readonly #create: boolean;
  readonly #told: SqlStoreSettings["told"];
  #ready: Promise<void> | undefined;

  constructor(driver: SqlDriver, options: SqlStoreSettings = {}) {
    const { table = "fermata", create = true } = options;
    if (!/^[A-Za-z_]\w{0,50}$/.test(table))
      throw new TypeError(`the name of a table has letters, digits and _, but this is ${JSON.stringify(table)}`);
    super();
    this.#driver = driver;
    this.#table = table;
    this.#create = create;
    this.#told = options.told;
  }

  get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    return this.perform("get", key, options.signal, async () => {
      assertKey("get", key);
      for (;;) {
        const sql = `SELECT version, parts, bytes FROM ${this.#table} WHERE key = ?`;
        const [row] = await this.#rows({ sql, params: [encodeKey(key)] });
        if (row === undefined) return undefined;
        const version = String(row["version"]);
        const first = bytesOf(row["bytes"]);
        const count = Number(row["parts"]);
        if (count === 0) return { version, bytes: first };
        const bytes = await this.#joined(key, version, first, count);
        // Written anew between the two statements: read again.
        if (bytes !== undefined) return { version, bytes };
      }
    });
  }

  list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    return this.perform("list", prefix, options.signal, async () => {
      const { after, before, limit } = options;
      const start = encodeKey(prefix);
      const bounds: [string, string][] = [
        [">=", start],
        ["<", start + AFTER_ALL],
      ];
      if (after !== undefined) bounds.push([">", encodeKey(after)]);
      if (before !== undefined) bounds.push(["<", encodeKey(before)]);
      const where = bounds.map(([comparison]) => `key ${comparison} ?`).join(" AND ");
      const sql = `SELECT key FROM ${this.#table} WHERE ${where} ORDER BY key`;
      const params: SqlValue[] = bounds.map(([, bound]) => bound);
      const rows = await this.#rows(
        limit === undefined ? { sql, params } : { sql: `${sql} LIMIT ?`, params: [...params, limit] },
      );
      return rows.map((row) => decodeKey(String(row["key"])));
    });
  }

  // --- statements

  async #rows(statement: SqlStatement): Promise<readonly SqlRow[]> {
    return (await this.#driver.transact([statement]))?.[0] ?? [];
  }

  /** @internal */
  protected override get place(): string {
    return `table ${this.#table}`;
  }

  /** Makes the tables, if that is the store's affair, at its first operation. @internal */
  protected override async prepare(): Promise<void> {
    if (!this.#create) return;
    this.#ready ??= this.#createTables();
    await this.#ready.catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
  }

  /** @internal */
  protected override async write(writes: readonly BatchWrite[]): Promise<(string | null)[]> {
    // Unique, so that a write which the client repeated by itself is recognised as our own.
    const versions = writes.map(({ bytes }) => (bytes === null ? null : crypto.randomUUID()));
    // In the order of keys, whatever the caller's: two transactions that lock the same rows in other orders would stop each other.
    const order = writes.map((_, i) => i).sort((i, j) => (writes[i]!.key < writes[j]!.key ? -1 : 1));
    const statements = order.flatMap((i) => [...this.#statementsOf(writes[i]!, versions[i]!)]);
    if (this.#told !== undefined) statements.push(...writes.map(({ key }) => this.#told!(encodeKey(key))));
    if ((await this.#driver.transact(statements)) === undefined) await this.#explain(writes, versions);
    return versions;
  }

  *#statementsOf({ key, bytes, ifVersion }: BatchWrite, version: string | null): Generator<SqlStatement> {
    const name = encodeKey(key);
    const table = this.#table;
    if (bytes === null || version === null) {
      const condition = ifVersion === undefined ? "" : " AND version = ?";
      const params = ifVersion === undefined ? [name] : [name, ifVersion ?? ""];
      const must = ifVersion !== undefined;
      yield { sql: `DELETE FROM ${table} WHERE key = ?${condition} RETURNING key`, params, must };
      yield { sql: `DELETE FROM ${table}_parts WHERE key = ?`, params: [name] };
      return;
    }
    const size = this.#driver.valueBytes ?? Infinity;
    const first = copyBytes(bytes.subarray(0, Math.min(size, bytes.length)));
    const count = first.length === bytes.length ? 0 : Math.ceil(bytes.length / size) - 1;
    const insert = `INSERT INTO ${table} ${COLUMNS} VALUES (?, ?, ?, ?) ON CONFLICT (key)`;
    const params: SqlValue[] = [name, version, count, first];
    if (ifVersion === null) yield { sql: `${insert} DO NOTHING RETURNING key`, params, must: true };
    else if (ifVersion === undefined) {
      const set = "version = excluded.version, parts = excluded.parts, bytes = excluded.bytes";
      yield { sql: `${insert} DO UPDATE SET ${set} RETURNING key`, params };
    } else {
      const sql = `UPDATE ${table} SET version = ?, parts = ?, bytes = ? WHERE key = ? AND version = ? RETURNING key`;
      yield { sql, params: [version, count, first, name, ifVersion], must: true };
    }
    yield { sql: `DELETE FROM ${table}_parts WHERE key = ?`, params: [name] };
    for (let part = 1; part <= count; part++) {
      const sql = `INSERT INTO ${table}_parts (key, version, part, bytes) VALUES (?, ?, ?, ?)`;
      yield { sql, params: [name, version, part, copyBytes(bytes.subarray(part * size, (part + 1) * size))] };
    }
  }

  /** Finds out which change lost its race. */
  async #explain(writes: readonly BatchWrite[], versions: readonly (string | null)[]): Promise<void> {
    const sql = `SELECT version FROM ${this.#table} WHERE key = ?`;
    const found: (string | null)[] = [];
    for (const { key } of writes) {
      const [row] = await this.#rows({ sql, params: [encodeKey(key)] });
      found.push(row === undefined ? null : String(row["version"]));
    }
    // The client sent it twice, and the first one was made.
    const puts = versions.flatMap((version, i) => (version === null ? [] : [version === found[i]]));
    if (puts.length > 0 && puts.every(Boolean)) return;
    for (const [i, { key, bytes, ifVersion }] of writes.entries()) {
      const actual = found[i]!;
      if (ifVersion === undefined || actual === ifVersion) continue;
      throw new StoreConflictError({ operation: bytes === null ? "delete" : "put", key, expected: ifVersion, actual });
    }
    // The one that was in the way has changed back, or gone, since.
    const first = writes.find(({ ifVersion }) => ifVersion !== undefined)!;
    const operation = first.bytes === null ? "delete" : "put";
    throw new StoreConflictError({ operation, key: first.key, expected: first.ifVersion!, actual: undefined });
  }

  /** An entry in parts; undefined if they are not those of that version. */
  async #joined(
    key: string,
    version: string,
    first: Uint8Array,
    count: number,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const sql = `SELECT bytes FROM ${this.#table}_parts WHERE key = ? AND version = ? ORDER BY part`;
    const rows = await this.#rows({ sql, params: [encodeKey(key), version] });
    if (rows.length !== count) return undefined;
    const parts = [first, ...rows.map((row) => bytesOf(row["bytes"]))];
    return joinBytes(parts);
  }

  // --- tables

  async #createTables(): Promise<void> {
    const isPostgres = this.#driver.dialect === "postgres";
    const key = isPostgres ? 'key TEXT COLLATE "C"' : "key TEXT";
    const bytes = isPostgres ? "bytes BYTEA" : "bytes BLOB";
    const table = this.#table;
    const main = `CREATE TABLE IF NOT EXISTS ${table} (${key} PRIMARY KEY, version TEXT NOT NULL, parts INTEGER NOT NULL, ${bytes} NOT NULL)`;
    const columns = `${key} NOT NULL, version TEXT NOT NULL, part INTEGER NOT NULL, ${bytes} NOT NULL`;
    const parts = `CREATE TABLE IF NOT EXISTS ${table}_parts (${columns}, PRIMARY KEY (key, version, part))`;
    const statements = [main, parts].map((sql) => ({ sql, params: [] }));
    try {
      await this.#driver.transact(statements);
    } catch {
      // Two that create a table at the same time may get in each other's way, in Postgres; now it is there.
      await this.#driver.transact(statements);
    }
  }
}
