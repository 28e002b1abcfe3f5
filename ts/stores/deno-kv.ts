// Owns the store in Deno KV. A value there has at most 64 KiB, so a large entry is a head and parts; the head's versionstamp is what
// every write is checked against. Must never let a head name parts that another writer may remove.

import { joinBytes } from "../bytes/join.ts";
import { StoreConflictError } from "../errors.ts";
import { BatchStore, type BatchWrite } from "./batch-store.ts";
import {
  assertKey,
  copyBytes,
  type SnapshotStore,
  type StoredSnapshot,
  type StoreListOptions,
  type StoreReadOptions,
  type StoreWatchOptions,
} from "./store.ts";

/* oxlint-disable typescript/no-explicit-any -- Deno's own types are not imported */

interface Entry {
  readonly key: readonly any[];
  readonly value: unknown;
  readonly versionstamp: string | null;
}

interface Atomic {
  check(...checks: { key: any; versionstamp: string | null }[]): Atomic;
  set(key: any, value: unknown): Atomic;
  delete(key: any): Atomic;
  commit(): Promise<{ ok: boolean; versionstamp?: string }>;
}

/** A database as `Deno.openKv` gives it, or the package `@deno/kv`. */
export interface DenoKvLike {
  /** Reads an entry. */
  get(key: any): Promise<Entry>;
  /** Reads at most 10 entries at one moment. */
  getMany(keys: any): Promise<any>;
  /** Lists entries in the order of their keys. */
  list(selector: any, options?: any): AsyncIterableIterator<Entry>;
  /** Removes an entry. */
  delete(key: any): Promise<void>;
  /** Begins a commit: all of its changes are made, or none if a check fails. */
  atomic(): Atomic;
  /** Tells of changes of entries; used only with `notify`. */
  watch(keys: any): ReadableStream<any>;
}

/** Options of {@link DenoKvStore}. */
export interface DenoKvStoreOptions {
  /** First part of every key, so that the database can have other things too. Default `"fermata"`. */
  root?: string | undefined;
  /** Raises a counter with each write, so that `watch` of other processes hears of it. Default false. */
  notify?: boolean | undefined;
}

/** Bytes of a part: 64 KiB less what its encoding takes. */
const PART_BYTES = 60_000;
/** Bytes that a commit may have: 800 KiB less its keys. */
const COMMIT_BYTES = 700_000;
/** Keys of a `getMany`. */
const MANY = 10;
/** Parts that nothing has named for so long are those of a writer that ended. */
const ORPHAN_MS = 3_600_000;

/** The value under the key of an entry. */
interface Head {
  readonly bytes: Uint8Array;
  /** Name of the parts that follow, and their number. */
  readonly parts?: string;
  readonly count?: number;
}

interface Found {
  readonly head: Head | undefined;
  readonly versionstamp: string | null;
}

/** A key as bytes that sort as its UTF-16 units do: each unit as if it were a character of UTF-8, surrogates too. */
function keyBytes(key: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (unit < 0x80) bytes.push(unit);
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
  }
  return Uint8Array.from(bytes);
}

function keyText(bytes: Uint8Array): string {
  let key = "";
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i++]!;
    if (first < 0x80) key += String.fromCharCode(first);
    else if (first < 0xe0) key += String.fromCharCode(((first & 0x1f) << 6) | (bytes[i++]! & 0x3f));
    else key += String.fromCharCode(((first & 0x0f) << 12) | ((bytes[i++]! & 0x3f) << 6) | (bytes[i++]! & 0x3f));
  }
  return key;
}

/** Smaller than no key that begins with these bytes: no key has such a byte. */
const after = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 0xff);
/** The next key in order. */
const next = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 0);

function isLess(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return a.length < b.length;
}

/** What another process that has the database file open may cause; nothing was done then. */
const LOCKED = /database is locked/;
const MAX_ATTEMPTS = 60;

/** Does it again while another process has locked the file of a local database. */
async function unlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let left = MAX_ATTEMPTS; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !LOCKED.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 + 45 * Math.random()));
    }
  }
}

/** A write with the value to be stored. */
interface Plan extends BatchWrite {
  readonly name: string;
  readonly count: number;
}

function planOf(write: BatchWrite): Plan {
  const { bytes } = write;
  const count = bytes === null || bytes.length <= PART_BYTES ? 0 : Math.ceil(bytes.length / PART_BYTES) - 1;
  return { ...write, count, name: count === 0 ? "" : `${Date.now()}-${crypto.randomUUID()}` };
}

/** Keeps snapshots in Deno KV: `new DenoKvStore(await Deno.openKv())`. */
export class DenoKvStore extends BatchStore implements SnapshotStore {
  readonly #kv: DenoKvLike;
  readonly #root: string;
  readonly #notify: boolean;

  /** @param kv stays the caller's: the store never closes it */
  constructor(kv: DenoKvLike, options: DenoKvStoreOptions = {}) {
    super();
    this.#kv = kv;
    this.#root = options.root ?? "fermata";
    this.#notify = options.notify ?? false;
  }

  get(key: string, options: StoreReadOptions = {}): Promise<StoredSnapshot | undefined> {
    return this.perform("get", key, options.signal, async () => {
      assertKey("get", key);
      for (;;) {
        const { head, versionstamp } = await this.#find(key);
        if (head === undefined) return undefined;
        const bytes = await this.#joined(key, head);
        // Written anew between the two reads: read again.
        if (bytes !== undefined) return { bytes, version: versionstamp! };
      }
    });
  }

  list(prefix = "", options: StoreListOptions = {}): Promise<string[]> {
    return this.perform("list", prefix, options.signal, async () => {
      let start = keyBytes(prefix);
      let end = after(start);
      if (options.after !== undefined) {
        const bound = next(keyBytes(options.after));
        if (isLess(start, bound)) start = bound;
      }
      if (options.before !== undefined) {
        const bound = keyBytes(options.before);
        if (isLess(bound, end)) end = bound;
      }
      if (!isLess(start, end) || options.limit === 0) return [];
      const selector = { start: [this.#root, "head", start], end: [this.#root, "head", end] };
      const keys: string[] = [];
      for await (const entry of this.#kv.list(selector, { limit: options.limit }))
        keys.push(keyText(entry.key.at(-1) as Uint8Array));
      return keys;
    });
  }

  /** Hears of writes by stores with `notify: true`, of whatever prefix. */
  async watch(_prefix: string, onChange: () => void, { signal }: StoreWatchOptions): Promise<void> {
    signal.throwIfAborted();
    const reader = this.#kv.watch([[this.#root, "writes"]]).getReader();
    signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined), { once: true });
    // The first value is the present one.
    await reader.read();
    void (async () => {
      while (!(await reader.read()).done) if (!signal.aborted) onChange();
    })().catch(() => undefined);
  }

  // --- reading

  #headKey(key: string): unknown[] {
    return [this.#root, "head", keyBytes(key)];
  }

  #partKey(key: string, name: string, part: number): unknown[] {
    return [this.#root, "part", keyBytes(key), name, part];
  }

  async #find(key: string): Promise<Found> {
    const { value, versionstamp } = await unlocked(() => this.#kv.get(this.#headKey(key)));
    return { head: (value ?? undefined) as Head | undefined, versionstamp };
  }

  async #findAll(plans: readonly Plan[]): Promise<Found[]> {
    const found: Found[] = [];
    for (let at = 0; at < plans.length; at += MANY) {
      const keys = plans.slice(at, at + MANY).map(({ key }) => this.#headKey(key));
      for (const { value, versionstamp } of (await unlocked(() => this.#kv.getMany(keys))) as Entry[])
        found.push({ head: (value ?? undefined) as Head | undefined, versionstamp });
    }
    return found;
  }

  /** The bytes of an entry; undefined if parts of it are gone. */
  async #joined(key: string, { bytes, parts, count = 0 }: Head): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (parts === undefined) return copyBytes(bytes);
    const all: Uint8Array[] = [bytes];
    for (let at = 1; at <= count; at += MANY) {
      const keys = Array.from({ length: Math.min(MANY, count - at + 1) }, (_, i) => this.#partKey(key, parts, at + i));
      for (const { value } of (await unlocked(() => this.#kv.getMany(keys))) as Entry[]) {
        if (value === null) return undefined;
        all.push(value as Uint8Array);
      }
    }
    return joinBytes(all);
  }

  // --- writing

  /** @internal */
  protected override get place(): string {
    return `Deno KV below ${JSON.stringify(this.#root)}`;
  }

  /** @internal */
  protected override async write(writes: readonly BatchWrite[]): Promise<(string | null)[]> {
    const plans = writes.map(planOf);
    for (;;) {
      const found = await this.#findAll(plans);
      for (const [i, { key, bytes, ifVersion }] of plans.entries()) {
        const actual = found[i]!.versionstamp;
        if (ifVersion !== undefined && actual !== ifVersion)
          throw new StoreConflictError({
            operation: bytes === null ? "delete" : "put",
            key,
            expected: ifVersion,
            actual,
          });
      }
      const versionstamp = await this.#commit(plans, found);
      if (versionstamp !== undefined) return plans.map(({ bytes }) => (bytes === null ? null : versionstamp));
      // Another writer was faster: look whether what was expected still holds.
    }
  }

  /** Writes all, if nothing has changed since; undefined if something has. */
  async #commit(plans: readonly Plan[], found: readonly Found[]): Promise<string | undefined> {
    const size = plans.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
    const isLarge = size > COMMIT_BYTES;
    // What does not fit into one commit is written before it, under a name that is not known yet.
    if (isLarge) for (const plan of plans) await this.#writeParts(plan);
    const atomic = this.#kv.atomic();
    for (const [i, plan] of plans.entries()) {
      const { head, versionstamp } = found[i]!;
      const key = this.#headKey(plan.key);
      // Parts belong to the head that was read: another one must not be replaced by this.
      const isChecked = plan.ifVersion !== undefined || plan.count > 0 || head?.parts !== undefined;
      if (isChecked) atomic.check({ key, versionstamp });
      if (plan.bytes === null) atomic.delete(key);
      else if (plan.count === 0) atomic.set(key, { bytes: plan.bytes } satisfies Head);
      else {
        const first = copyBytes(plan.bytes.subarray(0, PART_BYTES));
        atomic.set(key, { bytes: first, parts: plan.name, count: plan.count } satisfies Head);
        if (!isLarge)
          for (const [part, bytes] of partsOf(plan)) atomic.set(this.#partKey(plan.key, plan.name, part), bytes);
      }
      if (head?.parts !== undefined && !isLarge)
        for (let part = 1; part <= head.count!; part++) atomic.delete(this.#partKey(plan.key, head.parts, part));
    }
    if (this.#notify) atomic.set([this.#root, "writes"], crypto.randomUUID());
    const result = await unlocked(() => atomic.commit());
    if (isLarge) for (const [i, plan] of plans.entries()) await this.#removeParts(plan, found[i]!.head, result.ok);
    return result.ok ? result.versionstamp! : undefined;
  }

  async #writeParts(plan: Plan): Promise<void> {
    let atomic = this.#kv.atomic();
    let size = 0;
    for (const [part, bytes] of partsOf(plan)) {
      if (size + bytes.length > COMMIT_BYTES) {
        const full = atomic;
        await unlocked(() => full.commit());
        [atomic, size] = [this.#kv.atomic(), 0];
      }
      atomic.set(this.#partKey(plan.key, plan.name, part), bytes);
      size += bytes.length;
    }
    if (size > 0) await unlocked(() => atomic.commit());
  }

  /** Removes parts that no head names any more: those before, our own if they were not taken, and those of writers that ended. */
  async #removeParts({ key, name, count }: Plan, before: Head | undefined, isTaken: boolean): Promise<void> {
    if (count === 0 && before?.parts === undefined) return;
    const gone = isTaken ? before?.parts : name;
    for await (const entry of this.#kv.list({ prefix: [this.#root, "part", keyBytes(key)] })) {
      const of = entry.key.at(-2) as string;
      const isOld = Date.now() - Number(of.split("-")[0]) > ORPHAN_MS && of !== name && of !== before?.parts;
      if (of === gone || (isOld && isTaken)) await unlocked(() => this.#kv.delete(entry.key));
    }
  }
}

/** The parts of a large entry but the first, which is in its head. */
function* partsOf({ bytes, count }: Plan): Generator<[number, Uint8Array]> {
  for (let part = 1; part <= count; part++)
    yield [part, copyBytes(bytes!.subarray(part * PART_BYTES, (part + 1) * PART_BYTES))];
}
