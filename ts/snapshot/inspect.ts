// Owns the description of a snapshot for people and tools. Must never run any of its code.

import { RUN_STATUS } from "../defs/layout.ts";
import { COUNTS } from "../defs/snapshot-format.ts";
import type { ResolvedLimits } from "../machine/limits.ts";
import type { Machine } from "../machine/machine.ts";
import type { ExternalMode, RunRecord } from "../machine/records.ts";
import { type DescribedCall, describedCalls } from "../machine/run-loop.ts";
import { fuelUsed, type Usage, usageOf } from "../machine/run.ts";
import { describeFrame, type InspectedFrame, stackFrames } from "./frames.ts";
import type { Parts } from "./parts.ts";
import { Looker, type MapOf, type ScopedFrame, type SuspendedFrame } from "./scopes.ts";

export type { InspectedFrame };

/** A description of a snapshot's content. */
export interface Inspection {
  /** Status of the state that `restore` would return. */
  readonly status: "complete" | "suspended" | "paused";
  /** The build of Fermata that wrote it. */
  readonly buildId: string;
  /** The programs in it, the one that was started first. */
  readonly programs: readonly InspectedProgram[];
  /** The pending calls; arguments that take much more room than the snapshot are left out. */
  readonly calls: readonly DescribedCall[];
  /** The stack, innermost first. */
  readonly frames: readonly ScopedFrame[];
  /**
   * With `scopes`: the async functions and generators that are suspended. A program that waits at an `await` is here, while its stack is
   * empty.
   */
  readonly suspended?: readonly SuspendedFrame[];
  /** Bytes before compression, by part. */
  readonly bytes: Readonly<Record<"programs" | "prelude" | "graph" | "texts" | "numbers", number>>;
  /** Counts of the items in the graph. */
  readonly counts: Readonly<Record<(typeof COUNTS)[number], number>>;
  /** Fuel used since the program's start. */
  readonly fuel: number;
  /** The limits that the snapshot states for its run. */
  readonly limits: ResolvedLimits;
  /** The usage that the snapshot states. */
  readonly usage: Usage;
  /** Whether its run may compile code from strings, as the snapshot states. */
  readonly allowEval: boolean;
  /** The host functions that its programs declare. */
  readonly externals: Readonly<Record<string, ExternalMode>>;
}

/** A program in a snapshot. */
export interface InspectedProgram {
  /** The `filename` it was compiled with. */
  readonly filename: string;
  /** Equals `Program.hash` for a program of one file. */
  readonly hash: string;
  /** The source, as its author wrote it. */
  readonly source: string;
  /** The host functions that it declares, by canonical name. */
  readonly externals: Readonly<Record<string, ExternalMode>>;
  /** The library of which it is part. */
  readonly library?: { readonly name: string; readonly version: string; readonly hash: string };
}

function statusOf(machine: Machine, parts: Parts): Inspection["status"] {
  if (parts.run.pausedBy !== undefined) return "paused";
  const status = machine.word("status");
  return status === RUN_STATUS.DONE
    ? "complete"
    : status === RUN_STATUS.WAITING || status === RUN_STATUS.SYNC_CALL
      ? "suspended"
      : "paused";
}

function framesOf(machine: Machine, looker: Looker | undefined): Pick<Inspection, "frames" | "suspended"> {
  const stack = stackFrames(machine);
  if (looker === undefined) return { frames: stack.map((frame) => describeFrame(machine, frame)) };
  return { frames: looker.stack(stack), suspended: looker.suspended() };
}

/**
 * Bytes that the arguments of pending calls may take in a description: per byte of the snapshot, and at least. Shared parts of arguments
 * are written out once for each call: without a bound, a small snapshot could describe gigabytes.
 */
const ROOM = { perByte: 8, least: 65_536 } as const;

/**
 * Describes a snapshot, using a machine restored from it. `run`: the run as the snapshot states it. With `mapOf`, variables are shown, and the
 * machine must not run afterwards.
 */
export function inspectParts(machine: Machine, parts: Parts, run: RunRecord, mapOf?: MapOf): Inspection {
  const size = parts.graph.length + parts.texts.length + parts.numbers.length;
  return {
    status: statusOf(machine, parts),
    buildId: parts.buildId,
    programs: parts.programs.map(({ filename, hash, source, externals, library }) => ({
      filename,
      hash,
      source,
      externals: Object.fromEntries(externals),
      ...(library === undefined
        ? {}
        : { library: { name: library.name, version: library.version, hash: library.hash } }),
    })),
    calls: describedCalls(machine, ROOM.least + ROOM.perByte * size),
    ...framesOf(machine, mapOf === undefined ? undefined : new Looker(machine, mapOf, size)),
    bytes: {
      programs: parts.programs.reduce((sum, { image, source }) => sum + image.length + source.length, 0),
      prelude: parts.prelude.images.reduce((sum, { image }) => sum + image.length, 0),
      graph: parts.graph.length,
      texts: parts.texts.length,
      numbers: parts.numbers.length,
    },
    counts: Object.fromEntries(COUNTS.map((name, i) => [name, parts.counts[i]!])) as Inspection["counts"],
    fuel: fuelUsed(machine),
    limits: run.limits,
    usage: usageOf(machine),
    allowEval: run.allowEval,
    externals: Object.fromEntries(parts.programs.flatMap(({ externals }) => [...externals])),
  };
}
