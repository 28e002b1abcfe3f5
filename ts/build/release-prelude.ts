// Owns the command that adds the functions of the prelude in its current state to the list of released ones (released-prelude.ts).
//
//   npm run release:prelude
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBaseImage } from "./build-base-image.ts";
import { folderOf, unreleased } from "./released-prelude.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { image } = await buildBaseImage(readFileSync(join(root, "build/fermata.builder.wasm")));
const lines = [...new Set(unreleased(root, image.images))].sort();
if (lines.length === 0) console.log("the list has all functions of the prelude");
else {
  const text = lines.join("\n") + "\n";
  const file = join(folderOf(root), `${createHash("sha256").update(text).digest("hex").slice(0, 8)}.txt`);
  writeFileSync(file, text);
  console.log(`${file}: ${lines.length} functions`);
}
