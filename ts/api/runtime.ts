// Owns the runtime that compiles: programs, libraries and sessions, besides all that one without a compiler does.

import { checkOptions, type OptionNames } from "../machine/option-names.ts";
import { Core } from "../machine/core.ts";
import type { FrontEnd, Strip } from "../machine/front-end.ts";
import type { Library } from "../machine/library.ts";
import {
  type BundleOptions,
  bundleRecords,
  checkCompileOptions,
  type CompileOptions,
  compileRecord,
  type Files,
} from "./compile.ts";
import { frontEndWith } from "./front-end.ts";
import { buildLibrary, type LibrarySource } from "./library-build.ts";
import { type LibraryOption, withoutZones } from "./libraries.ts";
import { Program } from "./program.ts";
import {
  DEFAULT_POOL,
  RESUME_RUNTIME_OPTIONS,
  ResumeRuntime,
  type ResumeRuntimeOptions,
  compiled,
} from "./resume-runtime.ts";
import { Session, type SessionOptions } from "./session.ts";

/** Options for creating a runtime. */
export interface RuntimeOptions extends ResumeRuntimeOptions {
  /** Loads the TypeScript stripper, so that `compile` accepts TypeScript. Default true. */
  typescript?: boolean | undefined;
}

const RUNTIME_OPTIONS: OptionNames<RuntimeOptions> = { ...RESUME_RUNTIME_OPTIONS, typescript: true };

/**
 * Compiles and runs programs. One runtime is enough for a whole process: it holds the compiled core and a few idle machines.
 */
export class Runtime extends ResumeRuntime {
  readonly #frontEnd: FrontEnd;

  /** @internal */
  constructor(core: Core, frontEnd: FrontEnd, poolSize: number, libraries: readonly LibraryOption[]) {
    super(core, poolSize, libraries);
    this.#frontEnd = frontEnd;
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
    const { host } = this;
    const { limits } = options;
    checkCompileOptions(options, typeof source !== "string");
    if (typeof source === "string")
      return new Program(host, compileRecord(source, options, this.#frontEnd, undefined, host), [], limits);
    const [record, ...modules] = bundleRecords(source, options as BundleOptions, this.#frontEnd, host);
    return new Program(host, record, modules, limits);
  }

  /**
   * Compiles a library of guest code, for `createRuntime({ libraries })`. Its script is evaluated once, to find the globals that it
   * defines. It is plain data: keep it as a module with {@link libraryModule}, so that every process has the very same library.
   *
   * @throws CompileError, GuestError if its script throws, TypeError if the script leaves jobs, calls or output
   */
  compileLibrary(source: LibrarySource): Library {
    return buildLibrary(this.host, this.#frontEnd, source);
  }

  /**
   * Opens a session: chunks of code that share one realm.
   *
   * @throws StateError if the runtime was disposed; TypeError or RangeError for an option or a limit that is not valid
   */
  session(options: SessionOptions = {}): Session {
    return Session.open(this.host, this.#frontEnd, options);
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
    compiled(options),
    options.typescript === false ? undefined : loadStripper(),
  ]);
  const frontEnd = frontEndWith(strip);
  const { libraries, zones } = withoutZones(options.libraries ?? [], options.zones);
  return new Runtime(new Core(module, zones, frontEnd), frontEnd, options.poolSize ?? DEFAULT_POOL, libraries);
}
