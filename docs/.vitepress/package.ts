// Owns what the site has beside its pages: the built package, which runs the examples, and each page as Markdown. Must never be more than
// copies.

import { copyFileSync, cpSync, createReadStream, existsSync, mkdirSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { pagesIn } from "../../ts/build/docs/pages.ts";

export const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** Folder of the site in which the package lies. */
export const PACKAGE = "package";

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves the package while pages are being written. */
export const servePackage = (): Plugin => ({
  name: "fermata:package",
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname.split(`/${PACKAGE}/`)[1];
      const file = join(dist, path ?? "");
      if (path === undefined || !file.startsWith(dist) || TYPES[extname(file)] === undefined || !existsSync(file))
        next();
      else createReadStream(file).pipe(response.setHeader("content-type", TYPES[extname(file)]!));
    });
  },
});

/** Puts the package and the Markdown beside the pages; `only` where the site shall have no other pages. */
export function finishSite(docs: string, outDir: string, only?: readonly string[]): void {
  cpSync(dist, join(outDir, PACKAGE), {
    recursive: true,
    filter: (path) => !path.startsWith(join(dist, "types")) && (extname(path) === "" || extname(path) in TYPES),
  });
  for (const path of only ?? [...pagesIn(docs), "llms.txt", "llms-full.txt"]) {
    mkdirSync(dirname(join(outDir, path)), { recursive: true });
    copyFileSync(join(docs, path), join(outDir, path));
  }
}
