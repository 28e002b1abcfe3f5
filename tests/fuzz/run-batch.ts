// Owns checking a range of programs, one after the other, in one process. Must never stop at the first that differs.
import { difference, runInFermata, runInHost, type Held } from "./engines.ts";
import { generate, textOf, type FuzzProgram } from "./generate/program.ts";
import { list, stmt } from "./tree.ts";
import { seedOf } from "./random.ts";
import type { Runtime } from "../../ts/vm/runtime.ts";

export interface Counts {
  agreed: number;
  differed: number;
  /** Wanted more fuel or memory than a program is given. */
  left: number;
  lines: number;
}

export interface Failure {
  readonly seed: number;
  /** The number from which its way of being held comes. */
  readonly way: number;
  readonly what: string;
  readonly program: FuzzProgram;
}

/** Milliseconds that the host may take for what Fermata has done within its fuel. */
const HOST_MS = 10_000;

/** What is wrong with Fermata's run of a source; undefined if nothing is, null if it wanted too much. */
export function complaint(
  runtime: Runtime,
  source: string,
  held?: Held,
): { what: string | null | undefined; lines: number } {
  try {
    // Fermata counts what it spends, so it says which programs are too long before the host begins them.
    const actual = runInFermata(runtime, source);
    if (actual.end === "limit") return { what: null, lines: 0 };
    // What Fermata refuses at once, such as an array of 16 GB, may keep the host busy for minutes.
    const expected = runInHost(source, HOST_MS);
    if (expected.end === "limit") return { what: null, lines: 0 };
    const what = difference(expected, actual);
    if (what !== undefined || held === undefined) return { what, lines: actual.trace.length };
    const again = runInFermata(runtime, source, held);
    const heldWhat =
      difference(actual, again) ??
      (held.step || actual.fuel === again.fuel ? undefined : `fuel ${actual.fuel} became ${again.fuel}`);
    return { what: heldWhat === undefined ? undefined : `when held: ${heldWhat}`, lines: actual.trace.length };
  } catch (error) {
    return { what: `the engine failed: ${String(error)}`, lines: 0 };
  }
}

/** Programs that go into one source: most of what a small program costs is what stands around it. */
const GROUP = 8;

export function runBatch(
  runtime: Runtime,
  { seed, from, count }: { seed: number; from: number; count: number },
  onFailure: (failure: Failure) => void,
  heldFor?: (index: number) => Held,
): Counts {
  const counts: Counts = { agreed: 0, differed: 0, left: 0, lines: 0 };
  for (let first = from; first < from + count; first += GROUP) {
    const length = Math.min(GROUP, from + count - first);
    const seeds = Array.from({ length }, (_, i) => seedOf(seed, first + i));
    const programs = seeds.map(generate);
    const together = complaint(runtime, textOf(...programs), heldFor?.(first));
    counts.lines += together.lines;
    if (together.what === undefined) {
      counts.agreed += length;
      continue;
    }
    // One of them is to blame; or what one does to the realm is, for those behind it.
    let isExplained = false;
    programs.forEach((program, i) => {
      const { what } = complaint(runtime, textOf(program), heldFor?.(first));
      if (what === undefined) counts.agreed++;
      else if (what === null) counts.left++;
      else {
        counts.differed++;
        onFailure({ seed: seeds[i]!, way: first, what, program });
      }
      isExplained ||= what !== undefined;
    });
    if (isExplained || together.what === null) continue;
    counts.agreed--;
    counts.differed++;
    const body = list(
      programs.map(({ body }) => stmt`try { (function () { ${body} })(); } catch (e) { log("one", e); }`),
      "\n",
    );
    onFailure({ seed: seeds[0]!, way: first, what: `together: ${together.what}`, program: { body, strict: false } });
  }
  return counts;
}
