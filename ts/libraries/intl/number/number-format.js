// Owns Intl.NumberFormat. https://tc39.es/ecma402/#numberformat-objects

import currencyDigits from "intl-data:currency-digits";
import { valueIn } from "../shared/data.js";
import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { coerceOptions, MATCHERS, stringOption, typeOption } from "../shared/options.js";
import { numberingValues } from "../shared/numbering.js";
import {
  anonymous,
  chainFormat,
  createFrom,
  defineService,
  setSlots,
  slotsOf,
  unwrapFormat,
} from "../shared/service.js";
import { decimalOf } from "./decimal.js";
import { setDigitOptions } from "./digits.js";
import { formatNumber, formatParts, rangeParts, textOf } from "./parts.js";
import { isUnit } from "./unit.js";

const KIND = "NumberFormat";
const WHERE = "Intl.NumberFormat";
const STYLES = ["decimal", "percent", "currency", "unit"];
const NOTATIONS = ["standard", "scientific", "engineering", "compact"];
const GROUPINGS = ["min2", "auto", "always", "true", "false"];
const SIGN_DISPLAYS = ["auto", "never", "always", "exceptZero", "negative"];

export function isCurrencyCode(text) {
  if (text.length !== 3) return false;
  for (let i = 0; i < 3; i++)
    if (!((text[i] >= "a" && text[i] <= "z") || (text[i] >= "A" && text[i] <= "Z"))) return false;
  return true;
}

/** https://tc39.es/ecma402/#sec-setnumberformatunitoptions */
function setUnitOptions(slots, options) {
  slots.style = stringOption(options, "style", STYLES, "decimal", WHERE);
  const currency = stringOption(options, "currency", undefined, undefined, WHERE);
  if (currency === undefined) {
    if (slots.style === "currency") throw new TypeError("Currency code is required with currency style.");
  } else if (!isCurrencyCode(currency)) throw new RangeError("Invalid currency code : " + currency);
  const display = stringOption(options, "currencyDisplay", ["code", "symbol", "narrowSymbol", "name"], "symbol", WHERE);
  const sign = stringOption(options, "currencySign", ["standard", "accounting"], "standard", WHERE);
  const unit = stringOption(options, "unit", undefined, undefined, WHERE);
  if (unit === undefined) {
    if (slots.style === "unit") throw new TypeError("Required unit is missing.");
  } else if (!isUnit(unit)) throw new RangeError("Invalid unit argument for " + WHERE + "() '" + unit + "'");
  const unitDisplay = stringOption(options, "unitDisplay", ["short", "narrow", "long"], "short", WHERE);
  if (slots.style === "currency") {
    slots.currency = currency.toUpperCase();
    slots.currencyDisplay = display;
    slots.currencySign = sign;
  }
  if (slots.style === "unit") {
    slots.unit = unit;
    slots.unitDisplay = unitDisplay;
  }
}

/** Decimals that a currency usually has. */
export function digitsOfCurrency(currency) {
  const found = valueIn(currencyDigits().split("|")[0], currency);
  return found === undefined ? 2 : Number(found);
}

/** All currency codes that there are names for. */
export const currencyCodes = () => currencyDigits().split("|")[1].slice(1, -1).split(" ");

/** https://tc39.es/ecma402/#sec-getbooleanorstringnumberformatoption */
function groupingOption(options, otherwise) {
  const value = options.useGrouping;
  if (value === undefined) return otherwise;
  if (value === true) return "always";
  if (!value) return false;
  const text = stringOption({ useGrouping: value }, "useGrouping", GROUPINGS, undefined, WHERE);
  return text === "true" || text === "false" ? otherwise : text;
}

/** The slots of a formatter. https://tc39.es/ecma402/#sec-intl.numberformat */
export function numberSlots(locales, givenOptions) {
  const requested = canonicalLocales(locales);
  const options = coerceOptions(givenOptions);
  stringOption(options, "localeMatcher", MATCHERS, "best fit", WHERE);
  const nu = typeOption(options, "numberingSystem", WHERE);
  const resolved = resolveLocale(requested, { nu }, ["nu"], (key, locale) => numberingValues(locale));
  const slots = {
    __proto__: null,
    kind: KIND,
    locale: resolved.locale,
    dataLocale: resolved.dataLocale,
    numberingSystem: resolved.nu,
  };
  setUnitOptions(slots, options);
  const notation = stringOption(options, "notation", NOTATIONS, "standard", WHERE);
  slots.notation = notation;
  const usual = slots.style === "currency" && notation === "standard" ? digitsOfCurrency(slots.currency) : undefined;
  const most = slots.style === "percent" ? 0 : 3;
  setDigitOptions(slots, options, usual ?? 0, usual ?? most, notation, WHERE);
  const compactDisplay = stringOption(options, "compactDisplay", ["short", "long"], "short", WHERE);
  if (notation === "compact") slots.compactDisplay = compactDisplay;
  slots.useGrouping = groupingOption(options, notation === "compact" ? "min2" : "auto");
  slots.signDisplay = stringOption(options, "signDisplay", SIGN_DISPLAYS, "auto", WHERE);
  return slots;
}

function NumberFormat(locales = undefined, options = undefined) {
  const target = new.target ?? NumberFormat;
  const object = createFrom(target, NumberFormat);
  setSlots(object, numberSlots(locales, options));
  return chainFormat(this, new.target, NumberFormat, object);
}

const SHOWN = [
  "locale",
  "numberingSystem",
  "style",
  "currency",
  "currencyDisplay",
  "currencySign",
  "unit",
  "unitDisplay",
  "minimumIntegerDigits",
  "minimumFractionDigits",
  "maximumFractionDigits",
  "minimumSignificantDigits",
  "maximumSignificantDigits",
  "useGrouping",
  "notation",
  "compactDisplay",
  "signDisplay",
  "roundingIncrement",
  "roundingMode",
  "roundingPriority",
  "trailingZeroDisplay",
];

/** An object with those slots that are set. */
export function shownSlots(slots, names) {
  const result = {};
  for (let i = 0; i < names.length; i++) {
    const value = slots[names[i]];
    // No assignment: a program may have put a setter into Object.prototype.
    if (value !== undefined)
      Object.defineProperty(result, names[i], { value, writable: true, enumerable: true, configurable: true });
  }
  return result;
}

export const partObjects = (parts) => parts.map(([type, value]) => ({ type, value }));
export const sourcedObjects = (parts) => parts.map(([type, value, source]) => ({ type, value, source }));

function rangeOf(start, end) {
  if (start === undefined || end === undefined) throw new TypeError("start and end must be given");
  const from = decimalOf(start);
  return [from, decimalOf(end)];
}

const own = (object, method) => slotsOf(object, KIND, method);

/** The formatter of a method that also takes what `NumberFormat.call(object)` made. */
function unwrapped(object, method) {
  return own(unwrapFormat(object, KIND, NumberFormat), method);
}

export function installNumberFormat(Intl) {
  const methods = {
    get format() {
      const slots = unwrapped(this, "format");
      slots.boundFormat ??= anonymous([(value) => formatNumber(slots, decimalOf(value))]);
      return slots.boundFormat;
    },
    formatToParts(value) {
      const slots = own(this, "formatToParts");
      return partObjects(formatParts(slots, decimalOf(value)));
    },
    formatRange(start, end) {
      const slots = own(this, "formatRange");
      const [from, to] = rangeOf(start, end);
      return textOf(rangeParts(slots, from, to));
    },
    formatRangeToParts(start, end) {
      const slots = own(this, "formatRangeToParts");
      const [from, to] = rangeOf(start, end);
      return sourcedObjects(rangeParts(slots, from, to));
    },
    resolvedOptions() {
      return shownSlots(unwrapped(this, "resolvedOptions"), SHOWN);
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      return supportedLocales(locales, options);
    },
  };
  defineService(Intl, KIND, NumberFormat, methods, statics);
}

// --- toLocaleString ------------------------------------------------------------------------------------------------

/** The text of a number or a BigInt as `toLocaleString` of both has it. */
export function localeNumber(value, locales, options) {
  return formatNumber(numberSlots(locales, options), decimalOf(value));
}
