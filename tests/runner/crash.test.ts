import { describe, expect, it } from "vitest";
import { WASM } from "../support/runtime.ts";
import { crashCampaign } from "./crash/campaign.ts";

describe("workers killed by SIGKILL at random moments", () => {
  it.each([
    ["file", 1],
    ["sqlite", 2],
    ["deno-kv", 1],
    ["durable-object", 1],
  ])("leave each run with the right answer: %s store, %i at a time", { timeout: 120_000 }, async (store, workers) => {
    const { wrong, kills } = await crashCampaign({ store, runs: 6, seed: 5, workers, kills: 6, wasm: WASM });
    expect(wrong).toEqual([]);
    expect(kills).toBeGreaterThan(2);
  });
});
