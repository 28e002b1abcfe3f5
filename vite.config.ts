import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { mendedParser, PUBLISHED } from "./ts/build/meriyah/mend.ts";
import { parserAsUsed } from "./ts/build/parsers-as-used.ts";

/** Entries of the package: name below dist/ → source. Keep in step with `exports` and `bin` in package.json. */
const ENTRIES = {
  node: "ts/hosts/node.ts",
  browser: "ts/hosts/browser.ts",
  workerd: "ts/hosts/workerd.ts",
  deno: "ts/hosts/deno.ts",
  bun: "ts/hosts/bun.ts",
  inline: "ts/hosts/inline.ts",
  "resume-node": "ts/hosts/resume-node.ts",
  "resume-browser": "ts/hosts/resume-browser.ts",
  "resume-workerd": "ts/hosts/resume-workerd.ts",
  "resume-deno": "ts/hosts/resume-deno.ts",
  "resume-bun": "ts/hosts/resume-bun.ts",
  cli: "ts/cli/main.ts",
  runner: "ts/runner/index.ts",
  cloudflare: "ts/hosts/cloudflare.ts",
  serve: "ts/hosts/serve.ts",
  "runner-deno": "ts/hosts/runner-deno.ts",
  "runner-node": "ts/hosts/runner-node.ts",
  "runner-browser": "ts/hosts/runner-browser.ts",
  fetch: "ts/fetch/index.ts",
  zones: "ts/zones/index.ts",
  "stores/memory": "ts/stores/memory.ts",
  "stores/file": "ts/stores/file.ts",
  "stores/indexeddb": "ts/stores/indexeddb.ts",
  "stores/fetch": "ts/stores/fetch.ts",
  "stores/sql": "ts/stores/sql.ts",
  "stores/sqlite": "ts/stores/sqlite.ts",
  "stores/postgres": "ts/stores/postgres.ts",
  "stores/durable-object": "ts/stores/durable-object.ts",
  "stores/d1": "ts/stores/d1.ts",
  "stores/r2": "ts/stores/r2.ts",
  "stores/deno-kv": "ts/stores/deno-kv.ts",
  "stores/redis": "ts/stores/redis.ts",
  "stores/workers-kv": "ts/stores/workers-kv.ts",
};

/**
 * Leaves references to the wasm file to the consumer. It lies beside the entries in dist/, so `./fermata.wasm` is right
 * there, and the consumer's bundler, Workers and plain browsers each know what to do with it.
 */
function keepWasmReference(): Plugin {
  return {
    name: "fermata:keep-wasm-reference",
    enforce: "pre",
    resolveId: (id) => (id.endsWith("/fermata.wasm") ? { id: "./fermata.wasm", external: true } : null),
  };
}

/** Puts the wasm, which the build has made before, into the entry that carries it. */
function inlineWasm(): Plugin {
  return {
    name: "fermata:inline-wasm",
    enforce: "pre",
    load(id) {
      if (!id.endsWith("/ts/hosts/inline-wasm.ts")) return null;
      const wasm = readFileSync(join(import.meta.dirname, "build/fermata.wasm"));
      const packed = deflateRawSync(wasm, { level: 9 }).toString("base64");
      return `export const packedWasm = "${packed}"; export const wasmBytes = ${wasm.length};`;
    },
  };
}

/** The parsers, mended and as they are used. Of the published files, so that their licences are found. */
function parsersAsUsed(): Plugin {
  const root = import.meta.dirname;
  return {
    name: "fermata:parsers-as-used",
    enforce: "pre",
    resolveId: (id) => (id === "#meriyah" ? join(root, PUBLISHED) : null),
    transform(text, id) {
      const code = parserAsUsed(id, id === join(root, PUBLISHED) ? mendedParser(root) : text);
      return code === null ? null : { code, map: null };
    },
  };
}

/** Makes the tables of the cipher when something is sealed, not when the package is loaded: they are 640 KB. */
function lateTables(): Plugin {
  return {
    name: "fermata:late-tables",
    transform(code, id) {
      if (!id.endsWith("/@noble/ciphers/aes.js")) return null;
      const late = code
        .replace(
          /^const (table\w+) = (?:\/\*.*?\*\/ )?(genTtable\(.*\));$/gm,
          "let $1Made;\nconst $1 = () => ($1Made ??= $2);",
        )
        .replace(/ = (table\w+);$/gm, " = $1();");
      if (!/ = tableEncoding\(\);/.test(late)) throw new Error("the cipher makes its tables in another way");
      return { code: late, map: null };
    },
  };
}

export default defineConfig({
  plugins: [keepWasmReference(), inlineWasm(), parsersAsUsed(), lateTables()],
  // Not a server: this mode is the one in which vite leaves `new URL(…, import.meta.url)` as it stands, so that the
  // consumer's bundler can recognise it. `webworker` keeps Node out of what browsers load.
  ssr: { noExternal: true, target: "webworker" },
  build: {
    outDir: "dist",
    ssr: true,
    target: "es2022",
    minify: true,
    sourcemap: false,
    reportCompressedSize: false,
    lib: { entry: ENTRIES, formats: ["es"] },
    // Everything is bundled, so the notices of what is bundled must travel with it.
    license: { fileName: "third-party-licenses.md" },
    rolldownOptions: {
      external: (id) => isBuiltin(id) || id.startsWith("cloudflare:"),
      makeAbsoluteExternalsRelative: false,
      // Chunks lie beside the entries: code moved into one still finds `./fermata.wasm`.
      // Said here again: of a library vite keeps the spaces.
      output: { entryFileNames: "[name].js", chunkFileNames: "chunk-[hash].js", minify: true },
    },
  },
});
