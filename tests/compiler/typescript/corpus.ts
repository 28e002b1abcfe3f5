// Owns the comparison of one file of real TypeScript with the reference compiler, and the search for such files. Must never decide which
// files are looked at: a sample of what is installed (corpus.test.ts), or many packages (corpus-run.ts).

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { stripTypes, TypeScriptSyntaxError } from "../../../ts/compiler/typescript/strip.ts";
import { misplacedIdentifiers, normalizedTree, transpile } from "./oracle.ts";

/** AssemblyScript shares the extension, not the language. */
const otherLanguages = /[\\/](?:assembly|assemblyscript|asc-next|std)[\\/]/;

/** Appends the TypeScript files below a folder, declaration files excepted, up to `maximum`. */
export function collect(directory: string, files: string[], maximum = Infinity): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (otherLanguages.test(`${path}/`) || files.length >= maximum) continue;
    if (entry.isDirectory()) {
      if (entry.name !== ".git") collect(path, files, maximum);
    } else if (/\.[mc]?ts$/.test(entry.name) && !/\.d\.(?:.*\.)?[mc]?ts$/.test(entry.name)) {
      if (statSync(path).size < 2_000_000) files.push(path);
    }
  }
}

export interface Finding {
  readonly kind: "rejected" | "differing" | "misplaced";
  readonly text: string;
}

/** What is wrong with our translation of a file. */
export function compare(file: string): Finding[] {
  const source = readFileSync(file, "utf8");
  try {
    const { code, map } = stripTypes(source, { filename: file });
    const findings: Finding[] = [];
    const difference = firstDifference(normalizedTree(code), normalizedTree(transpile(source)));
    if (difference !== null) findings.push({ kind: "differing", text: `${file}: ${difference}` });
    const misplaced = misplacedIdentifiers(source, code, map);
    if (misplaced.length > 0) {
      findings.push({ kind: "misplaced", text: `${file}: ${misplaced.slice(0, 5).join(", ")} moved` });
    }
    return findings;
  } catch (error) {
    const offset = error instanceof TypeScriptSyntaxError ? error.offset : 0;
    return [{ kind: "rejected", text: `${file}:${source.slice(0, offset).split("\n").length}: ${String(error)}` }];
  }
}

function firstDifference(ours: string, theirs: string): string | null {
  if (ours === theirs) return null;
  const a = ours.split("\n");
  const b = theirs.split("\n");
  let line = 0;
  while (a[line] === b[line]) line++;
  const excerpt = (lines: readonly string[]): string =>
    lines
      .slice(line, line + 3)
      .map((text) => text.trim())
      .join(" ");
  return `${excerpt(a)} where TypeScript has ${excerpt(b)}`;
}
