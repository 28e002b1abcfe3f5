// Owns the section `symbols`: the numbering system of a locale, its signs, and the patterns of numbers.

import { cldr, localeSection } from "./locales.ts";

type Texts = Readonly<Record<string, string>>;
export type Numbers = Readonly<Record<string, Texts>> & {
  readonly defaultNumberingSystem: string;
  readonly minimumGroupingDigits: string;
  readonly otherNumberingSystems: { readonly native: string };
};

export const numbersOf = (tag: string): Numbers =>
  cldr<{ main: Readonly<Record<string, { numbers: Numbers }>> }>(`cldr-numbers-full/main/${tag}/numbers.json`).main[
    tag
  ]!.numbers;

const SIGNS = [
  "decimal",
  "group",
  "percentSign",
  "plusSign",
  "minusSign",
  "exponential",
  "superscriptingExponent",
  "perMille",
  "infinity",
  "nan",
  "approximatelySign",
  "currencyDecimal",
  "currencyGroup",
  "timeSeparator",
];

/** Signs and patterns of a locale in one numbering system: as many texts for each. */
function setOf(numbers: Numbers, system: string): readonly string[] {
  const part = (name: string): Texts => numbers[`${name}-numberSystem-${system}`] ?? {};
  const currency = part("currencyFormats");
  const misc = part("miscPatterns");
  return [
    ...SIGNS.map((name) => part("symbols")[name] ?? ""),
    part("decimalFormats")["standard"] ?? "",
    part("percentFormats")["standard"] ?? "",
    part("scientificFormats")["standard"] ?? "",
    currency["standard"] ?? "",
    currency["standard-alphaNextToNumber"] ?? "",
    currency["accounting"] ?? "",
    currency["accounting-alphaNextToNumber"] ?? "",
    misc["range"] ?? "",
    currency["unitPattern-count-other"] ?? "",
  ];
}

/** [numbering system, least grouping digits, the native system if it has a set, the set of latn, the native set]. */
export function source(): string {
  return localeSection((tag) => {
    const numbers = numbersOf(tag);
    const system = numbers.otherNumberingSystems.native;
    const native = `symbols-numberSystem-${system}` in numbers && system !== "latn" ? system : "";
    const latin = setOf(numbers, "latn");
    const own = native === "" ? latin.map(() => "") : setOf(numbers, native);
    return [numbers.defaultNumberingSystem, numbers.minimumGroupingDigits, native, ...latin, ...own];
  });
}
