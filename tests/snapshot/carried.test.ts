// What a run costs must not depend on whether it was carried through bytes on its way: cases in which it did. Every script here
// runs again through a snapshot at every stop (tests/support/held-anywhere.ts).

import { describe, expect, it } from "vitest";
import type { CompleteState } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** The output and the fuel, in one go and with the state carried through bytes after so many units. */
function carried(source: string, after: number): readonly [unknown, number][] {
  const program = runtime.compile(source, { filename: "held.js" });
  const whole = program.start({}) as CompleteState;
  let state = program.start({ limits: { fuel: after } });
  if (state.status === "paused") {
    state = runtime.load(state.snapshot().dump()).restore() as typeof state;
    if (state.status === "paused") state = state.resume({ fuel: 1e9 });
  }
  const held = state as CompleteState;
  return [
    [whole.output, whole.usage.fuel],
    [held.output, held.usage.fuel],
  ];
}

describe("fuel and outputs of a run that is carried on its way", () => {
  it.each([5, 10, 15, 18, 21, 25, 30, 40, 60])(
    "a replacement whose search has ended behind the text, after %i units",
    (after) => {
      const source = `const slow = (m) => { let x = 0; for (let i = 0; i < 5; i++) x += i; return m + x; };
        ["YYYY-MM".replace(/(a)|Y/g, slow), "YYYY-MM".replace(/Y{1,4}|M/g, slow)].join()`;
      const [whole, held] = carried(source, after);
      expect(whole![0]).toBe("Y10Y10Y10Y10-MM,YYYY10-M10M10");
      expect(held).toEqual(whole);
    },
  );

  it.each([3, 6, 9, 12, 20, 40])("a long pattern costs no fuel to find again, after %i units", (after) => {
    const pattern = `^(?:${"abcdefghij|".repeat(30)}x)$`;
    const source = `let n = 0; for (let i = 0; i < 20; i++) if (/${pattern}/.test(i % 2 ? "abcdefghij" : "y")) n++; n`;
    const [whole, held] = carried(source, after);
    expect(whole![0]).toBe(10);
    expect(held).toEqual(whole);
  });

  it.each([500, 3000, 9000])("many names, after %i units", (after) => {
    const [whole, held] = carried(`const o = {}; for (let i = 0; i < 6000; i++) o["name" + i] = i; o.name5999`, after);
    expect(whole![0]).toBe(5999);
    expect(held).toEqual(whole);
  });
});
