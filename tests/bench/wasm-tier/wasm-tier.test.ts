// A tier that compiles hot functions to wasm (docs/decisions/wasm-tier.md) leaves what the interpreter leaves: at each stop, wherever the
// fuel runs out, the same fuel used and the same bytes.

import { beforeAll, describe, expect, it } from "vitest";
import { compareRuns, type Comparison } from "./compare.ts";
import { PROGRAMS } from "./programs.ts";
import { WORKLOADS } from "./workloads.ts";
import type { Runtime } from "../../../ts/api/runtime.ts";
import { testRuntime } from "../../support/runtime.ts";

/** Short slices of the interpreter, so that the tier comes early, and again and again. */
const EARLY = { slice: 7, persists: true };
let runtime: Runtime;

beforeAll(async () => {
  runtime = await testRuntime({ poolSize: 2 });
});

/** Compares with random amounts of fuel until there were enough stops. */
function compared(source: string, stops: number, most: number): Comparison & { readonly all: number } {
  let all = 0;
  for (let seed = 1; ; seed++) {
    const comparison = compareRuns(runtime, source, most, seed, EARLY);
    expect(comparison.difference).toBeUndefined();
    all += comparison.stops;
    if (all >= stops) return { ...comparison, all };
  }
}

describe("the workloads of the study", () => {
  it.each(WORKLOADS)("$name: equal bytes at 100 stops or more", ({ source, compared: size }) => {
    const { all, counts, fuel } = compared(source(size), 100, 120);
    expect(all).toBeGreaterThanOrEqual(100);
    // Enough of the run was compiled code.
    expect(counts.fuel / fuel).toBeGreaterThan(0.2);
  });
});

describe("values that change their form", () => {
  it.each(PROGRAMS)("$name", ({ source }) => {
    const { counts, fuel } = compared(source, 100, 40);
    expect(counts.compiled).toBeGreaterThan(0);
    expect(counts.fuel / fuel).toBeGreaterThan(0.05);
  });
});
