import { createServer } from "node:http";
import { Pool } from "pg";
import { createRuntime } from "fermata-vm";
import { createRunner } from "fermata-vm/runner";
import { runWorker, serveNode } from "fermata-vm/runner-node";
import { PostgresStore } from "fermata-vm/stores/postgres";

const runtime = await createRuntime();
const source = `const { amount } = await findInvoice(id); await pay(id, amount)`;
const programs = { invoice: runtime.compile(source, { externals: ["findInvoice", "pay"], inputs: ["id"] }) };
const tools = {
  findInvoice: async (id) => ({ id, amount: 420 }),
  pay: { call: async (_ctx, id, amount) => `${id} paid ${amount}`, approval: true },
};
// PGHOST, PGUSER, … say which server. Without a listener, an idle connection that the server ends would end this process.
const pool = new Pool().on("error", console.error);
const runner = createRunner({ runtime, store: new PostgresStore(pool, { notify: true }), tools });

const server = createServer(async (request, response) => {
  const isKnown = request.headers.authorization === `Bearer ${process.env.TOKEN}`;
  if (!isKnown) response.writeHead(401).end();
  else if (!(await serveNode(request, response, runner, programs))) response.writeHead(404).end();
}).listen(process.env.PORT ?? 8000);
await runWorker(runner); // until SIGTERM; any number of such processes may run
server.close();
