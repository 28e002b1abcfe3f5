// Owns the time zones of the host's Intl: what a runtime uses unless it is given others. Must never be asked about one zone again and
// again: finding the changes of a zone takes milliseconds (time-zone.ts keeps them).

import { type TimeZones, ZONE_TABLE_END, type ZoneRules, type ZoneType } from "./zone-rules.ts";

const STEP_SECONDS = 14 * 86_400;
const YEAR_SECONDS = 366 * 86_400;
/** Before this time a zone changed at most once, from local mean time to the time of a railway or a country. */
const OFTEN_FROM = Date.UTC(1880, 0, 1) / 1000;
/** From this time on zones follow their current rules: a zone without a change in two years never changes. */
const SETTLED_FROM = Date.UTC(2040, 0, 1) / 1000;
/** Before this time every zone has its local mean time. */
const FIRST = Date.UTC(1840, 0, 1) / 1000;

/** The names of zones are taken from before this time. */
const NAMED_UNTIL = Date.UTC(2030, 0, 1) / 1000;

/** Names of a type. */
const NAME_FORMS = ["long", "short", "longGeneric", "shortGeneric"] as const;

/** The type that applies from a given second since 1970. */
type Transition = readonly [from: number, type: number];

/** Returns a function from a second to the offset in seconds. */
function offsetsOf(timeZone: string): (second: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (second) => {
    // "1/1/1970, GMT+01:00"
    const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(
      format.format(second * 1000),
    )!;
    if (sign === undefined) return 0;
    return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0));
  };
}

function namesOf(timeZone: string): (second: number) => Omit<ZoneType, "offset"> {
  const formats = NAME_FORMS.map((timeZoneName) => new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName }));
  return (second) => {
    const [long = "", short, longGeneric, shortGeneric] = formats.map(
      (f) => f.formatToParts(second * 1000).find(({ type }) => type === "timeZoneName")?.value ?? timeZone,
    );
    return { long, short, longGeneric, shortGeneric };
  };
}

/** Returns the first second in `from` … `to` whose offset differs from `offset`, the offset at `from`. */
function changeBetween(offsetAt: (second: number) => number, from: number, to: number, offset: number): number {
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetAt(middle) === offset) from = middle;
    else to = middle;
  }
  return to;
}

function scan(name: string): ZoneRules {
  const offsetAt = offsetsOf(name);
  const nameAt = namesOf(name);
  const types: { readonly offset: number; last: number }[] = [];
  /** Returns the type with that offset, named as it was most recently; `second` is a time at which it applies. */
  const typeAt = (second: number, offset: number): number => {
    const known = types.findIndex((type) => type.offset === offset);
    const type = known < 0 ? types.push({ offset, last: second }) - 1 : known;
    if (second < NAMED_UNTIL) types[type]!.last = second;
    return type;
  };
  const transitions: Transition[] = [];
  let at = FIRST;
  let from = FIRST;
  let offset = offsetAt(at);
  const end = (): void => {
    // Hosts know the names of future years less well than their offsets, and alter them where the clocks are about to change.
    const type = typeAt(Math.max(from, Math.floor((from + Math.min(at, NAMED_UNTIL)) / 2)), offset);
    if (from !== FIRST) transitions.push([from, type]);
  };
  while (at < ZONE_TABLE_END) {
    if (at > SETTLED_FROM && at - from > 2 * YEAR_SECONDS) at = ZONE_TABLE_END;
    const next = Math.min(at + (at < OFTEN_FROM ? YEAR_SECONDS : STEP_SECONDS), ZONE_TABLE_END);
    if (offsetAt(next) === offset) {
      at = next;
      continue;
    }
    at = changeBetween(offsetAt, at, next, offset);
    end();
    from = at;
    offset = offsetAt(at);
  }
  end();
  return { name, types: types.map(({ offset, last }) => ({ offset, ...nameAt(last) })), changes: transitions };
}

/** The time zones of the host's Intl. */
export const hostZones: TimeZones = {
  version: undefined,
  find(name) {
    let canonical: string;
    try {
      canonical = new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      return undefined;
    }
    return canonical === "UTC" ? canonical : scan(canonical);
  },
  list: () => Intl.supportedValuesOf("timeZone"),
};
