// Owns the proof that the parsers in the bundle answer as those they were made from. Must never look at what it costs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as parser from "#meriyah";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mendedParser } from "../../ts/build/meriyah/mend.ts";
import { parserAsUsed } from "../../ts/build/parsers-as-used.ts";
import { preludeSources } from "../../ts/build/prelude-sources.ts";

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "../..");
const file = join(root, "node_modules/meriyah/dist/meriyah.mjs");
const OPTIONS = { next: true, lexical: true, validateRegex: false, ranges: { start: true, end: true } } as const;

/** The tree or the error as text, with the properties of each node in one order: the order in which they are made is no part of it. */
function answer(parse: () => unknown): string {
  try {
    return JSON.stringify(parse(), (_key, value: unknown) => {
      if (typeof value === "bigint") return `${value}n`;
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    });
  } catch (error) {
    const { name, message, start, end, description } = error as Error & Record<string, unknown>;
    return JSON.stringify({ name, message, start, end, description });
  }
}

const SNIPPETS = [
  "",
  "// only a comment",
  "#!/usr/bin/env node\n1",
  "a = `x${1}y${`z${b}`}`; tag`\\u{41}${c}\\unicode`;",
  "/re[/]/gv.test(x) ? 10n : 0x1F_00; <!-- html\n--> html",
  "class A extends B { static #p = 1; accessor q; @d() get r() { return this.#p ?? super.r; } static { this.#p++; } }",
  "async function* f({ a = 1, ...b }, [c, , ...d] = [], ...e) { for await (const x of y) yield* await x; label: for (;;) continue label; }",
  "with (o) try { switch (x) { case 1: default: break } } catch { } finally { if (a) function g() {} else ; }",
  "using x = y; new.target; a?.b?.[c]?.(...d); (a, b) => ({ __proto__: null, [k]: v, get z() { return 1 }, async *m() {} });",
  "let a; let a;",
  "var x = ;",
  "<a/>",
  "<div>&amp;</div>",
  "a.b.c(",
  "'use strict'; with (a) b;",
  "/* never closed",
  "`never closed ${",
  "class A { constructor() {} constructor() {} }",
  "x = { a, b, c\n",
];

const MODULES = [
  'import a, { b as c, "d" as e } from "f" with { type: "json" }; export default class {} export * as g from "h"; export { a as b };',
  "import defer * as n from 'm'; await import.meta.url; import source s from 't';",
  "export { nothing };",
];

describe("the parser in the bundle", () => {
  let folder: string;
  let changed: typeof parser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "fermata-parser-"));
    const path = join(folder, "parser.mjs");
    writeFileSync(path, parserAsUsed(file, mendedParser(root))!);
    changed = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as typeof parser;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("answers the same for scripts", () => {
    const programs = [
      ...SNIPPETS,
      readFileSync(require.resolve("acorn"), "utf8"),
      ...preludeSources(root).map(({ source }) => source),
    ];
    for (const source of programs) {
      const options = { ...OPTIONS, webcompat: true };
      expect(answer(() => changed.parseScript(source, options))).toBe(
        answer(() => parser.parseScript(source, options)),
      );
    }
  });

  it("answers the same for modules", () => {
    const programs = [...MODULES, ...SNIPPETS, readFileSync(join(root, "node_modules/acorn/dist/acorn.mjs"), "utf8")];
    for (const source of programs)
      expect(answer(() => changed.parseModule(source, OPTIONS))).toBe(
        answer(() => parser.parseModule(source, OPTIONS)),
      );
  });

  it("is refused when it is written in another way", () => {
    expect(() => parserAsUsed(file, "export const parse = () => null;")).toThrow(/written in another way/);
  });

  it("is the only thing that is changed", () => expect(parserAsUsed("/project/index.js", "{ type: 1 }")).toBe(null));
});
