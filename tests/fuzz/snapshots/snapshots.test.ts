// Mutated snapshots for a while, each kind of mutation with its share; `npm run fuzz:snapshots` goes on for as long as it is let.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { testRuntime } from "../../snapshot/support.ts";
import { newTally } from "../report.ts";
import { attack } from "./attack.ts";
import { makeCorpus } from "./corpus.ts";
import { open, SORTS } from "./mutate.ts";

/** The checking build finds a wrong access that does not trap; where it is not in place, the release is attacked. */
const CHECK = fileURLToPath(new URL("../../../build/fermata.check.wasm", import.meta.url));
const MILLISECONDS = 20_000;

process.on("unhandledRejection", () => {});

it("mutated snapshots are refused in words, or run", async () => {
  const release = await testRuntime();
  const runtime = existsSync(CHECK) ? await testRuntime(CHECK) : release;
  const tally = newTally(SORTS);
  const wrong: string[] = [];
  const corpus = makeCorpus(release).map(open);
  // Where no frame is found, mutations of frames become mutations of the graph.
  expect(corpus.filter(({ places }) => places.frames.length > 0).length).toBeGreaterThan(corpus.length / 2);
  attack(
    runtime,
    corpus,
    { seed: 20_261_130, from: 0, count: Infinity, sorts: SORTS },
    tally,
    ({ index, sort, name, what }) => void wrong.push(`${sort} ${index} (${name}): ${what}`),
    performance.now() + MILLISECONDS,
  );
  expect(wrong).toEqual([]);
  // Were all refused at once, nothing would be attacked.
  for (const sort of SORTS) expect(tally[sort].ran).toBeGreaterThan(tally[sort].tried / 30);
}, 120_000);
