// Dates against the host engine's: texts read and written, fields, setters, in time zones of all sorts. The host is asked with the
// same zone in its environment.

import { afterAll, describe, expect, it } from "vitest";
import type { CompleteState } from "../../ts/index.ts";
import { testRuntime, thrownBy } from "../support/runtime.ts";

const runtime = await testRuntime();
const hostZone = process.env["TZ"];
afterAll(() => {
  if (hostZone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = hostZone;
});

let seed = 2026;
const dice = (n: number): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 0x1_0000_0000) * n);
};

/** The answer of the same function in the machine and on the host, for each element of a list. */
function both(fn: string, list: readonly unknown[], timeZone = "UTC"): { inside: unknown; outside: unknown } {
  const source = `const f = ${fn}; const out = []; for (const x of list) { let y; try { y = f(x); } catch (e) { y = e.name + ": " + e.message; } out.push(y); } out`;
  const program = runtime.compile(source, { filename: "dates.js", inputs: ["list"] });
  const state = program.start({ inputs: { list }, timeZone, limits: { fuel: Infinity, timeMs: Infinity } });
  process.env["TZ"] = timeZone;
  const outside: unknown = new Function("list", source.replace(/out$/, "return out"))(list);
  return { inside: (state as CompleteState).output, outside };
}

function expectSame(fn: string, list: readonly unknown[], timeZone?: string): void {
  const { inside, outside } = both(fn, list, timeZone);
  expect(inside).toEqual(outside);
}

const ZONES = [
  "UTC",
  "Europe/Oslo",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Africa/Casablanca",
  "Asia/Pyongyang",
];

const FIELDS = `(t) => {
  const d = new Date(t);
  return [d.getFullYear(), d.getMonth(), d.getDate(), d.getDay(), d.getHours(), d.getMinutes(), d.getSeconds(), d.getMilliseconds(), d.getTime(),
    d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds(),
    d.getTimezoneOffset(), d.getYear(), +d, d.toISOString(), d.toJSON(), d.toUTCString(), d.toDateString(), d.toString().replace(/\\(.*/, "")];
}`.replace(`.replace(/\\(.*/, "")`, `.split("(")[0]`);

/** Times of all magnitudes, many of them within the last two centuries and close to a full hour. */
function times(count: number): number[] {
  return Array.from({ length: count }, () => {
    const span = [1e3, 1e8, 1e11, 4e12, 8.64e15][dice(5)]!;
    const t = Math.round((dice(2 ** 31) / 2 ** 30 - 1) * span);
    return dice(3) === 0 ? t - (t % 3_600_000) - dice(3) : t;
  });
}

describe("fields and texts, as the host engine has them", () => {
  it.each(ZONES)("%s", (zone) => {
    // Beyond what the table tells of, the rules of an irregular zone are anybody's guess.
    const list = times(400).filter((t) => zone !== "Africa/Casablanca" || t < Date.UTC(2066, 0, 1));
    expectSame(FIELDS, [...list, NaN, 8.64e15, -8.64e15, 8.64e15 + 1, 0, -0, 0.9, -0.9, Infinity], zone);
  });

  it.each(ZONES.filter((zone) => zone !== "Africa/Casablanca"))("local times to UTC, and setters: %s", (zone) => {
    const list = times(300)
      .filter((t) => Math.abs(t) < 2.9e12)
      .map((t) => [t, dice(8), dice(4000) - 1000, dice(100) - 30, dice(70) - 5, dice(90)]);
    expectSame(
      `([t, which, a, b, c, d]) => {
        const date = new Date(t);
        const utc = new Date(t);
        const local = new Date(date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
        const names = ["FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds", "Time"];
        const args = [a, b, c, d].slice(0, 1 + (d % 4));
        const answers = [date["set" + names[which]](...args)];
        if (which < 7) answers.push(utc["setUTC" + names[which]](...args));
        return [...answers, +date, +utc, +local, Date.UTC(a, b, c, d), +new Date(a, b, c, d), new Date(t).setYear(b)];
      }`,
      list,
      zone,
    );
  });

  it("times that a clock shows twice or never", () => {
    const list = Array.from({ length: 200 }, (_, i) => [2026, i % 2 === 0 ? 2 : 9, 28 + (i % 3), 0, i * 3]);
    for (const zone of ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe"])
      expectSame(
        "(args) => { const d = new Date(...args); return [+d, d.getHours(), d.getTimezoneOffset()]; }",
        list,
        zone,
      );
  });

  it("names of zones", () => {
    const now = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1), Date.UTC(2060, 6, 1)];
    for (const zone of ["UTC", "Europe/Oslo", "Europe/London", "America/New_York", "Asia/Kolkata", "Asia/Tokyo"])
      expectSame("(t) => [String(new Date(t)), new Date(t).toTimeString()]", now, zone);
  });
});

describe("texts read as V8 reads them", () => {
  const texts = [
    "2026-11-24", "2026-11", "2026", "2026-11-24T10:00", "2026-11-24T10:00Z", "2026-11-24T10:00:30.5Z", "2026-11-24T10:00:30.123456789+05:30",
    "2026-11-24T24:00", "2026-11-24T24:00:01", "2026-11-24T25:00", "2026-02-31", "2026-13-01", "2026-00-01", "2026-1-1", "+002026-11-24", "-000001-01-01",
    "-000000-01-01", "+275760-09-13T00:00:00.000Z", "+275760-09-13T00:00:00.001Z", "2026-11-24T10:00+0100", "2026-11-24T10:00-01", "2026-11-24T10",
    "2026-11-24t10:00z", "2026-11-24 10:00", "2026-11-24 10:00:30.25", "2026-11-24 10:00 PM", "2026-11-24 10:00 UTC", "2026/11/24 10:00", "2026/11/24",
    "Tue Nov 24 2026 10:00:00 GMT+0100 (CET)", "Tue Nov 24 2026 10:00:00 GMT+0100 (Central European Standard Time)", "Tue, 24 Nov 2026 10:00:00 GMT",
    "24 Nov 2026", "Nov 24, 2026", "November 24, 2026 10:00 am", "Nov 24, 2026 12:30 AM", "Nov 24, 2026 12:30 pm", "Nov 24, 2026 13:30 pm", "24-Nov-2026",
    "24-Nov-26 10:00", "Nov-24-2026", "11/24/2026", "11/24/26", "1/2/49", "1/2/50", "1/2/99", "1/2/100", "24/11/2026", "1", "13", "32", "Nov", "Nov 2026", "Nov 24",
    "10:00", "", " ", "garbage", "Invalid Date", "Thu 1 Jan 1970 00:00:00 EST", "1 Jan 2000 PST", "1 Jan 2000 10:00 -0800", "1 Jan 2000 10:00 +5", "1 Jan 2000 10:00 +05",
    "1 Jan 2000 10:00 +530", "1 Jan 2000 10:00 +05:30", "1 Jan 2000 10:00 +12345", "1 Jan 2000 10:00 GMT-8", "1 Jan 2000 (comment (nested)) 10:00", "(x) 1 Jan 2000",
    "1 Jan 2000)", "1 Jan 2000 10:00:00.1234", "1 Jan 2000 10:00:60", "1 Jan 2000 24:00", "1 Jan 2000 24:01", "Jan 1 2000 10:00 Tuesday", "1 Jan 2000 10::30",
    "2000-01-01T00:00:00.000000000000Z", "2000-01-01T00:00:00Zjunk", "2000-01-01T00:00:00 Z", "2000-01-01 T 10:00", "20000101", "2000-01-01Z", "Z", "Jan 32 2000", "Mon Mon 1 2 2000",
    "1st Jan 2000", "\u00a02000-01-01", "2000\u202f/1/1", "1/1/2000 1:2:3", "1/1/2000, 10:05:00 AM", "1/1/2000, 10:05:00\u202fAM", "0", "00", "2000-1-01T00:00", "2000-06-15T12:00:00.5",
    "Sat, 01 Jan 2000 08:00:00 UT", "1 January 2000 noon", "9999999999/1/1", "1/1/2000 10:00 a.m.", "1970-01-01T00:00:00-23:59", "1970-01-01T00:00:00+24:00", "١", "2000-01-01T٠0:00",
  ]; // prettier-ignore

  it.each(["UTC", "Europe/Oslo"])("%s", (zone) => {
    expectSame("(text) => [text, Date.parse(text)]", texts, zone);
  });

  it("pieces put together at random", () => {
    const pieces = ["1", "24", "2026", "Nov", "mar", " ", " ", ":", "10:00", ":30", ".5", "-", "+", "+0100", "/", "GMT", "Z", "T", "pm", "(x)", ")", ",", "Tue", "2026-11-24", "EST", "0", "59"]; // prettier-ignore
    const list = Array.from({ length: 3000 }, () =>
      Array.from({ length: 1 + dice(7) }, () => pieces[dice(pieces.length)]!).join(""),
    );
    expectSame("(text) => [text, Date.parse(text)]", list, "Europe/Oslo");
  });
});

describe("the order in which arguments are converted", () => {
  // V8 leaves the arguments of an invalid date alone, and looks at the time value too late; the specification does neither.
  it.each([
    ["Date", "[+new Date(a(2000), a(1), a(2), a(3), a(4), a(5), a(6), a(7)), log]", [949_460_645_006, [2000, 1, 2, 3, 4, 5, 6]]],
    ["UTC", "[Date.UTC(a(2000), a(1), a(2), a(3)), log]", [949_460_400_000, [2000, 1, 2, 3]]],
    ["an invalid date", "[new Date(NaN).setHours(a(1), a(2), a(3), a(4), a(5)), log]", [NaN, [1, 2, 3, 4]]],
    ["setFullYear of one", "[new Date(NaN).setUTCFullYear(a(2000), a(1)), log]", [951_868_800_000 - 29 * 86_400_000, [2000, 1]]],
    ["a date that its argument sets", "const d = new Date(0); d.setHours({ valueOf: () => d.setTime(1e11) && 5 }); +d", 18_000_000],
    ["and makes valid", "const d = new Date(NaN); [d.setHours({ valueOf: () => (d.setTime(7), 5) }), +d]", [NaN, 7]],
  ])("%s", (_, source, expected) => {
    const text = `const log = []; const a = (n) => ({ valueOf() { log.push(n); return n; } });\n${source}`;
    expect((runtime.compile(text).start({}) as CompleteState).output).toEqual(expected);
  }); // prettier-ignore

  it("a sync external inside a conversion", () => {
    const program = runtime.compile(
      "const d = new Date(0); d.setHours({ valueOf: () => ask(1) }, { valueOf: () => ask(2) }); [+d, `${new Date(ask(3))}`, +new Date({ valueOf: () => ask(4) })]",
      { filename: "held.js", externals: { ask: "sync" } },
    );
    let state = program.start();
    for (let n = 1; state.status === "suspended"; n++) {
      const bytes = state.snapshot().dump();
      state = runtime.load(bytes).restore() as typeof state;
      state = state.resume(n * 10);
    }
    expect((state as CompleteState).output).toEqual([
      36_000_000 + 20 * 60_000,
      "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)",
      40,
    ]);
  });
});

describe("dates and the rest of the machine", () => {
  const output = (source: string, inputs: Record<string, unknown> = {}): unknown =>
    (
      runtime
        .compile(source, { inputs: Object.keys(inputs) })
        .start({ inputs, now: 1_795_514_400_123 }) as CompleteState
    ).output;

  it("the clock is the machine's", () => {
    expect(output("[Date.now(), +new Date(), Date().slice(0, 24)]")).toEqual([
      1_795_514_400_123,
      1_795_514_400_123,
      "Tue Nov 24 2026 10:00:00",
    ]);
  });

  it("timers move it", async () => {
    const program = runtime.compile(
      "const t = Date.now(); await new Promise((r) => setTimeout(r, 250)); Date.now() - t",
    );
    let state = program.start({ now: 1000 });
    while (state.status === "suspended") state = state.resume(undefined);
    expect((state as CompleteState).output).toBe(250);
  });

  it("cross the border both ways", () => {
    const date = new Date(1e12);
    const list = output("[d, d === e, d instanceof Date, new Date(5), new Date(NaN), [d]]", {
      d: date,
      e: date,
    }) as unknown[];
    expect(list).toEqual([date, true, true, new Date(5), new Date(NaN), [date]]);
    expect(list[0]).toBe((list[5] as unknown[])[0]);
    const twice = output("[o.a === o.b, o.a.getTime()]", { o: { a: date, b: date } });
    expect(twice).toEqual([true, 1e12]);
  });

  it("are shown, copied and written as JSON", () => {
    const state = runtime.compile(
      `const d = new Date(1e12);
      class Day extends Date {}
      console.log(d, [d], { d }, new Date(NaN), Object.assign(new Date(0), { a: 1 }), new Day(0), \`\${new Date(0).toISOString()}\`);
      const copy = structuredClone({ d, again: d });
      [JSON.stringify({ d, no: new Date(NaN) }), copy.d !== d, copy.d === copy.again, +copy.d, Object.prototype.toString.call(d), typeof (d + 1), d - 1]`,
    ).start({}) as CompleteState; // prettier-ignore
    expect(state.stdout).toBe(
      "2001-09-09T01:46:40.000Z [ 2001-09-09T01:46:40.000Z ] { d: 2001-09-09T01:46:40.000Z } Invalid Date 1970-01-01T00:00:00.000Z { a: 1 } Day 1970-01-01T00:00:00.000Z 1970-01-01T00:00:00.000Z\n",
    );
    expect(state.output).toEqual([
      '{"d":"2001-09-09T01:46:40.000Z","no":null}',
      true,
      true,
      1e12,
      "[object Date]",
      "string",
      1e12 - 1,
    ]);
  });
});

describe("time zones", () => {
  it("are part of the state", () => {
    const program = runtime.compile("ask(); [new Date(2026, 6, 1).toString(), new Date(0).getHours()]", {
      externals: { ask: "sync" },
    });
    const state = program.start({ timeZone: "America/New_York" });
    if (state.status !== "suspended") throw new Error("not held");
    const bytes = state.snapshot().dump();
    expect(bytes.length).toBeLessThan(3000);
    expect((runtime.load(bytes).resume(undefined) as CompleteState).output).toEqual([
      "Wed Jul 01 2026 00:00:00 GMT-0400 (Eastern Daylight Time)",
      19,
    ]);
  });

  it.each([
    ["+02:00", "GMT+0200 (GMT+02:00)", -120],
    ["-0530", "GMT-0530 (GMT-05:30)", 330],
    ["+9", "GMT+0900 (GMT+09:00)", -540],
  ])("a fixed offset: %s", (timeZone, text, minutes) => {
    const state = runtime
      .compile("[new Date(0).toString().slice(25), new Date(0).getTimezoneOffset()]")
      .start({ timeZone }) as CompleteState;
    expect(state.output).toEqual([text, minutes]);
  });

  it.each(["Mars/Olympus", "", "+25:00", "UTC+1", "\u0000"])("refuse what is none: %j", (timeZone) => {
    const error = thrownBy(() => runtime.compile("1").start({ timeZone }));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toContain(JSON.stringify(timeZone));
  });
});
