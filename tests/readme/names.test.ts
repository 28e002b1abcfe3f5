// The pages name only what exists: links lead somewhere, files are there, and functions are declared where the pages say.
//
// In backticks, `assembly/heap/memory.ts` is a path from the root. In docs/, `reserve` (`assembly/heap/memory.ts`) and
// `assembly/heap/memory.ts#reserve` say that the file declares the name.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { PAGES, root, textOf } from "./blocks.ts";

/** Text without fenced blocks. */
const prose = (page: string): string => textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, "");

/** The anchors of a page, as GitHub makes them of its headings. */
const anchors = (page: string): Set<string> =>
  new Set(
    [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );

const FOLDERS = /^(?:assembly|ts|tests|docs|scripts|examples|web-demo)\/[\w./*{},-]+$/;
/** Folders of other repositories. */
const FOREIGN = new Set(["tests/cases/conformance"]);

const brokenLinks = (page: string): string[] =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
    if (/^[a-z]+:/.test(target!)) return [];
    const [path, anchor] = target!.split("#") as [string, string?];
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(root, file))) return [`${page}: ${target} does not exist`];
    if (anchor !== undefined && !anchors(file).has(anchor)) return [`${page}: ${file} has no heading #${anchor}`];
    return [];
  });

/** True if the path exists; `*` and `{a,b}` stand for some name. */
function exists(path: string): boolean {
  const plain = path.replace(/[*{].*$/, "");
  const at = join(root, plain === path ? path : dirname(`${plain}x`));
  return existsSync(at);
}

const missingFiles = (page: string): string[] =>
  [...prose(page).matchAll(/`([^`\n]+)`/g)].flatMap(([, text]) => {
    const path = text!.split("#")[0]!;
    return FOLDERS.test(path) && !FOREIGN.has(path) && !exists(path) ? [`${page}: there is no ${path}`] : [];
  });

/** Whether a file declares a name: as a function, constant, class, type, method or field, or as the name of a row. */
function declares(file: string, name: string): boolean {
  const text = readFileSync(join(root, file), "utf8");
  const word = name.replaceAll(/[#$]/g, "\\$&");
  return new RegExp(
    `(?:function\\*?|const|let|class|interface|type|enum|declare function)\\s+${word}\\b|^\\s*(?:(?:readonly|static|async|private|protected|abstract|get|set)\\s+)*${word}(?:\\(|\\??:|<| =)|["\`]${word}["\`]`,
    "m",
  ).test(text);
}

const missingNames = (page: string): string[] => {
  const text = prose(page);
  const named: [name: string, file: string][] = [
    ...[...text.matchAll(/`(#?[\w$]+)(?:\(\))?` \(`((?:assembly|ts|tests|scripts)\/[\w./-]+\.(?:ts|js|mjs))`\)/g)].map(
      ([, name, file]): [string, string] => [name!, file!],
    ),
    ...[...text.matchAll(/`((?:assembly|ts|tests|scripts)\/[\w./-]+\.(?:ts|js|mjs))#([\w$]+)`/g)].map(
      ([, file, name]): [string, string] => [name!, file!],
    ),
  ];
  return named.flatMap(([name, file]) => {
    if (!existsSync(join(root, file)) || !statSync(join(root, file)).isFile()) return [`${page}: there is no ${file}`];
    return declares(file, name) ? [] : [`${page}: ${file} declares no ${name}`];
  });
};

describe("the pages", () => {
  it("link to what exists", () => {
    expect(PAGES.flatMap(brokenLinks)).toEqual([]);
  });

  it("name files that exist", () => {
    expect(PAGES.flatMap(missingFiles)).toEqual([]);
  });

  it("name functions and constants that their files declare", () => {
    expect(PAGES.flatMap(missingNames)).toEqual([]);
  });

  it("name enough for that to mean something", () => {
    const tour = prose("docs/architecture.md");
    expect([...tour.matchAll(/`#?[\w$]+` \(`(?:assembly|ts)\//g)].length).toBeGreaterThan(40);
  });
});
