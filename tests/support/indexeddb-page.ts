// Runs in a browser page: the store contract against IndexedDB, and what the tests of several pages need.

import { IndexedDBStore, type IndexedDBStoreOptions } from "../../ts/stores/indexeddb.ts";
import { storeContract } from "../stores/contract.ts";

/** What the page offers to the test that drives it. Everything must be JSON. */
export interface IndexedDBPage {
  /** Runs a case of the contract in a database of its own; resolves to undefined or what went wrong. */
  runCase(name: string): Promise<string | undefined>;
  /** Makes the page's store, which the functions below use. */
  use(options: IndexedDBStoreOptions): void;
  put(key: string, bytes: number[], ifVersion?: string | null): Promise<Outcome>;
  get(key: string): Promise<{ bytes: number[]; version: string } | null>;
  /** Deletes the page's database, as a tab or the user may do; resolves to whether an open connection blocked it. */
  deleteDatabase(): Promise<"deleted" | "blocked">;
  /** Opens a database and creates nothing in it, in a version. Keeps the connection open, deaf to all events. */
  occupy(name: string, version: number): Promise<void>;
}

export type Outcome = { version: string } | { error: string; code: string; message: string };

let store = new IndexedDBStore();
let databases = 0;
const occupied: IDBDatabase[] = [];

const page: IndexedDBPage = {
  async runCase(name) {
    const found = storeContract.find((each) => each.name === name);
    if (found === undefined) return `no case ${JSON.stringify(name)}`;
    const options = { name: `contract-${++databases}` };
    const stores: IndexedDBStore[] = [];
    const open = () => stores[stores.push(new IndexedDBStore(options)) - 1]!;
    try {
      await found.run({ store: open(), open });
      return undefined;
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    } finally {
      await Promise.all(stores.map((each) => each.close()));
    }
  },
  use(options) {
    store = new IndexedDBStore(options);
  },
  async put(key, bytes, ifVersion) {
    try {
      return { version: await store.put(key, Uint8Array.from(bytes), { ifVersion }) };
    } catch (error) {
      const { name, message, code } = error as { name: string; message: string; code: string };
      return { error: name, code, message };
    }
  },
  async get(key) {
    const entry = await store.get(key);
    return entry ? { bytes: Array.from(entry.bytes), version: entry.version } : null;
  },
  deleteDatabase: () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(store.name);
      request.onsuccess = () => resolve("deleted");
      request.onblocked = () => resolve("blocked");
      request.onerror = () => reject(request.error!);
    }),
  occupy: (name, version) =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onsuccess = () => resolve(void occupied.push(request.result));
      request.onerror = () => reject(request.error!);
    }),
};

Object.assign(globalThis, { page });
