// What a guest can see of the collector is seen at points fixed by fuel: not earlier, not later, and the same after a resume.

import { describe, expect, it } from "vitest";
import type { CompleteState, PausedState, State } from "../../ts/index.ts";
import { testRuntime } from "../support/runtime.ts";

const runtime = await testRuntime();

const SOURCE = `
const cleared = [];
let ref = new WeakRef({ first: true });
(async () => {
  await null; // the first point comes after the job that made the first WeakRef
  cleared.push(["first", ref.deref() === undefined]);
  ref = new WeakRef({ second: true });
  await null;
  cleared.push(["soon", ref.deref() === undefined]);
  for (let i = 0; i < 150; i++) {
    for (let k = 0; k < 20000; k++);
    await null;
    if (ref.deref() === undefined) { cleared.push(["after", i]); break; }
    // What was read stays until the job has ended, whatever is allocated.
    const garbage = []; for (let k = 0; k < 200; k++) garbage.push([k]);
    if (ref.deref() === undefined) cleared.push(["too early", i]);
  }
  return cleared;
})()`;

function end(state: State, through: (state: PausedState) => PausedState): CompleteState {
  let now = state;
  while (now.status === "paused") now = through(now).resume();
  return now as CompleteState;
}

describe("WeakRef", () => {
  const program = runtime.compile(SOURCE, { filename: "weak.js" });
  const whole = program.start({ now: 0, seed: 1 }) as CompleteState;

  it("is cleared after the job, and then at points fixed by fuel", () => {
    const [first, soon, after] = whole.output as [string, unknown][];
    expect(first).toEqual(["first", true]);
    expect(soon).toEqual(["soon", false]);
    expect(after![0]).toBe("after");
    expect(after![1]).toBeGreaterThan(50);
    expect((whole.output as unknown[]).length).toBe(3);
  });

  it.each([997, 20_011, 1_000_003])("is the same in slices of %i, held or not", (fuel) => {
    const start = (): State => program.start({ now: 0, seed: 1, limits: { fuel } });
    const sliced = end(start(), (state) => state);
    expect([sliced.output, sliced.usage.fuel]).toEqual([whole.output, whole.usage.fuel]);
    let n = 0;
    const carried = end(start(), (state) =>
      n++ % 10 === 0 ? (runtime.load(state.snapshot().dump({ level: 1 })).restore() as PausedState) : state,
    );
    expect([carried.output, carried.usage.fuel]).toEqual([whole.output, whole.usage.fuel]);
  });

  it("keeps what anything else holds", () => {
    const source =
      "const o = { v: 1 }, m = new WeakMap([[o, 2]]), r = new WeakRef(o); (async () => { for (let i = 0; i < 3; i++) { await null; } return [r.deref() === o, m.get(r.deref())]; })()";
    expect((runtime.compile(source, { filename: "kept.js" }).start() as CompleteState).output).toEqual([true, 2]);
  });
});
