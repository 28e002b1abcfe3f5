// The code blocks of the README and of docs/ are what a reader would paste: they type-check under `strict`, run against the built package,
// and print what the comments `// → text` behind their console.log say.
//
// A block `ts run` runs in Node; `ts run deno`, `ts run worker` and `ts run browser` in that runtime.

import { execFile } from "node:child_process";
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumOptions } from "../support/chromium.ts";
import { type Consumer, makeConsumer } from "../support/consumer.ts";
import { type Block, blocksIn, complaints, fileOf, PAGES, promised, root, type Runtime } from "./blocks.ts";

const BLOCKS = PAGES.flatMap((page) => blocksIn(page, "ts"));

let consumer: Consumer;
beforeAll(() => {
  consumer = makeConsumer([]);
});
afterAll(() => consumer?.dispose());

/** Writes the block as JavaScript where the package is installed; returns the file's name. */
async function place(block: Block, before = "", after = ""): Promise<string> {
  const { code } = await transform(block.code, { loader: "ts", format: "esm", target: "es2022" });
  const file = fileOf(block).replace(/\.mts$/, ".js");
  writeFileSync(join(consumer.folder, file), `${before}${code}${after}`);
  return file;
}

async function inProcess(command: readonly string[], block: Block): Promise<string[]> {
  const file = join(consumer.folder, await place(block));
  const { stdout } = await promisify(execFile)(command[0]!, [...command.slice(1), file], {
    cwd: consumer.folder,
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
  return stdout.trimEnd().split("\n");
}

/** Collects what is logged, with values as Node prints the simple ones. */
const COLLECT = 'const lines = []; console.log = (...values) => void lines.push(values.join(" "));\n';

async function inWorker(block: Block): Promise<string[]> {
  // Top-level work of a Worker happens in a request: the block becomes the body of a function, its imports stay above.
  const { code } = await transform(block.code.replaceAll("export class", "class"), {
    loader: "ts",
    format: "esm",
    target: "es2022",
  });
  const imports = [...code.matchAll(/^import .*$/gm)].map(([line]) => line).join("\n");
  const body = code.replaceAll(/^import .*$/gm, "");
  const file = fileOf(block).replace(/\.mts$/, ".js");
  writeFileSync(
    join(consumer.folder, file),
    `${imports}\nexport default { async fetch() {\n${COLLECT}${body}\nreturn Response.json(lines);\n} };`,
  );
  return (await consumer.runWorker(file)) as string[];
}

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };

async function inBrowser(block: Block): Promise<string[]> {
  const folder = dirname(
    await consumer.bundle(await place(block, COLLECT, "\nglobalThis.printed = lines;"), "browser"),
  );
  const entry = fileOf(block).replace(/\.mts$/, ".js");
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url!, "http://localhost").pathname);
    if (request.url === "/")
      response
        .setHeader("content-type", "text/html")
        .end(`<!doctype html><script type="module" src="${entry}"></script>`);
    else if (existsSync(path)) {
      response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
      createReadStream(path).pipe(response);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch(chromiumOptions());
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => "printed" in globalThis);
    return await page.evaluate(() => (globalThis as unknown as { printed: string[] }).printed);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

const RUN: Readonly<Record<Runtime, (block: Block) => Promise<string[]>>> = {
  node: (block) => inProcess([process.execPath], block),
  deno: (block) => inProcess([join(root, "node_modules/.bin/deno"), "run", "--allow-read", "--no-lock"], block),
  worker: inWorker,
  browser: inBrowser,
};

describe("the code blocks of the pages", () => {
  it("type-check under strict", { timeout: 120_000 }, () => {
    expect(complaints(BLOCKS)).toEqual([]);
  });

  it("are all run, on every runtime that has a page", () => {
    expect(BLOCKS.filter(({ info }) => !/^ts run( deno| worker| browser)?$/.test(info))).toEqual([]);
    expect(BLOCKS.filter((block) => promised(block).length === 0)).toEqual([]);
    expect(new Set(BLOCKS.map(({ info }) => info)).size).toBe(4);
  });

  it.each(BLOCKS.map((block) => [`${block.page}, block ${block.number}`, block] as const))(
    "%s prints what it says",
    { timeout: 120_000 },
    async (_name, block) => {
      const runtime = (block.info.split(" ")[2] ?? "node") as Runtime;
      expect(await RUN[runtime](block)).toEqual(promised(block));
    },
  );
});

describe("the README", () => {
  it("has at most 100 lines", () => {
    expect(readFileSync(join(root, "README.md"), "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(100);
  });
});
