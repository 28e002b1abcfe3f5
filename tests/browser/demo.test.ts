// The demo page in a real Chromium: built, served below a path as any static host would, and used as people use it.
//
// `npm test` looks at a sample, of each kind of view one; FERMATA_SITE=all (`npm run test:site`) at everything.

import { mkdir, readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { axeFindings } from "../support/axe.ts";
import { chromiumOptions } from "../support/chromium.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const screenshots = join(root, "build/screenshots");
const BASE = "/some/where/";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

let server: Server;
let url: string;
let browser: Browser;
/** Everything that a page complained about, or asked of another origin. */
const complaints: string[] = [];
const looksAtAll = process.env["FERMATA_SITE"] === "all";
/** Registers a test that is not in the sample; one that is skipped would count as a failure. */
const itOfAll = looksAtAll ? it : ((() => {}) as unknown as typeof it);

beforeAll(async () => {
  const outDir = join(root, "build/web-demo-test");
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

async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  return context;
}

/** Opens the demo in a tab and waits until its machine is there. */
async function visit(context: BrowserContext, address = url): Promise<Page> {
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
async function inPage(use: (page: Page) => Promise<void>): Promise<void> {
  if (looksAtAll) return inNewPage(use);
  common ??= newContext().then((context) => visit(context));
  const page = await common;
  if (await page.locator("#original").isVisible()) await page.click("#original");
  if (await page.locator("#reset").isEnabled()) await page.click("#reset");
  await use(page);
}

async function inNewPage(use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void> {
  const context = await newContext(options);
  try {
    await use(await visit(context));
  } finally {
    await context.close();
  }
}

async function write(page: Page, source: string): Promise<void> {
  await page.locator("#editor .cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(source);
}

/** How many tools.ts run. */
const toolsIn = (page: Page): number => page.workers().filter((worker) => worker.url().startsWith("data:")).length;
const pick = (page: Page, filename: string) => page.selectOption("#example", filename);
const statusIs = (page: Page, text: string | RegExp) => page.locator("#status", { hasText: text }).waitFor();
/** NaN where nothing runs. */
const fuel = async (page: Page) => Number((await page.locator("#fuel").textContent())!.replaceAll(",", ""));
const lines = (page: Page) => page.locator("#output .line").allTextContents();
const shoot = (page: Page, name: string) => page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

/** Counts for ever, a line each time. */
async function holdCounting(page: Page): Promise<void> {
  await pick(page, "counting.ts");
  await page.click("#run");
  await page.locator("#output .line").first().waitFor();
  await page.click("#hold");
  await statusIs(page, "held");
}

describe("the demo", () => {
  it("runs a program and shows its output and result", () =>
    inPage(async (page) => {
      await write(
        page,
        `const n: number = 6;\nconsole.log("n is", n);\nconsole.error("mind");\n({ n, squares: [n * n] })`,
      );
      await page.keyboard.press("Control+Enter");
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["n is 6", "mind"]);
      expect(await page.locator("#output .stderr").allTextContents()).toEqual(["mind"]);
      expect(await page.locator("#ending pre").textContent()).toBe("{ n: 6, squares: [36] }");
    }));

  itOfAll("shows an uncaught error with its code frame, and what was written before", () =>
    inNewPage(async (page) => {
      await write(page, `console.log("before");\nfunction f(x: any) {\n  return x.y.z;\n}\nf({});`);
      await page.click("#run");
      await statusIs(page, "failed");
      expect(await lines(page)).toEqual(["before"]);
      expect(await page.locator(".error-title").textContent()).toContain("TypeError");
      expect(await page.locator(".code-frame").textContent()).toContain("return x.y.z");
      expect(await page.locator(".line-error").textContent()).toBe("  return x.y.z;");
    }),
  );

  itOfAll("shows where a program is not valid", () =>
    inNewPage(async (page) => {
      await write(page, `const fine = 1;\nconst = 2;`);
      await page.click("#run");
      await statusIs(page, "failed");
      expect(await page.locator(".code-frame").textContent()).toContain("const = 2");
      expect(await page.locator(".line-error").textContent()).toBe("const = 2;");
    }),
  );

  it("holds an endless loop, stays responsive while it runs, and resumes where it was", () =>
    inPage(async (page) => {
      await pick(page, "counting.ts");
      await page.click("#run");
      await page.locator("#output .line").first().waitFor();
      const longestGap = await page.evaluate(async () => {
        let longest = 0;
        const end = performance.now() + 500;
        for (let last = performance.now(); last < end;) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          longest = Math.max(longest, performance.now() - last);
          last = performance.now();
        }
        return longest;
      });
      expect(longestGap).toBeLessThan(250);
      await page.keyboard.press("Control+.");
      await statusIs(page, "held");
      const held = await fuel(page);
      const before = await lines(page);
      await page.waitForTimeout(400);
      expect(await fuel(page)).toBe(held);
      expect(await page.locator("#size").textContent()).toMatch(/\d+(\.\d+)? (B|KB)/);
      await page.keyboard.press("F8");
      await page.waitForFunction((n) => document.querySelectorAll("#output .line").length > n + 1, before.length);
      await page.click("#hold");
      await statusIs(page, "held");
      const after = await lines(page);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after.map((line) => Number.parseFloat(line))).toEqual(after.map((_, i) => (i + 1) / 2));
      expect(await fuel(page)).toBeGreaterThan(held);
      await page.click("#reset");
      await statusIs(page, "ready");
    }));

  itOfAll("steps", () =>
    inNewPage(async (page) => {
      await write(
        page,
        `let total = 0;\nfor (const n of [1, 2, 3]) {\n  total += n;\n  console.log(total);\n}\ntotal;`,
      );
      const places: string[] = [];
      const marked: string[] = [];
      while (places.length < 60 && places.at(-1) !== "complete") {
        const before = await fuel(page);
        await page.keyboard.press("F10");
        await expect.poll(() => fuel(page)).not.toBe(before);
        places.push((await page.locator("#status").textContent())!);
        marked.push(...(await page.locator(".line-held").allTextContents()));
      }
      expect(places.at(-1)).toBe("complete");
      expect(marked).toContain("  total += n;");
      expect(places.filter((place) => place === "held at line 3").length).toBeGreaterThanOrEqual(3);
      expect(places.filter((place) => place === "held at line 4").length).toBeGreaterThanOrEqual(3);
      expect(await lines(page)).toEqual(["1", "3", "6"]);
    }),
  );

  itOfAll("answers pending calls by value, choice and error, in any order", () =>
    inNewPage(async (page) => {
      const call = (name: string) => page.locator("#calls li", { hasText: name });
      await pick(page, "approval.ts");
      await page.click("#run");
      await expect
        .poll(() => page.locator("#calls code").allTextContents())
        .toEqual([`quoteTrain("Bergen", "Oslo")`, `quoteHotel("Oslo", 3)`]);
      await shoot(page, "desktop-calls");
      await call("quoteHotel").locator("input").fill("{ price: 1 }");
      await call("quoteHotel").getByRole("button", { name: "Answer" }).click();
      expect(await call("quoteHotel").getByRole("alert").textContent()).toContain("Not JSON");
      await call("quoteHotel").locator("input").fill(`{ "price": 100 }`);
      await call("quoteHotel").getByRole("button", { name: "Answer" }).click();
      await call("quoteHotel").waitFor({ state: "detached" });
      await call("quoteTrain").getByRole("button", { name: "Answer" }).click();
      await call("Book 3 nights in Oslo for 340?").getByRole("button", { name: `"cheaper"` }).click();
      await call("quoteTrain").locator("select").selectOption("error");
      await call("quoteTrain").locator("input").fill("no trains on Sundays");
      await page.keyboard.press("Enter");
      await statusIs(page, "failed");
      expect(await page.locator(".error-title").textContent()).toContain("no trains on Sundays");
      expect(await lines(page)).toEqual(["3 nights: 240 + 100 = 340"]);
    }),
  );

  itOfAll("is held inside a sort by a synchronous call, and answered by keyboard alone", () =>
    inNewPage(async (page) => {
      await pick(page, "sorting.ts");
      await page.click("#run");
      const first = page.locator("#calls .chip").first();
      await first.focus();
      for (let answers = 0; answers < 12 && (await first.isVisible()); answers++) {
        const question = await page.locator("#calls code").textContent();
        // The focus goes on from call to call.
        await page.keyboard.press("Enter");
        await expect.poll(() => page.locator("#calls code").allTextContents()).not.toContain(question);
      }
      await statusIs(page, "complete");
      expect((await lines(page)).map((line) => line.slice(0, 2))).toEqual(["1.", "2.", "3.", "4."]);
    }),
  );

  itOfAll("waits for timers", () =>
    inNewPage(async (page) => {
      const beat = "const beat = () => new Promise<void>((go) => setTimeout(go, 60));";
      await write(page, `${beat}\nfor (const n of [1, 2, 3]) {\n  await beat();\n  console.log(n);\n}\n"end";`);
      await page.click("#run");
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["1", "2", "3"]);
    }),
  );

  itOfAll("runs every example until it needs somebody", () =>
    inNewPage(async (page) => {
      for (const filename of await page
        .locator("#example option")
        .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value))) {
        await pick(page, filename);
        await page.click("#run");
        await page.locator("#output .line, #calls form").first().waitFor();
        expect(await page.locator(".error-title").count()).toBe(0);
      }
    }),
  );

  it("offers the program that a closed tab held, and continues it", async () => {
    const context = await newContext();
    const first = await visit(context);
    await holdCounting(first);
    const held = await fuel(first);
    const before = await lines(first);
    await first.locator("#kept", { hasText: "kept" }).waitFor();
    await first.close();

    const second = await visit(context);
    await second.locator(".notice.offer").waitFor();
    expect(await second.locator("#notices").textContent()).toContain("A loop that counts for ever was held here");
    await second.getByRole("button", { name: "Restore", exact: true }).click();
    await statusIs(second, "held");
    expect(await fuel(second)).toBe(held);
    expect(await lines(second)).toEqual(before);
    expect(await second.locator("#editor .cm-content").textContent()).toContain("while (true)");
    await second.click("#resume");
    await second.waitForFunction((n) => document.querySelectorAll("#output .line").length > n, before.length);
    await second.click("#hold");
    await statusIs(second, "held");
    const after = await lines(second);
    expect(after.map((line) => Number.parseFloat(line))).toEqual(after.map((_, i) => (i + 1) / 2));
    await context.close();
  });

  itOfAll("saves, lists, restores and deletes snapshots", () =>
    inNewPage(async (page) => {
      await pick(page, "approval.ts");
      await page.click("#run");
      await statusIs(page, "waiting");
      await page.click("#save");
      await page.locator("#notes li").waitFor();
      await holdCounting(page);
      await page.click("#save");
      await expect.poll(() => page.locator("#notes li").count()).toBe(2);
      await shoot(page, "desktop-held");
      await page.emulateMedia({ colorScheme: "dark" });
      await shoot(page, "desktop-dark");
      await page.getByRole("button", { name: /^Restore An agent/ }).click();
      await expect.poll(() => page.locator("#calls form").count()).toBe(2);
      await statusIs(page, "held");
      expect(await page.locator("#editor .cm-content").textContent()).toContain("quoteTrain");
      await page.getByRole("button", { name: /^Delete A loop/ }).click();
      await expect.poll(() => page.locator("#notes li").count()).toBe(1);
      await page.reload();
      await expect
        .poll(() => page.locator("#notes .note-title").allTextContents())
        .toContain("An agent that asks for approval");
    }),
  );

  it("opens a shared link in another browser, and refuses a damaged one kindly", async () => {
    const sender = await newContext();
    const page = await visit(sender);
    await holdCounting(page);
    const held = await fuel(page);
    await page.click("#share");
    const link = await page.locator("#link").inputValue();
    expect(link).toMatch(new RegExp(`^${url}#held=[\\w-]+$`));
    await sender.close();

    const receiver = await newContext();
    const opened = await visit(receiver, link);
    await statusIs(opened, "held");
    expect(await fuel(opened)).toBe(held);
    await opened.click("#resume");
    await opened.waitForFunction((n) => document.querySelectorAll("#output .line").length > n, 1);
    // It would take a core from what follows.
    await opened.close();

    const middle = link.length - 40;
    const other = link[middle] === "A" ? "B" : "A";
    const damaged = [
      link.slice(0, middle) + other + link.slice(middle + 1),
      link.slice(0, middle),
      `${url}#held=aGVsbG8`,
    ];
    for (const each of looksAtAll ? damaged : damaged.slice(0, 1)) {
      const broken = await visit(receiver, each);
      await broken.locator(".notice.problem").waitFor();
      expect(await broken.locator("#notices").textContent()).toContain("The link cannot be opened.");
      await statusIs(broken, "ready");
      await broken.close();
    }
    await receiver.close();
  });

  it("shows the stack and the variables of what is held, and unfolds them", () =>
    inPage(async (page) => {
      await pick(page, "approval.ts");
      await page.click("#run");
      await page.locator("#stack button", { hasText: "plan()" }).waitFor();
      expect(await page.locator("#stack button").allTextContents()).toEqual([
        "plan()awaits · line 17",
        "(program)awaits · line 26",
      ]);
      expect(await page.locator("#variables li").first().textContent()).toBe("nights: 3");
      expect(await page.locator("#bar").getAttribute("aria-label")).toMatch(
        /^Before compression: program [\d.]+ K?B, /,
      );
      const download = page.waitForEvent("download");
      await page.click("#download");
      expect((await download).suggestedFilename()).toBe("approval.fermata");
      await pick(page, "game.ts");
      await page.click("#run");
      await page.locator("#variables summary", { hasText: "board" }).click();
      await expect.poll(() => page.locator("#variables details[open] .tree li").count()).toBe(9);
      await page.click("#answer-all");
      await page.locator("#output .line", { hasText: "X takes 5" }).waitFor();
      // What was open stays open, and what has changed stands out.
      await expect.poll(() => page.locator("#variables details[open] .tree li").nth(4).textContent()).toBe('4: "X"');
      expect(await page.locator("#variables .changed").allTextContents()).toContain('"O"');
    }));

  it("goes back and forth through time, and begins another future in the past", () =>
    inPage(async (page) => {
      await write(
        page,
        `declare function ask(n: number): number;\nlet sum = 0;\nfor (let n = 1; n <= 3; n++) {\n  sum += ask(n);\n  console.log(sum);\n}\nsum;`,
      );
      await page.click("#run");
      for (const n of [1, 2, 3]) {
        await page.locator("#calls code", { hasText: `ask(${n})` }).waitFor();
        await page.locator("#calls input").fill(String(n * 10));
        await page.keyboard.press("Enter");
      }
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["10", "30", "60"]);
      await page.keyboard.press("Shift+F10");
      await statusIs(page, "in the past");
      const slider = page.locator("#when");
      await slider.focus();
      // To the beginning, and on by the keyboard until the first call.
      await page.keyboard.press("Home");
      await expect.poll(() => lines(page)).toEqual([]);
      // A press that comes before the last one is shown would go too far.
      const press = async (key: string): Promise<void> => {
        const before = await slider.inputValue();
        await page.keyboard.press(key);
        await expect.poll(() => slider.inputValue()).not.toBe(before);
      };
      while ((await page.locator("#calls code").count()) === 0) await press("F10");
      expect(await page.locator("#calls code").textContent()).toBe("ask(1)");
      await page.keyboard.press("End");
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["10", "30", "60"]);
      while ((await page.locator("#calls code").allTextContents())[0] !== "ask(2)") {
        await press("Shift+F10");
      }
      await page.locator("#calls input").fill("500");
      await page.keyboard.press("Enter");
      await expect.poll(() => lines(page)).toEqual(["10", "510"]);
    }));

  itOfAll("goes back from an error", () =>
    inNewPage(async (page) => {
      await write(page, `let n = 41;\nn++;\nnull!.x;`);
      await page.click("#run");
      await statusIs(page, "failed");
      await page.click("#back");
      await statusIs(page, "held at line 2");
      expect(await page.locator("#variables li").first().textContent()).toBe("n: 41");
    }),
  );

  itOfAll("keeps drafts, shares code before it has run, and takes edits back", async () => {
    const context = await newContext();
    const page = await visit(context);
    await write(page, `console.log("my own");`);
    await page.reload();
    await page.locator("#loaded", { hasText: "ready" }).waitFor();
    expect(await page.locator("#editor .cm-content").textContent()).toBe(`console.log("my own");`);
    await page.click("#share");
    await expect.poll(() => page.locator("#link").inputValue()).toContain("#code=");
    const link = await page.locator("#link").inputValue();
    await page.click("#original");
    expect(await page.locator("#editor .cm-content").textContent()).toContain("quoteTrain");
    await page.getByRole("button", { name: "Take it back" }).click();
    expect(await page.locator("#editor .cm-content").textContent()).toContain("my own");
    await context.close();

    const other = await newContext();
    const opened = await visit(other, link);
    expect(await opened.locator("#notices").textContent()).toContain("It has not run yet");
    await opened.click("#run");
    await statusIs(opened, "complete");
    expect(await lines(opened)).toEqual(["my own"]);
    const damaged = await visit(other, `${link.slice(0, -8)}AAAA`);
    expect(await damaged.locator("#notices").textContent()).toContain("The link cannot be opened.");
    await other.close();
  });

  itOfAll("underlines a mistake while somebody types", () =>
    inNewPage(async (page) => {
      await write(page, `const fine = 1;\nconst = 2;`);
      await page.locator(".fault").waitFor();
      expect(await page.locator("#fault").textContent()).toMatch(/^Line 2: /);
      await write(page, `const fine = 1;`);
      await expect.poll(() => page.locator(".fault").count()).toBe(0);
    }),
  );

  itOfAll(
    "lets tools.ts answer, once it is switched on, and keeps it with the draft",
    { timeout: 60_000 },
    async () => {
      const context = await newContext();
      const page = await visit(context);
      const writeTools = async (text: string): Promise<void> => {
        await page.locator("#tools-editor .cm-content").click();
        await page.keyboard.press("Control+a");
        await page.keyboard.insertText(text);
      };
      await pick(page, "approval.ts");
      await page.click("#run");
      await expect.poll(() => page.locator("#calls code").count()).toBe(2);
      // With nothing written, the switch shows what could be.
      await page.click("#by-tools");
      expect(await page.locator("#tools-editor .cm-content").textContent()).toContain(
        'export async function quoteTrain(from: string, to: string) {  return { "price": 240 };}',
      );
      expect(await page.locator("#by-tools").getAttribute("aria-pressed")).toBe("false");
      await shoot(page, "desktop-tools");
      await writeTools(
        `interface Offer { price: number }\nexport async function quoteTrain(from: string): Promise<Offer> { return { price: from.length }; }\n` +
          `export const quoteHotel = (city: string, nights: number): Offer => ({ price: nights * 10 });\n` +
          `export function approve(question: string) { if (question.includes("3 nights")) return "cheaper"; throw new TypeError(self.origin); }`,
      );
      expect(toolsIn(page)).toBe(0);
      await page.click("#by-tools");
      await statusIs(page, "failed");
      expect(await lines(page)).toEqual(["3 nights: 6 + 30 = 36", "2 nights: 6 + 20 = 26"]);
      // Its origin is none: nothing of the page is within its reach.
      expect(await page.locator(".error-title").textContent()).toContain("null");
      expect(await page.locator("#tools-state").textContent()).toBe("on: approve, quoteHotel, quoteTrain");

      await page.reload();
      await page.locator("#loaded", { hasText: "ready" }).waitFor();
      await page.click("#run");
      await expect.poll(() => page.locator("#calls code").count()).toBe(2);
      expect(toolsIn(page)).toBe(0);
      await page.click("#tab-tools");
      expect(await page.locator("#tools-editor .cm-content").textContent()).toContain("nights * 10");
      // A mistake is told with its line; one that does not end can be switched off.
      await writeTools("export function quoteTrain() {}\nexport function");
      await page.click("#by-tools");
      await page.locator("#tools-state", { hasText: "off: line 2" }).waitFor();
      await writeTools("export function quoteTrain() { for (;;); }");
      await page.click("#by-tools");
      await page.locator("#tools-state", { hasText: "on: quoteTrain" }).waitFor();
      expect(toolsIn(page)).toBe(1);
      await page.click("#by-tools");
      await expect.poll(() => toolsIn(page), { timeout: 15_000 }).toBe(0);
      expect(await page.locator("#calls code").count()).toBe(2);
      await context.close();
    },
  );

  itOfAll("shares tools.ts, and runs it only where it was switched on", { timeout: 60_000 }, async () => {
    const sender = await newContext();
    const page = await visit(sender);
    await write(page, `declare function ask(n: number): number;\nask(1) + ask(2);`);
    await page.click("#tab-tools");
    await page.locator("#tools-editor .cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("export const ask = (n: number) => n * 100;");
    const share = async (): Promise<string> => {
      await page.locator("#link").evaluate((input) => ((input as HTMLInputElement).value = ""));
      await page.click("#share");
      await expect.poll(() => page.locator("#link").inputValue()).toContain("#");
      return page.locator("#link").inputValue();
    };
    const code = await share();
    await page.click("#run");
    await page.locator("#calls code", { hasText: "ask(1)" }).waitFor();
    const held = await share();
    expect(held).toMatch(/#held=[\w-]+&tools=[\w-]+$/);
    await sender.close();

    for (const link of [code, held]) {
      const receiver = await newContext();
      const opened = await visit(receiver, link);
      await opened.click(link === code ? "#run" : "#resume");
      await opened.locator("#calls code", { hasText: "ask(1)" }).waitFor();
      await opened.waitForTimeout(200);
      expect(toolsIn(opened)).toBe(0);
      expect(await opened.locator("#calls code").allTextContents()).toEqual(["ask(1)"]);
      await opened.click("#by-tools");
      await statusIs(opened, "complete");
      expect(await opened.locator("#ending pre").textContent()).toBe("300");
      await receiver.close();
    }
  });

  itOfAll("checks types when there is time, and complains of no example", { timeout: 90_000 }, () =>
    inNewPage(async (page) => {
      await write(page, `declare function ask(n: number): Promise<string>;\nconst n: number = await ask(1);\nn;`);
      const fault = page.locator("#fault");
      await page.locator("#fault[data-types='checked']").waitFor({ timeout: 30_000, state: "attached" });
      expect(await fault.textContent()).toBe("Line 2: Type 'string' is not assignable to type 'number'.");
      expect(await page.locator(".fault-type").textContent()).toBe("n");
      await shoot(page, "desktop-types");
      await page.click("#original");
      const all = await page
        .locator("#example option")
        .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
      expect(all.length).toBe(8);
      for (const filename of all) {
        await pick(page, filename);
        await page.locator("#fault[data-types='checked']").waitFor({ timeout: 30_000, state: "attached" });
        expect(await fault.textContent(), filename).toBe("");
      }
    }),
  );

  it("has no state in which axe finds anything", { timeout: 120_000 }, async () => {
    const views = [
      { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
      { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
    ] as const;
    for (const view of looksAtAll ? views : views.slice(0, 1)) {
      await inNewPage(
        async (page) => {
          const look = async (state: string): Promise<void> => {
            if (looksAtAll) await shoot(page, `axe-${state}-${view.viewport.width}-${view.colorScheme}`);
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(view.viewport.width);
            expect(await axeFindings(page), state).toEqual([]);
          };
          await look("ready");
          await pick(page, "approval.ts");
          await page.click("#run");
          await expect.poll(() => page.locator("#calls code").count()).toBe(2);
          await look("waiting");
          await page.click("#hold");
          await statusIs(page, "held");
          await page.click("#save");
          await page.click("#share");
          await expect.poll(() => page.locator("#link").inputValue()).toContain("#held=");
          await look("held");
          await page.click("#tab-tools");
          await look("tools");
          await page.click("#tab-program");
          await page.click("#open-gallery");
          await look("gallery");
          await page.keyboard.press("Escape");
          await write(page, `const items = { a: [1, 2] };\nconsole.log(items);\nnull!.x;`);
          await page.click("#run");
          await statusIs(page, "failed");
          await look("failed");
        },
        { ...view, reducedMotion: "reduce" },
      );
    }
  });

  itOfAll("has a gallery, both colours, and a form for other pages", () =>
    inNewPage(async (page) => {
      await page.click("#open-gallery");
      expect(await page.locator("#cards button").count()).toBe(8);
      await page.locator("#cards button", { hasText: "A puzzle" }).click();
      expect(await page.locator("#example").inputValue()).toBe("sudoku.ts");
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.click("#theme");
      await page.click("#theme");
      expect(await background()).not.toBe(light);
      await page.goto(`${url}?embed`);
      await page.locator("#open-whole").waitFor();
      expect(await page.locator("#open-gallery").isVisible()).toBe(false);
      await page.click("#run");
      await statusIs(page, "complete");
    }),
  );

  itOfAll("works without a network once it has been open", async () => {
    const context = await newContext();
    const page = await visit(context);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
    await context.setOffline(true);
    await page.reload();
    await page.locator("#loaded", { hasText: "ready" }).waitFor();
    await pick(page, "sudoku.ts");
    await page.click("#run");
    await statusIs(page, "complete");
    await context.close();
  });

  it("is small: the page's own JavaScript without the editor and the machine", async () => {
    const folder = join(root, "build/web-demo-test/assets");
    const own = (await readdir(folder)).filter((name) => /^index-.*\.js$/.test(name));
    expect(own).toHaveLength(1);
    expect(gzipSync(await readFile(join(folder, own[0]!))).length).toBeLessThan(60_000);
  });

  itOfAll("fits a phone", () =>
    inNewPage(
      async (page) => {
        await pick(page, "sorting.ts");
        await page.click("#run");
        await page.locator("#calls .chip").first().waitFor();
        await page.click("#save");
        await page.locator("#notes li").waitFor();
        await shoot(page, "phone");
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        const heights = await page
          .locator(".transport button")
          .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
        expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
      },
      { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    ),
  );
});
