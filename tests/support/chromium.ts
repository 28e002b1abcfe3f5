// The Chromium that browser tests drive. Never downloads one: `npm test` has installed it by apt, or `CHROMIUM` says
// where it is.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { LaunchOptions } from "playwright";

/** Options for playwright's `chromium.launch` and `launchPersistentContext`. */
export function chromiumOptions(): LaunchOptions {
  return {
    executablePath: findChromium(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}

function findChromium(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  // Same names in the same order as scripts/lib.mjs.
  for (const name of ["chromium", "chromium-browser", "chromium-headless-shell", "google-chrome"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error("no Chromium: run `npm run setup`, or set CHROMIUM to its path");
}
