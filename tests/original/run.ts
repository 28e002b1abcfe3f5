// Owns the command that tries the tests of the original (the repository arcainc/zapcode, in a folder outside of this one): each pair of
// code and expected value with which the host engine agrees must come out the same here. Must never write into the folder.
//
//   npm run original -- DIR [--show N]
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { testRuntime } from "../support/runtime.ts";
import { answerOfFermata, answerOfHost } from "./engines.ts";
import { pairsOfRust, type Pair } from "./rust-pairs.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: "string", default: "50" } },
});
const TESTS = "crates/zapcode-core/tests";

function pairsIn(folder: string): Pair[] {
  const files = readdirSync(join(folder, TESTS)).filter((name) => name.endsWith(".rs"));
  return files.sort().flatMap((name) => pairsOfRust(readFileSync(join(folder, TESTS, name), "utf8"), name));
}

const [folder] = positionals;
if (folder === undefined) {
  console.error("usage: npm run original -- DIR, a checkout of arcainc/zapcode");
  process.exit(2);
}
// Rejections that nobody handles belong to the programs.
process.on("unhandledRejection", () => {});
const runtime = await testRuntime();
const pairs = pairsIn(folder);
let agreed = 0;
let passed = 0;
let left = Number(options.show);
for (const { code, expected, place } of pairs) {
  const host = await answerOfHost(code);
  if (!("value" in host) || host.value !== expected) continue;
  agreed++;
  const answer = await answerOfFermata(runtime, code);
  if ("value" in answer && answer.value === expected) passed++;
  else if (left-- > 0)
    console.log(`DIFFERS ${place}\n${code}\nexpected ${expected}\ngot      ${JSON.stringify(answer)}\n`);
}
console.log(
  `${pairs.length} pairs; the host engine agrees with ${agreed}; of these ${passed} pass, ${agreed - passed} differ`,
);
process.exitCode = agreed >= 5000 && passed === agreed ? 0 : 1;
