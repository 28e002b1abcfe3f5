import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreConflictError, StoreError } from "../../ts/errors.ts";
import { FetchStore } from "../../ts/stores/fetch.ts";
import { startSnapshotServer, type SnapshotServer } from "../support/snapshot-server.ts";
import { storeContract } from "./contract.ts";

const bytes = Uint8Array.of(1, 2, 3);

let server: SnapshotServer;
beforeEach(async () => {
  server = await startSnapshotServer();
});
afterEach(() => server.close());

/** Answers the next requests with a status and headers. */
function answer(status: number, headers: Record<string, string> = {}, body = ""): void {
  server.intervene = (request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
    return true;
  };
}

async function failure(promise: Promise<unknown>): Promise<StoreError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

describe("FetchStore", () => {
  it.each(storeContract)("$name", async ({ run }) => {
    await run({ store: new FetchStore(server.url), open: () => new FetchStore(server.url) });
  });

  it("sends one request for each operation, with the condition as a header", async () => {
    const store = new FetchStore(`${server.url}/?tenant=7#x`);
    const version = await store.put("a/b c", bytes, { ifVersion: null });
    await store.put("a/b c", bytes, { ifVersion: version });
    await store.put("a/b c", bytes);
    await store.get("a/b c");
    await store.list("a/");
    await store.delete("a/b c", { ifVersion: (await store.get("a/b c"))!.version });
    expect(server.requests.map(({ line }) => line)).toEqual([
      "PUT /snapshots/a%2Fb%20c?tenant=7",
      "PUT /snapshots/a%2Fb%20c?tenant=7",
      "PUT /snapshots/a%2Fb%20c?tenant=7",
      "GET /snapshots/a%2Fb%20c?tenant=7",
      "GET /snapshots?tenant=7&prefix=a%2F",
      "GET /snapshots/a%2Fb%20c?tenant=7",
      "DELETE /snapshots/a%2Fb%20c?tenant=7",
    ]);
    const conditions = server.requests.map(({ headers }) => [headers["if-match"], headers["if-none-match"]]);
    expect(conditions).toEqual([
      [undefined, "*"],
      ['"1"', undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      ['"3"', undefined],
    ]);
    expect(server.requests[0]!.headers["content-type"]).toBe("application/octet-stream");
  });

  it("sends the headers of the options, asked anew for each request, but never lets them set the condition", async () => {
    let calls = 0;
    const headers = async () => ({ authorization: `Bearer ${++calls}`, "if-match": '"other"' });
    const store = new FetchStore(server.url, { headers });
    await new FetchStore(server.url, { headers: [["x-tenant", "7"]] }).get("key");
    const version = await new FetchStore(server.url).put("key", bytes);
    await store.put("key", bytes, { ifVersion: version });
    await store.get("key");
    expect(server.requests[0]!.headers["x-tenant"]).toBe("7");
    expect(server.requests[2]!.headers).toMatchObject({ authorization: "Bearer 1", "if-match": version });
    expect(server.requests[3]!.headers.authorization).toBe("Bearer 2");
  });

  it("uses the fetch it is given", async () => {
    const seen: string[] = [];
    const store = new FetchStore("https://example.test/x", {
      fetch: async (url, init) => {
        seen.push(`${init.method} ${url}`);
        return new Response("abc", { headers: { etag: '"7"' } });
      },
    });
    expect((await store.get("key"))?.version).toBe('"7"');
    expect(seen).toEqual(["GET https://example.test/x/key"]);
  });

  it("takes a tag that a proxy has weakened for the tag it was", async () => {
    const store = new FetchStore(server.url);
    const version = await store.put("key", bytes);
    answer(200, { etag: `W/${version}` }, "abc");
    expect((await store.get("key"))?.version).toBe(version);
  });

  it.each([
    [400, "get"],
    [401, "put"],
    [403, "delete"],
    [500, "list"],
    [503, "get"],
  ] as const)("reports HTTP %i with the status", async (status, operation) => {
    answer(status);
    const store = new FetchStore(server.url);
    const use = {
      get: () => store.get("key"),
      put: () => store.put("key", bytes),
      delete: () => store.delete("key"),
      list: () => store.list("key"),
    };
    const error = await failure(use[operation]());
    expect(error).toMatchObject({ code: "FERMATA_STORE", operation, status });
    expect(error.message).toContain(`HTTP ${status}`);
  });

  it("takes 409, and 404 under a version, for a lost race", async () => {
    const store = new FetchStore(server.url);
    answer(409);
    const lost = await failure(store.put("key", bytes, { ifVersion: '"1"' }));
    expect(lost).toBeInstanceOf(StoreConflictError);
    expect(lost).toMatchObject({ status: 409, expected: '"1"' });
    answer(404);
    expect(await failure(store.put("key", bytes, { ifVersion: '"1"' }))).toMatchObject({ status: 404, actual: null });
    expect(await failure(store.delete("key", { ifVersion: '"1"' }))).toBeInstanceOf(StoreConflictError);
    // Without a condition these are no conflicts: the server refused.
    const refused = await failure(store.put("key", bytes));
    expect(refused).not.toBeInstanceOf(StoreConflictError);
    expect(refused.status).toBe(404);
  });

  it("does not take an answer without an ETag for a version", async () => {
    const store = new FetchStore(server.url);
    answer(200, {}, "abc");
    expect((await failure(store.get("key"))).message).toContain("ETag");
    expect((await failure(store.put("key", bytes))).message).toContain("ETag");
  });

  it("refuses a malformed list, and a cursor that repeats", async () => {
    const store = new FetchStore(server.url);
    for (const body of ["<html>", "null", '{"keys":"a"}', "[1]", '{"names":[]}']) {
      answer(200, {}, body);
      expect(await failure(store.list())).toMatchObject({ operation: "list" });
    }
    answer(200, {}, '{"keys":["a"],"cursor":"same"}');
    expect((await failure(store.list())).message).toContain("cursor twice");
    answer(200, {}, '["ab","b","a"]');
    expect(await store.list("a")).toEqual(["a", "ab"]);
  });

  it("reads no more of a response than maxBytes, whatever the server says or sends", async () => {
    const store = new FetchStore(server.url, { maxBytes: 1000 });
    answer(200, { etag: '"1"' }, "a".repeat(1000));
    expect((await store.get("key"))?.bytes.length).toBe(1000);
    answer(200, { etag: '"1"' }, "a".repeat(1001));
    expect(await failure(store.get("key"))).toMatchObject({ operation: "get", status: 200 });
    server.intervene = (_, response) => {
      response.writeHead(200, { etag: '"1"' });
      const send = (): void => void (response.destroyed || response.write("a".repeat(500), () => setTimeout(send, 1)));
      send();
      return true;
    };
    expect((await failure(store.get("key"))).message).toContain("more than 1000 bytes");
    expect((await failure(store.list())).message).toContain("more than 1000 bytes");
  });

  it("ends a list whose pages never end", async () => {
    let pages = 0;
    const endless = (): Promise<Response> => Promise.resolve(Response.json({ keys: [], cursor: `page ${pages++}` }));
    const store = new FetchStore("http://localhost/", { fetch: endless });
    expect((await failure(store.list())).message).toContain("10000 pages");
  });

  it("asks for further pages until the last one", async () => {
    const store = new FetchStore(server.url);
    for (let i = 10; i < 35; i++) await store.put(`key ${i}`, bytes);
    server.requests.length = 0;
    const keys = await store.list("key ");
    expect(keys).toEqual(Array.from({ length: 25 }, (_, i) => `key ${i + 10}`));
    expect(server.requests.length).toBe(3);
  });

  it("gives up after timeoutMs: before the answer, and in the middle of the body", async () => {
    const store = new FetchStore(server.url, { timeoutMs: 60 });
    server.intervene = () => true;
    const silent = await failure(store.put("key", bytes));
    expect(silent.message).toContain("no answer within 60 ms");
    expect(silent.cause).toMatchObject({ name: "TimeoutError" });
    server.intervene = (_, response) => {
      response.writeHead(200, { etag: '"1"', "content-length": "10" }).write("half");
      return true;
    };
    expect((await failure(store.get("key"))).message).toContain("no answer within 60 ms");
  });

  it("gives up with the caller's reason when the caller's signal is aborted", async () => {
    const store = new FetchStore(server.url);
    const controller = new AbortController();
    const reason = new Error("enough");
    server.intervene = () => (controller.abort(reason), true);
    await expect(store.get("key", { signal: controller.signal })).rejects.toBe(reason);
  });

  it("reports a body cut short, and a server that is not there", async () => {
    const store = new FetchStore(server.url);
    server.intervene = (_, response) => {
      response.writeHead(200, { etag: '"1"', "content-length": "10" }).write("half");
      setTimeout(() => response.destroy(), 20);
      return true;
    };
    expect(await failure(store.get("key"))).toMatchObject({ operation: "get", status: undefined });
    await server.close();
    const error = await failure(store.get("key"));
    expect(error.message).toContain("ECONNREFUSED");
    expect(error.cause).toBeInstanceOf(TypeError);
  });
});
