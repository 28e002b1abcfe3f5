// Owns the goldens of fermata-vm/intl: texts of a sample of the cases as ICU has them. The host that writes them is Node 20.20.2
// with ICU 78; docs/intl.md has the rates of all cases, which compare.ts measures.
//
//   node --import tsx tests/libraries-guest/intl/goldens.ts      writes goldens.json

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const folder = dirname(fileURLToPath(import.meta.url));
const cases = readFileSync(join(folder, "cases.js"), "utf8");

/** Every so many cases are in the sample; each locale has others. */
const STEP = 41;

/** What the sample of a section and a locale is, as an expression for the guest and the host. */
export function sampleOf(section: string, locale: string, at: number): string {
  const [of, tag] = [JSON.stringify(section), JSON.stringify(locale)];
  return `${cases}\nJSON.stringify(casesOf(${of}).filter((_, index) => index % ${STEP} === ${at % STEP}).map((one) => resultOf(${tag}, one)))`;
}

/** Evaluates an expression over cases.js with the host's Intl. */
export function inHost<T>(expression: string): T {
  return JSON.parse(vm.runInNewContext(`${cases}\nJSON.stringify(${expression})`) as string) as T;
}

/** Section → locale → texts. */
export type Goldens = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

function write(): void {
  const goldens: Record<string, Record<string, readonly string[]>> = {};
  for (const section of inHost<readonly string[]>("Object.keys(SECTIONS)")) {
    goldens[section] = {};
    for (const [at, locale] of inHost<readonly string[]>("LOCALES").entries())
      goldens[section][locale] = JSON.parse(
        vm.runInNewContext(sampleOf(section, locale, at)) as string,
      ) as readonly string[];
  }
  writeFileSync(join(folder, "goldens.json"), `${JSON.stringify(goldens, null, 1)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write();
