// Owns numbering systems: which there are, their digits, and which a locale uses.

import numbering from "intl-data:numbering";
import symbols from "intl-data:symbols";
import { localeData, valueIn } from "./data.js";

/** Ten digits of a numbering system, in an array; undefined for one that is not here. */
export function digitsOf(system) {
  const text = valueIn(numbering(), system);
  return text === undefined ? undefined : Array.from(text);
}

/** Names of all numbering systems that are made of ten digits, in the order of the alphabet. */
export function numberingSystems() {
  const pairs = numbering().slice(1, -1).split(" ");
  return pairs.map((pair) => pair.slice(0, pair.indexOf(">")));
}

/** The numbering system that a locale uses where nothing else is asked for. */
export function numberingSystemOf(locale) {
  return locale === undefined ? "latn" : localeData(locale, symbols)[0];
}

/** Does the text name a numbering system that is here? */
export const isNumberingSystem = (system) => valueIn(numbering(), system) !== undefined;

/** Types of the keyword `nu` for resolveLocale: the locale's own first. */
export function numberingValues(locale) {
  const own = numberingSystemOf(locale);
  const all = numberingSystems();
  return [own].concat(all);
}
