// Owns the SQL store on SQLite, through a client that works synchronously: node:sqlite, bun:sqlite, better-sqlite3. Must never import
// one, and never wait in the middle of a transaction: another would find itself in it.

import { type SqlDriver, type SqlRow, SqlStore, type SqlStoreOptions } from "./sql.ts";

/** A database as node:sqlite (`DatabaseSync`), bun:sqlite and better-sqlite3 have it. */
export interface SqliteDatabase {
  /** Runs statements without parameters. */
  exec(sql: string): unknown;
  /** Prepares one statement, whose parameters are `?`. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the clients' types of parameters differ
  prepare(sql: string): { all(...params: any[]): unknown; run(...params: any[]): unknown };
}

function hasRows(sql: string): boolean {
  return /^SELECT|RETURNING/.test(sql);
}

function driverOf(database: SqliteDatabase): SqlDriver {
  return {
    dialect: "sqlite",
    async transact(statements) {
      // Takes the write lock at once: one that begins by reading could not get it later.
      database.exec("BEGIN IMMEDIATE");
      try {
        const results: (readonly SqlRow[])[] = [];
        for (const { sql, params, must } of statements) {
          const statement = database.prepare(sql);
          // better-sqlite3 refuses `all` for a statement that has no rows.
          const rows = hasRows(sql) ? (statement.all(...params) as SqlRow[]) : [];
          if (!hasRows(sql)) statement.run(...params);
          results.push(rows);
          if (must !== true || rows.length > 0) continue;
          database.exec("ROLLBACK");
          return undefined;
        }
        database.exec("COMMIT");
        return results;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
  };
}

/** Keeps snapshots in a SQLite database that is opened by the caller; `PRAGMA busy_timeout` says how long to wait for other processes. */
export class SqliteStore extends SqlStore {
  /**
   * @param database an open database, which this store may share with others: every change is a transaction of its own
   * @throws TypeError for a bad name of a table
   */
  constructor(database: SqliteDatabase, options: SqlStoreOptions = {}) {
    super(driverOf(database), options);
  }
}
