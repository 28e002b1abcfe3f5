// Owns the texts of the fields of a pattern. https://unicode.org/reports/tr35/tr35-dates.html#Date_Field_Symbol_Table

import dates from "intl-data:dates";
import dayPeriods from "intl-data:day-periods";
import { keyedData, valueIn } from "../shared/data.js";
import { digitsOf } from "../shared/numbering.js";
import { joined } from "../shared/parts.js";
import { timeFields } from "./fields.js";
import { tokensOf } from "./pattern.js";
import { zoneLabel } from "./zones.js";

const TYPES = {
  __proto__: null,
  G: "era",
  y: "year",
  u: "year",
  r: "relatedYear",
  U: "yearName",
  M: "month",
  L: "month",
  E: "weekday",
  c: "weekday",
  e: "weekday",
  d: "day",
  a: "dayPeriod",
  b: "dayPeriod",
  B: "dayPeriod",
  h: "hour",
  H: "hour",
  k: "hour",
  K: "hour",
  m: "minute",
  s: "second",
  S: "fractionalSecond",
  z: "timeZoneName",
  v: "timeZoneName",
  O: "timeZoneName",
};

const nameIn = (locale, key, index) => keyedData(locale, dates, key).split("|")[index];
/** Wide, abbreviated or narrow. */
const widthOf = (length) => (length === 4 ? 0 : length === 5 ? 2 : 1);

function padded(number, length, digits) {
  const text = String(number).padStart(length, "0");
  let result = "";
  for (let i = 0; i < text.length; i++) result += digits[Number(text[i])];
  return result;
}

/** The name of a part of the day in a locale; undefined without one. */
function periodName(locale, width, name) {
  const rows = keyedData(locale, dates, "p0" + width).split("|");
  const row = rows.find((one) => one.startsWith(name + "="));
  return row?.slice(name.length + 1);
}

const halfDay = (locale, { hour }, length) => periodName(locale, widthOf(length), hour < 12 ? "am" : "pm");

/** The part of the day that an hour is in, such as "in the morning". */
function partOfDay(locale, fields, length, hasMinute, hasSecond) {
  const width = widthOf(length);
  const language = locale.split("-")[0];
  const list = (valueIn(dayPeriods(), locale) ?? valueIn(dayPeriods(), language))?.split(",");
  if (list === undefined) return halfDay(locale, fields, length);
  const { hour } = fields;
  const isSharp = (!hasMinute || fields.minute === 0) && (!hasSecond || fields.second === 0);
  // Midnight may be the begin or the end of a day: the name is not used.
  if (isSharp && hour === 12 && list.includes("noon=at")) {
    const name = periodName(locale, width, "noon");
    if (name !== undefined) return name;
  }
  for (let i = 0; i < list.length; i++) {
    const sign = list[i].indexOf("=");
    const range = list[i].slice(sign + 1).split("-");
    if (range.length < 2) continue;
    const from = Number(range[0]);
    const to = Number(range[1]);
    if (from < to ? hour >= from && hour < to : hour >= from || hour < to) {
      const name = periodName(locale, width, list[i].slice(0, sign));
      if (name !== undefined) return name;
    }
  }
  return halfDay(locale, fields, length);
}

function hourText(letter, { hour }) {
  if (letter === "H") return hour;
  if (letter === "k") return hour === 0 ? 24 : hour;
  return letter === "K" ? hour % 12 : hour % 12 === 0 ? 12 : hour % 12;
}

function fieldText(slots, fields, letter, length, tokens) {
  const { dataLocale, digits, zone } = slots;
  const number = (n, least) => padded(n, least, digits);
  switch (letter) {
    case "G":
      return nameIn(dataLocale, "e" + widthOf(length), fields.era);
    case "y":
      return length === 2 ? number(fields.year % 100, 2) : number(fields.year, length);
    case "u":
    case "r":
      return (fields.fullYear < 0 ? "-" : "") + number(Math.abs(fields.fullYear), length);
    case "M":
    case "L":
      if (length < 3) return number(fields.month + 1, length);
      return nameIn(dataLocale, (letter === "M" ? "m0" : "m1") + widthOf(length), fields.month);
    case "E":
      return nameIn(dataLocale, "d0" + widthOf(length), fields.weekday);
    case "c":
    case "e":
      return nameIn(dataLocale, "d1" + widthOf(length), fields.weekday);
    case "d":
      return number(fields.day, length);
    case "a":
      return halfDay(dataLocale, fields, length);
    case "b":
    case "B": {
      const has = (one) => tokens.some(([other]) => other === one);
      return partOfDay(dataLocale, fields, length, has("m"), has("s"));
    }
    case "h":
    case "H":
    case "k":
    case "K":
      return number(hourText(letter, fields), length);
    case "m":
      return number(fields.minute, length);
    case "s":
      return number(fields.second, length);
    case "S":
      return number(String(fields.millisecond).padStart(3, "0").padEnd(length, "0").slice(0, length), length);
    default:
      return zoneLabel(dataLocale, zone, fields.time, letter, length, digits);
  }
}

/** Engines write ordinary spaces where CLDR has narrow ones that do not break: too much on the web relies on them. */
const plainSpaces = (text) => text.replaceAll("\u202f", " ");

/** Parts [type, text] of a time in the pattern; in intervals engines leave the spaces of CLDR. */
export function patternParts(slots, pattern, time, isInterval = false) {
  const shown = isInterval ? (text) => text : plainSpaces;
  const own = { ...slots, digits: digitsOf(slots.numberingSystem) };
  const fields = timeFields(time, slots.isPlain ? undefined : slots.timeZone);
  own.zone = slots.timeZone;
  const tokens = tokensOf(pattern);
  const parts = [];
  for (let i = 0; i < tokens.length; i++) {
    const [letter, value] = tokens[i];
    if (letter === "") parts[parts.length] = ["literal", shown(value)];
    else if (TYPES[letter] !== undefined)
      parts[parts.length] = [TYPES[letter], shown(fieldText(own, fields, letter, value, tokens))];
  }
  return joined(parts);
}
