// Owns the demo page in a real Chromium: built, served below a path as any static host would, and opened in tabs. What a page complains
// about fails the test that opened it.

import { mkdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright";
import { build } from "vite";
import { afterAll, afterEach, beforeAll } from "vitest";
import { chromiumOptions } from "../support/chromium.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Of this worker: another may build at the same time. */
export const outDir = join(root, `build/web-demo-test-${process.env["VITEST_POOL_ID"]}`);
const screenshots = join(root, "build/screenshots");
const BASE = "/some/where/";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

let server: Server;
/** Address of the page. */
export let url: string;
let browser: Browser;
/** Everything that a page complained about, or asked of another origin. */
const complaints: string[] = [];
export const looksAtAll = process.env["FERMATA_SITE"] === "all";

beforeAll(async () => {
  await build({
    configFile: join(root, "web-demo/vite.config.ts"),
    logLevel: "warn",
    build: { outDir, emptyOutDir: true },
  });
  server = createServer(async (request, response) => {
    const path = new URL(request.url!, "http://localhost").pathname;
    try {
      if (!path.startsWith(BASE)) throw new Error("outside the base path");
      const file = join(outDir, path === BASE ? "index.html" : path.slice(BASE.length));
      const body = await readFile(file);
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream").end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`;
  await mkdir(screenshots, { recursive: true });
  browser = await chromium.launch(chromiumOptions());
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

afterEach(() => {
  const heard = complaints.splice(0);
  if (heard.length > 0) throw new Error(`the page complained: ${heard.join("; ")}`);
});

export async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  return context;
}

/** Opens the demo in a tab and waits until its machine is there. */
export async function visit(context: BrowserContext, address = url): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(address);
  await page.locator("#loaded", { hasText: "ready" }).waitFor();
  return page;
}

let common: Promise<Page> | undefined;

/** In a tab of its own; in the sample all tests without wishes use one tab in turn, because opening it is what takes long. */
export async function inPage(use: (page: Page) => Promise<void>): Promise<void> {
  if (looksAtAll) return inNewPage(use);
  common ??= newContext().then((context) => visit(context));
  const page = await common;
  if (await page.locator("#original").isVisible()) await page.click("#original");
  if (await page.locator("#reset").isEnabled()) await page.click("#reset");
  await use(page);
}

export async function inNewPage(use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void> {
  const context = await newContext(options);
  try {
    await use(await visit(context));
  } finally {
    await context.close();
  }
}

export async function write(page: Page, source: string): Promise<void> {
  await page.locator("#editor .cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(source);
}

/** How many tools.ts run. */
export const toolsIn = (page: Page): number =>
  page.workers().filter((worker) => worker.url().startsWith("data:")).length;
export const pick = (page: Page, filename: string) => page.selectOption("#example", filename);
export const statusIs = (page: Page, text: string | RegExp) => page.locator("#status", { hasText: text }).waitFor();
/** NaN where nothing runs. */
export const fuel = async (page: Page) => Number((await page.locator("#fuel").textContent())!.replaceAll(",", ""));
export const lines = (page: Page) => page.locator("#output .line").allTextContents();
export const shoot = (page: Page, name: string) =>
  page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

/** Counts for ever, a line each time. */
export async function holdCounting(page: Page): Promise<void> {
  await pick(page, "counting.ts");
  await page.click("#run");
  await page.locator("#output .line").first().waitFor();
  await page.click("#hold");
  await statusIs(page, "held");
}
