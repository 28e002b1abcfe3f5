// `npm publish` runs this first: it refuses while the package does not say where it comes from, and where security problems are reported.
// Only the publisher knows those addresses, so nothing in the repository invents them: CONTRIBUTING.md says where they go.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib.mjs";

/** The fields of package.json, each with what it is for. */
const FIELDS = {
  repository: "where the source is: links of the README lead there on npm",
  homepage: "the page that npm links to: the documentation site, or the repository",
  bugs: "where problems are reported",
};

const isAddress = (value) => typeof value === "string" && /^(?:git\+)?https?:\/\/\S+$|^[a-z]+:\S+\/\S+$/.test(value);

/** What is missing in a folder with the package, one line each. */
export function missingIn(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const missing = Object.entries(FIELDS).flatMap(([field, meaning]) => {
    const value = manifest[field];
    const address = typeof value === "object" && value !== null ? (value.url ?? value.email) : value;
    const isThere = isAddress(address) || (field === "bugs" && /^\S+@\S+\.\S+$/.test(address ?? ""));
    return isThere ? [] : [`package.json: \`${field}\` is not set (${meaning})`];
  });
  const page = join(folder, "docs/reporting.md");
  const text = existsSync(page) ? readFileSync(page, "utf8") : "";
  const address = /^> \*\*Address for reports:\*\* (.+)$/m.exec(text)?.[1];
  if (address === undefined || address.startsWith("_")) {
    missing.push("docs/reporting.md: the address for reports of security problems is not set");
  }
  return missing;
}

if (process.argv[1] === import.meta.filename) {
  const missing = missingIn(process.argv[2] ?? root);
  if (missing.length > 0) {
    console.error("The package cannot be published yet:");
    for (const line of missing) console.error(`  ${line}`);
    console.error('"Releasing" in CONTRIBUTING.md says what goes where.');
    process.exitCode = 1;
  }
}
