// The demo page, used as people use it: of each kind of view one. whole-demo.test.ts has the others.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { axeFindings } from "../support/axe.ts";
import {
  fuel,
  holdCounting,
  inNewPage,
  inPage,
  lines,
  looksAtAll,
  newContext,
  outDir,
  pick,
  shoot,
  statusIs,
  url,
  visit,
  write,
} from "./demo-page.ts";

describe("the demo", () => {
  it("runs a program and shows its output and result", () =>
    inPage(async (page) => {
      await write(
        page,
        `const n: number = 6;\nconsole.log("n is", n);\nconsole.error("mind");\n({ n, squares: [n * n] })`,
      );
      await page.keyboard.press("Control+Enter");
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["n is 6", "mind"]);
      expect(await page.locator("#output .stderr").allTextContents()).toEqual(["mind"]);
      expect(await page.locator("#ending pre").textContent()).toBe("{ n: 6, squares: [36] }");
    }));

  it("holds an endless loop, stays responsive while it runs, and resumes where it was", () =>
    inPage(async (page) => {
      await pick(page, "counting.ts");
      await page.click("#run");
      await page.locator("#output .line").first().waitFor();
      const longestGap = await page.evaluate(async () => {
        let longest = 0;
        const end = performance.now() + 500;
        for (let last = performance.now(); last < end;) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          longest = Math.max(longest, performance.now() - last);
          last = performance.now();
        }
        return longest;
      });
      expect(longestGap).toBeLessThan(250);
      await page.keyboard.press("Control+.");
      await statusIs(page, "held");
      const held = await fuel(page);
      const before = await lines(page);
      await page.waitForTimeout(400);
      expect(await fuel(page)).toBe(held);
      expect(await page.locator("#size").textContent()).toMatch(/\d+(\.\d+)? (B|KB)/);
      await page.keyboard.press("F8");
      await page.waitForFunction((n) => document.querySelectorAll("#output .line").length > n + 1, before.length);
      await page.click("#hold");
      await statusIs(page, "held");
      const after = await lines(page);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after.map((line) => Number.parseFloat(line))).toEqual(after.map((_, i) => (i + 1) / 2));
      expect(await fuel(page)).toBeGreaterThan(held);
      await page.click("#reset");
      await statusIs(page, "ready");
    }));

  it("offers the program that a closed tab held, and continues it", async () => {
    const context = await newContext();
    const first = await visit(context);
    await holdCounting(first);
    const held = await fuel(first);
    const before = await lines(first);
    await first.locator("#kept", { hasText: "kept" }).waitFor();
    await first.close();

    const second = await visit(context);
    await second.locator(".notice.offer").waitFor();
    expect(await second.locator("#notices").textContent()).toContain("A loop that counts for ever was held here");
    await second.getByRole("button", { name: "Restore", exact: true }).click();
    await statusIs(second, "held");
    expect(await fuel(second)).toBe(held);
    expect(await lines(second)).toEqual(before);
    expect(await second.locator("#editor .cm-content").textContent()).toContain("while (true)");
    await second.click("#resume");
    await second.waitForFunction((n) => document.querySelectorAll("#output .line").length > n, before.length);
    await second.click("#hold");
    await statusIs(second, "held");
    const after = await lines(second);
    expect(after.map((line) => Number.parseFloat(line))).toEqual(after.map((_, i) => (i + 1) / 2));
    await context.close();
  });

  it("opens a shared link in another browser, and refuses a damaged one kindly", async () => {
    const sender = await newContext();
    const page = await visit(sender);
    await holdCounting(page);
    const held = await fuel(page);
    await page.click("#share");
    const link = await page.locator("#link").inputValue();
    expect(link).toMatch(new RegExp(`^${url}#held=[\\w-]+$`));
    await sender.close();

    const receiver = await newContext();
    const opened = await visit(receiver, link);
    await statusIs(opened, "held");
    expect(await fuel(opened)).toBe(held);
    await opened.click("#resume");
    await opened.waitForFunction((n) => document.querySelectorAll("#output .line").length > n, 1);
    // It would take a core from what follows.
    await opened.close();

    const middle = link.length - 40;
    const other = link[middle] === "A" ? "B" : "A";
    const damaged = [
      link.slice(0, middle) + other + link.slice(middle + 1),
      link.slice(0, middle),
      `${url}#held=aGVsbG8`,
    ];
    for (const each of looksAtAll ? damaged : damaged.slice(0, 1)) {
      const broken = await visit(receiver, each);
      await broken.locator(".notice.problem").waitFor();
      expect(await broken.locator("#notices").textContent()).toContain("The link cannot be opened.");
      await statusIs(broken, "ready");
      await broken.close();
    }
    await receiver.close();
  });

  it("shows the stack and the variables of what is held, and unfolds them", () =>
    inPage(async (page) => {
      await pick(page, "approval.ts");
      await page.click("#run");
      await page.locator("#stack button", { hasText: "plan()" }).waitFor();
      expect(await page.locator("#stack button").allTextContents()).toEqual([
        "plan()awaits · line 17",
        "(program)awaits · line 26",
      ]);
      expect(await page.locator("#variables li").first().textContent()).toBe("nights: 3");
      expect(await page.locator("#bar").getAttribute("aria-label")).toMatch(
        /^Before compression: program [\d.]+ K?B, /,
      );
      const download = page.waitForEvent("download");
      await page.click("#download");
      expect((await download).suggestedFilename()).toBe("approval.fermata");
      await pick(page, "game.ts");
      await page.click("#run");
      await page.locator("#variables summary", { hasText: "board" }).click();
      await expect.poll(() => page.locator("#variables details[open] .tree li").count()).toBe(9);
      await page.click("#answer-all");
      await page.locator("#output .line", { hasText: "X takes 5" }).waitFor();
      // What was open stays open, and what has changed stands out.
      await expect.poll(() => page.locator("#variables details[open] .tree li").nth(4).textContent()).toBe('4: "X"');
      expect(await page.locator("#variables .changed").allTextContents()).toContain('"O"');
    }));

  it("goes back and forth through time, and begins another future in the past", () =>
    inPage(async (page) => {
      await write(
        page,
        `declare function ask(n: number): number;\nlet sum = 0;\nfor (let n = 1; n <= 3; n++) {\n  sum += ask(n);\n  console.log(sum);\n}\nsum;`,
      );
      await page.click("#run");
      for (const n of [1, 2, 3]) {
        await page.locator("#calls code", { hasText: `ask(${n})` }).waitFor();
        await page.locator("#calls input").fill(String(n * 10));
        await page.keyboard.press("Enter");
      }
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["10", "30", "60"]);
      await page.keyboard.press("Shift+F10");
      await statusIs(page, "in the past");
      const slider = page.locator("#when");
      await slider.focus();
      // To the beginning, and on by the keyboard until the first call.
      await page.keyboard.press("Home");
      await expect.poll(() => lines(page)).toEqual([]);
      // A press that comes before the last one is shown would go too far.
      const press = async (key: string): Promise<void> => {
        const before = await slider.inputValue();
        await page.keyboard.press(key);
        await expect.poll(() => slider.inputValue()).not.toBe(before);
      };
      while ((await page.locator("#calls code").count()) === 0) await press("F10");
      expect(await page.locator("#calls code").textContent()).toBe("ask(1)");
      await page.keyboard.press("End");
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["10", "30", "60"]);
      while ((await page.locator("#calls code").allTextContents())[0] !== "ask(2)") {
        await press("Shift+F10");
      }
      await page.locator("#calls input").fill("500");
      await page.keyboard.press("Enter");
      await expect.poll(() => lines(page)).toEqual(["10", "510"]);
    }));

  it("has no state in which axe finds anything", { timeout: 120_000 }, async () => {
    const views = [
      { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
      { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
    ] as const;
    for (const view of looksAtAll ? views : views.slice(0, 1)) {
      await inNewPage(
        async (page) => {
          const look = async (state: string): Promise<void> => {
            if (looksAtAll) await shoot(page, `axe-${state}-${view.viewport.width}-${view.colorScheme}`);
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(view.viewport.width);
            expect(await axeFindings(page), state).toEqual([]);
          };
          await look("ready");
          await pick(page, "approval.ts");
          await page.click("#run");
          await expect.poll(() => page.locator("#calls code").count()).toBe(2);
          await look("waiting");
          await page.click("#hold");
          await statusIs(page, "held");
          await page.click("#save");
          await page.click("#share");
          await expect.poll(() => page.locator("#link").inputValue()).toContain("#held=");
          await look("held");
          await page.click("#tab-tools");
          await look("tools");
          await page.click("#tab-program");
          await page.click("#open-gallery");
          await look("gallery");
          await page.keyboard.press("Escape");
          await write(page, `const items = { a: [1, 2] };\nconsole.log(items);\nnull!.x;`);
          await page.click("#run");
          await statusIs(page, "failed");
          await look("failed");
        },
        { ...view, reducedMotion: "reduce" },
      );
    }
  });

  it("is small: the page's own JavaScript without the editor and the machine", async () => {
    const folder = join(outDir, "assets");
    const own = (await readdir(folder)).filter((name) => /^index-.*\.js$/.test(name));
    expect(own).toHaveLength(1);
    expect(gzipSync(await readFile(join(folder, own[0]!))).length).toBeLessThan(60_000);
  });
});
