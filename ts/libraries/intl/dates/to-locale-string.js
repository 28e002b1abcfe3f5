// Owns `toLocaleString` and its kin of Date. https://tc39.es/ecma402/#sup-date.prototype.tolocalestring

import { defineAll } from "../shared/service.js";
import { dateText } from "./date-time-format.js";

export function installDateTexts() {
  defineAll(Date.prototype, {
    toLocaleString(locales = undefined, options = undefined) {
      return dateText(this, locales, options, "any", "all");
    },
    toLocaleDateString(locales = undefined, options = undefined) {
      return dateText(this, locales, options, "date", "date");
    },
    toLocaleTimeString(locales = undefined, options = undefined) {
      return dateText(this, locales, options, "time", "time");
    },
  });
}
