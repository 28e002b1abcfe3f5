// Owns the store in a folder: one file per entry, holding exactly the bytes given.
//
// A reader must never see half a write, and a crash at any moment leaves the old bytes or the new ones. Writers in other
// processes are held off by a lock file for each entry; see file-lock.ts.

import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, unlink, type FileHandle } from "node:fs/promises";
import { join, resolve } from "node:path";
import { StoreConflictError, StoreError } from "../errors.ts";
import { acquireLock, codeOf, type HeldLock } from "./file-lock.ts";
import { isHashedName, KEY_ENDING, keyOfName, nameOfKey, SNAPSHOT_ENDING } from "./file-names.ts";
import {
  assertKey,
  copyBytes,
  pageOf,
  perform,
  type SnapshotStore,
  sortKeys,
  type StoreDeleteOptions,
  type StoredSnapshot,
  type StoreListOptions,
  type StorePutOptions,
  type StoreReadOptions,
} from "./store.ts";

export type { SnapshotStore, StoreDeleteOptions, StoredSnapshot, StorePutOptions, StoreReadOptions } from "./store.ts";

/** Options of {@link FileStore}. */
export interface FileStoreOptions {
  /** How long `put` and `delete` wait for another writer of the same key, in ms. Default 5000. */
  lockWaitMs?: number | undefined;
  /**
   * Age in ms from which a lock counts as abandoned if its owner cannot be checked (it ran on another machine). Default
   * 30000. The lock of a crashed process of this machine is recognised at once.
   */
  lockStaleMs?: number | undefined;
  /** Whether to wait until the disk has the bytes. Default true; false survives a crashed process, not a power cut. */
  fsync?: boolean | undefined;
}

/**
 * Keeps snapshots as files named after their keys, with the ending `.snapshot`. Any number of processes may share the
 * folder, as long as its file system has exclusive creation and atomic rename (local ones do, NFS from version 3 on).
 */
export class FileStore implements SnapshotStore {
  readonly conditional = true;
  /** Absolute path of the folder. The folder is created at the first write. */
  readonly folder: string;
  readonly #lockWaitMs: number;
  readonly #lockStaleMs: number;
  readonly #fsync: boolean;

  /** @param folder path of the folder, absolute or relative to the working directory; nothing is read or made yet */
  constructor(folder: string, options: FileStoreOptions = {}) {
    this.folder = resolve(folder);
    this.#lockWaitMs = options.lockWaitMs ?? 5000;
    this.#lockStaleMs = options.lockStaleMs ?? 30_000;
    this.#fsync = options.fsync ?? true;
  }

  get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    return perform("get", key, options.signal, this.folder, async () => {
      assertKey("get", key);
      return readEntry(this.#path(key));
    });
  }

  put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    return perform("put", key, options.signal, this.folder, async () => {
      assertKey("put", key);
      // Copied now, because the caller may change its buffer during the wait.
      const copy = copyBytes(bytes);
      await mkdir(this.folder, { recursive: true });
      return this.#whileLocked("put", key, options.signal, async (lock) => {
        const current = await this.#expect("put", key, options.ifVersion);
        if (isHashedName(nameOfKey(key)))
          await this.#replace(`${this.#base(key)}${KEY_ENDING}`, Buffer.from(key), 0, lock);
        return this.#replace(this.#path(key), copy, current?.writtenNs ?? 0, lock);
      });
    });
  }

  delete(key: string, options: StoreDeleteOptions = {}): Promise<void> {
    return perform("delete", key, options.signal, this.folder, async () => {
      assertKey("delete", key);
      try {
        await this.#whileLocked("delete", key, options.signal, async (lock) => {
          await this.#expect("delete", key, options.ifVersion);
          await assertHeld(lock);
          // The entry first: a key file without an entry is harmless, but an entry without a key file would be missing from `list`.
          await removeIfThere(this.#path(key));
          await removeIfThere(`${this.#base(key)}${KEY_ENDING}`);
          await this.#syncFolder();
        });
      } catch (error) {
        // No folder, so no entry either, and no lock could be made.
        if (codeOf(error) !== "ENOENT") throw error;
        if (options.ifVersion !== undefined) {
          throw new StoreConflictError({ operation: "delete", key, expected: options.ifVersion, actual: null });
        }
      }
    });
  }

  list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    return perform("list", prefix, options.signal, this.folder, async () => {
      const files = await readdir(this.folder).catch((error: unknown) => {
        if (codeOf(error) === "ENOENT") return [];
        throw error;
      });
      const keys: string[] = [];
      for (const file of files) {
        if (!file.endsWith(SNAPSHOT_ENDING)) continue;
        const name = file.slice(0, -SNAPSHOT_ENDING.length);
        const key = isHashedName(name) ? await this.#readKey(name) : keyOfName(name);
        if (key?.startsWith(prefix)) keys.push(key);
      }
      return pageOf(sortKeys(keys), options);
    });
  }

  #base(key: string): string {
    return join(this.folder, nameOfKey(key));
  }

  #path(key: string): string {
    return this.#base(key) + SNAPSHOT_ENDING;
  }

  async #readKey(name: string): Promise<string | undefined> {
    try {
      const key = await readFile(join(this.folder, name + KEY_ENDING), "utf8");
      return nameOfKey(key) === name ? key : undefined;
    } catch (error) {
      // Deleted since the folder was read.
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  async #expect(
    operation: "put" | "delete",
    key: string,
    expected: string | null | undefined,
  ): Promise<Entry | undefined> {
    const current = await readEntry(this.#path(key));
    const actual = current?.version ?? null;
    if (expected !== undefined && expected !== actual)
      throw new StoreConflictError({ operation, key, expected, actual });
    return current;
  }

  /** Writes a file atomically. Returns its version. */
  async #replace(path: string, bytes: Uint8Array, previousNs: bigint | 0, lock: HeldLock): Promise<string> {
    const temporary = `${path}.${randomUUID()}.tmp`;
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      // The time is part of the version, and a file system's own clock may not advance between two quick writes.
      const microseconds = Math.max(now(), Math.floor(Number(previousNs) / 1000) + 1);
      await file.utimes(microseconds / 1e6, microseconds / 1e6);
      if (this.#fsync) await file.sync();
      const version = await versionOf(file, bytes);
      await file.close();
      await assertHeld(lock);
      await rename(temporary, path);
      await this.#syncFolder();
      return version;
    } catch (error) {
      await file.close().catch(() => undefined);
      await removeIfThere(temporary);
      throw error;
    }
  }

  /** Makes a rename or removal durable, where folders can be synced. */
  async #syncFolder(): Promise<void> {
    if (!this.#fsync || process.platform === "win32") return;
    const folder = await open(this.folder, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async #whileLocked<T>(
    operation: "put" | "delete",
    key: string,
    signal: AbortSignal | undefined,
    work: (lock: HeldLock) => Promise<T>,
  ): Promise<T> {
    const path = `${this.#base(key)}.lock`;
    const lock = await acquireLock(path, { waitMs: this.#lockWaitMs, staleMs: this.#lockStaleMs, signal });
    if (lock === undefined) {
      throw new StoreError(`another writer has held ${path} for ${this.#lockWaitMs} ms`, { operation, key });
    }
    try {
      if (lock.brokeAnother) await this.#removeTemporaries(key);
      return await work(lock);
    } finally {
      await lock.release();
    }
  }

  /** Removes temporary files that a crashed writer of this entry left. Only under its lock: otherwise a file may still be in use. */
  async #removeTemporaries(key: string): Promise<void> {
    const beginning = `${nameOfKey(key)}.`;
    for (const file of await readdir(this.folder)) {
      if (file.startsWith(beginning) && file.endsWith(".tmp")) await removeIfThere(join(this.folder, file));
    }
  }
}

interface Entry extends StoredSnapshot {
  writtenNs: bigint;
}

async function readEntry(path: string): Promise<Entry | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    // An open file is always a single write: a rename replaces the entry by another file and leaves this one unchanged.
    const bytes = copyBytes(await file.readFile());
    const { mtimeNs } = await file.stat({ bigint: true });
    return { bytes, version: await versionOf(file, bytes), writtenNs: mtimeNs };
  } finally {
    await file.close();
  }
}

/** Time of the write and digest of the bytes: the version also changes if another program replaces the file. */
async function versionOf(file: FileHandle, bytes: Uint8Array): Promise<string> {
  const { mtimeNs } = await file.stat({ bigint: true });
  return `${mtimeNs.toString(36)}-${createHash("sha256").update(bytes).digest("hex").slice(0, 24)}`;
}

/** Microseconds since 1970, never repeated in this process. */
let lastNow = 0;
function now(): number {
  lastNow = Math.max(Math.floor((performance.timeOrigin + performance.now()) * 1000), lastNow + 1);
  return lastNow;
}

async function assertHeld(lock: HeldLock): Promise<void> {
  if (!(await lock.isHeld())) throw new Error("slept for so long that another writer took over the lock");
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
}
