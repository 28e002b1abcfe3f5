// Owns the SQL store in a D1 database. D1 has no transactions that wait for their caller, but a batch is one: a statement after each
// condition makes the batch fail if the condition did not hold. Must never take a failure of the database for a lost race.

import { type SqlRow, type SqlStatement, SqlStore, type SqlStoreOptions } from "./sql.ts";

interface Prepared {
  // oxlint-disable-next-line typescript/no-explicit-any -- the platform's own types are not imported
  bind(...values: any[]): Prepared;
}

/** A D1 database, as the platform gives it: `env.DB`. */
export interface D1DatabaseLike {
  /** Prepares one statement. */
  prepare(query: string): Prepared;
  /** Runs statements in one transaction. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  batch(statements: any[]): Promise<readonly { readonly results?: readonly unknown[] }[]>;
}

/** A value has at most 2 MB, with the rest of its row. */
const VALUE_BYTES = 1_900_000;
/** Fails, by reading a text that is no JSON, if the statement before it changed nothing. */
const GUARD = "SELECT CASE changes() WHEN 0 THEN json('fermata: lost the race') END AS held";

function isLostRace(error: unknown): boolean {
  return error instanceof Error && /malformed JSON/i.test(`${error.message} ${String(error.cause)}`);
}

/** Keeps snapshots in a D1 database: `new D1Store(env.DB)`. */
export class D1Store extends SqlStore {
  /** @throws TypeError for a bad name of a table */
  constructor(database: D1DatabaseLike, options: SqlStoreOptions = {}) {
    const prepared = ({ sql, params }: SqlStatement): Prepared => {
      return database.prepare(sql).bind(...params.map((value) => (value instanceof Uint8Array ? value.buffer : value)));
    };
    const transact = async (statements: readonly SqlStatement[]): Promise<SqlRow[][] | undefined> => {
      const batch = statements.flatMap((one) => [
        prepared(one),
        ...(one.must === true ? [database.prepare(GUARD)] : []),
      ]);
      try {
        const results = await database.batch(batch);
        let at = 0;
        return statements.map(({ must }) => {
          const rows = (results[at]!.results ?? []) as SqlRow[];
          at += must === true ? 2 : 1;
          return rows;
        });
      } catch (error) {
        if (isLostRace(error)) return undefined;
        throw error;
      }
    };
    super({ dialect: "sqlite", valueBytes: VALUE_BYTES, transact }, options);
  }
}
