// Owns the store in an R2 bucket. R2 compares etags, and equal bytes have equal etags: so every object begins with a nonce. It deletes
// without asking: so an entry is first replaced, conditionally, by a mark that says it is being deleted. Must never write or delete an
// entry in any other way.
//
// R2 takes one write a second for each key, and refuses the others with an error; those are made again, so a run that writes its record
// often goes on slowly here.

import { joinBytes } from "../bytes/join.ts";
import { sha256 } from "../bytes/sha256.ts";
import { StoreConflictError, type StoreOperation } from "../errors.ts";
import { decodeKey, encodeKey } from "./ordered-key.ts";
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

/* oxlint-disable typescript/no-explicit-any -- the platform's own types are not imported */

interface Meta {
  readonly key: string;
  readonly etag: string;
  readonly customMetadata?: Record<string, string> | undefined;
}

/** A bucket, as the platform gives it: `env.BUCKET`. */
export interface R2BucketLike {
  /** Reads an object; null if it is not there. */
  get(key: string): Promise<(Meta & { arrayBuffer(): Promise<ArrayBuffer> }) | null>;
  /** Reads an object's name, etag and metadata. */
  head(key: string): Promise<Meta | null>;
  /** Writes an object; null if the condition in the options failed. */
  put(key: string, value: any, options?: any): Promise<Meta | null>;
  /** Removes an object. */
  delete(key: string): Promise<void>;
  /** Lists a page of objects. */
  list(options?: any): Promise<{ objects: Meta[]; truncated: boolean; cursor?: string | undefined }>;
}

/** Options of {@link R2Store}. */
export interface R2StoreOptions {
  /** Beginning of the names of all objects. Default `"fermata/"`. */
  prefix?: string | undefined;
  /** How often a write is made again that R2 refused because the key was written a moment ago. Default 6. */
  attempts?: number | undefined;
}

const NONCE_BYTES = 16;
/** A name has at most 1,024 bytes of UTF-8; longer ones are cut here, and told apart by a hash. */
const NAME_BYTES = 700;
/** A mark holds writers off for so long; the writer that set it deletes within the first part of that time, or not at all. */
const MARK_MS = 30_000;
const DELETE_WITHIN_MS = 3000;

const encoder = new TextEncoder();

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A key as metadata may have it: they are ASCII, and with their names have at most 2,048 bytes. */
function textOf(key: string): string {
  let bytes = "";
  for (let i = 0; i < key.length; i++) bytes += String.fromCharCode(key.charCodeAt(i) >> 8, key.charCodeAt(i) & 0xff);
  return btoa(bytes);
}

function keyOf(text: string): string {
  const bytes = atob(text);
  let key = "";
  for (let i = 0; i < bytes.length; i += 2)
    key += String.fromCharCode((bytes.charCodeAt(i) << 8) | bytes.charCodeAt(i + 1));
  return key;
}

/** When the mark of an entry that is being deleted ends; undefined for an entry. */
function markOf(meta: Meta): number | undefined {
  const until = meta.customMetadata?.["deletedUntil"];
  return until === undefined ? undefined : Number(until);
}

function isRefused(error: unknown): boolean {
  return /\b(429|10058|10043)\b|rate/i.test(String((error as { message?: unknown } | null)?.message ?? error));
}

/** Keeps snapshots in an R2 bucket: `new R2Store(env.BUCKET)`. */
export class R2Store implements SnapshotStore {
  readonly conditional = true;
  readonly #bucket: R2BucketLike;
  readonly #prefix: string;
  readonly #attempts: number;

  /** Reads and writes nothing yet. */
  constructor(bucket: R2BucketLike, options: R2StoreOptions = {}) {
    this.#bucket = bucket;
    this.#prefix = options.prefix ?? "fermata/";
    this.#attempts = options.attempts ?? 6;
  }

  get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    return this.#perform("get", key, options.signal, async () => {
      assertKey("get", key);
      const object = await this.#bucket.get(this.#name(key));
      if (object === null || markOf(object) !== undefined) return undefined;
      return { bytes: new Uint8Array((await object.arrayBuffer()).slice(NONCE_BYTES)), version: object.etag };
    });
  }

  async put(key: string, bytes: Uint8Array, options: StorePutOptions = {}): Promise<string> {
    const copy = copyBytes(bytes);
    return this.#perform("put", key, options.signal, async () => {
      assertKey("put", key);
      const { ifVersion } = options;
      if (typeof ifVersion === "string") {
        const etag = await this.#write(key, copy, { etagMatches: ifVersion });
        return etag ?? this.#lose("put", key, ifVersion);
      }
      for (;;) {
        const there = await this.#settled(key);
        const isEntry = there !== null && markOf(there) === undefined;
        if (isEntry && ifVersion === null) throw conflict("put", key, null, there.etag);
        const etag = await this.#write(
          key,
          copy,
          there === null ? { etagDoesNotMatch: "*" } : { etagMatches: there.etag },
        );
        if (etag !== undefined) return etag;
      }
    });
  }

  delete(key: string, options: StoreDeleteOptions = {}): Promise<void> {
    return this.#perform("delete", key, options.signal, async () => {
      assertKey("delete", key);
      const { ifVersion } = options;
      for (;;) {
        const there = ifVersion === undefined ? await this.#bucket.head(this.#name(key)) : undefined;
        if (there === null || (there !== undefined && markOf(there) !== undefined)) return;
        const begin = Date.now();
        const marked = await this.#mark(key, ifVersion ?? there!.etag, begin + MARK_MS);
        if (!marked && ifVersion !== undefined) return void (await this.#lose("delete", key, ifVersion));
        if (!marked) continue;
        // Too late, and another may have written since: the mark stays, and reads as no entry.
        if (Date.now() - begin < DELETE_WITHIN_MS) await this.#bucket.delete(this.#name(key));
        return;
      }
    });
  }

  list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    return this.#perform("list", prefix, options.signal, async () => {
      const { after, before, limit = Infinity } = options;
      const keys: string[] = [];
      let isCut = false;
      let cursor: string | undefined;
      const start = this.#prefix + encodeKey(prefix);
      const startAfter = after === undefined ? undefined : this.#prefix + encodeKey(after);
      const isPlain =
        encoder.encode(startAfter ?? "").length <= NAME_BYTES && encoder.encode(start).length <= NAME_BYTES;
      for (;;) {
        const page = await this.#bucket.list({
          prefix: isPlain ? start : this.#prefix,
          ...(cursor === undefined
            ? isPlain && startAfter !== undefined && startAfter > start
              ? { startAfter }
              : {}
            : { cursor }),
          include: ["customMetadata"],
        });
        for (const object of page.objects) {
          if (markOf(object) !== undefined) continue;
          const whole = object.customMetadata?.["key"];
          const key = whole === undefined ? decodeKey(object.key.slice(this.#prefix.length)) : keyOf(whole);
          isCut ||= whole !== undefined;
          if (key.startsWith(prefix)) keys.push(key);
        }
        const last = keys.at(-1);
        const isEnough =
          !isCut && (keys.length >= limit || (before !== undefined && last !== undefined && last >= before));
        if (!page.truncated || isEnough) return pageOf(sortKeys(keys), options);
        cursor = page.cursor;
      }
    });
  }

  #name(key: string): string {
    const name = this.#prefix + encodeKey(key);
    if (encoder.encode(name).length <= NAME_BYTES) return name;
    let length = name.length;
    while (encoder.encode(name.slice(0, length)).length > NAME_BYTES) length--;
    return `${name.slice(0, length)}~${sha256(encoder.encode(name))}`;
  }

  /** The value of a key, after waiting for one who is deleting there. */
  async #settled(key: string): Promise<Meta | null> {
    for (;;) {
      const there = await this.#bucket.head(this.#name(key));
      const until = there === null ? undefined : markOf(there);
      if (until === undefined || until <= Date.now()) return there;
      await pause(50);
    }
  }

  /** Writes if the condition holds; returns the new etag. */
  async #write(key: string, bytes: Uint8Array, onlyIf: object, more: object = {}): Promise<string | undefined> {
    const name = this.#name(key);
    const whole = name === this.#prefix + encodeKey(key) ? {} : { key: textOf(key) };
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const object = joinBytes([nonce, bytes]);
    for (let left = this.#attempts; ; left--) {
      try {
        const done = await this.#bucket.put(name, object, { onlyIf, customMetadata: { ...whole, ...more } });
        return done?.etag;
      } catch (error) {
        if (left <= 1 || !isRefused(error)) throw error;
        await pause(1000 + 500 * Math.random());
      }
    }
  }

  async #mark(key: string, etag: string, until: number): Promise<boolean> {
    const done = await this.#write(key, new Uint8Array(), { etagMatches: etag }, { deletedUntil: String(until) });
    return done !== undefined;
  }

  async #lose(operation: "put" | "delete", key: string, expected: string): Promise<never> {
    const there = await this.#bucket.head(this.#name(key));
    throw conflict(operation, key, expected, there === null || markOf(there) !== undefined ? null : there.etag);
  }

  #perform<T>(
    operation: StoreOperation,
    key: string,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    return perform(operation, key, signal, `R2 below ${JSON.stringify(this.#prefix)}`, work);
  }
}

function conflict(operation: "put" | "delete", key: string, expected: string | null, actual: string | null) {
  return new StoreConflictError({ operation, key, expected, actual });
}
