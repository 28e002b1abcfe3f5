// Owns the benchmark: every engine on every workload, a process each, engines interleaved in several rounds; ratios of CPU time to
// quickjs-emscripten. Writes build/bench.json and docs/benchmark.svg. Must never compare engines that disagree on a result.
//
//   npm run bench -- [--rounds N] [--runs N] [--warm-up MS] [--only fib,json]
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { WORKLOADS } from "./workloads.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const ENGINES = [
  { name: "fermata" },
  { name: "quickjs-emscripten" },
  { name: "quickjs-wasi" },
  { name: "v8-jitless", execArgv: ["--jitless"] },
];
const REFERENCE = "quickjs-emscripten";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    runs: { type: "string", default: "3" },
    "warm-up": { type: "string", default: "400" },
    only: { type: "string" },
  },
});
const names = options.only === undefined ? Object.keys(WORKLOADS) : options.only.split(",");

function measure({ name, execArgv = [] }, workload) {
  const args = [...execArgv, join(here, "worker.mjs"), name, workload, options.runs, options["warm-up"]];
  const out = execFileSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(out.trim().split("\n").at(-1));
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];
const results = [];
for (const workload of names) {
  const samples = new Map(ENGINES.map(({ name }) => [name, []]));
  let value;
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const engine of ENGINES) {
      const result = measure(engine, workload);
      value ??= result.value;
      if (result.value !== value)
        throw new Error(`${engine.name} computes ${result.value} for ${workload}, others ${value}`);
      samples.get(engine.name).push(median(result.times.map((t) => t.cpu)));
    }
  }
  const ms = Object.fromEntries([...samples].map(([name, list]) => [name, median(list)]));
  // The ratio of each round is of neighbours in time; the median of those is what noise moves least.
  const speed = Object.fromEntries(
    [...samples].map(([name, list]) => [name, median(list.map((t, i) => samples.get(REFERENCE)[i] / t))]),
  );
  results.push({ workload, ms, speed });
  console.log(
    workload.padEnd(12),
    ENGINES.map(({ name }) => `${name} ${ms[name].toFixed(1)} ms (×${speed[name].toFixed(2)})`).join("  "),
  );
}

const geomean = (list) => Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length);
const total = Object.fromEntries(ENGINES.map(({ name }) => [name, geomean(results.map((r) => r.speed[name]))]));
console.log(
  "geometric mean of speed, quickjs-emscripten = 1:",
  ENGINES.map(({ name }) => `${name} ${total[name].toFixed(2)}`).join("  "),
);

mkdirSync(join(root, "build"), { recursive: true });
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(
  join(root, "build/bench.json"),
  JSON.stringify(
    { node: process.version, cpu: cpus()[0]?.model, options, reference: REFERENCE, geometricMean: total, results },
    null,
    1,
  ),
);
writeFileSync(join(root, "docs/benchmark.svg"), plot());

/** Bars of speed on a logarithmic scale. */
function plot() {
  const colours = ["#b3541e", "#6b7a8f", "#a9b4c2", "#3f6f5f"];
  const row = 64;
  const rows = [...results, { workload: "geometric mean", speed: total }];
  const scale = (x) => 180 + (Math.log10(x) + 1) * 220;
  const bars = rows.flatMap(({ workload, speed }, i) => [
    `<text x="170" y="${60 + i * row + 30}" text-anchor="end">${workload}</text>`,
    ...ENGINES.map(({ name }, k) => {
      const end = scale(Math.max(0.1, Math.min(60, speed[name])));
      const y = 60 + i * row + k * 13;
      return `<rect x="180" y="${y}" width="${(end - 180).toFixed(1)}" height="11" fill="${colours[k]}"/><text x="${(end + 4).toFixed(1)}" y="${y + 10}" font-size="10">${speed[name].toFixed(2)}</text>`;
    }),
  ]);
  const legend = ENGINES.map(
    ({ name }, k) =>
      `<rect x="${180 + k * 150}" y="20" width="11" height="11" fill="${colours[k]}"/><text x="${196 + k * 150}" y="30">${name}</text>`,
  );
  const height = 80 + rows.length * row;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 ${height}" font-family="system-ui, sans-serif" font-size="13"><rect width="820" height="${height}" fill="#fffdf8"/>${legend.join("")}<line x1="${scale(1)}" y1="45" x2="${scale(1)}" y2="${height - 10}" stroke="#999" stroke-dasharray="3 3"/>${bars.join("")}</svg>\n`;
}
