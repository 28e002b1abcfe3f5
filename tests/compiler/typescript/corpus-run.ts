// Owns the comparison with the reference compiler on thousands of files of published TypeScript (`npm run corpus`): installs the
// packages, by exact version, into .cache/corpus, and says how many files were looked at, rejected, or differ. Must never run a script
// of a package, and must never pass by finding nothing.
//
// npm run corpus [-- FOLDER …]: those folders instead of the packages.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { collect, compare, type Finding } from "./corpus.ts";

const PACKAGES: Readonly<Record<string, string>> = {
  "@anthropic-ai/sdk": "1.13.0",
  "@noble/ciphers": "2.4.0",
  "@noble/curves": "2.4.0",
  "@noble/hashes": "2.4.0",
  "@reduxjs/toolkit": "2.14.0",
  "@tanstack/query-core": "5.108.0",
  "@trpc/server": "11.25.2",
  ajv: "8.20.0",
  chevrotain: "11.2.0",
  effect: "4.1.0",
  immer: "11.2.10",
  mobx: "7.1.3",
  openai: "6.49.0",
  "prosemirror-model": "1.25.13",
  "prosemirror-state": "1.4.4",
  "prosemirror-transform": "1.12.6",
  "prosemirror-view": "1.42.9",
  rxjs: "7.8.2",
  viem: "2.57.20",
  zod: "4.6.7",
};
const MINIMUM_FILES = 1000;

const cache = join(fileURLToPath(new URL("../../..", import.meta.url)), ".cache/corpus");

/** Installs the packages unless that very list is there. */
function install(): string {
  const manifest = JSON.stringify({ private: true, dependencies: PACKAGES }, null, 2);
  const stamp = join(cache, "installed.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === manifest) return join(cache, "node_modules");
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "package.json"), manifest);
  const options = ["--ignore-scripts", "--legacy-peer-deps", "--omit=optional", "--no-package-lock", "--no-audit"];
  const { status } = spawnSync("npm", ["install", "--no-fund", ...options], { cwd: cache, stdio: "inherit" });
  if (status !== 0) throw new Error("npm install failed");
  writeFileSync(stamp, manifest);
  return join(cache, "node_modules");
}

const given = process.argv.slice(2);
const files: string[] = [];
for (const folder of given.length > 0 ? given : [install()]) collect(folder, files);
files.sort();
const findings: Finding[] = [];
for (const file of files) {
  for (const finding of compare(file)) {
    findings.push(finding);
    console.log(`${finding.kind}: ${finding.text}`);
  }
}
const count = (kind: Finding["kind"]): number => findings.filter((finding) => finding.kind === kind).length;
console.log(
  `${files.length} files, ${count("rejected")} rejected, ${count("differing")} differing, ${count("misplaced")} with identifiers out of place`,
);
if (findings.length > 0 || (given.length === 0 && files.length < MINIMUM_FILES)) process.exitCode = 1;
