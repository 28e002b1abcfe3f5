// Makes a fresh clone ready: dependencies by the lockfile, and with `--chromium` the browser that tests drive.
// Safe to run again and again; it says what it does and does nothing that is done already.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { announce, findChromium, findCommand, root, run, runNpm } from "./lib.mjs";

/** Packages of the lockfile that are absent from node_modules or there in another version. */
function outdatedPackages() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return ["all"];
  const want = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const have = JSON.parse(readFileSync(installed, "utf8")).packages;
  // Optional packages are those of other platforms; npm leaves them out on purpose.
  return Object.keys(want).filter(
    (path) => path !== "" && !want[path].optional && have[path]?.version !== want[path].version,
  );
}

async function retry(times, work) {
  for (let attempt = 1; ; attempt++) {
    const code = await work();
    if (code === 0 || attempt === times) return code;
    await new Promise((resolve) => setTimeout(resolve, attempt * 3000));
  }
}

async function installPackages() {
  const outdated = outdatedPackages();
  if (outdated.length === 0) return true;
  announce(
    `npm ci (${outdated.length > 3 || outdated[0] === "all" ? "node_modules is missing or outdated" : outdated.join(", ")})`,
  );
  return (await retry(3, () => runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))) === 0;
}

/** The browser, and the Redis on which its store is tested: without the second, those tests are left out. */
async function installByApt() {
  const wanted = [...(findChromium() ? [] : ["chromium"]), ...(findCommand("redis-server") ? [] : ["redis-server"])];
  if (wanted.length === 0 || (findChromium() && !findCommand("apt-get"))) return true;
  if (!findCommand("apt-get")) {
    console.error(
      "Chromium is needed for the browser tests and apt-get is not here: install it and set CHROMIUM to its path.",
    );
    return false;
  }
  announce(`apt-get install ${wanted.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // Not root (a developer's machine): ask sudo rather than fail.
  const apt = (...args) =>
    process.getuid() === 0
      ? run("apt-get", args, { env })
      : run("sudo", ["--preserve-env=DEBIAN_FRONTEND", "apt-get", ...args], { env });
  const update = await retry(3, () => apt("-qq", "-o", "Acquire::Retries=3", "update"));
  if (update !== 0) return findChromium() !== undefined;
  const quiet = ["-qq", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"];
  await retry(3, () => apt(...quiet, "install", ...wanted));
  return findChromium() !== undefined;
}

/** Does the set-up; resolves to whether everything asked for is there now. */
export async function setUp({ chromium = false } = {}) {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    console.error(`Node 20 or newer is needed; this is ${process.version}.`);
    return false;
  }
  if (!(await installPackages())) return false;
  return !chromium || (await installByApt());
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await setUp({ chromium: process.argv.includes("--chromium") })) ? 0 : 1;
}
