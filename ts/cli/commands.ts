// Owns the implementation of the commands. Must never end the process, or write anywhere but to the given terminal: tests run it as
// a function.

import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileRecord } from "../api/compile.ts";
import type { CompleteState } from "../api/complete.ts";
import type { ToolTree } from "../api/driver.ts";
import type { ImportAttributes, ModuleLoader } from "../api/module-types.ts";
import type { Runtime } from "../api/runtime.ts";
import type { PausedState, State, SuspendedState } from "../api/state.ts";
import { disassemble } from "../compiler/disassemble.ts";
import {
  CompileError,
  FermataError,
  GuestError,
  LimitError,
  MissingExternalError,
  MissingModuleError,
  SnapshotError,
} from "../errors.ts";
import type { Answer } from "../machine/answers.ts";
import type { Externals } from "../machine/externals.ts";
import type { Limits } from "../machine/limits.ts";
import type { PendingCall } from "../machine/pending-calls.ts";
import { decodeBundle } from "../machine/program-bytes.ts";
import type { ExternalMode, ProgramRecord } from "../machine/records.ts";
import type { SliceListener } from "../machine/run-loop.ts";
import { type Arguments, parseArguments, USAGE, UsageError } from "./arguments.ts";
import { modulesIn } from "./module-files.ts";
import { shown } from "./show.ts";

/** The environment of the commands. */
export interface Terminal {
  /** Paths are relative to it. */
  readonly cwd: string;
  readonly version: string;
  out(text: string): void;
  err(text: string): void;
  createRuntime(): Promise<Runtime>;
}

/** Exit codes; scripts rely on them. */
export const EXIT = { COMPLETE: 0, FAILED: 1, USAGE: 2, GUEST: 3, LIMIT: 4, SNAPSHOT: 5, STOPPED: 10 } as const;

/** Bytes of memory that a snapshot may take when it is only inspected. */
const INSPECTED_BYTES = 256 * 1024 * 1024;

/** A program that has stopped or completed. */
type Ended = CompleteState | SuspendedState | PausedState;

class Command {
  readonly #terminal: Terminal;
  readonly #arguments: Arguments;
  /** How much of the program's output has been shown already. */
  #shownOut = 0;
  #shownErr = 0;

  constructor(terminal: Terminal, args: Arguments) {
    this.#terminal = terminal;
    this.#arguments = args;
  }

  #path(file: string): string {
    return resolve(this.#terminal.cwd, file);
  }

  async #read(file: string): Promise<Buffer> {
    try {
      return await readFile(this.#path(file));
    } catch (error) {
      throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
    }
  }

  // --- run and resume

  get #limits(): Limits {
    const { fuel } = this.#arguments;
    // The user at the terminal can interrupt the program, so there is no time limit by default.
    return { timeMs: Infinity, ...(fuel === undefined ? {} : { fuel }) };
  }

  #onSlice(): SliceListener | undefined {
    const { holdAfter } = this.#arguments;
    if (holdAfter === undefined) return undefined;
    const until = performance.now() + holdAfter;
    return (control) => {
      if (performance.now() >= until) control.hold();
    };
  }

  async #loadTools(): Promise<{ readonly tools: ToolTree; readonly externals: Externals & object } | undefined> {
    const file = this.#arguments.tools;
    if (file === undefined) return undefined;
    let module: Record<string, unknown>;
    try {
      module = (await import(pathToFileURL(this.#path(file)).href)) as Record<string, unknown>;
    } catch (error) {
      throw new UsageError(`cannot load the tools in ${file}: ${(error as Error).message}`);
    }
    const all: Record<string, unknown> = { ...(module["default"] as object | undefined), ...module };
    const { default: _, externals: declared, ...members } = all;
    return { tools: members as ToolTree, externals: declaredBy(members, declared) };
  }

  async run(): Promise<number> {
    const { file, inputs, externals, seed, allowEval } = this.#arguments;
    const source = (await this.#read(file)).toString("utf8");
    const loaded = await this.#loadTools();
    const runtime = await this.#terminal.createRuntime();
    const program = runtime.compile(source, {
      filename: basename(file),
      inputs: Object.keys(inputs),
      externals: { ...externals, ...loaded?.externals },
      allowEval,
    });
    const onSlice = this.#onSlice();
    const options = { inputs, limits: this.#limits, onSlice, ...(seed === undefined ? {} : { seed }) };
    if (loaded !== undefined && Object.keys(externals).length === 0) {
      return this.#end(await program.drive({ ...options, tools: loaded.tools, loader: this.#loader(dirname(file)) }));
    }
    return this.#end(await this.#waitAlone(program.start(options), onSlice, this.#loader(dirname(file))));
  }

  /** Finds the modules that the program imports. */
  #loader(folder: string | undefined): ModuleLoader | undefined {
    const { modules } = this.#arguments;
    const given = modules ?? folder;
    return given === undefined ? undefined : modulesIn(this.#path(given), modules !== undefined);
  }

  /** Loads modules, and waits for timers as long as nothing else is pending: they need no answer from the user. */
  async #waitAlone(first: State, onSlice: SliceListener | undefined, loader: ModuleLoader | undefined): Promise<Ended> {
    let state = first;
    while (state.status === "suspended") {
      const imports = loader === undefined ? [] : state.calls.filter(({ kind }) => kind === "module");
      if (imports.length > 0) state = state.resumeCalls(await loadAll(imports, loader!), { onSlice });
      else if (state.calls.every(({ kind }) => kind === "timer")) {
        this.#show(state);
        state = await state.drive({ onSlice });
      } else break;
    }
    return state;
  }

  async resume(): Promise<number> {
    const { file, answer, fuel } = this.#arguments;
    const bytes = await this.#read(file);
    const loaded = await this.#loadTools();
    const runtime = await this.#terminal.createRuntime();
    const state = runtime.load(bytes, { limits: this.#limits }).restore();
    this.#shownOut = state.stdout.length;
    this.#shownErr = state.stderr.length;
    const onSlice = this.#onSlice();
    if (state.status === "complete") return this.#end(state);
    const loader = this.#loader(undefined);
    if (loaded !== undefined) return this.#end(await state.drive({ tools: loaded.tools, onSlice, loader }));
    const options = { onSlice, ...(fuel === undefined ? {} : { fuel }) };
    if (state.status === "paused") {
      if (answer !== undefined)
        throw new UsageError(`${file} is paused and waits for no call: resume it without --value and --error`);
      return this.#end(await this.#waitAlone(state.resume(options), onSlice, loader));
    }
    if (answer === undefined) {
      const isSeenTo = ({ kind }: PendingCall): boolean =>
        kind === "timer" || (kind === "module" && loader !== undefined);
      if (state.calls.every(isSeenTo)) return this.#end(await this.#waitAlone(state, onSlice, loader));
      this.#terminal.err(this.#callList(state));
      throw new UsageError("the program waits for an answer: pass --value, --error or --tools");
    }
    const next = "error" in answer ? state.resumeError(answer.error, options) : state.resume(answer.value, options);
    return this.#end(await this.#waitAlone(next, onSlice, loader));
  }

  #show({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
    if (stdout.length > this.#shownOut) this.#terminal.out(stdout.slice(this.#shownOut));
    if (stderr.length > this.#shownErr) this.#terminal.err(stderr.slice(this.#shownErr));
    this.#shownOut = stdout.length;
    this.#shownErr = stderr.length;
  }

  #callList(state: SuspendedState): string {
    return state.calls
      .map(({ id, kind, name, args, dueAt }) =>
        kind === "timer"
          ? `  #${id} timer, due ${new Date(dueAt!).toISOString()}\n`
          : `  #${id} ${kind} ${name}(${args.map((value) => shown(value, 4)).join(", ")})\n`,
      )
      .join("");
  }

  async #end(state: Ended): Promise<number> {
    this.#show(state);
    if (state.status === "complete") {
      const { output } = state;
      if (output !== undefined) this.#terminal.out(`${typeof output === "string" ? output : shown(output, 8)}\n`);
      return EXIT.COMPLETE;
    }
    const { command, file, snapshot } = this.#arguments;
    const path = snapshot ?? (command === "resume" ? file : `${file}.fermata`);
    const bytes = state.snapshot().dump();
    await writeFile(this.#path(path), bytes);
    const why = state.status === "paused" ? `paused (${state.reason})` : "suspended, waiting for";
    this.#terminal.err(
      `${why}\n${state.status === "suspended" ? this.#callList(state) : ""}${bytes.length} bytes written to ${path}\n`,
    );
    return EXIT.STOPPED;
  }

  /** Shows the output of a failed run that has not been shown yet. */
  showFailed(error: unknown): void {
    if ((error instanceof GuestError || error instanceof LimitError) && error.run !== undefined) this.#show(error.run);
  }

  // --- looking

  async inspect(): Promise<number> {
    const bytes = await this.#read(this.#arguments.file);
    const runtime = await this.#terminal.createRuntime();
    const inspection = runtime.load(bytes, { limits: { memoryBytes: INSPECTED_BYTES } }).inspect();
    this.#terminal.out(`${shown({ size: bytes.length, ...inspection }, 6)}\n`);
    return EXIT.COMPLETE;
  }

  async disassemble(): Promise<number> {
    const { file } = this.#arguments;
    const bytes = await this.#read(file);
    const isProgram = bytes.subarray(0, 4).toString("latin1").startsWith("FMP");
    const { image, source } = isProgram
      ? decodeBundle(bytes)[0]
      : await compiled(bytes.toString("utf8"), basename(file));
    this.#terminal.out(`${disassemble(image, { source })}\n`);
    return EXIT.COMPLETE;
  }
}

/** How deep a module of tools may nest its namespaces. */
const MOST_NAMESPACES = 4;

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Externals for the functions of a module, and of plain objects in it that have any; `declared` says which are sync. */
function declaredBy(members: object, declared: unknown, depth = 0): Record<string, ExternalMode | Externals> {
  const externals: Record<string, ExternalMode | Externals> = {};
  const modes = (typeof declared === "object" && declared !== null ? declared : {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries(members)) {
    const mode = Object.hasOwn(modes, name) ? modes[name] : undefined;
    if (typeof value === "function") externals[name] = (mode as ExternalMode | undefined) ?? "async";
    else if (isPlainObject(value) && depth < MOST_NAMESPACES) {
      const namespace = declaredBy(value, mode, depth + 1);
      if (Object.keys(namespace).length > 0) externals[name] = namespace;
    }
  }
  return externals;
}

async function compiled(source: string, filename: string): Promise<ProgramRecord> {
  const { stripTypes } = await import("../compiler/typescript/strip.ts");
  return compileRecord(source, { filename }, stripTypes, undefined);
}

/** Loads modules and returns the answers to their imports. */
async function loadAll(imports: readonly PendingCall[], loader: ModuleLoader): Promise<Map<number, Answer>> {
  const answer = async ({ args, filename }: PendingCall): Promise<Answer> => {
    const [specifier, referrer, attributes] = args as [string, string, ImportAttributes];
    try {
      return { value: await loader(specifier, referrer, attributes, filename ?? specifier) };
    } catch (error) {
      return { error };
    }
  };
  return new Map(await Promise.all(imports.map(async (call) => [call.id, await answer(call)] as const)));
}

function describe(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof UsageError)
    return { text: `${error.message}\nfermata --help lists commands and options.\n`, code: EXIT.USAGE };
  if (error instanceof MissingModuleError) return { text: `${error.message}\n${error.codeFrame}\n`, code: EXIT.USAGE };
  if (error instanceof MissingExternalError)
    return { text: `${error.message}: export it from the module given as --tools\n`, code: EXIT.USAGE };
  if (error instanceof CompileError) {
    const { filename, line, column, message, codeFrame } = error;
    return { text: `${filename}:${line}:${column}: ${message}\n${codeFrame}\n`, code: EXIT.GUEST };
  }
  if (error instanceof GuestError) {
    const stack = error.guestStack === "" ? `Uncaught ${error.message}` : error.guestStack;
    return { text: `${stack}\n${error.codeFrame === "" ? "" : `\n${error.codeFrame}\n`}`, code: EXIT.GUEST };
  }
  if (error instanceof LimitError) return { text: `${error.message}\n`, code: EXIT.LIMIT };
  if (error instanceof SnapshotError)
    return { text: `bad snapshot (${error.reason}): ${error.message}\n`, code: EXIT.SNAPSHOT };
  if (error instanceof FermataError) return { text: `${error.name}: ${error.message}\n`, code: EXIT.FAILED };
  return { text: `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`, code: EXIT.FAILED };
}

/** Executes a command line; returns the exit code. */
export async function execute(argv: readonly string[], terminal: Terminal): Promise<number> {
  let command: Command | undefined;
  try {
    const args = parseArguments(argv);
    if (args.command === "help") {
      terminal.out(USAGE);
      return EXIT.COMPLETE;
    }
    if (args.command === "version") {
      terminal.out(`${terminal.version}\n`);
      return EXIT.COMPLETE;
    }
    command = new Command(terminal, args);
    return await command[args.command]();
  } catch (error) {
    command?.showFailed(error);
    const { text, code } = describe(error);
    terminal.err(text);
    return code;
  }
}
