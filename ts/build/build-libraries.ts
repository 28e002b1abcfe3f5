// Owns the step of the build that writes the libraries of the package into dist/: a module each, its declaration, and the licences of
// the packages bundled in them.

import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { libraryModule } from "../api/library-build.ts";
import { createRuntimeFrom } from "../api/runtime.ts";
import { type BuiltLibrary, buildLibraries, groupsIn } from "./libraries.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

function declarationOf(name: string): string {
  return `import type { Library } from "../hosts/node.js";
/** The library ${name}, for \`createRuntime({ libraries })\`. */
declare const library: Library;
export default library;
`;
}

function groupDeclaration(folder: string): string {
  return `import type { Library } from "../hosts/node.js";
/** The libraries of fermata-vm/${folder}, for \`createRuntime({ libraries })\`: a program has those of which it names something. */
declare const libraries: readonly Library[];
export default libraries;
`;
}

/** A module whose default export is the list of these libraries. */
function groupModule(parts: readonly string[]): string {
  const imports = parts.map((part, index) => `import part${index} from "./${part}.js";\n`);
  return `${imports.join("")}export default [${parts.map((_, index) => `part${index}`).join(", ")}];\n`;
}

function licenceOf(name: string): string {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  return `\n## ${name} - ${version} (${license})\n${text}`;
}

function write(built: readonly BuiltLibrary[]): void {
  mkdirSync(join(root, "dist/types/libraries"), { recursive: true });
  for (const { folder, library } of built) {
    writeFileSync(join(root, `dist/${folder}.js`), libraryModule(library));
    writeFileSync(join(root, `dist/types/libraries/${folder}.d.ts`), declarationOf(library.name));
  }
  for (const { folder, parts } of groupsIn(root)) {
    writeFileSync(join(root, `dist/${folder}.js`), groupModule(parts));
    writeFileSync(join(root, `dist/types/libraries/${folder}.d.ts`), groupDeclaration(folder));
  }
  const notices = join(root, "dist/third-party-licenses.md");
  const known = existsSync(notices) ? readFileSync(notices, "utf8") : "";
  for (const name of new Set(built.flatMap(({ packages }) => packages)))
    if (!known.includes(`## ${name} - `)) appendFileSync(notices, licenceOf(name));
}

const module = readFileSync(join(root, "build/fermata.wasm"));
const runtime = await createRuntimeFrom({ module, typescript: false });
write(await buildLibraries(root, runtime));
