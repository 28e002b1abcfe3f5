// Owns the check of sizes: functions of at most 80 lines and files of at most 700, in assembly/, ts/ and tests/. Generated files, data
// and the exceptions listed here with their reasons are left out. Must never get an exception for a function that could be split.
//
//   node --import tsx ts/build/check-sizes.ts

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as ts from "typescript";

const MAX_FUNCTION_LINES = 80;
const MAX_FILE_LINES = 700;

/** Functions that may be longer, as `file#function`: one switch each, whose cases belong side by side. */
const LONG_FUNCTIONS: ReadonlySet<string> = new Set([
  // The loop: one br_table over all instructions.
  "assembly/interpreter/dispatch.ts#run",
  // Switches over node types.
  "ts/compiler/scope/find-bindings.ts#visit",
  "ts/compiler/emit/expressions.ts#expr",
  "ts/compiler/emit/statements.ts#statement",
]);

/** Files that may be longer, with their limits. */
const LONG_FILES: ReadonlyMap<string, number> = new Map([
  // The hits of all instructions.
  ["assembly/interpreter/dispatch.ts", 1200],
]);

/** Functions that only hold other functions: a group of tests, or the whole of a module. What they hold is measured. */
function isGroup(node: ts.Node): boolean {
  const { parent } = node;
  if (parent === undefined || !ts.isCallExpression(parent)) return false;
  let callee: ts.Node = parent.expression;
  while (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && callee.text === "describe";
}

function nameOf(node: ts.Node): string {
  const { name } = node as { name?: ts.Node };
  if (name !== undefined) return name.getText();
  const { parent } = node;
  if (
    parent !== undefined &&
    (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
  )
    return parent.name.getText();
  return "a function without a name";
}

/** The functions that are too long, and the file if it is, a line each. */
export function checkSizes(path: string, text: string): string[] {
  const findings: string[] = [];
  const lines = text.replace(/\n$/, "").split("\n").length;
  const most = LONG_FILES.get(path) ?? MAX_FILE_LINES;
  if (lines > most) findings.push(`${path}: ${lines} lines, more than ${most}`);
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (at: number): number => file.getLineAndCharacterOfPosition(at).line + 1;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && (node as ts.FunctionLikeDeclaration).body !== undefined && !isGroup(node)) {
      const first = lineOf(node.getStart());
      const count = lineOf(node.end) - first + 1;
      const name = nameOf(node);
      if (count > MAX_FUNCTION_LINES && !LONG_FUNCTIONS.has(`${path}#${name}`))
        findings.push(`${path}:${first}: ${name} has ${count} lines, more than ${MAX_FUNCTION_LINES}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

/** Exceptions that no longer name anything. */
function staleExceptions(paths: ReadonlySet<string>): string[] {
  const named = [...[...LONG_FUNCTIONS].map((one) => one.slice(0, one.indexOf("#"))), ...LONG_FILES.keys()];
  return named.filter((path) => !paths.has(path)).map((path) => `check-sizes.ts: ${path} is not there any more`);
}

const FOLDERS = ["assembly", "ts", "tests"];

/** Hand-written sources below a folder. */
function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !path.includes("/generated/"));
}

/** The findings for the whole tree at `root`, a line each. */
export function checkTree(root: string): string[] {
  const paths = FOLDERS.flatMap((folder) => sourcesBelow(root, folder));
  return [
    ...paths.flatMap((path) => checkSizes(path, readFileSync(join(root, path), "utf8"))),
    ...staleExceptions(new Set(paths)),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const findings = checkTree(join(dirname(fileURLToPath(import.meta.url)), "../.."));
  for (const finding of findings) console.error(finding);
  console.log(`sizes: ${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
