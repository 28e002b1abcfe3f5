// Owns the price of straight-line code: a unit of fuel must not buy much more time because the code between two safepoints
// is long. Times are compared within one process, as ratios.

import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { testRuntime } from "../support/runtime.ts";
import { cpuMs } from "../support/cpu-time.ts";

const MANY = 4000;
const many = (piece: (index: number) => string, between = "\n"): string =>
  Array.from({ length: MANY }, (_, index) => piece(index)).join(between);

/** Ordinary loops; the median of what their units cost is the measure. */
const ORDINARY: Record<string, string> = {
  counting: "let a = 0; for (let i = 0; ; i++) a = (a + i) | 0;",
  calls: "const f = (x) => x + 1; let a = 0; for (;;) a = f(a) | 0;",
  properties: "const o = { a: 1, b: 2 }; for (;;) { o.a = o.b; o.b = o.a + 1 | 0; }",
  arrays: "const list = [1, 2, 3]; for (let i = 0; ; i++) list[i % 3] = list[(i + 1) % 3];",
  floats: "let x = 1; for (;;) { x = x * 1.5 - 2.5; if (x > 1e9) x = 1; }",
};

const LONG: Record<string, string> = {
  statements: `let a = 1; for (;;) {\n${many((i) => `a = (a * 31 + ${i}) | 0;`)}}`,
  "local statements": `(() => { let a = 1; for (;;) {\n${many((i) => `a = (a * 31 + ${i}) | 0;`)}} })()`,
  "a conditional back-edge": `let i = 0; do {\n${many((j) => `i = i + ${j} | 0;`)}} while (i !== 0.5)`,
  "an argument": `const f = () => 0; for (;;) f([${many((i) => `${i}`, ", ")}]);`,
  "a chain of conditions": `let a = 0; for (;;) {\n${many((i) => `if (a === ${i + 1}) a = 2;`)}}`,
  "branches never taken": `let a = 0; for (;;) {\n${many((i) => `if (a) { a = a * 2; a = a + ${i}; a = a - 1; a = a * 3; a = a + 4; a = a | 0; a++; a--; }`)}}`,
  "a called function": `const f = () => { let a = 1;\n${many((i) => `a = (a * 31 + ${i}) | 0;`)} return a; }; for (;;) f();`,
  "an early return": `const f = (x) => {\n${many((i) => `if (x === ${i + 1}) return ${i};`)}}; for (;;) f(0);`,
  "one expression": `let a = 1; for (;;) a = (${many((i) => `(a ^ ${i})`, " + ")}) | 0;`,
  "a comma list": `let a = 1; for (;;) ${many((i) => `a = a + ${i} | 0`, ", ")};`,
  "a condition": `let a = 1; while (${many((i) => `a !== ${i + 2}`, " && ")});`,
  cases: `let a = -1; for (;;) switch (a) {\n${many((i) => `case ${i}: a = 1; break;`)}}`,
  "try blocks": `let a = 1; for (;;) {\n${many((i) => `try { a = a + ${i} | 0; } catch { a = 0; }`)}}`,
  "a finally block": `let a = 1; for (;;) { try { a = 2; } finally {\n${many((i) => `a = a + ${i} | 0;`)}} }`,
  "an object": `for (;;) ({ ${many((i) => `k${i % 50}: ${i}`, ", ")} });`,
  "distinct names in an object": `for (;;) ({ ${many((i) => `k${i}: ${i}`, ", ")} });`,
  "accessors in an object": `for (;;) ({ ${Array.from({ length: 1000 }, (_, i) => `get k${i}() { return 1; }`).join(", ")} });`,
  "computed names": `let name = "q"; for (;;) ({ ${many((i) => `[name + ${i}]: ${i}`, ", ")} });`,
  "small objects": `let o; for (;;) {\n${many((i) => `o = { a${i}: ${i}, b: 1, c: 1 };`)}}`,
  "objects of many names": `for (;;) {\n${Array.from({ length: 40 }, (_, j) => `({ ${Array.from({ length: 100 }, (__, i) => `k${j}_${i}: ${i}`).join(", ")} });`).join("\n")}}`,
  "sparse elements": `const o = []; for (;;) {\n${many((i) => `o[${2000 * i + 5000}] = 1;`)}}`,
  "names that are absent": `const o = { a: 1 }; let r; for (;;) {\n${many((i) => `r = o.x${i};`)}}`,
  "names that are absent far away": `let o = {}; for (let i = 0; i < 30; i++) o = Object.create(o); let r; for (;;) {\n${many((i) => `r = o.x${i};`)}}`,
  "names by value": `const o = {}, k = "abc"; let r; for (;;) {\n${many(() => "r = o[k];")}}`,
  "numbers that are names": `const o = {}, k = -1.5; let r; for (;;) {\n${many(() => "r = o[k];")}}`,
  remainders: `const a = 1e300; let r; for (;;) {\n${many(() => "r = a % 1.1;")}}`,
  "remainders of small integers": `const a = 1e300; let r; for (;;) {\n${many(() => "r = a % 7;")}}`,
  powers: `const a = 1.1; let r; for (;;) {\n${many(() => "r = a ** 1.1;")}}`,
  "products of BigInts": `const a = 12345678901234567890n; let r; for (;;) {\n${many(() => "r = a * a;")}}`,
  "texts of BigInts": `const a = 12345678901234567890n; let r; for (;;) {\n${many(() => 'r = a == "12345678901234567890";')}}`,
  "texts of numbers": `const p = 1.2345678901234567e-300; let r; for (;;) {\n${many(() => 'r = "" + p;')}}`,
  "numbers of texts": `const p = "1.2345678901234567e-300"; let r; for (;;) {\n${many(() => "r = p * 2;")}}`,
  instanceof: `class A {} let o = {}; for (let i = 0; i < 30; i++) o = Object.create(o); let r; for (;;) {\n${many(() => "r = o instanceof A;")}}`,
  classes: `let r; for (;;) {\n${many(() => "r = class {};")}}`,
  "regular expressions": `let r; for (;;) {\n${many((i) => `r = /a${i}/;`)}}`,
  exceptions: `let a = 1; for (;;) {\n${"try { throw a; } catch {}\n".repeat(300)}}`,
  errors: `let a = null; for (;;) {\n${many(() => "try { a.x; } catch {}")}}`,
  "properties that come and go": `const o = {}; for (let i = 0; i < 1000; i++) o["k" + i] = 1; for (;;) {\n${many(() => "o.a = 1; delete o.a;")}}`,
  "a generator": `const g = (function* () { let a = 1; for (;;) { yield;\n${many((i) => `a = a + ${i} | 0;`)}} })(); for (;;) g.next();`,
};

const FUEL = 150_000;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime({ poolSize: 1 });
});

/** Nanoseconds of a unit: the least of five runs, since whatever else the computer does only adds. */
function priceOf(source: string): number {
  const program = runtime.compile(source, { filename: "long.js" });
  let least = Infinity;
  for (let round = 0; round < 5; round++) {
    const began = cpuMs();
    const state = program.start({ limits: { fuel: FUEL, timeMs: 60_000 } });
    const ms = cpuMs() - began;
    expect(state.status).toBe("paused");
    expect(state.usage.fuel).toBeLessThan(FUEL + 20_000);
    least = Math.min(least, (ms * 1e6) / state.usage.fuel);
    if (state.status !== "complete") state.dispose();
  }
  return least;
}

/** How many times the median of ordinary loops a unit of that code may cost. */
const MOST = 10;
/** How often that is measured before it counts: other work on the computer may last for longer than five runs. */
const ATTEMPTS = 4;

function priceOfOrdinary(): number {
  const prices = Object.values(ORDINARY).map(priceOf);
  return prices.sort((a, b) => a - b)[prices.length >> 1]!;
}

/** A doubtful ratio is measured again beside the ordinary loops: what shares the caches slows both, but not always. */
function ratioOf(source: string, ordinary: number): number {
  let least = priceOf(source) / ordinary;
  for (let attempt = 1; attempt < ATTEMPTS && least > MOST; attempt++)
    least = Math.min(least, priceOf(source) / priceOfOrdinary());
  return least;
}

test("a unit of fuel buys no more than ten times the median of ordinary loops, however long the code is", () => {
  const ordinary = priceOfOrdinary();
  const ratios = Object.entries(LONG).map(([name, source]) => [name, ratioOf(source, ordinary)] as const);
  expect(ratios.filter(([, ratio]) => ratio > MOST)).toEqual([]);
}, 120_000);

const OLD = JSON.parse(
  readFileSync(new URL("./fixtures/straight-line-d334fa9.json", import.meta.url), "utf8"),
) as Record<string, string>;

// Code of 3,000 statements, compiled before compilers put FUEL into it: one unit a round would be 100,000 rounds.
test.each(Object.keys(OLD))("code of a build without FUEL pays for its length: %s", (name) => {
  const state = runtime.load(Buffer.from(OLD[name]!, "base64")).restore();
  if (state.status !== "paused") throw new Error(`the fixture is ${state.status}`);
  const before = state.usage.fuel;
  const later = state.resume({ fuel: 100_000 });
  expect(later.status).toBe("paused");
  expect(later.usage.fuel - before).toBeLessThan(110_000);
  // 9,000 words a round at 8 words a unit (FOREIGN_WORDS_PER_UNIT).
  const rounds = Math.round((later.usage.fuel - before) / 1000);
  expect(rounds).toBeGreaterThan(90);
  if (later.status !== "complete") later.dispose();
});

test.each(Object.entries(LONG))(
  "a call that returns early does not pay for the rest of the function: %s",
  (_, source) => {
    // Only code without FUEL is charged by its length, and what this compiler writes must never be taken for that.
    const program = runtime.compile(
      `function f(x) { if (x) return;\n${source} }\nfor (let i = 0; i < 1000; i++) f(1);`,
      {
        filename: "early.js",
      },
    );
    const state = program.start();
    expect(state.status).toBe("complete");
    expect(state.usage.fuel).toBeLessThan(3000);
  },
);
