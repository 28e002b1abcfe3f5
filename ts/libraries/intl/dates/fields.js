// Owns the fields of a time: in a zone, by a calendar. Must never use the program's Date methods, which a program may replace.

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

/** Years of the buddhist and the Taiwanese calendar are shifted. */
const ERAS_BY_SHIFT = { __proto__: null, buddhist: 543, roc: -1911 };

/** First days of eras of Japan since 1970, and their number among the eras of CLDR; before, the years of Showa go on. */
const JAPANESE = [
  [18017, 236, 2018],
  [6947, 235, 1988],
  [-15713, 234, 1925],
  [-20974, 233, 1911],
  [-37213, 232, 1867],
];

function eraYear(calendar, days, year) {
  if (calendar === "buddhist") return [0, year + 543];
  if (calendar === "roc") return year > 1911 ? [1, year - 1911] : [0, 1912 - year];
  if (calendar === "japanese") {
    for (let i = 0; i < JAPANESE.length; i++)
      if (days >= JAPANESE[i][0]) return [JAPANESE[i][1], year - JAPANESE[i][2]];
  }
  return year > 0 ? [1, year] : [0, 1 - year];
}

/** All fields of a time. `zone` undefined: the time has none, it is that of the clock on the wall. */
export function timeFields(time, zone, calendar) {
  const local = zone === undefined ? time : time + $host.zoneOffset(zone, time);
  const days = floorDiv(local, MS_PER_DAY);
  const rest = local - days * MS_PER_DAY;
  const { year, month, day } = gregorianOf(days);
  const [era, yearOfEra] = eraYear(calendar, days, year);
  return {
    time,
    days,
    era,
    year: yearOfEra,
    fullYear: year,
    month,
    day,
    weekday: mod(days + 4, 7),
    hour: floorDiv(rest, 3600000),
    minute: floorDiv(rest, 60000) % 60,
    second: floorDiv(rest, 1000) % 60,
    millisecond: mod(Math.floor(rest), 1000),
    shift: ERAS_BY_SHIFT[calendar] ?? 0,
  };
}
