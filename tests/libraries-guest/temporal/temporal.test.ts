// `fermata-vm/temporal`: what the proposal says, in the machine's zones, held anywhere. The whole of test262's built-ins/Temporal is in
// docs/status.md.

import { describe, expect, it } from "vitest";
import { runtimeWith } from "../../support/libraries.ts";

const runtime = await runtimeWith("temporal");

async function run(source: string, timeZone = "UTC"): Promise<unknown> {
  const program = runtime.compile(source, { filename: "temporal.js" });
  const { output } = await program.run({ now: 1_700_000_000_000, timeZone, limits: { fuel: Infinity } });
  return output;
}

const CASES: readonly (readonly [source: string, expected: unknown])[] = [
  [`Temporal.PlainDate.from("2026-01-31").add({ months: 1 }).toString()`, "2026-02-28"],
  [`Temporal.PlainDate.from("2024-02-29").until("2026-12-01", { largestUnit: "year" }).toString()`, "P2Y9M2D"],
  [`Temporal.Duration.from({ hours: 130, minutes: 20 }).round({ largestUnit: "day" }).toString()`, "P5DT10H20M"],
  [`Temporal.Instant.from("2026-03-29T00:59:59.123456789Z").epochNanoseconds`, 1774745999123456789n],
  [`Temporal.PlainTime.from("23:59:59").round("hour").toString()`, "00:00:00"],
  // Clocks went forward at 02:00 that day, and the day has 23 hours.
  [
    `Temporal.ZonedDateTime.from("2026-03-29T02:30[Europe/Berlin]").toString()`,
    "2026-03-29T03:30:00+02:00[Europe/Berlin]",
  ],
  [`Temporal.PlainDate.from("2026-03-29").toZonedDateTime("Europe/Berlin").hoursInDay`, 23],
  [
    `Temporal.ZonedDateTime.from("2026-07-01T12:00[America/New_York]").withTimeZone("Asia/Kolkata").toString()`,
    "2026-07-01T21:30:00+05:30[Asia/Kolkata]",
  ],
  [
    `Temporal.ZonedDateTime.from("2026-07-01T12:00[America/New_York]").getTimeZoneTransition("next").toString()`,
    "2026-11-01T01:00:00-05:00[America/New_York]",
  ],
  [`Temporal.PlainDate.from("2026-12-01").withCalendar("hebrew").toString()`, "2026-12-01[u-ca=hebrew]"],
  [`Temporal.PlainDate.from("2026-12-01").withCalendar("japanese").eraYear`, 8],
  [`new Date(5).toTemporalInstant().toString()`, "1970-01-01T00:00:00.005Z"],
  [`Temporal.Now.instant().toString()`, "2023-11-14T22:13:20Z"],
  [`Object.getOwnPropertyDescriptor(globalThis, "Temporal").enumerable`, false],
  [`try { Temporal.ZonedDateTime.from("2026-01-01[Mars/Base]") } catch (error) { error.name }`, "RangeError"],
  [
    `try { Temporal.PlainDate.from("2026-01-01").withCalendar("chinese").month } catch (error) { error.name }`,
    "RangeError",
  ],
];

describe("Temporal", () => {
  it.each(CASES)("%s", async (source, expected) => {
    expect(await run(source)).toStrictEqual(expected);
  });

  it("knows the program's zone and clock", async () => {
    const source = `[Temporal.Now.timeZoneId(), Temporal.Now.zonedDateTimeISO().toString(), Temporal.Now.plainDateISO().toString()]`;
    expect(await run(source, "Asia/Tokyo")).toStrictEqual([
      "Asia/Tokyo",
      "2023-11-15T07:13:20+09:00[Asia/Tokyo]",
      "2023-11-15",
    ]);
  });

  it("writes times as Date does", async () => {
    const source = `[Temporal.PlainDate.from("2026-12-01").toLocaleString("en-US"), new Date(Date.UTC(2026, 11, 1)).toLocaleDateString("en-US", { timeZone: "UTC" })]`;
    const [first, second] = (await run(source)) as string[];
    expect(first).toBe(second);
  });

  it("is small in a snapshot", async () => {
    const source = `const day = Temporal.PlainDate.from("2026-12-01"); const zoned = day.toZonedDateTime("Europe/Berlin"); await ask(); zoned.toString()`;
    const state = runtime.compile(source, { filename: "held.js", externals: ["ask"] }).start();
    if (state.status !== "suspended") throw new Error(state.status);
    const bytes = state.snapshot().dump();
    expect(bytes.length).toBeLessThan(12_000);
    const held = runtime.load(bytes).restore();
    if (held.status !== "suspended") throw new Error(held.status);
    const end = held.resume(undefined);
    expect(end.status === "complete" && end.output).toBe("2026-12-01T00:00:00+01:00[Europe/Berlin]");
  });
});
