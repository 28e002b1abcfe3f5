// Owns the section `units`: the names of units of measurement. https://tc39.es/ecma402/#table-sanctioned-single-unit-identifiers

import { byCategory } from "./compact.ts";
import { cldr, keyedSection } from "./locales.ts";

type Unit = Readonly<Record<string, string>>;
type Units = Readonly<Record<string, Unit>>;

export const UNITS = (
  "acre bit byte celsius centimeter day degree fahrenheit fluid-ounce foot gallon gigabit gigabyte gram hectare hour inch kilobit" +
  " kilobyte kilogram kilometer liter megabit megabyte meter microsecond mile mile-scandinavian milliliter millimeter millisecond minute" +
  " month nanosecond ounce percent petabyte pound second stone terabit terabyte week yard year"
).split(" ");

const isCompound = (name: string): boolean => {
  const parts = name.split("-per-");
  return parts.length === 2 && parts.every((part) => UNITS.includes(part));
};

/** Patterns by plural category, then, after U+0001, what a rate by this unit looks like. */
function packed(unit: Unit): string {
  const rows = Object.entries(unit).flatMap(([key, text]) =>
    /^unitPattern-count-\w+$/.test(key) ? [[key.slice("unitPattern-count-".length), text]] : [],
  );
  const patterns = byCategory(Object.fromEntries(rows) as Unit);
  return unit["perUnitPattern"] === undefined ? patterns : `${patterns}\u0001${unit["perUnitPattern"]}`;
}

/** `unit long`, `unit short` and `unit narrow` → patterns, and after U+0001 the pattern of a rate; `per long` … for other rates. */
export function source(): string {
  return keyedSection((tag) => {
    const all = cldr<{ main: Readonly<Record<string, { units: Readonly<Record<string, Units>> }>> }>(
      `cldr-units-full/main/${tag}/units.json`,
    ).main[tag]!.units;
    const rows: Record<string, string> = {};
    for (const form of ["long", "short", "narrow"]) {
      for (const [key, unit] of Object.entries(all[form]!)) {
        const name = key.slice(key.indexOf("-") + 1);
        if (UNITS.includes(name) || isCompound(name)) rows[`${name} ${form}`] = packed(unit);
        if (key === "per") rows[`per ${form}`] = unit["compoundUnitPattern"]!;
      }
    }
    return rows;
  });
}
