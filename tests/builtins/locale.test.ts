// What numbers and dates look like in the one locale there is: the texts that V8 with ICU 78 gives for en-US, written down.

import { describe, expect, it } from "vitest";
import type { CompleteState } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();
const output = (source: string, inputs: Record<string, unknown> = {}, timeZone = "UTC"): unknown =>
  (runtime.compile(source, { inputs: Object.keys(inputs) }).start({ inputs, timeZone }) as CompleteState).output;

type Case = readonly [unknown, Record<string, unknown> | undefined, string];

// prettier-ignore
const NUMBERS: readonly Case[] = [
  [0, undefined, "0"],
  [-0, undefined, "-0"],
  [1234567.891, undefined, "1,234,567.891"],
  [1.005, undefined, "1.005"],
  [1.0005, undefined, "1.001"],
  [0.0005, undefined, "0.001"],
  [1e+21, undefined, "1,000,000,000,000,000,000,000"],
  [1e+22, undefined, "10,000,000,000,000,000,000,000"],
  [1e-7, undefined, "0"],
  [NaN, undefined, "NaN"],
  [-Infinity, undefined, "-∞"],
  [999.9995, undefined, "1,000"],
  [-1234.5, undefined, "-1,234.5"],
  [12, undefined, "12"],
  [0.30000000000000004, undefined, "0.3"],
  [123456789012345680000, undefined, "123,456,789,012,345,680,000"],
  [-1234.5678, { style: "currency", currency: "USD" }, "-$1,234.57"],
  [-1234.5678, { style: "currency", currency: "EUR" }, "-€1,234.57"],
  [-1234.5678, { style: "currency", currency: "JPY" }, "-¥1,235"],
  [-1234.5678, { style: "currency", currency: "chf" }, "-CHF 1,234.57"],
  [-1234.5678, { style: "currency", currency: "KWD" }, "-KWD 1,234.568"],
  [-1234.5678, { style: "currency", currency: "USD", currencyDisplay: "code" }, "-USD 1,234.57"],
  [-1234.5678, { style: "currency", currency: "USD", minimumFractionDigits: 0 }, "-$1,234.57"],
  [-1234.5678, { style: "currency", currency: "USD", maximumFractionDigits: 0 }, "-$1,235"],
  [-1234.5678, { style: "currency", currency: "CAD", currencyDisplay: "narrowSymbol" }, "-$1,234.57"],
  [-1234.5678, { style: "currency", currency: "USD", currencySign: "accounting" }, "($1,234.57)"],
  [-1234.5678, { style: "percent" }, "-123,457%"],
  [-1234.5678, { style: "percent", maximumFractionDigits: 1 }, "-123,456.8%"],
  [-1234.5678, { minimumFractionDigits: 2 }, "-1,234.568"],
  [-1234.5678, { maximumFractionDigits: 1 }, "-1,234.6"],
  [-1234.5678, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, "-1,234.57"],
  [-1234.5678, { maximumSignificantDigits: 3 }, "-1,230"],
  [-1234.5678, { minimumSignificantDigits: 6 }, "-1,234.5678"],
  [-1234.5678, { minimumSignificantDigits: 2, maximumSignificantDigits: 2 }, "-1,200"],
  [-1234.5678, { useGrouping: false }, "-1234.568"],
  [-1234.5678, { minimumIntegerDigits: 7 }, "-0,001,234.568"],
  [-1234.5678, { notation: "compact" }, "-1.2K"],
  [-1234.5678, { notation: "compact", compactDisplay: "long" }, "-1.2 thousand"],
  [-1234.5678, { signDisplay: "always" }, "-1,234.568"],
  [-1234.5678, { signDisplay: "exceptZero" }, "-1,234.568"],
  [-1234.5678, { signDisplay: "never" }, "1,234.568"],
  [-1234.5678, { signDisplay: "negative" }, "-1,234.568"],
  [-1234.5678, { maximumFractionDigits: 0 }, "-1,235"],
  [-1234.5678, { notation: "compact", style: "currency", currency: "USD" }, "-$1.2K"],
  [-1234.5678, { notation: "compact", maximumFractionDigits: 2 }, "-1.23K"],
  [0.5, { style: "currency", currency: "USD" }, "$0.50"],
  [0.5, { style: "currency", currency: "EUR" }, "€0.50"],
  [0.5, { style: "currency", currency: "JPY" }, "¥1"],
  [0.5, { style: "currency", currency: "chf" }, "CHF 0.50"],
  [0.5, { style: "currency", currency: "KWD" }, "KWD 0.500"],
  [0.5, { style: "currency", currency: "USD", currencyDisplay: "code" }, "USD 0.50"],
  [0.5, { style: "currency", currency: "USD", minimumFractionDigits: 0 }, "$0.5"],
  [0.5, { style: "currency", currency: "USD", maximumFractionDigits: 0 }, "$1"],
  [0.5, { style: "currency", currency: "CAD", currencyDisplay: "narrowSymbol" }, "$0.50"],
  [0.5, { style: "currency", currency: "USD", currencySign: "accounting" }, "$0.50"],
  [0.5, { style: "percent" }, "50%"],
  [0.5, { style: "percent", maximumFractionDigits: 1 }, "50%"],
  [0.5, { minimumFractionDigits: 2 }, "0.50"],
  [0.5, { maximumFractionDigits: 1 }, "0.5"],
  [0.5, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, "0.50"],
  [0.5, { maximumSignificantDigits: 3 }, "0.5"],
  [0.5, { minimumSignificantDigits: 6 }, "0.500000"],
  [0.5, { minimumSignificantDigits: 2, maximumSignificantDigits: 2 }, "0.50"],
  [0.5, { useGrouping: false }, "0.5"],
  [0.5, { minimumIntegerDigits: 7 }, "0,000,000.5"],
  [0.5, { notation: "compact" }, "0.5"],
  [0.5, { notation: "compact", compactDisplay: "long" }, "0.5"],
  [0.5, { signDisplay: "always" }, "+0.5"],
  [0.5, { signDisplay: "exceptZero" }, "+0.5"],
  [0.5, { signDisplay: "never" }, "0.5"],
  [0.5, { signDisplay: "negative" }, "0.5"],
  [0.5, { maximumFractionDigits: 0 }, "1"],
  [0.5, { notation: "compact", style: "currency", currency: "USD" }, "$0.5"],
  [0.5, { notation: "compact", maximumFractionDigits: 2 }, "0.5"],
  [0, { style: "currency", currency: "USD" }, "$0.00"],
  [0, { style: "currency", currency: "EUR" }, "€0.00"],
  [0, { style: "currency", currency: "JPY" }, "¥0"],
  [0, { style: "currency", currency: "chf" }, "CHF 0.00"],
  [0, { style: "currency", currency: "KWD" }, "KWD 0.000"],
  [0, { style: "currency", currency: "USD", currencyDisplay: "code" }, "USD 0.00"],
  [0, { style: "currency", currency: "USD", minimumFractionDigits: 0 }, "$0"],
  [0, { style: "currency", currency: "USD", maximumFractionDigits: 0 }, "$0"],
  [0, { style: "currency", currency: "CAD", currencyDisplay: "narrowSymbol" }, "$0.00"],
  [0, { style: "currency", currency: "USD", currencySign: "accounting" }, "$0.00"],
  [0, { style: "percent" }, "0%"],
  [0, { style: "percent", maximumFractionDigits: 1 }, "0%"],
  [0, { minimumFractionDigits: 2 }, "0.00"],
  [0, { maximumFractionDigits: 1 }, "0"],
  [0, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, "0.00"],
  [0, { maximumSignificantDigits: 3 }, "0"],
  [0, { minimumSignificantDigits: 6 }, "0.00000"],
  [0, { minimumSignificantDigits: 2, maximumSignificantDigits: 2 }, "0.0"],
  [0, { useGrouping: false }, "0"],
  [0, { minimumIntegerDigits: 7 }, "0,000,000"],
  [0, { notation: "compact" }, "0"],
  [0, { notation: "compact", compactDisplay: "long" }, "0"],
  [0, { signDisplay: "always" }, "+0"],
  [0, { signDisplay: "exceptZero" }, "0"],
  [0, { signDisplay: "never" }, "0"],
  [0, { signDisplay: "negative" }, "0"],
  [0, { maximumFractionDigits: 0 }, "0"],
  [0, { notation: "compact", style: "currency", currency: "USD" }, "$0"],
  [0, { notation: "compact", maximumFractionDigits: 2 }, "0"],
  [-0.001, { signDisplay: "negative" }, "-0.001"],
  [-0.001, { signDisplay: "always" }, "-0.001"],
  [-0.001, { signDisplay: "exceptZero" }, "-0.001"],
  [-0.001, { maximumFractionDigits: 2 }, "-0"],
  [-0, { signDisplay: "negative" }, "0"],
  [-0, { signDisplay: "always" }, "-0"],
  [-0, { signDisplay: "exceptZero" }, "0"],
  [-0, { maximumFractionDigits: 2 }, "-0"],
  [999, { notation: "compact" }, "999"],
  [1000, { notation: "compact" }, "1K"],
  [1049, { notation: "compact" }, "1K"],
  [1050, { notation: "compact" }, "1.1K"],
  [9949, { notation: "compact" }, "9.9K"],
  [9950, { notation: "compact" }, "10K"],
  [9999, { notation: "compact" }, "10K"],
  [12345, { notation: "compact" }, "12K"],
  [99999, { notation: "compact" }, "100K"],
  [123456, { notation: "compact" }, "123K"],
  [999499, { notation: "compact" }, "999K"],
  [999500, { notation: "compact" }, "1M"],
  [999999, { notation: "compact" }, "1M"],
  [1000000, { notation: "compact" }, "1M"],
  [1250000, { notation: "compact" }, "1.3M"],
  [1000000000, { notation: "compact" }, "1B"],
  [1000000000000, { notation: "compact" }, "1T"],
  [1000000000000000, { notation: "compact" }, "1000T"],
  [10000000000000000, { notation: "compact" }, "10,000T"],
  [0.123, { notation: "compact" }, "0.12"],
  [15.67, { notation: "compact" }, "16"],
  [NaN, { notation: "compact" }, "NaN"],
  [2.5, { maximumFractionDigits: 0 }, "3"],
  [3.5, { maximumFractionDigits: 0 }, "4"],
  [999999.5, { maximumFractionDigits: 0 }, "1,000,000"],
  [0.05, { maximumFractionDigits: 1 }, "0.1"],
  [0.95, { maximumFractionDigits: 0 }, "1"],
  [0.95, { maximumSignificantDigits: 1 }, "1"],
  [1e+21, { style: "currency", currency: "USD" }, "$1,000,000,000,000,000,000,000.00"],
  [123456, { maximumSignificantDigits: 2 }, "120,000"],
  [Infinity, { style: "percent" }, "∞%"],
];

// prettier-ignore
const DATES: readonly Case[] = [
  ["toLocaleString", { }, "11/24/2026, 9:05:07 AM"],
  ["toLocaleDateString", { }, "11/24/2026"],
  ["toLocaleTimeString", { }, "9:05:07 AM"],
  ["toLocaleString", { dateStyle: "full" }, "Tuesday, November 24, 2026"],
  ["toLocaleString", { dateStyle: "full", timeStyle: "full" }, "Tuesday, November 24, 2026 at 9:05:07 AM Coordinated Universal Time"],
  ["toLocaleString", { dateStyle: "full", timeStyle: "long" }, "Tuesday, November 24, 2026 at 9:05:07 AM UTC"],
  ["toLocaleString", { dateStyle: "full", timeStyle: "medium" }, "Tuesday, November 24, 2026 at 9:05:07 AM"],
  ["toLocaleString", { dateStyle: "full", timeStyle: "short" }, "Tuesday, November 24, 2026 at 9:05 AM"],
  ["toLocaleString", { dateStyle: "long" }, "November 24, 2026"],
  ["toLocaleString", { dateStyle: "long", timeStyle: "full" }, "November 24, 2026 at 9:05:07 AM Coordinated Universal Time"],
  ["toLocaleString", { dateStyle: "long", timeStyle: "long" }, "November 24, 2026 at 9:05:07 AM UTC"],
  ["toLocaleString", { dateStyle: "long", timeStyle: "medium" }, "November 24, 2026 at 9:05:07 AM"],
  ["toLocaleString", { dateStyle: "long", timeStyle: "short" }, "November 24, 2026 at 9:05 AM"],
  ["toLocaleString", { dateStyle: "medium" }, "Nov 24, 2026"],
  ["toLocaleString", { dateStyle: "medium", timeStyle: "full" }, "Nov 24, 2026, 9:05:07 AM Coordinated Universal Time"],
  ["toLocaleString", { dateStyle: "medium", timeStyle: "long" }, "Nov 24, 2026, 9:05:07 AM UTC"],
  ["toLocaleString", { dateStyle: "medium", timeStyle: "medium" }, "Nov 24, 2026, 9:05:07 AM"],
  ["toLocaleString", { dateStyle: "medium", timeStyle: "short" }, "Nov 24, 2026, 9:05 AM"],
  ["toLocaleString", { dateStyle: "short" }, "11/24/26"],
  ["toLocaleString", { dateStyle: "short", timeStyle: "full" }, "11/24/26, 9:05:07 AM Coordinated Universal Time"],
  ["toLocaleString", { dateStyle: "short", timeStyle: "long" }, "11/24/26, 9:05:07 AM UTC"],
  ["toLocaleString", { dateStyle: "short", timeStyle: "medium" }, "11/24/26, 9:05:07 AM"],
  ["toLocaleString", { dateStyle: "short", timeStyle: "short" }, "11/24/26, 9:05 AM"],
  ["toLocaleTimeString", { timeStyle: "full" }, "9:05:07 AM Coordinated Universal Time"],
  ["toLocaleTimeString", { timeStyle: "long" }, "9:05:07 AM UTC"],
  ["toLocaleTimeString", { timeStyle: "medium" }, "9:05:07 AM"],
  ["toLocaleTimeString", { timeStyle: "short" }, "9:05 AM"],
  ["toLocaleString", { month: "numeric" }, "11"],
  ["toLocaleString", { month: "numeric", day: "numeric" }, "11/24"],
  ["toLocaleString", { month: "numeric", year: "numeric" }, "11/2026"],
  ["toLocaleString", { month: "numeric", day: "numeric", year: "numeric" }, "11/24/2026"],
  ["toLocaleString", { month: "numeric", weekday: "short", day: "numeric", year: "numeric" }, "Tue, 11/24/2026"],
  ["toLocaleString", { month: "numeric", weekday: "long", day: "numeric" }, "Tuesday, 11/24"],
  ["toLocaleString", { month: "numeric", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" }, "11/24/2026, 9:05 AM"],
  ["toLocaleString", { month: "numeric", weekday: "long", day: "numeric", hour: "numeric" }, "Tuesday, 11/24, 9 AM"],
  ["toLocaleString", { month: "2-digit" }, "11"],
  ["toLocaleString", { month: "2-digit", day: "numeric" }, "11/24"],
  ["toLocaleString", { month: "2-digit", year: "numeric" }, "11/2026"],
  ["toLocaleString", { month: "2-digit", day: "numeric", year: "numeric" }, "11/24/2026"],
  ["toLocaleString", { month: "2-digit", weekday: "short", day: "numeric", year: "numeric" }, "Tue, 11/24/2026"],
  ["toLocaleString", { month: "2-digit", weekday: "long", day: "numeric" }, "Tuesday, 11/24"],
  ["toLocaleString", { month: "2-digit", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" }, "11/24/2026, 9:05 AM"],
  ["toLocaleString", { month: "2-digit", weekday: "long", day: "numeric", hour: "numeric" }, "Tuesday, 11/24, 9 AM"],
  ["toLocaleString", { month: "long" }, "November"],
  ["toLocaleString", { month: "long", day: "numeric" }, "November 24"],
  ["toLocaleString", { month: "long", year: "numeric" }, "November 2026"],
  ["toLocaleString", { month: "long", day: "numeric", year: "numeric" }, "November 24, 2026"],
  ["toLocaleString", { month: "long", weekday: "short", day: "numeric", year: "numeric" }, "Tue, November 24, 2026"],
  ["toLocaleString", { month: "long", weekday: "long", day: "numeric" }, "Tuesday, November 24"],
  ["toLocaleString", { month: "long", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" }, "November 24, 2026 at 9:05 AM"],
  ["toLocaleString", { month: "long", weekday: "long", day: "numeric", hour: "numeric" }, "Tuesday, November 24 at 9 AM"],
  ["toLocaleString", { month: "short" }, "Nov"],
  ["toLocaleString", { month: "short", day: "numeric" }, "Nov 24"],
  ["toLocaleString", { month: "short", year: "numeric" }, "Nov 2026"],
  ["toLocaleString", { month: "short", day: "numeric", year: "numeric" }, "Nov 24, 2026"],
  ["toLocaleString", { month: "short", weekday: "short", day: "numeric", year: "numeric" }, "Tue, Nov 24, 2026"],
  ["toLocaleString", { month: "short", weekday: "long", day: "numeric" }, "Tuesday, Nov 24"],
  ["toLocaleString", { month: "short", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" }, "Nov 24, 2026, 9:05 AM"],
  ["toLocaleString", { month: "short", weekday: "long", day: "numeric", hour: "numeric" }, "Tuesday, Nov 24, 9 AM"],
  ["toLocaleString", { month: "narrow" }, "N"],
  ["toLocaleString", { month: "narrow", day: "numeric" }, "N 24"],
  ["toLocaleString", { month: "narrow", year: "numeric" }, "N 2026"],
  ["toLocaleString", { month: "narrow", day: "numeric", year: "numeric" }, "N 24, 2026"],
  ["toLocaleString", { month: "narrow", weekday: "short", day: "numeric", year: "numeric" }, "Tue, N 24, 2026"],
  ["toLocaleString", { month: "narrow", weekday: "long", day: "numeric" }, "Tuesday, N 24"],
  ["toLocaleString", { month: "narrow", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" }, "N 24, 2026, 9:05 AM"],
  ["toLocaleString", { month: "narrow", weekday: "long", day: "numeric", hour: "numeric" }, "Tuesday, N 24, 9 AM"],
  ["toLocaleString", { weekday: "long" }, "Tuesday"],
  ["toLocaleString", { weekday: "short" }, "Tue"],
  ["toLocaleString", { weekday: "narrow" }, "T"],
  ["toLocaleString", { day: "numeric" }, "24"],
  ["toLocaleString", { day: "2-digit" }, "24"],
  ["toLocaleString", { year: "numeric" }, "2026"],
  ["toLocaleString", { year: "2-digit" }, "26"],
  ["toLocaleString", { weekday: "long", day: "numeric" }, "24 Tuesday"],
  ["toLocaleString", { hour: "numeric" }, "9 AM"],
  ["toLocaleString", { hour: "2-digit" }, "09 AM"],
  ["toLocaleString", { hour: "2-digit", minute: "2-digit" }, "09:05 AM"],
  ["toLocaleString", { minute: "numeric" }, "5"],
  ["toLocaleString", { minute: "2-digit" }, "5"],
  ["toLocaleString", { second: "2-digit" }, "7"],
  ["toLocaleString", { minute: "2-digit", second: "2-digit" }, "05:07"],
  ["toLocaleString", { hour: "numeric", minute: "numeric", second: "numeric", fractionalSecondDigits: 3 }, "9:05:07.089 AM"],
  ["toLocaleString", { hour12: false }, "11/24/2026, 09:05:07"],
  ["toLocaleString", { hourCycle: "h23" }, "11/24/2026, 09:05:07"],
  ["toLocaleString", { hour: "numeric", hour12: false }, "09"],
  ["toLocaleString", { hour: "2-digit", hour12: false }, "09"],
  ["toLocaleString", { hour: "numeric", minute: "numeric", hour12: false }, "09:05"],
  ["toLocaleString", { timeZoneName: "short" }, "11/24/2026, 9:05:07 AM UTC"],
  ["toLocaleString", { timeZoneName: "long" }, "11/24/2026, 9:05:07 AM Coordinated Universal Time"],
  ["toLocaleString", { hour: "numeric", timeZoneName: "short" }, "9 AM UTC"],
  ["toLocaleString", { weekday: "short", hour: "numeric" }, "Tue 9 AM"],
  ["toLocaleString", { year: "2-digit", month: "2-digit", day: "2-digit" }, "11/24/26"],
  ["toLocaleString", { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "numeric", timeZoneName: "short" }, "November 24, 2026 at 9:05 AM UTC"],
  ["toLocaleString", { hour12: true }, "11/24/2026, 9:05:07 AM"],
  ["toLocaleDateString", { hour: "numeric" }, "11/24/2026, 9 AM"],
  ["toLocaleDateString", { weekday: "long", year: "numeric", month: "long", day: "numeric" }, "Tuesday, November 24, 2026"],
  ["toLocaleDateString", { month: "short", day: "numeric", year: "numeric" }, "Nov 24, 2026"],
  ["toLocaleDateString", { year: "numeric", month: "2-digit", day: "2-digit" }, "11/24/2026"],
  ["toLocaleTimeString", { month: "long" }, "November at 9:05:07 AM"],
  ["toLocaleTimeString", { hour12: false }, "09:05:07"],
  ["toLocaleTimeString", { hour: "2-digit", minute: "2-digit" }, "09:05 AM"],
  ["toLocaleTimeString", { hour: "2-digit", minute: "2-digit", hour12: false }, "09:05"],
];

describe("the locale", () => {
  it("numbers", () => {
    const source = "list.map(([x, options]) => [x, options, x.toLocaleString('en-US', options)])";
    expect(output(source, { list: NUMBERS })).toEqual(NUMBERS);
  });

  it("dates", () => {
    const source = `const d = new Date(Date.UTC(2026, 10, 24, 9, 5, 7, 89));
      list.map(([method, options]) => [method, options, d[method]("en-US", { timeZone: "UTC", ...options })])`;
    expect(output(source, { list: DATES })).toEqual(DATES);
  });

  it("large integers", () => {
    expect(
      output(
        "[12345678901234567890n.toLocaleString(), (-5n).toLocaleString('en-US', { style: 'currency', currency: 'USD' })]",
      ),
    ).toEqual(["12,345,678,901,234,567,890", "-$5.00"]);
  });

  it("the machine's zone", () => {
    const source =
      "const d = new Date(0); [d.toLocaleString(), d.toLocaleTimeString('en-US', { timeStyle: 'full' }), d.toLocaleString('en-US', { timeZone: 'UTC', timeZoneName: 'short' })]";
    expect(output(source, {}, "Asia/Kolkata")).toEqual([
      "1/1/1970, 5:30:00 AM",
      "5:30:00 AM India Standard Time",
      "1/1/1970, 12:00:00 AM UTC",
    ]);
  });

  it("a fixed offset", () => {
    expect(
      output(
        "[new Date(0).toLocaleString('en-US', { timeZone: '+05:30' }), new Date(0).toLocaleTimeString([], { timeZone: '-08:00', timeStyle: 'long' })]",
      ),
    ).toEqual(["1/1/1970, 5:30:00 AM", "4:00:00 PM GMT-8"]);
  });

  it.each([
    [
      "(1).toLocaleString('en-US', { maximumFractionDigits: 101 })",
      "RangeError: maximumFractionDigits value is out of range.",
    ],
    [
      "(1).toLocaleString('en-US', { minimumFractionDigits: 3, maximumFractionDigits: 1 })",
      "RangeError: maximumFractionDigits value is out of range.",
    ],
    [
      "(1).toLocaleString('en-US', { style: 'x' })",
      "RangeError: Value x out of range for Number.prototype.toLocaleString options property style",
    ],
    ["(1).toLocaleString('en-US', { style: 'currency' })", "TypeError: Currency code is required with currency style."],
    ["(1).toLocaleString('x_y')", "RangeError: Incorrect locale information provided"],
    ["(1).toLocaleString(null)", "TypeError: Cannot convert undefined or null to object"],
    ["new Date(0).toLocaleString('en-US', { timeZone: 'X' })", "RangeError: Invalid time zone specified: X"],
    [
      "new Date(0).toLocaleString('en-US', { dateStyle: 'long', hour: 'numeric' })",
      "TypeError: Can't set option hour when dateStyle is used",
    ],
    [
      "new Date(0).toLocaleString('en-US', { month: 'x' })",
      "RangeError: Value x out of range for Date.prototype.toLocaleString options property month",
    ],
    // What is not there is not left out in silence.
    ...["calendar: 'buddhist'", "numberingSystem: 'arab'", "era: 'short'", "dayPeriod: 'long'"].map((option) => {
      const [name, value] = option.split(": '") as [string, string];
      return [
        `new Date(0).toLocaleString('en-US', { ${option} })`,
        `RangeError: Value ${value.slice(0, -1)} out of range for Date.prototype.toLocaleString options property ${name}`,
      ];
    }),
    [
      "(1.5).toLocaleString('en-US', { roundingMode: 'floor' })",
      "RangeError: Value floor out of range for Number.prototype.toLocaleString options property roundingMode",
    ],
    [
      "(1.5).toLocaleString('en-US', { numberingSystem: 'arab' })",
      "RangeError: Value arab out of range for Number.prototype.toLocaleString options property numberingSystem",
    ],
    ["new Date(0).toLocaleDateString('en-US', { timeStyle: 'short' })", "TypeError: Invalid option : timeStyle"],
    ["Date.prototype.toLocaleString.call(1)", "TypeError: this is not a Date object."],
  ])("%s", (source, text) => {
    expect(output(`try { ${source}; } catch (e) { String(e); }`)).toBe(text);
  });

  it.each([
    [undefined, "a|A|á|ab|æ|b|o|ø|z|Z"],
    [{ numeric: true }, "1|2|9|10|a01|a1b|a2|a10"],
  ])("order of texts with %o", (options, sorted) => {
    const list = sorted.split("|");
    const shuffled = list.toReversed();
    expect(output("list.sort((a, b) => a.localeCompare(b, 'en', options))", { list: shuffled, options })).toEqual(list);
  });

  it("what counts as a difference", () => {
    const source =
      "['base', 'accent', 'case', 'variant'].map((sensitivity) => ['A', 'á', 'b'].map((x) => 'a'.localeCompare(x, [], { sensitivity })))";
    expect(output(source)).toEqual([
      [0, 0, -1],
      [0, -1, -1],
      [-1, 0, -1],
      [-1, -1, -1],
    ]);
  });
});
