// Owns the check of imports: each folder of assembly/ and ts/ may import only itself and the folders below it, no files import each
// other in a circle (types count), imports come before code, and assembly/ has no import and no export that nothing uses. The orders
// are drawn in assembly/README.md and ts/README.md. Must never be made to pass by leaving a folder out.
//
//   node --import tsx ts/build/check-imports.ts

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as ts from "typescript";

/** A path from the root, with `/`, to its text. */
export type Sources = ReadonlyMap<string, string>;

/** One rule for a tree: folders (or files) from the lowest to the highest. Those in one row may not import each other. */
interface Order {
  readonly tree: string;
  readonly rows: readonly (readonly string[])[];
}

export const ORDERS: readonly Order[] = [
  {
    tree: "assembly",
    rows: [
      ["core"],
      ["heap"],
      ["strings"],
      ["bigint"],
      ["primitives"],
      ["objects"],
      ["errors"],
      ["bytecode"],
      ["jobs", "regexp"],
      ["interpreter"],
      ["builtins"],
      ["snapshot"],
      ["host"],
      ["debug"],
      ["runtime", "index.ts"],
      ["build-entry.ts", "check-entry.ts"],
    ],
  },
  {
    tree: "ts",
    rows: [
      ["defs"],
      ["errors.ts"],
      ["bytes"],
      ["compiler"],
      ["machine"],
      ["snapshot"],
      ["api"],
      ["stores", "fetch", "zones"],
      ["runner"],
      ["index-resume.ts"],
      ["index.ts"],
      ["hosts"],
      ["cli"],
      ["build"],
    ],
  },
];

/** Generated tables belong to the folder that reads them first. */
const GENERATED: ReadonlyMap<string, string> = new Map([
  ["assembly", "core"],
  ["ts", "compiler"],
]);

/** Public classes that their users get from each other, such as State and Snapshot. They may import each other's types in a circle. */
const PUBLIC_CIRCLE: ReadonlySet<string> = new Set([
  "ts/api/complete.ts",
  "ts/api/lease.ts",
  "ts/api/driver.ts",
  "ts/api/host.ts",
  "ts/api/program.ts",
  "ts/api/recording.ts",
  "ts/api/snapshot.ts",
  "ts/api/state.ts",
]);

/** The tables through which the loop calls natives and the collector traces cells: they import folders above them, by design. */
const SEAMS: ReadonlySet<string> = new Set([
  "assembly/generated/natives.ts",
  "assembly/generated/references.ts",
  "assembly/generated/trace.ts",
]);

/** What the sanitizer writes calls of into the sources it compiles (sanitize.ts). */
const USED_BY_TOOLS: ReadonlySet<string> = new Set(["assembly/core/checked.ts"]);

interface Import {
  readonly target: string;
  /** Only types: nothing of it is there when the program runs. */
  readonly isType: boolean;
  readonly names: readonly { readonly name: string; readonly local: string }[];
  readonly isWhole: boolean;
  readonly line: number;
}

interface Parsed {
  readonly path: string;
  readonly imports: readonly Import[];
  /** Lines of imports that come after code. */
  readonly late: readonly number[];
  readonly exports: ReadonlySet<string>;
  /** Identifiers, by how often they are used outside imports. */
  readonly uses: ReadonlyMap<string, number>;
}

function parse(path: string, text: string, sources: Sources): Parsed {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const imports: Import[] = [];
  const late: number[] = [];
  const exports = new Set<string>();
  const uses = new Map<string, number>();
  let hasCode = false;
  const use = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1);
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) use(node.text);
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    const from = specifierOf(statement);
    if (from !== undefined) {
      const target = resolveImport(path, from, sources);
      const elements = elementsOf(statement);
      if (target !== undefined) {
        const names = elements?.map(({ name, propertyName }) => ({
          name: (propertyName ?? name).text,
          local: ts.isExportDeclaration(statement) ? "" : name.text,
        }));
        imports.push({
          target,
          isType: isTypeOnly(statement),
          names: names ?? [],
          isWhole: names === undefined,
          line: lineOf(statement),
        });
      }
      if (ts.isImportDeclaration(statement)) {
        if (hasCode) late.push(lineOf(statement));
        continue;
      }
    } else hasCode = true;
    for (const name of exportedBy(statement)) exports.add(name);
    // What a statement declares is no use of it.
    for (const name of declaredBy(statement)) uses.set(name, (uses.get(name) ?? 0) - 1);
    visit(statement);
  }
  return { path, imports, late, exports, uses };
}

function specifierOf(statement: ts.Statement): string | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
  const { moduleSpecifier } = statement;
  return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
}

function isTypeOnly(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  if (!ts.isImportDeclaration(statement)) return false;
  const { importClause } = statement;
  const list = importClause?.namedBindings;
  if (importClause?.isTypeOnly === true) return true;
  return list !== undefined && ts.isNamedImports(list) && list.elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** The names that an import or a re-export lists; undefined if it takes all. */
function elementsOf(
  statement: ts.Statement,
):
  | readonly { readonly name: { readonly text: string }; readonly propertyName?: { readonly text: string } }[]
  | undefined {
  const list = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : ts.isExportDeclaration(statement)
      ? statement.exportClause
      : undefined;
  return list !== undefined && (ts.isNamedImports(list) || ts.isNamedExports(list)) ? [...list.elements] : undefined;
}

function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  const { name } = statement as { name?: ts.Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}

function exportedBy(statement: ts.Statement): string[] {
  if (ts.isExportDeclaration(statement)) return [];
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return isExported ? declaredBy(statement) : [];
}

function resolveImport(from: string, specifier: string, sources: Sources): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const base = posix.join(posix.dirname(from), specifier);
  return [base, `${base}.ts`, `${base}/index.ts`].find((path) => sources.has(path));
}

/** The place of a file in its tree's order; undefined for a tree without one. */
function rankOf(path: string): { readonly row: number; readonly folder: string } | undefined {
  const order = ORDERS.find(({ tree }) => path.startsWith(`${tree}/`));
  if (order === undefined) return undefined;
  const [tree, first] = path.split("/") as [string, string];
  const folder = first === "generated" ? GENERATED.get(tree)! : first;
  return { row: order.rows.findIndex((row) => row.includes(folder)), folder };
}

function checkOrder({ path, imports }: Parsed): string[] {
  const from = rankOf(path);
  if (from === undefined || SEAMS.has(path)) return [];
  if (from.row < 0) return [`${path}: its folder has no place in the order of check-imports.ts`];
  return imports.flatMap(({ target, line }) => {
    const to = rankOf(target);
    if (to === undefined) return [`${path}:${line}: imports ${target}, which is outside both trees`];
    const isFine = to.row < from.row || (to.row === from.row && to.folder === from.folder);
    return isFine || SEAMS.has(target) ? [] : [`${path}:${line}: imports ${target}, which is not below it`];
  });
}

/** Files that import each other, a list for each circle (Tarjan's strongly connected components). */
function circlesOf(files: ReadonlyMap<string, Parsed>, withTypes: boolean): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const circles: string[][] = [];
  const enter = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path)!);
    stack.push(path);
    open.add(path);
    for (const { target, isType } of files.get(path)!.imports) {
      if (!files.has(target) || (isType && !withTypes)) continue;
      if (!index.has(target)) enter(target);
      if (open.has(target)) low.set(path, Math.min(low.get(path)!, low.get(target)!));
    }
    if (low.get(path) !== index.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    circle.forEach((one) => open.delete(one));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const path of files.keys()) if (!index.has(path)) enter(path);
  return circles;
}

function findCircles(files: ReadonlyMap<string, Parsed>): string[] {
  const withTypes = circlesOf(files, true).filter((circle) => !circle.every((path) => PUBLIC_CIRCLE.has(path)));
  const found = [...withTypes, ...circlesOf(files, false)].map(
    (circle) => `circle of ${circle.length}: ${circle.join(", ")}`,
  );
  return [...new Set(found)];
}

/** In assembly/, for which no other tool looks: imported names that the file does not use, exported ones that no file uses. */
function findUnused(files: ReadonlyMap<string, Parsed>): string[] {
  const findings: string[] = [];
  const wanted = new Set<string>();
  const core = [...files.values()].filter(({ path }) => path.startsWith("assembly/"));
  for (const { path, imports, uses } of files.values()) {
    const isCore = path.startsWith("assembly/");
    for (const { target, names, isWhole, line } of imports) {
      if (isWhole) for (const name of files.get(target)?.exports ?? []) wanted.add(`${target}#${name}`);
      for (const { name, local } of names) {
        wanted.add(`${target}#${name}`);
        if (isCore && local !== "" && (uses.get(local) ?? 0) === 0)
          findings.push(`${path}:${line}: imports ${local} and does not use it`);
      }
    }
  }
  for (const { path, exports, uses } of core) {
    if (path.includes("/generated/") || path.includes("/runtime/") || USED_BY_TOOLS.has(path)) continue;
    for (const name of exports) {
      const isUsedHere = (uses.get(name) ?? 0) > 0;
      if (wanted.has(`${path}#${name}`)) continue;
      findings.push(isUsedHere ? `${path}: exports ${name}, which only it uses` : `${path}: nothing uses ${name}`);
    }
  }
  return findings;
}

/** Faults in the imports of these files, a line each. */
export function checkImports(sources: Sources): string[] {
  const files = new Map([...sources].map(([path, text]) => [path, parse(path, text, sources)]));
  const late = [...files.values()].flatMap(({ path, late }) =>
    late.map((line) => `${path}:${line}: an import below code`),
  );
  return [...[...files.values()].flatMap(checkOrder), ...findCircles(files), ...late, ...findUnused(files)];
}

/** The TypeScript files of assembly/ and ts/ as they are on the disk, and the tests that are compiled into the core (`*-entry.ts`). */
export function readSources(root: string): Sources {
  const sources = new Map<string, string>();
  const read = (folder: string, ending: string): void => {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(ending) || entry.name.endsWith(".d.ts")) continue;
      const path = join(entry.parentPath, entry.name);
      sources.set(relative(root, path).replaceAll("\\", "/"), readFileSync(path, "utf8"));
    }
  };
  for (const { tree } of ORDERS) read(tree, ".ts");
  read("tests", "-entry.ts");
  return sources;
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const findings = checkImports(readSources(join(dirname(fileURLToPath(import.meta.url)), "../..")));
  for (const finding of findings) console.error(finding);
  console.log(`imports: ${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
