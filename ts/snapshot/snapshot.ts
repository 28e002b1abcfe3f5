// Owns the Snapshot class: a captured state as an immutable thing that can be written, looked at, and gone on from any number of
// times. Must never give two states the same machine.

import { GuestError, SnapshotError } from "../errors.ts";
import type { Machine, MachineHost } from "../vm/machine.ts";
import type { Program, ProgramHost } from "../vm/program.ts";
import type { ResumeOptions, State } from "../vm/state.ts";
import { captureParts } from "./capture.ts";
import { readContainer, writeContainer, type Level } from "./container.ts";
import { inspectParts, type Inspection } from "./inspect.ts";
import { decodeParts, encodeParts, type Parts } from "./parts.ts";
import { restoreParts } from "./restore.ts";
import { seal, unseal, type SnapshotKey } from "./seal.ts";

export type { Inspection } from "./inspect.ts";
export type { SnapshotKey } from "./seal.ts";

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
}

/** How a snapshot is read. */
export interface LoadOptions {
  /** The program, or the programs, of a snapshot that was dumped with `program: "reference"`. */
  program?: Program | readonly Program[] | undefined;
  /** The key with which it was sealed, or several of which one is. With keys, a snapshot that is not sealed is refused. */
  keys?: SnapshotKey | readonly SnapshotKey[] | undefined;
  /** Bytes that the snapshot may hold, inflated; default 64 MiB. */
  snapshotBytes?: number | undefined;
}

/** Small ones are worth the trouble: it is a fraction of a millisecond. */
const SMALL = 65536;
const SMALL_LEVEL: Level = 6;
const LARGE_LEVEL: Level = 3;
const DEFAULT_BYTES = 64 * 1024 * 1024;

/** A captured state. Nothing that happens afterwards changes it. */
export class Snapshot {
  readonly #host: ProgramHost;
  readonly #parts: Parts;
  /** The machine into which it was read when it was verified: the first restore gets it. */
  #machine: Machine | undefined;

  /** @internal */
  constructor(host: ProgramHost, parts: Parts, machine?: Machine) {
    this.#host = host;
    this.#parts = parts;
    this.#machine = machine;
  }

  /** The snapshot as bytes. Equal states give equal bytes, on every runtime; only `elapsed` differs from run to run. */
  dump(options: DumpOptions = {}): Uint8Array<ArrayBuffer> {
    const parts =
      options.elapsed === false ? { ...this.#parts, run: { ...this.#parts.run, elapsedMs: 0 } } : this.#parts;
    const { buildId, graph, texts, run } = parts;
    const level = options.level ?? (graph.length + texts.length < SMALL ? SMALL_LEVEL : LARGE_LEVEL);
    const plain = writeContainer(buildId, encodeParts(parts, options.program !== "reference"), level);
    const bytes = options.key === undefined ? plain : seal(plain, options.key);
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

  /** What is in it: for people to read, and for tools. */
  inspect(): Inspection {
    const machine = this.restoreMachine();
    try {
      return inspectParts(machine, this.#parts);
    } finally {
      this.#host.release(machine);
    }
  }
}

/** Captures the state in which a machine stands. */
export function captureSnapshot(machine: Machine, host: MachineHost): Snapshot {
  const programHost = host as ProgramHost;
  return new Snapshot(programHost, captureParts(programHost.core, machine));
}

/**
 * Reads a snapshot and verifies all of it.
 *
 * @throws SnapshotError saying why it is refused
 */
export function loadSnapshot(host: MachineHost, bytes: Uint8Array, options: LoadOptions): Snapshot {
  const programHost = host as ProgramHost;
  const { buildId, sections } = readContainer(unseal(bytes, options.keys), options.snapshotBytes ?? DEFAULT_BYTES);
  const given =
    options.program === undefined
      ? []
      : Array.isArray(options.program)
        ? (options.program as readonly Program[])
        : [options.program as Program];
  const known = new Map(
    given.flatMap(({ record, modules }) => [record, ...modules]).map((record) => [record.hash, record]),
  );
  const parts = decodeParts(buildId, sections, known);
  return new Snapshot(programHost, parts, restoreParts(programHost, parts));
}
