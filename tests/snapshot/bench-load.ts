// Owns the command: what writing and loading take for very many of each thing that a snapshot can hold, and for half as many.
//
//   npm run bench:load -- [--size N] [--only NAME]
import { parseArgs } from "node:util";
import { kindsWithoutMaker, makers } from "./load-kinds.ts";
import { timesOf } from "./load-time.ts";
import { testRuntime } from "./support.ts";

const { values: options } = parseArgs({
  options: { size: { type: "string", default: "1000000" }, only: { type: "string", default: "" } },
});
/** Twice as many may take so much longer. */
const MOST = 2.6;
/** Shorter times say nothing. */
const SHORT = 30;

const missing = kindsWithoutMaker();
if (missing.length > 0) throw new Error(`nothing makes ${missing.join(", ")}`);
const runtime = await testRuntime();
const reader = await testRuntime();
let worst = 0;
console.log(["what", "how many", "bytes", "write ms", "ratio", "load ms", "ratio"].join("\t"));
for (const [name, maker] of makers()) {
  if (!name.includes(options.only)) continue;
  const n = Math.min(Number(options.size), maker.most ?? Infinity);
  try {
    const half = timesOf(runtime, reader, maker, n / 2);
    const whole = timesOf(runtime, reader, maker, n);
    const ratios = [whole.writeMs / half.writeMs, whole.loadMs / half.loadMs] as const;
    if (whole.writeMs > SHORT) worst = Math.max(worst, ratios[0]);
    if (whole.loadMs > SHORT) worst = Math.max(worst, ratios[1]);
    const row = [name, n, whole.bytes, whole.writeMs.toFixed(1), ratios[0].toFixed(2), whole.loadMs.toFixed(1)];
    console.log([...row, ratios[1].toFixed(2)].join("\t"));
  } catch (error) {
    console.log(`${name}\t${n}\t${(error as Error).message}`);
  }
}
console.log(`worst ratio ${worst.toFixed(2)}`);
process.exitCode = worst > MOST ? 1 : 0;
