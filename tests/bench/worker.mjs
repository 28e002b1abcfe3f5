// Owns one measurement: one engine, one workload, one process. Prints a line of JSON with the milliseconds of each run. Must never
// measure its own start.
import { performance } from "node:perf_hooks";
import { sourceOf, WORKLOADS } from "./workloads.mjs";

const [engineName, workload, runs, warmUpMs] = process.argv.slice(2);
const engine = await (await import(`./engines/${engineName}.mjs`)).create();
const add = WORKLOADS[workload].host ? (a, b) => a + b : undefined;
const run = engine.prepare(sourceOf(workload), add);

let value = await run();
const warmUntil = performance.now() + Number(warmUpMs);
while (performance.now() < warmUntil) value = await run();

const times = [];
for (let i = 0; i < Number(runs); i++) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const again = await run();
  times.push({
    wall: performance.now() - start,
    cpu: (process.cpuUsage(cpu).user + process.cpuUsage(cpu).system) / 1000,
  });
  if (again !== value) throw new Error(`${engineName} ${workload}: ${again} after ${value}`);
}
console.log(JSON.stringify({ engine: engineName, workload, value, times }));
