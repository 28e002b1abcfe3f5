// Owns making a time zone's rules from the host's Intl: for the program's own zone at its start, for another zone when the program
// first names it. From then on the rules are data of the machine (assembly/builtins/time-zone.ts has their form), so that a program
// sees the same times wherever and whenever it is resumed. UTC needs no rules. Must never make the rules of a zone twice for one
// machine.

import { LimitError } from "../errors.ts";
import type { Machine } from "./machine.ts";
import { putValue } from "./marshal.ts";

const STEP_SECONDS = 14 * 86_400;
const YEAR_SECONDS = 366 * 86_400;
/** Before this time a zone changed at most once, from local mean time to the time of a railway or a country. */
const OFTEN_FROM = Date.UTC(1880, 0, 1) / 1000;
/** From this time on zones follow their current rules: a zone without a change in two years never changes. */
const SETTLED_FROM = Date.UTC(2040, 0, 1) / 1000;
/** Before this time every zone has its local mean time. */
const FIRST = Date.UTC(1840, 0, 1) / 1000;
/** The end of the years that the core repeats. */
const LAST = Date.UTC(2066, 0, 1) / 1000;

/** The names of zones are taken from before this time. */
const NAMED_UNTIL = Date.UTC(2030, 0, 1) / 1000;

/** An offset from UTC in seconds, with its display names: see NAME_FORMS. */
interface LocalType {
  readonly offset: number;
  readonly name: string;
}

/** Names of a type, in the order in which its line has them, with tabs between them; a fixed offset has only the first. */
const NAME_FORMS = ["long", "short", "longGeneric", "shortGeneric"] as const;

/** The type that applies from a given second since 1970. */
type Transition = readonly [from: number, type: number];

const known = new Map<string, string>();

function refuse(name: unknown, cause?: unknown): never {
  throw new RangeError(`unknown time zone ${typeof name === "string" ? JSON.stringify(name) : String(name)}`, {
    cause,
  });
}

const two = (n: number): string => String(n).padStart(2, "0");

/** Parses "+02:00", "-0530" or "+9" to an offset with its name; returns undefined for anything else. */
function fixedOffset(name: string): LocalType | undefined {
  const match = /^([+-])(\d\d?)(?::?([0-5]\d))?$/.exec(name);
  if (match === null) return undefined;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? 0);
  if (hours > 23) refuse(name);
  return {
    offset: (match[1] === "-" ? -60 : 60) * (hours * 60 + minutes),
    name: `GMT${match[1]!}${two(hours)}:${two(minutes)}`,
  };
}

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

function namesOf(timeZone: string): (second: number) => string {
  const formats = NAME_FORMS.map((timeZoneName) => new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName }));
  return (second) =>
    formats
      .map((f) => f.formatToParts(second * 1000).find(({ type }) => type === "timeZoneName")?.value ?? timeZone)
      .join("\t");
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

function encode(name: string, types: readonly LocalType[], transitions: readonly Transition[]): string {
  const units = [types.length, transitions.length];
  for (const { offset } of types) units.push((offset + 0x10_0000) >>> 16, (offset + 0x10_0000) & 0xffff);
  for (const [from, type] of transitions) {
    const time = from + 2 ** 47;
    units.push(Math.floor(time / 2 ** 32), Math.floor(time / 2 ** 16) & 0xffff, time % 2 ** 16, type);
  }
  return String.fromCharCode(...units) + [name, ...types.map((type) => type.name)].join("\n");
}

function scan(name: string): string {
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
  while (at < LAST) {
    if (at > SETTLED_FROM && at - from > 2 * YEAR_SECONDS) at = LAST;
    const next = Math.min(at + (at < OFTEN_FROM ? YEAR_SECONDS : STEP_SECONDS), LAST);
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
  const named = types.map(({ offset, last }) => ({ offset, name: nameAt(last) }));
  return encode(name, named, transitions);
}

/** Returns the core's answer for a zone that the guest names: its rules, "UTC", or "" if the host does not know it. */
export function namedZone(name: string): string {
  try {
    return timeZoneRules(name) ?? "UTC";
  } catch {
    return "";
  }
}

/**
 * Returns the rules of a zone, undefined for UTC.
 *
 * @throws RangeError for a name that the host does not know
 */
export function timeZoneRules(name: string): string | undefined {
  if (name === "UTC") return undefined;
  let rules = known.get(name);
  if (rules !== undefined) return rules;
  if (typeof name !== "string") refuse(name);
  const fixed = fixedOffset(name);
  if (fixed !== undefined) rules = encode(name, [fixed], []);
  else {
    let canonical: string;
    try {
      canonical = new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
    } catch (error) {
      refuse(name, error);
    }
    if (canonical === "UTC") return undefined;
    rules = scan(canonical);
  }
  known.set(name, rules);
  return rules;
}

/** Stores the rules of its time zone in a machine. */
export function setTimeZone(machine: Machine, name: string): void {
  const rules = timeZoneRules(name);
  if (rules === undefined) return;
  const answer = machine.exports.setTimeZone(putValue(machine, rules, "timeZone"));
  if (answer === 2) throw new LimitError("memoryBytes", machine.word("memoryLimit"), machine.exports.usedMemory());
  if (answer !== 0) refuse(name);
}
