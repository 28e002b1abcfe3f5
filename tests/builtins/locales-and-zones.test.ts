// Which locales and time zones a program may name when it writes numbers and dates: English as in the United States, refusals that say
// so, and every zone that the host knows, whose rules stay with the program.
import { describe, expect, it, vi } from "vitest";
import type { CompleteState, State } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const output = (source: string, timeZone = "UTC"): unknown =>
  (runtime.compile(source, { filename: "locale.js" }).start({ timeZone }) as CompleteState).output;
const attempt = (expression: string): unknown =>
  output(`let r; try { r = ${expression} } catch (e) { r = e.name + ": " + e.message } r`);
/** Newer hosts put other spaces between the parts. */
const plain = (text: string): string => text.replaceAll(/[\u202f\u00a0]/g, " ");

const ZONES = [
  "America/New_York",
  "Europe/Berlin",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Pacific/Apia",
  "africa/casablanca",
  "Etc/GMT+5",
  "Etc/UCT",
];
const TIMES = [
  Date.UTC(2024, 2, 5, 14, 7, 9),
  Date.UTC(2024, 6, 4, 12),
  Date.UTC(1999, 11, 31, 23, 59, 59),
  Date.UTC(2055, 9, 30, 1, 30),
  Date.UTC(1950, 5, 1),
  0,
];

describe("the option timeZone", () => {
  it.each(ZONES)("%s: texts are those of the host", (timeZone) => {
    const source = `[${TIMES}].map((t) => { const d = new Date(t), o = { timeZone: ${JSON.stringify(timeZone)} };
      return [d.toLocaleString("en-US", o), d.toLocaleDateString("en-US", { ...o, dateStyle: "full" }), d.toLocaleTimeString("en-US", { ...o, hour12: true })] })`;
    const host = TIMES.map((t) => {
      const d = new Date(t);
      return [
        d.toLocaleString("en-US", { timeZone }),
        d.toLocaleDateString("en-US", { timeZone, dateStyle: "full" }),
        d.toLocaleTimeString("en-US", { timeZone, hour12: true }),
      ].map(plain);
    });
    expect((output(source) as string[][]).map((row) => row.map(plain))).toEqual(host);
  });

  it.each(ZONES.slice(0, 5))("%s: so are the names of the zone", (timeZone) => {
    const forms = ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"] as const;
    const source = `[${TIMES.slice(0, 2)}].map((t) => ${JSON.stringify(forms)}.map((timeZoneName) =>
      new Date(t).toLocaleTimeString("en-US", { timeZone: ${JSON.stringify(timeZone)}, timeZoneName, hour: "numeric" })))`;
    const host = TIMES.slice(0, 2).map((t) =>
      forms.map((timeZoneName) =>
        plain(new Date(t).toLocaleTimeString("en-US", { timeZone, timeZoneName, hour: "numeric" })),
      ),
    );
    // India has one time: hosts differ in whether its general name says "Standard".
    const known = (rows: unknown): string => JSON.stringify(rows).replaceAll("India Standard Time", "India Time");
    expect(known((output(source) as string[][]).map((row) => row.map(plain)))).toBe(known(host));
  });

  it("may be the program's own", () => {
    const source =
      "const d = new Date(0); [d.toLocaleString(), d.toLocaleString([], { timeZone: 'Europe/Oslo', timeZoneName: 'short' })].join('; ')";
    expect(output(source, "Europe/Oslo")).toBe("1/1/1970, 1:00:00 AM; 1/1/1970, 1:00:00 AM GMT+1");
    expect(output("new Date(0).toLocaleTimeString('en', { timeZoneName: 'short' })", "America/New_York")).toBe(
      "7:00:00 PM EST",
    );
  });

  it.each(["Mars/Olympus", "X", "", "America/New York", "x".repeat(100)])("refuses what is none: %j", (zone) => {
    // The loop is where a run that is followed for a while ends, however it is held.
    const source = `let r; try { new Date(0).toLocaleString("en-US", { timeZone: ${JSON.stringify(zone)} }) } catch (e) { r = e.name + ": " + e.message }
      for (let i = 0; i < 9; i++); r`;
    expect(output(source)).toBe(`RangeError: Invalid time zone specified: ${zone}`);
  });

  it("has rules that travel with the program: the next host is not asked", () => {
    const source = `const show = (t) => new Date(t).toLocaleString("en-US", { timeZone: "America/New_York", timeZoneName: "long" });
      const before = show(0); await new Promise((r) => setTimeout(r, 1)); [before, show(${Date.UTC(2031, 6, 1)})]`;
    let state: State = runtime.compile(source, { filename: "locale.js" }).start();
    if (state.status !== "suspended") throw new Error(state.status);
    state = runtime.load(state.snapshot().dump()).restore();
    if (state.status !== "suspended") throw new Error(state.status);
    const asked = vi.spyOn(Intl, "DateTimeFormat").mockImplementation(() => {
      throw new Error("no Intl");
    });
    try {
      const end = state.resumeCalls(new Map([[state.calls[0]!.id, { value: undefined }]])) as CompleteState;
      expect(end.output).toEqual([
        "12/31/1969, 7:00:00 PM Eastern Standard Time",
        "6/30/2031, 8:00:00 PM Eastern Daylight Time",
      ]);
    } finally {
      asked.mockRestore();
    }
  });

  it("is paid for once", () => {
    const fuel = (count: number): number =>
      (
        runtime
          .compile(`for (let i = 0; i < ${count}; i++) new Date(i).toLocaleString("en", { timeZone: "Asia/Tokyo" })`)
          .start() as CompleteState
      ).usage.fuel;
    expect(fuel(1)).toBeGreaterThan(100_000);
    expect(fuel(11) - fuel(1)).toBeLessThan(50_000);
  });
});

describe("locales", () => {
  const CALLS: Record<string, (locales: string) => string> = {
    Number: (l) => `(1234.5).toLocaleString(${l})`,
    BigInt: (l) => `(1234n).toLocaleString(${l})`,
    Date: (l) => `new Date(0).toLocaleString(${l})`,
    "Date, the date": (l) => `new Date(0).toLocaleDateString(${l})`,
    "Date, the time": (l) => `new Date(0).toLocaleTimeString(${l})`,
    String: (l) => `"a".localeCompare("b", ${l})`,
    Array: (l) => `[1234.5].toLocaleString(${l})`,
    "typed array": (l) => `new Float64Array([1234.5]).toLocaleString(${l})`,
  };
  const known = [
    "undefined",
    `"en-US"`,
    `"en"`,
    `"EN-us"`,
    `"en-Latn-US"`,
    "[]",
    `["en-US"]`,
    `["de", "en"]`,
    "{}",
    "5",
    `"en-US-u-nu-latn"`,
  ];
  const unknown: Record<string, string> = {
    '"en-GB"': "en-GB",
    '"de-DE"': "de-DE",
    '["fr", "ja"]': "fr",
    '"en-US-u-ca-buddhist"': "en-US-u-ca-buddhist",
    '"und"': "und",
  };
  const malformed = [`""`, `"x"`, `"en_US"`, `"en-"`, `"e"`, `"i-klingon"`, `["en-US", "a_b"]`];

  describe.each(Object.entries(CALLS))("%s", (_name, call) => {
    it.each(known)("takes %s", (locales) => {
      expect(attempt(call(locales))).toBe(attempt(call("undefined")));
    });
    it.each(Object.entries(unknown))("refuses %s by name", (locales, tag) => {
      expect(attempt(call(locales))).toBe(
        `RangeError: Unsupported locale: ${tag} (only en-US is available here; format for others on the host)`,
      );
    });
    it.each(malformed)("refuses an invalid locale: %s", (locales) => {
      expect(attempt(call(locales))).toBe("RangeError: Incorrect locale information provided");
    });
    it("refuses null", () => {
      expect(attempt(call("null"))).toMatch(/^TypeError: /);
    });
  });

  it("have an hour cycle if they say so", () => {
    const time = (locales: string, options = ""): unknown =>
      attempt(`new Date(0).toLocaleTimeString(${JSON.stringify(locales)}, { timeZone: "UTC", ${options} })`);
    expect(time("en-US-u-hc-h23")).toBe("00:00:00");
    expect(time("en-US-u-hc-h23", 'hourCycle: "h12"')).toBe(time("en-US"));
  });

  it("reach the elements of arrays, with the options", () => {
    const source = `const seen = []; const e = { toLocaleString(...a) { seen.push(a.length, ...a); return "e" } };
      [[e].toLocaleString("en", 1), [e].toLocaleString(), [0.5].toLocaleString("en-US", { style: "percent" }), new Int8Array([7]).toLocaleString("en", { minimumFractionDigits: 1 }), seen.join()].join("; ")`;
    expect(output(source)).toBe("e; e; 50%; 7.0; 0,0");
  });

  it("have letters of their own", () => {
    const source = (l: string): string =>
      `["iIıİ".toLocaleUpperCase(${l}), "iIıİI\\u0307".toLocaleLowerCase(${l})].join()`;
    for (const l of ["'tr'", "'az-Latn'", "['tr', 'en']"])
      expect(output(source(l))).toBe("iIıİ".toLocaleUpperCase("tr") + "," + "iIıİI\u0307".toLocaleLowerCase("tr"));
    for (const l of ["", "'de'", "'en'", "[]", "undefined"])
      expect(output(source(l))).toBe("iIıİ".toUpperCase() + "," + "iIıİI\u0307".toLowerCase());
    expect(attempt("'x'.toLocaleUpperCase('lt')")).toBe(
      "RangeError: Unsupported locale: lt (its rules for letters are not available here)",
    );
    expect(attempt("'x'.toLocaleUpperCase('el')")).toMatch(/^RangeError/);
    expect(attempt("'Σ'.toLocaleLowerCase('el')")).toBe("σ");
    expect(attempt("'x'.toLocaleLowerCase('x_y')")).toBe("RangeError: Incorrect locale information provided");
    expect(attempt("'x'.toLocaleLowerCase(null)")).toMatch(/^TypeError/);
  });

  it("group digits unless that is not wanted", () => {
    const source = `[0, "", null, false, undefined, true, "always"].map((useGrouping) => (12345).toLocaleString("en-US", { useGrouping })).join(" ")`;
    expect(output(source)).toBe("12345 12345 12345 12345 12,345 12,345 12,345");
  });
});

describe("elements of an array", () => {
  it("are asked without arguments if they are objects of the program", () => {
    const source = "const seen = []; const spy = { toLocaleString(...a) { seen.push(a.length); return 'ok' } }";
    expect(output(`${source}; [[spy].toLocaleString("ar"), [spy].toLocaleString("en", {}), seen].flat()`)).toEqual([
      "ok",
      "ok",
      0,
      0,
    ]);
  });
  it("are written in the locale if they are numbers, dates or arrays of them", () => {
    expect(output('[1234.5, [1234567n]].toLocaleString("en-US", { minimumFractionDigits: 2 })')).toBe(
      "1,234.50,1,234,567.00",
    );
    expect(output('[new Date(0), null].toLocaleString("en-US", { timeZone: "Asia/Tokyo" })')).toBe(
      "1/1/1970, 9:00:00 AM,",
    );
    for (const list of ["[1.5]", "[[1.5]]", "[new Date(0)]", "new Float64Array(1)"])
      expect(attempt(`${list}.toLocaleString("de-DE")`), list).toMatch(/^RangeError: /);
  });
});
