// Owns the pairs of texts by which Intl.Collator is compared with the host's: names of languages, regions and currencies in the locale's own
// language, and changes of them. The same seed makes the same pairs.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** Locale → the tag of CLDR whose names are its words. */
export const COLLATION_LOCALES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    "ar cs da de en es fr fr-CA he hi it ja ko nl pl pt ru sv tr uk zh nb fi hr hu et lt lv ro sk sl vi is el fa th bn ta sq cy"
      .split(" ")
      .map((tag) => [tag, tag === "nb" ? "no" : tag]),
  ),
  "de-u-co-phonebk": "de",
  "es-u-co-trad": "es",
  "sv-u-kn-kf-upper": "sv",
};

type Main = Readonly<
  Record<string, { readonly localeDisplayNames?: object; readonly numbers?: { readonly currencies: object } }>
>;

function main(path: string): Main {
  return (JSON.parse(readFileSync(join(root, "node_modules", path), "utf8")) as { main: Main }).main;
}

/** Names in the language. */
function wordsOf(tag: string): string[] {
  const words = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === "string") words.add(value);
    else if (value !== null && typeof value === "object") Object.values(value).forEach(add);
  };
  for (const file of ["languages", "territories"])
    add(main(`cldr-localenames-full/main/${tag}/${file}.json`)[tag]!.localeDisplayNames);
  add(main(`cldr-numbers-full/main/${tag}/currencies.json`)[tag]!.numbers!.currencies);
  return [...words];
}

/** Numbers from 0 to below 1; the same seed gives the same ones. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}

const MARKS = [
  "\u0300",
  "\u0301",
  "\u0308",
  "\u030a",
  "\u030c",
  "\u0327",
  "\u0328",
  "\u0331",
  "\u05b4",
  "\u064b",
  "\u3099",
];
const SIGNS = [..." -'.,/()·’_1234567890"];

/** What options a comparison has: an option is there in about one case of three. */
function optionsFrom(random: () => number): Record<string, unknown> {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const options: Record<string, unknown> = {};
  if (random() < 0.5) options["sensitivity"] = pick(["base", "accent", "case", "variant"]);
  if (random() < 0.3) options["numeric"] = pick([true, false]);
  if (random() < 0.3) options["ignorePunctuation"] = pick([true, false]);
  if (random() < 0.3) options["caseFirst"] = pick(["upper", "lower", "false"]);
  return options;
}

/** Options, and pairs of texts that are compared with these. */
export interface CollationCase {
  readonly options: Readonly<Record<string, unknown>>;
  readonly pairs: readonly (readonly [string, string])[];
}

/** Cases of a locale: as many as `count`, each of 40 pairs. */
export function collationCases(locale: string, count: number, seed: number): readonly CollationCase[] {
  const random = randomFrom(seed);
  const words = wordsOf(COLLATION_LOCALES[locale]!);
  const sorted = words.toSorted();
  const place = (length: number): number => Math.floor(random() * length);
  const changed = (word: string): string => {
    const letters = [...word];
    const at = place(letters.length);
    if (letters.length === 0) return "a";
    switch (place(6)) {
      case 0:
        return word.toUpperCase();
      case 1:
        letters[at] =
          letters[at]!.toUpperCase() === letters[at] ? letters[at].toLowerCase() : letters[at]!.toUpperCase();
        break;
      case 2:
        letters.splice(at, 0, SIGNS[place(SIGNS.length)]!);
        break;
      case 3:
        letters.splice(at + 1, 0, MARKS[place(MARKS.length)]!);
        break;
      case 4:
        return word.normalize("NFD").replace(/\p{M}/gu, "");
      default:
        letters.splice(at, 1);
    }
    return letters.join("");
  };
  const pair = (): readonly [string, string] => {
    const at = place(sorted.length);
    const word = sorted[at]!;
    const kind = random();
    if (kind < 0.4) return [word, sorted[place(sorted.length)]!];
    if (kind < 0.6) return [word, sorted[(at + 1) % sorted.length]!];
    return kind < 0.9 ? [word, changed(word)] : [changed(word), changed(changed(word))];
  };
  return Array.from({ length: count }, (_, index) => ({
    options: index % 3 === 0 ? {} : optionsFrom(random),
    pairs: Array.from({ length: 40 }, pair),
  }));
}

/** The expression that compares all of these, for guest and host: a text of `<`, `=` and `>`. */
export function collationScript(locale: string, cases: readonly CollationCase[]): string {
  return `(${JSON.stringify(cases)}).map(({ options, pairs }) => {
  const { compare } = new Intl.Collator(${JSON.stringify(locale)}, options);
  return pairs.map(([a, b]) => "<=>"[Math.sign(compare(a, b)) + 1]).join("");
}).join("")`;
}
