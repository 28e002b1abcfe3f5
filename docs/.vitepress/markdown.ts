// Owns what the site makes of the pages' Markdown beyond VitePress: a Run button on every block `ts run`, and links that stay inside.
// Must never change what a page says elsewhere, as on GitHub or in the package.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import type { MarkdownRenderer } from "vitepress";
import { dist } from "./package.ts";

const MAIN = "fermata-vm";

/** The file of the package that a page in a browser imports; undefined for other packages. */
function fileOf(specifier: string): string | undefined {
  if (specifier === MAIN) return "browser.js";
  const { exports } = JSON.parse(readFileSync(join(dist, "../package.json"), "utf8")) as {
    exports: Readonly<Record<string, { default?: string }>>;
  };
  return exports[`.${specifier.slice(MAIN.length)}`]?.default?.replace("./dist/", "");
}

const importsOf = (code: string): string[] => [
  ...[...code.matchAll(/\bfrom ?["']([^"'\n]+)["']/g)].map(([, name]) => name!),
  ...[...code.matchAll(/\bimport ?\(? ?["']([^"'\n]+)["']/g)].map(([, name]) => name!),
];

/** The module of a host that a file of the package needs, found through all that it imports; undefined if it runs in a page. */
function hostModuleOf(file: string, seen = new Set<string>()): string | undefined {
  if (seen.has(file)) return undefined;
  seen.add(file);
  for (const name of importsOf(readFileSync(join(dist, file), "utf8"))) {
    if (/^(?:node|cloudflare):/.test(name)) return name;
    if (!name.startsWith(".")) continue;
    const found = hostModuleOf(join(file, "..", name), seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface Runnable {
  /** JavaScript whose imports are files of the package, as `package:browser.js`. */
  readonly code: string;
  /** What it needs that a page does not have, such as `node:fs`. */
  readonly needs: string | undefined;
}

/** A block as a page can run it. */
export function runnable(source: string): Runnable {
  let needs: string | undefined;
  const { code } = transformSync(source, { loader: "ts", format: "esm", target: "es2022" });
  const inPage = code.replaceAll(/\bfrom "([^"]+)"/g, (whole, specifier: string) => {
    const file = specifier.startsWith(MAIN) ? fileOf(specifier) : undefined;
    if (file === undefined) {
      // A module inside the text of a guest program is nothing that the page imports.
      if (new RegExp(`^import .* from "${specifier}";$`, "m").test(code)) needs ??= specifier;
      return whole;
    }
    needs ??= hostModuleOf(file);
    return `from "package:${file}"`;
  });
  return { code: inPage, needs };
}

/** Puts a button under every block `ts run`. */
export function runnableBlocks(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index]!;
    const isRunnable = /^ts run\b/.test(token.info);
    if (isRunnable) token.info = "ts";
    const shown = fence(tokens, index, ...rest);
    if (!isRunnable) return shown;
    const { code, needs } = runnable(token.content);
    const attributes = needs === undefined ? `code="${encodeURIComponent(code)}"` : `needs="${needs}"`;
    return `${shown}<RunBlock ${attributes} />`;
  };
}

/** Links out of docs/ lead to files of the repository, which a site does not have: they become text. */
export function keepLinksInside(md: MarkdownRenderer): void {
  md.core.ruler.push("links-inside", ({ tokens, env }) => {
    const depth = (env as { relativePath: string }).relativePath.split("/").length;
    for (const { children } of tokens) {
      for (const [i, token] of (children ?? []).entries()) {
        const target = token.type === "link_open" ? (token.attrGet("href") ?? "") : "";
        // A folder's README is its index on the site.
        if (/^[^:]*README\.md/.test(target)) token.attrSet("href", target.replace("README.md", "index.md"));
        if (!target.startsWith("../".repeat(depth))) continue;
        const path = target.slice(3 * depth);
        token.tag = "span";
        token.attrs = [["title", `${path} in the repository`]];
        children!.slice(i).find(({ type }) => type === "link_close")!.tag = "span";
      }
    }
  });
}
