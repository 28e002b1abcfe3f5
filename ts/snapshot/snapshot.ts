// Owns the Snapshot class: a captured state as an immutable thing that can be written, looked at, and gone on from any number of
// times. Must never give two states the same machine.

import { GuestError, MissingExternalError, SnapshotError } from "../errors.ts";
import { resolveLimits, type Limits } from "../vm/limits.ts";
import type { Machine, MachineHost, ProgramRecord, RunRecord } from "../vm/machine.ts";
import type { CompileOptions, Program } from "../vm/program.ts";
import type { ResumeOptions, State } from "../vm/state.ts";
import { captureParts } from "./capture.ts";
import { readContainer, writeContainer, type Level } from "./container.ts";
import { inspectParts, type Inspection } from "./inspect.ts";
import { decodeParts, encodeParts, type KnownPrograms, type Parts } from "./parts.ts";
import { restoreParts } from "./restore.ts";
import { underCeilings } from "./run-record.ts";
import { seal, unseal, type SnapshotContext, type SnapshotKey } from "./seal.ts";

export type { InspectedFrame, InspectedProgram, Inspection } from "./inspect.ts";
export type { SnapshotContext, SnapshotKey } from "./seal.ts";

/** How a snapshot is written. */
export interface DumpOptions {
  /** `"embed"` (default): the program is in it. `"reference"`: its hash only, and what was loaded while it ran; `load` then needs the program. */
  program?: "embed" | "reference" | undefined;
  /** Time spent running, for `usage.timeMs`, goes in too; default true. Without it equal runs give equal bytes. */
  elapsed?: boolean | undefined;
  /** Compression level, 0 (none) to 9; default 6 for small snapshots, 3 for large ones. */
  level?: Level | undefined;
  /** Seals it: who has not got these 32 bytes can neither read nor alter it (AES-256-GCM-SIV). */
  key?: SnapshotKey | undefined;
  /** What the seal is for: a tenant, a run, a generation. `load` must be told the same. Needs a key. */
  context?: SnapshotContext | undefined;
  /** When the seal stops being good: a Date, or milliseconds since 1970. Needs a key. */
  expires?: number | Date | undefined;
}

/**
 * How a snapshot is read. What it says of itself (its limits, whether it may evaluate, what it calls) is a stranger's word: what is said here,
 * or else the default, is the most that it gets.
 */
export interface LoadOptions {
  /**
   * The most that the run may spend from here on; of each limit, the smaller one counts, that of the run or this. What is left out is as by
   * default for `start`. `fuelSlice` is always this host's.
   */
  limits?: Limits | undefined;
  /** May guest code be compiled from strings? Can only forbid what the program was compiled to allow, and the run could before. */
  allowEval?: boolean | undefined;
  /** Host functions that the programs in the snapshot may declare; by default any. A list of names allows both modes. */
  externals?: CompileOptions["externals"];
  /**
   * The program, or the programs: the snapshot must be of these, whether it was dumped with `program: "reference"` or brings them. What was
   * evaluated or loaded while they ran it may bring besides.
   */
  program?: Program | readonly Program[] | undefined;
  /** Takes no code from the snapshot, only that of `program`. Default false. */
  requireProgram?: boolean | undefined;
  /**
   * The key with which it was sealed, or several of which one is. With keys, even none of them (`[]`), a snapshot that is not sealed is
   * refused.
   */
  keys?: SnapshotKey | readonly SnapshotKey[] | undefined;
  /** What the seal must be for, as given to `dump`. With it, a snapshot that is not sealed is refused. */
  context?: SnapshotContext | undefined;
  /** Bytes that the snapshot may hold, inflated; default `limits.snapshotBytes`, or 64 MiB. */
  snapshotBytes?: number | undefined;
}

/** Small ones are worth the trouble: it is a fraction of a millisecond. */
const SMALL = 65536;
const SMALL_LEVEL: Level = 6;
const LARGE_LEVEL: Level = 3;

/** A captured state. Nothing that happens afterwards changes it. */
export class Snapshot {
  readonly #host: MachineHost;
  readonly #parts: Parts;
  /** The machine into which it was read when it was verified: the first restore gets it. */
  #machine: Machine | undefined;
  /** What it says of its run; the ceilings of whoever loaded it are not in that. */
  readonly #claimed: RunRecord;

  /** @internal */
  constructor(host: MachineHost, parts: Parts, machine?: Machine, claimed = parts.run) {
    this.#host = host;
    this.#parts = parts;
    this.#machine = machine;
    this.#claimed = claimed;
  }

  /** The snapshot as bytes. Equal states give equal bytes, on every runtime; only `elapsed` differs from run to run. */
  dump(options: DumpOptions = {}): Uint8Array<ArrayBuffer> {
    const parts =
      options.elapsed === false ? { ...this.#parts, run: { ...this.#parts.run, elapsedMs: 0 } } : this.#parts;
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

  /** A machine that stands where the snapshot was taken. @internal */
  restoreMachine(): Machine {
    const machine = this.#machine;
    this.#machine = undefined;
    return machine ?? restoreParts(this.#host, this.#parts);
  }

  /** The state as it was: same status, same pending calls. Every call gives an independent one. */
  restore(): State {
    const machine = this.restoreMachine();
    try {
      return this.#host.stateOf(machine);
    } catch (error) {
      if (!(error instanceof GuestError)) throw error;
      // A machine never comes to rest with calls whose arguments cannot cross.
      throw new SnapshotError("malformed", `a pending call is damaged: ${error.message}`, { cause: error });
    }
  }

  /**
   * Restores, and goes on: with `value` as the answer of the pending call if it is suspended.
   *
   * @throws GuestError, LimitError, MarshalError, as `resume` of the state does
   */
  resume(value?: unknown, options: ResumeOptions = {}): State {
    const state = this.restore();
    if (state.status === "complete") return state;
    return state.status === "paused" ? state.resume(options) : state.resume(value, options);
  }

  /**
   * What is in it: for people to read, and for tools that decide what to do with it. Nothing of it runs, and it takes time in proportion to
   * its bytes. Limits and permissions are those that the snapshot says it had; `load` may have granted less.
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

/** Captures the state in which a machine stands. */
export function captureSnapshot(machine: Machine, host: MachineHost): Snapshot {
  return new Snapshot(host, captureParts(host.core, machine));
}

/** The programs that the host gives, and what it lets a snapshot bring besides. */
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

/** Refuses programs that would call what this host does not let them. */
function checkExternals(programs: readonly ProgramRecord[], allowed: LoadOptions["externals"]): void {
  if (allowed === undefined) return;
  const names = Array.isArray(allowed) ? new Set<string>(allowed as readonly string[]) : undefined;
  const modes = new Map<string, string>(names === undefined ? Object.entries(allowed) : []);
  const refused = programs
    .flatMap(({ externals }) => [...externals])
    .filter(([name, mode]) => !(names === undefined ? modes.get(name) === mode : names.has(name)))
    .map(([name]) => name);
  if (refused.length > 0) throw new MissingExternalError([...new Set(refused)]);
}

/**
 * Reads a snapshot and verifies all of it.
 *
 * @throws SnapshotError saying why it is refused, MissingExternalError for what it calls and `externals` does not allow
 */
export function loadSnapshot(host: MachineHost, bytes: Uint8Array, options: LoadOptions): Snapshot {
  const { limits, externals } = options;
  const granted = resolveLimits(limits);
  const known = knownPrograms(options);
  const plain = unseal(bytes, options);
  const { buildId, sections } = readContainer(plain, options.snapshotBytes ?? granted.snapshotBytes);
  const read = decodeParts(buildId, sections, known);
  checkExternals(read.programs, externals);
  // As for start, the program says it by default, not the account of the run.
  const mayEval = options.allowEval ?? read.programs.some((one) => one.allowEval && !one.isEvaluated && !one.isLoaded);
  const run = underCeilings(read.run, limits, mayEval);
  const parts = { ...read, run };
  return new Snapshot(host, parts, restoreParts(host, parts), read.run);
}
