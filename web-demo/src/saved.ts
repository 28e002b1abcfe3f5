// What the page keeps in IndexedDB: programs held by the user, and what each tab plays at the moment, so that a closed or
// crashed tab loses nothing. The bytes are plain snapshots; what the list shows of them is in their keys.

import { IndexedDBStore } from "fermata-vm/stores/indexeddb";

/** A snapshot in the list. */
export interface Saved {
  readonly key: string;
  /** `"auto"`: what a tab was playing when it was closed. */
  readonly kind: "auto" | "saved";
  readonly at: Date;
  readonly title: string;
  readonly bytes: number;
  readonly fuel: number;
}

/** What a key says besides its kind and time. */
export type Label = Pick<Saved, "title" | "bytes" | "fuel">;

const MOST_AUTOS = 8;
/** Of the 512 that a key may have. */
const TITLE_LENGTH = 400;

/** Names this tab for as long as it is open. */
const tab = Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join("");
const lockOf = (name: string) => `fermata-demo-${name}`;

/** The snapshots of this origin. */
export class SavedPrograms {
  readonly #store = new IndexedDBStore({ name: "fermata-demo", durability: "relaxed" });
  #autoKey: string | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor() {
    // Held as long as the tab lives, however it dies. Without locks (no secure context) every tab counts as closed.
    void navigator.locks?.request(lockOf(tab), () => new Promise(() => undefined));
  }

  /** Saved snapshots and those of closed tabs, the newest first. */
  async list(): Promise<Saved[]> {
    const keys = await this.#store.list();
    const open = await openTabs();
    const all = keys.map(parseKey).filter((saved) => saved !== undefined);
    return all.filter(({ tab: its }) => its === undefined || !open.has(its)).sort((a, b) => +b.at - +a.at);
  }

  async read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const entry = await this.#store.get(key);
    return entry && Uint8Array.from(entry.bytes);
  }

  async save(bytes: Uint8Array, label: Label): Promise<void> {
    await this.#store.put(keyOf("saved", label), bytes);
  }

  async delete(key: string): Promise<void> {
    await this.#store.delete(key);
  }

  /** Keeps the state that this tab plays, in place of the one before. */
  keep(bytes: Uint8Array, label: Label): Promise<void> {
    return this.#inOrder(async () => {
      const before = this.#autoKey;
      const key = keyOf("auto", label);
      await this.#store.put(key, bytes);
      this.#autoKey = key;
      if (before !== undefined && before !== key) await this.#store.delete(before);
      else await this.#prune();
    });
  }

  /** This tab plays nothing any more. */
  forget(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#autoKey === undefined) return;
      await this.#store.delete(this.#autoKey);
      this.#autoKey = undefined;
    });
  }

  /** A slow write must not overtake a later one. */
  #inOrder(work: () => Promise<void>): Promise<void> {
    return (this.#writing = this.#writing.then(work, work));
  }

  async #prune(): Promise<void> {
    const autos = (await this.list()).filter(({ kind }) => kind === "auto");
    await Promise.all(autos.slice(MOST_AUTOS).map(({ key }) => this.#store.delete(key)));
  }
}

async function openTabs(): Promise<Set<string>> {
  const held = (await navigator.locks?.query())?.held ?? [];
  const prefix = lockOf("");
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}

function keyOf(kind: Saved["kind"], { title, bytes, fuel }: Label): string {
  const owner = kind === "auto" ? tab : "";
  return [kind, new Date().toISOString(), owner, bytes, fuel, encodeTitle(title)].join("|");
}

/** Cut off between two characters: a filename may come from a stranger and be long. */
function encodeTitle(title: string): string {
  let text = "";
  for (const char of title.toWellFormed()) {
    const next = text + encodeURIComponent(char);
    if (next.length > TITLE_LENGTH) break;
    text = next;
  }
  return text;
}

function parseKey(key: string): (Saved & { readonly tab: string | undefined }) | undefined {
  const [kind, time, owner, bytes, fuel, title] = key.split("|");
  if ((kind !== "auto" && kind !== "saved") || time === undefined || title === undefined) return undefined;
  return {
    key,
    kind,
    at: new Date(time),
    title: decodeURIComponent(title),
    bytes: Number(bytes),
    fuel: Number(fuel),
    tab: owner || undefined,
  };
}
