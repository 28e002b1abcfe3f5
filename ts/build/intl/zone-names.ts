// Owns the sections of names of time zones: `zone-names` by locale, `zone-keys`, the English names by which they are found.

import { cldr, keyedSection, textSection } from "./locales.ts";

type Kinds = Readonly<Record<string, string>>;
interface Names {
  readonly long?: Kinds;
  readonly short?: Kinds;
}
interface ZoneNames {
  readonly hourFormat: string;
  readonly gmtFormat: string;
  readonly zone: Readonly<Record<string, Readonly<Record<string, Names>>>>;
  readonly metazone: Readonly<Record<string, Names>>;
}

const namesOf = (tag: string): ZoneNames =>
  cldr<{ main: Readonly<Record<string, { dates: { timeZoneNames: ZoneNames } }>> }>(
    `cldr-dates-full/main/${tag}/timeZoneNames.json`,
  ).main[tag]!.dates.timeZoneNames;

const KINDS = ["generic", "standard", "daylight"];
/** Zones with names of their own. */
const OWN = [
  ["Europe", "London"],
  ["Europe", "Dublin"],
  ["Pacific", "Honolulu"],
] as const;

/** All things that have names, in order. */
function everything(names: ZoneNames, english: ZoneNames): readonly (Names | undefined)[] {
  return [
    ...OWN.map(([area, city]) => names.zone[area]?.[city]),
    {
      long: { standard: names.zone["Etc"]?.["UTC"]?.long?.["standard"] ?? "" },
      short: names.zone["Etc"]?.["UTC"]?.short,
    },
    ...Object.keys(english.metazone).map((key) => names.metazone[key]),
  ];
}

const english = namesOf("en");

/** Rows `l` or `s`, number of the thing, number of the kind → name; `g` and `h`: how an offset is written. */
export function source(): string {
  return keyedSection((tag) => {
    const names = namesOf(tag);
    const rows: Record<string, string> = { g: names.gmtFormat, h: names.hourFormat };
    everything(names, english).forEach((own, index) => {
      KINDS.forEach((kind, k) => {
        const long = own?.long?.[kind];
        const short = own?.short?.[kind];
        if (long !== undefined && long !== "∅∅∅") rows[`l${index}.${k}`] = long;
        if (short !== undefined && short !== "∅∅∅") rows[`s${index}.${k}`] = short;
      });
    });
    return rows;
  });
}

/** `\tENGLISH NAME>number.kind\t…` */
export function keysSource(): string {
  const rows: string[] = [];
  everything(english, english).forEach((own, index) => {
    // A name that is generic and standard is found as the second.
    for (const k of [1, 2, 0]) {
      const long = own?.long?.[KINDS[k]!];
      if (long !== undefined && long !== "" && !rows.some((row) => row.startsWith(`${long}>`)))
        rows.push(`${long}>${index}.${k}`);
    }
  });
  return textSection(`\t${rows.join("\t")}\t`);
}
