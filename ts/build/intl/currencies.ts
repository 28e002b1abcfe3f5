// Owns the section `currencies`: the symbols of currencies.

import { cldr, keyedSection } from "./locales.ts";

export type Currency = Readonly<Record<string, string>>;

export const currenciesOf = (tag: string): Readonly<Record<string, Currency>> =>
  cldr<{ main: Readonly<Record<string, { numbers: { currencies: Readonly<Record<string, Currency>> } }>> }>(
    `cldr-numbers-full/main/${tag}/currencies.json`,
  ).main[tag]!.numbers.currencies;

/** Code → `symbol`, or `symbol|narrow symbol`; a code that is its own symbol has no row. */
export function source(): string {
  return keyedSection((tag) => {
    const rows: Record<string, string> = {};
    for (const [code, { symbol = code, "symbol-alt-narrow": narrow = symbol }] of Object.entries(currenciesOf(tag)))
      if (symbol !== code || narrow !== code) rows[code] = narrow === symbol ? symbol : `${symbol}|${narrow}`;
    return rows;
  }, "=");
}
