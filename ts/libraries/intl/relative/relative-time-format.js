// Owns Intl.RelativeTimeFormat. https://tc39.es/ecma402/#relativetimeformat-objects

import relative from "intl-data:relative";
import { keyedData, ofCategory } from "../shared/data.js";
import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { coerceOptions, MATCHERS, stringOption, toText, typeOption } from "../shared/options.js";
import { numberingValues } from "../shared/numbering.js";
import { createFrom, defineService, setSlots, slotsOf } from "../shared/service.js";
import { decimalOf } from "../number/decimal.js";
import { numberSlots, shownSlots } from "../number/number-format.js";
import { formatParts, textOf } from "../number/parts.js";
import { pluralSlots, selectCategory } from "../plural/plural-rules.js";

const KIND = "RelativeTimeFormat";
const WHERE = "Intl.RelativeTimeFormat";
const UNITS = " second minute hour day week month quarter year ";

/** https://tc39.es/ecma402/#sec-singularrelativetimeunit */
function unitOf(value) {
  const text = toText(value);
  const single = text.endsWith("s") ? text.slice(0, -1) : text;
  if (single === "" || single.includes(" ") || !UNITS.includes(" " + single + " "))
    throw new RangeError("Invalid unit argument for format() '" + text + "'");
  return single;
}

/** https://tc39.es/ecma402/#sec-partitionrelativetimepattern: `[type, value, unit]`. */
function partsFor(slots, value, unit) {
  if (value !== value || value - value !== 0) throw new RangeError("The number value is not finite: " + value);
  const suffix = slots.style === "long" ? "" : "-" + slots.style;
  const [future, past, special] = keyedData(slots.dataLocale, relative, unit + suffix).split("\u0001");
  if (slots.numeric === "auto") {
    const row = special.split("|").find((candidate) => candidate.startsWith(String(value) + ">"));
    if (row !== undefined) return [["literal", row.slice(row.indexOf(">") + 1)]];
  }
  const isPast = value < 0 || (value === 0 && 1 / value < 0);
  const number = decimalOf(Math.abs(value));
  const pattern = ofCategory(isPast ? past : future, selectCategory(slots.plural, number));
  const parts = formatParts(slots.number, number).map(([type, text]) => [type, text, unit]);
  const at = pattern.indexOf("{0}");
  if (at < 0) return [["literal", pattern]];
  const before = at === 0 ? [] : [["literal", pattern.slice(0, at)]];
  const after = at + 3 === pattern.length ? [] : [["literal", pattern.slice(at + 3)]];
  return before.concat(parts, after);
}

function RelativeTimeFormat(locales = undefined, options = undefined) {
  if (new.target === undefined) throw new TypeError("Constructor Intl.RelativeTimeFormat requires 'new'");
  const object = createFrom(new.target, RelativeTimeFormat);
  const requested = canonicalLocales(locales);
  const given = coerceOptions(options);
  stringOption(given, "localeMatcher", MATCHERS, "best fit", WHERE);
  const nu = typeOption(given, "numberingSystem", WHERE);
  const resolved = resolveLocale(requested, { nu }, ["nu"], (key, locale) => numberingValues(locale));
  const style = stringOption(given, "style", ["long", "short", "narrow"], "long", WHERE);
  const numeric = stringOption(given, "numeric", ["always", "auto"], "always", WHERE);
  const { locale, dataLocale } = resolved;
  const number = numberSlots(locale, { __proto__: null, numberingSystem: resolved.nu });
  const plural = pluralSlots(locale);
  return setSlots(object, {
    kind: KIND,
    locale,
    dataLocale,
    style,
    numeric,
    numberingSystem: resolved.nu,
    number,
    plural,
  });
}

export function installRelativeTimeFormat(Intl) {
  const partsOf = (object, method, value, unit) => {
    const slots = slotsOf(object, KIND, method);
    const number = Number(typeof value === "bigint" ? refuseBigInt() : value);
    return partsFor(slots, number, unitOf(unit));
  };
  const methods = {
    format(value, unit) {
      return textOf(partsOf(this, "format", value, unit));
    },
    formatToParts(value, unit) {
      return partsOf(this, "formatToParts", value, unit).map(([type, text, own]) =>
        own === undefined ? { type, value: text } : { type, value: text, unit: own },
      );
    },
    resolvedOptions() {
      const slots = slotsOf(this, KIND, "resolvedOptions");
      return shownSlots(slots, ["locale", "style", "numeric", "numberingSystem"]);
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      return supportedLocales(locales, options);
    },
  };
  defineService(Intl, KIND, RelativeTimeFormat, methods, statics);
}

function refuseBigInt() {
  throw new TypeError("Cannot convert a BigInt value to a number");
}
