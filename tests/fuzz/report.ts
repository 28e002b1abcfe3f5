// Owns what the commands of the fuzzers share: their options, counting what is wrong by kind, and the report at the end.

import { fileURLToPath } from "node:url";
import { parseArgs, type ParseArgsConfig } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Reads the options that every fuzzer takes, and those of one. */
export function fuzzOptions<T extends Options>(more: T) {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      from: { type: "string", default: "0" },
      seconds: { type: "string", default: "Infinity" },
      wasm: { type: "string", default: fileURLToPath(new URL("../../build/fermata.check.wasm", import.meta.url)) },
      ...more,
    },
  });
  return values;
}

/** What came of the tries of one sort. */
export interface Counts {
  tried: number;
  refused: number;
  ran: number;
  /** Milliseconds. */
  slowest: number;
}

export function newTally<Sort extends string>(sorts: readonly Sort[]): Record<Sort, Counts> {
  return Object.fromEntries(sorts.map((sort) => [sort, { tried: 0, refused: 0, ran: 0, slowest: 0 }])) as Record<
    Sort,
    Counts
  >;
}

export function printTally(tally: Readonly<Record<string, Counts>>): void {
  for (const [sort, { tried, refused, ran, slowest }] of Object.entries(tally)) {
    if (tried > 0)
      console.log(`${sort}: ${tried} tried, ${refused} refused, ${ran} ran, slowest ${slowest.toFixed(0)} ms`);
  }
}

/** What went wrong, counted by kind: findings that differ in their numbers only are of one kind. */
export class Findings {
  readonly #kinds = new Map<string, { count: number; readonly first: string }>();

  /** Counts a finding; true if it is the first of its kind. `first`: how to show it then; `of`: what else makes a kind of its own. */
  add(what: string, first: string, of = ""): boolean {
    const key = what.replaceAll(/\d+/g, "N") + of;
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      known.count++;
      return false;
    }
    this.#kinds.set(key, { count: 1, first });
    return true;
  }

  /** Prints each kind, and sets the exit code if there is one; returns the sum as text. */
  print(): string {
    const kinds = [...this.#kinds.values()].sort((a, b) => b.count - a.count);
    for (const { count, first } of kinds) console.log(`${count} × ${first}`);
    process.exitCode = kinds.length === 0 ? 0 : 1;
    return `${kinds.reduce((sum, { count }) => sum + count, 0)} wrong in ${kinds.length} ways`;
  }
}

/** Where in the core an error happened, innermost first; "" if it does not say. */
export function coreTrace(error: unknown): string {
  const { stack = "" } = ((error as { cause?: unknown }).cause ?? error) as Error;
  return [...stack.matchAll(/at ([\w/.-]+) \(wasm/g)]
    .slice(0, 6)
    .map(([, name]) => name)
    .join(" < ");
}
