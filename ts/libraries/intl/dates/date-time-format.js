// Owns Intl.DateTimeFormat. https://tc39.es/ecma402/#datetimeformat-objects

import { calendarsOf, regionOfTag } from "../locale/info.js";
import { partObjects, shownSlots, sourcedObjects } from "../number/number-format.js";
import { textOf } from "../number/parts.js";
import { canonicalLocales, resolveLocale, supportedLocales } from "../shared/locales.js";
import { addLikely } from "../shared/likely.js";
import { numberingValues } from "../shared/numbering.js";
import { coerceOptions, MATCHERS, numberOption, stringOption, toText, typeOption } from "../shared/options.js";
import {
  anonymous,
  chainFormat,
  createFrom,
  defineService,
  setSlots,
  slotsOf,
  unwrapFormat,
} from "../shared/service.js";
import { parseTag } from "../shared/tags.js";
import { patternParts } from "./format.js";
import { rangeParts } from "./interval.js";
import { patternFor, usualCycle } from "./best.js";
import { temporalKind, temporalTime } from "./temporal.js";
import { ownZone, zoneIdentifier } from "./zones.js";

const KIND = "DateTimeFormat";
const WHERE = "Intl.DateTimeFormat";
const NAME = ["narrow", "short", "long"];
const NUMBER = ["2-digit", "numeric"];
const STYLES = ["full", "long", "medium", "short"];
const CYCLES = ["h11", "h12", "h23", "h24"];
/** Components in the order in which options are read, with their values; undefined: digits of fractions. */
const COMPONENTS = [
  ["weekday", NAME],
  ["era", NAME],
  ["year", NUMBER],
  ["month", ["2-digit", "numeric", "narrow", "short", "long"]],
  ["day", NUMBER],
  ["dayPeriod", NAME],
  ["hour", NUMBER],
  ["minute", NUMBER],
  ["second", NUMBER],
  ["fractionalSecondDigits", undefined],
  ["timeZoneName", ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"]],
];
/** Calendars whose years, months and days are those of the Gregorian one. */
const CALENDARS = ["gregory", "iso8601"];

/** Calendars of the locale, the usual one first. */
function calendarValues(locale) {
  const parsed = parseTag(locale);
  const usual = calendarsOf(regionOfTag(parsed, () => undefined)).find((name) => CALENDARS.includes(name));
  return [usual ?? "gregory"].concat(CALENDARS);
}

/** The hour cycles of a locale: [usual, with twelve hours, with twenty-four]. */
function cyclesOf(locale) {
  const parsed = parseTag(locale);
  const region = parsed.region ?? addLikely(parsed).region;
  const usual = usualCycle(locale);
  const isShort = usual === "h11" || usual === "h12";
  const twelve = isShort ? usual : region === "JP" ? "h11" : "h12";
  return [usual, twelve, isShort ? "h23" : usual];
}

function readComponents(options) {
  const components = { __proto__: null };
  let explicit = false;
  for (let i = 0; i < COMPONENTS.length; i++) {
    const [name, values] = COMPONENTS[i];
    const value =
      values === undefined
        ? numberOption(options, name, 1, 3, undefined)
        : stringOption(options, name, values, undefined, WHERE);
    components[name] = value;
    if (value !== undefined) explicit = true;
  }
  return { components, explicit };
}

const DATE_PARTS = ["weekday", "year", "month", "day"];
const TIME_PARTS = ["dayPeriod", "hour", "minute", "second", "fractionalSecondDigits"];

/** Adds the usual fields where a program asks for none of those that are required. */
export function withDefaults(components, required, defaults) {
  const result = { ...components };
  const has = (names) => names.some((name) => result[name] !== undefined);
  const needed =
    !((required === "date" || required === "any") && has(DATE_PARTS)) &&
    !((required === "time" || required === "any") && has(TIME_PARTS));
  if (!needed) return result;
  if (defaults !== "time") for (const name of ["year", "month", "day"]) result[name] = "numeric";
  if (defaults !== "date") for (const name of ["hour", "minute", "second"]) result[name] = "numeric";
  return result;
}

function hourCycleOf(locale, asked, hour12) {
  const [usual, twelve, full] = cyclesOf(locale);
  if (hour12 === true) return twelve;
  if (hour12 === false) return full;
  return asked ?? usual;
}

/** Keywords and zone of a formatter, in the order in which options are read. */
function readLocale(locales, options) {
  const requested = canonicalLocales(locales);
  stringOption(options, "localeMatcher", MATCHERS, "best fit", WHERE);
  const ca = typeOption(options, "calendar", WHERE);
  const nu = typeOption(options, "numberingSystem", WHERE);
  const given12 = options.hour12;
  const hour12 = given12 === undefined ? undefined : Boolean(given12);
  const option = stringOption(options, "hourCycle", CYCLES, undefined, WHERE);
  const hc = hour12 === undefined ? option : null;
  const resolved = resolveLocale(requested, { ca, nu, hc }, ["ca", "hc", "nu"], (key, locale) =>
    key === "nu" ? numberingValues(locale) : key === "ca" ? calendarValues(locale) : [null].concat(CYCLES),
  );
  const zone = options.timeZone;
  const timeZone = zone === undefined ? ownZone() : zoneIdentifier(toText(zone));
  const cycle = hourCycleOf(resolved.dataLocale, resolved.hc ?? undefined, hour12);
  return {
    kind: KIND,
    locale: resolved.locale,
    dataLocale: resolved.dataLocale,
    calendar: resolved.ca,
    numberingSystem: resolved.nu,
    timeZone,
    cycle,
  };
}

/** Styles take the place of components. */
function checkStyles({ dateStyle, timeStyle }, components, explicit, required) {
  const style = dateStyle === undefined ? "timeStyle" : "dateStyle";
  if (explicit) throw new TypeError("Can't set option " + explicitName(components) + " when " + style + " is used");
  if ((required === "date" && timeStyle !== undefined) || (required === "time" && dateStyle !== undefined))
    throw new TypeError("Invalid option : " + (required === "date" ? "timeStyle" : "dateStyle"));
}

/** The slots of a formatter. https://tc39.es/ecma402/#sec-createdatetimeformat */
export function dateSlots(locales, givenOptions, required, defaults) {
  const options = coerceOptions(givenOptions);
  const slots = readLocale(locales, options);
  const { components, explicit } = readComponents(options);
  stringOption(options, "formatMatcher", ["basic", "best fit"], "best fit", WHERE);
  slots.dateStyle = stringOption(options, "dateStyle", STYLES, undefined, WHERE);
  slots.timeStyle = stringOption(options, "timeStyle", STYLES, undefined, WHERE);
  const hasStyle = slots.dateStyle !== undefined || slots.timeStyle !== undefined;
  if (hasStyle) checkStyles(slots, components, explicit, required);
  else {
    slots.given = components;
    slots.components = withDefaults(components, required, defaults);
  }
  if (hasStyle ? slots.timeStyle !== undefined : slots.components.hour !== undefined) {
    slots.hourCycle = slots.cycle;
    slots.hour12 = slots.cycle === "h11" || slots.cycle === "h12";
  }
  slots.pattern = patternFor(slots, slots.components);
  return slots;
}

const explicitName = (components) => COMPONENTS.find(([name]) => components[name] !== undefined)[0];

function DateTimeFormat(locales = undefined, options = undefined) {
  const target = new.target ?? DateTimeFormat;
  const object = createFrom(target, DateTimeFormat);
  setSlots(object, dateSlots(locales, options, "any", "date"));
  return chainFormat(this, new.target, DateTimeFormat, object);
}

const TIME_LIMIT = 8.64e15;
const timeValue = Date.prototype.valueOf;
const now = Date.now;

/** https://tc39.es/ecma262/#sec-timeclip */
function clipped(value) {
  const number = Number(typeof value === "bigint" ? refuseBigInt() : value);
  if (!(Math.abs(number) <= TIME_LIMIT)) throw new RangeError("Invalid time value");
  return Math.trunc(number) + 0;
}

function refuseBigInt() {
  throw new TypeError("Cannot convert a BigInt value to a number");
}

/** What a method formats: [time, slots]. Objects of Temporal have fields of their own. */
function formattable(slots, value) {
  if (value === undefined) return [now(), slots];
  const kind = temporalKind(value);
  return kind === undefined ? [clipped(value), slots] : temporalTime(slots, kind, value);
}

function formatDate(slots, value) {
  const [time, own] = formattable(slots, value);
  return textOf(patternParts(own, own.pattern, time));
}

function rangeOf(slots, start, end) {
  if (start === undefined || end === undefined) throw new TypeError("startDate or endDate cannot be undefined");
  const kind = temporalKind(start);
  if (kind !== temporalKind(end)) throw new TypeError("startDate and endDate must be of one kind");
  if (kind === undefined) {
    const from = clipped(start);
    return rangeParts(slots, from, clipped(end));
  }
  const [from, plain] = temporalTime(slots, kind, start);
  return rangeParts(plain, from, temporalTime(slots, kind, end)[0]);
}

const own = (object, method) => slotsOf(object, KIND, method);
const unwrapped = (object, method) => own(unwrapFormat(object, KIND, DateTimeFormat), method);

const SHOWN = [
  "locale",
  "calendar",
  "numberingSystem",
  "timeZone",
  "hourCycle",
  "hour12",
  "weekday",
  "era",
  "year",
  "month",
  "day",
  "dayPeriod",
  "hour",
  "minute",
  "second",
  "fractionalSecondDigits",
  "timeZoneName",
  "dateStyle",
  "timeStyle",
];

export function installDateTimeFormat(intl) {
  defineService(
    intl,
    KIND,
    DateTimeFormat,
    {
      resolvedOptions() {
        const slots = unwrapped(this, "resolvedOptions");
        return shownSlots({ ...slots, ...slots.resolved }, SHOWN);
      },
      get format() {
        const slots = unwrapped(this, "format");
        slots.bound ??= anonymous([(date) => formatDate(slots, date)]);
        return slots.bound;
      },
      formatToParts(date) {
        const slots = own(this, "formatToParts");
        const [time, plain] = formattable(slots, date);
        return partObjects(patternParts(plain, plain.pattern, time));
      },
      formatRange(startDate, endDate) {
        return textOf(rangeOf(own(this, "formatRange"), startDate, endDate));
      },
      formatRangeToParts(startDate, endDate) {
        return sourcedObjects(rangeOf(own(this, "formatRangeToParts"), startDate, endDate));
      },
    },
    {
      supportedLocalesOf(locales, options = undefined) {
        return supportedLocales(locales, options);
      },
    },
  );
  Object.defineProperty(DateTimeFormat, "length", { value: 0, configurable: true });
}

/** `toLocale…String` of Date. */
export function dateText(date, locales, options, required, defaults) {
  const time = Reflect.apply(timeValue, date, []);
  const slots = dateSlots(locales, options, required, defaults);
  return time !== time ? "Invalid Date" : textOf(patternParts(slots, slots.pattern, time));
}
