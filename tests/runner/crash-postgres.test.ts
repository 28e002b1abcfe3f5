import { afterAll, beforeAll, expect, it } from "vitest";
import { WASM } from "../support/runtime.ts";
import { startPostgres, type TestServer } from "../support/servers.ts";
import { crashCampaign } from "./crash/campaign.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

it("workers killed by SIGKILL leave each run in Postgres with the right answer", { timeout: 120_000 }, async () => {
  const { folder } = server;
  const options = { store: "postgres", runs: 3, seed: 5, workers: 2, kills: 3, wasm: WASM };
  const { wrong, kills } = await crashCampaign({ ...options, server: folder });
  expect(wrong).toEqual([]);
  expect(kills).toBeGreaterThan(1);
});
