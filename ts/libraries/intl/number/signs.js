// Owns the signs of a locale in a numbering system, and which pattern a formatter takes.

import symbols from "intl-data:symbols";
import { localeData } from "../shared/data.js";
import { digitsOf } from "../shared/numbering.js";
import { isPercentUnit } from "./unit.js";

/** Texts of one set in the section `symbols` (ts/build/intl/symbols.ts), in its order. */
const COUNT = 23;
const FIRST = 3;

/** Arabic digits in a locale that has no signs for them: those of CLDR's root. */
function ofRoot(set, system) {
  if (system !== "arab" && system !== "arabext") return;
  const isArab = system === "arab";
  set[0] = "٫";
  set[1] = "٬";
  set[2] = isArab ? "٪\u061c" : "٪";
  set[3] = isArab ? "\u061c+" : "\u200e+\u200e";
  set[4] = isArab ? "\u061c-" : "\u200e-\u200e";
  set[5] = isArab ? "أس" : "×۱۰^";
  set[7] = "؉";
}

function patternOf(set, style, isAccounting) {
  if (style === "percent") return set[15];
  if (style !== "currency") return set[14];
  return isAccounting ? set[19] : set[17];
}

/** What `format` needs of a locale, in one object that its slots keep. */
export function signsOf({ dataLocale, numberingSystem, style, currencySign, currencyDisplay, unit, unitDisplay }) {
  const fields = localeData(dataLocale, symbols);
  const isNative = fields[2] === numberingSystem;
  const from = isNative ? FIRST + COUNT : FIRST;
  const set = fields.slice(from, from + COUNT);
  if (!isNative) ofRoot(set, numberingSystem);
  const isCurrency = style === "currency";
  const asPercent = isPercentUnit({ unit, unitDisplay });
  const asDecimal = isCurrency && currencyDisplay === "name";
  return {
    digits: numberingSystem === "latn" ? undefined : digitsOf(numberingSystem),
    decimal: (isCurrency && set[11]) || set[0],
    group: (isCurrency && set[12]) || set[1],
    percent: set[2],
    plus: set[3],
    minus: set[4],
    exponential: set[5],
    infinity: set[8],
    nan: set[9],
    approximately: set[10],
    pattern: patternOf(set, asPercent ? "percent" : asDecimal ? "decimal" : style, currencySign === "accounting"),
    range: set[21],
    named: asDecimal ? set[22] : undefined,
    leastGrouping: Number(fields[1]),
  };
}
