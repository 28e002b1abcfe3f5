// A program that is held in the middle of a synchronous call goes from runtime to runtime as bytes: Node, Chromium (whose
// process is killed and started again), workerd, Deno, Bun, Node. Every runtime finds the package by its name.

import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type BrowserContext, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../support/chromium.ts";
import { makeConsumer, type Consumer } from "../support/consumer.ts";

interface Plan {
  readonly comparisons: number;
  readonly forecast: boolean;
}

interface Report {
  readonly status: string;
  readonly stdout: string;
  readonly fuel: number;
  readonly calls?: readonly { name: string; kind: string; args: unknown[] }[];
  readonly bytes?: readonly number[];
  readonly output?: unknown;
}

type Leg = (bytes: readonly number[] | undefined, plan: Plan) => Promise<Report>;

const here = fileURLToPath(new URL(".", import.meta.url));
const FILES = ["leg.js", "leg-process.js", "leg-worker.js", "leg-page.js"].map((file) => join(here, file));

let consumer: Consumer;
beforeAll(() => {
  consumer = makeConsumer(FILES);
});
afterAll(() => consumer?.dispose());

const inProcess =
  (runtime: "node" | "deno" | "bun"): Leg =>
  async (bytes, plan) =>
    (await consumer.run(runtime, "leg-process.js", { bytes, plan })) as Report;

const inWorker: Leg = async (bytes, plan) => (await consumer.runWorker("leg-worker.js", { bytes, plan })) as Report;

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };

async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url!, "http://localhost").pathname);
    if (request.url === "/") {
      const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="leg-page.js"></script>';
      response.setHeader("content-type", "text/html").end(html);
    } else if (existsSync(path)) {
      response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
      createReadStream(path).pipe(response);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The bytes are kept by one browser process, which is killed, and found by the next. */
const inChromium: Leg = async (bytes, plan) => {
  const server = await serve(dirname(await consumer.bundle("leg-page.js", "browser")));
  const profile = mkdtempSync(join(tmpdir(), "fermata-profile-"));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const open = async (): Promise<[BrowserContext, Page]> => {
    const context = await chromium.launchPersistentContext(profile, chromiumOptions());
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForFunction(() => "goOn" in globalThis);
    return [context, page];
  };
  try {
    const [first, page] = await open();
    await page.evaluate(
      (kept) =>
        (globalThis as unknown as { keepBytes(b: readonly number[] | undefined): Promise<void> }).keepBytes(kept),
      bytes,
    );
    const gone = new Promise((resolve) => first.once("close", resolve));
    const session = await first.newCDPSession(page);
    // Leaves the process no time for anything. Never answered.
    session.send("Browser.crash").catch(() => {});
    await gone;
    const [second, again] = await open();
    const report = await again.evaluate(
      (given) => (globalThis as unknown as { goOn(p: Plan): Promise<Report> }).goOn(given),
      plan,
    );
    await second.close();
    return report;
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
};

const JOURNEY: readonly (readonly [name: string, leg: Leg, plan: Plan])[] = [
  ["Chromium, killed and started again", inChromium, { comparisons: 2, forecast: false }],
  ["workerd", inWorker, { comparisons: 1, forecast: false }],
  ["Deno", inProcess("deno"), { comparisons: 1, forecast: true }],
  ["Bun", inProcess("bun"), { comparisons: 3, forecast: false }],
  ["Node", inProcess("node"), { comparisons: 1000, forecast: true }],
];

describe("a snapshot travels", () => {
  it.sequential("through every runtime, with the same bytes as at home", { timeout: 120_000 }, async () => {
    const begin = { comparisons: 0, forecast: false };
    const stayAtHome = inProcess("node");
    let away = await stayAtHome(undefined, begin);
    let home = away;
    expect(away.status).toBe("suspended");
    expect(away.calls).toMatchObject([
      { name: "forecast", kind: "async", args: [{ city: "Zürich", days: 2 }] },
      { name: "judge", kind: "sync" },
    ]);
    expect(away.bytes!.length).toBeLessThan(3000);
    for (const [name, leg, plan] of JOURNEY) {
      away = await leg(away.bytes, plan);
      home = await stayAtHome(home.bytes, plan);
      expect(away, name).toEqual(home);
    }
    expect(away.status).toBe("complete");
    const [ranked, sky, sum, questions] = String(away.output).split(" | ");
    expect(ranked).toBe("apple:5.33 date:1.33 fig:0.00 kiwi:0.33 pear:8.33 plum:3.00");
    expect([sky, sum]).toEqual(["clear", "10.5"]);
    expect(away.stdout).toContain(`ranked after ${questions} questions`);
  });
});
