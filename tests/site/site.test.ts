// The documentation site in a real Chromium: built, served below a path as any static host would, and used as readers do. Every example that
// a page can run is run there, and prints what it says.
//
// `npm test` builds and looks at a sample of the pages; FERMATA_SITE=all (`npm run test:site`) at all of them and the playground.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pagesIn } from "../../ts/build/docs/pages.ts";
import { blocksIn, PAGES, promised, root } from "../readme/blocks.ts";
import { axeFindings } from "../support/axe.ts";
import { chromiumOptions } from "../support/chromium.ts";

const BASE = "/some/where/";
const OUT = join(root, "build/site-test");
const SCREENSHOTS = join(root, "build/screenshots");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const looksAtAll = process.env["FERMATA_SITE"] === "all";
const SAMPLE = ["index.md", "hosts/node.md"];

let server: Server;
let origin: string;
let browser: Browser;
let output = "";

/** Builds the site as `npm run docs:build` does, of the build that is there. */
function buildSite(): Promise<void> {
  const pages = looksAtAll ? {} : { FERMATA_SITE_PAGES: SAMPLE.join() };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/docs.mjs", "--as-built"], {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FERMATA_SITE_BASE: BASE, FERMATA_SITE_OUT: OUT, ...pages },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`the site cannot be built: ${output}`))));
  });
}

beforeAll(async () => {
  await buildSite();
  server = createServer(async (request, response) => {
    const path = new URL(request.url!, "http://localhost").pathname;
    try {
      if (!path.startsWith(BASE)) throw new Error("outside the base path");
      const name = path.slice(BASE.length);
      const body = await readFile(join(OUT, name === "" || name.endsWith("/") ? `${name}index.html` : name));
      response.setHeader("content-type", TYPES[extname(path)] ?? "text/html").end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await mkdir(SCREENSHOTS, { recursive: true });
  browser = await chromium.launch(chromiumOptions());
}, 240_000);

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

interface View {
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
}
const DESK: View = { width: 1280, height: 800, dark: false };

/** Opens a page of the site; what the page complains about, or asks of another origin, is an error. */
async function onPage(path: string, use: (page: Page) => Promise<void>, { width, height, dark }: View = DESK) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(`${origin}${BASE}${path}`);
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

const filesIn = (folder: string, ending: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith(ending));

// What is not in the sample is not registered: a test that is skipped would count as a failure.
const describeAll = looksAtAll ? describe : () => {};

describeAll("the site", () => {
  it("links only to pages and headings that are there", () => {
    expect(output).not.toMatch(/dead link|warning|\(!\)/i);
    const pages = filesIn(OUT, ".html").filter((file) => !file.startsWith("playground"));
    const ids = new Map(
      pages.map((file) => {
        const text = readFileSync(join(OUT, file), "utf8");
        return [file, { text, ids: new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!)) }];
      }),
    );
    const broken: string[] = [];
    let followed = 0;
    for (const [file, { text }] of ids) {
      if (file === "404.html") continue;
      for (const [, address] of text.matchAll(/ (?:href|src)="([^"]+)"/g)) {
        if (/^[a-z]+:/.test(address!)) continue;
        const { pathname, hash } = new URL(address!, `http://x${BASE}${file}`);
        const name = pathname.slice(BASE.length);
        const target = name === "" || name.endsWith("/") ? `${name}index.html` : name;
        followed++;
        if (!pathname.startsWith(BASE) || !existsSync(join(OUT, target))) broken.push(`${file}: ${address}`);
        else if (hash !== "" && !ids.get(target)?.ids.has(decodeURIComponent(hash.slice(1)))) {
          broken.push(`${file}: ${address}`);
        }
      }
    }
    expect([...new Set(broken)]).toEqual([]);
    expect(followed).toBeGreaterThan(1000);
  });

  it("has each page as Markdown, and both texts for language models", () => {
    const docs = join(root, "docs");
    const pages = pagesIn(docs);
    expect(pages.length).toBeGreaterThan(40);
    expect(pages.filter((path) => !existsSync(join(OUT, path)))).toEqual([]);
    const list = readFileSync(join(OUT, "llms.txt"), "utf8");
    const links = [...list.matchAll(/^- \[[^\]]+\]\(([^)]+)\)/gm)].map(([, path]) => path!);
    expect(links.filter((path) => !existsSync(join(OUT, path)))).toEqual([]);
    expect(links.length).toBe(pages.length - 1);
    const full = readFileSync(join(OUT, "llms-full.txt"), "utf8");
    expect(full).toContain("## Hold at an approval");
    expect(full).toContain("## createRuntime");
  });

  it("finds words", () =>
    onPage("start.html", async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(".VPLocalSearchBox input").fill("nextDueAt");
      await page.locator(".VPLocalSearchBox .result").first().waitFor();
      await page.locator(".VPLocalSearchBox .result").first().click();
      await page.waitForURL((address) => !address.pathname.endsWith("start.html"));
      await page.locator("main", { hasText: "nextDueAt" }).waitFor();
      expect(await page.locator("main h1").count()).toBe(1);
    }));

  it("has the playground", () =>
    onPage("playground/index.html", async (page) => {
      await page.locator("#loaded", { hasText: "ready" }).waitFor();
      expect(await page.title()).toBe("Fermata");
    }));
});

describe("the package", () => {
  it("has the pages, without the site's own files", () => {
    const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const [{ files, size, unpackedSize }] = JSON.parse(
      execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    ) as [{ files: { path: string }[]; size: number; unpackedSize: number }];
    const paths = files.map(({ path }) => path).filter((path) => path.startsWith("docs/"));
    const written = looksAtAll ? ["llms.txt"] : [];
    for (const page of [...pagesIn(join(root, "docs")), ...written]) expect(paths).toContain(`docs/${page}`);
    expect(paths.filter((path) => !/\.(md|svg)$|^docs\/llms\.txt$/.test(path))).toEqual([]);
    // Of it 0.6 MB are the data of Intl.
    expect(size).toBeLessThan(2_100_000);
    expect(unpackedSize).toBeLessThan(6_500_000);
  });
});

/** The pages with examples, as the site has them; tests/readme runs the same examples in Node. */
const WITH_EXAMPLES = PAGES.filter((page) => page.startsWith("docs/") && blocksIn(page, "ts").length > 0).filter(
  (page) => looksAtAll || SAMPLE.includes(page.slice("docs/".length)),
);

/** What of a host an example needs; none for most. */
const NEEDS_A_HOST: Readonly<Record<string, string>> = {
  "docs/hosts/node.md 1": "node:fs",
  "docs/hold-for-days.md 1": "node:fs/promises",
};

describe("the examples on the site", () => {
  it.each(WITH_EXAMPLES)("of %s run in the page", { timeout: 60_000 }, (path) =>
    onPage(path.replace(/^docs\//, "").replace(/\.md$/, ".html"), async (page) => {
      const blocks = blocksIn(path, "ts");
      const bars = page.locator(".run-block");
      expect(await bars.count()).toBe(blocks.length);
      for (const [i, block] of blocks.entries()) {
        const bar = bars.nth(i);
        const needs = NEEDS_A_HOST[`${path} ${i + 1}`];
        if (needs !== undefined) {
          expect(await bar.textContent()).toContain(`This example needs ${needs}`);
          expect(await bar.getByRole("button").count()).toBe(0);
          continue;
        }
        await bar.getByRole("button", { name: "Run" }).click();
        await bar.getByText(/ended after|failed/).waitFor();
        expect((await bar.locator(".run-output").textContent())!.split("\n")).toEqual(promised(block));
      }
    }),
  );

  it("can be stopped, run again, and say when they fail", async () => {
    const states: string[] = [];
    const use = async (page: Page): Promise<void> => {
      const bar = page.locator(".run-block").first();
      // The package cannot be reached: the example says so instead of waiting for ever.
      await page.route("**/package/**", (route) => route.abort());
      await bar.getByRole("button", { name: "Run" }).click();
      await bar.getByText("failed").waitFor();
      states.push((await bar.getByRole("status").textContent())!.trim());
      await page.unroute("**/package/**");
      // A request that is never answered.
      await page.route("**/package/**", () => {});
      await bar.getByRole("button", { name: "Run" }).click();
      states.push((await bar.getByRole("status").textContent())!.trim());
      await bar.getByRole("button", { name: "Stop" }).click();
      await page.unroute("**/package/**");
      await bar.getByRole("button", { name: "Run" }).click();
      await bar.getByText("ended after").waitFor();
      states.push((await bar.getByRole("status").textContent())!.trim());
    };
    // The browser itself reports the request that was refused.
    await onPage("index.html", use).catch((error: Error) => expect(error.message).toContain("Failed to load resource"));
    expect(states).toEqual(["failed", "running …", expect.stringMatching(/^ended after \d+ ms$/)]);
  });
});

describe("the look of the site", () => {
  // Contrast depends on the colours, what sticks out on the width: two of the four show both.
  const views: readonly View[] = [{ width: 390, height: 844, dark: true }, ...(looksAtAll ? [DESK] : [])];
  const shown = looksAtAll ? ["index.html", "comparison.html", "reference/errors.html"] : ["index.html"];

  it.each(views)(
    "at $width, dark: $dark, has nothing that axe finds, and nothing that sticks out",
    { timeout: 60_000 },
    async (view) => {
      for (const path of shown) {
        await onPage(
          path,
          async (page) => {
            if (path === "index.html") {
              await page.getByRole("button", { name: "Run" }).click();
              await page.getByText("ended after").waitFor();
            }
            expect(await axeFindings(page), path).toEqual([]);
            expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(
              view.width,
            );
            const name = `site-${path.replace(/\W/g, "-")}-${view.width}${view.dark ? "-dark" : ""}`;
            await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
          },
          view,
        );
      }
    },
  );
});
