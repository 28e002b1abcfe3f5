// Owns the patterns of units of measurement. https://tc39.es/ecma402/#sec-measurement-unit-identifiers

import units from "intl-data:units";
import { keyedData, ofCategory } from "../shared/data.js";

/** https://tc39.es/ecma402/#table-sanctioned-single-unit-identifiers */
const SANCTIONED =
  " acre bit byte celsius centimeter day degree fahrenheit fluid-ounce foot gallon gigabit gigabyte gram hectare hour inch kilobit" +
  " kilobyte kilogram kilometer liter megabit megabyte meter microsecond mile mile-scandinavian milliliter millimeter millisecond minute" +
  " month nanosecond ounce percent petabyte pound second stone terabit terabyte week yard year ";

export const sanctionedUnits = () => SANCTIONED.slice(1, -1).split(" ");
const isSingle = (unit) => unit !== "" && !unit.includes(" ") && SANCTIONED.includes(" " + unit + " ");

/** https://tc39.es/ecma402/#sec-iswellformedunitidentifier */
export function isUnit(unit) {
  if (isSingle(unit)) return true;
  const at = unit.indexOf("-per-");
  return at >= 0 && isSingle(unit.slice(0, at)) && isSingle(unit.slice(at + 5));
}

/** [the pattern by category, the pattern of a rate by this unit]. */
function patternsOf(locale, unit, form) {
  const packed = keyedData(locale, units, unit + " " + form);
  if (packed === undefined) return undefined;
  const at = packed.indexOf("\u0001");
  return at < 0 ? [packed, undefined] : [packed.slice(0, at), packed.slice(at + 1)];
}

/** The pattern of a unit, with `{0}` for the number (which a pattern may lack). */
export function unitPattern(locale, unit, form, category) {
  const own = patternsOf(locale, unit, form);
  if (own !== undefined) return ofCategory(own[0], category);
  const at = unit.indexOf("-per-");
  const numerator = ofCategory(patternsOf(locale, unit.slice(0, at), form)[0], category);
  const denominator = patternsOf(locale, unit.slice(at + 5), form);
  if (denominator[1] !== undefined) return denominator[1].replace("{0}", () => numerator);
  const single = ofCategory(denominator[0], "one").replace("{0}", "").trim();
  const compound = keyedData(locale, units, "per " + form);
  return compound.replace("{1}", () => single).replace("{0}", () => numerator);
}

/** Per cent has a sign unless it is written out. */
export const isPercentUnit = (slots) => slots.unit === "percent" && slots.unitDisplay !== "long";
