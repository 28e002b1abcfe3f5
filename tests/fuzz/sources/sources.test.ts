// Hostile sources for a while; `npm run fuzz:sources` goes on for as long as it is let.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createRuntimeFrom } from "../../../ts/api/runtime.ts";
import { WASM } from "../../snapshot/support.ts";
import { newTally } from "../report.ts";
import { attack } from "./attack.ts";
import { SORTS } from "./mutate.ts";

const CHECK = fileURLToPath(new URL("../../../build/fermata.check.wasm", import.meta.url));
const MILLISECONDS = 5000;

process.on("unhandledRejection", () => {});

it("hostile sources are refused in words, or are programs", async () => {
  const runtime = await createRuntimeFrom({ module: readFileSync(existsSync(CHECK) ? CHECK : WASM), poolSize: 8 });
  const tally = newTally(SORTS);
  const wrong: string[] = [];
  attack(
    runtime,
    { seed: 20_261_130, from: 0, count: Infinity, sorts: SORTS },
    tally,
    ({ index, sort, what }) => void wrong.push(`${sort} ${index}: ${what}`),
    performance.now() + MILLISECONDS,
  );
  expect(wrong).toEqual([]);
  for (const sort of SORTS) expect(tally[sort].tried).toBeGreaterThan(5);
}, 60_000);
