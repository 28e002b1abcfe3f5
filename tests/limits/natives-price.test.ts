// The price of natives: a unit of fuel must not buy much more time in one than in the median of all, whatever it is called with and however large
// that is. `npm run prices` measures each with everything; here one native of three meets one argument at each size, and each at one size.

import { expect, test } from "vitest";
import { testRuntime } from "../support/runtime.ts";
import { measureNatives } from "./prices/measure.ts";

test("no native buys more than ten times the median of all for a unit of fuel", async () => {
  const runtime = await testRuntime({ poolSize: 2 });
  const { natives, calls, dear } = measureNatives(runtime, { share: 1, part: 3, seed: 0 });
  expect(natives).toBeGreaterThan(550);
  expect(calls).toBeGreaterThan(natives / 2);
  expect(dear).toEqual([]);
}, 180_000);
