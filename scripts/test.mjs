// `npm test`: set-up, build, static checks, then every test on every host in one vitest run. The last line is always
// `N passed, N failed`; a static check that fails counts as one failure, and so does a test file that cannot load.
// Arguments go to vitest (`npm test -- tests/stores`); the static checks then still cover everything.
//
//   --quick   leaves out the tests that take long: fuzzers, other hosts, libraries, attacks, snapshots at every place. About a minute and a
//             half after a build; `npm test` alone decides whether a change may land

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { announce, root, runNode } from "./lib.mjs";
import { build } from "./build.mjs";
import { setUp } from "./setup.mjs";

const CHECKS = [
  ["generated files match ts/defs", ["--import", "tsx", "ts/build/generate.ts", "--check"]],
  ["types", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.json"]],
  ["types of the site", ["node_modules/typescript/bin/tsc", "-p", "docs/.vitepress/tsconfig.json"]],
  ["imports go one way", ["--import", "tsx", "ts/build/check-imports.ts"]],
  ["functions and files keep to their sizes", ["--import", "tsx", "ts/build/check-sizes.ts"]],
  ["lint", ["node_modules/oxlint/bin/oxlint", "--deny-warnings"]],
  ["format", ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]],
];

/** Folders of tests that take long. */
const LONG = [
  "browser",
  "build",
  "core",
  "fuzz",
  "hosts",
  "libraries",
  "limits",
  "security",
  "snapshot",
  "compiler/typescript",
];

const isQuick = process.argv.includes("--quick");
const forVitest = [
  ...process.argv.slice(2).filter((option) => option !== "--quick" && option !== "--verbose"),
  ...(isQuick ? LONG.flatMap((folder) => ["--exclude", `tests/${folder}/**`]) : []),
];

let passed = 0;
let failed = 0;

function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

function fail(what) {
  console.error(`FAILED: ${what}`);
  failed++;
}

async function runTests() {
  const report = join(root, ".cache/vitest.json");
  mkdirSync(join(root, ".cache"), { recursive: true });
  rmSync(report, { force: true });
  const code = await runNode([
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...forVitest,
  ]);
  try {
    const result = JSON.parse(readFileSync(report, "utf8"));
    // A file that fails before its first test has no assertion to count.
    const broken = result.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
    passed += result.numPassedTests;
    failed += result.numFailedTests + broken.length;
    const idle = result.numPendingTests + (result.numTodoTests ?? 0);
    if (idle > 0) fail(`${idle} tests were skipped or are to do`);
  } catch (error) {
    fail(`vitest wrote no report: ${error.message}`);
  }
  // Such as an unhandled rejection outside any test.
  if (code !== 0 && failed === 0) fail(`vitest ended with exit code ${code}`);
}

if (!(await setUp({ chromium: true }))) {
  fail("set-up");
  finish();
}
for (const [what, args] of CHECKS.slice(0, 1)) {
  announce(`check: ${what}`);
  if ((await runNode(args)) !== 0) fail(what);
}
if (!(await build({ ifChanged: true }))) {
  fail("build");
  finish();
}
for (const [what, args] of CHECKS.slice(1)) {
  announce(`check: ${what}`);
  if ((await runNode(args)) !== 0) fail(what);
}
announce("vitest");
await runTests();
announce("done");
finish();
