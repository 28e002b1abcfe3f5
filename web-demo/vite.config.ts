import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

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
