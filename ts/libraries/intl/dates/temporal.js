// Owns which text a formatter gives objects of Temporal, if the realm has it. https://tc39.es/proposal-temporal/#sec-temporal-intl

import { patternFor } from "./best.js";

const DATE = ["weekday", "era", "year", "month", "day"];
const TIME = ["dayPeriod", "hour", "minute", "second", "fractionalSecondDigits"];
/** Kind → what it has, and what is shown if nothing of that is asked for. */
const KINDS = {
  __proto__: null,
  PlainDate: [DATE, ["year", "month", "day"]],
  PlainDateTime: [DATE.concat(TIME), ["year", "month", "day", "hour", "minute", "second"]],
  PlainTime: [TIME, ["hour", "minute", "second"]],
  PlainYearMonth: [
    ["era", "year", "month"],
    ["year", "month"],
  ],
  PlainMonthDay: [
    ["month", "day"],
    ["month", "day"],
  ],
};
const MS_PER_MINUTE = 60000;

/** The kind of a value of Temporal; undefined for others. */
export function temporalKind(value) {
  const { Temporal } = globalThis;
  if (typeof value !== "object" || value === null || Temporal === undefined) return undefined;
  for (const kind of ["Instant", "ZonedDateTime", ...Object.keys(KINDS)])
    if (typeof Temporal[kind] === "function" && value instanceof Temporal[kind]) return kind;
  return undefined;
}

/** The time on the wall, in milliseconds since 1970. */
function wallTime(kind, value) {
  const { Temporal } = globalThis;
  const clock =
    kind === "PlainTime" || kind === "PlainDateTime" ? value : { hour: 12, minute: 0, second: 0, millisecond: 0 };
  const date =
    kind === "PlainTime"
      ? new Temporal.PlainDate(1970, 1, 1)
      : kind === "PlainYearMonth"
        ? value.toPlainDate({ day: 1 })
        : kind === "PlainMonthDay"
          ? value.toPlainDate({ year: 1972 })
          : value;
  const iso = date.withCalendar("iso8601");
  const days = new Temporal.PlainDate(1970, 1, 1).until(new Temporal.PlainDate(iso.year, iso.month, iso.day)).days;
  return (
    days * 24 * 60 * MS_PER_MINUTE + ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1000 + clock.millisecond
  );
}

function componentsFor(slots, [fields, usual]) {
  if (slots.components === undefined) return undefined;
  const components = { __proto__: null };
  let isAsked = false;
  for (const name of fields) {
    components[name] = slots.given[name];
    if (components[name] !== undefined && name !== "era") isAsked = true;
  }
  if (isAsked) return components;
  if (DATE.concat(TIME).some((name) => slots.given[name] !== undefined))
    throw new TypeError("Invalid argument for Intl.DateTimeFormat: it has none of the fields that are asked for");
  for (const name of usual) components[name] = "numeric";
  return components;
}

/** [time, slots] with which an object is formatted. */
export function temporalTime(slots, kind, value) {
  if (kind === "Instant") return [value.epochMilliseconds, slots];
  if (kind === "ZonedDateTime")
    throw new TypeError("Intl.DateTimeFormat does not format Temporal.ZonedDateTime: use its toLocaleString");
  const calendar = kind === "PlainTime" ? slots.calendar : value.calendarId;
  if (calendar !== slots.calendar && (calendar !== "iso8601" || kind === "PlainYearMonth" || kind === "PlainMonthDay"))
    throw new RangeError("Invalid calendar: " + calendar + " is not that of the format");
  const own = { ...slots, isPlain: true };
  if (kind === "PlainTime") own.dateStyle = undefined;
  else if (kind !== "PlainDateTime") own.timeStyle = undefined;
  if (slots.components === undefined && own.dateStyle === undefined && own.timeStyle === undefined)
    throw new TypeError("Invalid argument for Intl.DateTimeFormat: it has none of the fields that are asked for");
  own.pattern = patternFor(own, componentsFor(slots, KINDS[kind]));
  return [wallTime(kind, value), own];
}
