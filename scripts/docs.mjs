// `npm run docs:build`: the documentation site in build/site, static files that any host can serve. `npm run docs`: the same pages served while
// they are written. FERMATA_SITE_BASE is the path below which the site will lie, if it is not "/".

import { join } from "node:path";
import { announce, environment, root, runNode } from "./lib.mjs";
import { build } from "./build.mjs";

const isServed = process.argv.includes("--serve");

/** Runs one step; ends the process if it fails. */
async function step(what, args, options) {
  announce(what);
  const code = await runNode(args, options);
  if (code !== 0) {
    console.error(`docs failed: ${what} (exit ${code})`);
    process.exit(code);
  }
}

if (!process.argv.includes("--as-built") && !(await build({ ifChanged: true, releaseOnly: true }))) process.exit(1);
// Without the reference, the playground and all other pages.
const isDraft = process.env.FERMATA_SITE_PAGES !== undefined;
if (!isDraft) await step("docs: write the reference and llms.txt", ["--import", "tsx", "ts/build/docs/run.ts"]);
const out = process.env.FERMATA_SITE_OUT ?? join(root, "build/site");
const vitepress = "node_modules/vitepress/bin/vitepress.js";
if (isServed) await step("docs: serve", [vitepress, "dev", "docs"]);
else {
  const options = { env: { ...environment, FERMATA_SITE_OUT: out } };
  await step("docs: build the pages", [vitepress, "build", "docs"], options);
  if (isDraft) process.exit();
  const playground = ["build", "--config", "web-demo/vite.config.ts", "--outDir", join(out, "playground")];
  await step("docs: build the playground", ["node_modules/vite/bin/vite.js", ...playground, "--logLevel", "warn"]);
  announce(`docs: the site is in ${out}`);
}
