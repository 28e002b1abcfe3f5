// Runs in a Durable Object of workerd: over HTTP and RPC, by alarms alone. What a killed workerd leaves is in tests/runner/crash.test.ts.

/* oxlint-disable typescript/no-explicit-any -- JSON of any shape, and methods of a class that is on the other side */

import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PendingAnswer, RunView } from "../../ts/runner/index.ts";
import { bundleWorker } from "../support/bundle.ts";
import { WASM } from "../support/runtime.ts";

let folder: string;
let host: Miniflare;
const calls: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fermata-object-"));
  await writeFile(join(folder, "worker.mjs"), await bundleWorker(new URL("runs-worker.ts", import.meta.url)));
  await copyFile(WASM, join(folder, "fermata.wasm"));
  host = open();
});
afterAll(async () => {
  await host?.dispose();
  await rm(folder, { recursive: true, force: true });
});

function open(): Miniflare {
  return new Miniflare({
    modulesRoot: folder,
    modules: [
      { type: "ESModule", path: join(folder, "worker.mjs") },
      { type: "CompiledWasm", path: join(folder, "fermata.wasm") },
    ],
    compatibilityDate: "2026-04-26",
    cf: false,
    durableObjects: { RUNS: { className: "Runs", useSQLite: true } },
    durableObjectsPersist: join(folder, "state"),
    serviceBindings: {
      OUTSIDE: async (request: { url: string }) => {
        calls.push(new URL(request.url).pathname.slice(1));
        return Response.json("done") as never;
      },
    },
  });
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  tenant = "one",
): Promise<{ status: number; body: any }> {
  const init = { method, headers: { "x-tenant": tenant }, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await host.dispatchFetch(`http://worker${path}`, init as never);
  return { status: response.status, body: await response.json() };
}

async function until(id: string, status: string): Promise<RunView> {
  for (let tries = 0; tries < 400; tries++) {
    const { body } = await ask("GET", `/runs/${id}`);
    if ((body as RunView).status === status) return body as RunView;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${id} is not ${status} but ${JSON.stringify((await ask("GET", `/runs/${id}`)).body)}`);
}

describe("a FermataObject", () => {
  it("starts runs, asks, and goes on by its alarm alone", { timeout: 60_000 }, async () => {
    expect(await ask("POST", "/runs", { program: "order", id: "a", inputs: { what: "chairs" } })).toMatchObject({
      status: 201,
      body: { id: "a", status: "running" },
    });
    await until("a", "waiting");
    const [call] = (await ask("GET", "/runs/a/pending")).body as PendingAnswer[];
    expect(call).toMatchObject({ name: "pay", args: ["chairs", 420], why: "approval" });
    const decided = await ask("POST", `/runs/a/answers/${call!.callId}`, { approve: true, by: "Ingrid" });
    expect(decided).toMatchObject({ status: 200, body: { accepted: true } });
    // A timer follows, for which no request comes.
    expect(await until("a", "done")).toMatchObject({ output: "chairs: done, done" });
    expect(calls).toEqual(["find", "pay"]);
    const again = await ask("POST", `/runs/a/answers/${call!.callId}`, { approve: true });
    expect(again).toMatchObject({ status: 409, body: { accepted: false, why: "ended" } });
    const events = (await ask("GET", "/runs/a/events?after=1")).body as { type: string; by?: string }[];
    expect(events.find(({ type }) => type === "decided")).toMatchObject({ by: "Ingrid" });
  });

  it("lets no run keep another from its time", { timeout: 60_000 }, async () => {
    await ask("POST", "/runs", { program: "slow", id: "slow" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await ask("POST", "/runs", { program: "nap", id: "nap" });
    expect(await until("nap", "done")).toMatchObject({ output: "slept" });
    expect((await ask("GET", "/runs/slow")).body).toMatchObject({ status: "running" });
    await until("slow", "done");
  });

  it("says what is wrong with a request", async () => {
    expect(await ask("GET", "/runs/none")).toMatchObject({ status: 404, body: { error: { name: "RunError" } } });
    expect(await ask("POST", "/runs", { program: "toString" })).toMatchObject({ status: 400 });
    expect(await ask("POST", "/runs", { program: "nap", id: "no/such" })).toMatchObject({ status: 400 });
    expect(await ask("POST", "/runs/a/answers/0", { perhaps: true })).toMatchObject({ status: 400 });
    expect(await ask("GET", "/elsewhere").catch((error: unknown) => String(error))).toMatch(/JSON/);
    // What was started for one tenant is not there for another: its runs are in another object.
    expect(await ask("GET", "/runs/a", undefined, "two")).toMatchObject({ status: 404 });
    const refused = await host.dispatchFetch("http://worker/runs/a");
    expect(refused.status).toBe(401);
  });

  it("can be asked by RPC", async () => {
    const namespace = (await host.getDurableObjectNamespace("RUNS")) as any;
    const stub = namespace.get(namespace.idFromName("rpc"));
    const { id } = (await stub.start("later", { tags: ["mine"] })) as RunView;
    expect((await stub.list({ tag: "mine" })).runs).toMatchObject([{ id }]);
    expect(await stub.cancel(id, { by: "test" })).toMatchObject({ status: "canceled" });
    await stub.delete(id);
    expect((await stub.list()).runs).toEqual([]);
  });

  it("finds its alarm again when it is started anew", { timeout: 60_000 }, async () => {
    await ask("POST", "/runs", { program: "later", id: "later" });
    await until("later", "waiting");
    await host.dispose();
    host = open();
    // Only looked at once it must be over: looking would start the object.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await ask("GET", "/runs/later")).body).toMatchObject({ status: "done", output: "later" });
  });
});
