import { configDefaults, defineConfig } from "vitest/config";
import { hasPostgres, hasRedis } from "./tests/support/servers.ts";
import { writeMendedParser } from "./ts/build/meriyah/mend.ts";
import { writeZones } from "./ts/build/zones/write.ts";

writeMendedParser(import.meta.dirname);
writeZones(import.meta.dirname);

// Tests that need a server which this machine does not have. `npm run setup` brings Redis where apt-get is there.
const missing: string[] = [];
if (!hasPostgres()) missing.push("tests/**/*postgres.test.ts");
if (!hasRedis()) missing.push("tests/stores/redis.test.ts");
if (missing.length > 0) console.warn(`LEFT OUT, for their servers are not here: ${missing.join(", ")}`);

// `npm run test:site` looks at all of the playground, `npm test` at a sample.
const atSite = process.env.FERMATA_SITE === "all" ? [] : ["tests/browser/whole-demo.test.ts"];

// One run covers every host: a test of another runtime is a Node test that starts Chromium, workerd, Deno or Bun and
// reports each of its cases as its own. So one command, one report and one place to look.
export default defineConfig({
  test: {
    name: "node",
    include: ["tests/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...missing, ...atSite],
    environment: "node",
    setupFiles: ["tests/support/held-anywhere.ts"],
    // Libraries, though not in node_modules: as they are.
    server: { deps: { external: [/\/build\/(?:meriyah|zones)\.mjs$/] } },
    pool: "forks",
    // Vitest leaves a core for itself, which it does not need.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A test that passes only when repeated is a failing test.
    retry: 0,
  },
});
