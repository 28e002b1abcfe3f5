// npm run crash -- --runs N --store file|sqlite|postgres|deno-kv|durable-object|indexeddb [--seed N] [--workers N] [--batch N] [--kills N, a batch]: kills workers at random moments and judges what
// the outside world saw. Ends with code 1 if anything was wrong.

import { parseArgs } from "node:util";
import { startPostgres } from "../../support/servers.ts";
import { WASM } from "../../support/runtime.ts";
import { browserCampaign } from "./browser.ts";
import { crashCampaign } from "./campaign.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    store: { type: "string", default: "file" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    workers: { type: "string", default: "1" },
    batch: { type: "string", default: "25" },
    kills: { type: "string", default: "60" },
  },
});

const server = values.store === "postgres" ? await startPostgres() : undefined;
const total = { runs: 0, kills: 0, again: 0, wrong: 0 };
for (let seed = Number(values.seed); total.runs < Number(values.runs); seed++) {
  const runs = Math.min(Number(values.batch), Number(values.runs) - total.runs);
  const [workers, kills] = [Number(values.workers), Number(values.kills)];
  const common = { runs, seed, kills, wasm: WASM };
  const result =
    values.store === "indexeddb"
      ? await browserCampaign(common)
      : await crashCampaign({ ...common, store: values.store, workers, server: server?.folder });
  total.runs += result.runs;
  total.kills += result.kills;
  total.again += result.again;
  total.wrong += result.wrong.length;
  for (const line of result.wrong) console.log(`seed ${seed}: ${line}`);
  console.log(`${total.runs} runs, ${total.kills} kills, ${total.again} calls made again, ${total.wrong} wrong`);
}
await server?.stop();
process.exitCode = total.wrong === 0 ? 0 : 1;
