// Random programs against the host engine: a short run with a fixed seed, the programs that once differed, and the shrinker.

import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";
import { runInFermata, runInHost } from "./engines.ts";
import { generate, textOf } from "./generate/program.ts";
import { heldWays } from "./held.ts";
import { regressions } from "./regressions.ts";
import { runBatch, type Failure } from "./run-batch.ts";
import { shrink } from "./shrink.ts";
import { print, size } from "./tree.ts";

// Rejections that nobody handles belong to the programs.
process.on("unhandledRejection", () => {});
const runtime = await testRuntime({ typescript: false });

function expectAgreement(seed: number, count: number, ways?: Awaited<ReturnType<typeof heldWays>>): void {
  const failures: string[] = [];
  const note = ({ seed: one, what }: Failure): void => void failures.push(`seed ${one}: ${what}`);
  const { agreed, left, lines } = runBatch(runtime, { seed, from: 0, count }, note, ways);
  expect(failures).toEqual([]);
  // Programs that do nothing, or too much, would agree always.
  expect(left).toBeLessThan(count / 50);
  expect(lines).toBeGreaterThan(3 * agreed);
}

describe("generated programs", () => {
  it("give the host engine's trace", () => expectAgreement(20_260_101, 600), 120_000);
  it("give the same when held", async () => expectAgreement(20_260_102, 96, await heldWays(runtime)), 120_000);
  it("are the same for the same seed, and all are programs", () => {
    for (let seed = 0; seed < 50; seed++) {
      const text = textOf(generate(seed));
      expect(textOf(generate(seed))).toBe(text);
      expect(() => new Function(text)).not.toThrow();
    }
  });
});

describe("what once differed", () => {
  it.each(regressions())("$name", ({ source, trace }) => {
    expect(runInFermata(runtime, source, undefined, "regression.js").trace).toEqual(trace);
  });
});

describe("the shrinker", () => {
  it("keeps what fails and drops the rest", () => {
    const program = generate(5);
    const fails = (text: string): boolean => text.includes("log(") && runInHost(textOf(program)).end === "complete";
    expect(fails(print(program.body))).toBe(true);
    const small = shrink(program.body, (tree) => fails(print(tree)));
    expect(fails(print(small))).toBe(true);
    expect(size(small)).toBeLessThan(size(program.body) / 5);
  });
});
