// Owns one try: a mutated snapshot is loaded and run a little, and whatever is wrong with how that ends is told. Right is a typed error, or a
// machine that runs within its limits.

import type { Runtime } from "../../../ts/api/runtime.ts";
import type { State } from "../../../ts/index.ts";
import { Random, seedOf } from "../random.ts";
import { coreTrace, type Counts } from "../report.ts";
import { goOn } from "./corpus.ts";
import { mutate, type Opened, type Sort } from "./mutate.ts";

export interface Finding {
  readonly index: number;
  readonly sort: Sort;
  readonly name: string;
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** What a program may end with. SnapshotError while it runs: it did what no compiled program does. */
const FAIR = new Set(["GuestError", "LimitError", "SnapshotError", "MarshalError", "MissingExternalError"]);

function complaint(error: unknown, when: string): string | undefined {
  const { name, message } = error as Error;
  if (FAIR.has(name) && !message.includes("the core failed")) return undefined;
  return `${when}: ${name}: ${message} ${coreTrace(error)}`;
}

/** More than this is a hang: a try takes about a millisecond. */
const TOO_LONG = 2000;
const STOPS = 12;

function tryOne(runtime: Runtime, bytes: Uint8Array, counts: Counts): string | undefined {
  let state: State;
  try {
    state = runtime.load(bytes).restore();
  } catch (error) {
    counts.refused++;
    return complaint(error, "load");
  }
  let what: string | undefined;
  let last = state;
  try {
    for (let stop = 0; stop < STOPS && last.status !== "complete"; stop++) last = goOn(last, 300);
    // Whatever it has become can be written, or is refused in words.
    if (last.status !== "complete") last.snapshot().dump({ level: 0 });
    counts.ran++;
  } catch (error) {
    what = complaint(error, "run");
  }
  if (last.status !== "complete") last.dispose();
  return what;
}

/** Tries number `from` to `from + count` of a seed. */
export function attack(
  runtime: Runtime,
  corpus: readonly Opened[],
  { seed, from, count, sorts }: { seed: number; from: number; count: number; sorts: readonly Sort[] },
  tally: Record<Sort, Counts>,
  onFinding: (finding: Finding) => void,
  until = Infinity,
): number {
  let index = from;
  for (; index < from + count && performance.now() < until; index++) {
    const random = new Random(seedOf(seed, index));
    const sort = random.pick(sorts);
    const opened = random.pick(corpus);
    const counts = tally[sort];
    let bytes: Uint8Array;
    try {
      bytes = mutate(random, opened, sort);
    } catch (error) {
      throw new Error(`the fuzzer failed at ${index} of seed ${seed} (${opened.name})`, { cause: error });
    }
    counts.tried++;
    const began = performance.now();
    const what = tryOne(runtime, bytes, counts);
    const took = performance.now() - began;
    counts.slowest = Math.max(counts.slowest, took);
    if (what !== undefined) onFinding({ index, sort, name: opened.name, what, bytes });
    else if (took > TOO_LONG) onFinding({ index, sort, name: opened.name, what: `took ${took.toFixed(0)} ms`, bytes });
  }
  return index - from;
}
