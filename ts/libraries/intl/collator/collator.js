// Owns Intl.Collator, and `localeCompare` of String. https://tc39.es/ecma402/#collator-objects

import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { booleanOption, coerceOptions, MATCHERS, stringOption, toText, typeOption } from "../shared/options.js";
import { anonymous, createFrom, defineAll, defineService, setSlots, slotsOf } from "../shared/service.js";
import { shownSlots } from "../number/number-format.js";
import { compareTexts, rulesFor } from "./compare.js";
import { collationData, collationsOf, orderName, orderTraits, requiredData, sortedLanguage } from "./data.js";

const KIND = "Collator";
const WHERE = "Intl.Collator";
const CASE_FIRST = ["upper", "lower", "false"];
const SENSITIVITIES = ["base", "accent", "case", "variant"];
const SHOWN = ["locale", "usage", "sensitivity", "ignorePunctuation", "collation", "numeric", "caseFirst"];

/** The types of an extension key that a locale has; the first is used where nothing is asked for. */
function typesOf(data, key, locale) {
  if (key === "co") return collationsOf(data, locale);
  return key === "kn" ? ["false", "true"] : ["", "upper", "lower", "false"];
}

/** Reads locales and options: what a Collator keeps. https://tc39.es/ecma402/#sec-intl.collator */
function slotsFor(locales, options) {
  const data = requiredData();
  const requested = canonicalLocales(locales);
  const given = coerceOptions(options);
  const usage = stringOption(given, "usage", ["sort", "search"], "sort", WHERE);
  stringOption(given, "localeMatcher", MATCHERS, "best fit", WHERE);
  const co = typeOption(given, "collation", WHERE);
  const kn = booleanOption(given, "numeric", undefined);
  const kf = stringOption(given, "caseFirst", CASE_FIRST, undefined, WHERE);
  const asked = { co, kn: kn === undefined ? undefined : String(kn), kf };
  const types = (key, locale) => typesOf(data, key, locale);
  const sorted = (tag) => sortedLanguage(data, tag);
  const resolved = resolveLocale(requested, asked, ["co", "kf", "kn"], types, sorted);
  // An order for searching is that for sorting, by whatever name; that of German finds ä as ae.
  const collation = usage === "search" ? "default" : (resolved.co ?? "default");
  const isGerman = usage === "search" && resolved.dataLocale.split("-")[0] === "de";
  const order = orderName(data, resolved.dataLocale, isGerman ? "phonebk" : collation);
  const traits = orderTraits(data, order);
  const sensitivity = stringOption(given, "sensitivity", SENSITIVITIES, "variant", WHERE);
  const ignorePunctuation = booleanOption(given, "ignorePunctuation", traits.shifted);
  return {
    kind: KIND,
    locale: resolved.locale,
    usage,
    sensitivity,
    ignorePunctuation,
    collation,
    numeric: resolved.kn === "true",
    caseFirst: resolved.kf === "" ? traits.caseFirst : resolved.kf,
    rules: rulesFor(data, order, resolved.kn === "true", ignorePunctuation),
    backwards: traits.backwards,
    compare: undefined,
  };
}

function Collator(locales = undefined, options = undefined) {
  const object = createFrom(new.target ?? Collator, Collator);
  return setSlots(object, slotsFor(locales, options));
}

/** What localeCompare used last: programs sort with one locale. */
let last;
let lastLocales;

function slotsOfComparison(locales, options) {
  if (options !== undefined || (typeof locales !== "string" && locales !== undefined))
    return slotsFor(locales, options);
  if (last === undefined || lastLocales !== locales) {
    last = slotsFor(locales, undefined);
    lastLocales = locales;
  }
  return last;
}

/** Characters that the machine's own order has as the root has them. */
function isPlain(text) {
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

const { localeCompare } = String.prototype;

export function installCollator(Intl) {
  const methods = {
    get compare() {
      const slots = slotsOf(this, KIND, "compare");
      if (slots.compare === undefined) slots.compare = anonymous([(x, y) => compareTexts(slots, toText(x), toText(y))]);
      return slots.compare;
    },
    resolvedOptions() {
      return shownSlots(slotsOf(this, KIND, "resolvedOptions"), SHOWN);
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      const data = requiredData();
      return supportedLocales(locales, options, (tag) => sortedLanguage(data, tag));
    },
  };
  defineService(Intl, KIND, Collator, methods, statics);
  defineAll(String.prototype, {
    localeCompare(that, locales = undefined, options = undefined) {
      if (this === undefined || this === null)
        throw new TypeError("String.prototype.localeCompare called on null or undefined");
      const [x, y] = [toText(this), toText(that)];
      // The machine's own order is the same for English and plain characters, and much faster.
      const isRoot = (locales === undefined || locales === "en" || locales === "en-US") && options === undefined;
      if (collationData() === undefined || (isRoot && isPlain(x) && isPlain(y)))
        return Reflect.apply(localeCompare, x, [y, locales, options]);
      return compareTexts(slotsOfComparison(locales, options), x, y);
    },
  });
}
