// Builds everything: generated tables, wasm, base image, JavaScript and declarations. One step after the other, stopping
// at the first that fails. `--if-changed` leaves a build alone whose inputs have not changed, and says so.

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

const STEPS = [
  ["generate tables from ts/defs", ["--import", "tsx", "ts/build/generate.ts"]],
  ["compile assembly/ to build/fermata.wasm", ["--import", "tsx", "ts/build/build-wasm.ts"]],
  ["make the base image", ["--import", "tsx", "ts/build/build-base-image.ts", "--strict"]],
  ["check build/fermata.wasm", ["--import", "tsx", "ts/build/check-wasm.ts"]],
  ["bundle ts/ into dist/", ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]],
  ["write declarations", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]],
  ["bundle declarations into dist/types", ["scripts/types.mjs"]],
];

/** Puts the files beside the bundle that no bundler makes. */
function finish() {
  copyFileSync(join(root, "build/fermata.wasm"), join(root, "dist/fermata.wasm"));
  chmodSync(join(root, "dist/cli.js"), 0o755);
}

/** Resolves to whether the build is there and good. */
export async function build({ ifChanged = false } = {}) {
  const isComplete = [...OUTPUTS, "build/.inputs"].every((path) => existsSync(join(root, path)));
  if (ifChanged && isComplete && readFileSync(STAMP, "utf8") === digestOf(INPUTS)) {
    announce("build: inputs unchanged, the build in dist/ stands");
    return true;
  }
  mkdirSync(join(root, "build"), { recursive: true });
  // An interrupted build must not be taken for a finished one.
  writeFileSync(STAMP, "unfinished");
  for (const [what, args] of STEPS) {
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
  writeFileSync(STAMP, digestOf(INPUTS));
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await build({ ifChanged: process.argv.includes("--if-changed") })) ? 0 : 1;
}
