// Owns the rules of a time zone: the form in which sources of time zones give them, and the text that the core keeps
// (assembly/builtins/time-zone.ts). Must never find rules itself.

/** An offset from UTC with what a zone is called while it has it. */
export interface ZoneType {
  /** Seconds to be added to UTC. */
  readonly offset: number;
  /** In English; generic names do not tell summer from winter. */
  readonly long: string;
  readonly short?: string | undefined;
  readonly longGeneric?: string | undefined;
  readonly shortGeneric?: string | undefined;
}

/** Rules of one time zone. */
export interface ZoneRules {
  /** Its name as it is written. */
  readonly name: string;
  /** The primary one of all names of this zone, where it is another. */
  readonly primary?: string | undefined;
  /** At most 64; the first holds before the first change. */
  readonly types: readonly ZoneType[];
  /** From a second since 1970 on, the type with that index; in order, until the end of 2065: its last 28 years are repeated. */
  readonly changes: readonly (readonly [from: number, type: number])[];
}

/** A source of time zones: the host's Intl, or the package's own data (`fermata-vm/zones`). */
export interface TimeZones {
  /** Version of the IANA time zone database; undefined: whatever the host has. */
  readonly version: string | undefined;
  /** Returns the rules of a zone, whatever case its name is in; `"UTC"` for that; undefined if there is no such zone. */
  find(name: string): ZoneRules | "UTC" | undefined;
  /** Lists the primary names of all zones, sorted. */
  list(): readonly string[];
}

/** The years that the core repeats end here: second since 1970. */
export const ZONE_TABLE_END = Date.UTC(2066, 0, 1) / 1000;

const two = (n: number): string => String(n).padStart(2, "0");

/** What an offset is called: "GMT+05:30", short "GMT+5:30"; "GMT+00:00", "GMT+0". */
export function offsetName(offset: number, isLong: boolean): string {
  const size = Math.abs(offset);
  const [hours, minutes, seconds] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const rest =
    isLong || minutes !== 0 || seconds !== 0 ? `:${two(minutes)}${seconds === 0 ? "" : `:${two(seconds)}`}` : "";
  return `GMT${offset < 0 ? "-" : "+"}${isLong ? two(hours) : hours}${rest}`;
}

/** Returns the text of rules for the core. */
export function encodeZone({ name, primary, types, changes }: ZoneRules): string {
  const units = [types.length, changes.length];
  for (const { offset } of types) units.push((offset + 0x10_0000) >>> 16, (offset + 0x10_0000) & 0xffff);
  for (const [from, type] of changes) {
    const time = from + 2 ** 47;
    units.push(Math.floor(time / 2 ** 32), Math.floor(time / 2 ** 16) & 0xffff, time % 2 ** 16, type);
  }
  const lines = types.map(({ long, short, longGeneric, shortGeneric }) =>
    short === undefined ? long : [long, short, longGeneric ?? long, shortGeneric ?? short].join("\t"),
  );
  const names = primary === undefined || primary === name ? name : `${name}\t${primary}`;
  return String.fromCharCode(...units) + [names, ...lines].join("\n");
}
