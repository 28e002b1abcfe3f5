// Runs in a browser page on IndexedDB: the page that is killed, and two of which race. Its tools write to the ledger of the server.

import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { driveInOneTab } from "../../../ts/hosts/runner-browser.ts";
import { createRunner, type CallContext, type Runner } from "../../../ts/runner/index.ts";
import { IndexedDBStore } from "../../../ts/stores/indexeddb.ts";
import { WORKFLOW } from "./workflow.ts";

/** What the page offers to the test that drives it. Everything must be JSON. */
export interface RunsPage {
  /** Makes the runner. */
  open(name: string, owner?: string): Promise<void>;
  start(program: string, count: number): Promise<void>;
  /** Drives what is due, if no other tab does. */
  drive(): void;
  isDriving(): boolean;
  /** Drives what is due, whatever other tabs do. */
  race(): void;
  /** Approves what waits; returns the outputs of the runs that are done. */
  approve(): Promise<{ id: string; output: unknown }[]>;
}

const PROGRAMS: Record<string, string> = {
  workflow: WORKFLOW,
  steps: `let sum = 0;
for (let n = 0; n < 10; n++) { sum += await step(n); await new Promise((resolve) => setTimeout(resolve, 1)); }
sum`,
  waiting: `await approve(1); await new Promise((resolve) => setTimeout(resolve, 50)); await step(2)`,
};

let isDriving = false;
let runner: Runner;
let runtime: Awaited<ReturnType<typeof createRuntimeFrom>>;
const forever = new AbortController();

async function step({ runId, idempotencyKey, attempt }: CallContext, n: number): Promise<number> {
  await fetch("/ledger", {
    method: "POST",
    body: JSON.stringify({ run: runId, step: n, key: idempotencyKey, attempt }),
  });
  return n * n;
}

const page: RunsPage = {
  async open(name, owner) {
    runtime = await createRuntimeFrom({
      module: await WebAssembly.compileStreaming(fetch("/fermata.wasm")),
      typescript: false,
    });
    runner = createRunner({
      runtime,
      store: new IndexedDBStore({ name, durability: "relaxed" }),
      owner,
      leaseMs: 2000,
      strikes: 100,
      tools: {
        step: { call: step, uncertain: "retry" },
        approve: { call: step, uncertain: "retry", approval: true },
      },
    });
  },
  async start(name, count) {
    const program = runtime.compile(PROGRAMS[name]!, { filename: `${name}.js`, externals: ["step", "approve"] });
    for (let i = 0; i < count; i++) await runner.start(program, { id: `run-${i}` });
  },
  drive() {
    // So rarely that only being told wakes it.
    void driveInOneTab(runner, { signal: forever.signal, everyMs: 20_000, onTurn: (is) => (isDriving = is) });
  },
  isDriving: () => isDriving,
  race() {
    void runner.work({ signal: forever.signal, everyMs: 30 });
  },
  async approve() {
    for (const { id } of (await runner.list({ status: "waiting", limit: 1000 })).runs)
      for (const { callId } of await runner.pending(id))
        await runner.answer(id, callId, { approve: true, by: "crash" });
    return (await runner.list({ status: "done", limit: 1000 })).runs.map(({ id, output }) => ({ id, output }));
  },
};

Object.assign(globalThis, { page });
