// Owns the command: every native with all that is worst for it, and the prices that are too high.
//
//   npm run prices -- [--share N] [--seed N] [--only REGEXP]
import { parseArgs } from "node:util";
import { testRuntime } from "../../snapshot/support.ts";
import { measureNatives } from "./measure.ts";

const { values } = parseArgs({
  options: {
    share: { type: "string", default: "99" },
    seed: { type: "string", default: "0" },
    only: { type: "string", default: "." },
  },
});
const { calls, natives, median, dear } = measureNatives(await testRuntime(), {
  share: Number(values.share),
  seed: Number(values.seed),
  only: new RegExp(values.only),
});
for (const { name, size, ratio } of dear) console.log(`${ratio.toFixed(1).padStart(6)}  size ${size}: ${name}`);
console.log(
  `${natives} natives, ${calls} calls; median ${median.toFixed(1)} ns a unit; ${dear.length} buy more than ten times that`,
);
process.exitCode = dear.length > 0 ? 1 : 0;
