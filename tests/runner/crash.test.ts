import { describe, expect, it } from "vitest";
import { WASM } from "../support/runtime.ts";
import { crashCampaign } from "./crash/campaign.ts";

describe("workers killed by SIGKILL at random moments", () => {
  it.each([
    ["file", 1, 6],
    ["sqlite", 2, 6],
    ["deno-kv", 1, 3],
    ["durable-object", 1, 3],
  ])(
    "leave each run with the right answer: %s store, %i at a time",
    { timeout: 120_000 },
    async (store, workers, runs) => {
      const { wrong, kills } = await crashCampaign({ store, runs, seed: 5, workers, kills: runs, wasm: WASM });
      expect(wrong).toEqual([]);
      // With a second life, the first was killed.
      expect(kills).toBeGreaterThan(1);
    },
  );
});
