// Owns the fields of a time: in a zone, by the Gregorian calendar. Must never use the program's Date methods, which a program may replace.

const MS_PER_DAY = 86400000;

const floorDiv = (a, b) => Math.floor(a / b);
const mod = (a, b) => a - Math.floor(a / b) * b;

/** Year, month (from 0) and day of a day since 1970, by the Gregorian calendar. https://howardhinnant.github.io/date_algorithms.html */
export function gregorianOf(days) {
  const z = days + 719468;
  const era = floorDiv(z, 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = floorDiv(
    dayOfEra - floorDiv(dayOfEra, 1460) + floorDiv(dayOfEra, 36524) - floorDiv(dayOfEra, 146096),
    365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100));
  const shifted = floorDiv(5 * dayOfYear + 2, 153);
  const day = dayOfYear - floorDiv(153 * shifted + 2, 5) + 1;
  const month = shifted < 10 ? shifted + 2 : shifted - 10;
  return { year: yearOfEra + era * 400 + (month < 2 ? 1 : 0), month, day };
}

/** All fields of a time. `zone` undefined: the time has none, it is that of the clock on the wall. */
export function timeFields(time, zone) {
  const local = zone === undefined ? time : time + $host.zoneOffset(zone, time);
  const days = floorDiv(local, MS_PER_DAY);
  const rest = local - days * MS_PER_DAY;
  const { year, month, day } = gregorianOf(days);
  return {
    time,
    days,
    era: year > 0 ? 1 : 0,
    year: year > 0 ? year : 1 - year,
    fullYear: year,
    month,
    day,
    weekday: mod(days + 4, 7),
    hour: floorDiv(rest, 3600000),
    minute: floorDiv(rest, 60000) % 60,
    second: floorDiv(rest, 1000) % 60,
    millisecond: mod(Math.floor(rest), 1000),
  };
}
