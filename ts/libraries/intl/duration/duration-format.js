// Owns Intl.DurationFormat. https://tc39.es/ecma402/#durationformat-objects

import symbols from "intl-data:symbols";
import { localeData } from "../shared/data.js";
import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { MATCHERS, numberOption, optionsObject, stringOption, typeOption } from "../shared/options.js";
import { numberingValues } from "../shared/numbering.js";
import { createFrom, defineService, setSlots, slotsOf } from "../shared/service.js";
import { listParts } from "../list/list-format.js";
import { decimalOf } from "../number/decimal.js";
import { numberSlots } from "../number/number-format.js";
import { formatParts, textOf } from "../number/parts.js";
import { durationOf, signOfDuration, UNITS } from "./duration.js";

const KIND = "DurationFormat";
const WHERE = "Intl.DurationFormat";
const STYLES = ["long", "short", "narrow"];
const NUMERIC = ["long", "short", "narrow", "numeric", "2-digit"];
const FRACTIONAL = ["long", "short", "narrow", "numeric"];
/** Place of the sign between hours and minutes in the section `symbols`. */
const TIME_SEPARATOR = 3 + 13;

const isSubsecond = (unit) => unit === "milliseconds" || unit === "microseconds" || unit === "nanoseconds";
const isDigits = (style) => style === "numeric" || style === "2-digit";

/** https://tc39.es/ecma402/#sec-getdurationunitoptions: [style, display]. */
function unitOptions(unit, index, options, baseStyle, previous) {
  const isClock = unit === "hours" || unit === "minutes" || unit === "seconds";
  let style = stringOption(options, unit, index < 4 ? STYLES : isClock ? NUMERIC : FRACTIONAL, undefined, WHERE);
  let usual = "always";
  if (style === undefined) {
    if (baseStyle === "digital") {
      if (!isClock) usual = "auto";
      style = index < 4 ? "short" : "numeric";
    } else if (previous === "fractional" || isDigits(previous)) {
      if (unit !== "minutes" && unit !== "seconds") usual = "auto";
      style = "numeric";
    } else {
      usual = "auto";
      style = baseStyle;
    }
  }
  if (style === "numeric" && isSubsecond(unit)) {
    style = "fractional";
    usual = "auto";
  }
  const display = stringOption(options, unit + "Display", ["auto", "always"], usual, WHERE);
  const refuse = () => {
    throw new RangeError("Invalid option " + unit + " of Intl.DurationFormat: " + style + " with display " + display);
  };
  if (display === "always" && style === "fractional") refuse();
  if (previous === "fractional" && style !== "fractional") refuse();
  if (isDigits(previous)) {
    if (style !== "fractional" && !isDigits(style)) refuse();
    if (unit === "minutes" || unit === "seconds") style = "2-digit";
  }
  return [style, display];
}

function DurationFormat(locales = undefined, options = undefined) {
  if (new.target === undefined) throw new TypeError("Constructor Intl.DurationFormat requires 'new'");
  const object = createFrom(new.target, DurationFormat);
  const requested = canonicalLocales(locales);
  const given = optionsObject(options);
  stringOption(given, "localeMatcher", MATCHERS, "best fit", WHERE);
  const nu = typeOption(given, "numberingSystem", WHERE);
  const resolved = resolveLocale(requested, { nu }, ["nu"], (key, locale) => numberingValues(locale));
  const { locale, dataLocale } = resolved;
  const style = stringOption(given, "style", ["long", "short", "narrow", "digital"], "short", WHERE);
  const units = [];
  let previous = "";
  for (let i = 0; i < UNITS.length; i++) {
    units[i] = unitOptions(UNITS[i], i, given, style, previous);
    if (i >= 4) previous = units[i][0];
  }
  const fractionalDigits = numberOption(given, "fractionalDigits", 0, 9, undefined);
  return setSlots(object, {
    kind: KIND,
    locale,
    dataLocale,
    numberingSystem: resolved.nu,
    style,
    units,
    fractionalDigits,
  });
}

/** Seconds, or milliseconds or microseconds, with all that is smaller as decimals, as a text. */
function withFraction(duration, index) {
  const digits = (9 - index) * 3;
  let total = 0n;
  for (let i = index; i < UNITS.length; i++) total = total * (i === index ? 1n : 1000n) + BigInt(duration[UNITS[i]]);
  const sign = total < 0n ? "-" : "";
  const text = String(total < 0n ? -total : total).padStart(digits + 1, "0");
  const end = text.length - digits;
  return sign + text.slice(0, end) + "." + text.slice(end);
}

const isNothing = (value) => Number(value) === 0;

/** Is there anything from seconds on, so that minutes are shown between hours and them? */
function hasSeconds(slots, duration) {
  if (slots.units[6][1] === "always") return true;
  for (let i = 6; i < UNITS.length; i++) if (duration[UNITS[i]] !== 0) return true;
  return false;
}

/** The parts of one unit. */
function unitParts(slots, index, value, style, isSigned, isLast) {
  const options = { __proto__: null, numberingSystem: slots.numberingSystem };
  if (isLast) {
    options.maximumFractionDigits = slots.fractionalDigits ?? 9;
    options.minimumFractionDigits = slots.fractionalDigits ?? 0;
    options.roundingMode = "trunc";
  }
  if (!isSigned) options.signDisplay = "never";
  if (style === "2-digit") options.minimumIntegerDigits = 2;
  const unit = UNITS[index].slice(0, -1);
  if (isDigits(style)) options.useGrouping = false;
  else {
    options.style = "unit";
    options.unit = unit;
    options.unitDisplay = style;
  }
  return formatParts(numberSlots(slots.locale, options), decimalOf(value)).map(([type, text]) => [type, text, unit]);
}

/** The units that are shown, each a list of parts; those with digits alone are one list. https://tc39.es/ecma402/#sec-partitiondurationformatpattern */
function shownUnits(slots, duration) {
  const result = [];
  const isNegative = signOfDuration(duration) < 0;
  let isJoined = false;
  let isSigned = true;
  for (let i = 0; i < UNITS.length; i++) {
    const [style, display] = slots.units[i];
    let value = duration[UNITS[i]];
    const isLast = i >= 6 && i < 9 && slots.units[i + 1][0] === "fractional";
    if (isLast) value = withFraction(duration, i);
    const isNeeded = i === 5 && isJoined && hasSeconds(slots, duration);
    if (!isNothing(value) || display !== "auto" || isNeeded) {
      if (isSigned && isNothing(value) && isNegative) value = -0;
      const parts = unitParts(slots, i, value, style, isSigned, isLast);
      isSigned = false;
      if (isJoined) {
        const last = result.length - 1;
        const separator = localeData(slots.dataLocale, symbols)[TIME_SEPARATOR];
        result[last] = result[last].concat([["literal", separator]], parts);
      } else result[result.length] = parts;
      if (isDigits(style)) isJoined = true;
    }
    if (isLast) break;
  }
  return result;
}

function partsFor(slots, value) {
  const duration = durationOf(value);
  const style = slots.style === "digital" ? "short" : slots.style;
  return listParts(slots.dataLocale, "unit", style, shownUnits(slots, duration));
}

function resolvedOptions(slots) {
  const result = { locale: slots.locale, numberingSystem: slots.numberingSystem, style: slots.style };
  const set = (key, value) =>
    Object.defineProperty(result, key, { value, writable: true, enumerable: true, configurable: true });
  for (let i = 0; i < UNITS.length; i++) {
    const [style, display] = slots.units[i];
    set(UNITS[i], style === "fractional" ? "numeric" : style);
    set(UNITS[i] + "Display", display);
  }
  if (slots.fractionalDigits !== undefined) set("fractionalDigits", slots.fractionalDigits);
  return result;
}

export function installDurationFormat(Intl) {
  const methods = {
    format(duration) {
      return textOf(partsFor(slotsOf(this, KIND, "format"), duration));
    },
    formatToParts(duration) {
      return partsFor(slotsOf(this, KIND, "formatToParts"), duration).map(([type, value, unit]) =>
        unit === undefined ? { type, value } : { type, value, unit },
      );
    },
    resolvedOptions() {
      return resolvedOptions(slotsOf(this, KIND, "resolvedOptions"));
    },
  };
  const statics = {
    supportedLocalesOf(locales, options = undefined) {
      return supportedLocales(locales, options);
    },
  };
  defineService(Intl, KIND, DurationFormat, methods, statics);
}
