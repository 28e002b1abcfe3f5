// Where stacks locate errors of instructions that have no sign of their own (iteration, conversion, patterns, keys), and their messages, as
// V8 of Node 24 shows them: at the last place that the code before them has set.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outputOf, testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

/** A line of source, the column of its error, and what the error says. `u`, `x` and `y` are undefined, `f` returns undefined. */
const CASES = readFileSync(join(import.meta.dirname, "error-places.txt"), "utf8")
  .split("\n")
  .filter((row) => row !== "" && !row.startsWith("#"))
  .map((row) => {
    const [column, message, line] = row.split("\t");
    return [line!, column!, message!] as const;
  });

/** Lines of the program for each case; the line of the case is the fourth. */
const LINES = 6;

describe("the place and the message of an error", async () => {
  // One program for all: each would be held by itself.
  const bodies = CASES.map(
    ([line]) => `(function () {
let u, x, y, n = 0, o = {}, f = () => u;
try {
${line}
} catch (e) { return e.stack }
})()
`,
  );
  const stacks = (await outputOf(runtime, `[\n${bodies.join(",")}]`)) as readonly string[];
  it.each(CASES.map((row, i) => [...row, i] as const))("of %s", (_, column, message, i) => {
    const stack = stacks[i]!;
    if (message !== "*") expect(stack.split("\n")[0]).toBe(message);
    expect(/test\.js:(\d+:\d+)/.exec(stack)?.[1]).toBe(`${i * LINES + 5}:${column}`);
  });
});
