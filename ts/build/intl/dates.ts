// Owns the section `dates`: patterns and names of the Gregorian calendar.

import { cldr, keyedSection } from "./locales.ts";

type Names = Readonly<Record<string, string>>;
type Forms = Readonly<Record<string, Names>>;

interface Calendar {
  readonly months: Readonly<Record<string, Forms>>;
  readonly days: Readonly<Record<string, Forms>>;
  readonly dayPeriods: Readonly<Record<string, Forms>>;
  readonly eras: Readonly<Record<string, Names>>;
  readonly dateFormats: Names;
  readonly timeFormats: Names;
  readonly dateTimeFormats: Names & {
    readonly availableFormats: Names;
    readonly appendItems: Names;
    readonly intervalFormats: Readonly<Record<string, Names | string>>;
  };
  readonly "dateTimeFormats-atTime": { readonly standard: Names };
}

export const STYLES = ["full", "long", "medium", "short"];
const CONTEXTS = ["format", "stand-alone"];
const WIDTHS = ["wide", "abbreviated", "narrow"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** Fields in the order of bits in which ICU has them, by the names of CLDR: [of patterns that append, of what is appended]. */
const FIELDS = [
  ["Era", "era"],
  ["Year", "year"],
  ["Quarter", "quarter"],
  ["Month", "month"],
  ["Week", "week"],
  ["Week", "weekOfMonth"],
  ["Day-Of-Week", "weekday"],
  ["Day", "dayOfYear"],
  ["Day", "weekdayOfMonth"],
  ["Day", "day"],
  ["Hour", "dayperiod"],
  ["Hour", "hour"],
  ["Minute", "minute"],
  ["Second", "second"],
  ["Second", "second"],
  ["Timezone", "zone"],
] as const;

function calendarOf(tag: string, name: string): Calendar {
  const { main } = cldr<{ main: Record<string, { dates: { calendars: Record<string, Calendar> } }> }>(
    `cldr-dates-full/main/${tag}/ca-${name}.json`,
  );
  return main[tag]!.dates.calendars[name]!;
}

/** `f` skeleton → pattern, `i` skeleton, space, field → pattern of an interval, `I` its fall-back, `J` a date with a time, `D`, `T`, `A` 0 to 3: styles. */
function patternRows(calendar: Calendar): Record<string, string> {
  const rows: Record<string, string> = {};
  const { availableFormats, intervalFormats } = calendar.dateTimeFormats;
  for (const [skeleton, pattern] of Object.entries(availableFormats))
    if (!/[wWQ]|-alt-|-count-/.test(skeleton)) rows[`f${skeleton}`] = pattern;
  for (const [skeleton, fields] of Object.entries(intervalFormats)) {
    if (typeof fields === "string") rows["I"] = fields;
    else
      for (const [field, pattern] of Object.entries(fields))
        if (!field.includes("-alt-")) rows[`i${skeleton} ${field}`] = pattern;
  }
  rows["J"] = calendar.dateTimeFormats["medium"]!;
  STYLES.forEach((style, index) => {
    rows[`D${index}`] = calendar.dateFormats[style]!;
    rows[`T${index}`] = calendar.timeFormats[style]!;
    rows[`A${index}`] = calendar["dateTimeFormats-atTime"].standard[style]!;
  });
  return rows;
}

/** `m`, `d`, `p`, each with 0 or 1 for the context and 0 to 3 for the width; `e` with the width: names with `|` between them. */
function nameRows({ months, days, dayPeriods, eras }: Calendar): Record<string, string> {
  const rows: Record<string, string> = {};
  CONTEXTS.forEach((context, c) => {
    WIDTHS.forEach((width, w) => {
      const month = months[context]![width]!;
      rows[`m${c}${w}`] = Object.values(month).join("|");
      rows[`d${c}${w}`] = DAYS.map((day) => days[context]![width]![day]!).join("|");
      const periods = Object.entries(dayPeriods[context]![width]!).filter(([key]) => !key.includes("-alt-"));
      rows[`p${c}${w}`] = periods.map(([key, name]) => `${key}=${name}`).join("|");
    });
  });
  ["eraNames", "eraAbbr", "eraNarrow"].forEach((form, w) => {
    rows[`e${w}`] = [eras[form]!["0"]!, eras[form]!["1"]!].join("|");
  });
  return rows;
}

/** `a` field → pattern that appends it, `n` field → its name. */
function fieldRows(tag: string, calendar: Calendar): Record<string, string> {
  const { fields } = cldr<{ main: Record<string, { dates: { fields: Record<string, { displayName?: string }> } }> }>(
    `cldr-dates-full/main/${tag}/dateFields.json`,
  ).main[tag]!.dates;
  const rows: Record<string, string> = {};
  FIELDS.forEach(([append, name], index) => {
    rows[`a${index}`] = calendar.dateTimeFormats.appendItems[append]!;
    rows[`n${index}`] = fields[name]?.displayName ?? "";
  });
  return rows;
}

export function source(): string {
  return keyedSection((tag) => {
    const calendar = calendarOf(tag, "gregorian");
    return { ...patternRows(calendar), ...nameRows(calendar), ...fieldRows(tag, calendar) };
  });
}
