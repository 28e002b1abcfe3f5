// Owns the operations that are alike in all stores whose engine makes many changes at once, or none: an entry that is put or deleted is
// a batch of one. Must never know an engine.

import type { StoreOperation } from "../errors.ts";
import {
  assertKey,
  assertWrites,
  copyBytes,
  perform,
  type StoreDeleteOptions,
  type StorePutOptions,
  type StoreReadOptions,
  type StoreWrite,
} from "./store.ts";

/** A change whose bytes are the store's own: the caller may write over those that it gave. */
export interface BatchWrite extends StoreWrite {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
}

const ownWrite = (write: StoreWrite): BatchWrite => ({ ...write, bytes: write.bytes && copyBytes(write.bytes) });

/** Base of stores that write in batches. */
export abstract class BatchStore {
  /** Conditions of writes hold. */
  readonly conditional = true;

  /** Where the entries are, for errors. @internal */
  protected abstract readonly place: string;

  /**
   * Makes all changes or none, and returns the new versions; null for a deleted entry.
   *
   * @throws StoreConflictError
   * @internal
   */
  protected abstract write(writes: readonly BatchWrite[]): Promise<(string | null)[]>;

  /** Makes the engine ready. Called before each operation. @internal */
  protected async prepare(): Promise<void> {}

  /** Does the work of an operation on the engine, unless it is aborted. @internal */
  protected perform<T>(
    operation: StoreOperation,
    key: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    return perform(operation, key, signal, this.place, async () => {
      await this.prepare();
      signal?.throwIfAborted();
      return work();
    });
  }

  async put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    const write = ownWrite({ key, bytes, ifVersion: options.ifVersion });
    return this.perform("put", key, options.signal, async () => {
      assertKey("put", key);
      return (await this.write([write]))[0]!;
    });
  }

  delete(key: string, options: StoreDeleteOptions = {}): Promise<void> {
    return this.perform("delete", key, options.signal, async () => {
      assertKey("delete", key);
      await this.write([{ key, bytes: null, ifVersion: options.ifVersion }]);
    });
  }

  async putMany(writes: readonly StoreWrite[], options: StoreReadOptions = {}): Promise<(string | null)[]> {
    assertWrites(writes);
    if (writes.length === 0) return [];
    const own = writes.map(ownWrite);
    return this.perform("put", own[0]!.key, options.signal, () => this.write(own));
  }
}
