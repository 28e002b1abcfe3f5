// Workers hear of what others make due, where the store tells.

import { expect, it } from "vitest";
import { createRunner } from "../../ts/runner/index.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
import { testRuntime } from "../support/runtime.ts";

/** Date.now, and a clock that is a millisecond behind at every other look, as where a timer rings early. */
const CLOCKS: readonly (readonly [string, () => () => number])[] = [
  ["its clock is exact", () => Date.now],
  [
    "its timers ring early",
    () => {
      let looks = 0;
      return () => Date.now() - (looks++ % 2);
    },
  ],
];

it.each(CLOCKS)("a worker goes on at once with a run that another process made due; %s", async (_, clock) => {
  const runtime = await testRuntime();
  const store = new MemoryStore();
  const tools = { pay: { call: () => "paid", approval: true } };
  const [office, worker] = [
    createRunner({ runtime, store, tools }),
    createRunner({ runtime, store, tools, now: clock() }),
  ];
  const end = new AbortController();
  // So rarely that only being told can wake it in time.
  const working = worker.work({ signal: end.signal, everyMs: 600_000 });
  const { id } = await office.start(
    runtime.compile("await pay(); await new Promise((resolve) => setTimeout(resolve, 80)); 'paid'", {
      externals: ["pay"],
    }),
  );
  const soon = async (status: string): Promise<void> => {
    for (let tries = 0; (await office.get(id)).status !== status; tries++) {
      if (tries === 500) throw new Error(`not ${status} but ${(await office.get(id)).status}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await soon("waiting");
  const [call] = await office.pending(id);
  await office.answer(id, call!.callId, { approve: true });
  await soon("done");
  end.abort();
  await working;
  expect(await office.get(id)).toMatchObject({ status: "done", output: "paid" });
});
