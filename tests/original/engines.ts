// Owns what a program's value is as text, in the host engine and in Fermata. Must never change what the program says.

import { type Options, parse } from "acorn";
import { createContext, Script } from "node:vm";
import ts from "typescript";
import type { Runtime } from "../../ts/api/runtime.ts";

/** A value as text, or why there is none. */
export type Answer = { readonly value: string } | { readonly failed: string };

const OPTIONS: Options = { ecmaVersion: "latest", allowAwaitOutsideFunction: true, allowReturnOutsideFunction: true };

/** A program as a script whose value is that of its last statement, or a promise of it. */
function asScript(code: string): string {
  let source = code;
  let program;
  try {
    program = parse(source, OPTIONS);
  } catch {
    const strict = /^\s*["']use strict["']/.test(code);
    source = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
    }).outputText;
    if (!strict) source = source.replace(/^"use strict";\n/, "");
    program = parse(source, OPTIONS);
  }
  try {
    void new Script(source);
    return source;
  } catch {
    // It awaits: a function does, and returns its last statement's value.
    const last = program.body.at(-1);
    if (last?.type !== "ExpressionStatement") return `(async () => {${source}\n})()`;
    const { start, end } = last.expression;
    return `(async () => {${source.slice(0, start)}return (${source.slice(start, end)});\n})()`;
  }
}

const MS = 2000;

async function settled(value: unknown): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("it does not end")), MS);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function answerOfHost(code: string): Promise<Answer> {
  try {
    const quiet = { log() {}, error() {}, warn() {}, info() {}, debug() {} };
    const context = createContext({ console: quiet, setTimeout, clearTimeout, setInterval, clearInterval });
    return { value: String(await settled(new Script(asScript(code)).runInContext(context, { timeout: MS }))) };
  } catch (error) {
    return { failed: String(error) };
  }
}

export async function answerOfFermata(runtime: Runtime, code: string): Promise<Answer> {
  try {
    const program = runtime.compile(code, { filename: "original.ts" });
    const { output } = await program.run({ limits: { timeMs: 10_000 }, seed: 1, now: Date.now() });
    return { value: String(output) };
  } catch (error) {
    return { failed: String(error) };
  }
}
