// Owns the Snapshot class: an immutable captured state that can be written, inspected, and resumed any number of times. Must never
// give two states the same machine.

import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import { GuestError, MissingExternalError, SnapshotError } from "../errors.ts";
import { declaredExternals } from "../machine/externals.ts";
import { NO_COMPILER } from "../machine/front-end.ts";
import type { Library } from "../machine/library.ts";
import { type Limits, resolveLimits } from "../machine/limits.ts";
import type { Machine, Written } from "../machine/machine.ts";
import type { ProgramRecord, RunRecord } from "../machine/records.ts";
import { captureParts } from "../snapshot/capture.ts";
import { type Level, readContainer, writeContainer } from "../snapshot/container.ts";
import { type Inspection, inspectParts } from "../snapshot/inspect.ts";
import {
  decodeParts,
  type Embedding,
  encodeParts,
  isAdmitted,
  type KnownPrograms,
  type Parts,
} from "../snapshot/parts.ts";
import { restoreParts } from "../snapshot/restore.ts";
import { decodeRun, encodeRun, underCeilings } from "../snapshot/run-record.ts";
import { seal, type SnapshotContext, type SnapshotKey, unseal } from "../snapshot/seal.ts";
import type { CompileOptions } from "./compile.ts";
import type { MachineHost } from "./host.ts";
import type { LibraryResolver } from "./libraries.ts";
import type { Program } from "./program.ts";
import type { ResumeOptions, State } from "./state.ts";

export type { InspectedFrame } from "../snapshot/frames.ts";
export type { InspectedProgram, Inspection } from "../snapshot/inspect.ts";
export type { PreviewType, ValuePreview } from "../snapshot/preview.ts";
export type { InspectedScope, ScopedFrame, SuspendedFrame } from "../snapshot/scopes.ts";
export type { SnapshotContext, SnapshotKey } from "../snapshot/seal.ts";

/** Options for writing a snapshot. */
export interface DumpOptions {
  /**
   * `"embed"` (default): includes the program. `"reference"`: includes only its hash, and code that was evaluated or loaded while
   * it ran; `load` then needs the program.
   */
  program?: "embed" | "reference" | undefined;
  /**
   * `"reference"` (default): names the libraries in the program's realm by their hashes; `load` then needs a runtime with these
   * libraries. `"embed"`: includes their code, for a snapshot that must outlive them.
   */
  libraries?: "embed" | "reference" | undefined;
  /**
   * Includes what was measured: the time spent running and the peak of memory, for `usage.timeMs` and `usage.peakMemoryBytes`.
   * Default true. Without it, equal runs give equal bytes.
   */
  elapsed?: boolean | undefined;
  /**
   * Compression level from 0 (uncompressed) to 9. By default small snapshots (of less than 31 KB, uncompressed) are compressed with a
   * prepared dictionary, which takes a few microseconds, and others with level 6, or 3 if they are large. With a level, the snapshot
   * is of format 1, which builds that do not know that dictionary read too.
   */
  level?: Level | undefined;
  /** Seals the snapshot with this key of 32 bytes: without the key, it can be neither read nor altered (AES-256-GCM-SIV). */
  key?: SnapshotKey | undefined;
  /** Context of the seal: a tenant, a run, a generation. `load` must be given the same context. Needs a key. */
  context?: SnapshotContext | undefined;
  /** Expiry of the seal: a Date, or milliseconds since 1970. Needs a key. */
  expires?: number | Date | undefined;
}

const DUMP_OPTIONS: OptionNames<DumpOptions> = {
  program: true,
  libraries: true,
  elapsed: true,
  level: true,
  key: true,
  context: true,
  expires: true,
};

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
  /** Libraries besides those of the runtime: older versions, of which there may be snapshots; or a function that finds them by hash. */
  libraries?: readonly Library[] | LibraryResolver | undefined;
  /** Accepts no code from the snapshot: all code comes from `program` and libraries. Default false. */
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

const LOAD_OPTIONS: OptionNames<LoadOptions> = {
  limits: true,
  allowEval: true,
  externals: true,
  program: true,
  libraries: true,
  requireProgram: true,
  keys: true,
  context: true,
  snapshotBytes: true,
};

/** Options of `inspect`. */
export interface InspectOptions {
  /**
   * Also shows the variables of each frame, and what is suspended (`suspended`). The names come from compiling the source again, which is
   * done once for each program. Default false.
   */
  scopes?: boolean | undefined;
}

const INSPECT_OPTIONS: OptionNames<InspectOptions> = { scopes: true };

/** Longer snapshots are not recognised when they are loaded again. */
const MAX_KNOWN = 65_536;

/** What the bytes of a machine's snapshot hold, and how many bytes that is, uncompressed. */
const contents = new WeakMap<
  Written,
  { readonly parts: Parts; readonly embedding: Embedding; readonly total: number }
>();

/** A captured state. It is immutable. */
export class Snapshot {
  readonly #host: MachineHost;
  readonly #parts: Parts;
  /** The machine into which it was read for verification: the first restore gets it. */
  #machine: Machine | undefined;
  /** The run as the snapshot states it, without the bounds given to `load`. */
  readonly #claimed: RunRecord;
  /** Shared with the machine of which it was taken, until that goes on. */
  readonly #written: Written | undefined;

  /** @internal */
  constructor(host: MachineHost, parts: Parts, machine?: Machine, claimed = parts.run, written?: Written) {
    this.#host = host;
    this.#parts = parts;
    this.#machine = machine;
    this.#claimed = claimed;
    this.#written = written;
  }

  /**
   * Encodes the snapshot as bytes. Equal states give equal bytes on every runtime; only what `elapsed` includes differs from run to run.
   *
   * @throws SnapshotError with the reason `too-large`; TypeError for a context or an expiry without a key, or a key that is not one
   */
  dump(options: DumpOptions = {}): Uint8Array<ArrayBuffer> {
    checkOptions("dump", options, DUMP_OPTIONS);
    const parts =
      options.elapsed === false
        ? { ...this.#parts, run: { ...this.#parts.run, elapsedMs: 0, peakBytes: 0 } }
        : this.#parts;
    const { buildId, run } = parts;
    const embedding = { programs: options.program !== "reference", libraries: options.libraries === "embed" };
    const sections = encodeParts(parts, embedding);
    const plain = writeContainer(buildId, sections, options.level);
    const { key, context, expires } = options;
    if (key === undefined && (context !== undefined || expires !== undefined))
      throw new TypeError("context and expires need a key: only a sealed snapshot has them");
    const bytes = key === undefined ? plain : seal(plain, { key, context, expires });
    if (this.#written !== undefined && plain.length <= MAX_KNOWN) {
      let total = 0;
      for (const section of sections.values()) total += section.length;
      this.#written.bytes = plain.slice();
      contents.set(this.#written, { parts, embedding, total });
    }
    const limit = run.limits.snapshotBytes;
    if (bytes.length > limit)
      throw new SnapshotError(
        "too-large",
        `the snapshot has ${bytes.length} bytes, more than the ${limit} allowed: raise limits.snapshotBytes`,
      );
    return bytes;
  }

  /** Returns a machine in the captured state. @internal */
  restoreMachine(): Machine {
    const machine = this.#machine;
    this.#machine = undefined;
    return machine ?? restoreParts(this.#host, this.#parts);
  }

  /**
   * Restores the captured state, with the same status and pending calls. Every call returns an independent state.
   *
   * @throws StateError if the runtime was disposed
   */
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
   * Describes the content, for people and for tools that decide what to do with it. Nothing of it runs, and the time is
   * proportional to its size. Limits and permissions are those that the snapshot states; `load` may have granted less.
   *
   * @throws TypeError for an unknown option
   */
  inspect(options: InspectOptions = {}): Inspection {
    checkOptions("inspect", options, INSPECT_OPTIONS);
    const host = this.#host;
    // A machine that was recalled may still hold things that are not part of its state any more.
    const machine = options.scopes === true ? restoreParts(host, this.#parts) : this.restoreMachine();
    try {
      const mapOf = options.scopes === true ? (program: ProgramRecord) => host.variables.of(program) : undefined;
      return inspectParts(machine, this.#parts, this.#claimed, mapOf);
    } finally {
      // Its registers may have been marked: nothing may recall it.
      if (options.scopes === true) machine.written = undefined;
      this.#host.release(machine);
    }
  }
}

/** Captures the state of a machine. */
export function captureSnapshot(machine: Machine, host: MachineHost): Snapshot {
  const parts = captureParts(host.core, machine);
  return new Snapshot(host, parts, undefined, parts.run, (machine.written ??= { bytes: undefined }));
}

function resolverOf(libraries: LoadOptions["libraries"]): LibraryResolver | undefined {
  return typeof libraries === "object" ? (hash) => libraries.find((one) => one.hash === hash) : libraries;
}

/** Returns the programs that the host gives, and which others it lets a snapshot bring. */
function knownPrograms(
  host: MachineHost,
  { program, requireProgram, allowEval, libraries, limits }: LoadOptions,
): KnownPrograms {
  const given = program === undefined ? [] : ([program].flat() as readonly Program[]);
  if (requireProgram === true && program === undefined)
    throw new TypeError("requireProgram needs `program`: the programs whose code may run");
  const byHash = given.length === 1 ? given[0]!.byHash : new Map(given.flatMap((one) => [...one.byHash]));
  let mayEval = false;
  for (const record of byHash.values()) mayEval ||= record.allowEval;
  return {
    byHash,
    brings: requireProgram === true ? "none" : program === undefined ? "any" : "found",
    allowEval: allowEval ?? mayEval,
    memoryBytes: resolveLimits(limits).memoryBytes,
    libraryOf: (hash, name, version) => host.libraries.find(hash, name, version, resolverOf(libraries)),
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
  checkOptions("load", options, LOAD_OPTIONS);
  const known = knownPrograms(host, options);
  const most = options.snapshotBytes ?? resolveLimits(options.limits).snapshotBytes;
  const plain = unseal(bytes, options);
  const recalled = recall(host, plain, options, known, most);
  if (recalled !== undefined) return recalled;
  const { buildId, sections } = readContainer(plain, most);
  const read = decodeParts(buildId, sections, known);
  const parts = { ...read, run: grantedRun(host, read.run, read.programs, options) };
  return new Snapshot(host, parts, restoreParts(host, parts), read.run);
}

/** Returns the run as these options let it go on. */
function grantedRun(
  host: MachineHost,
  run: RunRecord,
  programs: readonly ProgramRecord[],
  options: LoadOptions,
): RunRecord {
  checkExternals(programs, options.externals);
  // As in start, the default comes from the program, not from the record of the run.
  const mayEval = options.allowEval ?? programs.some((one) => one.allowEval && !one.isEvaluated && !one.isLoaded);
  const granted = underCeilings(run, options.limits, mayEval);
  if (granted.allowEval && host.core.frontEnd === undefined)
    throw new SnapshotError(
      "no-compiler",
      `the snapshot may compile code from strings, but ${NO_COMPILER}, or load it with allowEval: false`,
    );
  return granted;
}

/** A snapshot whose bytes this runtime has written of a machine that is still in that state: nothing needs to be read. */
function recall(
  host: MachineHost,
  plain: Uint8Array,
  options: LoadOptions,
  known: KnownPrograms,
  most: number,
): Snapshot | undefined {
  let recalled: { readonly parts: Parts; readonly claimed: RunRecord } | undefined;
  const machine = host.recall(plain, ({ written }) => {
    const content = contents.get(written!);
    if (content === undefined || content.total > most) return undefined;
    const { parts, embedding } = content;
    if (!isAdmitted(parts.programs, embedding, known)) return undefined;
    // As it is read from the bytes: amounts are whole.
    const claimed = decodeRun(encodeRun(parts.run));
    const run = grantedRun(host, claimed, parts.programs, options);
    recalled = { parts: { ...parts, run }, claimed };
    return { ...run };
  });
  if (machine === undefined || recalled === undefined) return undefined;
  return new Snapshot(host, recalled.parts, machine, recalled.claimed, machine.written);
}
