// Owns finding the code blocks of the README and of docs/, and type-checking them as a user's compiler would.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as ts from "typescript";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Paths of the pages that users and maintainers read, from the root. */
export const PAGES: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "assembly/README.md",
  "ts/README.md",
  ...(readdirSync(join(root, "docs"), { recursive: true }) as string[])
    // Without the pages that are written from the declarations, which are not committed: tests/site has them.
    .filter((file) => file.endsWith(".md") && !/^(?:\.vitepress|reference)\b/.test(file))
    .map((file) => `docs/${file.replaceAll("\\", "/")}`)
    .sort(),
];

export type Runtime = "node" | "deno" | "worker" | "browser";

export interface Block {
  readonly page: string;
  /** Number among the blocks of its page, from 1. */
  readonly number: number;
  readonly info: string;
  readonly code: string;
}

export const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

/** All fenced blocks of a page in a language. */
export function blocksIn(page: string, language: string): Block[] {
  return [...textOf(page).matchAll(/^```([^\n`]*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info!.split(" ")[0] === language)
    .map(([, info, code], i) => ({ page, number: i + 1, info: info!, code: code! }));
}

/** What a block says it prints: the comments `// → text` at the ends of its lines. */
export const promised = ({ code }: Block): string[] =>
  [...code.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map((match) => match[1]!);

/** A name for a file with the block in it. */
export const fileOf = ({ page, number }: Block): string => `${page.replaceAll(/[/.]/g, "-")}-${number}.mts`;

/** What TypeScript says of the blocks under `strict`, against the declarations of dist/. */
export function complaints(blocks: readonly Block[]): string[] {
  const types = join(root, "dist/types");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    typeRoots: [join(root, "node_modules/@types")],
    types: ["node"],
    paths: { "fermata-vm": [join(types, "hosts/node.d.ts")], "fermata-vm/*": [join(types, "*.d.ts")] },
  };
  const files = new Map(blocks.map((block) => [join(root, "tests/readme", fileOf(block)), block.code]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) =>
    files.has(name) ? ts.createSourceFile(name, files.get(name)!, version) : getSourceFile(name, version, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host))
    .map(({ file, start, messageText }) => {
      const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      const name = file === undefined ? "" : relative(join(root, "tests/readme"), file.fileName);
      return `${name}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}
