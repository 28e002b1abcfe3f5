// Owns access to the rows of a section by locale (ts/build/intl/locales.ts, keyedSection). Must never keep what it decoded.

import { lineageOf } from "../shared/data.js";

/** All rows of a section for a locale: an object without a prototype, key → value. */
export function rowsOf(locale, section) {
  const lineage = lineageOf(locale);
  const text = section(lineage[0]);
  const rows = Object.create(null);
  for (let i = 0; i < lineage.length; i++) {
    const mark = "\n" + lineage[i] + "\t";
    const from = text.indexOf(mark);
    if (from < 0) continue;
    const end = text.indexOf("\n", from + 1);
    const pairs = text.slice(from + mark.length, end < 0 ? text.length : end).split("\t");
    for (let k = 0; k < pairs.length; k++) {
      const sign = pairs[k].indexOf(">");
      if (sign < 0) continue;
      const key = pairs[k].slice(0, sign);
      const value = pairs[k].slice(sign + 1);
      if (value === "") delete rows[key];
      else rows[key] = value;
    }
  }
  return rows;
}
