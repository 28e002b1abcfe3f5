// Owns the study of a wasm tier: five workloads on the interpreter, with the tier, and on quickjs-emscripten, in turns; CPU time, medians. For
// each it first proves that runs with and without the tier are the same. Writes build/wasm-tier.json. Must never measure what differs.
//
//   npm run study:wasm-tier -- [--rounds N] [--only sieve,sort] [--size N]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { begun, compareRuns, machineOf } from "./compare.ts";
import { Tier, type TierCounts } from "./tier.ts";
import { type Workload, WORKLOADS } from "./workloads.ts";
import { createRuntimeFrom, type Runtime } from "../../../ts/api/runtime.ts";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, only: { type: "string" }, size: { type: "string" } },
});
const build = (name: string): string => fileURLToPath(new URL(`../../../build/${name}`, import.meta.url));

interface Run {
  readonly cpuMs: number;
  readonly output: unknown;
  readonly fuel: number;
  readonly counts?: TierCounts;
  readonly unhandled?: readonly string[];
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** One run in a machine of the pool; the modules of the tier are made anew. */
function run(runtime: Runtime, source: string, isTiered: boolean): Run {
  const state = begun(runtime, source);
  const start = process.cpuUsage();
  const tier = isTiered ? new Tier(machineOf(state)) : undefined;
  const end = state.resume({ fuel: Infinity });
  const spent = cpuMs(start);
  tier?.remove();
  if (end.status !== "complete") throw new Error(`the program is ${end.status}`);
  const result = { cpuMs: spent, output: end.output, fuel: end.usage.fuel };
  return tier === undefined ? result : { ...result, counts: tier.counts, unhandled: [...tier.unhandled] };
}

type Peer = (source: string) => unknown;

async function quickjs(): Promise<Peer> {
  const engine = (await import(new URL("../engines/quickjs-emscripten.mjs", import.meta.url).href)) as {
    create(): Promise<{ prepare(source: string): () => unknown }>;
  };
  const created = await engine.create();
  return (source) => created.prepare(source)();
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)]!;
}

/** Fails unless runs with and without the tier are the same at every stop. */
function prove(runtime: Runtime, { name, source, compared }: Workload): number {
  let stops = 0;
  for (const [seed, most] of [
    [1, 60],
    [2, 200],
    [3, 900],
  ] as const) {
    const { difference, stops: more } = compareRuns(runtime, source(compared), most, seed, { slice: 25 });
    if (difference !== undefined) throw new Error(`${name}, seed ${seed}: ${difference}`);
    stops += more;
  }
  return stops;
}

async function measure(runtime: Runtime, workload: Workload, peer: Peer): Promise<Record<string, unknown>> {
  const source = workload.source(Number(options.size ?? workload.measured));
  const stops = prove(runtime, workload);
  const rows: { plain: Run; tiered: Run; peerMs: number }[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const plain = run(runtime, source, false);
    const tiered = run(runtime, source, true);
    const start = process.cpuUsage();
    const output = peer(source);
    const peerMs = cpuMs(start);
    if (!Object.is(plain.output, tiered.output) || plain.fuel !== tiered.fuel || !Object.is(plain.output, output))
      throw new Error(`${workload.name}: ${plain.output}, ${tiered.output} and ${String(output)}`);
    rows.push({ plain, tiered, peerMs });
    // What engines compile for later is not to be paid for by the next run.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const of = (pick: (row: (typeof rows)[number]) => number): number => median(rows.map(pick));
  const { counts, unhandled, fuel } = rows[0]!.tiered;
  return {
    workload: workload.name,
    what: workload.what,
    stops,
    fuel,
    interpreterMs: of(({ plain }) => plain.cpuMs),
    tierMs: of(({ tiered }) => tiered.cpuMs),
    quickjsMs: of(({ peerMs }) => peerMs),
    speedUp: of(({ plain, tiered }) => plain.cpuMs / tiered.cpuMs),
    firstSpeedUp: rows[0]!.plain.cpuMs / rows[0]!.tiered.cpuMs,
    shareOfFuel: counts!.fuel / fuel,
    entries: counts!.entries,
    modules: counts!.compiled,
    bytes: counts!.bytes,
    translateMs: of(({ tiered }) => tiered.counts!.translateMs),
    firstTranslateMs: rows[0]!.tiered.counts!.translateMs,
    engineMs: of(({ tiered }) => tiered.counts!.engineMs),
    unhandled,
  };
}

/** Bytes of the process for each module, over many that differ. */
async function memoryOf(runtime: Runtime): Promise<Record<string, number>> {
  const modules: WebAssembly.Instance[] = [];
  const state = begun(runtime, WORKLOADS[1]!.source(30));
  const machine = machineOf(state);
  const tier = new Tier(machine, { slice: 50, keeps: true });
  state.resume({ fuel: Infinity });
  tier.remove();
  const bytes = tier.modules.at(-1)!;
  const many = 300;
  const before = process.memoryUsage().rss;
  for (let i = 0; i < many; i++) {
    // Modules of equal bytes share their code: a custom section tells them apart.
    const distinct = new Uint8Array(bytes.length + 6);
    distinct.set(bytes);
    distinct.set([0, 4, 1, 120, i & 127, i >> 7], bytes.length);
    modules.push(new WebAssembly.Instance(new WebAssembly.Module(distinct), { m: { memory: machine.exports.memory } }));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { modules: modules.length, bytesEach: bytes.length, rssEach: (process.memoryUsage().rss - before) / many };
}

const runtime = await createRuntimeFrom({
  module: new WebAssembly.Module(readFileSync(build("fermata.wasm"))),
  poolSize: 2,
});
const peer = await quickjs();
const chosen = WORKLOADS.filter(({ name }) => options.only === undefined || options.only.split(",").includes(name));
const results: Record<string, unknown>[] = [];
const heads = [
  "workload",
  "stops equal",
  "interpreter",
  "tier",
  "quickjs",
  "speed-up",
  "first run",
  "fuel in tier",
  "modules",
  "bytes",
  "translate",
  "engine",
];
console.log(heads.map((head) => head.padEnd(12)).join(" "));
for (const workload of chosen) {
  const result = await measure(runtime, workload, peer);
  results.push(result);
  const n = (key: string, digits: number): string => (result[key] as number).toFixed(digits);
  const cells = [
    workload.name,
    n("stops", 0),
    `${n("interpreterMs", 0)} ms`,
    `${n("tierMs", 0)} ms`,
    `${n("quickjsMs", 0)} ms`,
  ];
  cells.push(
    `× ${n("speedUp", 2)}`,
    `× ${n("firstSpeedUp", 2)}`,
    `${(100 * (result["shareOfFuel"] as number)).toFixed(0)} %`,
  );
  cells.push(n("modules", 0), n("bytes", 0), `${n("translateMs", 1)} ms`, `${n("engineMs", 2)} ms`);
  console.log(cells.map((cell) => cell.padEnd(12)).join(" "));
}
const logs = results.map((result) => Math.log(result["speedUp"] as number));
const geometricMean = Math.exp(logs.reduce((sum, x) => sum + x, 0) / logs.length);
const memory = await memoryOf(runtime);
console.log(`geometric mean of the speed-up: ${geometricMean.toFixed(2)}`);
console.log(
  `memory of the process for one module of ${memory["bytesEach"]} bytes: ${((memory["rssEach"] as number) / 1024).toFixed(0)} KB`,
);
mkdirSync(build(""), { recursive: true });
const head = { node: process.version, cpu: cpus()[0]?.model, rounds: Number(options.rounds), geometricMean, memory };
writeFileSync(build("wasm-tier.json"), JSON.stringify({ ...head, results }, null, 1));
