// Writes what the documentation has beside its committed pages: docs/reference, docs/llms.txt and docs/llms-full.txt. The site is built of
// them, and the package has them. Needs dist/types.
//
//   node --import tsx ts/build/docs/run.ts

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readExports } from "./exports.ts";
import { llmsFull, llmsList } from "./llms.ts";
import { WRITTEN } from "./pages.ts";
import { referencePages } from "./reference.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export function writeDocs(docs = join(root, "docs")): void {
  const folder = join(docs, WRITTEN);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of referencePages(readExports(root))) writeFileSync(join(folder, file), text);
  writeFileSync(join(docs, "llms.txt"), llmsList(docs));
  writeFileSync(join(docs, "llms-full.txt"), llmsFull(docs));
}

if (process.argv[1] === import.meta.filename) writeDocs();
