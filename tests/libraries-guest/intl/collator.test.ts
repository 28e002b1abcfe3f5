// Intl.Collator, `localeCompare` and Intl.Segmenter of `fermata-vm/intl`: orders and boundaries as ICU has them. What is compared in full is in
// docs/intl-texts.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { builtLibraries, runtimeWith } from "../../support/libraries.ts";
import { collationCases, collationScript } from "./collation-cases.ts";

const held = await runtimeWith("intl");

/** For what is too much to be held: one that tests/support/held-anywhere.ts does not see. */
const plain = await createRuntimeFrom({
  module: readFileSync(join(import.meta.dirname, "../../../build/fermata.wasm")),
  typescript: false,
  libraries: await builtLibraries("intl"),
});

async function run(source: string, by = plain): Promise<unknown> {
  const { output } = await by
    .compile(source, { filename: "texts.js" })
    .run({ limits: { fuel: 2_000_000_000, timeMs: 120_000 } });
  return output;
}

const NAMES = `["Zoë", "Ärger", "Öl", "Aal", "zebra", "cukr", "Chata", "ñu", "nube", "Aarhus", "ż", "z", "ı", "i"]`;

/** Goldens of Node 20.20.2 with ICU 78.2. */
const CASES: readonly (readonly [source: string, expected: unknown])[] = [
  [`${NAMES}.sort(new Intl.Collator("de").compare).join()`, "Aal,Aarhus,Ärger,Chata,cukr,i,ı,ñu,nube,Öl,z,ż,zebra,Zoë"],
  [`${NAMES}.sort(new Intl.Collator("sv").compare).join()`, "Aal,Aarhus,Chata,cukr,i,ı,ñu,nube,z,ż,zebra,Zoë,Ärger,Öl"],
  [`${NAMES}.sort(new Intl.Collator("da").compare).join()`, "Chata,cukr,i,ı,ñu,nube,z,ż,zebra,Zoë,Ärger,Öl,Aal,Aarhus"],
  [
    `${NAMES}.sort((a, b) => a.localeCompare(b, "cs")).join()`,
    "Aal,Aarhus,Ärger,cukr,Chata,i,ı,ñu,nube,Öl,z,ż,zebra,Zoë",
  ],
  [`["b", "á", "a", "A"].sort((a, b) => a.localeCompare(b)).join()`, "a,A,á,b"],
  [`"a10".localeCompare("a9", undefined, { numeric: true })`, 1],
  [`"résumé".localeCompare("RESUME", "fr", { sensitivity: "base" })`, 0],
  [`["cote", "coté", "côte", "côté"].sort(new Intl.Collator("fr-CA").compare).join()`, "cote,côte,coté,côté"],
  [`["cote", "coté", "côte", "côté"].sort(new Intl.Collator("fr").compare).join()`, "cote,coté,côte,côté"],
  [`["你", "中", "阿"].sort(new Intl.Collator("zh").compare).join("")`, "阿你中"],
  [
    `JSON.stringify(new Intl.Collator("de-u-co-phonebk-kn").resolvedOptions())`,
    `{"locale":"de-u-co-phonebk-kn","usage":"sort","sensitivity":"variant","ignorePunctuation":false,"collation":"phonebk","numeric":true,"caseFirst":"false"}`,
  ],
  [`new Intl.Collator("ar", { collation: "compat" }).resolvedOptions().collation`, "compat"],
  [`new Intl.Collator("de", { usage: "search", sensitivity: "base" }).compare("ä", "AE")`, 0],
  [`Intl.Collator.supportedLocalesOf(["hu-HU", "nn", "tlh"]).join()`, "hu-HU,nn"],
  [
    `const c = new Intl.Collator("en"); const f = c.compare; (f === c.compare) + f.name + f.length + f("a", "b")`,
    "true2-1",
  ],
  [
    `Array.from(new Intl.Segmenter("en").segment("👨‍👩‍👧🇩🇪é👍🏽क्षि\\r\\n"), ({ segment }) => segment.length).join()`,
    "8,4,1,4,4,2",
  ],
  [
    `Array.from(new Intl.Segmenter("fr", { granularity: "word" }).segment("L’été, 3.5 km!"), (s) => s.segment + (s.isWordLike ? "+" : "")).join("|")`,
    "L’été+|,| |3.5+| |km+|!",
  ],
  [
    `Array.from(new Intl.Segmenter("de", { granularity: "sentence" }).segment("Er kam 3.5 Mal. Warum? (Ja.) gut."), (s) => s.segment).join("|")`,
    "Er kam 3.5 Mal. |Warum? |(Ja.) gut.",
  ],
  [
    `const s = new Intl.Segmenter("en", { granularity: "word" }).segment("one two"); JSON.stringify([s.containing(5), s.containing(7), s.containing()])`,
    `[{"segment":"two","index":4,"input":"one two","isWordLike":true},null,{"segment":"one","index":0,"input":"one two","isWordLike":true}]`,
  ],
];

describe("Intl.Collator and Intl.Segmenter", () => {
  it.each(CASES)("%s", async (source, expected) => {
    expect(await run(source)).toBe(expected);
  });

  it.each(["de", "cs", "ja", "vi", "hu"])("sorts names of %s as the host does", async (locale) => {
    const script = collationScript(locale, collationCases(locale, 4, 15));
    expect(await run(script)).toBe(vm.runInNewContext(script));
  });

  it("can be held in the middle of a comparison and of a text", async () => {
    const source = `const sorted = ["ö", "o", "z"].sort(new Intl.Collator("sv", { numeric: true }).compare);
      sorted.join("") + [...new Intl.Segmenter("sv").segment("e\u0301🇸🇪")].length`;
    expect(await run(source, held)).toBe("ozö2");
  });

  it("finds the segment at any place of a long text at the same cost", async () => {
    const fuel = async (length: number): Promise<number> => {
      const source = `const text = "ab ".repeat(${length}), segments = new Intl.Segmenter("en", { granularity: "word" }).segment(text);
        let sum = 0; for (let i = text.length - 1; i >= 0; i -= 7) sum += segments.containing(i).index; sum`;
      const { usage } = await plain.compile(source, { filename: "places.js" }).run();
      return usage.fuel;
    };
    const [one, four] = [await fuel(500), await fuel(2000)];
    expect(four / one).toBeLessThan(6);
  });

  it("says which library has the data when the program does not mention the service", async () => {
    const source = `try { new Intl[["Colla", "tor"].join("")](); } catch (error) { error.name + ": " + error.message }`;
    expect(await run(source)).toMatch(/^RangeError: Intl: orders are in the library fermata-vm\/intl-collation/);
    const other = `try { new Intl[["Segmen", "ter"].join("")](); } catch (error) { error.name + ": " + error.message }`;
    expect(await run(other)).toMatch(/^RangeError: Intl: boundaries are in the library fermata-vm\/intl-segmentation/);
  });
});
