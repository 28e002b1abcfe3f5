// Owns the ways in which a generated program is held: slices of any size, through bytes at the stops, with a collection at every
// safepoint, statement by statement. None may change the trace; all but stepping give the same fuel. Must never be random beyond
// the number of the program.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRuntimeFrom, type Runtime } from "../../ts/vm/runtime.ts";
import type { Held } from "./engines.ts";
import { Random, seedOf } from "./random.ts";

const STRESS =
  process.env["FERMATA_STRESS_WASM"] ?? fileURLToPath(new URL("../../build/fermata.stress.wasm", import.meta.url));

/** Stops after which a program is let run. */
const STOPS = 400;

/** A way for each program. */
export async function heldWays(runtime: Runtime): Promise<(index: number) => Held> {
  const stress = await createRuntimeFrom({ module: readFileSync(STRESS), typescript: false, poolSize: 2 });
  return (index) => {
    const random = new Random(seedOf(77, index));
    const longest = random.pick([1, 3, 20, 200]);
    const carries = random.chance(0.7);
    return {
      step: random.chance(0.2),
      runtime: random.chance(0.3) ? stress : runtime,
      slice: (stop) => (stop > STOPS ? 50_000 : 1 + random.below(longest)),
      through(state, stop) {
        if (state.status !== "paused" || !carries || stop > STOPS || !random.chance(0.3)) return state;
        const bytes = state.snapshot().dump({ level: 1 });
        state.dispose();
        return runtime.load(bytes).restore();
      },
    };
  };
}
