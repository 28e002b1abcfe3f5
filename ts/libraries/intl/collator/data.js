// Owns access to the orders of fermata-vm/intl-collation, and which of them a locale has. Must never keep a text that it cut from them: it
// would be in every snapshot.

import { valueIn } from "../shared/data.js";
import { append } from "../shared/tags.js";

/** The library's data, or undefined. */
export function collationData() {
  return $host.intlCollation;
}

/** The library's data, for a program that cannot do without. */
export function requiredData() {
  const data = collationData();
  if (data === undefined)
    throw new RangeError(
      "Intl: orders are in the library fermata-vm/intl-collation, which a program has that mentions `Collator` or `localeCompare`",
    );
  return data;
}

/** A tag of the library whose order has another name. */
const SAME = " no>nb nn>nb ";

/** The tag and those before it, the longest first: `de-AT`, `de`. */
function lineage(locale) {
  const tags = [];
  for (let tag = locale; ;) {
    append(tags, tag);
    const end = tag.lastIndexOf("-");
    if (end < 0) break;
    tag = tag.slice(0, end);
  }
  const same = valueIn(SAME, tags[tags.length - 1]);
  if (same !== undefined) append(tags, same);
  return tags;
}

/** The name of the order of a locale: `tag`, `tag|collation` or `root`. */
export function orderName(data, locale, collation) {
  // Traditional Chinese is not sorted by pinyin.
  if (collation === "pinyin") return "zh";
  const tags = locale.startsWith("zh-Hant") ? ["zh-Hant"] : lineage(locale);
  const list = data.list();
  for (let i = 0; i < tags.length; i++) {
    const name = collation === "default" ? tags[i] : tags[i] + "|" + collation;
    if (valueIn(list, name) !== undefined) return name;
  }
  return collation === "eor" ? "root|eor" : "root";
}

const BACKWARDS = 1 << 7;
const SHIFTED = 1 << 8;
const CASE_FIRST = 1 << 9;
const UPPER_FIRST = 1 << 10;

/** What an order says of itself: `{ backwards, shifted, caseFirst }`. */
export function orderTraits(data, name) {
  const bits = Number(valueIn(data.list(), name) ?? 0);
  const caseFirst = (bits & CASE_FIRST) === 0 ? "false" : (bits & UPPER_FIRST) === 0 ? "lower" : "upper";
  return { backwards: (bits & BACKWARDS) !== 0, shifted: (bits & SHIFTED) !== 0, caseFirst };
}

/** The special orders of a locale, the default (null) first. */
export function collationsOf(data, locale) {
  const list = data.list();
  const tags = lineage(locale);
  const found = tags.includes("zh") ? [null, "eor", "pinyin"] : [null, "eor"];
  for (let i = 0; i < tags.length; i++) {
    const start = " " + tags[i] + "|";
    for (let at = list.indexOf(start); at >= 0; at = list.indexOf(start, at + 1)) {
      const name = list.slice(at + start.length, list.indexOf(">", at));
      if (!found.includes(name)) found[found.length] = name;
    }
  }
  return found;
}

/** A language that only the Collator knows, besides those of the other services; undefined for any other. */
export function sortedLanguage(data, tag) {
  const tags = lineage(tag);
  for (let i = 0; i < tags.length; i++) {
    const known = valueIn(data.list(), tags[i]) ?? valueIn(SAME, tags[i]);
    if (tags[i] !== "und" && known !== undefined) return tags[i];
  }
  return undefined;
}
