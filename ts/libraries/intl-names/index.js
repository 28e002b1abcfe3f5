// Owns the library `fermata-vm/intl-names`: the names of languages, regions, scripts, calendars and currencies, which are most of the data
// of fermata-vm/intl. Only programs that mention `DisplayNames` or `currencyDisplay` have it.

import currencies from "intl-data:currency-names";
import names from "intl-data:names";

$host.intlNames = { currencies, names };
