// Owns the run of parser suites of other projects: what they say is a program must compile, what they say is none must not, and the tree of
// a program is the one that acorn makes of it. What differs by design is in by-design.txt with its reason, both ways.
//
//   npm run parser-suites -- DIR …   checkouts of tc39/test262-parser-tests, tc39/test262, acornjs/acorn, evanw/esbuild
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parse as acorn } from "acorn";
import { CompileError } from "../../../ts/errors.ts";
import { parseProgram } from "../../../ts/compiler/parse.ts";
import { createRuntimeFrom } from "../../../ts/vm/runtime.ts";
import { casesOf, type Case } from "./suites.ts";
import { difference } from "./trees.ts";

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) {
  console.error("usage: npm run parser-suites -- DIR …   (checkouts of test262-parser-tests, test262, acorn, esbuild)");
  process.exit(2);
}

const wasm = join(import.meta.dirname, "../../../build/fermata.wasm");
const runtime = await createRuntimeFrom({ module: new WebAssembly.Module(readFileSync(wasm)), typescript: false });

/** What compiling gives: null, or what is wrong. */
function complaint({ source, goal }: Pick<Case, "source" | "goal">): string | null {
  try {
    runtime.compile(source, {
      filename: "suite.js",
      language: "javascript",
      ...(goal === "any" ? {} : { type: goal }),
    });
    return null;
  } catch (error) {
    if (!(error instanceof CompileError)) return `CRASH ${String(error)}`;
    const [message] = error.message.split("\n");
    // It may be a CommonJS module, which is the body of a function.
    if (goal === "any" && message === "Illegal return statement")
      return complaint({ source: `(function () {${source}\n})`, goal: "script" });
    return message!;
  }
}

/** Where the tree is another than acorn's; null where acorn has none. */
function treeDifference({ source, goal }: Case): string | null {
  const sourceType = goal === "module" ? "module" : "script";
  let theirs;
  try {
    theirs = acorn(source, { ecmaVersion: "latest", sourceType, allowAwaitOutsideFunction: /\bawait\b/.test(source) });
  } catch {
    return null;
  }
  return difference(parseProgram(source, sourceType, false).program, theirs, true);
}

const expected = new Map<string, string>();
let reason = "";
for (const line of readFileSync(join(import.meta.dirname, "by-design.txt"), "utf8").split("\n")) {
  if (line.startsWith("# ") || line.trim() === "") continue;
  if (line.endsWith(":") && !line.includes("\t")) reason = line.slice(0, -1);
  else expected.set(line, reason);
}

let failed = 0;
const suites = new Set<string>();
const met = new Set<string>();
for (const folder of positionals) {
  let count = 0;
  let differences = 0;
  const differs = (key: string, what: string): void => {
    if (expected.has(key)) return void met.add(key);
    differences++;
    console.log(`${key}\t${what}`);
  };
  for (const one of casesOf(resolve(folder))) {
    count++;
    suites.add(one.suite);
    const key = `${one.suite}\t${one.name}`;
    const wrong = complaint(one);
    if ((wrong === null) !== one.isValid) differs(key, wrong === null ? "is none" : `is a program: ${wrong}`);
    else if (wrong === null) {
      const found = treeDifference(one);
      if (found !== null) differs(key, `tree: ${found}`);
    }
  }
  console.log(`${folder}: ${count} inputs, ${differences} differ`);
  failed += differences;
}
for (const [key, why] of expected) {
  if (!suites.has(key.split("\t")[0]!) || met.has(key)) continue;
  failed++;
  console.log(`${key}\tno longer differs: ${why}`);
}
process.exitCode = failed > 0 ? 1 : 0;
