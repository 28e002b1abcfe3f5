// Workers that race for the same runs on one Postgres. FERMATA_RACE=1000 makes it a thousand steps.

import { afterAll, beforeAll, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { createRunner, type CallContext, type Runner } from "../../ts/runner/index.ts";
import { PostgresStore } from "../../ts/stores/postgres.ts";
import { runWorker } from "../../ts/hosts/runner-node.ts";
import { testRuntime } from "../support/runtime.ts";
import { pgPool, startPostgres, type TestServer } from "../support/servers.ts";

const STEPS = Number(process.env["FERMATA_RACE"] ?? 100);
const RUNS = 10;

let server: TestServer;
let runtime: Runtime;
const pools: { end(): Promise<void> }[] = [];

beforeAll(async () => {
  [server, runtime] = await Promise.all([startPostgres(), testRuntime()]);
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await server?.stop();
});

type Tools = NonNullable<Parameters<typeof createRunner>[0]["tools"]>;

function runnerOf(table: string, tools: Tools, more: { leaseMs?: number; now?: () => number } = {}): Runner {
  const pool = pgPool(server, 6);
  pools.push(pool);
  return createRunner({ runtime, store: new PostgresStore(pool, { table, notify: true }), tools, ...more });
}

it("each step of each run goes on exactly once, whichever of four workers takes it", { timeout: 300_000 }, async () => {
  const made: string[] = [];
  const takers = new Map<number, number>();
  const workers = [0, 1, 2, 3].map((worker) =>
    runnerOf("race", {
      step: async (n: unknown, run: unknown) => {
        made.push(`${run} ${n}`);
        takers.set(worker, (takers.get(worker) ?? 0) + 1);
        return n;
      },
    }),
  );
  // Each timer gives the lease back, and all race for the next step.
  const source = `let sum = 0;
for (let n = 0; n < steps; n++) { sum += await step(n, run); await new Promise((resolve) => setTimeout(resolve, 1)); }
sum`;
  const program = runtime.compile(source, { externals: ["step"], inputs: ["steps", "run"] });
  const steps = STEPS / RUNS;
  for (let run = 0; run < RUNS; run++) await workers[0]!.start(program, { id: `r${run}`, inputs: { steps, run } });
  const end = new AbortController();
  const errors: unknown[] = [];
  const working = workers.map((one) =>
    runWorker(one, { signal: end.signal, everyMs: 50, endOn: [], onError: (error) => errors.push(error) }),
  );
  for (;;) {
    const { runs } = await workers[1]!.list({ status: "done" });
    if (runs.length === RUNS) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  end.abort();
  await Promise.all(working);
  expect(errors).toEqual([]);
  for (const { output } of (await workers[2]!.list({ status: "done" })).runs)
    expect(output).toBe((steps * (steps - 1)) / 2);
  expect(made.length).toBe(STEPS);
  expect(new Set(made).size).toBe(STEPS);
  expect(takers.size).toBe(4);
});

it("a worker that sleeps past its lease is fenced off", async () => {
  const contexts: CallContext[] = [];
  let finish = (_value: string): void => {};
  const slow = (ctx: CallContext): Promise<string> => {
    contexts.push(ctx);
    return new Promise((resolve) => (finish = resolve));
  };
  const quick = (ctx: CallContext): string => {
    contexts.push(ctx);
    return "by the second";
  };
  // Asleep: its clock does not move, so it does not see that its lease is over, nor renews it.
  const asleep = Date.now();
  const sleepy = runnerOf("sleepy", { work: { call: slow } }, { leaseMs: 100, now: () => asleep });
  const awake = runnerOf("sleepy", { work: { call: quick, uncertain: "retry" } });
  const { id } = await sleepy.start(runtime.compile("await work()", { externals: ["work"] }));
  const first = sleepy.drive(id);
  while (contexts.length === 0 || Date.now() <= asleep + 100) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await awake.drive(id)).toMatchObject({ status: "done", output: "by the second" });
  finish("by the first");
  await first;
  expect(await awake.get(id)).toMatchObject({ status: "done", output: "by the second" });
  expect(contexts.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(contexts[0]!.idempotencyKey).toBe(contexts[1]!.idempotencyKey);
});
