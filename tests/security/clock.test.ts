// A host whose clock stands still while it computes (Cloudflare Workers): time is told by fuel, so that a program ends before its host does.

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import type { LimitError, SuspendedState } from "../../ts/index.ts";
import { FUEL_PER_MS, STILL_FUEL } from "../../ts/machine/limits.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});
afterEach(() => vi.restoreAllMocks());

/** The clock as it is, but only each so many milliseconds. */
function tickEvery(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => Math.floor(now() / ms) * ms);
}

const held = (source: string): SuspendedState =>
  runtime.compile(source, { filename: "a.js", externals: { ask: "sync" } }).start() as SuspendedState;

describe("a clock that does not advance", () => {
  it("ends what the time should end, by fuel", () => {
    vi.spyOn(performance, "now").mockReturnValue(5);
    const program = runtime.compile("for (;;);", { filename: "a.js" });
    const timeMs = (2 * STILL_FUEL) / FUEL_PER_MS;
    const error = thrownBy(() => program.start({ limits: { timeMs } })) as LimitError;
    expect(error).toMatchObject({ limit: "timeMs", allowed: timeMs });
    expect(error.run!.usage.fuel).toBeGreaterThanOrEqual(timeMs * FUEL_PER_MS);
    expect(error.run!.usage.fuel).toBeLessThan(timeMs * FUEL_PER_MS + 200_000);
    expect(error.run!.usage.timeMs).toBeGreaterThanOrEqual(timeMs);
    const again = thrownBy(() => program.start({ limits: { timeMs } })) as LimitError;
    expect(again.run!.usage.fuel).toBe(error.run!.usage.fuel);
  });

  it("pauses, and continues for as long again", () => {
    vi.spyOn(performance, "now").mockReturnValue(5);
    const limits = { timeMs: STILL_FUEL / FUEL_PER_MS, onTime: "pause" } as const;
    const state = runtime.compile("for (;;);", { filename: "a.js" }).start({ limits });
    expect(state).toMatchObject({ status: "paused", reason: "time" });
    const first = state.usage.fuel;
    const next = (state as Exclude<typeof state, { status: "complete" | "suspended" }>).resume();
    expect(next).toMatchObject({ status: "paused", reason: "time" });
    expect(next.usage.fuel - first).toBeGreaterThanOrEqual(STILL_FUEL);
    expect(next.usage.fuel - first).toBeLessThan(STILL_FUEL + 200_000);
  });

  it("is noticed across calls of the host", () => {
    vi.spyOn(performance, "now").mockReturnValue(5);
    const timeMs = (2 * STILL_FUEL) / FUEL_PER_MS;
    let state = held("for (;;) { ask(); for (let i = 0; i < 3000000; i++); }");
    let calls = 0;
    const error = thrownBy(() => {
      for (;;) {
        state = state.resume(calls++, calls === 1 ? { limits: { timeMs } } : {}) as SuspendedState;
      }
    });
    expect(error).toMatchObject({ limit: "timeMs" });
    expect(calls).toBeLessThan(20);
  });

  it("counts what is handed to the host", async () => {
    vi.spyOn(performance, "now").mockReturnValue(5);
    const source = "const list = Array.from({ length: 20000 }, (_, i) => ({ i })); for (;;) ask(list);";
    let calls = 0;
    const ask = (): number => {
      if (++calls > 2000) throw new Error("enough");
      return 1;
    };
    const program = runtime.compile(source, { filename: "a.js", externals: { ask: "sync" } });
    const running = program.run({ tools: { ask }, limits: { timeMs: (2 * STILL_FUEL) / FUEL_PER_MS } });
    await expect(running).rejects.toMatchObject({ limit: "timeMs" });
  });

  it("does not include one that only ticks slowly", () => {
    tickEvery(17);
    const program = runtime.compile("let n = 0; for (let i = 0; i < 3000000; i++) n += i; n", { filename: "a.js" });
    const began = Date.now();
    const { usage } = program.start({ limits: { timeMs: 60_000 } });
    expect(usage.timeMs).toBeLessThanOrEqual(Date.now() - began + 40);
  });
});
