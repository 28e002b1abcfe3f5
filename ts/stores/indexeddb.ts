// Owns the store in the browser's IndexedDB, shared by all tabs and workers of an origin.
//
// The version check and the write must be in one transaction, and no connection may keep other tabs from upgrading or deleting the
// database.

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from "idb";
import { StoreConflictError, StoreError, type StoreOperation } from "../errors.ts";
import {
  assertKey,
  assertWrites,
  copyBytes,
  type SnapshotStore,
  type StoreDeleteOptions,
  type StoredSnapshot,
  storeFailure,
  type StoreListOptions,
  type StorePutOptions,
  type StoreReadOptions,
  type StoreWatchOptions,
  type StoreWrite,
} from "./store.ts";

export type { SnapshotStore, StoreDeleteOptions, StoredSnapshot, StorePutOptions, StoreReadOptions } from "./store.ts";

/** Options of {@link IndexedDBStore}. */
export interface IndexedDBStoreOptions {
  /** Name of the database, which must be used by this store only. Default `"fermata"`. */
  name?: string | undefined;
  /**
   * `"strict"` (default) waits until the disk has the bytes; `"relaxed"` is faster and survives a closed or crashed page,
   * not a power cut.
   */
  durability?: "strict" | "relaxed" | undefined;
  /** How long to wait for other tabs that keep the database from being opened, in ms. Default 10000. */
  openTimeoutMs?: number | undefined;
}

const TABLE = "snapshots";
const SCHEMA_VERSION = 1;

interface Schema extends DBSchema {
  [TABLE]: { key: string; value: StoredSnapshot };
}

/** Keeps snapshots in IndexedDB. The database is opened at the first use, and again if the browser closed it. */
export class IndexedDBStore implements SnapshotStore {
  readonly conditional = true;
  /** Name of the database. */
  readonly name: string;
  readonly #durability: "strict" | "relaxed";
  readonly #openTimeoutMs: number;
  #connection: Promise<IDBPDatabase<Schema>> | undefined;
  #channel: BroadcastChannel | undefined;

  /** Opens nothing yet. */
  constructor(options: IndexedDBStoreOptions = {}) {
    this.name = options.name ?? "fermata";
    this.#durability = options.durability ?? "strict";
    this.#openTimeoutMs = options.openTimeoutMs ?? 10_000;
  }

  get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    return this.#perform("get", key, options.signal, "readonly", (table) => table.get(key));
  }

  async put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    // Copied at once, because the caller may change its buffer during the wait; and without the rest of the buffer, which storing a
    // view would include.
    const copy = copyBytes(bytes);
    const version = await this.#perform("put", key, options.signal, "readwrite", async (table) => {
      await expectVersion(table, "put", key, options.ifVersion);
      const next = newVersion();
      await table.put({ bytes: copy, version: next }, key);
      return next;
    });
    this.#tell([key]);
    return version;
  }

  async delete(key: string, options: StoreDeleteOptions = {}): Promise<void> {
    await this.#perform("delete", key, options.signal, "readwrite", async (table) => {
      await expectVersion(table, "delete", key, options.ifVersion);
      await table.delete(key);
    });
    this.#tell([key]);
  }

  list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    // IndexedDB orders strings by UTF-16 units, which is the order that list promises.
    return this.#perform("list", prefix, options.signal, "readonly", async (table) => {
      const range = within(rangeOf(prefix), options);
      return range === null || options.limit === 0 ? [] : table.getAllKeys(range, options.limit);
    });
  }

  async putMany(writes: readonly StoreWrite[], options: StoreReadOptions = {}): Promise<(string | null)[]> {
    assertWrites(writes);
    if (writes.length === 0) return [];
    const copies = writes.map((write) => ({ ...write, bytes: write.bytes && copyBytes(write.bytes) }));
    const all = await this.#perform("put", copies[0]!.key, options.signal, "readwrite", async (table) => {
      const versions: (string | null)[] = [];
      for (const { key, bytes, ifVersion } of copies) {
        await expectVersion(table, bytes === null ? "delete" : "put", key, ifVersion);
        const version = bytes && newVersion();
        if (version === null) await table.delete(key);
        else await table.put({ bytes: bytes!, version }, key);
        versions.push(version);
      }
      return versions;
    });
    this.#tell(copies.map(({ key }) => key));
    return all;
  }

  /** Hears of writes by all tabs and workers of the origin, this one included. */
  async watch(prefix: string, onChange: () => void, { signal }: StoreWatchOptions): Promise<void> {
    signal.throwIfAborted();
    const channel = new BroadcastChannel(this.#channelName);
    channel.onmessage = ({ data }: MessageEvent<readonly string[]>) => {
      if (data.some((key) => key.startsWith(prefix))) onChange();
    };
    signal.addEventListener("abort", () => channel.close(), { once: true });
  }

  get #channelName(): string {
    return `fermata store ${this.name}`;
  }

  /** Tells all others, among them the watchers of this page, what was written. */
  #tell(keys: readonly string[]): void {
    this.#channel ??= new BroadcastChannel(this.#channelName);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel, not a window
    this.#channel.postMessage(keys);
  }

  /** Closes the connection. The store stays usable: the next operation opens it again. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#channel?.close();
    this.#channel = undefined;
    // If it could not be opened, there is nothing to close; the operation that opened it has reported the error.
    const database = await connection?.catch(() => undefined);
    database?.close();
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#connection ??= this.#openAnew();
    return this.#connection;
  }

  #openAnew(): Promise<IDBPDatabase<Schema>> {
    const forget = () => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    let isBlocked = false;
    const opening = openDB<Schema>(this.name, SCHEMA_VERSION, {
      upgrade: (database) => void database.createObjectStore(TABLE),
      // Other tabs with an older version keep it open; wait for them, but not for ever.
      blocked: () => (isBlocked = true),
      // This connection blocks another: close it at once. The next operation opens the database again, as it is then.
      blocking: () => {
        forget();
        void opening.then((database) => database.close());
      },
      // The browser closed it: its data were cleared, or its process died.
      terminated: forget,
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const why = isBlocked
          ? "an older version of it is open in another tab"
          : "another tab is changing or deleting it";
        reject(new Error(`not open after ${this.#openTimeoutMs} ms; ${why}`));
        // If it opens after all, no operation will use it.
        opening.then((database) => database.close()).catch(() => undefined);
      }, this.#openTimeoutMs);
    });
    const connection = Promise.race([opening, timeout]).finally(() => clearTimeout(timer));
    // A failure is reported to the operations that wait now; the next operation tries again.
    connection.catch(forget);
    return connection;
  }

  async #begin<Mode extends "readonly" | "readwrite">(mode: Mode): Promise<Transaction<Mode>> {
    const begin = async () => (await this.#open()).transaction(TABLE, mode, { durability: this.#durability });
    try {
      return await begin();
    } catch (error) {
      // The connection was closed between two operations (by `blocking`, or by the browser). Nothing was begun.
      if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
      this.#connection = undefined;
      return begin();
    }
  }

  async #perform<Mode extends "readonly" | "readwrite", T>(
    operation: StoreOperation,
    key: string,
    signal: AbortSignal | undefined,
    mode: Mode,
    work: (table: Transaction<Mode>["store"]) => Promise<T>,
  ): Promise<T> {
    if (operation !== "list") assertKey(operation, key);
    signal?.throwIfAborted();
    let transaction: Transaction<Mode> | undefined;
    const abort = () => abortQuietly(transaction);
    try {
      transaction = await this.#begin(mode);
      // idb rejects `done` as well when a request fails; the request's own error is the one to report.
      transaction.done.catch(() => undefined);
      signal?.throwIfAborted();
      signal?.addEventListener("abort", abort, { once: true });
      const result = await work(transaction.store);
      await transaction.done;
      return result;
    } catch (error) {
      abortQuietly(transaction);
      if (signal?.aborted) throw signal.reason;
      if (error instanceof StoreError) throw error;
      throw storeFailure(operation, key, `IndexedDB ${JSON.stringify(this.name)}`, error);
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }
}

type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, [typeof TABLE], Mode>;

/** Rolls back, unless the transaction has ended already. */
function abortQuietly(transaction: { abort(): void } | undefined): void {
  try {
    transaction?.abort();
  } catch {
    // It has ended; there is nothing to roll back.
  }
}

async function expectVersion(
  table: Transaction<"readwrite">["store"],
  operation: "put" | "delete",
  key: string,
  expected: string | null | undefined,
): Promise<void> {
  if (expected === undefined) return;
  const actual = (await table.get(key))?.version ?? null;
  if (expected !== actual) throw new StoreConflictError({ operation, key, expected, actual });
}

/** Random: unlike a counter it needs no shared state, and does not start again when an entry or database is deleted. */
function newVersion(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(36)).join("-");
}

/** All strings that begin with the prefix: from it to the next string of its length. */
function rangeOf(prefix: string): IDBKeyRange | undefined {
  for (let length = prefix.length; length > 0; length--) {
    const unit = prefix.charCodeAt(length - 1);
    if (unit === 0xffff) continue;
    return IDBKeyRange.bound(prefix, prefix.slice(0, length - 1) + String.fromCharCode(unit + 1), false, true);
  }
  return prefix === "" ? undefined : IDBKeyRange.lowerBound(prefix);
}

/** The part of a range between `after` and `before`; null if it is empty. */
function within(range: IDBKeyRange | undefined, { after, before }: StoreListOptions): IDBKeyRange | undefined | null {
  const all: (IDBKeyRange | undefined)[] = [
    range,
    after === undefined ? undefined : IDBKeyRange.lowerBound(after, true),
    before === undefined ? undefined : IDBKeyRange.upperBound(before, true),
  ];
  let low: string | undefined;
  let lowOpen = false;
  let high: string | undefined;
  let highOpen = false;
  for (const one of all) {
    const lower = one?.lower as string | undefined;
    const upper = one?.upper as string | undefined;
    if (lower !== undefined && (low === undefined || lower >= low)) {
      lowOpen = one!.lowerOpen || (lower === low && lowOpen);
      low = lower;
    }
    if (upper !== undefined && (high === undefined || upper <= high)) {
      highOpen = one!.upperOpen || (upper === high && highOpen);
      high = upper;
    }
  }
  if (low === undefined) return high === undefined ? undefined : IDBKeyRange.upperBound(high, highOpen);
  if (high === undefined) return IDBKeyRange.lowerBound(low, lowOpen);
  if (low > high || (low === high && (lowOpen || highOpen))) return null;
  return IDBKeyRange.bound(low, high, lowOpen, highOpen);
}
