// Owns measuring how fast source becomes a program that could run: Fermata's compile and link against quickjs-emscripten's compile
// of the same text, in one process, taking turns. Must never run what it compiles.
//
//   npm run bench:compile -- [--rounds N]
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { createRuntime } from "fermata-vm";
import { getQuickJS } from "quickjs-emscripten";

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "40" } } });
const rounds = Number(options.rounds);

const PART = `
class Task# {
  constructor(name, price) { this.name = name; this.price = price; this.done = false; }
  get label() { return \`\${this.name}: \${this.price.toFixed(2)}\`; }
  finish(by = "nobody", ...rest) { this.done = true; return { by, rest, at: this.price > 10 ? "late" : "early" }; }
}
function total#(tasks, { tax = 0.2, skip = [] } = {}) {
  let sum = 0;
  for (const task of tasks) {
    if (skip.includes(task.name)) continue;
    sum += task.price * (1 + tax);
  }
  for (let i = 0; i < tasks.length; i++) sum += i % 3 === 0 ? 1 : -1;
  return sum;
}
async function work#(tasks) {
  const results = [];
  try {
    for (const task of tasks) results.push(await Promise.resolve(task.finish("me", 1, 2)));
  } catch (error) {
    results.push({ error: error.message });
  } finally {
    results.push(total#(tasks, { skip: ["b"] }));
  }
  return results.map((result) => JSON.stringify(result)).join("; ");
}
`.trimStart();
const TYPES = [
  ["constructor(name, price)", "constructor(name: string, price: number)"],
  ["(tasks, {", "(tasks: Task#[], {"],
  ["= {}) {", "= {} as { tax?: number; skip?: string[] }): number {"],
  ["work#(tasks)", "work#(tasks: readonly Task#[]): Promise<string>"],
  ["results = []", "results: unknown[] = []"],
  ["{\n  constructor", "{\n  name: string; price: number; done: boolean;\n  constructor"],
];
const typed = TYPES.reduce((text, [from, to]) => text.replace(from, to), PART);
const parts = (part, count) => Array.from({ length: count }, (_, i) => part.replaceAll("#", i)).join("");

const acorn = readFileSync(createRequire(import.meta.url).resolve("acorn"), "utf8");
const sized = (count) => {
  const js = parts(PART, count);
  return [`${js.split("\n").length - 1} lines`, js, parts(typed, count)];
};
const SOURCES = [sized(1), sized(2), sized(20), [`acorn.js, ${acorn.length} characters`, acorn, acorn]];

const runtime = await createRuntime();
const quickjs = await getQuickJS();

const timed = (work) => {
  const start = performance.now();
  const end = work();
  const time = performance.now() - start;
  end?.();
  return time;
};
let turn = 0;
/**
 * A comment that differs makes sure that nothing is answered from a cache. The text stands in one piece, as one that was read from
 * somewhere does, not as two that were put together a moment ago.
 */
const fresh = (source) => Buffer.from(`${source}\n// ${turn++}`).toString();
const compile = (source, filename) => {
  const text = fresh(source);
  return timed(() => void runtime.compile(text, { filename }));
};
const compileAndLink = (source) => {
  const text = fresh(source);
  return timed(() => {
    const state = runtime.compile(text, { filename: "bench.js" }).start({ limits: { fuel: 1 } });
    return () => state.dispose?.();
  });
};
const context = quickjs.newContext();
const reference = (source) => {
  const text = fresh(source);
  return timed(() => {
    const result = context.evalCode(text, "bench.js", { compileOnly: true });
    if (result.error) throw new Error(JSON.stringify(context.dump(result.error)));
    return () => result.value.dispose();
  });
};

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];
for (const [name, js, ts] of SOURCES) {
  const ways = {
    "quickjs-emscripten": () => reference(js),
    "fermata compile": () => compile(js, "bench.js"),
    "fermata compile and link": () => compileAndLink(js),
    "fermata compile, TypeScript": () => compile(ts, "bench.ts"),
  };
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  const repeat = js.length > 50_000 ? 1 : 10;
  const order = Object.keys(ways);
  for (let round = 0; round < rounds * repeat; round++) {
    for (const way of order) times[way].push(ways[way]());
    // In ever new orders, so that no way always pays for what another has left to the collector.
    order.sort(() => Math.random() - 0.5);
  }
  console.log(name);
  for (const way in ways) {
    // The first turns are not yet warm.
    const warm = times[way].slice(Math.floor(times[way].length / 4));
    const ratio = median(warm.map((time, i) => time / times["quickjs-emscripten"].slice(-warm.length)[i]));
    const least = Math.min(...warm);
    console.log(
      `  ${way.padEnd(28)} median ${median(warm).toFixed(2)} ms, least ${least.toFixed(2)} ms, ×${ratio.toFixed(2)}`,
    );
  }
}
context.dispose();
