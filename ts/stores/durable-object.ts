// Owns the SQL store in the SQLite database of a Durable Object. Must never wait in the middle of a transaction: the object is
// single-threaded, and that is what makes it one.

import { type SqlRow, SqlStore, type SqlStoreOptions } from "./sql.ts";

/** The storage of a Durable Object with SQLite, as the platform gives it: `ctx.storage`. */
export interface DurableObjectSqlStorage {
  /** Runs statements. */
  readonly sql: {
    // oxlint-disable-next-line typescript/no-explicit-any -- the platform's own types are not imported
    exec(query: string, ...bindings: any[]): { toArray(): unknown[] };
  };
  /** Runs `work` in a transaction, which its exception undoes. */
  transactionSync<T>(work: () => T): T;
}

/** A value has at most 2 MB, with its key. */
const VALUE_BYTES = 1_900_000;

class Undone extends Error {}

/** Keeps snapshots in a Durable Object: `new DurableObjectStore(ctx.storage)`. */
export class DurableObjectStore extends SqlStore {
  /** @throws TypeError for a bad name of a table */
  constructor(storage: DurableObjectSqlStorage, options: SqlStoreOptions = {}) {
    const run = (statements: Parameters<ConstructorParameters<typeof SqlStore>[0]["transact"]>[0]): SqlRow[][] =>
      statements.map(({ sql, params, must }) => {
        const bindings = params.map((value) => (value instanceof Uint8Array ? value.buffer : value));
        const rows = storage.sql.exec(sql, ...bindings).toArray() as SqlRow[];
        if (must === true && rows.length === 0) throw new Undone();
        return rows;
      });
    const transact = async (statements: Parameters<typeof run>[0]): Promise<SqlRow[][] | undefined> => {
      try {
        return storage.transactionSync(() => run(statements));
      } catch (error) {
        if (error instanceof Undone) return undefined;
        throw error;
      }
    };
    super({ dialect: "sqlite", valueBytes: VALUE_BYTES, transact }, options);
  }
}
