// Owns the section `day-periods`: when it is morning, by language.

import { cldr, textSection } from "./locales.ts";

type Rules = Readonly<Record<string, { readonly _at?: string; readonly _from?: string; readonly _before?: string }>>;

const { dayPeriodRuleSet } = cldr<{ supplemental: { dayPeriodRuleSet: Readonly<Record<string, Rules>> } }>(
  "cldr-core/supplemental/dayPeriods.json",
).supplemental;

/** ` language>name=from-before,…`, hours; `name=at` for noon and midnight. */
export function source(): string {
  const rows = Object.entries(dayPeriodRuleSet).map(([language, rules]) => {
    const periods = Object.entries(rules).map(([name, { _at, _from, _before }]) =>
      _at === undefined ? `${name}=${parseInt(_from!, 10)}-${parseInt(_before!, 10)}` : `${name}=at`,
    );
    return `${language}>${periods.join(",")}`;
  });
  return textSection(` ${rows.join(" ")} `);
}
