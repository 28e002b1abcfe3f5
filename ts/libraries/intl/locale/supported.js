// Owns Intl.supportedValuesOf. https://tc39.es/ecma402/#sec-intl.supportedvaluesof

import { toText } from "../shared/options.js";
import { numberingSystems } from "../shared/numbering.js";
import { currencyCodes } from "../number/number-format.js";
import { sanctionedUnits } from "../number/unit.js";
import { allCollations, allTimeZones } from "./info.js";

/** https://tc39.es/ecma402/#sec-availablecalendars */
export const CALENDARS = (
  "buddhist chinese coptic dangi ethioaa ethiopic gregory hebrew indian islamic-civil islamic-tbla islamic-umalqura iso8601" +
  " japanese persian roc"
).split(" ");

function valuesOf(key) {
  switch (key) {
    case "calendar":
      return CALENDARS.slice();
    case "collation":
      return allCollations();
    case "currency":
      return currencyCodes();
    case "numberingSystem":
      return numberingSystems();
    case "timeZone":
      return allTimeZones();
    case "unit":
      return sanctionedUnits();
    default:
      throw new RangeError("Invalid key : " + key);
  }
}

/** The method, for Intl. */
export const supportedMethods = {
  supportedValuesOf(key) {
    return valuesOf(toText(key));
  },
};
