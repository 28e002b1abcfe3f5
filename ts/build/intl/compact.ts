// Owns the section `compact`: patterns of numbers in thousands, millions and so on.

import { localeSection } from "./locales.ts";
import { numbersOf } from "./symbols.ts";

type Patterns = Readonly<Record<string, string>>;
const LEAST = 3;
/** Few languages count in more than 10¹⁴. */
const MOST = 19;

/** `pattern`, or `one>pattern|other>pattern` where plural categories differ; a category of `1` is that number alone. */
export function byCategory(patterns: Readonly<Record<string, string>>): string {
  const entries = Object.entries(patterns);
  const other = patterns["other"] ?? "";
  const special = entries.filter(([category, text]) => category !== "other" && text !== other);
  return special.length === 0
    ? other
    : [...special, ["other", other]].map(([category, text]) => `${category}>${text}`).join("|");
}

function fieldsOf(patterns: Patterns): readonly string[] {
  const fields: string[] = [];
  for (let power = LEAST; power <= MOST; power++) {
    const prefix = `1${"0".repeat(power)}-count-`;
    const rows = Object.entries(patterns)
      .filter(([key]) => key.startsWith(prefix) && !key.includes("alt"))
      .map(([key, text]) => [key.slice(prefix.length), text]);
    fields.push(byCategory(Object.fromEntries(rows) as Patterns));
  }
  return fields;
}

/**
 * For 10³ … 10¹⁹: the short patterns, the long ones, those for currencies, in the numbering system of the locale; "" where the pattern of a
 * smaller power is used.
 */
export function source(): string {
  return localeSection((tag) => {
    const numbers = numbersOf(tag) as unknown as Record<string, Record<string, Record<string, Patterns>>> & {
      defaultNumberingSystem: string;
    };
    const decimal = numbers[`decimalFormats-numberSystem-${numbers.defaultNumberingSystem}`]!;
    const currency = numbers[`currencyFormats-numberSystem-${numbers.defaultNumberingSystem}`]!["short"];
    const latin = numbers["currencyFormats-numberSystem-latn"]!["short"]!;
    const short = decimal["short"]!["decimalFormat"]!;
    const parts = [short, decimal["long"]!["decimalFormat"]!, (currency ?? latin)["standard"]!];
    return parts.flatMap((patterns) => fieldsOf(patterns));
  });
}
