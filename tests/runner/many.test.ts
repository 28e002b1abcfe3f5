// Ten thousand runs that wait in one store.

import { expect, it } from "vitest";
import { Book } from "../../ts/runner/book.ts";
import { Places } from "../../ts/runner/places.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
import { testRuntime } from "../support/runtime.ts";
import { Clock, guest, runnerOn } from "./host.ts";

it("of 10,000 waiting runs, wake reads those 1,000 that are due, and no other", { timeout: 120_000 }, async () => {
  const runtime = await testRuntime();
  const clock = new Clock();
  const read = new Set<string>();
  class Counting extends MemoryStore {
    override get(key: string) {
      if (key.startsWith("fermata/r/")) read.add(key.split("/").at(-1)!);
      return super.get(key);
    }
  }
  const store = new Counting();
  const runner = runnerOn(runtime, clock, { store, tools: {} });
  const source = `await new Promise((resolve) => setTimeout(resolve, 1000)); "slept"`;
  const { id } = await runner.start(guest(runtime, source, []), { id: "first" });
  await runner.drive(id);
  // The others are that one under other names, due at other times.
  const book = new Book(store, new Places("fermata/"), [], clock.now);
  const { head, body, snapshot } = (await book.find("default", id))!;
  const { dueAt } = head;
  for (let i = 1; i < 10_000; i++) {
    const due = i < 1000 ? dueAt! : dueAt! + i * 1000;
    const calls = body.calls.map((call) => ({ ...call, dueAt: due }));
    const change = { head: { ...head, run: `run-${i}`, dueAt: due }, body: { ...body, calls }, snapshot, events: [] };
    await book.commit(undefined, change);
  }
  read.clear();
  clock.pass(1000);
  const { runs, errors, nextDueAt } = await runner.wake();
  expect(errors).toEqual([]);
  expect(runs.length).toBe(1000);
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["done"]));
  expect([...read].sort()).toEqual(runs.map((run) => run.id).sort());
  expect(nextDueAt).toBe(dueAt! + 1_000_000);
  const { runs: page, cursor } = await runner.list({ status: "waiting", limit: 50 });
  expect([page.length, cursor === undefined]).toEqual([50, false]);
});
