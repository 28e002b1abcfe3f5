// Owns the interface of every snapshot store, and the few rules about keys that all of them share.
//
// A store handles opaque bytes. It must never look inside a snapshot, and never turn a lost race into an overwrite.

import { StoreError, type StoreOperation } from "../errors.ts";

/** The entry of a store under one key. */
export interface StoredSnapshot {
  /** A copy of the bytes; the caller may keep or change it. */
  bytes: Uint8Array;
  /** Identifies this write; pass it as `ifVersion`. Opaque, and never reused for a later write of the same key. */
  version: string;
}

/** Options of every store operation. */
export interface StoreReadOptions {
  /** Aborts the operation with the signal's reason. A write that was already sent may still take effect. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link SnapshotStore.put}. */
export interface StorePutOptions extends StoreReadOptions {
  /**
   * Write only if the entry still has this version; `null` means only if there is no entry. If omitted, the write is unconditional
   * and may overwrite another writer's entry.
   */
  ifVersion?: string | null | undefined;
}

/** Options of {@link SnapshotStore.delete}. */
export interface StoreDeleteOptions extends StoreReadOptions {
  /** Delete only if the entry still has this version. If omitted, the delete is unconditional. */
  ifVersion?: string | undefined;
}

/** Options of {@link SnapshotStore.list}. */
export interface StoreListOptions extends StoreReadOptions {
  /** Only keys greater than this one: the last key of the page before. */
  after?: string | undefined;
  /** Only keys smaller than this one. */
  before?: string | undefined;
  /** Most keys to return, the smallest first. Default: all. */
  limit?: number | undefined;
}

/** Options of {@link SnapshotStore.watch}. */
export interface StoreWatchOptions {
  /** Ends the watching. */
  signal: AbortSignal;
}

/** One change of a {@link SnapshotStore.putMany}. */
export interface StoreWrite {
  /** Key of the entry to change. */
  key: string;
  /** The new bytes; `null` deletes the entry. */
  bytes: Uint8Array | null;
  /** As for `put`. */
  ifVersion?: string | null | undefined;
}

/**
 * A place where snapshots outlive their process. Implementations: `fermata-vm/stores/memory`, `/file`, `/indexeddb`,
 * `/fetch`, `/sqlite`, `/postgres`, `/durable-object`, `/d1`, `/r2`, `/deno-kv`,
 * `/redis`. Write your own by implementing this interface; `tests/stores/contract.ts` specifies it precisely.
 *
 * Keys are non-empty well-formed strings of at most {@link MAX_KEY_LENGTH} UTF-16 units, except `.` and `..`. Any
 * character is allowed; `/` has no meaning beyond being usable in a prefix.
 *
 * @throws StoreConflictError from `put` and `delete` if `ifVersion` does not match; nothing has changed then
 * @throws StoreError for every other failure
 */
export interface SnapshotStore {
  /** Reads an entry; `undefined` if there is no such entry. */
  get(key: string, options?: StoreReadOptions): Promise<StoredSnapshot | undefined>;
  /** Writes an entry and returns its new version. When it resolves, the bytes are as durable as the store can make them. */
  put(key: string, bytes: Uint8Array, options?: StorePutOptions): Promise<string>;
  /** Removes an entry. A missing entry is not an error, unless `ifVersion` was given. */
  delete(key: string, options?: StoreDeleteOptions): Promise<void>;
  /** Lists the keys that begin with `prefix` (default: all), sorted by UTF-16 units. */
  list(prefix?: string, options?: StoreListOptions): Promise<string[]>;
  /**
   * Makes all changes or none, as one commit, and returns the new versions (`null` for a deletion). The keys must differ. A store
   * whose engine has no transactions leaves this out.
   */
  putMany?(writes: readonly StoreWrite[], options?: StoreReadOptions): Promise<(string | null)[]>;
  /**
   * Calls back soon after entries whose keys begin with `prefix` were changed, by this handle or by another. It is a hint: changes may
   * be told late, together, twice or not at all. Resolves once it watches. A store whose engine does not tell leaves this out.
   */
  watch?(prefix: string, onChange: () => void, options: StoreWatchOptions): Promise<void>;
  /**
   * Whether `ifVersion` is honoured by an atomic compare-and-set. `false` says that the engine cannot do that: such a store may cache, and
   * is refused wherever a lost race would do harm. Left out: not stated, so those who depend on it try it out.
   */
  readonly conditional?: boolean;
}

/** Longest key that every store accepts, in UTF-16 units. */
export const MAX_KEY_LENGTH = 512;

// Lone surrogates cannot be written in a URL or as UTF-8, so two stores would disagree about such a key.
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Rejects a key that some store could not hold, so that a program does not discover this only when it changes stores.
 *
 * @throws StoreError naming the key
 */
export function assertKey(operation: StoreOperation, key: string): void {
  let problem: string | undefined;
  if (typeof key !== "string") problem = `must be a string, not ${typeof key}`;
  else if (key === "") problem = "must not be empty";
  else if (key === "." || key === "..") problem = "must not be a dot segment, which URLs swallow";
  else if (key.length > MAX_KEY_LENGTH) problem = `must have at most ${MAX_KEY_LENGTH} characters, has ${key.length}`;
  else if (LONE_SURROGATE.test(key)) problem = "must not hold a lone surrogate";
  if (problem !== undefined) throw new StoreError(`store key ${problem}`, { operation, key });
}

/** The error of an operation that failed in a place: a folder, a table, a database. */
export function storeFailure(operation: StoreOperation, key: string, place: string, error: unknown): StoreError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError(`cannot ${operation} in ${place}: ${reason}`, { operation, key, cause: error });
}

/**
 * Does the work of an operation unless it is aborted.
 *
 * @throws StoreError that names the place, or the signal's reason
 */
export async function perform<T>(
  operation: StoreOperation,
  key: string,
  signal: AbortSignal | undefined,
  place: string,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError || (signal?.aborted && error === signal.reason)) throw error;
    throw storeFailure(operation, key, place, error);
  }
}

/** Copies the bytes into a buffer of their own: a view may be backed by a large, shared or growing buffer (a Wasm memory). */
export function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy;
}

/** Selects a page of sorted keys, for stores whose engine cannot. */
export function pageOf(keys: string[], { after, before, limit }: StoreListOptions): string[] {
  if (after === undefined && before === undefined && limit === undefined) return keys;
  const within = keys.filter((key) => (after === undefined || key > after) && (before === undefined || key < before));
  return within.slice(0, limit);
}

/**
 * Rejects bad keys, and two changes of one key, whose order engines would disagree about.
 *
 * @throws StoreError naming the key
 */
export function assertWrites(writes: readonly StoreWrite[]): void {
  const seen = new Set<string>();
  for (const { key } of writes) {
    assertKey("put", key);
    if (seen.has(key)) throw new StoreError("putMany changes one key twice", { operation: "put", key });
    seen.add(key);
  }
}

/** Sorts keys in place by UTF-16 units, as `list` promises. */
export function sortKeys(keys: string[]): string[] {
  return keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
