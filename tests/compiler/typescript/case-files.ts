// Owns what a case of TypeScript's own tests is made of: a file may hold several, and says so in comments. Must never judge them.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import ts from "typescript";

/** One file of a case. */
export interface Unit {
  readonly name: string;
  readonly source: string;
  /** What TypeScript makes of it; null where it does not parse, or where there is nothing to run. */
  readonly emitted: string | null;
  readonly isModule: boolean;
}

export interface TypeScriptCase {
  readonly name: string;
  readonly units: () => readonly Unit[];
}

/** Every case below a folder. */
export function* casesOf(folder: string, directory = folder): Generator<TypeScriptCase> {
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* casesOf(folder, path);
    else if (/(?<!\.d)\.ts$/.test(entry.name)) yield { name: relative(folder, path), units: () => unitsOf(path) };
  }
}

function unitsOf(path: string): Unit[] {
  const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  const parts = text.split(/^\/\/\s*@filename\s*:\s*(.*?)\s*$/im);
  if (parts.length === 1) return [unitOf(basename(path), text)];
  const units: Unit[] = [];
  for (let at = 1; at < parts.length; at += 2) {
    const name = parts[at]!.replace(/^(?:\.\/|\/)+/, "");
    if (/(?<!\.d)\.[mc]?ts$/.test(name)) units.push(unitOf(name, parts[at + 1]!.replace(/^\r?\n/, "")));
  }
  return units;
}

function unitOf(name: string, source: string): Unit {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.ESNext) as ts.SourceFile & {
    readonly parseDiagnostics: readonly unknown[];
  };
  const isModule = ts.isExternalModule(file);
  const emitted = file.parseDiagnostics.length > 0 ? null : emittedFrom(source);
  return { name, source, emitted, isModule };
}

function emittedFrom(source: string): string | null {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    isolatedModules: true,
    useDefineForClassFields: true,
  };
  try {
    const { outputText } = ts.transpileModule(source, { fileName: "/case.ts", compilerOptions });
    // It makes scripts strict; ours are as they are written.
    return /^\s*["']use strict["']/m.test(source) ? outputText : outputText.replace(/^"use strict";\r?\n/, "");
  } catch {
    return null;
  }
}
