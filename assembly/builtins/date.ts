// Owns the natives of Date: making, reading, setting. Texts are in date-text.ts and date-parse.ts, time zones in time-zone.ts. Must
// never call guest code (ts/prelude/date.js converts arguments that are objects), and never ask the host for the time: the machine's
// clock is an input. https://tc39.es/ecma262/#sec-date-objects
import {
  DAY, fieldOf, HOURS, makeDate, makeDay, makeFullYear, makeTime, MILLISECONDS, MINUTES, MONTH, MS_PER_DAY, SECONDS, splitTime, timeClip,
  WEEKDAY, YEAR,
} from "../core/time";
import {
  addressOf, asInt, boxBool, boxInt, boxNumber, boxObject, boxString, DEFER, isNumber, isObject, isString, toDouble, UNDEFINED, Value,
} from "../core/value";
import { lit, throwLiteral } from "../errors/throw";
import { Intrinsic } from "../generated/intrinsics";
import { DATE_TIME, Kind } from "../generated/kinds";
import { ErrorKind, VM_CLOCK_NOW, VM_TIME_ZONE } from "../generated/layout";
import { chargeFuel, kindOf } from "../heap/memory";
import { argAt, newTargetOf, thisOf } from "../interpreter/native";
import { newObject } from "../objects/object";
import { toNumberPrimitive, toStringPrimitive } from "../primitives/convert";
import { lengthOf } from "../strings/string";
import { refuseState } from "./arguments";
import { parseDate } from "./date-parse";
import { DATE_PART, dateToText, ISO, TIME_PART, UTC_TEXT } from "./date-text";
import { FINE, prototypeFor, refuseNumber, refuseString } from "./shared";
import { isTimeZone, localTime, nameIn, offsetAt, offsetIn, timeZoneName, utcTime, zoneNameAt } from "./time-zone";

// --- objects --------------------------------------------------------------------------------------------------------

/** The time value of a Date, or EXCEPTION. */
function timeOf(v: Value): Value {
  if (isObject(v) && kindOf(addressOf(v)) == Kind.DATE) return load<u64>(addressOf(v), DATE_TIME);
  return throwLiteral(ErrorKind.TypeError, "this is not a Date object.");
}
function makeDateObject(proto: usize, t: f64): Value {
  const date = newObject(Kind.DATE, proto, 0);
  store<u64>(date, boxNumber(t), DATE_TIME);
  return boxObject(date);
}
/** The clock as a time value. */
function now(): f64 {
  return timeClip(floor<f64>(toDouble(load<u64>(VM_CLOCK_NOW))));
}

/** (value): is it a Date? */
export function dateOf(area: usize, argc: i32): Value {
  const v = argAt(area, argc, 0);
  return boxBool(isObject(v) && kindOf(addressOf(v)) == Kind.DATE);
}
/** (value): the time value of a Date; throws for anything else */
export function dateNumber(area: usize, argc: i32): Value {
  return timeOf(argAt(area, argc, 0));
}
/** (prototype, number) */
export function newDate(area: usize, argc: i32): Value {
  return makeDateObject(addressOf(load<u64>(area, 16)), timeClip(toDouble(load<u64>(area, 24))));
}
/** (Date, number): sets it to that time, clipped; returns the time. */
export function dateSetTime(area: usize, argc: i32): Value {
  const t = boxNumber(timeClip(toDouble(load<u64>(area, 24))));
  store<u64>(addressOf(load<u64>(area, 16)), t, DATE_TIME);
  return t;
}

// --- making a time --------------------------------------------------------------------------------------------------

/** Number i of a list of primitives at `list`; `otherwise` if it is missing. */
// @ts-ignore: decorator
@inline
function given(list: usize, count: i32, i: i32, otherwise: f64): f64 {
  return i < count ? toNumberPrimitive(load<u64>(list + (<usize>i << 3))) : otherwise;
}
/** Time of up to seven primitives (year, month, …) other than symbols and bigints; a missing one is the lowest of its field. */
function timeFrom(list: usize, count: i32): f64 {
  const year = makeFullYear(given(list, count, 0, NaN));
  const day = makeDay(year, given(list, count, 1, 0), given(list, count, 2, 1));
  const time = makeTime(given(list, count, 3, 0), given(list, count, 4, 0), given(list, count, 5, 0), given(list, count, 6, 0));
  return makeDate(day, time);
}
/** (utc, year, month, …): the time value of numbers */
export function dateFrom(area: usize, argc: i32): Value {
  const t = timeFrom(area + 24, min<i32>(argc - 1, 7));
  return boxNumber(timeClip(asInt(load<u64>(area, 16)) != 0 ? t : utcTime(t)));
}
/** Refusal of arguments that are to be converted to numbers. */
function refuseAll(area: usize, argc: i32): Value {
  const count = min<i32>(argc, 7);
  for (let i = 0; i < count; i++) if (isObject(argAt(area, argc, i))) return DEFER;
  for (let i = 0; i < count; i++) {
    const refused = refuseNumber(argAt(area, argc, i));
    if (refused != FINE) return refused;
  }
  return FINE;
}

/** https://tc39.es/ecma262/#sec-date */
export function dateConstructor(area: usize, argc: i32): Value {
  if (newTargetOf() == UNDEFINED) return dateToText(now(), DATE_PART | TIME_PART);
  let t: f64;
  if (argc == 0) t = now();
  else if (argc == 1) {
    const v = argAt(area, argc, 0);
    if (isNumber(v)) t = timeClip(toDouble(v));
    else if (isString(v)) t = parseDate(addressOf(v));
    else if (isObject(v) && kindOf(addressOf(v)) == Kind.DATE) t = toDouble(load<u64>(addressOf(v), DATE_TIME));
    else {
      const refused = refuseNumber(v);
      if (refused != FINE) return refused;
      t = timeClip(toNumberPrimitive(v));
    }
  } else {
    const refused = refuseAll(area, argc);
    if (refused != FINE) return refused;
    t = timeClip(utcTime(timeFrom(area + 16, min<i32>(argc, 7))));
  }
  const proto = prototypeFor(newTargetOf(), Intrinsic.DatePrototype);
  return proto == 0 ? DEFER : makeDateObject(proto, t);
}

/** https://tc39.es/ecma262/#sec-date.now */
export function dateNow(area: usize, argc: i32): Value {
  return boxNumber(now());
}
/** https://tc39.es/ecma262/#sec-date.utc */
export function dateUTC(area: usize, argc: i32): Value {
  const refused = refuseAll(area, argc);
  return refused != FINE ? refused : boxNumber(timeClip(timeFrom(area + 16, min<i32>(argc, 7))));
}
/** https://tc39.es/ecma262/#sec-date.parse */
export function dateParse(area: usize, argc: i32): Value {
  const refused = refuseString(argAt(area, argc, 0));
  return refused != FINE ? refused : boxNumber(parseDate(toStringPrimitive(argAt(area, argc, 0))));
}
/** (string): its time value */
export function dateParsed(area: usize, argc: i32): Value {
  return boxNumber(parseDate(addressOf(load<u64>(area, 16))));
}

// --- getters --------------------------------------------------------------------------------------------------------

const UTC: bool = true;
const LOCAL: bool = false;

function part(area: usize, which: i32, utc: bool): Value {
  const v = timeOf(thisOf(area));
  if (!isNumber(v)) return v;
  const t = toDouble(v);
  if (t != t) return v;
  splitTime(utc ? t : localTime(t));
  return boxInt(fieldOf(which));
}
/** (finite time, field, zone): the field of the time. zone 0: in local time, 1: as the time is, without an offset. */
export function dateField(area: usize, argc: i32): Value {
  const t = toDouble(load<u64>(area, 16));
  const which = asInt(load<u64>(area, 24));
  if (<u32>which > <u32>WEEKDAY) return refuseState();
  splitTime(asInt(load<u64>(area, 32)) == 0 ? localTime(t) : t);
  return boxInt(fieldOf(which));
}
/** IANA name of the time zone. */
export function zoneIdentifier(area: usize, argc: i32): Value {
  const name = timeZoneName();
  return boxString(name == 0 ? lit("UTC") : name);
}
/** The rules of an argument, checked: the prelude's own may come from a made-up snapshot. undefined: the machine's zone. */
function zoneArgument(v: Value): Value {
  if (!isString(v)) return load<u64>(VM_TIME_ZONE);
  chargeFuel(lengthOf(addressOf(v)) >> 5);
  return isTimeZone(v) ? v : UNDEFINED;
}
/** (rules, finite time, form): the name of the zone at that time; undefined if it has no name of that form */
export function zoneNameIn(area: usize, argc: i32): Value {
  const name = nameIn(zoneArgument(load<u64>(area, 16)), toDouble(load<u64>(area, 24)), asInt(load<u64>(area, 32)));
  return name == 0 ? UNDEFINED : boxString(name);
}
/** (rules, finite time): milliseconds to be added to UTC */
export function zoneOffsetIn(area: usize, argc: i32): Value {
  return boxNumber(offsetIn(zoneArgument(load<u64>(area, 16)), toDouble(load<u64>(area, 24))));
}
/** (finite time): the name of the machine's zone at that time */
export function zoneNameOf(area: usize, argc: i32): Value {
  const name = zoneNameAt(toDouble(load<u64>(area, 16)));
  return boxString(name == 0 ? lit("Coordinated Universal Time") : name);
}
/** (finite time): minutes from UTC */
export function zoneMinutes(area: usize, argc: i32): Value {
  return boxNumber(trunc<f64>(offsetAt(toDouble(load<u64>(area, 16))) / 60000));
}

/** https://tc39.es/ecma262/#sec-date.prototype.getdate */
export function datePrototypeGetDate(area: usize, argc: i32): Value {
  return part(area, DAY, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getday */
export function datePrototypeGetDay(area: usize, argc: i32): Value {
  return part(area, WEEKDAY, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getfullyear */
export function datePrototypeGetFullYear(area: usize, argc: i32): Value {
  return part(area, YEAR, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.gethours */
export function datePrototypeGetHours(area: usize, argc: i32): Value {
  return part(area, HOURS, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getmilliseconds */
export function datePrototypeGetMilliseconds(area: usize, argc: i32): Value {
  return part(area, MILLISECONDS, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getminutes */
export function datePrototypeGetMinutes(area: usize, argc: i32): Value {
  return part(area, MINUTES, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getmonth */
export function datePrototypeGetMonth(area: usize, argc: i32): Value {
  return part(area, MONTH, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getseconds */
export function datePrototypeGetSeconds(area: usize, argc: i32): Value {
  return part(area, SECONDS, LOCAL);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutcdate */
export function datePrototypeGetUTCDate(area: usize, argc: i32): Value {
  return part(area, DAY, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutcday */
export function datePrototypeGetUTCDay(area: usize, argc: i32): Value {
  return part(area, WEEKDAY, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutcfullyear */
export function datePrototypeGetUTCFullYear(area: usize, argc: i32): Value {
  return part(area, YEAR, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutchours */
export function datePrototypeGetUTCHours(area: usize, argc: i32): Value {
  return part(area, HOURS, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutcmilliseconds */
export function datePrototypeGetUTCMilliseconds(area: usize, argc: i32): Value {
  return part(area, MILLISECONDS, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutcminutes */
export function datePrototypeGetUTCMinutes(area: usize, argc: i32): Value {
  return part(area, MINUTES, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutcmonth */
export function datePrototypeGetUTCMonth(area: usize, argc: i32): Value {
  return part(area, MONTH, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getutcseconds */
export function datePrototypeGetUTCSeconds(area: usize, argc: i32): Value {
  return part(area, SECONDS, UTC);
}
/** https://tc39.es/ecma262/#sec-date.prototype.getyear */
export function datePrototypeGetYear(area: usize, argc: i32): Value {
  const year = part(area, YEAR, LOCAL);
  return isNumber(year) ? boxNumber(toDouble(year) - 1900) : year;
}
/** https://tc39.es/ecma262/#sec-date.prototype.gettime */
export function datePrototypeGetTime(area: usize, argc: i32): Value {
  return timeOf(thisOf(area));
}
/** https://tc39.es/ecma262/#sec-date.prototype.valueof */
export function datePrototypeValueOf(area: usize, argc: i32): Value {
  return timeOf(thisOf(area));
}
/** https://tc39.es/ecma262/#sec-date.prototype.gettimezoneoffset; in whole minutes, as in V8 */
export function datePrototypeGetTimezoneOffset(area: usize, argc: i32): Value {
  const v = timeOf(thisOf(area));
  if (!isNumber(v)) return v;
  const t = toDouble(v);
  return t != t ? v : boxNumber(trunc<f64>(-offsetAt(t) / 60000) + 0.0);
}

// --- setters --------------------------------------------------------------------------------------------------------

/** The number that a setter was given for a field, or the field's present value if it was given no number. */
function setTo(list: usize, first: i32, count: i32, which: i32): f64 {
  const i = which - first;
  return i >= 0 && i < count ? toDouble(load<u64>(list + (<usize>i << 3))) : <f64>fieldOf(which);
}
/**
 * (Date, the time value it had, first field | 8 for UTC, how many, numbers …): sets consecutive fields; returns the time value.
 * https://tc39.es/ecma262/#sec-date.prototype.setfullyear and the like
 */
export function dateSet(area: usize, argc: i32): Value {
  const date = addressOf(load<u64>(area, 16));
  let t = toDouble(load<u64>(area, 24));
  const mode = asInt(load<u64>(area, 32));
  const count = asInt(load<u64>(area, 40));
  const first = mode & 7;
  const utc = (mode & 8) != 0;
  if (t != t) {
    if (first != YEAR) return load<u64>(area, 24);
    t = 0;
  } else if (!utc) t = localTime(t);
  splitTime(t);
  const list = area + 48;
  // Setting only the day keeps the time within it, and setting only the time keeps the day, to the millisecond.
  let day = floor<f64>(t / MS_PER_DAY);
  let time = t - day * MS_PER_DAY;
  if (first < HOURS) day = makeDay(setTo(list, first, count, YEAR), setTo(list, first, count, MONTH), setTo(list, first, count, DAY));
  else {
    time = makeTime(
      setTo(list, first, count, HOURS),
      setTo(list, first, count, MINUTES),
      setTo(list, first, count, SECONDS),
      setTo(list, first, count, MILLISECONDS),
    );
  }
  t = makeDate(day, time);
  const result = boxNumber(timeClip(utc ? t : utcTime(t)));
  store<u64>(date, result, DATE_TIME);
  return result;
}

// --- texts ----------------------------------------------------------------------------------------------------------

function text(area: usize, how: i32): Value {
  const v = timeOf(thisOf(area));
  return isNumber(v) ? dateToText(toDouble(v), how) : v;
}
/** (Date): its text for people who debug: ISO, or "Invalid Date" */
export function dateText(area: usize, argc: i32): Value {
  const t = toDouble(load<u64>(addressOf(load<u64>(area, 16)), DATE_TIME));
  return dateToText(t, t == t ? ISO : DATE_PART);
}
/** https://tc39.es/ecma262/#sec-date.prototype.todatestring */
export function datePrototypeToDateString(area: usize, argc: i32): Value {
  return text(area, DATE_PART);
}
/** https://tc39.es/ecma262/#sec-date.prototype.toisostring */
export function datePrototypeToISOString(area: usize, argc: i32): Value {
  return text(area, ISO);
}
/** https://tc39.es/ecma262/#sec-date.prototype.tostring */
export function datePrototypeToString(area: usize, argc: i32): Value {
  return text(area, DATE_PART | TIME_PART);
}
/** https://tc39.es/ecma262/#sec-date.prototype.totimestring */
export function datePrototypeToTimeString(area: usize, argc: i32): Value {
  return text(area, TIME_PART);
}
/** https://tc39.es/ecma262/#sec-date.prototype.toutcstring */
export function datePrototypeToUTCString(area: usize, argc: i32): Value {
  return text(area, UTC_TEXT);
}
