// Owns compiled programs: from source to record, and from record to runs. Must never keep a machine.

import { compileToImage, type CompiledImage, type CompilerOptions } from "../compiler/compile.ts";
import { Custody } from "./custody.ts";
import { driveToEnd, type DriveOptions } from "./driver.ts";
import type { CompleteState } from "./complete.ts";
import type { Core } from "./instance.ts";
import { beginRun, enterProgram, type StartOptions } from "./launch.ts";
import type { ExternalMode, Language, Machine, MachineHost, ProgramRecord } from "./machine.ts";
import { RegExpChecker } from "./regexp-check.ts";
import { encodeProgram, programRecord } from "./program-bytes.ts";
import { drivenState, nextState, type PausedState, type State } from "./state.ts";

/** How a program is to be compiled. */
export interface CompileOptions {
  /** Shown in errors and stacks; its extension says which language it is. Default `"program.ts"`. */
  filename?: string | undefined;
  /** Overrides what the extension of `filename` says. `.js`, `.mjs` and `.cjs` are JavaScript, all else is TypeScript. */
  language?: Language | undefined;
  /** Names that `start` binds as global variables. */
  inputs?: readonly string[] | undefined;
  /** Host functions that the program may call, by name; a list of names means that all are async. */
  externals?: Readonly<Record<string, ExternalMode>> | readonly string[] | undefined;
  /** May guest code be compiled from strings? Default false. */
  allowEval?: boolean | undefined;
  /** Makes every statement a place where the program can be held, so that fuel of 1 steps through it. Default false. */
  step?: boolean | undefined;
}

/** Options for {@link Program.run}. */
export type RunOptions = StartOptions & DriveOptions;

/** The TypeScript stripper, once it is loaded. */
export type Strip = NonNullable<CompilerOptions["strip"]>;

/** What programs need of their runtime. */
export interface ProgramHost extends MachineHost {
  readonly core: Core;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

function checkName(name: unknown, what: string): string {
  if (typeof name !== "string" || !IDENTIFIER.test(name)) {
    throw new TypeError(`${what} ${JSON.stringify(name)} is not a name a program could use`);
  }
  return name;
}

function externalsOf(externals: CompileOptions["externals"]): Map<string, ExternalMode> {
  const entries: [string, ExternalMode][] = Array.isArray(externals)
    ? externals.map((name: string) => [name, "async"])
    : Object.entries((externals ?? {}) as Record<string, ExternalMode>);
  for (const [name, mode] of entries) {
    checkName(name, "external function");
    if (mode !== "async" && mode !== "sync") {
      throw new TypeError(`external function ${name} must be "async" or "sync", not ${String(mode)}`);
    }
  }
  return new Map(entries);
}

function languageOf(filename: string, language: Language | undefined): Language {
  if (language !== undefined) {
    if (language !== "typescript" && language !== "javascript") {
      throw new TypeError(`language must be "typescript" or "javascript", not ${String(language)}`);
    }
    return language;
  }
  return /\.[mc]?js$/i.test(filename) ? "javascript" : "typescript";
}

/**
 * Compiles a source to a record. `host`: gives the machine that says whether regular expressions are ones; without it they are not
 * looked at before they run.
 *
 * @throws CompileError when it is no program
 */
export function compileRecord(
  source: string,
  options: CompileOptions,
  strip: Strip | undefined,
  isChunk: boolean,
  host?: MachineHost,
): ProgramRecord {
  const filename = options.filename ?? "program.ts";
  const language = languageOf(filename, options.language);
  const inputs = [...new Set((options.inputs ?? []).map((name) => checkName(name, "input")))];
  const externals = externalsOf(options.externals);
  if (language === "typescript" && strip === undefined) {
    throw new TypeError(
      `${filename} is TypeScript, and this runtime was made without: createRuntime({ typescript: true }), or language: "javascript"`,
    );
  }
  const checker = host === undefined ? undefined : new RegExpChecker(host);
  const compilerOptions: CompilerOptions = {
    filename,
    mode: /\.m[jt]s$/i.test(filename) ? "module" : "script",
    // What is evaluated later must find the names of the top level.
    persistentTopLevel: isChunk || options.allowEval === true,
    step: options.step === true,
    allowEval: options.allowEval === true,
    ...(language === "typescript" ? { strip: strip! } : {}),
    ...(checker === undefined ? {} : { validateRegExp: checker.check }),
  };
  let compiled: CompiledImage;
  try {
    compiled = compileToImage(source, compilerOptions);
  } finally {
    checker?.end();
  }
  return programRecord({
    image: compiled.image,
    source,
    filename,
    language,
    inputs,
    externals,
    allowEval: options.allowEval ?? false,
    isModule: compiled.isModule,
    isEvaluated: false,
  });
}

/** A compiled program. It can be started any number of times; runs share nothing. */
export class Program {
  /** @internal */
  readonly record: ProgramRecord;
  readonly #host: ProgramHost;

  /** @internal */
  constructor(host: ProgramHost, record: ProgramRecord) {
    this.#host = host;
    this.record = record;
  }

  /** Hex digest of the program: source, filename, inputs, externals and code. */
  get hash(): string {
    return this.record.hash;
  }

  /** The name it was compiled under. */
  get filename(): string {
    return this.record.filename;
  }

  /** The program as bytes, for `runtime.load(bytes, { program })` in a process that has no compiler, or for a store. */
  dump(): Uint8Array {
    return encodeProgram(this.record);
  }

  #begin(options: StartOptions): { readonly custody: Custody; readonly machine: Machine } {
    const machine = this.#host.acquire();
    try {
      beginRun(this.#host.core, machine, options, this.record.allowEval);
      enterProgram(machine, this.record, options.inputs);
      return { custody: new Custody(this.#host, machine, false), machine };
    } catch (error) {
      this.#host.release(machine);
      throw error;
    }
  }

  /**
   * Starts the program and runs it, synchronously, until it is done, needs its host, or its fuel is spent.
   *
   * @throws GuestError for an uncaught error, LimitError, MarshalError for an input that cannot enter the guest
   */
  start(options: StartOptions = {}): State {
    const { custody } = this.#begin(options);
    return nextState(custody, options.onSlice);
  }

  /**
   * Starts the program and drives it to its end: calls the host functions in `tools`, several at a time where the program
   * does so, and waits for timers.
   *
   * @throws MissingExternalError before it starts when a function is missing; GuestError, LimitError, MarshalError
   */
  async run(options: RunOptions = {}): Promise<CompleteState> {
    const { custody } = this.#begin(options);
    try {
      return await driveToEnd(custody, custody.turn, options);
    } finally {
      custody.end("its run is over");
    }
  }

  /**
   * As {@link run}, but gives a paused state when fuel or time is up or a hold was asked for, instead of an error.
   */
  async drive(options: RunOptions = {}): Promise<CompleteState | PausedState> {
    const { custody } = this.#begin(options);
    try {
      return await drivenState(custody, custody.turn, options);
    } catch (error) {
      custody.end("its run has failed");
      throw error;
    }
  }
}
