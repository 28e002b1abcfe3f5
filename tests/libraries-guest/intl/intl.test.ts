// `fermata-vm/intl`: texts as ICU has them, locales as ECMA-402 chooses them, small in snapshots, held anywhere. What is compared in
// full is in docs/intl.md; test262's intl402 is in docs/status.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runtimeWith } from "../../support/libraries.ts";
import { NOT_HELD } from "../../support/not-held.ts";
import { type Goldens, inHost, sampleOf } from "./goldens.ts";

const runtime = await runtimeWith("intl");
const goldens = JSON.parse(readFileSync(join(import.meta.dirname, "goldens.json"), "utf8")) as Goldens;
const LOCALES = inHost<readonly string[]>("LOCALES");

/** A few programs are held at many places; all of them would take minutes. */
const isHeld = (source: string): boolean => CASES.slice(0, 4).some(([one]) => one === source);

async function run(source: string): Promise<unknown> {
  const { output } = await runtime
    .compile(source, { filename: isHeld(source) ? "intl.js" : NOT_HELD })
    .run({ limits: { fuel: Infinity, timeMs: 120_000 } });
  return output;
}

const CASES: readonly (readonly [source: string, expected: unknown])[] = [
  [`(1234567.891).toLocaleString("de-DE")`, "1.234.567,891"],
  [`(1234.5).toLocaleString("en-IN", { style: "currency", currency: "INR" })`, "₹1,234.50"],
  [`1234567890123456789012n.toLocaleString("fr")`, "1\u202f234\u202f567\u202f890\u202f123\u202f456\u202f789\u202f012"],
  [`[1234.5, null, [2n, 0.5]].toLocaleString("de")`, "1.234,5,,2,0,5"],
  [`new Float64Array([0.5, 1234]).toLocaleString("de", { minimumFractionDigits: 1 })`, "0,5,1.234,0"],
  [
    `new Intl.NumberFormat("en").format("123456789012345678901234567890.5")`,
    "123,456,789,012,345,678,901,234,567,890.5",
  ],
  [`new Intl.NumberFormat("en", { style: "unit", unit: "kilometer-per-hour" }).formatRange(1, 20)`, "1–20 km/h"],
  [
    `new Intl.NumberFormat("en", { style: "currency", currency: "EUR", currencyDisplay: "name" }).format(1)`,
    "1.00 euros",
  ],
  [`new Intl.PluralRules("ar").select(11)`, "many"],
  [`new Intl.PluralRules("fr").selectRange(0, 1)`, "one"],
  [`new Intl.ListFormat("es").format(["Ana", "Iglesias"])`, "Ana e Iglesias"],
  [`new Intl.RelativeTimeFormat("ru").format(-3, "day")`, "3 дня назад"],
  [
    `new Intl.DurationFormat("en", { style: "digital" }).format({ hours: 1, minutes: 2, seconds: 3, milliseconds: 40 })`,
    "1:02:03.04",
  ],
  [`new Intl.DurationFormat("de", { style: "long" }).format("P1DT2H")`, "1 Tag, 2 Stunden"],
  [`new Intl.DisplayNames("de", { type: "region" }).of("CH")`, "Schweiz"],
  [`"IiıİI\u0307".toLocaleLowerCase("tr")`, "ıiıii"],
  [`"ì í į\u0301".toLocaleUpperCase("lt")`, "Ì Í Į\u0301"],
  [`"Μάιος ή".toLocaleUpperCase("el")`, "ΜΑΪΟΣ Ή"],
  [`Intl.getCanonicalLocales(["EN-us", "iw", "sgn-BR"]).join()`, "en-US,he,bzs"],
  [`new Intl.Locale("zh-TW").maximize().toString()`, "zh-Hant-TW"],
  [`Intl.supportedValuesOf("unit").length`, 45],
];

describe("Intl", () => {
  it.each(CASES)("%s", async (source, expected) => {
    expect(await run(source)).toBe(expected);
  });

  it("falls back to a shorter tag, then to en-US", async () => {
    const source = `["de-LU-x-private", "de-Latn-AT", "xx", "tlh-KL", "en-AU"].map((tag) => new Intl.NumberFormat(tag).resolvedOptions().locale)`;
    expect(await run(source)).toStrictEqual(["de-LU", "de", "en-US", "en-US", "en-AU"]);
  });

  it("is there only for programs that name it, or a method that takes locales", async () => {
    expect(await run(`globalThis[["In", "tl"].join("")] === undefined`)).toBe(true);
    expect(await run(`(0).toLocaleString, globalThis[["In", "tl"].join("")] === undefined`)).toBe(false);
  });

  it("says which library has the names when the program does not mention them", async () => {
    const source = `const how = JSON.parse('{"style":"currency","currency":"EUR","currency' + 'Display":"name"}');
      try { new Intl.NumberFormat("en", how).format(1); } catch (error) { error.name + ": " + error.message; }`;
    expect(await run(source)).toMatch(/^RangeError: Intl: names are in the library fermata-vm\/intl-names/);
  });

  it("takes the rules of the specification for its options", async () => {
    const source = `[{ style: "unit" }, { style: "currency" }, { currency: "E1" }, { maximumFractionDigits: 101 }, { roundingIncrement: 3 }]
      .map((how) => { try { return new Intl.NumberFormat("en", how); } catch (error) { return error.name; } })`;
    expect(await run(source)).toStrictEqual(["TypeError", "TypeError", "RangeError", "RangeError", "RangeError"]);
  });
});

/** Whether all locales are compared in each section, and not a third of them: `npm run test:intl`. */
const ALL_LOCALES = process.env["FERMATA_INTL"] === "all";

describe("texts of ICU", () => {
  it.each([...Object.keys(goldens).entries()])("%i %s", async (third, section) => {
    const wrong: string[] = [];
    let count = 0;
    for (const [at, locale] of LOCALES.entries()) {
      if (!ALL_LOCALES && at % 3 !== third % 3) continue;
      const actual = JSON.parse((await run(sampleOf(section, locale, at))) as string) as readonly string[];
      const expected = goldens[section]![locale]!;
      expect(actual).toHaveLength(expected.length);
      count += expected.length;
      for (const [index, text] of expected.entries())
        if (actual[index] !== text) wrong.push(`${locale}: ${actual[index]} in place of ${text}`);
    }
    expect(wrong.length / count, wrong.join("\n")).toBeLessThan(0.02);
  });
});

describe("a program with Intl that is held", () => {
  it("is small in a snapshot, and goes on", async () => {
    const source = `const euros = new Intl.NumberFormat("de", { style: "currency", currency: "EUR" });
      const plural = new Intl.PluralRules("pl"); euros.format(1); plural.select(3); await ask(); [euros.format(1234.5), plural.select(5)].join()`;
    const state = runtime.compile(source, { filename: "held.js", externals: ["ask"] }).start();
    if (state.status !== "suspended") throw new Error(state.status);
    const bytes = state.snapshot().dump();
    expect(bytes.length).toBeLessThan(7000);
    const held = runtime.load(bytes).restore();
    if (held.status !== "suspended") throw new Error(held.status);
    const end = held.resume(undefined);
    expect(end.status === "complete" && end.output).toBe("1.234,50\u00a0€,many");
  });
});
