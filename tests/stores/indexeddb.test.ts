// IndexedDB in a real Chromium: the contract inside a page, then what only several pages and processes can show.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../support/bundle.ts";
import { chromiumOptions } from "../support/chromium.ts";
import type { IndexedDBPage } from "../support/indexeddb-page.ts";
import { storeContract } from "./contract.ts";

declare const page: IndexedDBPage;

let server: Server;
let url: string;
let profile: string;
let context: BrowserContext;

beforeAll(async () => {
  const script = await bundle(new URL("../support/indexeddb-page.ts", import.meta.url), "browser");
  // A server, because IndexedDB belongs to an origin, and about:blank has none.
  server = createServer((request, response) => {
    if (request.url === "/page.js") response.setHeader("content-type", "text/javascript").end(script);
    else {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  profile = await mkdtemp(join(tmpdir(), "fermata-profile-"));
  context = await launch();
});

afterAll(async () => {
  await context?.close();
  server?.closeAllConnections();
  server?.close();
  if (profile) await rm(profile, { recursive: true, force: true });
});

const launch = () => chromium.launchPersistentContext(profile, chromiumOptions());

async function newPage(name: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(url, { waitUntil: "load" });
  await tab.evaluate((options) => page.use(options), { name, openTimeoutMs: 500 });
  return tab;
}

const put = (tab: Page, key: string, bytes: number[], ifVersion?: string | null) =>
  tab.evaluate(([k, b, v]) => page.put(k, b, v), [key, bytes, ifVersion] as const);
const get = (tab: Page, key: string) => tab.evaluate((k) => page.get(k), key);

describe("IndexedDBStore in Chromium", () => {
  describe("contract", () => {
    let tab: Page;
    beforeAll(async () => {
      tab = await newPage("contract");
    });

    it.each(storeContract)("$name", async ({ name }) => {
      expect(await tab.evaluate((each) => page.runCase(each), name)).toBeUndefined();
    });
  });

  it("keeps entries when the page is closed, and when the browser is killed and started again", async () => {
    const first = await newPage("survival");
    expect(await put(first, "key", [1, 2, 3])).toHaveProperty("version");
    await first.close();
    const second = await newPage("survival");
    const entry = await get(second, "key");
    expect(entry?.bytes).toEqual([1, 2, 3]);
    await context.close();
    context = await launch();
    const third = await newPage("survival");
    expect(await get(third, "key")).toEqual(entry);
    expect(await put(third, "key", [4], entry!.version)).toHaveProperty("version");
    await third.close();
  });

  it("lets one of two pages win, and rejects the write of the other", async () => {
    const tabs = [await newPage("tabs"), await newPage("tabs")];
    for (let round = 0; round < 10; round++) {
      const before = (await get(tabs[0]!, "key"))?.version ?? null;
      const outcomes = await Promise.all(tabs.map((tab, index) => put(tab, "key", [round, index], before)));
      const winner = outcomes.findIndex((outcome) => "version" in outcome);
      expect(outcomes.filter((outcome) => "version" in outcome)).toHaveLength(1);
      expect(outcomes[1 - winner]).toMatchObject({ error: "StoreConflictError", code: "FERMATA_STORE_CONFLICT" });
      expect((await get(tabs[1]!, "key"))?.bytes).toEqual([round, winner]);
    }
    await Promise.all(tabs.map((tab) => tab.close()));
  });

  it("does not block another tab that deletes the database, and works again afterwards", async () => {
    const [ours, other] = [await newPage("deleted"), await newPage("deleted")];
    await put(ours, "key", [1]);
    expect(await other.evaluate(() => page.deleteDatabase())).toBe("deleted");
    expect(await get(ours, "key")).toBeNull();
    expect(await put(ours, "key", [2], null)).toHaveProperty("version");
    await Promise.all([ours.close(), other.close()]);
  });

  it("works again when the browser closed the connection because its data were cleared", async () => {
    const tab = await newPage("cleared");
    await put(tab, "key", [1]);
    const devtools = await context.newCDPSession(tab);
    await devtools.send("Storage.clearDataForOrigin", { origin: new URL(url).origin, storageTypes: "indexeddb" });
    expect(await get(tab, "key")).toBeNull();
    expect(await put(tab, "key", [2], null)).toHaveProperty("version");
    expect((await get(tab, "key"))?.bytes).toEqual([2]);
    await tab.close();
  });

  it("rejects while another tab keeps the database from opening, and opens once that tab is closed", async () => {
    const [ours, deaf] = [await newPage("kept"), await newPage("kept")];
    await deaf.evaluate(() => page.occupy("kept", 1));
    // The deletion waits for the deaf connection, and our opening waits for the deletion.
    expect(await ours.evaluate(() => page.deleteDatabase())).toBe("blocked");
    const outcome = await put(ours, "key", [1]);
    expect(outcome).toMatchObject({ error: "StoreError", code: "FERMATA_STORE" });
    expect(outcome).toHaveProperty("message", expect.stringMatching(/not open after 500 ms; another tab/));
    await deaf.close();
    expect(await put(ours, "key", [1])).toHaveProperty("version");
    await ours.close();
  });

  it("refuses a database of a newer version", async () => {
    const tab = await newPage("newer");
    await tab.evaluate(() => page.occupy("newer", 99));
    expect(await put(tab, "key", [1])).toMatchObject({
      error: "StoreError",
      message: expect.stringContaining("version"),
    });
    await tab.close();
  });
});
