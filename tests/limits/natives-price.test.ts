// The price of natives: a unit of fuel must not buy much more time in one than in the median of all, whatever it is called with and however large
// that is. `npm run prices` measures each with everything; here each meets one argument at each size.

import { expect, test } from "vitest";
import { testRuntime } from "../support/runtime.ts";
import { measureNatives } from "./prices/measure.ts";

test("no native buys more than ten times the median of all for a unit of fuel", async () => {
  const runtime = await testRuntime({ poolSize: 2 });
  const { natives, calls, dear } = measureNatives(runtime, 1, 0);
  expect(natives).toBeGreaterThan(550);
  expect(calls).toBeGreaterThan(2 * natives);
  expect(dear).toEqual([]);
}, 180_000);
