// Builds everything: generated tables, wasm, base image, JavaScript and declarations. One step after the other, stopping
// at the first that fails.
//
//   --if-changed    leaves a build alone whose inputs have not changed, and says so
//   --release-only  without the checking builds of the wasm, which only tests use: half of the time
//   --verbose       sizes of what was built

import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { announce, digestOf, root, runNode } from "./lib.mjs";

const INPUTS = [
  "assembly",
  "ts",
  "scripts",
  "asconfig.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "vite.config.ts",
];
const OUTPUTS = ["build/fermata.wasm", "dist/fermata.wasm", "dist/node.js", "dist/cli.js", "dist/types"];
const STAMP = join(root, "build/.inputs");

/** Targets of ts/build/build-wasm.ts; an empty list: all. */
const RELEASE = ["release", "builder"];

const steps = (releaseOnly) => [
  ["generate tables from ts/defs", ["--import", "tsx", "ts/build/generate.ts"]],
  [
    "compile assembly/ (the longest step)",
    ["--import", "tsx", "ts/build/build-wasm.ts", ...(releaseOnly ? RELEASE : [])],
  ],
  [
    "make the base image",
    ["--import", "tsx", "ts/build/build-base-image.ts", "--strict", ...(releaseOnly ? ["--release-only"] : [])],
  ],
  ["check build/fermata.wasm", ["--import", "tsx", "ts/build/check-wasm.ts"]],
  ["bundle ts/ into dist/", ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]],
  ["write declarations", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]],
  ["bundle declarations into dist/types", ["scripts/types.mjs"]],
  ["compile the libraries", ["--import", "tsx", "ts/build/build-libraries.ts"]],
];

/** Puts the files beside the bundle that no bundler makes. */
function finish() {
  copyFileSync(join(root, "build/fermata.wasm"), join(root, "dist/fermata.wasm"));
  chmodSync(join(root, "dist/cli.js"), 0o755);
}

/** Is the build there, of these inputs, with all that was requested? */
function isCurrent(releaseOnly) {
  if (![...OUTPUTS, "build/.inputs"].every((path) => existsSync(join(root, path)))) return false;
  const [digest, what] = readFileSync(STAMP, "utf8").split(" ");
  return digest === digestOf(INPUTS) && (what === "all" || (what === "release" && releaseOnly));
}

/** Resolves to whether the build is there and good. */
export async function build({ ifChanged = false, releaseOnly = false } = {}) {
  if (ifChanged && isCurrent(releaseOnly)) {
    announce("build: nothing has changed since the last one");
    return true;
  }
  announce(`build: about ${releaseOnly ? "one minute" : "two minutes"} on two idle cores`);
  mkdirSync(join(root, "build"), { recursive: true });
  // An interrupted build must not be taken for a finished one.
  writeFileSync(STAMP, "unfinished");
  for (const [what, args] of steps(releaseOnly)) {
    announce(`build: ${what}`);
    const code = await runNode(args);
    if (code !== 0) {
      console.error(`build failed: ${what} (exit ${code})`);
      return false;
    }
  }
  finish();
  const missing = OUTPUTS.filter((path) => !existsSync(join(root, path)));
  if (missing.length > 0) {
    console.error(`build failed: not written: ${missing.join(", ")}`);
    return false;
  }
  // After the steps, because the first of them writes below assembly/ and ts/.
  writeFileSync(STAMP, `${digestOf(INPUTS)} ${releaseOnly ? "release" : "all"}`);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const has = (option) => process.argv.includes(option);
  const isGood = await build({ ifChanged: has("--if-changed"), releaseOnly: has("--release-only") });
  process.exitCode = isGood ? 0 : 1;
}
