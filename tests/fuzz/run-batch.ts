// Owns checking a range of programs, one after the other, in one process. Must never stop at the first that differs.

import type { Runtime } from "../../ts/api/runtime.ts";
import { difference, runInFermata, runInHost, sourceOf } from "./engines.ts";
import { type FuzzProgram, generate, together } from "./generate/program.ts";
import type { Holder } from "./held.ts";
import { Random, seedOf } from "./random.ts";
import { type Language, list, stmt } from "./tree.ts";

export interface Counts {
  agreed: number;
  differed: number;
  /** Wanted more fuel or memory than a program is given. */
  left: number;
  typescript: number;
  held: number;
  /** Stops from which another host went on. */
  away: number;
  lines: number;
}

export const noCounts = (): Counts => ({ agreed: 0, differed: 0, left: 0, typescript: 0, held: 0, away: 0, lines: 0 });

/** How a group of programs is run: all of it comes from the number of its first. */
export interface Way {
  readonly index: number;
  readonly language: Language;
  readonly isHeld: boolean;
  /** What the last program throws leaves the whole. */
  readonly isOpen: boolean;
}

export interface Failure {
  readonly seed: number;
  readonly way: Way;
  readonly what: string;
  readonly programs: readonly FuzzProgram[];
}

export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  /** The only language; half of the programs are of each if absent. */
  readonly language?: Language | undefined;
}

/** Milliseconds that the host may take for what Fermata has done within its fuel. */
const HOST_MS = 10_000;
/** Programs that go into one source: most of what a small program costs is what is around it. */
const GROUP = 8;

/** Half of the groups are TypeScript, half of each are held. */
function wayOf(seed: number, index: number, canHold: boolean, language?: Language): Way {
  const group = index / GROUP;
  return {
    index,
    language: language ?? (group % 2 === 0 ? "javascript" : "typescript"),
    isHeld: canHold && (group >> 1) % 2 === 0,
    isOpen: new Random(seedOf(seed ^ 99, index)).chance(0.1),
  };
}

interface Complaint {
  /** What is wrong with Fermata's run; undefined if nothing is, null if it wanted too much. */
  readonly what: string | null | undefined;
  readonly lines: number;
}

export function complaint(runtime: Runtime, programs: readonly FuzzProgram[], way: Way, holder?: Holder): Complaint {
  const source = sourceOf(together(programs, way.isOpen), way.language);
  try {
    // Fermata counts what it spends, so it says which programs are too long before the host begins them.
    const actual = runInFermata(runtime, source);
    if (actual.end === "limit") return { what: null, lines: 0 };
    // What Fermata refuses at once, such as an array of 16 GB, may keep the host busy for minutes.
    const expected = runInHost(source, HOST_MS);
    if (expected.end === "limit") return { what: null, lines: 0 };
    if (expected.end === "syntax") return { what: "the host takes it for no program", lines: 0 };
    const what =
      difference(source, expected, actual) ??
      (way.isHeld ? holder?.complaint(source, actual, way.index, programs.length) : undefined);
    return { what, lines: actual.trace.length };
  } catch (error) {
    return { what: `the engine failed: ${String(error)}`, lines: 0 };
  }
}

export function runBatch(
  runtime: Runtime,
  { seed, from, count, language }: Range,
  onFailure: (failure: Failure) => void,
  holder?: Holder,
): Counts {
  const counts = noCounts();
  const begin = Math.floor(from / GROUP) * GROUP;
  for (let first = begin; first < from + count; first += GROUP) {
    const seeds = Array.from({ length: GROUP }, (_, i) => seedOf(seed, first + i));
    const way = wayOf(seed, first, holder !== undefined, language);
    const programs = seeds.map((one) => generate(one, way.language));
    const all = complaint(runtime, programs, way, holder);
    counts.lines += all.lines;
    if (way.language === "typescript") counts.typescript += GROUP;
    if (way.isHeld) counts.held += GROUP;
    if (all.what === undefined) {
      counts.agreed += GROUP;
      continue;
    }
    // One of them is to blame; or what one does to the realm is, for those after it.
    let isExplained = false;
    programs.forEach((program, i) => {
      const { what } = complaint(runtime, [program], way, holder);
      if (what === undefined) counts.agreed++;
      else if (what === null) counts.left++;
      else {
        counts.differed++;
        onFailure({ seed: seeds[i]!, way, what, programs: [program] });
      }
      isExplained ||= what !== undefined;
    });
    if (isExplained || all.what === null) continue;
    counts.agreed--;
    counts.differed++;
    onFailure({ seed: seeds[0]!, way, what: `together: ${all.what}`, programs });
  }
  return counts;
}

/** Programs as one, to be made smaller. */
export function joined(programs: readonly FuzzProgram[]): FuzzProgram {
  if (programs.length === 1) return programs[0]!;
  const parts = programs.map(
    ({ body, strict }) =>
      stmt`try { (function () {${strict ? ' "use strict";' : ""} ${body} }).call({ self: 1 }); } catch (e) { $e("one", e); }`,
  );
  return { ...programs[0]!, body: list(parts, "\n"), strict: false };
}
