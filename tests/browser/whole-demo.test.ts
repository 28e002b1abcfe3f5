// The demo page, used in all the ways that people use it. `npm test` leaves it to `npm run test:site`, which sets FERMATA_SITE=all.

import { describe, expect, it } from "vitest";
import {
  fuel,
  holdCounting,
  inNewPage,
  lines,
  newContext,
  pick,
  shoot,
  statusIs,
  toolsIn,
  url,
  visit,
  write,
} from "./demo-page.ts";

describe("the whole demo", () => {
  it("shows an uncaught error with its code frame, and what was written before", () =>
    inNewPage(async (page) => {
      await write(page, `console.log("before");\nfunction f(x: any) {\n  return x.y.z;\n}\nf({});`);
      await page.click("#run");
      await statusIs(page, "failed");
      expect(await lines(page)).toEqual(["before"]);
      expect(await page.locator(".error-title").textContent()).toContain("TypeError");
      expect(await page.locator(".code-frame").textContent()).toContain("return x.y.z");
      expect(await page.locator(".line-error").textContent()).toBe("  return x.y.z;");
    }));

  it("shows where a program is not valid", () =>
    inNewPage(async (page) => {
      await write(page, `const fine = 1;\nconst = 2;`);
      await page.click("#run");
      await statusIs(page, "failed");
      expect(await page.locator(".code-frame").textContent()).toContain("const = 2");
      expect(await page.locator(".line-error").textContent()).toBe("const = 2;");
    }));

  it("shows what a function has captured, by function, and this", () =>
    inNewPage(async (page) => {
      await write(
        page,
        `declare function ask(n: number): number;
let top = 1;
class Ledger {
  total = 5;
  add(by: number) {
    const each = () => ask(this.total + by + top);
    return each();
  }
}
new Ledger().add(2);`,
      );
      await page.click("#run");
      await page.locator("#stack button", { hasText: "each()" }).waitFor();
      expect(await page.locator("#variables h3").allTextContents()).toEqual(["Variables", "From add()", "Global"]);
      expect(await page.locator("#variables > ul").first().textContent()).toBe("this: Ledger { total: 5 }");
      expect(await page.locator("#variables > ul").nth(1).textContent()).toBe("by: 2");
      expect(await page.locator("#variables > ul").nth(2).textContent()).toBe("top: 1");
    }));

  it("steps", () =>
    inNewPage(async (page) => {
      await write(
        page,
        `let total = 0;\nfor (const n of [1, 2, 3]) {\n  total += n;\n  console.log(total);\n}\ntotal;`,
      );
      const places: string[] = [];
      const marked: string[] = [];
      while (places.length < 60 && places.at(-1) !== "complete") {
        const before = await fuel(page);
        await page.keyboard.press("F10");
        await expect.poll(() => fuel(page)).not.toBe(before);
        places.push((await page.locator("#status").textContent())!);
        marked.push(...(await page.locator(".line-held").allTextContents()));
      }
      expect(places.at(-1)).toBe("complete");
      expect(marked).toContain("  total += n;");
      expect(places.filter((place) => place === "held at line 3").length).toBeGreaterThanOrEqual(3);
      expect(places.filter((place) => place === "held at line 4").length).toBeGreaterThanOrEqual(3);
      expect(await lines(page)).toEqual(["1", "3", "6"]);
    }));

  it("answers pending calls by value, choice and error, in any order", () =>
    inNewPage(async (page) => {
      const call = (name: string) => page.locator("#calls li", { hasText: name });
      await pick(page, "approval.ts");
      await page.click("#run");
      await expect
        .poll(() => page.locator("#calls code").allTextContents())
        .toEqual([`quoteTrain("Bergen", "Oslo")`, `quoteHotel("Oslo", 3)`]);
      await shoot(page, "desktop-calls");
      await call("quoteHotel").locator("input").fill("{ price: 1 }");
      await call("quoteHotel").getByRole("button", { name: "Answer" }).click();
      expect(await call("quoteHotel").getByRole("alert").textContent()).toContain("Not JSON");
      await call("quoteHotel").locator("input").fill(`{ "price": 100 }`);
      await call("quoteHotel").getByRole("button", { name: "Answer" }).click();
      await call("quoteHotel").waitFor({ state: "detached" });
      await call("quoteTrain").getByRole("button", { name: "Answer" }).click();
      await call("Book 3 nights in Oslo for 340?").getByRole("button", { name: `"cheaper"` }).click();
      await call("quoteTrain").locator("select").selectOption("error");
      await call("quoteTrain").locator("input").fill("no trains on Sundays");
      await page.keyboard.press("Enter");
      await statusIs(page, "failed");
      expect(await page.locator(".error-title").textContent()).toContain("no trains on Sundays");
      expect(await lines(page)).toEqual(["3 nights: 240 + 100 = 340"]);
    }));

  it("is held inside a sort by a synchronous call, and answered by keyboard alone", () =>
    inNewPage(async (page) => {
      await pick(page, "sorting.ts");
      await page.click("#run");
      const first = page.locator("#calls .chip").first();
      await first.focus();
      for (let answers = 0; answers < 12 && (await first.isVisible()); answers++) {
        const question = await page.locator("#calls code").textContent();
        // The focus goes on from call to call.
        await page.keyboard.press("Enter");
        await expect.poll(() => page.locator("#calls code").allTextContents()).not.toContain(question);
      }
      await statusIs(page, "complete");
      expect((await lines(page)).map((line) => line.slice(0, 2))).toEqual(["1.", "2.", "3.", "4."]);
    }));

  it("waits for timers", () =>
    inNewPage(async (page) => {
      const beat = "const beat = () => new Promise<void>((go) => setTimeout(go, 60));";
      await write(page, `${beat}\nfor (const n of [1, 2, 3]) {\n  await beat();\n  console.log(n);\n}\n"end";`);
      await page.click("#run");
      await statusIs(page, "complete");
      expect(await lines(page)).toEqual(["1", "2", "3"]);
    }));

  it("runs every example until it needs somebody", () =>
    inNewPage(async (page) => {
      for (const filename of await page
        .locator("#example option")
        .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value))) {
        await pick(page, filename);
        await page.click("#run");
        await page.locator("#output .line, #calls form").first().waitFor();
        expect(await page.locator(".error-title").count()).toBe(0);
      }
    }));

  it("saves, lists, restores and deletes snapshots", () =>
    inNewPage(async (page) => {
      await pick(page, "approval.ts");
      await page.click("#run");
      await statusIs(page, "waiting");
      await page.click("#save");
      await page.locator("#notes li").waitFor();
      await holdCounting(page);
      await page.click("#save");
      await expect.poll(() => page.locator("#notes li").count()).toBe(2);
      await shoot(page, "desktop-held");
      await page.emulateMedia({ colorScheme: "dark" });
      await shoot(page, "desktop-dark");
      await page.getByRole("button", { name: /^Restore An agent/ }).click();
      await expect.poll(() => page.locator("#calls form").count()).toBe(2);
      await statusIs(page, "held");
      expect(await page.locator("#editor .cm-content").textContent()).toContain("quoteTrain");
      await page.getByRole("button", { name: /^Delete A loop/ }).click();
      await expect.poll(() => page.locator("#notes li").count()).toBe(1);
      await page.reload();
      await expect
        .poll(() => page.locator("#notes .note-title").allTextContents())
        .toContain("An agent that asks for approval");
    }));

  it("goes back from an error", () =>
    inNewPage(async (page) => {
      await write(page, `let n = 41;\nn++;\nnull!.x;`);
      await page.click("#run");
      await statusIs(page, "failed");
      await page.click("#back");
      await statusIs(page, "held at line 2");
      expect(await page.locator("#variables li").first().textContent()).toBe("n: 41");
    }));

  it("keeps drafts, shares code before it has run, and takes edits back", async () => {
    const context = await newContext();
    const page = await visit(context);
    await write(page, `console.log("my own");`);
    await page.reload();
    await page.locator("#loaded", { hasText: "ready" }).waitFor();
    expect(await page.locator("#editor .cm-content").textContent()).toBe(`console.log("my own");`);
    await page.click("#share");
    await expect.poll(() => page.locator("#link").inputValue()).toContain("#code=");
    const link = await page.locator("#link").inputValue();
    await page.click("#original");
    expect(await page.locator("#editor .cm-content").textContent()).toContain("quoteTrain");
    await page.getByRole("button", { name: "Take it back" }).click();
    expect(await page.locator("#editor .cm-content").textContent()).toContain("my own");
    await context.close();

    const other = await newContext();
    const opened = await visit(other, link);
    expect(await opened.locator("#notices").textContent()).toContain("It has not run yet");
    await opened.click("#run");
    await statusIs(opened, "complete");
    expect(await lines(opened)).toEqual(["my own"]);
    const damaged = await visit(other, `${link.slice(0, -8)}AAAA`);
    expect(await damaged.locator("#notices").textContent()).toContain("The link cannot be opened.");
    await other.close();
  });

  it("underlines a mistake while somebody types", () =>
    inNewPage(async (page) => {
      await write(page, `const fine = 1;\nconst = 2;`);
      await page.locator(".fault").waitFor();
      expect(await page.locator("#fault").textContent()).toMatch(/^Line 2: /);
      await write(page, `const fine = 1;`);
      await expect.poll(() => page.locator(".fault").count()).toBe(0);
    }));

  it("lets tools.ts answer, once it is switched on, and keeps it with the draft", { timeout: 60_000 }, async () => {
    const context = await newContext();
    const page = await visit(context);
    const writeTools = async (text: string): Promise<void> => {
      await page.locator("#tools-editor .cm-content").click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
    };
    await pick(page, "approval.ts");
    await page.click("#run");
    await expect.poll(() => page.locator("#calls code").count()).toBe(2);
    // With nothing written, the switch shows what could be.
    await page.click("#by-tools");
    expect(await page.locator("#tools-editor .cm-content").textContent()).toContain(
      'export async function quoteTrain(from: string, to: string) {  return { "price": 240 };}',
    );
    expect(await page.locator("#by-tools").getAttribute("aria-pressed")).toBe("false");
    await shoot(page, "desktop-tools");
    await writeTools(
      `interface Offer { price: number }\nexport async function quoteTrain(from: string): Promise<Offer> { return { price: from.length }; }\n` +
        `export const quoteHotel = (city: string, nights: number): Offer => ({ price: nights * 10 });\n` +
        `export function approve(question: string) { if (question.includes("3 nights")) return "cheaper"; throw new TypeError(self.origin); }`,
    );
    expect(toolsIn(page)).toBe(0);
    await page.click("#by-tools");
    await statusIs(page, "failed");
    expect(await lines(page)).toEqual(["3 nights: 6 + 30 = 36", "2 nights: 6 + 20 = 26"]);
    // Its origin is none: nothing of the page is within its reach.
    expect(await page.locator(".error-title").textContent()).toContain("null");
    expect(await page.locator("#tools-state").textContent()).toBe("on: approve, quoteHotel, quoteTrain");

    await page.reload();
    await page.locator("#loaded", { hasText: "ready" }).waitFor();
    await page.click("#run");
    await expect.poll(() => page.locator("#calls code").count()).toBe(2);
    expect(toolsIn(page)).toBe(0);
    await page.click("#tab-tools");
    expect(await page.locator("#tools-editor .cm-content").textContent()).toContain("nights * 10");
    // A mistake is told with its line; one that does not end can be switched off.
    await writeTools("export function quoteTrain() {}\nexport function");
    await page.click("#by-tools");
    await page.locator("#tools-state", { hasText: "off: line 2" }).waitFor();
    await writeTools("export function quoteTrain() { for (;;); }");
    await page.click("#by-tools");
    await page.locator("#tools-state", { hasText: "on: quoteTrain" }).waitFor();
    expect(toolsIn(page)).toBe(1);
    await page.click("#by-tools");
    await expect.poll(() => toolsIn(page), { timeout: 15_000 }).toBe(0);
    expect(await page.locator("#calls code").count()).toBe(2);
    await context.close();
  });

  it("shares tools.ts, and runs it only where it was switched on", { timeout: 60_000 }, async () => {
    const sender = await newContext();
    const page = await visit(sender);
    await write(page, `declare function ask(n: number): number;\nask(1) + ask(2);`);
    await page.click("#tab-tools");
    await page.locator("#tools-editor .cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("export const ask = (n: number) => n * 100;");
    const share = async (): Promise<string> => {
      await page.locator("#link").evaluate((input) => ((input as HTMLInputElement).value = ""));
      await page.click("#share");
      await expect.poll(() => page.locator("#link").inputValue()).toContain("#");
      return page.locator("#link").inputValue();
    };
    const code = await share();
    await page.click("#run");
    await page.locator("#calls code", { hasText: "ask(1)" }).waitFor();
    const held = await share();
    expect(held).toMatch(/#held=[\w-]+&tools=[\w-]+$/);
    await sender.close();

    for (const link of [code, held]) {
      const receiver = await newContext();
      const opened = await visit(receiver, link);
      await opened.click(link === code ? "#run" : "#resume");
      await opened.locator("#calls code", { hasText: "ask(1)" }).waitFor();
      await opened.waitForTimeout(200);
      expect(toolsIn(opened)).toBe(0);
      expect(await opened.locator("#calls code").allTextContents()).toEqual(["ask(1)"]);
      await opened.click("#by-tools");
      await statusIs(opened, "complete");
      expect(await opened.locator("#ending pre").textContent()).toBe("300");
      await receiver.close();
    }
  });

  it("checks types when there is time, and complains of no example", { timeout: 90_000 }, () =>
    inNewPage(async (page) => {
      await write(page, `declare function ask(n: number): Promise<string>;\nconst n: number = await ask(1);\nn;`);
      const fault = page.locator("#fault");
      await page.locator("#fault[data-types='checked']").waitFor({ timeout: 30_000, state: "attached" });
      expect(await fault.textContent()).toBe("Line 2: Type 'string' is not assignable to type 'number'.");
      expect(await page.locator(".fault-type").textContent()).toBe("n");
      await shoot(page, "desktop-types");
      await page.click("#original");
      const all = await page
        .locator("#example option")
        .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
      expect(all.length).toBe(8);
      for (const filename of all) {
        await pick(page, filename);
        await page.locator("#fault[data-types='checked']").waitFor({ timeout: 30_000, state: "attached" });
        expect(await fault.textContent(), filename).toBe("");
      }
    }),
  );

  it("has a gallery, both colours, and a form for other pages", () =>
    inNewPage(async (page) => {
      await page.click("#open-gallery");
      expect(await page.locator("#cards button").count()).toBe(8);
      await page.locator("#cards button", { hasText: "A puzzle" }).click();
      expect(await page.locator("#example").inputValue()).toBe("sudoku.ts");
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.click("#theme");
      await page.click("#theme");
      expect(await background()).not.toBe(light);
      await page.goto(`${url}?embed`);
      await page.locator("#open-whole").waitFor();
      expect(await page.locator("#open-gallery").isVisible()).toBe(false);
      await page.click("#run");
      await statusIs(page, "complete");
    }));

  it("works without a network once it has been open", async () => {
    const context = await newContext();
    const page = await visit(context);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(1);
    await context.setOffline(true);
    await page.reload();
    await page.locator("#loaded", { hasText: "ready" }).waitFor();
    await pick(page, "sudoku.ts");
    await page.click("#run");
    await statusIs(page, "complete");
    await context.close();
  });

  it("fits a phone", () =>
    inNewPage(
      async (page) => {
        await pick(page, "sorting.ts");
        await page.click("#run");
        await page.locator("#calls .chip").first().waitFor();
        await page.click("#save");
        await page.locator("#notes li").waitFor();
        await shoot(page, "phone");
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        const heights = await page
          .locator(".transport button")
          .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
        expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
      },
      { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    ));
});
