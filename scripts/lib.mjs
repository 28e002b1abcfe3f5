// What the set-up, build, test and start scripts share. Plain Node 20 with no dependency: it runs before `npm ci` has.
//
// A step must never be skipped without saying so, and a failed step never hidden.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository, without a trailing slash. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

// Colours are for terminals only, and facts for maintainers for those who ask.
if (!process.stdout.isTTY) {
  delete process.env.FORCE_COLOR;
  process.env.NO_COLOR = "1";
}
if (process.argv.includes("--verbose")) process.env.FERMATA_VERBOSE = "1";

// The tools below must neither phone home nor ask; tests run without a network.
export const environment = {
  ...process.env,
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DENO_NO_UPDATE_CHECK: "1",
  DO_NOT_TRACK: "1",
};

const began = Date.now();

/** Says what begins now, with the seconds since the script began. */
export function announce(text) {
  console.log(`--- [${((Date.now() - began) / 1000).toFixed(1)}s] ${text}`);
}

/** Runs a program from the root with the terminal's streams and resolves to its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", env: environment, ...options });
    child.on("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Like {@link run}, with this Node. */
export function runNode(args, options) {
  return run(process.execPath, args, options);
}

/** Runs npm: the one that started us if there is one, so that versions agree. */
export function runNpm(args) {
  const cli = process.env.npm_execpath;
  return cli && /npm-cli\.c?js$/.test(cli)
    ? runNode([cli, ...args])
    : run("npm", args, { shell: process.platform === "win32" });
}

/** The first of the commands that is found in PATH, as a full path. */
export function findCommand(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/** The Chromium that browser tests drive: `CHROMIUM` if set, else one in PATH. Same rule as tests/support/chromium.ts. */
export function findChromium() {
  return (
    process.env.CHROMIUM || findCommand("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome")
  );
}

function filesUnder(path, skip, found = []) {
  if (!existsSync(path)) return found;
  if (statSync(path).isFile()) return (found.push(path), found);
  for (const name of readdirSync(path).sort()) {
    if (!skip.has(name)) filesUnder(join(path, name), skip, found);
  }
  return found;
}

/** A digest of the names and contents of all files below the given paths (relative to the root). */
export function digestOf(paths) {
  const hash = createHash("sha256");
  const skip = new Set(["node_modules"]);
  for (const path of paths) {
    for (const file of filesUnder(join(root, path), skip)) {
      hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}
