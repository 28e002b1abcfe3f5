// Owns the pattern of a formatter: by style, or the best for the components that are asked for, with the hour cycle that is.

import dates from "intl-data:dates";
import symbols from "intl-data:symbols";
import { keyedData, localeData } from "../shared/data.js";
import { rowsOf } from "./data.js";
import { Matcher } from "./matcher.js";
import { insertInto, patternOf, skeletonOf, tokensOf } from "./pattern.js";

const STYLES = ["full", "long", "medium", "short"];
const HOURS = { __proto__: null, h11: "K", h12: "h", h23: "H", h24: "k" };
const LETTERS = {
  __proto__: null,
  era: "G",
  year: "y",
  month: "M",
  weekday: "E",
  day: "d",
  dayPeriod: "B",
  minute: "m",
  second: "s",
};
const ZONES = {
  __proto__: null,
  short: "z",
  long: "zzzz",
  shortOffset: "O",
  longOffset: "OOOO",
  shortGeneric: "v",
  longGeneric: "vvvv",
};

const lengthOf = (value, name) => {
  if (value === "2-digit") return 2;
  if (value === "numeric") return 1;
  if (value === "narrow") return 5;
  if (value === "long") return 4;
  return name === "dayPeriod" ? 1 : 3;
};

/** The skeleton of components. */
export function skeletonFor(components, cycle) {
  let skeleton = "";
  for (const name of ["era", "year", "month", "weekday", "day"])
    if (components[name] !== undefined) skeleton += LETTERS[name].repeat(lengthOf(components[name], name));
  const isTwelve = cycle === "h11" || cycle === "h12";
  if (components.dayPeriod !== undefined && (components.hour === undefined || isTwelve))
    skeleton += "B".repeat(lengthOf(components.dayPeriod, "dayPeriod"));
  if (components.hour !== undefined) skeleton += HOURS[cycle].repeat(lengthOf(components.hour));
  for (const name of ["minute", "second"])
    if (components[name] !== undefined) skeleton += LETTERS[name].repeat(lengthOf(components[name], name));
  skeleton += "S".repeat(components.fractionalSecondDigits ?? 0);
  return skeleton + (ZONES[components.timeZoneName] ?? "");
}

/** What a locale has for patterns. */
export function patternData({ dataLocale }) {
  const rows = rowsOf(dataLocale, dates);
  rows.decimal = localeData(dataLocale, symbols)[3];
  return { rows, matcher: new Matcher(rows, hourLetter(rows.T3) ?? "H") };
}

/** The hour cycle of a locale: that of its short times. */
export function usualCycle(locale) {
  const letter = hourLetter(keyedData(locale, dates, "T3"));
  return letter === "K" ? "h11" : letter === "h" ? "h12" : letter === "k" ? "h24" : "h23";
}

/** A pattern with another letter for hours. */
export function withCycle(pattern, cycle) {
  const tokens = tokensOf(pattern);
  for (let i = 0; i < tokens.length; i++)
    if (tokens[i][0] !== "" && "hHkK".includes(tokens[i][0])) tokens[i] = [HOURS[cycle], tokens[i][1]];
  return patternOf(tokens);
}

const hourLetter = (pattern) => tokensOf(pattern).find(([letter]) => letter !== "" && "hHkK".includes(letter))?.[0];

/** The pattern of styles. */
function stylePattern({ rows, matcher }, { dateStyle, timeStyle, cycle }) {
  const date = dateStyle === undefined ? "" : rows["D" + STYLES.indexOf(dateStyle)];
  if (timeStyle === undefined) return date;
  const time = rows["T" + STYLES.indexOf(timeStyle)];
  const pattern = date === "" ? time : insertInto(rows["A" + STYLES.indexOf(dateStyle)], time, date);
  const letter = hourLetter(time);
  const isTwelve = (one) => one === "h" || one === "K";
  if (letter === HOURS[cycle]) return pattern;
  if (isTwelve(letter) === isTwelve(HOURS[cycle])) return withCycle(pattern, cycle);
  const skeleton = withCycle(skeletonOf(pattern).replaceAll("a", "").replaceAll("b", "").replaceAll("B", ""), cycle);
  return withCycle(matcher.best(skeleton), cycle);
}

/** The pattern of a formatter; sets `resolved`, what it really shows, in the slots. */
export function patternFor(slots, components) {
  const data = patternData(slots);
  if (components === undefined) return stylePattern(data, slots);
  const skeleton = skeletonFor(components, slots.cycle);
  const pattern = withCycle(data.matcher.best(skeleton), slots.cycle);
  slots.resolved = resolvedOf(pattern, components);
  return pattern;
}

const RESOLVED = {
  __proto__: null,
  G: "era",
  y: "year",
  M: "month",
  L: "month",
  E: "weekday",
  c: "weekday",
  d: "day",
  B: "dayPeriod",
  h: "hour",
  H: "hour",
  k: "hour",
  K: "hour",
  m: "minute",
  s: "second",
};

/** The components that a pattern shows, as options. */
function resolvedOf(pattern, components) {
  const resolved = { __proto__: null };
  const tokens = tokensOf(pattern);
  for (let i = 0; i < tokens.length; i++) {
    const [letter, length] = tokens[i];
    const name = letter === "" ? undefined : RESOLVED[letter];
    if (name === undefined) continue;
    const isName = "GEcB".includes(letter) || length > 2;
    resolved[name] = isName
      ? length === 4
        ? "long"
        : length === 5
          ? "narrow"
          : "short"
      : length === 2
        ? "2-digit"
        : "numeric";
  }
  resolved.fractionalSecondDigits = components.fractionalSecondDigits;
  resolved.timeZoneName = components.timeZoneName;
  return resolved;
}
