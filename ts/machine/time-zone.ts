// Owns the rules of the time zones of a machine: for the program's own zone at its start, for another zone when the program first names
// it. They come from the source that the runtime has. From then on the rules are data of the machine (assembly/builtins/time-zone.ts has
// their form), so that a program sees the same times wherever and whenever it is resumed. UTC needs no rules. Must never make the rules of
// a zone twice for one machine.

import { LimitError } from "../errors.ts";
import type { Machine } from "./machine.ts";
import { putValue } from "./marshal.ts";
import { encodeZone, offsetName, type TimeZones, type ZoneType } from "./zone-rules.ts";

/** Source → upper case of a zone's name → its text for the core. */
const known = new WeakMap<TimeZones, Map<string, string>>();

function refuse(name: unknown): never {
  throw new RangeError(`unknown time zone ${typeof name === "string" ? JSON.stringify(name) : String(name)}`);
}

/** Parses "+02:00", "-0530" or "+9" to an offset with its name; returns undefined for anything else. */
function fixedOffset(name: string): ZoneType | undefined {
  const match = /^([+-])(\d\d?)(?::?([0-5]\d))?$/.exec(name);
  if (match === null) return undefined;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? 0);
  if (hours > 23) refuse(name);
  const offset = (match[1] === "-" ? -60 : 60) * (hours * 60 + minutes);
  return { offset, long: offset === 0 ? `GMT${match[1]!}00:00` : offsetName(offset, true) };
}

/** Returns the core's answer for a zone that the guest names: its rules, "UTC", or "" if there is no such zone. */
export function namedZone(name: string, zones: TimeZones): string {
  try {
    return timeZoneRules(name, zones) ?? "UTC";
  } catch {
    return "";
  }
}

/**
 * Returns the rules of a zone, undefined for UTC.
 *
 * @throws RangeError for a name that the source does not know
 */
export function timeZoneRules(name: string, zones: TimeZones): string | undefined {
  if (name === "UTC") return undefined;
  if (typeof name !== "string") refuse(name);
  const fixed = fixedOffset(name);
  if (fixed !== undefined) return encodeZone({ name, types: [fixed], changes: [] });
  let texts = known.get(zones);
  if (texts === undefined) known.set(zones, (texts = new Map()));
  const key = name.toUpperCase();
  let text = texts.get(key);
  if (text === undefined) {
    const found = zones.find(name) ?? refuse(name);
    if (found === "UTC") return undefined;
    text = encodeZone(found);
    texts.set(key, text);
  }
  return text;
}

/** Stores the rules of its time zone in a machine. */
export function setTimeZone(machine: Machine, name: string, zones: TimeZones): void {
  const rules = timeZoneRules(name, zones);
  if (rules === undefined) return;
  const answer = machine.exports.setTimeZone(putValue(machine, rules, "timeZone"));
  if (answer === 2) throw new LimitError("memoryBytes", machine.word("memoryLimit"), machine.exports.usedMemory());
  if (answer !== 0) refuse(name);
}
