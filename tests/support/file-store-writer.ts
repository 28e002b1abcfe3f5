// A writer in a process or thread of its own, for the tests of stores. Arguments: FOLDER TIMES, or FOLDER "forever"
// SIZES…: then it writes entries of these sizes in turn, each filled with one byte, until it is killed.

import { StoreConflictError } from "../../ts/errors.ts";
import { FileStore } from "../../ts/stores/file.ts";

const [folder = "", times = "", ...sizes] = process.argv.slice(2);
const store = new FileStore(folder);

if (times === "forever") {
  for (let i = 0; ; i++) {
    const size = Number(sizes[i % sizes.length]);
    await store.put("key", new Uint8Array(size).fill(size & 255));
  }
}

for (let done = 0; done < Number(times);) {
  const entry = await store.get("counter");
  if (entry === undefined) throw new Error("no counter");
  const next = String(Number(new TextDecoder().decode(entry.bytes)) + 1);
  try {
    await store.put("counter", new TextEncoder().encode(next), { ifVersion: entry.version });
    done++;
  } catch (error) {
    if (!(error instanceof StoreConflictError)) throw error;
  }
}
