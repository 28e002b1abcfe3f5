// Owns the store in the memory of this process: for tests, and for programs that only need forks and rewinds.
//
// Must never hand out its own buffer or keep a caller's: an entry changes only through `put`.

import { StoreConflictError } from "../errors.ts";
import {
  assertKey,
  assertWrites,
  copyBytes,
  pageOf,
  sortKeys,
  type SnapshotStore,
  type StoreDeleteOptions,
  type StoredSnapshot,
  type StoreListOptions,
  type StorePutOptions,
  type StoreReadOptions,
  type StoreWatchOptions,
  type StoreWrite,
} from "./store.ts";

export type { SnapshotStore, StoreDeleteOptions, StoredSnapshot, StorePutOptions, StoreReadOptions } from "./store.ts";

/** Keeps snapshots in a `Map`. Nothing survives the process. */
export class MemoryStore implements SnapshotStore {
  readonly conditional = true;
  readonly #entries = new Map<string, StoredSnapshot>();
  // One counter for all keys: a version is never reused, even if an entry is deleted and written again.
  #writes = 0;
  readonly #watchers = new Set<(key: string) => void>();

  async get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    assertKey("get", key);
    options.signal?.throwIfAborted();
    const entry = this.#entries.get(key);
    return entry && { bytes: copyBytes(entry.bytes), version: entry.version };
  }

  async put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    assertKey("put", key);
    options.signal?.throwIfAborted();
    this.#expect("put", key, options.ifVersion);
    return this.#write(key, bytes);
  }

  async delete(key: string, options: StoreDeleteOptions = {}): Promise<void> {
    assertKey("delete", key);
    options.signal?.throwIfAborted();
    this.#expect("delete", key, options.ifVersion);
    this.#remove(key);
  }

  async list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    options.signal?.throwIfAborted();
    return pageOf(sortKeys([...this.#entries.keys()].filter((key) => key.startsWith(prefix))), options);
  }

  async putMany(writes: readonly StoreWrite[], options: StoreReadOptions = {}): Promise<(string | null)[]> {
    assertWrites(writes);
    options.signal?.throwIfAborted();
    for (const { key, bytes, ifVersion } of writes) this.#expect(bytes === null ? "delete" : "put", key, ifVersion);
    return writes.map(({ key, bytes }) => {
      if (bytes !== null) return this.#write(key, bytes);
      this.#remove(key);
      return null;
    });
  }

  async watch(prefix: string, onChange: () => void, { signal }: StoreWatchOptions): Promise<void> {
    signal.throwIfAborted();
    const tell = (key: string): void => {
      if (key.startsWith(prefix)) queueMicrotask(onChange);
    };
    this.#watchers.add(tell);
    signal.addEventListener("abort", () => this.#watchers.delete(tell), { once: true });
  }

  #remove(key: string): void {
    this.#entries.delete(key);
    for (const tell of this.#watchers) tell(key);
  }

  #expect(operation: "put" | "delete", key: string, expected: string | null | undefined): void {
    const actual = this.#entries.get(key)?.version ?? null;
    if (expected !== undefined && expected !== actual)
      throw new StoreConflictError({ operation, key, expected, actual });
  }

  #write(key: string, bytes: Uint8Array): string {
    const version = String(++this.#writes);
    this.#entries.set(key, { bytes: copyBytes(bytes), version });
    for (const tell of this.#watchers) tell(key);
    return version;
  }
}
