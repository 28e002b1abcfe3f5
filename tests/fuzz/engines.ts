// Owns running one program in both engines and saying how their traces differ. Must never compare messages of errors, nor what the
// specification leaves open.
import { createContext, Script } from "node:vm";
import { CompileError, GuestError, LimitError, type State } from "../../ts/index.ts";
import type { Runtime } from "../../ts/vm/runtime.ts";

export interface Outcome {
  readonly end: "complete" | "syntax" | "limit";
  readonly trace: readonly string[];
  readonly fuel: number;
}

/** Fuel for one program; those that want more are left out. */
const FUEL = 600_000;
const LIMITS = { memoryBytes: 24 * 1024 * 1024, stackDepth: 3000, timeMs: Infinity, stdoutBytes: 1_000_000 };

export function runInHost(source: string, timeout?: number): Outcome {
  let script: Script;
  try {
    script = new Script(source, { filename: "fuzz.js" });
  } catch {
    return { end: "syntax", trace: [], fuel: 0 };
  }
  const trace: string[] = [];
  const context = createContext(
    { console: { log: (text: string) => trace.push(...text.split("\n")) } },
    { microtaskMode: "afterEvaluate" },
  );
  context["structuredClone"] = undefined;
  context["queueMicrotask"] = undefined;
  try {
    script.runInContext(context, timeout === undefined ? {} : { timeout });
    return { end: "complete", trace, fuel: 0 };
  } catch (error) {
    if ((error as { code?: string } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return { end: "limit", trace, fuel: 0 };
    throw error;
  }
}

/** How a program is held on its way. */
export interface Held {
  /** The runtime that begins it: of any build of the same core. */
  readonly runtime: Runtime;
  readonly step: boolean;
  slice(stop: number): number;
  through(state: State, stop: number): State;
}

export function runInFermata(runtime: Runtime, source: string, held?: Held, filename = "generated.js"): Outcome {
  let program;
  try {
    program = (held?.runtime ?? runtime).compile(source, {
      language: "javascript",
      filename,
      step: held?.step === true,
    });
  } catch (error) {
    if (error instanceof CompileError) return { end: "syntax", trace: [], fuel: 0 };
    throw error;
  }
  let stop = 0;
  const slice = (): number => held?.slice(stop++) ?? FUEL;
  const lines = (text: string): string[] => text.split("\n").slice(0, -1);
  try {
    let state: State = program.start({ limits: { ...LIMITS, fuel: slice() }, seed: 1, now: 0 });
    while (state.status === "paused") {
      if (state.usage.fuel >= FUEL) {
        const { usage, stdout } = state;
        state.dispose();
        return { end: "limit", trace: lines(stdout), fuel: usage.fuel };
      }
      if (held !== undefined) state = held.through(state, stop);
      if (state.status === "paused") state = state.resume({ fuel: slice() });
    }
    if (state.status !== "complete") throw new Error(`a program is ${state.status}`);
    return { end: "complete", trace: lines(state.stdout), fuel: state.usage.fuel };
  } catch (error) {
    if (error instanceof LimitError) return { end: "limit", trace: [], fuel: 0 };
    if (!(error instanceof GuestError)) throw error;
    // A rejection that nobody handled, reported when all is done.
    return { end: "complete", trace: lines(error.run!.stdout), fuel: error.run!.usage.fuel };
  }
}

/** How two outcomes differ, as text; undefined if they do not. */
export function difference(expected: Outcome, actual: Outcome): string | undefined {
  const length = Math.max(expected.trace.length, actual.trace.length);
  for (let i = 0; i < length; i++) {
    if (expected.trace[i] !== actual.trace[i]) {
      return `line ${i + 1}: expected ${JSON.stringify(expected.trace[i])}, got ${JSON.stringify(actual.trace[i])}`;
    }
  }
  return expected.end === actual.end ? undefined : `ends with ${actual.end}, expected ${expected.end}`;
}
