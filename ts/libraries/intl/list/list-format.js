// Owns Intl.ListFormat. https://tc39.es/ecma402/#listformat-objects

import lists from "intl-data:lists";
import { localeData } from "../shared/data.js";
import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { MATCHERS, optionsObject, stringOption } from "../shared/options.js";
import { createFrom, defineService, setSlots, slotsOf } from "../shared/service.js";
import { partObjects, shownSlots } from "../number/number-format.js";
import { textOf } from "../number/parts.js";

const KIND = "ListFormat";
const WHERE = "Intl.ListFormat";
const TYPES = ["conjunction", "disjunction", "unit"];
const STYLES = ["long", "short", "narrow"];

/** Start, middle, end and the pattern of two. */
export function listPatterns(locale, type, style) {
  const first = (TYPES.indexOf(type) * 3 + STYLES.indexOf(style)) * 4;
  return localeData(locale, lists).slice(first, first + 4);
}

const startsWith = (text, beginnings) => beginnings.some((beginning) => text.startsWith(beginning));

/** Does "y" sound as the word begins? Not before "hia" and "hie". */
function beginsWithI(text) {
  const lower = text.toLowerCase();
  return startsWith(lower, ["i", "í"]) || (startsWith(lower, ["hi", "hí"]) && !startsWith(lower, ["hia", "hie"]));
}

function beginsWithO(text) {
  const lower = text.toLowerCase();
  if (startsWith(lower, ["o", "ó", "ho", "hó", "8"])) return true;
  return lower === "11" || startsWith(lower, ["11 ", "11,", "11."]);
}

/** Patterns that change with the word that follows, as ICU changes them. */
function beforeWord(pattern, locale, next) {
  const language = locale.slice(0, 2);
  if (language === "es") {
    if (pattern.includes(" y {1}") && beginsWithI(next)) return pattern.replace(" y {1}", " e {1}");
    if (pattern.includes(" o {1}") && beginsWithO(next)) return pattern.replace(" o {1}", " u {1}");
  } else if (language === "he" && pattern.includes(" ו{1}")) {
    const c = next[0] ?? "";
    if (!(c >= "\u0590" && c <= "\u05ff")) return pattern.replace(" ו{1}", " ו-{1}");
  }
  return pattern;
}

/** Puts two lists of parts into a pattern. */
function joined(pattern, first, second) {
  const one = pattern.indexOf("{0}");
  const two = pattern.indexOf("{1}");
  const literal = (text) => (text === "" ? [] : [["literal", text]]);
  const [a, b, left, right] = one < two ? [one, two, first, second] : [two, one, second, first];
  return literal(pattern.slice(0, a)).concat(
    left,
    literal(pattern.slice(a + 3, b)),
    right,
    literal(pattern.slice(b + 3)),
  );
}

/** The parts of a list whose items are texts, or lists of parts. https://tc39.es/ecma402/#sec-createpartsfromlist */
export function listParts(locale, type, style, items) {
  const partsOf = (item) => (typeof item === "string" ? [["element", item]] : item);
  const { length } = items;
  if (length === 0) return [];
  if (length === 1) return partsOf(items[0]);
  const [start, middle, end, two] = listPatterns(locale, type, style);
  const textAt = (index) => (typeof items[index] === "string" ? items[index] : textOf(items[index]));
  const last = length - 1;
  if (length === 2) return joined(beforeWord(two, locale, textAt(1)), partsOf(items[0]), partsOf(items[1]));
  let parts = joined(beforeWord(end, locale, textAt(last)), partsOf(items[last - 1]), partsOf(items[last]));
  for (let i = last - 2; i >= 0; i--) parts = joined(i === 0 ? start : middle, partsOf(items[i]), parts);
  return parts;
}

/** https://tc39.es/ecma402/#sec-createstringlistfromiterable */
function textsOf(iterable) {
  const texts = [];
  if (iterable === undefined) return texts;
  for (const value of iterable) {
    if (typeof value !== "string") throw new TypeError("Iterable yielded " + shown(value) + " which is not a string");
    texts[texts.length] = value;
  }
  return texts;
}

const shown = (value) =>
  typeof value === "symbol" ? value.toString() : typeof value === "object" ? "an object" : String(value);

function ListFormat(locales = undefined, options = undefined) {
  if (new.target === undefined) throw new TypeError("Constructor Intl.ListFormat requires 'new'");
  const object = createFrom(new.target, ListFormat);
  const requested = canonicalLocales(locales);
  const given = optionsObject(options);
  stringOption(given, "localeMatcher", MATCHERS, "best fit", WHERE);
  const { locale, dataLocale } = resolveLocale(requested, {}, [], () => []);
  const type = stringOption(given, "type", TYPES, "conjunction", WHERE);
  const style = stringOption(given, "style", STYLES, "long", WHERE);
  return setSlots(object, { kind: KIND, locale, dataLocale, type, style });
}

const partsFor = ({ dataLocale, type, style }, list) => listParts(dataLocale, type, style, textsOf(list));

export function installListFormat(Intl) {
  const methods = {
    format(list) {
      return textOf(partsFor(slotsOf(this, KIND, "format"), list));
    },
    formatToParts(list) {
      return partObjects(partsFor(slotsOf(this, KIND, "formatToParts"), list));
    },
    resolvedOptions() {
      return shownSlots(slotsOf(this, KIND, "resolvedOptions"), ["locale", "type", "style"]);
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      return supportedLocales(locales, options);
    },
  };
  defineService(Intl, KIND, ListFormat, methods, statics);
}
