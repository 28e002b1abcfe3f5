// Owns the runtime: the compiled core, the pool of machines, and the entry points for programs, snapshots and sessions. Must never
// reuse a machine in which something trapped.

import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import { StateError } from "../errors.ts";
import { Core } from "../machine/core.ts";
import type { Library } from "../machine/library.ts";
import type { Machine } from "../machine/machine.ts";
import { decodeBundle } from "../machine/program-bytes.ts";
import type { ProgramRecord, RunRecord } from "../machine/records.ts";
import { runOf } from "../machine/run.ts";
import type { TimeZones } from "../machine/zone-rules.ts";
import { sameBytes } from "../snapshot/parts.ts";
import {
  type BundleOptions,
  bundleRecords,
  checkCompileOptions,
  type CompileOptions,
  compileRecord,
  type Files,
  moduleRecord,
  type Strip,
} from "./compile.ts";
import { Lease } from "./lease.ts";
import type { MachineHost, Resting } from "./host.ts";
import { buildLibrary, type LibrarySource } from "./library-build.ts";
import { Libraries, type LibraryOption } from "./libraries.ts";
import { Program } from "./program.ts";
import { Recording } from "./recording.ts";
import type { RecordOptions } from "./recorder.ts";
import { Session, type SessionOptions } from "./session.ts";
import { type LoadOptions, loadSnapshot, type Snapshot } from "./snapshot.ts";
import { standingState, type State } from "./state.ts";
import { VariableMaps } from "./variable-maps.ts";

/** Options for creating a runtime. */
export interface RuntimeOptions {
  /** The wasm module of exactly this build, compiled or as bytes. */
  module: WebAssembly.Module | BufferSource;
  /** Loads the TypeScript stripper, so that `compile` accepts TypeScript. Default true. */
  typescript?: boolean | undefined;
  /** Maximum number of idle machines kept for reuse. If it is not 0, one is created at the start. Default 4. */
  poolSize?: number | undefined;
  /**
   * Libraries of guest code, such as the default export of `fermata-vm/web`. A program has those of which it names a global, a module
   * or a property that is listed for this, those that these require, and, if it may compile code from strings, all.
   */
  libraries?: readonly LibraryOption[] | undefined;
  /**
   * Where time zones come from: the default export of `fermata-vm/zones`, whose data are the same on every host, or a source of your own.
   * Default: the host's Intl.
   */
  zones?: TimeZones | undefined;
}

const RUNTIME_OPTIONS: OptionNames<RuntimeOptions> = {
  module: true,
  typescript: true,
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
  readonly #strip: Strip | undefined;
  #isDisposed = false;

  constructor(core: Core, strip: Strip | undefined, poolSize: number, libraries: readonly LibraryOption[]) {
    this.core = core;
    this.libraries = new Libraries(this, libraries);
    this.variables = new VariableMaps(strip);
    this.#strip = strip;
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
    return moduleRecord(source, { filename, language, allowEval, limits }, type, this.#strip, true, this);
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
 * Compiles and runs programs. One runtime is enough for a whole process: it holds the compiled core and a few idle machines.
 */
export class Runtime {
  readonly #host: Host;
  readonly #strip: Strip | undefined;

  /** @internal */
  constructor(core: Core, strip: Strip | undefined, poolSize: number, libraries: readonly LibraryOption[]) {
    this.#host = new Host(core, strip, poolSize, libraries);
    this.#strip = strip;
  }

  /**
   * Compiles a program of several files, all of them modules. `entry` is run; the files import each other by relative specifiers,
   * with or without the extension. A module that is not among them is requested from the host when the program runs.
   *
   * ```ts
   * runtime.compile({ "main.ts": 'import { a } from "./a"; a', "a.ts": "export const a = 1" }, { entry: "main.ts" });
   * ```
   *
   * @throws CompileError with position and code frame, TypeError if `entry` is not among the files
   */
  compile(files: Files, options: BundleOptions): Program;
  /**
   * Compiles a program. It is TypeScript unless its filename or `language` says otherwise.
   *
   * ```ts
   * const program = runtime.compile("const n: number = ask(question); n + 1", { inputs: ["question"], externals: { ask: "sync" } });
   * ```
   *
   * @throws CompileError with position and code frame, LimitError if compiling exceeds `limits`
   */
  compile(source: string, options?: CompileOptions): Program;
  compile(source: string | Files, options: CompileOptions | BundleOptions = {}): Program {
    const host = this.#host;
    const { limits } = options;
    checkCompileOptions(options, typeof source !== "string");
    if (typeof source === "string")
      return new Program(host, compileRecord(source, options, this.#strip, undefined, host), [], limits);
    const [record, ...modules] = bundleRecords(source, options as BundleOptions, this.#strip, host);
    return new Program(host, record, modules, limits);
  }

  /**
   * Reads a program that `program.dump()` wrote, and verifies it: it can be started, and given to `load` for snapshots that refer to it.
   *
   * @throws SnapshotError for bytes that are not a program
   */
  loadProgram(bytes: Uint8Array): Program {
    const [record, ...modules] = decodeBundle(bytes);
    return new Program(this.#host, record, modules);
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
    return loadSnapshot(this.#host, bytes, options);
  }

  /**
   * Compiles a library of guest code, for `createRuntime({ libraries })`. Its script is evaluated once, to find the globals that it
   * defines. It is plain data: keep it as a module with {@link libraryModule}, so that every process has the very same library.
   *
   * @throws CompileError, GuestError if its script throws, TypeError if the script leaves jobs, calls or output
   */
  compileLibrary(source: LibrarySource): Library {
    return buildLibrary(this.#host, source);
  }

  /**
   * Opens a session: chunks of code that share one realm.
   *
   * @throws StateError if the runtime was disposed; TypeError or RangeError for an option or a limit that is not valid
   */
  session(options: SessionOptions = {}): Session {
    return Session.open(this.#host, this.#strip, options);
  }

  /** Releases all idle machines. Existing states keep working until they complete. */
  dispose(): void {
    this.#host.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Loads the stripper, a separate chunk that is fetched only if TypeScript is wanted. */
async function loadStripper(): Promise<Strip> {
  const { stripTypes } = await import("../compiler/typescript/strip.ts");
  return stripTypes;
}

/**
 * Creates a runtime from the given wasm. The `createRuntime` of each host finds the wasm itself; use this function if yours comes
 * from elsewhere.
 *
 * @throws InternalError if the module is not the core of this build
 */
export async function createRuntimeFrom(options: RuntimeOptions): Promise<Runtime> {
  checkOptions("createRuntime", options, RUNTIME_OPTIONS);
  const [module, strip] = await Promise.all([
    options.module instanceof WebAssembly.Module ? options.module : WebAssembly.compile(options.module),
    options.typescript === false ? undefined : loadStripper(),
  ]);
  return new Runtime(new Core(module, options.zones), strip, options.poolSize ?? 4, options.libraries ?? []);
}

export type { MachineHost };
