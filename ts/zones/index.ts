// Owns the entry `fermata-vm/zones`: the IANA time zones as data of the package. Must never ask the host's Intl.

import { data } from "#zones";
import { offsetName, type TimeZones, ZONE_TABLE_END, type ZoneRules, type ZoneType } from "../machine/zone-rules.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DAY = 86_400;

/** The data, cut into lines; of zones, the names in upper case lead to theirs. */
interface Opened {
  readonly version: string;
  readonly names: readonly string[];
  readonly yearly: readonly string[];
  readonly lines: readonly string[];
  /** Upper case → number of the line; -1 for UTC. */
  readonly places: ReadonlyMap<string, number>;
}

let opened: Opened | undefined;

function open(): Opened {
  if (opened !== undefined) return opened;
  const [version = "", utc = "", names = "", yearly = "", ...lines] = data.split("\n");
  const places = new Map(["UTC", ...utc.split(" ")].map((name) => [name.toUpperCase(), -1]));
  lines.forEach((line, index) => {
    for (const name of line.slice(0, line.indexOf("\t")).split(" ")) places.set(name.toUpperCase(), index);
  });
  opened = { version, names: names.split("\t"), yearly: yearly.split("\t"), lines, places };
  return opened;
}

function typeOf(text: string, place: string, names: readonly string[]): ZoneType {
  const [seconds = "", number = ""] = text.split(":");
  const offset = parseInt(seconds, 36);
  const [long = "", short = "", longGeneric = "~", shortGeneric = "~"] = names[Number(number)]!.split("^");
  const own = long === "" ? offsetName(offset, true) : long;
  const generic = (name: string, isLong: boolean): string =>
    name === ""
      ? offsetName(offset, isLong)
      : name === "="
        ? own
        : name === "~"
          ? `${place} Time`
          : name.replace("~", place);
  return {
    offset,
    long: own,
    short: short === "" ? offsetName(offset, false) : short,
    longGeneric: generic(longGeneric, true),
    shortGeneric: generic(shortGeneric, false),
  };
}

/** The second of a year at which a yearly change is: [month, week, weekday, seconds]. */
function secondOf(year: number, [month, week, day, seconds]: readonly number[]): number {
  const first = Date.UTC(year, month! - 1, 1) / 1000;
  const weekday = (((4 + first / DAY) % 7) + 7) % 7;
  let at = first + (((day! - weekday + 7) % 7) + (week! - 1) * 7) * DAY;
  if (at >= Date.UTC(year, month!, 1) / 1000) at -= 7 * DAY;
  return at + seconds!;
}

/** Adds the changes of each year after the last that is known. */
function addYearly(changes: [number, number][], rule: readonly number[], kinds: readonly [number, number]): void {
  const last = changes.at(-1)![0];
  for (let year = new Date(last * 1000).getUTCFullYear(); ; year++) {
    const own: [number, number][] = [
      [secondOf(year, rule.slice(0, 4)), kinds[0]],
      [secondOf(year, rule.slice(4)), kinds[1]],
    ];
    for (const change of own.sort((a, b) => a[0] - b[0])) {
      if (change[0] >= ZONE_TABLE_END) return;
      if (change[0] > last) changes.push(change);
    }
  }
}

function rulesOf(name: string, line: string, { names, yearly, lines, places }: Opened): ZoneRules {
  const [all = "", ownPlace = "", ...fields] = line.split("\t");
  const known = all.split(" ");
  const primary = known[0]!;
  const written = known.find((one) => one.toUpperCase() === name.toUpperCase())!;
  const same = /^=(.+)$/.exec(fields[0]!);
  const source = same === null ? fields : lines[places.get(same[1]!.toUpperCase())!]!.split("\t").slice(2);
  const [types = "", indices = "", steps = "", rule = ""] = source;
  const place = ownPlace === "" ? primary.slice(primary.lastIndexOf("/") + 1).replaceAll("_", " ") : ownPlace;
  const order = [...indices].map((letter) => LETTERS.indexOf(letter));
  let at = 0;
  const changes = (steps === "" ? [] : steps.split(" ")).map((step, index): [number, number] => {
    at += parseInt(step, 36);
    return [at, order[index + 1]!];
  });
  if (rule !== "") addYearly(changes, yearly[Number(rule)]!.split(" ").map(Number), [order.at(-2)!, order.at(-1)!]);
  return { name: written, primary, types: types.split(" ").map((type) => typeOf(type, place, names)), changes };
}

/** The time zones of one version of the IANA database, with their names in English. Give them to `createRuntime({ zones })`. */
const zones: TimeZones = {
  get version() {
    return open().version;
  },
  find(name) {
    const all = open();
    const place = all.places.get(name.toUpperCase());
    if (place === undefined) return undefined;
    return place < 0 ? "UTC" : rulesOf(name, all.lines[place]!, all);
  },
  list() {
    return ["UTC", ...open().lines.map((line) => /^[^ \t]+/.exec(line)![0])].sort();
  },
};

export default zones;
export type { TimeZones, ZoneRules, ZoneType };
