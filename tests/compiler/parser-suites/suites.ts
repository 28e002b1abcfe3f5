// Owns the reading of parser suites of other projects: what each of their inputs is and whether it is a program. Must never judge an
// answer, and nothing of the suites is part of this repository.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { parse as acorn, type Options } from "acorn";

/** One input of a suite. */
export interface Case {
  readonly suite: string;
  /** Names the case in lists. */
  readonly name: string;
  readonly source: string;
  /** `any`: whatever the source turns out to be. */
  readonly goal: "script" | "module" | "any";
  readonly isValid: boolean;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .sort();
}

/** https://github.com/tc39/test262-parser-tests */
function* parserTests(root: string): Generator<Case> {
  for (const folder of ["early", "fail", "pass", "pass-explicit"]) {
    for (const file of filesBelow(join(root, folder))) {
      const source = readFileSync(join(root, folder, file), "utf8");
      const goal = file.includes(".module.") ? "module" : "script";
      const isValid = folder.startsWith("pass");
      yield { suite: "test262-parser-tests", name: `${folder}/${file}`, source, goal, isValid };
    }
  }
}

/** https://github.com/tc39/test262: whether each file parses, in sloppy and in strict code. */
function* test262(root: string): Generator<Case> {
  for (const name of filesBelow(join(root, "test"))) {
    if (name.includes("_FIXTURE")) continue;
    const source = readFileSync(join(root, "test", name), "utf8");
    const notes = /\/\*---([^]*?)---\*\//.exec(source)?.[1] ?? "";
    const has = (flag: string): boolean => new RegExp(`^flags:(?:.*|(?:\\s+- .*)*)\\b${flag}\\b`, "m").test(notes);
    const isValid = !/^negative:\s+(?:type: .*\s+)?phase: parse/m.test(notes);
    const one = { suite: "test262", isValid };
    if (has("module")) yield { ...one, name, source, goal: "module" };
    else {
      if (!has("onlyStrict")) yield { ...one, name, source, goal: "script" };
      // What is in staging/ says of few tests that they are sloppy code.
      if (!has("noStrict") && !has("raw") && !name.startsWith("staging"))
        yield { ...one, name: `${name} (strict)`, source: `"use strict";\n${source}`, goal: "script" };
    }
  }
}

/** https://github.com/acornjs/acorn: its inputs; acorn itself, with all that it knows, says which are programs. */
function* acornTests(root: string): Generator<Case> {
  const inputs: { code: string; options?: Options }[] = [];
  const add = (code: string, _answer: unknown, options?: Options): void => void inputs.push({ code, options });
  const driver = { test: add, testFail: add, testAssert: add };
  const folder = join(root, "test");
  for (const file of readdirSync(folder).filter((name) => /^tests.*\.js$/.test(name))) {
    const require = (name: string): unknown =>
      name.includes("driver") ? driver : createRequire(join(import.meta.dirname, "x.js"))("acorn");
    runInNewContext(readFileSync(join(folder, file), "utf8"), { require, exports: {}, console, global: {} });
  }
  const seen = new Set<string>();
  for (const { code, options } of inputs) {
    const goal = options?.sourceType === "module" ? "module" : "script";
    const key = `${goal} ${code}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield {
      suite: "acorn",
      name: `${goal}: ${JSON.stringify(code)}`,
      source: code,
      goal,
      isValid: isAcorns(code, goal),
    };
  }
}

/** Real code: the files of any other folder; acorn says whether they are scripts or modules. */
function* files(root: string): Generator<Case> {
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(root, name);
    if (!/\.[cm]?js$/.test(name) || !statSync(path).isFile()) continue;
    const source = readFileSync(path, "utf8");
    const goal = isAcorns(source, "script") ? "script" : "module";
    if (goal === "module" && !isAcorns(source, goal)) continue;
    yield { suite: "files", name, source, goal, isValid: true };
  }
}

function isAcorns(source: string, sourceType: "script" | "module"): boolean {
  try {
    acorn(source, { ecmaVersion: "latest", sourceType });
    return true;
  } catch {
    return false;
  }
}

const GO_STRING = /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y;

/** The value of a Go string literal. */
function goString(text: string): string {
  if (text.startsWith("`")) return text.slice(1, -1);
  return text
    .slice(1, -1)
    .replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gi, (_all, x, u, long, c: string) => {
      const code = (x ?? u ?? long) as string | undefined;
      if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
      return (
        ({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", a: "\x07", "0": "\0" } as Record<string, string>)[c] ??
        c
      );
    });
}

/** Whether esbuild takes a source, perhaps with a warning. */
function isWarning(answer: string): boolean {
  return answer.startsWith('""') || (answer.includes("WARNING:") && !answer.includes("ERROR:"));
}

/** What esbuild has to say, which is a literal or the name of a text. */
function goAnswer(source: string, at: number): string {
  if (source[at] === '"') return /^.*(?:\n.*\+)*/.exec(source.slice(at))![0];
  const name = /^\w+/.exec(source.slice(at))?.[0] ?? "";
  const definition = source.lastIndexOf(`\t${name} := `, at);
  return definition < 0 ? "ERROR: of some kind" : source.slice(definition, source.indexOf("\n", definition));
}

/** https://github.com/evanw/esbuild: the calls of its test that say what parses and what does not. */
function* esbuildTests(root: string): Generator<Case> {
  const source = readFileSync(join(root, "internal/js_parser/js_parser_test.go"), "utf8");
  const calls = /\b(expectParseError|expectPrinted|expectPrintedMangle|expectPrintedNormalAndMangle)\(t, /g;
  const seen = new Set<string>();
  for (let call = calls.exec(source); call !== null; call = calls.exec(source)) {
    GO_STRING.lastIndex = calls.lastIndex;
    const code = GO_STRING.exec(source)?.[0];
    if (code === undefined || !source.startsWith(", ", GO_STRING.lastIndex)) continue;
    GO_STRING.lastIndex += 2;
    const answer = call[1] === "expectParseError" ? goAnswer(source, GO_STRING.lastIndex) : '""';
    const text = goString(code);
    if (seen.has(text)) continue;
    seen.add(text);
    yield {
      suite: "esbuild",
      name: JSON.stringify(text),
      source: text,
      goal: "any",
      isValid: isWarning(answer),
    };
  }
}

/** The inputs of the suite that is in a folder, or of the JavaScript that is. */
export function casesOf(folder: string): Generator<Case> {
  const has = (...paths: string[]): boolean => paths.every((path) => existsSync(join(folder, path)));
  if (has("pass", "pass-explicit", "early", "fail")) return parserTests(folder);
  if (has("harness/sta.js", "test/language")) return test262(folder);
  if (has("test/tests-harmony.js")) return acornTests(folder);
  if (has("internal/js_parser/js_parser_test.go")) return esbuildTests(folder);
  return files(folder);
}
