// Owns compiled programs: source is compiled to a record, and a record is started as a run. Must never keep a machine.

import { sha256 } from "../bytes/sha256.ts";
import { RUN_STATUS } from "../defs/layout.ts";
import type { CompileLimits } from "../compiler/compile-limits.ts";
import { NO_COMPILER } from "../machine/front-end.ts";
import { beginRun, enterProgram, START_OPTIONS, type StartOptions } from "../machine/launch.ts";
import type { Machine } from "../machine/machine.ts";
import { encodeBundle } from "../machine/program-bytes.ts";
import { checkOptions } from "../machine/option-names.ts";
import { runOf } from "../machine/run.ts";
import type { ProgramRecord } from "../machine/records.ts";
import type { CompleteState } from "./complete.ts";
import { Lease } from "./lease.ts";
import { DRIVE_OPTIONS, type DriveOptions } from "./driver.ts";
import type { MachineHost } from "./host.ts";
import { RECORD_OPTIONS, type RecordOptions, resolveRecordOptions } from "./recorder.ts";
import type { Recording } from "./recording.ts";
import {
  drivenState,
  driveToEnd,
  nextState,
  type PausedState,
  type State,
  statesOf,
  type SuspendedState,
} from "./state.ts";
import { giveWay, mustWait } from "./turns.ts";

/** Options for {@link Program.run}. */
export type RunOptions = StartOptions & DriveOptions;

/** A compiled program. It can be started any number of times; its runs share nothing. */
export class Program {
  /** @internal */
  readonly record: ProgramRecord;
  /** The other files. @internal */
  readonly modules: readonly ProgramRecord[];
  readonly #host: MachineHost;
  readonly #compileLimits: CompileLimits | undefined;
  #hash: string | undefined;

  /** @internal */
  constructor(
    host: MachineHost,
    record: ProgramRecord,
    modules: readonly ProgramRecord[] = [],
    compileLimits?: CompileLimits,
  ) {
    this.#host = host;
    this.#compileLimits = compileLimits;
    this.record = record;
    this.modules = modules;
  }

  /** SHA-256 of the program in hex. It covers sources, filenames, inputs, externals and code. */
  get hash(): string {
    if (this.modules.length === 0) return this.record.hash;
    return (this.#hash ??= sha256(this.dump()));
  }

  #byHash: ReadonlyMap<string, ProgramRecord> | undefined;

  /** Its files by their hashes. @internal */
  get byHash(): ReadonlyMap<string, ProgramRecord> {
    return (this.#byHash ??= new Map([this.record, ...this.modules].map((record) => [record.hash, record])));
  }

  /** The `filename` it was compiled with; for several files, that of the entry. */
  get filename(): string {
    return this.record.filename;
  }

  /** Encodes the program as bytes, for `runtime.loadProgram` in a process that does not have its source. */
  dump(): Uint8Array {
    return encodeBundle(this.record, this.modules);
  }

  #begin(options: StartOptions): { readonly lease: Lease; readonly machine: Machine } {
    const { core, libraries } = this.#host;
    const { allowEval } = this.record;
    const fill = libraries.fillFor([this.record, ...this.modules], allowEval && options.allowEval !== false);
    if (allowEval && options.allowEval !== false && core.frontEnd === undefined)
      throw new TypeError(
        `${this.filename} may compile code from strings, but ${NO_COMPILER}, or start it with allowEval: false`,
      );
    const machine = this.#host.acquire();
    try {
      beginRun(core, machine, options, allowEval, this.#compileLimits, fill);
      enterProgram(machine, this.record, options.inputs, this.modules);
      return { lease: new Lease(this.#host, machine, false), machine };
    } catch (error) {
      this.#host.release(machine);
      throw error;
    }
  }

  /**
   * Starts the program and runs it synchronously until it completes, waits for its host, or runs out of fuel.
   *
   * @throws GuestError for an uncaught error; LimitError; MarshalError for an input that cannot enter the guest; TypeError or
   *   RangeError for an option or a limit that is not valid; StateError if the runtime was disposed
   */
  start(options: StartOptions = {}): State {
    checkOptions("start", options, START_OPTIONS, DRIVE_OPTIONS);
    const { lease } = this.#begin(options);
    return nextState(lease, options.onSlice);
  }

  /**
   * Starts the program and records its run. It is held before its first statement if it was compiled for stepping, and otherwise at its
   * first call or loop.
   *
   * ```ts
   * const recording = runtime.compile(source, { step: true }).startRecording({ seed: 1 });
   * await recording.drive({ tools });
   * recording.backTo("total");
   * ```
   *
   * @throws as {@link start}; TypeError or RangeError for an option of the recording that is not valid
   */
  startRecording(options: StartOptions & RecordOptions = {}): Recording {
    checkOptions("startRecording", options, START_OPTIONS, RECORD_OPTIONS);
    const { every, bytes, ...start } = options;
    resolveRecordOptions({ every, bytes });
    const { machine } = this.#begin(start);
    // It is held where nothing of it has run; from there it goes to its first stop.
    runOf(machine).pausedBy = "hold";
    machine.setWord("status", RUN_STATUS.IDLE);
    return this.#host.record(machine, { every, bytes });
  }

  /**
   * Starts the program and drives it to completion: calls the host functions in `tools`, concurrently where the program does, and
   * waits for timers. With `hold`, it may end with a suspended state, at which only calls of the held functions remain, and timers.
   *
   * ```ts
   * const { output, stdout } = await program.run({ tools: { weather: async (city) => fetchWeather(city) }, limits: { timeMs: 1000 } });
   * ```
   *
   * @throws MissingExternalError, before the program starts, if a function is missing; AbortError, GuestError, LimitError,
   *   MarshalError. But for a GuestError, and limits that the program exceeded in the middle of an instruction, the error's `state`
   *   can be driven on.
   */
  run<Output = unknown>(options?: RunOptions & { hold?: undefined }): Promise<CompleteState<Output>>;
  run<Output = unknown>(options: RunOptions): Promise<CompleteState<Output> | SuspendedState>;
  async run(options: RunOptions = {}): Promise<CompleteState | SuspendedState> {
    checkOptions("run", options, START_OPTIONS, DRIVE_OPTIONS);
    // Of many programs that are started at once, each takes a machine only when its turn comes.
    if (mustWait(options.yieldEveryMs)) await giveWay();
    const { lease } = this.#begin(options);
    return orEnd(lease, () => driveToEnd(lease, lease.generation, options));
  }

  /**
   * As {@link run}, but resolves to a paused state, not an error, when fuel or time runs out or a hold was requested.
   *
   * @throws as {@link run}
   */
  drive(options?: RunOptions & { hold?: undefined }): Promise<CompleteState | PausedState>;
  drive(options: RunOptions): Promise<State>;
  async drive(options: RunOptions = {}): Promise<State> {
    checkOptions("drive", options, START_OPTIONS, DRIVE_OPTIONS);
    if (mustWait(options.yieldEveryMs)) await giveWay();
    const { lease } = this.#begin(options);
    return orEnd(lease, async () => (await drivenState(lease, lease.generation, options)).state);
  }

  /**
   * Starts the program and drives it stop by stop: the states at which it needs its host, each before the calls in it are made, so
   * that it can be snapshotted first. The last one is complete, paused, or waits for calls that `hold` leaves alone. In between, a
   * state may be answered or resumed; the next state is then the one that this gave.
   *
   * ```ts
   * for await (const state of program.states({ tools })) if (state.status === "suspended") await store.put(id, state.snapshot().dump());
   * ```
   *
   * @throws as {@link run}, from the iteration
   */
  async *states(options: RunOptions = {}): AsyncGenerator<State, void, undefined> {
    checkOptions("states", options, START_OPTIONS, DRIVE_OPTIONS);
    if (mustWait(options.yieldEveryMs)) await giveWay();
    const { lease } = this.#begin(options);
    const states = statesOf(lease, lease.generation, options);
    yield await orEnd(lease, async () => (await states.next()).value as State);
    yield* states;
  }
}

/** Drives a run that has just begun; if nothing of it could run, it is over. */
async function orEnd<T>(lease: Lease, drive: () => Promise<T>): Promise<T> {
  const { generation } = lease;
  try {
    return await drive();
  } catch (error) {
    if (lease.isCurrent(generation)) lease.end("its run has failed", "failed");
    throw error;
  }
}
