// Owns the texts of numbers, as parts: `[type, value]`. https://tc39.es/ecma402/#sec-partitionnumberpattern

import compact from "intl-data:compact";
import currencies from "intl-data:currencies";
import { keyedData, localeData, ofCategory } from "../shared/data.js";
import { joined } from "../shared/parts.js";
import { operandsOf, pluralCategory, rangeCategory } from "../plural/rules.js";
import { isZero, magnitudeOf, sameValue, scaled } from "./decimal.js";
import { formatDigits } from "./digits.js";
import { currencyNameOf } from "./names.js";
import { affixesFor, groupSizes, readPattern } from "./pattern.js";
import { signsOf } from "./signs.js";
import { isPercentUnit, unitPattern } from "./unit.js";

export function signsFor(slots) {
  slots.signs ??= signsOf(slots);
  return slots.signs;
}

// --- digits --------------------------------------------------------------------------------------------------------

function localDigits(text, digits) {
  if (digits === undefined) return text;
  let local = "";
  for (let i = 0; i < text.length; i++) local += digits[text.charCodeAt(i) - 48];
  return local;
}

function addInteger(parts, integer, signs, slots) {
  const [primary, secondary] = slots.useGrouping === false ? [0, 0] : groupSizes(readPattern(signs.pattern).digits);
  let least = slots.useGrouping === "always" ? 1 : signs.leastGrouping;
  if (slots.useGrouping === "min2") least = Math.max(2, least);
  if (primary === 0 || integer.length < primary + least) {
    parts[parts.length] = ["integer", localDigits(integer, signs.digits)];
    return;
  }
  const ends = [];
  for (let end = integer.length - primary; end > 0; end -= secondary) ends.unshift(end);
  let from = 0;
  for (let i = 0; i < ends.length; i++) {
    parts[parts.length] = ["integer", localDigits(integer.slice(from, ends[i]), signs.digits)];
    parts[parts.length] = ["group", signs.group];
    from = ends[i];
  }
  parts[parts.length] = ["integer", localDigits(integer.slice(from), signs.digits)];
}

function numberParts(shown, signs, slots) {
  const { special, integer, fraction, exponent } = shown;
  if (special !== undefined) return [[special, special === "nan" ? signs.nan : signs.infinity]];
  const parts = [];
  addInteger(parts, integer, signs, slots);
  if (fraction !== "") {
    parts[parts.length] = ["decimal", signs.decimal];
    parts[parts.length] = ["fraction", localDigits(fraction, signs.digits)];
  }
  if (slots.notation === "scientific" || slots.notation === "engineering") {
    parts[parts.length] = ["exponentSeparator", signs.exponential];
    if (exponent < 0) parts[parts.length] = ["exponentMinusSign", signs.minus];
    parts[parts.length] = ["exponentInteger", localDigits(String(Math.abs(exponent)), signs.digits)];
  }
  return parts;
}

// --- notations -----------------------------------------------------------------------------------------------------

const LEAST_POWER = 3;
const MOST_POWER = 19;

/** [the patterns of a power of ten by category, the power that they are for]; "" below a thousand. */
function compactPattern(slots, magnitude) {
  const isCurrency = slots.style === "currency" && slots.currencyDisplay !== "name";
  const first = (isCurrency ? 2 : slots.compactDisplay === "long" ? 1 : 0) * (MOST_POWER + 1 - LEAST_POWER);
  const patterns = localeData(slots.dataLocale, compact);
  for (let power = Math.min(magnitude, MOST_POWER); power >= LEAST_POWER; power--) {
    const pattern = patterns[first + power - LEAST_POWER];
    if (pattern !== "") return [pattern === "0" ? "" : pattern, power];
  }
  return ["", 0];
}

/** https://tc39.es/ecma402/#sec-computeexponentformagnitude */
function exponentAt(slots, magnitude) {
  switch (slots.notation) {
    case "scientific":
      return magnitude;
    case "engineering":
      return Math.floor(magnitude / 3) * 3;
    case "compact": {
      const [packed, power] = compactPattern(slots, magnitude);
      if (packed === "") return 0;
      const pattern = ofCategory(packed, "other");
      let zeros = 0;
      for (let i = 0; i < pattern.length; i++) if (pattern[i] === "0") zeros++;
      return power - zeros + 1;
    }
    default:
      return 0;
  }
}

/** What is shown of a number: its rounded digits, and the power of ten they are counted in. https://tc39.es/ecma402/#sec-computeexponent */
export function shownOf(slots, value) {
  if (value.special !== undefined) return { __proto__: null, special: value.special, rounded: value, exponent: 0 };
  const x = slots.style === "percent" ? scaled(value, 2) : value;
  let exponent = isZero(x) ? 0 : exponentAt(slots, magnitudeOf(x));
  let shown = formatDigits(slots, scaled(x, -exponent));
  if (!isZero(shown.rounded) && magnitudeOf(shown.rounded) !== magnitudeOf(x) - exponent) {
    exponent = exponentAt(slots, magnitudeOf(x) + 1);
    shown = formatDigits(slots, scaled(x, -exponent));
  }
  shown.exponent = exponent;
  return shown;
}

function categoryOf(slots, shown, exponent) {
  if (shown.special !== undefined) return "other";
  return pluralCategory(slots.dataLocale, "cardinal", operandsOf(shown.integer, shown.fraction, exponent));
}

/** The pattern around the digits of a compact number. */
function patternFor(slots, shown, signs) {
  if (slots.notation !== "compact" || shown.special !== undefined || isZero(shown.rounded)) return signs.pattern;
  const [packed] = compactPattern(slots, magnitudeOf(shown.rounded) + shown.exponent);
  if (packed === "") return signs.pattern;
  const isOne = shown.rounded.digits === "1" && shown.rounded.point === 1 && shown.fraction === "";
  const single = isOne ? ("|" + packed).indexOf("|1>") >= 0 : false;
  return ofCategory(packed, single ? "1" : categoryOf(slots, shown, 0));
}

// --- signs and affixes ---------------------------------------------------------------------------------------------

/** "-", "+" or "". */
function signOf(slots, shown) {
  const { rounded } = shown;
  const isNothing = isZero(rounded) || rounded.special === "nan";
  switch (slots.signDisplay) {
    case "never":
      return "";
    case "always":
      return rounded.negative ? "-" : "+";
    case "exceptZero":
      return isNothing ? "" : rounded.negative ? "-" : "+";
    case "negative":
      return rounded.negative && !isNothing ? "-" : "";
    default:
      return rounded.negative ? "-" : "";
  }
}

/** How a text shows the currency. */
function currencyText(slots) {
  if (slots.currencyDisplay === "code") return slots.currency;
  const found = keyedData(slots.dataLocale, currencies, slots.currency);
  if (found === undefined || found === "=") return slots.currency;
  const [usual, narrow] = found.split("|");
  return slots.currencyDisplay === "narrowSymbol" ? (narrow ?? usual) : usual;
}

const isSpace = (c) => c === " " || c === "\u00a0" || c === "\u202f";
const isMark = (c) => c === "\u061c" || c === "\u200e" || c === "\u200f";

/** Adds a text whose spaces at the ends are no part of it. */
function addTrimmed(parts, type, text) {
  let from = 0;
  let to = text.length;
  while (from < to && (isSpace(text[from]) || isMark(text[from]))) from++;
  while (to > from && (isSpace(text[to - 1]) || isMark(text[to - 1]))) to--;
  if (from > 0) parts[parts.length] = ["literal", text.slice(0, from)];
  if (to > from) parts[parts.length] = [type, text.slice(from, to)];
  if (to < text.length) parts[parts.length] = ["literal", text.slice(to)];
}

function affixParts(tokens, slots, signs, isCompact) {
  const parts = [];
  for (let i = 0; i < tokens.length; i++) {
    const [kind, text] = tokens[i];
    if (kind === "-") parts[parts.length] = ["minusSign", signs.minus];
    else if (kind === "+") parts[parts.length] = ["plusSign", signs.plus];
    else if (kind === "~") parts[parts.length] = ["approximatelySign", signs.approximately];
    else if (kind === "%") parts[parts.length] = [slots.style === "unit" ? "unit" : "percentSign", signs.percent];
    else if (kind === "¤") parts[parts.length] = ["currency", currencyText(slots)];
    else if (isCompact) addTrimmed(parts, "compact", text);
    else parts[parts.length] = ["literal", text];
  }
  return parts;
}

/** Is it a sign of a currency, or another symbol? https://unicode.org/reports/tr35/tr35-numbers.html#Currencies */
function isSymbol(c) {
  return (c >= "\u20a0" && c <= "\u20cf") || "$£¥¤¢؋৳฿៛₪﷼￥￦+<=>|~^`".includes(c);
}

/** A space goes between digits and the letters of a currency. */
function spaceCurrency(prefix, number, suffix) {
  if (number[0][0] !== "integer") return;
  const before = prefix[prefix.length - 1];
  if (before !== undefined && before[0] === "currency") {
    const last = before[1][before[1].length - 1];
    if (!isSymbol(last) && !isSpace(last)) prefix[prefix.length] = ["literal", "\u00a0"];
  }
  const after = suffix[0];
  if (after !== undefined && after[0] === "currency" && !isSymbol(after[1][0]) && !isSpace(after[1][0]))
    suffix.unshift(["literal", "\u00a0"]);
}

/** Is the unit, or the currency, named by a pattern around the number? */
function hasOuter(slots) {
  return slots.style === "currency"
    ? slots.currencyDisplay === "name"
    : slots.style === "unit" && !isPercentUnit(slots);
}

/** A number in pieces: what is before it, the digits, what is after them; and its plural category if the pattern around it depends on that. */
function piecesOf(slots, value, approximately) {
  const signs = signsFor(slots);
  const shown = shownOf(slots, value);
  const pattern = patternFor(slots, shown, signs);
  const half = readPattern(pattern);
  const [before, after] = affixesFor(half, signOf(slots, shown), approximately);
  const isCompact = pattern !== signs.pattern;
  const prefix = affixParts(before, slots, signs, isCompact);
  const suffix = affixParts(after, slots, signs, isCompact);
  const number = half.digits === "" ? [] : numberParts(shown, signs, slots);
  const around = textOf(prefix) + "\n" + textOf(suffix);
  if (slots.style === "currency" && number.length > 0) spaceCurrency(prefix, number, suffix);
  const exponent = slots.notation === "compact" ? shown.exponent : 0;
  const category = hasOuter(slots) ? categoryOf(slots, shown, exponent) : undefined;
  return { prefix, number, suffix, around, category, shown };
}

/** Texts before and after that name the unit, or the currency. */
function outerOf(slots, category) {
  let pattern;
  let type = "unit";
  if (slots.style === "unit") pattern = unitPattern(slots.dataLocale, slots.unit, slots.unitDisplay, category);
  else {
    const name = currencyNameOf(slots.dataLocale, slots.currency, category);
    pattern = signsFor(slots).named.replace("{1}", () => name);
    type = "currency";
  }
  const at = pattern.indexOf("{0}");
  const before = [];
  const after = [];
  if (at > 0) addTrimmed(before, type, pattern.slice(0, at));
  addTrimmed(after, type, at < 0 ? pattern : pattern.slice(at + 3));
  return { before, after, isAlone: at < 0 };
}

// --- all together --------------------------------------------------------------------------------------------------

/** Marks of direction at the ends of a part are literals, as in ICU; literals beside each other are one. */
export function tidied(parts) {
  const pieces = [];
  for (let i = 0; i < parts.length; i++) {
    const [type, value, source] = parts[i];
    if (type === "literal" || type === "group") {
      pieces[pieces.length] = parts[i];
      continue;
    }
    let from = 0;
    let to = value.length;
    while (from < to && isMark(value[from])) from++;
    while (to > from && isMark(value[to - 1])) to--;
    pieces[pieces.length] = ["literal", value.slice(0, from), source];
    pieces[pieces.length] = [type, value.slice(from, to), source];
    pieces[pieces.length] = ["literal", value.slice(to), source];
  }
  return joined(pieces);
}

/** The parts of a number. */
export function formatParts(slots, value, approximately = false) {
  const { prefix, number, suffix, category } = piecesOf(slots, value, approximately);
  let parts = prefix.concat(number, suffix);
  if (category !== undefined) {
    const { before, after, isAlone } = outerOf(slots, category);
    parts = isAlone ? before.concat(after) : before.concat(parts, after);
  }
  return tidied(parts);
}

export function textOf(parts) {
  let text = "";
  for (let i = 0; i < parts.length; i++) text += parts[i][1];
  return text;
}

/** The text of a number. */
export const formatNumber = (slots, value) => textOf(formatParts(slots, value));

// --- ranges --------------------------------------------------------------------------------------------------------

const withSource = (parts, source) => parts.map(([type, value]) => [type, value, source]);
const lengthOf = (parts) => Array.from(textOf(parts)).length;

/** Does the text show twice what it could show once? As in ICU: affixes of one character are repeated. */
function isCollapsed(start, end) {
  return start.around === end.around && lengthOf(start.prefix) + lengthOf(start.suffix) > 1;
}

function separatorOf(signs, isSpaced) {
  const text = signs.range.slice(3, signs.range.length - 3);
  if (!isSpaced) return text;
  const space = (c) => isSpace(c) || c === "\u2009";
  return (space(text[0]) ? "" : " ") + text + (space(text[text.length - 1]) ? "" : " ");
}

/** The parts of a range, each with its source. https://tc39.es/ecma402/#sec-partitionnumberrangepattern */
export function rangeParts(slots, from, to) {
  if (from.special === "nan" || to.special === "nan") throw new RangeError("Invalid number value: NaN");
  const start = piecesOf(slots, from, false);
  const end = piecesOf(slots, to, false);
  const isSame = start.shown.exponent === end.shown.exponent && sameValue(start.shown.rounded, end.shown.rounded);
  if (isSame) return withSource(formatParts(slots, from, true), "shared");
  const signs = signsFor(slots);
  const collapsed = isCollapsed(start, end);
  const hasExponent = start.number.some(([type]) => type === "exponentInteger");
  const isRepeated = hasExponent || (!collapsed && lengthOf(start.prefix) + lengthOf(start.suffix) > 0);
  const separator = [["literal", separatorOf(signs, isRepeated), "shared"]];
  const ends = collapsed ? "shared" : "startRange";
  let parts = withSource(start.prefix, ends).concat(withSource(start.number, "startRange"));
  if (!collapsed) parts = parts.concat(withSource(start.suffix, "startRange"));
  parts = parts.concat(separator);
  if (!collapsed) parts = parts.concat(withSource(end.prefix, "endRange"));
  parts = parts.concat(withSource(end.number, "endRange"), withSource(end.suffix, collapsed ? "shared" : "endRange"));
  if (start.category === undefined) return tidied(parts);
  const { before, after } = outerOf(slots, rangeCategory(slots.dataLocale, start.category, end.category));
  return tidied(withSource(before, "shared").concat(parts, withSource(after, "shared")));
}
