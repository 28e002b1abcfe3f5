// Owns how a turn is taken in a process, in a page and in a Worker of Cloudflare. Must never bundle anything.

import { spawn } from "node:child_process";
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { Miniflare } from "miniflare";
import { chromium, type Browser } from "playwright";
import { chromiumOptions } from "../support/chromium.ts";
import type { Host, Request } from "./matrix.ts";
import { ENVIRONMENT, runProgram } from "./project.ts";

/** Each turn is a process; it gets the request as its last argument. */
export function processHost(folder: string, command: string, ...args: string[]): Host {
  return {
    async turn(request) {
      const printed = await runProgram(folder, command, [...args, JSON.stringify(request)]);
      return JSON.parse(printed) as unknown;
    },
  };
}

const browsers: (Browser | undefined)[] = [];

/** The two Chromiums: the first turn of a page is in one, the second in the other. */
async function browserFor(request: Request): Promise<Browser> {
  const which = request.bytes === undefined ? 0 : 1;
  return (browsers[which] ??= await chromium.launch(chromiumOptions()));
}

export async function closeBrowsers(): Promise<void> {
  await Promise.all(browsers.splice(0).map((browser) => browser?.close()));
}

/** Each turn is a page in a browser of its own, from this address. */
export function pageHost(address: string, close: () => Promise<void>): Host {
  return {
    async turn(request) {
      const page = await (await browserFor(request)).newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      try {
        await page.goto(address, { waitUntil: "load" });
        await page
          .waitForFunction(() => "takeTurn" in globalThis, undefined, { timeout: 30_000 })
          .catch(() => {
            throw new Error(`the page does not load: ${faults.join("; ")}`);
          });
        return await page.evaluate(
          (given) => (globalThis as unknown as { takeTurn(r: unknown): Promise<unknown> }).takeTurn(given),
          request as object,
        );
      } finally {
        await page.close();
      }
    },
    close,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves a folder of built files; `page` is the text of its start page if it has no file for that. */
export async function servedHost(folder: string, start: string, page?: string): Promise<Host> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url!, "http://localhost").pathname);
    const path = join(folder, name);
    if (page !== undefined && name === "/") response.setHeader("content-type", "text/html").end(page);
    else if (existsSync(path) && statSync(path).isFile()) {
      response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
      createReadStream(path).pipe(response);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return pageHost(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${start}`, async () => {
    server.closeAllConnections();
    server.close();
  });
}

/** Starts a server of the project; resolves when it prints its address, to that and to what stops it. */
export async function startServer(
  folder: string,
  command: string,
  ...args: string[]
): Promise<{ address: string; stop(): Promise<void> }> {
  const child = spawn(command, args, { cwd: folder, env: ENVIRONMENT, detached: true });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (): Promise<void> => {
    // With all that it has started.
    if (child.exitCode === null) process.kill(-child.pid!, "SIGKILL");
    await gone;
  };
  let printed = "";
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address after two minutes: ${printed}`)), 120_000);
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const found = /https?:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(printed);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("close", () => reject(new Error(`${command} ended: ${printed}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { address, stop };
}

/** Each turn is a workerd of its own, with the modules that lie in a folder. */
export function workerdHost(folder: string, main: string): Host {
  const files = readdirSync(folder).filter((name) => name !== main && /\.(?:js|mjs|wasm)$/.test(name));
  const modules = [main, ...files].map((name) => ({
    type: name.endsWith(".wasm") ? ("CompiledWasm" as const) : ("ESModule" as const),
    path: join(folder, name),
  }));
  return {
    async turn(request) {
      const worker = new Miniflare({ modulesRoot: folder, modules, compatibilityDate: "2026-04-26", cf: false });
      try {
        const response = await worker.dispatchFetch("http://worker/", {
          method: "POST",
          body: JSON.stringify(request),
        });
        if (response.status !== 200) throw new Error(await response.text());
        return (await response.json()) as unknown;
      } finally {
        await worker.dispose();
      }
    },
  };
}
