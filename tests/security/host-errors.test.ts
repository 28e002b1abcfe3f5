// Errors of the host's own functions, and of records that something has damaged, are told as what they are.

import { expect, test } from "vitest";
import { type PausedState, RunError } from "../../ts/index.ts";
import { decodeValue, encodeValue } from "../../ts/runner/values.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

test("a listener whose stack overflows does not break the machine", () => {
  const program = runtime.compile("let n = 0; for (; n < 300000; n++); n", { filename: "a.js" });
  const state = program.start({ limits: { fuel: 1000 } }) as PausedState;
  const endless = (): void => endless();
  expect(() => state.resume({ fuel: Infinity, onSlice: endless })).toThrow(/^Maximum call stack/);
});

test.each([
  "",
  "null",
  "5",
  "{}",
  "[]]",
  '[["r",5]]',
  '[["q"]]',
  '[["i","x"]]',
  '[["r",0],["q"]]',
  '[["r",0],5]',
  '[["r",0],["x","(","g"]]',
  '[["r",0],["t","constructor","AA=="]]',
  '[["r",0],["t","Int32Array","AA=="]]',
  '[["r",0],["o",5]]',
  '[["r",0],["h",-1]]',
  '[["r",0],["a",["r",7]]]',
])("a kept value that is damaged is a RunError: %s", (text) => {
  expect(() => decodeValue(text)).toThrow(RunError);
  expect(() => decodeValue(text)).toThrow("cannot be read");
});

test("kept values are as they were", () => {
  const list: unknown[] = [undefined, null, -0, NaN, 5n, "x", new Date(5), /a/g, new Map([[1, 2]]), new Set([1])];
  list.push(list);
  expect(decodeValue(encodeValue(list))).toEqual(list);
});
