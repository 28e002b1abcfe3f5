// Random programs against the host engine: a short run with a fixed seed, the programs that once differed, and the shrinker.

import ts from "typescript";
import { describe, expect, it } from "vitest";
import { testRuntime } from "../support/runtime.ts";
import { javascript, PLACE, runInFermata, runInHost, sourceOf } from "./engines.ts";
import { generate, together } from "./generate/program.ts";
import { Holder } from "./held.ts";
import { regressions } from "./regressions.ts";
import { runBatch, type Failure } from "./run-batch.ts";
import { shrink } from "./shrink.ts";
import { print, size, type Language } from "./tree.ts";

// Rejections that nobody handles belong to the programs.
process.on("unhandledRejection", () => {});
const runtime = await testRuntime();

function expectAgreement(seed: number, count: number, language: Language, holder?: Holder): void {
  const failures: string[] = [];
  const note = ({ seed: one, way, what }: Failure): void =>
    void failures.push(`seed ${one} (${way.language}): ${what}`);
  const range = { seed, from: 0, count, language };
  const { agreed, left, held, lines } = runBatch(runtime, range, note, holder);
  expect(failures).toEqual([]);
  // Programs that do nothing, or too much, would agree always.
  expect(left).toBeLessThan(count / 50);
  expect(lines).toBeGreaterThan(3 * agreed);
  expect(held).toBe(holder === undefined ? 0 : count / 2);
}

describe("generated programs", () => {
  it.each<Language>(["javascript", "typescript"])(
    "give the host engine's trace, places of errors included, in %s",
    (language) => expectAgreement(20_260_101, 400, language),
    120_000,
  );
  it.each<Language>(["javascript", "typescript"])(
    "give the same when held, fuel and bytes included, in %s",
    async (language) => expectAgreement(20_260_102, 96, language, await Holder.create(runtime)),
    120_000,
  );
  it.each<Language>(["javascript", "typescript"])("are the same for the same seed, in %s", (language) => {
    for (let seed = 0; seed < 50; seed++) {
      const tree = together([generate(seed, language)]);
      expect(print(together([generate(seed, language)]), language)).toBe(print(tree, language));
      expect(() => new Function(print(tree))).not.toThrow();
    }
  });
});

describe("the JavaScript of a TypeScript program", () => {
  it("does what TypeScript's compiler makes of it", () => {
    for (let seed = 1000; seed < 1030; seed++) {
      const source = sourceOf(together([generate(seed, "typescript")]), "typescript");
      const { outputText, diagnostics } = ts.transpileModule(source.text, {
        reportDiagnostics: true,
        compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
      });
      expect(diagnostics, source.text).toEqual([]);
      const compiled = runInHost(javascript(outputText.replace(/^"use strict";\n/, "")), 5000);
      // The compiler moves what it writes.
      const withoutPlaces = (trace: readonly string[]): string[] =>
        trace.map((line) => (line.startsWith(PLACE) ? PLACE : line));
      const expected = runInHost(source, 5000);
      expect(withoutPlaces(compiled.trace), `seed ${seed}`).toEqual(withoutPlaces(expected.trace));
    }
  }, 60_000);
});

describe("what once differed", () => {
  it.each(regressions())("$name", ({ source, trace }) => {
    expect(runInFermata(runtime, source).trace).toEqual(trace);
  });
});

describe("the shrinker", () => {
  it("keeps what fails and drops the rest", () => {
    const program = generate(5, "javascript");
    expect(runInHost(sourceOf(together([program]), "javascript")).end).toBe("complete");
    const fails = (text: string): boolean => text.includes("log(");
    expect(fails(print(program.body))).toBe(true);
    const small = shrink(program.body, (tree) => fails(print(tree)));
    expect(fails(print(small))).toBe(true);
    expect(size(small)).toBeLessThan(size(program.body) / 5);
  });
});
