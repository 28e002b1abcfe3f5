// In workerd with the clock held, as it is on Cloudflare Workers while a request computes, `timeMs` ends an endless program all the same, and after
// the same fuel as on any other host.

import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { LimitError } from "../../ts/index.ts";
import { FUEL_PER_MS, STILL_FUEL } from "../../ts/machine/limits.ts";
import { makeConsumer, type Consumer } from "../support/consumer.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

let consumer: Consumer;
beforeAll(() => {
  consumer = makeConsumer([fileURLToPath(new URL("clock-worker.js", import.meta.url))]);
});
afterAll(() => consumer.dispose());

it("a Worker whose clock stands still ends an endless program by fuel", { timeout: 120_000 }, async () => {
  const timeMs = (2 * STILL_FUEL) / FUEL_PER_MS;
  const ended = (await consumer.runWorker("clock-worker.js", { timeMs })) as { readonly fuel: number };
  expect(ended).toMatchObject({ limit: "timeMs", allowed: timeMs, stood: true });
  try {
    vi.spyOn(performance, "now").mockReturnValue(5);
    const runtime = await testRuntime();
    const program = runtime.compile("for (;;);", { filename: "endless.js" });
    const here = thrownBy(() => program.start({ limits: { timeMs } })) as LimitError;
    expect(ended.fuel).toBe(here.run!.usage.fuel);
  } finally {
    vi.restoreAllMocks();
  }
});
