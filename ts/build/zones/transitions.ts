// Owns when each time zone changes its offset, from the data of moment-timezone, which reach beyond the year 2400. From them it finds
// the rule that goes on for ever. Must never ask the host's Intl.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The offset from UTC that applies from a second since 1970 on, in seconds. */
export interface Change {
  readonly from: number;
  readonly offset: number;
}

/** A day of each year, as in the variable TZ of POSIX: weekday `day` of week `week` (5: the last) of `month`, and seconds after its midnight. */
export interface YearlyDay {
  readonly month: number;
  readonly week: number;
  readonly day: number;
  readonly seconds: number;
}

/** The offset from UTC that applies from a day of each year on, the day being one of UTC. */
export interface YearlyChange extends YearlyDay {
  readonly offset: number;
}

export interface Transitions {
  /** The offset before the first change. */
  readonly first: number;
  readonly changes: readonly Change[];
  /** Changes of every year after the last of `changes`; none or two. */
  readonly yearly: readonly YearlyChange[];
}

const DAY = 86_400;
/** Rules are inferred from 28 years: the weekdays of all dates. */
const INFER_FROM = 2110;
const INFER_TO = 2137;

interface Packed {
  readonly version: string;
  readonly zones: readonly string[];
  readonly links: readonly string[];
}

export function packedZones(root: string): Packed {
  const file = join(root, "node_modules/moment-timezone/data/packed/latest.json");
  return JSON.parse(readFileSync(file, "utf8")) as Packed;
}

/** A number of moment-timezone: base 60, with a fraction. */
function base60(text: string): number {
  const digit = (c: string): number => {
    const code = c.charCodeAt(0);
    return code > 96 ? code - 87 : code > 64 ? code - 29 : code - 48;
  };
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  let n = 0;
  for (const c of whole) n = n * 60 + digit(c);
  let part = 1 / 60;
  for (const c of fraction) {
    n += digit(c) * part;
    part /= 60;
  }
  return text.startsWith("-") ? -n : n;
}

/** Seconds since 1970 at which such a day of a year is. */
export function secondOf(year: number, { month, week, day, seconds }: YearlyDay): number {
  const first = Date.UTC(year, month - 1, 1) / 1000;
  const weekday = (4 + first / DAY) % 7;
  let at = first + (((day - weekday + 7) % 7) + (week - 1) * 7) * DAY;
  if (at >= Date.UTC(year, month, 1) / 1000) at -= 7 * DAY;
  return at + seconds;
}

/** The one day that all these seconds, one a year, are. */
function yearlyDay(zone: string, seconds: readonly number[]): YearlyDay {
  // Most rules are about the day on which the change is in UTC; some are about the day before or after it.
  for (const shift of [0, 1, -1, 2, -2]) {
    for (let week = 1; week <= 5; week++) {
      const base = new Date((seconds[0]! - shift * DAY) * 1000);
      const day = {
        month: base.getUTCMonth() + 1,
        week,
        day: base.getUTCDay(),
        seconds: (((seconds[0]! % DAY) + DAY) % DAY) + shift * DAY,
      };
      if (seconds.every((second, index) => secondOf(INFER_FROM + index, day) === second)) return day;
    }
  }
  throw new Error(`${zone} follows no rule that is known`);
}

/** The changes of every year, from the last that are known. */
function yearlyOf(zone: string, changes: readonly Change[]): readonly YearlyChange[] {
  const late = changes.filter(
    ({ from }) => from >= Date.UTC(INFER_FROM, 0, 1) / 1000 && from < Date.UTC(INFER_TO + 1, 0, 1) / 1000,
  );
  if (late.length === 0) return [];
  const years = INFER_TO - INFER_FROM + 1;
  if (late.length !== 2 * years) throw new Error(`${zone} does not change twice a year`);
  return [0, 1].map((which) => {
    const own = late.filter((_, index) => index % 2 === which);
    return {
      ...yearlyDay(
        zone,
        own.map(({ from }) => from),
      ),
      offset: own[0]!.offset,
    };
  });
}

/** The first change of the rule after a second. */
export function nextYearly(yearly: readonly YearlyChange[], after: number): Change {
  for (let year = new Date(after * 1000).getUTCFullYear(); ; year++) {
    const own = yearly.map((one) => ({ from: secondOf(year, one), offset: one.offset }));
    const [next] = own.filter(({ from }) => from > after).sort((a, b) => a.from - b.from);
    if (next !== undefined) return next;
  }
}

/** Leaves out the last changes that the rule makes too. */
function withoutYearly(changes: readonly Change[], yearly: readonly YearlyChange[]): readonly Change[] {
  if (yearly.length === 0) return changes;
  let end = changes.length;
  while (end > 1) {
    const next = nextYearly(yearly, changes[end - 2]!.from);
    if (next.from !== changes[end - 1]!.from || next.offset !== changes[end - 1]!.offset) break;
    end--;
  }
  return changes.slice(0, end);
}

/** Reads a zone of moment-timezone: `name|abbreviations|offsets|indices|times|population`. */
export function transitionsOf(packed: string): Transitions {
  const [zone = "", , offsets = "", indices = "", times = ""] = packed.split("|");
  const seconds = offsets.split(" ").map((text) => -Math.round(base60(text) * 60));
  const order = [...indices].map((c) => seconds[base60(c)]!);
  let at = 0;
  const changes: Change[] = [];
  const steps = times === "" ? [] : times.split(" ");
  steps.forEach((step, index) => {
    at += Math.round(base60(step) * 60);
    const offset = order[index + 1]!;
    if (offset !== (changes.at(-1)?.offset ?? order[0])) changes.push({ from: at, offset });
  });
  const yearly = yearlyOf(zone, changes);
  return { first: order[0] ?? seconds[0]!, changes: withoutYearly(changes, yearly), yearly };
}
