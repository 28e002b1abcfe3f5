// Owns the section `currency-digits`: currencies that do not have two decimals, and all codes that there are.

import { currenciesOf } from "./currencies.ts";
import { cldr, textSection } from "./locales.ts";

const { fractions } = cldr<{
  supplemental: { currencyData: { fractions: Readonly<Record<string, { readonly _digits: string }>> } };
}>("cldr-core/supplemental/currencyData.json").supplemental.currencyData;

/** ` JPY>0 …`, a bar, then the codes with spaces around. */
export function source(): string {
  const rows = Object.entries(fractions).filter(([code, { _digits }]) => code !== "DEFAULT" && _digits !== "2");
  const digits = rows.map(([code, { _digits }]) => `${code}>${_digits}`);
  return textSection(` ${digits.join(" ")} | ${Object.keys(currenciesOf("en")).sort().join(" ")} `);
}
