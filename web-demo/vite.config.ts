import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Name of the Worker that checks types. */
const TYPES = "assets/types-";

/** Makes the service worker, which knows all files of this build. */
function offline(): Plugin {
  return {
    name: "fermata:offline",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        // The checker of types is larger than all else: it is kept when it was wanted once.
        const isAtOnce = (file: string): boolean => !file.endsWith(".map") && !file.startsWith(TYPES);
        const files = ["./", ...Object.keys(bundle).filter(isAtOnce)];
        const version = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
        const source = readFileSync(new URL("service-worker.js", import.meta.url), "utf8")
          .replace('"VERSION"', JSON.stringify(version))
          .replace('["FILES"]', JSON.stringify(files));
        this.emitFile({ type: "asset", fileName: "sw.js", source });
      },
    },
  };
}

/** The demo uses the package as its users do: from dist/, which `npm run build` makes. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Runs below any path of any server.
  base: "./",
  resolve: {
    alias: [
      { find: /^fermata-vm$/, replacement: `${root}dist/browser.js` },
      { find: /^fermata-vm\/stores\/(\w+)$/, replacement: `${root}dist/stores/$1.js` },
    ],
  },
  plugins: [offline()],
  worker: {
    format: "es",
    rolldownOptions: {
      output: {
        entryFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.endsWith("/types/worker.ts") ? `${TYPES}[hash].js` : "assets/[name]-[hash].js",
      },
    },
  },
  server: { fs: { allow: [root] } },
  build: {
    outDir: `${root}build/web-demo`,
    emptyOutDir: true,
    target: "es2022",
    // The wasm as a file of its own, compiled while it streams in.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
