// Owns what temporal-polyfill asks of Intl: the fields of a time in a zone, and texts, which are those of Date. Zones are the machine's.
// Must never be visible to programs.

/** Calendars whose months are read from ICU's data, which the machine does not have. */
const WITHOUT_DATA = ["chinese", "dangi", "islamic-umalqura", "islamic", "islamic-rgsa"];

/** Options of dates that have a meaning in a text. */
const OPTIONS = [
  "dateStyle",
  "timeStyle",
  "weekday",
  "era",
  "year",
  "month",
  "day",
  "dayPeriod",
  "hour",
  "minute",
  "second",
  "fractionalSecondDigits",
  "timeZoneName",
  "hour12",
  "hourCycle",
];

class DateTimeFormat {
  #locales;
  #options = {};
  #calendar;
  #timeZone;

  constructor(locales = undefined, options = undefined) {
    this.#locales = locales;
    const given = options ?? {};
    const { calendar = "gregory", timeZone = $host.zoneName() } = given;
    if (WITHOUT_DATA.includes(calendar))
      throw new RangeError(`Invalid calendar: ${calendar} needs tables that are not here`);
    this.#calendar = calendar;
    this.#timeZone = timeZone;
    // An unknown zone is refused now.
    $host.zoneOffset(timeZone, 0);
    for (const name of OPTIONS) {
      const value = given[name];
      if (value !== undefined) this.#options[name] = value;
    }
  }

  resolvedOptions() {
    return {
      locale: "en-US",
      calendar: this.#calendar,
      numberingSystem: "latn",
      timeZone: this.#timeZone,
      ...this.#options,
    };
  }

  format(time) {
    return new Date(time).toLocaleString(this.#locales, { ...this.#options, timeZone: this.#timeZone });
  }

  /** The numbers of a time in the zone, by the ISO calendar. */
  formatToParts(time) {
    const local = new Date(time + $host.zoneOffset(this.#timeZone, time));
    const year = local.getUTCFullYear();
    const parts = {
      era: year > 0 ? "AD" : "BC",
      year: year > 0 ? year : 1 - year,
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds(),
    };
    return Object.entries(parts).map(([type, value]) => ({ type, value: `${value}` }));
  }
}

export const Intl = { DateTimeFormat };
