import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Makes the service worker, which knows all files of this build. */
function offline(): Plugin {
  return {
    name: "fermata:offline",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = ["./", ...Object.keys(bundle).filter((file) => !file.endsWith(".map"))];
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
  worker: { format: "es" },
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
