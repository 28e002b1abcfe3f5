// Owns the texts of dates. https://tc39.es/ecma262/#sec-todatestring
import { DAY, fieldOf, HOURS, MILLISECONDS, MINUTES, MONTH, SECONDS, splitTime, WEEKDAY, YEAR } from "../core/time";
import { boxString, Value } from "../core/value";
import { lit, throwLiteral } from "../errors/throw";
import { ErrorKind } from "../generated/layout";
import { beginText, finishText, putLiteral, putString, putUnit, textFailure } from "./text-buffer";
import { offsetAt, zoneNameAt } from "./time-zone";

/** Ways to write a time: one of them, or the first two together. */
export const DATE_PART: i32 = 1;
export const TIME_PART: i32 = 2;
export const UTC_TEXT: i32 = 4;
export const ISO: i32 = 8;

// Three letters each. A text buffer begins with more room than names and numbers of a date take, so writing them needs no check.
const NAMES: string = "JanFebMarAprMayJunJulAugSepOctNovDecSunMonTueWedThuFriSat";

function putName(i: i32): void {
  for (let j = i * 3; j < i * 3 + 3; j++) putUnit(<u32>load<u16>(changetype<usize>(NAMES) + (<usize>j << 1)));
}
/** `n` ≥ 0 with at least so many digits. */
function putDigits(n: i32, digits: i32): void {
  let scale = 1;
  for (let i = 1; i < digits || n / scale > 9; i++) scale *= 10;
  for (; scale > 0; scale /= 10) putUnit(<u32>(0x30 + ((n / scale) % 10)));
}
/** The year with at least four digits. */
function putYear(year: i32): void {
  if (year < 0) putUnit(0x2d);
  putDigits(abs<i32>(year), 4);
}
function putClock(): void {
  putDigits(fieldOf(HOURS), 2);
  putUnit(0x3a);
  putDigits(fieldOf(MINUTES), 2);
  putUnit(0x3a);
  putDigits(fieldOf(SECONDS), 2);
}

function putIso(): void {
  const year = fieldOf(YEAR);
  if (year < 0 || year > 9999) {
    putUnit(year < 0 ? 0x2d : 0x2b);
    putDigits(abs<i32>(year), 6);
  } else putDigits(year, 4);
  putUnit(0x2d);
  putDigits(fieldOf(MONTH) + 1, 2);
  putUnit(0x2d);
  putDigits(fieldOf(DAY), 2);
  putUnit(0x54);
  putClock();
  putUnit(0x2e);
  putDigits(fieldOf(MILLISECONDS), 3);
  putUnit(0x5a);
}

/** Tue, 24 Nov 2026 10:00:00 GMT */
function putUtc(): void {
  putName(12 + fieldOf(WEEKDAY));
  putLiteral(", ");
  putDigits(fieldOf(DAY), 2);
  putUnit(0x20);
  putName(fieldOf(MONTH));
  putUnit(0x20);
  putYear(fieldOf(YEAR));
  putUnit(0x20);
  putClock();
  putLiteral(" GMT");
}

/** Tue Nov 24 2026 */
function putDay(): void {
  putName(12 + fieldOf(WEEKDAY));
  putUnit(0x20);
  putName(fieldOf(MONTH));
  putUnit(0x20);
  putDigits(fieldOf(DAY), 2);
  putUnit(0x20);
  putYear(fieldOf(YEAR));
}

/** 10:00:00 GMT+0100 (Central European Standard Time) */
function putTime(t: f64, offset: f64): bool {
  putClock();
  putLiteral(" GMT");
  putUnit(offset < 0 ? 0x2d : 0x2b);
  const minutes = <i32>(abs<f64>(offset) / 60000);
  putDigits((minutes / 60) * 100 + (minutes % 60), 4);
  putLiteral(" (");
  const name = zoneNameAt(t);
  return (name == 0 ? putLiteral("Coordinated Universal Time") : putString(name)) && putLiteral(")");
}

/** The text of a time value. */
export function dateToText(t: f64, how: i32): Value {
  if (t != t) return how == ISO ? throwLiteral(ErrorKind.RangeError, "Invalid time value") : boxString(lit("Invalid Date"));
  const offset: f64 = how < UTC_TEXT ? offsetAt(t) : 0;
  splitTime(t + offset);
  beginText();
  if (how == ISO) putIso();
  else if (how == UTC_TEXT) putUtc();
  else {
    if (how & DATE_PART) putDay();
    if (how == (DATE_PART | TIME_PART)) putUnit(0x20);
    if (how & TIME_PART && !putTime(t, offset)) return textFailure();
  }
  return boxString(finishText());
}
