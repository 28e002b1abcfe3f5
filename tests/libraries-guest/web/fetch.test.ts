// `fetch` of a program and what the host answers: the fixed shape of the call, aborts, records, and the platform's fetch with its list
// of origins, against a server of our own.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FetchRequest, platformFetch, recordedFetch, type FetchTool } from "../../../ts/fetch/index.ts";
import { runtimeWith } from "../../support/libraries.ts";

const runtime = await runtimeWith("web-fetch");

async function run(source: string, fetch?: FetchTool): Promise<unknown> {
  const program = runtime.compile(source, { filename: "fetch.js", externals: fetch === undefined ? [] : ["fetch"] });
  const { output } = await program.run(fetch === undefined ? {} : { tools: { fetch } });
  return output;
}

const FAILURE = `(error) => [error.name, error.message, error.cause?.message]`;

describe("the call", () => {
  it("has a fixed shape", async () => {
    const asked: FetchRequest[] = [];
    const output = await run(
      `const response = await fetch("https://h.x/a b?c#d", { method: "post", headers: { Z: "1", "content-type": "t/x" }, body: "hé" });
       [response.url, response.status, response.statusText, response.ok, response.redirected, [...response.headers], await response.json()]`,
      async (request) => {
        asked.push(request);
        return { url: "https://h.x/else", status: 201, statusText: "Made", headers: [["X-A", "1"]], body: '{"b":2}' };
      },
    );
    expect(asked).toStrictEqual([
      {
        url: "https://h.x/a%20b?c",
        method: "POST",
        headers: [
          ["content-type", "t/x"],
          ["z", "1"],
        ],
        body: new Uint8Array([104, 195, 169]),
        redirect: "follow",
      },
    ]);
    expect(output).toStrictEqual(["https://h.x/else", 201, "Made", true, true, [["x-a", "1"]], { b: 2 }]);
  });

  it.each([
    ["bytes", async () => ({ status: 200, body: new Uint8Array([104, 105]) }), "hi"],
    ["a text", async () => ({ status: 200, body: "hi" }), "hi"],
    ["nothing", async () => ({ status: 204, body: null }), ""],
  ] as const)("is answered by %s", async (_what, fetch, text) => {
    expect(await run(`await (await fetch("https://h.x/")).text()`, fetch)).toBe(text);
  });

  it("fails with what the host threw as the cause", async () => {
    const fetch = async (): Promise<never> => {
      throw new RangeError("no route");
    };
    expect(await run(`await fetch("https://h.x/").catch(${FAILURE})`, fetch)).toStrictEqual([
      "TypeError",
      "fetch failed",
      "no route",
    ]);
  });

  it("fails for an answer of another shape", async () => {
    const fetch = (async () => ({ status: 99 })) as FetchTool;
    expect(await run(`await fetch("https://h.x/").catch(${FAILURE})`, fetch)).toStrictEqual([
      "TypeError",
      "fetch failed",
      "the host answered the status 99",
    ]);
  });

  it("names the external that a program has not declared", async () => {
    expect(await run(`await fetch("https://h.x/").catch(${FAILURE})`)).toStrictEqual([
      "TypeError",
      'fetch is not available: the program declares no external function "fetch"',
      undefined,
    ]);
  });

  it("is rejected at once when it is aborted, and the answer is not waited for", async () => {
    const program = runtime.compile(
      `const controller = new AbortController();
       const response = fetch("https://h.x/", { signal: controller.signal }).then(() => "answered", (error) => error.name);
       controller.abort();
       await response`,
      { externals: ["fetch"] },
    );
    const state = program.start();
    expect(state.status).toBe("complete");
    expect(state.status === "complete" && state.output).toBe("AbortError");
  });

  it("waits in a snapshot", async () => {
    const program = runtime.compile(`const r = await fetch("https://h.x/"); await r.text()`, { externals: ["fetch"] });
    const state = program.start();
    if (state.status === "complete") throw new Error("nothing was asked");
    const held = runtime.load(state.snapshot().dump()).restore();
    if (held.status === "complete") throw new Error("nothing was asked");
    const { output } = await held.run({ tools: { fetch: async () => ({ status: 200, body: "later" }) } });
    expect(output).toBe("later");
  });
});

describe("recordedFetch", () => {
  const fetch = recordedFetch([
    { url: "https://h.x/a", body: { n: 1 }, times: 1 },
    { url: "https://h.x/a", status: 404 },
    { url: "https://h.x/p", method: "POST", requestBody: "q=1", body: "done", headers: { "x-b": "2" } },
  ]);

  it("answers with the first record that fits", async () => {
    const source = `const first = await fetch("https://h.x/a"), second = await fetch("https://h.x/a");
      const third = await fetch("https://h.x/p", { method: "POST", body: "q=1" });
      [await first.json(), first.headers.get("content-type"), second.status, await third.text(), third.headers.get("x-b")]`;
    expect(await run(source, fetch)).toStrictEqual([{ n: 1 }, "application/json", 404, "done", "2"]);
  });

  it("fails by name where none fits", async () => {
    expect(await run(`await fetch("https://h.x/p").catch(${FAILURE})`, fetch)).toStrictEqual([
      "TypeError",
      "fetch failed",
      "no record for GET https://h.x/p",
    ]);
  });
});

describe("platformFetch", () => {
  let server: Server;
  let other: Server;
  let origin = "";
  let otherOrigin = "";
  const seen: { path: string; headers: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    const listen = (made: Server): Promise<string> =>
      new Promise((resolve) => {
        made.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(made.address() as AddressInfo).port}`));
      });
    other = createServer((request, response) => {
      seen.push({ path: `other${request.url}`, headers: request.headers });
      response.end("other");
    });
    otherOrigin = await listen(other);
    server = createServer((request, response) => {
      const path = request.url ?? "";
      seen.push({ path, headers: request.headers });
      const [, kind] = path.split("/");
      if (kind === "big") response.end("x".repeat(5000));
      else if (kind === "slow") return;
      else if (kind === "loop") response.writeHead(302, { location: "/loop" }).end();
      else if (kind === "near") response.writeHead(302, { location: "/echo" }).end();
      else if (kind === "far") response.writeHead(302, { location: `${otherOrigin}/x` }).end();
      else if (kind === "inside") response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
      else if (kind === "script") response.writeHead(302, { location: "file:///etc/passwd" }).end();
      else {
        const parts: Buffer[] = [];
        request.on("data", (part: Buffer) => parts.push(part));
        request.on("end", () => response.end(`${request.method} ${path} ${Buffer.concat(parts).toString()}`));
      }
    });
    origin = await listen(server);
  });

  afterAll(() => {
    for (const one of [server, other]) {
      one.closeAllConnections();
      one.close();
    }
  });

  const ask = (source: string, options: Partial<Parameters<typeof platformFetch>[0]> = {}): Promise<unknown> =>
    run(source, platformFetch({ allow: [origin], methods: ["GET", "POST"], ...options }));

  const failure = async (
    path: string,
    options: Partial<Parameters<typeof platformFetch>[0]> = {},
    init = "",
  ): Promise<unknown> =>
    (
      (await ask(`await fetch("${origin}${path}"${init}).then(() => ["answered"], ${FAILURE})`, options)) as unknown[]
    ).at(-1);

  it("asks what is allowed", async () => {
    const source = `const r = await fetch("${origin}/echo", { method: "POST", body: "hi", headers: { host: "evil.x", "x-own": "1" } }); [r.url, await r.text()]`;
    expect(await ask(source)).toStrictEqual([`${origin}/echo`, "POST /echo hi"]);
    expect(seen.at(-1)!.headers["host"]).toBe(origin.slice(7));
    expect(seen.at(-1)!.headers["x-own"]).toBe("1");
  });

  it("knows names of headers however they are written, also from a program that calls the host function itself", async () => {
    const tool = platformFetch({ allow: [origin, otherOrigin] });
    const headers = [
      ["HOST", "evil.x"],
      ["Authorization", "mine"],
      ["COOKIE", "a=b"],
    ] as const;
    await tool({ url: `${origin}/far`, method: "GET", headers, body: null, redirect: "follow" });
    expect(seen.at(-2)!.headers).toMatchObject({ host: origin.slice(7), authorization: "mine", cookie: "a=b" });
    expect(seen.at(-1)!.path).toBe("other/x");
    expect(seen.at(-1)!.headers).not.toHaveProperty("authorization");
    expect(seen.at(-1)!.headers).not.toHaveProperty("cookie");
  });

  it("does not take what a page has made for its origin", async () => {
    const asked: string[] = [];
    const fetch = async (url: string): Promise<Response> => {
      asked.push(url);
      return new Response("");
    };
    const tool = platformFetch({ allow: [origin], fetch });
    const request = { url: `blob:${origin}/0`, method: "GET", headers: [], body: null, redirect: "follow" } as const;
    await expect(tool(request)).rejects.toThrow("does not allow");
    expect(asked).toEqual([]);
  });

  it("refuses all else", async () => {
    expect(await failure("/echo", { allow: [] })).toBe(`the host does not allow requests to ${origin}`);
    expect(await failure("/echo", { allow: ["https://127.0.0.1"] })).toBe(
      `the host does not allow requests to ${origin}`,
    );
    expect(await failure("/echo", {}, `, { method: "DELETE" }`)).toBe("the host does not allow DELETE requests");
    expect(() => platformFetch({ allow: ["*"] })).toThrow("is not an origin");
    expect(() => platformFetch({ allow: ["https://h.x/path"] })).toThrow("more than an origin");
  });

  it("checks where redirects lead", async () => {
    expect(await ask(`const r = await fetch("${origin}/near"); [r.url, r.redirected, await r.text()]`)).toStrictEqual([
      `${origin}/echo`,
      true,
      "GET /echo ",
    ]);
    expect(await failure("/far")).toBe(`the host does not allow requests to ${otherOrigin}`);
    expect(await failure("/inside")).toBe("the host does not allow requests to http://169.254.169.254");
    expect(await failure("/script")).toBe("the host does not allow requests to null");
    expect(await failure("/loop")).toBe(`${origin}/loop redirects more than 5 times`);
    expect(await failure("/near", {}, `, { redirect: "error" }`)).toBe(`${origin}/near redirects`);
    expect(await ask(`(await fetch("${origin}/near", { redirect: "manual" })).status`)).toBe(302);
  });

  it("takes secrets to no other origin", async () => {
    const headers = (url: URL): HeadersInit => (url.origin === origin ? { "x-key": "secret" } : {});
    const source = `(await fetch("${origin}/far", { headers: { authorization: "a", "x-own": "1" } })).text()`;
    expect(await ask(`await ${source}`, { allow: [origin, otherOrigin], headers })).toBe("other");
    const [first, second] = seen.slice(-2);
    expect([first!.headers["authorization"], first!.headers["x-key"]]).toStrictEqual(["a", "secret"]);
    expect(second!.path).toBe("other/x");
    expect([second!.headers["authorization"], second!.headers["x-key"], second!.headers["x-own"]]).toStrictEqual([
      undefined,
      undefined,
      "1",
    ]);
  });

  it("has limits of size and time", async () => {
    expect(await failure("/big", { maxBytes: 4999 })).toContain("more than 4999 bytes");
    expect(await ask(`(await (await fetch("${origin}/big")).text()).length`, { maxBytes: 5000 })).toBe(5000);
    expect(await failure("/slow", { timeoutMs: 50 })).toMatch(/timeout/i);
  });
});
