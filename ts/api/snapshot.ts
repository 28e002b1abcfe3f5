// Owns the Snapshot class: an immutable captured state that can be written, inspected, and resumed any number of times. Must never
// give two states the same machine.

import { GuestError, MissingExternalError, SnapshotError } from "../errors.ts";
import { declaredExternals } from "../machine/externals.ts";
import { type Limits, resolveLimits } from "../machine/limits.ts";
import type { Machine } from "../machine/machine.ts";
import type { ProgramRecord, RunRecord } from "../machine/records.ts";
import { captureParts } from "../snapshot/capture.ts";
import { type Level, readContainer, writeContainer } from "../snapshot/container.ts";
import { type Inspection, inspectParts } from "../snapshot/inspect.ts";
import { decodeParts, encodeParts, type KnownPrograms, type Parts } from "../snapshot/parts.ts";
import { restoreParts } from "../snapshot/restore.ts";
import { underCeilings } from "../snapshot/run-record.ts";
import { seal, type SnapshotContext, type SnapshotKey, unseal } from "../snapshot/seal.ts";
import type { CompileOptions } from "./compile.ts";
import type { MachineHost } from "./host.ts";
import type { Program } from "./program.ts";
import type { ResumeOptions, State } from "./state.ts";

export type { InspectedFrame, InspectedProgram, Inspection } from "../snapshot/inspect.ts";
export type { SnapshotContext, SnapshotKey } from "../snapshot/seal.ts";

/** Options for writing a snapshot. */
export interface DumpOptions {
  /**
   * `"embed"` (default): includes the program. `"reference"`: includes only its hash, and code that was evaluated or loaded while
   * it ran; `load` then needs the program.
   */
  program?: "embed" | "reference" | undefined;
  /**
   * Includes what was measured: the time spent running and the peak of memory, for `usage.timeMs` and `usage.peakMemoryBytes`.
   * Default true. Without it, equal runs give equal bytes.
   */
  elapsed?: boolean | undefined;
  /** Compression level from 0 (uncompressed) to 9. Default 6 for small snapshots, 3 for large ones. */
  level?: Level | undefined;
  /** Seals the snapshot with this key of 32 bytes: without the key, it can be neither read nor altered (AES-256-GCM-SIV). */
  key?: SnapshotKey | undefined;
  /** Context of the seal: a tenant, a run, a generation. `load` must be given the same context. Needs a key. */
  context?: SnapshotContext | undefined;
  /** Expiry of the seal: a Date, or milliseconds since 1970. Needs a key. */
  expires?: number | Date | undefined;
}

/**
 * Options for loading a snapshot. The snapshot's own statements (its limits, whether it may evaluate code, which functions it
 * calls) are untrusted: it never gets more than these options, or their defaults, grant.
 */
export interface LoadOptions {
  /**
   * Upper bounds of the run's limits: of each limit, the smaller of the run's own and this one applies. Omitted limits have the
   * defaults of `start`. `fuelSlice` is always this host's.
   */
  limits?: Limits | undefined;
  /** May the guest compile code from strings? This can only forbid it: both the program and its run so far must have been allowed to. */
  allowEval?: boolean | undefined;
  /**
   * Host functions that the programs in the snapshot may declare, in the forms that `compile` takes. Default: any. A list of names
   * allows both modes.
   */
  externals?: CompileOptions["externals"];
  /**
   * The program, or the programs, of which the snapshot must be, whether it refers to them (`program: "reference"`) or contains
   * them. It may also contain code that was evaluated or loaded while they ran.
   */
  program?: Program | readonly Program[] | undefined;
  /** Accepts no code from the snapshot: all code comes from `program`. Default false. */
  requireProgram?: boolean | undefined;
  /**
   * The key with which it was sealed, or several keys, one of which must be that key. If keys are given, even an empty list (`[]`),
   * an unsealed snapshot is refused.
   */
  keys?: SnapshotKey | readonly SnapshotKey[] | undefined;
  /** Context of the seal, as given to `dump`. If it is given, an unsealed snapshot is refused. */
  context?: SnapshotContext | undefined;
  /** Most bytes of the decompressed snapshot. Default: `limits.snapshotBytes`, or 64 MiB. */
  snapshotBytes?: number | undefined;
}

/** Smaller snapshots get the higher compression level, which then takes only a fraction of a millisecond. */
const SMALL = 65536;
const SMALL_LEVEL: Level = 6;
const LARGE_LEVEL: Level = 3;

/** A captured state. It is immutable. */
export class Snapshot {
  readonly #host: MachineHost;
  readonly #parts: Parts;
  /** The machine into which it was read for verification: the first restore gets it. */
  #machine: Machine | undefined;
  /** The run as the snapshot states it, without the bounds given to `load`. */
  readonly #claimed: RunRecord;

  /** @internal */
  constructor(host: MachineHost, parts: Parts, machine?: Machine, claimed = parts.run) {
    this.#host = host;
    this.#parts = parts;
    this.#machine = machine;
    this.#claimed = claimed;
  }

  /** Encodes the snapshot as bytes. Equal states give equal bytes on every runtime; only what `elapsed` includes differs from run to run. */
  dump(options: DumpOptions = {}): Uint8Array<ArrayBuffer> {
    const parts =
      options.elapsed === false
        ? { ...this.#parts, run: { ...this.#parts.run, elapsedMs: 0, peakBytes: 0 } }
        : this.#parts;
    const { buildId, graph, texts, run } = parts;
    const level = options.level ?? (graph.length + texts.length < SMALL ? SMALL_LEVEL : LARGE_LEVEL);
    const plain = writeContainer(buildId, encodeParts(parts, options.program !== "reference"), level);
    const { key, context, expires } = options;
    if (key === undefined && (context !== undefined || expires !== undefined))
      throw new TypeError("only a sealed snapshot can have a context or expire: give a key");
    const bytes = key === undefined ? plain : seal(plain, { key, context, expires });
    const limit = run.limits.snapshotBytes;
    if (bytes.length > limit)
      throw new SnapshotError("too-large", `the snapshot takes ${bytes.length} bytes, ${limit} are allowed`);
    return bytes;
  }

  /** Returns a machine in the captured state. @internal */
  restoreMachine(): Machine {
    const machine = this.#machine;
    this.#machine = undefined;
    return machine ?? restoreParts(this.#host, this.#parts);
  }

  /** Restores the captured state, with the same status and pending calls. Every call returns an independent state. */
  restore(): State {
    const machine = this.restoreMachine();
    try {
      return this.#host.stateOf(machine);
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      // A machine never stops with calls whose arguments cannot cross.
      throw new SnapshotError("malformed", `a pending call is damaged: ${error.message}`, { cause: error });
    }
  }

  /**
   * Restores and resumes the state. If it is suspended, `value` is the answer to the pending call.
   *
   * @throws GuestError, LimitError, MarshalError, as the state's `resume`
   */
  resume(value?: unknown, options: ResumeOptions = {}): State {
    const state = this.restore();
    if (state.status === "complete") return state;
    return state.status === "paused" ? state.resume(options) : state.resume(value, options);
  }

  /**
   * Describes the content, for people and for tools that decide what to do with it. None of its code runs, and the time is
   * proportional to its size. Limits and permissions are those that the snapshot states; `load` may have granted less.
   */
  inspect(): Inspection {
    const machine = this.restoreMachine();
    try {
      return inspectParts(machine, this.#parts, this.#claimed);
    } finally {
      this.#host.release(machine);
    }
  }
}

/** Captures the state of a machine. */
export function captureSnapshot(machine: Machine, host: MachineHost): Snapshot {
  return new Snapshot(host, captureParts(host.core, machine));
}

/** Returns the programs that the host gives, and which others it lets a snapshot bring. */
function knownPrograms({ program, requireProgram, allowEval }: LoadOptions): KnownPrograms {
  const given = program === undefined ? [] : ([program].flat() as readonly Program[]);
  if (requireProgram === true && program === undefined)
    throw new TypeError("requireProgram takes no code but that of `program`, which was not given");
  const records = given.flatMap(({ record, modules }) => [record, ...modules]);
  return {
    byHash: new Map(records.map((record) => [record.hash, record])),
    brings: requireProgram === true ? "none" : program === undefined ? "any" : "found",
    allowEval: allowEval ?? records.some((record) => record.allowEval),
  };
}

/** Refuses programs that declare functions which this host does not allow. */
function checkExternals(programs: readonly ProgramRecord[], allowed: LoadOptions["externals"]): void {
  if (allowed === undefined) return;
  const modes = declaredExternals(allowed);
  const refused = programs
    .flatMap(({ externals }) => [...externals])
    .filter(([name, mode]) => ![mode, "either"].includes(modes.get(name)!))
    .map(([name]) => name);
  if (refused.length > 0) throw new MissingExternalError([...new Set(refused)]);
}

/**
 * Reads a snapshot and verifies all of it.
 *
 * @throws SnapshotError with the reason, MissingExternalError for functions that it declares but `externals` does not allow
 */
export function loadSnapshot(host: MachineHost, bytes: Uint8Array, options: LoadOptions): Snapshot {
  const { limits, externals } = options;
  const granted = resolveLimits(limits);
  const known = knownPrograms(options);
  const plain = unseal(bytes, options);
  const { buildId, sections } = readContainer(plain, options.snapshotBytes ?? granted.snapshotBytes);
  const read = decodeParts(buildId, sections, known);
  checkExternals(read.programs, externals);
  // As in start, the default comes from the program, not from the record of the run.
  const mayEval = options.allowEval ?? read.programs.some((one) => one.allowEval && !one.isEvaluated && !one.isLoaded);
  const run = underCeilings(read.run, limits, mayEval);
  const parts = { ...read, run };
  return new Snapshot(host, parts, restoreParts(host, parts), read.run);
}
