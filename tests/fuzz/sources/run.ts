// Owns the command: hostile sources against the compiler, what goes wrong counted by place and written down.
//
//   npm run fuzz:sources -- [--count N] [--seed N] [--from N] [--seconds N] [--sorts changed,tokens,deep,huge,characters] [--wasm FILE]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { attack, newTally } from "./attack.ts";
import { type Sort, SORTS } from "./mutate.ts";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    seconds: { type: "string", default: "Infinity" },
    sorts: { type: "string", default: SORTS.join(",") },
    wasm: { type: "string", default: fileURLToPath(new URL("../../../build/fermata.check.wasm", import.meta.url)) },
  },
});
const found = fileURLToPath(new URL("../../../build/fuzz/sources", import.meta.url));
process.on("unhandledRejection", () => {});
const runtime = await createRuntimeFrom({ module: readFileSync(options.wasm), poolSize: 8 });
const tally = newTally();
const places = new Map<string, { count: number; first: string }>();
mkdirSync(found, { recursive: true });
const began = performance.now();
const seed = Number(options.seed);
const tried = attack(
  runtime,
  { seed, from: Number(options.from), count: Number(options.count), sorts: options.sorts.split(",") as Sort[] },
  tally,
  ({ index, sort, what, source }) => {
    const key = what.replaceAll(/\d+/g, "N");
    const place = places.get(key);
    if (place !== undefined) {
      place.count++;
      return;
    }
    places.set(key, { count: 1, first: `${sort} ${index} of seed ${seed}: ${what}` });
    writeFileSync(join(found, `${seed}-${index}.js`), source);
  },
  began + 1000 * Number(options.seconds),
);
const seconds = (performance.now() - began) / 1000;
for (const { count, first } of [...places.values()].sort((a, b) => b.count - a.count))
  console.log(`${count} × ${first}`);
for (const sort of SORTS) {
  const { tried: n, refused, ran, slowest } = tally[sort];
  if (n > 0) console.log(`${sort}: ${n} tried, ${refused} refused, ${ran} ran, slowest ${slowest.toFixed(0)} ms`);
}
const wrong = [...places.values()].reduce((sum, { count }) => sum + count, 0);
console.log(
  `seed ${seed}: ${tried} from ${options.from}, ${wrong} wrong in ${places.size} ways; ${seconds.toFixed(0)} s, ${(tried / seconds).toFixed(0)} a second`,
);
process.exitCode = wrong === 0 ? 0 : 1;
