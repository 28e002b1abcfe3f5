// Owns the packed data of `fermata-vm/zones`, which ts/zones/index.ts reads: one text. Must never be shipped itself.
//
//   line 0  version of the tzdb
//   line 1  names of UTC besides "UTC", with spaces
//   line 2  what zones are called, with tabs: long, short, long generic, short generic, with `^` between them. Where a name is
//           empty, the offset is in its place. Generic: `=` is the long name, `~` alone "PLACE Time", as are both where they are left
//           out; in parentheses it is the place.
//   line 3  changes of each year, with tabs: month, week, weekday, seconds after its midnight, again for the second change, with spaces
//   others  a zone each, with tabs: name, and all that mean the same, with spaces · place · types: offset in seconds in base 36, a colon, number
//           of the names · indices of the types as letters: that before the first change, that after each, and, if there is a rule for
//           each year, the two that it changes to · seconds between the changes in base 36, with spaces; the first since 1970 · number of the
//           yearly changes, or nothing. A line `=NAME` in place of the last four: they are those of that zone.

import { type Change, nextYearly, packedZones, type Transitions, transitionsOf } from "./transitions.ts";
import {
  cityOf,
  englishName,
  goldenZone,
  hasCountry,
  identities,
  type Kind,
  namesOfUTC,
  placeOf,
  type Use,
  usesOf,
} from "./names.ts";

/** Where names are those of one time, it is this. */
const NOW = Date.UTC(2029, 6) / 1000;
const HALF_A_YEAR = 184 * 86_400;
/** Yearly changes are tried until here when names are sought. */
const UNTIL = Date.UTC(2066, 0) / 1000;

/** A time in which a zone has one offset and one set of names. */
interface Span extends Change {
  readonly use: Use | undefined;
  readonly isDaylight: boolean;
}

/** All changes of a zone until the end of the core's table. */
function expanded({ first, changes, yearly }: Transitions): readonly Change[] {
  const all = [{ from: -Infinity, offset: first }, ...changes];
  if (yearly.length === 0) return all;
  let next = nextYearly(yearly, changes.at(-1)!.from);
  for (; next.from < UNTIL; next = nextYearly(yearly, next.from)) all.push(next);
  return all;
}

/** Is the offset that of summer? CLDR says it for some zones; elsewhere it is higher than before and after, for less than ten months. */
function isSummer(all: readonly Change[], index: number, use: Use | undefined): boolean {
  const { offset, from } = all[index]!;
  if (use?.daylight !== undefined) return offset === use.daylight;
  const before = all[index - 1];
  const after = all[index + 1];
  if (before === undefined) return false;
  if (after === undefined) return false;
  const isLong = after.from - from > 300 * 86_400;
  const isWar = from >= Date.UTC(1940, 0) / 1000 && after.from < Date.UTC(1946, 0) / 1000;
  return offset > before.offset && (offset > after.offset || after.offset > offset) && (!isLong || isWar);
}

function spansOf(zone: string, transitions: Transitions): readonly Span[] {
  const all = expanded(transitions);
  const uses = usesOf(zone);
  const useAt = (second: number): Use | undefined => uses.find(({ from, to }) => from <= second && second < to);
  const spans: Span[] = [];
  all.forEach(({ from, offset }, index) => {
    const until = all[index + 1]?.from ?? Infinity;
    const cuts = [from, ...uses.map((use) => use.from), ...uses.map(({ to }) => to)];
    for (const cut of [...new Set(cuts)].filter((at) => at >= from && at < until).sort((a, b) => a - b)) {
      const use = useAt(cut);
      spans.push({ from: cut, offset, use, isDaylight: isSummer(all, index, use) });
    }
  });
  return spans;
}

export interface PackedZone {
  readonly names: readonly string[];
  readonly data: string;
}

class Table {
  readonly #places = new Map<string, number>();

  place(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#places.size);
    return this.#places.size - 1;
  }

  get texts(): readonly string[] {
    return [...this.#places.keys()];
  }
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The span in force at a second. */
const spanAt = (spans: readonly Span[], second: number): Span => spans.findLast(({ from }) => from <= second)!;

/** Generic names of a zone at a span: https://unicode.org/reports/tr35/tr35-dates.html#Time_Zone_Format_Terminology */
function genericName(
  zone: string,
  spans: readonly Span[],
  index: number,
  width: "long" | "short",
  spansOfZone: (zone: string) => readonly Span[],
): string {
  const { use, offset, from, isDaylight } = spans[index]!;
  const until = spans[index + 1]?.from ?? Infinity;
  // Of a short time the middle, of a long one its end: nearest to now.
  const when = until - from < HALF_A_YEAR * 2 ? (from + until) / 2 : Math.max(from, Math.min(until - 1, NOW));
  const place = hasCountry(zone) ? "~" : "";
  const name = englishName(zone, use?.metazone, width, "generic");
  if (use === undefined) return place;
  const isNearSummer = spans.some(
    (one, at) =>
      one.isDaylight && one.from < when + HALF_A_YEAR && (spans[at + 1]?.from ?? Infinity) > when - HALF_A_YEAR,
  );
  if (!isDaylight && !isNearSummer) {
    const standard = englishName(zone, use.metazone, width, "standard");
    if (standard !== undefined && standard !== name) return standard;
  }
  if (name === undefined) return place;
  const golden = goldenZone(use.metazone);
  if (golden !== undefined && golden !== zone) {
    const other = spanAt(spansOfZone(golden), when);
    if (other.offset !== offset || other.isDaylight !== isDaylight) {
      return `${name} (~)`;
    }
  }
  return name;
}

function namesOf(
  zone: string,
  spans: readonly Span[],
  index: number,
  spansOfZone: (zone: string) => readonly Span[],
): string {
  const { use, isDaylight } = spans[index]!;
  const kind: Kind = isDaylight ? "daylight" : "standard";
  const [long, short] = (["long", "short"] as const).map(
    (width) => englishName(zone, use?.metazone, width, kind) ?? "",
  );
  const generic = (["long", "short"] as const).map((width) => genericName(zone, spans, index, width, spansOfZone));
  return [long, short, generic[0] === long ? "=" : generic[0], generic[1]].join("^").replace(/\^~\^~$/, "");
}

/** The text of the data. */
export function packZones(root: string): string {
  const packed = packedZones(root);
  const sources = new Map(packed.zones.map((zone) => [zone.slice(0, zone.indexOf("|")), zone]));
  for (const link of packed.links) {
    const [target = "", name = ""] = link.split("|");
    sources.set(name, sources.get(target)!);
  }
  const all = identities();
  const transitions = new Map(
    all.map(({ name, cldr }) => [cldr, transitionsOf(sources.get(name) ?? sources.get(cldr)!)]),
  );
  const made = new Map<string, readonly Span[]>();
  const spansOfZone = (zone: string): readonly Span[] => {
    let spans = made.get(zone);
    if (spans === undefined) made.set(zone, (spans = spansOf(zone, transitions.get(zone)!)));
    return spans;
  };
  const names = new Table();
  const rules = new Table();
  const known = new Map<string, string>();
  const lines = all.map(({ name, cldr, others }) => {
    const data = zoneData(cldr, transitions.get(cldr)!, spansOfZone, names, rules);
    const first = known.get(data);
    if (first === undefined) known.set(data, name);
    const place =
      placeOf(cldr) === cityOf(name) && cityOf(name) === name.slice(name.lastIndexOf("/") + 1) ? "" : placeOf(cldr);
    return `${[name, ...others.filter((other) => sources.has(other))].join(" ")}\t${place}\t${first === undefined ? data : `=${first}`}`;
  });
  return [packed.version, namesOfUTC().join(" "), names.texts.join("\t"), rules.texts.join("\t"), ...lines].join("\n");
}

function zoneData(
  zone: string,
  { changes, yearly }: Transitions,
  spansOfZone: (zone: string) => readonly Span[],
  names: Table,
  rules: Table,
): string {
  const spans = spansOfZone(zone);
  const last = changes.at(-1)?.from ?? -Infinity;
  const kinds = new Map<string, number>();
  // The names of a type are those of its last time.
  const keyOf = ({ offset, use, isDaylight }: Span): string => `${offset} ${use?.metazone} ${isDaylight}`;
  const latest = new Map<string, number>();
  spans.forEach((span, index) => {
    if (span.from < Date.UTC(2030, 0) / 1000) latest.set(keyOf(span), index);
  });
  const types = new Table();
  const letter = (span: Span): string => {
    const key = keyOf(span);
    const number = names.place(namesOf(zone, spans, latest.get(key) ?? spans.indexOf(span), spansOfZone));
    const type = types.place(`${span.offset.toString(36)}:${number}`);
    kinds.set(key, type);
    return LETTERS[type]!;
  };
  let indices = letter(spans[0]!);
  const steps: string[] = [];
  let before = 0;
  const lastUse = spans.findLast(
    ({ use, from }, index) => index > 0 && use !== spans[index - 1]!.use && from > last,
  )?.from;
  for (const span of spans.slice(1)) {
    if (span.from > last && span.from > (lastUse ?? -Infinity)) break;
    const own = letter(span);
    if (own === indices.at(-1)) continue;
    steps.push((span.from - before).toString(36));
    before = span.from;
    indices += own;
  }
  let rule = "";
  if (yearly.length > 0) {
    rule = String(
      rules.place(yearly.map(({ month, week, day, seconds }) => `${month} ${week} ${day} ${seconds}`).join(" ")),
    );
    for (const { offset } of yearly)
      indices += letter(spans.findLast((span) => span.offset === offset && span.from < NOW)!);
  }
  return [types.texts.join(" "), indices, steps.join(" "), rule].join("\t");
}
