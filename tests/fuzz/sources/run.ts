// Owns the command: hostile sources against the compiler, what goes wrong counted by place and written down.
//
//   npm run fuzz:sources -- [--count N] [--seed N] [--from N] [--seconds N] [--sorts changed,tokens,deep,huge,characters] [--wasm FILE]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { Findings, fuzzOptions, newTally, printTally } from "../report.ts";
import { attack } from "./attack.ts";
import { type Sort, SORTS } from "./mutate.ts";

const options = fuzzOptions({ sorts: { type: "string", default: SORTS.join(",") } });
const found = fileURLToPath(new URL("../../../build/fuzz/sources", import.meta.url));
process.on("unhandledRejection", () => {});
const runtime = await createRuntimeFrom({ module: readFileSync(options.wasm), poolSize: 8 });
const tally = newTally(SORTS);
const findings = new Findings();
mkdirSync(found, { recursive: true });
const began = performance.now();
const seed = Number(options.seed);
const tried = attack(
  runtime,
  { seed, from: Number(options.from), count: Number(options.count), sorts: options.sorts.split(",") as Sort[] },
  tally,
  ({ index, sort, what, source }) => {
    if (findings.add(what, `${sort} ${index} of seed ${seed}: ${what}`))
      writeFileSync(join(found, `${seed}-${index}.js`), source);
  },
  began + 1000 * Number(options.seconds),
);
const seconds = (performance.now() - began) / 1000;
const wrong = findings.print();
printTally(tally);
console.log(
  `seed ${seed}: ${tried} from ${options.from}, ${wrong}; ${seconds.toFixed(0)} s, ${(tried / seconds).toFixed(0)} a second`,
);
