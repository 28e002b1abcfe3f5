// Well-known libraries at work inside the machine: the answer is the host engine's, also when the run is stopped at random places
// and goes on from bytes each time.

import { describe, expect, it } from "vitest";
import type { Program } from "../../ts/api/program.ts";
import type { CompleteState, State } from "../../ts/index.ts";
import { GENEROUS, heldDifference } from "../support/equal-held.ts";
import { testRuntime } from "../support/runtime.ts";
import { bundleScript } from "./bundle-script.ts";
import { LIBRARY_PROGRAMS } from "./programs.ts";
import { runOnHost } from "./run-on-host.ts";

const runtime = await testRuntime({ typescript: false });
const second = await testRuntime({ typescript: false });
const LIMITS = { fuel: Infinity, timeMs: Infinity, memoryBytes: 256 * 1024 * 1024 };

/** Stops on the way of a program that is held. */
const STOPS = 12;

/** Stops at which its snapshots are compared. */
const COMPARED = 6;

/** Answers the timer that falls due first. */
function answerTimer(state: State, fuel?: number): State {
  if (state.status !== "suspended") throw new Error("not suspended");
  const [first] = [...state.calls].sort((a, b) => a.dueAt! - b.dueAt! || a.id - b.id);
  return state.resumeCalls(new Map([[first!.id, { value: undefined }]]), { fuel });
}

function runThrough(program: Program): CompleteState {
  let state: State = program.start({ limits: LIMITS });
  while (state.status !== "complete") state = answerTimer(state);
  return state;
}

/** The same, in slices of up to twice `slice` units of fuel; behind each the state goes through bytes. */
function runHeld(program: Program, slice: number, seed: number): CompleteState {
  const next = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + Math.floor((seed / 0x1_0000_0000) * 2 * slice);
  };
  let state: State = program.start({ limits: { ...LIMITS, fuel: next() } });
  while (state.status !== "complete") {
    const bytes = state.snapshot().dump();
    state.dispose();
    state = runtime.load(bytes, { limits: GENEROUS }).restore();
    if (state.status === "paused") state = state.resume({ fuel: next() });
    else state = answerTimer(state);
  }
  return state;
}

describe.each(LIBRARY_PROGRAMS)("$name", ({ name, source }) => {
  const script = bundleScript(source);

  it("answers what the host engine answers", async () => {
    const text = await script;
    const program = runtime.compile(text, { filename: `${name}.js` });
    const state = runThrough(program);
    expect(state.output).toStrictEqual(await runOnHost(text, `${name}.js`));
  });

  it("and the same when it is held on the way", async () => {
    const program = runtime.compile(await script, { filename: `${name}.js` });
    const { output, usage } = runThrough(program);
    const held = runHeld(program, Math.ceil(usage.fuel / STOPS), 7);
    expect(held.output).toStrictEqual(output);
    expect(held.usage.fuel).toBe(usage.fuel);
  });

  it("leaves the same bytes at each stop, held before or not", async () => {
    const program = runtime.compile(await script, { filename: `${name}.js` });
    const { usage } = runThrough(program);
    const compared = {
      start: (fuel: number) => program.start({ seed: 7, now: 1_700_000_000_000, limits: { ...LIMITS, fuel } }),
      answer: answerTimer,
      runtimes: [runtime, second],
      fuel: Math.ceil(usage.fuel / COMPARED),
      stops: COMPARED * 2,
    };
    expect(heldDifference(compared)).toBeUndefined();
  });
});
