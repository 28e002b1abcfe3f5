// Owns what the snapshot tests share: a runtime, running to the end with answers, and going through bytes at every stop.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Program } from "../../ts/api/program.ts";
import { createRuntimeFrom, type Runtime } from "../../ts/api/runtime.ts";
import type { CompleteState, PendingCall, State } from "../../ts/index.ts";
import type { StartOptions } from "../../ts/machine/launch.ts";
import type { SnapshotProgram } from "./programs.ts";

/** The wasm under test; another one can be named to try a build that is not in place. */
export const WASM = process.env.FERMATA_WASM ?? fileURLToPath(new URL("../../build/fermata.wasm", import.meta.url));

/** The same core with a collection at every safepoint. */
export const STRESS_WASM =
  process.env.FERMATA_STRESS_WASM ?? fileURLToPath(new URL("../../build/fermata.stress.wasm", import.meta.url));

export async function testRuntime(path = WASM): Promise<Runtime> {
  return createRuntimeFrom({ module: readFileSync(path), typescript: false, poolSize: 8 });
}

export function compile(runtime: Runtime, { name, source, externals, allowEval }: SnapshotProgram): Program {
  return runtime.compile(source, {
    filename: `${name}.js`,
    ...(externals === undefined ? {} : { externals }),
    allowEval,
  });
}

/** The answer to a call: it depends on nothing but the call. */
export function answerTo({ id, name, args }: PendingCall): { value: unknown } | { error: unknown } {
  const first = args[0];
  if (name === "ask") return { value: id * 10 + (typeof first === "object" ? 1 : String(first).length) };
  if (args[0] === "fail") return { error: new RangeError("host said no") };
  return { value: { n: id, list: [args[0], null], text: "answer" } };
}

export interface Trace {
  readonly output: unknown;
  readonly fuel: number;
  readonly stops: number;
  readonly error: string | undefined;
}

export const START: StartOptions = { seed: 7, now: 1_700_000_000_000 };

/**
 * Runs to the end; `through` gets every state and answers the one to go on from. fuel: per slice.
 */
export function trace(program: Program, through: (state: State) => State, fuel?: number): Trace {
  let stops = 0;
  let used = 0;
  try {
    // A snapshot of a very deep stack takes its time.
    let state = program.start({ ...START, limits: { stackDepth: 5000, ...(fuel === undefined ? {} : { fuel }) } });
    for (;;) {
      used = state.usage.fuel;
      if (state.status === "complete")
        return { output: (state as CompleteState).output, fuel: used, stops, error: undefined };
      if (++stops > 200_000) throw new Error("too many stops");
      state = through(state);
      if (state.status === "complete") continue;
      if (state.status === "paused") state = state.resume();
      else {
        const timers = state.calls
          .filter((call) => call.kind === "timer")
          .sort((a, b) => a.dueAt! - b.dueAt! || a.id - b.id);
        const call =
          state.calls.find((c) => c.kind === "sync") ?? state.calls.find((c) => c.kind === "async") ?? timers[0]!;
        state = state.resumeCalls(new Map([[call.id, call.kind === "timer" ? { value: undefined } : answerTo(call)]]));
      }
    }
  } catch (error) {
    if (!(error instanceof Error) || !("guestName" in error)) throw error;
    return { output: undefined, fuel: used, stops, error: error.message };
  }
}

/** Gives up a state that nobody needs any more. */
export function discard(state: State): void {
  if (state.status !== "complete") state.dispose();
}

/** The bytes of a state that is not complete. */
export function dumped(state: State): Uint8Array {
  if (state.status === "complete") throw new Error("it is complete");
  return state.snapshot().dump({ level: 0 });
}
