// Owns access to the names of fermata-vm/intl-names. A program has that library if it mentions `currencyDisplay` or `DisplayNames`; one
// that asks for names in another way is told so.

import { keyedData, ofCategory } from "../shared/data.js";

/** The sections with names: `{ currencies, names }`. */
export function nameSections(mention) {
  const { intlNames } = $host;
  if (intlNames === undefined)
    throw new RangeError(
      "Intl: names are in the library fermata-vm/intl-names, which a program has that mentions `" + mention + "`",
    );
  return intlNames;
}

/** The name of a currency in the plural category; its code if the locale has no name for it. */
export function currencyNameOf(locale, currency, category) {
  const found = keyedData(locale, nameSections("currencyDisplay").currencies, currency);
  if (found === undefined) return currency;
  const bar = found.indexOf("|");
  return bar < 0 ? found : ofCategory(found.slice(bar + 1), category);
}

/** The name of a currency without a number. */
export function currencyTitleOf(locale, currency) {
  const found = keyedData(locale, nameSections("DisplayNames").currencies, currency);
  return found === undefined ? undefined : found.split("|")[0];
}
