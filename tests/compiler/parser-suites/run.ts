// Owns the run of parser suites of other projects: what they say is a program must compile, what they say is none must not, and the tree of
// a program is the one that acorn makes of it, through the TypeScript stage too. What differs by design is in by-design.txt with its reason, both ways.
//
//   npm run parser-suites -- DIR …   checkouts of tc39/test262-parser-tests, tc39/test262, acornjs/acorn, evanw/esbuild;
//                                    of any other folder, such as node_modules, the JavaScript

import { parse as acorn } from "acorn";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { parseProgram, tryProgram } from "../../../ts/compiler/parse.ts";
import { mayHaveTypeArguments } from "../../../ts/compiler/type-arguments.ts";
import { stripTypes } from "../../../ts/compiler/typescript/strip.ts";
import { CompileError } from "../../../ts/errors.ts";
import { type Case, casesOf } from "./suites.ts";
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
function treeDifference(one: Case): string | null {
  const found = differenceFromAcorn(one, false);
  // What waits at the top of a script is another tree, where acorn is asked for it.
  return found !== null && /\bawait\b/.test(one.source) ? differenceFromAcorn(one, true) : found;
}

function differenceFromAcorn({ source, goal }: Case, allowAwaitOutsideFunction: boolean): string | null {
  const sourceType = goal === "module" ? "module" : "script";
  let theirs;
  try {
    theirs = acorn(source, { ecmaVersion: "latest", sourceType, allowAwaitOutsideFunction });
  } catch {
    return null;
  }
  return difference(parseProgram(source, sourceType, false).program, theirs, true);
}

/** Where the TypeScript stage makes another program of JavaScript; null where it is not asked, or makes the same. */
function strippedDifference({ source, goal }: Case): string | null {
  const mode = goal === "module" ? "module" : "script";
  const program = tryProgram(source, mode, goal === "any")?.program;
  if (program === undefined || !mayHaveTypeArguments(source, program)) return null;
  asked++;
  try {
    const { code } = stripTypes(source, { filename: "suite.ts" });
    return code === source ? null : difference(parseProgram(code, mode, goal === "any").program, program, true);
  } catch {
    // Then the source is taken as it is.
    return null;
  }
}

const expected = new Map<string, string>();
let reason = "";
for (const line of readFileSync(join(import.meta.dirname, "by-design.txt"), "utf8").split("\n")) {
  if (line.startsWith("# ") || line.trim() === "") continue;
  if (line.endsWith(":") && !line.includes("\t")) reason = line.slice(0, -1);
  else expected.set(line, reason);
}

let failed = 0;
let asked = 0;
const suites = new Set<string>();
const met = new Set<string>();
for (const folder of positionals) {
  let count = 0;
  let differences = 0;
  asked = 0;
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
      const stripped = strippedDifference(one);
      if (stripped !== null) differs(`${key} (as TypeScript)`, stripped);
    }
  }
  console.log(`${folder}: ${count} inputs, ${differences} differ; ${asked} may have type arguments`);
  failed += differences;
}
for (const [key, why] of expected) {
  if (!suites.has(key.split("\t")[0]!) || met.has(key)) continue;
  failed++;
  console.log(`${key}\tno longer differs: ${why}`);
}
process.exitCode = failed > 0 ? 1 : 0;
