// A leg in a page: bytes stay in IndexedDB from one browser process to the next.

import * as fermata from "fermata-vm";
import { IndexedDBStore } from "fermata-vm/stores/indexeddb";
import { takeLeg } from "./leg.js";

const store = new IndexedDBStore({ name: "journey" });

globalThis.keepBytes = async (bytes) => {
  await store.put("traveller", Uint8Array.from(bytes));
};

globalThis.goOn = async (plan) => {
  const { bytes } = await store.get("traveller");
  return takeLeg(fermata, { bytes, plan });
};
