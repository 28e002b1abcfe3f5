// Owns what the time zones are called in English, and which names are the same zone: from CLDR, by the algorithm of UTS 35 for names of time
// zones. Must never ask the host's Intl. https://unicode.org/reports/tr35/tr35-dates.html#Time_Zone_Names

import { cldr } from "../intl/locales.ts";

/** Kinds of names that CLDR has. */
export type Kind = "generic" | "standard" | "daylight";

interface Names {
  readonly long?: Partial<Record<Kind, string>>;
  readonly short?: Partial<Record<Kind, string>>;
  readonly exemplarCity?: string;
}
type Tree<T> = { readonly [step: string]: T | Tree<T> };

interface ZoneUse {
  readonly usesMetazone: {
    readonly _mzone: string;
    readonly _from?: string;
    readonly _to?: string;
    readonly _stdOffset?: string;
    readonly _dstOffset?: string;
  };
}

/** A metazone that a zone belongs to until a second, exclusive, with the offsets at which it has its names. */
export interface Use {
  readonly metazone: string;
  readonly from: number;
  readonly to: number;
  readonly daylight: number | undefined;
}

/** A zone under its name in IANA's data, with all others; `cldr` is the name that CLDR uses. */
export interface Identity {
  readonly name: string;
  readonly cldr: string;
  readonly others: readonly string[];
}

const tz = cldr<{ keyword: { u: { tz: Record<string, { _alias?: string; _iana?: string; _deprecated?: boolean }> } } }>(
  "cldr-bcp47/bcp47/timezone.json",
).keyword.u.tz;

const { metazoneInfo, metazones } = cldr<{
  supplemental: {
    metaZones: {
      metazoneInfo: { timezone: Tree<readonly ZoneUse[]> };
      metazones: readonly { mapZone: { _other: string; _type: string; _territory: string } }[];
    };
  };
}>("cldr-core/supplemental/metaZones.json").supplemental.metaZones;

const { primaryZones } = cldr<{ supplemental: { primaryZones: Record<string, string> } }>(
  "cldr-core/supplemental/primaryZones.json",
).supplemental;

const english = cldr<{
  main: { en: { dates: { timeZoneNames: { zone: Tree<Names>; metazone: Record<string, Names> } } } };
}>("cldr-dates-full/main/en/timeZoneNames.json").main.en.dates.timeZoneNames;

const territories = cldr<{ main: { en: { localeDisplayNames: { territories: Record<string, string> } } } }>(
  "cldr-localenames-full/main/en/territories.json",
).main.en.localeDisplayNames.territories;

/** What is at the end of the path that a zone's name is. */
function at<T>(tree: Tree<T>, name: string): T | undefined {
  let node: T | Tree<T> | undefined = tree;
  for (const step of name.split("/")) node = (node as Tree<T> | undefined)?.[step];
  return node as T | undefined;
}

/** Lists zones that are not UTC. */
export function identities(): readonly Identity[] {
  return Object.values(tz).flatMap(({ _alias, _iana, _deprecated }): readonly Identity[] => {
    if (_alias === undefined || _deprecated === true) return [];
    const names = _alias.split(" ");
    if (["Etc/UTC", "Etc/GMT", "Etc/Unknown"].includes(names[0]!)) return [];
    const name = _iana ?? names[0]!;
    return [{ name, cldr: names[0]!, others: names.filter((other) => other !== name) }];
  });
}

/** Names of UTC besides "UTC". */
export function namesOfUTC(): readonly string[] {
  return [tz["utc"]!, tz["gmt"]!].flatMap(({ _alias }) => _alias!.split(" ")).filter((name) => name !== "UTC");
}

const secondOfText = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Date.parse(`${text.replace(" ", "T")}:00Z`) / 1000;

/** "+01" or "-0330" in seconds. */
function offsetOfText(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(text)!;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes ?? 0) * 60);
}

/** The metazones of a zone, in order. */
export function usesOf(zone: string): readonly Use[] {
  return (at(metazoneInfo.timezone, zone) ?? []).map(({ usesMetazone }) => ({
    metazone: usesMetazone._mzone,
    from: secondOfText(usesMetazone._from, -Infinity),
    to: secondOfText(usesMetazone._to, Infinity),
    daylight: offsetOfText(usesMetazone._dstOffset),
  }));
}

/** The zone whose clocks a metazone follows in the United States: where another's differ, its name has the place added. */
export function goldenZone(metazone: string): string | undefined {
  const zones = metazones.map(({ mapZone }) => mapZone).filter(({ _other }) => _other === metazone);
  return (zones.find(({ _territory }) => _territory === "US") ?? zones.find(({ _territory }) => _territory === "001"))
    ?._type;
}

/** Countries of zones whose short name says another. */
const ELSEWHERE: Readonly<Record<string, string>> = { jeruslm: "IL", gazastrp: "PS", hebron: "PS", fimhq: "AX" };

/** The country of a zone: the first two letters of its short name say it. */
function countryOf(zone: string): string | undefined {
  const found = Object.entries(tz).find(([, { _alias }]) => _alias?.split(" ")[0] === zone);
  const country = found?.[0].slice(0, 2).toUpperCase();
  if (country === "UT" || country === undefined) return undefined;
  return ELSEWHERE[found![0]] ?? country;
}

const zonesOf = new Map<string, number>();
for (const { cldr: zone } of identities()) {
  const country = countryOf(zone);
  if (country !== undefined) zonesOf.set(country, (zonesOf.get(country) ?? 0) + 1);
}

export const hasCountry = (zone: string): boolean => countryOf(zone) !== undefined;

export function cityOf(zone: string): string {
  return at(english.zone, zone)?.exemplarCity ?? zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** The place that a zone is named after when it has no other name: a country with one zone, else a city. */
export function placeOf(zone: string): string {
  const country = countryOf(zone);
  const isAlone = country !== undefined && (zonesOf.get(country) === 1 || primaryZones[country] === zone);
  return (isAlone ? territories[country] : undefined) ?? cityOf(zone);
}

/** The name of a zone, or of its metazone, in English. */
export function englishName(
  zone: string,
  metazone: string | undefined,
  width: "long" | "short",
  kind: Kind,
): string | undefined {
  const own = at(english.zone, zone)?.[width]?.[kind];
  const name = own ?? (metazone === undefined ? undefined : english.metazone[metazone]?.[width]?.[kind]);
  return name === "∅∅∅" ? undefined : name;
}
