// Owns the comparison of Intl.Collator of fermata-vm/intl with the host's, which is ICU's: pairs of real names in each locale, and what
// differs. docs/intl.md has the figures.
//
//   npm run intl:collation -- [--locale TAG,TAG] [--count N] [--seed N] [--show N]        40 N pairs in each locale

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import vm from "node:vm";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { buildLibraries } from "../../../ts/build/libraries.ts";
import { COLLATION_LOCALES, collationCases, collationScript } from "./collation-cases.ts";

const { values: options } = parseArgs({
  options: {
    locale: { type: "string" },
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "20261201" },
    show: { type: "string", default: "2" },
  },
});

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const module = readFileSync(join(root, "build/fermata.wasm"));
const builder = await createRuntimeFrom({ module, typescript: false });
const libraries = (await buildLibraries(root, builder, ["intl"])).map(({ library }) => library);
const runtime = await createRuntimeFrom({ module, typescript: false, libraries });

let all = 0;
let same = 0;
for (const locale of options.locale?.split(",") ?? Object.keys(COLLATION_LOCALES)) {
  const cases = collationCases(locale, Number(options.count), Number(options.seed));
  const script = collationScript(locale, cases);
  const expected = vm.runInNewContext(script) as string;
  const program = runtime.compile(script, { filename: "cases.js", language: "javascript" });
  const actual = (await program.run({ limits: { timeMs: 600_000, fuel: Infinity } })).output as string;
  const pairs = cases.flatMap((one) => one.pairs.map((pair) => ({ pair, options: one.options })));
  const wrong = pairs.flatMap((_, index) => (expected[index] === actual[index] ? [] : [index]));
  all += pairs.length;
  same += pairs.length - wrong.length;
  console.log(
    `${locale}: ${pairs.length - wrong.length} of ${pairs.length} (${(100 - (100 * wrong.length) / pairs.length).toFixed(2)} %)`,
  );
  for (const index of wrong.slice(0, Number(options.show)))
    console.log(`  ${JSON.stringify(pairs[index])} ICU ${expected[index]} ours ${actual[index]}`);
}
console.log(`${same} of ${all} (${((100 * same) / all).toFixed(2)} %), seed ${options.seed}`);
