// Owns the section `relative`: texts such as "in 3 days" and "yesterday".

import { byCategory } from "./compact.ts";
import { cldr, keyedSection } from "./locales.ts";

type Field = Readonly<Record<string, string>> & {
  readonly "relativeTime-type-future": Readonly<Record<string, string>>;
  readonly "relativeTime-type-past": Readonly<Record<string, string>>;
};

export const fieldsOf = (tag: string): Readonly<Record<string, Field>> =>
  cldr<{ main: Readonly<Record<string, { dates: { fields: Readonly<Record<string, Field>> } }>> }>(
    `cldr-dates-full/main/${tag}/dateFields.json`,
  ).main[tag]!.dates.fields;

function patterns(times: Readonly<Record<string, string>>): string {
  const prefix = "relativeTimePattern-count-";
  return byCategory(Object.fromEntries(Object.entries(times).map(([key, text]) => [key.slice(prefix.length), text])));
}

/** `day`, `day-short`, `day-narrow` and so on → future, past, and `-1>yesterday|0>today`, with U+0001 between them. */
export function source(): string {
  return keyedSection((tag) => {
    const fields = fieldsOf(tag);
    const rows: Record<string, string> = {};
    for (const unit of ["second", "minute", "hour", "day", "week", "month", "quarter", "year"])
      for (const style of ["", "-short", "-narrow"]) {
        const field = fields[unit + style]!;
        const special = Object.entries(field).flatMap(([key, text]) =>
          key.startsWith("relative-type-") ? [`${key.slice("relative-type-".length)}>${text}`] : [],
        );
        const times = [patterns(field["relativeTime-type-future"]), patterns(field["relativeTime-type-past"])];
        rows[unit + style] = [...times, special.join("|")].join("\u0001");
      }
    return rows;
  });
}
