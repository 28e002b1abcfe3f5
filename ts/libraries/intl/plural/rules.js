// Owns plural categories: the rules of CLDR, which are read anew each time. https://unicode.org/reports/tr35/tr35-numbers.html#Plural_rules_syntax

import plurals from "intl-data:plurals";
import { keyedData } from "../shared/data.js";

/** The operands of a number from its digits as they are shown; `exponent`: that of a compact number. */
export function operandsOf(integer, fraction, exponent) {
  let digits = integer + fraction;
  let point = integer.length + exponent;
  if (point > digits.length) digits += "0".repeat(point - digits.length);
  const whole = digits.slice(0, point);
  const visible = digits.slice(point);
  let end = visible.length;
  while (end > 0 && visible[end - 1] === "0") end--;
  const short = visible.slice(0, end);
  return {
    n: Number(whole + "." + visible),
    i: Number(whole),
    v: visible.length,
    w: short.length,
    f: Number(visible),
    t: Number(short),
    c: exponent,
    e: exponent,
  };
}

/** `1`, `2..4,7`. */
function isIn(value, list) {
  const ranges = list.split(",");
  for (let i = 0; i < ranges.length; i++) {
    const dots = ranges[i].indexOf("..");
    if (dots < 0) {
      if (value === Number(ranges[i])) return true;
    } else if (
      value >= Number(ranges[i].slice(0, dots)) &&
      value <= Number(ranges[i].slice(dots + 2)) &&
      value === Math.floor(value)
    )
      return true;
  }
  return false;
}

/** `n % 10 = 3..4,9`: words with spaces between them. */
function holds(relation, operands) {
  const words = relation.split(" ");
  let value = operands[words[0]];
  let at = 1;
  if (words[1] === "%") {
    value %= Number(words[2]);
    at = 3;
  }
  return isIn(value, words[at + 1]) === (words[at] === "=");
}

const allHold = (condition, operands) => condition.split(" and ").every((relation) => holds(relation, operands));

/** The category of a number in a locale; `type` is "cardinal" or "ordinal". */
export function pluralCategory(locale, type, operands) {
  const packed = keyedData(locale, plurals, type);
  if (packed === undefined) return "other";
  const rows = packed.split("|");
  for (let i = 0; i < rows.length; i++) {
    const sign = rows[i].indexOf(">");
    const conditions = rows[i].slice(sign + 1).split(" or ");
    if (conditions.some((condition) => allHold(condition, operands))) return rows[i].slice(0, sign);
  }
  return "other";
}

/** The categories of a locale, in CLDR's order. */
export function pluralCategories(locale, type) {
  const packed = keyedData(locale, plurals, type);
  const own = packed === undefined ? [] : packed.split("|").map((row) => row.slice(0, row.indexOf(">")));
  own[own.length] = "other";
  return own;
}

/** The category of a range from one category to another. */
export function rangeCategory(locale, start, end) {
  const packed = keyedData(locale, plurals, "ranges");
  const rows = packed === undefined ? [] : packed.split("|");
  const key = start + "-" + end + ">";
  const row = rows.find((candidate) => candidate.startsWith(key));
  return row === undefined ? "other" : row.slice(key.length);
}
