// Owns the SQL store in Postgres, through the caller's own client: a `Pool` of pg, the function of postgres.js, or PGlite. Must never
// import one, and never let two statements of a transaction go to different connections.

/* oxlint-disable typescript/no-explicit-any -- the clients' own types are not imported */

import { encodeKey } from "./ordered-key.ts";
import { type SqlDriver, type SqlRow, type SqlStatement, SqlStore, type SqlStoreOptions } from "./sql.ts";
import type { StoreWatchOptions } from "./store.ts";

interface Result {
  readonly rows: readonly unknown[];
}

/** A connection of a pool of `pg`. */
interface PgClient {
  query(sql: string, params?: any[]): Promise<Result>;
  release(error?: Error | boolean): void;
  on(event: any, listener: (...args: any[]) => void): unknown;
}

/** A pool of `pg`. */
export interface PgPool {
  /** Takes a connection out of the pool; a transaction has one for itself. */
  connect(): Promise<PgClient>;
  /** Runs one statement on any connection. */
  query(sql: string, params?: any[]): Promise<Result>;
}

/** The function of postgres.js. */
export interface PostgresJs {
  /** Runs one statement. */
  unsafe(query: string, params?: any[]): PromiseLike<readonly unknown[]>;
  /** Calls back at each notification of a channel. */
  listen(channel: string, onNotify: (payload: string) => void): PromiseLike<{ unlisten(): Promise<void> }>;
  /** Runs `work` in a transaction of one connection. */
  begin(
    work: (sql: { unsafe(query: string, params?: any[]): PromiseLike<readonly unknown[]> }) => Promise<any>,
  ): Promise<any>;
}

/** A database of PGlite. */
export interface PGliteLike {
  /** Runs one statement. */
  query(sql: string, params?: any[]): Promise<Result>;
  /** Calls back at each notification of a channel. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /** Runs `work` in a transaction. */
  transaction(work: (tx: { query(sql: string, params?: any[]): Promise<Result> }) => Promise<any>): Promise<any>;
}

/** A client that the store can use. */
export type PostgresClient = PgPool | PostgresJs | PGliteLike;

class Undone extends Error {}

/** Postgres numbers its parameters. */
function numbered(sql: string): string {
  let count = 0;
  return sql.replace(/\?/g, () => `$${++count}`);
}

type Query = (sql: string, params: readonly unknown[]) => PromiseLike<readonly unknown[]>;

async function runAll(statements: readonly SqlStatement[], query: Query): Promise<SqlRow[][]> {
  const results: SqlRow[][] = [];
  for (const { sql, params, must } of statements) {
    const rows = [...(await query(numbered(sql), params))] as SqlRow[];
    if (must === true && rows.length === 0) throw new Undone();
    results.push(rows);
  }
  return results;
}

async function withPool(pool: PgPool, statements: readonly SqlStatement[]): Promise<SqlRow[][]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const results = await runAll(statements, async (sql, params) => (await client.query(sql, [...params])).rows);
    await client.query("COMMIT");
    return results;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** What the store needs of each client. */
interface Access {
  /** One statement, which is a transaction by itself. */
  readonly query: Query;
  transaction(statements: readonly SqlStatement[]): Promise<SqlRow[][]>;
  /** Calls back at each notification; resolves, once it listens, to what ends it. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => unknown>;
}

async function listenInPool(pool: PgPool, channel: string, onNotify: (payload: string) => void) {
  const client = await pool.connect();
  client.on("notification", (message: { channel: string; payload?: string }) => onNotify(message.payload ?? ""));
  // A connection that is lost while it listens: nothing is heard any more, which a watcher must bear.
  client.on("error", () => undefined);
  try {
    await client.query(`LISTEN ${channel}`);
  } catch (error) {
    client.release(true);
    throw error;
  }
  // Closed rather than given back: the next user of the connection would hear the notifications.
  return (): void => client.release(true);
}

function accessOf(client: PostgresClient): Access {
  if ("begin" in client) {
    return {
      query: (sql, params) => client.unsafe(sql, [...params]),
      transaction: (statements) =>
        client.begin((sql) => runAll(statements, (text, params) => sql.unsafe(text, [...params]))),
      listen: async (channel, onNotify) => {
        const { unlisten } = await client.listen(channel, onNotify);
        return unlisten;
      },
    };
  }
  if ("transaction" in client) {
    return {
      query: async (sql, params) => (await client.query(sql, [...params])).rows,
      transaction: (statements) =>
        client.transaction((tx) =>
          runAll(statements, async (text, params) => (await tx.query(text, [...params])).rows),
        ),
      listen: (channel, onNotify) => client.listen(channel, onNotify),
    };
  }
  if ("connect" in client && typeof client.query === "function") {
    return {
      query: async (sql, params) => (await client.query(sql, [...params])).rows,
      transaction: (statements) => withPool(client, statements),
      listen: (channel, onNotify) => listenInPool(client, channel, onNotify),
    };
  }
  throw new TypeError("the client is neither a Pool of pg, nor postgres.js, nor PGlite");
}

/** Deadlocks, and lost races at a stricter isolation level: the transaction was undone as a whole, and may be made again. */
const AGAIN: ReadonlySet<unknown> = new Set(["40001", "40P01"]);
const MAX_ATTEMPTS = 10;

function driverOf(access: Access): SqlDriver {
  const attempt = async (statements: readonly SqlStatement[]): Promise<SqlRow[][] | undefined> => {
    const [only] = statements;
    if (statements.length === 1 && only !== undefined) {
      const rows = [...(await access.query(numbered(only.sql), only.params))] as SqlRow[];
      return only.must === true && rows.length === 0 ? undefined : [rows];
    }
    try {
      return await access.transaction(statements);
    } catch (error) {
      if (error instanceof Undone) return undefined;
      throw error;
    }
  };
  return {
    dialect: "postgres",
    async transact(statements) {
      for (let left = MAX_ATTEMPTS; ; left--) {
        try {
          return await attempt(statements);
        } catch (error) {
          if (left === 1 || !AGAIN.has((error as { code?: unknown } | null)?.code)) throw error;
        }
      }
    },
  };
}

/** Options of {@link PostgresStore}. */
export interface PostgresStoreOptions extends SqlStoreOptions {
  /**
   * Sends a notification with each write, so that `watch` of other processes hears of it. It costs each writer a turn at a lock of the
   * whole database. Default false.
   */
  notify?: boolean | undefined;
}

/** With the name of the table before it; the payload is the encoded key, which is shorter than the 8,000 bytes that are allowed. */
const CHANNEL = "_changes";

/** Keeps snapshots in Postgres: `new PostgresStore(pool)`. */
export class PostgresStore extends SqlStore {
  readonly #access: Access;
  readonly #channel: string;

  /**
   * @param client stays the caller's: the store never ends it
   * @throws TypeError for a bad name of a table, or an unknown kind of client
   */
  constructor(client: PostgresClient, options: PostgresStoreOptions = {}) {
    const access = accessOf(client);
    const { table = "fermata", notify = false } = options;
    const channel = `${table.toLowerCase()}${CHANNEL}`;
    super(driverOf(access), {
      ...options,
      told: notify ? (key) => ({ sql: "SELECT pg_notify(?, ?)", params: [channel, key] }) : undefined,
    });
    this.#access = access;
    this.#channel = channel;
  }

  /** Hears of writes by stores with `notify: true`. Takes a connection of its own. */
  async watch(prefix: string, onChange: () => void, { signal }: StoreWatchOptions): Promise<void> {
    signal.throwIfAborted();
    const start = encodeKey(prefix);
    const end = await this.#access.listen(this.#channel, (key) => {
      if (!signal.aborted && key.startsWith(start)) onChange();
    });
    // No caller is left to hear of a failure.
    const stop = (): void => void (async () => end())().catch(() => undefined);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  }
}
