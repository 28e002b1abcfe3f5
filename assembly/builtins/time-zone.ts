// Owns the rules of the machine's time zone: a text in VM_TIME_ZONE that the wrapper made from the host's data
// (ts/machine/time-zone.ts), an input like the clock. Must never use another source, and never trust the text before isTimeZone.
//
//   undefined   UTC
//   text        code units: types T · transitions N · T × {offset in seconds + 2^20: high 16 bits, low 16 bits}
//               N × {time in seconds + 2^47: high, middle, low 16 bits; type from then on} · lines of names: of the zone, then of each
//               type, a newline before every one but the first. Type 0 holds before the first transition. The zone's names
//               have a tab between them: as it is written, and the primary one if that is another. So have a type's: long, short, long and
//               short generic; all but the first may be missing.
//
// After the last transition, the last 28 years before 2066 repeat, as weekdays and leap years do. The table reaches that far if
// the zone's rules do.
import { dayOf, fieldOf, MS_PER_DAY, splitTime, YEAR } from "../core/time";
import { addressOf, isString, Value } from "../core/value";
import { VM_TIME_ZONE } from "../generated/layout";
import { substring } from "../strings/single-chars";
import { codeUnitAt, lengthOf } from "../strings/string";

const MAX_TYPES: i32 = 64;
const MAX_TRANSITIONS: i32 = 4096;
/** Last year of the table. */
const LAST_YEAR: i32 = 2065;
const TAB: i32 = 9;
const NEWLINE: i32 = 10;

// @ts-ignore: decorator
@inline
function unit(zone: usize, i: i32): f64 {
  return <f64>codeUnitAt(zone, i);
}
/** Milliseconds to be added to UTC in that type. */
function typeOffset(zone: usize, type: i32): f64 {
  return (unit(zone, 2 + type * 2) * 65536 + unit(zone, 3 + type * 2) - 1048576) * 1000;
}
/** Where transition i begins. */
// @ts-ignore: decorator
@inline
function transition(zone: usize, i: i32): i32 {
  return 2 + codeUnitAt(zone, 0) * 2 + i * 4;
}
/** Milliseconds since 1970 at which a transition takes place. */
function transitionTime(zone: usize, i: i32): f64 {
  const at = transition(zone, i);
  return ((unit(zone, at) * 65536 + unit(zone, at + 1)) * 65536 + unit(zone, at + 2) - 140737488355328.0) * 1000;
}

/** True if the value can be stored in VM_TIME_ZONE. */
export function isTimeZone(v: Value): bool {
  if (!isString(v)) return false;
  const zone = addressOf(v);
  const length = lengthOf(zone);
  if (length < 4) return false;
  const types = codeUnitAt(zone, 0);
  const count = codeUnitAt(zone, 1);
  if (types < 1 || types > MAX_TYPES || count > MAX_TRANSITIONS) return false;
  const names = transition(zone, count);
  if (length < names || length > names + 4096) return false;
  for (let i = 0; i < types; i++) if (abs<f64>(typeOffset(zone, i)) >= MS_PER_DAY) return false;
  let before = -Infinity;
  for (let i = 0; i < count; i++) {
    const time = transitionTime(zone, i);
    if (!(time > before) || codeUnitAt(zone, transition(zone, i) + 3) >= types) return false;
    before = time;
  }
  let lines = 1;
  for (let i = names; i < length; i++) if (codeUnitAt(zone, i) == NEWLINE) lines++;
  return lines == types + 1;
}

/** A time in a year of the table with the same rules: as many days into a year that has the same length and first weekday. */
function knownTime(t: f64): f64 {
  splitTime(t);
  const year = fieldOf(YEAR);
  if (year <= LAST_YEAR) return t;
  const first = dayOf(year, 0, 1);
  const days = dayOf(year + 1, 0, 1) - first;
  let other = LAST_YEAR;
  while (dayOf(other + 1, 0, 1) - dayOf(other, 0, 1) != days || (first - dayOf(other, 0, 1)) % 7 != 0) other--;
  return t - <f64>(first - dayOf(other, 0, 1)) * MS_PER_DAY;
}

/** Type in force at a finite time. */
function typeAt(zone: usize, t: f64): i32 {
  let low = 0;
  let high = codeUnitAt(zone, 1);
  if (high == 0) return 0;
  const time = knownTime(t);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (transitionTime(zone, middle) <= time) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? 0 : codeUnitAt(zone, transition(zone, low - 1) + 3);
}

/** Milliseconds to be added to a finite time in UTC. */
export function offsetAt(t: f64): f64 {
  return offsetIn(load<u64>(VM_TIME_ZONE), t);
}
/** As offsetAt, but in a zone that isTimeZone has checked, or in UTC. */
export function offsetIn(v: Value, t: f64): f64 {
  return isString(v) ? typeOffset(addressOf(v), typeAt(addressOf(v), t)) : 0;
}

/** https://tc39.es/ecma262/#sec-localtime */
export function localTime(t: f64): f64 {
  return t + offsetAt(t);
}

/** https://tc39.es/ecma262/#sec-utc-t: of two possible times the earlier; in a gap, with the offset from before it. */
export function utcTime(t: f64): f64 {
  if (!isString(load<u64>(VM_TIME_ZONE)) || !(abs<f64>(t) < 2 * 8640000000000000.0)) return t;
  const before = t - offsetAt(t - MS_PER_DAY);
  if (before + offsetAt(before) == t) return before;
  const after = t - offsetAt(t + MS_PER_DAY);
  return after + offsetAt(after) == t ? after : before;
}

/** Line `n` of the names. */
function zoneName(zone: usize, n: i32): usize {
  const length = lengthOf(zone);
  let from = transition(zone, codeUnitAt(zone, 1));
  for (let i = from; n > 0; i++) {
    if (codeUnitAt(zone, i) == NEWLINE) {
      n--;
      from = i + 1;
    }
  }
  let to = from;
  while (to < length && codeUnitAt(zone, to) != NEWLINE) to++;
  return substring(zone, from, to);
}

/** The name of the machine's zone at a finite time; 0: UTC. */
export function zoneNameAt(t: f64): usize {
  return nameIn(load<u64>(VM_TIME_ZONE), t, 0);
}
/** The name of that form; 4, 5: the zone's own. In a zone that isTimeZone has checked. 0: in UTC, or when there is no name of that form. */
export function nameIn(v: Value, t: f64, form: i32): usize {
  if (!isString(v)) return 0;
  if (form > 3) return part(zoneName(addressOf(v), 0), form - 4);
  return part(zoneName(addressOf(v), 1 + typeAt(addressOf(v), t)), form);
}
/** What is before the tab of that number, or the end; 0: there are not so many. */
function part(names: usize, form: i32): usize {
  const length = lengthOf(names);
  let from = 0;
  for (let i = 0; i <= length; i++) {
    if (i < length && codeUnitAt(names, i) != TAB) continue;
    if (form-- == 0) return substring(names, from, i);
    from = i + 1;
  }
  return 0;
}
/** IANA name of the zone; 0: UTC. */
export function timeZoneName(): usize {
  const v = load<u64>(VM_TIME_ZONE);
  return isString(v) ? part(zoneName(addressOf(v), 0), 0) : 0;
}
