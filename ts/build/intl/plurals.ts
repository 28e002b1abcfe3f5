// Owns the section `plurals`: the rules by which a number takes a plural category. https://unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules

import { baseOf, cldr, keyedSection, parentOf } from "./locales.ts";

type Rules = Readonly<Record<string, string>>;
const supplemental = <T>(file: string): T =>
  cldr<{ supplemental: T }>(`cldr-core/supplemental/${file}.json`).supplemental;

const cardinal = supplemental<{ "plurals-type-cardinal": Readonly<Record<string, Rules>> }>("plurals")[
  "plurals-type-cardinal"
];
const ordinal = supplemental<{ "plurals-type-ordinal": Readonly<Record<string, Rules>> }>("ordinals")[
  "plurals-type-ordinal"
];
const ranges = supplemental<{ plurals: Readonly<Record<string, Rules>> }>("pluralRanges").plurals;

/** `one>rule|few>rule`, in the order in which they are tried; without the samples, and without `other`. */
function packed(rules: Rules | undefined): string {
  return Object.entries(rules ?? {})
    .map(([name, rule]) => `${name.replace("pluralRule-count-", "")}>${rule.split("@")[0]!.trim()}`)
    .filter((row) => !row.startsWith("other>"))
    .join("|");
}

function packedRanges(rules: Rules | undefined): string {
  return Object.entries(rules ?? {})
    .map(([name, category]) => {
      const [, start, end] = /^pluralRange-start-(\w+)-end-(\w+)$/.exec(name)!;
      return `${start}-${end}>${category}`;
    })
    .join("|");
}

/** Rows `cardinal`, `ordinal` and `ranges` (`one-other>other|…`). */
export function source(): string {
  return keyedSection((tag) => {
    const parent = parentOf(tag);
    const named = (table: Readonly<Record<string, Rules>>): Rules | undefined =>
      table[tag] ??
      (tag === "pt-PT" || parent === undefined ? table[tag.split("-")[0]!] : (table[parent] ?? table[baseOf(tag)]));
    return {
      cardinal: packed(named(cardinal)),
      ordinal: packed(named(ordinal)),
      ranges: packedRanges(ranges[tag.split("-")[0]!]),
    };
  });
}
