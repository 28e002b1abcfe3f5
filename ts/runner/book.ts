// Owns the records of runs in a store: reading, the one conditional write by which a run moves on, its index entries and its events.
// Must never write a record without the version it was read with: that version is the fence between workers.

import { RunError, StoreConflictError } from "../errors.ts";
import { pageOf, type SnapshotStore, type StoreListOptions, type StoreWrite } from "../stores/store.ts";
import { type EventData, inOrder, isFull, numbered, type RunEvent } from "./events.ts";
import type { Places } from "./places.ts";
import { decodeEvents, decodeRecord, encodeEvents, encodeRecord, type RunHead, type RunRecord } from "./record.ts";
import type { RunKey } from "./types.ts";

/** A record with the version under which it was found. */
export interface Stored extends RunRecord {
  readonly version: string;
}

/** A change of a record; its events get their numbers in the commit. */
export interface Change {
  readonly head: Omit<RunHead, "generation" | "updatedAt" | "keyId">;
  readonly body: RunRecord["body"];
  readonly snapshot: Uint8Array;
  readonly events: readonly EventData[];
}

/** An index entry for a record that does not exist counts as orphaned after this many milliseconds. */
const ORPHAN_MS = 600_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Index entries say by which commit, and when, they were made. */
function mark(generation: number, now: number): Uint8Array {
  return encoder.encode(`${generation} ${now}`);
}

function readMark(bytes: Uint8Array): { readonly generation: number; readonly at: number } {
  const [generation = 0, at = 0] = decoder.decode(bytes).split(" ").map(Number);
  return { generation, at };
}

/** The runs in a store. */
export class Book {
  readonly store: SnapshotStore;
  readonly places: Places;
  readonly #keys: readonly RunKey[];
  readonly #now: () => number;
  #tried: Promise<void> | undefined;

  constructor(store: SnapshotStore, places: Places, keys: readonly RunKey[], now: () => number) {
    for (const method of ["get", "put", "delete", "list"] as const) {
      if (typeof store?.[method] !== "function")
        throw new RunError("store", `the runner's store has no ${method}: it must be a SnapshotStore`);
    }
    if (store.conditional === false) throw noCompareAndSet();
    this.store = store;
    this.places = places;
    this.#keys = keys;
    this.#now = now;
  }

  /** Tries, once, whether a store that does not state it compares before it sets. */
  #tryStore(): Promise<void> {
    if (this.store.conditional === true) return Promise.resolve();
    this.#tried ??= this.#probe().catch((error: unknown) => {
      this.#tried = undefined;
      throw error;
    });
    return this.#tried;
  }

  async #probe(): Promise<void> {
    const key = this.places.trial + crypto.randomUUID();
    const first = await this.store.put(key, mark(0, 0), { ifVersion: null });
    const outcomes = await Promise.allSettled([
      this.store.put(key, mark(0, 1), { ifVersion: null }),
      this.store.put(key, mark(0, 2), { ifVersion: `not ${first}` }),
    ]);
    await this.store.delete(key);
    const isRefused = outcomes.every((one) => one.status === "rejected" && one.reason instanceof StoreConflictError);
    if (!isRefused) throw noCompareAndSet();
  }

  /** Reads a run; undefined if there is no such run. */
  async find(tenant: string, run: string): Promise<Stored | undefined> {
    const entry = await this.store.get(this.places.record(tenant, run));
    if (entry === undefined) return undefined;
    return { ...decodeRecord(entry.bytes, tenant, run, this.#keys), version: entry.version };
  }

  /**
   * Reads a run.
   *
   * @throws RunError if there is no such run
   */
  async read(tenant: string, run: string): Promise<Stored> {
    const found = await this.find(tenant, run);
    if (found === undefined) throw new RunError("not-found", `there is no run ${run}`);
    return found;
  }

  /**
   * Moves a run on: record, index and events. `base` is what the change was made from; undefined creates the run.
   *
   * @throws StoreConflictError if another writer was first; then nothing has changed
   */
  async commit(base: Stored | undefined, change: Change): Promise<Stored> {
    await this.#tryStore();
    const now = this.#now();
    let kept = base?.body.events ?? [];
    if (base !== undefined && isFull(kept)) {
      await this.#moveOut(base, kept);
      kept = [];
    }
    const next = change.body.nextEvent;
    const record: RunRecord = {
      head: { ...change.head, generation: (base?.head.generation ?? 0) + 1, updatedAt: now, keyId: this.#keys[0]?.id },
      body: {
        ...change.body,
        events: [...kept, ...numbered(change.events, next, now)],
        nextEvent: next + change.events.length,
      },
      snapshot: change.snapshot,
    };
    const version = await this.#write(base, record);
    return { ...record, version };
  }

  async #write(base: Stored | undefined, record: RunRecord): Promise<string> {
    const { tenant, run, generation } = record.head;
    const key = this.places.record(tenant, run);
    const bytes = encodeRecord(record, this.#keys);
    const before = base === undefined ? [] : this.places.indexOf(base.head);
    const after = this.places.indexOf(record.head);
    const added = after.filter((one) => !before.includes(one));
    const gone = before.filter((one) => !after.includes(one));
    const ifVersion = base?.version ?? null;
    const entry = mark(generation, this.#now());
    if (this.store.putMany !== undefined && added.length + gone.length > 0) {
      const writes: StoreWrite[] = [
        { key, bytes, ifVersion },
        ...added.map((one) => ({ key: one, bytes: entry })),
        ...gone.map((one) => ({ key: one, bytes: null })),
      ];
      return (await this.store.putMany(writes))[0]!;
    }
    // The new entries first: one too many is found out and removed, one too few would let the run be forgotten.
    for (const one of added) await this.store.put(one, entry);
    const version = await this.store.put(key, bytes, { ifVersion });
    for (const one of gone) await this.#removeMark(one, generation);
    return version;
  }

  /** Removes an index entry, unless a later commit needs it again. */
  async #removeMark(key: string, generation: number): Promise<void> {
    const entry = await this.store.get(key);
    if (entry === undefined || readMark(entry.bytes).generation > generation) return;
    try {
      await this.store.delete(key, { ifVersion: entry.version });
    } catch (error) {
      if (!(error instanceof StoreConflictError)) throw error;
    }
  }

  /** Removes an index entry that a worker left when it ended. Must not remove one whose commit is still to come. */
  async mend(key: string, found: RunRecord | undefined): Promise<void> {
    if (found !== undefined) {
      if (!this.isIndexed(key, found)) await this.#removeMark(key, found.head.generation);
      return;
    }
    const entry = await this.store.get(key);
    if (entry === undefined || this.#now() - readMark(entry.bytes).at < ORPHAN_MS) return;
    await this.#removeMark(key, Infinity);
  }

  /** Lists keys. A store may ignore bounds that it does not know. */
  async list(prefix: string, options: StoreListOptions): Promise<string[]> {
    return pageOf(await this.store.list(prefix, options), options);
  }

  /** True if the key is an index entry that the run has now. */
  isIndexed(key: string, { head }: RunRecord): boolean {
    return this.places.indexOf(head).includes(key);
  }

  /** Removes a run and everything of it. */
  async remove(base: Stored): Promise<void> {
    const { tenant, run } = base.head;
    // The record first: nothing finds the rest without it.
    await this.store.delete(this.places.record(tenant, run), { ifVersion: base.version });
    for (const key of this.places.indexOf(base.head)) await this.store.delete(key);
    for (const key of await this.store.list(this.places.events(tenant, run))) await this.store.delete(key);
  }

  // --- events

  /** Moves committed events to an entry. Several workers may do this at once, with more or fewer of them. */
  async #moveOut({ head }: Stored, events: readonly RunEvent[]): Promise<void> {
    const { tenant, run } = head;
    for (let rest = events; rest.length > 0;) {
      const key = this.places.events(tenant, run, rest[0]!.seq);
      try {
        await this.store.put(key, encodeEvents(rest, head, this.#keys), { ifVersion: null });
        return;
      } catch (error) {
        if (!(error instanceof StoreConflictError)) throw error;
        const there = await this.#readEvents(tenant, run, key);
        const last = there.at(-1)?.seq ?? rest[0]!.seq - 1;
        rest = rest.filter(({ seq }) => seq > last);
      }
    }
  }

  async #readEvents(tenant: string, run: string, key: string): Promise<RunEvent[]> {
    const entry = await this.store.get(key);
    return entry === undefined ? [] : decodeEvents(entry.bytes, tenant, run, this.#keys);
  }

  /** The events of a run with numbers greater than `after`. */
  async events(tenant: string, run: string, after: number): Promise<RunEvent[]> {
    // The record first: events that are moved out meanwhile are then seen twice, never missed.
    const { body } = await this.read(tenant, run);
    const found: RunEvent[] = [...body.events];
    if ((body.events[0]?.seq ?? body.nextEvent) > after + 1) {
      const keys = await this.store.list(this.places.events(tenant, run));
      const from = keys.findLastIndex((key) => this.places.seqOf(key) <= after + 1);
      for (const key of keys.slice(Math.max(0, from))) found.push(...(await this.#readEvents(tenant, run, key)));
    }
    return inOrder(found, after);
  }
}

function noCompareAndSet(): RunError {
  return new RunError(
    "store",
    "the runner's store has no compare-and-set: two workers would go on with one run, and each call would be made twice. " +
      "Use a store that honours ifVersion (fermata-vm/stores/…), and this one only as a cache",
  );
}
