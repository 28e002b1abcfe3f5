// Hostile calls of natives for a while: of those that guest code reaches, and of those that only the prelude calls; `npm run fuzz:natives` goes on for as
// long as it is let.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { testRuntime, WASM } from "../../snapshot/support.ts";
import { attack, newTally, realmTarget, type Target } from "./attack.ts";
import { REALM_SOURCE } from "./guest.ts";
import { internalTarget } from "./internal.ts";

/** The checking build finds a wrong access that does not trap; where it is not in place, the release is attacked. */
const CHECK = fileURLToPath(new URL("../../../build/fermata.check.wasm", import.meta.url));
const MILLISECONDS = 5000;

process.on("unhandledRejection", () => {});

const wasm = existsSync(CHECK) ? CHECK : WASM;

function expectFine(target: Target): void {
  const tally = newTally();
  const wrong: string[] = [];
  attack(
    target,
    { seed: 20_261_130, from: 0, count: Infinity, calls: 100 },
    tally,
    ({ batch, call, name, what }) => void wrong.push(`batch ${batch}, call ${call} (${name}): ${what}`),
    performance.now() + MILLISECONDS,
  );
  expect(wrong).toEqual([]);
  expect(tally.calls).toBeGreaterThan(100);
}

it("natives of the realm stay within their limits, whatever they are called with", async () => {
  expectFine(realmTarget(await testRuntime(wasm), REALM_SOURCE));
}, 60_000);

it("natives of the prelude look at what they are given", async () => {
  expectFine(await internalTarget(wasm));
}, 60_000);
