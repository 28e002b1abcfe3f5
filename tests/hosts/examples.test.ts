// The examples for Workers, Deno and browsers do what they say, with the package as a user has it; that for Node is in
// examples-postgres.test.ts.

import { once } from "node:events";
import { cpSync, createReadStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";
import { Miniflare } from "miniflare";
import { chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../support/chromium.ts";
import { makeConsumer, root, type Consumer } from "../support/consumer.ts";
import { expectConversation, freePort, serving, TOKEN } from "./examples.ts";

const EXAMPLES = ["cloudflare/worker.js", "deno/main.js", "node/server.js", "browser/main.js"];
const textOf = (file: string): string => readFileSync(join(root, "examples", file), "utf8");

let consumer: Consumer;
beforeAll(() => {
  consumer = makeConsumer([]);
  for (const file of EXAMPLES) {
    mkdirSync(join(consumer.folder, dirname(file)), { recursive: true });
    cpSync(join(root, "examples", file), join(consumer.folder, file));
  }
});
afterAll(() => consumer?.dispose());

describe("the examples", () => {
  it("are those of docs/hold-for-days.md, of at most 25 lines", () => {
    const page = readFileSync(join(root, "docs/hold-for-days.md"), "utf8");
    const blocks = [...page.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
    expect(blocks).toEqual(EXAMPLES.map(textOf));
    for (const code of blocks) expect(code!.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
  });

  it("for Workers: a Durable Object, with the page beside it", { timeout: 60_000 }, async () => {
    // What JSON does not have: comments, and commas after the last.
    const text = textOf("cloudflare/wrangler.jsonc")
      .replaceAll(/^\/\/.*$/gm, "")
      .replaceAll(/,(\s*[}\]])/g, "$1");
    const config = JSON.parse(text) as {
      main: string;
      compatibility_date: string;
      durable_objects: { bindings: { name: string; class_name: string }[] };
      migrations: { new_sqlite_classes: string[] }[];
      assets: { directory: string };
    };
    const [binding] = config.durable_objects.bindings;
    expect(config.migrations[0]!.new_sqlite_classes).toEqual([binding!.class_name]);
    expect(existsSync(join(root, "examples/cloudflare", config.assets.directory, "index.html"))).toBe(true);
    const script = await consumer.bundle(`cloudflare/${config.main}`, "workerd");
    const file = existsSync(script) ? script : join(dirname(dirname(script)), "worker.js");
    const worker = new Miniflare({
      modulesRoot: dirname(file),
      modules: [
        { type: "ESModule", path: file },
        { type: "CompiledWasm", path: join(dirname(file), "fermata.wasm") },
      ],
      compatibilityDate: config.compatibility_date,
      cf: false,
      bindings: { TOKEN },
      durableObjects: { [binding!.name]: { className: binding!.class_name, useSQLite: true } },
    });
    try {
      await expectConversation((path, init) => worker.dispatchFetch(`http://worker${path}`, init as never) as never);
    } finally {
      await worker.dispose();
    }
  });

  it("for Deno: KV, a cron, and a server", { timeout: 60_000 }, async () => {
    const flags = [
      "--unstable-kv",
      "--unstable-cron",
      "--allow-net",
      "--allow-env",
      "--allow-read",
      "--allow-write",
      "--no-lock",
    ];
    const command = [join(root, "node_modules/.bin/deno"), "run", ...flags, "deno/main.js"];
    const port = await freePort();
    const { child, ask } = await serving(command, {
      cwd: consumer.folder,
      port,
      env: { KV: join(consumer.folder, "runs.kv") },
    });
    try {
      await expectConversation(ask);
    } finally {
      const over = once(child, "close");
      child.kill("SIGKILL");
      await over;
    }
  });

  it("for browsers: two tabs, and what one starts the other shows", { timeout: 60_000 }, async () => {
    const bundled = await consumer.bundle("browser/main.js", "browser");
    const folder = existsSync(bundled) ? dirname(bundled) : dirname(dirname(bundled));
    const html = textOf("browser/index.html");
    const server = createServer((request, response) => {
      const path = join(folder, new URL(request.url!, "http://localhost").pathname);
      if (request.url === "/") response.setHeader("content-type", "text/html").end(html);
      else if (existsSync(path)) {
        response.setHeader("content-type", extname(path) === ".wasm" ? "application/wasm" : "text/javascript");
        createReadStream(path).pipe(response);
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await chromium.launch(chromiumOptions());
    try {
      const context = await browser.newContext();
      const [first, second] = [await context.newPage(), await context.newPage()];
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      for (const tab of [first, second]) await tab.goto(url);
      const shows = (text: string) =>
        second.waitForFunction((wanted) => document.querySelector("#runs")!.textContent === wanted, text);
      await first.click("#start");
      await shows("waiting");
      await first.close();
      await second.click("#approve");
      await shows("INV-7 paid");
      expect(await second.textContent("#runs")).toBe("INV-7 paid");
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
