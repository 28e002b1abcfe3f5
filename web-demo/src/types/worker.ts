// Owns the type check of the page's program: TypeScript's own checker in a Worker, loaded when the page has nothing else to do. Must never be
// needed for anything that runs.

import * as ts from "typescript";
import type { FromTypes, ToTypes, TypeFinding } from "./protocol.ts";

/** The part of a worker's global scope that is used; the project's types are those of a page. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToTypes>) => void) | null;
  postMessage(message: FromTypes, transfer: Transferable[]): void;
}
const scope = globalThis as unknown as WorkerScope;

// What a program finds in the machine: the language, and of the platform more than less, so that what is there is never complained of.
const libraries = import.meta.glob<string>(
  [
    "../../../node_modules/typescript/lib/lib.es*.d.ts",
    "../../../node_modules/typescript/lib/lib.decorators*.d.ts",
    "../../../node_modules/typescript/lib/lib.webworker.d.ts",
  ],
  { query: "?raw", import: "default", eager: true },
);
const texts = new Map(Object.entries(libraries).map(([path, text]) => [`/lib/${path.split("/").at(-1)!}`, text]));

const PROGRAM = "/program.ts";
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // Awaits at the top, and no quarrel with the names of globals.
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ["lib.esnext.d.ts", "lib.webworker.d.ts"],
  types: [],
};
/** Modules are found by the host when the program runs. */
const LEFT_OUT = new Set([2307, 2792]);
const MOST = 20;

let source = "";
let version = 0;

const service = ts.createLanguageService({
  getCompilationSettings: () => OPTIONS,
  getScriptFileNames: () => [PROGRAM],
  getScriptVersion: (name) => (name === PROGRAM ? String(version) : "0"),
  getScriptSnapshot: (name) => {
    const text = name === PROGRAM ? source : texts.get(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => "/",
  getDefaultLibFileName: () => "/lib/lib.esnext.d.ts",
  fileExists: (name) => name === PROGRAM || texts.has(name),
  readFile: (name) => (name === PROGRAM ? source : texts.get(name)),
});

function findings(): TypeFinding[] {
  // A program that cannot be read is complained of elsewhere, in our parser's words.
  if (service.getSyntacticDiagnostics(PROGRAM).length > 0) return [];
  return service
    .getSemanticDiagnostics(PROGRAM)
    .filter(({ code, category }) => category === ts.DiagnosticCategory.Error && !LEFT_OUT.has(code))
    .slice(0, MOST)
    .map(({ file, start = 0, length = 1, messageText }) => {
      const { line, character } = file!.getLineAndCharacterOfPosition(start);
      const message = ts.flattenDiagnosticMessageText(messageText, " ");
      return { line: line + 1, column: character + 1, length, message };
    });
}

scope.onmessage = ({ data }) => {
  source = data.source;
  version++;
  scope.postMessage({ number: data.number, findings: findings() }, []);
};
