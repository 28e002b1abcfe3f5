// The API reference says what the package is: every export and every public member, as it is imported, with the text that its TSDoc has.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type Entry, readExports } from "../../ts/build/docs/exports.ts";
import { llmsFull, llmsList } from "../../ts/build/docs/llms.ts";
import { HOME, pagesIn, SECTIONS, slugOf, WRITTEN } from "../../ts/build/docs/pages.ts";
import { referencePages } from "../../ts/build/docs/reference.ts";
import { root } from "../readme/blocks.ts";

let entries: Entry[];
let pages: Map<string, string>;
beforeAll(() => {
  entries = readExports(root);
  pages = referencePages(entries);
});

const headings = (text: string): string[] => [...text.matchAll(/^#{2,3} (.*)$/gm)].map(([, title]) => title!);

/** Files of the package that Node can import, by the specifier of their entry. */
function importable(): [specifier: string, file: string][] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string | Record<string, string>>;
  };
  return Object.entries(exports).flatMap(([subpath, target]): [string, string][] => {
    const file = typeof target === "string" ? target : (target.node ?? target.default!);
    return file.endsWith(".js") ? [[`fermata-vm${subpath.slice(1)}`, file]] : [];
  });
}

describe("the API reference", () => {
  it("has what each entry exports when it is imported, and nothing else", async () => {
    const wrong: string[] = [];
    for (const [specifier, file] of importable()) {
      // Needs workerd; its declarations are read like those of the others.
      if (specifier === "fermata-vm/cloudflare") continue;
      const there = Object.keys((await import(pathToFileURL(join(root, file)).href)) as object).sort();
      const entry = entries.find((one) => one.specifier === specifier)!;
      const values = entry.exports
        .filter(({ kind, isType }) => !isType && kind !== "interface" && kind !== "type")
        .map(({ name }) => name);
      for (const name of there) {
        if (!values.includes(name) && !entry.shared.includes(name)) wrong.push(`${specifier}: ${name} is not there`);
      }
      for (const name of values) if (!there.includes(name)) wrong.push(`${specifier}: ${name} is only in the pages`);
    }
    expect(wrong).toEqual([]);
    expect(importable().length).toBeGreaterThan(20);
  });

  it("has the members that objects have when a program runs", async () => {
    const { createRuntime } = (await import(pathToFileURL(join(root, "dist/node.js")).href)) as {
      createRuntime: () => Promise<{ compile: (source: string) => { start: () => object } }>;
    };
    const runtime = await createRuntime();
    const program = runtime.compile("1");
    const text = [...pages.values()].join("\n");
    const missing: string[] = [];
    for (const object of [runtime, program, runtime.compile("1").start()]) {
      for (let at: object = object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
        const owner = at.constructor.name;
        if (at === object || !pages.get("fermata-vm.md")!.includes(`## ${owner}\n`)) continue;
        for (const name of Object.getOwnPropertyNames(at)) {
          if (name !== "constructor" && !text.includes(`${owner}.${name}\n`) && !text.includes(`get ${name}()`)) {
            missing.push(`${owner}.${name}`);
          }
        }
      }
    }
    expect(missing).toEqual([]);
  });

  it("gives headings the ids that links in the repository have", () => {
    expect(slugOf("`fermata-vm/temporal`")).toBe("fermata-vmtemporal");
    expect(slugOf("What it costs, and why")).toBe("what-it-costs-and-why");
  });

  it("says something of every export", () => {
    const silent = entries.flatMap(({ specifier, exports }) =>
      exports.filter(({ doc }) => doc.text === "").map(({ name }) => `${specifier}: ${name}`),
    );
    expect(silent).toEqual([]);
    // A bundler's name for what an entry forgot to export.
    expect(entries.flatMap(({ exports }) => exports).filter(({ name }) => name.length < 3)).toEqual([]);
  });

  it("has the text of the comments, with links for their names", () => {
    const types = pages.get("types.md")!;
    expect(types).toContain("Bytes of heap and stack that the program may hold. Default 32 MiB.");
    expect(pages.get("errors.md")).toContain("### ");
    const left = [...pages].filter(([, text]) => /\{@link|@param|\/\*\*/.test(text)).map(([name]) => name);
    expect(left).toEqual([]);
  });

  it("links to headings that are there", () => {
    // Headings that look alike are numbered, as on GitHub and by VitePress.
    const slugs = new Map(
      [...pages].map(([name, text]) => {
        const all = headings(text).map(slugOf);
        return [name, all.map((slug, i) => (all.indexOf(slug) === i ? slug : `${slug}-1`))];
      }),
    );
    const broken: string[] = [];
    for (const [name, text] of pages) {
      expect(new Set(slugs.get(name)).size, name).toBe(slugs.get(name)!.length);
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        const [file, anchor] = target!.split("#") as [string, string?];
        if (/^[a-z]+:/.test(target!) || file.startsWith("../")) continue;
        const there = slugs.get(file === "" ? name : file);
        if (there === undefined || (anchor !== undefined && !there.includes(anchor))) broken.push(`${name}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });
});

describe("the list of pages", () => {
  it("has every page once", () => {
    const listed = [HOME, ...SECTIONS.flatMap((section) => section.pages)];
    const committed = pagesIn(join(root, "docs")).filter((path) => !path.startsWith(`${WRITTEN}/`));
    const written = [...pages.keys()].map((name) => `${WRITTEN}/${name}`);
    expect(listed.toSorted()).toEqual([...committed, ...written].sort());
  });
});

describe("the texts for language models", () => {
  it("are made of the pages", () => {
    const docs = join(root, "docs");
    // What the pages of the reference say is looked at above; they may not have been written here.
    const withoutReference = SECTIONS.filter(({ title }) => title !== "Reference");
    const list = llmsList(docs, withoutReference);
    for (const path of withoutReference.flatMap((section) => section.pages)) expect(list).toContain(`](${path})`);
    expect(list).toMatch(/^# Fermata\n\n> /);
    expect(list.split("\n").filter((row) => row.startsWith("- ") && !/: .{20}/.test(row))).toEqual([]);
    expect(llmsFull(docs, withoutReference)).toContain("state.snapshot().dump()");
  });
});
