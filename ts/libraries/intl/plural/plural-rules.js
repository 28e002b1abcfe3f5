// Owns Intl.PluralRules. https://tc39.es/ecma402/#pluralrules-objects

import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { coerceOptions, MATCHERS, stringOption } from "../shared/options.js";
import { createFrom, defineService, setSlots, slotsOf } from "../shared/service.js";
import { decimalOf } from "../number/decimal.js";
import { setDigitOptions } from "../number/digits.js";
import { shownSlots } from "../number/number-format.js";
import { shownOf } from "../number/parts.js";
import { operandsOf, pluralCategories, pluralCategory, rangeCategory } from "./rules.js";

const KIND = "PluralRules";
const WHERE = "Intl.PluralRules";
const NOTATIONS = ["standard", "scientific", "engineering", "compact"];

/** The slots of a PluralRules object; those of numbers in it are as in a NumberFormat. */
export function pluralSlots(locales, givenOptions) {
  const requested = canonicalLocales(locales);
  const options = coerceOptions(givenOptions);
  stringOption(options, "localeMatcher", MATCHERS, "best fit", WHERE);
  const resolved = resolveLocale(requested, {}, [], () => []);
  const slots = {
    __proto__: null,
    kind: KIND,
    locale: resolved.locale,
    dataLocale: resolved.dataLocale,
    style: "decimal",
  };
  slots.type = stringOption(options, "type", ["cardinal", "ordinal"], "cardinal", WHERE);
  slots.notation = stringOption(options, "notation", NOTATIONS, "standard", WHERE);
  const compactDisplay = stringOption(options, "compactDisplay", ["short", "long"], "short", WHERE);
  if (slots.notation === "compact") slots.compactDisplay = compactDisplay;
  setDigitOptions(slots, options, 0, 3, slots.notation, WHERE);
  return slots;
}

/** The category of a number as it would be shown. */
export function selectCategory(slots, value) {
  const shown = shownOf(slots, value);
  if (shown.special !== undefined) return "other";
  const exponent = slots.notation === "compact" ? shown.exponent : 0;
  return pluralCategory(slots.dataLocale, slots.type, operandsOf(shown.integer, shown.fraction, exponent));
}

function PluralRules(locales = undefined, options = undefined) {
  if (new.target === undefined) throw new TypeError("Constructor Intl.PluralRules requires 'new'");
  const object = createFrom(new.target, PluralRules);
  return setSlots(object, pluralSlots(locales, options));
}

const SHOWN = [
  "locale",
  "type",
  "notation",
  "compactDisplay",
  "minimumIntegerDigits",
  "minimumFractionDigits",
  "maximumFractionDigits",
  "minimumSignificantDigits",
  "maximumSignificantDigits",
  "pluralCategories",
  "roundingIncrement",
  "roundingMode",
  "roundingPriority",
  "trailingZeroDisplay",
];

const ORDER = ["zero", "one", "two", "few", "many", "other"];

function resolved(slots) {
  const own = pluralCategories(slots.dataLocale, slots.type);
  const categories = ORDER.filter((category) => own.includes(category));
  return shownSlots({ __proto__: null, ...slots, pluralCategories: categories }, SHOWN);
}

export function installPluralRules(Intl) {
  const methods = {
    select(value) {
      const slots = slotsOf(this, KIND, "select");
      return selectCategory(slots, decimalOf(Number(value)));
    },
    selectRange(start, end) {
      const slots = slotsOf(this, KIND, "selectRange");
      if (start === undefined || end === undefined) throw new TypeError("start and end must be given");
      const from = Number(start);
      const to = Number(end);
      if (from !== from || to !== to) throw new RangeError("Invalid number value: NaN");
      const [first, last] = [decimalOf(from), decimalOf(to)];
      return rangeCategory(slots.dataLocale, selectCategory(slots, first), selectCategory(slots, last));
    },
    resolvedOptions() {
      return resolved(slotsOf(this, KIND, "resolvedOptions"));
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      return supportedLocales(locales, options);
    },
  };
  defineService(Intl, KIND, PluralRules, methods, statics);
}
