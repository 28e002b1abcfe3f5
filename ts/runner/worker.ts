// Owns what the parts of a runner share: the runtime, the book, the tools, the clock and the settings. Must never hold a run.

import type { ResumeRuntime } from "../api/resume-runtime.ts";
import type { Slots } from "./attempts.ts";
import type { Book, Stored } from "./book.ts";
import { fractionOf } from "./retry.ts";
import type { Toolbox } from "./tools.ts";

/** A runner's settings, with all defaults filled in. */
export interface Worker {
  readonly runtime: ResumeRuntime;
  readonly book: Book;
  readonly tools: Toolbox;
  readonly owner: string;
  readonly now: () => number;
  readonly random: (() => number) | undefined;
  readonly leaseMs: number;
  readonly callsPerRun: number;
  readonly slots: Slots;
  readonly strikes: number;
  readonly graceMs: number;
  readonly onDue: ((dueAt: number, run: { readonly id: string; readonly tenant: string }) => void) | undefined;
  /** The runs that this runner is driving now. */
  readonly driving: Map<string, Driving>;
}

/** A drive, for others in this process. */
export interface Driving {
  /** Tells it that another writer has changed its run. */
  look(): void;
  /** Settles when it is over; never rejects. */
  readonly over: Promise<void>;
}

/** Tells the host when a run goes on by itself. */
export function tellDue({ onDue }: Worker, { head }: Stored): void {
  if (head.dueAt !== undefined) onDue?.(head.dueAt, { id: head.run, tenant: head.tenant });
}

/** The part of a delay that is left to chance. */
export function chanceOf({ random }: Worker, key: string, attempt: number): number {
  return random?.() ?? fractionOf(key, attempt);
}

/** The name of a run among all tenants, for this process. */
export function drivingKey(tenant: string, run: string): string {
  return `${tenant}/${run}`;
}
