// Owns the tests of `fermata-vm/zones`: its rules against the host's Intl, and what programs see of them.
import { describe, expect, it } from "vitest";
import type { ZoneType } from "../../ts/machine/zone-rules.ts";
import zones from "../../ts/zones/index.ts";
import { readFileSync } from "node:fs";
import { type CompleteState, createRuntimeFrom } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const module = new WebAssembly.Module(readFileSync(new URL("../../build/fermata.wasm", import.meta.url)));
const runtime = await createRuntimeFrom({ module, zones });
const plain = await testRuntime();

const output = (source: string, timeZone = "UTC", at = runtime): unknown =>
  (at.compile(source, { filename: "zones.js" }).start({ timeZone, now: 0 }) as CompleteState).output;

/** Zones whose laws changed between the tzdb of the host that these tests were written on (2025c) and ours (2026f). */
const CHANGED = new Set([
  "Africa/Casablanca",
  "Africa/El_Aaiun",
  "America/Edmonton",
  "America/Havana",
  "America/Inuvik",
  "America/Vancouver",
  "America/Winnipeg",
]);

function typeAt(name: string): (second: number) => ZoneType {
  const rules = zones.find(name);
  if (rules === undefined || rules === "UTC") throw new Error(`no rules of ${name}`);
  return (second) => rules.types[rules.changes.findLast(([from]) => from <= second)?.[1] ?? 0]!;
}

function hostOffset(format: Intl.DateTimeFormat, time: number): number {
  const [, sign, h, m, s] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(format.format(time))!;
  return (sign === "-" ? -1 : 1) * (Number(h ?? 0) * 3600 + Number(m ?? 0) * 60 + Number(s ?? 0));
}

describe("as an option of a runtime", () => {
  it("may be given among the libraries", async () => {
    const both = await createRuntimeFrom({ module, libraries: [zones] });
    expect(output("new Date(0).getTimezoneOffset()", "Europe/Berlin", both)).toBe(-60);
    await expect(createRuntimeFrom({ module, zones, libraries: [zones] })).resolves.toBeDefined();
  });

  it("may be given once", async () => {
    const others = { ...zones, version: "0", find: () => undefined, list: () => [] };
    const two = createRuntimeFrom({ module, zones, libraries: [others] });
    await expect(two).rejects.toThrow("there are two sources of time zones: give one, in 'zones' or in 'libraries'");
  });
});

describe("rules", () => {
  it("are those of the host for all zones, from 1900 to 2065", () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const timeZone of zones.list()) {
      if (timeZone === "UTC") continue;
      const at = typeAt(timeZone);
      const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
      for (let year = 1900; year < 2066; year++) {
        for (const month of [0, 2, 4, 6, 8, 10]) {
          if (CHANGED.has(timeZone) && year > 2025) continue;
          const time = Date.UTC(year, month, 1 + ((year * 7) % 28), year % 24);
          compared++;
          if (at(time / 1000).offset !== hostOffset(format, time))
            wrong.push(`${timeZone} ${new Date(time).toISOString()}`);
        }
      }
    }
    expect(compared).toBeGreaterThan(400_000);
    expect(wrong).toEqual([]);
  });

  // Those before 1970 are mended in the database now and then.
  it("change at the second at which the host's do", () => {
    const wrong: string[] = [];
    for (const timeZone of zones.list().filter((_, index) => index % 5 === 1)) {
      const rules = zones.find(timeZone);
      if (rules === undefined || rules === "UTC") continue;
      const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
      const at = typeAt(timeZone);
      for (const [from] of rules.changes.filter(([second]) => second >= 0 && second < 1.75e9))
        for (const second of [from - 1, from])
          if (at(second).offset !== hostOffset(format, second * 1000)) wrong.push(`${timeZone} ${second}`);
    }
    expect(wrong).toEqual([]);
  });

  it("names are those of the host in 2026 and 2028, but where the laws changed", () => {
    const wrong: string[] = [];
    const forms = ["long", "short", "longGeneric", "shortGeneric"] as const;
    for (const timeZone of zones.list()) {
      if (timeZone === "UTC" || CHANGED.has(timeZone)) continue;
      const at = typeAt(timeZone);
      for (const timeZoneName of forms) {
        const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName });
        for (const time of [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15), Date.UTC(2028, 0, 15)]) {
          const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")!.value;
          if (at(time / 1000)[timeZoneName] !== name)
            wrong.push(`${timeZone} ${timeZoneName} ${at(time / 1000)[timeZoneName]} ${name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("a runtime with zones", () => {
  it("asks no host", () => {
    const own = globalThis.Intl;
    try {
      Object.assign(globalThis, { Intl: undefined });
      expect(output("String(new Date(1.75e12))", "Asia/Kolkata")).toBe(
        "Sun Jun 15 2025 20:36:40 GMT+0530 (India Standard Time)",
      );
      expect(
        output('new Date(1.75e12).toLocaleString("en-US", { timeZone: "america/new_york", timeZoneName: "long" })'),
      ).toBe("6/15/2025, 11:06:40 AM Eastern Daylight Time");
    } finally {
      Object.assign(globalThis, { Intl: own });
    }
  });

  it.each([2065, 2066, 2099, 2400])("goes on with the rules for ever: %d", (year) => {
    const source = `[0, 2, 5, 9, 10].map((m) => new Date(Date.UTC(${year}, m, 29, 12)).getTimezoneOffset())`;
    for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Santiago", "Asia/Jerusalem"])
      expect([zone, output(source, zone)]).toEqual([zone, output(source, zone, plain)]);
  });

  it("knows links, in any case, and refuses others", () => {
    expect(zones.find("asia/calcutta")).toMatchObject({ name: "Asia/Calcutta", primary: "Asia/Kolkata" });
    expect(zones.find("Europe/Kiev")).toMatchObject({ primary: "Europe/Kyiv" });
    expect(zones.find("US/Pacific")).toMatchObject({ primary: "America/Los_Angeles" });
    expect(["Zulu", "gmt", "Etc/UCT"].map((name) => zones.find(name))).toEqual(["UTC", "UTC", "UTC"]);
    expect(["Mars/Olympus", "", "Europe", "=Europe/Berlin", "Etc/Unknown"].map((name) => zones.find(name))).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
    expect(() => runtime.compile("1").start({ timeZone: "Mars/Olympus" })).toThrow(RangeError);
    expect(
      output(
        'let r; try { new Date(0).toLocaleString("en", { timeZone: "Europe/Nowhere" }) } catch (e) { r = e.name } r',
      ),
    ).toBe("RangeError");
  });

  it("takes a source of one's own", async () => {
    const own = await createRuntimeFrom({
      module,
      zones: {
        version: "1",
        list: () => ["Moon/Base"],
        find: (name) =>
          name === "Moon/Base" ? { name, types: [{ offset: 1800, long: "Moon Time" }], changes: [] } : undefined,
      },
    });
    expect(output("String(new Date(0))", "Moon/Base", own)).toBe("Thu Jan 01 1970 00:30:00 GMT+0030 (Moon Time)");
  });

  it("a held program takes its zone along to a runtime without them", () => {
    const program = runtime.compile("const d = new Date(0); await pause(); String(d)", {
      externals: ["pause"],
      filename: "a.js",
    });
    const state = program.start({ timeZone: "Asia/Tokyo" });
    if (state.status !== "suspended") throw new Error(state.status);
    const there = plain.load(state.snapshot().dump()).resume(1) as CompleteState;
    expect(there.output).toBe("Thu Jan 01 1970 09:00:00 GMT+0900 (Japan Standard Time)");
  });

  it("is small", async () => {
    const { gzipSync } = await import("node:zlib");
    const { data } = await import("#zones");
    expect(gzipSync(data, { level: 9 }).length).toBeLessThan(30 * 1024);
    expect(zones.version).toMatch(/^20\d\d[a-z]$/);
  });
});
