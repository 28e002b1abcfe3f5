// Owns access to packed data: the fields of a section for a locale. A section is the default export of `intl-data:NAME`, which the build
// makes (ts/build/intl). Must never keep what it decoded: a text that stays reachable is in every snapshot.

import localeList from "intl-data:locale-list";

/** What follows ` key>` in a packed list, up to the next space; undefined without such a key. */
export function valueIn(list, key) {
  const at = list.indexOf(" " + key + ">");
  if (at < 0) return undefined;
  const from = at + key.length + 2;
  return list.slice(from, list.indexOf(" ", from));
}

/** The locale that has what this one does not say; undefined for one that says everything. */
export function parentOf(tag) {
  const list = localeList();
  const named = valueIn(list, tag);
  if (named !== undefined) return named;
  if (tag === "zh-Hant") return undefined;
  const end = tag.lastIndexOf("-");
  return end < 0 ? undefined : tag.slice(0, end);
}

/** Is there a locale of exactly this tag? */
export function isAvailable(tag) {
  const list = localeList();
  const at = list.indexOf(" " + tag + " ");
  return at >= 0 && at < list.indexOf("|");
}

/** All tags that the library accepts. */
export function availableLocales() {
  const list = localeList();
  return list.slice(1, list.indexOf(" |")).split(" ");
}

/** The locale and those that have what it does not say, the one that says everything first. */
export function lineageOf(locale) {
  const lineage = [locale];
  for (let parent = parentOf(locale); parent !== undefined; parent = parentOf(parent)) lineage.unshift(parent);
  return lineage;
}

/** The fields of a section for an available locale, as texts in a new array. */
export function localeData(locale, section) {
  const lineage = lineageOf(locale);
  const text = section(lineage[0]);
  const end = text.indexOf("\n");
  const fields = (end < 0 ? text : text.slice(0, end)).split("\t");
  if (end < 0) return fields;
  for (let i = 1; i < lineage.length; i++) {
    const mark = "\n" + lineage[i] + "\t";
    const at = text.indexOf(mark, end);
    if (at < 0) continue;
    const stop = text.indexOf("\n", at + 1);
    const differing = text.slice(at + mark.length, stop < 0 ? text.length : stop).split("\t");
    for (let k = 0; k < differing.length; k++) {
      const sign = differing[k].indexOf("=");
      fields[Number(differing[k].slice(0, sign))] = differing[k].slice(sign + 1);
    }
  }
  return fields;
}

/** The value of a key in a section of rows, by the nearest locale that has it; undefined if none has, or says that there is none (""). */
export function keyedData(locale, section, key) {
  const lineage = lineageOf(locale);
  const text = section(lineage[0]);
  for (let i = lineage.length - 1; i >= 0; i--) {
    const from = text.indexOf("\n" + lineage[i] + "\t");
    if (from < 0) continue;
    const at = text.indexOf("\t" + key + ">", from);
    if (at < 0) continue;
    const stop = text.indexOf("\n", from + 1);
    if (stop >= 0 && at > stop) continue;
    const value = text.slice(at + key.length + 2, text.indexOf("\t", at + 1));
    return value === "" ? undefined : value;
  }
  return undefined;
}

/** Of `one>a|other>b` the text of the category, or of `other`; a text without categories is for all. */
export function ofCategory(packed, category) {
  const rows = packed.split("|");
  if (rows.length === 1) return packed;
  let other;
  for (let i = 0; i < rows.length; i++) {
    const sign = rows[i].indexOf(">");
    const name = rows[i].slice(0, sign);
    if (name === category) return rows[i].slice(sign + 1);
    if (name === "other") other = rows[i].slice(sign + 1);
  }
  return other;
}
