// A worker dies at every single operation of the store, before or after the operation took effect; another goes on. What the outside
// world sees is a ledger that the tools write.

import { beforeAll, describe, expect, it } from "vitest";
import type { Program } from "../../ts/api/program.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { Runner } from "../../ts/runner/index.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
import type { SnapshotStore } from "../../ts/stores/store.ts";
import { testRuntime } from "../support/runtime.ts";
import { Clock, guest, runnerOn } from "./host.ts";

const LEASE = 1000;

let runtime: Runtime;
let program: Program;
beforeAll(async () => {
  runtime = await testRuntime();
  program = guest(
    runtime,
    `const log = [];
     log.push(await step(1));
     log.push(...(await Promise.all([step(2), step(3), step(4)])));
     log.push(await ask(5));
     await new Promise((resolve) => setTimeout(resolve, 500));
     log.push(await step(6));
     log.join()`,
    ["step", "ask"],
  );
});

class Died extends Error {}

/** A store whose process dies at its operation number `at`: nothing it is asked afterwards is done. */
function dying(store: MemoryStore, at: number, when: "before" | "after", isAtomic: boolean): SnapshotStore {
  let count = 0;
  const through = async <T>(work: () => Promise<T>): Promise<T> => {
    count++;
    if (count > at || (count === at && when === "before")) throw new Died();
    const result = await work();
    if (count >= at) throw new Died();
    return result;
  };
  const died: SnapshotStore = {
    conditional: true,
    get: (key) => through(() => store.get(key)),
    put: (key, bytes, options) => through(() => store.put(key, bytes, options)),
    delete: (key, options) => through(() => store.delete(key, options)),
    list: (prefix, options) => through(() => store.list(prefix, options)),
  };
  return isAtomic ? { ...died, putMany: (writes) => through(() => store.putMany(writes)) } : died;
}

interface Entry {
  readonly step: number;
  readonly key: string;
  readonly attempt: number;
}

/** Goes through a run with workers of which the first dies at the given operation. Returns undefined if it did not come that far. */
async function withDeath(at: number, when: "before" | "after", isAtomic: boolean): Promise<Entry[] | undefined> {
  const clock = new Clock();
  const store = new MemoryStore();
  const ledger: Entry[] = [];
  let hasDied = false;
  const step = {
    uncertain: "retry" as const,
    call: ({ idempotencyKey, attempt }: { idempotencyKey: string; attempt: number }, n: number) => {
      ledger.push({ step: n, key: idempotencyKey, attempt });
      return n * 10;
    },
  };
  const make = (used: SnapshotStore): Runner =>
    runnerOn(runtime, clock, { store: used, leaseMs: LEASE, tools: { step, ask: {} } });
  const plain: SnapshotStore = dying(store, Infinity, "before", isAtomic);
  const go = async (runner: Runner): Promise<void> => {
    await runner.start(program, { id: "run" });
    for (let i = 0; i < 20; i++) {
      const { errors } = await runner.wake();
      for (const { error } of errors) throw error;
      for (const { callId } of await runner.pending("run")) await runner.answer("run", callId, { respond: 50 });
      clock.pass(LEASE + 1);
      if ((await runner.get("run")).status === "done") return;
    }
    throw new Error("it does not end");
  };
  try {
    await go(make(dying(store, at, when, isAtomic)));
  } catch (error) {
    if (!(error instanceof Died)) throw error;
    hasDied = true;
  }
  // The tools of the dead process do not write any more: they had all returned at once.
  const survivor = make(plain);
  clock.pass(LEASE + 1);
  await go(survivor);
  const run = await survivor.get("run");
  expect(run).toMatchObject({ status: "done", output: "10,20,30,40,50,60" });
  const events = await survivor.events("run");
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  // Nothing is left that would wake it again.
  clock.pass(86_400_000);
  expect(await survivor.wake()).toMatchObject({ runs: [], errors: [] });
  expect((await store.list("fermata/d/")).length).toBe(0);
  expect((await store.list("fermata/s/")).filter((key) => !key.endsWith("/done/run")).length).toBeLessThanOrEqual(1);
  return hasDied ? ledger : undefined;
}

/** What the protocol promises, seen from outside. */
function judge(ledger: readonly Entry[]): void {
  const keys = new Map<number, string>();
  const rounds = [[1], [2, 3, 4], [6]];
  let reached = 0;
  for (const { step, key } of ledger) {
    const round = rounds.findIndex((steps) => steps.includes(step));
    // The program went past it, so its answer was stored: it must never run again.
    expect(round).toBeGreaterThanOrEqual(reached);
    reached = round;
    expect(keys.get(step) ?? key).toBe(key);
    keys.set(step, key);
  }
  expect([...keys.keys()].sort()).toEqual([1, 2, 3, 4, 6]);
  expect(new Set(keys.values()).size).toBe(5);
  // One death, so at most the calls of one round are made twice.
  expect(ledger.length).toBeLessThanOrEqual(5 + 3);
}

describe.each([
  ["one commit for record and index", true],
  ["a store without transactions", false],
])("a worker that dies: %s", (_name, isAtomic) => {
  it.each(["before", "after"] as const)("%s each operation of the store", async (when) => {
    let deaths = 0;
    let retried = 0;
    for (let at = 1; ; at++) {
      const ledger = await withDeath(at, when, isAtomic);
      if (ledger === undefined) break;
      judge(ledger);
      deaths++;
      if (ledger.some(({ attempt }) => attempt > 1)) retried++;
    }
    expect(deaths).toBeGreaterThan(20);
    // Some deaths fell between a call and its answer: the case that the key is for.
    expect(retried).toBeGreaterThan(2);
  });
});
