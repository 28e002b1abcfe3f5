// Owns access to the rows of a section by locale (ts/build/intl/locales.ts, keyedSection). Must never keep what it decoded.

import { parentOf } from "../shared/data.js";

/** All rows of a section for a locale: an object without a prototype, key → value. */
export function rowsOf(locale, section) {
  const chain = [];
  let base = locale;
  for (let parent = parentOf(base); parent !== undefined; parent = parentOf(base)) {
    chain.unshift(base);
    base = parent;
  }
  chain.unshift(base);
  const text = section(base);
  const rows = Object.create(null);
  for (let i = 0; i < chain.length; i++) {
    const mark = "\n" + chain[i] + "\t";
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
