// Owns the options that say how many digits a number has, and rounding by them. NumberFormat and PluralRules share them.
// https://tc39.es/ecma402/#sec-setnfdigitoptions https://tc39.es/ecma402/#sec-formatnumberstring

import { defaultNumber, numberOption, stringOption } from "../shared/options.js";
import { digitTexts, isZero, magnitudeOf, roundToPlaces, roundToPrecision } from "./decimal.js";

const INCREMENTS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000];
const MODES = ["ceil", "floor", "expand", "trunc", "halfCeil", "halfFloor", "halfExpand", "halfTrunc", "halfEven"];
const PRIORITIES = ["auto", "morePrecision", "lessPrecision"];

function refuse(name) {
  throw new RangeError(name + " value is out of range.");
}

function readDigits(options) {
  const integer = numberOption(options, "minimumIntegerDigits", 1, 21, 1);
  const { minimumFractionDigits, maximumFractionDigits, minimumSignificantDigits, maximumSignificantDigits } = options;
  return {
    __proto__: null,
    integer,
    minimumFractionDigits,
    maximumFractionDigits,
    minimumSignificantDigits,
    maximumSignificantDigits,
  };
}

/** Puts fraction digits into the slots. */
function setFraction(slots, given, least, most) {
  let min = defaultNumber(given.minimumFractionDigits, 0, 100, undefined, "minimumFractionDigits");
  let max = defaultNumber(given.maximumFractionDigits, 0, 100, undefined, "maximumFractionDigits");
  if (min === undefined) min = max === undefined ? least : Math.min(least, max);
  else if (max === undefined) max = Math.max(most, min);
  else if (min > max) refuse("maximumFractionDigits");
  if (max === undefined) max = Math.max(most, min);
  slots.minimumFractionDigits = min;
  slots.maximumFractionDigits = max;
}

function setSignificant(slots, given) {
  slots.minimumSignificantDigits = defaultNumber(given.minimumSignificantDigits, 1, 21, 1, "minimumSignificantDigits");
  slots.maximumSignificantDigits = defaultNumber(
    given.maximumSignificantDigits,
    slots.minimumSignificantDigits,
    21,
    21,
    "maximumSignificantDigits",
  );
}

/** Reads the options into the slots: what `resolvedOptions` shows, and `rounding`, the way in which they work together. */
export function setDigitOptions(slots, options, leastFraction, mostFraction, notation, where) {
  const given = readDigits(options);
  const increment = numberOption(options, "roundingIncrement", 1, 5000, 1);
  if (!INCREMENTS.includes(increment)) refuse("roundingIncrement");
  const mode = stringOption(options, "roundingMode", MODES, "halfExpand", where);
  const priority = stringOption(options, "roundingPriority", PRIORITIES, "auto", where);
  const zeros = stringOption(options, "trailingZeroDisplay", ["auto", "stripIfInteger"], "auto", where);
  const most = increment === 1 ? mostFraction : leastFraction;
  slots.minimumIntegerDigits = given.integer;
  slots.roundingIncrement = increment;
  slots.roundingMode = mode;
  slots.trailingZeroDisplay = zeros;
  const hasSignificant = given.minimumSignificantDigits !== undefined || given.maximumSignificantDigits !== undefined;
  const hasFraction = given.minimumFractionDigits !== undefined || given.maximumFractionDigits !== undefined;
  let needsSignificant = true;
  let needsFraction = true;
  if (priority === "auto") {
    needsSignificant = hasSignificant;
    needsFraction = !needsSignificant && (hasFraction || notation !== "compact");
  }
  if (needsSignificant) {
    if (hasSignificant) setSignificant(slots, given);
    else {
      slots.minimumSignificantDigits = 1;
      slots.maximumSignificantDigits = 21;
    }
  }
  if (needsFraction) {
    if (hasFraction) setFraction(slots, given, leastFraction, most);
    else {
      slots.minimumFractionDigits = leastFraction;
      slots.maximumFractionDigits = most;
    }
  }
  slots.roundingPriority = priority;
  if (!needsSignificant && !needsFraction) {
    // Compact numbers: two digits, or all of the integer.
    slots.minimumFractionDigits = 0;
    slots.maximumFractionDigits = 0;
    slots.minimumSignificantDigits = 1;
    slots.maximumSignificantDigits = 2;
    slots.rounding = "morePrecision";
    slots.roundingPriority = "morePrecision";
  } else if (priority !== "auto") slots.rounding = priority;
  else slots.rounding = hasSignificant ? "significant" : "fraction";
  if (increment === 1) return;
  if (slots.rounding !== "fraction") throw new TypeError("roundingIncrement value is invalid.");
  if (slots.maximumFractionDigits !== slots.minimumFractionDigits) refuse("roundingIncrement");
}

function byFraction(slots, x) {
  const rounded = roundToPlaces(x, slots.maximumFractionDigits, slots.roundingIncrement, slots.roundingMode);
  return { rounded, fraction: slots.minimumFractionDigits };
}

/** How many fraction digits stay: those that make up the significant digits asked for. */
function bySignificant(slots, x) {
  const rounded = roundToPrecision(x, slots.maximumSignificantDigits, slots.roundingMode);
  const fraction = Math.max(0, slots.minimumSignificantDigits - 1 - magnitudeOf(rounded));
  return { rounded, fraction };
}

function byPriority(slots, x) {
  const significant = bySignificant(slots, x);
  const fraction = byFraction(slots, x);
  const places = slots.maximumSignificantDigits - 1 - (x.digits === "" ? 0 : magnitudeOf(significant.rounded));
  const isFiner = places > slots.maximumFractionDigits;
  const isMore = slots.rounding === "morePrecision";
  if (places === slots.maximumFractionDigits) return isMore ? significant : fraction;
  return isFiner === isMore ? significant : fraction;
}

/** Rounds a finite number: `{ rounded, integer, fraction }`, of which the last two are texts. */
export function formatDigits(slots, x) {
  let result;
  if (slots.rounding === "fraction") result = byFraction(slots, x);
  else if (slots.rounding === "significant") result = bySignificant(slots, x);
  else result = byPriority(slots, x);
  const { rounded } = result;
  const { integer, fraction } = digitTexts(rounded, slots.minimumIntegerDigits, result.fraction);
  const isWhole = isZero(rounded) || rounded.digits.length <= rounded.point;
  return {
    __proto__: null,
    rounded,
    integer,
    fraction: slots.trailingZeroDisplay === "stripIfInteger" && isWhole ? "" : fraction,
  };
}
