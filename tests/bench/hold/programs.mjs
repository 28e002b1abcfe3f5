// Owns the programs of the benchmark of holding, and a turn of each: what is timed as one stage. Must never time anything itself.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const budget = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../../snapshot/budget-programs.ts"), "utf8");

/** The agent program of tests/snapshot/budget-programs.ts. */
const agent = /agent: String\.raw`([^]*?globalThis\.__p = main\(\);)`,\n {2}data1mb/.exec(budget)[1];

const LINES_50 = Array.from(
  { length: 10 },
  (_, i) => `function step${i}(items, { rate = 0.2 } = {}) {
  let total = 0;
  for (const item of items) total += item.price * (1 + rate) + ${i};
  return { total, label: \`step ${i}: \${total.toFixed(2)}\` };
}
`,
).join("");

/** Programs by name: source, host function, the answer to every call of it. */
export const PROGRAMS = {
  line: { source: "1 + 2", tools: {}, answer: undefined },
  call: { source: 'const r = await hostCall("a", 1); r + 1', tools: { hostCall: "async" }, answer: 4 },
  loop: { source: "let n = 0; for (;;) n += await tick(n)", tools: { tick: "async" }, answer: 1 },
  agent: { source: agent, tools: { hostCall: "async" }, answer: { text: "done" } },
  lines50: { source: LINES_50, tools: {}, answer: undefined },
};

/** How a program is compiled in this benchmark. */
export const optionsOf = (name, filename = "program.js") => ({ filename, externals: PROGRAMS[name].tools });

/** How a program is started in this benchmark: equal starts of equal seeds give equal bytes. */
export const startOf = (seed) => ({ seed, now: 0 });
