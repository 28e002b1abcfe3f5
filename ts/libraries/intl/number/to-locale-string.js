// Owns `toLocaleString` of Number and BigInt. Those of arrays and typed arrays are the machine's own: they call these.

import { defineAll } from "../shared/service.js";
import { localeNumber } from "./number-format.js";

const numberValue = Number.prototype.valueOf;
const bigIntValue = BigInt.prototype.valueOf;

export function installNumberTexts() {
  defineAll(Number.prototype, {
    toLocaleString(locales = undefined, options = undefined) {
      return localeNumber(Reflect.apply(numberValue, this, []), locales, options);
    },
  });
  defineAll(BigInt.prototype, {
    toLocaleString(locales = undefined, options = undefined) {
      return localeNumber(Reflect.apply(bigIntValue, this, []), locales, options);
    },
  });
}
