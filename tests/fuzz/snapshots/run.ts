// Owns the command: mutated snapshots against the core, what goes wrong counted by place and written down.
//
//   npm run fuzz:snapshots -- [--count N] [--seed N] [--from N] [--seconds N] [--sorts graph,frames,run,code] [--wasm FILE]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testRuntime } from "../../snapshot/support.ts";
import { Findings, fuzzOptions, newTally, printTally } from "../report.ts";
import { attack } from "./attack.ts";
import { makeCorpus } from "./corpus.ts";
import { open, SORTS, type Sort } from "./mutate.ts";

const options = fuzzOptions({ sorts: { type: "string", default: SORTS.join(",") } });
const found = fileURLToPath(new URL("../../../build/fuzz/snapshots", import.meta.url));
process.on("unhandledRejection", () => {});
const runtime = await testRuntime(options.wasm);
const corpus = makeCorpus(await testRuntime()).map(open);
const tally = newTally(SORTS);
const findings = new Findings();
mkdirSync(found, { recursive: true });
const began = performance.now();
const seed = Number(options.seed);
const tried = attack(
  runtime,
  corpus,
  { seed, from: Number(options.from), count: Number(options.count), sorts: options.sorts.split(",") as Sort[] },
  tally,
  ({ index, sort, name, what, bytes }) => {
    if (findings.add(what, `${sort} ${index} of seed ${seed} (${name}): ${what}`))
      writeFileSync(join(found, `${seed}-${index}.snapshot`), bytes);
  },
  began + 1000 * Number(options.seconds),
);
const seconds = (performance.now() - began) / 1000;
const wrong = findings.print();
printTally(tally);
console.log(
  `seed ${seed}: ${tried} from ${options.from}, ${wrong}; ${seconds.toFixed(0)} s, ${(tried / seconds).toFixed(0)} a second`,
);
