// What every snapshot store must do, as cases that run anywhere: in Node, and inside a browser page without a test
// library. A store of your own can be held to the same.

import { FermataError, StoreConflictError, StoreError } from "../../ts/errors.ts";
import { MAX_KEY_LENGTH, type SnapshotStore } from "../../ts/stores/store.ts";

/** A store under test: `open` gives another, independent handle on the same data, as another process would have. */
export interface StoreUnderTest {
  store: SnapshotStore;
  open(): SnapshotStore | Promise<SnapshotStore>;
}

export interface ContractCase {
  name: string;
  run(subject: StoreUnderTest): Promise<void>;
}

const bytesOf = (...values: number[]) => Uint8Array.from(values);

function show(value: unknown): string {
  return JSON.stringify(value instanceof Uint8Array ? Array.from(value) : value) ?? "undefined";
}

function equal(actual: unknown, expected: unknown, what: string): void {
  if (show(actual) !== show(expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`not true: ${what}`);
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection, but it resolved");
}

async function conflict(promise: Promise<unknown>, operation: "put" | "delete", key: string, expected: string | null) {
  const error = await rejection(promise);
  check(error instanceof StoreConflictError, `StoreConflictError, not ${String(error)}`);
  equal(error.code, "FERMATA_STORE_CONFLICT", "code");
  equal([error.operation, error.key, error.expected], [operation, key, expected], "fields");
  return error;
}

async function bytesAt(store: SnapshotStore, key: string): Promise<Uint8Array> {
  const entry = await store.get(key);
  check(entry !== undefined, `entry ${JSON.stringify(key)}`);
  return entry.bytes;
}

// Each of these broke, or would have broken, some way of storing entries.
const AWKWARD_KEYS = [
  "a/b/c",
  "/",
  "../../etc/passwd",
  "...",
  "a b+c&d=e?f#g",
  "100%",
  "%2F",
  "Case",
  "case",
  "CASE",
  "con",
  "nul.snapshot",
  "x.snapshot",
  "x.lock",
  "~a",
  "__proto__",
  "é",
  "e\u0301",
  "日本語",
  "🎼",
  "\u0000\u001f\u007f",
  "\ufeffmark",
  "\uffff",
  " leading and trailing ",
  "back\\slash",
  "quote\"'`",
  "l".repeat(MAX_KEY_LENGTH),
  "L".repeat(MAX_KEY_LENGTH),
  "漢".repeat(MAX_KEY_LENGTH),
];

export const storeContract: readonly ContractCase[] = [
  {
    name: "get gives undefined for what was never put",
    async run({ store }) {
      equal(await store.get("nothing"), undefined, "entry");
      equal(await store.list(), [], "keys");
    },
  },
  {
    name: "what was put is got, with the version that put returned",
    async run({ store, open }) {
      const version = await store.put("key", bytesOf(1, 2, 3));
      check(typeof version === "string" && version !== "", "a version");
      for (const handle of [store, await open()]) {
        const entry = await handle.get("key");
        equal(entry?.bytes, bytesOf(1, 2, 3), "bytes");
        check(entry?.bytes instanceof Uint8Array, "a Uint8Array");
        equal(entry.version, version, "version");
      }
    },
  },
  {
    name: "empty and large entries, all byte values",
    async run({ store }) {
      await store.put("empty", new Uint8Array());
      equal((await bytesAt(store, "empty")).length, 0, "length");
      const large = new Uint8Array(3_000_001).map((_, index) => (index * 2654435761) >>> 13);
      await store.put("large", large);
      const got = await bytesAt(store, "large");
      equal(got.length, large.length, "length");
      check(
        got.every((byte, index) => byte === large[index]),
        "the same bytes",
      );
    },
  },
  {
    name: "a view is stored without the buffer around it",
    async run({ store }) {
      const buffer = bytesOf(9, 9, 1, 2, 9, 9);
      await store.put("view", buffer.subarray(2, 4));
      const got = await bytesAt(store, "view");
      equal(got, bytesOf(1, 2), "bytes");
      equal(got.buffer.byteLength, 2, "size of the buffer");
    },
  },
  {
    name: "changing a buffer after put, or after get, changes no entry",
    async run({ store }) {
      const bytes = bytesOf(1, 2, 3);
      const putting = store.put("key", bytes);
      bytes.fill(7);
      await putting;
      bytes.fill(8);
      (await bytesAt(store, "key")).fill(9);
      equal(await bytesAt(store, "key"), bytesOf(1, 2, 3), "bytes");
    },
  },
  {
    name: "put without a condition overwrites, with a new version even for the same bytes",
    async run({ store }) {
      const versions = new Set<string>();
      for (let i = 0; i < 5; i++) versions.add(await store.put("key", bytesOf(1)));
      equal(versions.size, 5, "number of versions");
    },
  },
  {
    name: "put with the current version succeeds",
    async run({ store }) {
      const first = await store.put("key", bytesOf(1));
      const second = await store.put("key", bytesOf(2), { ifVersion: first });
      equal((await store.get("key"))?.version, second, "version");
      equal(await bytesAt(store, "key"), bytesOf(2), "bytes");
    },
  },
  {
    name: "put with an outdated version is a conflict and changes nothing",
    async run({ store }) {
      const first = await store.put("key", bytesOf(1));
      const second = await store.put("key", bytesOf(2));
      const error = await conflict(store.put("key", bytesOf(3), { ifVersion: first }), "put", "key", first);
      check(error.actual === undefined || error.actual === second, "the version found, if any is told");
      equal(await bytesAt(store, "key"), bytesOf(2), "bytes");
      equal((await store.get("key"))?.version, second, "version");
    },
  },
  {
    name: "put with a version where there is no entry is a conflict",
    async run({ store }) {
      const version = await store.put("other", bytesOf(1));
      await conflict(store.put("key", bytesOf(1), { ifVersion: version }), "put", "key", version);
      equal(await store.get("key"), undefined, "entry");
    },
  },
  {
    name: "ifVersion null creates, and only creates",
    async run({ store }) {
      await store.put("key", bytesOf(1), { ifVersion: null });
      await conflict(store.put("key", bytesOf(2), { ifVersion: null }), "put", "key", null);
      equal(await bytesAt(store, "key"), bytesOf(1), "bytes");
      await store.delete("key");
      await store.put("key", bytesOf(3), { ifVersion: null });
      equal(await bytesAt(store, "key"), bytesOf(3), "bytes");
    },
  },
  {
    name: "an entry deleted and written anew does not get an old version back",
    async run({ store }) {
      const first = await store.put("key", bytesOf(1));
      await store.delete("key");
      const second = await store.put("key", bytesOf(1));
      check(first !== second, "another version");
      await conflict(store.put("key", bytesOf(2), { ifVersion: first }), "put", "key", first);
    },
  },
  {
    name: "delete removes, and a missing entry is no error",
    async run({ store }) {
      await store.put("key", bytesOf(1));
      equal(await store.delete("key"), undefined, "result");
      equal(await store.get("key"), undefined, "entry");
      equal(await store.list(), [], "keys");
      await store.delete("key");
    },
  },
  {
    name: "delete with a version: only that one",
    async run({ store }) {
      const first = await store.put("key", bytesOf(1));
      const second = await store.put("key", bytesOf(2));
      await conflict(store.delete("key", { ifVersion: first }), "delete", "key", first);
      equal(await bytesAt(store, "key"), bytesOf(2), "bytes");
      await store.delete("key", { ifVersion: second });
      equal(await store.get("key"), undefined, "entry");
      await conflict(store.delete("key", { ifVersion: second }), "delete", "key", second);
    },
  },
  {
    name: "list gives the keys with the prefix, sorted",
    async run({ store }) {
      equal(await store.list("a"), [], "keys before the first");
      for (const key of ["b", "a/2", "a/10", "a", "ab", "A", "a/é", "\uffffx", "\uffff", "a\uffff", "a\uffffb"]) {
        await store.put(key, bytesOf(1));
      }
      equal(await store.list("a/"), ["a/10", "a/2", "a/é"], "below a/");
      equal(await store.list("a"), ["a", "a/10", "a/2", "a/é", "ab", "a\uffff", "a\uffffb"], "with a");
      equal(await store.list("\uffff"), ["\uffff", "\uffffx"], "with the last unit");
      equal(await store.list("a\uffff"), ["a\uffff", "a\uffffb"], "with a and the last unit");
      equal(await store.list("c"), [], "with c");
      equal((await store.list()).length, 11, "number of all");
      equal((await store.list(""))[0], "A", "the first of all");
    },
  },
  {
    name: "list gives a page: behind one key, before another, no more than asked for",
    async run({ store }) {
      for (const key of ["p/1", "p/2", "p/3", "p/4", "q", "o", "p/\uffff", "p/🎼"]) await store.put(key, bytesOf(1));
      equal(await store.list("p/", { limit: 2 }), ["p/1", "p/2"], "the first page");
      equal(await store.list("p/", { after: "p/2", limit: 2 }), ["p/3", "p/4"], "the second page");
      equal(await store.list("p/", { before: "p/3" }), ["p/1", "p/2"], "before a key");
      equal(await store.list("p/", { after: "p/1", before: "p/3" }), ["p/2"], "between two");
      equal(await store.list("p/", { after: "a", before: "z", limit: 1 }), ["p/1"], "bounds outside the prefix");
      equal(await store.list("p/", { after: "p/4" }), ["p/🎼", "p/\uffff"], "the last page");
      equal(await store.list("p/", { after: "z" }), [], "behind all");
      equal(await store.list("p/", { before: "a" }), [], "before all");
      equal(await store.list("p/", { limit: 0 }), [], "none");
      equal((await store.list("", { after: "p/4", limit: 9 })).length, 3, "without a prefix");
    },
  },
  {
    name: "putMany makes all changes or none (where the store has it)",
    async run({ store, open }) {
      if (store.putMany === undefined) return;
      const kept = await store.put("kept", bytesOf(1));
      const gone = await store.put("gone", bytesOf(2));
      const versions = await store.putMany([
        { key: "new", bytes: bytesOf(3), ifVersion: null },
        { key: "kept", bytes: bytesOf(4), ifVersion: kept },
        { key: "gone", bytes: null, ifVersion: gone },
        { key: "free", bytes: bytesOf(5) },
        { key: "never there", bytes: null },
      ]);
      equal(await store.list(), ["free", "kept", "new"], "keys");
      for (const [index, key] of ["new", "kept", undefined, "free"].entries()) {
        if (key === undefined) continue;
        equal((await (await open()).get(key))?.version, versions[index], `version of ${key}`);
      }
      equal(versions[2], null, "version of what was deleted");
      equal(await bytesAt(store, "kept"), bytesOf(4), "bytes");
      for (const bad of [
        { key: "kept", bytes: bytesOf(9), ifVersion: kept },
        { key: "kept", bytes: null, ifVersion: kept },
        { key: "kept", bytes: bytesOf(9), ifVersion: null },
        { key: "missing", bytes: bytesOf(9), ifVersion: kept },
      ]) {
        const writes = [{ key: "first", bytes: bytesOf(1) }, bad, { key: "free", bytes: null }];
        const error = await rejection(store.putMany(writes));
        check(error instanceof StoreConflictError, `a conflict, not ${String(error)}`);
        equal([error.key, error.expected], [bad.key, bad.ifVersion], "what the conflict is about");
        equal(await store.list(), ["free", "kept", "new"], "keys after a conflict");
        equal(await bytesAt(store, "kept"), bytesOf(4), "bytes after a conflict");
      }
      const twice = await rejection(store.putMany([bytesOf(1), bytesOf(2)].map((bytes) => ({ key: "x", bytes }))));
      check(twice instanceof StoreError && !(twice instanceof StoreConflictError), "one key twice is refused");
      equal(await store.putMany([]), [], "nothing to do");
    },
  },
  {
    name: "of many putMany at once that change the same two entries, none is half done",
    async run({ store, open }) {
      if (store.putMany === undefined) return;
      await store.put("a", bytesOf(0));
      await store.put("b", bytesOf(0));
      const raise = async (handle: SnapshotStore) => {
        for (let done = 0; done < 4;) {
          const [a, b] = [await handle.get("a"), await handle.get("b")];
          check(a !== undefined && b !== undefined, "both");
          try {
            await handle.putMany!([
              { key: "a", bytes: bytesOf(a.bytes[0]! + 1), ifVersion: a.version },
              { key: "b", bytes: bytesOf(b.bytes[0]! + 1), ifVersion: b.version },
            ]);
            done++;
          } catch (error) {
            if (!(error instanceof StoreConflictError)) throw error;
          }
        }
      };
      await Promise.all([raise(store), raise(await open()), raise(await open())]);
      equal([(await bytesAt(store, "a"))[0], (await bytesAt(store, "b"))[0]], [12, 12], "counts");
    },
  },
  {
    name: "any key holds its own entry",
    async run({ store, open }) {
      for (const [index, key] of AWKWARD_KEYS.entries()) await store.put(key, bytesOf(index), { ifVersion: null });
      const other = await open();
      for (const [index, key] of AWKWARD_KEYS.entries()) {
        equal(await bytesAt(other, key), bytesOf(index), `bytes of ${JSON.stringify(key)}`);
      }
      const inOrder = [...AWKWARD_KEYS].sort((a, b) => (a < b ? -1 : 1));
      equal(await other.list(), inOrder, "keys");
      for (const key of AWKWARD_KEYS) await other.delete(key);
      equal(await store.list(), [], "keys at the end");
    },
  },
  {
    name: "keys that no store can hold are refused by all of them",
    async run({ store }) {
      for (const key of ["", ".", "..", "\ud800", "a\udc00b", "x".repeat(MAX_KEY_LENGTH + 1), 7 as unknown as string]) {
        for (const use of [store.get(key), store.put(key, bytesOf(1)), store.delete(key)]) {
          const error = await rejection(use);
          check(error instanceof StoreError && !(error instanceof StoreConflictError), `StoreError for ${String(key)}`);
          check(error instanceof FermataError && error.code === "FERMATA_STORE", "its code");
        }
      }
    },
  },
  {
    name: "of many who create at once, one wins",
    async run({ store, open }) {
      const handles = [store, await open(), await open(), await open()];
      const attempts = Array.from({ length: 12 }, (_, index) =>
        handles[index % 4]!.put("race", bytesOf(index), { ifVersion: null }),
      );
      const results = await Promise.allSettled(attempts);
      const winners = results.flatMap((result, index) => (result.status === "fulfilled" ? [index] : []));
      equal(winners.length, 1, "number of winners");
      for (const result of results) {
        if (result.status === "rejected") check(result.reason instanceof StoreConflictError, String(result.reason));
      }
      equal(await bytesAt(store, "race"), bytesOf(winners[0]!), "bytes of the winner");
    },
  },
  {
    name: "a counter raised by read, change and conditional write loses no count",
    async run({ store, open }) {
      await store.put("counter", bytesOf(0));
      const raise = async (handle: SnapshotStore) => {
        for (let done = 0; done < 5;) {
          const entry = await handle.get("counter");
          check(entry !== undefined, "the counter");
          try {
            await handle.put("counter", bytesOf(entry.bytes[0]! + 1), { ifVersion: entry.version });
            done++;
          } catch (error) {
            if (!(error instanceof StoreConflictError)) throw error;
          }
        }
      };
      await Promise.all([raise(store), raise(await open()), raise(await open())]);
      equal(await bytesAt(store, "counter"), bytesOf(15), "count");
    },
  },
  {
    name: "a signal that is aborted already stops every operation with its reason",
    async run({ store }) {
      await store.put("key", bytesOf(1));
      const reason = new Error("changed my mind");
      const signal = AbortSignal.abort(reason);
      for (const use of [
        store.get("key", { signal }),
        store.put("key", bytesOf(2), { signal }),
        store.delete("key", { signal }),
        store.list("", { signal }),
      ]) {
        check((await rejection(use)) === reason, "the reason itself");
      }
      equal(await bytesAt(store, "key"), bytesOf(1), "bytes");
    },
  },
];
