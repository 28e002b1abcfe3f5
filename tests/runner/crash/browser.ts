// Owns browsers for tests of runs: a server with the page, the wasm and the ledger, and a Chromium with a profile that outlives it.

import { readFile, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright";
import { bundle } from "../../support/bundle.ts";
import { chromiumOptions } from "../../support/chromium.ts";
import { type CampaignResult, randomOf } from "./campaign.ts";
import type { RunsPage } from "./runs-page.ts";
import { judgeLedger, type Line, RESULT } from "./workflow.ts";

declare const page: RunsPage;

/** A server and a browser. */
export interface RunsBrowser {
  readonly ledger: readonly Line[];
  /** Opens a tab with the page and its runner. */
  tab(owner?: string): Promise<Page>;
  /** Ends the browser's process without leave, and starts another with the same profile. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function openRunsBrowser(wasm: string): Promise<RunsBrowser> {
  const [script, bytes] = await Promise.all([
    bundle(new URL("runs-page.ts", import.meta.url), "browser"),
    readFile(wasm),
  ]);
  const ledger: Line[] = [];
  const server = createServer((request, response) => {
    if (request.url === "/page.js") response.setHeader("content-type", "text/javascript").end(script);
    else if (request.url === "/fermata.wasm") response.setHeader("content-type", "application/wasm").end(bytes);
    else if (request.url === "/ledger") {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        ledger.push(JSON.parse(text) as Line);
        response.end();
      });
    } else {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const profile = await mkdtemp(join(tmpdir(), "fermata-runs-"));
  const launch = (): Promise<BrowserContext> => chromium.launchPersistentContext(profile, chromiumOptions());
  let context = await launch();
  return {
    ledger,
    async tab(owner) {
      const tab = await context.newPage();
      await tab.goto(url, { waitUntil: "load" });
      await tab.evaluate(([name, who]) => page.open(name, who), ["runs", owner] as const);
      return tab;
    },
    async kill() {
      const gone = new Promise((resolve) => context.once("close", resolve));
      const session = await context.newCDPSession(context.pages()[0] ?? (await context.newPage()));
      // Leaves the process no time for anything. Never answered.
      session.send("Browser.crash").catch(() => undefined);
      await gone;
      context = await launch();
    },
    async close() {
      await context.close();
      server.closeAllConnections();
      server.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Runs the workflow in a browser that is killed at random moments. */
export async function browserCampaign(options: {
  readonly runs: number;
  readonly seed: number;
  readonly kills: number;
  readonly wasm: string;
}): Promise<CampaignResult> {
  const { runs, seed, kills: most, wasm } = options;
  const random = randomOf(seed);
  const browser = await openRunsBrowser(wasm);
  try {
    let kills = 0;
    let done: { id: string; output: unknown }[] = [];
    while (done.length < runs) {
      const tab = await browser.tab(random() < 0.5 ? "same" : undefined);
      await tab.evaluate((count) => page.start("workflow", count), runs);
      await tab.evaluate(() => page.drive());
      // The first kill comes at the first call, before any approval: however fast or slow the computer is, it comes before the end.
      const isFirst = kills === 0 && most > 0;
      if (isFirst) while (browser.ledger.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      const end = isFirst ? 0 : kills < most ? Date.now() + 20 + random() * 900 : Infinity;
      while (Date.now() < end && done.length < runs) {
        done = await tab.evaluate(() => page.approve());
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (done.length === runs) break;
      kills++;
      await browser.kill();
    }
    const wrong = done.flatMap(({ id, output }) => (output === RESULT ? [] : [`${id} gave ${JSON.stringify(output)}`]));
    let again = 0;
    for (let i = 0; i < runs; i++) {
      const judged = judgeLedger(browser.ledger.filter(({ run }) => run === `run-${i}`));
      wrong.push(...judged.wrong);
      again += judged.again;
    }
    return { runs, kills, again, wrong };
  } finally {
    await browser.close();
  }
}
