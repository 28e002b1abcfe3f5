// Owns the judge of the stripper's tests: TypeScript's own output, syntax trees that can be compared, and the search for
// identifiers that moved. Must never use the stripper to judge the stripper.

import { parseModule, type Options } from "meriyah";
import ts from "typescript";
import type { OffsetMap } from "../../../ts/compiler/typescript/offset-map.ts";

export const parseOptions: Options = { next: true, lexical: true, webcompat: true, validateRegex: false };

/** JavaScript as TypeScript makes it, with the newest target and unused imports dropped. */
export function transpile(source: string): string {
  // Without a name it stumbles over some sources.
  return ts.transpileModule(source, {
    fileName: "/source.ts",
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      removeComments: false,
      isolatedModules: true,
      verbatimModuleSyntax: false,
      useDefineForClassFields: true,
    },
  }).outputText;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const positionKeys = new Set(["start", "end", "range", "loc", "raw"]);

function isNothing(value: unknown): boolean {
  const node = value as Node;
  if (node.type === "EmptyStatement") return true;
  if (node.type === "ExpressionStatement" && node["directive"] === "use strict") return true;
  return (
    node.type === "ExportNamedDeclaration" &&
    !node["declaration"] &&
    !node["source"] &&
    (node["specifiers"] as unknown[]).length === 0
  );
}

/** `(a?.b)?.c` without its parentheses, as TypeScript writes it: where `a` is nullish, both give undefined. */
function withoutInnerChain(node: Node): unknown {
  const key = node.type === "MemberExpression" ? "object" : node.type === "CallExpression" ? "callee" : null;
  if (key === null || node["optional"] !== true) return node;
  const inner = node[key] as Node;
  return inner.type === "ChainExpression" ? { ...node, [key]: inner["expression"] } : node;
}

/**
 * The syntax tree as text. Left out is what makes no difference: positions and the spelling of literals, empty statements, the
 * `export {}` that only marks a module, "use strict", and parentheses around the beginning of an optional chain.
 */
export function normalizedTree(code: string): string {
  return JSON.stringify(
    parseModule(code, parseOptions),
    (key, value: unknown) => {
      if (positionKeys.has(key)) return undefined;
      if (typeof value === "bigint") return `${value}n`;
      if (typeof value === "object" && value !== null && "type" in value) value = withoutInnerChain(value as Node);
      if (key === "body" && Array.isArray(value)) return value.filter((one) => !isNothing(one));
      return value;
    },
    1,
  );
}

/** The identifiers of the code that do not stand where the source has the same name. */
export function misplacedIdentifiers(source: string, code: string, map: OffsetMap | null): string[] {
  const misplaced: string[] = [];
  let seen = 0;
  const tree = parseModule(code, { ...parseOptions, ranges: true, lexical: false });
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    if (node.type === "Identifier" || node.type === "PrivateIdentifier") {
      const start = node["start"] as number;
      const name = node["name"] as string;
      const text = node.type === "PrivateIdentifier" ? code.slice(start).match(/^#?/)?.[0] + name : name;
      seen++;
      if (!isInserted(map, start) && !source.startsWith(text, map?.toSource(start) ?? start)) misplaced.push(name);
    }
    for (const key in node) if (key !== "range") visit(node[key]);
  };
  visit(tree);
  if (seen === 0 && /\w/.test(code)) return seen === 0 && /^\W*(?:export|import|\{|\})/.test(code) ? [] : misplaced;
  return misplaced;
}

function isInserted(map: OffsetMap | null, offset: number): boolean {
  return map?.records.some(([start, length]) => start <= offset && offset < start + length) ?? false;
}
