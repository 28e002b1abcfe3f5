// Natives that cannot stop in the middle are priced before they begin. Where the time that is left is too short for that price, the run ends at
// once: no single call may keep the host for longer than `timeMs` lets it.

import { beforeAll, describe, expect, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { LimitError, type State } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

/** Each makes one call that takes more than a million units, which are more than MS. */
const CALLS: Readonly<Record<string, string>> = {
  "a text of a BigInt": `(1n << 150000n).toString(10).length`,
  "a BigInt in a template": "`${1n << 150000n}`.length",
  "a list of BigInts as a text": `[1n << 150000n].join().length`,
  "a BigInt of a text": `typeof BigInt("7".repeat(60000))`,
  "a BigInt compared with a text": `(1n << 200000n) == "7".repeat(60000)`,
  "a product of BigInts": `typeof (((1n << 524000n) - 1n) * ((1n << 524000n) - 3n))`,
  "a quotient of BigInts": `typeof ((1n << 320000n) / ((1n << 160000n) + 1n))`,
  "a power of BigInts": `typeof (3n ** 600000n)`,
  "an order of texts": `"\\u00e9".repeat(70000).localeCompare("\\u00e9".repeat(70000) + "x")`,
  "a normal form": `"\\u0301".repeat(150000).normalize("NFC").length`,
  "a normal form of ligatures": `"\\ufdfa".repeat(20000).normalize("NFKC").length`,
  "upper case": `"\\u00df\\u4e2d".repeat(300000).toUpperCase().length`,
  "sorted texts": `Array.from({ length: 150000 }, (_, i) => (i * 7919) % 150001).toSorted().length`,
  "sorted numbers": `new Array(1000000).fill(1.5).toSorted((a, b) => a - b).length`,
  "sorted bytes": `new Float64Array(500000).toSorted().length`,
  "a decoded URI": `decodeURIComponent("%41".repeat(1500000)).length`,
  "decoded bytes": `new TextDecoder().decode(new Uint8Array(4500000).fill(0xe4)).length`,
  "parsed JSON": `JSON.parse('"' + "a".repeat(4500000) + '"').length`,
  "joined doubles": `new Array(500000).fill(1.5).join().length`,
  "replaced parts": `"a".repeat(300000).replaceAll("a", "b").length`,
};

const LIMITS = { memoryBytes: 64 << 20 };
const MS = 40;
/** Units of fuel that such a call takes at least, and that are not used if it is not begun. */
const WORK = 950_000;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime({ poolSize: 2 });
});

/** The most fuel that is used from one stop to the next, where each slice is given a thousand units; and whether it came to its end. */
function strides(
  source: string,
  most: number,
): { readonly longest: number; readonly fuel: number; readonly output: unknown } {
  const program = runtime.compile(source, { filename: "long.js" });
  let state: State = program.start({ limits: { ...LIMITS, timeMs: Infinity, fuel: 1000 } });
  let longest = 0;
  let before = 0;
  while (state.status === "paused" && state.usage.fuel < most) {
    longest = Math.max(longest, state.usage.fuel - before);
    before = state.usage.fuel;
    state = state.resume({ fuel: 1000 });
  }
  const { fuel } = state.usage;
  if (state.status !== "complete") state.dispose();
  return { longest, fuel, output: state.status === "complete" ? state.output : undefined };
}

describe("a collection that is filled at once", () => {
  const TEXTS = `const texts = Array.from({ length: 90 }, (_, i) => "ab".repeat(100000) + i);`;
  // Hashing one of these texts takes some 3,000 units.
  test.each([
    ["a Set", `${TEXTS} const s = new Set(texts); [s.size, [...s].indexOf(texts[89])]`],
    ["a Map", `${TEXTS} const m = new Map(texts.map((t) => [t, 1])); [m.size, [...m.keys()].indexOf(texts[89])]`],
  ])("is filled entry by entry where the keys take long: %s", (_, source) => {
    const { longest, fuel, output } = strides(source, Infinity);
    expect(output).toEqual([90, 89]);
    expect(fuel).toBeGreaterThan(250_000);
    expect(longest).toBeLessThan(70_000);
  });
});

describe("what fails at its end", () => {
  // A unit buys some 25 ns: a loop whose rounds took a million characters each for nothing was seen by no limit.
  test.each([
    ["a pattern", `new RegExp(bad, "v")`, `"[" + "a-z".repeat(100000)`],
    ["a pattern with properties", `new RegExp(bad, "iu")`, `"\\\\p{L}".repeat(300) + "("`],
    ["a URI to encode", "encodeURI(bad)", `"a".repeat(300000) + "\\ud800"`],
    ["a URI to decode", "decodeURI(bad)", `"a".repeat(300000) + "%"`],
    ["JSON", "JSON.parse(bad)", `"[" + "1,".repeat(150000) + "x"`],
    ["digits of a BigInt", "BigInt(bad)", `"7".repeat(300000) + "x"`],
    ["base64", "atob(bad)", `"A".repeat(300000) + "*"`],
  ])("is paid for: %s", (_, call, text) => {
    const source = `const bad = ${text}; let failed = 0; for (let i = 0; i < 20; i++) try { ${call}; } catch { failed++; } failed`;
    const state = runtime.compile(source, { filename: "long.js" }).start({ limits: { ...LIMITS, timeMs: Infinity } });
    if (state.status !== "complete") throw new Error(state.status);
    expect(state.output).toBe(20);
    expect(state.usage.fuel).toBeGreaterThan(20 * 10_000);
  });
});

describe("throws", () => {
  test("in a row meet safepoints", () => {
    const { longest } = strides(`let a = 1; for (;;) {\n${"try { throw a; } catch {}\n".repeat(4000)}}`, 3_000_000);
    expect(longest).toBeLessThan(3000);
  });

  test("by instructions that are no throws meet them, too", () => {
    const { longest } = strides(`let a = null; for (;;) {\n${"try { a.x; } catch {}\n".repeat(2000)}}`, 3_000_000);
    expect(longest).toBeLessThan(3000);
  });

  test("through very many frames and handlers end with the time that is left", () => {
    const handlers = "try { g(); } catch {}\n".repeat(20_000);
    const source = `const g = () => 0; function f(n) { if (n > 0) f(n - 1); else throw n;\n${handlers} } try { f(9000); } catch {}`;
    const program = runtime.compile(source, { filename: "long.js" });
    let error: unknown;
    try {
      program.start({ limits: { ...LIMITS, timeMs: 100 } });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(LimitError);
    expect((error as LimitError).limit).toBe("timeMs");
    // All frames would take eleven millions.
    expect((error as LimitError).run!.usage.fuel).toBeLessThan(5_000_000);
  }, 30_000);
});

describe.each(Object.entries(CALLS))("a call that cannot be interrupted: %s", (_, source) => {
  test("is not begun where it would take longer than the time that is left", () => {
    const program = runtime.compile(source, { filename: "long.js" });
    const whole = program.start({ limits: { ...LIMITS, timeMs: Infinity } });
    expect(whole.status).toBe("complete");
    let error: unknown;
    try {
      program.start({ limits: { ...LIMITS, timeMs: MS } });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(LimitError);
    expect((error as LimitError).limit).toBe("timeMs");
    expect((error as LimitError).run!.usage.fuel).toBeLessThan(whole.usage.fuel - WORK);
  }, 30_000);

  test("is made where the run is paused when its time is up, since it could never go on otherwise", () => {
    const program = runtime.compile(source, { filename: "long.js" });
    const whole = program.start({ limits: { ...LIMITS, timeMs: Infinity } });
    let state: State = program.start({ limits: { ...LIMITS, timeMs: MS, onTime: "pause" } });
    for (let stops = 0; state.status === "paused" && stops < 1000; stops++)
      state = state.resume({ limits: { timeMs: MS } });
    if (state.status !== "complete" || whole.status !== "complete") throw new Error(state.status);
    expect(state.output).toEqual(whole.output);
    expect(state.usage.fuel).toBe(whole.usage.fuel);
  }, 30_000);
});
