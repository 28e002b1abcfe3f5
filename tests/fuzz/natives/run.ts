// Owns the command: hostile calls of natives on the checking build, what goes wrong counted by place.
//
//   npm run fuzz:natives -- [--count BATCHES] [--seed N] [--from N] [--calls N] [--seconds N] [--internal] [--trace] [--wasm FILE]
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { testRuntime } from "../../snapshot/support.ts";
import { attack, newTally, realmTarget } from "./attack.ts";
import { REALM_SOURCE } from "./guest.ts";
import { internalTarget } from "./internal.ts";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    calls: { type: "string", default: "100" },
    seconds: { type: "string", default: "Infinity" },
    internal: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    wasm: { type: "string", default: fileURLToPath(new URL("../../../build/fermata.check.wasm", import.meta.url)) },
  },
});
process.on("unhandledRejection", () => {});
const target = options.internal
  ? await internalTarget(options.wasm)
  : realmTarget(await testRuntime(options.wasm), REALM_SOURCE);
const tally = newTally();
const places = new Map<string, { count: number; first: string }>();
const began = performance.now();
const seed = Number(options.seed);
const tried = attack(
  target,
  { seed, from: Number(options.from), count: Number(options.count), calls: Number(options.calls) },
  tally,
  ({ batch, call, name, what, before }) => {
    const key = what.replaceAll(/\d+/g, "N") + (what.startsWith("took") ? name : "");
    const place = places.get(key);
    if (place !== undefined) place.count++;
    else places.set(key, { count: 1, first: `batch ${batch} of seed ${seed}, call ${call} (${name}): ${what}` });
    if (options.trace) console.log([...before, name].join("\n"));
  },
  began + 1000 * Number(options.seconds),
);
const seconds = (performance.now() - began) / 1000;
for (const { count, first } of [...places.values()].sort((a, b) => b.count - a.count))
  console.log(`${count} × ${first}`);
const wrong = [...places.values()].reduce((sum, { count }) => sum + count, 0);
console.log(
  `seed ${seed}: ${tried} batches from ${options.from}, ${tally.calls} calls, ${tally.limited} batches ended by a limit; slowest ${tally.slowest.toFixed(0)} ms (${tally.slowestName})`,
);
console.log(
  `${wrong} wrong in ${places.size} ways; ${seconds.toFixed(0)} s, ${(tally.calls / seconds).toFixed(0)} calls a second`,
);
process.exitCode = wrong === 0 ? 0 : 1;
