import { defineConfig } from "vitest/config";
import { writeMendedParser } from "./ts/build/meriyah/mend.ts";

writeMendedParser(import.meta.dirname);

// One run covers every host: a test of another runtime is a Node test that starts Chromium, workerd, Deno or Bun and
// reports each of its cases as its own. So one command, one report and one place to look.
export default defineConfig({
  test: {
    name: "node",
    include: ["tests/**/*.test.ts"],
    environment: "node",
    setupFiles: ["tests/support/held-anywhere.ts"],
    // A library, though not in node_modules: as it is.
    server: { deps: { external: [/\/build\/meriyah\.mjs$/] } },
    pool: "forks",
    // Vitest leaves a core for itself, which it does not need.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A test that passes only when repeated is a failing test.
    retry: 0,
  },
});
