// A host for the tests of the runner: a clock that is set by hand, and tools that note how they are called.

import type { Program } from "../../ts/api/program.ts";
import type { Runtime } from "../../ts/api/runtime.ts";
import { createRunner, type CallContext, type Runner, type RunnerOptions } from "../../ts/runner/index.ts";
import { MemoryStore } from "../../ts/stores/memory.ts";
import type { SnapshotStore } from "../../ts/stores/store.ts";

/** 2026-12-01T00:00:00Z. */
export const START = 1_796_083_200_000;

export class Clock {
  time = START;
  readonly now = (): number => this.time;

  pass(ms: number): void {
    this.time += ms;
  }
}

/** One call of a tool, as the outside world saw it. */
export interface Noted {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly ctx: CallContext;
}

/** Notes calls from outside the runner. */
export class Ledger {
  readonly calls: Noted[] = [];

  /** A function for a tool that is noted under that name. */
  tool(name: string, answer: (...args: never[]) => unknown = (value) => value) {
    return (ctx: CallContext, ...args: unknown[]): unknown => {
      this.calls.push({ name, args, ctx });
      return answer(...(args as never[]));
    };
  }

  get names(): string[] {
    return this.calls.map(({ name }) => name);
  }
}

export function runnerOn(
  runtime: Runtime,
  clock: Clock,
  options: Omit<RunnerOptions, "runtime" | "store"> & { readonly store?: SnapshotStore },
): Runner {
  return createRunner({ runtime, store: new MemoryStore(), now: clock.now, ...options });
}

/** Compiles a guest whose functions are all asynchronous. */
export function guest(
  runtime: Runtime,
  source: string,
  externals: readonly string[] | Record<string, "async" | "sync">,
): Program {
  return runtime.compile(source, { filename: "guest.js", externals, inputs: ["input"] });
}
