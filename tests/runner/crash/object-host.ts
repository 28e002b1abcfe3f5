// The process around a workerd that is killed: starts the runs that are not there yet, approves what asks, and ends when all are done. It
// drives nothing: the object's alarm does. Arguments: as of worker.ts.

import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Miniflare as MiniflareClass } from "miniflare";
import type { PendingAnswer, RunPage } from "../../../ts/runner/index.ts";

const [, location = "", ledger = "", runs] = process.argv.slice(2);
const { Miniflare } = createRequire(process.env["FERMATA_ROOT"]!)("miniflare") as { Miniflare: typeof MiniflareClass };

const host = new Miniflare({
  modulesRoot: dirname(location),
  modules: [
    { type: "ESModule", path: join(dirname(location), "object-worker.mjs") },
    { type: "CompiledWasm", path: join(dirname(location), "fermata.wasm") },
  ],
  compatibilityDate: "2026-04-26",
  cf: false,
  durableObjects: { RUNS: { className: "Runs", useSQLite: true } },
  durableObjectsPersist: location,
  serviceBindings: {
    LEDGER: async (request: { text(): Promise<string> }) => {
      appendFileSync(ledger, `${await request.text()}\n`);
      return new Response("ok") as never;
    },
  },
});

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const init = { method, headers: { "x-tenant": "one" }, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await host.dispatchFetch(`http://worker/runs${path}`, init as never);
  if (response.status >= 400 && response.status !== 409) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ids = Array.from({ length: Number(runs) }, (_, i) => `run-${i}`);

await host.ready;
process.stdout.write("ready\n");
for (const id of ids) await ask("POST", "", { program: "workflow", id });
for (;;) {
  const { runs: waiting } = (await ask("GET", `?status=waiting&limit=${ids.length}`)) as RunPage;
  for (const { id } of waiting) {
    for (const { callId } of (await ask("GET", `/${id}/pending`)) as PendingAnswer[])
      await ask("POST", `/${id}/answers/${callId}`, { approve: true, by: "crash" });
  }
  const { runs: done } = (await ask("GET", `?status=done&limit=${ids.length}`)) as RunPage;
  if (done.length === ids.length) {
    for (const { id, output } of done) console.log(JSON.stringify({ id, output }));
    await host.dispose();
    process.exit(0);
  }
  await pause(20);
}
