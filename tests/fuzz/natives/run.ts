// Owns the command: hostile calls of natives on the checking build, what goes wrong counted by place.
//
//   npm run fuzz:natives -- [--count BATCHES] [--seed N] [--from N] [--calls N] [--seconds N] [--internal] [--trace] [--wasm FILE]
import { testRuntime } from "../../snapshot/support.ts";
import { Findings, fuzzOptions } from "../report.ts";
import { attack, newTally, realmTarget } from "./attack.ts";
import { REALM_SOURCE } from "./guest.ts";
import { internalTarget } from "./internal.ts";

const options = fuzzOptions({
  count: { type: "string", default: "2000" },
  calls: { type: "string", default: "100" },
  internal: { type: "boolean", default: false },
  trace: { type: "boolean", default: false },
});
process.on("unhandledRejection", () => {});
const target = options.internal
  ? await internalTarget(options.wasm)
  : realmTarget(await testRuntime(options.wasm), REALM_SOURCE);
const tally = newTally();
const findings = new Findings();
const began = performance.now();
const seed = Number(options.seed);
const tried = attack(
  target,
  { seed, from: Number(options.from), count: Number(options.count), calls: Number(options.calls) },
  tally,
  ({ batch, call, name, what, before }) => {
    const first = `batch ${batch} of seed ${seed}, call ${call} (${name}): ${what}`;
    findings.add(what, first, what.startsWith("took") ? name : "");
    if (options.trace) console.log([...before, name].join("\n"));
  },
  began + 1000 * Number(options.seconds),
);
const seconds = (performance.now() - began) / 1000;
const wrong = findings.print();
console.log(
  `seed ${seed}: ${tried} batches from ${options.from}, ${tally.calls} calls, ${tally.limited} batches ended by a limit; slowest ${tally.slowest.toFixed(0)} ms (${tally.slowestName})`,
);
console.log(`${wrong}; ${seconds.toFixed(0)} s, ${(tally.calls / seconds).toFixed(0)} calls a second`);
