// Owns llms.txt, the list of pages for language models, and llms-full.txt, all pages for users in one text. Must never say what no page says.

import { pageAt, SECTIONS } from "./pages.ts";

const SUMMARY = `# Fermata

> A JavaScript and TypeScript virtual machine in WebAssembly (npm: fermata-vm) that can stop anywhere, become a few hundred bytes, and go on
> later in another process. It runs on Node, browsers, Cloudflare Workers, Deno and Bun.
`;

/** Sections for maintainers: in the list, not in the full text. */
const OPTIONAL = new Set(["Inside", "Decisions", "Recipes for maintainers"]);

/** The list of pages, each as Markdown. Links are relative to the file. */
export function llmsList(docs: string, sections = SECTIONS): string {
  const listed = sections.map(({ title, pages }) => {
    const rows = pages.map((path) => {
      const page = pageAt(docs, path);
      return `- [${page.title}](${path})${page.summary === "" ? "" : `: ${page.summary}`}`;
    });
    return `## ${OPTIONAL.has(title) ? `Optional: ${title}` : title}\n\n${rows.join("\n")}\n`;
  });
  return `${SUMMARY}\n${listed.join("\n")}`;
}

/** All pages for users, one after the other. */
export function llmsFull(docs: string, sections = SECTIONS): string {
  const pages = sections.filter(({ title }) => !OPTIONAL.has(title)).flatMap((section) => section.pages);
  return `${SUMMARY}\n${pages.map((path) => `<!-- ${path} -->\n\n${pageAt(docs, path).text.trim()}\n`).join("\n")}`;
}
