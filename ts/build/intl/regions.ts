// Owns the section `regions`: first days of weeks, weekends, hour cycles, calendars and time zones by region.

import { cldr, textSection } from "./locales.ts";

const supplemental = <T>(file: string): T =>
  cldr<{ supplemental: T }>(`cldr-core/supplemental/${file}.json`).supplemental;
type ByRegion<T> = Readonly<Record<string, T>>;

/** Calendars that go by another name in programs. */
const CALENDARS: ByRegion<string> = { gregorian: "gregory", "ethiopic-amete-alem": "ethioaa" };

function packed(rows: ByRegion<string>): string {
  const pairs = Object.entries(rows).map(([key, value]) => `${key}>${value}`);
  return ` ${pairs.join(" ")} `;
}

function hours(): ByRegion<string> {
  const { timeData } = supplemental<{ timeData: ByRegion<{ _allowed: string; _preferred: string }> }>("timeData");
  const rows: Record<string, string> = {};
  for (const [region, { _allowed, _preferred }] of Object.entries(timeData)) {
    const kinds = [_preferred, ..._allowed.split(" ").map((kind) => kind[0]!)];
    rows[region.replace("_", "-")] = [...new Set(kinds)].join("");
  }
  return rows;
}

function zones(): ByRegion<string> {
  const { mapTimezones } = supplemental<{
    windowsZones: { mapTimezones: readonly { mapZone: { _type: string; _territory: string } }[] };
  }>("windowsZones").windowsZones;
  const rows: Record<string, string> = {};
  for (const { mapZone } of mapTimezones) {
    if (!/^[A-Z]{2}$/.test(mapZone._territory) || mapZone._territory === "ZZ") continue;
    const known = rows[mapZone._territory]?.split(",") ?? [];
    rows[mapZone._territory] = [...new Set([...known, ...mapZone._type.split(" ")])].sort().join(",");
  }
  return rows;
}

/** Six lists between bars, each of ` region>value` with spaces around: first day, least days, weekend, hours, calendars, zones. */
export function source(): string {
  const { firstDay, minDays, weekendStart, weekendEnd } = supplemental<{ weekData: ByRegion<ByRegion<string>> }>(
    "weekData",
  ).weekData as ByRegion<ByRegion<string>>;
  const weekends: Record<string, string> = {};
  for (const region of new Set([...Object.keys(weekendStart!), ...Object.keys(weekendEnd!)]))
    weekends[region] =
      `${weekendStart![region] ?? weekendStart!["001"]!},${weekendEnd![region] ?? weekendEnd!["001"]!}`;
  const preferences = supplemental<{ calendarPreferenceData: ByRegion<readonly string[]> }>(
    "calendarPreferenceData",
  ).calendarPreferenceData;
  const calendars = Object.fromEntries(
    Object.entries(preferences).map(([region, list]) => [
      region,
      list.map((name) => CALENDARS[name] ?? name).join(","),
    ]),
  );
  return textSection([firstDay!, minDays!, weekends, hours(), calendars, zones()].map(packed).join("|"));
}
