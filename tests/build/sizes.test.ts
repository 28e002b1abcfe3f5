// What a user downloads: no part grows unnoticed.

import { describe, expect, it } from "vitest";
import { isBuilt } from "../../ts/build/build-wasm.ts";
import { grownParts, measureSizes, recordedSizes } from "../../ts/build/sizes.ts";

describe("the sizes in docs/sizes.json", () => {
  it("are those of dist/; if a part is meant to grow, run npm run sizes -- --update", () => {
    // A quick build, for daily work, optimises the wasm less.
    const isOptimised = isBuilt("release");
    const now = Object.entries(measureSizes()).filter(([part]) => isOptimised || !part.startsWith("wasm"));
    expect(grownParts(Object.fromEntries(now), recordedSizes())).toEqual([]);
  });

  it("name every part", () => {
    expect(Object.keys(recordedSizes())).toEqual(Object.keys(measureSizes()));
  });
});

describe("a part", () => {
  it("may grow by two per cent", () => {
    expect(grownParts({ code: 102, tables: 50 }, { code: 100, tables: 100 })).toEqual([]);
  });
  it("may not grow by more, nor appear", () => {
    expect(grownParts({ code: 103, other: 1 }, { code: 100 })).toEqual([
      "code: 100 → 103 bytes",
      "other: not on record → 1 bytes",
    ]);
  });
});
