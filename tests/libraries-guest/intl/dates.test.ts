// Owns the tests of Intl.DateTimeFormat of `fermata-vm/intl`: its texts against the host's, which are ICU's, and what it refuses.
import { describe, expect, it } from "vitest";
import type { CompleteState } from "../../../ts/index.ts";
import { runtimeWith } from "../../support/libraries.ts";

const runtime = await runtimeWith("intl-format", "temporal");

function output(source: string, inputs: Record<string, unknown> = {}): unknown {
  const program = runtime.compile(source, { filename: "dates.js", inputs: Object.keys(inputs) });
  return (program.start({ inputs, now: 0, limits: { fuel: Infinity, timeMs: Infinity } }) as CompleteState).output;
}
const attempt = (expression: string): unknown => output(`let r; try { r = ${expression} } catch (e) { r = e.name } r`);

/** Whether all locales are compared: `npm run test:intl`. */
const ALL_LOCALES = process.env["FERMATA_INTL"] === "all";
const SOME = ["en", "de", "es-MX", "ar", "ja"];
const OTHERS = ["en-GB", "fr", "pl", "ru", "he", "hi", "ko", "zh"];

const TIMES = [Date.UTC(2024, 2, 5, 14, 7, 9, 45), Date.UTC(1999, 11, 31, 23, 59, 59, 999), Date.UTC(2026, 6, 1)];
/** Ends of intervals that begin at the first time: the same day, and another day, month and year. */
const LATER = [3, 72, 960, 9600].map((hours) => TIMES[0]! + hours * 3_600_000);
const ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata"];

function cases(): readonly Intl.DateTimeFormatOptions[] {
  const list: Intl.DateTimeFormatOptions[] = [{}];
  const styles = ["full", "long", "medium", "short", undefined] as const;
  for (const dateStyle of styles)
    for (const timeStyle of styles) if (dateStyle ?? timeStyle) list.push({ dateStyle, timeStyle });
  for (const month of ["numeric", "2-digit", "short", "long", "narrow"] as const) {
    list.push({ month }, { month, day: "numeric" }, { year: "numeric", month });
    list.push({ weekday: "long", year: "numeric", month, day: "numeric" });
    list.push({ year: "numeric", month, day: "2-digit", hour: "numeric", minute: "2-digit" });
  }
  list.push(
    { weekday: "short", day: "numeric" },
    { era: "short", year: "numeric" },
    { year: "2-digit", month: "2-digit" },
  );
  for (const hourCycle of ["h11", "h12", "h23", "h24", undefined] as const) {
    list.push({ hour: "numeric", hourCycle }, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle });
    list.push({ weekday: "short", hour: "numeric", minute: "numeric", timeZoneName: "short", hourCycle });
    list.push({ hour: "numeric", minute: "numeric", dayPeriod: "long", hourCycle });
  }
  list.push(
    { minute: "numeric", second: "numeric", fractionalSecondDigits: 2 },
    { hour: "numeric", timeZoneName: "long" },
  );
  list.push({ year: "numeric", month: "long", day: "numeric", hour: "numeric", timeZoneName: "longOffset" });
  return list;
}

describe("texts", () => {
  it.each(ALL_LOCALES ? [...SOME, ...OTHERS] : SOME)("%s: as ICU", (locale) => {
    const list = cases();
    const texts = `list.map((options, i) => {
      const f = new Intl.DateTimeFormat(locale, { timeZone: zones[i % 4], ...options });
      return times.map((t) => f.format(t)).concat(later.map((t) => f.formatRange(times[0], t)), f.formatToParts(times[0]).map((p) => p.type + ":" + p.value).join("|").replaceAll("\\u202f", " "));
    })`;
    const inputs = { locale, list, times: TIMES, later: LATER, zones: ZONES };
    const ours = (output(texts, inputs) as string[][]).flat();
    // eslint-disable-next-line no-new-func
    const host = new Function(...Object.keys(inputs), `return ${texts}`) as (...args: unknown[]) => string[][];
    const theirs = host(...Object.values(inputs)).flat();
    const same = theirs.filter((text, index) => text === ours[index]).length;
    expect(theirs.length).toBeGreaterThan(500);
    expect(same / theirs.length).toBeGreaterThan(0.97);
  });

  it("of Date go through it", () => {
    const source = `const d = new Date(Date.UTC(2012, 11, 31, 12));
      [d.toLocaleDateString("de-DE"), d.toLocaleTimeString("en-GB"), d.toLocaleString("sv-SE"), new Date(NaN).toLocaleString("de"),
       d.toLocaleDateString("fr", { dateStyle: "long" })]`;
    expect(output(source)).toEqual([
      "31.12.2012",
      "12:00:00",
      "2012-12-31 12:00:00",
      "Invalid Date",
      "31 décembre 2012",
    ]);
  });

  it("parts of intervals have their source", () => {
    const source = `new Intl.DateTimeFormat("en", { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" })
      .formatRangeToParts(0, 864e5 * 3).map((p) => p.source + " " + p.value)`;
    expect(output(source)).toEqual([
      "shared Jan",
      "shared  ",
      "startRange 1",
      "shared \u2009–\u2009",
      "endRange 4",
      "shared , ",
      "shared 1970",
    ]);
  });

  it("of Temporal have only what the object has", () => {
    expect(
      output(`new Intl.DateTimeFormat("de", { dateStyle: "long" }).format(Temporal.PlainDate.from("2026-12-01"))`),
    ).toBe("1. Dezember 2026");
    expect(output(`new Intl.DateTimeFormat("en").format(Temporal.PlainTime.from("15:30"))`)).toBe("3:30:00 PM");
    expect(output(`Temporal.PlainDate.from("2026-12-01").toLocaleString("fr")`)).toBe("01/12/2026");
    expect(
      attempt(`new Intl.DateTimeFormat("en", { dateStyle: "long" }).format(Temporal.PlainTime.from("15:30"))`),
    ).toBe("TypeError");
  });
});

describe("options", () => {
  it.each([
    [`new Intl.DateTimeFormat("en", { timeZone: "Mars/Olympus" })`, "RangeError"],
    [`new Intl.DateTimeFormat("en", { timeZone: "+25:00" })`, "RangeError"],
    [`new Intl.DateTimeFormat("en", { month: "tiny" })`, "RangeError"],
    [`new Intl.DateTimeFormat("en", { dateStyle: "long", month: "long" })`, "TypeError"],
    [`new Date(0).toLocaleDateString("en", { timeStyle: "short" })`, "TypeError"],
    [`new Intl.DateTimeFormat("en").format(NaN)`, "RangeError"],
    [`Intl.DateTimeFormat.prototype.format`, "TypeError"],
  ])("%s: %s", (source, name) => expect(attempt(source)).toBe(name));

  it("are resolved", () => {
    const source = `new Intl.DateTimeFormat("de-u-nu-thai-hc-h12", { timeZone: "asia/tokyo", hour: "numeric", month: "long" }).resolvedOptions()`;
    expect(output(source)).toEqual({
      locale: "de-u-hc-h12-nu-thai",
      calendar: "gregory",
      numberingSystem: "thai",
      timeZone: "Asia/Tokyo",
      hourCycle: "h12",
      hour12: true,
      month: "long",
      hour: "numeric",
    });
  });

  it("a calendar that is not here falls back to the Gregorian one", () => {
    const source = `["buddhist", "hebrew", "iso8601"].map((calendar) => new Intl.DateTimeFormat("en", { calendar }).resolvedOptions().calendar)`;
    expect(output(source)).toEqual(["gregory", "gregory", "iso8601"]);
  });
});
