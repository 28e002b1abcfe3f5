// Owns what every runtime has, with a compiler or without: the compiled core, the pool of machines, and the entry points for compiled
// programs and snapshots. Must never reuse a machine in which something trapped, and must never import the compiler.

import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import { StateError } from "../errors.ts";
import { Core } from "../machine/core.ts";
import { NO_COMPILER } from "../machine/front-end.ts";
import type { Machine } from "../machine/machine.ts";
import { decodeBundle } from "../machine/program-bytes.ts";
import type { ProgramRecord, RunRecord } from "../machine/records.ts";
import { runOf } from "../machine/run.ts";
import type { TimeZones } from "../machine/zone-rules.ts";
import { sameBytes } from "../snapshot/parts.ts";
import { moduleRecord } from "./compile.ts";
import { Lease } from "./lease.ts";
import type { MachineHost, Resting } from "./host.ts";
import { Libraries, type LibraryOption, withoutZones } from "./libraries.ts";
import { Program } from "./program.ts";
import { Recording } from "./recording.ts";
import type { RecordOptions } from "./recorder.ts";
import { type LoadOptions, loadSnapshot, type Snapshot } from "./snapshot.ts";
import { standingState, type State } from "./state.ts";
import { VariableMaps } from "./variable-maps.ts";

/** Options for creating a runtime. */
export interface ResumeRuntimeOptions {
  /** The wasm module of exactly this build, compiled or as bytes. */
  module: WebAssembly.Module | BufferSource;
  /** Maximum number of idle machines kept for reuse. If it is not 0, one is created at the start. Default 4. */
  poolSize?: number | undefined;
  /**
   * Libraries of guest code, such as the default export of `fermata-vm/web`. A program has those of which it names a global, a module
   * or a property that is listed for this, those that these require, and, if it may compile code from strings, all. Time zones in this
   * list are taken for `zones`.
   */
  libraries?: readonly (LibraryOption | TimeZones)[] | undefined;
  /**
   * Where time zones come from: the default export of `fermata-vm/zones`, whose data are the same on every host, or a source of your own.
   * Default: the host's Intl.
   */
  zones?: TimeZones | undefined;
}

/** Names of the options that every runtime has. */
export const RESUME_RUNTIME_OPTIONS: OptionNames<ResumeRuntimeOptions> = {
  module: true,
  poolSize: true,
  libraries: true,
  zones: true,
};

/** A machine with more memory than this is not kept: a fresh one is cheaper than holding that memory. */
const MAX_POOLED_BYTES = 8 * 1024 * 1024;

/** Most machines of waiting states; the others wait without a machine. */
const MAX_RESTING = 32;

/** Limits that the core keeps: a machine that has others is not in the state that a snapshot with these would give. */
const CORE_LIMITS = ["memoryBytes", "stackDepth", "stdoutBytes", "hostCalls"] as const;

class Host implements MachineHost {
  readonly core: Core;
  readonly libraries: Libraries;
  readonly variables: VariableMaps;
  readonly #pool: Machine[] = [];
  /** Idle machines that still hold the state of a snapshot that was written of them, oldest first: it may be loaded again soon. */
  readonly #warm: Machine[] = [];
  /** Those who have machines that wait, the one used least recently first. */
  readonly #resting = new Set<Resting>();
  readonly #poolSize: number;
  #isDisposed = false;

  constructor(core: Core, poolSize: number, libraries: readonly LibraryOption[]) {
    this.core = core;
    this.libraries = new Libraries(this, libraries);
    this.variables = new VariableMaps(core.frontEnd);
    this.#poolSize = poolSize;
    // The first program should not have to wait while a machine is made.
    if (poolSize > 0) this.#pool.push(core.create());
  }

  acquire(): Machine {
    if (this.#isDisposed) throw new StateError("the runtime was disposed");
    return this.fresh();
  }

  fresh(): Machine {
    const idle = this.#pool.pop();
    if (idle !== undefined) return idle;
    const used = this.#warm.shift() ?? this.#parked();
    if (used === undefined || used.memoryBytes > MAX_POOLED_BYTES) return this.core.create();
    this.core.reset(used);
    return used;
  }

  /** Takes the machine of the state that was used least recently, if many machines wait. */
  #parked(): Machine | undefined {
    if (this.#resting.size < MAX_RESTING) return undefined;
    const oldest: Resting = this.#resting.values().next().value!;
    this.#resting.delete(oldest);
    return oldest.park();
  }

  rests(lease: Resting): void {
    this.#resting.delete(lease);
    this.#resting.add(lease);
  }

  wakes(lease: Resting): void {
    this.#resting.delete(lease);
  }

  recall(bytes: Uint8Array, accept: (machine: Machine) => RunRecord | undefined): Machine | undefined {
    const place = this.#warm.findIndex(({ written }) => sameBytes(written!.bytes!, bytes));
    const machine = this.#warm[place];
    if (machine === undefined) return undefined;
    const run = accept(machine);
    const { limits } = runOf(machine);
    if (run === undefined || CORE_LIMITS.some((name) => limits[name] !== run.limits[name])) return undefined;
    this.#warm.splice(place, 1);
    machine.run = run;
    machine.untimed = -1;
    return machine;
  }

  release(machine: Machine): void {
    if (machine.broken || this.#isDisposed || machine.memoryBytes > MAX_POOLED_BYTES) return;
    if (machine.written?.bytes !== undefined) {
      this.#keepWarm(machine);
      return;
    }
    if (this.#pool.length + this.#warm.length >= this.#poolSize && this.#warm.shift() === undefined) return;
    this.core.reset(machine);
    this.#pool.push(machine);
  }

  #keepWarm(machine: Machine): void {
    if (this.#pool.length + this.#warm.length >= this.#poolSize) {
      const old = this.#warm.shift() ?? this.#pool.pop();
      if (old === undefined) return;
    }
    this.#warm.push(machine);
  }

  compileModule(
    source: string,
    { filename, language, type, allowEval, limits }: Parameters<MachineHost["compileModule"]>[1],
  ): ProgramRecord {
    const { frontEnd } = this.core;
    if (frontEnd === undefined) throw new TypeError(`cannot compile the module ${filename}: ${NO_COMPILER}`);
    return moduleRecord(source, { filename, language, allowEval, limits }, type, frontEnd, true, this);
  }

  stateOf(machine: Machine): State {
    return standingState(new Lease(this, machine, false), machine);
  }

  record(machine: Machine, options: RecordOptions): Recording {
    return Recording.of(this, machine, options);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#pool.length = 0;
    this.#warm.length = 0;
  }
}

/**
 * Runs and resumes programs that were compiled elsewhere: all of a runtime but the compiler. One is enough for a whole process: it holds
 * the compiled core and a few idle machines.
 */
export class ResumeRuntime {
  /** @internal */
  protected readonly host: MachineHost & { dispose(): void };

  /** @internal */
  constructor(core: Core, poolSize: number, libraries: readonly LibraryOption[]) {
    this.host = new Host(core, poolSize, libraries);
  }

  /**
   * Reads a program that `program.dump()` wrote, and verifies it: it can be started, and given to `load` for snapshots that refer to it.
   *
   * @throws SnapshotError for bytes that are not a program
   */
  loadProgram(bytes: Uint8Array): Program {
    const [record, ...modules] = decodeBundle(bytes);
    return new Program(this.host, record, modules);
  }

  /**
   * Loads and verifies a snapshot. Nothing of it runs before `restore` or `resume`.
   *
   * ```ts
   * const state = runtime.load(bytes, { keys: key, context: { tenant: "a" } }).resume("Oslo");
   * ```
   *
   * @throws SnapshotError if the bytes cannot be trusted or used
   */
  load(bytes: Uint8Array, options: LoadOptions = {}): Snapshot {
    return loadSnapshot(this.host, bytes, options);
  }

  /** Releases all idle machines. Existing states keep working until they complete. */
  dispose(): void {
    this.host.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Returns the module of these options, compiled. */
export async function compiled({ module }: ResumeRuntimeOptions): Promise<WebAssembly.Module> {
  return module instanceof WebAssembly.Module ? module : WebAssembly.compile(module);
}

/**
 * Creates a runtime without a compiler from the given wasm. The `createRuntime` of each host finds the wasm itself; use this function
 * if yours comes from elsewhere.
 *
 * @throws InternalError if the module is not the core of this build
 */
export async function createResumeRuntimeFrom(options: ResumeRuntimeOptions): Promise<ResumeRuntime> {
  checkOptions("createRuntime", options, RESUME_RUNTIME_OPTIONS);
  const { libraries, zones } = withoutZones(options.libraries ?? [], options.zones);
  return new ResumeRuntime(new Core(await compiled(options), zones), options.poolSize ?? DEFAULT_POOL, libraries);
}

/** Idle machines that are kept unless the host says otherwise. */
export const DEFAULT_POOL = 4;
