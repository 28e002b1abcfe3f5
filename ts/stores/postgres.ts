// Owns the SQL store in Postgres, through the caller's own client: a `Pool` of pg, the function of postgres.js, or PGlite. Must never
// import one, and never let two statements of a transaction go to different connections.

/* oxlint-disable typescript/no-explicit-any -- the clients' own types are not imported */

import { type SqlDriver, type SqlRow, type SqlStatement, SqlStore, type SqlStoreOptions } from "./sql.ts";

interface Result {
  readonly rows: readonly unknown[];
}

/** A pool of `pg`. */
export interface PgPool {
  /** Takes a connection out of the pool; a transaction has one for itself. */
  connect(): Promise<{
    query(sql: string, params?: any[]): Promise<Result>;
    release(error?: Error | boolean): void;
  }>;
}

/** The function of postgres.js. */
export interface PostgresJs {
  /** Runs `work` in a transaction of one connection. */
  begin(
    work: (sql: { unsafe(query: string, params?: any[]): PromiseLike<readonly unknown[]> }) => Promise<any>,
  ): Promise<any>;
}

/** A database of PGlite. */
export interface PGliteLike {
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

function driverOf(client: PostgresClient): SqlDriver {
  const within = (statements: readonly SqlStatement[]): Promise<SqlRow[][]> => {
    if ("begin" in client) {
      return client.begin((sql) => runAll(statements, (text, params) => sql.unsafe(text, [...params]))) as Promise<
        SqlRow[][]
      >;
    }
    if ("transaction" in client) {
      const work = (tx: Parameters<Parameters<PGliteLike["transaction"]>[0]>[0]): Promise<SqlRow[][]> =>
        runAll(statements, async (text, params) => (await tx.query(text, [...params])).rows);
      return client.transaction(work) as Promise<SqlRow[][]>;
    }
    if ("connect" in client) return withPool(client, statements);
    throw new TypeError("the client is neither a Pool of pg, nor postgres.js, nor PGlite");
  };
  return {
    dialect: "postgres",
    async transact(statements) {
      try {
        return await within(statements);
      } catch (error) {
        if (error instanceof Undone) return undefined;
        throw error;
      }
    },
  };
}

/** Keeps snapshots in Postgres: `new PostgresStore(pool)`. */
export class PostgresStore extends SqlStore {
  /**
   * @param client stays the caller's: the store never ends it
   * @throws TypeError for a bad name of a table
   */
  constructor(client: PostgresClient, options: SqlStoreOptions = {}) {
    super(driverOf(client), options);
  }
}
