// Owns what currencies are called. The names are in the library fermata-vm/intl-names, which a program has that mentions
// `currencyDisplay` or `DisplayNames`; without it a currency is called by its code.

/** The name in the plural category. */
export function currencyNameOf(locale, currency, category) {
  return $host.intlNames === undefined ? currency : $host.intlNames.currency(locale, currency, category);
}
