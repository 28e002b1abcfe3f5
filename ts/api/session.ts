// Owns sessions: chunks of code that share one realm, as in a REPL. Must never run two chunks at a time.

import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import { RUN_STATUS } from "../defs/layout.ts";
import { StateError } from "../errors.ts";
import { beginRun, changeLimits, enterProgram, type StartOptions } from "../machine/launch.ts";
import { withExternals } from "../machine/externals.ts";
import type { Limits } from "../machine/limits.ts";
import type { Machine } from "../machine/machine.ts";
import type { ExternalMode, Language } from "../machine/records.ts";
import type { SliceListener } from "../machine/run-loop.ts";
import { grantTime, runOf } from "../machine/run.ts";
import { forkMachine } from "../snapshot/checkpoint.ts";
import type { FrontEnd } from "../machine/front-end.ts";
import { type CompileOptions, compileRecord } from "./compile.ts";
import type { CompleteState } from "./complete.ts";
import { Lease } from "./lease.ts";
import { DRIVE_OPTIONS, type DriveOptions } from "./driver.ts";
import type { MachineHost } from "./host.ts";
import { captureSnapshot, type Snapshot } from "./snapshot.ts";
import { driveToEnd, nextState, standingState, type State, type SuspendedState } from "./state.ts";

/** Options for opening a session. */
export interface SessionOptions extends Omit<StartOptions, "inputs" | "onSlice" | "allowEval"> {
  /** May chunks compile code from strings? Default false. A session from a snapshot keeps its own setting, unless this is `false`. */
  allowEval?: boolean | undefined;
  /** Host functions that every chunk may call. */
  externals?: CompileOptions["externals"];
  /** Language of chunks. Default TypeScript, or JavaScript if the runtime was created without TypeScript. */
  language?: Language | undefined;
  /**
   * A chunk may declare names of earlier chunks again, as in a browser's console: `let`, `const`, `class`, `var` and functions. The
   * new declaration takes the name over, also for functions that mention it. A snapshot does not record this. Default false.
   */
  redeclare?: boolean | undefined;
  /** Continues from a snapshot of a session, instead of a fresh realm. */
  from?: Snapshot | undefined;
}

const SESSION_OPTIONS: OptionNames<SessionOptions> = {
  limits: true,
  seed: true,
  now: true,
  timeZone: true,
  keepState: true,
  allowEval: true,
  externals: true,
  language: true,
  redeclare: true,
  from: true,
};

/** Options for running a chunk. */
export interface ChunkOptions {
  /** Default `"chunk-1.ts"`, `"chunk-2.ts"` … */
  filename?: string | undefined;
  /** Language of this chunk. Default: by the extension of `filename`, if there is one; otherwise that of the session. */
  language?: Language | undefined;
  /** `"module"`: a module, whatever its filename; its bindings are its own. Default: by filename and content. */
  type?: "script" | "module" | undefined;
  /** Values to bind as global variables before the chunk runs. */
  inputs?: Readonly<Record<string, unknown>> | undefined;
  /** Additional host functions; they remain available to later chunks. */
  externals?: CompileOptions["externals"];
  /** Limits to change from this chunk on. Fuel and time start anew with each chunk. */
  limits?: Limits | undefined;
  /** Called between slices; may request a hold. */
  onSlice?: SliceListener | undefined;
}

const CHUNK_OPTIONS: OptionNames<ChunkOptions> = {
  filename: true,
  language: true,
  type: true,
  inputs: true,
  externals: true,
  limits: true,
  onSlice: true,
};

/** True if no chunk is running, suspended or paused in the machine. */
function isAtRest(machine: Machine): boolean {
  const status = machine.word("status");
  return runOf(machine).pausedBy === undefined && (status === RUN_STATUS.DONE || status === RUN_STATUS.IDLE);
}

/** A realm that persists from chunk to chunk: top-level bindings, globals, pending promises. */
export class Session {
  readonly #host: MachineHost;
  readonly #frontEnd: FrontEnd;
  readonly #language: Language | undefined;
  readonly #mayRedeclare: boolean;
  readonly #lease: Lease;
  #externals: Map<string, ExternalMode>;
  #chunks: number;

  private constructor(
    host: MachineHost,
    frontEnd: FrontEnd,
    machine: Machine,
    language: Language | undefined,
    externals: Map<string, ExternalMode>,
    mayRedeclare: boolean,
  ) {
    this.#host = host;
    this.#frontEnd = frontEnd;
    this.#language = language;
    this.#lease = new Lease(host, machine, true);
    this.#externals = externals;
    this.#mayRedeclare = mayRedeclare;
    this.#chunks = machine.programs.filter(({ library }) => library === undefined).length;
  }

  /** @internal */
  static open(host: MachineHost, frontEnd: FrontEnd, options: SessionOptions): Session {
    checkOptions("session", options, SESSION_OPTIONS);
    const mayRedeclare = options.redeclare === true;
    const language = options.language ?? (frontEnd.strip === undefined ? "javascript" : undefined);
    if (options.from !== undefined) {
      const machine = options.from.restoreMachine();
      if (options.allowEval === false) runOf(machine).allowEval = false;
      if (options.limits !== undefined) {
        changeLimits(machine, options.limits);
      }
      const session = new Session(host, frontEnd, machine, language, Session.#declared(machine), mayRedeclare);
      session.#declare(options.externals);
      return session;
    }
    const machine = host.acquire();
    const mayEval = options.allowEval === true;
    beginRun(host.core, machine, options, mayEval, undefined, host.libraries.fillFor([], mayEval));
    const session = new Session(host, frontEnd, machine, language, new Map(), mayRedeclare);
    session.#declare(options.externals);
    return session;
  }

  /** Collects the host functions that the programs of a machine have declared. */
  static #declared(machine: Machine): Map<string, ExternalMode> {
    return new Map(machine.programs.flatMap((program) => [...program.externals]));
  }

  /** Adds host functions for the next chunk and all later ones. */
  #declare(externals: CompileOptions["externals"]): void {
    this.#externals = withExternals(this.#externals, externals);
  }

  /** Sources of the chunks so far that are scripts in TypeScript, and the number of programs among which they were found. */
  readonly #earlier: string[] = [];
  #seen = 0;

  /** The compiler for a chunk: namespaces and enums of earlier chunks go on in it. */
  #frontEndAfter(machine: Machine): FrontEnd {
    const { strip } = this.#frontEnd;
    if (strip === undefined) return this.#frontEnd;
    for (; this.#seen < machine.programs.length; this.#seen++) {
      const { source, language, isModule, library } = machine.programs[this.#seen]!;
      if (language === "typescript" && !isModule && library === undefined) this.#earlier.push(source);
    }
    return {
      ...this.#frontEnd,
      strip: (source, options) => strip(source, { ...options, earlier: this.#earlier }),
    };
  }

  #begin(chunk: string, options: ChunkOptions): void {
    checkOptions("a chunk", options, CHUNK_OPTIONS, DRIVE_OPTIONS);
    if ((options.type as string | undefined) === "function-body") {
      throw new TypeError(
        'a chunk cannot be of type "function-body": what it declares would be lost to the next chunk. Leave `type` out, and end the chunk with the value instead of `return`',
      );
    }
    const lease = this.#lease;
    const machine = lease.machine(lease.generation);
    if (!isAtRest(machine))
      throw new StateError("the previous chunk is not complete: resume its state, or dispose it", "running");
    this.#declare(options.externals);
    const number = this.#chunks + 1;
    const language = options.language ?? (options.filename === undefined ? this.#language : undefined);
    const record = compileRecord(
      chunk,
      {
        filename: options.filename ?? `chunk-${number}.${this.#language === "javascript" ? "js" : "ts"}`,
        language,
        type: options.type,
        inputs: Object.keys(options.inputs ?? {}),
        externals: Object.fromEntries(this.#externals),
        allowEval: runOf(machine).allowEval,
      },
      this.#frontEndAfter(machine),
      { mayRedeclare: this.#mayRedeclare },
      this.#host,
    );
    const run = runOf(machine);
    if (options.limits !== undefined) changeLimits(machine, options.limits);
    run.fuelLeft = run.limits.fuel;
    grantTime(machine);
    this.#host.libraries.enter(machine, record);
    lease.begin(lease.generation);
    this.#chunks = number;
    enterProgram(machine, record, options.inputs);
  }

  /**
   * Runs a chunk until it completes, waits for its host, or runs out of fuel.
   *
   * @throws CompileError, GuestError, LimitError, MarshalError (the session stays usable after each)
   */
  start(chunk: string, options: ChunkOptions = {}): State {
    this.#begin(chunk, options);
    return nextState(this.#lease, options.onSlice);
  }

  /**
   * Runs a chunk to completion with the host functions in `tools`. With `hold`, it may end with a suspended state, at which only calls
   * of the held functions remain, and timers.
   *
   * @throws CompileError, AbortError, GuestError, LimitError, MarshalError (the session stays usable after each; an aborted chunk
   *   waits in the error's `state`)
   */
  run(chunk: string, options?: ChunkOptions & DriveOptions & { hold?: undefined }): Promise<CompleteState>;
  run(chunk: string, options: ChunkOptions & DriveOptions): Promise<CompleteState | SuspendedState>;
  async run(chunk: string, options: ChunkOptions & DriveOptions = {}): Promise<CompleteState | SuspendedState> {
    this.#begin(chunk, options);
    const lease = this.#lease;
    const { generation } = lease;
    try {
      return await driveToEnd(lease, generation, options);
    } catch (error) {
      // Nothing of the chunk could run.
      if (lease.isCurrent(generation)) lease.dismiss(generation);
      throw error;
    }
  }

  /** Returns the state of the unfinished chunk, or undefined between two chunks. Useful for a session opened from a snapshot. */
  state(): State | undefined {
    const machine = this.#lease.machine(this.#lease.generation);
    return isAtRest(machine) ? undefined : standingState(this.#lease, machine);
  }

  /**
   * Captures the session between two chunks, or while one is suspended or paused.
   *
   * @throws StateError if the session was disposed
   */
  snapshot(): Snapshot {
    return captureSnapshot(this.#lease.machine(this.#lease.generation), this.#host);
  }

  /**
   * Makes an independent copy of the session. Later changes in one are not seen by the other.
   *
   * @throws StateError if the session was disposed
   */
  fork(): Session {
    const copy = forkMachine(this.#host, this.#lease.machine(this.#lease.generation));
    return new Session(this.#host, this.#frontEnd, copy, this.#language, new Map(this.#externals), this.#mayRedeclare);
  }

  /** Ends the session and returns its machine to the pool. */
  dispose(): void {
    this.#lease.end("the session was disposed", "disposed");
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
