// Owns the section `currency-names`: what currencies are called.

import { byCategory } from "./compact.ts";
import { currenciesOf } from "./currencies.ts";
import { keyedSection } from "./locales.ts";

/** Code → `name`, or `name|name by plural category`. */
export function source(): string {
  return keyedSection((tag) => {
    const rows: Record<string, string> = {};
    for (const [code, currency] of Object.entries(currenciesOf(tag))) {
      const counts = Object.entries(currency).flatMap(([key, text]) =>
        key.startsWith("displayName-count-") ? [[key.slice("displayName-count-".length), text]] : [],
      );
      const { displayName } = currency;
      if (displayName === undefined) continue;
      const counted = byCategory(Object.fromEntries(counts) as Record<string, string>);
      rows[code] = counted === "" || counted === displayName ? displayName : `${displayName}|${counted}`;
    }
    return rows;
  });
}
