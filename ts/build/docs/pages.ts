// Owns the list of pages of the documentation: their order, and what is said of them in the sidebar, in llms.txt and in the package.
// Must never list a page that is not there, nor leave one out: tests/site looks.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Section {
  readonly title: string;
  /** Paths below docs/. */
  readonly pages: readonly string[];
}

/** What the site has, from first steps to the inside. */
export const SECTIONS: readonly Section[] = [
  {
    title: "Guide",
    pages: ["start.md", "api.md", "driving.md", "recording.md", "hold-for-days.md", "promises.md", "command-line.md"],
  },
  { title: "Hosts", pages: ["hosts/node.md", "hosts/browser.md", "hosts/workers.md", "hosts/deno.md"] },
  {
    title: "Libraries",
    pages: [
      "libraries.md",
      "web-apis.md",
      "web-library.md",
      "temporal-and-node.md",
      "intl.md",
      "intl-dates.md",
      "intl-texts.md",
      "zones.md",
    ],
  },
  {
    title: "Reference",
    pages: [
      "reference/index.md",
      "reference/fermata-vm.md",
      "reference/types.md",
      "reference/errors.md",
      "reference/runner.md",
      "reference/stores.md",
      "reference/hosts.md",
      "reference/libraries.md",
    ],
  },
  { title: "Security", pages: ["security.md", "reporting.md"] },
  {
    title: "Compared and measured",
    pages: [
      "comparison.md",
      "status.md",
      "conformance.md",
      "benchmark-costs.md",
      "benchmark-hold.md",
      "benchmark-durable.md",
    ],
  },
  {
    title: "Inside",
    pages: ["architecture.md", "snapshot-format.md", "cells.md", "instruction-set.md", "glossary.md"],
  },
  {
    title: "Decisions",
    pages: [
      "decisions/README.md",
      "decisions/registers.md",
      "decisions/fuel.md",
      "decisions/no-recursion.md",
      "decisions/copying-collector.md",
      "decisions/base-image.md",
      "decisions/portable-graphs.md",
      "decisions/assemblyscript-0.19.md",
      "decisions/wasm-tier.md",
    ],
  },
  {
    title: "Recipes for maintainers",
    pages: [
      "recipes/README.md",
      "recipes/builtin.md",
      "recipes/opcode.md",
      "recipes/cell-kind.md",
      "recipes/limit.md",
      "recipes/store.md",
      "recipes/host.md",
    ],
  },
];

/** The page that opens the site; it is in no section. */
export const HOME = "index.md";

/** Folder of pages that are written by ts/build/docs and not committed. */
export const WRITTEN = "reference";

/** Paths below docs/ of all pages that are there, those that the site's own folder has left out. */
export const pagesIn = (docs: string): string[] =>
  (readdirSync(docs, { recursive: true }) as string[])
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".md") && !path.startsWith("."))
    .sort();

export interface Page {
  readonly path: string;
  readonly title: string;
  /** Its first sentences. */
  readonly summary: string;
  readonly text: string;
}

/** Text without links and marks of Markdown. */
const plain = (text: string): string =>
  text
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*_]{1,2}(\S[^`*_]*)[`*_]{1,2}/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();

export function pageAt(docs: string, path: string): Page {
  const text = readFileSync(join(docs, path), "utf8");
  const title = /^# (.+)$/m.exec(text)?.[1] ?? path;
  const body = text.slice(text.indexOf(`# ${title}`) + title.length + 2);
  const first = body.split("\n\n").find((part) => /^\s*[A-Z`*[]/.test(part) && !part.includes("|")) ?? "";
  const summary = plain(first);
  // A whole sentence, where the paragraph is long.
  const end = /^.{40,200}?[.:](?= |$)/.exec(summary)?.[0] ?? summary.slice(0, 200);
  return { path, title: plain(title), summary: end.replace(/:$/, "."), text };
}

/** The id of a heading, as GitHub makes it: links in the pages hold in both places. */
export const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
