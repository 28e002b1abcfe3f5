// Owns a batch of calls: a machine that goes on from where the program waits for a seed, call after call, until one takes it out of its limits or it has
// made enough of them. Right is that each comes back, with whatever result, within its time.

import type { Runtime } from "../../../ts/api/runtime.ts";
import type { Snapshot, State, SuspendedState } from "../../../ts/index.ts";
import { discard } from "../../snapshot/support.ts";
import { seedOf } from "../random.ts";
import { coreTrace } from "../report.ts";

export interface Finding {
  readonly batch: number;
  /** Which call of the batch, and what it called. */
  readonly call: number;
  readonly name: string;
  readonly what: string;
  /** The calls before it in the batch. */
  readonly before: readonly string[];
}

export interface Tally {
  batches: number;
  calls: number;
  /** Batches that ended because a call used up its fuel or another limit. */
  limited: number;
  slowest: number;
  slowestName: string;
}

export const newTally = (): Tally => ({ batches: 0, calls: 0, limited: 0, slowest: 0, slowestName: "" });

/** What a call may cost, in fuel, and how long it may take for that: the checking build is some twenty times as slow as the release. */
const FUEL = 200_000;
const TOO_LONG = 3000;
const LIMITS = { memoryBytes: 64 * 1024 * 1024, timeMs: Infinity, stdoutBytes: 64 * 1024 * 1024, stackDepth: 2000 };
/** SnapshotError: a native that only the prelude calls was given what the prelude never gives. */
const FAIR = new Set(["GuestError", "LimitError", "MarshalError", "SnapshotError"]);

/** The program up to where it waits for a seed. */
export function realmTarget(runtime: Runtime, source: string): Target {
  const program = runtime.compile(source, {
    filename: "natives.js",
    externals: { begin: "sync", step: "sync" },
    allowEval: true,
  });
  const state = program.start({ seed: 1, now: 0, limits: { ...LIMITS, timeMs: Infinity } }) as SuspendedState;
  if (state.status !== "suspended" || state.calls[0]?.name !== "begin") throw new Error("the program did not begin");
  return { runtime, begin: state.snapshot() };
}

/** A program that waits for a seed, and the runtime in which it does. */
export interface Target {
  readonly runtime: Runtime;
  readonly begin: Snapshot;
}

interface Progress {
  call: number;
  name: string;
  /** The calls before. */
  readonly before: string[];
}

/** Makes the calls of a batch; what is wrong with the last one. */
function makeCalls(target: Target, seed: number, calls: number, tally: Tally, progress: Progress): string | undefined {
  let state: State = target.begin.restore();
  try {
    let answer: unknown = seed;
    for (; progress.call < calls; progress.call++) {
      const sync = state.status === "suspended" ? state.calls.find(({ kind }) => kind === "sync") : undefined;
      if (state.status !== "suspended" || sync === undefined) {
        tally.limited++;
        return undefined;
      }
      if (progress.call > 0) {
        progress.before.push(progress.name);
        progress.name = `${String(sync.args[0])}(${String(sync.args[1])})`;
      }
      const began = process.cpuUsage();
      state = state.resumeCalls(new Map([[sync.id, { value: answer }]]), { fuel: FUEL });
      // What else the computer does is not the call's.
      const took = process.cpuUsage(began).user / 1000;
      answer = undefined;
      if (took > tally.slowest) [tally.slowest, tally.slowestName] = [took, progress.name];
      if (took > TOO_LONG) return `took ${took.toFixed(0)} ms`;
      tally.calls++;
    }
    // Whatever it has become can be written and read.
    progress.name = "writing and reading";
    if (state.status === "suspended") discard(target.runtime.load(state.snapshot().dump({ level: 0 })).restore());
  } catch (error) {
    const { name, message } = error as Error;
    if (!FAIR.has(name)) return `${name}: ${message} ${coreTrace(error)}`;
    tally.limited++;
  } finally {
    discard(state);
  }
  return undefined;
}

/** Batches number `from` to `from + count` of a seed, of so many calls each. */
export function attack(
  target: Target,
  { seed, from, count, calls }: { seed: number; from: number; count: number; calls: number },
  tally: Tally,
  onFinding: (finding: Finding) => void,
  until = Infinity,
): number {
  let batch = from;
  for (; batch < from + count && performance.now() < until; batch++) {
    const progress: Progress = { call: 0, name: "", before: [] };
    tally.batches++;
    const what = makeCalls(target, seedOf(seed, batch), calls, tally, progress);
    if (what !== undefined) onFinding({ batch, ...progress, what });
  }
  return batch - from;
}
