// Runs in Chromium on IndexedDB: one tab drives, another takes over, two race, and a browser that is killed goes on.

import type { Page } from "playwright";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WASM } from "../support/runtime.ts";
import { browserCampaign, openRunsBrowser, type RunsBrowser } from "./crash/browser.ts";
import type { RunsPage } from "./crash/runs-page.ts";

declare const page: RunsPage;

const STEPS = Number(process.env["FERMATA_RACE"] ?? 60);

describe("tabs of one origin", () => {
  let browser: RunsBrowser;
  beforeEach(async () => {
    browser = await openRunsBrowser(WASM);
  });
  afterEach(() => browser?.close());

  const done = (tab: Page) => tab.evaluate(() => page.approve());

  async function until(tab: Page, count: number): Promise<{ id: string; output: unknown }[]> {
    for (let tries = 0; tries < 3000; tries++) {
      const ended = await done(tab);
      if (ended.length >= count) return ended;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    throw new Error(`only ${(await done(tab)).length} of ${count} runs are done`);
  }

  it(
    "let one drive, which hears of what others start and answer; when it is closed, another takes over",
    { timeout: 60_000 },
    async () => {
      const [first, second] = [await browser.tab(), await browser.tab()];
      await first.evaluate(() => page.drive());
      await first.waitForFunction(() => page.isDriving());
      await second.evaluate(() => page.drive());
      await second.evaluate(() => page.start("waiting", 1));
      expect(await until(second, 1)).toEqual([{ id: "run-0", output: 4 }]);
      expect(await second.evaluate(() => page.isDriving())).toBe(false);
      await first.close();
      await second.waitForFunction(() => page.isDriving());
      await second.evaluate(() => page.start("waiting", 2));
      await until(second, 2);
      expect(browser.ledger.map(({ run, step }) => `${run} ${step}`).sort()).toEqual([
        "run-0 1",
        "run-0 2",
        "run-1 1",
        "run-1 2",
      ]);
    },
  );

  it("go on with each step exactly once, even if both drive", { timeout: 300_000 }, async () => {
    const tabs = [await browser.tab(), await browser.tab()];
    const runs = STEPS / 10;
    await tabs[0]!.evaluate((count) => page.start("steps", count), runs);
    await Promise.all(tabs.map((tab) => tab.evaluate(() => page.race())));
    for (const { output } of await until(tabs[0]!, runs)) expect(output).toBe(285);
    const made = browser.ledger.map(({ run, step }) => `${run} ${step}`);
    expect(made.length).toBe(STEPS);
    expect(new Set(made).size).toBe(STEPS);
  });
});

it("a browser that is killed leaves each run with the right answer", { timeout: 120_000 }, async () => {
  const { wrong, kills } = await browserCampaign({ runs: 3, seed: 7, kills: 3, wasm: WASM });
  expect(wrong).toEqual([]);
  // The first is certain; how many more fit in before the runs are done is the computer's affair.
  expect(kills).toBeGreaterThan(0);
});
