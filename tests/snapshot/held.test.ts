// Every program of programs.ts gives the same output for the same fuel, however it is held: whole, in slices of one unit of fuel, and
// with snapshot, dump, load and restore at every stop of such slices. Equal states give equal bytes.

import { beforeAll, describe, expect, it } from "vitest";
import type { Runtime } from "../../ts/api/runtime.ts";
import { PROGRAMS } from "./programs.ts";
import { compile, testRuntime, trace } from "./support.ts";

const HOLDS_ALL = process.env["FERMATA_HELD"] === "all";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await testRuntime();
});

describe.each(PROGRAMS)("$name", (entry) => {
  it("is the same in slices of one unit of fuel", () => {
    const program = compile(runtime, entry);
    const whole = trace(program, (state) => state);
    const sliced = trace(program, (state) => state, 1);
    expect(whole.error).toBeUndefined();
    expect({ ...sliced, stops: 0 }).toEqual({ ...whole, stops: 0 });
  });

  it("is the same through bytes at every stop", () => {
    const program = compile(runtime, entry);
    const whole = trace(program, (state) => state);
    let count = 0;
    let differences = 0;
    const carried = trace(
      program,
      (state) => {
        // Long programs are carried at every eleventh stop, to keep the suite short; those that pay for something large at fewer.
        if (!HOLDS_ALL && count++ > 120 && count % (count > 2000 ? 97 : 11) !== 0) return state;
        if (state.status === "complete") return state;
        const bytes = state.snapshot().dump({ level: 1 });
        const loaded = runtime.load(bytes);
        const again = loaded.restore();
        const same = again.status === "complete" || Buffer.from(again.snapshot().dump({ level: 1 })).equals(bytes);
        differences += same ? 0 : 1;
        return again;
      },
      1,
    );
    expect({ ...carried, stops: 0 }).toEqual({ ...whole, stops: 0 });
    expect(differences).toBe(0);
  }, 60_000);
});
