// Owns measuring what it takes to write and to load a snapshot: processor time, the best of several.

import type { Runtime } from "../../ts/api/runtime.ts";
import type { State } from "../../ts/index.ts";
import type { Maker } from "./load-kinds.ts";
import { discard } from "./support.ts";
import { cpuMs } from "../support/cpu-time.ts";

const LIMITS = { memoryBytes: 1.5e9, timeMs: Infinity, stackDepth: 2e6, snapshotBytes: 2 ** 30 };

export interface Times {
  readonly bytes: number;
  /** The first time, when programs are packed. */
  readonly packMs: number;
  readonly writeMs: number;
  readonly loadMs: number;
}

/** The least processor time of some runs, in milliseconds. */
function least(runs: number, run: () => void): number {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const before = cpuMs();
    run();
    best = Math.min(best, cpuMs() - before);
  }
  return best;
}

/** Runs a maker up to its stop. */
export function stopped(runtime: Runtime, maker: Maker, n: number): State {
  const options = { externals: {}, ...maker.options?.(n) };
  const externals = {
    ...(options.externals as Record<string, "sync" | "async">),
    ask: "sync",
    other: "async",
  } as const;
  const source = maker.source(n);
  const files = maker.files?.(n);
  const program =
    files === undefined
      ? runtime.compile(source, { ...options, externals, filename: "a.js", limits: { timeMs: 600_000 } })
      : runtime.compile({ ...files, "a.js": source }, { ...options, externals, entry: "a.js" });
  return program.start({ seed: 1, now: 0, limits: LIMITS });
}

/** What writing `n` of something takes, and loading it in another runtime: the one that wrote the bytes may know them. */
export function timesOf(runtime: Runtime, reader: Runtime, maker: Maker, n: number, runs = 3): Times {
  const state = stopped(runtime, maker, n);
  if (state.status !== "suspended") throw new Error(`it is ${state.status}, not suspended`);
  let bytes = new Uint8Array();
  const packMs = least(1, () => {
    bytes = state.snapshot().dump({ level: 0 });
  });
  const writeMs = least(runs, () => {
    bytes = state.snapshot().dump({ level: 0 });
  });
  state.dispose();
  const loadMs = least(runs, () => {
    const snapshot = reader.load(bytes, { limits: LIMITS, snapshotBytes: 2 ** 30 });
    discard(snapshot.restore());
  });
  return { bytes: bytes.length, packMs, writeMs, loadMs };
}
