// deno run --unstable-kv --unstable-cron --allow-net --allow-env --allow-read --allow-write main.js
import { createRuntime } from "fermata-vm";
import { denoRunner, sweepByCron } from "fermata-vm/deno";
import { serveRuns } from "fermata-vm/serve";

const runtime = await createRuntime();
const source = `const { amount } = await findInvoice(id); await pay(id, amount)`;
const programs = { invoice: runtime.compile(source, { externals: ["findInvoice", "pay"], inputs: ["id"] }) };
const tools = {
  findInvoice: async (id) => ({ id, amount: 420 }),
  pay: { call: async (_ctx, id, amount) => `${id} paid ${amount}`, approval: true },
};
const runner = denoRunner({ runtime, kv: await Deno.openKv(Deno.env.get("KV")), tools });

// Finds what falls due: timers, retries, runs whose isolate has ended.
sweepByCron(runner);

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, async (request) => {
  if (request.headers.get("authorization") !== `Bearer ${Deno.env.get("TOKEN")}`)
    return new Response("", { status: 401 });
  const answer = await serveRuns(runner, programs, request, (id) => void runner.drive(id));
  return answer ?? new Response("there is no such page", { status: 404 });
});
