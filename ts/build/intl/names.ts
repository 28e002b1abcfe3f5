// Owns the section `names`: what languages, regions, scripts, calendars and parts of dates are called.

import { cldr, keyedSection } from "./locales.ts";
import { fieldsOf } from "./relative.ts";

type Names = Readonly<Record<string, string>>;

function displayNames<T = Names>(tag: string, file: string, part: string): T {
  const { main } = cldr<{ main: Readonly<Record<string, { localeDisplayNames: Readonly<Record<string, T>> }>> }>(
    `cldr-localenames-full/main/${tag}/${file}.json`,
  );
  return main[tag]!.localeDisplayNames[part]!;
}

/** CLDR's name of a calendar or a field → that of ECMA-402. */
const CALENDARS: Names = { gregorian: "gregory", "ethiopic-amete-alem": "ethioaa" };
const FIELDS: Names = {
  era: "era",
  year: "year",
  quarter: "quarter",
  month: "month",
  week: "weekOfYear",
  weekday: "weekday",
  day: "day",
  dayperiod: "dayPeriod",
  hour: "hour",
  minute: "minute",
  second: "second",
  zone: "timeZoneName",
};

/**
 * Keys are `l` language, `r` region, `s` script, `c` calendar, each with the code, or `f` with a field of dates; short and narrow forms end
 * in `-short` and `-narrow`. `pattern` and `separator` put names together.
 */
export function source(): string {
  return keyedSection((tag) => {
    const rows: Record<string, string> = {};
    const add = (prefix: string, names: Names): void => {
      for (const [code, name] of Object.entries(names)) {
        const [key, form] = code.split("-alt-");
        if ((form !== undefined && form !== "short") || code.includes("-menu-")) continue;
        // A code that is its own name needs no row, unless a short form says so.
        if (form !== undefined || name !== key) rows[`${prefix}${key}${form === undefined ? "" : "-short"}`] = name;
      }
    };
    add("l", displayNames(tag, "languages", "languages"));
    add("r", displayNames(tag, "territories", "territories"));
    add("s", displayNames(tag, "scripts", "scripts"));
    const { calendar } = displayNames<Readonly<Record<string, Names>>>(tag, "localeDisplayNames", "types");
    for (const [name, text] of Object.entries(calendar!)) rows[`c${CALENDARS[name] ?? name}`] = text;
    const fields = fieldsOf(tag) as unknown as Readonly<Record<string, Names>>;
    for (const [field, name] of Object.entries(FIELDS))
      for (const form of ["", "-short", "-narrow"]) rows[`f${name}${form}`] = fields[field + form]!["displayName"]!;
    const patterns = displayNames(tag, "localeDisplayNames", "localeDisplayPattern");
    return { ...rows, pattern: patterns["localePattern"]!, separator: patterns["localeSeparator"]! };
  });
}
