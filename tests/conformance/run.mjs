// Owns the runs of test262's core profile, of its Annex B and of intl402, and their comparison with expected-failures.txt,
// expected-failures-annex-b.txt and so on: a test that fails and is not listed is an error, and so is one that is listed and passes. Must never judge a test: the runner does (shared/test262), which is not part of this repository.
//
//   npm run conformance -- --test262 DIR [--annexb | --atomics | --intl] [--runner FILE] [--hold N] [--only FOLDER] [--write]
//
// --annexb   all tests below test/annexB, code from strings and proposals included, instead of the core profile
// --atomics  all tests that need SharedArrayBuffer or Atomics, instead of the core profile; expected-failures-atomics.txt
// --intl     all tests below test/intl402 but those of Temporal, with the libraries intl and temporal; expected-failures-intl.txt
// --hold N   every test is held each N units of fuel and goes on from bytes; the same must come out
// --only     a folder below test/, such as language; the lists are compared for that folder
// --write    writes docs/conformance.md; expected-failures.txt, which says why, is written by hand
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const { values: options } = parseArgs({
  options: {
    test262: { type: "string" },
    runner: { type: "string", default: join(root, "../shared/test262/run.mjs") },
    hold: { type: "string" },
    only: { type: "string" },
    annexb: { type: "boolean", default: false },
    atomics: { type: "boolean", default: false },
    intl: { type: "boolean", default: false },
    jobs: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
  },
});
if (options.test262 === undefined || !existsSync(options.runner)) {
  console.error(
    "usage: npm run conformance -- --test262 DIR [--runner FILE]   (a checkout of tc39/test262, and its runner)",
  );
  process.exit(2);
}

const out = join(root, ".cache/test262.json");
mkdirSync(dirname(out), { recursive: true });
const args = [
  resolve(options.runner),
  "--engine",
  join(here, "test262-adapter.mjs"),
  "--test262",
  resolve(options.test262),
];
args.push("--jobs", options.jobs, "--out", out);
const only = options.only ?? (options.annexb ? "annexB" : options.intl ? "intl402" : undefined);
// Tests of Annex B evaluate 65,536 programs each.
if (options.annexb) args.push("--profile", "full", "--annexb", "--timeout-ms", "20000");
if (options.intl)
  args.push("--profile", "full", "--intl402", "--timeout-ms", "40000", "--adapter-opt", "libraries=intl,temporal");
if (options.atomics) args.push("--profile", "full", "--bucket", "atomics");
if (options.intl && options.only === undefined) {
  for (const name of readdirSync(join(options.test262, "test/intl402")))
    if (name !== "Temporal") args.push("--filter", `intl402/${name}`);
} else if (only !== undefined) args.push("--filter", only);
if (options.hold !== undefined) args.push("--adapter-opt", `hold=${options.hold}`, "--timeout-ms", "60000");
try {
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
} catch {
  // It ends with 1 when tests fail; what failed is in the file.
}
const results = JSON.parse(readFileSync(out, "utf8"));

/** Path → why. A line that ends in a colon is the reason of those behind it. */
function expectedFailures() {
  const expected = new Map();
  let reason = "";
  const part = options.annexb ? "-annex-b" : options.atomics ? "-atomics" : options.intl ? "-intl" : "";
  const list = `expected-failures${part}.txt`;
  for (const line of readFileSync(join(here, list), "utf8").split("\n")) {
    if (line.startsWith("#") || line.trim() === "") continue;
    if (line.endsWith(":")) reason = line.slice(0, -1);
    else expected.set(line.trim(), reason);
  }
  return expected;
}

const expected = expectedFailures();
const isLookedAt = (path) => only === undefined || path.startsWith(only);
const unexpected = Object.keys(results.failures).filter((path) => !expected.has(path));
const passing = [...expected.keys()].filter((path) => isLookedAt(path) && !(path in results.failures));

function document() {
  const { total, byDir, meta } = results;
  const rate = (pass, tests) => `${((100 * pass) / tests).toFixed(2)} %`;
  const folders = Object.entries(byDir);
  const rows = folders.map(([name, row]) => `| ${name} | ${row.pass} | ${row.total} | ${rate(row.pass, row.total)} |`);
  const language = folders.filter(([name]) => name.startsWith("language/")).map(([, row]) => row);
  const passed = language.reduce((sum, row) => sum + row.pass, 0);
  const tests = language.reduce((sum, row) => sum + row.total, 0);
  return `# test262, core profile

Written by \`npm run conformance -- --test262 DIR --write\` (Node ${meta.node}).
${total.pass} of ${total.tests} tests pass (${rate(total.pass, total.tests)}); \`language/\`: ${passed} of ${tests} (${rate(passed, tests)}).
What fails is listed with its reason in [tests/conformance/expected-failures.txt](../tests/conformance/expected-failures.txt).

| folder | pass | tests | rate |
| --- | ---: | ---: | ---: |
${rows.join("\n")}
`;
}

if (options.write && only === undefined && !options.atomics && options.hold === undefined)
  writeFileSync(join(root, "docs/conformance.md"), document());
for (const path of unexpected) console.log(`fails:  ${path}  ${String(results.failures[path]).slice(0, 160)}`);
for (const path of passing) console.log(`passes, but is listed (${expected.get(path)}):  ${path}`);
console.log(
  `${results.total.pass} of ${results.total.tests} pass, ${expected.size} are expected to fail, ${unexpected.length + passing.length} surprises`,
);
process.exitCode = unexpected.length + passing.length === 0 ? 0 : 1;
