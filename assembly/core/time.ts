// Owns the arithmetic of time values: days, fields, clipping, in UTC and without any clock. Must never know a time zone
// (builtins/time-zone.ts) or a text. https://tc39.es/ecma262/#sec-overview-of-date-objects-and-definitions-of-abstract-operations

export const MS_PER_DAY: f64 = 86400000;
/** https://tc39.es/ecma262/#sec-time-values-and-time-range */
const MAX_TIME: f64 = 8640000000000000;

/** Fields by number, as setters name them. */
export const YEAR: i32 = 0;
export const MONTH: i32 = 1;
export const DAY: i32 = 2;
export const HOURS: i32 = 3;
export const MINUTES: i32 = 4;
export const SECONDS: i32 = 5;
export const MILLISECONDS: i32 = 6;
export const WEEKDAY: i32 = 7;

const FIELDS: usize = memory.data(32, 8);

/** A field of the time that splitTime was given last. */
// @ts-ignore: decorator
@inline
export function fieldOf(which: i32): i32 {
  return load<i32>(FIELDS + (<usize>which << 2));
}

// @ts-ignore: decorator
@inline
function setField(which: i32, n: i32): void {
  store<i32>(FIELDS + (<usize>which << 2), n);
}

/**
 * Number of the day of the proleptic Gregorian calendar, 0 on 1 January 1970; month 0 … 11. Years count from March, so that
 * the leap day is the last of its year, and eras of 400 years have equal lengths.
 */
export function dayOf(year: i32, month: i32, day: i32): i32 {
  const y = month < 2 ? year - 1 : year;
  const era = (y >= 0 ? y : y - 399) / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/** Splits a finite time into its fields. */
export function splitTime(t: f64): void {
  const days = <i32>floor<f64>(t / MS_PER_DAY);
  let rest = <i32>(t - <f64>days * MS_PER_DAY);
  setField(MILLISECONDS, rest % 1000);
  rest /= 1000;
  setField(SECONDS, rest % 60);
  rest /= 60;
  setField(MINUTES, rest % 60);
  setField(HOURS, rest / 60);
  const weekday = (days + 4) % 7;
  setField(WEEKDAY, weekday < 0 ? weekday + 7 : weekday);
  const z = days + 719468;
  const era = (z >= 0 ? z : z - 146096) / 146097;
  const dayOfEra = z - era * 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shifted = (5 * dayOfYear + 2) / 153;
  setField(DAY, dayOfYear - (153 * shifted + 2) / 5 + 1);
  const month = shifted < 10 ? shifted + 2 : shifted - 10;
  setField(MONTH, month);
  setField(YEAR, yearOfEra + era * 400 + (month < 2 ? 1 : 0));
}

/** https://tc39.es/ecma262/#sec-maketime */
export function makeTime(hours: f64, minutes: f64, seconds: f64, ms: f64): f64 {
  // An infinity among them makes the sum no finite number, as it must be.
  return trunc<f64>(hours) * 3600000.0 + trunc<f64>(minutes) * 60000.0 + trunc<f64>(seconds) * 1000.0 + trunc<f64>(ms);
}

/** https://tc39.es/ecma262/#sec-makeday */
export function makeDay(year: f64, month: f64, day: f64): f64 {
  if (!(abs<f64>(month) < Infinity)) return NaN;
  const m = trunc<f64>(month);
  const years = floor<f64>(m / 12);
  const y = trunc<f64>(year) + years;
  // Beyond these bounds no time value can result, even with days that lead back.
  if (!(abs<f64>(y) < 1000000) || !(abs<f64>(day) < Infinity)) return NaN;
  return <f64>dayOf(<i32>y, <i32>(m - years * 12), 1) + trunc<f64>(day) - 1;
}

/** https://tc39.es/ecma262/#sec-makedate */
export function makeDate(day: f64, time: f64): f64 {
  const t = day * MS_PER_DAY + time;
  return abs<f64>(t) < Infinity ? t : NaN;
}

/** https://tc39.es/ecma262/#sec-timeclip */
export function timeClip(t: f64): f64 {
  return abs<f64>(t) <= MAX_TIME ? trunc<f64>(t) + 0.0 : NaN;
}

/** https://tc39.es/ecma262/#sec-makefullyear */
export function makeFullYear(year: f64): f64 {
  const y = trunc<f64>(year);
  return y >= 0 && y <= 99 ? 1900 + y : year;
}
