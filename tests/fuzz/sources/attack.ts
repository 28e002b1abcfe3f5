// Owns one try: a source is compiled, and what came of it is linked and run for a moment. Right is a CompileError, or a program that runs within its
// limits, in time that grows as the source does.

import type { Runtime } from "../../../ts/api/runtime.ts";
import { discard } from "../../snapshot/support.ts";
import { Random, seedOf } from "../random.ts";
import type { Counts } from "../report.ts";
import { hostileSource, type Sort } from "./mutate.ts";

export interface Finding {
  readonly index: number;
  readonly sort: Sort;
  readonly what: string;
  readonly source: string;
}

const FAIR = new Set(["GuestError", "LimitError", "MarshalError", "MissingExternalError"]);
/** Milliseconds that any source may take, and that each of its characters may: a hundred times the usual. */
const PATIENCE = 1000;
const PER_CHARACTER = 0.05;

function whereOf(error: unknown): string {
  const { stack = "" } = ((error as { cause?: unknown }).cause ?? error) as Error;
  return [...stack.matchAll(/at (?:.*\/)?([\w/.-]+(?::\d+)?)/g)]
    .slice(0, 4)
    .map(([, name]) => name)
    .join(" < ");
}

function tryOne(runtime: Runtime, source: string, filename: string, counts: Counts): string | undefined {
  try {
    const program = runtime.compile(source, { filename, allowEval: true, limits: { timeMs: 5000 } });
    const state = program.start({ seed: 1, now: 0, limits: { fuel: 2000, memoryBytes: 16_000_000 } });
    counts.ran++;
    // What was begun can be held.
    if (state.status !== "complete") {
      if (counts.ran % 8 === 0) discard(runtime.load(state.snapshot().dump({ level: 0 })).restore());
      state.dispose();
    }
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "CompileError") counts.refused++;
    else if (FAIR.has(name)) counts.ran++;
    else return `${name}: ${message.slice(0, 200)} ${whereOf(error)}`;
  }
  return undefined;
}

/** Tries number `from` to `from + count` of a seed. */
export function attack(
  runtime: Runtime,
  { seed, from, count, sorts }: { seed: number; from: number; count: number; sorts: readonly Sort[] },
  tally: Record<Sort, Counts>,
  onFinding: (finding: Finding) => void,
  until = Infinity,
): number {
  let index = from;
  for (; index < from + count && performance.now() < until; index++) {
    const random = new Random(seedOf(seed, index));
    const sort = random.pick(sorts);
    const source = hostileSource(random, sort);
    const filename = random.pick(["a.js", "a.mjs", "a.ts", "a.mts"]);
    const counts = tally[sort];
    counts.tried++;
    const began = performance.now();
    const what = tryOne(runtime, source, filename, counts);
    const took = performance.now() - began;
    counts.slowest = Math.max(counts.slowest, took);
    if (what !== undefined) onFinding({ index, sort, what, source });
    else if (took > PATIENCE + source.length * PER_CHARACTER) {
      const text = `took ${took.toFixed(0)} ms for ${source.length} characters: ${source.slice(0, 60)}`;
      onFinding({ index, sort, what: text, source });
    }
  }
  return index - from;
}
