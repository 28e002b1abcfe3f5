// Owns asking axe-core what keeps people out of a page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright";

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

interface Axe {
  run(): Promise<{ readonly violations: readonly Finding[] }>;
}

let source: string | undefined;

/** Resolves once nothing has changed on the page for a moment: axe fails on elements that go away while it looks. */
const whenQuiet = (page: Page): Promise<void> =>
  page.evaluate(
    (ms) =>
      new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, ms);
        new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, ms);
        }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      }),
    150,
  );

/** What axe finds on the page as it is, one line for each kind. */
export async function axeFindings(page: Page): Promise<string[]> {
  source ??= readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  await whenQuiet(page);
  const found = await page.evaluate(async () => (await (globalThis as unknown as { axe: Axe }).axe.run()).violations);
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 160)}`);
}
