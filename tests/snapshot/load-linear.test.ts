// Writing and loading a snapshot take time in proportion to it, for each kind of cell and for all else of which there can be very many: twice as
// many take about twice the time. `npm run bench:load` measures the same up to a million of each.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { kindsWithoutMaker, makers } from "./load-kinds.ts";
import { timesOf } from "./load-time.ts";
import { testRuntime } from "./support.ts";

let runtime: Runtime;
let reader: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
  reader = await testRuntime();
});

/** Half of what is measured first, and how often that is repeated before it counts: other work on the machine disturbs short times. */
const SIZE = 5000;
const ATTEMPTS = 6;
/** Four times as many may take so much longer: what grows with the square would take sixteen times as long. */
const MOST = 12;
/** Milliseconds below which nothing is learned. */
const SHORT = 4;

describe("writing and loading", () => {
  it("are measured for every kind of cell", () => {
    expect(kindsWithoutMaker()).toEqual([]);
  });

  it.each(makers())("take time in proportion: %s", (_name, maker) => {
    const small = Math.min(SIZE, maker.most ?? Infinity) / 4;
    const ratios = { pack: Infinity, write: Infinity, load: Infinity };
    const least = (name: keyof typeof ratios, before: number, after: number): void => {
      ratios[name] = Math.min(ratios[name], after / Math.max(before, SHORT / 4));
    };
    for (let i = 0; i < ATTEMPTS && Math.max(ratios.pack / 2, ratios.write, ratios.load) > MOST; i++) {
      const before = timesOf(runtime, reader, maker, small, 2);
      const after = timesOf(runtime, reader, maker, small * 4, 2);
      least("pack", before.packMs, after.packMs);
      least("write", before.writeMs, after.writeMs);
      least("load", before.loadMs, after.loadMs);
    }
    // Packing is measured once only, for it happens once.
    expect(ratios.pack).toBeLessThan(2 * MOST);
    expect(ratios.write).toBeLessThan(MOST);
    expect(ratios.load).toBeLessThan(MOST);
  });
});
