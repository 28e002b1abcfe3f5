// A snapshot outlives the build that wrote it: held by this build, a program goes on in one that has changed all it may, and back.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import { knowingOther, makeOtherBuild } from "./other-build.ts";
import { PROGRAMS } from "./programs.ts";
import { compile, trace, WASM } from "./support.ts";

let runtime: Runtime;
let other: Runtime;
beforeAll(async () => {
  const made = makeOtherBuild();
  runtime = await createRuntimeFrom({ module: await knowingOther(readFileSync(WASM)), typescript: false, poolSize: 8 });
  const theirs = (await import(made.runtime)) as { readonly createRuntimeFrom: typeof createRuntimeFrom };
  other = await theirs.createRuntimeFrom({ module: readFileSync(made.wasm), typescript: false, poolSize: 8 });
}, 600_000);

/** Stops at which the program moves: a few hundred of each, whatever its length. */
const MOVES = 300;

describe("a program that moves between two builds", () => {
  for (const program of PROGRAMS) {
    it(`gives what it gives in one: ${program.name}`, () => {
      const compiled = compile(runtime, program);
      const plain = trace(compiled, (state) => state);
      const fuel = Math.max(1, Math.ceil(plain.fuel / MOVES));
      let isHere = true;
      const moved = trace(
        compiled,
        (state) => {
          if (state.status === "complete") return state;
          const bytes = state.snapshot().dump({ level: 0 });
          state.dispose();
          isHere = !isHere;
          return (isHere ? runtime : other).load(bytes).restore();
        },
        fuel,
      );
      expect({ output: moved.output, error: moved.error }).toEqual({ output: plain.output, error: plain.error });
      expect(moved.stops).toBeGreaterThan(0);
    }, 120_000);
  }
});
