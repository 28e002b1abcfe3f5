// Owns the comparison of fermata-vm/intl with the host's Intl, which is ICU's: all cases in all locales, and what differs.
//
//   node --import tsx tests/libraries-guest/intl/compare.ts [SECTION …] [--locale TAG] [--show N]

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import vm from "node:vm";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { buildLibraries } from "../../../ts/build/libraries.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const cases = readFileSync(join(root, "tests/libraries-guest/intl/cases.js"), "utf8");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { locale: { type: "string" }, show: { type: "string", default: "10" } },
});

const module = readFileSync(join(root, "build/fermata.wasm"));
const builder = await createRuntimeFrom({ module, typescript: false });
const libraries = (await buildLibraries(root, builder, ["intl"])).map(({ library }) => library);
const runtime = await createRuntimeFrom({ module, typescript: false, libraries });

const run = (section: string, locale: string): string =>
  `${cases}\nJSON.stringify(casesOf(${JSON.stringify(section)}).map((one) => resultOf(${JSON.stringify(locale)}, one)))`;

async function inGuest(section: string, locale: string): Promise<readonly string[]> {
  const program = runtime.compile(run(section, locale), { filename: "cases.js", language: "javascript" });
  return JSON.parse((await program.run({ limits: { timeMs: 600_000 } })).output as string) as readonly string[];
}

const inHost = (script: string): unknown => JSON.parse(vm.runInNewContext(script) as string);
const listOf = (expression: string): readonly string[] =>
  inHost(`${cases}\nJSON.stringify(${expression})`) as readonly string[];

const sections = positionals.length > 0 ? positionals : listOf("Object.keys(SECTIONS)");
const locales = options.locale === undefined ? listOf("LOCALES") : options.locale.split(",");
let all = 0;
let same = 0;
for (const section of sections) {
  const list = listOf(`casesOf(${JSON.stringify(section)})`);
  let count = 0;
  const byLocale: string[] = [];
  const differing: string[] = [];
  for (const locale of locales) {
    const expected = inHost(run(section, locale)) as readonly string[];
    const actual = await inGuest(section, locale);
    const wrong = expected.flatMap((text, index) => (text === actual[index] ? [] : [index]));
    count += expected.length - wrong.length;
    if (wrong.length > 0) byLocale.push(`${locale} ${wrong.length}`);
    for (const index of wrong)
      differing.push(
        `  ${locale} ${JSON.stringify(list[index])}\n    ICU  ${JSON.stringify(expected[index])}\n    ours ${JSON.stringify(actual[index])}`,
      );
  }
  const total = list.length * locales.length;
  all += total;
  same += count;
  console.log(`${section}: ${count} of ${total} (${((100 * count) / total).toFixed(2)} %)  ${byLocale.join(", ")}`);
  const step = Math.max(1, Math.floor(differing.length / Number(options.show)));
  for (let index = 0; index < differing.length; index += step) console.log(differing[index]);
}
console.log(`${same} of ${all} (${((100 * same) / all).toFixed(2)} %)`);
