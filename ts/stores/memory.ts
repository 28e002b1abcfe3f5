// Owns the store in the memory of this process: for tests, and for programs that only need forks and rewinds.
//
// Must never hand out its own buffer or keep a caller's: an entry changes only through `put`.

import { StoreConflictError } from "../errors.ts";
import {
  assertKey,
  copyBytes,
  sortKeys,
  type SnapshotStore,
  type StoreDeleteOptions,
  type StoredSnapshot,
  type StorePutOptions,
  type StoreReadOptions,
} from "./store.ts";

export type { SnapshotStore, StoreDeleteOptions, StoredSnapshot, StorePutOptions, StoreReadOptions } from "./store.ts";

/** Keeps snapshots in a `Map`. Nothing survives the process. */
export class MemoryStore implements SnapshotStore {
  readonly #entries = new Map<string, StoredSnapshot>();
  // One counter for all keys: a version is never reused, even if an entry is deleted and written again.
  #writes = 0;

  async get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    assertKey("get", key);
    options.signal?.throwIfAborted();
    const entry = this.#entries.get(key);
    return entry && { bytes: copyBytes(entry.bytes), version: entry.version };
  }

  async put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    assertKey("put", key);
    options.signal?.throwIfAborted();
    const actual = this.#entries.get(key)?.version ?? null;
    const expected = options.ifVersion;
    if (expected !== undefined && expected !== actual) {
      throw new StoreConflictError({ operation: "put", key, expected, actual });
    }
    const version = String(++this.#writes);
    this.#entries.set(key, { bytes: copyBytes(bytes), version });
    return version;
  }

  async delete(key: string, options: StoreDeleteOptions = {}): Promise<void> {
    assertKey("delete", key);
    options.signal?.throwIfAborted();
    const actual = this.#entries.get(key)?.version ?? null;
    const expected = options.ifVersion;
    if (expected !== undefined && expected !== actual) {
      throw new StoreConflictError({ operation: "delete", key, expected, actual });
    }
    this.#entries.delete(key);
  }

  async list(prefix = "", options: StoreReadOptions = {}): Promise<string[]> {
    options.signal?.throwIfAborted();
    return sortKeys([...this.#entries.keys()].filter((key) => key.startsWith(prefix)));
  }
}
