// Owns the records of a program and of a run on the host's side. Must never hold a machine.

import type { CompileLimits } from "../compiler/compile-limits.ts";
import type { ResolvedLimits } from "./limits.ts";

/** How a program calls a host function: `"async"` returns a promise, `"sync"` holds the program until the call is answered. */
export type ExternalMode = "async" | "sync";

/** The languages a program can be written in. */
export type Language = "typescript" | "javascript";

/** The place of a program in a library (ts/machine/library.ts). */
export interface LibraryOrigin {
  readonly name: string;
  readonly version: string;
  /** Hash of the library. */
  readonly hash: string;
  /** Number of the program in it: 0 is the script, modules follow. */
  readonly index: number;
  /** Globals that wrap host functions of the same name. */
  readonly externals: readonly string[];
  /** False: it came with a snapshot, and this host may not have it. */
  readonly isOwn: boolean;
}

/** A compiled program, with all that is needed to link it, to show errors in it, and to write it into a snapshot. */
export interface ProgramRecord {
  /** The program image (ts/defs/image-format.ts). */
  readonly image: Uint8Array;
  /** The source as its author wrote it (TypeScript included). */
  readonly source: string;
  readonly filename: string;
  readonly language: Language;
  /** Names bound as variables at the start, in order. */
  readonly inputs: readonly string[];
  /** Host functions by canonical name (externals.ts), in order. */
  readonly externals: ReadonlyMap<string, ExternalMode>;
  /** Offsets at which the lines of `source` begin, in UTF-16 units. */
  readonly lineStarts: Uint32Array<ArrayBuffer>;
  /** A module: linked and evaluated by ts/prelude/module.js. */
  readonly isModule: boolean;
  /** Hex digest of everything above that affects what the program does; equal programs have equal hashes. */
  readonly hash: string;
  /** May guest code be compiled from strings? */
  readonly allowEval: boolean;
  /** It was compiled from a string while a program ran: snapshots always contain it. */
  readonly isEvaluated: boolean;
  /** A module that was loaded while the program ran: a host that loads a snapshot cannot be expected to have it. */
  readonly isLoaded: boolean;
  /** It is part of a library: snapshots refer to that. */
  readonly library?: LibraryOrigin | undefined;
}

/** The part of a run that is kept on the host's side. It is stored in snapshots, so it is plain data. */
export interface RunRecord {
  limits: ResolvedLimits;
  /** Wall-clock milliseconds spent running so far, not counting waits for the host. */
  elapsedMs: number;
  /** Most bytes of memory that were in use, on the machines that ran it before this one; of a captured run: on all. */
  peakBytes: number;
  /** Fuel used since the host's clock last advanced. */
  stillFuel: number;
  /** Fuel that may still be spent before the run stops with reason "fuel"; Infinity when unlimited. */
  fuelLeft: number;
  /** Value of `elapsedMs` at which the time limit is reached. */
  timeUpAtMs: number;
  /** Why a paused machine was stopped; undefined while it is not paused. */
  pausedBy: PauseReason | undefined;
  /** True if a copy of the machine is kept from the start of each slice, for the `state` of an error. */
  keepState?: boolean;
  /** May guest code be compiled from strings? */
  allowEval: boolean;
  /** Limits of code compiled during the run. They are not part of a snapshot: a restored run has the defaults. */
  compileLimits?: CompileLimits | undefined;
}

/** An answer that is ready to be given: in the transfer form, or a value that needs no transfer. */
export type PreparedAnswer =
  { readonly bytes: Uint8Array; readonly isError: boolean } | { readonly primitive: unknown };

/** Why a run stopped without needing anything from its host. */
export type PauseReason = "fuel" | "time" | "hold";
